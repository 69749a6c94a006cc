"""Least squares with bounds: which bounds bind, found by block principal pivoting (Portugal, Júdice, Vicente 1994).

A bound that binds enters as a relation of its own, so values, deviations and tests are those of the exact problem,
conditional on the active bounds. No interior point is left between the answer and the bound.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from .linear import STANDINGS, Linear, reconcile
from .projection import Flags, Floats, Numbers

# How often blocks may move without fewer bounds being broken, before bounds move one by one (Murty's rule).
_PATIENCE = 3
_ROUNDS = 400
# How often values that became determined may start the search again.
_TRIALS = 10
# What counts as broken, as a share of the size of the values.
_BROKEN = 1e-9
# Standard deviation given, while bounds are sought, to values nothing determines: this many times the largest value.
_WIDE = 1e3
# A bound pushed less than this (in standard deviations) is held by nothing but that width.
_SLIGHT = 1e-4


class BoundsUnsettled(Exception):
    """No set of active bounds satisfies all relations: the columns still broken."""

    def __init__(self, columns: Numbers) -> None:
        super().__init__(f"bounds cannot all hold: {columns.tolist()}")
        self.columns = columns


@dataclass(frozen=True)
class Bounded:
    """A reconciled system and the columns held at their lower or upper bound, with the push of each.

    ``push``: by how much the objective J would fall for each unit by which the bound gave way.
    """

    linear: Linear
    active: Numbers
    at_upper: Flags
    push: Floats


def reconcile_bounded(
    matrix: Any, constant: Floats, observed: Floats, covariance: Any, lower: Floats, upper: Floats, *,
    tests: bool = True, start: Floats | None = None, hidden: bool = True,
) -> Bounded:  # fmt: skip
    """As `reconcile`, with ``lower`` <= x <= ``upper`` (infinite where there is no bound).

    ``start``: sides to begin with (-1 at the lower bound, 1 at the upper, 0 free); ``hidden``: whether bounds of values
    that nothing determines are looked for too (their sum may be bounded though none of them is known).
    Raises `BoundsUnsettled` and what `reconcile` raises.
    """
    matrix = sparse.csr_array(matrix)
    begin = np.zeros(len(observed)) if start is None else start
    free = _with_sides(matrix, constant, observed, covariance, lower, upper, begin, tests=False)
    loose = (free.linear.standing == STANDINGS.index("unobservable")) & (np.isfinite(lower) | np.isfinite(upper))
    loose &= hidden
    scale = _size(observed)
    if not loose.any() and not _broken(free.linear.value, lower, upper, scale).any() and (free.push >= 0).all():
        found = _with_sides(matrix, constant, observed, covariance, lower, upper, begin, tests=tests)
        return _without_rounding(found, lower, upper)
    wide, spread = _widened(observed, covariance, loose, lower, upper, scale)
    typical = float(np.sqrt(np.median(_variances(covariance)[~np.isnan(observed)])))
    # While values without data are held by their width alone, pushes as slight as that mean nothing.
    slack = _SLIGHT / typical if loose.any() and typical > 0 else 0.0
    sides = _pivot(matrix, constant, wide, spread, lower, upper, begin, scale)
    broken = loose
    for _ in range(_TRIALS):
        found = _with_sides(matrix, constant, wide, spread, lower, upper, sides, tests=False)
        slight = found.active[found.push <= slack] if slack else found.active[:0]
        kept = sides.copy()
        kept[slight] = 0.0
        exact = _with_sides(matrix, constant, observed, covariance, lower, upper, kept, tests=tests)
        broken = _broken(exact.linear.value, lower, upper, scale)
        if not broken.any():
            return _without_rounding(exact, lower, upper)
        # Values that became determined only now may break their bounds: seek again from here.
        sides = np.where(broken, np.where(exact.linear.value < lower, -1.0, 1.0), kept)
        loose &= ~broken
        sides = _pivot(matrix, constant, wide, spread, lower, upper, sides, scale)
    raise BoundsUnsettled(np.flatnonzero(broken))


def _pivot(
    matrix: Any, constant: Floats, observed: Floats, covariance: Any, lower: Floats, upper: Floats, sides: Floats,
    scale: float,
) -> Floats:  # fmt: skip
    """The sides at which bounds bind: blocks of bounds move while fewer are broken, else the first one only."""
    sides, fewest, patience = sides.copy(), len(observed) + 1, _PATIENCE
    wrong = np.zeros(0, dtype=np.int64)
    for _ in range(_ROUNDS):
        found = _with_sides(matrix, constant, observed, covariance, lower, upper, sides, tests=False)
        value = found.linear.value
        low = (value < lower - _BROKEN * scale) & (sides == 0)
        high = (value > upper + _BROKEN * scale) & (sides == 0)
        release = found.active[found.push < 0]
        wrong = np.concatenate((np.flatnonzero(low | high), release))
        if len(wrong) == 0:
            return sides
        if len(wrong) < fewest:
            fewest, patience = len(wrong), _PATIENCE
        else:
            patience -= 1
        moved = wrong if patience > 0 else np.array([wrong.max()])
        sides[moved] = np.where(sides[moved] != 0, 0.0, np.where(low[moved], -1.0, 1.0))
    raise BoundsUnsettled(wrong)


def _with_sides(
    matrix: Any, constant: Floats, observed: Floats, covariance: Any, lower: Floats, upper: Floats, sides: Floats, *,
    tests: bool,
) -> Bounded:  # fmt: skip
    """The system with the bounds of ``sides`` as relations; the push of each from its multiplier."""
    active = np.flatnonzero(sides)
    at_upper = sides[active] > 0
    rows = sparse.csr_array(
        (np.ones(len(active)), (np.arange(len(active)), active)), shape=(len(active), matrix.shape[1])
    )
    held = np.where(at_upper, upper[active], lower[active])
    whole = sparse.vstack((matrix, rows), format="csr") if len(active) else matrix
    linear = reconcile(whole, np.concatenate((constant, held)), observed, covariance, tests=tests)
    own = linear.projection.combination[linear.independent]
    multipliers = np.asarray(own.T @ linear.multipliers).ravel()[matrix.shape[0] :]
    push = 2.0 * np.where(at_upper, -multipliers, multipliers)
    rounding = 1e-10 * np.abs(multipliers).max(initial=0.0)
    return Bounded(linear, active, at_upper, np.where(np.abs(push) <= rounding, 0.0, push))


def _without_rounding(found: Bounded, lower: Floats, upper: Floats) -> Bounded:
    """Values that rounding left a hair beyond their bound stand on it: no amount of −0.000 t."""
    np.clip(found.linear.value, lower, upper, out=found.linear.value)
    return found


def _broken(value: Floats, lower: Floats, upper: Floats, scale: float) -> Flags:
    with np.errstate(invalid="ignore"):
        return (value < lower - _BROKEN * scale) | (value > upper + _BROKEN * scale)


def _size(observed: Floats) -> float:
    return float(np.nanmax(np.abs(observed), initial=0.0)) or 1.0


def _variances(covariance: Any) -> Floats:
    return np.asarray(covariance.diagonal() if sparse.issparse(covariance) else covariance)


def _widened(
    observed: Floats, covariance: Any, loose: Flags, lower: Floats, upper: Floats, scale: float
) -> tuple[Floats, Any]:  # fmt: skip
    """Undetermined values as if measured very widely at their bound, so that their bounds are seen at all."""
    if not loose.any():
        return observed, covariance
    middle = np.where(np.isfinite(lower), lower, np.where(np.isfinite(upper), upper, 0.0))
    wide = np.where(loose, middle, observed)
    spread = np.where(loose, (_WIDE * scale) ** 2, 0.0)
    if sparse.issparse(covariance):
        return wide, sparse.csr_array(covariance + sparse.diags_array(spread))
    return wide, covariance + spread
