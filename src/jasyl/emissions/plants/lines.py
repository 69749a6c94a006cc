"""One line of a report calculated: what it emits, by what, and what has to be said about it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from jasyl.texts import Refusal

from ..emission import Emission
from ..finding import Finding, error_at, warning
from ..fuel_factors import Stated
from ..industry import carbonate_used, clinker_made, lime_made, steel_made
from ..stationary import burnt, energy_bought
from .amounts import (
    Activity,
    Metered,
    activity,
    burnable,
    energy_supply_factor,
    fuel_factor,
    process_factor,
    share_factor,
)
from .report import BoughtLine, FuelLine, PlantReport, ProcessLine

Section = Literal["fuel", "process", "bought"]
# GPC references of a plant's own fires by its sector; energy supplied to others is I.4.4, processes are IV.1.
_OWN = {"energy_industries": "I.4", "manufacturing_construction": "I.3", "commercial_institutional": "I.2"}
# A share of N2O above which a factor was probably taken for that of another gas.
_MUCH_N2O = 0.02
_WHOLE = 1
_WATT_HOURS_PER_MJ = 1e6 / 3600


@dataclass(frozen=True)
class LineResult:
    """What a line came to; ``emission`` is None where an error stands in its findings.

    ``kind`` is observed where a meter gave the amount, else reported; ``market`` is the second number of bought
    energy; ``reference`` the cell of a city inventory that the line belongs to; ``energy`` the W·h burnt (net)
    or bought, None of processes.
    """

    name: str
    section: Section
    subject: str
    reference: str
    kind: Literal["observed", "reported"]
    emission: Emission | None
    market: Emission | None
    figure: Metered | None
    uncertainty: float | None
    defaults: tuple[str, ...]
    findings: tuple[Finding, ...]
    energy: float | None = None


def fuel_result(report: PlantReport, line: FuelLine, metered: Mapping[str, Metered]) -> LineResult:
    """A stream of fuel."""
    found: list[Finding] = []
    defaults: list[str] = []
    own = _OWN[report.sector]
    reference = "I.4.4" if line.use == "supplied" else f"{own}.1"

    def work() -> tuple[Emission, Activity]:
        used = activity(line.amount, line.unit, line.meter, metered, "mass", "volume", "energy")
        ready = burnable(line, used)
        oxidation = _WHOLE if line.oxidation is None else share_factor(line.oxidation, "oxidation")
        if not isinstance(oxidation, int | Stated):
            oxidation = Stated(oxidation.value, "1", oxidation.source)
        factors = {gas: fuel_factor(given) for gas, given in line.factors.items()}
        made = burnt(
            line.fuel, report.sector, mass=ready.mass, energy=ready.energy, ncv=ready.ncv,
            oxidation=oxidation, factors=factors,
        )  # fmt: skip
        return made, used

    made = _tried(report, line.name, found, work)
    if made is not None:
        emission, _ = made
        stated = {"oxidation"} if line.oxidation else set[str]()
        stated |= set(line.factors) | ({"ncv"} if line.calorific else set())
        defaults = [one.name for one in emission.inputs if one.name not in {*stated, "mass", "energy"}]
        n2o, co2 = emission.masses["N2O"], emission.masses.get("CO2", emission.masses.get("CO2_biogenic", 0.0))
        if co2 and n2o > _MUCH_N2O * co2:
            found.append(warning("plant-much-n2o", line.name, "factors", received=f"{n2o / co2:.3f}"))
    return _result(report, line, "fuel", line.fuel, reference, made, None, metered, defaults, found)


def process_result(report: PlantReport, line: ProcessLine, metered: Mapping[str, Metered]) -> LineResult:
    """A process."""
    found: list[Finding] = []

    def work() -> tuple[Emission, Activity]:
        used = activity(line.amount, line.unit, line.meter, metered, "mass")
        if line.factor is None:
            if line.kind != "clinker":
                raise Refusal("plant-process-factor", received=line.kind)
            return clinker_made(used.value), used
        given = process_factor(line.factor)
        ways: dict[str, Callable[[], Emission]] = {
            "clinker": lambda: clinker_made(used.value, of=given),
            "lime": lambda: lime_made(used.value, given),
            "steel": lambda: steel_made(used.value, given),
            "carbonates": lambda: carbonate_used(used.value, given.value),
        }
        return ways[line.kind](), used

    made = _tried(report, line.name, found, work)
    defaults = ["CO2"] if made is not None and line.factor is None else []
    return _result(report, line, "process", line.kind, "IV.1", made, None, metered, defaults, found)


def bought_result(report: PlantReport, line: BoughtLine, metered: Mapping[str, Metered]) -> LineResult:
    """Energy bought, by the place and by the contract."""
    found: list[Finding] = []

    def work() -> tuple[Emission, Activity]:
        used = activity(line.amount, line.unit, line.meter, metered, "energy")
        return energy_bought(used.value, energy_supply_factor(line.factor, line.carrier)), used

    made = _tried(report, line.name, found, work)
    market = None
    if made is not None and line.contract is not None:
        energy, contract = made[1].value, line.contract
        by_contract = _tried(
            report,
            line.name,
            found,
            lambda: (energy_bought(energy, energy_supply_factor(contract, line.carrier)), made[1]),
        )
        market = by_contract[0] if by_contract else None
    reference = f"{_OWN[report.sector]}.2"
    return _result(report, line, "bought", line.carrier, reference, made, market, metered, [], found)


def _tried(
    report: PlantReport, name: str, found: list[Finding], work: Callable[[], tuple[Emission, Activity]]
) -> tuple[Emission, Activity] | None:
    """What the work gives. A line of a monitoring plan without an amount gives nothing, and that is no fault of it."""
    try:
        return work()
    except Refusal as refusal:
        if (report.stage, refusal.code) != ("plan", "plant-amount"):
            found.append(error_at(refusal, name))
        return None


def _result(
    report: PlantReport,
    line: FuelLine | ProcessLine | BoughtLine,
    section: Section,
    subject: str,
    reference: str,
    made: tuple[Emission, Activity] | None,
    market: Emission | None,
    metered: Mapping[str, Metered],
    defaults: list[str],
    found: list[Finding],
) -> LineResult:
    if line.series is not None and line.series != report.series:
        mixed = Refusal("gwp-mixed", received=f"{report.series}, {line.series}", expected=report.series)
        found.append(error_at(mixed, line.name, "series"))
        made = None
    if line.meter and line.meter not in metered:
        found.append(warning("plant-meter-missing", line.name, "meter", received=line.meter))
    used = made[1] if made else None
    figure = used.figure if used else None
    if figure is not None and figure.completeness is not None and figure.completeness < 1:
        share = f"{float(figure.completeness) * 100:.1f} %"
        found.append(warning("plant-meter-incomplete", line.name, "meter", received=share))
    emission = made[0] if made else None
    if emission is not None:
        found += [warning("plant-unconfirmed", line.name, received=one) for one in emission.unconfirmed]
    return LineResult(
        line.name, section, subject, reference, "observed" if figure else "reported", emission, market, figure,
        None if line.uncertainty is None else float(line.uncertainty), tuple(defaults), tuple(found),
        None if emission is None else _energy(emission),
    )  # fmt: skip


def _energy(emission: Emission) -> float | None:
    """W·h of what was burnt or bought: stated as energy, or mass times net calorific value."""
    given = {one.name: float(one.value) for one in emission.inputs}
    if "energy" in given:
        return given["energy"]
    return given["mass"] * given["ncv"] * _WATT_HOURS_PER_MJ if "ncv" in given else None
