"""Which relations still say something once the unmeasured values are eliminated, and which values follow from them."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse

from .elimination_kernel import eliminate, substitute, weights

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.int64]
# scipy's sparse arrays are typed by nobody.
Sparse = Any

# Below this share of what was added up a number is what rounding left of a cancellation.
ROUNDING = 1e-10
# Seed of the random null vectors: any would do with probability one, a fixed one makes runs equal.
_SEED = 20_048


@dataclass(frozen=True)
class Projection:
    """The relations A x = c after elimination of the unmeasured columns.

    - ``combination``: (redundant × relations) sparse; each row a combination of relations free of unmeasured values.
    - ``reduced``: (redundant × measured) sparse: ``combination`` · A over the measured columns.
    - ``observable``: for each unmeasured value, whether the relations determine it.
    - ``pivot_rows``, ``pivot_columns``: elimination order; ``echelon`` the pivot rows over the unmeasured columns and
      ``made_of`` the combination of relations each pivot row is, in that order.
    """

    combination: Sparse
    reduced: Sparse
    observable: Flags
    pivot_columns: Numbers
    echelon: Sparse
    made_of: Sparse

    def solve(self, right: Floats) -> Floats:
        """The unmeasured values u of B u = right (right = c - A x of the measured); NaN where not observable."""
        solved = _substitute(self, self.made_of @ right, np.zeros(len(self.observable)))
        return np.where(self.observable, solved, np.nan)

    def weights(self) -> Sparse:
        """W (unmeasured × relations) with u = W (c - A x) for the observable values; other rows are empty."""
        e, m = self.echelon, self.made_of
        height = self.combination.shape[1]
        indptr, indices, data = weights(
            e.indptr.astype(np.int64), e.indices.astype(np.int64), e.data, m.indptr.astype(np.int64),
            m.indices.astype(np.int64), m.data, self.pivot_columns, self.observable, height,
        )  # fmt: skip
        return sparse.csr_array((data, indices, indptr), shape=(len(self.observable), height))


def project(matrix: Sparse, measured: Flags) -> Projection:
    """Eliminate the unmeasured columns of ``matrix`` (relations × values) by sparse pivoting of least fill."""
    columns = sparse.csc_array(matrix)
    unmeasured: Any = sparse.csr_array(columns[:, np.flatnonzero(~measured)])
    known = sparse.csr_array(columns[:, np.flatnonzero(measured)])
    height, width = unmeasured.shape
    # Columns of one size, so that the shares by which pivots are judged compare like with like.
    largest = np.asarray(abs(unmeasured).max(axis=0).todense()).ravel() if height and width else np.ones(width)
    scale = np.where(largest > 0, largest, 1.0)
    scaled = sparse.csr_array(unmeasured / scale[np.newaxis, :]) if width else unmeasured
    scaled.eliminate_zeros()
    scaled.sort_indices()
    echelon_form: Any = eliminate(
        scaled.indptr.astype(np.int64), scaled.indices.astype(np.int64), scaled.data.astype(np.float64), width
    )
    start, length, places, values, pivot_rows, pivot_columns = echelon_form
    left = np.ones(height, dtype=np.bool_)
    left[pivot_rows] = False
    redundant = _rows(np.flatnonzero(left), start, length, places, values, width + height)[:, width:]
    pivots = _rows(pivot_rows, start, length, places, values, width + height)
    echelon = sparse.csr_array(pivots[:, :width] * scale[np.newaxis, :]) if width else pivots[:, :width]
    made_of = pivots[:, width:]
    found = Projection(
        redundant, _product(redundant, known), np.zeros(width, np.bool_), pivot_columns, echelon, made_of
    )
    return Projection(
        found.combination, found.reduced, _observable(found, scale), pivot_columns, echelon, made_of
    )  # fmt: skip


def _product(combination: Sparse, matrix: Sparse) -> Sparse:
    """combination · matrix, without entries that are rounding beside what was added up for them."""
    made = sparse.csr_array(combination @ matrix)
    size = sparse.csr_array(abs(combination) @ abs(matrix))
    share = sparse.csr_array(made.multiply(_inverses(size)))
    share.data = (np.abs(share.data) > ROUNDING).astype(np.float64)
    made = sparse.csr_array(made.multiply(share))
    made.eliminate_zeros()
    made.sort_indices()
    return made


def _inverses(matrix: Sparse) -> Sparse:
    matrix.eliminate_zeros()
    matrix.data = 1.0 / matrix.data
    return matrix


def _rows(
    chosen: Numbers, start: Numbers, length: Numbers, places: Numbers, values: Floats, width: int
) -> Sparse:  # fmt: skip
    lengths = length[chosen]
    indptr = np.concatenate(([0], np.cumsum(lengths)))
    take = np.repeat(start[chosen] - indptr[:-1], lengths) + np.arange(indptr[-1])
    return sparse.csr_array((values[take], places[take], indptr), shape=(len(chosen), width))


def _observable(found: Projection, scale: Floats) -> Flags:
    """A value is determined exactly if it is nought in every null vector of B: random null vectors show the others."""
    width = len(found.observable)
    free = np.ones(width, dtype=np.bool_)
    free[found.pivot_columns] = False
    random = np.random.default_rng(_SEED)
    moved = np.zeros(width, dtype=np.bool_)
    nothing = np.zeros(len(found.pivot_columns))
    for _ in range(2):
        start = np.where(free, random.uniform(1.0, 2.0, width) / scale, 0.0)
        moved |= _substitute(found, nothing, start) != 0.0
    return ~moved & ~free


def _substitute(found: Projection, right: Floats, start: Floats) -> Floats:
    e = found.echelon
    indptr, indices = e.indptr.astype(np.int64), e.indices.astype(np.int64)
    return substitute(indptr, indices, e.data, found.pivot_columns, right, start, ROUNDING)
