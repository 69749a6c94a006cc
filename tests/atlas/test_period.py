"""The days that a layer's record names."""

import datetime as dt

import pytest

from jasyl.atlas.period import days, named_days


def at(text: str) -> int:
    return int(dt.datetime.fromisoformat(f"{text}+00:00").timestamp()) * 1_000_000


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2023-01-01T00:00", "2024-01-01T00:00", "2023-01-01 to 2023-12-31"),
        # Stamps that close the hour: the first hour opens on the day before.
        ("2022-12-31T23:00", "2023-12-31T23:00", "2022-12-31 to 2023-12-31"),
        ("2023-05-01T00:00", "2023-05-01T01:00", "2023-05-01 to 2023-05-01"),
    ],
)
def test_the_last_day_is_one_that_is_in(start: str, end: str, expected: str):
    assert days(at(start), at(end)) == expected


@pytest.mark.parametrize(
    ("period", "expected"),
    [
        ("2022-12-31 to 2023-12-30", ("2022-12-31", "2023-12-30")),
        ("2005 to 2020", ("2005-01-01", "2020-12-31")),
        ("1994/2018", ("1994-01-01", "2018-12-31")),
        ("turbidity climatology", None),
    ],
)
def test_days_that_a_period_names(period: str, expected: tuple[str, str] | None):
    assert named_days(period) == expected
