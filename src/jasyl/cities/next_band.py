"""What moves a city up a band: for each data point the value at which its next band begins."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from jasyl.indicators import BANDS, Band, Catalogue, Evaluation, Rules, Scored

_DIGITS = 12


@dataclass(frozen=True)
class Step:
    """A data point below the highest band and what its next band takes.

    ``needed`` is the value at which the next band begins (1 for a yes), ``change`` how far it is from the present
    value, ``relative`` the size of that change over the present value (None where that is zero). ``gain`` is by how
    much the score of its category rises, as a share. What it costs is for the city to say.
    """

    point: str
    value: Decimal
    needed: Decimal
    change: Decimal
    relative: Decimal | None
    band: Band
    next_band: Band
    gain: Decimal


def next_bands(catalogue: Catalogue, evaluation: Evaluation) -> list[Step]:
    """Every scored data point that can rise, the smallest relative change first; those without one come last.

    The edges, and the rules for values of which less is better, are those of the evaluation. A value exactly on an
    edge belongs to the band that the rules say, so ``needed`` is then beyond the edge by the last digit kept.
    """
    found = [step for scored in evaluation.points if (step := _step(catalogue, evaluation, scored)) is not None]
    return sorted(found, key=lambda one: (one.relative is None, abs(one.relative or 0), one.point))


def _step(catalogue: Catalogue, evaluation: Evaluation, scored: Scored) -> Step | None:
    points, value, benchmark = scored.points, scored.value, scored.benchmark
    if points is None or points == 4 or value is None or benchmark is None or scored.band is None:
        return None
    point = catalogue.point(scored.point)
    rules = evaluation.rules
    if point.is_yes_no:
        needed, reached = (Decimal(1), rules.yes_no[0]) if value == 0 else (value, points)
    else:
        needed = _needed(scored, benchmark.direction or point.direction, rules.edges[points - 1], rules)
        reached = points + 1
    if reached <= points:
        return None
    scored_of_category = _scored_of_category(catalogue, evaluation, scored)
    return Step(
        point=scored.point,
        value=value,
        needed=needed,
        change=needed - value,
        relative=None if value == 0 else (needed - value) / value,
        band=scored.band,
        next_band=BANDS[reached - 1],
        gain=Decimal(reached - points) / (4 * scored_of_category),
    )


def _needed(scored: Scored, direction: str, edge: Decimal, rules: Rules) -> Decimal:
    """The value whose share of the target is ``edge``, rounded away from the present value."""
    assert scored.value is not None
    assert scored.benchmark is not None
    target, worst = scored.benchmark.target, scored.benchmark.worst
    if direction == "lower" and rules.lower_is_better == "linear" and worst is not None:
        found = worst - edge * (worst - target)
    elif direction == "lower":
        found = target / edge
    elif direction == "target" and rules.target == "distance":
        found = target - (1 - edge) * abs(target) * (1 if scored.value < target else -1)
    elif direction == "target" and scored.value > target:
        found = target / edge
    else:
        found = target * edge
    return _beyond(found, upwards=found > scored.value, strictly=rules.edge_inclusive == "lower")


def _beyond(value: Decimal, *, upwards: bool, strictly: bool) -> Decimal:
    """``value`` on twelve decimals, on its far side: the band has begun there, however it was rounded."""
    unit = Decimal(1).scaleb(-_DIGITS)
    rounded = value.quantize(unit, ROUND_CEILING if upwards else ROUND_FLOOR)
    if strictly and rounded == value:
        rounded += unit if upwards else -unit
    return rounded.normalize() if rounded != rounded.to_integral_value() else rounded.to_integral_value()


def _scored_of_category(catalogue: Catalogue, evaluation: Evaluation, scored: Scored) -> int:
    indicator = catalogue.indicator_of(scored.point)
    path = category_path(evaluation, indicator.dimension, indicator.subdimension, indicator.category)
    return next((group.scored for group in evaluation.groups if group.path == path), 1) or 1


def category_path(evaluation: Evaluation, dimension: str, subdimension: str, category: str) -> tuple[str, ...]:
    """The path of a category under the rules of an evaluation."""
    inner = evaluation.rules.category_within == "subdimension" and subdimension
    return (dimension, subdimension, category) if inner else (dimension, category)


def missing_points(catalogue: Catalogue, evaluation: Evaluation) -> Iterator[Scored]:
    """Data points that would be scored if they were reported and verified: they have a benchmark and a judgement."""
    for scored in evaluation.points:
        direction = catalogue.point(scored.point).direction
        if scored.benchmark is not None and scored.benchmark.direction is not None:
            direction = scored.benchmark.direction
        judged = scored.benchmark is not None and direction != "report"
        if judged and scored.points is None and scored.answer.status != "not_applicable":
            yield scored
