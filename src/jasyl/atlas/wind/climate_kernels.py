"""The compiled loops of the wind climate: sums and histograms of cells, and what a power curve makes of these.

Conventions are those of ``kernels``.
"""

from typing import Any

import numpy as np
from numba import float32, float64, int16, int32, int64, types, uint32

from ..compiled import njit
from .kernel_rows import FAST, SUMMING, load_row, logarithm, reads, to_output, writes

# A speed of the histogram is divided between its two neighbouring nodes in shares of 1 / WHOLE. A hundred years of
# hours stay below 2³² in a cell.
WHOLE = 4096
# Cells worked on together: their histograms stay in the second-level cache.
BLOCK = 64


def _climate_signature(speed: Any, roughness: Any, temperature: Any) -> Any:
    fields = (reads(speed, 2), reads(roughness, 2), reads(temperature, 2), reads(float32, 1))
    return types.void(*fields, float32, reads(int64, 1), writes(float64, 3), writes(int32, 2))


@njit(
    [_climate_signature(a, b, c) for a in (float32, int16) for b in (float32, int16) for c in (float32, int16)], **FAST
)
def climate(  # pragma: no cover
    speed: Any, roughness: Any, temperature: Any, packing: Any, height: Any, bins: Any, sums: Any, counts: Any
) -> None:
    """Adds to ``sums`` [bin, 5, cell]: v, v², v³, v / ln(h / z₀) and v³ / T; to ``counts`` [bin, cell].

    ``height`` is ln h. Hours in which any of the three fields is missing are left out. ``roughness`` and
    ``temperature`` may have one row only.
    """
    cell_count = speed.shape[1]
    wind = np.empty(cell_count, np.float32)
    length = np.empty(cell_count, np.float32)
    warmth = np.empty(cell_count, np.float32)
    for t in range(speed.shape[0]):
        load_row(speed[t], packing[0], packing[1], wind)
        if t == 0 or roughness.shape[0] > 1:
            load_row(roughness[t], packing[2], packing[3], length)
        if t == 0 or temperature.shape[0] > 1:
            load_row(temperature[t], packing[4], packing[5], warmth)
        first, second, third = sums[bins[t], 0], sums[bins[t], 1], sums[bins[t], 2]
        lean, dense, count = sums[bins[t], 3], sums[bins[t], 4], counts[bins[t]]
        for i in range(cell_count):
            known = (wind[i] >= 0) and (length[i] > 0) and (warmth[i] > 0)
            v = np.float64(wind[i]) if known else 0.0
            z = length[i] if known else np.float32(0.1)
            square = v * v
            first[i] += v
            second[i] += square
            third[i] += square * v
            lean[i] += v / np.float64(height - logarithm(z))
            dense[i] += square * v / (np.float64(warmth[i]) if known else 1.0)
            count[i] += np.int32(known)


@njit(
    [types.void(reads(kind, 2), float32, float32, float32, writes(uint32, 2)) for kind in (float32, int16)],
    **FAST,
)
def histogram(speed: Any, scale: Any, offset: Any, per_width: Any, weights: Any) -> None:  # pragma: no cover
    """Adds each speed to the two nodes of ``weights`` [cell, node] beside it, in shares that sum to WHOLE.

    Nodes are 1 / ``per_width`` m/s apart from 0; what is faster than the last counts as the last.
    """
    cell_count, last = speed.shape[1], weights.shape[1] - 1
    for first in range(0, cell_count, BLOCK):
        end = min(first + BLOCK, cell_count)
        for t in range(speed.shape[0]):
            for i in range(first, end):
                stored = speed[t, i]
                v = np.float32(stored) * scale + offset
                if stored != -32768 and v >= 0:
                    place = min(v * per_width, np.float32(last))
                    j = min(np.int32(place), np.int32(last - 1))
                    share = np.uint32((place - np.float32(j)) * np.float32(WHOLE) + np.float32(0.5))
                    weights[i, j] += np.uint32(WHOLE) - share
                    weights[i, j + 1] += share


@njit(
    types.void(
        reads(uint32, 2), reads(int64, 1), float32, reads(float32, 1),
        float32, *([reads(float32, 1)] * 5), types.boolean, writes(float64, 1),
    ),
    **SUMMING,
)  # fmt: skip
def expected_output(  # pragma: no cover
    weights: Any, lasts: Any, width: Any, factors: Any,
    per_width: Any, base: Any, slope: Any, knot: Any, base2: Any, slope2: Any, whole: Any, out: Any,
) -> None:  # fmt: skip
    """Mean output per unit [cell] over histograms whose speeds are multiplied by ``factors`` [cell]; NaN without hours.

    ``lasts`` is the last node that holds anything, −1 where a cell has no hours.
    """
    nodes = weights.shape[1]
    row = np.empty(nodes, np.float32)
    for i in range(weights.shape[0]):
        used = lasts[i] + 1
        part = row[:used]
        for j in range(used):
            part[j] = np.float32(j) * width * factors[i]
        to_output(per_width, base, slope, knot, base2, slope2, whole, part)
        total, hours = 0.0, 0.0
        for j in range(used):
            share = np.float64(weights[i, j])
            total += share * np.float64(part[j])
            hours += share
        out[i] = total / hours if hours > 0 else np.nan


@njit(types.void(reads(uint32, 2), reads(int64, 1), reads(float64, 1), writes(float64, 1)), **SUMMING)
def product(weights: Any, lasts: Any, curve: Any, out: Any) -> None:  # pragma: no cover
    """Mean of ``curve`` [node] over each cell's histogram; NaN without hours."""
    for i in range(weights.shape[0]):
        total, hours = 0.0, 0.0
        for j in range(lasts[i] + 1):
            share = np.float64(weights[i, j])
            total += share * curve[j]
            hours += share
        out[i] = total / hours if hours > 0 else np.nan


def compile_now() -> int:
    """Compile every kernel, or load it from the cache; gives how many machine-code versions there are."""
    return sum(len(kernel.signatures) for kernel in (climate, histogram, expected_output, product))
