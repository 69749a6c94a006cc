"""A converted store holds what the cutout holds, in both chunkings, for our reader and for everybody else's."""

import pickle

import numpy as np
import pytest
import xarray
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jasyl.atlas.weather import Wish, convert, open_store, stores, verify
from jasyl.jobs import Silent
from jasyl.quantities import canonical_json
from jasyl.texts import LANGUAGES, Refusal

from .published import FIRST, HOURS

HOUR = 3_600_000_000


@pytest.fixture
def truth(cutout):
    with xarray.open_dataset(cutout, engine="h5netcdf") as found:
        yield found.sortby("y", ascending=False).load()


def test_chunks_are_the_cutout_north_first(folder, converted, truth):
    source = open_store(folder, "small")
    assert source.start == int(np.datetime64(FIRST, "us").astype(int)) - HOUR  # a stamp of ERA5 closes its hour
    assert (source.steps, source.step, source.grid.shape) == (HOURS, HOUR, (7, 10))
    assert source.chunk_count == 3
    assert source.grid.latitudes[0] == truth.y[0] == 45.5
    fields = [name for name in source.fields if name != "height"]
    assert len(fields) == 12
    for name in fields:
        stored = np.concatenate([chunk.fields[name] for chunk in source.chunks([name])])
        np.testing.assert_array_equal(stored, truth[name].values.astype(np.float32))
        assert not stored.flags.writeable or stored.base is None
    np.testing.assert_array_equal(source.read(0, ["height"]).fields["height"], truth["height"].values)
    chunk = source.read(2, ["temperature"])
    assert chunk.fields["temperature"].flags.c_contiguous
    assert (chunk.steps, source.span(2)) == (48, (chunk.start, chunk.end))


def test_other_readers_find_the_same(folder, converted, truth):
    source = open_store(folder, "small")
    for group, order in (("map.zarr", ("time", "y", "x")), ("series.zarr", ("y", "x", "time"))):
        with xarray.open_zarr(source.path / group, zarr_format=3, consolidated=False) as found:
            assert found["temperature"].dims == order
            assert found["temperature"].attrs["standard_name"] == "air_temperature"
            assert found["time"].attrs["bounds"] == "time_bnds"
            for name in ("temperature", "influx_direct", "wnd100m"):
                values = found[name].transpose("time", "y", "x").values
                np.testing.assert_array_equal(values, truth[name].values.astype(np.float32))
            np.testing.assert_array_equal(found.time + np.timedelta64(1, "h"), truth.time)


@settings(deadline=None, max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    row=st.integers(0, 6),
    column=st.integers(0, 9),
    edges=st.tuples(st.integers(-3, HOURS + 3), st.integers(-3, HOURS + 3)),
)
def test_series_are_columns_of_the_maps(folder, converted, truth, row, column, edges):
    source = open_store(folder, "small")
    low, high = sorted(edges)
    series = source.series("wnd100m", row, column, source.start + low * HOUR, source.start + high * HOUR)
    np.testing.assert_array_equal(series, truth["wnd100m"].values[max(low, 0) : max(high, 0), row, column])


def test_series_of_everything_and_of_a_constant(folder, converted, truth):
    source = open_store(folder, "small")
    np.testing.assert_array_equal(source.series("albedo", 6, 9), truth["albedo"].values[:, 6, 9])
    height = source.series("height", 1, 2, end=source.start + 5 * HOUR)
    np.testing.assert_array_equal(height, np.full(5, truth["height"].values[1, 2]))


