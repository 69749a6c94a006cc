"""A published series of one place, summed up the way a layer is: the year, months, mean day of each month, years."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jasyl.storage import DataFolder
from jasyl.texts import Refusal, Where

from ..layer import Source
from ..sources import fetched, place_of, publisher

Floats = NDArray[np.float64]
# A year counts when so much of its hours is there.
_WHOLE = 0.98


@dataclass(frozen=True)
class PointSeries:
    """Hourly values of one quantity at one place, summed up; times UTC, an hour stamped at its start.

    ``layer`` is the layer that shows the same quantity, ``unit`` its UCUM code. ``year`` is the mean over the year, the
    months weighted by their days; ``months`` January to December; ``hours`` [12][24] the mean day of each month;
    ``years`` the mean of each year of which at least 98 % is there. None where nothing is known. ``completeness`` is
    the share of the hours of the period with a value; ``typical`` says that the months are picked from several years
    (a typical meteorological year), which has no single years.
    """

    layer: str
    unit: str
    source: Source
    longitude: float
    latitude: float
    elevation: float | None
    period: str
    year: float | None
    months: tuple[float | None, ...]
    hours: tuple[tuple[float | None, ...], ...]
    years: dict[int, float]
    completeness: float
    typical: bool = False


@dataclass(frozen=True)
class Place:
    """Where a series belongs: degrees, metres above sea level where the publisher says."""

    longitude: float
    latitude: float
    elevation: float | None


def summed_up(
    layer: str,
    unit: str,
    source: Source,
    place: Place,
    stamps: Sequence[datetime],
    values: Floats,
    *,
    where: Where,
    typical: bool = False,
) -> PointSeries:
    """The series of hourly ``values`` (NaN: missing) at ``stamps`` (UTC). Raises Refusal ``series-duplicate``."""
    seen: set[datetime] = set()
    for stamp in stamps:
        if stamp in seen:
            raise Refusal("series-duplicate", where=where, received=stamp.strftime("%Y-%m-%d %H:%M"))
        seen.add(stamp)
    year_of = np.array([stamp.year for stamp in stamps])
    month_of = np.array([stamp.month for stamp in stamps])
    hour_of = np.array([stamp.hour for stamp in stamps])
    hours = tuple(
        tuple(_mean(values[(month_of == month) & (hour_of == hour)]) for hour in range(24)) for month in range(1, 13)
    )
    # The mean of the mean day: an hour of the day that is often missing does not weigh less.
    months = tuple(_mean(np.array([np.nan if hour is None else hour for hour in day]), whole=True) for day in hours)
    names = sorted(set(year_of.tolist()))
    whole = {year: _of_year(values[year_of == year], year) for year in names} if not typical else {}
    expected = 8760 if typical else sum(_hours(year) for year in names)
    return PointSeries(
        layer,
        unit,
        source,
        place.longitude,
        place.latitude,
        place.elevation,
        f"{names[0]}-{names[-1]}",
        _year(months),
        months,
        hours,
        {year: mean for year, mean in whole.items() if mean is not None},
        float(np.count_nonzero(~np.isnan(values))) / expected,
        typical,
    )


def _of_year(values: Floats, year: int) -> float | None:
    return _mean(values) if np.count_nonzero(~np.isnan(values)) >= _WHOLE * _hours(year) else None


def _hours(year: int) -> int:
    return int((datetime(year + 1, 1, 1, tzinfo=UTC) - datetime(year, 1, 1, tzinfo=UTC)).total_seconds()) // 3600


def _mean(values: Floats, *, whole: bool = False) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.mean()) if known.size and (not whole or known.size == values.size) else None


def _year(months: Sequence[float | None]) -> float | None:
    lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    known = [month for month in months if month is not None]
    return float(np.average(known, weights=lengths)) if len(known) == 12 else None


def point_series(folder: DataFolder, longitude: float, latitude: float, *, within: float = 15_000) -> list[PointSeries]:
    """The fetched series of places within so many metres (the grids behind them are some 25 km wide), nearest first.

    A file that cannot be read is refused. Raises Refusal ``series-unreadable`` and those of ``read_point_file``.
    """
    found: list[tuple[float, PointSeries]] = []
    for identifier in ("pvgis", "power"):
        place = place_of(folder, identifier)
        record = fetched(place)
        for one in record.files if record else ():
            for series in _read(place / one.name, identifier, one.sha256):
                distance = metres(longitude, latitude, series.longitude, series.latitude)
                if distance <= within:
                    found.append((distance, series))
    return [series for _, series in sorted(found, key=lambda entry: entry[0])]


@lru_cache(maxsize=64)
def _read(file: Path, identifier: str, _sha256: str) -> tuple[PointSeries, ...]:
    """The series of a file, read once: it is megabytes of hours, and every site report asks."""
    from .read import read_point_file  # noqa: PLC0415

    return tuple(read_point_file(file, publisher(identifier).source))


def metres(longitude: float, latitude: float, other_longitude: float, other_latitude: float) -> float:
    """Distance on a sphere of the earth's mean radius, m: enough to tell which place is near."""
    a, b = math.radians(latitude), math.radians(other_latitude)
    half = math.radians(other_longitude - longitude) / 2
    chord = math.sin((b - a) / 2) ** 2 + math.cos(a) * math.cos(b) * math.sin(half) ** 2
    return 2 * 6_371_008.8 * math.asin(math.sqrt(chord))
