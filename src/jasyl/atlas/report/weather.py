"""Profiles of a place out of the weather store: months, twelve months by twenty-four hours, years."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from jasyl.storage import DataFolder

from ..exceeded_years import LEAST_YEARS, WHOLE_YEAR, exceedance
from ..weather.chunk import WeatherSource
from .site_report import Licence, WeatherEntry

# Kazakhstan has kept this one offset since 1 March 2024; older years are shown by the same clock.
OFFSET = dt.timedelta(hours=5)
_MICROSECONDS = 1_000_000
Series = NDArray[np.float64]


@dataclass(frozen=True)
class Quantity:
    """What is shown of the store: made of ``fields`` by ``of``, rounded to ``digits``."""

    name: str
    unit: str
    fields: tuple[str, ...]
    of: Callable[..., Series]
    digits: str


def _daily(direct: Series, diffuse: Series) -> Series:
    return (direct + diffuse) * 24 / 1000


def _itself(values: Series) -> Series:
    return values


def _celsius(kelvin: Series) -> Series:
    return kelvin - 273.15


QUANTITIES = (
    Quantity("irradiation", "kW.h/m2/d", ("influx_direct", "influx_diffuse"), _daily, "0.001"),
    Quantity("wind-speed-100m", "m/s", ("wnd100m",), _itself, "0.01"),
    Quantity("temperature", "Cel", ("temperature",), _celsius, "0.1"),
)


def store_at(folder: DataFolder, longitude: float, latitude: float) -> tuple[WeatherSource, Licence] | None:
    """The weather store of ``folder`` that holds the place and the longest time; None where there is none."""
    from ..weather.store import stores  # noqa: PLC0415

    held = [record for record in stores(folder) if record.grid.cell(longitude, latitude) is not None]
    if not held:
        return None
    chosen = max(held, key=lambda record: (record.steps * record.step, record.name))
    source = chosen.source
    licence = Licence(source.attribution or source.name, source.version, source.licence, source.reference, ("weather",))
    return _opened(folder, chosen.name, chosen.digest), licence


@lru_cache(maxsize=4)
def _opened(folder: DataFolder, name: str, _digest: str) -> WeatherSource:
    """Kept open, so that the second question does not map the files again."""
    from ..weather.store import open_store  # noqa: PLC0415

    return cast("WeatherSource", open_store(folder, name))  # whose fields are a cached property


def weather_entries(source: WeatherSource, longitude: float, latitude: float) -> list[WeatherEntry]:
    """The quantities that ``source`` has at a place; none outside its window."""
    cell = source.grid.cell(longitude, latitude)
    if cell is None:
        return []
    asked = [one for one in QUANTITIES if set(one.fields) <= set(source.fields)]
    clock = _clock(source.start, source.step, source.steps)
    return [_entry(source, one, cell, clock) for one in asked]


@dataclass(frozen=True, eq=False)
class _Clock:
    """Of each interval: number of the month × 24 + hour in local time, and calendar year."""

    slot: NDArray[np.intp]
    year: NDArray[np.intp]
    steps_of_year: dict[int, int]
    first: str
    last: str


@lru_cache(maxsize=4)
def _clock(start: int, step: int, steps: int) -> _Clock:
    # The middle of an interval decides where it belongs.
    offset = int(OFFSET / dt.timedelta(microseconds=1))
    middle = start + offset + step // 2 + step * np.arange(steps, dtype=np.int64)
    when: Any = middle.astype("datetime64[us]")
    month = when.astype("datetime64[M]").astype(np.int64) % 12
    hour = middle // (3600 * _MICROSECONDS) % 24
    year = when.astype("datetime64[Y]").astype(np.int64) + 1970
    whole = {int(one): _steps_of(int(one), step) for one in np.unique(year)}
    first, last = (str(when[number].astype("datetime64[D]")) for number in (0, -1))
    return _Clock((month * 24 + hour).astype(np.intp), year.astype(np.intp), whole, first, last)


def _steps_of(year: int, step: int) -> int:
    length = dt.datetime(year + 1, 1, 1, tzinfo=dt.UTC) - dt.datetime(year, 1, 1, tzinfo=dt.UTC)
    return int(length / dt.timedelta(microseconds=step))


def _entry(source: WeatherSource, quantity: Quantity, cell: tuple[int, int], clock: _Clock) -> WeatherEntry:
    read = [source.series(field, *cell).astype(np.float64) for field in quantity.fields]
    values = quantity.of(*read)
    known = ~np.isnan(values)
    sums = np.bincount(clock.slot[known], values[known], 12 * 24).reshape(12, 24)
    counts = np.bincount(clock.slot[known], minlength=12 * 24).reshape(12, 24)
    yearly = _years(values, known, clock)

    def number(total: float, count: float) -> Decimal | None:
        return Decimal(str(total / count)).quantize(Decimal(quantity.digits)) if count else None

    enough = len(yearly) >= LEAST_YEARS
    return WeatherEntry(
        quantity=quantity.name,
        unit=quantity.unit,
        mean=number(float(sums.sum()), int(counts.sum())),
        months=tuple(number(*each) for each in zip(sums.sum(axis=1), counts.sum(axis=1), strict=True)),
        hours=tuple(
            tuple(number(*each) for each in zip(row, times, strict=True))
            for row, times in zip(sums, counts, strict=True)
        ),
        years=len(yearly),
        p50=number(float(exceedance(yearly, 0.5).values), 1) if enough else None,
        p90=number(float(exceedance(yearly, 0.9).values), 1) if enough else None,
        first=clock.first,
        last=clock.last,
    )


def _years(values: Series, known: NDArray[np.bool_], clock: _Clock) -> list[float]:
    """Means of the whole calendar years."""
    first = min(clock.steps_of_year)
    number = clock.year[known] - first
    sums, counts = np.bincount(number, values[known]), np.bincount(number)
    return [
        float(total / count)
        for year, (total, count) in enumerate(zip(sums, counts, strict=True), start=first)
        if count >= WHOLE_YEAR * clock.steps_of_year[year]
    ]
