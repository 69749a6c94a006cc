"""Points, bands and group scores against the published examples, and the settings that are left open."""

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
    catalogue,
    evaluate,
)
from jasyl.texts import Refusal

D = Decimal


def four(*directions: Direction, unit: str = "percent") -> Catalogue:
    """A catalogue of one category."""
    indicators = tuple(
        Indicator(
            id=f"I{number}",
            code=f"I{number}",
            name=Words(en=f"I{number}"),
            dimension="d",
            subdimension="s",
            category="c",
            unit=unit,
            points=(DataPoint(f"I{number}", f"I{number}", Words(en="-"), direction, unit, D(100)),),
        )
        for number, direction in enumerate(directions)
    )
    return Catalogue("own", "1", Words(en="Own"), indicators)


def targets(count: int, target: str = "100") -> Benchmarks:
    return Benchmarks("test", tuple(Benchmark(f"I{number}", D(target)) for number in range(count)))


def of_value(
    value: str | Decimal, direction: Direction = "higher", rules: Rules | None = None, **more: Decimal
) -> object:
    table = Benchmarks("test", (Benchmark("I0", more.get("target", D(100)), more.get("worst")),))
    made = evaluate(four(direction), [Answer("I0", value=D(value))], table, rules).of("I0")
    return made.points if made.points is not None else made.reason


def test_published_example_nine_of_sixteen() -> None:
    values = ["20", "70", "100", "10"]  # 1, 3, 4, 1 points
    made = evaluate(
        four("higher", "higher", "higher", "higher"),
        [Answer(f"I{i}", value=D(value)) for i, value in enumerate(values)],
        targets(4),
    )
    assert [one.points for one in made.points] == [1, 3, 4, 1]
    group = made.group("d", "s", "c")
    assert (group.points, group.scored, group.of, group.share, group.band) == (9, 4, 4, D("0.5625"), "33-66")
    assert made.group("d").share == made.group("d", "s").share == D("0.5625")


def test_published_example_nine_of_twelve_with_one_missing() -> None:
    values = ["70", "100", "50"]  # 3, 4, 2 points
    made = evaluate(
        four("higher", "higher", "higher", "higher"),
        [Answer(f"I{i}", value=D(value)) for i, value in enumerate(values)],
        targets(4),
    )
    group = made.group("d", "s", "c")
    assert (group.points, group.scored, group.of, group.share, group.band) == (9, 3, 4, D("0.75"), "66-95")
    assert made.of("I3").reason == "not_reported"


def test_a_group_with_nothing_scored_has_no_score() -> None:
    made = evaluate(four("higher"), [Answer("I0", value=D(50))], Benchmarks("none"))
    assert (made.of("I0").reason, made.of("I0").value) == ("no_benchmark", D(50))
    assert (made.group("d").share, made.group("d").band, made.group("d").of) == (None, None, 1)


@pytest.mark.parametrize(
    ("value", "upper", "lower"), [("33", 2, 1), ("66", 3, 2), ("95", 4, 3), ("32.999999999", 1, 1), ("95.000001", 4, 4)]
)
def test_edges_are_a_setting(value: str, upper: int, lower: int) -> None:
    assert of_value(value) == upper
    assert of_value(value, rules=Rules(edge_inclusive="lower")) == lower


def test_an_edge_is_met_exactly_by_a_quotient() -> None:
    """33/100 of 1/3: 0.33 exactly, which no decimal or binary fraction of a third holds."""
    table = Benchmarks("test", (Benchmark("I0", D(100)),))
    made = evaluate(four("higher"), [Answer("I0", D("0.99"), D(3))], table)
    assert (made.of("I0").share, made.of("I0").points) == (D("0.33"), 2)
    made = evaluate(four("lower"), [Answer("I0", D(100), D(33))], Benchmarks("t", (Benchmark("I0", D(100)),)))
    assert (made.of("I0").share, made.of("I0").points) == (D("0.33"), 2)


