"""Where a value stands to its target, and when a trend would bring it there, said only as far as it can be known."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from .benchmarks import Benchmark
from .catalogue import Direction

OutlookState = Literal["reached", "approaching", "receding", "not_projectable", "no_value"]
NotProjectable = Literal["", "few_years", "no_trend", "far"]
# A year that a trend reaches later than this after the newest value is no projection of anything.
FARTHEST = 50
_LEAST_YEARS = 3


@dataclass(frozen=True, slots=True)
class Outlook:
    """``distance`` is target minus value in the unit of the value, positive where more is still missing in the
    direction that is better. ``slope`` is the change in a year of a straight trend. ``completion`` is the year (with
    its fraction) in which the trend reaches the target; ``earliest`` and ``latest`` bound it with 90 %: the years in
    which the edges of the prediction interval reach it. ``reason`` says why nothing is projected.
    """

    state: OutlookState
    last: int | None = None
    value: float | None = None
    target: float | None = None
    distance: float | None = None
    slope: float | None = None
    completion: float | None = None
    earliest: float | None = None
    latest: float | None = None
    reason: NotProjectable = ""

    def as_data(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


def outlook(values: Mapping[int, float], benchmark: Benchmark, direction: Direction) -> Outlook:
    """Values by year against a target. Nothing is projected from fewer than three years, nor where the trend cannot be
    told from none with 90 %, nor beyond fifty years; a trend away from the target is receding.

    Where nearer is better the target is approached from the side of the newest value. Straight trends only: a share
    near 100 slows down before it arrives, so that ``latest`` is the end to believe.
    """
    target = float(benchmark.target)
    if not values:
        return Outlook("no_value", target=target)
    direction = benchmark.direction or direction
    last = max(values)
    value = float(values[last])
    rises = direction == "higher" or (direction == "target" and value < target)
    distance = target - value if rises else value - target
    fitted = _Line.through(values)
    slope = fitted.slope if fitted else None
    if distance <= 0:
        return Outlook("reached", last, value, target, distance, slope)
    if fitted is None:
        return Outlook("not_projectable", last, value, target, distance, slope, reason="few_years")
    if not fitted.is_told:
        return Outlook("not_projectable", last, value, target, distance, slope, reason="no_trend")
    if (fitted.slope > 0) != rises:
        return Outlook("receding", last, value, target, distance, slope)
    early, middle, late = fitted.reaches(target)
    if middle > last + FARTHEST:
        return Outlook("not_projectable", last, value, target, distance, slope, reason="far")
    # A trend that says "already" is contradicted by the newest value; what is left of the interval begins there.
    return Outlook("approaching", last, value, target, distance, slope, max(middle, last), max(early, last), late)


@dataclass(frozen=True, slots=True)
class _Line:
    """Least squares: ``mean`` at ``year``, the residual variance times the squared t quantile, and its geometry."""

    year: float
    mean: float
    slope: float
    reach: float
    spread: float
    count: int

    @classmethod
    def through(cls, values: Mapping[int, float]) -> "_Line | None":
        if len(values) < _LEAST_YEARS:
            return None
        from scipy import stats  # noqa: PLC0415

        count = len(values)
        year, mean = sum(values) / count, sum(map(float, values.values())) / count
        spread = sum((each - year) ** 2 for each in values)
        slope = sum((each - year) * (float(value) - mean) for each, value in values.items()) / spread
        rest = sum((float(value) - mean - slope * (each - year)) ** 2 for each, value in values.items())
        quantile = float(stats.t.ppf(0.95, count - 2))
        return cls(year, mean, slope, quantile**2 * rest / (count - 2), spread, count)

    @property
    def is_told(self) -> bool:
        """Whether the interval of the slope leaves out zero."""
        return self.slope**2 > self.reach / self.spread

    def reaches(self, target: float) -> tuple[float, float, float]:
        """The years at which the prediction interval and the line reach ``target`` (Fieller's quadratic)."""
        below = self.mean - target
        a = self.slope**2 - self.reach / self.spread
        b = self.slope * below
        c = below**2 - self.reach * (1 + 1 / self.count)
        # The line itself reaches the target where below + slope × years is zero, so that the roots are real.
        root = math.sqrt(max(b * b - a * c, 0.0))
        return self.year + (-b - root) / a, self.year - below / self.slope, self.year + (-b + root) / a
