"""Bad input is refused or mended, and the message says which and what to do."""

import zipfile
from contextlib import suppress

import h5py
import numpy as np
import pytest

from jasyl.atlas.weather import NetCDFSource, Wish, convert, open_store
from jasyl.texts import LANGUAGES, Refusal

from .published import HOURS, raw, write_era5, write_netcdf4, write_small_cutout, write_zip


@pytest.fixture(scope="module")
def era5():
    return raw()


def refused(folder, source, **wish):
    """The refusal of a conversion, told whole in three languages; nothing is left of it."""
    with pytest.raises(Refusal) as caught:
        convert(folder, str(source), "store", Wish(**wish))
    texts = {caught.value.text(language) for language in LANGUAGES}
    assert len(texts) == 3
    assert not any("{" in text for text in texts)
    assert not list((folder.atlas / "weather").glob("*"))
    assert not list((folder.atlas / "weather").glob(".*"))
    return caught.value


def file_of(tmp_path, era5, change=None, **options):
    values, latitudes, longitudes, stamps, _ = era5
    values = {name: values[name] for name in ("t2m", "ssrd", "fdir", "tisr", "ro")}
    if change:
        values = values | {name: alter(values[name].copy()) for name, alter in change.items()}
    axes = {"latitudes": latitudes, "longitudes": longitudes, "stamps": stamps}
    axes |= {name: options.pop(name) for name in tuple(axes) if name in options}
    return write_era5(tmp_path / "era5.nc", values, **axes, **options)


def spoil(value):
    def alter(values):
        values[100, 3, 3] = value
        return values

    return alter


@pytest.mark.parametrize(
    ("change", "units", "code", "arguments"),
    [
        ({"t2m": lambda t: t - 273.15}, {}, "weather-range-unit", {"suspect": "degC", "variable": "t2m"}),
        ({"t2m": lambda t: t - 273.15}, {"t2m": None}, "weather-range-unit", {"suspect": "degC", "variable": "t2m"}),
        ({"tisr": lambda t: t * 24}, {}, "weather-range-unit", {"suspect": "J m-2"}),
        ({"tisr": lambda t: t / 3600}, {}, "weather-range-unit", {"suspect": "W m-2", "variable": "tisr"}),
        ({"ro": lambda t: t * 1000 + 1}, {}, "weather-range-unit", {"suspect": "mm", "variable": "ro"}),
        ({"t2m": lambda t: t * 2}, {}, "weather-range", {"field": "temperature"}),
        ({"t2m": spoil(-999)}, {}, "weather-fill", {"field": "temperature", "received": "-999"}),
        ({"t2m": spoil(1e20)}, {}, "weather-fill", {"field": "temperature", "received": "1e+20"}),
        ({}, {"t2m": "furlong"}, "weather-unit", {"received": "furlong", "expected": "K"}),
        ({}, {"t2m": "W m**-2"}, "weather-unit", {"received": "W m**-2"}),
    ],
)
def test_values_that_are_not_what_they_say(folder, tmp_path, era5, change, units, code, arguments):
    refusal = refused(folder, file_of(tmp_path, era5, change, units=units))
    assert refusal.code == code
    assert arguments.items() <= refusal.arguments.items()
    assert refusal.where is not None
    assert refusal.where.file == "era5.nc"


@pytest.mark.parametrize(
    ("variable", "field"), [("tisr", "influx_toa"), ("ssrd", "influx_diffuse"), ("both", "influx_diffuse")]
)
def test_days_without_light_are_no_night(folder, tmp_path, era5, variable, field):
    """Zeros where nothing was known: refused under a high sun, whatever is derived from them."""
    named = ("ssrd", "fdir") if variable == "both" else (variable,)
    refusal = refused(folder, file_of(tmp_path, era5, dict.fromkeys(named, np.zeros_like)))
    assert (refusal.code, refusal.arguments["field"]) == ("weather-dark", field)
    assert refusal.where.file == "era5.nc"


def test_cells_that_several_fields_lack_are_told_once(folder, tmp_path, era5):
    def sea(values):
        values[:, 0, 0] = np.nan
        return values

    file = file_of(tmp_path, era5, {"t2m": sea, "ro": sea})
    (note,) = [one for one in convert(folder, str(file), "store").notes if one.code == "empty"]
    assert (note.arguments["field"], note.arguments["cells"]) == ("temperature, runoff", "1")


