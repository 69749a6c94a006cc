"""Checks of plants against their resource: regulation at a ceiling, the power curve, soiling."""

import math
from typing import Annotated

import numpy as np

from .catalogue import Settings, check, parameter
from .findings import Finding, bounds_of, median, middle_of, runs
from .observation import Bools, Floats, Observed

GENERATED = {"electricity_generated"}


class ClippingSettings(Settings, frozen=True):
    width: Annotated[float, parameter("Half width of the band under the ceiling, part of it", "1")] = 0.002
    least: Annotated[int, parameter("Readings in a row within the band", "1")] = 3
    days: Annotated[int, parameter("Days on which it must happen", "d")] = 2
    nominal: Annotated[float, parameter("Part of nominal power from which a ceiling is the plant's own", "1")] = 0.97


@check("clipping", "1.0.0", "suspect", ClippingSettings, families={"solar"}, quantities=GENERATED, context=7)
def clipping(seen: Observed, settings: ClippingSettings) -> list[Finding]:
    """A ceiling below nominal power, day after day.

    The incident: one of two inverters is out, or the dispatcher limits the feed-in, and the park gives a flat top at
    60 % through every fine noon; the month's sum is low and "the weather" is blamed. In performance figures such
    hours must not count as soiling or ageing.

    Signal: at least three readings in a row within 0.2 % of the same ceiling on at least two days, the ceiling being
    the highest of the days around and below 97 % of nominal power. Blind to: ceilings that change from day to day;
    hours averaged over the edge of the flat top.
    """
    peaks = np.nanmax(np.where(np.isnan(seen.rates), 0, seen.rates), axis=1)
    padded = np.full(len(peaks) + 6, -np.inf)
    padded[3:-3] = peaks
    highest = np.sort(np.lib.stride_tricks.sliding_window_view(padded, 7), axis=1)
    mask = np.zeros(len(seen), bool)
    # The ceiling is what several days share; a single spike above it (a fault of its own) is passed over.
    for ceiling in (highest[:, -1], highest[:, -2]):
        ours = ceiling > 0
        if seen.capacity is not None:
            ours &= ceiling < settings.nominal * seen.capacity
        inside = np.abs(seen.rate / np.where(ours, ceiling, np.nan)[seen.day] - 1) <= settings.width
        for first, last in _within_days(inside, seen, settings.least):
            mask[first:last] = True
    hit = np.unique(seen.day[mask])
    return runs(mask) if len(hit) >= settings.days else []


def _within_days(mask: Bools, seen: Observed, least: int) -> list[tuple[int, int]]:
    """The runs of true of at least ``least`` positions, cut at midnight."""
    firsts, lasts = bounds_of(mask)
    at = np.flatnonzero(np.diff(seen.day)) + 1
    cuts = at[mask[at] & mask[at - 1]]
    firsts, lasts = np.sort(np.r_[firsts, cuts]), np.sort(np.r_[lasts, cuts])
    long = lasts - firsts >= least
    return list(zip(firsts[long].tolist(), lasts[long].tolist(), strict=True))


class CurveSettings(Settings, frozen=True):
    bin: Annotated[float, parameter("Width of the bins of wind speed (IEC 61400-12-1)", "m/s")] = 0.5
    least: Annotated[int, parameter("Readings that make a bin", "1")] = 10
    spread: Annotated[float, parameter("Robust standard deviations off the bin's median", "1")] = 6.0
    part: Annotated[float, parameter("Part of nominal power it must be off at least", "1")] = 0.1


@check("power-curve", "1.0.0", "suspect", CurveSettings, families={"wind"}, quantities=GENERATED, needs={"wind"},
       context=28)  # fmt: skip
def power_curve(seen: Observed, settings: CurveSettings) -> list[Finding]:
    """Output that the wind of that hour does not explain.

    The incident: ice on the blades takes a third of the output for a week in January; a turbine stands still for a
    fault that nobody acknowledges while its neighbours turn; an anemometer freezes and the curve looks too good.

    Signal: readings by bins of 0.5 m/s of the facility's own wind speed; six robust standard deviations (of the bin,
    with its neighbours) and a tenth of the high level off the bin's median. OpenOA filters in the same way before it
    fits curves. Blind to: facilities without a series ``wind_speed``; faults that last for most of the time seen.
    """
    assert seen.wind is not None
    held = ~np.isnan(seen.rate) & ~np.isnan(seen.wind)
    if np.count_nonzero(held) < 4 * settings.least:
        return []
    nominal = seen.capacity if seen.capacity is not None else seen.level
    bins = np.where(held, np.floor(np.nan_to_num(seen.wind) / settings.bin), -1).astype(np.int64)
    off = np.zeros(len(seen), bool)
    order = np.flatnonzero(held)
    order = order[np.argsort(bins[order], kind="stable")]
    rate, wind, bins = seen.rate[order], seen.wind[order], bins[order]
    numbers = np.unique(bins)
    begins = np.searchsorted(bins, [numbers - 1, numbers, numbers + 1, numbers + 2])
    for each, first, here, behind, last in zip(numbers.tolist(), *begins.tolist(), strict=True):
        # Lowest and highest bins are thin: their neighbours lend them readings, moved along the curve's slope.
        if last - first < settings.least:
            continue
        middle = (each + 0.5) * settings.bin
        residual = _residual(rate[first:last], wind[first:last], middle, settings.bin)
        own = np.abs(residual[here - first : behind - first])
        if np.any(own > settings.part * nominal):
            scatter = 1.4826 * middle_of(np.abs(residual))
            off[order[here:behind]] = own > np.maximum(settings.spread * scatter, settings.part * nominal)
    return runs(off)


