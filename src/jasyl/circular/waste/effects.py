"""What a waste programme emits, costs and employs. Landfill decay is that of `jasyl.emissions`, there is no second one.

Methane of a landfill comes for decades: emissions of a year come from earlier years' waste too. What was buried before
the first year counts only where ``landfill.history`` tells it. Biogenic CO2 is in no sum. Energy of an incinerator or
of landfill gas replaces something else's emission: such savings are not subtracted here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

import numpy as np

from jasyl.emissions import (
    Climate,
    Decay,
    LandfillGas,
    Management,
    decay_of,
    factor,
    first_order_decay,
    gwp,
    practice_of,
)

from ..lifetime import Floats
from .examination import along
from .programme import COMPONENTS, Facility
from .run import WasteRun

# Component → kinds of the first-order decay; the others hold no carbon that decays in a landfill.
_DECAYS = ("food", "garden", "paper", "wood", "textiles", "nappies")
_CARBON = {
    "food": "food_waste", "garden": "garden_and_park_waste", "paper": "paper_cardboard", "wood": "wood",
    "textiles": "textile", "nappies": "nappies", "rubber": "rubber_and_leather", "plastics": "plastics",
    "other": "other_inert",
}  # fmt: skip
_CARBON_TO_DIOXIDE = 44 / 12
SOURCES = ("landfill", "dumps", "composting", "incineration", "open_burning")


@dataclass(frozen=True, eq=False)
class WasteEffects:
    """Arrays [years]. ``emissions`` in kg of CO2 equivalent by source, ``methane`` of landfills in kg.

    ``cost`` is operation less revenue plus investment of the year, in the programme's currency; ``cost_now`` its sum
    discounted to the first year; costs that nobody told are not in it. ``factors`` are the ids of the emission factors.
    """

    run: WasteRun
    emissions: Mapping[str, Floats]
    methane: Floats
    collected_methane: Floats
    operation: Floats
    revenue: Floats
    investment: Floats
    jobs: Floats
    factors: tuple[str, ...]

    @property
    def total(self) -> Floats:
        """All sources together, kg of CO2 equivalent a year."""
        return np.sum([self.emissions[source] for source in SOURCES], axis=0)

    @property
    def cost(self) -> Floats:
        return self.operation - self.revenue + self.investment

    @property
    def cost_now(self) -> float:
        rate = self.run.programme.discount_rate
        return float((self.cost / (1 + rate) ** np.arange(len(self.cost))).sum())


def effects_of(run: WasteRun) -> WasteEffects:
    """Emissions, cost and jobs of a computed programme."""
    used: list[str] = []
    methane_potential = _potential(run, "CH4", used)
    landfill = _decaying(run, "landfilled", run.programme.landfill.management, used, history=True)
    dumps = _decaying(run, "dumped", run.programme.landfill.dump, used, history=False)
    emissions = {
        "landfill": landfill.emitted * methane_potential,
        "dumps": dumps.emitted * methane_potential,
        "composting": _composting(run, methane_potential, used),
        "incineration": _burning(run, "incinerated", "waste.oxidation.incineration", used)
        + _gas(run, "incinerated", "waste.incineration_continuous_semi_continuous_wet.n2o", "N2O", 1e-6, used),
        "open_burning": _burning(run, "burnt", "waste.oxidation.open_burning", used)
        + _gas(run, "burnt", "waste.open_burning_wet.ch4", "CH4", 1e-6, used),
    }
    operation, revenue, jobs = _operation(run)
    return WasteEffects(
        run, emissions, landfill.emitted + dumps.emitted, landfill.recovered, operation, revenue, _investment(run),
        jobs, tuple(dict.fromkeys(used)),
    )  # fmt: skip


def _decaying(run: WasteRun, flow: str, management: str, used: list[str], *, history: bool) -> LandfillGas:
    """Methane of the waste of a flow, for the years of the programme; incinerated waste's ash does not decay."""
    programme = run.programme
    masses = run.flows["raw_landfilled" if flow == "landfilled" else flow].sum(axis=0)
    before = programme.landfill.history if history else {}
    first = min([*before, programme.first_year])
    composition = masses[:, :1] / max(float(masses[:, 0].sum()), 1e-12)
    past = np.array([[before.get(year, 0.0) for year in range(first, programme.first_year)]])
    kinds: list[tuple[str, int]] = [(name, COMPONENTS.index(name)) for name in _DECAYS]
    deposits = {name: np.concatenate([composition[at] * past[0], masses[at]]) for name, at in kinds}
    climate = cast("Climate", programme.landfill.climate)
    decay: dict[str, Decay] = {name: decay_of(name, climate) for name, _ in kinds}
    covered = programme.landfill.covered and flow == "landfilled"
    practice = practice_of(cast("Management", management), covered=covered)
    gas = first_order_decay(deposits, first, practice, decay)
    if flow == "landfilled":
        share = np.concatenate([np.zeros(past.shape[1]), along(programme.landfill.gas_collected, programme.years)])
        gas = first_order_decay(deposits, first, practice, decay, recovery=share * gas.generated.sum(axis=0))
    if masses.any():
        used += gas.factors
    start = programme.first_year - first
    return LandfillGas(
        gas.kinds, gas.years[start:], gas.deposited[:, start:], gas.stored[:, start:], gas.decomposed[:, start:],
        gas.generated[:, start:], gas.recovered[start:], gas.emitted[start:], gas.factors,
    )  # fmt: skip