def test_the_remedy_of_a_wrong_unit_works(folder, tmp_path, era5):
    file = file_of(tmp_path, era5, {"t2m": lambda t: t - np.float32(273.15), "tisr": lambda t: t / np.float32(3600)})
    record = convert(folder, str(file), "store", Wish(units={"t2m": "degC", "tisr": "W m-2"}))
    assert float(record.by_name["temperature"].lowest or 0) > 250
    assert float(record.by_name["influx_toa"].highest or 0) > 900


def test_a_dark_polar_month_is_no_wrong_unit(folder, tmp_path):
    values, latitudes, longitudes, stamps, _ = raw(window=(60.0, 82.0, 62.0, 83.0), first="2023-12-10T00", hours=96)
    file = write_era5(tmp_path / "x.nc", {"tisr": values["tisr"] + 5.0}, latitudes, longitudes, stamps)
    assert convert(folder, str(file), "store").by_name["influx_toa"].highest is not None


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"axis_units": ("degrees_east", "degrees_north")}, "weather-axes-swapped"),
        ({"latitudes": np.linspace(100, 106, 7)[::-1]}, "weather-axes-swapped"),
        ({"latitudes": 60 + 0.25 * np.arange(7), "longitudes": 52 - 0.25 * np.arange(10)}, "weather-axes-swapped"),
        ({"latitudes": np.arange(5_000_000, 5_175_000, 25_000)}, "weather-crs"),
        ({"longitudes": np.arange(500_000, 750_000, 25_000)}, "weather-crs"),
        ({"axis_units": ("m", "m")}, "weather-crs"),
        ({"names": ("projection_y_coordinate", "projection_x_coordinate")}, "weather-crs"),
        ({"latitudes": np.array([45.5, 45.2, 45, 44.7, 44.5, 44.2, 44])}, "weather-grid-irregular"),
        ({"latitudes": np.array([45.5, np.nan, 45, 44.75, 44.5, 44.25, 44])}, "weather-grid-irregular"),
        ({"longitudes": np.linspace(60, 64.5, 10)}, "weather-grid-irregular"),
        ({"latitudes": 45.5001 - 0.25 * np.arange(7)}, "weather-grid-irregular"),
        ({"longitudes": np.r_[60.25, 60.0, 60.5:62.5:0.25]}, "weather-grid-irregular"),
        ({"longitudes": 178.5 + 0.25 * np.arange(10)}, "weather-antimeridian"),
        ({"step_units": "hours since 1970-01-01", "kind": "NetCDF-4"}, None),
    ],
)
def test_cells_that_lie_elsewhere(folder, tmp_path, era5, options, code):
    file = file_of(tmp_path, era5, **options)
    if code is None:
        assert convert(folder, str(file), "store").steps == HOURS
    else:
        assert refused(folder, file).code == code


ON_ITS_SIDE = {"latitudes": 60 + 0.25 * np.arange(7), "longitudes": 44 + 0.25 * np.arange(10), "axis_units": ("", "")}


@pytest.mark.parametrize("window", [None, (60, 44, 61, 45)])
def test_a_country_laid_on_its_side_that_nothing_else_tells(folder, tmp_path, era5, window):
    refusal = refused(folder, file_of(tmp_path, era5, **ON_ITS_SIDE), window=window)
    assert (refusal.code, refusal.arguments["received"]) == ("weather-axes-doubtful", "43.875,59.875,46.375,61.625")


@pytest.mark.parametrize(
    ("said", "window"),
    [
        (("degrees_north", "degrees_east"), None),
        (("", ""), (43.875, 59.875, 46.375, 61.625)),
        (("", ""), (44, 60, 45, 61)),
    ],
)
def test_cells_in_the_north_are_taken_when_somebody_says_so(folder, tmp_path, era5, said, window):
    file = file_of(tmp_path, era5, **(ON_ITS_SIDE | {"axis_units": said}))
    assert convert(folder, str(file), "store", Wish(window=window)).grid.bounds[1] == 59.875


@pytest.mark.parametrize(
    ("window", "code"),
    [
        ((46, 40, 88, 56), "weather-window-outside"),
        ((62, 44, 60, 45), "weather-antimeridian"),
        ((60.05, 44.05, 60.2, 44.2), "weather-window-empty"),
    ],
)
def test_windows_that_cannot_be_given(folder, tmp_path, era5, window, code):
    assert refused(folder, file_of(tmp_path, era5), window=window).code == code


