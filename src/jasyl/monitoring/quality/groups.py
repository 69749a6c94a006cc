"""Checks between meters: parts that do not add up to the whole, two meters that are one."""

from typing import Annotated

import numpy as np

from ..amounts import AMOUNTS
from .catalogue import Settings, check, parameter
from .findings import Finding, median, runs
from .observation import Observed


class GroupSettings(Settings, frozen=True):
    part: Annotated[float, parameter("Part of the high level by which they may differ", "1")] = 0.04
    spread: Annotated[float, parameter("Robust standard deviations of the usual difference", "1")] = 6.0
    least: Annotated[int, parameter("Intervals in a row", "1")] = 2


@check("groups-disagree", "1.0.0", "suspect", GroupSettings, quantities=frozenset(AMOUNTS), needs={"parts"},
       daily=True, context=14)  # fmt: skip
def groups_disagree(seen: Observed, settings: GroupSettings) -> list[Finding]:
    """The main meter and the sum of the meters behind it say different things.

    The incident: sums by two groupings that differ are the oldest complaint of users of dashboards (ThingsBoard
    #11361, #12115); behind it stood a branch meter that had stopped, and a new hall that was connected before its
    meter was entered.

    Signal: whole minus parts, less the usual difference (losses of lines and transformers: its median), beyond 4 % of
    the high level and six robust standard deviations, for two intervals in a row. Only intervals in which all
    meters have a reading are compared. Blind to: a difference that was there from the beginning.
    """
    assert seen.parts is not None
    difference = seen.rate - seen.parts
    held = ~np.isnan(difference)
    if np.count_nonzero(held) < 24 or not np.isfinite(seen.level):
        return []
    # Losses grow with the load: the usual difference is taken as a part of the whole.
    running = held & (seen.rate > 0.05 * seen.level)
    loss = float(median(difference[running] / seen.rate[running], 0)) if running.any() else 0.0
    rest = difference - np.clip(loss, -0.1, 0.1) * seen.rate
    if not np.any(np.abs(rest) > settings.part * seen.level):
        return []
    scatter = 1.4826 * float(median(np.abs(rest[held]), 0))
    limit = max(settings.part * seen.level, settings.spread * scatter)
    return runs(np.where(held, np.abs(np.nan_to_num(rest)) > limit, False), least=settings.least)


class TwinSettings(Settings, frozen=True):
    days: Annotated[int, parameter("Days on which they agree", "d")] = 2
    different: Annotated[int, parameter("Different values above zero a day must have", "1")] = 8


@check("twin-series", "1.0.0", "suspect", TwinSettings, quantities=frozenset(AMOUNTS), needs={"twins"}, context=7)
def twin_series(seen: Observed, settings: TwinSettings) -> list[Finding]:
    """Two series of a facility that are one meter.

    The incident: a battery's capacity was counted twice in a national total (opennem #633), because it stood under
    its old and its new name. With meters it happens when a gateway is replaced and both its old and its new channel
    are registered: the facility produces double.

    Signal: another series of the same facility and quantity says exactly the same for two civil days or more, with at
    least eight different values above zero each day. The evidence names the other. Blind to: twins of different
    interval or scale; channels of which one is rounded.
    """
    found: list[Finding] = []
    rates = seen.rates
    for key, other in sorted(seen.twins.items()):
        theirs = seen.by_day(other)
        both = ~np.isnan(rates) & ~np.isnan(theirs)
        same = (both.sum(axis=1) >= seen.slots * 3 // 4) & (np.where(both, rates != theirs, False).sum(axis=1) == 0)
        if not same.any():
            continue
        for day in np.flatnonzero(same).tolist():
            row = np.nan_to_num(rates[day])
            same[day] = len(np.unique(row[row > 0])) >= settings.different
        for each in runs(same, least=settings.days):
            rows = np.flatnonzero((seen.day >= each.first) & (seen.day < each.last))
            found.append(Finding(int(rows[0]), int(rows[-1]) + 1, key))
    return found
