"""The Cholesky factor of a sparse symmetric matrix, with the inverse where it is needed."""

from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse
from scipy.sparse.linalg import spilu

from .factor_kernel import (
    LEFT_OUT,
    backward,
    cholesky,
    forward,
    forward_norms,
    quadratic_forms,
    selected_inverse,
    tree_and_counts,
)

Floats = npt.NDArray[np.float64]
Flags = npt.NDArray[np.bool_]


class Pattern:
    """Order of elimination, tree and column counts of a symmetric pattern: found once, factored as often as wanted."""

    def __init__(self, matrix: Any) -> None:
        self.size: int = matrix.shape[0]
        self.order = minimum_degree(matrix)
        self.place = np.empty(self.size, dtype=np.int64)
        self.place[self.order] = np.arange(self.size)
        upper = self._upper(matrix)
        self.parent, counts = tree_and_counts(self.size, upper.indptr.astype(np.int64), upper.indices.astype(np.int64))
        self.starts = np.concatenate(([0], np.cumsum(counts)))

    def factor(self, matrix: Any, tolerance: float) -> "Factor":
        """Factor a matrix of this pattern; rows whose pivot is at most ``tolerance`` of their diagonal are left out."""
        upper = self._upper(matrix)
        rows, values, dependent = cholesky(
            self.size, upper.indptr.astype(np.int64), upper.indices.astype(np.int64), upper.data, self.parent,
            self.starts, tolerance,
        )  # fmt: skip
        return Factor(self, rows, values, dependent[self.place])

    def _upper(self, matrix: Any) -> Any:
        permuted = sparse.csc_array(sparse.csr_array(matrix)[self.order][:, self.order])
        return sparse.csc_array(sparse.triu(permuted, format="csc"))


class Factor:
    """L L' = P S P'. ``dependent`` marks the rows of S that are combinations of others, by their own numbers."""

    def __init__(self, pattern: Pattern, rows: Any, values: Floats, dependent: Flags) -> None:
        self._pattern, self._rows, self._values, self.dependent = pattern, rows, values, dependent

    @property
    def entries(self) -> int:
        """Entries of L."""
        return len(self._values)

    def solve(self, right: Floats) -> Floats:
        """S⁻¹ right; nought for rows left out."""
        p = self._pattern
        x = right[p.order].astype(np.float64)
        forward(p.size, p.starts, self._rows, self._values, x)
        backward(p.size, p.starts, self._rows, self._values, x)
        return x[p.place]

    def left_over(self, right: Floats) -> Floats:
        """For each row left out, what its combination of rows makes of ``right``; nought for the others."""
        p = self._pattern
        x = right[p.order].astype(np.float64)
        forward(p.size, p.starts, self._rows, self._values, x)
        return np.where(self.dependent, x[p.place] * LEFT_OUT, 0.0)

    def combination(self, row: int) -> Floats:
        """The combination of rows of S that vanishes, for a row left out; its own weight is one."""
        p = self._pattern
        x = np.zeros(p.size)
        own = p.place[row]
        # L_own,own is LEFT_OUT: what stands before it in its row of L is what has to be taken off.
        x[own] = LEFT_OUT
        backward(p.size, p.starts, self._rows, self._values, x)
        return x[p.place]

    def forms(self, matrix: Any) -> Floats:
        """a S⁻¹ a' for each row a of ``matrix`` whose entries meet in the pattern of S."""
        k = self._permuted(matrix)
        return quadratic_forms(k[0], k[1], k[2], self._pattern.starts, self._rows, self._inverse)

    def norms(self, matrix: Any) -> Floats:
        """a S⁻¹ a' for each row a of any sparse ``matrix``."""
        k = self._permuted(matrix)
        return forward_norms(*k, self._pattern.parent, self._pattern.starts, self._rows, self._values)

    @cached_property
    def _inverse(self) -> Floats:
        return selected_inverse(self._pattern.size, self._pattern.starts, self._rows, self._values)

    def _permuted(self, matrix: Any) -> tuple[Any, Any, Any]:
        k: Any = sparse.csr_array(matrix)
        return k.indptr.astype(np.int64), self._pattern.place[k.indices], k.data


def minimum_degree(matrix: Any) -> npt.NDArray[np.int64]:
    """Multiple minimum degree order (Liu 1985) of a symmetric pattern, as SuperLU has it.

    Asked of an incomplete factor that keeps the diagonal only, so that nothing is factored for it.
    """
    size = matrix.shape[0]
    if size == 0:
        return np.zeros(0, dtype=np.int64)
    pattern = sparse.csc_array(matrix, copy=True)
    pattern.data = np.full(len(pattern.data), 1e-3 / max(1, size))
    pattern = sparse.csc_array(pattern + sparse.eye_array(size, format="csc"))
    made = spilu(pattern, drop_tol=1.0, fill_factor=1.0, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0)
    # perm_c says at which place a column stands: the order is its inverse.
    return np.argsort(made.perm_c).astype(np.int64)
