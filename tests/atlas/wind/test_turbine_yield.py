"""Yields from histograms against the mean over the hours themselves, within the stated bound."""

import numpy as np
import pytest

from jasyl.atlas import Losses, turbine, turbine_yield, turbines, wind_climate
from jasyl.atlas.weather.memory import MemorySource
from jasyl.atlas.wind.capacity import capacity_factors
from jasyl.atlas.wind.climate import NODES, WindClimate
from jasyl.atlas.wind.density import density_at, power_density
from jasyl.atlas.wind.power_curve import power_at_density
from jasyl.atlas.wind.profile import logarithmic
from jasyl.atlas.wind.turbine_yield import error_bound
from jasyl.texts import Refusal


@pytest.fixture(scope="module")
def climate(source: MemorySource) -> WindClimate:
    return wind_climate(source)


@pytest.fixture(scope="module")
def hourly(source: MemorySource) -> dict[str, np.ndarray]:
    return {name: values.astype(np.float64) for name, values in source.arrays.items()}


def test_every_turbine_within_its_bound(source: MemorySource, climate: WindClimate):
    worst = 0.0
    for one in turbines().values():
        exact = one.curve.per_unit(source.arrays["wnd100m"].astype(np.float64)).mean(axis=0)
        found = turbine_yield(climate, one.curve)
        bound = error_bound(climate, one.curve)
        assert (np.abs(found - exact) <= bound).all(), one.id
        worst = max(worst, float(np.abs(found - exact).max()))
    assert worst < 5e-3


def test_without_winds_near_cut_out_it_is_the_mean_over_the_hours(source: MemorySource):
    calm = {**source.arrays, "wnd100m": np.minimum(source.arrays["wnd100m"], np.float32(20))}
    quiet = MemorySource(source.grid, source.start, source.step, calm)
    curve = turbine("Vestas_V112_3MW").curve
    found = turbine_yield(wind_climate(quiet), curve)
    exact = curve.per_unit(calm["wnd100m"].astype(np.float64)).mean(axis=0)
    np.testing.assert_allclose(found, exact, atol=3e-6)
    assert error_bound(wind_climate(quiet), curve).max() < 1e-5


@pytest.mark.parametrize("hub_height", [60, 80, 135, 160])
def test_other_hub_heights(source: MemorySource, climate: WindClimate, hub_height: float):
    curve = turbine("E-126/4200").curve
    exact = capacity_factors(source, curve, hub_height).mean
    found = turbine_yield(climate, curve, hub_height)
    # The bound at 100 m, and what steps and bends between nodes add.
    assert np.abs(found - exact).max() < 2e-3
    assert np.abs(found - exact).mean() < 3e-4
    assert np.abs(found - turbine_yield(climate, curve)).min() > 1e-3