def test_lower_is_better() -> None:
    assert of_value("10", "lower", target=D(10)) == 4
    assert of_value("20", "lower", target=D(10)) == 2
    assert of_value("40", "lower", target=D(10)) == 1
    linear = Rules(lower_is_better="linear")
    assert of_value("20", "lower", linear, target=D(10), worst=D(40)) == 3  # (40 - 20) / (40 - 10) = 2/3
    assert of_value("50", "lower", linear, target=D(10), worst=D(40)) == 1
    assert of_value("20", "lower", linear, target=D(10)) == "no_worst_value"


def test_zero_where_less_is_better() -> None:
    assert of_value("0", "lower", target=D(10)) == 4
    assert of_value("0", "lower", target=D(0)) == 4
    assert of_value("0.001", "lower", target=D(0)) == 1
    assert of_value("0", "lower", Rules(zero="unscored"), target=D(10)) == "zero_value"
    assert of_value("0", "higher", target=D(10)) == 1


def test_nearer_is_better() -> None:
    assert of_value("1", "target", target=D(1)) == 4
    assert of_value("0.8", "target", target=D(1)) == of_value("1.25", "target", target=D(1)) == 3
    assert of_value("1.6", "target", target=D(1)) == 2
    assert of_value("1.6", "target", Rules(target="distance"), target=D(1)) == 2  # 1 - 0.6
    assert of_value("2.5", "target", Rules(target="distance"), target=D(1)) == 1


def test_yes_and_no() -> None:
    asked, table = four("higher", "higher", "higher", unit="yes/no"), targets(3, "1")
    said = [Answer("I0", value=D(1)), Answer("I1", value=D(0)), Answer("I2", value=D("0.5"))]
    assert [one.points or one.reason for one in evaluate(asked, said, table).points] == [4, 1, "not_yes_or_no"]
    assert [one.points for one in evaluate(asked, said, table, Rules(yes_no=(3, 2))).points] == [3, 2, None]


def test_rounding_before_judging_is_a_setting() -> None:
    assert of_value("94.996") == 3
    assert of_value("94.996", rules=Rules(rounding=2)) == 4
    assert of_value("94.995", rules=Rules(rounding=2)) == 4  # half up


def test_statuses_that_are_left_out() -> None:
    for status in ("not_verified", "not_verifiable", "not_applicable", "not_reported"):
        made = evaluate(four("higher"), [Answer("I0", value=D(50), status=status)], targets(1))
        assert (made.of("I0").points, made.of("I0").reason) == (None, status)
    rules = Rules(scored=("reported", "partly", "not_verified"))
    made = evaluate(four("higher"), [Answer("I0", value=D(50), status="not_verified")], targets(1), rules)
    assert made.of("I0").points == 2
    assert made.rules.as_data()["scored"] == ["reported", "partly", "not_verified"]


def test_numerator_without_denominator_is_not_a_value() -> None:
    made = evaluate(four("higher"), [Answer("I0", numerator=D(50))], targets(1))
    assert (made.of("I0").value, made.of("I0").reason) == (None, "no_denominator")
    made = evaluate(four("higher"), [Answer("I0", numerator=D(50), denominator=D(0))], targets(1))
    assert made.of("I0").reason == "no_denominator"


def test_a_quotient_counts_before_a_written_value() -> None:
    made = evaluate(four("higher"), [Answer("I0", D(1), D(2), D(99))], targets(1))
    assert made.of("I0").value == D(50)


def test_told_without_judgement_until_somebody_judges_it() -> None:
    assert of_value("50", "report") == "report_only"
    table = Benchmarks("own", (Benchmark("I0", D(100), direction="higher"),))
    assert evaluate(four("report"), [Answer("I0", value=D(50))], table).of("I0").points == 2


