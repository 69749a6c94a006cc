import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jasyl.atlas import build_clear_sky
from jasyl.atlas.siting import example_rules
from jasyl.cli.atlas import app
from jasyl.ledger import create_keys
from jasyl.storage import create_folder, database_of
from jasyl.texts import Refusal

POINT = {"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [71.5, 51.2]}}
SQUARE = {"type": "Polygon", "coordinates": [[[70, 50], [71, 50], [71, 51], [70, 51], [70, 50]]]}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the clear-sky layers, an empty register and a log."""
    folder = create_folder(tmp_path_factory.mktemp("cli") / "data", "training")
    database_of(folder).migrate()
    create_keys(folder)
    build_clear_sky(folder)
    return folder.path


def _run(*arguments: object, code: int = 0) -> str:
    found = CliRunner().invoke(app, [str(one) for one in arguments], catch_exceptions=False)
    assert found.exit_code == code, found.stderr
    return found.stdout


def test_report_as_text_json_table_and_paper(data: Path, tmp_path: Path):
    text = _run("report", "71.43", "51.13", "--data", data, "--lang", "ru")
    assert "4,469" in text
    assert "SHA-256" in text
    found = json.loads(_run("report", "71.43", "51.13", "--data", data, "--json"))
    assert found["layers"][0]["value"] == 4.469
    assert (
        _run("report", "71.43", "51.13", "--data", data, "--pdf", tmp_path / "r.pdf", "--csv", tmp_path / "r.csv") == ""
    )
    assert (tmp_path / "r.pdf").read_bytes().startswith(b"%PDF")
    assert "4.469" in (tmp_path / "r.csv").read_text(encoding="utf-8")


def test_report_of_a_shape_with_rules(data: Path, tmp_path: Path):
    shape, rules = tmp_path / "site.geojson", tmp_path / "rules.json"
    shape.write_text(json.dumps(SQUARE))
    rules.write_bytes(example_rules())
    found = json.loads(_run("report", "--shape", shape, "--rules", rules, "--data", data, "--json"))
    assert found["shape"] == "polygon"
    assert [rule["id"] for rule in found["room"]["rules"]] == ["weak-sun", "dark-winter"]
    assert "Clear-sky irradiation" in _run("report", "--shape", shape, "--rules", rules, "--data", data, "--lang", "en")


def test_report_needs_a_point_or_a_shape(data: Path):
    _run("report", "--data", data, code=2)
    _run("report", "71", "51", "--shape", "x", "--data", data, code=2)
    with pytest.raises(Refusal) as refusal:
        _run("report", "51", "71", "--data", data)
    assert refusal.value.code == "site-swapped"


def test_exclude_and_adopt(data: Path, tmp_path: Path):
    rules = tmp_path / "rules.json"
    rules.write_bytes(example_rules())
    found = json.loads(_run("exclude", rules, "--data", data, "--json", "--raster", tmp_path / "left.tif"))
    assert found["total"]["remaining"] > 0
    assert (tmp_path / "left.tif").is_file()
    square = {"type": "Polygon", "coordinates": [[[68, 43], [68.4, 43], [68.4, 43.4], [68, 43.4], [68, 43]]]}
    (tmp_path / "site.geojson").write_text(json.dumps(square))
    inside = json.loads(_run("exclude", rules, "--data", data, "--json", "--shape", tmp_path / "site.geojson"))
    assert 0 < inside["total"]["area"] < 2e9 < found["total"]["area"]
    (tmp_path / "point.geojson").write_text(json.dumps(POINT))
    document = json.loads(example_rules())
    near = {"kind": "distance", "id": "near", "source": {"file": "point.geojson"}, "closer_than": 1000}
    document |= {"resolution": 300, "rules": [near, *document["rules"]]}
    rules.write_text(json.dumps(document))
    text = _run("exclude", rules, "--data", data, "--adopt", "--lang", "en")
    assert "Turkistan" in text
    assert "adopted" in text
    adopted = json.loads((data / "atlas" / "siting.json").read_text(encoding="utf-8"))
    assert Path(adopted["rules"][0]["source"]["file"]).is_absolute()
    hits = json.loads(_run("report", "71.5", "51.2", "--data", data, "--json"))["rules"]
    assert (hits[0]["id"], hits[0]["state"], hits[0]["measured"]) == ("near", "excluded", 0)
    (data / "atlas" / "siting.json").unlink()


def test_features(data: Path, tmp_path: Path):
    (tmp_path / "grid.geojson").write_text(json.dumps(POINT))
    said = ("--name", "made up", "--licence", "CC0", "--data", data)
    (made,) = json.loads(_run("load-features", tmp_path / "grid.geojson", "--as", "grid", *said, "--json"))
    assert (made["features"], made["kinds"]) == (1, {"unspecified": 1})
    assert "1" in _run("load-features", tmp_path / "grid.geojson", "--as", "road", *said, "--lang", "kk")
    found = json.loads(_run("report", "71.5", "51.2", "--data", data, "--json"))
    assert {one["to"]: one["metres"] for one in found["distances"]} == {"grid": 0, "road": 0, "protected": None}
    with pytest.raises(Refusal) as refusal:  # nobody says what these features are
        _run("load-features", tmp_path / "grid.geojson", *said)
    assert refusal.value.code == "features-none"


def test_download_and_stac(data: Path, tmp_path: Path):
    assert json.loads(_run("download", "solar.ghi_clear", tmp_path / "x.tif", "--data", data, "--json"))["bytes"] > 1000
    assert "x.zarr.zip" in _run("download", "solar.ghi_clear", tmp_path / "x.zarr.zip", "--data", data)
    assert json.loads(_run("stac", tmp_path / "stac", "--data", data, "--json"))["files"] == 6
    with pytest.raises(Refusal) as refusal:
        _run("stac", tmp_path / "stac", "--data", data)
    assert refusal.value.code == "export-exists"
    assert _run("stac", tmp_path / "more", "--data", data)


def test_the_schema_of_the_rules():
    from jasyl.cli import schemas

    found = CliRunner().invoke(_typer(schemas.schema), ["siting"], catch_exceptions=False)
    assert json.loads(found.stdout)["$schema"].endswith("2020-12/schema")
    listed = CliRunner().invoke(_typer(schemas.schema), [], catch_exceptions=False)
    assert {"facilities", "siting"} <= set(listed.stdout.split())


def _typer(command):
    import typer

    made = typer.Typer()
    made.command()(command)
    return made
