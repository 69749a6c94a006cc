"""Weather as publishers give it becomes the same fields as atlite's, whatever the file looks like."""

import sys
import warnings

import numpy as np
import pytest
import xarray
import zarr

from jasyl.atlas.weather import Wish, convert, open_store
from jasyl.atlas.weather.times import HOUR
from jasyl.texts import LANGUAGES, Refusal

from .published import HOURS, raw, write_era5, write_netcdf4, write_zip

START = int(np.datetime64("2023-05-31T23", "us").astype(int))


@pytest.fixture(scope="module")
def era5():
    return raw()


@pytest.fixture(scope="module")
def expected(era5):
    """atlite's own derivation from the same raw variables, north row first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of the peer at import
        from atlite.datasets import era5 as peer

        values, latitudes, longitudes, stamps, _ = era5
        coordinates = {"time": stamps.astype("datetime64[ns]"), "y": latitudes, "x": longitudes}
        data = xarray.Dataset(
            {name: (("time", "y", "x"), found) for name, found in values.items()},
            coordinates | {"lon": ("x", longitudes), "lat": ("y", latitudes)},
        )
        with np.errstate(all="ignore"):
            found = peer.sanitize_influx(peer._process_influx(peer.sanitize_wind(peer._process_wind(data))))
        found = peer.sanitize_runoff(found.rename({"ro": "runoff"}))
        found = found.rename({"t2m": "temperature", "stl4": "soil temperature", "d2m": "dewpoint temperature"})
        return {name: found[name].transpose("time", "y", "x").values.astype(np.float32) for name in found.data_vars}


def stored(folder, source, name="store", **wish):
    convert(folder, str(source), name, Wish(**wish))
    source = open_store(folder, name)
    fields = [field.name for field in source.record.fields if not field.is_constant]
    return source, {name: np.concatenate([c.unpacked(name) for c in source.chunks([name])]) for name in fields}


def same(found, expected):
    assert len(found) == 12
    for name, values in found.items():
        np.testing.assert_array_equal(values, expected[name], err_msg=name)


def test_era5_becomes_what_atlite_makes_of_it(folder, tmp_path, era5, expected):
    values, latitudes, longitudes, stamps, _ = era5
    source, found = stored(folder, write_era5(tmp_path / "era5.nc", values, latitudes, longitudes, stamps))
    same(found, expected)
    assert (source.start, source.steps) == (START, HOURS)
    assert source.record.product == "era5"
    assert source.record.source.reference == "doi:10.24381/cds.adbb2d47"


@pytest.mark.parametrize(
    "shape",
    [
        {"time": "time", "step_units": "hours since 1900-01-01"},
        {"names": ("lat", "lon")},
        {"chunks": (37, 3, 4)},
        {"chunks": (100, 7, 10)},
        {"order": ("time", "lon", "lat")},
        {"expver": ["0001"] * (HOURS - 48) + ["0005"] * 48},
        {"kind": "classic", "step_units": "hours since 1900-01-01"},
        {"fill": -999.0},
    ],
    ids="-".join,
)
def test_the_shape_of_the_file_does_not_matter(folder, tmp_path, era5, expected, shape):
    values, latitudes, longitudes, stamps, _ = era5
    source, found = stored(folder, write_era5(tmp_path / "x.nc", values, latitudes, longitudes, stamps, **shape))
    same(found, expected)
    notes = {note.code: note for note in source.record.notes}
    assert ("swapped" in notes) == ("order" in shape)
    assert len(notes) == len(source.record.notes)
    assert ("preliminary" in notes) == ("expver" in shape)
    if "expver" in shape:
        assert all("48" in notes["preliminary"].text(language) for language in LANGUAGES)


def test_rows_from_south_to_north_are_turned(folder, tmp_path, era5, expected):
    values, latitudes, longitudes, stamps, _ = era5
    turned = {name: found[:, ::-1] for name, found in values.items()}
    _, found = stored(folder, write_era5(tmp_path / "x.nc", turned, latitudes[::-1], longitudes, stamps))
    same(found, expected)


def test_packed_integers_of_the_older_data_store(folder, tmp_path, era5, expected):
    values, latitudes, longitudes, stamps, _ = era5
    file = write_era5(
        tmp_path / "x.nc",
        {"t2m": values["t2m"]},
        latitudes,
        longitudes,
        stamps,
        time="time",
        step_units="hours since 1900-01-01",
        kind="classic",
        packed=True,
    )
    _, found = stored(folder, file)
    with xarray.open_dataset(file, engine="scipy") as peer:
        np.testing.assert_allclose(found["temperature"], peer["t2m"].values, rtol=2e-7)
    np.testing.assert_allclose(found["temperature"], expected["temperature"], atol=0.002)


def test_longitudes_to_360_are_turned_and_a_window_across_greenwich_is_one(folder, tmp_path):
    values, latitudes, longitudes, stamps, _ = raw(window=(-179.0, 50.0, 180.0, 51.0), degrees=1.0, hours=24)
    east = np.argsort(longitudes % 360)
    turned = {"t2m": values["t2m"][:, :, east]}
    file = write_era5(tmp_path / "globe.nc", turned, latitudes, longitudes[east] % 360, stamps)
    source, found = stored(folder, file, window=(-5, 50, 4, 51))
    assert source.grid.bounds == (-5.5, 49.5, 4.5, 51.5)
    np.testing.assert_array_equal(found["temperature"], values["t2m"][:, :, 174:184])
    _, east_side = stored(folder, file, "east", window=(170, 50, 179, 51))
    np.testing.assert_array_equal(east_side["temperature"], values["t2m"][:, :, 349:359])
    _, west_side = stored(folder, file, "west", window=(-179, 50, -170, 51))
    np.testing.assert_array_equal(west_side["temperature"], values["t2m"][:, :, :10])


def test_preliminary_hours_beside_final_ones_in_a_dimension(folder, tmp_path, era5, expected):
    values, latitudes, longitudes, stamps, _ = era5
    hours = ((stamps - np.datetime64("1900-01-01")) // np.timedelta64(1, "h")).astype(np.int32)
    both = np.full((HOURS, 2, 7, 10), np.nan, np.float32)
    both[:200, 0], both[200:, 1] = values["t2m"][:200], values["t2m"][200:]
    file = tmp_path / "x.nc"
    variables = {
        "time": (hours, ("time",), {"units": "hours since 1900-01-01"}),
        "expver": (np.array([1, 5]), ("expver",), {}),
        "latitude": (latitudes, ("latitude",), {"units": "degrees_north"}),
        "longitude": (longitudes, ("longitude",), {"units": "degrees_east"}),
        "t2m": (both, ("time", "expver", "latitude", "longitude"), {"units": "K", "_FillValue": np.float32(np.nan)}),
    }
    write_netcdf4(file, variables)
    _, found = stored(folder, file)
    np.testing.assert_array_equal(found["temperature"], expected["temperature"])


def test_files_by_month_and_variable_in_a_folder_and_zip(folder, tmp_path, era5, expected):
    values, latitudes, longitudes, stamps, height = era5
    place = tmp_path / "many"
    place.mkdir()
    instant, sums = ("t2m", "d2m", "stl4", "u10", "v10", "u100", "v100", "fsr"), ("ssrd", "ssr", "fdir", "tisr", "ro")
    for number, part in enumerate((slice(0, 90), slice(90, 240))):
        files = [
            write_era5(
                tmp_path / f"data_stream-oper_stepType-{kind}-{number}.nc",
                {name: values[name][part] for name in names},
                latitudes,
                longitudes,
                stamps[part],
            )
            for kind, names in (("instant", instant), ("accum", sums))
        ]
        write_zip(place / f"{number}.zip", files)
    geopotential = height * np.float32(9.80665)
    variables = {
        "latitude": (latitudes, ("latitude",), {}),
        "longitude": (longitudes, ("longitude",), {}),
        "z": (geopotential, ("latitude", "longitude"), {"units": "m**2 s**-2"}),
    }
    write_netcdf4(place / "geopotential.nc", variables)
    source, found = stored(folder, place)
    same(found, expected)
    assert source.record.inputs.keys() == {"0.zip", "1.zip", "geopotential.nc"}
    np.testing.assert_allclose(source.read(0, ["height"]).fields["height"], height, rtol=1e-6)
    assert not list((folder.atlas / "weather").glob("*/*.unpacked"))


def test_hours_in_two_files_are_taken_once_when_they_agree(folder, tmp_path, era5, expected):
    values, latitudes, longitudes, stamps, _ = era5
    place = tmp_path / "two"
    place.mkdir()
    for number, part in enumerate((slice(0, 130), slice(100, 240))):
        some = {"t2m": values["t2m"][part]}
        write_era5(place / f"{number}.nc", some, latitudes, longitudes, stamps[part])
    source, found = stored(folder, place)
    np.testing.assert_array_equal(found["temperature"], expected["temperature"])
    assert [(note.code, note.arguments["hours"]) for note in source.record.notes] == [("doubled", "30")]
    some["t2m"] = some["t2m"] + 1
    write_era5(place / "1.nc", some, latitudes, longitudes, stamps[100:])
    with pytest.raises(Refusal) as refused:
        stored(folder, place, "other")
    assert (refused.value.code, refused.value.arguments["received"]) == ("weather-hours-differ", "2023-06-05T04:00Z")


def test_missing_hours_stay_missing_and_are_told(folder, tmp_path, era5, expected):
    values, latitudes, longitudes, stamps, _ = era5
    keep = np.r_[0:50, 53:240]
    values = {name: found[keep] for name, found in values.items()}
    file = write_era5(tmp_path / "x.nc", values, latitudes, longitudes, stamps[keep])
    source, found = stored(folder, file, packing="int16")
    assert np.isnan(found["temperature"][50:53]).all()
    np.testing.assert_allclose(found["temperature"][keep], expected["temperature"][keep], atol=0.003)
    assert np.isnan(found["influx_direct"][50:53]).all()
    (gap,) = source.record.gaps
    assert gap.spans == ((START + 50 * HOUR, START + 53 * HOUR),)
    assert gap.hours == 3
    assert source.record.by_name["temperature"].missing == 3 * 70
    assert np.isnan(source.series("temperature", 2, 2)[50:53]).all()
    assert [note.code for note in source.record.notes] == ["gap"]


def test_a_sea_without_values_stays_without(folder, tmp_path, era5):
    values, latitudes, longitudes, stamps, _ = era5
    sea = values["t2m"].copy()
    sea[:, :2] = sea[:, :, 9:] = np.nan
    source, found = stored(
        folder, write_era5(tmp_path / "x.nc", {"t2m": sea}, latitudes, longitudes, stamps, fill=1e20)
    )
    np.testing.assert_array_equal(found["temperature"], sea)
    field = source.record.by_name["temperature"]
    assert (field.empty_cells, field.missing) == (25, 25 * HOURS)
    assert field.reach == ("59.875", "43.875", "62.125", "45.125")
    assert [note.code for note in source.record.notes] == ["empty"]


def test_a_period_is_cut_out(folder, tmp_path, era5, expected):
    values, latitudes, longitudes, stamps, _ = era5
    file = write_era5(tmp_path / "x.nc", values, latitudes, longitudes, stamps)
    source, found = stored(folder, file, start=START + 10 * HOUR, end=START + 20 * HOUR)
    assert (source.start, source.steps) == (START + 10 * HOUR, 10)
    np.testing.assert_array_equal(found["wnd100m"], expected["wnd100m"][10:20])
    with pytest.raises(Refusal) as refused:
        stored(folder, file, "later", start=START + 900 * HOUR)
    assert refused.value.code == "weather-period-empty"


def test_celsius_that_says_so_is_converted_and_told(folder, tmp_path, era5, expected):
    values, latitudes, longitudes, stamps, _ = era5
    celsius = {"t2m": values["t2m"] - np.float32(273.15), "ro": values["ro"] * 1000}
    file = write_era5(tmp_path / "x.nc", celsius, latitudes, longitudes, stamps, units={"t2m": "degC", "ro": "mm"})
    source, found = stored(folder, file)
    np.testing.assert_allclose(found["temperature"], expected["temperature"], atol=1e-4)
    np.testing.assert_allclose(found["runoff"], expected["runoff"], rtol=1e-6)
    assert {note.code for note in source.record.notes} == {"unit"}


def accumulated(hourly, stamps):
    """Sums since 00 UTC, as ERA5-Land gives them: the stamp 00 has the whole day before."""
    out = np.zeros_like(hourly, dtype=np.float64)
    running = np.full(hourly.shape[1:], np.nan)
    for number, stamp in enumerate(stamps):
        hour = int((stamp - stamp.astype("datetime64[D]")) // np.timedelta64(1, "h"))
        running = hourly[number].astype(np.float64) if hour == 1 else running + hourly[number]
        out[number] = running
    return out.astype(np.float32)


def test_sums_since_midnight_become_hours_again(folder, tmp_path):
    """The file begins at 00 UTC: that stamp closes a day whose other hours are not there, so its sum is no hour's."""
    values, latitudes, longitudes, stamps, _ = raw(window=(60.0, 44.0, 60.9, 44.6), degrees=0.1)
    land = {name: values[name] for name in ("t2m", "u10", "v10", "d2m")}
    land |= {name: accumulated(values[name], stamps) for name in ("ssrd", "ssr", "ro")}
    land["ssrd"][0] = land["ssr"][0] = land["ro"][0] = 1.0  # what was summed up on the day before
    source, found = stored(folder, write_era5(tmp_path / "land.nc", land, latitudes, longitudes, stamps))
    assert source.record.product == "era5-land"
    assert set(found) == {"temperature", "dewpoint temperature", "wnd10m", "influx", "albedo", "runoff"}
    # Differences of float32 sums: exact to their last digit, 2 J/m² of 30 MJ/m² a day.
    np.testing.assert_allclose(found["influx"][1:], values["ssrd"][1:] / 3600, atol=0.002)
    np.testing.assert_allclose(found["runoff"][1:], values["ro"][1:], atol=2e-9)
    assert np.isnan(found["influx"][0]).all()
    assert not np.isnan(found["temperature"][0]).any()
    np.testing.assert_array_equal(found["wnd10m"], np.sqrt(values["u10"] ** 2 + values["v10"] ** 2))
    (gap,) = source.record.gaps
    assert gap.fields == ("albedo", "influx", "runoff")
    assert gap.spans == ((START, START + HOUR),)


