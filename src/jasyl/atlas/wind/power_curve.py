"""Power curves: what a turbine gives at each wind speed, smoothed, corrected for density, reduced by losses."""

from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from jasyl.texts import Refusal

Floats = NDArray[np.float64]

# Density for which makers state power curves: ISO 2533 at sea level, 15 °C (IEC 61400-12-1).
REFERENCE_DENSITY = 1.225
# No turbine runs above this speed; a curve beyond it is in another unit.
HIGHEST_SPEED = 60.0
# Curves overshoot their rated power by a few per cent, hardly ever by more.
OVERSHOOT = 1.1
# How far a curve may sink between cut-in and cut-out, of rated power: digitised curves waver.
SAG = 0.02


@dataclass(frozen=True)
class PowerCurve:
    """Power in W at wind speeds in m/s, straight lines between the points, none outside them.

    The same speed twice is a step. At a step the value above holds: at the cut-out speed itself the turbine stands.
    (One rule on both sides of the step: a table that spreads the step over a cell overstates a year by 0.2 %.)
    ``rated`` is the power in W by which yields are divided. Raises Refusal ``power-curve``.
    """

    speeds: tuple[float, ...]
    powers: tuple[float, ...]
    rated: float

    def __post_init__(self) -> None:
        speeds, powers = self.speeds, self.powers
        if len(speeds) != len(powers) or len(speeds) < 2:
            raise Refusal("power-curve-points", received=f"{len(speeds)}, {len(powers)}")
        if not (np.isfinite([*speeds, *powers, self.rated]).all() and self.rated > 0):
            raise Refusal("power-curve-number", received=str(self.rated))
        for before, after in pairwise(speeds):
            if after < before:
                raise Refusal("power-curve-order", received=f"{before:g}, {after:g}")
        if speeds[0] < 0 or speeds[-1] > HIGHEST_SPEED:
            raise Refusal(
                "power-curve-speed", received=f"{speeds[0]:g}–{speeds[-1]:g}", expected=f"0–{HIGHEST_SPEED:g}"
            )
        if min(powers) < 0:
            raise Refusal("power-curve-negative", received=f"{min(powers):g}")

    @cached_property
    def closed(self) -> tuple[Floats, Floats]:
        """Speeds and powers as arrays that begin and end with no power, so that interpolation needs no rule outside."""
        speeds, powers = list(self.speeds), list(self.powers)
        if powers[0] > 0:
            speeds, powers = [speeds[0], *speeds], [0.0, *powers]
        if powers[-1] > 0:
            speeds, powers = [*speeds, speeds[-1]], [*powers, 0.0]
        return np.array(speeds), np.array(powers)

    @property
    def peak(self) -> float:
        """The highest power of the curve, W; makers' rated power may differ by a few per cent."""
        return max(self.powers)

    @property
    def cut_in(self) -> float:
        """The speed above which there is power, m/s."""
        speeds, powers = self.closed
        return float(speeds[max(int(np.argmax(powers > 0)) - 1, 0)])

    @property
    def cut_out(self) -> float:
        """The speed from which there is none, m/s."""
        speeds, powers = self.closed
        last = len(powers) - 1 - int(np.argmax(powers[::-1] > 0))
        return float(speeds[last + 1])

    def at(self, speed: ArrayLike) -> Floats:
        """Power in W at wind speeds in m/s, any shape; NaN gives NaN."""
        speeds, powers = self.closed
        return np.asarray(np.interp(np.asarray(speed, dtype=np.float64), speeds, powers))

    def per_unit(self, speed: ArrayLike) -> Floats:
        """Power as a share of rated power."""
        return self.at(speed) / self.rated

    def reduced(self, factor: float) -> "PowerCurve":
        """The curve times ``factor`` (0 to 1), as of wakes and other losses; rated power stays. Refusal ``loss``."""
        if not 0 <= factor <= 1:
            raise Refusal("wind-loss", received=f"{factor:g}", expected="0–1")
        return replace(self, powers=tuple(power * factor for power in self.powers))

    def with_efficiency(self, speeds: ArrayLike, efficiency: ArrayLike) -> "PowerCurve":
        """The curve times a farm's efficiency that depends on speed, as windpowerlib's wake_losses_to_power_curve."""
        at = np.interp(self.speeds, np.asarray(speeds, np.float64), np.asarray(efficiency, np.float64))
        if not ((at >= 0) & (at <= 1)).all():
            raise Refusal("wind-loss", received=f"{at.min():g}–{at.max():g}", expected="0–1")
        return replace(self, powers=tuple((np.array(self.powers) * at).tolist()))

    def smoothed(self, *, eta: float = 0.95, delta_v: float = 1.27, sigma: float = 2.29) -> "PowerCurve":
        """The curve of many turbines spread over a region, as atlite's ``windturbine_smooth``.

        Gaussian kernel of width ``sigma`` and offset ``delta_v`` (m/s), availability ``eta``; the peak of the smoothed
        curve becomes rated power. Andresen, Søndergaard, Greiner, Energy 93 (2015) 1074-1088.
        """
        if not (0 < eta <= 1 and sigma > 0):
            raise Refusal("wind-smoothing", received=f"eta {eta:g}, sigma {sigma:g}", expected="0 < eta ≤ 1, sigma > 0")
        fine = np.linspace(-50.0, 50.0, 1001)
        kernel = np.exp(-((fine - delta_v) ** 2) / (2 * sigma**2)) / np.sqrt(2 * np.pi * sigma**2)
        convolved = 0.1 * np.convolve(self.at(fine), kernel, mode="same")
        speeds = np.linspace(0.0, 35.0, 72)
        # Of the convolution, rounding may leave -1e-18.
        powers = np.maximum(eta * np.interp(speeds, fine, convolved), 0)
        return PowerCurve(tuple(speeds.tolist()), tuple(powers.tolist()), float(powers.max()))

    def at_density(self, density: float) -> "PowerCurve":
        """The curve for air of ``density`` kg/m³: its speeds shifted, powers kept.

        v = v₀ (1.225 / ρ)^p(v₀), p from 1/3 up to 7.5 m/s to 2/3 from 12.5 m/s: L. Svenningsen, Proposal of an improved
        power curve correction (EMD, 2010), as in windpowerlib. Raises Refusal ``air-density``.
        """
        if not 0.5 <= density <= 1.7:
            raise Refusal("air-density", received=f"{density:g}", expected="0.5–1.7")
        speeds = shifted_speeds(np.array(self.speeds), density)
        return replace(self, speeds=tuple(speeds.tolist()))


