"""Exports read back by the libraries people use, with licence and hash inside; the STAC catalogue by pystac."""

import csv
import json
from decimal import Decimal

import jsonschema
import numpy as np
import pyarrow as pa
import pystac
import pytest
import rasterio
import shapely
from pystac.validation.local_validator import get_local_schema_cache
from referencing import Registry, Resource

from jasyl.atlas import load, read_record
from jasyl.atlas.areas import AreaValue, write_areas
from jasyl.atlas.export import FORMATS, formats_of, layer_file, write_layer
from jasyl.atlas.layer import Source
from jasyl.atlas.layer_catalogue import definition
from jasyl.atlas.sites import SiteValue, write_sites
from jasyl.atlas.stac import EXTENSIONS, stac_catalog, stac_collection, stac_item, write_catalog
from jasyl.atlas.water.lines import write_lines
from jasyl.storage import create_folder
from jasyl.texts import LANGUAGES, Refusal

ABOUT = {"kind": "published", "source": "stat.gov.kz", "confidence": "high"}
SOURCE = Source(name="Bureau", version="2023", licence="CC BY 4.0", reference="https://stat.gov.kz")
AREAS, SITES, RASTER, LINES = "biomass.energy", "geothermal.heat", "solar.ghi_clear", "water.rivers"


@pytest.fixture(scope="module")
def folder(tmp_path_factory, atlas):
    """The built rasters, a layer of areas and one of sites."""
    import shutil

    from msgspec.structs import replace

    made = create_folder(tmp_path_factory.mktemp("export") / "data", "real")
    for file in atlas.atlas.iterdir():
        shutil.copy2(file, made.atlas / file.name)
    draft = replace(definition(AREAS), sources=(SOURCE,), period="2021–2023")
    values = [
        AreaValue(place="KZ-71", level="region", value=Decimal("12.50"), year=2023, parts={"t": Decimal(3)}, **ABOUT),
        AreaValue(place="KZ-11", level="region", value=None, **ABOUT),
        AreaValue(place="113220100", level="district", region="KZ-11", value=Decimal(1), **ABOUT),
    ]
    write_areas(made, draft, values)
    sites = [
        SiteValue(id="a", name="=1+1", longitude=Decimal("71.5"), latitude=Decimal("51.2"), value=Decimal(2), **ABOUT),
        SiteValue(id="b", name="Орны белгісіз", value=None, **ABOUT),
    ]
    write_sites(made, replace(definition(SITES), sources=(SOURCE,)), sites)
    rivers = shapely.to_wkb([shapely.LineString([(70, 50), (70.5, 50.25)]), shapely.LineString([(71, 50), (71, 51)])])
    columns = {"reach": [7, 8], "order": pa.array([3, None], pa.int16()), "cut": [True, False], "name": ["=Ишим", None]}
    write_lines(made, replace(definition(LINES), sources=(SOURCE,)), pa.table({**columns, "geometry": rivers.tolist()}))
    return made


def _code(work):
    with pytest.raises(Refusal) as refusal:
        work()
    for language in LANGUAGES:
        assert refusal.value.text(language)
    return refusal.value.code


def test_a_raster_as_it_is_kept(folder, tmp_path):
    write_layer(folder, RASTER, tmp_path / "x.tif")
    with rasterio.open(tmp_path / "x.tif") as read:
        assert np.array_equal(read.read(), load(folder, RASTER).values)
        assert read.tags()["LICENCE"] == "BSD-3-Clause"


def test_a_raster_as_zarr_is_read_by_xarray(folder, tmp_path):
    import xarray as xr
    from zarr.storage import ZipStore

    write_layer(folder, RASTER, tmp_path / "x.zarr.zip")
    store = ZipStore(tmp_path / "x.zarr.zip", mode="r")
    read = xr.open_zarr(store, consolidated=False)
    raster = load(folder, RASTER)
    expected = np.where(raster.values == raster.layer.nodata, np.nan, raster.values * 0.001)
    assert np.allclose(read["value"].values, expected, equal_nan=True, atol=1e-9)
    assert read["value"].attrs["band_names"][7] == "month-07"
    assert read.attrs["licence"] == "BSD-3-Clause"
    assert read.attrs["values_sha256"] == raster.layer.array
    at = read["value"].sel(latitude=51.13, longitude=71.43, method="nearest").isel(band=0)
    assert float(at) == pytest.approx(4.469)
    store.close()