def _composting(run: WasteRun, methane_potential: float, used: list[str]) -> Floats:
    composted = run.total("composted")
    if not composted.any():
        return composted
    ids = ("waste.composting_wet.ch4", "waste.composting_wet.n2o")
    used += ids
    # g/kg = 10⁻³ kg/kg
    each = factor(ids[0]).value * methane_potential + factor(ids[1]).value * _potential(run, "N2O", used)
    return composted * each / 1000


def _burning(run: WasteRun, flow: str, oxidation: str, used: list[str]) -> Floats:
    """Fossil CO2 of burnt waste: IPCC 2006, volume 5, equation 5.2."""
    masses = run.flows[flow].sum(axis=0)
    total = np.zeros(masses.shape[1])
    if not masses.any():
        return total
    used.append(oxidation)
    for name, item in _CARBON.items():
        ids = [f"msw.{item}.{part}" for part in ("dry_matter", "total_carbon_in_dry_matter", "fossil_share_of_carbon")]
        used += ids
        carbon = np.prod([factor(one).value for one in ids])
        total += masses[COMPONENTS.index(name)] * carbon * factor(oxidation).value * _CARBON_TO_DIOXIDE
    return total


def _gas(run: WasteRun, flow: str, identifier: str, gas: str, scale: float, used: list[str]) -> Floats:
    """A gas by a factor on wet waste; ``scale`` turns its unit into kg/kg."""
    mass = run.total(flow)
    if not mass.any():
        return mass
    used.append(identifier)
    return mass * factor(identifier).value * scale * _potential(run, gas, used)


def _potential(run: WasteRun, gas: str, used: list[str]) -> float:
    """Waste methane is biogenic."""
    found = gwp(run.programme.gwp, gas, "biogenic" if gas == "CH4" and run.programme.gwp != "AR4" else None)
    used.append(found.id)
    return found.value


def _operation(run: WasteRun) -> tuple[Floats, Floats, Floats]:
    """Cost of operation, revenue and jobs, by year."""
    programme, tonnes = run.programme, 1e-3
    collecting = programme.collecting
    separate, collected = run.total("separate") * tonnes, run.total("collected") * tonnes
    operation = (collected - separate) * (collecting.opex_per_tonne or 0.0)
    operation = operation + separate * (collecting.separate_opex_per_tonne or 0.0)
    jobs = collected / 1000 * collecting.jobs_per_kilotonne
    revenue = np.zeros(len(programme.years))
    for plant in programme.facilities:
        taken = run.intake.get(plant.id, np.zeros(len(programme.years))) * tonnes
        operation = operation + taken * (plant.opex_per_tonne or 0.0)
        revenue = revenue + taken * plant.revenue_per_tonne
        jobs = jobs + plant.jobs * _stands(plant, programme.years)
    return operation, revenue, jobs


def _stands(plant: Facility, years: list[int]) -> Floats:
    return np.array([float(plant.first_year <= year <= plant.last_year) for year in years])


def _investment(run: WasteRun) -> Floats:
    spent = np.zeros(len(run.programme.years))
    for scenario in run.programme.scenarios:
        if scenario.id == run.scenario:
            for one in scenario.investments:
                spent[one.year - run.programme.first_year] += one.amount
    return spent
