"""Sparse Gaussian elimination of the unmeasured columns. Import only where it is used: it loads numba."""

# numba's arrays and functions are typed by nobody.
# pyright: basic
import heapq

import numpy as np

from jasyl.atlas.compiled import compiled

# An entry is a pivot only where it is at least this share of the largest of its column (threshold pivoting).
_THRESHOLD = 0.1
# What is left of a cancellation, as a share of what was subtracted.
_CANCELLED = 1e-12
# A weight of a relation smaller than this is what rounding left.
_NOTHING = 1e-13


@compiled
def _subtract(columns, values, first, length, other, other_length, factor, at):
    """Row ``first`` minus factor · row ``other``, sorted by column, written from ``at``; gives its length."""
    i, j, out = first, other, at
    end, other_end = first + length, other + other_length
    while i < end or j < other_end:
        if j >= other_end or (i < end and columns[i] < columns[j]):
            columns[out], values[out] = columns[i], values[i]
            i += 1
            out += 1
        elif i >= end or columns[j] < columns[i]:
            columns[out], values[out] = columns[j], -factor * values[j]
            j += 1
            out += 1
        else:
            taken = factor * values[j]
            left = values[i] - taken
            if abs(left) > _CANCELLED * max(abs(values[i]), abs(taken)):
                columns[out], values[out] = columns[i], left
                out += 1
            i += 1
            j += 1
    return out - at


@compiled
def _append(heads, following, rows, count, column, row):
    rows[count], following[count] = row, heads[column]
    heads[column] = count
    return count + 1


@compiled
def _compacted(columns, values, start, length, need):
    """The rows close together in room for as much again: what they were before they changed is let go."""
    room = 2 * length.sum() + need + 1024
    new_columns, new_values = np.empty(room, np.int64), np.empty(room)
    at = 0
    for row in range(len(start)):
        size = length[row]
        new_columns[at : at + size] = columns[start[row] : start[row] + size]
        new_values[at : at + size] = values[start[row] : start[row] + size]
        start[row] = at
        at += size
    return new_columns, new_values, at


@compiled
def _entry(columns, start, length, row, column):
    """Where ``row`` has its entry in ``column``; -1 where it has none."""
    place = start[row] + np.searchsorted(columns[start[row] : start[row] + length[row]], column)
    return place if place < start[row] + length[row] and columns[place] == column else -1


@compiled
def _by_degree(degree, height):
    """The columns in lists by degree, each the head of a doubly linked list: (heads, before, after)."""
    width = len(degree)
    bucket = np.full(height + 2, -1, np.int64)
    before, after = np.full(width, -1, np.int64), np.full(width, -1, np.int64)
    for column in range(width):
        d = degree[column]
        after[column] = bucket[d]
        if bucket[d] >= 0:
            before[bucket[d]] = column
        bucket[d] = column
    return bucket, before, after


@compiled
def _move(bucket, before, after, degree, column, step):
    """A waiting column has a row more or less (``step``): it changes its list."""
    d = degree[column]
    if before[column] >= 0:
        after[before[column]] = after[column]
    else:
        bucket[d] = after[column]
    if after[column] >= 0:
        before[after[column]] = before[column]
    d += step
    degree[column] = d
    before[column] = -1
    after[column] = bucket[d]
    if bucket[d] >= 0:
        before[bucket[d]] = column
    bucket[d] = column


@compiled
def _pivot_of(column, link, following, link_row, columns, values, start, length, done):
    """The shortest row whose entry in ``column`` is large enough to divide by: (row, entry); row -1 where none is."""
    first, largest = link, 0.0
    while link >= 0:
        row = link_row[link]
        place = -1 if done[row] else _entry(columns, start, length, row, column)
        if place >= 0:
            largest = max(largest, abs(values[place]))
        link = following[link]
    best, value = -1, 0.0
    link = first
    while link >= 0:
        row = link_row[link]
        place = -1 if done[row] else _entry(columns, start, length, row, column)
        if place >= 0 and abs(values[place]) >= _THRESHOLD * largest and (best < 0 or length[row] < length[best]):
            best, value = row, values[place]
        link = following[link]
    return best, value


