"""The commands over areas, sites and people's own statistics."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from jasyl.atlas.residues import build_residues
from jasyl.cli.atlas import app
from jasyl.ledger import create_keys
from jasyl.storage import METADATA, create_folder, database_of
from jasyl.texts import Refusal

SHEET = """place,item,quantity,value,unit,year,source
353200000,barley,production,20,thousand t,2025,an akimat
353200000,barley,sown area,5000,ha,2025,an akimat
"""


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with tables and keys in which the layers are built."""
    folder = create_folder(tmp_path_factory.mktemp("residues") / "data", "real")
    create_keys(folder)
    with database_of(folder).writing() as connection:
        METADATA.create_all(connection)
    build_residues(folder)
    return folder.path


def _run(*arguments: str) -> str:
    found = CliRunner().invoke(app, list(arguments), catch_exceptions=False)
    assert found.exit_code == 0, found.stderr
    return found.stdout


def test_areas(data: Path):
    text = _run("areas", "waste.generation", "--level", "region", "--data", str(data), "--lang", "ru")
    assert "Сумма подтверждённых регионов: 4 600 000" in " ".join(text.split())
    assert len(text.splitlines()) == 22
    missing = _run("areas", "biomass.crop_residues", "--data", str(data), "--lang", "en")
    assert "No value: KZ-10" in missing
    document = json.loads(_run("areas", "biomass.energy", "--level", "country", "--data", str(data), "--json"))
    assert [row["place"] for row in document["values"]] == ["KZ"]
    assert CliRunner().invoke(app, ["areas", "biomass.energy", "--level", "village"]).exit_code == 2


def test_sites(data: Path):
    text = _run("sites", "geothermal.heat", "--data", str(data), "--lang", "kk")
    assert "расталмаған" in text
    assert "Расталған нысандардың қосындысы" in text
    warm = _run("sites", "geothermal.temperature", "--data", str(data), "--lang", "en")
    assert "Sum" not in warm
    document = json.loads(_run("sites", "waste.landfills", "--data", str(data), "--json"))
    assert any(row["id"] == "severny-landfill" for row in document["values"])
    with pytest.raises(Refusal, match="values of areas"):
        CliRunner().invoke(app, ["sites", "waste.generation", "--data", str(data)], catch_exceptions=False)


def test_own_statistics(data: Path, tmp_path: Path):
    sheet = tmp_path / "own.csv"
    sheet.write_text(SHEET, encoding="utf-8")
    text = _run("biomass", "--statistics", str(sheet), "--data", str(data), "--lang", "en")
    assert "2 rows of own.csv" in text
    assert "the districts together give" in text
    assert "353200000" in _run("areas", "biomass.crop_residues", "--level", "district", "--data", str(data))
    document = json.loads(_run("biomass", "--forget", "--data", str(data), "--json"))
    assert {"layers", "disagreements"} == set(document)
    assert "353200000" not in _run("areas", "biomass.crop_residues", "--level", "district", "--data", str(data))
    assert "no longer used" in _run("biomass", "--forget", "--data", str(data), "--lang", "en")


def test_a_sheet_goes_in_whole_or_not_at_all(data: Path, tmp_path: Path):
    sheet = tmp_path / "own.csv"
    sheet.write_text(SHEET + "353200000,barley,production,5,bushels,2025,x\n", encoding="utf-8")
    runner = CliRunner()
    with pytest.raises(Refusal, match="1 rows"):
        runner.invoke(app, ["biomass", "--statistics", str(sheet), "--data", str(data)], catch_exceptions=False)
    assert "353200000" not in _run("areas", "biomass.crop_residues", "--level", "district", "--data", str(data))
