"""Forecast: diffusion curves of a technology family with intervals, and whether they beat a naive forecast."""

import math
from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa

from jasyl.monitoring import Curve, History, best_curve, curves, dynamics, history, rows_of_forecast
from jasyl.monitoring.diffusion_report import last_whole_year, month_of
from jasyl.monitoring.dynamics_figures import COUNTRY
from jasyl.monitoring.forecast_figures import FORECASTABLE, YEARS_AHEAD, forecast_indicator
from jasyl.places import region, regions
from jasyl.registry import MAP_FAMILIES, adoption_table, family_name

from .dynamics import asked_choice
from .islands import messages
from .page import Document, page
from .publishing import may_publish
from .sheet import Column, Sheet
from .visit import Visit

MEASURES = tuple(FORECASTABLE)

COLUMNS = (
    Column("model", "column-curve"),
    Column("year", "column-year"),
    Column("value", "column-forecast", digits=1),
    Column("low", "column-low", digits=1),
    Column("high", "column-high", digits=1),
    Column("unit", "column-unit"),
    Column("verdict", "column-backtest"),
)
PARAMETER_COLUMNS = (
    Column("model", "column-curve"),
    Column("parameter", "column-parameter"),
    Column("value", "column-value", number=True),
    Column("low", "column-low", number=True),
    Column("high", "column-high", number=True),
)


@page("/dynamics/forecast", "Diffusion curves with intervals, and their back-test against naive forecasts")
def forecast_page(visit: Visit, connection: sa.Connection) -> Document:
    """Logistic, Gompertz and Bass curves of yearly additions, five years ahead; what loses says so."""
    measure = asked_choice(visit, "measure", MEASURES, "capacity")
    family = asked_choice(visit, "family", ("", *MAP_FAMILIES), "")
    place = region(visit.query["region"]).iso if visit.query.get("region") else None
    rows = [one for one in adoption_table(connection, place) if not family or one.family == family]
    last = last_whole_year()
    known = history(dynamics(rows, [], last + 1).rows, measure, last)
    found = curves(known, YEARS_AHEAD)
    best = best_curve(found)
    scale = 1e6 if measure == "capacity" else 1.0
    unit = visit.t("unit-MW") if measure == "capacity" else ""
    lines = [line for one in found for line in _lines(visit, one, scale, unit)]
    names = [("", visit.t("filter-every-family")), *((key, family_name(key, visit.language)) for key in MAP_FAMILIES)]
    context = {
        "chart": _chart(visit, known, found, scale, unit) if known.additions else None,
        "best": None if best is None else visit.t(f"diffusion-{best.model}"),
        "curves": [_told(visit, one) for one in found],
        "parameters": Sheet(PARAMETER_COLUMNS, _parameters(visit, found, scale), visit.t("forecast-parameters")),
        "measures": [(key, visit.t(f"measure-{key}"), key == measure) for key in MEASURES],
        "families": [(key, text, key == family) for key, text in names],
        "regions": [(one.iso, one.name(visit.language), one.iso == place) for one in regions()],
        "last": last,
        "subject": place or COUNTRY,
        "indicator": forecast_indicator(measure, family or None),
        "publishable": best.model if best and may_publish(visit.actor, place=place) else None,
        "ahead": range(last + 1, last + 1 + YEARS_AHEAD),
    }
    data = {
        "measure": measure,
        "family": family or None,
        "region": place,
        "first": known.first,
        "additions": list(known.additions),
        "standing": known.standing,
        "curves": [one.as_data(visit.language) for one in found],
        "best": best.model if best else None,
    }
    columns = [one for one in COLUMNS if one.key != "unit" or unit or visit.form != "html"]
    sheet = Sheet(columns, lines, visit.t("forecast-caption"))
    return Document("dynamics_forecast.html", visit.t("forecast-title"), data, sheet, context)


def _lines(visit: Visit, one: Curve, scale: float, unit: str) -> list[dict[str, Any]]:
    if one.forecast is None:
        return []
    head = {"model": visit.t(f"diffusion-{one.model}"), "unit": unit, "verdict": one.verdict(visit.language)}
    return [
        {**head, "year": row["year"], **{name: row[name] / scale for name in ("value", "low", "high")}}
        for row in rows_of_forecast(one.forecast)
    ]


def _parameters(visit: Visit, found: Sequence[Curve], scale: float) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for one in found:
        for name, each in (one.fit.parameters if one.fit else {}).items():
            ends = {key: value / scale if name == "K" else value for key, value in vars(each).items()}
            written = {
                key: month_of(value) if name == "t0" else visit.number(value, 4) if math.isfinite(value) else "∞"
                for key, value in ends.items()
            }
            parameter = visit.t(f"diffusion-parameter-{name.lower()}")
            rows.append({"model": visit.t(f"diffusion-{one.model}"), "parameter": parameter, **written})
    return rows


def _told(visit: Visit, one: Curve) -> dict[str, Any]:
    return {
        "name": visit.t(f"diffusion-{one.model}"),
        "verdict": one.verdict(visit.language),
        "loses": one.backtest is not None and not one.backtest.wins,
        "reasons": [refusal.text(visit.language) for refusal in one.refusals],
    }


def _chart(visit: Visit, known: History, found: Sequence[Curve], scale: float, unit: str) -> dict[str, Any]:
    before = known.standing - sum(known.additions)
    years = range(known.first, known.last + 1)
    stood = [before + sum(known.additions[: number + 1]) for number in range(len(known.additions))]
    return {
        "lang": visit.language,
        "messages": messages(visit.language, "charts"),
        "title": visit.t("forecast-title"),
        "description": visit.t("forecast-chart-text"),
        "unit": unit,
        "observed": [{"year": year, "value": value / scale} for year, value in zip(years, stood, strict=True)],
        "observedLabel": visit.t("forecast-observed"),
        "curves": [
            {
                "key": one.model,
                "label": visit.t(f"diffusion-{one.model}"),
                "rows": [
                    {"year": known.last, **dict.fromkeys(("value", "low", "high"), known.standing / scale)},
                    *({"year": row["year"], **{name: row[name] / scale for name in ("value", "low", "high")}}
                      for row in rows_of_forecast(one.forecast)),
                ],
            }
            for one in found
            if one.forecast is not None
        ],
    }  # fmt: skip
