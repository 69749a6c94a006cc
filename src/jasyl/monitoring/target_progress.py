"""Progress towards dated targets: where it stands, where the straight path would have it, when it would arrive."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

import sqlalchemy as sa

from jasyl.registry import programmes_and_targets

from .target_measures import Adopted, Observation, adopted_in, measure_of_targets, observations

TargetState = Literal[
    "reached",
    "met_later",
    "on_track",
    "behind",
    "missed",
    "wrong_way",
    "no_path",
    "no_value",
    "no_measure",
    "no_number",
]
TARGET_STATES: tuple[TargetState, ...] = get_args(TargetState)
FARTHEST = 100  # years: what would take longer is said to be not in sight


@dataclass(frozen=True)
class Projection:
    """A trend through the observed years: its value in the target year, with a 90 % interval where three years or more
    allow one, and the year in which it reaches the target (None: not in sight)."""

    at_target: float
    low: float | None
    high: float | None
    completion: float | None


@dataclass(frozen=True)
class Assessment:
    """``last`` is the newest observed year, ``path`` the straight line from base to target in that year, ``share`` the
    part of the way done. ``linear`` is a straight trend; ``fitted`` one that bends: logistic for a percentage, which
    cannot pass 100, else exponential."""

    state: TargetState
    last: int | None = None
    value: float | None = None
    path: float | None = None
    share: float | None = None
    linear: Projection | None = None
    fitted: Projection | None = None


def assess(
    target: float,
    target_year: int,
    observed: Mapping[int, float],
    base: tuple[int, float] | None = None,
    *,
    percent: bool = False,
) -> Assessment:
    """How ``observed`` values (by year) stand to ``target`` in ``target_year``, from ``base`` (year, value) if known.

    Reached is a value at or beyond the target up to its year. When only later years are known, and the first of them
    meets it, it was met, whether in time is not known; else it is missed. Before the target year, on track means at or
    beyond the straight path, or, without a base, a straight trend that arrives in time.
    """
    if not observed:
        return Assessment("no_value")
    points = dict(observed)
    if base is not None:
        points.setdefault(*base)
    years = sorted(points)
    last = max(observed)
    value = observed[last]
    start_year, start = base if base is not None else (years[0], points[years[0]])
    rising = target >= start
    linear = _trend(points, target, target_year, _straight) if len(points) > 1 else None
    bend = _logistic if percent else _exponential
    fitted = _trend(points, target, target_year, bend) if len(points) > 1 else None
    path = None
    if base is not None and target_year > start_year and len(points) > 1:
        path = start + (target - start) * min(1.0, (last - start_year) / (target_year - start_year))
    share = None if target == start or len(points) < 2 else (value - start) / (target - start)
    state = _state(observed, target, target_year, path, linear, rising=rising)
    if state == "behind" and share is not None and share < 0:
        state = "wrong_way"
    return Assessment(state, last, value, path, share, linear, fitted)


def _state(
    observed: Mapping[int, float], target: float, target_year: int, path: float | None, linear: Projection | None,
    *, rising: bool,
) -> TargetState:  # fmt: skip
    def meets(value: float, wanted: float) -> bool:
        return value >= wanted if rising else value <= wanted

    in_time = [year for year in observed if year <= target_year]
    last = max(observed)
    if in_time and meets(observed[max(in_time)], target):
        return "reached"
    if last >= target_year:
        later = observed[min(year for year in observed if year >= target_year)]
        unseen = target_year not in observed
        return "met_later" if unseen and meets(later, target) else "missed"
    if path is not None:
        return "on_track" if meets(observed[last], path) else "behind"
    if linear is None:
        return "no_path"
    return "on_track" if meets(linear.at_target, target) else "behind"


@dataclass(frozen=True)
class _Scale:
    """A change of scale on which a trend is straight, and which values lie on it."""

    there: Callable[[float], float]
    back: Callable[[float], float]
    holds: Callable[[float], bool]


_straight = _Scale(lambda value: value, lambda each: each, lambda _value: True)
_exponential = _Scale(math.log, lambda each: math.exp(min(each, 700.0)), lambda value: value > 0)
_logistic = _Scale(
    lambda value: math.log(value / (100 - value)),
    lambda each: 100 / (1 + math.exp(-min(max(each, -700.0), 700.0))),
    lambda value: 0 < value < 100,
)


def _trend(points: Mapping[int, float], target: float, target_year: int, scale: _Scale) -> Projection | None:
    """Least squares on the scale; None where a value does not lie on it."""
    if not all(scale.holds(value) for value in points.values()):
        return None
    years = [float(year) for year in points]
    values = [scale.there(value) for value in points.values()]
    n, mean_year, mean = len(years), sum(years) / len(years), sum(values) / len(values)
    spread = sum((year - mean_year) ** 2 for year in years)
    slope = sum((year - mean_year) * (value - mean) for year, value in zip(years, values, strict=True)) / spread
    at = mean + slope * (target_year - mean_year)
    low = high = None
    if n > 2:
        rss = sum((v - mean - slope * (y - mean_year)) ** 2 for y, v in zip(years, values, strict=True))
        error = math.sqrt(rss / (n - 2) * (1 + 1 / n + (target_year - mean_year) ** 2 / spread))
        reach = _t(n - 2) * error
        low, high = scale.back(at - reach), scale.back(at + reach)
    completion = None
    if slope and scale.holds(target):
        crossing = mean_year + (scale.there(target) - mean) / slope
        newest = max(years)
        completion = crossing if newest <= crossing <= newest + FARTHEST else None
    return Projection(scale.back(at), low, high, completion)


def _t(freedom: int) -> float:
    from scipy import stats  # noqa: PLC0415

    return float(stats.t.ppf(0.95, freedom))


@dataclass(frozen=True)
class TargetProgress:
    """A row of the programmes' targets, the measure that fits it (or None, and the ``note`` that says why, by
    language), its values and the assessment."""

    target: Mapping[Any, Any]
    measure: str | None
    note: Mapping[str, str]
    observed: Mapping[int, Observation]
    assessment: Assessment

    def as_data(self) -> dict[str, Any]:
        """For JSON: the target, its values with the facts behind them, and the assessment; in the target's unit."""
        row, found = self.target, self.assessment
        names = ("programme", "goal", "indicator", "region", "unit", "base_year", "target_year", "source", "confirmed")
        return {
            **{name: row[name] for name in names},
            "base_value": _plain(row["base_value"]),
            "target_value": _plain(row["target_value"]),
            "measure": self.measure,
            "note": self.note.get("en", ""),
            "values": [
                {"year": year, "value": each.value, "facts": list(each.facts)} for year, each in self.observed.items()
            ],
            "state": found.state,
            "last": found.last,
            "value": found.value,
            "path": found.path,
            "share": found.share,
            "linear": None if found.linear is None else vars(found.linear),
            "fitted": None if found.fitted is None else vars(found.fitted),
        }


