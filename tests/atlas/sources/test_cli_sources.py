"""The commands, from a publisher played here to a layer that the ledger knows."""

import json
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
import sqlalchemy as sa
from rasterio.transform import Affine
from tests.tables import with_tables
from typer.testing import CliRunner

import jasyl.atlas.sources
from jasyl.atlas import read_record
from jasyl.atlas.sources import Transfer, fetch, place_of
from jasyl.cli.atlas import app
from jasyl.ledger import create_keys, outbox_table
from jasyl.storage import DataFolder, create_folder, database_of
from jasyl.texts import Refusal

from .test_fetch import at


@pytest.fixture
def house(tmp_path: Path) -> DataFolder:
    folder = create_folder(tmp_path / "data", "real")
    with_tables(database_of(folder))
    create_keys(folder)
    return folder


def run(house: DataFolder, *words: str) -> str:
    done = CliRunner().invoke(app, [*words, "--data", str(house.path), "--lang", "en"], catch_exceptions=False)
    assert done.exit_code == 0, done.stderr
    return done.stdout


def refused(code: str, house: DataFolder, *words: str) -> None:
    done = CliRunner().invoke(app, [*words, "--data", str(house.path)])
    assert isinstance(done.exception, Refusal), done.stderr
    assert done.exception.code == code


def records(house: DataFolder) -> list[dict[str, Any]]:
    with database_of(house).reading() as connection:
        found = connection.scalars(sa.select(outbox_table.c.entry).order_by(outbox_table.c.seq)).all()
    return [json.loads(one) for one in found]


def worldclim(tmp_path: Path) -> bytes:
    """A zip as WorldClim makes it: twelve months of the whole world at one degree, kJ/(m²·d)."""
    packed = tmp_path / "made.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for month in range(1, 13):
            file = tmp_path / f"wc2.1_10m_srad_{month:02}.tif"
            with rasterio.open(
                file, "w", driver="GTiff", count=1, height=180, width=360, dtype="uint16", crs="EPSG:4326",
                transform=Affine(1, 0, -180, 0, -1, 90), nodata=65535,
            ) as dataset:  # fmt: skip
                dataset.write(np.full((1, 180, 360), 1500 * month, dtype=np.uint16))
            archive.write(file, file.name)
    return packed.read_bytes()


