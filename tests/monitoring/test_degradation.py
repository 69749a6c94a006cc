"""Year-on-year degradation beside a plain implementation, and performance against an expected yield."""

import itertools
import statistics

import numpy as np
import pytest

from jasyl.monitoring.degradation import availability, performance_against_expected, year_on_year
from jasyl.texts import Refusal


def plant(years=5, rate=-0.008, noise=0.03, seed=1):
    numbers = np.random.default_rng(seed)
    day = np.arange(365 * years)
    season = 1 + 0.1 * np.sin(2 * np.pi * day / 365)
    return 0.8 * (1 + rate * day / 365) * season * (1 + numbers.normal(0, noise, len(day)))


def plainly(daily):
    """Day against the same day a year before, one by one, over the median of the first year."""
    first = statistics.median(each for each in daily[:365] if each == each and each > 0)
    return statistics.median(
        (later - earlier) / first
        for earlier, later in zip(daily, itertools.islice(daily, 365, None), strict=False)
        if earlier == earlier and later == later and earlier > 0 and later > 0
    )


def test_the_rate_is_that_of_a_plain_implementation():
    daily = plant()
    daily[100:180] = np.nan
    daily[700:710] = 0
    found = year_on_year(daily)
    assert found.rate == pytest.approx(plainly(daily.tolist()), abs=1e-12)
    assert found.pairs == 4 * 365 - 80 - 80 * 0 - 20
    assert found.share == pytest.approx(found.pairs / (4 * 365))
    assert found.low < -0.008 < found.high
    assert year_on_year(daily) == found, "the same seed, the same interval"


@pytest.mark.parametrize("rate", [-0.02, -0.005, 0.0, 0.01])
def test_two_years_in_closed_form(rate):
    """Without noise every pair differs by the same share of its season, over the median level of the first year."""
    day = np.arange(730)
    flat = year_on_year(0.8 * (1 + rate * day / 365))
    assert flat.rate == pytest.approx(rate / (1 + rate * 182 / 365), abs=1e-12)
    assert (flat.low, flat.high, flat.pairs, flat.share) == (flat.rate, flat.rate, 365, 1.0) or rate
    # A season that is at its median in the middle of the year leaves the median of the differences where it was.
    season = 1 + 0.3 * (day % 365 - 182) / 182
    falling = year_on_year(season * (1 + rate * (day // 365)))
    assert falling.rate == pytest.approx(rate, abs=1e-12)


def test_the_interval_holds_the_truth():
    inside = sum(
        found.low <= -0.008 <= found.high for found in (year_on_year(plant(seed=n), draws=300) for n in range(60))
    )
    assert inside >= 0.8 * 60


def test_a_fault_of_a_month_does_not_move_it():
    daily = plant(noise=0.01)
    broken = daily.copy()
    broken[1000:1030] *= 0.4
    assert year_on_year(broken).rate == pytest.approx(year_on_year(daily).rate, abs=0.0008)


def test_too_little_is_refused():
    for daily in (plant(1), np.full(900, np.nan), np.ones(600)):
        with pytest.raises(Refusal) as refused:
            year_on_year(daily)
        assert refused.value.code == "degradation-too-short"


def test_performance_against_an_expected_yield():
    expected = np.array([0.0, 10, 20, 10, np.nan])
    metered = np.array([0.0, 9, np.nan, 9, 5])
    found = performance_against_expected(metered, expected)
    assert (found.ratio, found.share) == (0.9, 0.5)
    assert performance_against_expected(metered, np.zeros(5)).ratio is None
    assert performance_against_expected(np.full(5, np.nan), expected).ratio is None


def test_availability_weighs_by_what_was_expected():
    expected = np.array([0.0, 10, 20, 10, 40])
    metered = np.array([0.0, 9, 0, np.nan, 38])
    found = availability(metered, expected)
    assert found.ratio == pytest.approx(50 / 70)
    assert found.share == pytest.approx(70 / 80)
    assert availability(np.full(5, np.nan), expected).ratio is None
