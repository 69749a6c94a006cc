"""From files of publishers to layers, and everything that can be wrong with a file."""

import json
import zipfile
from pathlib import Path
from typing import Any

import netCDF4
import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine
from rasterio.warp import transform_bounds

from jasyl.atlas import class_areas, legend, load, read_record, statistics, tile, value_at
from jasyl.atlas.layer_notes import layer_note
from jasyl.atlas.loading import RECIPES, Ask, load_raster
from jasyl.atlas.loading.recipe import Recipe
from jasyl.atlas.raster import quantise
from jasyl.jobs import Cancelled, Silent
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Refusal

from .conftest import KZ, SOURCE, Write, field

GHI = {"unit": "kW.h/m2/d"}


def refused(code: str, take: Any, *call: Any, **ask: Any) -> str:
    with pytest.raises(Refusal) as caught:
        take(*call, **ask)
    assert caught.value.code == code, str(caught.value)
    assert len({caught.value.text(language) for language in LANGUAGES}) == 3
    return caught.value.text("en")


def test_a_raster_becomes_a_layer(empty: DataFolder, write: Write, take: Any) -> None:
    """Record, tiles, click and statistics of a layer with one band and a grid of its own."""
    file = write(field(96, 252), unit="kWh/m2/day")
    layer = take(file).layer
    assert layer == read_record(empty, "solar.ghi")
    assert (layer.bands, layer.resolution, layer.period) == (("year",), 600, "2001-2010")
    assert layer.sources == (SOURCE,)
    assert list(layer.inputs) == [file.name]
    assert layer.notes == ("country-covered=1.0000",)
    json.loads(layer.canonical(), parse_float=pytest.fail)
    found = value_at(empty, "solar.ghi", 71.43, 51.13)
    assert found.months == ()
    assert found.year_total == found.year * 365
    assert found.altitude is None
    data = found.as_data("en")
    assert (data["total_unit"], data["months"], data["licences"], data["sources"]) == (
        "kW.h/m2", [], ["CC BY 4.0"], ["©"]
    )  # fmt: skip
    assert tile(empty, "solar.ghi", 0, 4, 11, 5)[:4] == b"\x89PNG"
    for band in (1, -1):
        with pytest.raises(Refusal, match="no band"):
            tile(empty, "solar.ghi", band, 4, 11, 5)
    assert layer_note(layer.notes[0], "ru") == "значение есть для 100,0 % страны"


def test_loading_again_replaces(empty: DataFolder, write: Write, take: Any) -> None:
    first = take(write(field(96, 252)), **GHI).layer
    second = take(write(field(96, 252, 3.5, 4.0)), **GHI).layer
    assert first.array != second.array
    assert [file.name for file in empty.atlas.glob("solar.ghi.*.tif")] == [second.file]
    assert not list(empty.atlas.glob(".*"))
    assert take(write(field(96, 252, 3.5, 4.0)), **GHI).layer == second


def test_twelve_files_in_a_zip_are_the_months(empty: DataFolder, write: Write, take: Any, tmp_path: Path) -> None:
    """As WorldClim packs them; the year is the mean of the months by their days."""
    with zipfile.ZipFile(tmp_path / "wc2.1_10m_srad.zip", "w") as archive:
        for month in range(1, 13):
            values = np.full((96, 252), 3600.0 * (1 + month / 4), dtype=np.float32)
            name = f"wc2.1_10m_srad_{month:02}.tif"
            archive.write(write(values, name), f"folder/{name}")
        archive.writestr("readme.txt", "notes")
    layer = take(tmp_path / "wc2.1_10m_srad.zip", patterns=("wc2.1_*_srad_[01][0-9].tif",), unit="kJ/m2/d").layer
    assert layer.has_months
    found = value_at(empty, "solar.ghi", 70, 50)
    assert [float(month) for month in found.months] == [1 + month / 4 for month in range(1, 13)]
    days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    assert float(found.year) == pytest.approx(
        sum(day * (1 + month / 4) for month, day in enumerate(days, 1)) / 365, abs=6e-4
    )
    assert len(found.month_totals) == 12
    assert legend("solar.ghi", 5).breaks != legend("solar.ghi", 0).breaks
    said = refused("raster-none", take, tmp_path / "wc2.1_10m_srad.zip", patterns=("GHI.tif",))
    assert "wc2.1_10m_srad_01.tif" in said


