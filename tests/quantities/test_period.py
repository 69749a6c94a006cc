"""Periods: half-open, local, right across the change of Kazakhstan's offset."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.quantities import UTC, instant, microseconds, period, period_of
from jasyl.texts import Refusal

moments = st.datetimes(
    min_value=dt.datetime(1995, 1, 1),
    max_value=dt.datetime(2060, 1, 1),
    timezones=st.just(UTC),
)


def test_the_offset_of_kazakhstan_changed_on_the_first_of_march_2024():
    assert period("2024-02-29").start == dt.datetime(2024, 2, 28, 18, tzinfo=UTC)
    assert period("2024-03-01").start == dt.datetime(2024, 2, 29, 19, tzinfo=UTC)
    assert period("2024-02-29").hours == 25
    assert period("2024-03-01").hours == 24
    assert period("2024").hours == 366 * 24 + 1
    assert period("2023").hours == 8760


@given(moments, st.sampled_from(["day", "month", "year"]))
def test_a_moment_lies_in_its_period_and_periods_follow_without_gap(moment, granularity):
    here = period_of(moment, granularity)
    assert moment in here
    assert period(here.name) == here
    following = period_of(here.end, granularity)
    assert following.start == here.end
    assert here.end not in here


@given(moments)
def test_hours_last_an_hour_and_follow_without_gap(moment):
    here = period_of(moment, "hour")
    assert here.hours == 1
    assert moment in here
    assert period_of(here.end, "hour").start == here.end
    assert period(here.name) == here


def test_an_hour_that_comes_twice_has_two_names():
    """A walk through the hours of 2024-02-29 once stood still at its second 23:00."""
    first = period_of(dt.datetime(2024, 2, 29, 17, 30, tzinfo=UTC), "hour")
    second = period_of(first.end, "hour")
    assert (first.name, second.name) == ("2024-02-29T23+06", "2024-02-29T23+05")
    assert period_of(second.end, "hour").name == "2024-03-01T00"
    with pytest.raises(Refusal):
        period("2024-02-29T23+03")


@given(moments)
def test_microseconds_are_exact(moment):
    assert instant(microseconds(moment)) == moment


@pytest.mark.parametrize("name", ["", "24", "2024-13", "2024-02-30", "2024-2", "2024-01-01T25", "२०२४", "next year"])
def test_what_is_not_a_period_is_refused(name):
    with pytest.raises(Refusal) as refused:
        period(name)
    assert refused.value.code == "unknown-period"


def test_a_naive_moment_is_refused():
    with pytest.raises(ValueError, match="offset"):
        microseconds(dt.datetime(2024, 1, 1))
