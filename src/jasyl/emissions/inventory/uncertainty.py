"""How sure the totals are: propagation of error (IPCC 2006, volume 1, chapter 3, approach 1) and Monte Carlo (2).

Both work on the same terms and the same variables: a factor used by many cells is one variable, so its error is fully
correlated between them, which approach 1 as a table of rows would miss. What a method made (decay, wastewater) is
made again with every draw. Potentials are taken as exact, as the
Guidelines do.

Approach 1: the variance of a total is the sum over variables of (what of the total hangs on the variable × its
relative deviation)². It is exact for sums and of first order for products. Monte Carlo draws every variable, normal or
lognormal with mean 1, and multiplies.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..emission import Masses
from .gases import warming
from .structure import TOTALS, Total, cell
from .terms import Term, Variable
from .totals import Result

DRAWS = 10_000
SEED = 20_260_101
_NORMAL_95 = 1.96


@dataclass(frozen=True)
class Share:
    """Which part of a total's variance a variable brings, and its own half-width in per cent (95 %)."""

    variable: str
    name: str
    share: float
    half: float


@dataclass(frozen=True)
class Spread:
    """A total with its error, kg CO2e: standard deviations of both approaches, the 95 % interval drawn, what it
    comes from (largest first)."""

    total: str
    mean: float
    propagated: float
    drawn: float
    low: float
    high: float
    shares: tuple[Share, ...]

    @property
    def half(self) -> float | None:
        """Half the 95 % interval of approach 1 in per cent of the total; None for a total of zero."""
        return _NORMAL_95 * self.propagated / abs(self.mean) * 100 if self.mean else None

    def as_data(self) -> dict[str, Any]:
        """For programs."""
        shares = [vars(one) for one in self.shares[:10]]
        return {**{name: value for name, value in vars(self).items() if name != "shares"}, "half": self.half,
                "shares": shares}  # fmt: skip


def spreads(result: Result, *, draws: int = DRAWS, seed: int = SEED) -> dict[Total, Spread]:
    """The error of the three totals; the same seed gives the same numbers."""
    weights = _weights(result)
    samples = _samples(weights, result.variables, draws, seed)
    return {
        total: _spread(
            total, [one for one in weights if cell(one[0].ref).part_of(total)], samples[total], result.variables
        )
        for total in TOTALS
    }  # fmt: skip


def activity_halves(result: Result) -> dict[str, float | None]:
    """Half the 95 % interval of each activity in per cent, by propagation of error; None of one that comes to zero."""
    parts: dict[str, list[tuple[Term, float]]] = {}
    for one in _weights(result):
        parts.setdefault(one[0].activity, []).append(one)
    return {name: _half(terms, result.variables) for name, terms in parts.items()}


def _half(terms: list[tuple[Term, float]], variables: Mapping[str, Variable]) -> float | None:
    whole = sum(float(term.mass) * warming_of_kg for term, warming_of_kg in terms)
    each = propagated(terms, variables).values()
    return _NORMAL_95 * math.hypot(*each) / abs(whole) * 100 if whole else None


def propagated(terms: Iterable[tuple[Term, float]], variables: Mapping[str, Variable]) -> dict[str, float]:
    """The standard deviation that each variable brings to the sum of the terms (kg CO2e); with a term stands what a kg
    of it warms."""
    hanging: dict[str, float] = {}
    for term, warming_of_kg in terms:
        for name in term.variables:
            hanging[name] = hanging.get(name, 0.0) + term.moved_by(name) * warming_of_kg
    return {name: abs(kg) * variables[name].deviation for name, kg in hanging.items()}


def multipliers(variables: Mapping[str, Variable], draws: int, seed: int) -> dict[str, NDArray[np.float64]]:
    """Draws of each variable relative to its value: mean 1, its deviation, normal or lognormal."""
    source = np.random.default_rng(seed)
    drawn: dict[str, NDArray[np.float64]] = {}
    for name in sorted(variables):
        normal = source.standard_normal(draws)
        one = variables[name]
        if one.distribution == "normal":
            drawn[name] = 1 + one.deviation * normal
        else:
            width = np.sqrt(np.log1p(one.deviation**2))
            drawn[name] = np.exp(width * normal - width**2 / 2)
    return drawn


def _weights(result: Result) -> list[tuple[Term, float]]:
    book = result.inventory
    return [(one, float(warming(one.species, Decimal(1), book.gwp_set, book.methane))) for one in result.terms]


def _samples(
    weights: Iterable[tuple[Term, float]], variables: Mapping[str, Variable], draws: int, seed: int
) -> dict[Total, NDArray[np.float64]]:
    relative = multipliers(variables, draws, seed)
    totals: dict[Total, NDArray[np.float64]] = {total: np.zeros(draws) for total in TOTALS}
    # Terms of the same variables (the same fuel burnt in the same place) share one product, gases of a method its run.
    products: dict[tuple[str, ...], NDArray[np.float64]] = {}
    made: dict[int, Masses] = {}
    for term, warming_of_kg in weights:
        if warming_of_kg == 0:
            continue
        if term.made is not None:
            if id(term.made) not in made:
                made[id(term.made)] = term.made.drawn(relative)
            mass = made[id(term.made)][term.species]
        else:
            if term.variables not in products:
                products[term.variables] = np.prod([relative[name] for name in term.variables], axis=0)
            mass = float(term.mass) * products[term.variables]
        for total in TOTALS:
            if cell(term.ref).part_of(total):
                totals[total] += warming_of_kg * mass
    return totals


def _spread(
    total: Total, terms: list[tuple[Term, float]], drawn: NDArray[np.float64], variables: Mapping[str, Variable]
) -> Spread:
    each = propagated(terms, variables)
    variance = sum(value**2 for value in each.values())
    ordered = sorted(each.items(), key=lambda one: (-one[1], one[0]))
    shares = tuple(
        Share(name, variables[name].name, value**2 / variance, variables[name].deviation * _NORMAL_95 * 100)
        for name, value in ordered
        if value > 0
    )
    low, high = (float(end) for end in np.percentile(drawn, (2.5, 97.5)))
    mean = sum(float(term.mass) * warming_of_kg for term, warming_of_kg in terms)
    return Spread(total, mean, float(np.sqrt(variance)), float(drawn.std(ddof=1)), low, high, shares)
