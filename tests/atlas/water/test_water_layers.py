"""From files to layers of the atlas, by function and by command; published rivers and lakes; what is refused."""

import json
import shutil

import msgspec
import numpy as np
import pyarrow as pa
import pyogrio
import pytest
import rasterio
import shapely
import xarray
from tests.atlas.water.terrain_models import grid_of, hills
from tests.atlas.water.test_water_files import refused, write
from tests.atlas.working_folder import working_folder
from typer.testing import CliRunner

from jasyl.atlas import load, load_sites, read_record
from jasyl.atlas.layer import NODATA, Source
from jasyl.atlas.layer_notes import layer_period
from jasyl.atlas.sources import place_of, publisher
from jasyl.atlas.sources.fetching import Fetched
from jasyl.atlas.water.build import ASSUMED_RUNOFF, OWN, Inputs, Origin, build_rivers, cells_of, map_grid
from jasyl.atlas.water.lines import as_geojson, load_lines
from jasyl.atlas.water.model import Routing
from jasyl.atlas.water.small_hydro import Plant, SiteSearch
from jasyl.atlas.water.waterways import load_waterways
from jasyl.cli.atlas import app
from jasyl.facts import source_word
from jasyl.texts import LANGUAGES

TEST = {"routing": Routing(channel_area=0.15e6), "search": SiteSearch(least_capacity=100.0)}


@pytest.fixture(scope="module")
def dem(tmp_path_factory):
    return write(tmp_path_factory.mktemp("dem") / "dem.tif", hills(120, 140, tilt=12) + 3000)


@pytest.fixture(scope="module")
def monthly(tmp_path_factory):
    field = np.full((12, 8, 8), 25.0, dtype=np.float32)
    field[3:6] = 80
    file = tmp_path_factory.mktemp("runoff") / "runoff.tif"
    return write(file, field, side=0.05, unit="mm/mo", west=75.9, north=45.1)


@pytest.fixture(scope="module")
def built(tmp_path_factory, dem, monthly):
    folder = working_folder(tmp_path_factory.mktemp("water") / "data")
    steps = []
    found = build_rivers(
        folder,
        Inputs(dem=dem, runoff=monthly, origins={"dem": Origin("hills", "CC0-1.0", "generated")}),
        plants=[Plant("one", "One", 76.05, 44.95, 5e6)],
        region_of=lambda places: ["KZ-33"] * len(places),
        progress=steps.append,
        **TEST,
    )
    assert steps == ["read", "route", "sites", "write"]
    return folder, found


def test_layers_carry_their_origin(built):
    folder, found = built
    assert [layer.id for layer in found.layers] == [
        "water.reaches",
        "water.discharge",
        "water.hydropower",
        "water.small_hydro",
    ]
    for layer in found.layers:
        assert read_record(folder, layer.id) == layer
        assert layer.sources[0].licence == "CC0-1.0"
        assert layer.sources[1].licence == "not stated by who loaded it"
        assert layer.sources[1].name == "runoff of who built the layer"
        assert source_word(layer.sources[1].name, "ru") == "сток того, кто строил слой"
        assert layer_period(layer.period, "kk") == "орташа жыл, айлар бойынша"
        assert set(layer.inputs) == {"dem.tif", "runoff.tif"}
        assert "environmental_flow=0.3" in layer.method
        assert "channel_area=150000" in layer.method


def test_discharge_is_the_largest_river_of_a_cell(built):
    folder, found = built
    raster = load(folder, "water.discharge")
    assert len(raster.layer.bands) == 13
    network = found.rivers.network
    place = cells_of(network.centres, raster.grid)
    scale = float(raster.layer.scale)
    assert raster.values[0].max() * scale == pytest.approx(network.discharge.max(), abs=scale)
    assert raster.values[5].max() * scale == pytest.approx(network.months[4].max(), abs=scale)
    empty = np.setdiff1d(np.arange(raster.grid.rows * raster.grid.columns), place)
    assert (raster.values[0].ravel()[empty] == NODATA).all()
    top = int(np.argmax(network.discharge))
    longitude, latitude = network.centres[top]
    assert raster.grid.cell(longitude, latitude) == divmod(int(place[top]), raster.grid.columns)


