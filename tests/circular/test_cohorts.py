"""Cohort stocks beside scipy's distributions in a plain double loop (flodym's formulation), closed forms, laws."""

import math

import numpy as np
import pytest
import scipy.stats
from hypothesis import given, settings
from hypothesis import strategies as st

from jasyl.circular import (
    ENTRIES,
    Standing,
    fixed,
    inflow_driven,
    lognormal,
    normal,
    path,
    stock_driven,
    weibull,
    weibull_of,
)
from jasyl.texts import Refusal

AGE = {"start": 1.0, "middle": 0.5, "end": 0.0}
YEARS = 30


def _log(mean, sd):
    spread = math.sqrt(math.log(1 + (sd / mean) ** 2))
    return scipy.stats.lognorm(s=spread, scale=mean / math.exp(spread**2 / 2))


PEERS = {
    "weibull": (weibull(2.1, 17.0), scipy.stats.weibull_min(2.1, scale=17.0)),
    "lognormal": (lognormal(14.0, 6.0), _log(14.0, 6.0)),
    "normal": (normal(9.0, 5.0), scipy.stats.norm(9.0, 5.0)),
}


def _double_loop(inflow, survival, age):
    """Years × cohorts, one product at a time: stock and outflow as flodym's InflowDrivenDSM defines them."""
    span = len(inflow)
    held = np.zeros((span, span))
    for cohort in range(span):
        for year in range(cohort, span):
            held[year, cohort] = inflow[cohort] * survival(year - cohort + age)
    out = np.zeros((span, span))
    for cohort in range(span):
        out[cohort, cohort] = inflow[cohort] - held[cohort, cohort]
        for year in range(cohort + 1, span):
            out[year, cohort] = held[year - 1, cohort] - held[year, cohort]
    return held, out


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("kind", PEERS)
def test_inflow_driven_equals_a_double_loop_over_scipys_distributions(kind, entry):
    lifetime, peer = PEERS[kind]
    inflow = np.random.default_rng(1).uniform(0, 100, YEARS)
    held, out = _double_loop(inflow, peer.sf, AGE[entry])
    made = inflow_driven(inflow, lifetime, 1990, entry=entry)
    np.testing.assert_allclose(made.stock, held.sum(axis=1), rtol=1e-12)
    np.testing.assert_allclose(made.outflow, out.sum(axis=1), rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(made.by_cohort(2019), held[-1], rtol=1e-12)
    np.testing.assert_allclose(made.outflow_by_cohort(2010), out[20], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("kind", PEERS)
def test_stock_driven_gives_back_the_inflow_that_made_the_stock(kind, entry):
    lifetime, _ = PEERS[kind]
    inflow = np.random.default_rng(2).uniform(1, 100, (YEARS, 3, 2))
    made = inflow_driven(inflow, lifetime, 1990, entry=entry)
    again = stock_driven(made.stock, lifetime, 1990, entry=entry)
    np.testing.assert_allclose(again.inflow, inflow, rtol=1e-9)
    np.testing.assert_allclose(again.outflow, made.outflow, rtol=1e-9, atol=1e-9)


def test_the_moment_of_entry_changes_the_stock_by_the_part_of_a_year():
    inflow = np.full(200, 10.0)
    stocks = [inflow_driven(inflow, weibull(1.0, 20.0), 1, entry=entry).stock[-1] for entry in ENTRIES]
    # Exponential lifetimes in a steady state: 10 · e^(−age/20) / (1 − e^(−1/20)).
    closed = [10 * math.exp(-AGE[entry] / 20) / -math.expm1(-1 / 20) for entry in ENTRIES]
    np.testing.assert_allclose(stocks, closed, rtol=1e-4)
    assert stocks[2] / stocks[0] == pytest.approx(math.exp(1 / 20))


def test_fixed_lifetimes_leave_all_at_once():
    inflow = np.zeros(12)
    inflow[0] = 5
    made = inflow_driven(inflow, fixed(3.5), 2000, entry="end")
    assert made.stock.tolist() == [5, 5, 5, 5, *[0] * 8]
    assert made.outflow.tolist() == [0, 0, 0, 0, 5, *[0] * 7]


@pytest.mark.parametrize(("mean", "sd"), [(60, 12), (30, 30), (50, 100), (80, 4.5)])
def test_a_weibull_of_mean_and_deviation_has_them(mean, sd):
    made = weibull_of(mean, sd)
    peer = scipy.stats.weibull_min(float(made.second), scale=float(made.first))
    assert (peer.mean(), peer.std(), float(made.mean())) == pytest.approx((mean, sd, mean), rel=1e-9)


def test_products_and_regions_are_computed_at_once_as_they_are_alone():
    generator = np.random.default_rng(3)
    inflow = generator.uniform(0, 9, (20, 4, 3))
    means = np.array([[5.0], [12.0], [30.0], [60.0]])
    both = inflow_driven(inflow, lognormal(means, means / 3), 2000)
    for product in range(4):
        mean = float(means[product, 0])
        alone = inflow_driven(inflow[:, product, 1], lognormal(mean, mean / 3), 2000)
        np.testing.assert_allclose(both.stock[:, product, 1], alone.stock, rtol=1e-12)


def test_lifetimes_by_cohort_that_are_all_alike_change_nothing():
    inflow = np.random.default_rng(4).uniform(0, 9, (15, 2))
    same = weibull(np.full((15, 1), 2.0), np.full((15, 1), 8.0), by_cohort=True)
    plain = inflow_driven(inflow, weibull(2.0, 8.0), 2000)
    np.testing.assert_allclose(inflow_driven(inflow, same, 2000).stock, plain.stock, rtol=1e-12)
    np.testing.assert_allclose(stock_driven(plain.stock, same, 2000).inflow, inflow, rtol=1e-9)


def test_later_products_that_last_longer_leave_later():
    inflow = np.full(40, 1.0)
    better = weibull(2.0, np.linspace(10, 40, 40), by_cohort=True)
    assert inflow_driven(inflow, better, 1).stock[-1] > 1.5 * inflow_driven(inflow, weibull(2.0, 10.0), 1).stock[-1]


@pytest.mark.parametrize("entry", ENTRIES)
def test_a_model_begun_later_from_what_stands_goes_on_as_the_whole(entry):
    inflow = np.random.default_rng(5).uniform(1, 9, (30, 2))
    whole = inflow_driven(inflow, weibull(2.5, 11.0), 1990, entry=entry)
    standing = Standing(tuple(range(1990, 2005)), whole.by_cohort(2004)[:15])
    later = inflow_driven(inflow[15:], weibull(2.5, 11.0), 2005, entry=entry, standing=standing)
    np.testing.assert_allclose(later.stock, whole.stock[15:], rtol=1e-12)
    np.testing.assert_allclose(later.outflow, whole.outflow[15:], rtol=1e-9)
    np.testing.assert_allclose(later.by_cohort(2012), whole.by_cohort(2012), rtol=1e-12)
    np.testing.assert_allclose(later.mean_age(2019), whole.mean_age(2019), rtol=1e-12)
    driven = stock_driven(later.stock, weibull(2.5, 11.0), 2005, entry=entry, standing=standing)
    np.testing.assert_allclose(driven.inflow, inflow[15:], rtol=1e-9)


def test_mean_age_of_what_leaves_comes_near_the_mean_lifetime():
    made = inflow_driven(np.full(300, 7.0), weibull_of(40, 10), 1)
    assert made.mean_age(300, leaving=True) == pytest.approx(40, abs=0.1)


def test_a_stock_that_falls_faster_than_products_age():
    wanted = [10.0, 2.0, 4.0]
    allowed = stock_driven(wanted, weibull(3.0, 30.0), 2000)
    assert allowed.inflow[1] < 0
    retired = stock_driven(wanted, weibull(3.0, 30.0), 2000, shortfall="retire")
    assert retired.inflow[1] == 0
    assert retired.outflow[1] > 7.9
    for year, amount in zip(retired.years, wanted, strict=True):
        assert retired.by_cohort(year).sum() == pytest.approx(amount)


def test_paths_are_straight_between_their_points_and_end_there():
    assert path({2020: 1.0, 2030: 3.0}, [2020, 2025, 2030]).tolist() == [1.0, 2.0, 3.0]
    with pytest.raises(Refusal, match="2030"):
        path({2020: 1.0, 2030: 3.0}, [2020, 2031])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.floats(0, 1e6), min_size=1, max_size=12),
    st.floats(0.3, 5),
    st.floats(0.6, 60),
    st.sampled_from(ENTRIES),
)
def test_mass_is_kept_and_cohorts_add_up(inflow, shape, scale, entry):
    made = inflow_driven(inflow, weibull(shape, scale), 2000, entry=entry)
    assert made.inflow.sum() == pytest.approx(made.outflow.sum() + made.stock[-1], rel=1e-9, abs=1e-9)
    for year, stock in zip(made.years, made.stock, strict=True):
        assert made.by_cohort(year).sum() == pytest.approx(stock, rel=1e-9, abs=1e-9)
    assert (made.outflow >= -1e-6).all()


