"""Change-point models of consumption on outdoor temperature (ASHRAE RP-1050, Guideline 14), chosen by BIC.

Consumption is a rate (per day) at the mean temperature of a period; periods weigh by their days. Models:

- 1P: base; 2P: base + slope · T (either sign);
- 3PH: base + heating · (H - T)⁺; 3PC: base + cooling · (T - C)⁺;
- 4P: base + heating · (B - T)⁺ + cooling · (T - B)⁺, one balance temperature;
- 5P: base + heating · (H - T)⁺ + cooling · (T - C)⁺, H ≤ C.

Heating and cooling slopes are not negative, so a model means what its name says.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Language, Refusal, say, write_number

Floats = NDArray[np.float64]
ChangePointModel = Literal["1P", "2P", "3PH", "3PC", "4P", "5P"]
CHANGE_POINT_MODELS: tuple[ChangePointModel, ...] = get_args(ChangePointModel)
LEAST_PERIODS = 9
# A change point needs so many periods on its sloping side, else one cold month draws a line of its own.
SIDE = 3
GRID = 60


@dataclass(frozen=True)
class ChangePointFit:
    """``coefficients`` are base and slopes, ``points`` the change points in °C; consumption is in units per day.

    ``gradient`` (:meth:`gradient_at`) is that of coefficients and points together, so that the uncertainty of a
    change point is part of what is predicted. ``rho`` is the correlation of neighbouring errors, corrected for its
    bias in short series; ``cv_rmse`` and ``r_squared`` as Guideline 14 defines them.
    """

    model: ChangePointModel
    coefficients: Floats
    points: Floats
    bic: float
    rss: float
    rho: float
    r_squared: float
    cv_rmse: float
    periods: int
    sigma: float
    covariance: Floats
    coldest: float
    warmest: float

    def told(self, language: Language) -> str:
        """The model in words, with its change points and the number of its periods."""
        points = "".join(f", {write_number(language, float(each), 1)} °C" for each in self.points)
        model = say(language, f"savings-model-{self.model.lower()}") + points
        return say(language, "savings-model-told", model=model, periods=self.periods)

    @property
    def count(self) -> int:
        """Parameters, change points among them."""
        return len(self.coefficients) + len(self.points)

    @property
    def effective(self) -> float:
        """n' = n (1 - ρ) / (1 + ρ), periods that are worth as much as independent ones."""
        return self.periods * (1 - self.rho) / (1 + self.rho)

    @property
    def freedom(self) -> float:
        return max(1.0, self.effective - self.count)

    def predict(self, temperature: Floats) -> Floats:
        """Consumption a day at ``temperature`` (°C)."""
        return design(self.model, temperature, self.points) @ self.coefficients

    def gradient_at(self, temperature: Floats) -> Floats:
        """Derivatives of the prediction by coefficients and change points, one row for each temperature."""
        linear = design(self.model, temperature, self.points)
        return np.column_stack([linear, *_by_points(self.model, temperature, self.points, self.coefficients)])


def design(model: ChangePointModel, temperature: Floats, points: Floats) -> Floats:
    """The columns that coefficients multiply."""
    one = np.ones_like(temperature)
    match model:
        case "1P":
            columns = [one]
        case "2P":
            columns = [one, temperature]
        case "3PH":
            columns = [one, np.maximum(points[0] - temperature, 0)]
        case "3PC":
            columns = [one, np.maximum(temperature - points[0], 0)]
        case "4P":
            columns = [one, np.maximum(points[0] - temperature, 0), np.maximum(temperature - points[0], 0)]
        case "5P":
            columns = [one, np.maximum(points[0] - temperature, 0), np.maximum(temperature - points[1], 0)]
    return np.column_stack(columns)


def _by_points(model: ChangePointModel, temperature: Floats, points: Floats, given: Floats) -> list[Floats]:
    match model:
        case "1P" | "2P":
            return []
        case "3PH":
            return [given[1] * (temperature < points[0])]
        case "3PC":
            return [-given[1] * (temperature > points[0])]
        case "4P":
            return [given[1] * (temperature < points[0]) - given[2] * (temperature > points[0])]
        case "5P":
            return [given[1] * (temperature < points[0]), -given[2] * (temperature > points[1])]


def fit_change_point(
    temperature: Sequence[float] | Floats,
    rate: Sequence[float] | Floats,
    days: Sequence[float] | Floats | None = None,
    *,
    models: Sequence[ChangePointModel] = CHANGE_POINT_MODELS,
) -> ChangePointFit:
    """The model of lowest BIC for ``rate`` (units a day) at mean ``temperature``, periods in time order.

    ``days`` are their lengths.
    Raises Refusal ``savings-too-few`` with fewer than 9 periods, ``savings-no-model`` when no allowed model fits.
    """
    cold, used = np.asarray(temperature, float), np.asarray(rate, float)
    weight = np.ones_like(cold) if days is None else np.asarray(days, float)
    if len(cold) < LEAST_PERIODS:
        raise Refusal("savings-too-few", received=str(len(cold)), expected=str(LEAST_PERIODS))
    weight = weight / weight.mean()
    found = [each for model in models if (each := _fit(model, cold, used, weight)) is not None]
    if not found:
        raise Refusal("savings-no-model", received=", ".join(models))
    return min(found, key=lambda each: (each.bic, each.count))


