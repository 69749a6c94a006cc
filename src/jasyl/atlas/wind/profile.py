"""The wind by height above ground: logarithmic and power law, from one height or between two."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jasyl.texts import Refusal

Floats = NDArray[np.float64]

# Where nothing is known of roughness or stability: flat open land (IEC 61400-1 takes 0.2 for design, many studies 1/7).
USUAL_EXPONENT = 1 / 7
# Below this the profile is not that of open air; the roughness elements themselves stand there.
LOWEST = 1.0


def logarithmic(
    speed: ArrayLike, height: float, to_height: float, roughness: ArrayLike, obstacle_height: float = 0.0
) -> Floats:
    """Speed at ``to_height`` from ``speed`` at ``height`` (m above ground) over ground of ``roughness`` length (m).

    v ln((z − d) / z₀) / ln((h − d) / z₀) with displacement d = 0.7 ``obstacle_height``; neutral air. NaN where the
    roughness is missing, zero or not below both heights. E. Hau, Windkraftanlagen (2008), p. 515; as windpowerlib's
    ``logarithmic_profile`` and atlite's method "logarithmic". Raises Refusal ``wind-height``.
    """
    shift = 0.7 * obstacle_height
    _check(height - shift, to_height - shift)
    length = np.asarray(roughness, dtype=np.float64)
    length = np.where((length > 0) & (length < min(height, to_height) - shift), length, np.nan)
    return np.asarray(speed, np.float64) * np.log((to_height - shift) / length) / np.log((height - shift) / length)


def power_law(speed: ArrayLike, height: float, to_height: float, exponent: ArrayLike = USUAL_EXPONENT) -> Floats:
    """Speed at ``to_height`` by v (z / h)^α; as windpowerlib's ``hellman`` and atlite's method "power".

    Raises Refusal ``wind-height``.
    """
    _check(height, to_height)
    return np.asarray(speed, np.float64) * (to_height / height) ** np.asarray(exponent, np.float64)


def exponent_of_roughness(roughness: ArrayLike, to_height: float) -> Floats:
    """The power law's exponent over ground of ``roughness`` (m): 1 / ln(z / z₀). E. Hau (2008), p. 517."""
    return 1 / np.log(to_height / np.asarray(roughness, np.float64))


def shear_exponent(low: ArrayLike, low_height: float, high: ArrayLike, high_height: float) -> Floats:
    """The power law's exponent that two measured speeds give: ln(v₂ / v₁) / ln(h₂ / h₁); NaN in calm air."""
    _check(low_height, high_height, different=True)
    below, above = np.asarray(low, np.float64), np.asarray(high, np.float64)
    running = (below > 0) & (above > 0)
    ratio = np.divide(above, below, out=np.full(np.broadcast(above, below).shape, np.nan), where=running)
    return np.log(ratio) / np.log(high_height / low_height)


def between(low: ArrayLike, low_height: float, high: ArrayLike, high_height: float, to_height: float) -> Floats:
    """Speed at ``to_height`` from speeds at two heights: linear in the logarithm of height, never below zero.

    Exact for a logarithmic profile whatever its roughness, which need not be known; it also follows the two heights
    in stable air, where one height and a roughness would not. Raises Refusal ``wind-height``.
    """
    _check(low_height, high_height, to_height, different=True)
    share = np.log(to_height / low_height) / np.log(high_height / low_height)
    below, above = np.asarray(low, np.float64), np.asarray(high, np.float64)
    return np.maximum(below + (above - below) * share, 0.0)


def _check(*heights: float, different: bool = False) -> None:
    if min(heights) < LOWEST or (different and heights[0] == heights[1]):
        raise Refusal("wind-height", received=", ".join(f"{height:g}" for height in heights), expected=f"≥ {LOWEST:g}")
