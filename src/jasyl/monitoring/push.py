"""Readings as programs push them: one JSON document, read as columns, with what is wrong told for each reading.

The document is the contract with gateways: :func:`push_schema` gives it as JSON Schema, ``docs/push.md`` in words.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from functools import cached_property
from typing import Any

import msgspec
import numpy as np

from jasyl.people import Actor
from jasyl.quantities import UNITS, Unit, microseconds, unit
from jasyl.texts import Refusal

from .delivery import LARGEST, Batch, Source
from .known_series import SeriesIndex
from .quarantine import Stray
from .series import SeriesDefinition

MOST_READINGS = 50_000
MOST_BYTES = 8 * 2**20
# Up to here a product of a decimal that a float tells apart and a factor is off by less than half a unit.
_EXACT = 2.0**46
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_TICK = dt.timedelta(microseconds=1)


class PushedReading(msgspec.Struct, forbid_unknown_fields=True):
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
    rows: list[int]
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
    asked = _Asked(push, index, actor)
    ways = [asked.way(each.series, each.unit) for each in push.readings]
    if any(way.demands_signature for way in ways):
        ways = [way.unsigned() if way.demands_signature and way.series_id not in signed else way for way in ways]
    empty = np.empty(0, np.int64)
    made = Delivery(Batch(empty, empty, empty, source), [], refused=dict(refused), count=len(push.readings))
    starts = [_start(each.start) for each in push.readings]
    if refused or not _plain(push, ways, starts):
        _sort_out(made, push, ways, starts)
        starts = [starts[row] for row in made.rows]
        ways = [ways[row] for row in made.rows]
    else:
        made.rows = list(range(made.count))
    _columns(made, push, starts, ways, source)
    return made


def _plain(push: Push, ways: Sequence["_Way"], starts: Sequence[int | None]) -> bool:
    """Whether nothing about the readings has to be looked at one by one; nearly every delivery of a program is so."""
    return (
        None not in starts
        and all(way.taken for way in ways)
        and all(each.revision is None and each.value is not None for each in push.readings)
    )


def _sort_out(made: Delivery, push: Push, ways: Sequence["_Way"], starts: Sequence[int | None]) -> None:
    for row, (each, way, start) in enumerate(zip(push.readings, ways, starts, strict=True)):
        if row in made.refused:
            continue
        wrong = way.wrong or _wrong(each, start)
        if wrong is not None or start is None:
            made.refused[row] = wrong or Refusal("push-start", received=str(each.start)[:40])
        elif way.definition is None:
            _stray(made, row, each, start, way)
        else:
            made.rows.append(row)


def _wrong(each: PushedReading, start: int | None) -> Refusal | None:
    if start is None:
        return Refusal("push-start", received=str(each.start)[:40])
    if each.value is None:
        return Refusal("push-value", received="null")
    if each.revision is not None and not 1 <= each.revision < 2**31:
        return Refusal("push-revision", received=str(each.revision))
    return None


@dataclass(frozen=True)
class _Way:
    """How readings under one series and unit become integers; ``wrong`` says why they cannot."""

    name: str
    written_unit: str
    definition: SeriesDefinition | None = None
    factor: Decimal = Decimal(1)
    wrong: Refusal | None = None

    @cached_property
    def taken(self) -> bool:
        return self.wrong is None and self.definition is not None

    @cached_property
    def demands_signature(self) -> bool:
        """Whether the register says that a device or gateway signs for the series."""
        return self.taken and self.definition is not None and self.definition.trust != "operator-entered"

    @property
    def series_id(self) -> str:
        return self.definition.id if self.definition else ""

    def unsigned(self) -> "_Way":
        """The way of a reading that should have been signed and was not."""
        return replace(self, wrong=Refusal("push-unsigned", received=self.name[:80]))

    @cached_property
    def scaling(self) -> tuple[int, float]:
        """Number of the series, and the factor to its stored integers."""
        return (self.definition.number if self.definition else 0), float(self.factor)


class _Asked:
    """Series and units of one document; what a sender asked for before is known as long as the register stays."""

    def __init__(self, push: Push, index: SeriesIndex, actor: Actor) -> None:
        self.series, self.unit, self.index, self.actor = push.series, push.unit, index, actor
        self._known: dict[tuple[str | None, str | None], _Way] = index.remembered(actor)

    def way(self, series: str | None, written: str | None) -> _Way:
        asked = (series or self.series, written or self.unit)
        found = self._known.get(asked)
        if found is None:
            found = self._find(*asked)
            if found.taken:
                self._known[asked] = found
        return found

    def _find(self, series: str | None, written: str | None) -> _Way:
        name = series or ""
        if not series or len(series) > 200:
            return _Way(name, written or "", wrong=Refusal("push-no-series", received=name[:80]))
        if not written or len(written) > 40:
            return _Way(name, "", wrong=Refusal("push-no-unit", received=(written or "")[:40], series=name[:80]))
        try:
            definition, allowed = self.index.writable(self.actor, series)
            said: Unit = UNITS.get(written) or unit(written)
            if definition is None:
                return _Way(name, said.ucum)
            if not allowed:
                return _Way(name, said.ucum, wrong=Refusal("push-not-yours", received=name[:80]))
            if said.dimension != definition.unit.dimension:
                wrong = Refusal("unit-dimension", received=said.ucum, expected=definition.unit.ucum)
                return _Way(name, said.ucum, wrong=wrong)
        except Refusal as wrong:
            return _Way(name, written, wrong=wrong)
        return _Way(name, said.ucum, definition, said.factor.scaleb(definition.scale))


def _start(written: int | dt.datetime) -> int | None:
    if isinstance(written, int):
        return written if -(2**62) < written < 2**62 else None
    return None if written.tzinfo is None else (written - _EPOCH) // _TICK


def _stray(made: Delivery, row: int, each: PushedReading, start: int, way: _Way) -> None:
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


def _columns(made: Delivery, push: Push, starts: Sequence[int | None], ways: Sequence[_Way], source: Source) -> None:
    """Values as integers, all at once where floats are certain, else one by one in decimals."""
    readings = push.readings if len(made.rows) == made.count else [push.readings[row] for row in made.rows]
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
            made.refused[made.rows[at]] = _bad_value(given[at], step)
            kept[at] = False
            continue
        whole = step.to_integral_value(ROUND_HALF_EVEN)
        values[at], finer[at] = int(whole), whole != step
    made.rounded = int((finer & kept).sum())
    revision = None
    if any(each.revision is not None for each in readings):
        revision = np.array([each.revision or 0 for each in readings], np.int64)[kept]
    numbers, moments = scaling[:, 0].astype(np.int64), np.array(starts, np.int64)
    if not kept.all():
        made.rows = [row for row, good in zip(made.rows, kept.tolist(), strict=True) if good]
    made.batch = Batch(numbers[kept], moments[kept], values[kept], source, revision)


def _bad_value(value: object, step: Decimal | None) -> Refusal:
    if step is None:
        return Refusal("push-value", received=str(value)[:40])
    return Refusal("reading-too-large", received=str(value)[:40], expected=str(LARGEST))


def floor_to_interval(moment: dt.datetime, definition: SeriesDefinition) -> int:
    """µs UTC at which the interval that holds ``moment`` begins (intervals that divide an hour)."""
    at = microseconds(moment)
    return at - at % definition.interval
