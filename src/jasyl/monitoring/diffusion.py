"""Diffusion of a technology: logistic, Gompertz and Bass curves fitted to yearly additions, with intervals.

A cumulative count remembers every earlier error, additions of a year do not: so additions are fitted (Srinivasan and
Mason 1986), cumulative = sum of additions. Errors are taken as independent with one variance. SciPy loads on first use.

- logistic: K / (1 + exp(-r (t - t0))), Verhulst;
- gompertz: K exp(-exp(-r (t - t0)));
- bass: K (1 - exp(-(p+q) s)) / (1 + (q/p) exp(-(p+q) s)) with s years since the start, Bass 1969.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

Floats = NDArray[np.float64]
Model = Literal["logistic", "gompertz", "bass"]
MODELS: tuple[Model, ...] = get_args(Model)
# What is left after K, which enters linearly: rates as logarithms, so that they stay positive.
SHAPES: Mapping[Model, tuple[str, str]] = {"logistic": ("r", "t0"), "gompertz": ("r", "t0"), "bass": ("p", "q")}

LEAST_YEARS = 6
# A potential whose interval reaches beyond so many times what is there is not told by the data.
LARGEST_POTENTIAL = 100.0
# A rate above this takes a curve from a tenth to nine tenths within nine months: yearly data cannot tell such a rate
# from a single jump.
LARGEST_RATE = 6.0
FLAT = 1e-12


@dataclass(frozen=True)
class Interval:
    """A value with the ends of its interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class DiffusionFit:
    """A fitted curve. ``parameters`` with profile intervals at ``level``; ``sigma`` is the standard deviation of a
    year's additions around the curve, ``r_squared`` of additions. ``shape`` holds ln K and the shape parameters,
    ``covariance`` theirs."""

    model: Model
    parameters: Mapping[str, Interval]
    level: float
    sigma: float
    r_squared: float
    first: int
    years: int
    shape: Floats
    covariance: Floats

    def additions(self, years: Sequence[int]) -> Floats:
        """Additions of ``years`` on the curve, in the unit of what was fitted."""
        return curve_additions(self.model, self.shape, np.asarray(years, float) - self.first)

    def cumulative(self, years: Sequence[int]) -> Floats:
        """The curve at the end of ``years``."""
        at = np.asarray(years, float) - self.first
        return np.exp(self.shape[0]) * _share(self.model, self.shape[1:], at)


def _share(model: Model, shape: Floats, at: Floats) -> Floats:
    """The share of K reached at the end of year ``at``; year 0 is the first with data, Bass starts at its beginning."""
    one, two = shape[..., 0:1], shape[..., 1:2]
    if model == "bass":
        p, q = np.exp(one), np.exp(two)
        decay = np.exp(-np.clip((p + q) * (at + 1), 0, 700))
        return (1 - decay) / (1 + q / p * decay)
    turn = np.clip(np.exp(one) * (at - two), -700, 700)
    return 1 / (1 + np.exp(-turn)) if model == "logistic" else np.exp(-np.exp(np.clip(-turn, -700, 700)))


def curve_additions(model: Model, shape: Floats, at: Floats) -> Floats:
    """Additions in years ``at`` (0 is the first with data) for ``shape`` = ln K and two shape parameters.

    ``shape`` may have leading axes, for many curves at once.
    """
    gain = _share(model, shape[..., 1:], at) - _share(model, shape[..., 1:], at - 1)
    return cast("Floats", np.exp(shape[..., 0:1]) * gain if shape.ndim > 1 else np.exp(shape[0]) * gain)


def fit_diffusion(model: Model, first: int, additions: Sequence[float], *, level: float = 0.9) -> DiffusionFit:
    """Fit a curve to ``additions`` of consecutive years from ``first`` by nonlinear least squares.

    Intervals are profiles of the sum of squares (Bates and Watts 1988), not symmetric. Raises Refusal
    ``diffusion-too-few`` (fewer than 6 years, or fewer than 4 of them with an addition) and
    ``diffusion-not-identifiable`` (the data do not bound the potential or the speed from above: growth has not slowed
    yet, or it was one jump).
    """
    data = np.asarray(additions, float)
    check_years(data)
    shape, rss = _best(model, data)
    freedom = len(data) - 3
    sigma = float(np.sqrt(rss / freedom))
    covariance = _covariance(model, shape, len(data), sigma)
    from scipy import stats  # noqa: PLC0415

    spread = float(((data - data.mean()) ** 2).sum())
    reach = float(stats.t.ppf((1 + level) / 2, freedom))
    # The root of the allowed growth of the sum of squares; errors that vanish leave intervals of no width.
    rise = reach * max(sigma, FLAT * float(data.sum()))
    found = _Found(model, data, shape, rss, rise)
    parameters = {
        name: found.interval(number, name, reach * float(np.sqrt(covariance[number, number])), first)
        for number, name in enumerate(("K", *SHAPES[model]))
    }
    rate = parameters["q" if model == "bass" else "r"]
    if not (parameters["K"].high <= LARGEST_POTENTIAL * float(data.sum()) and rate.high <= LARGEST_RATE):
        raise Refusal("diffusion-not-identifiable", received=model, expected=f"{data.sum():g}")
    return DiffusionFit(
        model, parameters, level, sigma, 1 - rss / spread if spread else 1.0, first, len(data), shape, covariance
    )