def test_hydropower_adds_up(built):
    folder, found = built
    raster = load(folder, "water.hydropower")
    values = raster.values[0][raster.values[0] != NODATA] * float(raster.layer.scale)
    assert values.sum() == pytest.approx(found.rivers.potential.gross.sum(), abs=len(values) * 0.5 * 0.01)


def test_sites_are_possibilities_not_facts(built):
    folder, found = built
    sites = load_sites(folder, "water.small_hydro")
    assert len(sites.values) == len(found.sites) > 3
    assert sites.total() == (None, len(sites.values))
    best = max(sites.values, key=lambda site: site.value)
    assert float(best.value) * 1e6 == pytest.approx(found.sites[0].capacity, rel=1e-3)
    assert float(best.parts["head_m"]) == pytest.approx(found.sites[0].head, rel=1e-3)
    assert best.place == "KZ-33"
    assert "One (one)" in best.note
    assert best.confirmed is False
    assert sites.as_geojson()["features"][0]["geometry"]["type"] == "Point"


def test_reaches_are_geoparquet_and_geojson(built):
    folder, found = built
    layer, table = load_lines(folder, "water.reaches")
    assert table.num_rows == len(found.rivers.network.reaches)
    assert {"reach", "down", "gross", "technical", "order", "geometry"} <= set(table.column_names)
    assert json.loads(table.schema.metadata[b"geo"])["columns"]["geometry"]["geometry_types"] == ["LineString"]
    large = as_geojson(table, least_order=2, tolerance=0.001)
    assert 0 < len(large["features"]) < table.num_rows
    orders = [feature["properties"]["order"] for feature in large["features"]]
    assert orders == sorted(orders, reverse=True)
    corner = as_geojson(table, bounds=(76.0, 44.95, 76.02, 45.0), most=3)
    assert len(corner["features"]) == 3
    assert as_geojson(table.select(["reach", "geometry"]), most=2)["features"][0]["properties"] == {"reach": 1}
    (folder.atlas / layer.file).rename(folder.atlas / "away")
    refused("layer-damaged", lambda: load_lines(folder, "water.reaches"))
    (folder.atlas / layer.file).write_bytes(b"cut")
    refused("layer-damaged", lambda: load_lines(folder, "water.reaches"))
    (folder.atlas / "away").replace(folder.atlas / layer.file)
    refused("layer-shape", lambda: load_lines(folder, "water.discharge"))
    refused("layer-waiting", lambda: load_lines(folder, "water.rivers"))


def test_map_grid_holds_the_terrain_and_lies_on_whole_cells():
    grid = map_grid(grid_of((120, 140), west=76.0004, north=44.9996), 30)
    assert grid.west % 30 == grid.north % 30 == 0
    west, south, east, north = grid.bounds
    assert west <= 76.0004
    assert east >= 76.0004 + 140 * 3 / 3600 - 1e-9
    assert north >= 44.9996
    assert south <= 44.9996 - 120 * 3 / 3600 + 1e-9
    aligned = map_grid(grid_of((120, 140)), 30)
    assert aligned.shape == (12, 14)


def test_directions_and_cover_are_compared(built, dem, tmp_path):
    folder, found = built
    codes = write(tmp_path / "dir.tif", found.rivers.codes)
    again = build_rivers(folder, Inputs(dem=dem, runoff=300.0, directions=codes), **TEST)
    assert np.array_equal(again.rivers.codes, found.rivers.codes)
    names = [source.name for source in again.layers[0].sources]
    assert names == [OWN["dem"], OWN["directions"], ASSUMED_RUNOFF]
    assert again.layers[0].sources[2].version == "300 mm/a"
    assert read_record(folder, "water.discharge").bands == ("year",)
    assert len(list(folder.atlas.glob("water.discharge.*.tif"))) == 1
    shifted = write(tmp_path / "off.tif", found.rivers.codes, west=77.0)
    refused("directions-shape", lambda: build_rivers(folder, Inputs(dem=dem, runoff=300.0, directions=shifted)))
    wide = (60.0, 40.0, 70.0, 50.0)
    refused("dem-cover", lambda: build_rivers(folder, Inputs(dem=dem, runoff=300.0, cover=wide)))


