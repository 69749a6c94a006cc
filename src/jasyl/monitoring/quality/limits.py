"""Checks of size: more than the plant can give, a thousand times too much, below zero, far off the usual."""

from typing import Annotated

import numpy as np

from ..amounts import AMOUNTS
from .catalogue import Settings, check, parameter
from .findings import Finding, around, median, middle_of, runs
from .observation import FROM_CAPACITY, Floats, Observed


class CapacitySettings(Settings, frozen=True):
    margin: Annotated[float, parameter("Readings up to nominal power times this are believed", "1")] = 1.1


@check("capacity", "1.0.0", "wrong", CapacitySettings, quantities=FROM_CAPACITY, needs={"capacity"}, daily=True)
def capacity(seen: Observed, settings: CapacitySettings) -> list[Finding]:
    """More than nominal power gives in the interval.

    The incident: a public power monitor showed impossible output of plants for years (electricitymaps-contrib #5327,
    #621); the remedy asked for there was the limit that follows from the capacity in the register. A meter that is
    replaced, a transformer ratio entered twice, or two deliveries added up look the same.

    Signal: rate > nominal power × margin. The margin covers class B meters, cold clear days of photovoltaics and the
    rounding of nameplates; overloads of thermal plants stay below it. Blind to: anything below nominal power.
    """
    assert seen.capacity is not None
    return runs(seen.rate > seen.capacity * settings.margin)


class ThousandSettings(Settings, frozen=True):
    tolerance: Annotated[float, parameter("How far the decimal logarithm may lie from 3", "1")] = 0.45
    reach: Annotated[int, parameter("Days before and behind that make the usual level", "d")] = 14
    spread: Annotated[float, parameter("Robust standard deviations of the usual days it must exceed", "1")] = 6.0
    least: Annotated[int, parameter("Days with readings above zero that make a usual level", "d")] = 5
    over: Annotated[float, parameter("Nominal powers beyond which an interval alone shows it", "1")] = 30.0


@check("factor-1000", "1.0.0", "wrong", ThousandSettings, quantities=frozenset(AMOUNTS), daily=True, context=14)
def factor_1000(seen: Observed, settings: ThousandSettings) -> list[Finding]:
    """A day in kilowatt hours among days in megawatt hours, or the other way round.

    The incident: a national monitor stored the energy of its batteries a thousandfold too low until somebody compared
    two pages (opennem #605); a city's inventory showed 337 kt for 1.75 Mt after an import (CityCatalyst #2776). It
    comes with a sheet whose header changed from кВт·ч to МВт·ч, a Wh register read as kWh, or a new gateway.

    Signal: the sum of a civil day (of daily series: the reading) against the median of the days around it; the
    decimal logarithm of the ratio must lie near 3 or -3 and stand out of the usual scatter of days, so that calm days
    of wind parks are no fault. An interval beyond 30 times nominal power shows it by itself, whatever the days around.
    Blind to: factors that change with the first reading (there is no usual level yet) unless nominal power tells.
    """
    sums = _day_sums(seen)
    found = _off_days(seen, sums, settings) if _far_apart(sums, settings) else []
    if seen.capacity is not None:
        found += runs(seen.rate > seen.capacity * settings.over, "× 1000")
    return found


def _far_apart(sums: Floats, settings: ThousandSettings) -> bool:
    """Whether any day can be off: no median of days lies further from a day than the highest from the lowest."""
    above = sums[sums > 0]
    return len(above) > 0 and float(np.log10(above.max() / above.min())) > 3 - settings.tolerance - 1e-9


def _off_days(seen: Observed, sums: Floats, settings: ThousandSettings) -> list[Finding]:
    """Days a thousand times above or below those around them."""
    usual = around(np.where(sums > 0, sums, np.nan), settings.reach)
    logs = np.log10(np.where(sums > 0, sums, np.nan) / usual)
    scatter = 1.4826 * float(median(np.abs(logs), 0)) if np.any(~np.isnan(logs)) else np.nan
    enough = np.count_nonzero(sums > 0) > settings.least
    off = np.abs(np.abs(logs) - 3) < settings.tolerance
    off &= np.abs(logs) > settings.spread * scatter
    if seen.capacity is not None:
        # What is a thousand times too high lies beyond nominal power; what is too low would be possible a thousandfold.
        peak = np.nanmax(np.where(np.isnan(seen.rates), -np.inf, seen.rates), axis=1)
        off &= np.where(logs > 0, peak > seen.capacity, peak * 1000 < seen.capacity * 1.5)
    return [
        each
        for name, days in (("× 1000", off & (logs > 0)), ("÷ 1000", off & (logs < 0)))
        for each in (runs(days[seen.day] & seen.there, name) if enough else [])
    ]


def _day_sums(seen: Observed) -> Floats:
    """Sum of the rates of each civil day; NaN for a day without readings."""
    held = ~np.isnan(seen.rates)
    sums = np.where(held, seen.rates, 0).sum(axis=1)
    return np.where(held.any(axis=1), sums, np.nan)


class NegativeSettings(Settings, frozen=True):
    allowed: Annotated[float, parameter("Own consumption of a plant at rest, part of nominal power", "1")] = 0.02


@check("negative", "1.0.0", "wrong", NegativeSettings, quantities=frozenset(AMOUNTS), kinds={"mean", "amount"},
       daily=True)  # fmt: skip
def negative(seen: Observed, settings: NegativeSettings) -> list[Finding]:
    """Less than nothing delivered.

    The incident: a current transformer mounted the wrong way round counts backwards; a balance (import minus export)
    is sent as production; a sheet's correction rows carry minus signs. Sums go down and nobody sees why.

    Signal: a value below zero, for power plants below minus 2 % of nominal power (an inverter or a turbine at rest
    draws a little from the grid, which is no fault). Blind to: nothing of that kind.
    """
    floor = -settings.allowed * seen.capacity if seen.capacity is not None else 0.0
    return runs(seen.rate < floor)


class RangeSettings(Settings, frozen=True):
    factor: Annotated[float, parameter("Times the usual high level", "1")] = 3.0
    percentile: Annotated[float, parameter("Percentile that is the usual high level", "%")] = 99.0
    least: Annotated[int, parameter("Readings above zero that make a usual level", "1")] = 48


@check("beyond-range", "1.0.0", "suspect", RangeSettings,
       quantities=frozenset(AMOUNTS) - FROM_CAPACITY, daily=True, context=28)  # fmt: skip
def beyond_range(seen: Observed, settings: RangeSettings) -> list[Finding]:
    """A single reading far above all that the meter ever said.

    The incident: a pulse counter of a water meter whose cable runs beside a pump's catches its start as thousands of
    pulses; a weighbridge prints kilograms into a column of tonnes for one lorry. Such series have no nominal power
    in the register to be held against.

    Signal: more than three times the 99th percentile of the readings above zero around it. Blind to: faults within
    three times the usual; series with fewer than 48 readings above zero.
    """
    running = seen.rate[seen.rate > 0]
    if len(running) < settings.least:
        return []
    usual = float(np.percentile(running, settings.percentile))
    # One fault of a thousandfold must not hide in a percentile that it has raised itself.
    usual = min(usual, 10 * middle_of(running))
    return runs(seen.rate > settings.factor * usual)
