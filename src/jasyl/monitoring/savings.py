"""Savings of an efficiency project by comparison of before and after at equal weather (IPMVP option C).

What was used before is regressed on outdoor temperature; the model says what would have been used after without the
project. Saving = said − metered. Its standard error holds that of the model (change points among it) and that of the
sum of errors in the reporting period, both with the correlation of neighbouring errors.
"""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .change_point import ChangePointFit, correlation, fit_change_point

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Consumption:
    """Metered periods in time order: ``amount`` in base units, ``days`` of each, mean outdoor ``temperature`` in °C."""

    amount: Floats
    days: Floats
    temperature: Floats

    def __post_init__(self) -> None:
        if not len(self.amount) == len(self.days) == len(self.temperature):
            raise ValueError("amount, days and temperature must have one length")

    @property
    def rate(self) -> Floats:
        """Units a day."""
        return self.amount / self.days


CheckName = Literal["baseline-length", "cv-rmse", "r-squared", "temperature-range", "autocorrelation", "significance"]


@dataclass(frozen=True)
class Adequacy:
    """One named check: what was found, what is asked for, and whether it holds."""

    name: CheckName
    found: float
    wanted: float
    holds: bool


@dataclass(frozen=True)
class Savings:
    """``avoided`` use over the reporting period in base units with the ends of its interval at ``level``.

    ``adjusted`` is what the baseline says would have been used, ``metered`` what was. ``fraction`` = avoided over
    adjusted. ``guideline_14`` is the fractional uncertainty by the simplified formula of ASHRAE Guideline 14 at the
    same level, a cross-check; ``fractional_uncertainty`` ours (half the interval over the saving).
    """

    baseline: ChangePointFit
    adjusted: float
    metered: float
    avoided: float
    low: float
    high: float
    level: float
    fraction: float
    fractional_uncertainty: float
    guideline_14: float
    checks: tuple[Adequacy, ...]

    @property
    def adequate(self) -> bool:
        return all(each.holds for each in self.checks)

    def as_data(self) -> dict[str, Any]:
        """For JSON, amounts in base units; an uncertainty without bound is null."""
        fit = self.baseline
        return {
            "model": fit.model,
            "coefficients": fit.coefficients.tolist(),
            "change_points": fit.points.tolist(),
            "r_squared": fit.r_squared,
            "cv_rmse": fit.cv_rmse,
            "autocorrelation": fit.rho,
            "adjusted": self.adjusted,
            "metered": self.metered,
            "avoided": self.avoided,
            "low": self.low,
            "high": self.high,
            "level": self.level,
            "fraction": self.fraction,
            "fractional_uncertainty": _finite(self.fractional_uncertainty),
            "guideline_14": _finite(self.guideline_14),
            "adequate": self.adequate,
            "checks": [{**vars(each), "found": _finite(each.found)} for each in self.checks],
        }


def measured_savings(before: Consumption, after: Consumption, *, level: float = 0.9) -> Savings:
    """Avoided use of ``after`` against the model of ``before``; negative when more was used.

    Raises Refusal ``savings-too-few``, ``savings-no-model``, ``savings-nothing-after``.
    """
    if not len(after.amount):
        raise Refusal("savings-nothing-after")
    fit = fit_change_point(before.temperature, before.rate, before.days)
    adjusted = float(fit.predict(after.temperature) @ after.days)
    metered = float(after.amount.sum())
    gradient = after.days @ fit.gradient_at(after.temperature)
    mean_days = float(before.days.mean())
    spread = np.sqrt(after.days * mean_days)  # an error of a day's mean over n days shrinks like 1/√n
    noise = float(spread @ correlation(len(after.days), fit.rho) @ spread) * fit.sigma**2
    error = float(np.sqrt(gradient @ fit.covariance @ gradient + noise))
    reach = _t(level, fit.freedom) * error
    avoided = adjusted - metered
    relative = reach / abs(avoided) if avoided else float("inf")
    fraction = avoided / adjusted if adjusted else 0.0
    formula = guideline_14_uncertainty(fit, len(after.days), fraction, level)
    checks = _checks(fit, before, after, relative)
    return Savings(
        fit, adjusted, metered, avoided, avoided - reach, avoided + reach, level, fraction, relative, formula, checks
    )


