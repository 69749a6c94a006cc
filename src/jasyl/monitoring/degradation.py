"""How fast photovoltaic output falls, and performance against an expected yield."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

Floats = NDArray[np.float64]
YEAR_DAYS = 365
LEAST_PAIRS = 120
BLOCK_DAYS = 30


@dataclass(frozen=True)
class Degradation:
    """Change a year as a share of the first year's level (-0.007 = 0.7 % less each year), with the interval at
    ``level``; ``pairs`` of days a year apart it rests on, ``share`` of the possible ones."""

    rate: float
    low: float
    high: float
    level: float
    pairs: int
    share: float


def year_on_year(performance: Floats, *, level: float = 0.9, draws: int = 1000, seed: int = 20130530) -> Degradation:
    """Degradation from daily ``performance`` (ratio or normalised yield; consecutive days, NaN where missing).

    Each day is compared with the day 365 days before; the rate is the median of the differences over the median level
    of the first year (Hasselbrink et al. 2013; Jordan et al. 2018): seasons, soiling that comes every year and single
    faults drop out. The interval comes from bootstrapping blocks of 30 days, because neighbouring days share
    weather. Days at or below zero are no performance and count as missing. Raises Refusal ``degradation-too-short``
    unless two years with 120 pairs are there.
    """
    daily = np.where(np.asarray(performance, float) > 0, performance, np.nan)
    possible = len(daily) - YEAR_DAYS
    slopes = daily[YEAR_DAYS:] - daily[:-YEAR_DAYS] if possible > 0 else np.empty(0)
    pairs = int(np.isfinite(slopes).sum())
    if pairs < LEAST_PAIRS or possible < YEAR_DAYS:
        raise Refusal("degradation-too-short", received=f"{len(daily)}/{pairs}", expected=f"730/{LEAST_PAIRS}")
    slopes = slopes / np.nanmedian(daily[:YEAR_DAYS])
    numbers = np.random.default_rng(seed)
    blocks = -(-len(slopes) // BLOCK_DAYS)
    starts = numbers.integers(0, len(slopes), (draws, blocks, 1))
    places = (starts + np.arange(BLOCK_DAYS)) % len(slopes)
    medians = np.nanmedian(slopes[places.reshape(draws, -1)], axis=1)
    low, high = np.quantile(medians, [(1 - level) / 2, (1 + level) / 2])
    return Degradation(float(np.nanmedian(slopes)), float(low), float(high), level, pairs, pairs / possible)


@dataclass(frozen=True)
class AgainstExpected:
    """``ratio`` of what was metered to what was expected in the same intervals, None where nothing was expected;
    ``share`` of the expected energy whose intervals have a reading."""

    ratio: float | None
    share: float


def performance_against_expected(metered: Floats, expected: Floats) -> AgainstExpected:
    """Metered over expected energy of the intervals that have both (IEC 61724-1 performance index).

    Arrays of one length and unit; NaN is missing. Missing readings are neither zero nor filled in.
    """
    both = np.isfinite(metered) & np.isfinite(expected)
    whole = float(np.nansum(expected))
    wanted = float(expected[both].sum())
    if whole <= 0:
        return AgainstExpected(None, 0.0)
    return AgainstExpected(float(metered[both].sum()) / wanted if wanted > 0 else None, wanted / whole)


def availability(metered: Floats, expected: Floats, *, least: float = 0.05) -> AgainstExpected:
    """Share of the expected energy that fell into intervals in which the plant ran (IEC 61400-26-2 in spirit).

    An interval counts as running when it gave more than ``least`` of what was expected; intervals without a reading
    are in neither sum. Needs no signal from the plant, so curtailment and grid faults count as not available.
    """
    both = np.isfinite(metered) & np.isfinite(expected) & (expected > 0)
    whole = float(np.nansum(np.maximum(expected, 0)))
    wanted = float(expected[both].sum())
    if wanted <= 0:
        return AgainstExpected(None, 0.0)
    ran = both & (metered > least * expected)
    return AgainstExpected(float(expected[ran].sum()) / wanted, wanted / whole)
