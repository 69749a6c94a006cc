"""The inner loop of the distance transform, compiled."""

import math

import numpy as np
from numpy.typing import NDArray

from ..compiled import njit


@njit("void(int32[:,::1], int32[::1], float64[::1], float64[::1], int64, float32[:,::1])", cache=True, nogil=True)
def nearest_in_rows(
    above: NDArray[np.int32],
    below: NDArray[np.int32],
    heights: NDArray[np.float64],
    widths: NDArray[np.float64],
    first: int,
    out: NDArray[np.float32],
) -> None:
    """Distances of the rows of one block, from its last to its first.

    ``above`` [rows, columns] is the nearest marked row at or north of each cell, ``below`` [columns] that south of the
    block (kept up to date for the next block); -1 where there is none. ``first`` is the number of its first row.
    """
    rows, columns = above.shape
    source = np.empty(columns, dtype=np.int32)  # nearest marked row in each column
    apex = np.empty(columns, dtype=np.int64)  # columns whose parabolas make the envelope
    edge = np.empty(columns + 1, dtype=np.float64)  # where each of them begins to be the lowest
    square = np.empty(columns, dtype=np.float64)
    for row in range(rows - 1, -1, -1):
        here = first + row
        width = widths[here]
        count = 0
        for column in range(columns):
            up, down = above[row, column], below[column]
            if up == here:
                below[column] = here
                down = here
            if up < 0 and down < 0:
                continue
            near = up
            if up < 0 or (down >= 0 and heights[here] - heights[down] < heights[up] - heights[here]):
                near = down
            source[column] = near
            apart = (heights[here] - heights[near]) / width
            square[column] = apart * apart
            while True:
                if count == 0:
                    start = -math.inf
                    break
                other = apex[count - 1]
                start = (square[column] + column * column - square[other] - other * other) / (2.0 * (column - other))
                if start > edge[count - 1]:
                    break
                count -= 1
            apex[count] = column
            edge[count] = start
            count += 1
        if count == 0:
            for column in range(columns):
                out[row, column] = math.inf
            continue
        edge[count] = math.inf
        chosen = 0
        for column in range(columns):
            while edge[chosen + 1] < column:
                chosen += 1
            other = apex[chosen]
            near = source[other]
            north = heights[here] - heights[near]
            east = 0.5 * (width + widths[near]) * (column - other)
            out[row, column] = math.sqrt(north * north + east * east)


def compile_now() -> None:
    """Compiled when this module is imported: its signature is fixed."""
