"""How uncertain the indicators of a construction chain are: every uncertain input moved by its standard deviation."""

import math
from collections.abc import Callable, Mapping, Sequence

import numpy as np

from ..lifetime import Floats
from .aggregate import allocate
from .chain import Fate, Fates
from .deviations import Shift
from .run import SOIL, ChainRun

_STRICT: tuple[Fate, ...] = ("reuse", "recycle")
_RECOVERED: tuple[Fate, ...] = (*_STRICT, "backfill")


def chain_deviation(run: ChainRun, year: int) -> Callable[[Mapping[str, float]], float | None]:
    """The standard deviation of weighted sums of `ChainRun.indicators` of a year, inputs independent.

    None for a sum with an indicator of which it is not known (``con.life``), and where no input is uncertain.
    """
    moved = [_moved(run, one, year - run.chain.first_year) for one in run.shifts]

    def of(weights: Mapping[str, float]) -> float | None:
        own = {name: weight for name, weight in weights.items() if name.startswith("con.")}
        if not moved or not own or not set(own) <= set(moved[0]):
            return None
        return math.sqrt(sum(sum(weight * each[name] for name, weight in own.items()) ** 2 for each in moved))

    return of


def _moved(run: ChainRun, shift: Shift, at: int) -> dict[str, float]:
    """What a shift does to the indicators: sums by its masses, rates to first order, the allocation made again."""
    found = {
        f"con.{name}": sum(float(mass[at]) for mass in getattr(shift, name).values())
        for name in ("stock", "inflow", "demolition")
    }
    if run.new_area[at] > 0:
        found["con.mi"] = found["con.inflow"] / float(run.new_area[at])
    solid = [one for one in run.materials if one != SOIL]
    if any(run.waste_of(one)[at] > 0 for one in solid):
        found["con.rate_strict"] = _rate_moved(run, shift, at, solid, _STRICT)
        found["con.rate"] = _rate_moved(run, shift, at, solid, _RECOVERED)
    before = run.aggregate[at].substitution
    after = None if before is None else allocate(_recycled(run, shift, at), run.chain.makers, run.chain.uses)
    if before is not None and after is not None and after.substitution is not None:
        found["con.sub"] = 100 * (after.substitution - before)
    return found


def _rate_moved(run: ChainRun, shift: Shift, at: int, solid: Sequence[str], fates: tuple[Fate, ...]) -> float:
    """What a shift adds to the share (%) of waste with these fates."""
    waste = {one: float(run.waste_of(one)[at]) for one in solid}
    whole, share = sum(waste.values()), {one: _share(run, one, fates) for one in solid}
    rate = sum(waste[one] * share[one] for one in solid) / whole
    moved = {one: float(_waste(run, shift, one)[at]) for one in solid}
    told = sum(waste[one] * share[one] * shift.fates.get(one, 0.0) for one in solid)
    return 100 * (told + sum(moved[one] * (share[one] - rate) for one in solid)) / whole


def _recycled(run: ChainRun, shift: Shift, at: int) -> dict[str, float]:
    found: dict[str, float] = {}
    for one in run.materials:
        told = 1 + shift.fates.get(one, 0.0)
        mass = (run.waste_of(one) + _waste(run, shift, one)) * _share(run, one, ("recycle",)) * told
        found[one] = max(0.0, float(mass[at]))
    return found


def _waste(run: ChainRun, shift: Shift, material: str) -> Floats:
    return shift.waste(material) + np.zeros(len(run.chain.years))


def _share(run: ChainRun, material: str, fates: tuple[Fate, ...]) -> float:
    shares = run.chain.fates.get(material, Fates()).shares()
    return sum(shares[fate] for fate in fates)
