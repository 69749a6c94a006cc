"""The compiled loops of the wind: rows of cells hour by hour, float32 within, float64 in what is added up.

Imported only where a map is computed: numba takes a second to load. Arrays are flat over the grid, [time, cell]; a
field is float32, or int16 with scale and offset (missing −32768, as in float32 NaN). Signatures are fixed, so that
everything is compiled at set-up and read-only views of a mapped file need no second compilation. Coverage cannot see
into compiled loops; tests compare what they give with plain arithmetic, atlite and windpowerlib.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending, float32, float64, int16, int32, int64, types, uint32

from ..compiled import njit

# Laws of the wind over height.
AS_IS, LOGARITHMIC, POWER = 0, 1, 2
# A speed of the histogram is divided between its two neighbouring nodes in shares of 1 / WHOLE. A hundred years of
# hours stay below 2³² in a cell.
WHOLE = 4096
# Cells worked on together: their histograms stay in the second-level cache.
BLOCK = 64

# What numba gives back is typed by nobody.
intrinsic: Any = extending.intrinsic
_FAST: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "nsz"}, "nogil": True, "cache": True}
# Sums over a histogram may be taken in several lanes at once; what chunks add up may not, whoever works them out.
_SUMMING: dict[str, Any] = {**_FAST, "fastmath": {"contract", "nsz", "reassoc"}}
# Lines inside other loops; compiled with them.
_INLINE: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "nsz"}, "inline": "always"}


def _reads(kind: Any, dimensions: int) -> Any:
    return types.Array(kind, dimensions, "C", readonly=True)


def _writes(kind: Any, dimensions: int) -> Any:
    return types.Array(kind, dimensions, "C")


@intrinsic
def _bits(_context: Any, _value: Any) -> Any:  # pragma: no cover
    """The bits of a float32 as int32."""

    def generate(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.IntType(32))

    return types.int32(types.float32), generate


@intrinsic
def _single(_context: Any, _value: Any) -> Any:  # pragma: no cover
    """The float32 that has these bits."""

    def generate(_target: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return builder.bitcast(arguments[0], ir.FloatType())

    return types.float32(types.int32), generate


@njit(**_INLINE)
def _logarithm(x: Any) -> Any:  # pragma: no cover
    """Natural logarithm of a positive float32, within 2e-7 of it or of 1; plain arithmetic, so that loops vectorise.

    x = 2^e·m with m in [√½, √2); ln m = 2 artanh((m − 1) / (m + 1)) by its series, whose next term is below 1e-8.
    """
    bits = _bits(x)
    power = np.int32((bits - np.int32(0x3F3504F3)) >> np.int32(23))
    m = _single(np.int32(bits - (power << np.int32(23)))) - np.float32(1)
    s = m / (np.float32(2) + m)
    z = s * s
    series = np.float32(2 / 9)
    series = series * z + np.float32(2 / 7)
    series = series * z + np.float32(2 / 5)
    series = series * z + np.float32(2 / 3)
    series = series * z + np.float32(2)
    return s * series + np.float32(power) * np.float32(0.6931471805599453)


@njit(**_INLINE)
def _two_to_the(x: Any) -> Any:  # pragma: no cover
    """2^x of a float32, relative 2e-7; x is held within ±60."""
    x = min(max(x, np.float32(-60)), np.float32(60))
    whole = np.floor(x + np.float32(0.5))
    y = (x - whole) * np.float32(0.6931471805599453)
    series = np.float32(1 / 5040)
    series = series * y + np.float32(1 / 720)
    series = series * y + np.float32(1 / 120)
    series = series * y + np.float32(1 / 24)
    series = series * y + np.float32(1 / 6)
    series = series * y + np.float32(0.5)
    series = series * y + np.float32(1)
    series = series * y + np.float32(1)
    return series * _single(np.int32((np.int32(whole) + np.int32(127)) << np.int32(23)))


@njit(**_INLINE)
def _load(stored: Any, scale: Any, offset: Any, row: Any) -> None:  # pragma: no cover
    """A row of a field as float32, missing as NaN. A float32 field comes with scale 1 and offset 0."""
    for i in range(row.size):
        value = stored[i]
        real = np.float32(value) * scale + offset
        row[i] = np.float32(np.nan) if value == -32768 else real


@njit(**_INLINE)
def _to_hub(law: Any, change: Any, base: Any, shape: Any, bias: Any, row: Any) -> None:  # pragma: no cover
    """Speeds of ``row`` taken to hub height in place; NaN where the roughness is missing or not positive.

    ``change`` is ln(z / h) for the logarithmic law, log₂(z / h) for the power law; ``base`` is ln h.
    """
    if law == LOGARITHMIC:
        for i in range(row.size):
            length = shape[i]
            factor = np.float32(1) + change / (base - _logarithm(length))
            row[i] = row[i] * bias[i] * (factor if length > 0 else np.float32(np.nan))
    elif law == POWER:
        for i in range(row.size):
            row[i] = row[i] * bias[i] * _two_to_the(shape[i] * change) + (shape[i] - shape[i])
    else:
        for i in range(row.size):
            row[i] = row[i] * bias[i]


@njit(**_INLINE)
def _to_output(
    per_width: Any, base: Any, slope: Any, knot: Any, base2: Any, slope2: Any, whole: Any, row: Any
) -> None:  # pragma: no cover
    """Speeds of ``row`` replaced by output per unit, by the lines of a CurveTable; NaN stays NaN."""
    top = np.float32(base.size - 1)
    if whole:
        for i in range(row.size):
            x = row[i]
            known = x >= 0
            y = x if known else np.float32(0)
            j = np.uint32(np.int32(min(y * per_width, top)))
            row[i] = base[j] + slope[j] * y if known else np.float32(np.nan)
    else:
        for i in range(row.size):
            x = row[i]
            known = x >= 0
            y = x if known else np.float32(0)
            j = np.uint32(np.int32(min(y * per_width, top)))
            below = y < knot[j]
            output = (base[j] if below else base2[j]) + (slope[j] if below else slope2[j]) * y
            row[i] = output if known else np.float32(np.nan)


def _capacity_signature(speed: Any, shape: Any) -> Any:
    table = (float32, *([_reads(float32, 1)] * 5), types.boolean)
    return types.void(
        _reads(speed, 2), _reads(shape, 2), _reads(float32, 1), int64, float32, float32, _reads(float32, 1), *table,
        _reads(int64, 1), _writes(float64, 2), _writes(int32, 2),
        _reads(int64, 1), _reads(int64, 1), _reads(float64, 1), _writes(float64, 2), _writes(float32, 2),
    )  # fmt: skip


@njit([_capacity_signature(a, b) for a in (float32, int16) for b in (float32, int16)], **_FAST)
def capacity(  # pragma: no cover
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
        _load(speed[t], packing[0], packing[1], row)
        if law != AS_IS and (t == 0 or shape.shape[0] > 1):
            _load(shape[t], packing[2], packing[3], profile)
        _to_hub(law, change, height, profile, bias, row)
        _to_output(per_width, base, slope, knot, base2, slope2, whole, row)
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


def _climate_signature(speed: Any, roughness: Any, temperature: Any) -> Any:
    fields = (_reads(speed, 2), _reads(roughness, 2), _reads(temperature, 2), _reads(float32, 1))
    return types.void(*fields, float32, _reads(int64, 1), _writes(float64, 3), _writes(int32, 2))


@njit(
    [_climate_signature(a, b, c) for a in (float32, int16) for b in (float32, int16) for c in (float32, int16)], **_FAST
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
        _load(speed[t], packing[0], packing[1], wind)
        if t == 0 or roughness.shape[0] > 1:
            _load(roughness[t], packing[2], packing[3], length)
        if t == 0 or temperature.shape[0] > 1:
            _load(temperature[t], packing[4], packing[5], warmth)
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
            lean[i] += v / np.float64(height - _logarithm(z))
            dense[i] += square * v / (np.float64(warmth[i]) if known else 1.0)
            count[i] += np.int32(known)


@njit(
    [types.void(_reads(kind, 2), float32, float32, float32, _writes(uint32, 2)) for kind in (float32, int16)],
    **_FAST,
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
        _reads(uint32, 2), _reads(int64, 1), float32, _reads(float32, 1),
        float32, *([_reads(float32, 1)] * 5), types.boolean, _writes(float64, 1),
    ),
    **_SUMMING,
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
        _to_output(per_width, base, slope, knot, base2, slope2, whole, part)
        total, hours = 0.0, 0.0
        for j in range(used):
            share = np.float64(weights[i, j])
            total += share * np.float64(part[j])
            hours += share
        out[i] = total / hours if hours > 0 else np.nan


@njit(types.void(_reads(uint32, 2), _reads(int64, 1), _reads(float64, 1), _writes(float64, 1)), **_SUMMING)
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
    return sum(len(kernel.signatures) for kernel in (capacity, climate, histogram, expected_output, product))
