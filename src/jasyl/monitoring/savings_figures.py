"""Savings of an efficiency project as a figure: avoided use of a period against the model of what was before it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any, cast

import msgspec
import sqlalchemy as sa

from jasyl.figures import FigureKind, Gathered, Gatherer, Outcome, Reference, Request, StoredFigure, Watch, make, method
from jasyl.figures import Subject as FigureSubject
from jasyl.quantities import microseconds, period
from jasyl.registry import Series, every_series, series_of
from jasyl.registry.tables import facility as held
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .amounts import AMOUNTS, RATIO, RESOLUTION
from .definitions import definitions
from .methods import strictest
from .outdoor_temperature import OUTDOOR, temperatures_of
from .savings import Consumption, Savings, measured_savings
from .savings_readings import CONSUMED, MeteredSpan, Span, Step, consumption_series, in_order, parse_span, sealed_span
from .stated_temperatures import is_stated

PREFIX = "savings."
SAVINGS_INDICATORS = {PREFIX + quantity: quantity for quantity in CONSUMED}
LEVEL_T = Decimal("1.645")


class Comparison(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``before`` as it is written (``2023-01..2023-12``), ``step`` day or month, ``temperature``: ``store``, the key of
    a series, or values of months written out (:func:`jasyl.monitoring.stated_temperatures.stated_source`)."""

    before: str
    step: str
    temperature: str


@dataclass(frozen=True, eq=False)
class BeforeAfter:
    """Whole periods before and after the works; ``left`` of those after were not whole."""

    before: Consumption
    after: Consumption
    left: int


def savings_of(_parameters: Comparison, data: BeforeAfter) -> Outcome:
    """IPMVP option C, see ``measured_savings``: avoided use, its standard uncertainty (half the 90 % interval over
    1.645), and the share of the periods after that are whole."""
    found = measured_savings(data.before, data.after)
    count = len(data.after.amount)
    spread = Decimal(repr((found.high - found.low) / 2)) / LEVEL_T
    complete = (Decimal(count) / (count + data.left)).quantize(RATIO)
    return Outcome(Decimal(repr(found.avoided)).quantize(RESOLUTION), complete, spread.quantize(RESOLUTION))


for _indicator, _quantity in SAVINGS_INDICATORS.items():
    method(_indicator, "1.0.0", indicator=_indicator, kind="modelled", unit=AMOUNTS[_quantity], parameters=Comparison)(
        savings_of
    )


@dataclass(frozen=True)
class Compared:
    """What a comparison rests on and gives."""

    savings: Savings
    before: MeteredSpan
    after: MeteredSpan
    series: tuple[Series, ...]
    inputs: tuple[Reference, ...]


def thermometers(connection: sa.Connection) -> list[Series]:
    """Every series of outdoor temperature, of whatever facility or station."""
    return [one for one in every_series(connection) if one.quantity == OUTDOOR]


def compare(
    connection: sa.Connection,
    folder: DataFolder,
    facility: Mapping[Any, Any],
    settings: Comparison,
    after: Span,
    *,
    quantity: str | None = None,
    known: Sequence[Series] | None = None,
    readable: Sequence[Series] | None = None,
) -> Compared:
    """Savings of ``after`` from sealed days. ``known`` are the thermometers that may be used, ``readable`` the meters
    of the facility (None: all).

    Raises Refusal ``no-series``, ``no-temperature``, ``temperature-monthly``, ``savings-order`` and those of
    ``measured_savings``.
    """
    if settings.step == "day" and is_stated(settings.temperature):
        raise Refusal("temperature-monthly")
    before = parse_span(settings.before)
    in_order(before, after)
    series = consumption_series(connection, facility["id"], facility["key"], quantity)
    if readable is not None:
        allowed = {one.number for one in readable}
        series = [one for one in series if one.number in allowed]
    meters = thermometers(connection) if known is None else known
    step = cast("Step", settings.step)
    parts: list[MeteredSpan] = []
    inputs: list[Reference] = []
    for span in (before, after):
        cold, named = temperatures_of(connection, folder, facility, settings.temperature, meters, span)
        part, days = sealed_span(connection, series, span, step, cold)
        parts.append(part)
        inputs += [*days, *named]
    found = measured_savings(parts[0].consumption, parts[1].consumption)
    return Compared(found, parts[0], parts[1], tuple(series), tuple(dict.fromkeys(inputs)))


def savings_gatherers(folder: DataFolder, kind: FigureKind = "observed") -> dict[str, Gatherer]:
    """What :func:`jasyl.figures.make` and ``recompute`` need for these methods."""

    def gather(connection: sa.Connection, request: Request, quantity: str) -> Gathered:
        row = connection.execute(sa.select(held).where(held.c.id == request.subject.id)).mappings().one()
        settings = msgspec.convert(dict(request.parameters), Comparison)
        found = compare(connection, folder, row, settings, parse_span(request.period.name), quantity=quantity)
        data = BeforeAfter(found.before.consumption, found.after.consumption, found.after.left)
        start = parse_span(settings.before).first
        zone = definitions(connection, list(found.series))[found.series[0].number].time_zone
        begin, end = microseconds(period(start.isoformat(), zone).start), microseconds(request.period.end)
        meters = [*found.series, *(one for one in thermometers(connection) if one.key == settings.temperature)]
        watches = tuple(Watch("series", one.id, begin, end) for one in meters)
        level = strictest(list(definitions(connection, meters).values()))
        said: FigureKind = "training" if kind == "training" else "modelled"
        return Gathered(data, found.inputs, watches, level, said)

    return {indicator: partial(gather, quantity=quantity) for indicator, quantity in SAVINGS_INDICATORS.items()}


def make_savings_figure(
    connection: sa.Connection,
    folder: DataFolder,
    facility: Mapping[Any, Any],
    name: str,
    settings: Comparison,
    kind: FigureKind,
    now: int,
    *,
    quantity: str | None = None,
) -> StoredFigure:
    """Compute and keep the savings of the period ``name`` (a year or month after the works).

    Raises Refusal ``no-series``, ``no-temperature``, ``period-name`` and those of ``measured_savings``.
    """
    series = consumption_series(connection, facility["id"], facility["key"], quantity)
    zone = definitions(connection, series)[series[0].number].time_zone
    request = Request(FigureSubject("facility", facility["id"]), period(name, zone), msgspec.to_builtins(settings))
    return make(connection, savings_gatherers(folder, kind), PREFIX + series[0].quantity, request, now)


def consumed_series(connection: sa.Connection, facility_id: str) -> list[Series]:
    """The series of a facility whose savings could be told."""
    return [one for one in series_of(connection, facility_id) if one.quantity in CONSUMED]
