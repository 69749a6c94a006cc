"""Performance of a facility: a year with its months, what the atlas expects, avoided CO₂, and figures to publish."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from jasyl.emissions import DISPLACES, Carrier, avoided_indicator, baseline_of, sensitivity
from jasyl.figures import StoredFigure, Subject, current_of, in_force
from jasyl.monitoring import facility_indicators, load_rollups
from jasyl.monitoring.amounts import indicator_of
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.performance_year import PerformedPeriod, PerformedYear, performance_year
from jasyl.quantities import instant, period, written_unit
from jasyl.registry import Series, facility_by_key
from jasyl.texts import Refusal, has

from .islands import messages
from .live import live_settings
from .page import Document, NotFoundError, page
from .publishing import may_publish
from .readings import series_to_read
from .sheet import Column, Sheet
from .statements import amount_text, indicator_name
from .visit import Visit

COLUMNS = (
    Column("period", "column-period"),
    Column("energy", "column-energy", unit="MW.h", digits=2),
    Column("completeness", "column-completeness", unit="%", digits=1),
    Column("yield", "column-yield", digits=1),
    Column("capacity_factor", "indicator-capacity-factor", unit="%", digits=1),
    Column("expected", "column-expected-output", unit="MW.h", digits=2),
    Column("bound", "column-bound", unit="MW.h", digits=2),
    Column("index", "column-index", digits=3),
    Column("performance_ratio", "column-performance-ratio", digits=3),
    Column("availability", "column-availability", unit="%", digits=1),
)
AVOIDED_COLUMNS = (
    Column("factor", "column-baseline"),
    Column("value", "column-factor-value", digits=0),
    Column("unit", "column-unit"),
    Column("avoided", "column-avoided", unit="t", digits=1),
    Column("use", "column-use"),
    Column("confidence", "column-confidence", choices="confidence-level"),
    Column("source", "column-source"),
)
FIGURE_COLUMNS = (
    Column("indicator", "column-indicator"),
    Column("value", "column-value"),
    Column("kind", "column-kind", choices="kind"),
    Column("method", "column-method"),
    Column("statement", "column-statement", link=True),
)
FAR = 2**62
# Only what a year of a facility can hold is offered at once; the other baselines stand in the table of sensitivity.
DAY = 86_400_000_000


@page("/facilities/{key:str}/performance", "Performance of a facility in a year: months, expectation, avoided CO₂")
def performance_page(visit: Visit, connection: sa.Connection, key: str) -> Document:
    """The year ``year`` (the last one with readings when it is left out), from sealed days the reader may see."""
    facility = facility_by_key(connection, key, visit.actor)
    series = series_to_read(visit, connection, facility) if facility else []
    if facility is None or not series:
        raise NotFoundError
    years = _years(connection, series)
    year = visit.whole("year", years[-1] if years else 2026, 1990, 2100)
    found = performance_year(connection, visit.house.folder, facility, series, year)
    columns, rows = _table(visit, found, facility["capacity_w"])
    avoided = _avoided(visit, connection, facility, series, year)
    figures = _figures(visit, connection, facility, year)
    title = f"{visit.name_of(facility)}: {visit.t('performance-title')}"
    context = {
        "facility": facility,
        "facility_name": visit.name_of(facility),
        "year": str(year),
        "years": [(str(one), str(one), one == year) for one in years],
        "found": found,
        "chart": _chart(visit, found),
        "degradation": _degradation(visit, found),
        "settings": [_setting(visit, key, value) for key, value in found.settings.items() if value is not None],
        "avoided": avoided,
        "figures": figures,
        "may_publish": may_publish(visit.actor, facility),
        "offered": _offered(visit, connection, facility, year) if may_publish(visit.actor, facility) else [],
        "live": live_settings(visit, connection, key),
    }
    data = {
        "year": year,
        "basis": found.basis,
        "settings": dict(found.settings),
        "whole": _data(found.whole, facility["capacity_w"]),
        "months": [_data(one, facility["capacity_w"]) for one in found.months],
        "degradation": None if found.degradation is None else vars(found.degradation),
        "avoided": [] if avoided is None else avoided["data"],
        "figures": list(figures.rows) if figures else [],
    }
    sheet = Sheet(columns, rows, visit.t("performance-caption", year=str(year)))
    return Document("performance.html", title, data, sheet, context)


def _years(connection: sa.Connection, series: list[Series]) -> list[int]:
    defined = definitions(connection, series)
    rows = load_rollups(connection, list(defined), "year", -FAR, FAR)
    return sorted({(instant(at + DAY)).year for at in rows.start.tolist()})


def _table(visit: Visit, found: PerformedYear, capacity: int | None) -> tuple[list[Column], list[dict[str, Any]]]:
    """The year first, then its months; columns that say nothing of this facility are left out."""
    rows = [_row(visit, one, capacity) for one in (found.whole, *found.months)]
    ratios = list(found.whole.ratios or {})
    columns = [one for one in COLUMNS if one.key in {"period"} or any(row[one.key] is not None for row in rows)]
    return [*columns, *(Column(one, _message(one), digits=3) for one in ratios)], rows


def _message(indicator: str) -> str:
    return indicator.replace(".", "-").replace("_", "-")


def _row(visit: Visit, one: PerformedPeriod, capacity: int | None) -> dict[str, Any]:
    percent = {"capacity_factor": one.capacity_factor(capacity), "availability": one.availability}
    energies = {"energy": one.energy, "expected": one.expected, "bound": one.bound}
    name = visit.t("performance-whole-year") if len(one.name) == 4 else visit.t(f"month-{int(one.name[5:])}")
    return {
        "period": name if visit.form == "html" else one.name,
        **{key: None if value is None else float(value) / 1e6 for key, value in energies.items()},
        "completeness": None if one.energy is None else float(one.completeness or 0) * 100,
        "yield": one.specific_yield(capacity),
        "index": one.index,
        "performance_ratio": one.performance_ratio,
        **{key: None if value is None else value * 100 for key, value in percent.items()},
        **{key: None if value is None else float(value) for key, value in (one.ratios or {}).items()},
    }


def _data(one: PerformedPeriod, capacity: int | None) -> dict[str, Any]:
    return {
        "period": one.name,
        "energy_wh": None if one.energy is None else str(one.energy),
        "completeness": None if one.completeness is None else str(one.completeness),
        "yield_h": one.specific_yield(capacity),
        "capacity_factor": one.capacity_factor(capacity),
        "expected_wh": one.expected,
        "clear_sky_bound_wh": one.bound,
        "performance_index": one.index,
        "performance_ratio": one.performance_ratio,
        "availability": one.availability,
        **{key: None if value is None else str(value) for key, value in (one.ratios or {}).items()},
    }


def _degradation(visit: Visit, found: PerformedYear) -> str | None:
    one = found.degradation
    if one is None:
        return None
    written = {name: visit.number(getattr(one, name) * 100, 2) for name in ("rate", "low", "high")}
    return visit.t("performance-degradation", **written, level=visit.number(one.level * 100, 0))


def _setting(visit: Visit, key: str, value: Any) -> tuple[str, str]:
    """What was assumed of the plant, in words; a panel or turbine without words by its own name."""
    name = visit.t(f"performance-setting-{key.replace('_', '-')}")
    match key:
        case "losses":
            return name, f"{visit.number(float(value) * 100, 1)} %"
        case "hub_height":
            return name, f"{visit.number(float(value))} {written_unit('m', visit.language)}"
        case _:
            message = f"performance-{key}-{str(value).replace('_', '-')}"
            return name, visit.t(message) if has(visit.language, message) else str(value)


def _chart(visit: Visit, found: PerformedYear) -> dict[str, Any] | None:
    """Months as bars with the expectation, or the bound, as marks above them."""
    if not any(one.energy for one in found.months):
        return None
    bound = found.basis == "clear_sky"
    return {
        "lang": visit.language,
        "messages": messages(visit.language, "charts"),
        "title": visit.t("performance-title"),
        "description": visit.t(f"performance-chart-{(found.basis or 'none').replace('_', '-')}"),
        "unit": written_unit("MW.h", visit.language),
        "metered": visit.t("column-energy"),
        "marked": visit.t("column-bound" if bound else "column-expected-output") if found.basis else None,
        "bound": bound,
        "rows": [
            {
                "label": visit.t(f"month-short-{int(one.name[5:])}"),
                "value": None if one.energy is None else float(one.energy) / 1e6,
                "mark": _mega(one.bound if bound else one.expected),
            }
            for one in found.months
        ],
    }


def _mega(value: float | None) -> float | None:
    return None if value is None else value / 1e6


def displaced(connection: sa.Connection, series: list[Series], year: int) -> tuple[Carrier, Decimal] | None:
    """What the meters say of a year that displaces other energy: its carrier and Wh; the first that there is."""
    defined = definitions(connection, series)
    for source, carrier in DISPLACES.items():
        mine = [one for one in defined.values() if indicator_of(one.quantity) == source]
        if not mine:
            continue
        span = period(str(year), mine[0].time_zone)
        start, end = (round(at.timestamp() * 1e6) for at in (span.start, span.end))
        rows = load_rollups(connection, [one.number for one in mine], "year", start, end)
        amounts = zip(rows.series.tolist(), rows.sum.tolist(), strict=True)
        total = sum((defined[number].amount_factor * amount for number, amount in amounts), start=0)
        if total:
            return carrier, Decimal(float(total)).quantize(Decimal(1))
    return None


def avoided_lately(
    visit: Visit, connection: sa.Connection, facility: Mapping[Any, Any], series: list[Series]
) -> dict[str, Any] | None:
    """Avoided CO₂ of the last year with readings, for the page of the facility."""
    years = _years(connection, series)
    found = _avoided(visit, connection, facility, series, years[-1]) if years else None
    return None if found is None else {**found, "year": str(years[-1])}


def _avoided(
    visit: Visit, connection: sa.Connection, facility: Mapping[Any, Any], series: list[Series], year: int
) -> dict[str, Any] | None:
    """Avoided CO₂ of a year under every baseline, the usual one of the technology marked."""
    energy = displaced(connection, series, year)
    usual = baseline_of(facility["technology"])
    if energy is None or (energy[0] == "electricity" and usual is None):
        return None
    rows = sensitivity(energy[1], energy[0])
    chosen = next(((one, value) for one, value in rows if one.key == usual), None)
    table = [
        {
            "factor": one.name(visit.language),
            "value": one.value,
            "unit": visit.unit(one.ucum),
            "avoided": value / 1000,
            "use": visit.t("factor-usual") if one.key == usual else None,
            "confidence": one.confidence,
            "source": one.source,
        }
        for one, value in rows
    ]
    return {
        "usual": None if chosen is None else visit.number(chosen[1] / 1000, 1),
        "baseline": None if chosen is None else chosen[0].name(visit.language),
        "low": visit.number(rows[0][1] / 1000, 1),
        "high": visit.number(rows[-1][1] / 1000, 1),
        "sheet": Sheet(AVOIDED_COLUMNS, table, visit.t("avoided-caption", year=str(year))),
        "data": [
            {
                **one.as_data(),
                "indicator": avoided_indicator(one.key),
                "avoided_kg": str(value),
                "usual": one.key == usual,
            }
            for one, value in rows
        ],
    }


def _figures(visit: Visit, connection: sa.Connection, facility: Mapping[Any, Any], year: int) -> Sheet | None:
    """Figures of the year and its months that were made, with their statements."""
    made = [
        one for one in current_of(connection, Subject("facility", facility["id"])) if one.figure.period[:4] == str(year)
    ]
    public = [one for one in made if one.figure.publication != "closed"]
    if not public:
        return None
    statements = {one.key: one.id for one in in_force(connection, [one.figure.key for one in public])}
    rows = [_figure_row(visit, one, statements.get(one.figure.key)) for one in public]
    return Sheet(FIGURE_COLUMNS, rows, visit.t("performance-figures"))


def _figure_row(visit: Visit, one: StoredFigure, statement: str | None) -> dict[str, Any]:
    figure = one.figure
    return {
        "indicator": f"{indicator_name(visit, figure.indicator)}, {figure.period}",
        "value": amount_text(visit, figure.value, figure.unit),
        "kind": figure.kind,
        "method": f"{figure.method_id} {figure.method_version}",
        "statement": visit.t("performance-published") if statement else None,
        "statement_link": visit.href(f"/statements/{statement}") if statement else None,
    }


def _offered(visit: Visit, connection: sa.Connection, facility: Mapping[Any, Any], year: int) -> list[tuple[str, str]]:
    """(indicator, name) of what can be computed and published for the year."""
    try:
        span = period(str(year))
        found = facility_indicators(connection, facility, visit.house.folder, span)
    except Refusal:
        return []
    return [(one, indicator_name(visit, one)) for one in found]
