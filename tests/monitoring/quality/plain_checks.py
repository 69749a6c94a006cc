"""Checks as their stories say them, day by day and value by value: what the quick forms are held against."""

import math

import numpy as np

from jasyl.monitoring.quality.findings import Finding, bounds_of, runs
from jasyl.monitoring.quality.flows import NightFlowSettings
from jasyl.monitoring.quality.groups import GroupSettings, TwinSettings
from jasyl.monitoring.quality.limits import ThousandSettings
from jasyl.monitoring.quality.observation import Observed
from jasyl.monitoring.quality.plants import ClippingSettings, CurveSettings, SoilingSettings
from jasyl.monitoring.quality.repetition import RepeatedSettings


def middle(values):
    """Median of what is not NaN."""
    held = sorted(each for each in np.asarray(values, float).tolist() if not math.isnan(each))
    if not held:
        return math.nan
    return (held[(len(held) - 1) // 2] + held[len(held) // 2]) / 2


def repeated_day(seen: Observed, settings: RepeatedSettings) -> list[Finding]:
    if seen.rates.shape[1] < settings.different:
        return []
    earlier, found = {}, []
    for day, values in enumerate(seen.rates):
        held = ~np.isnan(values)
        if held.mean() < settings.share or len(np.unique(values[held & (values > 0)])) < settings.different:
            continue
        mark = np.where(held, values, -1.0).tobytes()
        if mark in earlier and day - earlier[mark] <= 35:
            rows = np.flatnonzero(seen.day == day)
            found.append(Finding(int(rows[0]), int(rows[-1]) + 1, f"−{day - earlier[mark]} d"))
        earlier[mark] = day
    return found


def twin_series(seen: Observed, settings: TwinSettings) -> list[Finding]:
    found = []
    for key, other in sorted(seen.twins.items()):
        agree = []
        for ours, theirs in zip(seen.rates, seen.by_day(other), strict=True):
            both = ~np.isnan(ours) & ~np.isnan(theirs)
            rich = len({each for each in ours.tolist() if each > 0}) >= settings.different
            agree.append(both.sum() >= seen.slots * 3 // 4 and not np.any(ours[both] != theirs[both]) and rich)
        for each in runs(np.array(agree, bool), least=settings.days):
            rows = np.flatnonzero((seen.day >= each.first) & (seen.day < each.last))
            found.append(Finding(int(rows[0]), int(rows[-1]) + 1, key))
    return found


def groups_disagree(seen: Observed, settings: GroupSettings) -> list[Finding]:
    difference = seen.rate - seen.parts
    held = ~np.isnan(difference)
    if np.count_nonzero(held) < 24 or not np.isfinite(seen.level):
        return []
    running = held & (seen.rate > 0.05 * seen.level)
    loss = middle(difference[running] / seen.rate[running]) if running.any() else 0.0
    rest = difference - np.clip(loss, -0.1, 0.1) * seen.rate
    limit = max(settings.part * seen.level, settings.spread * 1.4826 * middle(np.abs(rest)))
    return runs(np.abs(np.nan_to_num(rest)) > limit, least=settings.least)


def factor_1000(seen: Observed, settings: ThousandSettings) -> list[Finding]:
    sums = np.array([row[~np.isnan(row)].sum() if not np.isnan(row).all() else np.nan for row in seen.rates])
    above = np.where(sums > 0, sums, np.nan)
    usual = np.array([
        middle(np.r_[above[max(day - settings.reach, 0) : day], above[day + 1 : day + 1 + settings.reach]])
        for day in range(len(sums))
    ])  # fmt: skip
    logs = np.log10(above / usual)
    off = np.abs(np.abs(logs) - 3) < settings.tolerance
    off &= np.abs(logs) > settings.spread * 1.4826 * middle(np.abs(logs))
    if seen.capacity is not None:
        peak = np.array([np.nanmax(np.r_[-np.inf, row]) for row in seen.rates])
        off &= np.where(logs > 0, peak > seen.capacity, peak * 1000 < seen.capacity * 1.5)
    found = []
    if np.count_nonzero(sums > 0) > settings.least:
        for name, days in (("× 1000", off & (logs > 0)), ("÷ 1000", off & (logs < 0))):
            found += runs(days[seen.day] & seen.there, name)
    if seen.capacity is not None:
        found += runs(seen.rate > seen.capacity * settings.over, "× 1000")
    return found


def night_flow(seen: Observed, settings: NightFlowSettings) -> list[Finding]:
    hours = np.arange(seen.slots) * seen.hours
    quiet = (hours >= settings.first) & (hours < settings.last)
    mean = float(np.nanmean(seen.rate)) if np.any(~np.isnan(seen.rate)) else np.nan
    high, usual = np.zeros(len(seen.rates), bool), []
    for night, row in enumerate(seen.rates[:, quiet]):
        flow = float(row.min())
        base = middle(usual[-settings.reach :]) if len(usual) >= settings.reach // 2 else np.nan
        high[night] = flow > settings.factor * base and flow - base > settings.part * mean
        if not high[night] and not np.isnan(flow):
            usual.append(flow)
    nights = np.zeros(len(high), bool)
    for each in runs(high, least=settings.nights):
        nights[each.first : each.last] = True
    return runs(nights[seen.day] & seen.there)


def clipping(seen: Observed, settings: ClippingSettings) -> list[Finding]:
    peaks = np.nanmax(np.where(np.isnan(seen.rates), 0, seen.rates), axis=1)
    mask = np.zeros(len(seen), bool)
    for day in range(len(peaks)):
        near = peaks[max(day - 3, 0) : day + 4]
        for ceiling in (float(near.max()), float(np.sort(near)[-2:].min())):
            if ceiling <= 0 or (seen.capacity is not None and ceiling >= settings.nominal * seen.capacity):
                continue
            rows = np.flatnonzero(seen.day == day)
            for each in runs(np.abs(seen.rate[rows] / ceiling - 1) <= settings.width, least=settings.least):
                mask[rows[each.first] : rows[each.last - 1] + 1] = True
    return runs(mask) if len(np.unique(seen.day[mask])) >= settings.days else []


def power_curve(seen: Observed, settings: CurveSettings) -> list[Finding]:
    held = ~np.isnan(seen.rate) & ~np.isnan(seen.wind)
    if np.count_nonzero(held) < 4 * settings.least:
        return []
    nominal = seen.capacity if seen.capacity is not None else seen.level
    bins = np.where(held, np.floor(np.nan_to_num(seen.wind) / settings.bin), -1).astype(np.int64)
    off = np.zeros(len(seen), bool)
    for each in np.unique(bins[held]).tolist():
        near = np.flatnonzero(held & (np.abs(bins - each) <= 1))
        if len(near) < settings.least:
            continue
        residual = _residual(seen.rate[near], seen.wind[near], (each + 0.5) * settings.bin, settings.bin)
        scatter = 1.4826 * middle(np.abs(residual))
        limit = np.maximum(settings.spread * scatter, settings.part * nominal)
        off[near[(np.abs(residual) > limit) & (bins[near] == each)]] = True
    return runs(off)


def _residual(rate, wind, at_bin, width):
    upper = wind >= at_bin
    if min(np.count_nonzero(upper), np.count_nonzero(~upper)) < 5:
        return rate - middle(rate)
    at = [middle(wind[side]) for side in (~upper, upper)]
    of = [middle(rate[side]) for side in (~upper, upper)]
    line = of[0] + (of[1] - of[0]) / max(at[1] - at[0], width / 4) * (wind - at[0])
    return rate - line - middle(rate - line)


def soiling_step(seen: Observed, settings: SoilingSettings) -> list[Finding]:
    used = ~np.isnan(seen.rate) & ~np.isnan(seen.irradiance) & (seen.irradiance > settings.light)
    if not used.any():
        return []
    days = int(seen.day[-1]) + 1
    energy = np.bincount(seen.day[used], weights=seen.rate[used], minlength=days)
    light = np.bincount(seen.day[used], weights=seen.irradiance[used], minlength=days)
    index = [energy[day] / light[day] if light[day] > 0 else np.nan for day in range(days)]
    return runs(_stepped(np.array(index), settings)[seen.day] & seen.there)


def _stepped(index, settings):
    count, reach = len(index), settings.days
    ratio, error = np.full(count, np.nan), np.full(count, np.nan)
    for day in range(reach, count - reach + 1):
        before, behind = index[day - reach : day], index[day : day + reach]
        if min(np.count_nonzero(~np.isnan(before)), np.count_nonzero(~np.isnan(behind))) < reach - 2:
            continue
        low, high = middle(behind), middle(before)
        scatter = [1.4826 * middle(np.abs(side / at - 1)) for side, at in ((before, high), (behind, low))]
        ratio[day] = low / high - 1
        error[day] = 1.2533 * math.hypot(*scatter) / math.sqrt(reach)
    strong = (np.abs(ratio) >= settings.step) & (np.abs(ratio) >= settings.spread * error)
    dirty = np.zeros(count, bool)
    for first, last in zip(*(each.tolist() for each in bounds_of(strong & (ratio < 0))), strict=True):
        down = first + int(np.argmin(ratio[first:last]))
        until = count
        later = strong & (ratio > 0) & (np.arange(count) > down)
        if later.any():
            begun = int(np.flatnonzero(later)[0])
            until = begun + int(np.argmax(ratio[begun : bounds_of(later)[1][0]]))
        dirty[down:until] = True
    return dirty
