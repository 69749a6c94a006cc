"""Dates and moments as people write them, with the precision they have."""

import datetime as dt
import re
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from jasyl.quantities import UTC
from jasyl.texts import Refusal

from .cells import checked
from .raw import Raw, shown

Precision = Literal["day", "month", "year"]
Epoch = Literal[1900, 1904]

_YEAR = re.compile(r"\d{4}")
_MONTH = re.compile(r"(\d{4})-(\d{1,2})|(\d{1,2})[./](\d{4})")
_ISO = re.compile(r"(\d{4})[-./](\d{1,2})[-./](\d{1,2})")
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_TAIL = re.compile(r"\s*(?:г\.?|год|года|ж\.?|жыл|жылы)$")
_MOMENT = re.compile(
    r"(?P<day>[\d./-]+)(?:[T\s]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<part>\d{1,6})\d*)?)?)?"
    r"\s*(?P<zone>Z|UTC|GMT|[+\-−]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
# Whole numbers in this range are years; day numbers of a sheet count only from 10000 (1927-05-18) on.
_YEARS = range(1000, 3000)
_SERIALS = (10_000, 110_000)
_BASE = {1900: dt.datetime(1899, 12, 30), 1904: dt.datetime(1904, 1, 1)}  # noqa: DTZ001 - a sheet's days have no zone


@dataclass(frozen=True, order=True)
class PartialDate:
    """A date known to the day, the month or the year; ``start`` is its first day.

    Written as ISO 8601 with reduced precision: ``2024``, ``2024-03``, ``2024-03-01``.
    """

    start: dt.date
    precision: Precision

    def __str__(self) -> str:
        return self.start.isoformat()[: {"year": 4, "month": 7, "day": 10}[self.precision]]


def date(raw: Raw, epoch: Epoch = 1900) -> PartialDate | None:
    """A date: ISO, ``31.12.2024``, ``31/12/2024`` (day first), ``2024-12``, ``12.2024``, ``2024``, a sheet's day.

    Raises Refusal ``not-date``.
    """
    value = checked(raw)
    match value:
        case None:
            return None
        case dt.datetime():
            return PartialDate(value.date(), "day")
        case dt.date():
            return PartialDate(value, "day")
        case int() | float():
            return _of_number(float(value), raw, epoch)
        case str():
            return _of_text(value.strip(), raw, epoch)
        case _:
            raise Refusal("not-date", received=shown(raw))


def day(raw: Raw, epoch: Epoch = 1900) -> dt.date | None:
    """A date known to the day. Raises Refusal ``not-day`` for a month or a year, ``not-date`` for anything else."""
    found = date(raw, epoch)
    if found is None:
        return None
    if found.precision != "day":
        raise Refusal("not-day", received=shown(raw))
    return found.start


def moment(raw: Raw, zone: ZoneInfo | None = None, epoch: Epoch = 1900) -> dt.datetime | None:
    """An instant in UTC. A time without an offset is civil time of ``zone``; 24:00 is the next day's 00:00.

    Raises Refusal ``not-moment``, ``moment-without-zone``, and ``moment-twice`` or ``moment-never`` where the clocks of
    ``zone`` were put back or forward.
    """
    value = checked(raw)
    match value:
        case None:
            return None
        case dt.datetime():
            return _in_zone(value, zone, raw)
        case dt.date():
            return _in_zone(dt.datetime(value.year, value.month, value.day), zone, raw)  # noqa: DTZ001
        case int() | float() if _SERIALS[0] <= value < _SERIALS[1]:
            return _in_zone(_serial(float(value), epoch), zone, raw)
        case str():
            return _moment_of_text(value.strip(), raw, zone)
        case _:
            raise Refusal("not-moment", received=shown(raw))


def _of_number(value: float, raw: Raw, epoch: Epoch) -> PartialDate:
    if value.is_integer() and int(value) in _YEARS:
        return PartialDate(dt.date(int(value), 1, 1), "year")
    if _SERIALS[0] <= value < _SERIALS[1]:
        return PartialDate(_serial(value, epoch).date(), "day")
    raise Refusal("not-date", received=shown(raw))


def _serial(value: float, epoch: Epoch) -> dt.datetime:
    """Day numbers after February 1900, where the leap day that never was no longer matters."""
    return _BASE[epoch] + dt.timedelta(milliseconds=round(value * 86_400_000))


def _of_text(text: str, raw: Raw, epoch: Epoch) -> PartialDate | None:
    if not text:
        return None
    text = _TAIL.sub("", text)
    try:
        if found := _ISO.fullmatch(text):
            return PartialDate(dt.date(int(found[1]), int(found[2]), int(found[3])), "day")
        if found := _DAY_FIRST.fullmatch(text):
            return PartialDate(dt.date(int(found[3]), int(found[2]), int(found[1])), "day")
        if found := _MONTH.fullmatch(text):
            year, month = (found[1], found[2]) if found[1] else (found[4], found[3])
            return PartialDate(dt.date(int(year), int(month), 1), "month")
        if text.isascii() and re.fullmatch(r"\d{4,6}(?:\.\d+)?", text):
            return _of_number(float(text), raw, epoch)
        # A date that carries a time of day all the same.
        if (found := _MOMENT.fullmatch(text)) and found["hour"] and found["day"] != text:
            return _of_text(found["day"], raw, epoch)
    except ValueError as error:
        raise Refusal("not-date", received=shown(raw)) from error
    raise Refusal("not-date", received=shown(raw))


def _moment_of_text(text: str, raw: Raw, zone: ZoneInfo | None) -> dt.datetime | None:
    if not text:
        return None
    found = _MOMENT.fullmatch(text)
    if not found or not (_ISO.fullmatch(found["day"]) or _DAY_FIRST.fullmatch(found["day"])):
        raise Refusal("not-moment", received=shown(raw))
    try:
        local = _local(found, raw)
        if found["zone"]:
            return local.replace(tzinfo=_offset(found["zone"])).astimezone(UTC)
    except (ValueError, OverflowError, Refusal) as error:
        raise Refusal("not-moment", received=shown(raw)) from error
    return _in_zone(local, zone, raw)


def _local(found: re.Match[str], raw: Raw) -> dt.datetime:
    """The civil time that a match of ``_MOMENT`` says. Raises ValueError where the clock has no such time."""
    civil = _of_text(found["day"], raw, 1900)
    assert civil is not None
    hour, minute, second = (int(found[name] or 0) for name in ("hour", "minute", "second"))
    part = int((found["part"] or "0").ljust(6, "0"))
    ends_day = (hour, minute, second, part) == (24, 0, 0, 0)
    clock = dt.time(0 if ends_day else hour, minute, second, part)
    return dt.datetime.combine(civil.start, clock) + dt.timedelta(days=ends_day)


def _offset(written: str) -> dt.timezone:
    if written.upper() in {"Z", "UTC", "GMT"}:
        return dt.UTC
    sign = -1 if written[0] in "-−" else 1
    figures = written[1:].replace(":", "").ljust(4, "0")
    return dt.timezone(sign * dt.timedelta(hours=int(figures[:2]), minutes=int(figures[2:])))


def _in_zone(local: dt.datetime, zone: ZoneInfo | None, raw: Raw) -> dt.datetime:
    if zone is None:
        raise Refusal("moment-without-zone", received=shown(raw))
    first, second = (local.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
    if first.utcoffset() != second.utcoffset():
        was_put_back = first.astimezone(UTC) < second.astimezone(UTC)
        raise Refusal("moment-twice" if was_put_back else "moment-never", received=shown(raw), zone=zone.key)
    return first.astimezone(UTC)
