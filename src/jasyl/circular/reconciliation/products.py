"""Relations that are products of two unknown values: transfer coefficients, concentrations, shares.

Gauss-Newton: the relations are linearised where the values stand, the data are adjusted afresh, until nothing moves.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from .bounds import Bounded, reconcile_bounded
from .linear import reconcile
from .projection import Floats, Numbers

_ROUNDS = 60
_STEP = 1e-8
# By how much, as a share of itself, an exact coefficient gives way where the search begins.
_GIVES_WAY = 1e-3


class NotConverged(Exception):
    """The linearised relations did not settle: the relations (numbers among the products) that still move."""

    def __init__(self, products: Numbers) -> None:
        super().__init__(f"products {products.tolist()} do not settle")
        self.products = products


@dataclass(frozen=True)
class Relations:
    """Linear relations ``matrix`` x = ``constant`` and products ``result`` x = x[``coefficient``] · (``factor`` x).

    ``matrix`` (linear × values), ``result`` and ``factor`` (products × values) sparse; ``coefficient`` a column each.
    """

    matrix: Any
    constant: Floats
    result: Any
    factor: Any
    coefficient: Numbers

    def linearised(self, x: Floats) -> tuple[Any, Floats]:
        """All relations as linear ones at x: matrix and constant."""
        if len(self.coefficient) == 0:
            return self.matrix, self.constant
        share, amount = x[self.coefficient], self.factor @ x
        count = len(self.coefficient)
        own = sparse.csr_array((amount, (np.arange(count), self.coefficient)), shape=(count, len(x)))
        slope = sparse.csr_array(self.result - sparse.diags_array(share) @ self.factor - own)
        # f(x) = r - k s;  J x - f(x) = -k s
        return sparse.vstack((self.matrix, slope), format="csr"), np.concatenate((self.constant, -share * amount))

    def misses(self, x: Floats) -> Floats:
        """By how much each product misses at x."""
        return self.result @ x - x[self.coefficient] * (self.factor @ x)


@dataclass(frozen=True)
class Solution:
    """A reconciled system; ``rounds`` of linearisation; for each product the second-order terms.

    ``curvature``: the expectation of what the linearisation leaves out, cov(coefficient, amount), in the unit of the
    result; ``bias``: the shift of each value that follows from it (Box 1971), to be compared with its deviation.
    """

    bounded: Bounded
    rounds: int
    curvature: Floats
    bias: Floats


def solve(
    relations: Relations, observed: Floats, covariance: Any, lower: Floats, upper: Floats, *, tests: bool = True
) -> Solution:
    """Reconcile with products and bounds. Raises `NotConverged` and what `reconcile_bounded` raises."""
    if len(relations.coefficient) == 0:
        found = reconcile_bounded(relations.matrix, relations.constant, observed, covariance, lower, upper, tests=tests)
        return Solution(found, 1, np.zeros(0), np.zeros(len(observed)))
    x = _beginning(relations, observed, covariance)
    size = np.maximum(np.abs(x), 1e-3 * np.median(np.abs(x)))
    sides = np.zeros(len(x))
    settled = False
    for count in range(1, _ROUNDS + 1):
        matrix, constant = relations.linearised(x)
        found = reconcile_bounded(
            matrix, constant, observed, covariance, lower, upper, tests=False, start=sides, hidden=settled
        )
        step = np.where(np.isnan(found.linear.value), 0.0, found.linear.value - x)
        x = x + step * (1.0 if count < _ROUNDS // 3 else 0.5)
        sides = np.zeros(len(x))
        sides[found.active] = np.where(found.at_upper, 1.0, -1.0)
        still = np.abs(step / np.maximum(np.abs(x), size)).max(initial=0.0) < _STEP
        if still and not settled:
            # Bounds of what nothing determines are looked for once the rest stands.
            settled = True
        elif still:
            matrix, constant = relations.linearised(x)
            last = reconcile_bounded(matrix, constant, observed, covariance, lower, upper, tests=tests, start=sides)
            return Solution(last, count, *_second_order(relations, last, len(x)))
    missed = np.abs(relations.misses(x))
    raise NotConverged(np.flatnonzero(missed > _STEP * missed.max(initial=0.0)))


def _beginning(relations: Relations, observed: Floats, covariance: Any) -> Floats:
    """Where to linearise first: the data reconciled with every product as far off as its measured coefficient may be.

    Held exactly, coefficients that do not quite fit a balance (shares that make up 0.998) would leave no amount but
    nought. Products without a measured coefficient are left out.
    """
    coefficients = np.isin(np.arange(len(observed)), relations.coefficient)
    known = np.flatnonzero(~np.isnan(observed[relations.coefficient]))
    share = observed[relations.coefficient[known]]
    rows = sparse.csr_array(relations.result[known] - sparse.diags_array(share) @ relations.factor[known])
    count = len(known)
    matrix = sparse.block_array(
        [[relations.matrix, None], [rows, sparse.diags_array(-np.ones(count))]] if count else [[relations.matrix]],
        format="csr",
    )
    # Without errors here contradictions are not yet told: every value may give way.
    variance = np.asarray(covariance.diagonal() if sparse.issparse(covariance) else covariance, dtype=np.float64)
    usual = np.median(variance[variance > 0]) if (variance > 0).any() else 1.0
    some = np.where(variance > 0, variance, usual)
    amounts = np.abs(observed[~coefficients])
    typical = np.nanmedian(amounts) if (~np.isnan(amounts)).any() else 1.0
    amount = relations.factor[known] @ np.where(np.isnan(observed), typical, observed)
    spread = variance[relations.coefficient[known]]
    miss = np.where(spread > 0, spread, (_GIVES_WAY * share) ** 2) * amount**2
    x = reconcile(
        matrix, np.concatenate((relations.constant, np.zeros(count))), np.concatenate((observed, np.zeros(count))),
        np.concatenate((some, miss)), tests=False,
    ).value[: len(observed)]  # fmt: skip
    x = np.where(np.isnan(x) & ~coefficients, typical, x)
    amount = relations.factor @ x
    ratio = np.where(amount != 0, (relations.result @ x) / np.where(amount != 0, amount, 1.0), 0.5)
    for column, value in zip(relations.coefficient, ratio, strict=True):
        if np.isnan(x[column]):
            x[column] = value
    return x


def _second_order(relations: Relations, found: Bounded, count: int) -> tuple[Floats, Floats]:
    """Curvature of each product under the reconciled covariance, and the bias of the values that it makes."""
    linear = found.linear
    products = len(relations.coefficient)
    own = sparse.csr_array(
        (np.ones(products), (np.arange(products), relations.coefficient)), shape=(products, count)
    )  # fmt: skip
    # cov(k, s) = (var(k + s) - var(k - s)) / 4
    curvature = (linear.variance(own + relations.factor) - linear.variance(own - relations.factor)) / 4.0
    missing = np.concatenate((np.zeros(relations.matrix.shape[0]), curvature))
    missing = np.concatenate((missing, np.zeros(len(found.active))))
    bias = linear.response(missing)
    return curvature, bias
