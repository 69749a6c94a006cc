"""The loop of capacity factors, compiled by ``capacity_loop``: rows of cells hour by hour, float32 within, float64 in
what is added up.

Arrays are flat over the grid, [time, cell]; a field is float32, or int16 with scale and offset (missing −32768, as in
float32 NaN). It allocates nothing, so that its code runs without numba.
"""

from typing import Any

import numpy as np

from .kernel_rows import AS_IS, load_row, to_hub, to_output


def capacity(  # pragma: no cover
    speed: Any, shape: Any, packing: Any, law: Any, change: Any, height: Any, bias: Any,
    per_width: Any, base: Any, slope: Any, knot: Any, base2: Any, slope2: Any, whole: Any,
    bins: Any, sums: Any, counts: Any,
    starts: Any, cells: Any, weights: Any, series: Any, out: Any, row: Any, profile: Any,
) -> None:  # fmt: skip
    """Output per unit of rated power, hour by hour.

    ``speed`` and ``shape`` (roughness or exponent; one row when constant) [time, cell] with their scales and offsets in
    ``packing``; adds to ``sums`` and ``counts`` [bin, cell]; fills ``series`` [region, time] with the products of the
    sparse rows (starts, cells, weights) where there are regions, and ``out`` [time, cell] where it has rows. ``row``
    and ``profile`` [cell] are room to work in.
    """
    cell_count = speed.shape[1]
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
            for i in range(cell_count):
                out[t, i] = row[i]