@compiled
def _without(columns, values, first, end, column):
    """Takes the entry of ``column`` out of what stands from ``first`` to ``end``; gives the new end."""
    kept = first
    for place in range(first, end):
        if columns[place] != column:
            columns[kept], values[kept] = columns[place], values[place]
            kept += 1
    return kept


@compiled
def _rows_given(indptr, indices, data, width):
    """The rows with room to grow, each with its own number behind its entries, and which rows every column has."""
    height = len(indptr) - 1
    size = 2 * (len(indices) + height) + 1024
    columns, values = np.empty(size, np.int64), np.empty(size)
    start, length = np.zeros(height, np.int64), np.zeros(height, np.int64)
    links = len(indices) * 2 + 1024
    heads = np.full(width, -1, np.int64)
    following, link_row = np.empty(links, np.int64), np.empty(links, np.int64)
    degree = np.zeros(width, np.int64)
    used, linked = 0, 0
    for row in range(height):
        start[row] = used
        for place in range(indptr[row], indptr[row + 1]):
            columns[used], values[used] = indices[place], data[place]
            degree[indices[place]] += 1
            linked = _append(heads, following, link_row, linked, indices[place], row)
            used += 1
        columns[used], values[used] = width + row, 1.0
        used += 1
        length[row] = used - start[row]
    return columns, values, start, length, used, heads, following, link_row, linked, degree


@compiled
def eliminate(indptr, indices, data, width):  # noqa: PLR0912, PLR0915 - one loop over shared arrays, as machine code
    """Echelon form of the sparse matrix B (rows given, ``width`` columns), pivots of least fill first.

    Every row carries the combination of original rows it is made of, as columns from ``width`` on. Gives (row starts,
    row lengths, columns, values of all rows; pivot row and pivot column in the order of elimination).
    Rows that are no pivot have no entry left below ``width``: they are the redundant relations.
    """
    height = len(indptr) - 1
    columns, values, start, length, used, heads, following, link_row, linked, degree = _rows_given(
        indptr, indices, data, width
    )
    bucket, before, after = _by_degree(degree, height)
    pivot_row, pivot_column = np.empty(width, np.int64), np.empty(width, np.int64)
    done = np.zeros(height, np.bool_)
    seen = np.full(height, -1, np.int64)
    pivots, low = 0, 1
    while low < len(bucket):
        column = bucket[low]
        if column < 0:
            low += 1
            continue
        # take the column out of its list
        bucket[low] = after[column]
        if after[column] >= 0:
            before[after[column]] = -1
        degree[column] = -1
        best, best_value = _pivot_of(column, heads[column], following, link_row, columns, values, start, length, done)
        if best < 0:
            continue
        done[best] = True
        pivot_row[pivots], pivot_column[pivots] = best, column
        pivots += 1
        # the other unmeasured columns of the pivot row lose one row
        for place in range(start[best], start[best] + length[best]):
            other = columns[place]
            if other >= width:
                break
            if degree[other] > 0:
                _move(bucket, before, after, degree, other, -1)
                low = min(low, max(1, degree[other]))
        link = heads[column]
        while link >= 0:
            row = link_row[link]
            link = following[link]
            if done[row] or seen[row] == pivots:
                continue
            seen[row] = pivots
            place = _entry(columns, start, length, row, column)
            if place < 0:
                continue
            factor = values[place] / best_value
            need = length[row] + length[best]
            if used + need > len(columns):
                columns, values, used = _compacted(columns, values, start, length, need)
            made = _subtract(columns, values, start[row], length[row], start[best], length[best], factor, used)
            # The pivot column itself must vanish exactly.
            kept = _without(columns, values, used, used + made, column)
            # Columns that the row lost or gained know it.
            i, j = start[row], used
            i_end, j_end = start[row] + length[row], kept
            while i < i_end or j < j_end:
                left = columns[i] if i < i_end else width
                right = columns[j] if j < j_end else width
                if left >= width and right >= width:
                    break
                if left == right:
                    i += 1
                    j += 1
                elif left < right:
                    if degree[left] > 0:
                        _move(bucket, before, after, degree, left, -1)
                        low = min(low, max(1, degree[left]))
                    i += 1
                else:
                    if linked >= len(link_row):
                        link_row = np.concatenate((link_row, np.empty(len(link_row), np.int64)))
                        following = np.concatenate((following, np.empty(len(following), np.int64)))
                    linked = _append(heads, following, link_row, linked, right, row)
                    if degree[right] >= 0:
                        _move(bucket, before, after, degree, right, 1)
                        low = min(low, max(1, degree[right]))
                    j += 1
            start[row], length[row] = used, kept - used
            used = kept
    return start, length, columns[:used], values[:used], pivot_row[:pivots], pivot_column[:pivots]


