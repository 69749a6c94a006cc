"""Rows of a plant's tables: lines, inputs, energy, ways of sharing, other choices."""

from collections.abc import Iterator
from typing import Any

from jasyl.emissions import Shares, energy_factors, factor, factor_name
from jasyl.emissions.plants import LineResult, PlantResult, Sensitivity
from jasyl.quantities import UNITS

from .sheet import Column
from .visit import Visit

LINE_COLUMNS = (
    Column("name", "plant-column-line"),
    Column("subject", "plant-column-subject"),
    Column("reference", "plant-column-reference"),
    Column("kind", "column-kind"),
    Column("energy", "plant-column-energy", unit="MW.h", digits=0),
    Column("CO2", "plant-column-co2", unit="t", digits=1),
    Column("CH4", "plant-column-ch4", unit="t", digits=3),
    Column("N2O", "plant-column-n2o", unit="t", digits=3),
    Column("CO2_biogenic", "plant-column-biogenic", unit="t", digits=1),
    Column("equation", "plant-column-equation"),
)
INPUT_COLUMNS = (
    Column("line", "plant-column-line"),
    Column("input", "plant-column-input"),
    Column("value", "column-value", number=True),
    Column("unit", "column-unit"),
    Column("range", "plant-column-range"),
    Column("factor", "plant-column-factor"),
    Column("source", "column-source"),
    Column("origin", "plant-column-origin"),
)
ENERGY_COLUMNS = (Column("what", "column-indicator"), Column("value", "column-value"))
WAY_COLUMNS = (
    Column("way", "plant-column-way"),
    Column("heat", "plant-column-heat", unit="%", digits=1),
    Column("power", "plant-column-power", unit="%", digits=1),
    Column("parameters", "plant-column-parameters"),
)
CHOICE_COLUMNS = (
    Column("subject", "plant-column-choice-of"),
    Column("choice", "plant-column-choice"),
    Column("scope1", "plant-column-scope1", unit="t", digits=0),
    Column("scope2", "plant-column-scope2", unit="t", digits=0),
    Column("chosen", "plant-column-chosen"),
)
_GASES = ("CO2", "CH4", "N2O", "CO2_biogenic")


def energy_rows(visit: Visit, result: PlantResult) -> Iterator[dict[str, str]]:
    """What came in and went out, with what each unit sent out emitted."""
    energy = result.energy
    large, heat = UNITS["GW.h"], UNITS["Gcal_IT"]
    for name in ("burnt", "bought", "heat", "power"):
        value: float | None = getattr(energy, name)
        if value is not None:
            told = f"{visit.number(value / float(large.factor), 1)} {large.written(visit.language)}"
            if name == "heat":
                told += f" ({visit.number(value / float(heat.factor), 0)} {heat.written(visit.language)})"
            yield {"what": visit.t(f"plant-energy-{name}"), "value": told}
    if energy.efficiency is not None:
        yield {"what": visit.t("plant-energy-efficiency"), "value": f"{visit.number(energy.efficiency * 100, 1)} %"}
    for carrier, unit in (("heat", heat), ("power", UNITS["MW.h"])):
        each = result.intensity(carrier)
        if each is not None:
            told = f"{visit.number(each * float(unit.factor), 1)} {UNITS['kg'].written(visit.language)}"
            told += f"/{unit.written(visit.language)}"
            yield {"what": visit.t(f"plant-energy-intensity-{carrier}"), "value": told}


def line_row(visit: Visit, one: LineResult) -> dict[str, Any]:
    """A line with its masses in t."""
    masses = one.emission.masses if one.emission else {}
    row: dict[str, Any] = {gas: tonnes(float(masses[gas])) if gas in masses else None for gas in _GASES}
    if "CO2e" in masses:
        row["CO2"] = tonnes(float(masses["CO2e"]))
    return row | {
        "name": one.name,
        "subject": subject_name(visit, one),
        "reference": one.reference,
        "energy": None if one.energy is None else one.energy / 1e6,
        "kind": visit.t(f"plant-kind-{one.kind}") if visit.form == "html" else one.kind,
        "equation": one.emission.equation if one.emission else None,
    }


def input_rows(visit: Visit, result: PlantResult) -> Iterator[dict[str, Any]]:
    """Every number that went in, with where it is from."""
    for line in result.lines:
        for one in line.emission.inputs if line.emission else ():
            ends = "" if one.low is None or one.high is None else f"{visit.number(one.low)}–{visit.number(one.high)}"
            origin = "default" if one.name in line.defaults else "factor" if one.factor else line.kind
            if one.source and not one.factor:
                origin = "stated"
            yield {
                "line": line.name,
                "input": visit.t(f"plant-input-{one.name.lower()}") if visit.form == "html" else one.name,
                "value": float(one.value),
                "unit": one.unit,
                "range": ends,
                "factor": _factor(visit, one.factor),
                "source": one.source,
                "origin": visit.t(f"plant-origin-{origin}"),
            }


def _factor(visit: Visit, identifier: str | None) -> str | None:
    """A factor by its name on the page, by its id in files."""
    return factor_name(identifier, visit.language) if identifier and visit.form == "html" else identifier


def way_row(visit: Visit, one: Shares) -> dict[str, Any]:
    """What a way of sharing gives."""
    told = "; ".join(f"{name} = {visit.number(value)}" for name, value in one.parameters.items())
    return {"way": visit.t(f"plant-way-{dashed(one.method)}"), "heat": one.heat * 100, "power": one.power * 100,
            "parameters": told}  # fmt: skip


def choice_row(visit: Visit, one: Sensitivity) -> dict[str, Any]:
    """What another choice would give."""
    return {
        "subject": visit.t(f"plant-choice-{one.subject}"),
        "choice": choice_name(visit, one),
        "scope1": tonnes(one.scope1),
        "scope2": tonnes(one.scope2),
        "chosen": visit.t("plant-chosen") if one.chosen else "",
    }


def subject_name(visit: Visit, one: LineResult) -> str:
    """A fuel, process or carrier by its word on the page, by its key in files."""
    if visit.form != "html" or (one.section == "fuel" and one.emission is None):
        return one.subject
    kind = {"fuel": "fuel", "process": "plant-process", "bought": "plant-carrier"}[one.section]
    return visit.t(f"{kind}-{dashed(one.subject)}")


def choice_name(visit: Visit, one: Sensitivity) -> str:
    """What a choice is called: a grid factor by name and number, a calorific value by number and where it is from."""
    if one.subject == "grid":
        found = next(each for each in energy_factors("electricity") if each.key == one.choice)
        return f"{found.name(visit.language)}: {visit.number(found.value)} {found.unit}"
    if one.subject == "coal" and one.choice != "own":
        fact = factor(one.choice)
        return f"{factor_name(fact.id, visit.language)}: {visit.number(fact.value)} {fact.unit}"
    return visit.t("plant-choice-own") if one.choice == "own" else one.choice


def tonnes(kilograms: float | None) -> float | None:
    """kg in t."""
    return None if kilograms is None else kilograms / 1000


def dashed(name: str) -> str:
    """A key as messages spell it."""
    return name.replace(".", "-").replace("_", "-")
