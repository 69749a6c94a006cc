"""Irradiation under a cloudless sky, Ineichen-Perez model, for every cell of a grid and every month.

Of each month four days are worked out and weighted, of each day the hours from noon to sunset (a day is symmetric
about noon). Both are Gauss-Legendre rules: two days in each half of a month, because the turbidity bends in its
middle, and ``HOURS`` hour angles. The declination is held through the day at its value at solar noon.
"""

import calendar
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from . import sun
from .clear_sky_inputs import ClearSkyInputs

Floats = NDArray[np.float64]
Progress = Callable[[int, int], None]

# The middle of a leap cycle: dates stand within an eighth of a day (0.05° of declination) of their long-term place.
REFERENCE_YEAR = 2026
MONTHS = 12
DAYS_IN_HALF = 2
HOURS = 16
# m; higher up the model's fit of altitude leaves its range: from 4982 m on GHI exceeds what arrives outside the air.
HIGHEST = 4500.0
# Columns that share one solar noon: 5.5° to either side move it by 0.015 day, the declination by 0.006° at most.
STRIP_DEGREES = 11.0


@dataclass(frozen=True)
class ClearSky:
    """Irradiation of a mean day, Wh/m²; [13, rows, columns]: the year, then January to December of ``year``.

    ``ghi`` falls on a horizontal surface, ``dni`` on a surface that follows the sun. The year is the mean over its
    365 or 366 days. A total is the mean day times ``days``. NaN where the altitude is unknown or above ``HIGHEST``.
    """

    ghi: NDArray[np.float32]
    dni: NDArray[np.float32]
    year: int

    @property
    def days(self) -> tuple[int, ...]:
        """Days of the year, then of January to December."""
        return month_lengths(self.year, with_year=True)


@dataclass(frozen=True)
class _Day:
    """The sampled days of one month: weights summing to 1, and what depends on the day alone."""

    weight: Floats
    declination: Floats
    extraterrestrial: Floats
    months: tuple[int, int, int]
    shares: Floats


def month_lengths(year: int, *, with_year: bool = False) -> tuple[int, ...]:
    """Days of January to December; ``with_year`` puts the days of the year in front."""
    lengths = tuple(calendar.monthrange(year, month)[1] for month in range(1, MONTHS + 1))
    return (sum(lengths), *lengths) if with_year else lengths


def clear_sky(inputs: ClearSkyInputs, *, year: int = REFERENCE_YEAR, progress: Progress | None = None) -> ClearSky:
    """Clear-sky irradiation of every cell and month of ``year``.

    A month is the sum of its solar days. In Kazakhstan the sun is down at midnight of UTC+5 everywhere, so solar days
    and civil days hold the same light. ``progress(done, total)`` counts rows.

    P. Ineichen, R. Perez, Solar Energy 73 (2002) 151-157, in the form of M. Reno et al., SAND2012-2389, with the
    turbidity interpolated from mid-month to mid-month (J. Remund et al., ISES 2003). Without Perez enhancement.
    """
    grid = inputs.grid
    altitude = np.where(inputs.altitude <= HIGHEST, inputs.altitude, np.nan).astype(np.float64)
    found = np.empty((2, MONTHS, *grid.shape), dtype=np.float32)
    strips = _strips(grid.columns, grid.degrees)
    total, done = grid.rows * len(strips), 0
    for strip in strips:
        months = list(_sampled_months(year, float(grid.longitudes[strip].mean())))
        for row in range(grid.rows):
            turbidity = inputs.turbidity[:, row, strip].astype(np.float64)
            site = _Row(float(np.radians(grid.latitudes[row])), altitude[row, strip])
            for month, days in enumerate(months):
                found[:, month, row, strip] = site.mean_day(days, turbidity)
            done += 1
            if progress:
                progress(done, total)
    lengths = np.array(month_lengths(year), dtype=np.float64)
    annual = np.einsum("m,kmrc->krc", lengths / lengths.sum(), found, dtype=np.float64).astype(np.float32)
    both = np.concatenate([annual[:, None], found], axis=1)
    return ClearSky(both[0], both[1], year)


