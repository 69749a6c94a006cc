"""Readings of a facility: charts and tables of what its meters said."""

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any, cast

import sqlalchemy as sa

from jasyl.monitoring import load_rollups, read_readings
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.quality import Verdict, verdicts
from jasyl.monitoring.series import SeriesDefinition
from jasyl.people import Level, Resource, may
from jasyl.quantities import UNITS, Unit, instant, microseconds
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
DAY, ONE_DAY = 86_400_000_000, dt.timedelta(days=1)
FAR = 2**62


def series_to_read(visit: Visit, connection: sa.Connection, facility: Mapping[Any, Any]) -> list[Series]:
    """The series of a facility that this reader may see."""
    return [one for one in series_of(connection, facility["id"]) if may(visit.actor, "read", _resource(one, facility))]


def _resource(one: Series, facility: Mapping[Any, Any]) -> Resource:
    return Resource(cast("Level", one.level), facility["enterprise_id"], facility["region"], one.id)


@page("/facilities/{key:str}/readings", "Readings of a facility: days as a table, intervals for the chart (JSON)")
def readings_page(visit: Visit, connection: sa.Connection, key: str) -> Document:
    """Readings between ``from`` and ``to`` (civil days); the last 31 days with readings when these are left out."""
    facility = facility_by_key(connection, key, visit.actor)
    series = series_to_read(visit, connection, facility) if facility else []
    if facility is None or not series:
        raise NotFoundError
    defined = definitions(connection, series)
    start, end = span_asked(visit, connection, defined)
    days = load_rollups(connection, list(defined), "day", start, end)
    marks = verdicts(connection, list(defined), start, end)
    names = series_names(visit, series, defined)
    rows = [
        _day(visit, defined[number], names[number], row) | {"verdict": _marked(marks, row)}
        for number, row in _rows(days)
    ]
    title = f"{visit.name_of(facility)}: {visit.t('readings-title')}"
    data = (
        {"series": _intervals(visit, connection, defined, names, (start, end), marks)} if visit.form == "json" else {}
    )
    context = {
        "facility": facility,
        "facility_name": visit.name_of(facility),
        "chart": chart_settings(visit, key, series),
        "live": live_settings(visit, connection, key),
        **days_shown((start, end), defined),
        "may_write": any(may(visit.actor, "write_readings", _resource(one, facility)) for one in series),
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


def span_asked(visit: Visit, connection: sa.Connection, defined: Mapping[int, SeriesDefinition]) -> tuple[int, int]:
    """The civil days ``from`` and ``to`` of the query in µs UTC; the last 31 days with readings where they are left
    out. Raises Refusal ``query-day``, ``span-order``."""
    zone = zone_of(defined)
    first, last = _day_asked(visit, "from"), _day_asked(visit, "to")
    if first is not None and last is not None:
        if first > last:
            raise Refusal("span-order", received=f"{first}..{last}")
        return _midnight(first, zone), _midnight(last + ONE_DAY, zone)
    every = load_rollups(connection, list(defined), "day", -FAR, FAR)
    end = int(every.start.max()) + DAY if len(every.start) else 0
    start = end - 31 * DAY if first is None else _midnight(first, zone)
    return start, end if last is None else _midnight(last + ONE_DAY, zone)


def days_shown(span: tuple[int, int], defined: Mapping[int, SeriesDefinition]) -> dict[str, str]:
    """The first and the last civil day of a span, for the form that asks for another."""
    start, end = (instant(moment).astimezone(zone_of(defined)).date() for moment in (span[0], span[1] - 1))
    return {"first": start.isoformat(), "last": end.isoformat()}


def zone_of(defined: Mapping[int, SeriesDefinition]) -> dt.tzinfo:
    """The civil time of a facility: that of its meters."""
    return next(iter(defined.values())).time_zone


def _day_asked(visit: Visit, name: str) -> dt.date | None:
    written = visit.query.get(name)
    if not written:
        return None
    try:
        return dt.date.fromisoformat(written)
    except ValueError:
        raise Refusal("query-day", received=f"{name}={written}"[:60]) from None


def _midnight(day: dt.date, zone: dt.tzinfo) -> int:
    return microseconds(dt.datetime(day.year, day.month, day.day, tzinfo=zone))


def _rows(days: Any) -> list[tuple[int, dict[str, int]]]:
    columns = ("series", "start", "sum", "min", "max", "count", "expected")
    arrays = [getattr(days, name).tolist() for name in columns]
    rows: list[dict[str, int]] = [dict(zip(columns, values, strict=True)) for values in zip(*arrays, strict=True)]
    return [(row["series"], row) for row in sorted(rows, key=lambda row: -row["start"])]


# The unit in which people read a dimension; others stay in their base unit.
_READ_IN = {"power": "kW", "energy": "kW.h", "mass": "t", "irradiation": "kW.h/m2"}


def _shown_unit(unit: Unit) -> Unit:
    return UNITS[_READ_IN.get(unit.dimension, unit.ucum)]


def series_name(visit: Visit, definition: SeriesDefinition | Series) -> str:
    """What a series measures, in the reader's language; a quantity of somebody's own keeps its own words."""
    message = f"quantity-{definition.quantity.replace('_', '-')}"
    return visit.t(message) if has(visit.language, message) else definition.quantity.replace("_", " ")


def series_names(visit: Visit, series: Sequence[Series], defined: Mapping[int, SeriesDefinition]) -> dict[int, str]:
    """What each series of a facility measures; where several measure the same, with the key by which people tell them
    apart."""
    names = {one.number: series_name(visit, defined[one.number]) for one in series}
    shared = Counter(names.values())
    return {one.number: name if shared[name := names[one.number]] == 1 else f"{name} ({one.key})" for one in series}


def _day(visit: Visit, definition: SeriesDefinition, name: str, row: dict[str, int]) -> dict[str, Any]:
    local = instant(row["start"]).astimezone(definition.time_zone)
    readings = _shown_unit(definition.unit)
    scale = float(10**definition.scale * readings.factor)
    return {
        "day": local.date().isoformat(),
        "series": name,
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
    names: Mapping[int, str],
    span: tuple[int, int],
    marks: Sequence[Verdict],
) -> list[dict[str, Any]]:
    """Intervals as the chart wants them: start in ms UTC, the unit people read, null where a reading is missing."""
    readings = read_readings(connection, visit.house.folder, list(defined), *span)
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
                "name": names[number],
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
