"""The compiled loop of capacity factors: rows of cells hour by hour, float32 within, float64 in what is added up.

Arrays are flat over the grid, [time, cell]; a field is float32, or int16 with scale and offset (missing −32768, as in
float32 NaN). Signatures are fixed, so that everything is compiled at set-up and read-only views of a mapped file need
no second compilation. A module of its own: a process loads every version of what it imports.
"""

from functools import cache
from itertools import product
from typing import Any

import numpy as np
from numba import float32, float64, int16, int32, int64, types

from ..compiled import njit
from .kernel_rows import AS_IS, FAST, load_row, reads, to_hub, to_output, writes

_KINDS = {"float32": float32, "int16": int16}


def _capacity_signature(speed: Any, shape: Any) -> Any:
    table = (float32, *([reads(float32, 1)] * 5), types.boolean)
    return types.void(
        reads(speed, 2), reads(shape, 2), reads(float32, 1), int64, float32, float32, reads(float32, 1), *table,
        reads(int64, 1), writes(float64, 2), writes(int32, 2),
        reads(int64, 1), reads(int64, 1), reads(float64, 1), writes(float64, 2), writes(float32, 2),
    )  # fmt: skip


@cache
def capacity(speed: str, shape: str) -> Any:
    """``_capacity`` as machine code for fields of these dtypes, ``float32`` or ``int16``; cached on disk."""
    return njit([_capacity_signature(_KINDS[speed], _KINDS[shape])], **FAST)(_capacity)


def _capacity(  # pragma: no cover
    speed: Any, shape: Any, packing: Any, law: Any, change: Any, height: Any, bias: Any,
    per_width: Any, base: Any, slope: Any, knot: Any, base2: Any, slope2: Any, whole: Any,
    bins: Any, sums: Any, counts: Any,
    starts: Any, cells: Any, weights: Any, series: Any, out: Any,
) -> None:  # fmt: skip
    """Output per unit of rated power, hour by hour.

    ``speed`` and ``shape`` (roughness or exponent; one row when constant) [time, cell] with their scales and offsets in
    ``packing``; adds to ``sums`` and ``counts`` [bin, cell]; fills ``series`` [region, time] with the products of the
    sparse rows (starts, cells, weights) where there are regions, and ``out`` [time, cell] where it has rows.
    """
    cell_count = speed.shape[1]
    row = np.empty(cell_count, np.float32)
    profile = np.empty(cell_count, np.float32)
    for t in range(speed.shape[0]):
        load_row(speed[t], packing[0], packing[1], row)
        if law != AS_IS and (t == 0 or shape.shape[0] > 1):
            load_row(shape[t], packing[2], packing[3], profile)
        to_hub(law, change, height, profile, bias, row)
        to_output(per_width, base, slope, knot, base2, slope2, whole, row)
        if sums.shape[0] > 0:
            total, count = sums[bins[t]], counts[bins[t]]
            for i in range(cell_count):
                known = row[i] == row[i]
                total[i] += np.float64(row[i]) if known else 0.0
                count[i] += np.int32(known)
        for r in range(starts.size - 1):
            value = 0.0
            for k in range(starts[r], starts[r + 1]):
                value += weights[k] * np.float64(row[cells[k]])
            series[r, t] = value
        if out.shape[0] > 0:
            out[t] = row


def compile_now() -> None:
    """Compile the kernel for fields of both kinds, or load it from the cache."""
    for speed, shape in product(_KINDS, repeat=2):
        capacity(speed, shape)