def _fit(model: ChangePointModel, cold: Floats, used: Floats, weight: Floats) -> ChangePointFit | None:
    best: tuple[float, Floats, Floats] | None = None
    for points in _candidates(model, cold):
        tried = _solve(model, cold, used, weight, points)
        if tried is not None and (best is None or tried[0] < best[0]):
            best = (*tried, points)
    if best is None:
        return None
    if len(best[2]):
        best = _refined(model, cold, used, weight, best)
    return _described(model, cold, used, weight, best)


def _candidates(model: ChangePointModel, cold: Floats) -> Iterator[Floats]:
    if model in {"1P", "2P"}:
        yield np.empty(0)
        return
    ordered = np.sort(cold)
    grid = np.linspace(ordered[SIDE - 1], ordered[-SIDE], GRID if model != "5P" else GRID // 3)
    if model == "5P":
        yield from (np.array([one, two]) for number, one in enumerate(grid) for two in grid[number + 1 :])
    else:
        yield from (np.array([one]) for one in grid)


def _solve(
    model: ChangePointModel, cold: Floats, used: Floats, weight: Floats, points: Floats
) -> tuple[float, Floats] | None:
    """Weighted sum of squares and coefficients at fixed change points; None where slopes have the wrong sign."""
    columns = design(model, cold, points)
    scaled = columns * weight[:, None]
    information = scaled.T @ columns
    try:
        given = np.asarray(np.linalg.solve(information, scaled.T @ used), np.float64)
    except np.linalg.LinAlgError:
        return None
    if model not in {"1P", "2P"} and np.any(given[1:] <= 0):
        return None
    return float((weight * (used - columns @ given) ** 2).sum()), given


Tried = tuple[float, Floats, Floats]


def _refined(model: ChangePointModel, cold: Floats, used: Floats, weight: Floats, best: Tried) -> Tried:
    """Change points moved in halving steps while that lowers the sum of squares, within where candidates lay."""
    ordered = np.sort(cold)
    low, high = ordered[SIDE - 1], ordered[-SIDE]
    step = (high - low) / 20
    while step > 1e-3:
        moved = False
        for number in range(len(best[2])):
            for sign in (-1, 1):
                points = best[2].copy()
                points[number] = np.clip(points[number] + sign * step, low, high)
                tried = _solve(model, cold, used, weight, points) if np.all(np.diff(points) >= 0) else None
                if tried is not None and tried[0] < best[0]:
                    best, moved = (*tried, points), True
        step = step if moved else step / 2
    return best


def _described(
    model: ChangePointModel, cold: Floats, used: Floats, weight: Floats, best: Tried
) -> ChangePointFit | None:
    rss, given, points = best
    count, periods = len(given) + len(points), len(cold)
    if periods <= count + 1:
        return None
    mean = float(np.average(used, weights=weight))
    whole = float((weight * (used - mean) ** 2).sum())
    errors = np.sqrt(weight) * (used - design(model, cold, points) @ given)
    rho = autocorrelation(errors, count)
    effective = periods * (1 - rho) / (1 + rho)
    # Correlated errors look smaller around their own regression than they are: divide by what is really free.
    sigma = float(np.sqrt(rss / max(1.0, min(periods - count, periods - count * periods / effective))))
    smallest = max(rss, 1e-18 * max(whole, mean**2, 1e-300))
    fit = ChangePointFit(
        model,
        given,
        points,
        float(periods * np.log(smallest / periods) + count * np.log(periods)),
        rss,
        rho,
        1 - rss / whole if whole > 0 else 0.0,
        float(np.sqrt(rss / (periods - count)) / abs(mean)) if mean else float("inf"),
        periods,
        sigma,
        np.zeros((count, count)),
        float(cold.min()),
        float(cold.max()),
    )
    gradient = fit.gradient_at(cold) * np.sqrt(weight)[:, None]
    inverse = np.linalg.pinv(gradient.T @ gradient)
    middle = gradient.T @ correlation(periods, rho) @ gradient
    return replace(fit, covariance=sigma**2 * inverse @ middle @ inverse)


def autocorrelation(errors: Floats, count: int) -> float:
    """Lag-one correlation of regression errors, corrected for its bias, between 0 and 0.95.

    A regression of ``count`` parameters on n points makes it too small by about (count + 3ρ)/n (Kendall's correction
    with more regressors). A negative one is taken as 0: it would promise more than the data hold.
    """
    whole = float((errors**2).sum())
    if whole <= 0:
        return 0.0
    raw = float((errors[1:] * errors[:-1]).sum()) / whole
    # A correction is only due where something is seen: pure noise of twelve months must not become correlated.
    seen = raw > 1.0 / np.sqrt(len(errors))
    corrected = (raw + count / len(errors)) / (1 - min(0.5, 3 / len(errors))) if seen else raw
    return float(np.clip(corrected, 0.0, 0.95))


def correlation(periods: int, rho: float) -> Floats:
    """The correlation matrix of a first-order autoregressive process."""
    place = np.arange(periods)
    return rho ** np.abs(place[:, None] - place[None, :]) if rho else np.eye(periods)
