"""Compiled kernels along the river network: reaches, and the best stretch below each cell.

Import this module only where a kernel is about to run: it loads numba.
"""

# pyright: reportUntypedFunctionDecorator=false, reportUnknownVariableType=false
# pyright: reportUnknownParameterType=false, reportMissingParameterType=false, reportUnknownArgumentType=false

import numpy as np

from ..compiled import njit


@njit(cache=True, nogil=True)
def trace(below, inflow, starts):
    """Follow the river from each start to the next cell that is no mere passage; offsets and positions of cells."""
    offset = np.zeros(len(starts) + 1, dtype=np.int64)
    path = np.empty(len(below) + len(starts), dtype=np.int64)
    filled = 0
    for number in range(len(starts)):
        here = starts[number]
        path[filled] = here
        filled += 1
        while True:
            here = below[here]
            path[filled] = here
            filled += 1
            if inflow[here] != 1 or below[here] < 0:
                break
        offset[number + 1] = filled
    return offset, path[:filled].copy()


@njit(cache=True, nogil=True)
def best_stretch(below, step, height, taken, longest, gradient):
    """For each cell as an intake: the cell downstream where head less ``gradient`` times way is greatest, and the way.

    Goes at most ``longest`` metres and never into or past a ``taken`` cell; the intake itself where nothing is won.
    """
    powerhouse = np.empty(len(below), dtype=np.int64)
    way = np.zeros(len(below), dtype=np.float64)
    for intake in range(len(below)):
        here, gone, best = intake, 0.0, 0.0
        powerhouse[intake] = intake
        if taken[intake]:
            continue
        while below[here] >= 0:
            gone += step[here]
            here = below[here]
            if gone > longest:
                break
            won = np.float64(height[intake]) - np.float64(height[here]) - gradient * gone
            if won > best:
                best, powerhouse[intake], way[intake] = won, here, gone
            if taken[here]:
                break
    return powerhouse, way


@njit(cache=True, nogil=True)
def choose(order, below, powerhouse, taken):
    """Take the stretches in the given order unless a cell of theirs is taken; marks theirs, gives those chosen.

    A stretch occupies its cells from the intake to above the powerhouse: the next may begin where it ends.
    """
    chosen = np.zeros(len(order), dtype=np.bool_)
    for place in range(len(order)):
        intake = order[place]
        here, free = intake, True
        while here != powerhouse[intake]:
            if taken[here]:
                free = False
                break
            here = below[here]
        if not free:
            continue
        chosen[place] = True
        here = intake
        while here != powerhouse[intake]:
            taken[here] = True
            here = below[here]
    return chosen