def test_twelve_and_thirteen_bands(empty: DataFolder, write: Write, take: Any) -> None:
    months = np.stack([field(96, 252, month / 4 + 1, month / 4 + 2) for month in range(1, 13)])
    assert take(write(months), **GHI).layer.has_months
    year = np.concatenate([months.mean(axis=0, keepdims=True), months])
    take(write(year), **GHI)
    stored = load(empty, "solar.ghi")
    assert stored.band(0)[50, 50] == round(year[0, 50, 50] * 1000)
    assert stored.band(12)[50, 50] == round(float(months[11, 50, 50]) * 1000)
    assert "3" in refused("raster-bands", take, write(months[:3]), **GHI)


def test_a_month_is_lacking(write: Write, take: Any, tmp_path: Path) -> None:
    for month in (1, 2, 4):
        write(field(9, 9), f"set/x_{month:02}.tif")
    said = refused("raster-months", take, tmp_path / "set", **GHI)
    assert "03, 05" in said


def test_large_rasters_are_read_band_by_band(empty: DataFolder, write: Write, take: Any, monkeypatch: Any) -> None:
    """The same values, click and tile whether a raster stands in memory or on disk; damage is noticed in both."""
    months = np.stack([field(96, 252, month / 4 + 1, month / 4 + 2) for month in range(1, 13)])
    take(write(months), **GHI)
    small = load(empty, "solar.ghi")
    tiles = [tile(empty, "solar.ghi", band, 5, 22, 10) for band in (0, 7)]
    monkeypatch.setattr("jasyl.atlas.raster.WHOLE", 1000)
    from jasyl.atlas import raster

    raster._load.cache_clear()
    raster._BANDS._kept.clear()
    monkeypatch.setattr(raster._BANDS, "limit", 3 * 96 * 252 * 2)
    large = load(empty, "solar.ghi")
    assert large.whole is None
    assert (large.values == small.values).all()
    assert (large.at(40, 100) == small.at(40, 100)).all()
    for band in range(13):
        assert (large.band(band) == small.band(band)).all()
    assert len(raster._BANDS._kept) == 3
    assert [tile(empty, "solar.ghi", band, 5, 22, 10) for band in (0, 7)] == tiles
    raster._load.cache_clear()
    assert large.layer.file is not None
    take(write(months[::-1].copy(), "other.tif"), **GHI)
    other = load(empty, "solar.ghi")
    (empty.atlas / large.layer.file).write_bytes(b"II*\0")
    (empty.atlas / (other.layer.file or "")).write_bytes(b"II*\0")
    raster._load.cache_clear()
    with pytest.raises(Refusal) as refusal:
        load(empty, "solar.ghi")
    assert refusal.value.code == "layer-damaged"
    raster._load.cache_clear()


def test_population_keeps_its_sum(empty: DataFolder, write: Write, take: Any) -> None:
    """Counts of cells off the grid's lines: people per km² times area are the people of the file."""
    people = np.random.default_rng(3).exponential(3, (600, 900)).astype(np.float32)
    bounds = (60.001, 45.002, 67.501, 50.002)
    layer = take(write(people, bounds=bounds, nodata=-99999), "land.population", partial=True).layer
    raster = load(empty, layer.id)
    assert layer.stored == "int32"
    density = np.where(raster.band(0) == layer.nodata, 0, raster.band(0) * 0.0001)
    assert (density * raster.grid.row_areas[:, None] / 1e6).sum() == pytest.approx(people.sum(), rel=1e-5)
    assert tile(empty, layer.id, 0, 5, 22, 10)[:4] == b"\x89PNG"
    (row,) = statistics(empty, layer.id, [_box(59, 44, 69, 51)])
    assert row.mean * row.area / 1e6 == pytest.approx(people.sum(), rel=1e-5)