def check_years(additions: Floats) -> None:
    """Raises Refusal ``diffusion-too-few`` unless there are enough years, and enough of them with additions."""
    told = int((additions > 0).sum())
    if len(additions) < LEAST_YEARS or told < 4:
        raise Refusal("diffusion-too-few", received=f"{told}/{len(additions)}", expected=f"4/{LEAST_YEARS}")


def point_shape(model: Model, additions: Floats) -> Floats:
    """ln K and the shape parameters of the best curve, without intervals: what a back-test repeats.

    Raises Refusal ``diffusion-not-identifiable`` where already the best curve is beyond what a fit would be given for.
    """
    shape = _best(model, additions, starts=2)[0]
    rate = shape[2] if model == "bass" else shape[1]
    if shape[0] > np.log(LARGEST_POTENTIAL * additions.sum()) or rate > np.log(LARGEST_RATE):
        raise Refusal("diffusion-not-identifiable", received=model, expected=f"{additions.sum():g}")
    return shape


@dataclass(frozen=True)
class Forecast:
    """Cumulative values at the end of ``years`` with the interval in which a new observation falls at ``level``."""

    years: tuple[int, ...]
    value: Floats
    low: Floats
    high: Floats
    level: float


def forecast(
    fit: DiffusionFit, standing: float, years: int, *, level: float = 0.9, draws: int = 4000, seed: int = 20130530
) -> Forecast:
    """What stands at the end of the next ``years`` years, from ``standing`` at the end of the last fitted one.

    Drawn: parameters from a t distribution with their covariance, and the year's own errors, summed over the years.
    The same seed gives the same interval. Additions are never negative in the middle line; what is drawn below zero
    stays in the interval, as closures would.
    """
    ahead = np.arange(fit.years, fit.years + years, dtype=float)
    numbers = np.random.default_rng(seed)
    freedom = fit.years - 3
    heavy = np.sqrt(freedom / numbers.chisquare(freedom, (draws, 1)))
    root = _root(fit.covariance)
    shapes = fit.shape + heavy * (numbers.standard_normal((draws, 3)) @ root.T)
    shapes[:, 0] = np.minimum(shapes[:, 0], fit.shape[0] + np.log(LARGEST_POTENTIAL))
    paths = curve_additions(fit.model, shapes, ahead)
    paths = paths + heavy * fit.sigma * numbers.standard_normal(paths.shape)
    paths = standing + np.cumsum(paths, axis=1)
    middle = standing + np.cumsum(curve_additions(fit.model, fit.shape, ahead))
    low, high = np.quantile(paths, [(1 - level) / 2, (1 + level) / 2], axis=0)
    named = tuple(int(each) for each in fit.first + ahead)
    return Forecast(named, middle, np.minimum(low, middle), np.maximum(high, middle), level)


def _root(covariance: Floats) -> Floats:
    values, vectors = np.linalg.eigh(covariance)
    return vectors * np.sqrt(np.maximum(values, 0))


def _starts(model: Model, years: int) -> Floats:
    """A grid of shape parameters, wide enough for what takes two years and what takes a century."""
    if model == "bass":
        one, two = np.log(np.geomspace(1e-5, 0.3, 16)), np.log(np.geomspace(0.01, 2.5, 20))
    else:
        one, two = np.log(np.geomspace(0.03, 3, 16)), np.linspace(-0.5 * years, 2 * years, 26)
    return np.array([(a, b) for a in one for b in two])


