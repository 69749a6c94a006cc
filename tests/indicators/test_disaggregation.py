"""Breakdowns without small cells: what is closed, and that nobody finds it by subtracting."""

from collections.abc import Iterable, Mapping
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jasyl.indicators import (
    Part,
    catalogue,
    disaggregate,
    missing_breakdowns,
    parts_of,
    read_breakdowns,
    sdg11,
)
from jasyl.texts import LANGUAGES, Refusal

POVERTY = catalogue("u4ssc").point("SC.SH.SI.3C")
D = Decimal


def part(numerator: int, denominator: int, **by: str) -> Part:
    return Part.of(by, numerator=D(numerator), denominator=D(denominator))


def test_large_cells_are_shown() -> None:
    parts = [part(30, 300), part(20, 150, sex="female"), part(10, 150, sex="male")]
    total, women, men = disaggregate(POVERTY, parts)
    assert total.value == 10
    assert women.value is not None
    assert men.value is not None
    assert (round(women.value, 3), round(men.value, 3)) == (D("13.333"), D("6.667"))
    assert not (women.suppressed or men.suppressed)


def test_a_small_cell_is_closed_and_another_with_it() -> None:
    parts = [part(60, 600), part(2, 200, age="0-14"), part(28, 200, age="15-64"), part(30, 200, age="65+")]
    total, young, middle, old = disaggregate(POVERTY, parts)
    assert (young.suppressed, young.primary, young.value, young.numerator) == (True, True, None, None)
    assert (middle.suppressed, middle.primary) == (True, False)  # else 60 - 28 - 30 tells the two
    assert not old.suppressed
    assert not total.suppressed


def test_who_is_left_over_counts_too() -> None:
    """198 of 200 poor tells as much of the other two as two of 200 would."""
    (shown,) = disaggregate(POVERTY, [part(198, 200)])
    assert shown.suppressed
    (all_poor,) = disaggregate(POVERTY, [part(200, 200)])
    assert not all_poor.suppressed


def test_zero_cases_of_a_large_group_are_told_and_of_a_small_group_are_not() -> None:
    none, few = disaggregate(POVERTY, [part(0, 200, district="A"), part(0, 2, district="B")])
    assert (none.value, none.suppressed) == (0, False)
    assert few.suppressed


def test_values_need_to_say_how_many_stand_behind_them() -> None:
    parts = [
        Part.of({"income": "low"}, value=D(40), people=120),
        Part.of({"income": "high"}, value=D(5)),
        Part.of({"income": "middle"}, value=D(5), people=2),
    ]
    low, high, middle = disaggregate(POVERTY, parts)
    assert low.value == 40
    assert high.suppressed
    assert middle.suppressed


def test_the_threshold_is_a_setting() -> None:
    assert not disaggregate(POVERTY, [part(4, 200)])[0].suppressed
    assert disaggregate(POVERTY, [part(4, 200)], smallest=5)[0].suppressed


def test_crossed_breakdowns_are_closed_in_both_directions() -> None:
    counts = {("female", "0-14"): 2, ("female", "15+"): 50, ("male", "0-14"): 40, ("male", "15+"): 60}
    parts = [part(152, 1520)]
    parts += [part(n, 10 * n, sex=sex, age=age) for (sex, age), n in counts.items()]
    parts += [part(52, 520, sex="female"), part(100, 1000, sex="male")]
    parts += [part(42, 420, age="0-14"), part(110, 1100, age="15+")]
    shown = {one.by: one for one in disaggregate(POVERTY, parts)}
    assert all(shown[("sex", sex), ("age", age)].suppressed for sex, age in counts)
    assert not shown[()].suppressed
    assert not shown[(("sex", "male"),)].suppressed


def test_missing_breakdowns_are_named() -> None:
    asked = catalogue("sdg11").indicator("11.2.1")
    assert missing_breakdowns(asked, [part(1, 2, sex="female")]) == ("age", "disability")
    assert missing_breakdowns(catalogue("u4ssc").indicator("EC.I.ES.3C"), []) == ()


def test_computed_groups_are_parts() -> None:
    women = np.array([600.4, 1.0])
    people = sdg11.Population(
        np.array([76.9, 77.0]), np.array([43.2, 43.2]), np.array([1000.0, 3.0]), {("sex", "female"): women}
    )
    stops = sdg11.Stops(np.array([76.9]), np.array([43.2]), np.array([False]))
    parts = parts_of(sdg11.transit_access(people, stops))
    assert [(one.numerator, one.denominator) for one in parts] == [(1000, 1003), (600, 601)]
    shown = disaggregate(catalogue("sdg11").point("11.2.1"), parts)
    assert [one.suppressed for one in shown] == [False, True]  # one woman only is without a stop


