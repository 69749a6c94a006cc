"""Every curve for one history of additions, each with its forecast and back-test or the reason why there is none."""

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from jasyl.quantities import LOCAL_TIME
from jasyl.texts import Language, Refusal, say, write_number

from .backtest import Backtest, backtest
from .diffusion import MODELS, DiffusionFit, Forecast, Interval, Model, fit_diffusion, forecast
from .dynamics_row import DynamicsRow

# Older years say little of today's law of growth: hydropower of 1928 does not forecast that of next year.
LONGEST_HISTORY = 30


@dataclass(frozen=True)
class Curve:
    """One model: what was found, or the refusals that say why not."""

    model: Model
    fit: DiffusionFit | None
    forecast: Forecast | None
    backtest: Backtest | None
    refusals: tuple[Refusal, ...]

    def verdict(self, language: Language) -> str:
        """Whether the curve beat the naive forecasts, in a sentence."""
        if self.backtest is None or self.backtest.ratio is None:
            return say(language, "backtest-none")
        ratio = write_number(language, self.backtest.ratio, 2)
        name = "backtest-wins" if self.backtest.wins else "backtest-loses"
        return say(language, name, ratio=ratio, forecasts=self.backtest.forecasts)

    def as_data(self, language: Language) -> dict[str, Any]:
        """For JSON: parameters with intervals, forecast, back-test, refusals; in base units. An open end is null."""
        fit, ahead = self.fit, self.forecast
        tested = None if self.backtest is None else {**vars(self.backtest), "wins": self.backtest.wins}
        return {
            "model": self.model,
            "parameters": None if fit is None else {name: _ends(each) for name, each in fit.parameters.items()},
            "level": None if fit is None else fit.level,
            "r_squared": None if fit is None else fit.r_squared,
            "forecast": None if ahead is None else list(rows_of_forecast(ahead)),
            "backtest": tested and {**tested, "ratio": self.backtest.ratio if self.backtest else None},
            "refused": [each.as_data(language) for each in self.refusals],
        }


def rows_of_forecast(ahead: Forecast) -> Iterator[dict[str, float | int]]:
    """Year, value and ends of the interval."""
    for year, value, low, high in zip(ahead.years, ahead.value, ahead.low, ahead.high, strict=True):
        yield {"year": year, "value": float(value), "low": float(low), "high": float(high)}


def month_of(moment: float) -> str:
    """The month, ``2021-05``, of a moment in years (2021.4); an endless one as the sign for it."""
    if not math.isfinite(moment):
        return "∞" if moment > 0 else "−∞"
    year, month = divmod(math.floor(moment * 12), 12)
    return f"{year}-{month + 1:02}"


def _ends(each: Interval) -> dict[str, float | None]:
    return {name: value if math.isfinite(value) else None for name, value in vars(each).items()}


@dataclass(frozen=True)
class History:
    """Additions of whole years from ``first``, and what stood at the end of the last of them (closures off)."""

    first: int
    additions: tuple[float, ...]
    standing: float

    @property
    def last(self) -> int:
        return self.first + len(self.additions) - 1


def last_whole_year() -> int:
    """The last calendar year whose additions are all there."""
    return dt.datetime.now(LOCAL_TIME).year - 1


def history(rows: Sequence[DynamicsRow], measure: str, until: int) -> History:
    """Additions of ``measure`` (``facilities``, ``enterprises`` or ``capacity``) from the first year with any to
    ``until``, at most the last 30; ``rows`` are those of one group in order of years. The year under way is left out:
    its additions are not a year's.
    """
    added = {"facilities": "new", "enterprises": "new_enterprises", "capacity": "new_capacity"}[measure]
    stands = {"facilities": "cumulative", "enterprises": "enterprises", "capacity": "capacity"}[measure]
    whole = [row for row in rows if until - LONGEST_HISTORY < row.year <= until]
    begun = [number for number, row in enumerate(whole) if getattr(row, added)]
    if not begun:
        return History(until, (), 0.0)
    kept = whole[begun[0] :]
    return History(kept[0].year, tuple(float(getattr(row, added)) for row in kept), float(getattr(kept[-1], stands)))


@lru_cache(maxsize=256)
def curves(known: History, years: int, *, level: float = 0.9) -> tuple[Curve, ...]:
    """The three models in turn, for ``years`` years ahead. Kept: the same history gives the same curves."""
    found: list[Curve] = []
    for model in MODELS:
        fit, ahead, tested = None, None, None
        refusals: list[Refusal] = []
        try:
            fit = fit_diffusion(model, known.first, known.additions, level=level)
            ahead = forecast(fit, known.standing, years, level=level)
        except Refusal as refusal:
            refusals.append(refusal)
        try:
            tested = backtest(model, known.additions)
        except Refusal as refusal:
            refusals.append(refusal)
        found.append(Curve(model, fit, ahead, tested, tuple(refusals)))
    return tuple(found)


def best_curve(found: Sequence[Curve]) -> Curve | None:
    """The curve with the smallest error in the back-test among those that beat the naive forecasts, or None."""
    won = [each for each in found if each.fit is not None and each.backtest is not None and each.backtest.wins]
    return min(won, key=lambda each: each.backtest.error if each.backtest else 0.0) if won else None
