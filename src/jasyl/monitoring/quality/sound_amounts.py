"""Figures that leave out what was judged wrong, and how much of any figure's readings is in doubt.

The ordinary method of an amount (``electricity.generated``) counts what the sealed days say. The method
``electricity.generated.sound`` is another way to the same figure: it leaves out the readings under verdicts ``wrong``,
says so by its completeness, and names the verdicts among its inputs. Sealed days stay as they are. Whoever makes the
figure chooses; the passport says which it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import sqlalchemy as sa

from jasyl.figures import (
    Describer,
    FigureKind,
    Gathered,
    Gatherer,
    Node,
    Reference,
    Request,
    StoredFigure,
    Subject,
    Watch,
    make,
    method,
)
from jasyl.quantities import Period, canonical_json, instant, microseconds, period, sha256_hex
from jasyl.registry import series_of
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .. import rollups, segments
from ..amounts import AMOUNTS, QUANTITIES, SeriesTotal, metered_amount
from ..definitions import definitions as definitions_of
from ..dropped_spans import require_kept
from ..methods import sealed_total, series_measuring, strictest
from ..series import SeriesDefinition
from .observation import Bools, Int
from .verdict import Verdict
from .verdict_table import verdict_of, verdicts

SOUND = ".sound"
for _indicator, _quantity in QUANTITIES.items():
    method(_indicator + SOUND, "1.0.0", indicator=_indicator, kind="observed", unit=AMOUNTS[_quantity])(metered_amount)


@dataclass(frozen=True)
class Doubt:
    """How many of the readings behind a figure are under verdicts."""

    readings: int
    suspect: int
    wrong: int


def doubt(
    connection: sa.Connection, folder: DataFolder, series: Sequence[SeriesDefinition], start: int, end: int
) -> Doubt:
    """Readings of ``series`` in [start, end), µs UTC, and how many are suspect and wrong (wrong ones count once)."""
    readings = suspect = wrong = 0
    for each in series:
        rows = segments.read(connection, folder, [each.number], start, end)
        under = verdicts(connection, [each.number], start, end)
        bad = _covered(rows.start, [row for row in under if row.verdict == "wrong"])
        odd = _covered(rows.start, [row for row in under if row.verdict == "suspect"]) & ~bad
        readings, suspect, wrong = readings + len(rows), suspect + int(odd.sum()), wrong + int(bad.sum())
    return Doubt(readings, suspect, wrong)


def make_sound_figure(
    connection: sa.Connection,
    folder: DataFolder,
    facility: Mapping[Any, Any],
    indicator: str,
    name: str,
    kind: FigureKind,
    now: int,
) -> StoredFigure:
    """Compute and keep an amount of a facility without the readings judged wrong, for the period ``name``.

    Raises Refusal ``unknown-indicator``, ``no-series``, ``period-name``.
    """
    if indicator not in QUANTITIES:
        raise Refusal("unknown-indicator", received=indicator[:60], expected=", ".join(QUANTITIES))
    series = [each for each in series_of(connection, facility["id"]) if each.quantity == QUANTITIES[indicator]]
    if not series:
        raise Refusal("no-series", received=facility["key"], expected=QUANTITIES[indicator])
    defined = definitions_of(connection, series)
    span = period(name, defined[series[0].number].time_zone)
    ways = sound_gatherers(defined, folder, kind)
    return make(connection, ways, indicator + SOUND, Request(Subject("facility", facility["id"]), span, {}), now)


def sound_gatherers(
    definitions: Mapping[int, SeriesDefinition], folder: DataFolder, kind: FigureKind = "observed"
) -> dict[str, Gatherer]:
    """What :func:`jasyl.figures.make` and ``recompute`` need for these methods."""

    def amount(connection: sa.Connection, request: Request, quantity: str) -> Gathered:
        series = series_measuring(definitions, request.subject.id, quantity)
        totals: list[SeriesTotal] = []
        inputs: list[Reference] = []
        watches: list[Watch] = []
        for each in series:
            span = period(request.period.name, each.time_zone)
            total, references = _sound_total(connection, folder, each, span)
            totals.append(total)
            inputs += references
            bounds = microseconds(span.start), microseconds(span.end)
            watches += [Watch("series", each.id, *bounds), Watch("quality", each.id, *bounds)]
        return Gathered(totals, tuple(inputs), tuple(watches), strictest(series), kind)

    return {indicator + SOUND: partial(amount, quantity=quantity) for indicator, quantity in QUANTITIES.items()}


def doubted(rows: Sequence[Verdict], definitions: Mapping[int, SeriesDefinition]) -> list[Watch]:
    """What :func:`jasyl.figures.mark_stale` needs to know of verdicts that were just kept."""
    return [Watch("quality", definitions[each.series].id, each.start, each.end) for each in rows]


def verdict_describer() -> dict[str, Describer]:
    """What the passport of a statement says of a verdict."""

    def verdict(connection: sa.Connection, reference: Reference) -> Node:
        found = verdict_of(connection, int(reference.id))
        if found is None:
            return Node(reference.kind, reference.id, {"digest": reference.hash})
        said: dict[str, str | int | bool | None] = {**_said(found), "actor": found.actor, "note": found.note}
        return Node("verdict", reference.id, said)

    return {"verdict": verdict}


def _sound_total(
    connection: sa.Connection, folder: DataFolder, series: SeriesDefinition, span: Period
) -> tuple[SeriesTotal, list[Reference]]:
    """The total of the sealed days of a period without the steps under verdicts ``wrong``."""
    total, days = sealed_total(connection, series, span)
    references = [Reference("sealed_day", day.record_id, day.record_id) for day in days]
    start, end = microseconds(span.start), microseconds(span.end)
    bad = [each for each in verdicts(connection, [series.number], start, end) if each.verdict == "wrong"]
    if not bad or not days:
        return total, references
    require_kept(connection, series.number, start, end)
    beyond = series.interval if series.kind == "counter" else 0
    steps = rollups.steps(segments.read(connection, folder, [series.number], start, end + beyond), series)
    sealed = np.zeros(len(steps), bool)
    for day in days:
        sealed |= (steps.start >= day.start) & (steps.start < day.end)
    out = sealed & _covered(steps.start, bad)
    kept = [verdict_of(connection, number) for number in sorted({each.number for each in bad})]
    references += [Reference("verdict", str(each.number), _digest(each)) for each in kept if each is not None]
    left = SeriesTotal(
        total.sum - int(steps.sum[out].sum()), total.factor, total.count - int(out.sum()), total.expected
    )
    return left, references


def _covered(start: Int, rows: Sequence[Verdict]) -> Bools:
    covered = np.zeros(len(start), bool)
    for each in rows:
        covered |= (start >= each.start) & (start < each.end)
    return covered


def _digest(each: Verdict) -> str:
    return sha256_hex(canonical_json(_said(each)))


def _said(each: Verdict) -> dict[str, str | int | bool | None]:
    return {
        "number": each.number,
        "check": f"{each.check}@{each.version}",
        "verdict": each.verdict,
        "start": instant(each.start).isoformat(),
        "end": instant(each.end).isoformat(),
        "evidence": each.evidence,
    }
