"""A cutout read as it is, and sources as datasets: the same numbers as other readers, and atlite runs on them."""

import pickle
import warnings

import numpy as np
import pytest
import xarray

from jasyl.atlas.weather import MemorySource, NetCDFSource, as_dataset, open_store
from jasyl.atlas.weather.netcdf import open_netcdf
from jasyl.texts import Refusal

from .published import HOURS, WINDOW, write_small_cutout

HOUR = 3_600_000_000


@pytest.fixture
def truth(cutout):
    with xarray.open_dataset(cutout, engine="h5netcdf") as found:
        yield found.sortby("y", ascending=False).load()


@pytest.fixture
def source(cutout):
    found = NetCDFSource(cutout)
    yield found
    found.close()


def test_a_cutout_is_read_chunk_by_chunk(source, truth):
    assert (source.chunk_count, source.chunk_steps, source.steps) == (3, 100, HOURS)
    assert source.span(2) == (source.start + 200 * HOUR, source.start + HOURS * HOUR)
    for name in source.fields:
        if name != "height":
            found = np.concatenate([chunk.fields[name] for chunk in source.chunks([name])])
            np.testing.assert_array_equal(found, truth[name].values.astype(np.float32))
    chunk = source.read(1, ["temperature", "height", "wnd_azimuth"])
    np.testing.assert_array_equal(chunk.fields["height"], truth["height"].values)
    assert all(values.flags.c_contiguous and values.dtype == np.float32 for values in chunk.fields.values())
    assert chunk.unpacked("temperature") is chunk.fields["temperature"]


@pytest.mark.parametrize(
    ("options", "steps"), [({"deflate": False}, 100), ({"block": 7}, 28), ({"block": 1000}, HOURS)], ids=str
)
def test_other_chunks_and_no_deflation(tmp_path, truth, options, steps):
    source = NetCDFSource(write_small_cutout(tmp_path / "x.nc", **options))
    assert source.chunk_steps == steps  # at least a day
    found = np.concatenate([chunk.fields["temperature"] for chunk in source.chunks(["temperature"])])
    np.testing.assert_allclose(found, truth["temperature"].values, atol=2)  # noise is drawn block by block
    with xarray.open_dataset(source.path, engine="h5netcdf") as peer:
        np.testing.assert_array_equal(found, peer["temperature"].values[:, ::-1])
    source.close()


def test_parts_of_a_cutout(source, truth):
    low, high = source.start + 30 * HOUR, source.start + 110 * HOUR
    chunks = list(source.chunks(["albedo"], low, high))
    assert [chunk.steps for chunk in chunks] == [70, 10]
    np.testing.assert_array_equal(source.series("albedo", 2, 3, low, high), truth["albedo"].values[30:110, 2, 3])
    assert source.series("albedo", 2, 3, low - 99 * HOUR, low - 98 * HOUR).size == 0


def test_it_travels_and_has_the_files_hash(source, cutout):
    import hashlib

    other = pickle.loads(pickle.dumps(source))
    assert other.digest == source.digest == hashlib.sha256(cutout.read_bytes()).hexdigest()
    other.close()


def test_blocks_of_any_shape_are_those_of_the_library(cutout):
    import h5py

    file = open_netcdf(cutout)
    with h5py.File(cutout) as peer:
        for first, last, rows, columns in ((0, 240, slice(0, 7), slice(0, 10)), (95, 205, slice(2, 5), slice(3, 4))):
            for name in ("temperature", "wnd_azimuth"):
                values = peer[name][first:last, rows, columns]
                np.testing.assert_array_equal(file.read(name, first, last, rows, columns), values)
                np.testing.assert_array_equal(file.read(name, first, last, rows, columns, flip=True), values[:, ::-1])
    file.close()


def test_a_dataset_is_lazy_and_has_the_same_numbers(source, truth):
    found = as_dataset(source, stamps="end")
    assert found["temperature"].chunks == ((100, 100, 40), (7,), (10,))
    assert set(found.data_vars) == set(source.fields)
    np.testing.assert_array_equal(found.time, truth.time)
    for name in ("temperature", "wnd_shear_exp", "height"):
        np.testing.assert_array_equal(found[name].values, truth[name].values.astype(np.float32))
    opens = as_dataset(source)
    np.testing.assert_array_equal(opens.time, truth.time - np.timedelta64(1, "h"))
    assert opens["influx_direct"].attrs["cell_methods"] == "time: mean"


def test_a_store_as_a_dataset(folder, converted, truth):
    found = as_dataset(open_store(folder, "small"), stamps="end")
    np.testing.assert_array_equal(found["wnd100m"].values, truth["wnd100m"].values)
    assert found.attrs["source_digest"] == converted.digest


