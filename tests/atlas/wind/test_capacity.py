"""Capacity factors against atlite 0.7 and against plain arithmetic."""

import warnings
from typing import Any

import numpy as np
import pytest
from scipy.sparse import csr_matrix
from scipy.sparse import random as random_matrix

from jasyl.atlas import turbine
from jasyl.atlas.weather.bins import time_bins
from jasyl.atlas.weather.chunk import MISSING
from jasyl.atlas.weather.memory import MemorySource
from jasyl.atlas.wind.capacity import Regions, capacity_factors, hub_wind, regional_output
from jasyl.atlas.wind.power_curve import PowerCurve
from jasyl.texts import Refusal

TURBINES = ("Vestas_V112_3MW", "NREL_ReferenceTurbine_2020ATB_5.5MW", "Bonus_B1000_1000kW")
FLOOR = 1e-3


def of_atlite(cutout: Any, **arguments: Any) -> np.ndarray:
    """What atlite gives, rows turned north first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found = cutout.wind(**arguments)
    return found.values[::-1] if found.dims == ("y", "x") else found.values


@pytest.mark.parametrize("name", TURBINES)
@pytest.mark.parametrize("law", ["logarithmic", "power"])
def test_map_equals_atlite(source: MemorySource, atlite_cutout: Any, name: str, law: Any):
    type_ = turbine(name)
    ours = capacity_factors(source, type_.curve, type_.hub_height(), law=law).mean
    theirs = of_atlite(atlite_cutout, turbine=name, aggregate_time="mean", interpolation_method=law,
                       add_cutout_windspeed=True)  # fmt: skip
    assert ours.shape == theirs.shape
    assert np.abs(ours / theirs - 1).max() <= 1e-6


def test_smoothed_map_equals_atlite(source: MemorySource, atlite_cutout: Any):
    type_ = turbine(TURBINES[0])
    ours = capacity_factors(source, type_.curve.smoothed(), type_.hub_height()).mean
    theirs = of_atlite(atlite_cutout, turbine=TURBINES[0], aggregate_time="mean", smooth=True)
    assert np.abs(ours / theirs - 1).max() <= 1e-6


def test_map_of_packed_integers_equals_atlite(packed: MemorySource, atlite_cutout: Any):
    type_ = turbine(TURBINES[0])
    ours = capacity_factors(packed, type_.curve, type_.hub_height()).mean
    theirs = of_atlite(atlite_cutout, turbine=TURBINES[0], aggregate_time="mean")
    assert np.abs(ours / theirs - 1).max() <= 1e-4


def test_hourly_regions_equal_atlite(source: MemorySource, atlite_cutout: Any):
    rows, columns = source.grid.shape
    matrix = random_matrix(20, rows * columns, density=0.2, random_state=5, format="csr")
    north_first = matrix.toarray().reshape(20, rows, columns)[:, ::-1].reshape(20, -1)
    type_ = turbine(TURBINES[0])
    ours = regional_output(source, type_.curve, type_.hub_height(), Regions.of(north_first))
    theirs = of_atlite(atlite_cutout, turbine=TURBINES[0], matrix=matrix, aggregate_time=None)
    theirs = theirs if theirs.shape == ours.shape else theirs.T
    assert np.abs(ours - theirs).max() > 0  # two ways, not one
    assert (np.abs(ours - theirs) / np.maximum(np.abs(theirs), FLOOR)).max() <= 5e-6


def test_bins_and_threads(source: MemorySource):
    type_ = turbine(TURBINES[0])
    whole = capacity_factors(source, type_.curve, 100, threads=1)
    for threads in (2, 4):
        again = capacity_factors(source, type_.curve, 100, threads=threads)
        assert (again.values == whole.values).all()
    hourly = capacity_factors(source, type_.curve, 100, by="month-hour")
    assert (hourly.labels % 24).max() == 23
    assert hourly.hours.sum() == 240 * source.grid.rows * source.grid.columns
    np.testing.assert_allclose(hourly.mean, whole.mean, rtol=1e-12)
    of_day = hourly.grouped(hourly.labels % 24)
    assert of_day.values.shape == (24, *source.grid.shape)
    speeds = source.arrays["wnd100m"].astype(np.float64)
    bins = time_bins(next(iter(source.chunks(("wnd100m",)))), "month-hour")
    noon = (np.arange(240) + 5 + (source.start // 3_600_000_000) % 24) % 24 == 12
    expected = type_.curve.per_unit(speeds[noon]).mean(axis=0)
    np.testing.assert_allclose(of_day.values[12], expected, rtol=1e-5)
    assert bins.labels.size <= 48


def test_missing_hours_are_left_out_and_missing_cells_stay_missing(source: MemorySource, packed: MemorySource):
    type_ = turbine(TURBINES[0])
    speeds = source.arrays["wnd100m"].copy()
    speeds[::2, 0, 0] = np.nan
    speeds[:, 1, 1] = np.nan
    holed = MemorySource(source.grid, source.start, source.step, {**source.arrays, "wnd100m": speeds})
    found = capacity_factors(holed, type_.curve, 80)
    full = capacity_factors(source, type_.curve, 80)
    assert found.hours[0, 0, 0] == 120
    assert np.isnan(found.mean[1, 1])
    assert found.mean[2, 2] == full.mean[2, 2]
    every_other = MemorySource(
        source.grid, source.start, source.step, {name: np.ascontiguousarray(source.arrays[name][1::2])
                                                 for name in ("wnd100m", "roughness")}
    )  # fmt: skip
    np.testing.assert_allclose(found.mean[0, 0], capacity_factors(every_other, type_.curve, 80).mean[0, 0], rtol=1e-12)
    stored = packed.arrays["wnd100m"].copy()
    stored[:, 3, 3] = MISSING
    holed = MemorySource(packed.grid, packed.start, packed.step, {**packed.arrays, "wnd100m": stored}, packed.packing)
    assert np.isnan(capacity_factors(holed, type_.curve, 80).mean[3, 3])
    regions = Regions.of(np.ones((1, speeds[0].size)))
    assert np.isnan(regional_output(holed, type_.curve, 80, regions)).all()


def test_bad_roughness_is_missing_not_zero(source: MemorySource):
    length = source.arrays["roughness"].copy()
    length[:, 0, 0], length[:, 0, 1] = 0, -1
    odd = MemorySource(source.grid, source.start, source.step, {**source.arrays, "roughness": length})
    found = capacity_factors(odd, turbine(TURBINES[0]).curve, 80)
    assert np.isnan(found.mean[0, :2]).all()
    assert not np.isnan(found.mean[0, 2:]).any()


def test_the_step_at_cut_out_stays_a_step():
    """Hours a hair below cut-out count whole, at and above it not at all; a table spread over it would smear."""
    from jasyl.atlas.grid import Grid

    grid = Grid(0, 3600, 3600, 1, 1)
    speeds = np.array([24.95, 24.999, 25.0, 25.001, 26.0, 2.0], np.float32).reshape(-1, 1, 1)
    curve = turbine("Vestas_V112_3MW").curve
    one = MemorySource(grid, 0, 3_600_000_000, {"wnd100m": speeds})
    assert capacity_factors(one, curve, 100).mean[0, 0] == pytest.approx(2 / 6, abs=1e-6)
    uneven = PowerCurve((0, 3.3337, 12.0041, 25.0007, 25.0007), (0, 0, 1e6, 1e6, 0), 1e6)
    values = np.array([3.0, 3.3337, 7.0, 12.0, 12.01, 25.0, 25.0006, 25.0008], np.float32).reshape(-1, 1, 1)
    one = MemorySource(grid, 0, 3_600_000_000, {"wnd100m": values})
    expected = uneven.per_unit(values.astype(np.float64)).mean()
    assert capacity_factors(one, uneven, 100).mean[0, 0] == pytest.approx(expected, abs=1e-6)


def test_bias_multiplies_speeds(source: MemorySource):
    type_ = turbine(TURBINES[0])
    ratio = np.full(source.grid.shape, 1.1)
    louder = {**source.arrays, "wnd100m": (source.arrays["wnd100m"] * np.float32(1.1))}
    expected = capacity_factors(MemorySource(source.grid, source.start, source.step, louder), type_.curve, 80).mean
    np.testing.assert_allclose(capacity_factors(source, type_.curve, 80, bias=ratio).mean, expected, rtol=1e-6)


def test_choice_of_field_and_refusals():
    assert hub_wind(["wnd10m", "wnd100m", "roughness"], 80).field == "wnd100m"
    assert hub_wind(["wnd10m", "wnd100m", "roughness"], 30).field == "wnd10m"
    assert hub_wind(["wnd100m"], 100.4).law == "as-is"
    with pytest.raises(Refusal, match="roughness"):
        hub_wind(["wnd100m"], 80)
    with pytest.raises(Refusal, match="wnd_shear_exp"):
        hub_wind(["wnd100m", "roughness"], 80, "power")
    with pytest.raises(Refusal, match="wnd100m"):
        hub_wind(["temperature"], 80)


def test_regions_of_a_dense_and_of_a_sparse_matrix_are_the_same():
    matrix = np.array([[0.5, 0, 0, 2], [0, 0, 0, 0], [0, 1, 0.25, 0]])
    for sparse in (csr_matrix(matrix), csr_matrix(matrix).tocoo()):
        for ours, theirs in zip(vars(Regions.of(matrix)).values(), vars(Regions.of(sparse)).values(), strict=True):
            assert ours.dtype == theirs.dtype
            np.testing.assert_array_equal(ours, theirs)


def test_every_kernel_is_compiled_ahead():
    from jasyl.atlas.wind import capacity_loop, climate_kernels

    capacity_loop.compile_now()
    assert len(set(capacity_loop.kept())) == 4
    assert all(loop.ready() for loop in capacity_loop.kept())
    assert climate_kernels.compile_now() == 8 + 2 + 1 + 1
