"""What the sums of the solar kernel say: means, monthly and hourly profiles, the years' spread with P50 and P90."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ..exceeded_years import LEAST_YEARS, WHOLE_YEAR, Exceedance, exceedance
from ..weather.bins import HOURS, MONTHS
from ..weather.partials import Binned, Partials
from .kernel import Output

Floats = NDArray[np.float64]

# A bin or a year in which more of the time is missing has no value: the missing hours may be the sunny ones.
LARGEST_GAP = 0.02


def mean_of(found: Partials, output: Output) -> Floats:
    """Mean of ``output`` over all intervals [rows, columns], NaN where too much is missing."""
    return means_by_bin(found, output, np.zeros(len(found.binned["steps"].labels), dtype=np.int64), 1)[0]


def means_by_bin(found: Partials, output: Output, groups: NDArray[np.int64], count: int) -> Floats:
    """Means over groups of bins [count, rows, columns]; ``groups`` says to which group each bin belongs."""
    sums, missing = found.binned[output].values, found.binned[f"missing-{output}"].values
    steps = found.binned["steps"].values
    result = np.full((count, *sums.shape[1:]), np.nan)
    for group in range(count):
        here = groups == group
        total = int(steps[here].sum())
        if total:
            known = total - missing[here].sum(axis=0)
            enough = known >= (1 - LARGEST_GAP) * total
            # Sums are over known intervals; dark ones are known to be zero.
            result[group][enough] = sums[here].sum(axis=0)[enough] / known[enough]
    return result


def monthly_means(found: Partials, output: Output) -> Floats:
    """Means of January to December over all years [12, rows, columns]; bins must be months or month-hours."""
    return means_by_bin(found, output, _months(found.binned["steps"]) % MONTHS, MONTHS)


def annual_mean(found: Partials, output: Output) -> Floats:
    """Mean of a year [rows, columns] as the mean of its months by their days: uneven months do not tilt it.

    NaN unless every month of the year has a value.
    """
    return year_of_months(monthly_means(found, output))


def year_of_months(months: Floats) -> Floats:
    """The mean of January to December [12, rows, columns] by their days; NaN unless every month has a value."""
    days = np.array([31, 28.25, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])
    return np.einsum("m,mrc->rc", days / days.sum(), months)


def profile(found: Partials, output: Output) -> Floats:
    """Means by month and local hour [12, 24, rows, columns]; bins must be month-hours."""
    labels = found.binned["steps"].labels
    groups = labels // HOURS % MONTHS * HOURS + labels % HOURS
    return means_by_bin(found, output, groups, MONTHS * HOURS).reshape(
        MONTHS, HOURS, *found.binned[output].values.shape[1:]
    )


@dataclass(frozen=True, eq=False)
class Spread:
    """How whole years differ: ``years``, their means [year, rows, columns], and what is exceeded by chance.

    ``p50`` and ``p90`` are by ``exceedance``; None when there are fewer whole years than it asks for, and then
    ``years`` says how many there are. Only the weather's spread: not the uncertainty of models and data.
    """

    years: tuple[int, ...]
    means: Floats
    p50: Exceedance | None
    p90: Exceedance | None


def spread(found: Partials, output: Output, step_hours: float = 1.0) -> Spread:
    """The spread of whole years; bins must be months or month-hours."""
    binned = found.binned["steps"]
    year_of = _months(binned) // MONTHS
    hours = {int(year): float(binned.values[year_of == year].sum()) * step_hours for year in np.unique(year_of)}
    whole = [year for year, covered in hours.items() if covered >= WHOLE_YEAR * 8760]
    groups = np.full(len(year_of), -1, dtype=np.int64)
    for number, year in enumerate(whole):
        groups[year_of == year] = number
    means = means_by_bin(found, output, groups, len(whole))
    if len(whole) < LEAST_YEARS:
        return Spread(tuple(whole), means, None, None)
    return Spread(tuple(whole), means, exceedance(means, 0.5), exceedance(means, 0.9))


def region_series(found: Partials, output: Output, totals: Floats) -> Floats:
    """Weighted means of regions [region, time]; ``totals`` are the regions' weights. NaN where too much is missing."""
    known = totals[:, None] - found.series[f"lost-{output}"]
    enough = known >= (1 - LARGEST_GAP) * totals[:, None]
    return np.where(enough, found.series[output], np.nan) / np.where(known > 0, known, np.nan)


def _months(binned: Binned) -> NDArray[np.int64]:
    """Months counted from year 0, whether the labels are months or months and hours."""
    labels = binned.labels
    # A month's label is about 24 000; with hours it is 24 times that.
    return labels // HOURS if len(labels) and labels[-1] >= 3000 * MONTHS else labels
