"""The same evaluation over many cities and years at once, as arrays: one row a city-year, one column a data point."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .benchmarks import Benchmarks
from .catalogue import Catalogue
from .evaluation import Answer, GroupLevel, check_benchmarks, group_keys, score
from .rules import STATUSES, Rules

Floats = NDArray[np.float64]
Points = NDArray[np.int8]
# Shares this near to an edge are judged anew in exact arithmetic; floats are wrong by less than a millionth of this.
_NEAR = 1e-9


@dataclass(frozen=True)
class ManyAnswers:
    """Arrays of n city-years by the data points of a catalogue, in its order. NaN is missing, never zero.

    ``status`` holds indices into ``STATUSES``; where it is None, what has a value is reported.
    """

    numerator: Floats
    denominator: Floats
    value: Floats
    status: NDArray[np.int8] | None = None


@dataclass(frozen=True)
class ManyScores:
    """``points`` is 1 to 4, 0 where a data point is left out; ``share`` and ``value`` NaN where there is none.

    Groups stand in the order of ``groups``; ``group_share`` is NaN and ``group_band`` 0 where nothing is scored, else
    1 for ``0-33`` to 4 for ``95+``.
    """

    value: Floats
    share: Floats
    points: Points
    groups: tuple[tuple[GroupLevel, tuple[str, ...]], ...]
    group_points: NDArray[np.int64]
    group_scored: NDArray[np.int64]
    group_share: Floats
    group_band: Points


def evaluate_many(
    catalogue: Catalogue, answers: ManyAnswers, benchmarks: Benchmarks, rules: Rules | None = None
) -> ManyScores:
    """What ``evaluate`` gives for each row, the number of a float being its shortest decimal.

    Raises Refusal ``indicator-shape``, ``indicator-benchmark``, ``indicator-unknown-point``.
    """
    rules = rules or Rules()
    check_benchmarks(catalogue, benchmarks)
    known = tuple(catalogue.points)
    shape = answers.value.shape
    if len(shape) != 2 or shape[1] != len(known) or {answers.numerator.shape, answers.denominator.shape} != {shape}:
        raise Refusal("indicator-shape", received=str(shape), expected=f"(n, {len(known)})")
    value, share = np.full(shape, np.nan), np.full(shape, np.nan)
    points = np.zeros(shape, np.int8)
    taken = _scored(answers, rules)
    for column, point in enumerate(known):
        with np.errstate(all="ignore"):
            given = (answers.numerator[:, column], answers.denominator[:, column], answers.value[:, column])
            value[:, column] = _values(*given, float(point.multiplier), point.has_denominator)
        _judge_column(_Column(catalogue, benchmarks, rules, column, given), value, share, points, taken[:, column])
    return _with_groups(catalogue, rules, value, share, points)


@dataclass(frozen=True)
class _Column:
    catalogue: Catalogue
    benchmarks: Benchmarks
    rules: Rules
    column: int
    given: tuple[Floats, Floats, Floats]


def _scored(answers: ManyAnswers, rules: Rules) -> NDArray[np.bool_]:
    if answers.status is None:
        return np.ones(answers.value.shape, np.bool_)
    if answers.status.shape != answers.value.shape:
        raise Refusal("indicator-shape", received=str(answers.status.shape), expected=str(answers.value.shape))
    return np.isin(answers.status, [STATUSES.index(status) for status in rules.scored])


def _values(numerator: Floats, denominator: Floats, value: Floats, multiplier: float, divided: bool) -> Floats:
    quotient = numerator * multiplier
    if divided:
        quotient = np.where(denominator != 0, quotient / denominator, np.nan)
    return np.where(np.isnan(quotient), value, quotient)


def _judge_column(at: _Column, value: Floats, share: Floats, points: Points, taken: NDArray[np.bool_]) -> None:
    """Fills the column of ``share`` and ``points``. Rows that floats cannot tell apart are judged exactly."""
    point = tuple(at.catalogue.points)[at.column]
    benchmark, rules = at.benchmarks.get(point.id), at.rules
    direction = benchmark.direction if benchmark and benchmark.direction else point.direction
    if benchmark is None or direction == "report":
        return
    numbers = value[:, at.column]
    doubtful = np.zeros(len(numbers), np.bool_)
    if rules.rounding is not None:
        numbers, doubtful = _rounded(numbers, rules.rounding)
    with np.errstate(all="ignore"):
        if point.is_yes_no:
            shares = np.where((numbers == 0) | (numbers == 1), numbers, np.nan)
            made = np.where(shares == 1, rules.yes_no[0], rules.yes_no[1])
        else:
            worst = None if benchmark.worst is None else float(benchmark.worst)
            shares = _shares(numbers, float(benchmark.target), worst, direction, rules)
            edges = np.array([float(edge) for edge in rules.edges])
            doubtful |= (np.abs(shares[:, None] - edges) < _NEAR * (1 + np.abs(shares[:, None]))).any(axis=1)
            side = "right" if rules.edge_inclusive == "upper" else "left"
            made = 1 + np.searchsorted(edges, shares, side=side)
    told = taken & ~np.isnan(shares)
    share[:, at.column] = np.where(told, shares, np.nan)
    points[:, at.column] = np.where(told, made, 0)
    value[:, at.column] = numbers
    _judge_exactly(at, np.flatnonzero(doubtful & taken), share, points)


def _rounded(numbers: Floats, digits: int) -> tuple[Floats, NDArray[np.bool_]]:
    """Half away from zero, as decimals round half up; and which numbers lie too near to a half to trust a float."""
    scaled = numbers * 10.0**digits
    size = np.abs(scaled)
    near = np.abs(size - np.floor(size) - 0.5) < _NEAR * (1 + size)
    return np.sign(scaled) * np.floor(size + 0.5) / 10.0**digits, near


def _shares(numbers: Floats, target: float, worst: float | None, direction: str, rules: Rules) -> Floats:
    if direction == "higher":
        return numbers / target
    if direction == "target":
        if rules.target == "distance":
            return np.maximum(0.0, 1 - np.abs(numbers - target) / abs(target))
        nearness = np.minimum(numbers, target) / np.maximum(numbers, target)
        return np.where(numbers <= 0, 0.0, nearness)
    if rules.lower_is_better == "linear":
        return np.full_like(numbers, np.nan) if worst is None else np.maximum(0, (worst - numbers) / (worst - target))
    beyond = 1.0 if rules.zero == "full" else np.nan
    return np.where(numbers <= 0, beyond, target / numbers)


def _judge_exactly(at: _Column, rows: NDArray[np.intp], share: Floats, points: Points) -> None:
    point = tuple(at.catalogue.points)[at.column]
    benchmark = at.benchmarks.get(point.id)
    seen = dict[tuple[str, ...], tuple[float, int]]()
    for row in rows.tolist():
        key = tuple(repr(float(cells[row])) for cells in at.given)
        if key not in seen:
            numerator, denominator, value = (None if cell == "nan" else Decimal(cell) for cell in key)
            made = score(point, Answer(point.id, numerator, denominator, value), benchmark, at.rules)
            seen[key] = (np.nan if made.share is None else float(made.share), made.points or 0)
        share[row, at.column], points[row, at.column] = seen[key]


def _with_groups(catalogue: Catalogue, rules: Rules, value: Floats, share: Floats, points: Points) -> ManyScores:
    members = dict[tuple[GroupLevel, tuple[str, ...]], list[int]]()
    for column, point in enumerate(catalogue.points):
        for key in group_keys(catalogue.indicator_of(point.id), rules):
            members.setdefault(key, []).append(column)
    # One multiplication by a matrix of membership sums every group of every row.
    belongs = np.zeros((points.shape[1], len(members)))
    for group, columns in enumerate(members.values()):
        belongs[columns, group] = 1
    sums = (points.astype(np.float64) @ belongs).astype(np.int64)
    counts = ((points > 0).astype(np.float64) @ belongs).astype(np.int64)
    with np.errstate(invalid="ignore"):
        shares = np.where(counts > 0, sums / (4 * counts), np.nan)
    return ManyScores(
        value=value,
        share=share,
        points=points,
        groups=tuple(members),
        group_points=sums,
        group_scored=counts,
        group_share=shares,
        group_band=_bands(sums, counts, rules),
    )


def _bands(sums: NDArray[np.int64], counts: NDArray[np.int64], rules: Rules) -> Points:
    """In whole numbers: the sum of points against the edge times four times the count."""
    bands = np.zeros(sums.shape, np.int8)
    edges: Sequence[Fraction] = [Fraction(edge) for edge in rules.edges]
    for edge in edges:
        reached, asked = sums * edge.denominator, edge.numerator * 4 * counts
        bands += (reached >= asked if rules.edge_inclusive == "upper" else reached > asked).astype(np.int8)
    return np.where(counts > 0, bands + 1, 0).astype(np.int8)