def shifted_speeds(speeds: Floats, density: ArrayLike) -> Floats:
    """Speeds of a power curve for another density; broadcasts ``density`` [...] to [..., points]."""
    ratio = REFERENCE_DENSITY / np.asarray(density, dtype=np.float64)
    return speeds * ratio[..., None] ** np.interp(speeds, [7.5, 12.5], [1 / 3, 2 / 3])


def power_at_density(curve: PowerCurve, speed: Floats, density: Floats) -> Floats:
    """Power in W for speeds [time] in air of densities [time] (kg/m³), each with its own corrected curve."""
    speeds, powers = curve.closed
    shifted = shifted_speeds(speeds, density)
    found = np.empty(speed.shape, np.float64)
    for number, (at, knots) in enumerate(zip(speed.tolist(), shifted, strict=True)):
        found[number] = np.interp(at, knots, powers)
    return found


def check_shape(curve: PowerCurve) -> None:
    """Whether a curve that somebody brought can be one of a turbine. Raises Refusal ``power-curve-…``.

    It begins without power, rises to rated power without sinking by more than 2 % of it, and does not pass it by more
    than 10 %; where it has no end, the last speed is taken as cut-out.
    """
    if curve.peak > OVERSHOOT * curve.rated or curve.peak < curve.rated / OVERSHOOT:
        raise Refusal("power-curve-rated", received=f"{curve.peak / 1e3:g}", expected=f"{curve.rated / 1e3:g}")
    if curve.powers[0] > 0.2 * curve.rated:
        raise Refusal("power-curve-start", received=f"{curve.speeds[0]:g}")
    last = max(number for number, power in enumerate(curve.powers) if power > 0) + 1
    highest = 0.0
    for speed, power in zip(curve.speeds[:last], curve.powers[:last], strict=True):
        if power < highest - SAG * curve.rated:
            raise Refusal("power-curve-sinks", received=f"{speed:g}")
        highest = max(highest, power)