def test_hours_taken_for_sums_are_refused(folder, tmp_path):
    values, latitudes, longitudes, stamps, _ = raw(window=(60.0, 44.0, 60.9, 44.6), degrees=0.1, hours=48)
    file = write_era5(tmp_path / "x.nc", {"ssrd": values["ssrd"]}, latitudes, longitudes, stamps)
    with pytest.raises(Refusal) as refused:
        stored(folder, file)
    assert refused.value.code == "weather-accumulation"
    _, found = stored(folder, file, product="era5")
    np.testing.assert_array_equal(found["influx"], values["ssrd"] / np.float32(3600))


def test_sums_taken_for_hours_are_refused(folder, tmp_path):
    values, latitudes, longitudes, stamps, _ = raw(hours=48)
    land = {"ssrd": accumulated(values["ssrd"], stamps)}
    land["ssrd"][0] = 0
    with pytest.raises(Refusal) as refused:
        stored(folder, write_era5(tmp_path / "x.nc", land, latitudes, longitudes, stamps))
    assert (refused.value.code, refused.value.arguments["suspect"]) == ("weather-range-unit", "J m-2")


def write_sarah(path, first="2023-06-01T00:00", slots=96, east=65.0):
    longitudes = np.arange(63.025, east, 0.05)
    latitudes = np.arange(44.025, 44.5, 0.05)
    stamps = np.datetime64(first) + np.arange(slots) * np.timedelta64(30, "m")
    sis = np.random.default_rng(3).uniform(0, 900, (slots, len(latitudes), len(longitudes))).astype(np.float32)
    sid = (0.6 * sis).astype(np.float32)
    sis[:, :, -4:] = sid[:, :, -4:] = -999  # beyond the disk of the satellite
    return (
        write_era5(
            path,
            {"SIS": sis, "SID": sid},
            latitudes,
            longitudes,
            stamps,
            time="time",
            names=("lat", "lon"),
            units={"SIS": "W m-2", "SID": "W m-2"},
            fill=-999.0,
        ),
        sis,
        sid,
    )


