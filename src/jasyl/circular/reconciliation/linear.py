"""Weighted least squares on linear relations: values, standard deviations, and the tests of gross errors.

Mathematics: Madron (1992), Narasimhan and Jordache (2000), VDI 2048. Unmeasured values are eliminated by sparse
pivoting (`project`); what is left is R x = c' over the measured values, factored once as S = R V R'.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .factor import Factor, Pattern
from .projection import Flags, Floats, Numbers, Projection, project

# redundant: its error can be tested; kept: measured, no relation checks it; exact: given without error;
# observable: not measured, but determined; unobservable: not measured and not determined.
Standing = Literal["redundant", "kept", "exact", "observable", "unobservable"]
STANDINGS: tuple[Standing, ...] = ("redundant", "kept", "exact", "observable", "unobservable")
# A pivot at most this share of its diagonal means: this relation is a combination of the others.
_RANK = 1e-9
# With the rank known, pivots smaller than this show variances too far apart for the numbers of a computer.
_PRECISION = 1e-14
# What exact data may miss a relation by, as a share of the numbers in it.
_EXACT = 1e-9


class Contradiction(Exception):
    """Exact values that no adjustment can bring together: their columns, the relations, and what is missed."""

    def __init__(self, columns: Numbers, relations: Numbers, missed: float) -> None:
        super().__init__(f"exact values {columns.tolist()} miss {relations.tolist()} by {missed}")
        self.columns, self.relations, self.missed = columns, relations, missed


class TooFarApart(Exception):
    """Variances so unlike that a relation cannot be resolved: the columns of the reduced relation."""

    def __init__(self, columns: Numbers) -> None:
        super().__init__(f"variances too far apart: {columns.tolist()}")
        self.columns = columns


@dataclass(frozen=True)
class Linear:
    """A reconciled system. Arrays over values unless said; NaN where nothing is determined.

    - ``value``, ``deviation``: reconciled value and its standard deviation; ``standing`` index into `STANDINGS`.
    - ``shift``: reconciled minus observed over the standard deviation of that difference (the local test);
      NaN where it cannot be tested.
    - ``objective``: the weighted sum of squares J; ``freedom``: number of independent redundant relations.
    - ``relation_shift``: for each redundant relation its miss over its standard deviation (the nodal test);
      ``projection.combination`` says of which relations each is made.
    """

    value: Floats
    deviation: Floats
    standing: npt.NDArray[np.int8]
    shift: Floats
    objective: float
    freedom: int
    relation_shift: Floats
    multipliers: Floats
    projection: Projection
    independent: Numbers
    _factor: Factor | None
    _gain: Any
    _covariance: Any
    _varying: Numbers
    _matrix: Any

    @property
    def measured_columns(self) -> Numbers:
        """The measured values, exact ones among them."""
        return np.flatnonzero(self.standing < STANDINGS.index("observable"))

    def response(self, more: Floats) -> Floats:
        """By how much each value moves when the constants of the relations grow by ``more``; nought where unknown."""
        moved = np.zeros(len(self.value))
        if self._factor is not None:
            missing = (self.projection.combination @ more)[self.independent]
            moved[self._varying] = self._gain @ self._factor.solve(missing)
        unmeasured = np.flatnonzero(self.standing >= STANDINGS.index("observable"))
        if len(unmeasured):
            moved[unmeasured] = np.nan_to_num(self.projection.solve(more - self._matrix @ moved))
        return moved

    def form(self, weights: Any) -> Floats:
        """The variance of weighted sums of the measured values (rows of ``weights``, over all values)."""
        w = sparse.csr_array(weights)[:, self._varying]
        before = np.asarray((w @ self._covariance).multiply(w).sum(axis=1)).ravel()
        if self._factor is None:
            return before
        return np.maximum(before - self._factor.norms(w @ self._gain), 0.0)

    def covariance(self, sums: Any) -> Any:
        """J Σ J' of weighted sums of the values (rows of ``sums``, over all values): dense, a row and column a sum.

        Σ, the covariance of the reconciled values, is never made: the sums are led back to what was measured, and the
        factor of S takes off what the relations explain. Values that nothing determines count for nothing, so ask only
        for sums of determined ones.
        """
        w = self._through_measured(sums)[:, self._varying]
        before = (w @ self._covariance @ w.T).toarray()
        if self._factor is None:
            return before
        explained = (w @ self._gain).toarray()
        return before - explained @ np.array([self._factor.solve(row) for row in explained]).reshape(explained.shape).T

    def variance(self, sums: Any) -> Floats:
        """The diagonal of `covariance`, for any number of sums."""
        return self.form(self._through_measured(sums))

    def _through_measured(self, sums: Any) -> Any:
        """Sums of the values as sums of the measured ones: u = W (c - A x) for those that were not measured."""
        count = len(self.value)
        kept = np.zeros(count)
        kept[self.measured_columns] = 1.0
        direct = sparse.csr_array(sums @ sparse.diags_array(kept))
        unmeasured = np.flatnonzero(kept == 0)
        if len(unmeasured) == 0:
            return direct
        through = sparse.csc_array(sums)[:, unmeasured] @ self.projection.weights() @ self._matrix
        return sparse.csr_array(direct - through @ sparse.diags_array(kept))


def reconcile(matrix: Any, constant: Floats, observed: Floats, covariance: Any, *, tests: bool = True) -> Linear:
    """Reconcile the values ``observed`` (NaN where not measured) with ``matrix`` · x = ``constant``.

    ``covariance``: variances, or a sparse covariance over all values; a variance of nought is an exact value.
    Raises `Contradiction` for exact values that miss a relation, `TooFarApart` for variances that cannot be resolved.
    """
    matrix = sparse.csc_array(matrix)
    measured = ~np.isnan(observed)
    variances = sparse.csr_array(covariance) if sparse.issparse(covariance) else None
    variance = np.asarray(covariance.diagonal() if variances is not None else covariance, dtype=np.float64)
    projection = project(matrix, measured)
    columns = np.flatnonzero(measured)
    varying = columns[variance[columns] > 0]
    within = np.flatnonzero(variance[columns] > 0)
    reduced = sparse.csr_array(projection.reduced[:, within])
    miss = projection.combination @ constant - projection.reduced @ observed[columns]
    independent, pattern = _independent(projection, reduced, miss, constant, observed, columns, within)
    reduced = sparse.csr_array(reduced[independent])
    own = sparse.diags_array(variance[varying]) if variances is None else variances[varying][:, varying]
    own = sparse.csr_array(own)
    gain = sparse.csr_array(own @ reduced.T)
    # Uncorrelated errors leave the pattern of the relations as it is, so its order need not be found again.
    factor, multipliers = _solve(reduced, gain, miss[independent], varying, pattern if variances is None else None)
    value = np.where(measured, observed, np.nan)
    value[varying] += gain @ multipliers
    if factor is not None:
        # One refinement: what rounding left in the relations is adjusted away.
        rest = miss[independent] - reduced @ (value[varying] - observed[varying])
        more = factor.solve(rest)
        value[varying] += gain @ more
        multipliers += more
    unmeasured = np.flatnonzero(~measured)
    value[unmeasured] = projection.solve(constant - matrix[:, columns] @ value[columns])
    found = Linear(
        value=value, deviation=np.full(len(observed), np.nan),
        standing=_standing(measured, variance, varying, gain, projection), shift=np.full(len(observed), np.nan),
        objective=float(miss[independent] @ multipliers), freedom=len(independent),
        relation_shift=np.full(len(independent), np.nan), multipliers=multipliers, projection=projection,
        independent=independent, _factor=factor, _gain=gain, _covariance=own, _varying=varying, _matrix=matrix,
    )  # fmt: skip
    if tests:
        _measure(found, matrix, observed, measured, variance, reduced, miss[independent])
    return found


def _independent(
    projection: Projection,
    reduced: Any,
    miss: Floats,
    constant: Floats,
    observed: Floats,
    columns: Numbers,
    within: Numbers,
) -> tuple[Numbers, Pattern | None]:
    """Rows of the reduced relations that are no combination of others; exact data must satisfy those that are.

    With all rows independent, also the pattern they were factored by.
    """
    if reduced.shape[0] == 0:
        return np.zeros(0, dtype=np.int64), None
    # Columns of one size: a coefficient's column is as large as the amount it is a share of, beside ones for amounts.
    largest = np.asarray(abs(reduced).max(axis=0).todense()).ravel()
    even = sparse.csr_array(reduced @ sparse.diags_array(_inverse(largest)))
    product = sparse.csr_array(even @ even.T + sparse.diags_array(np.zeros(reduced.shape[0])))
    unit = _inverse(np.sqrt(product.diagonal()))
    rows = sparse.csr_array(sparse.diags_array(unit) @ even)
    pattern = Pattern(product)
    factor = pattern.factor(rows @ rows.T, _RANK)
    left = factor.left_over(miss * np.where(unit > 0, unit, 1.0))
    size_of_data = abs(projection.combination) @ np.abs(constant) + abs(projection.reduced) @ np.abs(observed[columns])
    for row in np.flatnonzero(factor.dependent):
        combination = factor.combination(int(row)) * np.where(unit > 0, unit, 1.0)
        exact = np.setdiff1d(np.arange(len(columns)), within)
        through = projection.reduced[:, exact].T @ combination
        if abs(left[row]) > _EXACT * float(np.abs(combination) @ size_of_data):
            named = columns[exact][np.abs(through) > _RANK]
            relations = np.flatnonzero(np.abs(projection.combination.T @ combination) > _RANK)
            raise Contradiction(named, relations, float(left[row] / (unit[row] or 1.0)))
    return np.flatnonzero(~factor.dependent), None if factor.dependent.any() else pattern


def _inverse(size: Floats) -> Floats:
    return np.where(size > 0, 1.0 / np.where(size > 0, size, 1.0), 0.0)


def _solve(
    reduced: Any, gain: Any, miss: Floats, varying: Numbers, pattern: Pattern | None
) -> tuple[Factor | None, Floats]:
    if reduced.shape[0] == 0:
        return None, np.zeros(0)
    s = sparse.csr_array(reduced @ gain)
    factor = (pattern or Pattern(s)).factor(s, _PRECISION)
    if factor.dependent.any():
        row = int(np.flatnonzero(factor.dependent)[0])
        raise TooFarApart(varying[reduced.indices[reduced.indptr[row] : reduced.indptr[row + 1]]])
    return factor, factor.solve(miss)


def _standing(
    measured: Flags, variance: Floats, varying: Numbers, gain: Any, projection: Projection
) -> npt.NDArray[np.int8]:  # fmt: skip
    standing = np.full(len(measured), STANDINGS.index("kept"), dtype=np.int8)
    standing[measured & (variance == 0)] = STANDINGS.index("exact")
    tested = np.diff(gain.indptr) > 0
    standing[varying[tested]] = STANDINGS.index("redundant")
    unmeasured = np.flatnonzero(~measured)
    standing[unmeasured] = np.where(
        projection.observable, STANDINGS.index("observable"), STANDINGS.index("unobservable")
    )
    return standing


def _measure(
    found: Linear, matrix: Any, observed: Floats, measured: Flags, variance: Floats, reduced: Any, miss: Floats
) -> None:
    """Fill in the standard deviations and the local and nodal statistics."""
    varying, factor = found._varying, found._factor  # pyright: ignore[reportPrivateUsage]
    known = np.flatnonzero(measured)
    found.deviation[known] = np.sqrt(variance[known])
    if factor is not None:
        gain = found._gain  # pyright: ignore[reportPrivateUsage]
        explained = np.maximum(factor.forms(gain), 0.0)
        found.deviation[varying] = np.sqrt(np.maximum(variance[varying] - explained, 0.0))
        difference = np.sqrt(explained)
        testable = difference > 1e-9 * np.sqrt(variance[varying])
        moved = found.value[varying] - observed[varying]
        found.shift[varying[testable]] = moved[testable] / difference[testable]
        s = np.asarray(reduced.multiply(sparse.csr_array(gain.T)).sum(axis=1)).ravel()
        found.relation_shift[:] = miss / np.sqrt(s)
    observable = np.flatnonzero(~measured)[found.projection.observable]
    if len(observable):
        weights = found.projection.weights()[found.projection.observable]
        found.deviation[observable] = np.sqrt(found.form(-(weights @ matrix)))


def compile_now() -> None:
    """Compile every kernel on a small network, so that whoever comes first does not wait for a compiler."""
    matrix = sparse.csr_array(np.array([[1.0, -1.0, -1.0, 0.0], [0.0, 0.0, 1.0, -1.0]]))
    found = reconcile(matrix, np.zeros(2), np.array([2.0, 1.0, np.nan, 1.0]), np.array([1.0, 1.0, 0.0, 1.0]))
    if found._factor is not None:  # pyright: ignore[reportPrivateUsage]
        found._factor.combination(0)  # pyright: ignore[reportPrivateUsage]