def run(*arguments):
    found = CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    assert found.exit_code == 0, found.stderr
    return found.stdout


def test_one_command_from_terrain_to_sites(tmp_path, dem, monthly):
    folder = working_folder(tmp_path / "data")
    text = run("rivers", dem, "--runoff", "400", "--channel", "0.2", "--data", folder.path, "--lang", "kk")
    assert "Жалпы әлеует" in text
    assert "water.small_hydro" in text
    told = json.loads(
        run("rivers", dem, "--runoff", monthly, "--channel", "0.2", "--fill", "--no-sinks", "--json", "--data",
            folder.path, "--source", "dem=Hills;CC0-1.0;here", "--source", "runoff=Rain;CC0-1.0")
    )  # fmt: skip
    assert told["gross_gwh"] > told["technical_gwh"] > 0
    assert told["layers"][0]["sources"][1]["name"] == "runoff: Rain"
    assert sum(entry["gross_gwh"] for entry in told["regions"].values()) <= told["gross_gwh"] + 1e-3
    assert "mend=fill" in told["layers"][0]["method"]
    refused("rivers-option", lambda: run("rivers", dem, "--runoff", 9, "--source", "sky=x", "--data", folder.path))
    refused("dem-cover", lambda: run("rivers", dem, "--runoff", 9, "--region", "KZ-33", "--data", folder.path))
    refused("dem-window", lambda: run("rivers", dem, "--runoff", 9, "--window", "1,2,3,4", "--data", folder.path))
    refused("weather-window", lambda: run("rivers", dem, "--runoff", 9, "--window", "1,2", "--data", folder.path))


def test_fetched_terrain_is_taken_by_the_name_of_its_source(tmp_path, dem):
    folder = working_folder(tmp_path / "data")
    refused("load-nothing-fetched", lambda: run("rivers", "glo90", "--runoff", 400, "--data", folder.path))
    place = place_of(folder, "glo90")
    place.mkdir(parents=True)
    shutil.copy(dem, place / "Copernicus_DSM_COG_30_N45_00_E076_00_DEM.tif")
    fetched = Fetched(publisher="glo90", source=publisher("glo90").source, period="-")
    (place / "source.json").write_bytes(msgspec.json.encode(fetched))
    told = json.loads(run("rivers", "glo90", "--runoff", 400, "--channel", "0.2", "--json", "--data", folder.path))
    layer = told["layers"][0]
    assert layer["sources"][0]["licence"].startswith("Copernicus DEM licence")
    assert list(layer["inputs"]) == ["Copernicus_DSM_COG_30_N45_00_E076_00_DEM.tif"]


def test_daily_fields_of_a_publisher_become_the_runoff_of_rivers(tmp_path, dem):
    """GloFAS gives days as NetCDF: loaded as a layer they are a mean year, which rivers take with its source."""
    folder = working_folder(tmp_path / "data")
    days = np.datetime64("2023-01-01", "ns") + np.arange(365) * np.timedelta64(1, "D")
    daily = xarray.Dataset(
        {"rowe": (("time", "latitude", "longitude"), np.full((365, 20, 20), 1.5, np.float32), {"units": "kg m**-2"})},
        coords={
            "time": days,
            "latitude": ("latitude", 45.475 - 0.05 * np.arange(20), {"units": "degrees_north"}),
            "longitude": ("longitude", 75.525 + 0.05 * np.arange(20), {"units": "degrees_east"}),
        },
    )
    file = tmp_path / "glofas_2023.nc"
    daily.to_netcdf(file, engine="h5netcdf")
    refusal = refused(
        "runoff-bands", lambda: run("rivers", dem, "--runoff", file, "--unit", "mm/d", "--data", folder.path)
    )
    assert all("--as water.runoff" in refusal.text(language) for language in LANGUAGES)
    refused("layer-waiting", lambda: run("rivers", dem, "--runoff", "water.runoff", "--data", folder.path))
    run("load", file, "--as", "water.runoff", "--source", "glofas", "--window", "75.5,44.5,76.5,45.5", "--partial",
        "--data", folder.path)  # fmt: skip
    say = ("--channel", "0.2", "--json", "--data", folder.path)
    told = json.loads(run("rivers", dem, "--runoff", "water.runoff", *say))
    assert told["gross_gwh"] == pytest.approx(
        json.loads(run("rivers", dem, "--runoff", 1.5 * 365.25, *say))["gross_gwh"], rel=1e-3
    )
    runoff = told["layers"][0]["sources"][1]
    assert "GloFAS" in runoff["name"]
    assert runoff["licence"] == "CEMS-FLOODS datasets licence"