def _box(west: float, south: float, east: float, north: float) -> dict[str, Any]:
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def test_land_cover_has_classes(empty: DataFolder, write: Write, take: Any) -> None:
    codes = np.where(np.arange(2520)[None] < 1260, 40, 80).astype(np.uint8).repeat(960, axis=0)
    codes[:96] = 0  # WorldCover's no data
    take(write(codes), "land.cover")
    west, east = value_at(empty, "land.cover", 50, 45), value_at(empty, "land.cover", 80, 45)
    assert (west.year, west.class_name("en"), east.class_name("ru")) == (40, "cropland", "постоянные водоёмы")
    assert value_at(empty, "land.cover", 50, 55.9).year is None
    assert value_at(empty, "land.cover", 50, 55.9).class_name("en") is None
    (areas,) = class_areas(empty, "land.cover", [_box(66, 45, 69, 46)])
    assert list(areas) == [80, 40]
    assert areas[80] == pytest.approx(2 * areas[40], rel=1e-9)
    (row,) = statistics(empty, "land.cover", [_box(66, 45, 69, 46)])
    assert row.mean is row.p50 is None
    assert row.share == pytest.approx(1)
    import rasterio.io

    png = tile(empty, "land.cover", 0, 6, 43, 22)
    with rasterio.io.MemoryFile(png) as memory, pytest.warns(match="geotransform"), memory.open() as picture:
        assert picture.colormap(1)[int(picture.read(1)[100, 100])][:3] in [(240, 150, 255), (0, 100, 200)]
    said = refused("raster-codes", take, write(np.full((96, 252), 7, np.uint8), "other.tif"), "land.cover")
    assert "7" in said


def test_slope_and_height_of_a_terrain_model(empty: DataFolder, write: Write, take: Any) -> None:
    """Two tiles of 3 arc-seconds with a slope to the north of one in twenty, the cells of GLO-90 half a cell off."""
    half = 1 / 2400
    for west in (70, 71):
        rows = np.arange(1200)[:, None] * np.ones((1, 1200))
        metres = rows * 92.7 * 0.05  # 92.7 m is 3″ of latitude at 50.5°
        write(
            metres.astype(np.float32), f"dem/t{west}.tif", bounds=(west - half, 50 + half, west + 1 - half, 51 + half)
        )
    place = empty.path.parent / "dem"
    layer = take(place, "land.slope", window=(70.1, 50.1, 71.9, 50.9)).layer
    raster = load(empty, "land.slope")
    assert layer.method == "gather/slope@1.1.0"
    assert layer.kind == "modelled"
    assert raster.band(0)[5:-5, 5:-5] / 100 == pytest.approx(np.degrees(np.arctan(0.05)), abs=0.02)
    take(place, "land.elevation", window=(70.1, 50.1, 71.9, 50.9))
    (west, south), step = (70.5, 50.5), 30 / 3600
    found = value_at(empty, "land.elevation", west + step / 2, south + step / 2)
    assert float(found.year) == pytest.approx((51 + half - south - step / 2) * 1200 * 4.635 - 2.3, abs=0.3)


def test_temperature_in_kelvin_and_speed(empty: DataFolder, write: Write, take: Any) -> None:
    layer = take(write(field(96, 252, 270, 285)), "land.temperature").layer
    assert "unit-assumed=K" in layer.notes
    assert float(value_at(empty, "land.temperature", 46.1, 55.9).year) == pytest.approx(-3.15, abs=0.01)
    tenths = take(write(field(96, 252, 2700, 2850)), "land.temperature").layer
    assert "unit-assumed=0.1 K" in tenths.notes
    assert take(write(field(96, 252, 3, 9), unit="m s-1"), "wind.speed_100m").layer.bands == ("year",)
    assert take(write(field(96, 252, 100, 900)), "wind.power_density_100m", unit="W/m2").layer.stored == "int32"


# Units and physical ranges.


def test_the_unit_is_not_guessed_where_it_matters(write: Write, take: Any) -> None:
    watts = write(field(96, 252, 120, 190))
    assert "unit-assumed=W/m2" in take(watts).layer.notes
    said = refused("raster-unit", take, watts, unit="kW.h/m2/d")  # W/m² taken for kWh/(m²·d)
    assert "W/m2" in said
    joules = write(field(96, 252, 5e5, 6.8e5), unit="J m**-2")
    assert "J/m2/h" in refused("raster-unit", take, joules, unit="W/m2")  # J/m² for W/m²
    assert "Cel" in refused("raster-unit", take, write(field(96, 252, -5, 15)), "land.temperature", unit="K")
    assert "MJ/m2/d" in refused("raster-unit-unknown", take, write(field(96, 252, 7.0, 7.6)))  # two could be
    refused("raster-unfit", take, write(field(96, 252, 1e9, 2e9)))  # none could be
    assert "kJ/m2/d" in refused("raster-unit-name", take, watts, unit="furlong")