@compiled
def substitute(indptr, indices, data, columns, right, start, rounding):
    """Unknowns of an echelon form, last pivot first; free columns keep ``start``.

    What is left of a cancellation, beside the size of what was added up, is nought.
    """
    vector, size = start.copy(), np.abs(start)
    for k in range(len(columns) - 1, -1, -1):
        own, total, sizes, pivot = columns[k], right[k], abs(right[k]), 1.0
        for place in range(indptr[k], indptr[k + 1]):
            j = indices[place]
            if j == own:
                pivot = data[place]
            else:
                total -= data[place] * vector[j]
                sizes += abs(data[place]) * size[j]
        if abs(total) <= rounding * sizes:
            total = 0.0
        vector[own], size[own] = total / pivot, sizes / abs(pivot)
    return vector


@compiled
def weights(indptr, indices, data, m_indptr, m_indices, m_data, columns, wanted, height):  # noqa: PLR0912 - one loop
    """Each wanted unknown as a combination of relations: (row starts, relations, weights) over all unknowns.

    One row of the inverse at a time, through the pivots it meets in their order: what cancels is followed no further.
    """
    pivots, width = len(columns), len(wanted)
    rank = np.full(width, -1, np.int64)
    for k in range(pivots):
        rank[columns[k]] = k
    left, queued = np.zeros(width), np.zeros(width, np.bool_)
    work, mark, touched = np.zeros(height), np.full(height, -1, np.int64), np.empty(height, np.int64)
    relations, values = np.empty(4 * width + 1024, np.int64), np.empty(4 * width + 1024)
    starts = np.zeros(width + 1, np.int64)
    used = 0
    for own in range(width):
        if wanted[own]:
            left[own], queued[own], count = 1.0, True, 0
            waiting = [rank[own]]
            while len(waiting) > 0:
                k = heapq.heappop(waiting)
                column = columns[k]
                queued[column] = False
                amount = left[column]
                left[column] = 0.0
                if abs(amount) < _NOTHING:
                    continue
                pivot = 1.0
                for place in range(indptr[k], indptr[k + 1]):
                    if indices[place] == column:
                        pivot = data[place]
                share = amount / pivot
                for place in range(indptr[k], indptr[k + 1]):
                    j = indices[place]
                    if j != column and rank[j] >= 0:
                        left[j] -= share * data[place]
                        if not queued[j]:
                            queued[j] = True
                            heapq.heappush(waiting, rank[j])
                for place in range(m_indptr[k], m_indptr[k + 1]):
                    r = m_indices[place]
                    if mark[r] != own:
                        mark[r], work[r] = own, 0.0
                        touched[count] = r
                        count += 1
                    work[r] += share * m_data[place]
            if used + count > len(relations):
                relations = np.concatenate((relations, np.empty(len(relations) + count, np.int64)))
                values = np.concatenate((values, np.empty(len(values) + count)))
            for at in range(count):
                r = touched[at]
                if abs(work[r]) > _NOTHING:
                    relations[used], values[used] = r, work[r]
                    used += 1
        starts[own + 1] = used
    return starts, relations[:used], values[:used]
