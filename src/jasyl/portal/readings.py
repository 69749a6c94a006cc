"""Readings of a facility: charts and tables of what its meters said."""

import datetime as dt
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

import sqlalchemy as sa

from jasyl.monitoring import load_rollups, read_readings
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.quality import Verdict, verdicts
from jasyl.monitoring.series import SeriesDefinition
from jasyl.people import Resource, may
from jasyl.quantities import UNITS, Unit, instant
from jasyl.registry import Series, facility_by_key, series_of
from jasyl.texts import Refusal, has

from .islands import messages
from .live import live_settings
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (
    Column("day", "column-day"),
    Column("series", "column-series"),
    Column("amount", "column-amount", number=True),
    Column("amount_unit", "column-unit"),
    Column("mean", "column-mean", number=True),
    Column("lowest", "column-lowest", number=True),
    Column("highest", "column-highest", number=True),
    Column("reading_unit", "column-unit-of-readings"),
    Column("completeness", "column-completeness", unit="%"),
    Column("verdict", "column-verdict", choices="verdict"),
)
# A chart of more points than this says nothing more; the whole is in the files of a chosen span.
MOST_POINTS = 12_000
DAY = 86_400_000_000
FAR = 2**62


def series_to_read(visit: Visit, connection: sa.Connection, facility: Mapping[Any, Any]) -> list[Series]:
    """The series of a facility that this reader may see."""
    owner, region = facility["enterprise_id"], facility["region"]
    return [
        one
        for one in series_of(connection, facility["id"])
        if may(visit.actor, "read", Resource(one.level, owner, region, one.id))  # pyright: ignore[reportArgumentType]
    ]


@page("/facilities/{key:str}/readings", "Readings of a facility: days as a table, intervals for the chart (JSON)")
def readings_page(visit: Visit, connection: sa.Connection, key: str) -> Document:
    """Readings between ``from`` and ``to`` (days, UTC); the last 31 days with readings when these are left out."""
    facility = facility_by_key(connection, key, visit.actor)
    series = series_to_read(visit, connection, facility) if facility else []
    if facility is None or not series:
        raise NotFoundError
    defined = definitions(connection, series)
    start, end = span_asked(visit, connection, list(defined))
    days = load_rollups(connection, list(defined), "day", start, end)
    marks = verdicts(connection, list(defined), start, end)
    rows = [_day(visit, defined[number], row) | {"verdict": _marked(marks, row)} for number, row in _rows(days)]
    title = f"{visit.name_of(facility)}: {visit.t('readings-title')}"
    data = {"series": _intervals(visit, connection, defined, start, end, marks)} if visit.form == "json" else {}
    context = {
        "facility": facility,
        "facility_name": visit.name_of(facility),
        "chart": chart_settings(visit, key, series),
        "live": live_settings(visit, connection, key),
        "first": instant(start).date().isoformat(),
        "last": instant(end).date().isoformat(),
    }
    return Document("readings.html", title, data, Sheet(COLUMNS, rows, visit.t("readings-caption")), context)


def chart_settings(visit: Visit, key: str, series: list[Series]) -> dict[str, Any]:
    """What the chart island needs; it fetches the readings itself."""
    asked = {name: visit.query[name] for name in ("from", "to") if visit.query.get(name)}
    return {
        "lang": visit.language,
        "messages": messages(visit.language, "charts"),
        "url": visit.href(f"/facilities/{key}/readings.json", **asked),
        "title": visit.t("readings-title"),
        "zone": series[0].zone,
    }


def span_asked(visit: Visit, connection: sa.Connection, numbers: list[int]) -> tuple[int, int]:
    """The days ``from`` and ``to`` of the query in µs UTC; the last 31 days with readings where they are left out."""
    asked = [_day_start(visit, name) for name in ("from", "to")]
    if asked[0] is not None and asked[1] is not None:
        return asked[0], asked[1] + DAY
    every = load_rollups(connection, numbers, "day", -FAR, FAR)
    last = int(every.start.max()) + DAY if len(every.start) else 0
    return asked[0] if asked[0] is not None else last - 31 * DAY, last if asked[1] is None else asked[1] + DAY


def _day_start(visit: Visit, name: str) -> int | None:
    written = visit.query.get(name)
    if not written:
        return None
    try:
        day = dt.date.fromisoformat(written)
    except ValueError:
        raise Refusal("query-day", received=f"{name}={written}"[:60]) from None
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC).timestamp()) * 1_000_000


