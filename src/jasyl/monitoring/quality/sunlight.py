"""Checks by the sun: output at night, stamps shifted by hours, a plant that stands elsewhere."""

from dataclasses import dataclass
from typing import Annotated

import numpy as np

from .catalogue import Settings, check, parameter
from .findings import Finding, median, runs
from .observation import Floats, Int, Observed, clear_sky, elevations

SOLAR = {"solar"}
GENERATED = {"electricity_generated"}


class NightSettings(Settings, frozen=True):
    elevation: Annotated[float, parameter("The sun stays below this all the interval", "deg")] = -1.0
    share: Annotated[float, parameter("Part of nominal power (else of the high level) that is output", "1")] = 0.005


@check("night-output", "1.0.0", "wrong", NightSettings, families=SOLAR, quantities=GENERATED, needs={"place"})
def night_output(seen: Observed, settings: NightSettings) -> list[Finding]:
    """A solar plant that gives power in the dark.

    The incident: frozen telemetry of solar parks counted as sun at night (opennem #544); there a threshold on the
    length of equal values gave false alarms on overcast days, and night output turned out to be the one signal without
    them over eleven years. Here it also catches a battery's discharge booked as sun, and stamps in local time.

    Signal: more than 0.5 % of nominal power while the sun stays lower than 1° below the horizon during the whole
    interval (refraction lifts it by 0.6°, twilight gives less than that half per cent). Blind to: faults by day.
    """
    assert seen.sun is not None
    nominal = seen.capacity if seen.capacity is not None else seen.level
    return runs((seen.sun.highest < settings.elevation) & (seen.rate > settings.share * nominal))


class ShiftSettings(Settings, frozen=True):
    least: Annotated[float, parameter("Shift from which it is told", "h")] = 0.75
    whole: Annotated[float, parameter("How far from a whole hour it may lie", "h")] = 0.25
    days: Annotated[int, parameter("Days whose median is taken", "d")] = 7
    edge: Annotated[float, parameter("Part of the day's highest at which a day begins and ends", "1")] = 0.03


@check("time-shift", "1.0.0", "wrong", ShiftSettings, families=SOLAR, quantities=GENERATED, needs={"place"},
       context=10)  # fmt: skip
def time_shift(seen: Observed, settings: ShiftSettings) -> list[Finding]:
    """Stamps that are off by whole hours.

    The incident: the sheet says local time and was taken for UTC (5 hours); the end of the interval was taken for its
    start (one interval); the clock of a gateway in Almaty was not put back on 2024-03-01, when Kazakhstan went from
    UTC+6 to UTC+5, and everything since then is an hour off. Daily sums look right, hourly balances are nonsense.

    Signal: the middle between the first and the last light of each day (the crossings of 3 % of its highest output)
    against the same middle of the clear sky over the declared place, median over seven days; at least 0.75 h and near
    a whole hour. Both edges move together, so neither clouds nor the plant's orientation move the middle by much (a
    steep façade to the east or west: some 20 minutes). The evidence names the shift to be taken off. Blind to: shifts
    below three quarters of an hour, series of days.
    """
    edges = _edges(seen, settings.edge)
    if edges is None:
        return []
    shift = _running(edges.middle, settings.days)
    hours = np.round(shift)
    told = (np.abs(shift) >= settings.least) & (np.abs(shift - hours) <= settings.whole)
    found: list[Finding] = []
    for each in np.unique(hours[told]).tolist():
        days = told & (hours == each)
        found += runs(days[seen.day] & seen.there, f"{int(each):+d} h")
    return sorted(found, key=lambda finding: finding.first)


class PlaceSettings(Settings, frozen=True):
    middle: Annotated[float, parameter("Shift of solar noon from which it is told; 1 h is 15° of longitude", "h")] = 0.6
    whole: Annotated[float, parameter("Nearer to a whole hour it is a matter of clocks", "h")] = 0.25
    longer: Annotated[float, parameter("How much longer than the sun's the plant's day must be", "h")] = 1.2
    shorter: Annotated[float, parameter("How much shorter, as hills, trees and steep roofs shorten it", "h")] = 2.4
    days: Annotated[int, parameter("Days that must agree", "d")] = 14
    edge: Annotated[float, parameter("Part of the day's highest at which a day begins and ends", "1")] = 0.03
    dark: Annotated[float, parameter("Share of energy with the sun down from which it is told", "1")] = 0.02


@check("wrong-place", "1.0.0", "suspect", PlaceSettings, families=SOLAR, quantities=GENERATED, needs={"place"},
       context=14)  # fmt: skip
def wrong_place(seen: Observed, settings: PlaceSettings) -> list[Finding]:
    """A plant whose days do not begin and end where the register says it stands.

    The incident: Germany's register of plants has thousands of units at wrong coordinates (open-MaStR #12), some with
    longitude and latitude exchanged, some at the owner's office. Maps, expected yields and regional sums follow.

    Signal: over two weeks the day of the plant is longer than the day over the declared place by 1.2 h or shorter by
    2.4 h (latitude), or its noon lies off by more than 0.6 h and not near a whole hour, which would be a clock
    (longitude). A roof of NREL below the Rocky Mountains has days 1.4 h shorter than its sky; nothing makes a day
    longer. The evidence says how far: noon and length in hours. Blind to: errors of less than some 9° of longitude or,
    near the equinoxes, of any latitude; shifts of nearly whole hours are told as ``time-shift``.
    """
    edges = _edges(seen, settings.edge)
    if edges is None or np.count_nonzero(~np.isnan(edges.middle)) < settings.days:
        return []
    middle, length = _running(edges.middle, settings.days), _running(edges.length, settings.days)
    clock = np.abs(middle - np.round(middle)) <= settings.whole
    told = ((np.abs(middle) >= settings.middle) & ~clock) | (length >= settings.longer) | (length <= -settings.shorter)
    if np.count_nonzero(told) < settings.days:
        return []
    noon, day = (float(median(each[told], 0)) for each in (middle, length))
    return runs(told[seen.day], f"{noon:+.1f} h, {day:+.1f} h")