def test_a_file_that_is_cut_off(folder, tmp_path, era5):
    file = file_of(tmp_path, era5)
    whole = file.read_bytes()
    for part in (len(whole) // 2, 3000):
        file.write_bytes(whole[:part])
        assert refused(folder, file).code == "weather-file-damaged"
    classic = file_of(tmp_path, era5, kind="classic", step_units="hours since 1900-01-01")
    whole = classic.read_bytes()
    for part in (len(whole) // 2, 300):
        classic.write_bytes(whole[:part])
        assert refused(folder, classic).code == "weather-file-damaged"


def test_a_chunk_that_does_not_inflate(folder, tmp_path, era5):
    file = file_of(tmp_path, era5, chunks=(60, 7, 10))
    with h5py.File(file) as opened:
        place = opened["t2m"].id.get_chunk_info(2)
    with file.open("r+b") as opened:
        opened.seek(place.byte_offset + 2)
        opened.write(b"\xff" * 200)
    refusal = refused(folder, file)
    assert (refusal.code, refusal.where.field) == ("weather-file-damaged", "t2m")


@pytest.mark.parametrize(
    ("content", "code", "received"),
    [
        (b"GRIB\x00\x00", "weather-file-kind", "GRIB"),
        (b"<html>", "weather-file-kind", "HTML"),
        (b"", "weather-file-empty", None),
    ],
)
def test_files_that_are_no_netcdf(folder, tmp_path, content, code, received):
    (tmp_path / "x.nc").write_bytes(content)
    refusal = refused(folder, tmp_path / "x.nc")
    assert (refusal.code, refusal.arguments.get("received")) == (code, received)


def test_sources_that_are_not_there(folder, tmp_path):
    assert refused(folder, tmp_path / "nothing.nc").code == "weather-source-missing"
    (tmp_path / "empty").mkdir()
    assert refused(folder, tmp_path / "empty").code == "weather-source-empty"
    assert refused(folder, "ftp://example.org/x.zarr").code == "weather-address"
    assert refused(folder, "http://127.0.0.1:1/x.zarr").code == "outgoing-forbidden"


def test_a_zip_that_is_cut_off_or_holds_something_else(folder, tmp_path, era5):
    file = write_zip(tmp_path / "x.zip", [file_of(tmp_path, era5)])
    content = bytearray(file.read_bytes())
    content[5000:9000] = b"\x00" * 4000
    file.write_bytes(content)
    assert refused(folder, file).code == "weather-zip-damaged"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("readme.txt", "no weather")
    assert refused(folder, file).code == "weather-source-empty"
    file.write_bytes(bytes(content[: len(content) // 2]))
    assert refused(folder, file).code == "weather-zip-damaged"


def test_other_steps_and_other_times(folder, tmp_path, era5):
    values, latitudes, longitudes, stamps, _ = era5
    some = {"t2m": values["t2m"][::3]}
    three = write_era5(tmp_path / "three.nc", some, latitudes, longitudes, stamps[::3])
    refusal = refused(folder, three)
    assert (refusal.code, refusal.where.file) == ("weather-step", "three.nc")
    uneven = stamps.astype("datetime64[m]")
    uneven[50:] += np.timedelta64(20, "m")
    some = {"t2m": values["t2m"]}
    file = write_era5(tmp_path / "uneven.nc", some, latitudes, longitudes, uneven)
    assert refused(folder, file).code == "weather-step"
    with h5py.File(file, "r+") as opened:
        opened["valid_time"].attrs["calendar"] = "noleap"
    assert refused(folder, file).code == "weather-time-units"
    with h5py.File(file, "r+") as opened:
        opened["valid_time"].attrs["calendar"] = "standard"
        opened["valid_time"].attrs["units"] = "fortnights since 1970-01-01"
    assert refused(folder, file).code == "weather-time-units"


def test_files_of_different_grids(folder, tmp_path, era5):
    values, latitudes, longitudes, stamps, _ = era5
    place = tmp_path / "two"
    place.mkdir()
    write_era5(place / "a.nc", {"t2m": values["t2m"][:100]}, latitudes, longitudes, stamps[:100])
    write_era5(place / "b.nc", {"t2m": values["t2m"][100:, 1:]}, latitudes[1:], longitudes, stamps[100:])
    assert refused(folder, place).code == "weather-grids-differ"
    write_era5(place / "b.nc", {"d2m": values["d2m"][:, 1:]}, latitudes[1:], longitudes, stamps)
    assert refused(folder, place).code == "weather-grids-differ"


def test_a_file_without_weather_and_one_with_members(folder, tmp_path, era5):
    values, latitudes, longitudes, stamps, _ = era5
    file = write_era5(tmp_path / "x.nc", {"sst": values["t2m"]}, latitudes, longitudes, stamps)
    assert refused(folder, file).code == "weather-unknown"
    file = write_era5(tmp_path / "y.nc", {"ssr": values["ssr"]}, latitudes, longitudes, stamps)
    assert refused(folder, file).code == "weather-unknown"
    members = ("time", "number", "latitude", "longitude")
    variables = {
        "time": (np.arange(24), ("time",), {"units": "hours since 2023-01-01"}),
        "number": (np.arange(3), ("number",), {}),
        "latitude": (latitudes, ("latitude",), {"units": "degrees_north"}),
        "longitude": (longitudes, ("longitude",), {"units": "degrees_east"}),
        "t2m": (np.full((24, 3, 7, 10), 280, np.float32), members, {}),
    }
    write_netcdf4(file, variables)
    assert refused(folder, file).code == "weather-dimension"


def test_values_beyond_sixteen_bits(folder, tmp_path, era5):
    values, latitudes, longitudes, stamps, _ = era5
    strong = {"u100": np.full_like(values["u100"], 70), "v100": values["v100"]}
    file = write_era5(tmp_path / "x.nc", strong, latitudes, longitudes, stamps)
    assert refused(folder, file, packing="int16").code == "weather-packing"
    convert(folder, str(file), "store")


@pytest.mark.parametrize("name", ["", "a/b", "..", ".hidden", "ауа", "x" * 61])
def test_names_that_are_no_names(folder, tmp_path, name):
    with pytest.raises(Refusal) as caught:
        convert(folder, str(tmp_path), name)
    assert caught.value.code == "weather-name"


def test_a_disk_that_is_too_small(folder, tmp_path, era5, monkeypatch):
    import shutil

    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=1000))
    assert refused(folder, file_of(tmp_path, era5)).code == "weather-disk"
    assert refused(folder, write_zip(tmp_path / "x.zip", [tmp_path / "era5.nc"])).code == "weather-disk"


def test_a_cutout_from_another_module_or_with_gaps_is_not_read_as_it_is(folder, tmp_path):
    file = write_small_cutout(tmp_path / "cutout.nc", hours=48)
    with h5py.File(file, "r+") as opened:
        opened["temperature"].attrs["module"] = "sarah"
    with pytest.raises(Refusal) as caught:
        NetCDFSource(file)
    assert caught.value.code == "weather-cutout-module"
    with h5py.File(file, "r+") as opened:
        opened["temperature"].attrs["module"] = "era5"
        opened["time"][20:] += 5
    with pytest.raises(Refusal) as caught:
        NetCDFSource(file)
    assert caught.value.code == "weather-gaps"
    assert "jasyl atlas convert" in caught.value.text("en")
    record = convert(folder, str(file), "store")
    assert [gap.hours for gap in record.gaps] == [5]
    assert np.isnan(open_store(folder, "store").series("temperature", 0, 0)[20:25]).all()


def test_a_satellites_fields_in_a_cutout_open_their_hour(folder, tmp_path):
    """atlite stamps what it takes from SARAH where the hour opens, and what it takes from ERA5 where it closes."""
    file = write_small_cutout(tmp_path / "cutout.nc", hours=48)
    with h5py.File(file, "r+") as opened:
        opened["influx_direct"].attrs["module"] = "sarah"
        direct = opened["influx_direct"][:]
    convert(folder, str(file), "store")
    source = open_store(folder, "store")
    assert source.steps == 49
    found = np.concatenate([chunk.fields["influx_direct"] for chunk in source.chunks(["influx_direct"])])
    assert np.isnan(found[0]).all()
    np.testing.assert_array_equal(found[1:], direct[:, ::-1])


def test_a_file_that_is_no_cutout_is_no_source(tmp_path, era5):
    with pytest.raises(Refusal) as caught:
        NetCDFSource(file_of(tmp_path, era5))
    assert caught.value.code == "weather-unknown"
    with suppress(Refusal):
        NetCDFSource(tmp_path / "nothing.nc")
        raise AssertionError