def test_from_a_publisher_to_a_layer(
    server: Any, how: Transfer, house: DataFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, handler = server
    content = worldclim(tmp_path)
    handler.answers["/climate/worldclim/2_1/base/wc2.1_10m_srad.zip"] = lambda one: one.file(content)

    def played(folder: DataFolder, source: str, *arguments: Any, progress: Any, **more: Any) -> Any:
        return fetch(folder, at(url, source), *arguments, how=how, **more)

    monkeypatch.setattr(jasyl.atlas.sources, "fetch", played)
    assert "worldclim  " in run(house, "sources")
    assert "CC BY-SA 4.0" in run(house, "fetch", "worldclim", "--variable", "srad")
    assert "fetched: 1 files" in run(house, "sources")
    listed = {one["id"]: one for one in json.loads(run(house, "sources", "--json"))}
    assert (listed["worldclim"]["files"], listed["worldclim"]["share_alike"]) == (1, True)
    assert listed["era5"]["key"] == "JASYL_CDS_KEY"
    said = json.loads(run(house, "fetch", "worldclim", "--variable", "srad", "--json"))
    assert said["source"]["share_alike"] is True
    text = run(house, "load", "worldclim", "--as", "solar.ghi")
    assert "WorldClim 2.1, Fick" in text
    assert "100.0 % of the country has a value" in text
    layer = read_record(house, "solar.ghi")
    assert layer is not None
    assert (layer.period, layer.resolution, layer.has_months) == ("1970-2000", 3600, True)
    assert layer.sources[0].share_alike
    (record,) = records(house)
    assert record["what"] == "layer solar.ghi"
    assert record["licence"] == "CC BY-SA 4.0"
    # The same file by its path is known to be of the source, and so is one of one's own, named.
    zipped = place_of(house, "worldclim") / "wc2.1_10m_srad.zip"
    data = json.loads(run(house, "load", str(zipped), "--as", "solar.ghi", "--json"))
    assert data["sources"][0]["licence"] == "CC BY-SA 4.0"
    own = tmp_path / "wc2.1_10m_srad_07.tif"
    refused("load-source-missing", house, "load", str(own), "--as", "solar.ghi")
    refused("load-source-missing", house, "load", str(own), "--as", "solar.ghi", "--name", "x")
    refused("load-not-offered", house, "load", str(own), "--as", "land.cover", "--source", "worldclim")
    refused("load-nothing-fetched", house, "load", "gsa", "--as", "solar.ghi")
    refused("load-nothing-fetched", house, "load", "nothing", "--as", "solar.ghi")


def test_tiles_that_the_publisher_does_not_have_are_told(
    server: Any, how: Transfer, house: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, _ = server

    def played(folder: DataFolder, source: str, *arguments: Any, progress: Any, **more: Any) -> Any:
        return fetch(folder, at(url, source), *arguments, how=how, **more)

    monkeypatch.setattr(jasyl.atlas.sources, "fetch", played)
    said = run(house, "fetch", "glo90", "--window", "50,42,54,44")
    assert "does not have these files (8)" in said
    assert "Copernicus_DSM_COG_30_N42_00_E050_00_DEM.tif" in said
    assert "N43_00_E053" not in said


def test_a_file_of_ones_own(house: DataFolder, tmp_path: Path) -> None:
    worldclim(tmp_path)
    file = tmp_path / "wc2.1_10m_srad_07.tif"
    file = file.rename(tmp_path / "year.tif")
    words = ("--name", "Survey", "--licence", "CC0", "--version", "3", "--period", "2020", "--unit", "kJ/m2/d")
    data = json.loads(run(house, "load", str(file), "--as", "solar.ghi", *words, "--window", "60,45,70,50", "--json"))
    assert (data["sources"][0]["name"], data["period"]) == ("Survey", "2020")
    assert data["notes"] == ["window-covered=1.0000"]
    refused("fetch-argument", house, "load", str(file), "--as", "solar.ghi", *words, "--window", "60,45")
    refused("fetch-argument", house, "fetch", "era5", "--years", "2023-20")
    refused("fetch-argument", house, "fetch", "pvgis", "--at", "here")
    refused("fetch-argument", house, "fetch", "era5", "--years", "2020-2021", "--window", "1,2,x,4")


def test_features_sheet_and_series(house: DataFolder, tmp_path: Path) -> None:
    line = {"type": "LineString", "coordinates": [[71, 51], [72, 52]]}
    document = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "geometry": line, "properties": {"power": "line"}}],
    }
    file = tmp_path / "grid.geojson"
    file.write_text(json.dumps(document))
    refused("load-source-missing", house, "load-features", str(file))
    assert "power lines: 1" in run(house, "load-features", str(file), "--as", "grid", "--source", "osm")
    (record,) = records(house)
    assert (record["what"], record["rows"], record["licence"]) == ("features grid", 1, "ODbL 1.0")
    (data,) = json.loads(
        run(house, "load-features", str(file), "--as", "grid", "--name", "KEGOC", "--licence", "-", "--json")
    )
    assert data["source"] == "KEGOC"
    sheet = tmp_path / "sheet.csv"
    sheet.write_text("Регион,2024\nАкмолинская область,5\n")
    words = ("--item", "wheat", "--quantity", "production", "--unit", "t")
    assert "KZ-11\twheat\tproduction\t5\tt\t2024" in run(house, "sheet", str(sheet), *words)
    assert json.loads(run(house, "sheet", str(sheet), *words, "--json"))[0]["value"] == "5"
    assert run(house, "series", "71.43", "51.13") == ""
    assert json.loads(run(house, "series", "71.43", "51.13", "--json")) == []
