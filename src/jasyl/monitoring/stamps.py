"""Time stamps as sheets write them: civil time, 24:00, and the hour that came twice."""

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from jasyl.quantities import microseconds
from jasyl.texts import Refusal

from .civil_time import instants_of

_CLOCK = r"(?:[T ]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]0+)?)?)?"
_OFFSET = r"\s*(?P<offset>Z|UTC|[+-]\d{2}:?\d{2})?"
_ISO = re.compile(r"(?P<year>\d{4})[-./](?P<month>\d{1,2})[-./](?P<day>\d{1,2})" + _CLOCK + _OFFSET, re.ASCII)
# Day first, as Kazakhstan writes it. A slash could as well be month first, so it is not guessed.
_DOTTED = re.compile(r"(?P<day>\d{1,2})\.(?P<month>\d{1,2})\.(?P<year>\d{4})" + _CLOCK + _OFFSET, re.ASCII)


@dataclass(frozen=True)
class Stamp:
    """A written time: ``local`` without zone, with ``offset`` where the sheet says one."""

    local: dt.datetime
    offset: dt.timezone | None

    def candidates(self, zone: ZoneInfo) -> tuple[int, ...]:
        """The instants (µs UTC) it can mean: one; two in a repeated hour; none in one that was skipped."""
        if self.offset is not None:
            return (microseconds(self.local.replace(tzinfo=self.offset)),)
        return instants_of(self.local, zone)


def read_stamp(raw: object) -> Stamp:
    """A cell as a stamp: ``2024-02-29 23:15``, ``29.02.2024 24:00``, ISO 8601 with offset, a date cell of a sheet.

    24:00 is 00:00 of the next day. Raises Refusal ``stamp-unreadable``.
    """
    if isinstance(raw, dt.datetime):
        if raw.tzinfo is None:
            return Stamp(raw, None)
        return Stamp(raw.replace(tzinfo=None), dt.timezone(raw.utcoffset() or dt.timedelta(0)))
    if isinstance(raw, dt.date):
        return Stamp(dt.datetime(raw.year, raw.month, raw.day), None)  # noqa: DTZ001
    text = str(raw if raw is not None else "").strip()
    found = _ISO.fullmatch(text) or _DOTTED.fullmatch(text)
    if found is None:
        raise Refusal("stamp-unreadable", received=text[:40])
    year, month, day = (int(found[name]) for name in ("year", "month", "day"))
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    ends_day = (hour, minute, second) == (24, 0, 0)
    try:
        # A civil time without zone: what instant it is, the whole column decides.
        local = dt.datetime(year, month, day, 0 if ends_day else hour, minute, second)  # noqa: DTZ001
        local += dt.timedelta(days=ends_day)
        return Stamp(local, _offset(found["offset"]))
    except (ValueError, OverflowError):
        raise Refusal("stamp-unreadable", received=text[:40]) from None


def resolve(candidates: Sequence[tuple[int, ...]]) -> list[int | None]:
    """For the stamps of one series in the order of the file, the instant of each; None where it stays unclear.

    The repeated hour of 2024-02-29 in Almaty is clear when exactly one choice makes a run of such stamps go strictly
    forward (or backward, in a file that does): 23:00 23:30 23:00 23:30 is, 23:00 23:30 alone is not. A stamp of
    an hour that the clocks skipped has no instant.
    """
    known = [each[0] for each in candidates if len(each) == 1]
    backward = len(known) > 1 and known[-1] < known[0]
    found: list[int | None] = [each[0] if len(each) == 1 else None for each in candidates]
    place = 0
    while place < len(candidates):
        end = place
        while end < len(candidates) and len(candidates[end]) > 1:
            end += 1
        if end > place:
            run = list(candidates[place:end])
            found[place:end] = reversed(_rising(run[::-1])) if backward else _rising(run)
        place = max(end, place + 1)
    return found


def _rising(run: list[tuple[int, ...]]) -> list[int | None]:
    """The only strictly rising choice, or None for each: earliest from the front must equal latest from the back."""
    earliest: list[int] = []
    for each in run:
        fit = [moment for moment in each if not earliest or moment > earliest[-1]]
        if not fit:
            return [None] * len(run)
        earliest.append(min(fit))
    latest: list[int] = []
    for each in reversed(run):
        latest.append(max((moment for moment in each if not latest or moment < latest[-1]), default=min(each)))
    return list(earliest) if earliest == latest[::-1] else [None] * len(run)


def _offset(text: str | None) -> dt.timezone | None:
    if text is None:
        return None
    if text in {"Z", "UTC"}:
        return dt.UTC
    digits = text[1:].replace(":", "")
    shift = dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return dt.timezone(-shift if text[0] == "-" else shift)
