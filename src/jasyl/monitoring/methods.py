"""How figures are made from readings: the amounts of a facility's meters, and its capacity factor."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import partial

import msgspec
import numpy as np
import sqlalchemy as sa

from jasyl.figures import (
    Describer,
    FigureKind,
    Gathered,
    Gatherer,
    Node,
    Outcome,
    Publication,
    Reference,
    Request,
    Watch,
    current,
    key_of,
    method,
)
from jasyl.quantities import Period, microseconds, period
from jasyl.texts import Refusal

from . import rollup_table, rollups
from .amounts import QUANTITIES, RATIO, SeriesTotal
from .civil_time import Calendar
from .dynamics_figures import REGISTER
from .performance import capacity_factor, specific_yield
from .place_series import series_of_place
from .seals import SealedDay, sealed_day_of, sealed_days
from .series import SeriesDefinition

GENERATED = "electricity.generated"


class NominalPower(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``capacity`` is the nominal power in W as decimal text."""

    capacity: str


@dataclass(frozen=True)
class EnergyOverTime:
    """Energy in Wh of a period of so many hours, with its completeness."""

    energy: Decimal | None
    completeness: Decimal
    hours: Decimal


@method("capacity_factor", "1.0.0", indicator="capacity_factor", kind="observed", unit="1", parameters=NominalPower)
def capacity_factor_of_energy(parameters: NominalPower, data: EnergyOverTime) -> Outcome:
    """Capacity factor of the metered time, to 10^-6; see :func:`jasyl.monitoring.performance.capacity_factor`."""
    found = capacity_factor(data.energy, Decimal(parameters.capacity), data.hours, data.completeness)
    value = None if found.value is None else found.value.quantize(RATIO, ROUND_HALF_EVEN)
    return Outcome(value, found.completeness)


@method("yield.specific", "1.0.0", indicator="yield.specific", kind="observed", unit="h", parameters=NominalPower)
def specific_yield_of_energy(parameters: NominalPower, data: EnergyOverTime) -> Outcome:
    """Energy for each unit of nominal power, Wh/W (IEC 61724-1: final yield), to 10^-3; not scaled up for gaps."""
    found = specific_yield(data.energy, Decimal(parameters.capacity), data.completeness)
    value = None if found.value is None else found.value.quantize(Decimal("0.001"), ROUND_HALF_EVEN)
    return Outcome(value, found.completeness)


def gatherers(definitions: Mapping[int, SeriesDefinition], kind: FigureKind = "observed") -> dict[str, Gatherer]:
    """What :func:`jasyl.figures.make` and ``recompute`` need for these methods.

    ``kind`` is ``training`` in the folder of the training starter.
    """

    def amount(connection: sa.Connection, request: Request, quantity: str) -> Gathered:
        of_facility = request.subject.kind == "facility"
        if of_facility:
            series = series_measuring(definitions, request.subject.id, quantity)
        else:
            series = series_of_place(connection, definitions, request.subject, quantity)
        totals: list[SeriesTotal] = []
        inputs: list[Reference] = []
        # Of a place the register decides whose meters are added up.
        watches: list[Watch] = [] if of_facility else [REGISTER]
        for each in series:
            span = period(request.period.name, each.time_zone)
            total, days = sealed_total(connection, each, span)
            totals.append(total)
            inputs.extend(Reference("sealed_day", day.record_id, day.record_id) for day in days)
            watches.append(Watch("series", each.id, microseconds(span.start), microseconds(span.end)))
        return Gathered(totals, tuple(inputs), tuple(watches), strictest(series), kind)

    def factor(connection: sa.Connection, request: Request) -> Gathered:
        key = key_of(GENERATED, request.subject, request.period.name, kind)
        found = current(connection, [key]).get(key)
        if found is None:
            raise Refusal("figure-missing", received=key)
        figure = found.figure
        hours = Decimal(figure.end - figure.start) / 3_600_000_000
        data = EnergyOverTime(figure.value, figure.completeness or Decimal(0), hours)
        inputs = (Reference("figure", found.id, figure.content_hash),)
        return Gathered(data, inputs, publication=figure.publication, kind=kind)

    amounts: dict[str, Gatherer] = {
        indicator: partial(amount, quantity=quantity) for indicator, quantity in QUANTITIES.items()
    }
    return {**amounts, "capacity_factor": factor, "yield.specific": factor}


def sealed_total(
    connection: sa.Connection, series: SeriesDefinition, span: Period
) -> tuple[SeriesTotal, list[SealedDay]]:
    """The total of a series over the sealed days of a period, and those days.

    A day counts when its seal covers all that arrived; an open day joins when it is sealed. So each figure can be
    walked down to records of the ledger, whole days of them.
    """
    start, end = microseconds(span.start), microseconds(span.end)
    days = rollup_table.load(connection, [series.number], "day", start, end)
    sealed = {each.start: each for each in sealed_days(connection, [series.number], start, end)}
    arrived = zip(days.start.tolist(), days.source.tolist(), strict=True)
    covered = np.array([at in sealed and sealed[at].source >= source for at, source in arrived], bool)
    kept = days.take(covered)
    whole = rollups.expected(Calendar("day", np.array([start, end])), series.interval, series.time_zone)
    total = SeriesTotal(int(kept.sum.sum()), series.amount_factor, int(kept.count.sum()), int(whole[0]))
    return total, [sealed[at] for at in kept.start.tolist()]


def changes(days: Sequence[SealedDay]) -> list[Watch]:
    """What :func:`jasyl.figures.mark_stale` needs to know of freshly sealed days."""
    return [Watch("series", day.series_id, day.start, day.end) for day in days]


def describers() -> dict[str, Describer]:
    """What the passport of a statement says of a sealed day."""

    def sealed_day(connection: sa.Connection, reference: Reference) -> Node:
        day = sealed_day_of(connection, reference.id)
        if day is None:
            return Node(reference.kind, reference.id, {"digest": reference.hash})
        return Node(
            "sealed_day",
            reference.id,
            {
                "series": day.series_id,
                "day": day.day,
                "root": day.root,
                "count": day.count,
                "expected": day.expected,
                "sum": str(day.sum),
                "supersedes": day.supersedes,
                "superseded_by": day.superseded_by,
            },
        )

    return {"sealed_day": sealed_day}


def series_measuring(
    definitions: Mapping[int, SeriesDefinition], facility: str, quantity: str
) -> list[SeriesDefinition]:
    """The series of a facility that measure a quantity, by id. Raises Refusal ``no-series``."""
    mine = [each for each in definitions.values() if each.facility_id == facility and each.quantity == quantity]
    if not mine:
        raise Refusal("no-series", received=facility, expected=quantity)
    return sorted(mine, key=lambda each: each.id)


def strictest(series: Sequence[SeriesDefinition]) -> Publication:
    """The publication level of what is made from all of ``series``."""
    order: tuple[Publication, ...] = ("public", "aggregated", "closed")
    return order[max(order.index(each.publication) for each in series)]
