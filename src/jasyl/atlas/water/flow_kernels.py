"""Compiled kernels along flow directions: accumulation, Strahler order, basins, marks carried downstream.

Import this module only where a kernel is about to run: it loads numba.
"""

# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportUnknownArgumentType=false

import numpy as np
from numba import njit

from .directions import VOID

_ROW = np.zeros(256, dtype=np.int64)
_COLUMN = np.zeros(256, dtype=np.int64)
for _code, _row, _column in (
    (1, 0, 1),
    (2, 1, 1),
    (4, 1, 0),
    (8, 1, -1),
    (16, 0, -1),
    (32, -1, -1),
    (64, -1, 0),
    (128, -1, 1),
):
    _ROW[_code], _COLUMN[_code] = _row, _column
DONE = 255  # the count of a cell whose water has gone on


@njit(cache=True, nogil=True)
def _below(codes, index, rows, columns):
    """Flat index of the cell that ``index`` drains to, -1 where its water leaves the map or ends."""
    row, column = index // columns, index % columns
    code = codes[row, column]
    r, c = row + _ROW[code], column + _COLUMN[code]
    if (r == row and c == column) or r < 0 or c < 0 or r >= rows or c >= columns or codes[r, c] == VOID:
        return -1
    return r * columns + c


@njit(cache=True, nogil=True)
def downstream(codes, cells):
    """For each flat index of ``cells`` the one below it, -1 at an outlet."""
    rows, columns = codes.shape
    found = np.empty(len(cells), dtype=np.int64)
    for place in range(len(cells)):
        found[place] = _below(codes, cells[place], rows, columns)
    return found


@njit(cache=True, nogil=True)
def inflows(codes, mask, use_mask):
    """How many neighbours drain into each cell; with ``use_mask`` only cells of ``mask`` count."""
    rows, columns = codes.shape
    count = np.zeros((rows, columns), dtype=np.uint8)
    for index in range(rows * columns):
        if codes[index // columns, index % columns] == VOID:
            continue
        if use_mask and not mask[index // columns, index % columns]:
            continue
        below = _below(codes, index, rows, columns)
        if below >= 0:
            count[below // columns, below % columns] += 1
    return count


@njit(cache=True, nogil=True)
def accumulate(codes, count, total):
    """Add to each cell of ``total`` what drains into it, in place. Gives the number of cells that lie in circles.

    Walks from every spring until a cell still waits for another inflow: each cell is passed once, no queue is kept.
    ``count`` comes from `inflows` and is used up (1 byte a cell).
    """
    rows, columns = codes.shape
    known = done = 0
    for start in range(rows * columns):
        row, column = start // columns, start % columns
        if codes[row, column] == VOID:
            continue
        known += 1
        if count[row, column] != 0:
            continue
        index = start
        while True:
            count[row, column] = DONE
            done += 1
            below = _below(codes, index, rows, columns)
            if below < 0:
                break
            r, c = below // columns, below % columns
            total[r, c] += total[row, column]
            count[r, c] -= 1
            if count[r, c] != 0:
                break
            index, row, column = below, r, c
    return known - done


@njit(cache=True, nogil=True)
def carry(codes, count, mark):
    """Mark every cell downstream of a marked one, in place (``count`` as in `accumulate`)."""
    rows, columns = codes.shape
    for start in range(rows * columns):
        row, column = start // columns, start % columns
        if codes[row, column] == VOID or count[row, column] != 0:
            continue
        index = start
        while True:
            count[row, column] = DONE
            below = _below(codes, index, rows, columns)
            if below < 0:
                break
            r, c = below // columns, below % columns
            mark[r, c] = mark[r, c] or mark[row, column]
            count[r, c] -= 1
            if count[r, c] != 0:
                break
            index, row, column = below, r, c


@njit(cache=True, nogil=True)
def strahler(codes, mask, count):
    """Strahler order of the cells of ``mask``, 0 elsewhere (``count`` from `inflows` with the mask, used up).

    A. N. Strahler, Transactions of the American Geophysical Union 38 (1957) 913-920.
    """
    rows, columns = codes.shape
    order = np.zeros((rows, columns), dtype=np.uint8)
    for start in range(rows * columns):
        row, column = start // columns, start % columns
        if not mask[row, column] or codes[row, column] == VOID or count[row, column] != 0:
            continue
        index = start
        while True:
            count[row, column] = DONE
            # The highest bit of a waiting cell says that two inflows share its highest order.
            here = order[row, column]
            own = (here & 127) + (here >> 7)
            own = max(own, 1)
            order[row, column] = own
            below = _below(codes, index, rows, columns)
            if below < 0:
                break
            r, c = below // columns, below % columns
            if not mask[r, c]:
                break
            highest = order[r, c] & 127
            if own > highest:
                order[r, c] = own
            elif own == highest:
                order[r, c] = own | 128
            count[r, c] -= 1
            if count[r, c] != 0:
                break
            index, row, column = below, r, c
    return order


@njit(cache=True, nogil=True)
def label(codes, labels):
    """Give every cell the label of the first labelled cell its water reaches, in place; 0 where there is none."""
    rows, columns = codes.shape
    nothing = np.uint32(0xFFFFFFFF)
    for start in range(rows * columns):
        if codes[start // columns, start % columns] == VOID or labels[start // columns, start % columns] != 0:
            continue
        index, found = start, nothing
        while True:
            if labels[index // columns, index % columns] != 0:
                found = labels[index // columns, index % columns]
                break
            below = _below(codes, index, rows, columns)
            if below < 0:
                break
            index = below
        end, index = index, start
        while True:
            if labels[index // columns, index % columns] == 0:
                labels[index // columns, index % columns] = found
            if index == end:
                break
            index = _below(codes, index, rows, columns)
    for index in range(rows * columns):
        if labels[index // columns, index % columns] == nothing:
            labels[index // columns, index % columns] = 0
