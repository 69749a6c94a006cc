"""Compiled kernels over heights: flooding, carving, steepest descent, deep depressions.

All work on [rows, columns] arrays in memory. Import this module only where a kernel is about to run: it loads numba.
"""

# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportUnknownArgumentType=false

import numpy as np

from ..compiled import njit
from .directions import MOUTH, SINK, VOID

UNSEEN = 200  # a cell that the flood has not reached
# Neighbours clockwise from east, straight before diagonal so that water on a plain runs straight.
STEPS_ROW = np.array([0, 1, 0, -1, 1, 1, -1, -1], dtype=np.int64)
STEPS_COLUMN = np.array([1, 0, -1, 0, 1, -1, -1, 1], dtype=np.int64)
TO_NEIGHBOUR = np.array([1, 4, 16, 64, 2, 8, 32, 128], dtype=np.uint8)
FROM_NEIGHBOUR = np.array([16, 64, 1, 4, 32, 128, 2, 8], dtype=np.uint8)
_TOP = np.uint32(0x80000000)


@njit(cache=True, nogil=True)
def _key(bits, index):
    """Height and cell as one number that sorts by height, then by cell (IEEE 754 bits made monotonic)."""
    ordered = ~bits if bits & _TOP else bits | _TOP
    return (np.uint64(ordered) << np.uint64(32)) | np.uint64(index)


@njit(cache=True, nogil=True)
def _push(heap, size, key):
    if size == len(heap):
        wider = np.empty(2 * size, dtype=np.uint64)
        wider[:size] = heap
        heap = wider
    place = size
    while place > 0:
        parent = (place - 1) >> 1
        if heap[parent] <= key:
            break
        heap[place] = heap[parent]
        place = parent
    heap[place] = key
    return heap, size + 1


@njit(cache=True, nogil=True)
def _pop(heap, size):
    """Take the least key off; the new size. The key stays readable at ``heap[size - 1]``."""
    least, last = heap[0], heap[size - 1]
    size -= 1
    place = 0
    while True:
        child = 2 * place + 1
        if child >= size:
            break
        if child + 1 < size and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= last:
            break
        heap[place] = heap[child]
        place = child
    heap[place] = last
    heap[size] = least
    return size


@njit(cache=True, nogil=True)
def _append(queue, size, index):
    if size == len(queue):
        wider = np.empty(2 * size, dtype=np.uint32)
        wider[:size] = queue
        queue = wider
    queue[size] = index
    return queue, size + 1


@njit(cache=True, nogil=True)
def _spread(height, bits, codes, ring, heap, size, following):
    """Reach the unseen neighbours of a ring of one level: higher ones wait in the heap, others are the next ring.

    All straight neighbours come before all diagonal ones, so that of two equally short ways water takes the straight.
    """
    rows, columns = height.shape
    more = 0
    for first in (0, 4):
        for index in ring:
            row, column = np.int64(index) // columns, np.int64(index) % columns
            here = height[row, column]
            for side in range(first, first + 4):
                r, c = row + STEPS_ROW[side], column + STEPS_COLUMN[side]
                if r < 0 or c < 0 or r >= rows or c >= columns or codes[r, c] != UNSEEN:
                    continue
                codes[r, c] = FROM_NEIGHBOUR[side]
                if height[r, c] <= here:
                    height[r, c] = here
                    following, more = _append(following, more, np.uint32(r * columns + c))
                else:
                    heap, size = _push(heap, size, _key(bits[r, c], r * columns + c))
    return heap, size, following, more


@njit(cache=True, nogil=True)
def flood(height, codes):
    """Raise every cell to the level at which its water reaches an outlet; point it to the cell it was reached from.

    ``codes`` comes with MOUTH or SINK on outlets, VOID where nothing is known, UNSEEN elsewhere, and is filled in;
    ``height`` (float32, no NaN outside VOID) is raised in place. Cells of one level are reached from all its outlets
    at once, ring by ring, so on a flat each goes the shortest way out. Gives the number of cells left UNSEEN.

    R. Barnes, C. Lehman, D. Mulla, Priority-flood, Computers & Geosciences 62 (2014) 117-127, algorithms 2 and 4.
    Extra memory: 8 bytes for each cell on the front of the flood, no array as large as the map.
    """
    rows, columns = height.shape
    bits = height.view(np.uint32)
    heap, size = np.empty(1024, dtype=np.uint64), 0
    ring, count = np.empty(1024, dtype=np.uint32), 0
    following = np.empty(1024, dtype=np.uint32)
    for row in range(rows):
        for column in range(columns):
            if codes[row, column] == MOUTH or codes[row, column] == SINK:
                heap, size = _push(heap, size, _key(bits[row, column], row * columns + column))
    while size > 0:
        level = heap[0] >> np.uint64(32)
        count = 0
        while size > 0 and heap[0] >> np.uint64(32) == level:
            size = _pop(heap, size)
            ring, count = _append(ring, count, np.uint32(heap[size] & np.uint64(0xFFFFFFFF)))
        while count > 0:
            heap, size, following, more = _spread(height, bits, codes, ring[:count], heap, size, following)
            ring, following = following, ring
            count = more
    unreached = 0
    for row in range(rows):
        for column in range(columns):
            if codes[row, column] == UNSEEN:
                unreached += 1
    return unreached


