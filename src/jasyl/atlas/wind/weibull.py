"""Weibull distributions of wind speed: density, moments, and fits by maximum likelihood and by moments."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jasyl.texts import Refusal

Floats = NDArray[np.float64]
# Shapes a fit may give: from gusty mountains (about 1) to trade winds (about 4), with room on both sides.
SHAPES = (0.3, 20.0)


@dataclass(frozen=True)
class Weibull:
    """Scale A (m/s) and shape k of P(V > v) = exp(−(v / A)^k)."""

    scale: float
    shape: float

    def density(self, speed: ArrayLike) -> Floats:
        """Probability per m/s."""
        x = np.maximum(np.asarray(speed, np.float64), 0) / self.scale
        return self.shape / self.scale * x ** (self.shape - 1) * np.exp(-(x**self.shape))

    def exceeds(self, speed: ArrayLike) -> Floats:
        """Probability of a speed above ``speed``."""
        return np.exp(-((np.maximum(np.asarray(speed, np.float64), 0) / self.scale) ** self.shape))

    def moment(self, order: float) -> float:
        """Mean of v^order: A^n Γ(1 + n / k)."""
        from math import gamma  # noqa: PLC0415

        return self.scale**order * gamma(1 + order / self.shape)

    @property
    def mean(self) -> float:
        return self.moment(1)


def fit(speeds: ArrayLike, weights: ArrayLike | None = None) -> Weibull:
    """Maximum likelihood fit to speeds (m/s), each counted ``weights`` times; calms are left out, NaN too.

    Newton's iteration on Σ w vᵏ ln v / Σ w vᵏ − 1/k = mean ln v, which has one root (Stevens and Smulders, Wind
    Engineering 3, 1979). Raises Refusal ``weibull-sample`` for fewer than two different speeds.
    """
    v = np.asarray(speeds, np.float64).ravel()
    w = np.ones(v.shape) if weights is None else np.asarray(weights, np.float64).ravel()
    kept = (v > 0) & (w > 0)
    v, w = v[kept], w[kept]
    if len(v) < 2 or v.min() == v.max():
        raise Refusal("weibull-sample", received=str(len(v)))
    # Taken relative to the greatest speed, so that no power overflows.
    top = v.max()
    logs = np.log(v / top)
    w = w / w.sum()
    mean = float(w @ logs)
    k = float(np.clip(1.28 / np.sqrt(max(w @ (logs - mean) ** 2, 1e-12)), *SHAPES))
    for _ in range(60):
        powers = w * np.exp(k * logs)
        total = powers.sum()
        first, second = float(powers @ logs) / total, float(powers @ logs**2) / total
        step = (first - 1 / k - mean) / (second - first**2 + 1 / k**2)
        following = min(max(k - step, k / 2), k * 2)
        done = abs(following - k) <= 1e-12 * k
        k = following
        if done:
            break
    scale = top * float(w @ np.exp(k * logs)) ** (1 / k)
    return Weibull(float(scale), float(k))


def from_moments(mean: ArrayLike, mean_cube: ArrayLike) -> tuple[Floats, Floats]:
    """Scale and shape with the given mean speed and mean cube, cell by cell: the energy of the wind is kept.

    Solves Γ(1 + 3/k) / Γ(1 + 1/k)³ = mean cube / mean³ for k by bisection within SHAPES (monotone in k), to 1e-10;
    NaN where the moments are missing or belong to no such Weibull. As WAsP and the Global Wind Atlas keep energy.
    """
    from scipy.special import gammaln  # noqa: PLC0415

    first, third = np.broadcast_arrays(np.asarray(mean, np.float64), np.asarray(mean_cube, np.float64))
    with np.errstate(invalid="ignore", divide="ignore"):
        wanted = np.log(third) - 3 * np.log(first)
    low, high = np.full(first.shape, SHAPES[0]), np.full(first.shape, SHAPES[1])

    def excess(k: Floats) -> Floats:
        return np.asarray(gammaln(1 + 3 / k) - 3 * gammaln(1 + 1 / k), np.float64)

    possible = (wanted <= excess(low)) & (wanted >= excess(high))
    for _ in range(48):
        middle = (low + high) / 2
        above = excess(middle) > wanted
        low, high = np.where(above, middle, low), np.where(above, high, middle)
    k = np.where(possible, (low + high) / 2, np.nan)
    return np.asarray(first / np.exp(gammaln(1 + 1 / k)), np.float64), np.asarray(k, np.float64)