def test_means_of_the_climate(climate: WindClimate, hourly: dict[str, np.ndarray], source: MemorySource):
    speed, roughness = hourly["wnd100m"], hourly["roughness"]
    np.testing.assert_allclose(climate.mean_speed(), speed.mean(axis=0), rtol=1e-6)
    for height in (50, 160):
        expected = logarithmic(speed, 100, height, roughness).mean(axis=0)
        np.testing.assert_allclose(climate.mean_speed(height), expected, rtol=2e-6)
    warmth = hourly["temperature"] * (1 - 0.0065 * 98 / 288.15)
    density = density_at(hourly["height"] + 100, warmth)
    expected = power_density(speed, density).mean(axis=0)
    np.testing.assert_allclose(climate.power_density(), expected, rtol=1e-5)
    assert ((climate.air_density() > 0.8) & (climate.air_density() < 1.5)).all()
    assert climate.histogram.shape == (speed[0].size, NODES)
    assert (climate.histogram.sum(axis=1, dtype=np.int64) == 240 * 4096).all()
    scale, shape = climate.weibull()
    from scipy.special import gamma

    np.testing.assert_allclose(scale * gamma(1 + 1 / shape), speed.mean(axis=0), rtol=1e-6)
    np.testing.assert_allclose(scale**3 * gamma(1 + 3 / shape), (speed**3).mean(axis=0), rtol=1e-5)
    months = np.unique((np.array([source.start, source.start + 239 * source.step]) // 1000 + 5 * 3_600_000)
                       .astype("datetime64[ms]").astype("datetime64[M]").astype(int) % 12)  # fmt: skip
    assert set(climate.months.tolist()) >= set(months.tolist())


def test_density_correction_is_that_of_each_cell(source: MemorySource, climate: WindClimate):
    curve = turbine("Vestas_V112_3MW").curve
    density = climate.air_density()
    found = turbine_yield(climate, curve, density=density)
    for row, column in ((0, 0), (7, 9)):
        speed = source.arrays["wnd100m"][:, row, column].astype(np.float64)
        exact = power_at_density(curve, speed, np.full(speed.shape, density[row, column])).mean() / curve.rated
        assert found[row, column] == pytest.approx(exact, abs=2e-3)
    plain = turbine_yield(climate, curve, density=np.full(source.grid.shape, 1.225))
    np.testing.assert_allclose(plain, turbine_yield(climate, curve), atol=3e-3)
    holed = density.copy()
    holed[0, 0] = np.nan
    assert np.isnan(turbine_yield(climate, curve, density=holed)[0, 0])


def test_losses_and_bias(climate: WindClimate):
    curve = turbine("Vestas_V112_3MW").curve
    losses = Losses(wake=0.08, availability=0.03, electrical=0.02)
    assert losses.factor == pytest.approx(0.92 * 0.97 * 0.98)
    np.testing.assert_allclose(
        turbine_yield(climate, curve, losses=losses), turbine_yield(climate, curve) * losses.factor, rtol=1e-12
    )
    stronger = turbine_yield(climate, curve, bias=np.full(climate.grid.shape, 1.15))
    assert (stronger > turbine_yield(climate, curve)).mean() > 0.9
    with pytest.raises(Refusal):
        Losses(wake=8)


def test_integers_and_missing_cells(packed: MemorySource, source: MemorySource, climate: WindClimate):
    stored = packed.arrays["wnd100m"].copy()
    stored[:, 2, 2] = -32768
    holed = MemorySource(packed.grid, packed.start, packed.step, {**packed.arrays, "wnd100m": stored}, packed.packing)
    found = wind_climate(holed)
    curve = turbine("Vestas_V112_3MW").curve
    yields = turbine_yield(found, curve)
    assert np.isnan(yields[2, 2])
    assert np.isnan(turbine_yield(found, curve, 80)[2, 2])
    assert np.isnan(found.mean_speed()[2, 2])
    assert found.last_nodes.reshape(packed.grid.shape)[2, 2] == -1
    others = np.ones(packed.grid.shape, bool)
    others[2, 2] = False
    np.testing.assert_allclose(yields[others], turbine_yield(climate, curve)[others], rtol=1e-3)
    assert found.altitude is None
    for threads in (1, 2, 4):
        again = wind_climate(source, threads=threads)
        assert (again.sums == climate.sums).all()
        assert (again.histogram == climate.histogram).all()


def test_speeds_beyond_the_last_node_count_there(source: MemorySource):
    gale = {**source.arrays, "wnd100m": source.arrays["wnd100m"] * 0 + np.float32(55)}
    found = wind_climate(MemorySource(source.grid, source.start, source.step, gale))
    assert (found.histogram[:, -1] == 240 * 4096).all()
    assert (turbine_yield(found, turbine("Vestas_V112_3MW").curve) == 0).all()


def test_a_climate_needs_its_fields(source: MemorySource):
    bare = MemorySource(source.grid, source.start, source.step, {"wnd100m": source.arrays["wnd100m"]})
    with pytest.raises(Refusal, match="roughness"):
        wind_climate(bare)
    with pytest.raises(Refusal):
        wind_climate(source, height=60)
