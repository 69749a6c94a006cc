"""Checks of repetition: a value that stands still, a day that was copied."""

import math
from collections import Counter
from typing import Annotated

import numpy as np

from ..amounts import AMOUNTS
from .catalogue import Settings, check, parameter
from .findings import Finding, bounds_of
from .observation import Bools, Observed


class FrozenSettings(Settings, frozen=True):
    least: Annotated[int, parameter("Equal values in a row that are told at the earliest", "1")] = 4
    chance: Annotated[float, parameter("Chance at which such a run may come about by itself, each reading", "1")] = 1e-8
    top: Annotated[float, parameter("Part of nominal power from which equal values are regulation", "1")] = 0.97
    tie: Annotated[float, parameter("Share of equal neighbours beyond which nothing can be told", "1")] = 0.6
    flat: Annotated[float, parameter("Part of the high level (99th percentile) that counts as regulation", "1")] = 0.995


@check("frozen", "1.0.0", "wrong", FrozenSettings, quantities=frozenset(AMOUNTS), context=14)
def frozen(seen: Observed, settings: FrozenSettings) -> list[Finding]:
    """The same value again and again while the world went on.

    The incident: telemetry froze in the afternoon and a solar park gave 40 MW all night; the national monitor counted
    it (opennem #544). Thresholds on the length alone were tried there and fail: coarse meters repeat values honestly.

    Signal: a run of one value above zero that is longer than chance explains: from the share p of equal neighbours
    elsewhere in the series follows the length n with p^n below 10^-8, at least four. Registers of counters are judged
    by their steps. Runs at nominal power or at the top of the series are regulation, zeros are rest (see
    ``zero-for-gap``). Blind to: zeros; runs shorter than four intervals; series in which most neighbours are equal.
    """
    rate = seen.rate
    equal = (rate[1:] == rate[:-1]) & (rate[1:] != 0)
    firsts, lasts = bounds_of(equal)
    if not len(firsts):
        return []
    # A pair within a long run is no honest repetition: only short runs say how often neighbours are equal.
    honest = np.zeros(len(equal), bool)
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        honest[first:last] = last - first < max(settings.least, 6)
    pairs = np.count_nonzero((rate[1:] > 0) & (rate[:-1] > 0) & (~equal | honest))
    share = (np.count_nonzero(equal & honest) + 1) / (pairs + 2)
    if share > settings.tie:
        return []
    least = max(settings.least, math.ceil(math.log(settings.chance) / math.log(share)))
    top = settings.flat * seen.level
    if seen.capacity is not None:
        top = max(min(top, settings.top * seen.capacity), settings.top * seen.capacity * 0.5)
    found: list[Finding] = []
    for first, last in zip(firsts.tolist(), lasts.tolist(), strict=True):
        regulated = rate[first] >= top and not _dark(seen, first, last)
        if last - first + 1 >= least and not regulated:
            found.append(Finding(first, last + 1, f"{last - first + 1}"))
    return found


def _dark(seen: Observed, first: int, last: int) -> bool:
    """Whether the sun was down during a run: no regulation keeps a solar plant at its top then."""
    return seen.family == "solar" and seen.sun is not None and bool(np.any(seen.sun.highest[first : last + 1] < 0))


class RepeatedSettings(Settings, frozen=True):
    different: Annotated[int, parameter("Different values above zero a day must have to be recognised", "1")] = 8
    share: Annotated[float, parameter("Share of a day's intervals that must have a reading", "1")] = 0.75


@check("repeated-day", "1.0.0", "wrong", RepeatedSettings, quantities=frozenset(AMOUNTS), context=35)
def repeated_day(seen: Observed, settings: RepeatedSettings) -> list[Finding]:
    """A day that is the copy of an earlier one, value by value.

    The incident: somebody fills a missing day of the monthly sheet with the day before; a gateway resends its buffer
    under new stamps after its clock was set. The store takes the same reading once (it is idempotent), but these have
    stamps of their own, and the energy is counted twice.

    Signal: a civil day whose readings equal those of an earlier day of the last five weeks, with at least eight
    different values above zero: no two real days agree to the watt hour. The later day is told. Blind to: copies that
    were "adjusted"; series with few different values.
    """
    rates = seen.rates
    if rates.shape[1] < settings.different:
        return []
    there = ~np.isnan(rates)
    days = np.where(there, rates, -1.0).view(f"V{rates.shape[1] * 8}").ravel().tolist()
    # A day unlike every other is no copy, however many values it has: most series end here.
    alike = Counter(days)
    if len(alike) == len(days):
        return []
    earlier: dict[bytes, int] = {}
    copied: dict[int, int] = {}
    for day, mark in enumerate(days):
        if alike[mark] == 1:
            continue
        values, held = rates[day], there[day]
        if held.mean() < settings.share or len(np.unique(values[held & (values > 0)])) < settings.different:
            continue
        if mark in earlier and day - earlier[mark] <= 35:
            copied[day] = day - earlier[mark]
        earlier[mark] = day
    return [_day(seen.day == day, f"−{back} d") for day, back in copied.items()]


def _day(mask: Bools, evidence: str) -> Finding:
    rows = np.flatnonzero(mask)
    return Finding(int(rows[0]), int(rows[-1]) + 1, evidence)