def test_packed_values_are_the_nearest_sixteenths(folder, cutout, small_shards, truth):
    convert(folder, str(cutout), "packed", Wish(packing="int16"))
    source = open_store(folder, "packed")
    chunk = source.read(0, ["temperature", "roughness"])
    assert chunk.fields["temperature"].dtype == np.int16
    assert chunk.packing == {"temperature": (0.005, 260.0)}
    assert chunk.fields["roughness"].dtype == np.float32
    for name, tolerance in (("temperature", 0.00255), ("influx_direct", 0.02505), ("wnd100m", 0.001005)):
        values = np.concatenate([chunk.unpacked(name) for chunk in source.chunks([name])])
        np.testing.assert_allclose(values, truth[name].values, rtol=0, atol=tolerance)
        np.testing.assert_array_equal(source.series(name, 3, 4), values[:, 3, 4])
    # No light is no light, exactly.
    night = truth["influx_direct"].values == 0
    packed = np.concatenate([chunk.unpacked("influx_direct") for chunk in source.chunks(["influx_direct"])])
    assert night.any()
    assert not packed[night].any()
    with xarray.open_zarr(source.path / "map.zarr", zarr_format=3, consolidated=False) as found:
        np.testing.assert_allclose(found["temperature"].values, truth["temperature"].values, rtol=0, atol=0.00255)


def test_a_span_of_chunks_is_cut(folder, converted, truth):
    source = open_store(folder, "small")
    low, high = source.start + 50 * HOUR, source.start + 100 * HOUR
    found = list(source.chunks(["temperature"], low, high))
    assert [chunk.steps for chunk in found] == [46, 4]
    assert (found[0].start, found[-1].end) == (low, high)
    joined = np.concatenate([chunk.fields["temperature"] for chunk in found])
    np.testing.assert_array_equal(joined, truth["temperature"].values[50:100])


def test_the_record_says_whence_and_binds_every_number(folder, converted, cutout):
    assert converted.product == "atlite-cutout"
    assert converted.inputs.keys() == {cutout.name}
    assert converted.source.licence == "CC BY 4.0"
    assert converted.gaps == converted.notes == ()
    assert converted.by_name["temperature"].units == "K"
    assert float(converted.by_name["influx_toa"].highest or 0) > 900
    assert [record.name for record in stores(folder)] == ["small"]
    assert open_store(folder, "small").digest == converted.digest
    assert canonical_json(converted.as_data()) == converted.canonical()
    verify(open_store(folder, "small"), Silent())


def test_a_source_travels_to_another_process(folder, converted):
    source = pickle.loads(pickle.dumps(open_store(folder, "small")))
    assert source.digest == converted.digest


@pytest.mark.parametrize("part", ["map.zarr/temperature/c/0/0/0", "series.zarr/temperature/c/0/0/0", "checksums.json"])
def test_a_changed_byte_is_found(folder, converted, part):
    source = open_store(folder, "small")
    file = source.path / part
    content = bytearray(file.read_bytes())
    content[100] ^= 1
    file.write_bytes(content)
    with pytest.raises(Refusal) as refused:
        verify(open_store(folder, "small"))
    assert refused.value.code == "weather-store-damaged"
    assert all(refused.value.text(language) for language in LANGUAGES)


def test_a_cut_or_missing_file_is_never_zeros(folder, converted):
    source = open_store(folder, "small")
    with (source.path / "map.zarr/albedo/c/0/0/0").open("r+b") as file:
        file.truncate(1000)
    (source.path / "map.zarr/runoff/c/0/0/0").unlink()
    (source.path / "series.zarr/runoff/c/0/0/0").unlink()
    with (source.path / "series.zarr/albedo/c/0/0/0").open("r+b") as file:
        file.truncate(10)
    for name in ("albedo", "runoff"):
        with pytest.raises(Refusal, match="damaged"):
            source.read(0, [name])
        with pytest.raises(Refusal, match="damaged"):
            source.series(name, 0, 0)


@pytest.mark.parametrize("name", ["other", "../small", ".small.part"])
def test_an_unknown_store_is_refused(folder, converted, name):
    with pytest.raises(Refusal) as refused:
        open_store(folder, name)
    assert refused.value.code == "weather-store-unknown"


@pytest.mark.parametrize("change", [lambda text: text[:50], lambda text: text.replace(b"weather-1", b"weather-9")])
def test_a_damaged_record_is_refused(folder, converted, change):
    file = folder.atlas / "weather/small/record.json"
    file.write_bytes(change(file.read_bytes()))
    with pytest.raises(Refusal) as refused:
        open_store(folder, "small")
    assert refused.value.code == "weather-store-damaged"