def _residual(rate: Floats, wind: Floats, middle: float, width: float) -> Floats:
    """Distance from the line through the medians of the lower and the upper half of the bins' readings."""
    upper = wind >= middle
    if min(np.count_nonzero(upper), np.count_nonzero(~upper)) < 5:
        return rate - middle_of(rate)
    at = [middle_of(wind[side]) for side in (~upper, upper)]
    of = [middle_of(rate[side]) for side in (~upper, upper)]
    slope = (of[1] - of[0]) / max(at[1] - at[0], width / 4)
    line = of[0] + slope * (wind - at[0])
    return rate - line - middle_of(rate - line)


class SoilingSettings(Settings, frozen=True):
    days: Annotated[int, parameter("Days on each side whose medians are compared", "d")] = 7
    step: Annotated[float, parameter("Part by which the performance falls at least", "1")] = 0.07
    spread: Annotated[float, parameter("Standard errors of the medians it must exceed", "1")] = 5.0
    light: Annotated[float, parameter("Irradiance from which an interval counts", "W/m2")] = 200.0


@check("soiling-step", "1.0.0", "suspect", SoilingSettings, families={"solar"}, quantities=GENERATED,
       needs={"irradiance"}, context=14)  # fmt: skip
def soiling_step(seen: Observed, settings: SoilingSettings) -> list[Finding]:
    """A loss that comes from one day to the next and stays until rain or a cleaning.

    The incident: a dust storm on the steppe takes a tenth of a park's output for five weeks; a string fuse blows and
    takes as much, for ever. In a monthly sum both drown in the weather.

    Signal: energy over irradiation of each day (hours above 200 W/m², measured at the facility); the medians of the
    seven days before and behind differ by 7 % or more and by five standard errors; told from the step down to the step
    back up, or to the last day. Blind to: facilities without a series ``irradiance``; slow soiling, whose rate is a
    figure (NREL's stochastic rate and recovery in RdTools), not a fault of a day; snow, which is told as well.
    """
    assert seen.irradiance is not None
    used = ~np.isnan(seen.rate) & ~np.isnan(seen.irradiance) & (seen.irradiance > settings.light)
    if not used.any():
        return []
    energy = np.bincount(seen.day[used], weights=seen.rate[used], minlength=int(seen.day[-1]) + 1)
    light = np.bincount(seen.day[used], weights=seen.irradiance[used], minlength=int(seen.day[-1]) + 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        index = np.where(light > 0, energy / light, np.nan)
    dirty = _stepped(index, settings)
    return runs(dirty[seen.day] & seen.there)


def _stepped(index: Floats, settings: SoilingSettings) -> np.ndarray:
    """Days between a step down and the following step up. A step is where the medians differ the most."""
    count, reach = len(index), settings.days
    ratio, error = np.full(count, np.nan), np.full(count, np.nan)
    if count >= 2 * reach:
        weeks = np.lib.stride_tricks.sliding_window_view(index, reach)
        told = np.count_nonzero(~np.isnan(weeks), axis=1) >= reach - 2
        usual = median(weeks, 1)
        scatter = 1.4826 * median(np.abs(weeks / np.where(told, usual, np.nan)[:, None] - 1), 1)
        both = np.flatnonzero(told[:-reach] & told[reach:])
        ratio[both + reach] = usual[both + reach] / usual[both] - 1
        # Standard error of a median of normal values: 1.2533 σ/√n.
        spread = zip(scatter[both].tolist(), scatter[both + reach].tolist(), strict=True)
        error[both + reach] = [1.2533 * math.hypot(*each) / math.sqrt(reach) for each in spread]
    strong = (np.abs(ratio) >= settings.step) & (np.abs(ratio) >= settings.spread * error)
    dirty = np.zeros(count, bool)
    for first, last in zip(*(each.tolist() for each in bounds_of(strong & (ratio < 0))), strict=True):
        down = first + int(np.argmin(ratio[first:last]))
        ups = np.flatnonzero(strong & (ratio > 0) & (np.arange(count) > down))
        until = count
        if len(ups):
            begun = int(ups[0])
            stretch = bounds_of(strong & (ratio > 0) & (np.arange(count) >= begun))[1][0]
            until = begun + int(np.argmax(ratio[begun:stretch]))
        dirty[down:until] = True
    return dirty
