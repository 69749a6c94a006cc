"""Indicators of the catalogue ``circular`` (EU 2023, EW-MFA, ISO 59020, OECD, construction) from one set of quantities.

An indicator is a ratio of quantities, or one of them; a quantity is a sum of the tables, a result of the waste
programme or the construction chain, or a driver with its source. Where one is missing the indicator has no value and
says what is missing; nothing is taken for zero. Resources are never added up: metabolic efficiency is told for each.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from jasyl.papers import Column
from jasyl.texts import everywhere

from ..construction import ChainRun
from ..waste import WasteRun
from .economy import EconomyFlows, economy_flows
from .inputs import IndicatorInputs
from .tables import PhysicalTable

_T, _PERCENT = 1e-3, 100.0


@dataclass(frozen=True)
class Formula:
    """``(numerator − less) / denominator · multiplier`` in ``unit``; names of quantities. Without a denominator the
    numerator alone. ``most`` names the numerator's upper end where part of it is not known."""

    id: str
    unit: str
    numerator: str
    denominator: str = ""
    multiplier: float = 1.0
    less: str = ""
    most: str = ""


FORMULAS: tuple[Formula, ...] = (
    Formula("eu.1b", "currency per kg", "gdp", "DMC"),
    Formula("eu.2", "percent", "green_tenders", "public_tenders", _PERCENT),
    Formula("eu.3a", "kg per capita per year", "waste", "population"),
    Formula("eu.3b", "kg per 1000 currency units", "waste", "gdp", 1000.0, less="waste_major_mineral"),
    Formula("eu.3c", "kg per capita per year", "municipal", "population"),
    Formula("eu.3d", "kg per capita per year", "municipal_food", "population"),
    Formula("eu.3e", "kg per capita per year", "packaging_waste", "population"),
    Formula("eu.3f", "kg per capita per year", "plastic_packaging_waste", "population"),
    Formula("eu.4a", "percent", "municipal_recycled", "municipal", _PERCENT, most="municipal_recycled_most"),
    Formula("eu.4b", "percent", "waste_recycled", "waste_treated", _PERCENT),
    Formula("eu.5a", "percent", "packaging_recycled", "packaging_waste", _PERCENT),
    Formula("eu.5b", "percent", "plastic_packaging_recycled", "plastic_packaging_waste", _PERCENT),
    Formula("eu.5c", "percent", "weee_recycled", "weee_collected", _PERCENT),
    Formula("eu.6a", "percent", "U", "DMC_and_U", _PERCENT),
    Formula("eu.8a", "percent", "circular_investment", "gdp", _PERCENT),
    Formula("eu.8b", "percent", "circular_jobs", "employment", _PERCENT),
    Formula("eu.8c", "percent", "circular_gva", "gdp", _PERCENT),
    Formula("eu.9", "per million inhabitants", "patents", "population", 1e6),
    Formula("eu.10b", "kg CO2e per capita per year", "emissions", "population"),
    Formula("eu.11a", "percent", "IMP", "DMI", _PERCENT),
    *(Formula(f"mfa.{name}", "t per year", name, "", _T) for name in ("DE", "IMP", "EXP", "DMI", "DMC", "PTB", "DPO")),
    *(Formula(f"mfa.{name}", "t per year", name, "", _T) for name in ("NAS", "PM", "SM")),
    Formula("mfa.EoL", "t per year", "waste", "", _T),
    Formula("mfa.IntOut", "t per year", "interim_output", "", _T),
    Formula("mfa.BI", "t per year", "BI_in", "", _T, less="BI_out"),
    Formula("mfa.ISCr", "percent", "SM", "PM", _PERCENT),
    Formula("mfa.OSCr", "percent", "SM", "interim_output", _PERCENT),
    Formula("mfa.ISER", "percent", "NAS", "DMI", _PERCENT),
    Formula("iso.in.reused", "percent", "inflow_reused", "DMI", _PERCENT),
    Formula("iso.in.recycled", "percent", "inflow_recycled", "DMI", _PERCENT),
    Formula("iso.in.renewable", "percent", "inflow_renewable", "DMI", _PERCENT),
    Formula("iso.out.lifetime", "ratio", "lifetime", "lifetime_average"),
    Formula("iso.out.reused", "percent", "waste_reused", "waste", _PERCENT),
    Formula("iso.out.recycled", "percent", "waste_recycled", "waste", _PERCENT),
    Formula("iso.out.bio", "percent", "waste_composted", "waste", _PERCENT),
    Formula("iso.energy.renew", "percent", "energy_renewable", "energy_input", _PERCENT),
    Formula("iso.water.in", "percent", "water_circular", "water_withdrawn", _PERCENT),
    Formula("iso.water.out", "percent", "water_discharged_compliant", "water_discharged", _PERCENT),
    Formula("iso.water.reuse", "ratio", "water_reused", "water_withdrawn"),
    Formula("iso.eco.matprod", "currency per t", "gva", "DMI", 1000.0),
    Formula("iso.eco.intensity", "ratio", "inflow_index", "gva_index"),
    Formula("oecd.env.waste_pc", "kg per capita per year", "waste", "population"),
    Formula("oecd.env.diverted", "percent", "municipal", "municipal", _PERCENT, less="municipal_landfilled"),
    Formula("oecd.env.reuse_mass", "t per year", "waste_reused", "", _T),
    Formula("oecd.env.water_reuse", "percent", "wastewater_reused", "wastewater_treated", _PERCENT),
    Formula("oecd.env.cdw", "percent", "con.rate"),
    Formula("oecd.gov.strategy", "percent", "actions_done", "actions_planned", _PERCENT),
    Formula("oecd.gov.gpp", "percent", "green_tenders", "public_tenders", _PERCENT),
    Formula("oecd.gov.partners", "number", "partners"),
    Formula("oecd.gov.training", "number", "trained"),
    Formula("oecd.eco.jobs", "percent", "circular_jobs", "employment", _PERCENT),
    Formula("oecd.eco.firms", "number", "firms_supported"),
    Formula("oecd.eco.invest", "KZT", "circular_investment"),
    Formula("oecd.inf.points", "number", "collection_points", "population", 1e4),
    Formula("oecd.inf.capacity", "ratio", "treatment_capacity", "municipal"),
    Formula("oecd.soc.access", "percent", "served_separately", "population", _PERCENT),
    Formula("con.stock", "t", "con.stock", "", _T),
    Formula("con.inflow", "t per year", "con.inflow", "", _T),
    Formula("con.demolition", "t per year", "con.demolition", "", _T),
    *(Formula(f"con.{name}", "percent", f"con.{name}") for name in ("rate", "rate_strict", "sub")),
    Formula("con.life", "years", "con.life"),
    Formula("con.mi", "kg per m2", "con.mi"),
    # Three numbers of unlike units: what a unit of each resource gives, never one mixed sum.
    Formula("met.eff.material", "currency per t", "gva", "DMI", 1000.0),
    Formula("met.eff.energy", "currency per kWh", "gva", "energy_input"),
    Formula("met.eff.water", "currency per m3", "gva", "water_withdrawn"),
)


