"""Terrain models, directions and runoff from files: what is read, and every wrong file's own refusal."""

import tarfile
import zipfile

import numpy as np
import pytest
import rasterio
import xarray as xr
from tests.atlas.water.terrain_models import grid_of, hills
from tests.atlas.working_folder import working_folder

from jasyl.atlas import rivers
from jasyl.atlas.water import flow, memory
from jasyl.atlas.water.build import Inputs, build_rivers
from jasyl.atlas.water.dem import grid_of as dem_grid
from jasyl.atlas.water.dem import read_dem, read_directions
from jasyl.atlas.water.directions import VOID
from jasyl.atlas.water.runoff import of_values, read_runoff, uniform
from jasyl.atlas.water.terrain import TerrainGrid, checked
from jasyl.atlas.water.terrain_tiles import terrain_of
from jasyl.texts import LANGUAGES, Refusal

SIDE = 3 / 3600


def write(file, values, *, crs="EPSG:4326", west=76.0, north=45.0, side=SIDE, nodata=None, unit=None, transform=None):
    bands = values if values.ndim == 3 else values[None]
    profile = {
        "driver": "GTiff",
        "count": len(bands),
        "height": bands.shape[1],
        "width": bands.shape[2],
        "dtype": bands.dtype,
        "transform": transform or rasterio.Affine(side, 0, west, 0, -side, north),
        "nodata": nodata,
    }
    with rasterio.open(file, "w", **profile, **({"crs": crs} if crs else {})) as dataset:
        dataset.write(bands)
        if unit:
            dataset.units = [unit] * len(bands)
    return file


def refused(code, work):
    with pytest.raises(Refusal) as told:
        work()
    assert told.value.code == code
    for language in LANGUAGES:
        assert told.value.text(language)
    return told.value


def test_heights_and_sea(tmp_path):
    ground = hills().astype(np.int16)
    ground[:5, :9] = -32768
    found, grid = read_dem(write(tmp_path / "a.tif", ground, nodata=-32768))
    assert found.dtype == np.float32
    assert np.isnan(found[:5, :9]).all()
    assert np.array_equal(found[5:], ground[5:])
    assert grid.bounds == pytest.approx(grid_of(ground.shape).bounds)


def test_south_up_is_turned_and_scale_is_kept(tmp_path):
    ground = hills(600, 20)
    file = write(tmp_path / "a.tif", ground[::-1], transform=rasterio.Affine(SIDE, 0, 76, 0, SIDE, 45 - 600 * SIDE))
    found, grid = read_dem(file)
    assert np.array_equal(found, ground)
    assert grid.north == pytest.approx(45)
    stored = write(tmp_path / "b.tif", (hills() * 2).astype(np.int16))
    with rasterio.open(stored, "r+") as dataset:
        dataset.scales, dataset.offsets = [0.5], [7]
    assert read_dem(stored)[0] == pytest.approx((hills() * 2).astype(np.int16) * 0.5 + 7)


def test_a_window_of_a_terrain_model(tmp_path):
    """The cells whose centres lie within, from a raster of either way up, without reading the rest."""
    ground = hills(600, 50)
    north = 45 - 40.4 * SIDE, 45 - 560.4 * SIDE  # rows 40 to 559
    window = (76 + 5.4 * SIDE, north[1], 76 + 30.4 * SIDE, north[0])
    upright = write(tmp_path / "a.tif", ground)
    turned = write(tmp_path / "b.tif", ground[::-1], transform=rasterio.Affine(SIDE, 0, 76, 0, SIDE, 45 - 600 * SIDE))
    for file in (upright, turned):
        found, grid = read_dem(file, window=window)
        assert np.array_equal(found, ground[40:560, 5:30])
        assert grid == dem_grid(file, window)
        assert (grid.west, grid.north) == pytest.approx((76 + 5 * SIDE, 45 - 40 * SIDE))
    codes = write(tmp_path / "c.tif", flow.directions(ground, grid_of(ground.shape))[0], nodata=247)
    assert np.array_equal(read_directions(codes, window=window)[0], read_directions(codes)[0][40:560, 5:30])
    told = refused("dem-window", lambda: read_dem(upright, window=(10, 40, 11, 41)))
    assert "76 44.5" in told.text("en")
    refused("dem-size", lambda: read_dem(upright, window=(76, 44.9, 76 + 2.4 * SIDE, 45)))
    refused("window-antimeridian", lambda: read_dem(upright, window=(170, 40, -170, 41)))


