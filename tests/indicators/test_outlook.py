"""Trends towards a target: closed forms, what is not projected, and that the interval keeps its promise."""

from decimal import Decimal

import numpy as np
import pytest
from scipy import stats

from jasyl.indicators import Benchmark, outlook

HUNDRED = Benchmark("p", Decimal(100))


def test_a_perfect_line_arrives_where_it_points() -> None:
    made = outlook({2018: 50.0, 2019: 55.0, 2020: 60.0, 2022: 70.0}, HUNDRED, "higher")
    assert (made.state, made.last, made.value, made.distance) == ("approaching", 2022, 70, 30)
    assert made.slope == pytest.approx(5)
    assert (made.earliest, made.completion, made.latest) == tuple(pytest.approx(2028, abs=1e-6) for _ in range(3))


def test_less_is_better_and_nearer_is_better() -> None:
    made = outlook({2018: 50.0, 2019: 45.0, 2020: 40.0}, Benchmark("p", Decimal(10)), "lower")
    assert (made.state, made.distance) == ("approaching", 30)
    assert made.completion == pytest.approx(2026)
    above = outlook({2018: 1.4, 2019: 1.3, 2020: 1.2}, Benchmark("p", Decimal(1)), "target")
    assert above.completion == pytest.approx(2022)
    assert outlook({2020: 5.0}, Benchmark("p", Decimal(10)), "lower").state == "reached"
    turned = outlook({2018: 50.0, 2019: 45.0, 2020: 40.0}, Benchmark("p", Decimal(10), direction="higher"), "lower")
    assert (turned.state, turned.distance) == ("reached", -30)


def test_what_is_not_projected() -> None:
    assert outlook({}, HUNDRED, "higher").state == "no_value"
    few = outlook({2019: 10.0, 2020: 20.0}, HUNDRED, "higher")
    assert (few.state, few.reason, few.completion) == ("not_projectable", "few_years", None)
    noise = outlook({2017: 50.0, 2018: 61.0, 2019: 47.0, 2020: 58.0}, HUNDRED, "higher")
    assert (noise.state, noise.reason, noise.latest) == ("not_projectable", "no_trend", None)
    flat = outlook({2018: 50.0, 2019: 50.0, 2020: 50.0}, HUNDRED, "higher")
    assert flat.reason == "no_trend"
    slow = outlook({2018: 50.0, 2019: 50.1, 2020: 50.2}, HUNDRED, "higher")
    assert slow.reason == "far"
    away = outlook({2018: 50.0, 2019: 45.0, 2020: 40.5}, HUNDRED, "higher")
    assert (away.state, away.completion) == ("receding", None)
    assert away.as_data()["state"] == "receding"


def test_edges_are_those_of_the_prediction_interval_of_another_library() -> None:
    years, values = np.arange(2015, 2023), np.array([40, 44, 45, 51, 52, 57, 58, 63.0])
    made = outlook(dict(zip(years.tolist(), values.tolist(), strict=True)), HUNDRED, "higher")
    slope, intercept = np.polyfit(years - 2019, values, 1)
    assert made.slope == pytest.approx(slope)
    rest = values - intercept - slope * (years - 2019)
    sigma = np.sqrt((rest**2).sum() / 6)
    for year, side in ((made.earliest, 1), (made.latest, -1)):
        assert year is not None
        wide = stats.t.ppf(0.95, 6) * sigma * np.sqrt(1 + 1 / 8 + (year - years.mean()) ** 2 / np.var(years) / 8)
        assert intercept + slope * (year - 2019) + side * wide == pytest.approx(100, abs=1e-6)
    assert made.earliest is not None
    assert made.completion is not None
    assert made.latest is not None
    assert made.earliest < made.completion < made.latest


def test_the_interval_of_a_projected_year_keeps_its_promise() -> None:
    """Of lines with noise, the year in which the true line reaches the target lies in the interval at least as often
    as promised (the interval is that of a new value, wider than that of the line)."""
    chance = np.random.default_rng(12)
    years = list(range(2010, 2020))
    inside = made = 0
    for _ in range(300):
        values = {year: 20 + 4 * (year - 2010) + chance.normal(0, 3) for year in years}
        found = outlook(values, HUNDRED, "higher")
        if found.latest is not None and found.earliest is not None:
            made += 1
            inside += found.earliest <= 2030 <= found.latest
    assert made == 300
    assert inside / made > 0.9
