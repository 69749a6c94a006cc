"""Weibull fits against scipy and closed forms; roses that keep every hour."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import weibull_min

from jasyl.atlas import Weibull, wind_rose
from jasyl.atlas.wind.rose import coming_from
from jasyl.atlas.wind.weibull import fit, from_moments
from jasyl.texts import Refusal


@pytest.mark.parametrize(("scale", "shape"), [(4.0, 1.2), (8.5, 2.0), (11.0, 3.4)])
def test_likelihood_fit_equals_scipy(scale: float, shape: float):
    sample = np.random.default_rng(7).weibull(shape, 3000) * scale
    found = fit(sample)
    k, _, a = weibull_min.fit(sample, floc=0)
    assert found.shape == pytest.approx(k, rel=2e-4)  # scipy stops its search early
    assert found.scale == pytest.approx(a, rel=2e-4)
    best = weibull_min.logpdf(sample, found.shape, 0, found.scale).sum()
    assert best >= weibull_min.logpdf(sample, k, 0, a).sum() - 1e-9


@given(st.floats(1, 20), st.floats(0.6, 8))
def test_moments_give_back_the_distribution(scale: float, shape: float):
    known = Weibull(scale, shape)
    a, k = from_moments(known.mean, known.moment(3))
    assert a == pytest.approx(scale, rel=1e-6)
    assert k == pytest.approx(shape, rel=1e-6)


def test_closed_forms():
    rayleigh = Weibull(8, 2)
    assert rayleigh.mean == pytest.approx(8 * np.sqrt(np.pi) / 2)
    assert rayleigh.moment(2) == pytest.approx(64)
    assert rayleigh.exceeds(8) == pytest.approx(np.exp(-1))
    speeds = np.linspace(0, 60, 600_001)
    np.testing.assert_allclose(np.trapezoid(rayleigh.density(speeds), speeds), 1, rtol=1e-8)
    np.testing.assert_allclose(rayleigh.density(speeds[1:]), weibull_min.pdf(speeds[1:], 2, 0, 8), rtol=1e-12)


def test_weights_count_as_repetition_and_calms_are_left_out():
    sample = np.array([2.0, 5.0, 9.0, 0.0, np.nan])
    once, repeated = fit(sample, [1, 3, 2, 50, 1]), fit(np.array([2.0, 5, 5, 5, 9, 9]))
    assert (once.scale, once.shape) == pytest.approx((repeated.scale, repeated.shape), rel=1e-12)
    for refused in ([], [0.0, 0.0], [3.0, 3.0]):
        with pytest.raises(Refusal):
            fit(refused)


def test_impossible_moments_are_missing():
    a, k = from_moments([5.0, 5.0, np.nan], [125.0, 1e9, 300.0])
    assert np.isnan(k).all()
    assert np.isnan(a).all()


@pytest.mark.parametrize("sectors", [12, 16])
def test_rose_keeps_every_hour_and_all_energy(sectors):
    rng = np.random.default_rng(2)
    speed, direction = rng.weibull(2, 4000) * 7, rng.uniform(-360, 720, 4000)
    speed[:7], direction[7:9] = np.nan, np.nan
    rose = wind_rose(speed, direction, sectors)
    assert rose.hours == 3991
    assert rose.frequency.sum() + rose.calm == pytest.approx(1)
    assert rose.energy.sum() == pytest.approx(1)
    assert len(rose.directions) == sectors
    mean = np.nansum(rose.frequency * rose.mean_speed)
    blowing = np.isfinite(speed) & np.isfinite(direction) & (speed >= 0.5)
    assert mean == pytest.approx(speed[blowing].sum() / 3991)
    assert all(one is not None for one in rose.weibull)
    assert len(rose.as_data()["sectors"]) == sectors  # type: ignore[arg-type]


def test_sectors_are_centred_on_north_and_name_where_the_wind_comes_from():
    rose = wind_rose([5.0] * 4, [359.0, 14.9, 15.1, 90.0])
    assert (rose.frequency * 4).tolist() == [2, 1, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]
    assert np.isnan(rose.mean_speed[2])
    # Air that moves to the east (u = 1, v = 0; heading 90°) is a west wind.
    assert coming_from(np.arctan2(1.0, 0.0)) == pytest.approx(270)
    assert coming_from(np.arctan2(0.0, -1.0)) == pytest.approx(0)
    still = wind_rose([0.1, 0.2], [10.0, 20.0])
    assert still.calm == 1
    assert wind_rose([], []).hours == 0
