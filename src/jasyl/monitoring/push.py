"""Readings as programs push them: one JSON document, read as columns, with what is wrong told for each reading.

The document is the contract with gateways: :func:`push_schema` gives it as JSON Schema, ``docs/push.md`` in words.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import Any

import msgspec
import numpy as np

from jasyl.people import Actor
from jasyl.quantities import microseconds
from jasyl.texts import Refusal

from .delivery import LARGEST, Batch, Source
from .known_series import SeriesIndex
from .push_ways import Asked, Layout, Way
from .quarantine import Stray
from .series import SeriesDefinition

MOST_READINGS = 50_000
MOST_BYTES = 8 * 2**20
# Up to here a product of a decimal that a float tells apart and a factor is off by less than half a unit.
_EXACT = 2.0**46
# µs from 1970 in which no sum of moments and intervals overflows.
_FARTHEST = 2**62
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TICK = dt.timedelta(microseconds=1)


class PushedReading(msgspec.Struct, forbid_unknown_fields=True, gc=False):
    """One reading: ``start`` of its interval, its ``value``, and, where the document does not say it for all,
    the ``series`` (key or id) and the ``unit``. ``revision`` is for senders that number their own corrections."""

    start: int | dt.datetime
    value: float | str | None
    series: str | None = None
    unit: str | None = None
    revision: int | None = None


class Push(msgspec.Struct, forbid_unknown_fields=True):
    """A delivery: readings, what is common to them, and the sender's own name or number for the delivery."""

    readings: list[PushedReading]
    series: str | None = None
    unit: str | None = None
    sequence: int | str | None = None


class _Loose(msgspec.Struct, forbid_unknown_fields=True):
    """The same before anything is known of its readings."""

    readings: list[Any]
    series: str | None = None
    unit: str | None = None
    sequence: int | str | None = None


@dataclass
class Delivery:
    """A push made into columns.

    ``batch`` holds the readings of known series, ``rows`` where each of them stood in the document; ``strays`` are
    readings of unknown series, by row; ``refused`` what cannot be taken, by row; ``rounded`` how many values were
    finer than their series keeps.
    """

    batch: Batch
    rows: Sequence[int]
    strays: dict[int, Stray] = field(default_factory=dict[int, Stray])
    refused: dict[int, Refusal] = field(default_factory=dict[int, Refusal])
    rounded: int = 0
    count: int = 0


def push_schema() -> dict[str, Any]:
    """JSON Schema (2020-12) of the document."""
    made, parts = msgspec.json.schema_components([Push], ref_template="#/$defs/{name}")
    head = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Readings pushed by a program"}
    return {**head, **made[0], "$defs": parts}


def read_push(content: bytes) -> tuple[Push, dict[int, Refusal]]:
    """The document, and refusals of readings that are not of its form (they are left out, their rows kept as None).

    Raises Refusal ``push-too-large``, ``push-unreadable`` or ``push-too-many``.
    """
    if len(content) > MOST_BYTES:
        raise Refusal("push-too-large", received=len(content), expected=MOST_BYTES)
    refused: dict[int, Refusal] = {}
    try:
        push = _DECODER.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        push, refused = _one_by_one(content)
    if len(push.readings) > MOST_READINGS:
        raise Refusal("push-too-many", received=len(push.readings), expected=MOST_READINGS)
    return push, refused


_DECODER = msgspec.json.Decoder(Push)
_NO_READING = PushedReading(0, None)


def _one_by_one(content: bytes) -> tuple[Push, dict[int, Refusal]]:
    """Some reading is not of the form: find which, so that the others are taken."""
    try:
        loose = msgspec.json.decode(content, type=_Loose)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("push-unreadable", reason=str(error)[:200]) from None
    readings: list[PushedReading] = []
    refused: dict[int, Refusal] = {}
    for row, each in enumerate(loose.readings[: MOST_READINGS + 1]):
        try:
            readings.append(msgspec.convert(each, PushedReading))
        except msgspec.ValidationError as error:
            readings.append(_NO_READING)
            refused[row] = Refusal("push-reading-form", reason=str(error)[:200])
    return Push(readings, loose.series, loose.unit, loose.sequence), refused


def deliver(
    push: Push,
    refused: dict[int, Refusal],
    index: SeriesIndex,
    actor: Actor,
    source: Source,
    signed: frozenset[str] = frozenset(),
) -> Delivery:
    """``push`` as columns, each reading checked for what can be told without looking at the store.

    ``signed`` are the ids of the series for which the verified signature of the delivery speaks; a series that the
    register calls signed is taken from nobody else.
    """
    layout = Asked(push.series, push.unit, index, actor).layout(push.readings)
    if not refused and layout.taken and layout.signed <= signed:
        made = _at_once(push, layout, source)
        if made is not None:
            return made
    ways = layout.ways
    if layout.signed:
        ways = [way.unsigned() if way.demands_signature and way.series_id not in signed else way for way in ways]
    empty = np.empty(0, np.int64)
    made = Delivery(Batch(empty, empty, empty, source), [], refused=dict(refused), count=len(push.readings))
    starts = [_start(each.start) for each in push.readings]
    rows = list[int]()
    _sort_out(made, rows, push, ways, starts)
    _columns(made, rows, push, starts, ways, source)
    return made