@dataclass(frozen=True)
class IndicatorValue:
    """An indicator of a place and period. ``most`` is its upper end where part of it is not known; ``missing`` names
    the quantities that nobody gave; ``used`` are the quantities with their values. ``deviation`` is its standard
    deviation as far as the reconciled values make one: people, money and other drivers count as exact."""

    id: str
    unit: str
    value: float | None
    most: float | None
    missing: tuple[str, ...]
    used: Mapping[str, float]
    deviation: float | None = None

    def as_row(self, place: str, period: str) -> dict[str, Any]:
        """One row of a table."""
        return {
            "place": place, "period": period, "indicator": self.id, "value": self.value, "deviation": self.deviation,
            "most": self.most, "unit": self.unit, "missing": ", ".join(self.missing) or None, "kind": "modelled",
            "used": ", ".join(f"{name} = {value:.12g}" for name, value in self.used.items()) or None,
        }  # fmt: skip


def quantities_of(
    year: int,
    *,
    table: PhysicalTable | None = None,
    inputs: IndicatorInputs | None = None,
    waste: WasteRun | None = None,
    chain: ChainRun | None = None,
) -> dict[str, float]:
    """Every quantity that is known of a year: kg, persons, money, kWh, m³."""
    found: dict[str, float | None] = {}
    if table is not None:
        economy = economy_flows(table)
        found |= economy.as_data()
        found |= _contents(table, inputs, economy)
    if waste is not None and year in waste.programme.years:
        found |= _municipal(waste, year)
    if chain is not None and year in chain.chain.years:
        at = year - chain.chain.first_year
        found |= {name: values[at] for name, values in chain.indicators().items()}
    if inputs is not None:
        found |= {name: one.value for name, one in inputs.drivers.items()}
        found |= _indices(found)
    return {name: value for name, value in found.items() if value is not None}