def test_impossible_values(write: Write, take: Any) -> None:
    values = field(96, 252)
    values[3, 4] = 77
    said = refused("raster-range", take, write(values), **GHI)
    assert "77" in said
    values[3, 4] = -9999
    values[5:9, 6:9] = 1e20
    layer = take(write(values), **GHI).layer
    assert {"fill-assumed=-9999", "fill-assumed=1e+20"} <= set(layer.notes)
    assert all(layer_note(note, language) for note in layer.notes for language in LANGUAGES)


def test_nothing_but_zeros_or_holes(write: Write, take: Any) -> None:
    zeros = np.zeros((96, 252), dtype=np.float32)
    refused("raster-zero", take, write(zeros), "land.population")
    refused("raster-zero", take, write(zeros), **GHI)
    refused("raster-empty", take, write(np.full_like(zeros, -9999)), **GHI)
    assert "-80" in refused("raster-unfit", take, write(np.full_like(zeros, -80)), **GHI)
    refused("raster-empty", take, write(np.full((96, 252), 7, np.float32), nodata=7), "land.population")


def test_zero_is_no_value_where_the_sun_shines(empty: DataFolder, write: Write, take: Any) -> None:
    """A sea written as zero: empty and told, in units with and without a name; where zero can be, it stays."""
    values = field(96, 252)
    values[5:40, 6:60] = 0
    for unit in ("kW.h/m2/d", None):
        layer = take(write(values), "solar.ghi", unit=unit).layer
        assert "fill-assumed=0" in layer.notes
        band = load(empty, "solar.ghi").band(0)
        assert (band[5:40, 6:60] == layer.nodata).all()
        assert (band == layer.nodata).sum() == 35 * 54
    rain = np.full((96, 252), 100, np.float32)
    rain[5:40, 6:60] = 0
    assert "fill-assumed=0" not in take(write(rain), "water.runoff", unit="mm/a").layer.notes
    assert (load(empty, "water.runoff").band(0)[5:40, 6:60] == 0).all()


# Where it lies.


def test_rows_from_the_south_are_turned(empty: DataFolder, write: Write, take: Any) -> None:
    values = field(96, 252)
    take(write(values), **GHI)
    north_up = load(empty, "solar.ghi").band(0).copy()
    south_up = write(values[::-1].copy(), transform=Affine(1 / 6, 0, 46, 0, 1 / 6, 40))
    layer = take(south_up, **GHI).layer
    assert "rows-flipped" in layer.notes
    assert (load(empty, "solar.ghi").band(0) == north_up).all()


def test_coordinate_systems(empty: DataFolder, write: Write, take: Any) -> None:
    assert "crs-assumed" in take(write(field(96, 252), crs=None), **GHI).layer.notes
    metres = Affine(5000, 0, -1e6, 0, -5000, 7e6)
    refused("raster-crs-missing", take, write(field(300, 400), crs=None, transform=metres), **GHI)
    refused("raster-crs-wrong", take, write(field(300, 400), transform=metres), **GHI)
    refused("raster-crs-wrong", take, write(field(96, 252), crs="EPSG:32642"), **GHI)
    refused("raster-crs-wrong", take, write(field(96, 252)), crs="EPSG:999999", **GHI)