class _Row:
    """One row of cells. Altitude comes in steps, so the way of the light is worked out once for each step."""

    def __init__(self, latitude: float, altitude: Floats) -> None:
        self.latitude = latitude
        levels, self.level_of = np.unique(altitude, return_inverse=True)
        self.pressure = sun.pressure_ratio(levels)
        self.fh1 = np.exp(-altitude / 8000)
        self.fh2 = np.exp(-altitude / 1250)
        self.cg1 = 5.09e-5 * altitude + 0.868
        self.cg2 = 3.92e-5 * altitude + 0.0387

    def mean_day(self, days: _Day, monthly_turbidity: Floats) -> Floats:
        """GHI and DNI of a mean day of one month, Wh/m²; [2, columns]."""
        # Axes: sampled day, hour angle, cell.
        before, here, after = (monthly_turbidity[month] for month in days.months)
        share = days.shares[:, :, None]
        turbidity = (share[0] * before + share[1] * here + share[2] * after)[:, None, :]
        normal, horizontal, air_mass = self._path(days)
        attenuation = self.cg2 * (self.fh1 + self.fh2 * (turbidity - 1))
        global_normal = self.cg1 * np.exp(-attenuation * air_mass)
        ghi = np.einsum("dhc,dhc->c", horizontal, global_normal)
        # The beam as the model gives it, limited by its empirical correction.
        beam = (0.664 + 0.163 / self.fh1) * np.exp(-0.09 * (turbidity - 1) * air_mass)
        limit = 1 - (0.1 - 0.2 * np.exp(-turbidity)) / (0.1 + 0.882 / self.fh1)
        np.minimum(beam, global_normal * limit, out=beam)
        dni = np.einsum("dhc,dhc->c", normal, beam)
        return np.stack([ghi, dni])

    def _path(self, days: _Day) -> tuple[Floats, Floats, Floats]:
        """Extraterrestrial irradiation (Wh/m²) on a normal and a horizontal surface, absolute air mass.

        Axes: sampled day, hour angle, cell. The hours end where the apparent sun sets, by altitude, because in thin
        clean air the beam still has strength there.
        """
        high = np.sin(self.latitude) * np.sin(days.declination)[:, None, None]
        wide = np.cos(self.latitude) * np.cos(days.declination)[:, None, None]
        sunset = np.arccos(np.clip((np.sin(_sunset_elevation(self.pressure)) - high) / wide, -1, 1))
        angle = _NODES[:, None] * sunset
        true = np.degrees(np.arcsin(high + wide * np.cos(angle)))
        apparent = np.maximum(true + self.pressure * sun.refraction(true), 0)
        # Both halves of the day; 12 h for an hour angle of pi.
        normal = (days.weight * days.extraterrestrial)[:, None, None] * _WEIGHTS[:, None] * sunset * (24 / np.pi)
        horizontal = normal * np.sin(np.radians(apparent))
        air_mass = sun.relative_air_mass(apparent) * self.pressure
        return normal[:, :, self.level_of], horizontal[:, :, self.level_of], air_mass[:, :, self.level_of]


def _sunset_elevation(pressure: Floats) -> Floats:
    """True elevation (radians) at which refraction just brings the centre of the sun to the horizon."""
    elevation = np.full_like(pressure, -0.5)
    for _ in range(4):
        elevation = -pressure * sun.refraction(elevation)
    return np.radians(elevation)


def _gauss(points: int) -> tuple[Floats, Floats]:
    """Nodes and weights of the Gauss-Legendre rule on [0, 1]."""
    nodes, weights = np.polynomial.legendre.leggauss(points)
    return (np.asarray(nodes, dtype=np.float64) + 1) / 2, np.asarray(weights, dtype=np.float64) / 2


_NODES, _WEIGHTS = _gauss(HOURS)


def _sampled_months(year: int, longitude: float) -> Iterator[_Day]:
    """The sampled days of January to December at the solar noon of ``longitude``.

    Days are counted from 1 on 1 January; day n stands for the stretch from n - 0.5 to n + 0.5. The monthly turbidity
    holds at the middle of the month, halfway between its first and last midnight, as in pvlib.
    """
    lengths = month_lengths(year)
    nodes, weights = _gauss(DAYS_IN_HALF)
    ends = np.cumsum(lengths)
    for month, length in enumerate(lengths):
        first, middle = ends[month] - length + 0.5, ends[month] - length / 2
        halves = ((first, middle), (middle, first + length))
        day = np.concatenate([low + (high - low) * nodes for low, high in halves])
        weight = np.concatenate([(high - low) * weights for low, high in halves]) / length
        previous, following = (month - 1) % MONTHS, (month + 1) % MONTHS
        # Distance to the neighbouring middle: half of this month and half of the neighbour.
        to_previous, to_following = (lengths[previous] + length) / 2, (length + lengths[following]) / 2
        back, forth = np.maximum(middle - day, 0) / to_previous, np.maximum(day - middle, 0) / to_following
        yield _Day(
            weight,
            sun.declination(year, day, 0.5 - longitude / 360),
            sun.extraterrestrial(day),
            (previous, month, following),
            np.stack([back, 1 - back - forth, forth]),
        )


def _strips(columns: int, degrees: float) -> list[slice]:
    count = int(np.ceil(columns * degrees / STRIP_DEGREES))
    edges = np.linspace(0, columns, count + 1).round().astype(int)
    return [slice(int(low), int(high)) for low, high in pairwise(edges)]