def _at_once(push: Push, layout: Layout, source: Source) -> Delivery | None:
    """All readings in one step, or None when some have to be looked at one by one; nearly every delivery goes so."""
    given = [each.value for each in push.readings]
    revisions = [each.revision for each in push.readings]
    if set(map(type, given)) != {float} or revisions.count(None) < len(revisions):
        return None
    try:
        moments = np.array([each.start for each in push.readings], np.int64)
    except (TypeError, OverflowError):  # moments in words, or beyond all measure
        starts = [_start(each.start) for each in push.readings]
        if None in starts:
            return None
        moments = np.array(starts, np.int64)
    scaled = np.array(given, np.float64) * layout.factors
    nearest = np.rint(scaled)
    off = np.abs(scaled - nearest)
    worst = off.max()
    # Half a step could be rounded to the wrong side.
    if not (worst < 0.499 and scaled.min() > -_EXACT and scaled.max() < _EXACT):
        return None
    if not (moments.min() > -_FARTHEST and moments.max() < _FARTHEST):
        return None
    finer = off > 1e-6 * np.maximum(1.0, np.abs(scaled) * 1e-6) if worst > 1e-6 else ()
    batch = Batch(layout.numbers, moments, nearest.astype(np.int64), source)
    return Delivery(batch, range(len(given)), rounded=int(np.count_nonzero(finer)), count=len(given))


def _sort_out(made: Delivery, rows: list[int], push: Push, ways: Sequence[Way], starts: Sequence[int | None]) -> None:
    """Fill ``rows`` with what goes to the store, and ``made`` with what does not."""
    for row, (each, way, start) in enumerate(zip(push.readings, ways, starts, strict=True)):
        if row in made.refused:
            continue
        wrong = way.wrong or _wrong(each, start)
        if wrong is not None or start is None:
            made.refused[row] = wrong or Refusal("push-start", received=str(each.start)[:40])
        elif way.definition is None:
            _stray(made, row, each, start, way)
        else:
            rows.append(row)


def _wrong(each: PushedReading, start: int | None) -> Refusal | None:
    if start is None:
        return Refusal("push-start", received=str(each.start)[:40])
    if each.value is None:
        return Refusal("push-value", received="null")
    if each.revision is not None and not 1 <= each.revision < 2**31:
        return Refusal("push-revision", received=str(each.revision))
    return None


def _start(written: int | dt.datetime) -> int | None:
    if isinstance(written, int):
        return written if -_FARTHEST < written < _FARTHEST else None
    return None if written.tzinfo is None else (written - _EPOCH) // _TICK


def _stray(made: Delivery, row: int, each: PushedReading, start: int, way: Way) -> None:
    value = exact(each.value)
    if value is None:
        made.refused[row] = Refusal("push-value", received=str(each.value)[:40])
    else:
        made.strays[row] = Stray(way.name, start, format(value, "f"), way.written_unit)


def exact(value: object) -> Decimal | None:
    """A number or a decimal string as a decimal; None for what is none (NaN, infinity, words, absurd exponents)."""
    try:
        found = Decimal(str(value)) if not isinstance(value, bool) else Decimal("NaN")
    except (InvalidOperation, ValueError):
        return None
    return found if found.is_finite() and abs(found.adjusted()) <= 40 else None


def _columns(
    made: Delivery,
    rows: Sequence[int],
    push: Push,
    starts: Sequence[int | None],
    ways: Sequence[Way],
    source: Source,
) -> None:
    """Values as integers, all at once where floats are certain, else one by one in decimals."""
    readings, ways = [push.readings[row] for row in rows], [ways[row] for row in rows]
    scaling = np.array([way.scaling for way in ways], np.float64).reshape(-1, 2)
    given = [each.value for each in readings]
    try:
        scaled = np.array(given, np.float64) * scaling[:, 1]
    except (ValueError, TypeError, OverflowError):
        scaled = np.full(len(readings), np.nan)
    scaled[~(np.abs(scaled) < _EXACT)] = np.nan
    nearest = np.rint(scaled)
    # Half a step could be rounded to the wrong side, and strings may hold more than a float does.
    certain = np.abs(np.abs(scaled - np.trunc(scaled)) - 0.5) > 1e-3
    finer = np.abs(scaled - nearest) > 1e-6 * np.maximum(1.0, np.abs(scaled) * 1e-6)
    if str in set(map(type, given)):
        certain &= np.array([not isinstance(each, str) for each in given], bool)
    values = np.where(certain, nearest, 0).astype(np.int64)
    kept = np.ones(len(readings), bool)
    for at in np.flatnonzero(~certain).tolist():
        found = exact(given[at])
        step = None if found is None else found * ways[at].factor
        if step is None or abs(step) > LARGEST:
            made.refused[rows[at]] = _bad_value(given[at], step)
            kept[at] = False
            continue
        whole = step.to_integral_value(ROUND_HALF_EVEN)
        values[at], finer[at] = int(whole), whole != step
    made.rounded = int((finer & kept).sum())
    revision = None
    if any(each.revision is not None for each in readings):
        revision = np.array([each.revision or 0 for each in readings], np.int64)[kept]
    numbers, moments = scaling[:, 0].astype(np.int64), np.array([starts[row] for row in rows], np.int64)
    made.rows = [row for row, good in zip(rows, kept.tolist(), strict=True) if good]
    made.batch = Batch(numbers[kept], moments[kept], values[kept], source, revision)


def _bad_value(value: object, step: Decimal | None) -> Refusal:
    if step is None:
        return Refusal("push-value", received=str(value)[:40])
    return Refusal("reading-too-large", received=str(value)[:40], expected=str(LARGEST))


def floor_to_interval(moment: dt.datetime, definition: SeriesDefinition) -> int:
    """µs UTC at which the interval that holds ``moment`` begins (intervals that divide an hour)."""
    at = microseconds(moment)
    return at - at % definition.interval
