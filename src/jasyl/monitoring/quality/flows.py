"""Checks of flows: water that runs at night, work on a day of rest."""

import statistics
from typing import Annotated

import numpy as np

from .catalogue import Settings, check, parameter
from .findings import Finding, around, median, runs
from .observation import Observed

WATER = {"water_consumed", "water_supplied"}
WORK = {"waste_received", "waste_recycled", "waste_landfilled", "compost_produced", "electricity_consumed",
        "heat_consumed", "gas_consumed", "water_consumed", "fuel_consumed"}  # fmt: skip


class NightFlowSettings(Settings, frozen=True):
    first: Annotated[float, parameter("Beginning of the quiet hours, civil time", "h")] = 2.0
    last: Annotated[float, parameter("End of the quiet hours", "h")] = 5.0
    factor: Annotated[float, parameter("Times the usual night flow", "1")] = 1.5
    part: Annotated[float, parameter("Rise as a part of the mean flow, at least", "1")] = 0.1
    nights: Annotated[int, parameter("Nights in a row", "1")] = 2
    reach: Annotated[int, parameter("Nights before that make the usual flow", "1")] = 14


@check("night-flow", "1.0.0", "suspect", NightFlowSettings, quantities=WATER, kinds={"mean", "amount", "counter"},
       context=21)  # fmt: skip
def night_flow(seen: Observed, settings: NightFlowSettings) -> list[Finding]:
    """Water that runs when everybody sleeps: the hint of a leak.

    The incident: a burst service pipe under a school yard ran for eleven weeks, because the monthly bill rose by less
    than the holidays had lowered it. In districts the minimum night flow shows it the next morning (the method of the
    International Water Association for district metered areas).

    Signal: the lowest flow between 2 and 5 o'clock is half as much again as the median of the two weeks before, the
    rise is a tenth of the mean flow or more, two nights in a row; told from the first such night until the flow is
    usual again. Blind to: leaks that were there from the beginning; sites that fill tanks at night.
    """
    hours = np.arange(seen.slots) * seen.hours
    quiet = (hours >= settings.first) & (hours < settings.last)
    rates = seen.rates
    told = np.isnan(rates[:, quiet]).any(axis=1)
    lowest = np.where(told, np.nan, np.nan_to_num(rates[:, quiet]).min(axis=1))
    mean = float(np.nanmean(seen.rate)) if np.any(~np.isnan(seen.rate)) else np.nan
    high = np.zeros(len(lowest), bool)
    usual: list[float] = []
    for night, flow in enumerate(lowest.tolist()):
        base = statistics.median(usual[-settings.reach :]) if len(usual) >= settings.reach // 2 else np.nan
        high[night] = flow > settings.factor * base and flow - base > settings.part * mean
        if not high[night] and not np.isnan(flow):
            usual.append(flow)
    nights = np.zeros(len(high), bool)
    for each in runs(high, least=settings.nights):
        nights[each.first : each.last] = True
    return runs(nights[seen.day] & seen.there)


class RestSettings(Settings, frozen=True):
    weeks: Annotated[int, parameter("Weeks in which the same weekday was at rest", "1")] = 3
    part: Annotated[float, parameter("Part of a usual working day from which it is work", "1")] = 0.2


@check("rest-day-work", "1.0.0", "suspect", RestSettings, quantities=WORK, daily=True, context=35)
def rest_day_work(seen: Observed, settings: RestSettings) -> list[Finding]:
    """Work on a weekday that has always been one of rest.

    The incident: tonnes of waste "received" on Sundays of a sorting plant that is closed on Sundays were the stamps
    of Saturday's sheet one day late, and the month had a day too much. Sometimes it is only a shift that was made up.

    Signal: a civil day with a fifth or more of the usual working day, on a weekday that was at rest (under a
    hundredth) on at least three of the weeks around and never otherwise at work. Blind to: plants without days of
    rest; work that stops on working days, which public holidays explain.
    """
    held = ~np.isnan(seen.rates)
    sums = np.where(held.mean(axis=1) > 0.5, np.where(held, seen.rates, 0).sum(axis=1), np.nan)
    working = sums[sums > 0]
    if len(working) < 3 * settings.weeks:
        return []
    usual = float(np.median(working))
    broken = np.zeros(len(sums), bool)
    for weekday in range(7):
        days = np.flatnonzero((seen.weekday == weekday) & ~np.isnan(sums))
        rest = sums[days] < 0.01 * usual
        if np.count_nonzero(rest) >= settings.weeks and np.count_nonzero(~rest) <= len(days) // 4:
            broken[days[sums[days] >= settings.part * usual]] = True
    return runs(broken[seen.day] & seen.there)


class BaseLoadSettings(Settings, frozen=True):
    factor: Annotated[float, parameter("Times the usual sum of a day around", "1")] = 3.0
    reach: Annotated[int, parameter("Days before and behind", "d")] = 10


@check("day-level", "1.0.0", "suspect", BaseLoadSettings,
       quantities={"heat_supplied", "heat_consumed", "gas_consumed", "water_supplied", "water_consumed"},
       daily=True, context=10)  # fmt: skip
def day_level(seen: Observed, settings: BaseLoadSettings) -> list[Finding]:
    """A day of heat, gas or water three times as high, or as low, as the days around it.

    The incident: a substation's heat meter lost its return sensor and computed with 0 °C: every hour was possible,
    the day was four times too warm. Weather does not do that to a building in a day.

    Signal: the sum of a civil day with all its readings is more than three times, or less than a third of, the median
    of ten days on each side, without being near a factor of a thousand (``factor-1000``). Blind to: the first cold day
    after summer in unheated weeks, which it would tell only if the flow tripled; days with gaps.
    """
    whole = ~np.isnan(seen.rates).any(axis=1)
    sums = np.where(whole, seen.rates.sum(axis=1), np.nan)
    usual = around(np.where(sums > 0, sums, np.nan), settings.reach)
    ratio = sums / usual
    off = (ratio > settings.factor) & (ratio < 300) | (ratio < 1 / settings.factor) & (ratio > 1 / 300)
    scatter = median(np.abs(np.log(np.where(ratio > 0, ratio, np.nan))), 0)
    off &= np.abs(np.log(np.where(ratio > 0, ratio, np.nan))) > 6 * float(scatter)
    return runs(off[seen.day] & seen.there)