@njit(cache=True, nogil=True)
def carve(height, codes):
    """Lower every cell to the lowest of those whose water comes through it, in place: breaching without filling.

    ``codes`` are those of `flood`. J. B. Lindsay, Hydrological Processes 30 (2016) 846-857 (complete breaching).
    """
    rows, columns = height.shape
    for first_row in range(rows):
        for first_column in range(columns):
            row, column = first_row, first_column
            low = height[row, column]
            while True:
                side = _side(codes[row, column])
                if side < 0:
                    break
                row, column = row + STEPS_ROW[side], column + STEPS_COLUMN[side]
                if not height[row, column] > low:
                    break
                height[row, column] = low


@njit(cache=True, nogil=True)
def _side(code):
    for side in range(8):
        if TO_NEIGHBOUR[side] == code:
            return side
    return -1


@njit(cache=True, nogil=True)
def descend(height, codes, east_west, north_south, diagonal):
    """Point every cell that has a lower neighbour down the steepest slope; on flats the way of the flood stays.

    Distances in metres for each row: to the neighbour east or west, to the one south, to the one south-east or
    south-west (the last entry of both is not used). Of equal slopes the first clockwise from east, straight ones first.
    """
    rows, columns = height.shape
    for row in range(rows):
        for column in range(columns):
            code = codes[row, column]
            if code in (MOUTH, SINK, VOID):
                continue
            steepest, best = 0.0, -1
            for side in range(8):
                r, c = row + STEPS_ROW[side], column + STEPS_COLUMN[side]
                if r < 0 or c < 0 or r >= rows or c >= columns or codes[r, c] == VOID:
                    continue
                fall = np.float64(height[row, column]) - np.float64(height[r, c])
                if fall <= 0:
                    continue
                if r == row:
                    distance = east_west[row]
                elif c == column:
                    distance = north_south[min(r, row)]
                else:
                    distance = diagonal[min(r, row)]
                if fall / distance > steepest:
                    steepest, best = fall / distance, side
            if best >= 0:
                codes[row, column] = TO_NEIGHBOUR[best]


@njit(cache=True, nogil=True)
def deep_depressions(height, filled, areas, depth, area):
    """Lowest cell of every depression at least ``depth`` (m) deep and ``area`` (m²) wide, as flat indices.

    A depression is what the flood raised to one level, connected; ``areas`` is the area of a cell of each row.
    """
    rows, columns = height.shape
    seen = np.zeros((rows, columns), dtype=np.bool_)
    stack = np.empty(1024, dtype=np.uint32)
    found, many = np.empty(16, dtype=np.uint32), 0
    for first_row in range(rows):
        for first_column in range(columns):
            if seen[first_row, first_column] or not filled[first_row, first_column] > height[first_row, first_column]:
                continue
            level = filled[first_row, first_column]
            stack, size = _append(stack, 0, np.uint32(first_row * columns + first_column))
            seen[first_row, first_column] = True
            lowest, wide = first_row * columns + first_column, 0.0
            while size > 0:
                size -= 1
                row, column = np.int64(stack[size]) // columns, np.int64(stack[size]) % columns
                wide += areas[row]
                if height[row, column] < height[lowest // columns, lowest % columns]:
                    lowest = row * columns + column
                for side in range(8):
                    r, c = row + STEPS_ROW[side], column + STEPS_COLUMN[side]
                    if r < 0 or c < 0 or r >= rows or c >= columns or seen[r, c]:
                        continue
                    if filled[r, c] == level and filled[r, c] > height[r, c]:
                        seen[r, c] = True
                        stack, size = _append(stack, size, np.uint32(r * columns + c))
            if wide >= area and level - height[lowest // columns, lowest % columns] >= depth:
                found, many = _append(found, many, np.uint32(lowest))
    return found[:many]
