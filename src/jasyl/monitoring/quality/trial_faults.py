"""Faults of every kind that a check is there for, put into sound series: for trials of the checks."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from ..training_weather import MICROSECONDS
from .observation import Bools, Floats, Observed
from .trial_courses import laid, what_parts_say

HOUR = 3600 * MICROSECONDS
Random = np.random.Generator


@dataclass(frozen=True)
class Faulty:
    """A series with one fault, and which of its intervals a check is asked to tell."""

    seen: Observed
    altered: Bools


def _told(seen: Observed, reading: Floats, altered: Bools, **around: Any) -> Faulty:
    kept: dict[str, Any] = {"irradiance": seen.irradiance, "wind": seen.wind, "parts": seen.parts, "twins": seen.twins}
    return Faulty(
        laid(seen.series, seen.start, reading, family=seen.family, **{"place": seen.place, **kept, **around}), altered
    )


def _stretch(seen: Observed, random: Random, low: float, high: float) -> Bools:
    """Some hours anywhere but in the first and last tenth."""
    hours = float(random.uniform(low, high))
    count = max(round(hours / seen.hours), 1)
    first = int(random.integers(len(seen) // 10, len(seen) - len(seen) // 10 - count))
    mask = np.zeros(len(seen), bool)
    mask[first : first + count] = True
    return mask


def _days(seen: Observed, random: Random, low: int, high: int, *, from_day: int = 16) -> Bools:
    """Whole civil days, leaving two weeks before and behind them."""
    count = int(random.integers(low, high + 1))
    last = int(seen.day[-1])
    first = int(random.integers(from_day, max(last - count - 14, from_day + 1)))
    return (seen.day >= first) & (seen.day < first + count)


def _capacity(seen: Observed, random: Random) -> Faulty | None:
    mask = _stretch(seen, random, 1, 6)
    assert seen.capacity is not None
    reading = seen.reading.copy()
    reading[mask] = np.rint(seen.capacity * seen.hours * random.uniform(1.3, 9, mask.sum()))
    return _told(seen, reading, mask)


def _thousand(seen: Observed, random: Random) -> Faulty | None:
    mask = _days(seen, random, 1, 5)
    up = bool(random.random() < 0.5) or seen.family == "wind"
    reading = seen.reading.copy()
    reading[mask] = np.rint(reading[mask] * (1000 if up else 0.001) * 10**seen.series.scale) / 10**seen.series.scale
    altered = mask & (reading != seen.reading)
    return _told(seen, reading, altered) if altered.sum() * 4 >= mask.sum() else None


def _negative(seen: Observed, random: Random) -> Faulty | None:
    mask = _stretch(seen, random, 2, 48) & (seen.reading > 0.05 * seen.level * seen.hours)
    reading = np.where(mask, -seen.reading, seen.reading)
    return _told(seen, reading, mask) if mask.any() else None


def _range(seen: Observed, random: Random) -> Faulty | None:
    mask = _stretch(seen, random, 0, 2)
    reading = np.where(mask, np.rint(seen.level * seen.hours * random.uniform(5, 500)), seen.reading)
    return _told(seen, reading, mask)


def _gap(seen: Observed, random: Random) -> Faulty | None:
    mask = _stretch(seen, random, 1, 60)
    return _told(seen, np.where(mask, np.nan, seen.reading), mask)


def _zero(seen: Observed, random: Random) -> Faulty | None:
    mask = _stretch(seen, random, 8, 72)
    altered = mask.copy()
    if seen.sun is not None and seen.family == "solar":
        altered &= seen.sun.lowest > 12
        if altered.sum() * seen.hours < 5:
            return None
    return _told(seen, np.where(mask, 0.0, seen.reading), altered)


def _unfinished(seen: Observed, random: Random) -> Faulty | None:
    mask = _stretch(seen, random, 1, 24)
    late = np.where(mask, seen.start + int(random.uniform(0.1, 0.8) * seen.series.interval), seen.received)
    return Faulty(replace(seen, received=late), mask)


def _jump(seen: Observed, random: Random) -> Faulty | None:
    mask = _stretch(seen, random, 0, 3)
    leap = seen.level * seen.hours * float(random.uniform(8, 5000)) * float(random.choice((1, -1)))
    reading = np.where(mask, seen.reading + round(leap), seen.reading)
    return _told(seen, reading, mask)


def _restart(seen: Observed, random: Random) -> Faulty | None:
    first = int(random.integers(len(seen) // 10, len(seen) * 9 // 10))
    reading = seen.reading.copy()
    if random.random() < 0.5:
        # The register passes its end there: what it had counted is moved so that 10^n lies within the step.
        power = 10.0 ** int(random.integers(8, 11))
        share = float(random.uniform(0, 1))
        if seen.rate[first] <= 0:
            return None
        before = power - max(share * seen.rate[first] * seen.hours, 1)
        if before < reading[first] - reading[0]:
            return None
        reading = np.floor(reading - reading[first] + before) % power
    else:
        reading[first + 1 :] = reading[first + 1 :] - reading[first + 1] + float(random.integers(0, 50))
    if reading[first + 1] >= reading[first]:
        return None
    mask = np.zeros(len(seen), bool)
    mask[first] = True
    return _told(seen, reading, mask)


def _frozen(seen: Observed, random: Random) -> Faulty | None:
    mask = _stretch(seen, random, 9, 60)
    first = int(np.flatnonzero(mask)[0])
    value = seen.reading[first - 1]
    if value <= 0.01 * seen.level * seen.hours or value >= 0.95 * seen.level * seen.hours:
        return None
    return _told(seen, np.where(mask, value, seen.reading), mask)


def _copied(seen: Observed, random: Random) -> Faulty | None:
    day = int(random.integers(8, int(seen.day[-1]) - 2))
    back = int(random.integers(1, 8))
    mask, source = seen.day == day, seen.day == day - back
    if np.count_nonzero(seen.reading[source] > 0) < 10:
        return None
    reading = seen.reading.copy()
    reading[mask] = reading[source]
    return _told(seen, reading, mask)


def _night(seen: Observed, random: Random) -> Faulty | None:
    assert seen.sun is not None
    assert seen.capacity is not None
    mask = _stretch(seen, random, 12, 20) & (seen.sun.highest < -2)
    reading = seen.reading.copy()
    reading[mask] = np.rint(seen.capacity * seen.hours * random.uniform(0.02, 0.3, mask.sum()))
    return _told(seen, reading, mask) if mask.any() else None


def _shift(seen: Observed, random: Random) -> Faulty | None:
    hours = int(random.choice((-6, -5, -3, -2, -1, 1, 2, 3, 5, 6)))
    steps = round(hours / seen.hours)
    mask = _days(seen, random, 10, 30)
    rows = np.flatnonzero(mask)
    reading = seen.reading.copy()
    reading[rows] = seen.reading[np.clip(rows - steps, 0, len(seen) - 1)]
    return _told(seen, reading, mask)


def _elsewhere(seen: Observed, random: Random) -> Faulty | None:
    """The register has the place of another plant: 12–20° or so to the side, or in another hemisphere of seasons."""
    assert seen.place is not None
    lon, lat = seen.place
    if random.random() < 0.5:
        away = float(random.choice((0.8, 1.2, 1.5))) * 15 * float(random.choice((-1, 1)))
        if abs(away / 15 - round(away / 15)) < 0.4:
            away = float(np.sign(away)) * 1.5 * 15
        place = (lon + away, lat)
    else:
        place = (lon, -lat if abs(_season(seen)) > 0.45 else lat)
        if place[1] == lat:
            return _told(seen, seen.reading, np.ones(len(seen), bool), place=(lon + 22.5, lat))
    return _told(seen, seen.reading, np.ones(len(seen), bool), place=place)


def _season(seen: Observed) -> float:
    """-1 at the winter solstice, 1 at the summer one, in the middle of the series."""
    middle = (int(seen.start[len(seen) // 2]) - 1_735_671_600 * MICROSECONDS) / (365 * 24 * HOUR)
    return float(-np.cos(2 * np.pi * (middle + 10 / 365)))


def _clipped(seen: Observed, random: Random) -> Faulty | None:
    peaks = np.nan_to_num(seen.rates).max(axis=1)
    mask = _days(seen, random, 12, 40)
    ceiling = float(np.percentile(peaks[np.unique(seen.day[mask])], 80)) * float(random.uniform(0.55, 0.8))
    altered = mask & (seen.rate > ceiling)
    reading = np.where(altered, np.rint(ceiling * seen.hours), seen.reading)
    return _told(seen, reading, altered) if altered.sum() * seen.hours >= 40 else None


def _iced(seen: Observed, random: Random) -> Faulty | None:
    mask = _stretch(seen, random, 12, 96)
    assert seen.capacity is not None
    reading = np.where(mask, np.rint(seen.reading * random.uniform(0, 0.5)), seen.reading)
    altered = mask & (seen.rate - reading / seen.hours > 0.2 * seen.capacity)
    return _told(seen, reading, altered) if altered.sum() >= 4 else None


def _soiled(seen: Observed, random: Random) -> Faulty | None:
    mask = _days(seen, random, 12, 40)
    reading = np.where(mask, np.rint(seen.reading * (1 - random.uniform(0.1, 0.3))), seen.reading)
    return _told(seen, reading, mask)


def _leak(seen: Observed, random: Random) -> Faulty | None:
    mask = _days(seen, random, 5, 30)
    more = float(np.nanmean(seen.reading)) * random.uniform(0.25, 1.0)
    return _told(seen, np.where(mask, np.round(seen.reading + more, 3), seen.reading), mask)


def _sunday(seen: Observed, random: Random) -> Faulty | None:
    sundays = np.flatnonzero(seen.weekday == 6)
    day = int(random.choice(sundays[3:-3]))
    reading = seen.reading.copy()
    reading[seen.day == day] = seen.reading[seen.day == day - 1]
    return _told(seen, reading, seen.day == day)


def _level(seen: Observed, random: Random) -> Faulty | None:
    mask = _days(seen, random, 1, 2)
    factor = float(random.choice((random.uniform(4, 20), 1 / random.uniform(4, 20))))
    return _told(seen, np.where(mask, np.round(seen.reading * factor, seen.series.scale), seen.reading), mask)


def _torn(seen: Observed, random: Random) -> Faulty | None:
    parts = what_parts_say(seen, random)
    mask = _stretch(seen, random, 24, 200)
    missing = float(random.uniform(0.2, 0.5))
    told = np.where(mask, parts * (1 - missing), parts)
    altered = mask & (parts * missing > 0.12 * seen.level)
    return _told(seen, seen.reading, altered, parts=told) if altered.sum() >= 6 else None


def _twin(seen: Observed, random: Random) -> Faulty | None:
    mask = _days(seen, random, 4, 20)
    other = np.where(mask, seen.rate, np.rint(seen.rate * 0.9))
    rich = np.array([len(np.unique(row[row > 0])) >= 10 for row in np.nan_to_num(seen.rates)])
    altered = mask & rich[seen.day]
    return _told(seen, seen.reading, altered, twins={"old-channel": other}) if altered.any() else None


Put = Callable[[Observed, Random], Faulty | None]
_POWER = ("solar", "wind", "hydro")
FAULTS: dict[str, tuple[tuple[str, ...], Put]] = {
    "beyond-range": (("gas", "water", "waste"), _range),
    "capacity": ((*_POWER, "heat"), _capacity),
    "clipping": (("solar",), _clipped),
    "counter-jump": (("biogas", "hydro", "water"), _jump),
    "counter-restart": (("biogas", "hydro", "heat", "water"), _restart),
    "day-level": (("heat", "gas", "water"), _level),
    "factor-1000": ((*_POWER, "heat", "gas", "water", "waste"), _thousand),
    "frozen": ((*_POWER, "heat", "gas", "water"), _frozen),
    "gap": ((*_POWER, "heat", "gas", "water", "waste"), _gap),
    "groups-disagree": (("solar", "hydro", "heat", "water"), _torn),
    "negative": ((*_POWER, "heat", "gas", "water"), _negative),
    "night-flow": (("water",), _leak),
    "night-output": (("solar",), _night),
    "power-curve": (("wind",), _iced),
    "repeated-day": ((*_POWER, "heat", "gas", "water"), _copied),
    "rest-day-work": (("waste",), _sunday),
    "soiling-step": (("solar",), _soiled),
    "time-shift": (("solar",), _shift),
    "twin-series": ((*_POWER, "heat", "water"), _twin),
    "unfinished": ((*_POWER, "heat", "gas", "water", "waste"), _unfinished),
    "wrong-place": (("solar",), _elsewhere),
    "zero-for-gap": (("solar", "heat", "gas"), _zero),
}
