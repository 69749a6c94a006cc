"""Daily mean outdoor temperatures for savings: from a meter of temperature, from the weather store at a place, or as
they were written down."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from jasyl.figures import Reference
from jasyl.quantities import LOCAL_TIME, canonical_json, instant, period, sha256_hex
from jasyl.registry import Series
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from . import rollup_table
from .definitions import definitions
from .savings_readings import Span, Temperatures
from .stated_temperatures import is_stated, stated_temperatures

HOUR = 3_600_000_000
# What a series of outdoor temperature is called; the unit is °C.
OUTDOOR = "outdoor_temperature"
STORE = "store"


def temperatures_of(
    connection: sa.Connection,
    folder: DataFolder,
    facility: Mapping[Any, Any],
    source: str,
    known: Sequence[Series],
    span: Span,
) -> tuple[Temperatures, tuple[Reference, ...]]:
    """Temperatures of the days of ``span`` from ``source``: ``store``, the key of one of the series ``known``, or what
    :func:`jasyl.monitoring.stated_temperatures.stated_source` wrote.

    With what names them as an input. Raises Refusal ``no-temperature``.
    """
    if source == STORE:
        return store_temperatures(folder, facility, span)
    if is_stated(source):
        days = {day: mean for day, mean in stated_temperatures(source).items() if span.first <= day <= span.last}
        digest = sha256_hex(source.encode())
        return days, (Reference("stated_temperatures", digest[:26], digest),)
    found = next((one for one in known if one.key == source), None)
    if found is None:
        raise Refusal("no-temperature", received=source[:60], expected=", ".join([*(one.key for one in known), STORE]))
    days = meter_temperatures(connection, found, span)
    said = [[day.isoformat(), f"{mean:.4f}"] for day, mean in sorted(days.items())]
    return days, (Reference("thermometer", found.id, sha256_hex(canonical_json(said))),)


def meter_temperatures(connection: sa.Connection, series: Series, span: Span) -> dict[dt.date, float]:
    """Means of the days on which a meter of temperature has every reading, °C."""
    defined = definitions(connection, [series])[series.number]
    start, end = _bounds(span, defined.time_zone)
    rows = rollup_table.load(connection, [series.number], "day", start, end)
    columns = (getattr(rows, name).tolist() for name in ("start", "sum", "count", "expected"))
    return {
        instant(at).astimezone(defined.time_zone).date(): total / count / 10**defined.scale
        for at, total, count, expected in zip(*columns, strict=True)
        if count == expected
    }


def store_temperatures(
    folder: DataFolder, facility: Mapping[Any, Any], span: Span
) -> tuple[dict[dt.date, float], tuple[Reference, ...]]:
    """Means of the civil days (Kazakhstan time) that the weather store knows whole at a facility's place, °C.

    Raises Refusal ``no-temperature`` where no store holds the place or it has no temperature.
    """
    from jasyl.atlas.report.weather import store_at  # noqa: PLC0415

    longitude, latitude = facility["lon"], facility["lat"]
    known = longitude is not None and latitude is not None
    held = store_at(folder, float(longitude), float(latitude)) if known else None  # pyright: ignore[reportArgumentType]
    cell = held[0].grid.cell(float(longitude), float(latitude)) if held else None  # pyright: ignore[reportArgumentType]
    if held is None or cell is None or "temperature" not in held[0].fields:
        raise Refusal("no-temperature", received=STORE, expected="—")
    source = held[0]
    start, end = _bounds(span, LOCAL_TIME)
    values = source.series("temperature", *cell, start, end).astype(np.float64) - 273.15
    first = source.start + max(-((source.start - start) // source.step), 0) * source.step
    days: dict[dt.date, list[float]] = {}
    for at, value in zip(range(first, end, source.step), values.tolist(), strict=False):
        days.setdefault(instant(at).astimezone(LOCAL_TIME).date(), []).append(value)
    # A day on which the clock changed is an hour longer or shorter.
    wanted = 24 * HOUR // source.step
    means = {day: float(np.mean(of)) for day, of in days.items() if abs(len(of) - wanted) <= 1}
    finite = {day: mean for day, mean in means.items() if np.isfinite(mean)}
    return finite, (Reference("weather_store", source.digest[:26], source.digest),)


def _bounds(span: Span, zone: ZoneInfo) -> tuple[int, int]:
    start, end = period(span.first.isoformat(), zone).start, period(span.last.isoformat(), zone).end
    return round(start.timestamp() * 1e6), round(end.timestamp() * 1e6)