def _plain(value: Any) -> float | None:
    return None if value is None else float(value)


def target_progress(connection: sa.Connection) -> list[TargetProgress]:
    """Every target with what is known about the way to it, in the order of programmes and years."""
    adopted = adopted_in(connection)
    return [_progress(connection, row, adopted) for row in programmes_and_targets(connection)]


def _progress(connection: sa.Connection, row: Mapping[Any, Any], adopted: Adopted) -> TargetProgress:
    measure, note = measure_of_targets().get((row["programme"], row["indicator"], row["region"]), (None, {}))
    if row["target_value"] is None or row["target_year"] is None:
        return TargetProgress(row, None, note, {}, Assessment("no_number"))
    if measure is None:
        return TargetProgress(row, None, note, {}, Assessment("no_measure"))
    seen = observations(connection, measure, row["region"], adopted)
    year, worth = row["base_year"], row["base_value"]
    base = None if year is None or worth is None else (int(year), float(worth))
    values = {year: each.value for year, each in seen.items() if base is None or year >= base[0]}
    found = assess(float(row["target_value"]), row["target_year"], values, base, percent=row["unit"] == "%")
    return TargetProgress(row, measure, note, seen, found)


def counted_states(rows: Sequence[TargetProgress]) -> dict[TargetState, int]:
    """How many targets stand in each state, in the order of states."""
    return {state: sum(each.assessment.state == state for each in rows) for state in TARGET_STATES}