def test_a_raster_as_table_has_each_cell_with_a_value(folder, tmp_path):
    write_layer(folder, RASTER, tmp_path / "x.csv")
    with (tmp_path / "x.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    raster = load(folder, RASTER)
    assert len(rows) == int((raster.values != raster.layer.nodata).any(axis=0).sum())
    first = rows[0]
    row, column = raster.grid.cell(float(first["longitude"]), float(first["latitude"]))
    assert Decimal(first["year"]) == int(raster.values[0, row, column]) * Decimal("0.001")
    assert first["licence"] == "BSD-3-Clause"


@pytest.mark.parametrize(("layer", "kind", "places"), [(AREAS, "MultiPolygon", 2), (SITES, "Point", 1)])
def test_areas_and_sites_as_geoparquet_and_geopackage(folder, tmp_path, layer, kind, places):
    import geopandas

    write_layer(folder, layer, tmp_path / "x.parquet")
    write_layer(folder, layer, tmp_path / "x.gpkg")
    parquet, package = geopandas.read_parquet(tmp_path / "x.parquet"), geopandas.read_file(tmp_path / "x.gpkg")
    for read in (parquet, package):
        assert read.crs.to_epsg() == 4326 or read.crs.to_string() == "OGC:CRS84"
        assert int(read.geometry.notna().sum()) == places
        assert set(read.geometry.dropna().geom_type) <= {kind, "Polygon"}
        values = dict(zip(read["place" if layer == AREAS else "id"], read["value"], strict=True))
        assert {key: None if np.isnan(value) else value for key, value in values.items()} == (
            {"KZ-71": 12.5, "KZ-11": None, "113220100": 1.0} if layer == AREAS else {"a": 2.0, "b": None}
        )
        assert set(read["licence"]) == {"CC BY 4.0"}
    import pyarrow.parquet as pq

    said = pq.read_schema(tmp_path / "x.parquet").metadata
    assert json.loads(said[b"geo"])["version"] == "1.1.0"
    assert said[b"licence"] == b"CC BY 4.0"
    import pyogrio

    assert pyogrio.read_info(tmp_path / "x.gpkg")["layer_metadata"]["licence"] == "CC BY 4.0"


def test_lines_as_geoparquet_geopackage_and_table(folder, tmp_path):
    import hashlib

    import duckdb
    import geopandas
    import pyarrow.parquet as pq
    import pyogrio

    assert [form.suffix for form in formats_of(definition(LINES))] == [".parquet", ".gpkg", ".csv"]
    for suffix in (".parquet", ".gpkg", ".csv"):
        write_layer(folder, LINES, tmp_path / f"x{suffix}")
    for read in (geopandas.read_parquet(tmp_path / "x.parquet"), geopandas.read_file(tmp_path / "x.gpkg")):
        assert read.crs.to_epsg() == 4326 or read.crs.to_string() == "OGC:CRS84"
        assert shapely.length(read.geometry.values).tolist() == pytest.approx([0.3125**0.5, 1])
        assert read["reach"].tolist() == [7, 8]
        assert read["order"].isna().tolist() == [False, True]  # what is not known is not zero
        assert read["cut"].tolist() == [True, False]
    assert pyogrio.read_info(tmp_path / "x.gpkg")["layer_metadata"]["licence"] == "CC BY 4.0"
    # The file is the one that the record and the STAC catalogue give the hash of, and says its licence itself.
    kept = (tmp_path / "x.parquet").read_bytes()
    assert hashlib.sha256(kept).hexdigest() == read_record(folder, LINES).array
    assert pq.read_schema(tmp_path / "x.parquet").metadata[b"licence"] == b"CC BY 4.0"
    assert duckdb.sql(f"select sum(reach) from '{tmp_path / 'x.parquet'}'").fetchall() == [(15,)]
    rows = list(csv.DictReader((tmp_path / "x.csv").read_text(encoding="utf-8").splitlines()))
    assert (rows[0]["name"], rows[1]["order"], rows[0]["licence"]) == ("'=Ишим", "", "CC BY 4.0")
    assert shapely.from_wkt(rows[0]["geometry"]).coords[1] == (70.5, 50.25)
    assert _code(lambda: write_layer(folder, LINES, tmp_path / "x.tif")) == "export-format"


def test_tables_are_exact_and_safe_to_open(folder):
    body, form = layer_file(folder, SITES, ".csv")
    assert form.name == "CSV"
    rows = list(csv.DictReader(body.decode().splitlines()))
    assert rows[0]["name"] == "'=1+1"
    assert (rows[0]["longitude"], rows[1]["longitude"], rows[1]["value"]) == ("71.5", "", "")
    (first, *_) = list(csv.DictReader(layer_file(folder, AREAS, ".csv")[0].decode().splitlines()))
    assert first["place"] in {"KZ-71", "KZ-11"}
    body, _ = layer_file(folder, AREAS, ".json")
    assert json.loads(body)["layer"] == AREAS


def test_what_cannot_be_written_is_refused(folder, tmp_path, monkeypatch):
    assert _code(lambda: write_layer(folder, RASTER, tmp_path / "x.gpkg")) == "export-format"
    assert _code(lambda: write_layer(folder, AREAS, tmp_path / "x.tif")) == "export-format"
    assert _code(lambda: write_layer(folder, "solar.ghi", tmp_path / "x.tif")) == "layer-waiting"
    assert _code(lambda: write_layer(folder, "none", tmp_path / "x.tif")) == "layer-unknown"
    assert _code(lambda: write_layer(folder, RASTER, tmp_path / "none" / "x.tif")) == "export-unwritable"
    monkeypatch.setattr("jasyl.atlas.export.cells.MAX_ROWS", 10)
    assert _code(lambda: write_layer(folder, RASTER, tmp_path / "x.csv")) == "export-too-large"
    assert not list(tmp_path.iterdir())
    assert {form.suffix for form in formats_of(definition(RASTER))} < {form.suffix for form in FORMATS}


# STAC


def _valid(document):
    """Against the specification's own JSON Schemas, as pystac carries them."""
    name = {"Catalog": "catalog", "Collection": "collection", "Feature": "item"}[document["type"]]
    schemas = get_local_schema_cache()
    registry = Registry().with_resources([(uri, Resource.from_contents(schema)) for uri, schema in schemas.items()])
    address = f"https://schemas.stacspec.org/v1.1.0/{name}-spec/json-schema/{name}.json"
    jsonschema.Draft7Validator(schemas[address], registry=registry).validate(document)


def test_every_document_fits_the_specification(folder):
    _valid(stac_catalog(folder))
    for family in ("solar", "biomass", "geothermal", "water"):
        _valid(stac_collection(folder, family))
    assert stac_collection(folder, "wind") is None
    for layer in (RASTER, AREAS, SITES, LINES):
        _valid(stac_item(folder, read_record(folder, layer)))


def test_an_item_says_grid_licence_and_checksum(folder):
    import hashlib

    record = read_record(folder, RASTER)
    item = stac_item(folder, record)
    assert item["stac_extensions"] == list(EXTENSIONS.values())
    assert item["properties"]["license"] == "BSD-3-Clause"
    assert item["properties"]["proj:code"] == "EPSG:4326"
    asset = item["assets"]["data"]
    content = (folder.atlas / record.file).read_bytes()
    assert asset["file:checksum"] == "1220" + hashlib.sha256(content).hexdigest()
    assert asset["file:size"] == len(content)
    with rasterio.open(folder.atlas / record.file) as read:
        assert item["properties"]["proj:shape"] == list(read.shape)
        assert item["properties"]["proj:transform"] == pytest.approx(list(read.transform)[:6])
        assert [band["name"] for band in asset["bands"]] == list(read.descriptions)
        assert {(band["nodata"], band["raster:scale"]) for band in asset["bands"]} == {(-32768, 0.001)}
    areas = stac_item(folder, read_record(folder, AREAS))["properties"]
    assert areas["start_datetime"] == "2021-01-01T00:00:00Z"
    assert areas["end_datetime"] == "2023-12-31T23:59:59Z"
    assert areas["license"] == "CC-BY-4.0"


def test_the_catalogue_as_a_folder_is_read_by_pystac(folder, tmp_path):
    target = tmp_path / "stac"
    count = write_catalog(folder, target)
    assert count == sum(1 for file in target.rglob("*") if file.is_file())
    root = pystac.Catalog.from_file(str(target / "catalog.json"))
    items = {item.id: item for item in root.get_items(recursive=True)}
    assert set(items) == {RASTER, "solar.dni_clear", AREAS, SITES, LINES}
    assert items[LINES].assets["data"].media_type == "application/vnd.apache.parquet"
    for item in items.values():
        assert item.get_collection().id == item.id.partition(".")[0]
        asset = item.assets["data"]
        assert (target / item.collection_id / asset.href).is_file()
    assert {child.id for child in root.get_children()} == {"solar", "biomass", "geothermal", "water"}


def test_pmtiles_hold_the_tiles_that_the_server_paints(folder, tmp_path):
    """Read back by the reader of the package that defines the format."""
    import mmap

    from pmtiles.reader import MmapSource, Reader, all_tiles
    from pmtiles.tile import Compression, TileType

    from jasyl.atlas import tile
    from jasyl.atlas.export.pmtiles import deepest_zoom

    target = tmp_path / "sun.any"
    assert write_layer(folder, RASTER, target, form="pmtiles") == target.stat().st_size
    with target.open("rb") as opened:
        assert mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)[:8] == b"PMTiles\x03"
        source = MmapSource(opened)
        reader = Reader(source)
        header, about = reader.header(), reader.metadata()
        found = {(z, x, y): data for (z, x, y), data in all_tiles(source)}
    layer = read_record(folder, RASTER)
    assert (header["tile_type"], header["tile_compression"]) == (TileType.PNG, Compression.NONE)
    assert (header["min_zoom"], header["max_zoom"]) == (0, deepest_zoom(layer.grid)) == (0, 5)
    west, south, east, north = layer.grid.bounds
    edges = [
        header[f"{end}_{way}_e7"] / 1e7 for end, way in (("min", "lon"), ("min", "lat"), ("max", "lon"), ("max", "lat"))
    ]
    assert edges == [west, south, east, north]
    assert about["jasyl"]["values_sha256"] == layer.array
    assert about["jasyl"]["licence"]
    assert set(about["legend"]) == {"kk", "ru", "en"}
    assert all(data == tile(folder, RASTER, 0, z, x, y) for (z, x, y), data in found.items())
    # Astana at the deepest zoom is there; New York is not.
    assert (5, 22, 10) in found
    assert (5, 9, 12) not in found
    assert {z for z, _, _ in found} == set(range(6))
