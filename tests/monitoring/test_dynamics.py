"""Dynamics: a worked example, and laws on random tables (totals, nothing spread, nothing counted twice)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.monitoring.dynamics import CLOSED, RUNNING, dynamics, progress
from jasyl.monitoring.dynamics_row import Invested, MeteredAmount
from jasyl.registry import AdoptionRow
from jasyl.texts import Refusal

MW = 1_000_000


def facility(name: str, year: int | None, **changes: object) -> AdoptionRow:
    base = AdoptionRow(name, f"owner {name[0]}", "solar.pv", "solar", "KZ-75", year, "operating", MW)
    return replace(base, **changes)  # type: ignore[arg-type]


def test_a_worked_example() -> None:
    table = [
        facility("a1", 2014, output={2014: 5, 2016: 7}),
        facility("a2", 2016, capacity=3 * MW),
        facility("b1", 2016, capacity=None),
        facility("c1", 2015, status="closed", closed_year=2016),
        facility("d1", 2015, status="suspended"),
        facility("e1", 2015, confirmed=False),
        facility("f1", None),
        facility("g1", 2016, status="under construction"),
        facility("h1", 2014, status="closed"),
        facility("w1", 2015, family="wind", capacity=5 * MW),
    ]
    found = dynamics(table, ["family"], 2016)
    assert [row.group for row in found.rows] == [("solar",)] * 3 + [("wind",)] * 3
    solar = {row.year: row for row in found.rows if row.group == ("solar",)}
    assert [(row.new, row.closed, row.cumulative, row.suspended) for row in solar.values()] == [
        (1, 0, 1, 0),
        (2, 0, 3, 1),
        (2, 1, 4, 1),
    ]
    assert [row.capacity for row in solar.values()] == [MW, 3 * MW, 5 * MW]
    assert [row.new_capacity for row in solar.values()] == [MW, 2 * MW, 3 * MW]
    assert [row.capacity_unknown for row in solar.values()] == [0, 0, 1]
    assert [(row.new_enterprises, row.enterprises) for row in solar.values()] == [(1, 1), (2, 3), (1, 3)]
    assert [(row.output, row.output_known) for row in solar.values()] == [(5, 1), (None, 0), (7, 1)]
    assert [row.growth for row in solar.values()] == [None, 2.0, pytest.approx(2 / 3)]
    assert [row.share for row in solar.values()] == [1.0, 3 / 8, 0.5]
    apart = found.apart
    assert (apart.unconfirmed, apart.year_unknown, apart.not_introduced, apart.closed_year_unknown) == (
        ("e1",),
        ("f1",),
        ("g1",),
        ("h1",),
    )


def test_what_meters_counted_stands_beside_what_was_published() -> None:
    table = [facility("a1", 2014, output={2016: 7}), facility("a2", 2015), facility("b1", 2015)]
    counted = {
        "a1": {"electricity_generated": {2016: Decimal(3)}, "water_saved": {2015: Decimal(1), 2016: Decimal(2)}},
        "a2": {"water_saved": {2016: Decimal("0.5")}},
        "z9": {"water_saved": {2016: Decimal(1000)}},
    }
    rows = {row.year: row for row in dynamics(table, [], 2016, metered=counted).rows}
    assert rows[2014].metered == {}
    assert rows[2015].metered == {"water_saved": MeteredAmount(Decimal(1), 1)}
    assert rows[2016].metered == {
        "electricity_generated": MeteredAmount(Decimal(3), 1),
        "water_saved": MeteredAmount(Decimal("2.5"), 2),
    }
    assert (rows[2016].output, rows[2016].output_known) == (7, 1)
    assert rows[2016].as_data()["metered"] == {
        "electricity_generated": {"value": "3", "unit": "W.h", "facilities": 1},
        "water_saved": {"value": "2.5", "unit": "m3", "facilities": 2},
    }


def test_money_units_sectors_and_the_factor_of_whole_years() -> None:
    table = [
        facility("a1", 2014, sector="D", size="small", output={2014: 10**9, 2015: 2 * 8760 * 10**5},
                 invested={"KZT": Decimal(5)}, installations={2014: 2, 2016: 1}),
        facility("a2", 2015, sector="D", size="large", invested={"KZT": Decimal(2), "USD": Decimal(1)}),
        facility("b1", 2015, sector=None, size="small", capacity=None, output={2016: 7}),
    ]  # fmt: skip
    found = dynamics(table, ["sector", "size"], 2016)
    assert [row.group for row in found.rows if row.year == 2016] == [("D", "large"), ("D", "small"), (None, "small")]
    whole = {row.year: row for row in dynamics(table, [], 2016).rows}
    assert [row.new_installations for row in whole.values()] == [2, 0, 1]
    assert whole[2015].invested == {"KZT": Invested(Decimal(2), 1), "USD": Invested(Decimal(1), 1)}
    assert whole[2014].capacity_factor is None, "a year of commissioning is not a whole one"
    assert whole[2015].capacity_factor == pytest.approx(0.2)
    assert whole[2016].capacity_factor is None, "an unknown capacity gives no factor"
    data = next(row for row in found.rows if row.year == 2015 and row.group == ("D", "large")).as_data(found.by)
    assert (data["sector"], data["size"]) == ("D", "large")
    assert data["invested"] == {
        "KZT": {"value": "2", "facilities": 1},
        "USD": {"value": "1", "facilities": 1},
    }


def test_growth_knows_the_year_before_the_first_shown() -> None:
    table = [facility("a1", 2010), facility("a2", 2015)]
    assert [row.growth for row in dynamics(table, [], 2015, first=2014).rows] == [0.0, 1.0]


def test_nothing_gives_nothing() -> None:
    assert dynamics([], ["region"], 2020).rows == ()
    with pytest.raises(Refusal, match="first year"):
        dynamics([facility("a1", 2021)], [], 2020)


rows = st.builds(
    AdoptionRow,
    id=st.uuids().map(str),
    enterprise=st.sampled_from(["x", "y", None]),
    technology=st.sampled_from(["t1", "t2"]),
    family=st.sampled_from(["solar", "wind"]),
    region=st.sampled_from(["KZ-75", "KZ-71", None]),
    commissioned_year=st.one_of(st.none(), st.integers(2005, 2020)),
    status=st.sampled_from(["operating", "suspended", "closed", "announced"]),
    capacity=st.one_of(st.none(), st.integers(1, 10**9)),
    output=st.dictionaries(st.integers(2005, 2020), st.integers(0, 10**12), max_size=3),
    confirmed=st.booleans(),
    closed_year=st.one_of(st.none(), st.integers(2005, 2025)),
)


@given(st.lists(rows, max_size=25))
def test_laws(table: list[AdoptionRow]) -> None:
    total = dynamics(table, [], 2020, first=2005)
    parts = dynamics(table, ["family", "region"], 2020, first=2005)
    assert total.apart == parts.apart
    aside = total.apart
    outside = [*aside.unconfirmed, *aside.year_unknown, *aside.closed_year_unknown, *aside.not_introduced]
    assert len(outside) == len(set(outside)), "one reason each"
    inside = [each for each in table if each.id not in outside]
    assert all(each.confirmed and each.status in RUNNING | CLOSED for each in inside)
    assert sum(row.new for row in total.rows) == len(inside)
    for row in total.rows:
        cells = [each for each in parts.rows if each.year == row.year]
        for name in (
            "new",
            "closed",
            "cumulative",
            "suspended",
            "new_capacity",
            "capacity",
            "capacity_unknown",
            "output_known",
        ):
            assert getattr(row, name) == sum(getattr(each, name) for each in cells)
        assert row.output == (sum(each.output or 0 for each in cells) if row.output_known else None)
        assert row.enterprises <= sum(each.enterprises for each in cells)
        if row.capacity:
            assert sum(each.share or 0 for each in cells) == pytest.approx(1)
    # The order of the table does not matter.
    assert dynamics(table[::-1], ["family", "region"], 2020, first=2005).rows == parts.rows


def test_progress_towards_rising_and_falling_targets() -> None:
    assert progress(6, 15, years_left=3).share == pytest.approx(0.4)
    assert progress(6, 15, years_left=3).needed_a_year == 3
    falling = progress(80, 70, base=100, years_left=2)
    assert (falling.share, falling.remaining, falling.needed_a_year) == (pytest.approx(2 / 3), -10, -5)
    reached = progress(65, 70, base=100, years_left=2)
    assert (reached.share is not None and reached.share > 1, reached.remaining, reached.needed_a_year) == (True, 0, 0)
    assert progress(5, 5, base=5).share is None
