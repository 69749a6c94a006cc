"""Values against targets: shares, points and bands of data points, and scores of their groups.

Published by U4SSC (verification report of Kristiansund, 2020, page 12): 1 to 4 points by the share of the target
reached; the score of a group is the sum of points over four times the number of scored data points, and is put into
the same bands. What is not reported or has no benchmark is in neither sum. Everything else is a setting of ``Rules``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Literal, cast

from jasyl.texts import Refusal

from .benchmarks import Benchmark, Benchmarks, NoBenchmark
from .catalogue import Catalogue, DataPoint, Direction, Indicator
from .rules import STATUSES, Band, Rules, Status, band_of

GroupLevel = Literal["dimension", "subdimension", "category"]
Reason = Literal[
    "",
    "not_reported",
    "not_verified",
    "not_verifiable",
    "not_applicable",
    "partly",
    "no_value",
    "no_denominator",
    "not_yes_or_no",
    "no_benchmark",
    "report_only",
    "no_worst_value",
    "zero_value",
]
"""Why a data point has no points: its status where that is left out, or what the rules lack."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a city says to a data point. A quotient that can be formed is the value; ``value`` counts where it cannot.

    ``quality`` and ``origin`` are the codes of the city book. Yes is 1 and no is 0.
    """

    point: str
    numerator: Decimal | None = None
    denominator: Decimal | None = None
    value: Decimal | None = None
    status: Status = "reported"
    origin: str = ""
    quality: str = ""


@dataclass(frozen=True, slots=True)
class Scored:
    """A data point judged. ``value`` and ``share`` to 28 digits, judged exactly; ``share`` may exceed 1.

    ``points`` and ``band`` are None where ``reason`` says why; ``value`` stands even then, where there is one.
    ``why_none`` is what the table of benchmarks says of a data point that it has no target for.
    """

    point: str
    answer: Answer
    value: Decimal | None
    target: Decimal | None
    share: Decimal | None
    points: int | None
    band: Band | None
    reason: Reason
    benchmark: Benchmark | None = None
    why_none: NoBenchmark | None = None


@dataclass(frozen=True, slots=True)
class GroupScore:
    """A group: ``share`` is points / (4 × scored), None where nothing is scored; ``of`` counts its data points."""

    level: GroupLevel
    path: tuple[str, ...]
    points: int
    scored: int
    of: int
    share: Decimal | None
    band: Band | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """The result for one city and period, with all that was chosen to come to it. There is no score of a whole city:
    no report of U4SSC has one."""

    catalogue: str
    catalogue_version: str
    benchmark_version: str
    rules: Rules
    points: tuple[Scored, ...]
    groups: tuple[GroupScore, ...]

    def of(self, point: str) -> Scored:
        """Raises Refusal ``indicator-unknown-point``."""
        for scored in self.points:
            if scored.point == point:
                return scored
        raise Refusal("indicator-unknown-point", received=point, expected=self.catalogue)

    def group(self, *path: str) -> GroupScore:
        """Raises Refusal ``indicator-unknown-group``."""
        for group in self.groups:
            if group.path == path:
                return group
        raise Refusal("indicator-unknown-group", received=" / ".join(path), expected=self.catalogue)


def evaluate(
    catalogue: Catalogue, answers: Iterable[Answer], benchmarks: Benchmarks, rules: Rules | None = None
) -> Evaluation:
    """Every data point of the catalogue and every group of it; a point without an answer is not reported.

    Raises Refusal ``indicator-unknown-point``, ``indicator-two-answers``, ``indicator-benchmark``.
    """
    rules = rules or Rules()
    given = dict[str, Answer]()
    for answer in answers:
        if not catalogue.has(answer.point):
            raise Refusal("indicator-unknown-point", received=answer.point, expected=catalogue.id)
        if answer.point in given:
            raise Refusal("indicator-two-answers", received=answer.point)
        given[answer.point] = answer
    check_benchmarks(catalogue, benchmarks)
    scored = tuple(
        replace(
            score(point, given.get(point.id, Answer(point.id, status="not_reported")), benchmarks.get(point.id), rules),
            why_none=benchmarks.why_none(point.id),
        )
        for point in catalogue.points
    )
    return Evaluation(
        catalogue=catalogue.id,
        catalogue_version=catalogue.version,
        benchmark_version=benchmarks.version,
        rules=rules,
        points=scored,
        groups=tuple(_groups(catalogue, scored, rules)),
    )


def check_benchmarks(catalogue: Catalogue, benchmarks: Benchmarks) -> None:
    """Raises Refusal ``indicator-benchmark``: a target of zero or less where more or nearer is better, a worst value
    that is not above the target where less is better, an unknown data point (with a target or said to have none)."""
    for one in benchmarks.none:
        catalogue.point(one.point)
    for row in benchmarks:
        point = catalogue.point(row.point)
        direction = row.direction or point.direction
        if direction in ("higher", "target") and row.target <= 0 and not point.is_yes_no:
            raise Refusal("indicator-benchmark", received=f"{row.point}: {row.target}", expected="target > 0")
        if direction == "lower" and row.target < 0:
            raise Refusal("indicator-benchmark", received=f"{row.point}: {row.target}", expected="target ≥ 0")
        if direction == "lower" and row.worst is not None and row.worst <= row.target:
            raise Refusal("indicator-benchmark", received=f"{row.point}: {row.worst}", expected=f"> {row.target}")


def value_of(point: DataPoint, answer: Answer) -> Fraction | None:
    """The exact value: numerator over denominator times multiplier, else the value as it was given."""
    if answer.numerator is not None:
        if not point.has_denominator:
            return Fraction(answer.numerator) * Fraction(point.multiplier)
        if answer.denominator:
            return Fraction(answer.numerator) / Fraction(answer.denominator) * Fraction(point.multiplier)
    return None if answer.value is None else Fraction(answer.value)


def score(point: DataPoint, answer: Answer, benchmark: Benchmark | None, rules: Rules) -> Scored:
    """One data point judged."""
    exact = value_of(point, answer)
    if exact is not None and rules.rounding is not None:
        exact = Fraction(_decimal(exact).quantize(Decimal(1).scaleb(-rules.rounding), ROUND_HALF_UP))
    share, reason = _share(point, answer, exact, benchmark, rules)
    points = None
    if not reason and point.is_yes_no:
        points = rules.yes_no[0] if exact else rules.yes_no[1]
    elif share is not None:
        points = rules.points_of(share)
    return Scored(
        point=point.id,
        answer=answer,
        value=None if exact is None else _decimal(exact),
        target=benchmark.target if benchmark else None,
        share=None if share is None else _decimal(share),
        points=points,
        band=None if points is None else band_of(points),
        reason=reason,
        benchmark=benchmark,
    )


def _share(
    point: DataPoint, answer: Answer, value: Fraction | None, benchmark: Benchmark | None, rules: Rules
) -> tuple[Fraction | None, Reason]:
    """The share of the target reached, or why there is none. Of yes/no points the share is 1 or 0."""
    if answer.status not in STATUSES:
        raise Refusal("indicator-status", received=str(answer.status), expected=", ".join(STATUSES))
    direction = benchmark.direction if benchmark and benchmark.direction else point.direction
    reason: Reason = ""
    if answer.status not in rules.scored:
        reason = cast(Reason, answer.status)
    elif value is None:
        reason = "no_denominator" if answer.numerator is not None else "no_value"
    elif point.is_yes_no and value not in (0, 1):
        reason = "not_yes_or_no"
    elif direction == "report":
        reason = "report_only"
    elif benchmark is None:
        reason = "no_benchmark"
    elif point.is_yes_no:
        return value, ""
    else:
        return _of_target(value, benchmark, direction, rules)
    return None, reason


def _of_target(
    value: Fraction, benchmark: Benchmark, direction: Direction, rules: Rules
) -> tuple[Fraction | None, Reason]:
    target = Fraction(benchmark.target)
    match direction:
        case "lower":
            return _lower(value, target, benchmark, rules)
        case "target":
            return _nearness(value, target, rules), ""
        case _:
            return value / target, ""


def _nearness(value: Fraction, target: Fraction, rules: Rules) -> Fraction:
    if rules.target == "distance":
        return max(Fraction(0), 1 - abs(value - target) / abs(target))
    return Fraction(0) if value <= 0 else min(value, target) / max(value, target)


def _lower(value: Fraction, target: Fraction, benchmark: Benchmark, rules: Rules) -> tuple[Fraction | None, Reason]:
    if rules.lower_is_better == "linear":
        if benchmark.worst is None:
            return None, "no_worst_value"
        worst = Fraction(benchmark.worst)
        return max(Fraction(0), (worst - value) / (worst - target)), ""
    if value > 0:
        return target / value, ""
    # A ratio to zero, or to less than zero, cannot be formed; both are at or below every target there may be.
    return (None, "zero_value") if rules.zero == "unscored" else (Fraction(1), "")


def _groups(catalogue: Catalogue, scored: Iterable[Scored], rules: Rules) -> Iterator[GroupScore]:
    sums = dict[tuple[GroupLevel, tuple[str, ...]], list[int]]()
    for one in scored:
        for key in group_keys(catalogue.indicator_of(one.point), rules):
            held = sums.setdefault(key, [0, 0, 0])
            held[2] += 1
            if one.points is not None:
                held[0] += one.points
                held[1] += 1
    for (level, path), (points, count, of) in sums.items():
        share = Fraction(points, 4 * count) if count else None
        yield GroupScore(
            level=level,
            path=path,
            points=points,
            scored=count,
            of=of,
            share=None if share is None else _decimal(share),
            band=None if share is None else band_of(rules.points_of(share)),
        )


def group_keys(indicator: Indicator, rules: Rules) -> Iterator[tuple[GroupLevel, tuple[str, ...]]]:
    """The groups an indicator stands in: dimension, sub-dimension, category."""
    if not indicator.dimension:
        return
    yield "dimension", (indicator.dimension,)
    within: tuple[str, ...] = (indicator.dimension,)
    if indicator.subdimension:
        yield "subdimension", (indicator.dimension, indicator.subdimension)
        if rules.category_within == "subdimension":
            within = (indicator.dimension, indicator.subdimension)
    if indicator.category:
        yield "category", (*within, indicator.category)


def _decimal(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / Decimal(exact.denominator)
