"""What moves a data point, and a group, up a band."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from fractions import Fraction

from .catalogue import Catalogue, DataPoint
from .evaluation import Evaluation, GroupScore, Scored, group_keys
from .rules import BANDS, Band, Rules, band_of

_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Step:
    """From ``now`` to ``band``: the ``value`` needed, and, with the denominator as it is, the ``numerator`` needed.

    ``change`` is what the numerator (or the value, where there is none) must grow by; negative where less is better.
    ``effort`` is that change as a share of what there is now, by which steps are compared; None from zero. Numbers are
    rounded to 12 digits towards the safe side. ``beyond`` says that the number itself is not enough: a share on the
    edge counts below it.
    """

    point: str
    now: Band
    band: Band
    value: Decimal
    numerator: Decimal | None
    change: Decimal
    effort: float | None
    beyond: bool


@dataclass(frozen=True, slots=True)
class GroupStep:
    """A group needs ``points`` more for ``band``; ``steps`` of its data points, the least effort first, each worth one
    point. ``unreported`` data points would enter with 1 to 4 points, and may lower the share."""

    group: GroupScore
    band: Band
    points: int
    steps: tuple[Step, ...]
    unreported: tuple[str, ...]


def step_up(point: DataPoint, scored: Scored, rules: Rules) -> Step | None:
    """The way into the next band; None in the highest, and where there are no points or no way is known (a target of
    zero where less is better, by the ratio)."""
    if scored.points is None or scored.points >= len(BANDS) or scored.value is None or scored.benchmark is None:
        return None
    needed, upwards = _needed(point, scored, rules)
    if needed is None:
        return None
    safe = Context(prec=_DIGITS, rounding=ROUND_CEILING if upwards else ROUND_FLOOR)
    value = safe.divide(Decimal(needed.numerator), Decimal(needed.denominator))
    numerator = _numerator(point, scored, needed, safe)
    have = scored.value if numerator is None else scored.answer.numerator
    assert have is not None
    change = (value if numerator is None else numerator) - have
    return Step(
        point=point.id,
        now=band_of(scored.points),
        band=band_of(4 if point.is_yes_no else scored.points + 1),
        value=value,
        numerator=numerator,
        change=change,
        effort=float(abs(change / have)) if have else None,
        beyond=rules.edge_inclusive == "lower" and not point.is_yes_no,
    )


def _needed(point: DataPoint, scored: Scored, rules: Rules) -> tuple[Fraction | None, bool]:
    """The exact value on the edge of the next band, and whether it is reached by growing."""
    benchmark = scored.benchmark
    assert benchmark is not None
    assert scored.points is not None
    assert scored.value is not None
    if point.is_yes_no:
        return (Fraction(1) if rules.yes_no[0] > scored.points else None), True
    edge = Fraction(rules.edges[scored.points - 1])
    target, value = Fraction(benchmark.target), Fraction(scored.value)
    match benchmark.direction or point.direction:
        case "higher":
            return edge * target, True
        case "target":
            near = edge * target if rules.target == "ratio" else target - (1 - edge) * abs(target)
            far = target / edge if rules.target == "ratio" else target + (1 - edge) * abs(target)
            return (near, True) if value < target else (far, False)
        case _ if rules.lower_is_better == "linear":
            assert benchmark.worst is not None
            return Fraction(benchmark.worst) - edge * (Fraction(benchmark.worst) - target), False
        case _:
            return (target / edge if target else None), False


def _numerator(point: DataPoint, scored: Scored, needed: Fraction, safe: Context) -> Decimal | None:
    answer = scored.answer
    if answer.numerator is None or (point.has_denominator and not answer.denominator):
        return None
    of = Fraction(answer.denominator) if point.has_denominator and answer.denominator else Fraction(1)
    exact = needed * of / Fraction(point.multiplier)
    return safe.divide(Decimal(exact.numerator), Decimal(exact.denominator))


def steps_up(catalogue: Catalogue, evaluation: Evaluation) -> list[Step]:
    """Every data point that can move up, the least effort first; those whose effort is not known last."""
    found = (step_up(catalogue.point(one.point), one, evaluation.rules) for one in evaluation.points)
    return sorted((step for step in found if step), key=_ease)


def group_steps(catalogue: Catalogue, evaluation: Evaluation) -> Iterator[GroupStep]:
    """What every group that is scored and not in the highest band lacks, in the order of the evaluation."""
    steps = steps_up(catalogue, evaluation)
    keys = {
        one.point: {path for _, path in group_keys(catalogue.indicator_of(one.point), evaluation.rules)}
        for one in evaluation.points
    }
    for group in evaluation.groups:
        if group.band is None or group.band == BANDS[-1]:
            continue
        reached = BANDS.index(group.band)
        yield GroupStep(
            group=group,
            band=BANDS[reached + 1],
            points=_missing(group, Fraction(evaluation.rules.edges[reached]), evaluation.rules),
            steps=tuple(step for step in steps if group.path in keys[step.point]),
            unreported=tuple(
                one.point for one in evaluation.points if one.reason == "not_reported" and group.path in keys[one.point]
            ),
        )


def _missing(group: GroupScore, edge: Fraction, rules: Rules) -> int:
    """Points still to be won for the share to reach the edge, or to pass it where edges count below."""
    asked = edge * 4 * group.scored
    whole = -(-asked.numerator // asked.denominator)
    if rules.edge_inclusive == "lower" and whole == asked:
        whole += 1
    return whole - group.points


def _ease(step: Step) -> tuple[bool, float, str]:
    return step.effort is None, step.effort or 0.0, step.point
