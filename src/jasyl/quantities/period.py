"""Periods of local civil time as half-open intervals of UTC, and instants as integers of microseconds."""

import datetime as dt
import re
import time
from dataclasses import dataclass
from typing import Literal
from zoneinfo import ZoneInfo

from jasyl.texts import Refusal

# Kazakhstan moved from UTC+6 (west: +5) to a single UTC+5 on 2024-03-01; the zone data base knows both.
LOCAL_TIME = ZoneInfo("Asia/Almaty")
UTC = dt.UTC
EPOCH = dt.datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = dt.timedelta(microseconds=1)

Granularity = Literal["hour", "day", "month", "year"]
_FORMS: tuple[tuple[Granularity, re.Pattern[str]], ...] = (
    ("year", re.compile(r"([0-9]{4})")),
    ("month", re.compile(r"([0-9]{4})-([0-9]{2})")),
    ("day", re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")),
    ("hour", re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2})")),
    ("hour", re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})T([0-9]{2})([+-][0-9]{2})")),
)


def microseconds(instant: dt.datetime) -> int:
    """Microseconds of ``instant`` since 1970-01-01 UTC, exact. The instant must know its offset."""
    if instant.tzinfo is None:
        raise ValueError("an instant without an offset has no place in time")
    return (instant - EPOCH) // MICROSECOND


def instant(value: int) -> dt.datetime:
    """The UTC instant of ``value`` microseconds since 1970-01-01 UTC."""
    return EPOCH + value * MICROSECOND


def civil_time(moment: int, zone: dt.tzinfo) -> str:
    """A moment (µs UTC) on the clock of ``zone``, to the minute, as people read it."""
    return instant(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def now_us() -> int:
    """This moment in µs since 1970 UTC."""
    return time.time_ns() // 1000


@dataclass(frozen=True, order=True)
class Period:
    """A named stretch of civil time, ``2024``, ``2024-03``, ``2024-03-01`` or ``2024-03-01T05``.

    ``start`` and ``end`` are UTC instants; the interval is half-open, [start, end). A local day is 24 h
    except where the offset changes: 2024-02-29 in Almaty has 25 hours.
    """

    start: dt.datetime
    end: dt.datetime
    granularity: Granularity
    name: str

    @property
    def hours(self) -> float:
        """Length in hours."""
        return (self.end - self.start) / dt.timedelta(hours=1)

    def __contains__(self, moment: dt.datetime) -> bool:
        return self.start <= moment < self.end

    def __str__(self) -> str:
        return self.name


def period(name: str, zone: ZoneInfo = LOCAL_TIME) -> Period:
    """The period that ``name`` says, in the civil time of ``zone``. Raises Refusal ``unknown-period``."""
    for granularity, form in _FORMS:
        match = form.fullmatch(name)
        if match:
            try:
                return _period(granularity, [int(part) for part in match.groups()], zone)
            except ValueError:
                break
    raise Refusal("unknown-period", received=name[:40], expected="2024, 2024-03, 2024-03-01, 2024-03-01T05")


def period_of(moment: dt.datetime, granularity: Granularity, zone: ZoneInfo = LOCAL_TIME) -> Period:
    """The period of ``granularity`` in which ``moment`` lies."""
    local = moment.astimezone(zone)
    parts = [local.year, local.month, local.day, local.hour]
    if granularity == "hour":
        return _hour(parts, zone, local.fold)
    kept = {"year": 1, "month": 2, "day": 3}[granularity]
    return _period(granularity, parts[:kept], zone)


def _period(granularity: Granularity, parts: list[int], zone: ZoneInfo) -> Period:
    if granularity == "hour":
        return _hour(parts[:4], zone, _fold(parts, zone))
    year, month, day = (*parts, *(1, 1)[len(parts) - 1 :])
    start = dt.datetime(year, month, day, tzinfo=zone)
    match granularity:
        case "year":
            end, name = dt.datetime(year + 1, 1, 1, tzinfo=zone), f"{year:04}"
        case "month":
            end, name = dt.datetime(year + month // 12, month % 12 + 1, 1, tzinfo=zone), f"{year:04}-{month:02}"
        case "day":
            following = dt.date(year, month, day) + dt.timedelta(days=1)
            end = dt.datetime(following.year, following.month, following.day, tzinfo=zone)
            name = f"{year:04}-{month:02}-{day:02}"
    return Period(start.astimezone(UTC), end.astimezone(UTC), granularity, name)


def _fold(parts: list[int], zone: ZoneInfo) -> int:
    """Which of two hours of one name an offset means: 0 the first, 1 the second. Raises ValueError for a wrong one."""
    if len(parts) == 4:
        return 0
    year, month, day, hour, offset = parts
    for fold in (0, 1):
        if dt.datetime(year, month, day, hour, tzinfo=zone, fold=fold).utcoffset() == dt.timedelta(hours=offset):
            return fold
    raise ValueError(f"{zone.key} has no offset {offset:+}")


def _hour(parts: list[int], zone: ZoneInfo, fold: int) -> Period:
    year, month, day, hour = parts
    start, other = (dt.datetime(year, month, day, hour, tzinfo=zone, fold=which) for which in (fold, 1 - fold))
    name = f"{year:04}-{month:02}-{day:02}T{hour:02}"
    offset = start.utcoffset() or dt.timedelta(0)
    if offset != other.utcoffset():
        name += f"{int(offset / dt.timedelta(hours=1)):+03}"
    begin = start.astimezone(UTC)
    return Period(begin, begin + dt.timedelta(hours=1), "hour", name)
