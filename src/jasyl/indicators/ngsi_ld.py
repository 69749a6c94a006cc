"""Evaluations for city platforms: NGSI-LD entities of the Smart Data Model KeyPerformanceIndicator (0.2.1)."""

import re
from collections.abc import Iterable
from typing import Any

from jasyl.texts import Language

from .catalogue import Catalogue, DataPoint, Indicator
from .evaluation import Scored
from .evaluation_table import CityYear
from .wording import unit_name

CONTEXT = (
    "https://raw.githubusercontent.com/smart-data-models/dataModel.KeyPerformanceIndicator/master/context.jsonld",
    "https://uri.etsi.org/ngsi-ld/v1/ngsi-ld-core-context.jsonld",
)
# The model knows five standings, the rule four bands: the worst of the five is never given.
STANDINGS = {4: "veryGood", 3: "good", 2: "fair", 1: "bad"}
# Codes of UN/CEFACT Recommendation 20.
UNIT_CODES = {"percent": "P1", "ug/m3": "GQ", "years": "ANN", "minutes": "MIN", "number": "C62", "ratio": "C62"}
_NOT_IN_URN = re.compile(r"[^A-Za-z0-9.\-]+")


def ngsi_entities(catalogue: Catalogue, of: Iterable[CityYear], language: Language) -> list[dict[str, Any]]:
    """An entity per data point, city and year. What has no value has no ``kpiValue``; what has no points, no
    ``currentStanding``. Names are in ``language``."""
    return [_entity(catalogue, one, scored, language) for one in of for scored in one.evaluation.points]


def _entity(catalogue: Catalogue, one: CityYear, scored: Scored, language: Language) -> dict[str, Any]:
    point, indicator = catalogue.point(scored.point), catalogue.indicator_of(scored.point)
    whole = len(indicator.points) == 1
    said: dict[str, Any] = {
        "name": indicator.name[language] if whole else f"{indicator.name[language]}: {point.name[language]}",
        "description": f"{indicator.code}; {unit_name(point.unit, language)}",
        "category": ["qualitative" if point.is_yes_no else "quantitative"],
        "organization": one.name[language] or one.place,
        "process": " / ".join(catalogue.group_name(key)[language] for key in indicator.path) or catalogue.id,
        "calculationFrequency": "yearly",
        "calculationMethod": "automatic" if scored.answer.origin == "system" else "manual",
        "calculationFormula": _formula(point, indicator, language),
        "calculationPeriod": {"from": f"{one.year}-01-01", "to": f"{one.year}-12-31"},
        "area": one.place,
        "source": indicator.source or catalogue.source,
        "currentStanding": None if scored.points is None else STANDINGS[scored.points],
        "businessTarget": _target(scored),
    }
    entity: dict[str, Any] = {
        "id": f"urn:ngsi-ld:KeyPerformanceIndicator:{_urn(one.place)}:{catalogue.id}:{_urn(point.id)}:{one.year}",
        "type": "KeyPerformanceIndicator",
        "@context": list(CONTEXT),
    }
    entity |= {key: {"type": "Property", "value": value} for key, value in said.items() if value not in (None, "")}
    if scored.value is not None and scored.reason not in ("not_reported", "not_applicable"):
        entity["kpiValue"] = _value(point, scored, one.year)
    return entity


def _value(point: DataPoint, scored: Scored, year: int) -> dict[str, Any]:
    made: dict[str, Any] = {
        "type": "Property",
        "value": bool(scored.value) if point.is_yes_no else float(scored.value or 0),
        "observedAt": f"{year}-12-31T23:59:59Z",
    }
    code = UNIT_CODES.get(point.unit)
    return made if code is None else {**made, "unitCode": code}


def _formula(point: DataPoint, indicator: Indicator, language: Language) -> str:
    above = indicator.numerator[language]
    formula = f"({above}) / ({indicator.denominator[language]})" if point.has_denominator else above
    return formula if point.multiplier == 1 else f"{formula} × {point.multiplier}"


def _target(scored: Scored) -> str | None:
    if scored.benchmark is None:
        return None
    return f"{scored.benchmark.target} ({scored.benchmark.label}; {scored.benchmark.source})"


def _urn(text: str) -> str:
    return _NOT_IN_URN.sub("-", text)