def test_slots_of_the_satellite_become_hours_and_its_edge_is_told(folder, tmp_path):
    file, sis, sid = write_sarah(tmp_path / "SISin.nc")
    source, found = stored(folder, file)
    assert (source.record.product, source.steps, source.step) == ("sarah-3", 48, HOUR)
    assert source.start == int(np.datetime64("2023-06-01", "us").astype(int))  # slots open their hour
    seen = slice(0, -4)
    direct = ((sid[::2] + sid[1::2]) / 2)[:, ::-1, seen]
    np.testing.assert_allclose(found["influx_direct"][:, :, seen], direct, rtol=1e-6)
    diffuse = ((sis[::2] + sis[1::2]) / 2)[:, ::-1, seen] - direct
    np.testing.assert_allclose(found["influx_diffuse"][:, :, seen], diffuse, rtol=1e-4)
    assert np.isnan(found["influx_direct"][:, :, -4:]).all()
    field = source.record.by_name["influx_direct"]
    assert field.empty_cells == 40
    assert field.reach is not None
    assert field.reach[2] == "64.8"
    with pytest.raises(Refusal) as refused:
        stored(folder, file, "east", window=(64, 44, 70, 44.4))
    assert refused.value.code == "weather-window-outside"
    assert "65" in refused.value.text("en")