def guideline_14_uncertainty(fit: ChangePointFit, periods: int, fraction: float, level: float = 0.9) -> float:
    """ΔE/E = t · 1.26 · CV(RMSE)/F · √((n/n')(1 + 2/n')/m), the simplified formula for correlated errors.

    n' = n (1 - ρ)/(1 + ρ); m periods after, F the fraction saved (ASHRAE Guideline 14, annex on uncertainty; Reddy
    and Claridge 2000). Infinite where nothing was saved.
    """
    if fraction == 0:
        return float("inf")
    effective = fit.effective
    root = np.sqrt(fit.periods / effective * (1 + 2 / effective) / periods)
    return float(_t(level, fit.freedom) * 1.26 * fit.cv_rmse / abs(fraction) * root)


@dataclass(frozen=True)
class NormalisedSavings:
    """Use of a typical year by the models of before and after, and the difference with its interval."""

    before: float
    after: float
    saved: float
    low: float
    high: float
    level: float


def normalised_savings(
    before: Consumption, after: Consumption, typical: Floats, days: Floats, *, level: float = 0.9
) -> NormalisedSavings:
    """Savings at the weather of a typical year: both sides are modelled, so both need enough periods.

    ``typical`` are mean temperatures of periods of ``days`` days. The interval is that of the expected saving, without
    the chance of one year.
    """
    then = fit_change_point(before.temperature, before.rate, before.days)
    now = fit_change_point(after.temperature, after.rate, after.days)
    used = [float(fit.predict(typical) @ days) for fit in (then, now)]
    parts = [days @ fit.gradient_at(typical) for fit in (then, now)]
    variances = [float(part @ fit.covariance @ part) for part, fit in zip(parts, (then, now), strict=True)]
    whole = sum(variances)
    weights = sum(each**2 / fit.freedom for each, fit in zip(variances, (then, now), strict=True))
    freedom = whole**2 / weights if weights else then.freedom + now.freedom  # Welch–Satterthwaite
    reach = _t(level, freedom) * float(np.sqrt(whole))
    saved = used[0] - used[1]
    return NormalisedSavings(used[0], used[1], saved, saved - reach, saved + reach, level)


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _t(level: float, freedom: float) -> float:
    from scipy import stats  # noqa: PLC0415

    return float(stats.t.ppf((1 + level) / 2, freedom))


def _checks(fit: ChangePointFit, before: Consumption, after: Consumption, relative: float) -> tuple[Adequacy, ...]:
    """Named checks: CV(RMSE) and span by Guideline 14, R² by IPMVP, temperatures within a tenth of the baseline's."""
    year = float(before.days.sum())
    months = float(after.days.sum()) / 30.4
    widest = 0.20 if months < 12 else 0.25 if months <= 60 else 0.30
    room = 0.1 * (fit.warmest - fit.coldest)
    beyond = max(fit.coldest - float(after.temperature.min()), float(after.temperature.max()) - fit.warmest, 0.0)
    found: list[Adequacy] = [
        Adequacy("baseline-length", year, 330.0, year >= 330),
        Adequacy("cv-rmse", fit.cv_rmse, widest, fit.cv_rmse <= widest),
        Adequacy("temperature-range", beyond, room, beyond <= room),
        Adequacy("autocorrelation", fit.rho, 0.7, fit.rho <= 0.7),
        Adequacy("significance", relative, 0.5, relative <= 0.5),
    ]
    if fit.model != "1P":  # a use that does not depend on temperature has no R² to show
        found.insert(2, Adequacy("r-squared", fit.r_squared, 0.75, fit.r_squared >= 0.75))
    return tuple(found)