def test_rivers_that_would_not_fit_into_memory_are_refused_before_reading(tmp_path, monkeypatch):
    """A terrain model of 20,000 × 9,000 cells takes 2.9 GB where a channel begins at 10 km² (docs/atlas-water.md)."""
    large = TerrainGrid(76, 50, SIDE, SIDE, 9_000, 20_000)
    assert memory.needed(large, 10e6) == pytest.approx(2.9e9, rel=0.05)
    assert memory.needed(large, 1e6) > memory.needed(large, 10e6)
    assert memory.available() is None or memory.available() > 0
    for name, content in (("meminfo", "MemTotal: 9 kB\nMemAvailable: 2000000 kB\n"), ("memory.max", "1500000000\n")):
        (tmp_path / name).write_text(content)
    (tmp_path / "memory.current").write_text("500000000\n")
    monkeypatch.setattr(memory, "_MEMORY", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_GROUP", tmp_path / "none")
    assert memory.available() == 2_048_000_000
    monkeypatch.setattr(memory, "_GROUP", tmp_path)
    assert memory.available() == 1_000_000_000
    told = refused("dem-memory", lambda: memory.check_memory(large, 10e6, "dem.tif"))
    assert (told.arguments["needed"], told.arguments["available"]) == ("2.9", "1.0")
    assert "--window" in told.text("en")
    (tmp_path / "memory.max").write_text("max\n")
    monkeypatch.setattr(memory, "_MEMORY", tmp_path / "none")
    assert memory.available() is None
    memory.check_memory(large, 10e6, "dem.tif")
    monkeypatch.setattr(memory, "available", lambda: 1000)
    file = write(tmp_path / "dem.tif", hills())
    refused("dem-memory", lambda: build_rivers(working_folder(tmp_path / "data"), Inputs(dem=file, runoff=300.0)))


def test_wrong_terrain_models(tmp_path):
    ground = hills()
    file = tmp_path / "dem.tif"
    refused("dem-crs", lambda: read_dem(write(file, ground, crs=None)))
    told = refused("dem-projected", lambda: read_dem(write(file, ground, crs="EPSG:2227", side=300)))
    assert "foot" in told.text("en")
    refused("dem-datum", lambda: read_dem(write(file, ground, crs="EPSG:4284")))
    refused("dem-feet", lambda: read_dem(write(file, ground, unit="ft")))
    refused("dem-range", lambda: read_dem(write(file, ground * 30)))
    undeclared = ground.copy()
    undeclared[40, 40] = -9999
    refused("dem-range", lambda: read_dem(write(file, undeclared)))
    told = refused("dem-voids", lambda: read_dem(write(file, undeclared, nodata=-9999)))
    assert told.arguments["cells"] == "1" or told.arguments["cells"] == 1
    assert np.isnan(read_dem(file, inland_sea=True)[0][40, 40])
    refused("dem-empty", lambda: read_dem(write(file, np.full((9, 9), -9999.0), nodata=-9999)))
    refused("dem-bands", lambda: read_dem(write(file, np.stack([ground, ground]))))
    refused("dem-size", lambda: read_dem(write(file, ground[:2])))
    refused("dem-extent", lambda: read_dem(write(file, ground, west=45, north=176)))
    on_its_side = write(file, ground, west=45, north=76)
    told = refused("dem-axes", lambda: read_dem(on_its_side))
    window = tuple(float(edge) for edge in told.arguments["received"].split(","))
    assert read_dem(on_its_side, window=window)[1].shape == ground.shape
    turned = rasterio.Affine(SIDE, SIDE / 3, 76, SIDE / 3, -SIDE, 45)
    refused("dem-rotated", lambda: read_dem(write(file, ground, transform=turned)))
    write(file, ground)
    file.write_bytes(file.read_bytes()[:9000])
    refused("dem-unreadable", lambda: read_dem(file))
    refused("dem-unreadable", lambda: read_dem(tmp_path / "none.tif"))
    refused("dem-size", lambda: checked(TerrainGrid(0, 60, 1e-5, 1e-5, 70_000, 70_000)))


def test_directions_of_a_publisher(tmp_path):
    ground = hills()
    codes, _ = flow.directions(ground, grid_of(ground.shape))
    found, _ = read_directions(write(tmp_path / "a.tif", codes, nodata=247))
    assert np.array_equal(found, codes)
    signed = codes.astype(np.int16)
    signed[:3] = -9
    found, _ = read_directions(write(tmp_path / "b.tif", signed))
    assert (found[:3] == VOID).all()
    refused("directions-code", lambda: read_directions(write(tmp_path / "c.tif", (codes % 9).astype(np.uint8))))
    upward = rasterio.Affine(SIDE, 0, 76, 0, SIDE, 44)
    refused("dem-rotated", lambda: read_directions(write(tmp_path / "d.tif", codes, transform=upward)))


def test_units_of_runoff_are_told_apart():
    field = np.full((1, 3, 3), 100.0)
    assert of_values(field, "mm yr-1", None, "").values.max() == 100
    assert of_values(field / 365.2425, "mm/d", None, "").values.max() == pytest.approx(100)
    assert of_values(field / 365.2425 / 86400, "kg m-2 s-1", None, "").values.max() == pytest.approx(100)
    months = np.full((12, 3, 3), 10.0)
    assert of_values(months, "mm/month", None, "").values.sum(axis=0).max() == pytest.approx(120)
    assert of_values(months, "mm/d", None, "").values.sum(axis=0).max() == pytest.approx(3652.425)
    for unit in ("m3/s", "", "m3 s-1", "furlong"):
        refused("runoff-unit", lambda unit=unit: of_values(field, unit, None, ""))
    refused("runoff-range", lambda: of_values(field / 365, "mm/a", None, ""))  # mm a day said to be mm a year
    refused("runoff-range", lambda: of_values(field, "mm/d", None, ""))
    refused("runoff-range", lambda: of_values(field, "kg/m2/s", None, ""))
    refused("runoff-range", lambda: uniform(0.3))
    assert uniform(0.3, "mm/d").values.item() == pytest.approx(109.6, abs=0.1)
    refused("runoff-negative", lambda: of_values(field - 120, "mm/a", None, ""))
    refused("runoff-bands", lambda: of_values(months, "mm/a", None, ""))
    refused("runoff-bands", lambda: of_values(field, "mm/mo", None, ""))
    refused("runoff-bands", lambda: of_values(np.full((5, 3, 3), 9.0), "mm/d", None, ""))
    refused("dem-empty", lambda: of_values(field * np.nan, "mm/a", None, ""))


def test_runoff_files(tmp_path):
    field = np.array([[100, 200, 300], [400, 500, 600], [700, 800, -1]], dtype=np.float32)
    found = read_runoff(write(tmp_path / "a.tif", field, side=0.1, nodata=-1, unit="mm/a"))
    assert np.isnan(found.values[0, 2, 2])
    assert found.grid is not None
    assert not found.monthly
    refused("runoff-unit", lambda: read_runoff(write(tmp_path / "b.tif", field, side=0.1, nodata=-1)))
    assert read_runoff(tmp_path / "b.tif", "mm/a").values[0, 0, 1] == 200
    coords = {"month": range(1, 13), "lat": [44.95, 45.05, 45.15], "lon": [76.05, 76.15, 76.25]}
    months = np.broadcast_to(field.clip(0)[None] / 12, (12, 3, 3))
    cube = xr.Dataset({"ro": (("month", "lat", "lon"), months, {"units": "mm month-1"})}, coords=coords)
    cube.to_netcdf(tmp_path / "c.nc", engine="h5netcdf")
    found = read_runoff(tmp_path / "c.nc")
    assert found.monthly
    assert found.grid.north == pytest.approx(45.2)
    assert found.values.sum(axis=0)[0] == pytest.approx(field.clip(0)[2])  # the north row first
    (tmp_path / "d.nc").write_bytes((tmp_path / "c.nc").read_bytes()[:500])
    refused("dem-unreadable", lambda: read_runoff(tmp_path / "d.nc"))
    xr.Dataset({"a": 1}).to_netcdf(tmp_path / "e.nc", engine="h5netcdf")
    refused("runoff-bands", lambda: read_runoff(tmp_path / "e.nc"))
    refused(
        "dem-rotated",
        lambda: read_runoff(write(tmp_path / "f.tif", field, transform=rasterio.Affine(1, 1, 0, 1, 1, 0))),
    )
    (tmp_path / "g.tif").write_bytes(b"II*\0nothing")
    refused("dem-unreadable", lambda: read_runoff(tmp_path / "g.tif"))


def test_every_cell_takes_the_runoff_it_lies_in(tmp_path):
    field = np.array([[100, 200], [300, np.nan], [500, 600]])[None]
    runoff = of_values(field, "mm/a", TerrainGrid(76, 45, 0.1, 0.1, 3, 2), "r")
    grid = TerrainGrid(76.0, 45.0, 0.05, 0.05, 4, 4)
    volume = next(runoff.volumes(grid, np.ones(grid.shape, dtype=np.uint8)))
    depth = volume / grid.row_areas[:, None] * 10
    assert depth[:2] == pytest.approx(np.array([[100, 100, 200, 200]] * 2), rel=1e-6)
    assert depth[2, :2] == pytest.approx([300, 300], rel=1e-6)
    assert round(depth[2, 3], 3) in {200, 300, 600}  # a hole takes its neighbour
    refused("runoff-cover", lambda: list(runoff.volumes(grid_of((9, 9), west=75.0), np.ones((9, 9), dtype=np.uint8))))
    far = np.full((1, 9, 9), np.nan)
    far[0, 0, 0] = 100
    holes = of_values(far, "mm/a", TerrainGrid(76, 45, 0.1, 0.1, 9, 9), "r")
    wide = TerrainGrid(76, 45, 0.1, 0.1, 9, 9)
    refused("runoff-holes", lambda: list(holes.volumes(wide, np.ones((9, 9), dtype=np.uint8))))
    near = np.full((9, 9), VOID, dtype=np.uint8)
    near[:2, :2] = 1
    assert (next(holes.volumes(wide, near)) > 0).sum() == 4


def array_of(ground, **more):
    grid = grid_of(ground.shape, **more)
    return xr.DataArray(ground, coords={"y": grid.latitudes, "x": grid.longitudes}, dims=("y", "x"))


def test_the_notebook_face_takes_arrays_as_they_come():
    ground = hills()
    array = array_of(ground)
    found = rivers(array, 300)
    other = rivers(array.sortby("y").transpose("x", "y"), uniform_field(array, 300))
    assert np.array_equal(found.codes, other.codes)
    assert found.network.volume == pytest.approx(other.network.volume, rel=1e-9)
    codes = array.copy(data=found.codes)
    followed = rivers(array, directions=codes.sortby("y"))
    assert np.array_equal(followed.codes, found.codes)
    east = uniform_field(array, 300)
    east = east.assign_coords(x=east.x + 0.0)
    assert rivers(array.assign_coords(x=array.x - 100), east.assign_coords(x=(east.x - 100) % 360)).network.volume.sum()


def uniform_field(array, depth):
    lat, lon = np.arange(44.5, 45.51, 0.1), np.arange(75.5, 76.51, 0.1)
    values = np.full((len(lat), len(lon)), float(depth))
    return xr.DataArray(values, coords={"y": lat, "x": lon}, dims=("y", "x"), attrs={"units": "mm/a"})


def test_wrong_arrays():
    array = array_of(hills())
    refused("dem-crs", lambda: rivers(array.rename(y="rows")))
    refused("dem-projected", lambda: rivers(array.assign_coords(x=array.x * 1e5)))
    uneven = array.assign_coords(y=array.y**1.01)
    refused("dem-rotated", lambda: rivers(uneven.isel(y=[0, 1, 3, 8, 20])))
    refused("dem-size", lambda: rivers(array[:, :1]))
    refused("dem-range", lambda: rivers(array * 3.28084 * 6))


def tiles_of(folder, values, size=20):
    """``values`` cut into files of ``size`` × ``size`` cells."""
    folder.mkdir()
    for row in range(0, values.shape[0], size):
        for column in range(0, values.shape[1], size):
            part = np.ascontiguousarray(values[row : row + size, column : column + size])
            write(folder / f"t{row}_{column}.tif", part, north=45 - row * SIDE, west=76 + column * SIDE)
    return folder


def test_tiles_are_one_terrain(tmp_path):
    """A folder, a zip and a tar of tiles give the cells of the whole file; of a window only what touches it is read."""
    values = np.random.default_rng(5).uniform(400, 900, (60, 80)).astype(np.float32)
    whole, grid = read_dem(write(tmp_path / "whole.tif", values))
    folder = tiles_of(tmp_path / "tiles", values)
    (folder / "source.json").write_text("{}")
    with zipfile.ZipFile(tmp_path / "t.zip", "w") as packed, tarfile.open(tmp_path / "t.tar", "w") as taped:
        for file in folder.glob("*.tif"):
            packed.write(file, f"dir/{file.name}")
            taped.add(file, f"dir/{file.name}")
    for given in (folder, tmp_path / "t.zip", tmp_path / "t.tar"):
        found = terrain_of(given, "dem", tmp_path)
        assert len(found.files) == (12 if given == folder else 1)
        heights, same = read_dem(found.raster)
        assert (heights == whole).all()
        assert same.shape == grid.shape
        assert same.bounds == pytest.approx(grid.bounds, abs=1e-12)
    west, north = 76 + 25 * SIDE, 45 - 25 * SIDE
    window = (west, north - 8 * SIDE, west + 8 * SIDE, north)
    part = terrain_of(folder, "dem", tmp_path, window)
    assert [file.name for file in part.files] == ["t20_20.tif"]
    assert (read_dem(part.raster, window=window)[0] == whole[25:33, 25:33]).all()
    refused("dem-tiles-none", lambda: terrain_of(folder, "dem", tmp_path, (10, 10, 11, 11)))


def test_a_missing_tile_is_no_plain_at_sea_level(tmp_path):
    folder = tiles_of(tmp_path / "tiles", np.full((60, 60), 500, np.float32))
    (folder / "t0_0.tif").unlink()
    heights, _ = read_dem(terrain_of(folder, "dem", tmp_path).raster)
    assert np.isnan(heights[:20, :20]).all()
    assert (heights[20:] == 500).all()
    write(folder / "t0_0.tif", np.full((20, 20), 500, np.float32))
    (folder / "t20_20.tif").unlink()  # a hole in the middle
    refused("dem-voids", lambda: read_dem(terrain_of(folder, "dem", tmp_path).raster))


def test_wider_tiles_are_resampled_but_never_directions(tmp_path):
    """North of 50° Copernicus' cells are half as wide again: a plane stays a plane."""
    plane = lambda west, north, side, rows, columns: (  # noqa: E731
        1000 + 500 * (west + side * (np.arange(columns) + 0.5) - 76) + 0 * np.arange(rows)[:, None]
    ).astype(np.float32)
    folder = tmp_path / "tiles"
    folder.mkdir()
    write(folder / "south.tif", plane(76, 45, SIDE, 60, 60))
    wide = rasterio.Affine(1.5 * SIDE, 0, 76, 0, -SIDE, 45 + 60 * SIDE)
    write(folder / "north.tif", plane(76, 45, 1.5 * SIDE, 60, 40), transform=wide)
    found = terrain_of(folder, "dem", tmp_path)
    assert found.resampled == 1
    heights, grid = read_dem(found.raster)
    assert grid.shape == (120, 60)
    expected = plane(76, 45, SIDE, 120, 60)
    assert np.abs(heights - expected)[:, 1:-1].max() < 1e-3
    said = refused("dem-tiles-differ", lambda: terrain_of(folder, "directions", tmp_path))
    assert said.where.file == "north.tif"
    write(folder / "north.tif", plane(76, 45, SIDE, 60, 60), north=45 + 60.4 * SIDE)  # beside the grid
    refused("dem-tiles-differ", lambda: terrain_of(folder, "directions", tmp_path))


def test_archives_that_lead_elsewhere(tmp_path):
    write(tmp_path / "a.tif", np.zeros((5, 5), np.uint8))
    with tarfile.open(tmp_path / "x.tar", "w") as taped:
        taped.add(tmp_path / "a.tif", "../../a.tif")
    refused("archive-path", lambda: terrain_of(tmp_path / "x.tar", "directions", tmp_path))
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as packed:
        packed.write(tmp_path / "a.tif", "/etc/a.tif")
        packed.filelist[0].filename = "../a.tif"
    refused("archive-path", lambda: terrain_of(tmp_path / "x.zip", "directions", tmp_path))
    refused("dem-unreadable", lambda: terrain_of(tmp_path / "nothing", "dem", tmp_path))
    (tmp_path / "empty").mkdir()
    refused("dem-tiles-none", lambda: terrain_of(tmp_path / "empty", "dem", tmp_path))
