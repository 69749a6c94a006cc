"""Sparse Cholesky factor and the inverse on its pattern (Takahashi, Fagan and Chin 1973). It loads numba."""

# pyright: basic
import numpy as np

from jasyl.atlas.compiled import compiled

# A pivot put in the place of one that is nought: the row takes no part.
LEFT_OUT = 1e100


@compiled
def tree_and_counts(n, indptr, indices):
    """Elimination tree of a symmetric matrix (columns of its upper triangle given) and entries per column of L.

    Liu's algorithm with path compression; the counts by walking each row's subtree, as many steps as L has entries.
    """
    parent, ancestor = np.full(n, -1, np.int64), np.full(n, -1, np.int64)
    counts, mark = np.ones(n, np.int64), np.full(n, -1, np.int64)
    for k in range(n):
        for place in range(indptr[k], indptr[k + 1]):
            i = indices[place]
            while i >= 0 and i < k:
                above = ancestor[i]
                ancestor[i] = k
                if above < 0:
                    parent[i] = k
                i = above
    for k in range(n):
        mark[k] = k
        for place in range(indptr[k], indptr[k + 1]):
            i = indices[place]
            while i < k and mark[i] != k:
                mark[i] = k
                counts[i] += 1
                i = parent[i]
    return parent, counts


@compiled
def cholesky(n, indptr, indices, data, parent, starts, tolerance):
    """L of a symmetric matrix, row by row (Davis 2006, up-looking): (rows, values, which rows were left out).

    A row whose pivot is at most ``tolerance`` of its diagonal is a combination of earlier rows and is left out.
    """
    rows, values = np.empty(starts[n], np.int32), np.empty(starts[n])
    fill = starts[:n].copy()
    work, mark = np.zeros(n), np.full(n, -1, np.int64)
    stack, path = np.empty(n, np.int64), np.empty(n, np.int64)
    dependent = np.zeros(n, np.bool_)
    for k in range(n):
        top, diagonal = n, 0.0
        mark[k] = k
        for place in range(indptr[k], indptr[k + 1]):
            i = indices[place]
            if i > k:
                continue
            if i == k:
                diagonal += data[place]
                continue
            work[i] += data[place]
            steps = 0
            while mark[i] != k:
                path[steps] = i
                steps += 1
                mark[i] = k
                i = parent[i]
            while steps > 0:
                steps -= 1
                top -= 1
                stack[top] = path[steps]
        pivot = diagonal
        for at in range(top, n):
            j = stack[at]
            first = starts[j]
            share = work[j] / values[first]
            work[j] = 0.0
            for place in range(first + 1, fill[j]):
                work[rows[place]] -= values[place] * share
            pivot -= share * share
            rows[fill[j]], values[fill[j]] = k, share
            fill[j] += 1
        rows[starts[k]] = k
        fill[k] = starts[k] + 1
        if pivot <= tolerance * diagonal or diagonal <= 0.0:
            dependent[k] = True
            values[starts[k]] = LEFT_OUT
        else:
            values[starts[k]] = np.sqrt(pivot)
    return rows, values, dependent


@compiled
def selected_inverse(n, starts, rows, values):
    """The inverse of L L' on the pattern of L, column by column from the last."""
    inverse = np.zeros(len(values))
    column, sums = np.zeros(n), np.zeros(n)
    for j in range(n - 1, -1, -1):
        first, end = starts[j], starts[j + 1]
        for place in range(first + 1, end):
            column[rows[place]] = values[place]
            sums[rows[place]] = 0.0
        for place in range(first + 1, end):
            k = rows[place]
            own = column[k]
            total = own * inverse[starts[k]]
            for other in range(starts[k] + 1, starts[k + 1]):
                r = rows[other]
                z = inverse[other]
                sums[r] += own * z
                total += column[r] * z
            sums[k] += total
        pivot = values[first]
        diagonal = 0.0
        for place in range(first + 1, end):
            k = rows[place]
            inverse[place] = -sums[k] / pivot
            diagonal += values[place] * inverse[place]
            column[k] = 0.0
            sums[k] = 0.0
        inverse[first] = (1.0 / pivot - diagonal) / pivot
    return inverse


@compiled
def forward(n, starts, rows, values, right):
    """L x = right, in place."""
    for j in range(n):
        if right[j] != 0.0:
            right[j] /= values[starts[j]]
            for place in range(starts[j] + 1, starts[j + 1]):
                right[rows[place]] -= values[place] * right[j]


@compiled
def backward(n, starts, rows, values, right):
    """L' x = right, in place."""
    for j in range(n - 1, -1, -1):
        total = right[j]
        for place in range(starts[j] + 1, starts[j + 1]):
            total -= values[place] * right[rows[place]]
        right[j] = total / values[starts[j]]


@compiled
def quadratic_forms(k_indptr, k_indices, k_data, starts, rows, inverse):
    """For each row a of K: a Z a', the entries of Z read where the pattern has them."""
    result = np.zeros(len(k_indptr) - 1)
    for row in range(len(result)):
        total = 0.0
        for one in range(k_indptr[row], k_indptr[row + 1]):
            i = k_indices[one]
            total += k_data[one] * k_data[one] * inverse[starts[i]]
            for two in range(one + 1, k_indptr[row + 1]):
                low, high = min(i, k_indices[two]), max(i, k_indices[two])
                place = starts[low] + np.searchsorted(rows[starts[low] : starts[low + 1]], high)
                if place < starts[low + 1] and rows[place] == high:
                    total += 2.0 * k_data[one] * k_data[two] * inverse[place]
        result[row] = total
    return result


@compiled
def forward_norms(k_indptr, k_indices, k_data, parent, starts, rows, values):
    """For each row a of K: |L⁻¹ a|², walking only the columns that a reaches in the elimination tree."""
    n = len(parent)
    result, work, mark = np.zeros(len(k_indptr) - 1), np.zeros(n), np.full(n, -1, np.int64)
    for row in range(len(result)):
        count = 0
        stack = np.empty(0, np.int64)
        for one in range(k_indptr[row], k_indptr[row + 1]):
            i = k_indices[one]
            while i >= 0 and mark[i] != row:
                mark[i] = row
                count += 1
                i = parent[i]
        stack = np.empty(count, np.int64)
        at = 0
        for one in range(k_indptr[row], k_indptr[row + 1]):
            i = k_indices[one]
            work[i] += k_data[one]
            while i >= 0 and mark[i] == row:
                mark[i] = -2 - row
                stack[at] = i
                at += 1
                i = parent[i]
        # Ancestors have higher numbers: by number is an order of elimination.
        stack.sort()
        total = 0.0
        for j in stack:
            x = work[j] / values[starts[j]]
            work[j] = 0.0
            if x != 0.0:
                total += x * x
                for place in range(starts[j] + 1, starts[j + 1]):
                    work[rows[place]] -= values[place] * x
        for j in stack:
            work[j] = 0.0
        result[row] = total
    return result