def _best(model: Model, data: Floats, starts: int = 4) -> tuple[Floats, float]:
    """The curve of least squares from the best starts of a grid; K follows linearly from a shape."""
    from scipy.optimize import least_squares  # noqa: PLC0415

    at = np.arange(len(data), dtype=float)
    grid = _starts(model, len(data))
    gains = _share(model, grid, at) - _share(model, grid, at - 1)
    norm = (gains**2).sum(1)
    slope = np.where(norm > FLAT, gains @ data / np.maximum(norm, FLAT), 0)
    rss = np.where(slope > 0, ((data - slope[:, None] * gains) ** 2).sum(1), np.inf)
    tried: list[tuple[float, Floats]] = []
    for number in np.argsort(rss)[:starts]:
        if not np.isfinite(rss[number]):
            continue
        start = np.array([np.log(slope[number]), *grid[number]])
        done = least_squares(_residuals, start, args=(model, data, at), method="lm", max_nfev=400)
        tried.append((float(2 * done.cost), np.asarray(done.x, float)))
    if not tried:
        raise Refusal("diffusion-not-identifiable", received=model, expected=f"{data.sum():g}")
    least, shape = min(tried, key=lambda each: each[0])
    return shape, least


def _residuals(shape: Floats, model: Model, data: Floats, at: Floats) -> Floats:
    return np.clip(curve_additions(model, np.clip(shape, -60, 60), at), -1e18, 1e18) - data


def _jacobian(model: Model, shape: Floats, at: Floats) -> Floats:
    step = 1e-5
    columns: list[Floats] = []
    for number in range(3):
        shift = np.zeros(3)
        shift[number] = step
        up, down = curve_additions(model, shape + shift, at), curve_additions(model, shape - shift, at)
        columns.append((up - down) / (2 * step))
    return np.stack(columns, axis=1)


def _covariance(model: Model, shape: Floats, years: int, sigma: float) -> Floats:
    jacobian = _jacobian(model, shape, np.arange(years, dtype=float))
    information = jacobian.T @ jacobian
    scale = np.sqrt(np.diag(information))
    if not np.all(np.isfinite(information)) or np.any(scale == 0):
        raise Refusal("diffusion-not-identifiable", received=model, expected="0")
    unit = information / np.outer(scale, scale)
    if np.linalg.cond(unit) > 1e12:
        raise Refusal("diffusion-not-identifiable", received=model, expected="0")
    return sigma**2 * np.linalg.inv(unit) / np.outer(scale, scale)


def _written(name: str, value: float, first: int) -> float:
    """A parameter as people know it: t0 as a moment in years (2021.0 is the beginning of 2021), the others without
    their logarithm. Shapes count from the end of the first year.
    """
    if name == "t0":
        return value + first + 1
    return float(np.exp(value)) if value < 700 else float("inf")


@dataclass(frozen=True)
class _Found:
    """The best curve, from which profiles start: ``rise`` is the root of the sum of squares allowed above ``rss``."""

    model: Model
    data: Floats
    shape: Floats
    rss: float
    rise: float

    def interval(self, number: int, name: str, reach: float, first: int) -> Interval:
        """The values of one parameter at which the least sum of squares of the others stays within what is allowed."""
        ends = [self._end(number, sign * max(reach, 1e-9)) for sign in (-1, 1)]
        value, low, high = (_written(name, each, first) for each in (float(self.shape[number]), *ends))
        return Interval(value, low, high)

    def _end(self, number: int, step: float) -> float:
        """Where the profile leaves what is allowed: steps out to a bracket, then false position (Illinois)."""
        inside, below, others = 0.0, -self.rise, np.delete(self.shape, number)
        outside, above = step, -1.0
        for _ in range(20):
            above, found = self._held(number, outside, others)
            if above > 0:
                break
            inside, below, others = outside, above, found
            outside *= 1.6
        else:
            return float(np.copysign(np.inf, step))
        middle = outside
        for _ in range(5):
            middle = (inside * above - outside * below) / (above - below)
            height, found = self._held(number, middle, others)
            if height > 0:
                outside, above, below = middle, height, below / 2
            else:
                inside, below, above, others = middle, height, above / 2, found
            if abs(height) < 0.01 * self.rise:
                break
        return float(self.shape[number] + middle)

    def _held(self, number: int, shift: float, others: Floats) -> tuple[float, Floats]:
        """How far the profile stands above what is allowed, in roots of sums of squares, and the other parameters."""
        from scipy.optimize import least_squares  # noqa: PLC0415

        at = np.arange(len(self.data), dtype=float)
        value = self.shape[number] + shift

        def residuals(free: Any) -> Floats:
            return _residuals(np.insert(np.asarray(free, float), number, value), self.model, self.data, at)

        done = least_squares(residuals, others, method="lm", max_nfev=120)
        return float(np.sqrt(max(2 * done.cost - self.rss, 0.0))) - self.rise, np.asarray(done.x, float)
