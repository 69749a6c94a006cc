"""Consumption of a facility before and after the works, from its daily sums and a file of outdoor temperatures."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np
import sqlalchemy as sa

from jasyl.figures import Reference
from jasyl.intake import Template, TemplateColumn, read, read_tables
from jasyl.quantities import LOCAL_TIME, Period, instant, period
from jasyl.registry import Series, series_of
from jasyl.texts import Refusal, Where, everywhere

from . import rollup_table
from .definitions import definitions
from .savings import Consumption
from .sealed_hours import daily_amounts

Step = Literal["day", "month"]
# What may be saved, in the order in which a facility's only consumption is looked for.
CONSUMED = ("gas_consumed", "heat_consumed", "electricity_consumed", "water_consumed", "fuel_consumed")
# The unit in which a saving is read, by base unit of the quantity.
READ_IN = {"W.h": "MW.h", "m3": "m3", "kg": "t"}
Temperatures = Mapping[dt.date, float]


@dataclass(frozen=True)
class Span:
    """Days from ``first`` to ``last``, both in."""

    first: dt.date
    last: dt.date


@dataclass(frozen=True)
class MeteredSpan:
    """Complete periods as :class:`Consumption`; ``left`` periods had missing readings or temperatures."""

    consumption: Consumption
    left: int


def parse_span(text: str) -> Span:
    """``2023..2024``, ``2023-05..2024-04`` or ``2023-05-01..2024-04-30``, or one period. Raises Refusal ``span-order``
    and ``period-name``."""
    begin, _, end = text.partition("..")
    first, last = period(begin.strip()), period((end or begin).strip())
    if last.end <= first.start:
        raise Refusal("span-order", received=text[:60])
    last_day = (last.end - dt.timedelta(seconds=1)).astimezone(LOCAL_TIME).date()
    return Span(first.start.astimezone(LOCAL_TIME).date(), last_day)


def in_order(before: Span, after: Span) -> None:
    """Raises Refusal ``savings-order`` unless the time after the works begins when the time before is over."""
    if after.first <= before.last:
        told = (f"{one.first}..{one.last}" for one in (after, before))
        raise Refusal("savings-order", **dict(zip(("received", "expected"), told, strict=True)))


def temperature_template() -> Template:
    """Columns of a file of daily mean outdoor temperatures."""
    return Template(
        "temperatures",
        (
            TemplateColumn("date", everywhere("column-date"), "day", required=True, unique=True, example="2024-01-15"),
            TemplateColumn("temperature", everywhere("column-temperature"), "decimal", required=True, example="-12.4"),
        ),
    )


def read_temperatures(file: Path) -> dict[dt.date, float]:
    """Daily mean temperatures in °C by civil day. Raises Refusal ``file-missing`` and those of reading a file."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise Refusal("file-missing", where=Where(file=file.name), reason=error.strerror or str(error)) from error
    found = read(read_tables(content, file.name)[0], temperature_template())
    if not found.is_clean:
        raise found.problems[0].refusal
    return {row["date"]: float(row["temperature"]) for row in found.rows}


def consumption_series(connection: sa.Connection, facility_id: str, key: str, quantity: str | None) -> list[Series]:
    """The series of one consumed quantity; the only one there is unless named. Raises Refusal ``no-series``."""
    every = series_of(connection, facility_id)
    for wanted in [quantity] if quantity else CONSUMED:
        mine = [each for each in every if each.quantity == wanted]
        if mine:
            return mine
    raise Refusal("no-series", received=key, expected=quantity or ", ".join(CONSUMED))


def metered_span(
    connection: sa.Connection, series: list[Series], span: Span, step: Step, temperatures: Temperatures
) -> MeteredSpan:
    """What all ``series`` counted by ``step`` within ``span``, in the base unit, with mean temperatures.

    A period counts when every day of it has all its readings and a temperature: nothing is filled in.
    """
    return _by_step(_days(connection, series, span), span, step, temperatures)


def sealed_span(
    connection: sa.Connection, series: list[Series], span: Span, step: Step, temperatures: Temperatures
) -> tuple[MeteredSpan, tuple[Reference, ...]]:
    """The same of sealed days alone, with their records: what a figure may rest on."""
    defined = list(definitions(connection, series).values())
    zone = defined[0].time_zone
    first, last = period(span.first.isoformat(), zone), period(span.last.isoformat(), zone)
    amounts, inputs = daily_amounts(connection, defined, Period(first.start, last.end, "day", first.name))
    days = {dt.date.fromisoformat(name): amount for name, amount in amounts.items()}
    return _by_step(days, span, step, temperatures), inputs


def _by_step(days: Mapping[dt.date, float], span: Span, step: Step, temperatures: Temperatures) -> MeteredSpan:
    periods: dict[dt.date, list[tuple[float, float] | None]] = {}
    day = span.first
    while day <= span.last:
        name = day if step == "day" else day.replace(day=1)
        known = days.get(day)
        whole = None if known is None or day not in temperatures else (known, temperatures[day])
        periods.setdefault(name, []).append(whole)
        day += dt.timedelta(days=1)
    kept = [[each for each in found if each is not None] for found in periods.values() if None not in found]
    amounts = [sum(amount for amount, _ in found) for found in kept]
    lengths = [float(len(found)) for found in kept]
    means = [sum(cold for _, cold in found) / len(found) for found in kept]
    return MeteredSpan(Consumption(np.array(amounts), np.array(lengths), np.array(means)), len(periods) - len(kept))


def _days(connection: sa.Connection, series: list[Series], span: Span) -> dict[dt.date, float]:
    """Amounts of the days on which every series has every reading."""
    defined = definitions(connection, series)
    found: dict[dt.date, list[float]] = {}
    for each in series:
        one = defined[each.number]
        start = period(span.first.isoformat(), one.time_zone).start
        end = period(span.last.isoformat(), one.time_zone).end
        at = (round(start.timestamp() * 1e6), round(end.timestamp() * 1e6))
        rows = rollup_table.load(connection, [each.number], "day", *at)
        for begin, total, count, expected in zip(
            rows.start.tolist(), rows.sum.tolist(), rows.count.tolist(), rows.expected.tolist(), strict=True
        ):
            if count == expected:
                day = instant(begin).astimezone(one.time_zone).date()
                found.setdefault(day, []).append(float(total * one.amount_factor))
    return {day: sum(parts) for day, parts in found.items() if len(parts) == len(series)}