def _rows(days: Any) -> list[tuple[int, dict[str, int]]]:
    columns = ("series", "start", "sum", "min", "max", "count", "expected")
    arrays = [getattr(days, name).tolist() for name in columns]
    rows: list[dict[str, int]] = [dict(zip(columns, values, strict=True)) for values in zip(*arrays, strict=True)]
    return [(row["series"], row) for row in sorted(rows, key=lambda row: -row["start"])]


# The unit in which people read a dimension; others stay in their base unit.
_READ_IN = {"power": "kW", "energy": "kW.h", "mass": "t", "irradiation": "kW.h/m2"}


def _shown_unit(unit: Unit) -> Unit:
    return UNITS[_READ_IN.get(unit.dimension, unit.ucum)]


def series_name(visit: Visit, definition: SeriesDefinition) -> str:
    """What a series measures, in the reader's language; a quantity of somebody's own keeps its own words."""
    message = f"quantity-{definition.quantity.replace('_', '-')}"
    return visit.t(message) if has(visit.language, message) else definition.quantity.replace("_", " ")


def _day(visit: Visit, definition: SeriesDefinition, row: dict[str, int]) -> dict[str, Any]:
    local = instant(row["start"]).astimezone(definition.time_zone)
    readings = _shown_unit(definition.unit)
    scale = float(10**definition.scale * readings.factor)
    return {
        "day": local.date().isoformat(),
        "series": series_name(visit, definition),
        **_amount(visit, definition, row["sum"]),
        "mean": row["sum"] / row["count"] / scale if definition.kind == "mean" else None,
        "lowest": row["min"] / scale,
        "highest": row["max"] / scale,
        "reading_unit": readings.written(visit.language),
        "completeness": 100 * row["count"] / row["expected"] if row["expected"] else None,
    }


def _amount(visit: Visit, definition: SeriesDefinition, total: int) -> dict[str, Any]:
    """What the stored integers come to, in the unit people read; nothing where they come to nothing."""
    if not definition.amounts_to_something:
        return {"amount": None, "amount_unit": None}
    unit = _shown_unit(definition.amount_unit)
    # The amount factor leads to base units of the amount (Wh, kg, m³).
    amount = Fraction(total) * definition.amount_factor / Fraction(unit.factor)
    return {"amount": float(amount), "amount_unit": unit.written(visit.language)}


def _marked(marks: Sequence[Verdict], row: Mapping[str, int]) -> str | None:
    """The gravest verdict on readings of a day; None where all are believed."""
    end = row["start"] + DAY
    on_day = {
        each.verdict for each in marks if each.series == row["series"] and each.start < end and each.end > row["start"]
    }
    return next((verdict for verdict in ("wrong", "suspect") if verdict in on_day), None)


def _intervals(
    visit: Visit,
    connection: sa.Connection,
    defined: Mapping[int, SeriesDefinition],
    start: int,
    end: int,
    marks: Sequence[Verdict],
) -> list[dict[str, Any]]:
    """Intervals as the chart wants them: start in ms UTC, the unit people read, null where a reading is missing."""
    readings = read_readings(connection, visit.house.folder, list(defined), start, end)
    if len(readings.start) > MOST_POINTS * len(defined):
        raise Refusal("span-too-long", received=len(readings.start), expected=MOST_POINTS)
    made: list[dict[str, Any]] = []
    for number, definition in defined.items():
        mine = readings.series == number
        held = dict(zip(readings.start[mine].tolist(), readings.value[mine].tolist(), strict=True))
        steps = range(min(held, default=0), max(held, default=-1) + 1, definition.interval)
        unit = _shown_unit(definition.unit)
        scale = float(10**definition.scale * unit.factor)
        made.append(
            {
                "name": series_name(visit, definition),
                "unit": unit.written(visit.language),
                "interval": definition.interval // 1000,
                "start": [at // 1000 for at in steps],
                "value": [held[at] / scale if at in held else None for at in steps],
                "verdicts": [
                    {"start": each.start // 1000, "end": each.end // 1000, "verdict": each.verdict, "check": each.check}
                    for each in marks
                    if each.series == number
                ],
            }
        )
    return made