def test_a_projected_raster_is_warped(empty: DataFolder, write: Write, take: Any) -> None:
    """A field that is linear in longitude, in UTM: read back within the bend of a cell."""
    bounds = (66.0, 48.0, 72.0, 52.0)
    west, south, east, north = transform_bounds("EPSG:4326", "EPSG:32642", *bounds)
    size = 2000
    columns, rows = int((east - west) / size), int((north - south) / size)
    from pyproj import Transformer

    x = west + size * (np.arange(columns) + 0.5)
    y = north - size * (np.arange(rows) + 0.5)
    longitude, _ = Transformer.from_crs("EPSG:32642", "EPSG:4326", always_xy=True).transform(*np.meshgrid(x, y))
    values = (3 + (longitude - 66) / 10).astype(np.float32)
    utm = write(values, crs="EPSG:32642", transform=Affine(size, 0, west, 0, -size, north))
    layer = take(utm, window=bounds, step=300, **GHI).layer
    assert "warped=EPSG:32642" in layer.notes
    for longitude in (67.04, 69.0, 71.0):
        found = value_at(empty, "solar.ghi", longitude, 50)
        assert float(found.year) == pytest.approx(3 + (found.centre[0] - 66) / 10, abs=0.004)


def test_exchanged_axes(write: Write, take: Any) -> None:
    said = refused("raster-axes", take, write(field(252, 96), bounds=(40, 46, 56, 88)), **GHI)
    assert "x 40…56, y 46…88" in said


def test_it_does_not_cover_the_country(write: Write, take: Any) -> None:
    said = refused("raster-outside", take, write(field(50, 50), bounds=(0, 40, 20, 50)), **GHI)
    assert "0–20° E" in said
    west_only = write(field(96, 100), bounds=(46, 40, 60, 56))
    said = refused("raster-covers-little", take, west_only, **GHI)
    share = float(said.split(" %")[0].split()[-1])
    assert 15 < share < 35
    layer = take(west_only, partial=True, **GHI).layer
    assert layer.notes[-1].startswith("country-covered=0.")
    assert float(layer.notes[-1].partition("=")[2]) == pytest.approx(share / 100, abs=1e-3)
    nowhere = write(field(20, 20), "nowhere.tif", bounds=(46.0, 40.0, 46.3, 40.3))
    refused("raster-covers-little", take, nowhere, **GHI)
    assert take(nowhere, partial=True, **GHI).layer.notes[-1] == "country-covered=0.0000"
    assert take(west_only, window=(47, 41, 50, 43), **GHI).layer.notes == ("window-covered=1.0000",)


def test_too_fine_for_a_server(write: Write, take: Any) -> None:
    said = refused("raster-too-fine", take, write(field(96, 252)), step=5, **GHI)
    assert "--step 20" in said


# Files.


