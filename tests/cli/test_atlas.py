import json
from pathlib import Path

import pytest
import sqlalchemy as sa
from typer.testing import CliRunner

from jasyl.cli.atlas import app
from jasyl.ledger import create_keys, outbox_table
from jasyl.storage import create_folder, database_of
from jasyl.texts import Refusal

SQUARE = {"type": "Polygon", "coordinates": [[[70, 50], [71, 50], [71, 51], [70, 51], [70, 50]]]}


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder whose atlas was built by the command, which tells the ledger once."""
    folder = create_folder(tmp_path_factory.mktemp("cli") / "data", "real")
    database = database_of(folder)
    database.migrate()
    create_keys(folder)
    for _ in range(2):
        built = CliRunner().invoke(app, ["build", "--data", str(folder.path), "--json"], catch_exceptions=False)
        made = {layer["id"] for layer in json.loads(built.stdout)}
        assert made >= {"solar.ghi_clear", "solar.dni_clear", "wind.masts", "biomass.energy", "water.stress"}
    with database.reading() as connection:
        assert connection.scalar(sa.select(sa.func.count()).select_from(outbox_table)) == len(made)
    return folder.path


def _run(*arguments: str) -> str:
    found = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert found.exit_code == 0, found.stderr
    return found.stdout


def test_build_says_what_stands(data: Path):
    assert "верхняя граница: ясное небо" in _run("build", "--data", str(data), "--lang", "ru")


def test_layers(data: Path):
    text = _run("layers", "--data", str(data), "--lang", "en")
    assert "solar.ghi_clear" in text
    assert "Global Wind Atlas" in text
    found = json.loads(_run("layers", "--data", str(data), "--json", "--lang", "kk"))
    ready = {layer["id"] for layer in found if layer["load"] is None}
    assert ready == {layer["id"] for layer in found if layer["state"] == "built"}
    assert {family for family, _, _ in (one.partition(".") for one in ready)} >= {
        "solar", "wind", "water", "biomass", "waste", "geothermal",
    }  # fmt: skip


def test_point(data: Path):
    text = _run("point", "71.43", "51.13", "--data", str(data), "--lang", "ru")
    assert "4,469" in text
    assert len(text.splitlines()) == 14
    found = json.loads(_run("point", "71.43", "51.13", "--data", str(data), "--layer", "solar.dni_clear", "--json"))
    assert found["layer"] == "solar.dni_clear"
    assert len(found["months"]) == 12


def test_stats(data: Path, tmp_path: Path):
    file = tmp_path / "shapes.geojson"
    feature = {"type": "Feature", "properties": {"name": "квадрат"}, "geometry": SQUARE}
    file.write_text(json.dumps(feature), encoding="utf-8")
    (row,) = json.loads(_run("stats", str(file), "--data", str(data), "--json"))
    assert row["properties"] == {"name": "квадрат"}
    assert row["minimum"] <= row["mean"] <= row["maximum"]
    file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature, feature]}), encoding="utf-8")
    assert len(_run("stats", str(file), "--data", str(data), "--band", "6").splitlines()) == 3


@pytest.mark.parametrize(
    "content", ["", "{}", "[]", '{"type": "FeatureCollection", "features": [3]}', '{"type": "Point"}', "\x00\xff"]
)
def test_unreadable_shapes(data: Path, tmp_path: Path, content: str):
    file = tmp_path / "shapes.geojson"
    file.write_bytes(content.encode("latin-1"))
    with pytest.raises(Refusal) as refusal:
        _run("stats", str(file), "--data", str(data))
    assert refusal.value.code == "shapes-unreadable"


def test_no_data_folder(tmp_path: Path):
    with pytest.raises(Refusal) as refusal:
        _run("layers", "--data", str(tmp_path))
    assert refusal.value.code == "no-data-folder"