def test_atlite_runs_on_it(folder, converted, cutout):
    """The same wind map from atlite over its own file and over our store."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the peer
        import atlite

        own = atlite.Cutout(cutout).wind("Vestas_V112_3MW", capacity_factor=True).values
        data = as_dataset(open_store(folder, "small"), stamps="end").sortby("y").assign_attrs(module="era5")
        ours = atlite.Cutout(cutout.with_name("no.nc"), data=data).wind("Vestas_V112_3MW", capacity_factor=True).values
    np.testing.assert_allclose(ours, own, rtol=1e-6)


def test_missing_integers_are_nan():
    from jasyl.atlas.grid import Grid

    arrays = {"temperature": np.array([[[0, -32768]]], np.int16)}
    source = MemorySource(Grid(0, 900, 900, 1, 2), 0, HOUR, arrays, {"temperature": (0.01, 250.0)})
    values = source.read(0, ["temperature"]).unpacked("temperature")
    assert values[0, 0, 0] == 250
    assert np.isnan(values[0, 0, 1])


def test_longitudes_before_latitudes_are_refused(tmp_path, cutout):
    with xarray.open_dataset(cutout, engine="h5netcdf") as found:
        found[["temperature"]].transpose("time", "x", "y").to_netcdf(tmp_path / "x.nc", engine="h5netcdf")
    with pytest.raises(Refusal) as refused:
        NetCDFSource(tmp_path / "x.nc")
    assert refused.value.code == "weather-axes-swapped"


def test_a_cutout_to_360_degrees_is_turned(tmp_path):
    _, south, _, north = WINDOW
    write_small_cutout(tmp_path / "x.nc", window=(-1.0, south, 1.0, north), hours=30)
    import h5py

    with h5py.File(tmp_path / "x.nc", "r+") as file:
        file["x"][:] = np.sort(file["x"][:] % 360)
    source = NetCDFSource(tmp_path / "x.nc")
    assert source.grid.longitudes[0] == -1
    with xarray.open_dataset(tmp_path / "x.nc", engine="h5netcdf") as peer:
        turned = peer.assign_coords(x=(peer.x + 180) % 360 - 180).sortby("x").sortby("y", ascending=False)
        np.testing.assert_array_equal(source.read(0, ["albedo"]).fields["albedo"], turned["albedo"].values)
        np.testing.assert_array_equal(source.read(0, ["height"]).fields["height"], turned["height"].values)
    source.close()


def test_every_way_of_lying_in_a_file_gives_the_same_numbers(tmp_path):
    """Not deflated, not shuffled, another filter, big-endian, short integers, chunks never written, doubles."""
    import h5py

    values = np.random.default_rng(5).normal(280, 10, (50, 7, 10))
    ways = {
        "plain": {"dtype": "<f4"},
        "deflated": {"dtype": "<f4", "chunks": (20, 7, 10), "compression": "gzip"},
        "shuffled": {"dtype": "<f4", "chunks": (20, 3, 10), "shuffle": True},
        "both": {"dtype": "<f8", "chunks": (20, 7, 10), "shuffle": True, "compression": "gzip"},
        "big": {"dtype": ">f4", "chunks": (20, 7, 10), "shuffle": True, "compression": "gzip"},
        "short": {"dtype": "<i2", "chunks": (20, 7, 10), "shuffle": True, "compression": "gzip"},
        "checked": {"dtype": "<f4", "chunks": (20, 7, 10), "fletcher32": True},
        "whole": {"dtype": "<f4", "chunks": (20, 7, 10)},
    }
    with h5py.File(tmp_path / "x.nc", "w") as file:
        for name, way in ways.items():
            file.create_dataset(name, data=values.astype(way["dtype"]), **way)
        empty = file.create_dataset("empty", (50, 7, 10), "<f4", chunks=(20, 7, 10), fillvalue=np.nan)
        empty[:20] = values[:20]
    opened = open_netcdf(tmp_path / "x.nc")
    whole = (slice(0, 7), slice(0, 10))
    parts = ((0, 50, *whole), (20, 40, *whole), (7, 33, slice(1, 6), slice(3, 9)))
    with h5py.File(tmp_path / "x.nc") as peer:
        for name in (*ways, "empty"):
            for part in parts:
                first, last, rows, columns = part
                found, expected = opened.read(name, *part), peer[name][first:last, rows, columns]
                np.testing.assert_array_equal(found, expected, err_msg=name)
                np.testing.assert_array_equal(opened.read(name, *part, flip=True), expected[:, ::-1], err_msg=name)
                assert found.flags.c_contiguous
    opened.close()


def test_classic_files_are_read_as_scipy_reads_them(tmp_path):
    """Several record variables (filled up to four bytes each), one alone (not filled up), none; text and numbers."""
    from scipy.io import netcdf_file

    for version, record_variables in ((1, 2), (2, 1), (2, 0)):
        path = tmp_path / f"{version}{record_variables}.nc"
        values = np.arange(6 * 3 * 5).reshape(6, 3, 5)
        with netcdf_file(path, "w", version=version) as out:
            out.history = "made for a test"
            out.numbers = np.array([1.5, 2.5])
            out.createDimension("time", None)
            out.createDimension("lat", 3)
            out.createDimension("lon", 5)
            for number in range(record_variables):
                out.createVariable(f"r{number}", "i2", ("time", "lat", "lon"))[:] = values + number
            fixed = out.createVariable("fixed", "f8", ("lat", "lon"))
            fixed[:], fixed.units = values[0], "m"
        opened = open_netcdf(path)
        assert opened.attributes["history"] == "made for a test"
        assert opened.attributes["numbers"] == [1.5, 2.5]
        assert opened.variables["fixed"].attributes == {"units": "m"}
        np.testing.assert_array_equal(opened.values("fixed"), values[0])
        for number in range(record_variables):
            block = opened.read(f"r{number}", 1, 5, slice(0, 2), slice(1, 4), flip=True)
            np.testing.assert_array_equal(block, values[1:5, :2, 1:4][:, ::-1] + number)
        opened.close()


def test_kernels_are_compiled_at_set_up():
    from jasyl.atlas.weather import pack, unshuffle

    pack.compile_now()
    unshuffle.compile_now()
    assert pack.to_series.signatures
    assert unshuffle.unshuffle4.signatures
    assert unshuffle.unshuffle8.signatures
