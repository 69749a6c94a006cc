"""Ranks with what is missing: they can be worked out by hand, and the truth always lies within the bounds."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jasyl.cities.ranking import missing_points, rank_cities, score_bounds
from jasyl.indicators import Answer, Benchmark, Benchmarks, Catalogue, DataPoint, Indicator, Words, evaluate


def _catalogue(*points):
    """One category with the given (key, direction)."""
    made = [
        Indicator(id=key, code=key, name=Words(en=key), dimension="d", subdimension="s", category="c", unit="percent",
                  direction=direction,
                  points=(DataPoint(key, key, Words(en=key), direction, "percent", Decimal(1), False),))
        for key, direction in points
    ]  # fmt: skip
    return Catalogue("t", "1", Words(en="t"), tuple(made))


CATALOGUE = _catalogue(*((f"p{number}", "higher") for number in range(4)))
TABLE = Benchmarks("1", tuple(Benchmark(f"p{number}", Decimal(100)) for number in range(4)))


def _book(*values):
    answers = [Answer(f"p{number}", value=Decimal(value)) for number, value in enumerate(values) if value is not None]
    return evaluate(CATALOGUE, answers, TABLE)


def test_bounds_by_hand():
    bounds = score_bounds(CATALOGUE, _book(100, 70, None, None), ("d", "s", "c"))
    assert bounds.value == Decimal(7) / 8
    assert (bounds.low, bounds.high) == (Decimal(9) / 16, Decimal(15) / 16)
    assert (bounds.scored, bounds.missing, bounds.known) == (2, 2, Decimal("0.5"))


def test_ranks_that_missing_data_leave_open():
    books = {
        ("A", 2025): _book(100, 100, 100, 100),
        ("B", 2025): _book(100, 70, None, None),
        ("C", 2025): _book(10, 10, 10, 10),
        ("D", 2025): _book(None, None, None, None),
    }
    rows = {row.place: row for row in rank_cities(CATALOGUE, books, ("d",))}
    assert (rows["A"].best, rows["A"].worst) == (1, 1)
    assert (rows["B"].best, rows["B"].worst) == (2, 3)  # D may be anywhere below A
    assert (rows["C"].best, rows["C"].worst) == (3, 4)
    assert (rows["D"].bounds.value, rows["D"].best, rows["D"].worst) == (None, 1, 3)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 100), st.booleans()), min_size=4, max_size=4))
def test_the_whole_truth_lies_within_the_bounds(points):
    whole = _book(*(value for value, _ in points))
    part = _book(*(value if told else None for value, told in points))
    bounds = score_bounds(CATALOGUE, part, ("d",))
    assert bounds.low <= whole.group("d").share <= bounds.high


def test_nothing_to_score_has_no_bounds():
    bounds = score_bounds(CATALOGUE, evaluate(CATALOGUE, [], Benchmarks("0")), ("d",))
    assert (bounds.value, bounds.low, bounds.known) == (None, None, 0)
    (row,) = rank_cities(CATALOGUE, {("A", 2025): evaluate(CATALOGUE, [], Benchmarks("0"))}, ("d",))
    assert (row.best, row.worst) == (1, 1)


@pytest.mark.parametrize(("status", "missing"), [("not_reported", 1), ("not_verified", 1), ("not_applicable", 0)])
def test_only_what_could_be_scored_is_missing(status, missing):
    catalogue = _catalogue(("p", "higher"), ("free", "higher"), ("told", "report"))
    table = Benchmarks("1", (Benchmark("p", Decimal(100)), Benchmark("told", Decimal(3))))
    found = evaluate(catalogue, [Answer("p", value=Decimal(40), status=status)], table)
    assert len(list(missing_points(catalogue, found))) == missing