@pytest.mark.parametrize("version", [2, 3])
def test_zarr_with_long_names(folder, tmp_path, era5, expected, version):
    write_arco(tmp_path / "arco.zarr", era5, version)
    source, found = stored(folder, tmp_path / "arco.zarr")
    same(found, expected)
    assert source.record.product == "era5"


def write_arco(path, era5, version):
    """A store in the layout of ARCO-ERA5: long names, one hour a chunk."""
    long = {
        "ssrd": "surface_solar_radiation_downwards",
        "ssr": "surface_net_solar_radiation",
        "fdir": "total_sky_direct_solar_radiation_at_surface",
        "tisr": "toa_incident_solar_radiation",
        "t2m": "2m_temperature",
        "d2m": "2m_dewpoint_temperature",
        "stl4": "soil_temperature_level_4",
        "u10": "10m_u_component_of_wind",
        "v10": "10m_v_component_of_wind",
        "u100": "100m_u_component_of_wind",
        "v100": "100m_v_component_of_wind",
        "fsr": "forecast_surface_roughness",
        "ro": "runoff",
    }
    values, latitudes, longitudes, stamps, _ = era5
    group = zarr.open_group(path, mode="w", zarr_format=version)
    hours = ((stamps - np.datetime64("1900-01-01")) // np.timedelta64(1, "h")).astype(np.int64)
    every = {"time": (hours, ("time",), {"units": "hours since 1900-01-01", "calendar": "proleptic_gregorian"})}
    every |= {"latitude": (latitudes, ("latitude",), {"units": "degrees_north"})}
    every |= {"longitude": (longitudes, ("longitude",), {"units": "degrees_east"})}
    every |= {long[name]: (found, ("time", "latitude", "longitude"), {}) for name, found in values.items()}
    for name, (found, dimensions, about) in every.items():
        chunks = (24, *found.shape[1:]) if found.ndim == 3 else found.shape
        named = {"dimension_names": dimensions} if version == 3 else {}
        marks = {} if version == 3 else {"_ARRAY_DIMENSIONS": list(dimensions)}
        array = group.create_array(
            name, shape=found.shape, chunks=chunks, dtype=found.dtype, attributes=about | marks, fill_value=0, **named
        )
        array[...] = found
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # zarr: consolidated metadata are not in the specification of version 3
        zarr.consolidate_metadata(path, zarr_format=version)


def test_nothing_heavy_is_loaded_with_the_room():
    import subprocess

    heavy = ["numba", "xarray", "zarr", "dask", "scipy", "h5py", "pandas", "distributed"]
    code = f"import sys, jasyl.atlas.weather; print([name for name in {heavy} if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"