# The standard deviation of a weighted sum of quantities; None where it is not known.
Deviation = Callable[[Mapping[str, float]], float | None]


def indicators_of(
    quantities: Mapping[str, float], deviation: Deviation | None = None, formulas: Iterable[Formula] = FORMULAS
) -> tuple[IndicatorValue, ...]:
    """Every formula on what is known; with ``deviation`` (`deviation_in`) what is uncertain of it, to first order."""
    return tuple(_value(one, quantities, deviation) for one in formulas)


def indicator_columns() -> tuple[Column, ...]:
    """The columns of `IndicatorValue.as_row`."""
    kinds = {"value": "decimal", "deviation": "decimal", "most": "decimal"}
    names = ("place", "period", "indicator", "value", "deviation", "most", "unit", "missing", "used", "kind")
    return tuple(Column(name, everywhere(f"circular-column-{name}"), kinds.get(name, "text")) for name in names)


def _value(formula: Formula, quantities: Mapping[str, float], deviation: Deviation | None) -> IndicatorValue:
    names = [name for name in (formula.numerator, formula.less, formula.denominator) if name]
    missing = tuple(dict.fromkeys(name for name in names if name not in quantities))
    used = {name: quantities[name] for name in dict.fromkeys((*names, formula.most)) if name in quantities}
    whole = quantities.get(formula.denominator, 1.0) if formula.denominator else 1.0
    if missing or whole == 0:
        return IndicatorValue(formula.id, formula.unit, None, None, missing or (formula.denominator,), used)
    less = quantities[formula.less] if formula.less else 0.0
    value = (quantities[formula.numerator] - less) / whole * formula.multiplier
    most = (quantities[formula.most] - less) / whole * formula.multiplier if formula.most in quantities else None
    slope: dict[str, float] = {}
    each = formula.multiplier / whole
    for name, share in ((formula.numerator, each), (formula.less, -each), (formula.denominator, -value / whole)):
        if name:
            slope[name] = slope.get(name, 0.0) + share
    spread = deviation(slope) if deviation else None
    return IndicatorValue(formula.id, formula.unit, value, most, (), used, spread)


def _contents(table: PhysicalTable, inputs: IndicatorInputs | None, economy: EconomyFlows) -> dict[str, float | None]:
    """Reused, recycled and renewable mass of what flows in; a flow without a stated share counts with none of it."""
    if inputs is None or not inputs.content or economy.DMI is None:
        return {}
    amounts = {one.flow: one for one in table.flows}
    found: dict[str, float | None] = {}
    for share in ("reused", "recycled", "renewable"):
        told = {flow: getattr(one, share) for flow, one in inputs.content.items() if getattr(one, share) is not None}
        masses = [amounts[flow].kg for flow in told]
        if told and None not in masses:
            found[f"inflow_{share}"] = sum((amounts[flow].kg or 0.0) * part for flow, part in told.items())
    return found


def _municipal(waste: WasteRun, year: int) -> dict[str, float | None]:
    at = year - waste.programme.first_year
    generated = waste.flows["generated"]
    total = float(generated[:, :, at].sum())
    recycled, most = (float(share[at]) for share in (waste.share("recycled"), waste.share_at_most("recycled")))
    capacity = sum(one.capacity for one in waste.facilities if one.first_year <= year <= one.last_year)
    return {
        "municipal": total,
        "municipal_food": float(generated[:, 0, at].sum()),
        "municipal_recycled": None if np.isnan(recycled) else recycled * total,
        "municipal_recycled_most": None if np.isnan(most) else most * total,
        "municipal_landfilled": float(waste.total("landfilled")[at]),
        "treatment_capacity": float(capacity),
    }


def _indices(found: Mapping[str, float | None]) -> dict[str, float | None]:
    """Inflow and value added against their base year."""
    pairs = {"inflow_index": ("DMI", "inflow_base"), "gva_index": ("gva", "gva_base")}
    made: dict[str, float | None] = {}
    for name, (own, base) in pairs.items():
        top, foot = found.get(own), found.get(base)
        if top is not None and foot:
            made[name] = top / foot
    return made
