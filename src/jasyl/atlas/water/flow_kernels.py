"""Compiled kernels along flow directions: accumulation, Strahler order, basins, marks carried downstream.

Import this module only where a kernel is about to run: it loads numba.
"""

# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportUnknownArgumentType=false

import numpy as np

from ..compiled import njit
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
def _below(codes, row, column):
    """Row and column of the cell that a cell drains to; row -1 where its water leaves the map or ends."""
    code = codes[row, column]
    r, c = row + _ROW[code], column + _COLUMN[code]
    if (r == row and c == column) or r < 0 or c < 0 or r >= codes.shape[0] or c >= codes.shape[1]:
        return -1, -1
    if codes[r, c] == VOID:
        return -1, -1
    return r, c


@njit(cache=True, nogil=True)
def downstream(codes, cells):
    """For each flat index of ``cells`` the one below it, -1 at an outlet."""
    columns = codes.shape[1]
    found = np.empty(len(cells), dtype=np.int64)
    for place in range(len(cells)):
        r, c = _below(codes, cells[place] // columns, cells[place] % columns)
        found[place] = -1 if r < 0 else r * columns + c
    return found


@njit(cache=True, nogil=True)
def outlets(codes):
    """Flat indices of the cells that drain nowhere, in order of rows."""
    rows, columns = codes.shape
    found, many = np.empty(1024, dtype=np.int64), 0
    for row in range(rows):
        for column in range(columns):
            if codes[row, column] == VOID or _below(codes, row, column)[0] >= 0:
                continue
            if many == len(found):
                wider = np.empty(2 * many, dtype=np.int64)
                wider[:many] = found
                found = wider
            found[many] = row * columns + column
            many += 1
    return found[:many].copy()


@njit(cache=True, nogil=True)
def inflows(codes, mask, use_mask):
    """How many neighbours drain into each cell; with ``use_mask`` only cells of ``mask`` count."""
    rows, columns = codes.shape
    count = np.zeros((rows, columns), dtype=np.uint8)
    for row in range(rows):
        for column in range(columns):
            if codes[row, column] == VOID or (use_mask and not mask[row, column]):
                continue
            r, c = _below(codes, row, column)
            if r >= 0:
                count[r, c] += 1
    return count


@njit(cache=True, nogil=True)
def accumulate(codes, count, total):
    """Add to each cell of ``total`` what drains into it, in place. Gives the number of cells that lie in circles.

    Walks from every spring until a cell still waits for another inflow: each cell is passed once, no queue is kept.
    ``count`` comes from `inflows` and is used up (1 byte a cell).
    """
    rows, columns = codes.shape
    known = done = 0
    for first_row in range(rows):
        for first_column in range(columns):
            if codes[first_row, first_column] == VOID:
                continue
            known += 1
            row, column = first_row, first_column
            while count[row, column] == 0:
                count[row, column] = DONE
                done += 1
                r, c = _below(codes, row, column)
                if r < 0:
                    break
                total[r, c] += total[row, column]
                count[r, c] -= 1
                row, column = r, c
    return known - done


@njit(cache=True, nogil=True)
def carry(codes, count, mark):
    """Mark every cell downstream of a marked one, in place (``count`` as in `accumulate`)."""
    rows, columns = codes.shape
    for first_row in range(rows):
        for first_column in range(columns):
            if codes[first_row, first_column] == VOID:
                continue
            row, column = first_row, first_column
            while count[row, column] == 0:
                count[row, column] = DONE
                r, c = _below(codes, row, column)
                if r < 0:
                    break
                mark[r, c] = mark[r, c] or mark[row, column]
                count[r, c] -= 1
                row, column = r, c


@njit(cache=True, nogil=True)
def strahler(codes, mask, count):
    """Strahler order of the cells of ``mask``, 0 elsewhere (``count`` from `inflows` with the mask, used up).

    A. N. Strahler, Transactions of the American Geophysical Union 38 (1957) 913-920.
    """
    rows, columns = codes.shape
    order = np.zeros((rows, columns), dtype=np.uint8)
    for first_row in range(rows):
        for first_column in range(columns):
            if codes[first_row, first_column] == VOID:
                continue
            row, column = first_row, first_column
            while mask[row, column] and count[row, column] == 0:
                count[row, column] = DONE
                # The highest bit of a waiting cell says that two inflows share its highest order.
                own = max((order[row, column] & 127) + (order[row, column] >> 7), 1)
                order[row, column] = own
                r, c = _below(codes, row, column)
                if r < 0:
                    break
                if mask[r, c]:
                    highest = order[r, c] & 127
                    if own > highest:
                        order[r, c] = own
                    elif own == highest:
                        order[r, c] = own | 128
                count[r, c] -= 1
                row, column = r, c
    return order


@njit(cache=True, nogil=True)
def label(codes, labels):
    """Give every cell the label of the first labelled cell its water reaches, in place; 0 where there is none."""
    rows, columns = codes.shape
    nothing = np.uint32(0xFFFFFFFF)
    for first_row in range(rows):
        for first_column in range(columns):
            if codes[first_row, first_column] == VOID or labels[first_row, first_column] != 0:
                continue
            row, column, found = first_row, first_column, nothing
            while True:
                if labels[row, column] != 0:
                    found = labels[row, column]
                    break
                r, c = _below(codes, row, column)
                if r < 0:
                    break
                row, column = r, c
            row, column = first_row, first_column
            while row >= 0 and labels[row, column] == 0:
                labels[row, column] = found
                row, column = _below(codes, row, column)
    for row in range(rows):
        for column in range(columns):
            if labels[row, column] == nothing:
                labels[row, column] = 0