def test_refused() -> None:
    with pytest.raises(Refusal) as refused:
        Part.of({"star sign": "leo"})
    assert refused.value.code == "indicator-breakdown"
    with pytest.raises(Refusal) as refused:
        disaggregate(POVERTY, [part(9, 90, sex="female"), part(9, 90, sex="female")])
    assert refused.value.code == "indicator-breakdown-twice"
    assert all(refused.value.text(language) for language in LANGUAGES)


def _found_by_subtraction(
    counts: Mapping[tuple[str, ...], Decimal | None], lines: Iterable[list[tuple[str, ...]]]
) -> bool:
    """Whether some line with its sum lacks exactly one number: then anybody can compute it."""
    return any(sum(counts[cell] is None for cell in line) == 1 for line in lines)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=6, max_size=6), st.integers(2, 5))
def test_no_line_of_a_crossed_table_has_a_single_gap(counts: list[int], smallest: int) -> None:
    rows, columns = ("f", "m"), ("a", "b", "c")
    table = {(row, column): counts[3 * i + j] for i, row in enumerate(rows) for j, column in enumerate(columns)}
    parts = [part(n, n + 100, sex=row, age=column) for (row, column), n in table.items()]
    sums = {(row,): sum(table[row, column] for column in columns) for row in rows}
    parts += [part(sums[(row,)], sums[(row,)] + 300, sex=row) for row in rows]
    ages = {column: sum(table[row, column] for row in rows) for column in columns}
    parts += [part(ages[column], ages[column] + 200, age=column) for column in columns]
    parts.append(part(sum(counts), sum(counts) + 600))
    shown = {tuple(value for _, value in one.by): one.numerator for one in disaggregate(POVERTY, parts, smallest)}
    lines = [[(row, column) for column in columns] + [(row,)] for row in rows]
    lines += [[(row, column) for row in rows] + [(column,)] for column in columns]
    lines += [[(row,) for row in rows] + [()], [(column,) for column in columns] + [()]]
    assert not _found_by_subtraction(shown, lines)
    for cell, number in table.items():
        if 0 < number < smallest:
            assert shown[cell] is None


def test_cells_are_read_from_a_table() -> None:
    content = (
        "point,place,year,age,district,numerator,denominator,value,people\n"
        "SC.SH.SI.3C,,,,,30,300,,\n"
        "SC.SH.SI.3C,KZ-71,2024,65+,Есіл,3,20,,\n"
        'SC.SH.SI.3C,KZ-75,2024,65+,,,,"7,5",40\n'
    )
    held = read_breakdowns(content.encode(), catalogue("u4ssc"), "cells.csv")
    (total, old) = held.of("KZ-71", 2024)["SC.SH.SI.3C"]
    assert total == part(30, 300)
    assert old == part(3, 20, district="Есіл", age="65+")
    assert held.of("KZ-75", 2024)["SC.SH.SI.3C"][1] == Part.of({"age": "65+"}, value=D("7.5"), people=40)
    assert len(held.of("KZ-79", 2020)["SC.SH.SI.3C"]) == 1


@pytest.mark.parametrize(
    ("content", "code", "field"),
    [
        ("point,star\nSC.SH.SI.3C,leo\n", "breakdown-cell", "star"),
        ("sex,value\nfemale,3\n", "breakdown-cell", "point"),
        ("point,value\nSC.X,3\n", "indicator-unknown-point", "point"),
        ("point,sex,value\nSC.SH.SI.3C,female,\n", "breakdown-cell", "value"),
        ("point,sex,value\nSC.SH.SI.3C,female,few\n", "not-number", "value"),
        ("point,sex,numerator\nSC.SH.SI.3C,female,-3\n", "breakdown-cell", "numerator"),
        ("point,sex,value,people\nSC.SH.SI.3C,female,3,2.5\n", "breakdown-cell", "people"),
    ],
)
def test_faults_of_a_table_are_told_with_their_place(content: str, code: str, field: str) -> None:
    with pytest.raises(Refusal) as refused:
        read_breakdowns(content.encode(), catalogue("u4ssc"), "cells.csv")
    assert refused.value.code == code
    assert refused.value.where is not None
    assert refused.value.where.field == field
