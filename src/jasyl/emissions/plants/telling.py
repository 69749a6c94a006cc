"""A report and what it comes to, as a document for programs; the page, the command and the file say the same."""

from typing import Any

from jasyl.texts import Language

from ..cogeneration import Shares
from .assessment import Balance, PlantResult
from .lines import LineResult
from .sensitivity import Sensitivity


def result_data(result: PlantResult, rows: tuple[Sensitivity, ...], language: Language) -> dict[str, Any]:
    """Everything in base units: masses in kg by species, equivalents in kg CO2e. None where it cannot be said."""
    report = result.report
    return {
        "plant": report.plant,
        "name": report.name,
        "place": report.place,
        "year": report.year,
        "stage": report.stage,
        "training": report.training,
        "potentials": {"series": report.series, "methane": report.methane},
        "scope1": _scope(result.scope1, result.equivalent1, result.uncertainty1),
        "scope2": _scope(result.scope2, result.equivalent2, result.uncertainty2),
        "scope2_market": _scope(result.market, result.equivalent_market, None),
        "energy": {
            **vars(result.energy),
            "used": result.energy.used,
            "efficiency": result.energy.efficiency,
            "kg_per_wh_heat": result.intensity("heat"),
            "kg_per_wh_power": result.intensity("power"),
        },
        "lines": [_line(one) for one in result.lines],
        "references": {name: _masses(masses) for name, masses in result.by_reference().items()},
        "allocation": None if result.shares is None else _shares(result.shares),
        "allocations": [_shares(one) for one in result.ways],
        "quota": None if result.balance is None else _balance(result.balance),
        "sensitivity": [vars(one) for one in rows],
        "factors": list(result.factors),
        "findings": [one.as_data(language) for one in result.findings],
    }


def _scope(masses: Any, equivalent: float | None, uncertainty: float | None) -> dict[str, Any] | None:
    if masses is None:
        return None
    return {"gases": _masses(masses), "co2e": equivalent, "standard_uncertainty": uncertainty}


def _masses(masses: Any) -> dict[str, float]:
    return {species: float(mass) for species, mass in masses.items()}


def _line(one: LineResult) -> dict[str, Any]:
    return {
        "name": one.name,
        "section": one.section,
        "subject": one.subject,
        "reference": one.reference,
        "kind": one.kind,
        "energy": one.energy,
        "figure": one.figure.figure if one.figure else None,
        "method": one.emission.method if one.emission else None,
        "equation": one.emission.equation if one.emission else None,
        "gases": _masses(one.emission.masses) if one.emission else None,
        "inputs": [
            {"name": each.name, "value": float(each.value), "unit": each.unit, "factor": each.factor,
             "source": each.source, "default": each.name in one.defaults}
            for each in (one.emission.inputs if one.emission else ())
        ],
    }  # fmt: skip


def _shares(one: Shares) -> dict[str, Any]:
    return {"method": one.method, "heat": one.heat, "power": one.power, "parameters": dict(one.parameters)}


def _balance(one: Balance) -> dict[str, Any]:
    return {
        "covers": one.covers, "quota": one.quota, "emission": one.emission, "left": one.left,
        "benchmark": one.benchmark, "benchmark_factor": one.benchmark_factor,
    }  # fmt: skip
