"""What moves up a band: a value just at the need is in the next band, one just before it is not."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jasyl.cities.next_band import missing_points, next_bands
from jasyl.indicators import Answer, Benchmark, Benchmarks, Catalogue, DataPoint, Indicator, Rules, Words, evaluate

NUMBER = st.decimals(min_value="0.01", max_value="1000", places=2, allow_nan=False)


def _catalogue(*points):
    """One category with the given (id, direction, unit)."""
    made = [
        Indicator(id=key, code=key, name=Words(en=key), dimension="d", subdimension="s", category="c", unit=unit,
                  direction=direction, points=(DataPoint(key, key, Words(en=key), direction, unit, Decimal(1), False),))
        for key, direction, unit in points
    ]  # fmt: skip
    return Catalogue("t", "1", Words(en="t"), tuple(made))


@settings(max_examples=80, deadline=None)
@given(
    direction=st.sampled_from(["higher", "lower", "target"]),
    value=NUMBER,
    target=NUMBER,
    rules=st.builds(
        Rules,
        edge_inclusive=st.sampled_from(["upper", "lower"]),
        lower_is_better=st.sampled_from(["ratio", "linear"]),
        target=st.sampled_from(["ratio", "distance"]),
    ),
)
def test_the_needed_value_is_the_first_of_the_next_band(direction, value, target, rules):
    catalogue = _catalogue(("p", direction, "percent"))
    table = Benchmarks("1", (Benchmark("p", target, worst=target * 3),))

    def points(at):
        return evaluate(catalogue, [Answer("p", value=at)], table, rules).points[0].points

    before = evaluate(catalogue, [Answer("p", value=value)], table, rules)
    steps = next_bands(catalogue, before)
    if before.points[0].points == 4:
        assert steps == []
        return
    (step,) = steps
    assert points(step.needed) == before.points[0].points + 1
    just_before = step.needed - Decimal("1e-9").copy_sign(step.change)
    assert points(just_before) == before.points[0].points
    assert step.gain == Decimal(1) / 4


def test_a_no_becomes_a_yes():
    catalogue = _catalogue(("p", "higher", "yes/no"), ("q", "higher", "percent"))
    table = Benchmarks("1", (Benchmark("p", Decimal(1)), Benchmark("q", Decimal(100))))
    found = evaluate(catalogue, [Answer("p", value=Decimal(0)), Answer("q", value=Decimal(60))], table)
    far, near = sorted(next_bands(catalogue, found), key=lambda one: one.point)
    assert (far.needed, far.next_band, far.relative) == (1, "95+", None)
    assert far.gain == Decimal(3) / 8
    assert near.needed == 66
    assert near.relative == Decimal("0.1")
    assert [one.point for one in next_bands(catalogue, found)] == ["q", "p"]  # what has no relative change comes last


@pytest.mark.parametrize(("status", "missing"), [("not_reported", 1), ("not_verified", 1), ("not_applicable", 0)])
def test_only_what_could_be_scored_is_missing(status, missing):
    catalogue = _catalogue(("p", "higher", "percent"), ("free", "higher", "percent"), ("told", "report", "number"))
    table = Benchmarks("1", (Benchmark("p", Decimal(100)), Benchmark("told", Decimal(3))))
    found = evaluate(catalogue, [Answer("p", value=Decimal(40), status=status)], table)
    assert len(list(missing_points(catalogue, found))) == missing
    assert next_bands(catalogue, found) == []
