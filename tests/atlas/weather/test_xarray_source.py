"""An xarray dataset gives the same chunks as the arrays it was made of."""

import numpy as np
import pandas as pd
import pytest
import xarray as xr

from jasyl.atlas.weather.memory import MemorySource
from jasyl.atlas.weather.xarray_source import XarraySource
from jasyl.texts import Refusal

HOUR = 3_600_000_000
HOURS = 30


@pytest.fixture
def dataset() -> xr.Dataset:
    values = np.random.default_rng(0).normal(280, 5, (HOURS, 3, 4)).astype(np.float32)
    return xr.Dataset(
        {
            "temperature": (("time", "lat", "lon"), values),
            "height": (("lat", "lon"), values[0]),
            "station": (("time",), values[:, 0, 0]),
        },
        coords={
            "time": pd.date_range("2024-01-01T01", periods=HOURS, freq="h"),
            "lat": [50.0, 50.25, 50.5],
            "lon": [70.0, 70.25, 70.5, 70.75],
        },
    )


def test_chunks_are_turned_north_first_and_stamped_at_the_start(dataset: xr.Dataset):
    source = XarraySource(dataset, chunk_steps=12)
    assert source.fields == ("temperature", "height")
    assert (source.step, source.steps, source.chunk_count) == (HOUR, HOURS, 3)
    assert source.start == int(np.datetime64("2024-01-01", "us").astype(np.int64))
    assert XarraySource(dataset, stamps="start").start == source.start + HOUR
    assert source.span(2) == (source.start + 24 * HOUR, source.start + 30 * HOUR)
    chunk = source.read(1, ("temperature", "height"))
    stored = dataset["temperature"].values
    assert (chunk.fields["temperature"] == stored[12:24, ::-1]).all()
    assert (chunk.fields["height"] == stored[0, ::-1]).all()
    parts = list(source.chunks(("temperature",), source.start + 6 * HOUR, source.start + 20 * HOUR))
    assert [part.steps for part in parts] == [6, 8]
    assert (source.series("temperature", 0, 3) == stored[:, 2, 3]).all()
    assert len(source.series("temperature", 0, 3, source.start + 99 * HOUR)) == 0
    arrays = {name: np.ascontiguousarray(source.read(0, (name,)).fields[name]) for name in ("height",)}
    assert MemorySource(source.grid, source.start, HOUR, arrays).fields == ("height",)


def test_the_digest_tells_datasets_apart(dataset: xr.Dataset):
    same = XarraySource(dataset.copy(deep=True), chunk_steps=7).digest
    assert XarraySource(dataset).digest == same
    assert XarraySource(dataset + 1).digest != same


def test_what_is_no_even_weather_is_refused(dataset: xr.Dataset):
    with pytest.raises(Refusal) as refusal:
        XarraySource(dataset.isel(time=[0, 1, 2, 5, 6]))
    assert refusal.value.code == "weather-gaps"
    with pytest.raises(Refusal) as refusal:
        XarraySource(dataset.rename(lat="northing"))
    assert refusal.value.code == "weather-crs"