def test_truncated_and_foreign_files(write: Write, take: Any, tmp_path: Path) -> None:
    whole = write(field(960, 2520), compress="deflate", tiled=True)
    (tmp_path / "cut.tif").write_bytes(whole.read_bytes()[: whole.stat().st_size // 2])
    refused("raster-damaged", take, tmp_path / "cut.tif", **GHI)
    (tmp_path / "page.tif").write_bytes(b"<html>no</html>")
    refused("raster-damaged", take, tmp_path / "page.tif", **GHI)
    refused("raster-missing", take, tmp_path / "none.tif", **GHI)
    (tmp_path / "notes.txt").write_text("x")
    refused("raster-none", take, tmp_path / "notes.txt", **GHI)
    with zipfile.ZipFile(tmp_path / "cut.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(whole, "GHI.tif")
    content = bytearray((tmp_path / "cut.zip").read_bytes())
    content[len(content) // 2] ^= 0xFF
    (tmp_path / "cut.zip").write_bytes(content)
    refused("archive-damaged", take, tmp_path / "cut.zip", **GHI)


def test_netcdf_and_ascii_grid(empty: DataFolder, take: Any, tmp_path: Path) -> None:
    file = tmp_path / "ro.nc"
    with netCDF4.Dataset(file, "w") as made:
        made.createDimension("latitude", 160)
        made.createDimension("longitude", 420)
        latitude = made.createVariable("latitude", "f8", ("latitude",))
        longitude = made.createVariable("longitude", "f8", ("longitude",))
        latitude[:] = 40.05 + 0.1 * np.arange(160)  # from the south
        longitude[:] = 46.05 + 0.1 * np.arange(420)
        latitude.units, longitude.units = "degrees_north", "degrees_east"
        latitude.standard_name, longitude.standard_name = "latitude", "longitude"
        for name in ("ro", "tp"):
            values = made.createVariable(name, "f4", ("latitude", "longitude"), fill_value=-32767.0)
            values.units = "m"
            values[:] = field(160, 420, 1e-4, 5e-4) if name == "ro" else 9.0
            values[0, 0] = -32767.0
    said = refused("raster-variables", take, file, "water.runoff", unit="m/d")
    assert "ro, tp" in said
    layer = take(file, "water.runoff", unit="m/d", variable="ro").layer
    assert layer.resolution == 360
    found = value_at(empty, "water.runoff", 46.25, 40.05)
    assert float(found.year) == pytest.approx(1e-4 * 365250, rel=0.02)  # the southern rows stay in the south
    rows = "\n".join(" ".join(f"{value:.3f}" for value in row) for row in field(32, 84))
    (tmp_path / "grid.asc").write_text(
        f"ncols 84\nnrows 32\nxllcorner 46\nyllcorner 40\ncellsize 0.5\nNODATA_value -9999\n{rows}\n"
    )
    layer = take(tmp_path / "grid.asc", **GHI).layer
    assert (layer.resolution, layer.notes[0]) == (1800, "crs-assumed")


def test_days_of_whole_years_are_a_climate(empty: DataFolder, write: Write, take: Any, tmp_path: Path) -> None:
    """Twelve files of daily runoff, as the queue gives them; a season is refused."""
    lengths = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
    for month, days in enumerate(lengths, start=1):
        daily = np.full((days, 16, 42), 0.1 * month, dtype=np.float32)
        daily[:, 0, 0] = -9999
        write(daily, f"days/glofas_2023_{month:02}.tif", nodata=-9999)
    take(tmp_path / "days", "water.runoff", unit="kg/m2/d")
    mean = sum(0.1 * month * days for month, days in enumerate(lengths, start=1)) / 365
    assert float(value_at(empty, "water.runoff", 70, 50).year) == pytest.approx(mean * 365.25, abs=0.06)
    assert value_at(empty, "water.runoff", 46.5, 55.5).year is None
    (tmp_path / "days" / "glofas_2023_07.tif").unlink()
    assert "334" in refused("raster-days", take, tmp_path / "days", "water.runoff", unit="kg/m2/d")


def test_scale_and_offset_of_a_file(empty: DataFolder, write: Write, take: Any) -> None:
    file = write(np.round(field(96, 252) * 100).astype(np.int16) - 100, nodata=-32768)
    with rasterio.open(file, "r+") as dataset:
        dataset.scales, dataset.offsets = (0.01,), (1.0,)
    take(file, **GHI)
    assert load(empty, "solar.ghi").band(0)[50, 50] == pytest.approx(field(96, 252)[50, 50] * 1000, abs=6)


def test_many_files_have_one_hash(empty: DataFolder, write: Write, take: Any, tmp_path: Path) -> None:
    for number in range(30):
        west = 46 + number * 1.4
        write(field(96, 14), f"tiles/t{number:02}.tif", bounds=(west, 40, west + 1.4, 56))
    layer = take(tmp_path / "tiles", **GHI).layer
    assert list(layer.inputs) == ["tiles (30 files, SHA256SUMS)"]


def test_what_is_no_raster_layer(write: Write, take: Any) -> None:
    refused("layer-not-loadable", take, write(field(9, 9)), "solar.ghi_clear")
    refused("layer-unknown", take, write(field(9, 9)), "solar.moonlight")


def test_somebody_stops_it(empty: DataFolder, write: Write) -> None:
    stopped = Silent()
    stopped.token.cancel()
    with pytest.raises(Cancelled):
        load_raster(empty, write(field(96, 252)), "solar.ghi", SOURCE, "-", ask=Ask(**GHI), progress=stopped)
    assert read_record(empty, "solar.ghi") is None
    assert not list(empty.atlas.iterdir())


def test_every_recipe_holds_its_values() -> None:
    """What is possible fits the integers it is stored in, and the layer's own unit comes first."""
    for recipe in RECIPES.values():
        assert isinstance(recipe, Recipe)
        if recipe.gather != "slope":  # heights go in, degrees come out
            quantise(np.array(recipe.possible) / float(recipe.scale), recipe.stored)
        assert recipe.possible[0] <= recipe.usual[0] < recipe.usual[1] <= recipe.possible[1]
        assert next(iter(recipe.units.values())) == 1.0
    assert KZ == (46.0, 40.0, 88.0, 56.0)
