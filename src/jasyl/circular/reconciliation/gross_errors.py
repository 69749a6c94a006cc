"""Tests of gross errors: does anything not fit, and what is the first suspect. Nothing is deleted here."""

from dataclasses import dataclass

import numpy as np
from scipy import special

from .linear import Linear
from .projection import Floats, Numbers

# The customary risk of a false alarm of a test.
ALPHA = 0.05


@dataclass(frozen=True)
class GlobalTest:
    """J against chi-squared with as many degrees of freedom as there are independent redundant relations.

    ``p`` is the chance of a J as large without gross errors; None where nothing can be tested.
    """

    objective: float
    freedom: int
    limit: float | None
    p: float | None

    @property
    def passed(self) -> bool | None:
        return None if self.limit is None else self.objective <= self.limit


@dataclass(frozen=True)
class Suspects:
    """Statistics above the limit of the tests, the largest first: their numbers and values; ``limit`` with the tests
    counted after Šidák."""

    numbers: Numbers
    statistics: Floats
    limit: float
    tests: int


def global_test(objective: float, freedom: int, alpha: float = ALPHA) -> GlobalTest:
    """The chi-squared test of the weighted sum of squares."""
    if freedom == 0:
        return GlobalTest(objective, 0, None, None)
    limit = float(special.chdtri(freedom, alpha))
    return GlobalTest(objective, freedom, limit, float(special.chdtrc(freedom, max(objective, 0.0))))


def sidak_limit(tests: int, alpha: float = ALPHA) -> float:
    """The two-sided normal limit at which all tests together raise a false alarm with chance ``alpha``."""
    each = -np.expm1(np.log1p(-alpha) / max(1, tests))
    return float(-special.ndtri(each / 2))


def suspects(statistics: Floats, alpha: float = ALPHA) -> Suspects:
    """Which of the statistics (NaN: not testable) exceed the limit, ranked. Equal statistics count as one test each."""
    tested = np.flatnonzero(~np.isnan(statistics))
    limit = sidak_limit(len(tested), alpha)
    size = np.abs(statistics[tested])
    order = np.argsort(-size, kind="stable")
    chosen = order[size[order] > limit]
    return Suspects(tested[chosen], statistics[tested[chosen]], limit, len(tested))


def measurement_suspects(found: Linear, alpha: float = ALPHA) -> Suspects:
    """Local tests of all redundant measured values."""
    return suspects(found.shift, alpha)


def relation_suspects(found: Linear, alpha: float = ALPHA) -> Suspects:
    """Nodal tests of all redundant relations; the numbers count the rows of ``projection.combination[independent]``."""
    return suspects(found.relation_shift, alpha)