def test_refused() -> None:
    for answers, code in (
        ([Answer("I9")], "indicator-unknown-point"),
        ([Answer("I0"), Answer("I0")], "indicator-two-answers"),
        ([Answer("I0", status="perhaps")], "indicator-status"),  # type: ignore[arg-type]
    ):
        with pytest.raises(Refusal) as refused:
            evaluate(four("higher"), answers, targets(1))
        assert refused.value.code == code
    for direction, target, worst in (("higher", "0", None), ("lower", "-1", None), ("lower", "5", D(5))):
        with pytest.raises(Refusal) as refused:
            evaluate(four(direction), [], Benchmarks("t", (Benchmark("I0", D(target), worst),)))  # type: ignore[arg-type]
        assert refused.value.code == "indicator-benchmark"
    for wrong in (
        {"edges": (D("0.5"), D("0.4"), D("0.9"))},
        {"yes_no": (1, 4)},
        {"rounding": 40},
        {"scored": ("partly",)},
    ):
        with pytest.raises(Refusal) as refused:
            Rules(**wrong)  # type: ignore[arg-type]
        assert refused.value.code == "indicator-rules"
    made = evaluate(four("higher"), [], targets(1))
    with pytest.raises(Refusal):
        made.of("I7")
    with pytest.raises(Refusal):
        made.group("d", "x")


def test_categories_over_a_whole_dimension() -> None:
    """As printed reports merge Water and Sanitation of ICT and of Infrastructure inside Economy."""
    u4ssc = catalogue("u4ssc")
    apart = evaluate(u4ssc, [], Benchmarks("none"))
    merged = evaluate(u4ssc, [], Benchmarks("none"), Rules(category_within="dimension"))
    assert sum(group.level == "category" for group in apart.groups) == 27
    assert sum(group.level == "category" for group in merged.groups) == 24
    assert merged.group("economy", "water_and_sanitation").of == 7
    assert apart.group("economy", "ict", "water_and_sanitation").of == 2
    assert sum(group.of for group in apart.groups if group.level == "dimension") == 112


_VALUES = st.decimals("-1000", "1000", places=3)
_RULES = st.builds(
    Rules,
    edge_inclusive=st.sampled_from(["upper", "lower"]),
    lower_is_better=st.sampled_from(["ratio", "linear"]),
    target=st.sampled_from(["ratio", "distance"]),
    rounding=st.none() | st.integers(0, 3),
)


def _points(direction: Direction, value: Decimal, target: Decimal, rules: Rules) -> int:
    table = Benchmarks("t", (Benchmark("I0", target, target + 50),))
    made = evaluate(four(direction), [Answer("I0", value=value)], table, rules).of("I0").points
    assert made is not None
    assert 1 <= made <= 4
    return made


@settings(max_examples=60, deadline=None)
@given(_VALUES, _VALUES, st.decimals("0.001", "500", places=3), _RULES)
def test_better_values_never_get_fewer_points(one: Decimal, other: Decimal, target: Decimal, rules: Rules) -> None:
    less, more = sorted((one, other))
    assert _points("higher", less, target, rules) <= _points("higher", more, target, rules)
    assert _points("lower", less, target, rules) >= _points("lower", more, target, rules)
    nearer, farther = sorted((target + abs(one), target + abs(other)))
    assert _points("target", nearer, target, rules) >= _points("target", farther, target, rules)


@settings(max_examples=25, deadline=None)
@given(st.lists(st.none() | _VALUES, min_size=4, max_size=4), st.permutations(range(4)), _RULES)
def test_order_does_not_matter_and_group_scores_lie_in_their_range(
    values: list[Decimal | None], order: list[int], rules: Rules
) -> None:
    asked = four("higher", "lower", "target", "higher")
    table = Benchmarks("t", tuple(Benchmark(f"I{number}", D(10), D(90)) for number in range(4)))
    said = [Answer(f"I{number}", value=value) for number, value in enumerate(values) if value is not None]
    made = evaluate(asked, said, table, rules)
    shuffled = [answer for number in order for answer in said if answer.point == f"I{number}"]
    again = evaluate(asked, shuffled, Benchmarks("t", tuple(reversed(table.rows))), rules)
    assert made == again
    for group in made.groups:
        assert group.share is None if not said else D("0.25") <= group.share <= 1  # type: ignore[operator]
        assert group.scored == len(said)