def vectors(file, shapes, columns, crs="EPSG:4326", kind="LineString"):
    geometry = shapely.to_wkb(np.array(shapes, dtype=object))
    names, values = list(columns), [np.array(column) for column in columns.values()]
    pyogrio.raw.write(file, geometry, values, names, geometry_type=kind, crs=crs)
    return file


LINE = shapely.LineString([(76, 44), (76.5, 44.5)])
AWAY = shapely.LineString([(10, 44), (10.5, 44.5)])
POND = shapely.box(74, 46, 75, 47)


def test_published_rivers_and_lakes(tmp_path):
    folder = working_folder(tmp_path / "data")
    columns = {
        "HYRIV_ID": [1, 2],
        "NEXT_DOWN": [0, 1],
        "LENGTH_KM": [2.5, 1.0],
        "ORD_STRA": [3, 1],
        "DIS_AV_CMS": [7.5, 1],
    }
    layer = load_waterways(folder, vectors(tmp_path / "r.gpkg", [LINE, AWAY], columns))
    assert layer.id == "water.rivers"
    assert "HydroRIVERS" in layer.sources[0].name
    _, table = load_lines(folder, "water.rivers")
    assert table.drop_columns("geometry").to_pylist() == [
        {"reach": 1, "down": 0, "order": 3, "length": 2500.0, "discharge": 7.5}
    ]
    lakes = {"Hylak_id": [9], "Lake_area": [18.5], "Vol_total": [2.0]}
    said = run("waterways", vectors(tmp_path / "l.shp", [POND], lakes, kind="Polygon"), "--data", folder.path)
    assert "water.lakes" in said
    _, table = load_lines(folder, "water.lakes")
    assert table["volume"].to_pylist() == [2e6]
    other = vectors(tmp_path / "o.gpkg", [LINE], {"a": [1]})
    refused("waterways-source", lambda: load_waterways(folder, other))
    named = Source(name="Mine", version="", licence="CC0-1.0", reference="here")
    assert load_waterways(folder, other, source=named).sources == (named,)
    assert json.loads(run("waterways", other, "--source", "Mine;CC0-1.0;here", "--json", "--data", folder.path))
    refused("rivers-option", lambda: run("waterways", other, "--source", "Mine", "--data", folder.path))


def test_wrong_waterways(tmp_path):
    folder = working_folder(tmp_path / "data")

    def told(code, file):
        return refused(code, lambda: load_waterways(folder, file))

    told("waterways-empty", vectors(tmp_path / "a.gpkg", [AWAY], {"HYRIV_ID": [1]}))
    mixed = vectors(tmp_path / "m.gpkg", [shapely.Point(76, 44)], {"HYRIV_ID": [1]}, kind="Point")
    told("waterways-mixed", mixed)
    (tmp_path / "bad.gpkg").write_bytes(b"SQLite format 3\0")
    told("waterways-unreadable", tmp_path / "bad.gpkg")
    plane = shapely.LineString([(60, 50), (61, 51)])
    told("dem-projected", vectors(tmp_path / "p.gpkg", [plane], {"HYRIV_ID": [1]}, crs="EPSG:32642"))


def test_sites_table_is_empty_where_nothing_fits(tmp_path, dem):
    folder = working_folder(tmp_path / "data")
    none = SiteSearch(least_capacity=1e11)
    found = build_rivers(folder, Inputs(dem=dem, runoff=50.0), routing=TEST["routing"], search=none)
    assert found.sites == []
    assert load_sites(folder, "water.small_hydro").values == ()
    assert pa.types.is_binary(load_lines(folder, "water.reaches")[1].schema.field("geometry").type)
    with rasterio.open(folder.atlas / found.layers[1].file) as dataset:
        assert dataset.crs.to_epsg() == 4326
