"""An inventory for programs: everything as JSON, and the flat table that reporting platforms ask for (eCRF, CIRIS)."""

from decimal import Decimal
from typing import Any

from jasyl.places import region, regions
from jasyl.quantities import decimal_text
from jasyl.texts import Language

from ..emission import Emission
from .gases import is_fluorinated
from .sensitivity import alternatives
from .terms import Term
from .totals import CellValue, Result
from .uncertainty import spreads
from .waterfall import waterfall_steps
from .years import compared

# Columns of the flat table in their order: one row for each cell, gases in t, CO2e in t.
FLAT = (
    "place", "year", "ref", "sector", "subsector", "scope", "key", "co2e", "co2", "ch4", "n2o", "fluorinated",
    "biogenic", "quality", "factor_quality", "target", "explanation", "gwp_set", "basic", "basic_plus", "territorial",
)  # fmt: skip


def place_name(place: str, language: Language) -> str:
    """The name of a city with an ISO code; another code as it is."""
    return region(place).name(language) if place in {one.iso for one in regions()} else place


def flat_rows(result: Result, language: Language) -> list[dict[str, Any]]:
    """One row for each cell of the protocol, also those with a key; numbers exact, in t."""
    return [_flat(result, one, language) for one in result.cells]


def _flat(result: Result, one: CellValue, language: Language) -> dict[str, Any]:
    book, stated = result.inventory, one.statement
    names = {each.id: book.told(each.name, language) for each in book.activities}
    explained = book.told(stated.reason, language) if stated else "; ".join(names[each] for each in one.activities)
    return {
        "place": book.place, "year": book.year, "ref": one.cell.ref,
        "sector": one.cell.sector, "subsector": one.cell.name(language), "scope": one.cell.scope, "key": one.key,
        "co2e": _t(one.co2e), **gas_tonnes(one), "quality": one.quality, "factor_quality": one.factor_quality,
        "target": stated.target if stated else None, "explanation": explained or None,
        "gwp_set": book.gwp_set, "basic": one.cell.basic, "basic_plus": one.cell.basic_plus,
        "territorial": one.cell.territorial,
    }  # fmt: skip


def gas_tonnes(one: CellValue) -> dict[str, Decimal | None]:
    """Masses of a cell in t by group; None where the cell has none of it."""
    groups = {
        "co2": ["CO2"], "ch4": ["CH4", "CH4_fossil"], "n2o": ["N2O"],
        "fluorinated": [name for name in one.masses if is_fluorinated(name)], "biogenic": ["CO2_biogenic"],
    }  # fmt: skip
    known = {name: [one.masses[each] for each in species if each in one.masses] for name, species in groups.items()}
    return {name: _sum(masses) for name, masses in known.items()}


def _sum(known: list[Decimal]) -> Decimal | None:
    return sum(known, Decimal()) / 1000 if known else None


def _t(kg: Decimal | None) -> Decimal | None:
    return None if kg is None else kg / 1000


def result_data(result: Result, language: Language) -> dict[str, Any]:
    """Everything about an inventory as JSON: exact numbers as decimal texts in kg, errors as numbers."""
    found = spreads(result)
    return {
        "place": result.inventory.place,
        "year": result.inventory.year,
        "training": result.inventory.training,
        "gwp_set": result.inventory.gwp_set,
        "digest": result.inventory.digest,
        "unit": "kg",
        "totals": {name: _total(result, name) | {"uncertainty": found[name].as_data()} for name in result.totals},
        "scopes": {scope: decimal_text(kg) for scope, kg in result.scopes.items()},
        "biogenic": decimal_text(result.biogenic),
        "cells": [_cell(one) for one in result.cells],
        "waterfall": [_plain(vars(one)) for one in waterfall_steps(result)],
        "cogeneration": _cogeneration(result),
        "sensitivity": [_plain({**vars(one), "totals": dict(one.totals)}) for one in alternatives(result)],
        "compared": [_plain(vars(one)) for one in compared(result)],
        "assumed": result.assumed,
        "findings": [one.as_data(language) for one in result.findings],
        "factors": [one.as_data() for one in result.factors.values()],
        "terms": [_term(one) for one in result.terms],
        "document": result.inventory.as_data(),
    }


def _cogeneration(result: Result) -> dict[str, Any]:
    found = result.cogeneration
    shares = [{"method": one.method, "heat": one.heat, "power": one.power} for one in found.shares]
    overlaps = {total: list(refs) for total, refs in found.overlaps.items()}
    return _plain(vars(found)) | {"shares": shares, "overlaps": overlaps}


def _total(result: Result, name: Any) -> dict[str, Any]:
    total = result.totals[name]
    return {
        "co2e": decimal_text(total.co2e),
        "sectors": {sector: decimal_text(kg) for sector, kg in total.sectors.items()},
        "masses": {species: decimal_text(kg) for species, kg in total.masses.items()},
        "missing": list(total.missing),
        "complete": total.complete,
    }


def _cell(one: CellValue) -> dict[str, Any]:
    return {
        "ref": one.cell.ref, "scope": one.cell.scope, "key": one.key,
        "co2e": None if one.co2e is None else decimal_text(one.co2e),
        "masses": {species: decimal_text(kg) for species, kg in one.masses.items()},
        "target": one.statement.target or None if one.statement else None,
        "reason": one.statement.reason or None if one.statement else None,
        "quality": one.quality, "factor_quality": one.factor_quality, "activities": list(one.activities),
    }  # fmt: skip


def _term(one: Term) -> dict[str, Any]:
    steps = [{"factor": step.factor, "value": decimal_text(step.value), "unit": step.unit} for step in one.steps]
    mass = decimal_text(one.mass)
    told = {"activity": one.activity, "ref": one.ref, "species": one.species, "mass": mass, "steps": steps}
    return told if one.made is None else told | _method(one.made.emission)


def _method(one: Emission) -> dict[str, Any]:
    """By which method and equation, and every number that went in."""
    inputs = [
        {"name": each.name, "value": float(each.value), "unit": each.unit, "factor": each.factor} for each in one.inputs
    ]
    return {"method": one.method, "equation": one.equation, "inputs": inputs}


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return decimal_text(value)
    if isinstance(value, dict):
        return {key: _plain(inner) for key, inner in value.items()}
    return value
