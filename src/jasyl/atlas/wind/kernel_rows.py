"""What the wind's compiled loops share: how they are compiled, and lines over a row of cells that are inlined in them.

Imported only where a map is computed: numba takes a second to load. Coverage cannot see into compiled loops; tests
compare what they give with plain arithmetic, atlite and windpowerlib.
"""

from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending, types

from ..compiled import njit

# Laws of the wind over height.
AS_IS, LOGARITHMIC, POWER = 0, 1, 2

# What numba gives back is typed by nobody.
intrinsic: Any = extending.intrinsic
FAST: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "nsz"}, "nogil": True, "cache": True}
# Sums over a histogram may be taken in several lanes at once; what chunks add up may not, whoever works them out.
SUMMING: dict[str, Any] = {**FAST, "fastmath": {"contract", "nsz", "reassoc"}}
# Lines inside other loops; compiled with them.
INLINE: dict[str, Any] = {"error_model": "numpy", "fastmath": {"contract", "nsz"}, "inline": "always"}


def reads(kind: Any, dimensions: int) -> Any:
    return types.Array(kind, dimensions, "C", readonly=True)


def writes(kind: Any, dimensions: int) -> Any:
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


@njit(**INLINE)
def logarithm(x: Any) -> Any:  # pragma: no cover
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


@njit(**INLINE)
def two_to_the(x: Any) -> Any:  # pragma: no cover
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


@njit(**INLINE)
def load_row(stored: Any, scale: Any, offset: Any, row: Any) -> None:  # pragma: no cover
    """A row of a field as float32, missing as NaN. A float32 field comes with scale 1 and offset 0."""
    for i in range(row.size):
        value = stored[i]
        real = np.float32(value) * scale + offset
        row[i] = np.float32(np.nan) if value == -32768 else real


@njit(**INLINE)
def to_hub(law: Any, change: Any, base: Any, shape: Any, bias: Any, row: Any) -> None:  # pragma: no cover
    """Speeds of ``row`` taken to hub height in place; NaN where the roughness is missing or not positive.

    ``change`` is ln(z / h) for the logarithmic law, log₂(z / h) for the power law; ``base`` is ln h.
    """
    if law == LOGARITHMIC:
        for i in range(row.size):
            length = shape[i]
            factor = np.float32(1) + change / (base - logarithm(length))
            row[i] = row[i] * bias[i] * (factor if length > 0 else np.float32(np.nan))
    elif law == POWER:
        for i in range(row.size):
            row[i] = row[i] * bias[i] * two_to_the(shape[i] * change) + (shape[i] - shape[i])
    else:
        for i in range(row.size):
            row[i] = row[i] * bias[i]


@njit(**INLINE)
def to_output(
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