@pytest.mark.parametrize(
    ("code", "make"),
    [
        ("lifetime-parameter", lambda: weibull(0, 5)),
        ("lifetime-parameter", lambda: normal(math.nan, 5)),
        ("lifetime-parameter", lambda: weibull_of(10, 80)),
        ("stock-amount", lambda: inflow_driven([1, -2], fixed(3), 2000)),
        ("stock-amount", lambda: inflow_driven([1, math.nan], fixed(3), 2000)),
        ("stock-shape", lambda: inflow_driven(np.ones((4, 2)), fixed([1.0, 2.0, 3.0]), 2000)),
        ("stock-shape", lambda: inflow_driven(np.ones((4, 2)), fixed(np.ones((3, 2)), by_cohort=True), 2000)),
        ("stock-shape", lambda: inflow_driven([], fixed(3), 2000)),
        ("stock-shape", lambda: inflow_driven([1.0], fixed(3), 2000, standing=Standing((1990,), np.ones((2,))))),
        ("stock-entry", lambda: inflow_driven([1.0], fixed(3), 2000, entry="noon")),
        ("stock-standing", lambda: inflow_driven([1.0], fixed(3), 2000, standing=Standing((2000,), np.ones(1)))),
        ("stock-lifetime", lambda: stock_driven([1.0, 1.0], fixed(0.5), 2000, entry="start")),
    ],
)
def test_what_cannot_be_is_refused(code, make):
    with pytest.raises(Refusal) as refused:
        make()
    assert refused.value.code == code


def test_years_outside_the_model_have_no_cohorts():
    with pytest.raises(KeyError):
        inflow_driven([1.0], fixed(3), 2000).by_cohort(2001)
