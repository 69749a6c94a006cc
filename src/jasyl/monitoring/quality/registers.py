"""Checks of counters: jumps, dips, roll-overs and new meters, recognised and not guessed."""

from typing import Annotated

import numpy as np

from .catalogue import Settings, check, parameter
from .findings import Finding
from .observation import Floats, Int, Observed


class JumpSettings(Settings, frozen=True):
    margin: Annotated[float, parameter("Nominal powers that a step may show", "1")] = 1.1
    factor: Annotated[float, parameter("Without nominal power: times the 99th percentile of the steps", "1")] = 5.0
    back: Annotated[int, parameter("Intervals after which a strayed register is back", "1")] = 48


def _most(seen: Observed, margin: float, factor: float) -> float:
    """The largest step of the register that is believed for one interval, in its unit."""
    if seen.capacity is not None:
        return seen.capacity * margin * seen.hours
    steps = seen.rate[seen.rate > 0] * seen.hours
    return factor * float(np.percentile(steps, 99)) if len(steps) > 20 else float("inf")


def _known(seen: Observed) -> Int:
    return np.flatnonzero(seen.there)


@check("counter-jump", "1.0.0", "wrong", JumpSettings, kinds={"counter"}, daily=True, context=2)
def counter_jump(seen: Observed, settings: JumpSettings) -> list[Finding]:
    """A register that strays, or leaps further than the plant can have counted.

    The incident: a telegram with one flipped digit puts the register up by ten thousand for one reading; the
    differences show a huge production, then a fall that looks like a new meter. Or the technician enters the reading
    of another meter and the leap stays.

    Signal: a step beyond what nominal power (or five times the 99th percentile of the steps) allows in the elapsed
    time; if within two days the register is back where a believable step leads, the strayed readings and the one
    before are told ("astray"), else the reading before the leap ("leap"), whose step is the wrong amount. Falls that
    come back are astray too. Blind to: strays that stay within a believable step.
    """
    known = _known(seen)
    most = _most(seen, settings.margin, settings.factor)
    if len(known) < 3 or not np.isfinite(most):
        return []
    found: list[Finding] = []
    register, resume = seen.reading[known], 0
    each_step = np.diff(register)
    for at in (1 + np.flatnonzero((each_step < 0) | (each_step > most * np.diff(known)))).tolist():
        if at < resume:
            continue
        step = each_step[at - 1]
        behind = np.arange(at + 1, min(at + 1 + settings.back, len(known)))
        steps = register[behind] - register[at - 1]
        back = behind[(steps >= 0) & (steps <= most * (known[behind] - known[at - 1]))]
        if len(back):
            # The step into the strayed register is as wrong as the one out of it.
            found.append(Finding(int(known[at - 1]), int(known[back[0] - 1]) + 1, "astray"))
            resume = int(back[0]) + 1
        elif step > 0:
            found.append(Finding(int(known[at - 1]), int(known[at - 1]) + 1, "leap"))
    return found


class RestartSettings(Settings, frozen=True):
    margin: Annotated[float, parameter("Nominal powers that a step may show", "1")] = 1.1
    factor: Annotated[float, parameter("Without nominal power: times the 99th percentile of the steps", "1")] = 5.0
    stays: Annotated[int, parameter("Intervals for which the new register must go on believably", "1")] = 4


@check("counter-restart", "1.0.0", "suspect", RestartSettings, kinds={"counter"}, daily=True, context=2)
def counter_restart(seen: Observed, settings: RestartSettings) -> list[Finding]:
    """A register that begins again: it rolled over, or the meter was replaced.

    The incident: a five-digit register passes 99 999 and a naive difference subtracts a year's production; a new meter
    begins at 0 (or at 3.2, from its test bench) and the same difference invents a negative day. The energy between the
    last reading of the old meter and the first of the new one is known to nobody but the protocol of the exchange.

    Signal: the register falls and goes on from there. If it stood within a believable step of a power of ten (of its
    counting unit, Wh or kWh alike) and begins within one, it rolled over: the evidence names the power, and the step
    would be that much. Otherwise it is a new meter. Either way the step stays out of every sum until a person
    enters a corrected register: it is recognised, not guessed. Blind to: a new meter set to a higher register (a leap).
    """
    known = _known(seen)
    most = _most(seen, settings.margin, settings.factor)
    if len(known) < settings.stays + 2 or not np.isfinite(most):
        return []
    register = seen.reading[known]
    found: list[Finding] = []
    for at in np.flatnonzero(np.diff(register) < 0).tolist():
        onward = np.diff(register[at + 1 : at + 2 + settings.stays])
        apart = np.diff(known[at + 1 : at + 2 + settings.stays])
        if not len(onward) or np.any(onward < 0) or np.any(onward > most * apart):
            continue
        if _comes_back(register[at:], known[at:], most) or _strayed(register, known, at, most):
            continue
        elapsed = int(known[at + 1] - known[at])
        power = _rolled(register[at], register[at + 1], most * elapsed, seen.series.scale)
        evidence = f"10^{power}" if power is not None else "0"
        found.append(Finding(int(known[at]), int(known[at]) + 1, evidence))
    return found


def _comes_back(register: Floats, known: Int, most: float) -> bool:
    """Whether the register within two days is again where it would have gone on from its first value."""
    steps = register[2:50] - register[0]
    return bool(np.any((steps >= 0) & (steps <= most * (known[2:50] - known[0]))))


def _strayed(register: Floats, known: Int, at: int, most: float) -> bool:
    """Whether the register after a fall goes on from one of the two days before it: then the fallen one strayed."""
    first = max(at - 48, 0)
    steps = register[at + 1] - register[first:at]
    return bool(np.any((steps >= 0) & (steps <= most * (known[at + 1] - known[first:at]))))


def _rolled(before: float, after: float, most: float, scale: int) -> int | None:
    """The power of ten that the register passed, if exactly one fits."""
    fits = [
        power for power in range(3 - scale, 16) if 0 <= after + 10.0**power - before <= most and before < 10.0**power
    ]
    return fits[0] if len(fits) == 1 else None