@dataclass(frozen=True)
class Edges:
    """Of each civil day: how much later the middle of the lit time lies than under the sun of the declared place, and
    how much longer it is, hours; NaN where a day does not tell."""

    middle: Floats
    length: Floats


def _edges(seen: Observed, edge: float) -> Edges | None:
    """:func:`day_edges`, reckoned once for the checks that ask for them of the same series."""
    if edge not in seen.day_edges:
        seen.day_edges[edge] = day_edges(seen, edge)
    return seen.day_edges[edge]


def day_edges(seen: Observed, edge: float) -> Edges | None:
    """The edges of days measured and under a clear sky, by the same crossing.

    A day of the plant is cut half a day before and behind its own noon (of the week around), so that no shift up to
    half a day cuts it within the light.
    """
    assert seen.sun is not None
    if seen.slots < 12 or len(seen) < 2 * seen.slots:
        return None
    light = np.clip(np.nan_to_num(seen.rates), 0, None)
    clear = np.nan_to_num(seen.by_day(_expected(seen)))
    true_noon = np.argmax(median(clear, 0))
    noon = _noons(light, int(true_noon))
    measured = _crossings(light, noon, edge)
    expected = _crossings(clear, np.full(len(clear), true_noon), edge)
    whole = ~np.isnan(_cut(seen.rates, noon)).any(axis=1)
    first, last = ((measured[at] - expected[at]) * seen.hours for at in (0, 1))
    return Edges(np.where(whole, (first + last) / 2, np.nan), np.where(whole, last - first, np.nan))


def _expected(seen: Observed) -> Floats:
    """Mean clear-sky irradiance of each interval: hours are cut in four, as the sun's edge does not wait for them."""
    parts = max(seen.series.interval // 900_000_000, 1)
    step = seen.series.interval // parts
    assert seen.place is not None
    fine = elevations(int(seen.start[0]), step, len(seen) * parts, *seen.place)
    return clear_sky(fine).reshape(-1, parts).mean(axis=1)


def _noons(light: Floats, true_noon: int) -> Int:
    """Slot of noon as measured, for each day: where the mean of the week's light points on the clock's face."""
    days, slots = light.shape
    hands = (light * np.exp(2j * np.pi * np.arange(slots) / slots)).sum(axis=1)
    week = np.convolve(hands, np.ones(min(7, days)), "same")
    noon = np.round(np.angle(week) / (2 * np.pi) * slots)
    away = (noon - true_noon + slots // 2) % slots - slots // 2
    return (true_noon + away).astype(np.int64)


def _cut(matrix: Floats, noon: Int) -> Floats:
    """For each day the slots from half a day before its noon to half a day behind it; NaN beyond the ends."""
    days, slots = matrix.shape
    at = np.arange(days)[:, None] * slots + noon[:, None] - slots // 2 + np.arange(slots)
    inside = (at >= 0) & (at < matrix.size)
    return np.where(inside, matrix.ravel()[np.clip(at, 0, matrix.size - 1)], np.nan)


def _crossings(matrix: Floats, noon: Int, edge: float) -> tuple[Floats, Floats]:
    """First and last crossing of ``edge`` of each day's highest, in slots, interpolated; NaN in the dark."""
    cut = np.nan_to_num(_cut(matrix, noon))
    slots = cut.shape[1]
    highest = cut.max(axis=1)
    level = edge * highest
    over = cut > np.maximum(level, 1e-12)[:, None]
    rows = np.arange(len(cut))
    first, last = over.argmax(axis=1), slots - 1 - over[:, ::-1].argmax(axis=1)
    before, behind = cut[rows, np.maximum(first - 1, 0)], cut[rows, np.minimum(last + 1, slots - 1)]
    at, to = cut[rows, first], cut[rows, last]
    with np.errstate(divide="ignore", invalid="ignore"):
        rise = first - (at - level) / (at - before)
        fall = last + (to - level) / (to - behind)
    tells = over.any(axis=1) & (highest > 0.15 * float(median(highest, 0))) & (first > 0) & (last < slots - 1)
    begun = noon - slots // 2
    return np.where(tells, rise + begun, np.nan), np.where(tells, fall + begun, np.nan)


def _running(values: Floats, days: int) -> Floats:
    """Median over ``days`` days around each, where at least half of them tell."""
    reach = days // 2
    padded = np.full(len(values) + 2 * reach, np.nan)
    padded[reach : reach + len(values)] = values
    window = np.lib.stride_tricks.sliding_window_view(padded, 2 * reach + 1)
    told = np.count_nonzero(~np.isnan(window), axis=1) >= min(reach + 1, max(3, reach))
    return np.where(told, median(window, 1), np.nan)
