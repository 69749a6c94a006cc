"""The commands: turbines, wind layers of a store, the wind at a point."""

import json
import shutil
from pathlib import Path

import h5py
import pytest
from tests.atlas.working_folder import working_folder
from typer.testing import CliRunner

from jasyl.atlas import catalogue
from jasyl.atlas.weather.conversion import convert
from jasyl.cli.atlas import app
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

RUN = CliRunner()


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, cutout_file: Path) -> DataFolder:
    place = tmp_path_factory.mktemp("cli")
    made = working_folder(place / "data")
    convert(made, str(cutout_file), "week")
    seasons = Path(shutil.copy(cutout_file, place / "seasons.nc"))
    with h5py.File(seasons, "r+") as file:
        file["time"][:] *= 36  # the same hours, a day and a half apart
    convert(made, str(seasons), "seasons")
    return made


def answer(*arguments: str) -> str:
    result = RUN.invoke(app, list(arguments), catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result.output


def test_turbines(tmp_path: Path):
    assert len(json.loads(answer("turbines", "--json"))) == 94
    assert "V126/3450\tVestas" in answer("turbines", "--lang", "en")
    assert "117, 137, 147, 149 m" in answer("turbines", "V126/3450", "--lang", "en")
    assert json.loads(answer("turbines", "E-141/4200", "--json"))["rated_w"] == 4.2e6
    path = tmp_path / "own.csv"
    path.write_text("wind_speed,power\n3,0\n12,3000\n25,3000\n25,0\n")
    assert "12 m/s\t3,000 kW" in answer("turbines", "--curve", str(path), "--lang", "en")
    with pytest.raises(Refusal):
        answer("turbines", "V1")


def test_map_and_point(folder: DataFolder):
    data = ("--data", str(folder.path))
    built = json.loads(answer("wind-map", "--store", "seasons", "--wake", "0.08", "--json", *data))
    assert [layer["id"] for layer in built] == [
        "wind.speed_modelled", "wind.power_density_modelled", "wind.capacity_factor",
    ]  # fmt: skip
    assert any("0.080" in note for note in built[2]["notes"])
    assert {layer.id for layer in catalogue(folder) if layer.state == "built"} == {layer["id"] for layer in built}
    # Scaled to itself the ratio is one.
    again = answer("wind-map", "--store", "seasons", "--scale-to", "wind.speed_modelled", "--lang", "kk", *data)
    assert "wind.capacity_factor" in again
    found = json.loads(answer("wind-point", "62.0", "45.5", "--store", "week", "--sectors", "16", "--json", *data))
    assert len(found["rose"]["sectors"]) == 16
    assert found["hours"] == 240
    assert found["p90"] is None
    assert len(found["month_hour"]) == 12
    spoken = answer("wind-point", "62.0", "45.5", "--store", "week", "--hub-height", "135", "--lang", "ru", *data)
    assert "КИУМ" in spoken
    assert "КИУМ, P90\t– (полных лет: 0, нужно не меньше 5)" in spoken
    with pytest.raises(Refusal):
        answer("wind-point", "10", "45.5", "--store", "week", *data)


def test_build_makes_stations_and_masts(tmp_path: Path):
    made = working_folder(tmp_path / "data")
    built = json.loads(answer("build", "--json", "--data", str(made.path)))
    assert {"climate.temperature", "climate.precipitation", "wind.masts"} <= {layer["id"] for layer in built}
