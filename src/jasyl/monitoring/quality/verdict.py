"""Verdicts on stretches of readings: newest wins, people before programs; what a new judgement changes."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from jasyl.quantities import instant

from .observation import Int

Decision = Literal["suspect", "wrong", "cleared"]
QUALITY = "quality"
# The id under which a person marks readings without a check having found them.
PERSON = "person"


@dataclass(frozen=True)
class Verdict:
    """One decision of one check (or a person) on the intervals of a series that start in [start, end), µs UTC.

    ``readings`` is how many stood there (0: a gap), ``judged`` the newest delivery that was known: a decision of a
    person holds until something newer arrives for the stretch. ``number`` is 0 until it is kept.
    """

    series: int
    check: str
    version: str
    start: int
    end: int
    verdict: Decision
    readings: int
    evidence: str
    judged: int
    actor: str = QUALITY
    note: str | None = None
    at: int = 0
    number: int = 0

    @property
    def by_hand(self) -> bool:
        return self.actor != QUALITY

    def as_data(self, series: str) -> dict[str, Any]:
        """For programs, under the key of its series; times in UTC. Who decided is left to those who may know."""
        return {
            "series": series,
            "check": f"{self.check}@{self.version}",
            "verdict": self.verdict,
            "start": instant(self.start).isoformat(),
            "end": instant(self.end).isoformat(),
            "readings": self.readings,
            "evidence": self.evidence,
            "note": self.note,
        }


def in_force(verdicts: Iterable[Verdict], *, cleared: bool = False) -> list[Verdict]:
    """What holds of rows that were kept one after the other: disjoint pieces for each series and check, by start.

    Of each instant the row with the highest number. A piece of a row that was partly replaced keeps the row's other
    fields. Pieces that are cleared are left out unless asked for.
    """
    of_check: dict[tuple[int, str], list[Verdict]] = {}
    for each in sorted(verdicts, key=lambda row: row.number):
        held = of_check.setdefault((each.series, each.check), [])
        held[:] = [piece for one in held for piece in without(one, each.start, each.end)] + [each]
    pieces = [each for held in of_check.values() for each in held if cleared or each.verdict != "cleared"]
    return sorted(pieces, key=lambda each: (each.series, each.start, each.check))


def without(verdict: Verdict, start: int, end: int) -> list[Verdict]:
    """What is left of a verdict outside [start, end)."""
    if end <= verdict.start or verdict.end <= start:
        return [verdict]
    left = [replace(verdict, end=start)] if verdict.start < start else []
    return left + ([replace(verdict, start=end)] if end < verdict.end else [])


def within(verdict: Verdict, start: int, end: int) -> Verdict | None:
    """The part of a verdict inside [start, end)."""
    first, last = max(verdict.start, start), min(verdict.end, end)
    return replace(verdict, start=first, end=last) if first < last else None


def changes(before: Sequence[Verdict], found: Sequence[Verdict]) -> list[Verdict]:
    """The rows to append so that the findings of one series and check hold on the judged stretch.

    ``before`` is what holds there now (cleared pieces too), ``found`` what should; both lie inside the stretch. What
    is not found any more is cleared; what is there already is not said again. Decisions of people among ``before``
    stand: leave out of them what newer readings have overtaken (:func:`overtaken`).
    """
    fresh, standing = list(found), [each for each in before if each.verdict != "cleared"]
    for decided in (each for each in before if each.by_hand):
        fresh = [piece for each in fresh for piece in without(each, decided.start, decided.end)]
        standing = [piece for each in standing for piece in without(each, decided.start, decided.end)]
    gone = [piece for each in standing for piece in _but(each, [(new.start, new.end) for new in fresh])]
    known = {_saying(each) for each in standing}
    rows = [replace(each, verdict="cleared", actor=QUALITY, note=None) for each in gone]
    return rows + [each for each in fresh if _saying(each) not in known]


def overtaken(decided: Verdict, start: Int, source: Int, interval: int) -> list[Verdict]:
    """What is left of a person's decision where no reading came after it.

    ``start`` and ``source`` are of the newest revisions of the series, by start.
    """
    newer = start[(source > decided.judged) & (start >= decided.start) & (start < decided.end)]
    return _but(decided, [(at, at + interval) for at in newer.tolist()])


def _saying(each: Verdict) -> tuple[object, ...]:
    return each.version, each.start, each.end, each.verdict, each.evidence


def _but(verdict: Verdict, stretches: Sequence[tuple[int, int]]) -> list[Verdict]:
    pieces = [verdict]
    for start, end in stretches:
        pieces = [piece for each in pieces for piece in without(each, start, end)]
    return pieces
