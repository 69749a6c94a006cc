"""Checks of presence: gaps, zeros that stand for gaps, readings of intervals that had not ended."""

from typing import Annotated

import numpy as np

from .catalogue import Settings, check, parameter
from .findings import Finding, bounds_of, runs
from .observation import Observed

FLOWING = frozenset({"heat_supplied", "heat_consumed", "gas_consumed", "gas_produced", "gas_saved", "water_supplied",
                     "water_treated", "water_saved"})  # fmt: skip
MINUTE = 60_000_000


class GapSettings(Settings, frozen=True):
    least: Annotated[int, parameter("Missing intervals in a row that are told", "1")] = 1


@check("gap", "1.0.0", "suspect", GapSettings, daily=True)
def gap(seen: Observed, settings: GapSettings) -> list[Finding]:
    """Intervals without a reading between others.

    The incident: a gateway that loses its line for a night and forgets its spool (OpenEMS #2043, gaps after every
    reconnection); a page that drew the gap as zero told its readers of a plant at rest (opennem #615).

    Signal: an interval of the grid without a reading. What is missing is null: no figure fills it, every figure says
    its completeness, and this verdict makes the gap visible as something to be asked for. Blind to: silence after the
    last reading (an alert of its own, ``silent``).
    """
    return runs(~seen.there, least=settings.least)


class ZeroSettings(Settings, frozen=True):
    sun: Annotated[float, parameter("Elevation above which a solar plant cannot be dark", "deg")] = 10.0
    hours: Annotated[float, parameter("Hours of zero that are told", "h")] = 3.0
    floor: Annotated[float, parameter("Lowest part of its median that a steady flow reaches", "1")] = 0.15


@check("zero-for-gap", "1.0.0", "suspect", ZeroSettings, quantities=FLOWING | {"electricity_generated"}, context=7)
def zero_for_gap(seen: Observed, settings: ZeroSettings) -> list[Finding]:
    """Zero where nothing was measured.

    The incident: an interface that answers 0 when the meter does not (opennem #615: gaps shown as zero); a solar park
    that is said to give exactly nothing at noon.

    Signal: exact zeros for at least three hours: of a solar plant while the sun stands 10° high or more, of a heat,
    gas or water flow that otherwise never falls below 15 % of its median. A breaker that tripped looks the same, hence
    suspect, not wrong. Blind to: wind, water and biogas plants, which really stand still; summer breaks of heating.
    """
    zero = seen.rate == 0
    if not zero.any():
        return []
    if seen.family == "solar" and seen.series.quantity == "electricity_generated":
        if seen.sun is None:
            return []
        high = seen.sun.lowest > settings.sun
        return [each for each in runs(zero & high) if (each.last - each.first) * seen.hours >= settings.hours]
    if seen.series.quantity not in FLOWING:
        return []
    running = seen.rate[seen.rate > 0]
    if len(running) < 48 or np.percentile(running, 1) < settings.floor * np.median(running):
        return []
    # A flow that rests often has a rhythm of its own; a fault is rare.
    firsts, _ = bounds_of(zero)
    if len(firsts) * seen.slots > len(seen) or np.count_nonzero(zero) > 0.2 * len(seen):
        return []
    return [each for each in runs(zero) if (each.last - each.first) * seen.hours >= settings.hours]


class UnfinishedSettings(Settings, frozen=True):
    tolerance: Annotated[float, parameter("How far a clock may be wrong", "min")] = 2.0


@check("unfinished", "1.0.0", "wrong", UnfinishedSettings, kinds={"mean", "amount"}, daily=True)
def unfinished(seen: Observed, settings: UnfinishedSettings) -> list[Finding]:
    """A reading of an interval that had not ended when it came.

    The incident: a gateway whose clock runs ahead, or that stamps the end of an interval where the start is meant,
    delivers the hour that has only begun; it is stored, the true value comes an hour later as "another value", and
    the sum of the day has both states in turn. Intervals that have not even begun are refused at the door.

    Signal: end of the interval later than the moment of delivery by more than two minutes. A later revision that came
    in time heals it. Blind to: clocks that are wrong by less than an interval and send late.
    """
    came = seen.received > 0
    early = seen.start + seen.series.interval - seen.received > settings.tolerance * MINUTE
    return runs(came & early)
