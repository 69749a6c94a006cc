"""A dataset as xarray opened it is read from its file; one that was changed in any way is not."""

import numpy as np
import pyproj
import pytest
import xarray as xr
from benchmarks.weather_year import write_cutout

from jasyl.atlas import pv, wind_power
from jasyl.atlas.weather.opened_file import opened_file

FIELDS = ("wnd100m", "roughness")
TURBINE = "Vestas_V112_3MW"
# Where netCDF4 has read before PROJ is awake, the libraries of the two wheels break each other: atlite, tested later in
# the same process, would end it.
pyproj.CRS(4326)


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    path = tmp_path_factory.mktemp("opened") / "days.nc"
    write_cutout(path, window=(60, 46, 64, 50), degrees=1, hours=72)
    return path


@pytest.fixture
def opened(file):
    with xr.open_dataset(file, chunks={}) as dataset:
        yield dataset


def test_the_file_behind_an_opened_dataset_gives_the_same_power(opened):
    assert opened_file(opened, FIELDS) is not None
    held = opened.load()
    assert opened_file(held, FIELDS) is None
    with xr.open_dataset(opened.encoding["source"], chunks={}) as lazy:
        for aggregate in ("mean", None):
            found = wind_power(lazy, TURBINE, aggregate_time=aggregate)
            wanted = wind_power(held, TURBINE, aggregate_time=aggregate)
            xr.testing.assert_allclose(found, wanted, rtol=1e-12)
        xr.testing.assert_allclose(pv(lazy), pv(held), rtol=1e-12)


@pytest.mark.parametrize(
    "change",
    [
        lambda one: one * 1,
        lambda one: one.isel(time=slice(1, None)),
        lambda one: one.sortby("y", ascending=False),
        lambda one: one.assign_coords(y=one["y"] + 1),
        lambda one: one.assign_coords(y=one["y"].values[::-1]),
        lambda one: one.assign_coords(time=one["time"] + np.timedelta64(1, "h")),
        lambda one: one.drop_vars("roughness").rename(albedo="roughness"),
        lambda one: one.assign(roughness=one["roughness"].where(one["roughness"] > 0.1)),
    ],
    ids=["reckoned", "cut", "turned", "moved", "mirrored", "later", "renamed", "masked"],
)
def test_a_changed_dataset_is_read_itself(opened, change):
    changed = change(opened)
    assert opened_file(changed, FIELDS) is None
    found = wind_power(changed, TURBINE, aggregate_time="mean")
    xr.testing.assert_allclose(found, wind_power(changed.load(), TURBINE, aggregate_time="mean"), rtol=1e-12)
