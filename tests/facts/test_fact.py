"""A fact says what it is and refuses to be half a fact."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.facts import confirmed_only, parse_period


@pytest.mark.parametrize(
    ("text", "years"),
    [
        ("2022", (2022, 2022)),
        ("2022-10-04", (2022, 2022)),
        ("2013-01", (2013, 2013)),
        ("2022-01..09", (2022, 2022)),
        ("2018-2020", (2018, 2020)),
        ("winter 2025/26", (2025, 2026)),
        ("2031+", (2031, None)),
        ("undated page read 2026", (None, None)),
        ("", (None, None)),
    ],
)
def test_periods_are_read_as_sources_write_them(text, years):
    assert parse_period(text) == years


@given(st.integers(1900, 2099), st.integers(0, 30))
def test_a_span_of_years_keeps_both_ends(first, length):
    assert parse_period(f"{first}-{min(first + length, 2099)}") == (first, min(first + length, 2099))


def test_the_key_is_that_of_the_content(wind_2023):
    assert replace(wind_2023, value=Decimal("3.8")).key == wind_2023.key
    assert replace(wind_2023, value=Decimal("3.81")).key != wind_2023.key
    assert replace(wind_2023, source="another page").key != wind_2023.key
    assert len(wind_2023.key) == 32


@given(st.decimals(allow_nan=False, allow_infinity=False, places=3))
def test_numbers_leave_as_decimal_texts(wind_2023, value):
    assert Decimal(str(replace(wind_2023, value=value).as_data()["value"])) == value


@pytest.mark.parametrize(
    "change",
    [
        {"value": None},
        {"source": ""},
        {"confidence": "sure"},
        {"basis": "guessed"},
        {"confidence": "low", "confirmed": True},
        {"low": Decimal(2), "high": Decimal(1)},
    ],
)
def test_half_a_fact_is_not_made(wind_2023, change):
    with pytest.raises(ValueError):
        replace(wind_2023, **change)


def test_totals_take_only_what_is_confirmed(wind_2023):
    doubtful = replace(wind_2023, confidence="low", confirmed=False)
    assert confirmed_only([doubtful, wind_2023, doubtful]) == [wind_2023]
