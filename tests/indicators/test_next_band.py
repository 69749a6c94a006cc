"""What is told to move a data point up a band does move it, by the same evaluation that judged it."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jasyl.indicators import (
    Answer,
    Benchmark,
    Benchmarks,
    Catalogue,
    DataPoint,
    Direction,
    Indicator,
    Rules,
    Words,
    evaluate,
    group_steps,
    steps_up,
)

D = Decimal


def catalogue_of(*directions: Direction, unit: str = "percent") -> Catalogue:
    def one(number: int, direction: Direction) -> Indicator:
        point = DataPoint(f"I{number}", f"I{number}", Words(en="-"), direction, unit, D(100))
        return Indicator(f"I{number}", "-", Words(en="-"), "d", "s", "c", unit=unit, points=(point,))

    return Catalogue("own", "1", Words(en="-"), tuple(one(*each) for each in enumerate(directions)))


def test_the_numerator_needed() -> None:
    """600 of 1000 households are 60 %, band 33-66; 66 % needs 660: 60 more."""
    own, table = catalogue_of("higher"), Benchmarks("t", (Benchmark("I0", D(100)),))
    (step,) = steps_up(own, evaluate(own, [Answer("I0", D(600), D(1000))], table))
    assert (step.now, step.band, step.value, step.numerator, step.change) == ("33-66", "66-95", 66, 660, 60)
    assert step.effort == pytest.approx(0.1)
    assert not step.beyond


def test_less_is_better() -> None:
    own, table = catalogue_of("lower"), Benchmarks("t", (Benchmark("I0", D(10), D(50)),))
    (step,) = steps_up(own, evaluate(own, [Answer("I0", value=D(20))], table))
    assert step.value == D("15.1515151515")  # 10 / 0.66, rounded down
    assert step.change == D("-4.8484848485")
    (step,) = steps_up(own, evaluate(own, [Answer("I0", value=D(20))], table, Rules(lower_is_better="linear")))
    assert (step.band, step.value) == ("95+", 12)  # 50 - 0.95 * 40
    zero = Benchmarks("t", (Benchmark("I0", D(0)),))
    assert steps_up(own, evaluate(own, [Answer("I0", value=D(20))], zero)) == []


def test_yes_and_the_highest_band() -> None:
    own, table = catalogue_of("higher", unit="yes/no"), Benchmarks("t", (Benchmark("I0", D(1)),))
    (step,) = steps_up(own, evaluate(own, [Answer("I0", value=D(0))], table))
    assert (step.now, step.band, step.value) == ("0-33", "95+", 1)
    assert steps_up(own, evaluate(own, [Answer("I0", value=D(1))], table)) == []
    assert steps_up(own, evaluate(own, [], table)) == []


def test_what_a_group_lacks() -> None:
    """9 of 16 points are 56.25 %; the band 66-95 begins at 10.56: two more points, the easier first."""
    own = catalogue_of("higher", "higher", "higher", "higher", "higher")
    table = Benchmarks("t", tuple(Benchmark(f"I{number}", D(100)) for number in range(5)))
    answers = [Answer(f"I{number}", value=D(value)) for number, value in enumerate(("20", "70", "100", "10"))]
    found = list(group_steps(own, evaluate(own, answers, table)))
    assert [one.group.level for one in found] == ["dimension", "subdimension", "category"]
    assert (found[0].band, found[0].points) == ("66-95", 2)
    assert [step.point for step in found[0].steps] == ["I1", "I0", "I3"]
    assert found[0].unreported == ("I4",)
    best = evaluate(own, [Answer("I2", value=D(100))], table)
    assert list(group_steps(own, best)) == []


def test_a_share_on_the_edge_may_not_be_enough() -> None:
    own, table = catalogue_of("higher"), Benchmarks("t", (Benchmark("I0", D(100)),))
    rules = Rules(edge_inclusive="lower", edges=(D("0.25"), D("0.5"), D("0.95")))
    made = evaluate(own, [Answer("I0", value=D(50))], table, rules)
    (step,) = steps_up(own, made)
    assert (step.now, step.value, step.beyond) == ("33-66", 50, True)
    assert next(iter(group_steps(own, made))).points == 1


@settings(max_examples=80, deadline=None)
@given(
    st.sampled_from(["higher", "lower", "target"]),
    st.integers(0, 3000),
    st.integers(1, 2000),
    st.decimals("0.1", "150", places=2),
    st.booleans(),
    st.sampled_from([Rules(), Rules(lower_is_better="linear", target="distance")]),
)
def test_the_step_is_enough_and_half_of_it_is_not(
    direction: Direction, numerator: int, denominator: int, target: Decimal, as_value: bool, rules: Rules
) -> None:
    own = catalogue_of(direction)
    table = Benchmarks("t", (Benchmark("I0", target, target + 40),))
    answer = Answer("I0", D(numerator), D(denominator))
    if as_value:
        answer = Answer("I0", value=D(numerator) / 10)
    before = evaluate(own, [answer], table, rules).of("I0")
    steps = steps_up(own, evaluate(own, [answer], table, rules))
    if before.points == 4:
        assert steps == []
        return
    (step,) = steps
    assert before.points is not None
    moved = replace(answer, value=step.value) if as_value else replace(answer, numerator=step.numerator)
    assert evaluate(own, [moved], table, rules).of("I0").points == before.points + 1
    half = replace(
        answer,
        value=None if answer.value is None else answer.value + step.change / 2,
        numerator=None if answer.numerator is None else answer.numerator + step.change / 2,
    )
    assert evaluate(own, [half], table, rules).of("I0").points == before.points
