"""``jasyl atlas pv`` and ``build-solar`` on a store converted from a made-up file."""

import csv
import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.atlas.working_folder import working_folder
from typer.testing import CliRunner

from jasyl.atlas.weather.conversion import Wish, convert
from jasyl.atlas.weather.store import open_store
from jasyl.cli.atlas import app
from jasyl.storage import open_folder

sys.path.insert(0, str(Path(__file__).parent))
import made_up_cutout as made_up

RUN = CliRunner()


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("solar")
    folder = working_folder(place / "data")
    arrays = {name: values for name, values in made_up.fields(steps=24 * 12).items() if name != "humidity"}
    dataset = made_up.dataset(arrays)
    for name in arrays:
        dataset[name].attrs["module"] = "era5"
    dataset["temperature"].attrs["units"] = "K"
    file = place / "weeks.nc"
    dataset.to_netcdf(file, engine="h5netcdf")
    convert(folder, str(file), "weeks", Wish(packing="int16"))
    return place / "data"


def answer(*arguments: str, code: int = 0) -> str:
    found = RUN.invoke(app, list(arguments))
    assert found.exit_code == code, found.output
    return found.stdout


def test_the_spread_over_the_map(data: Path):
    fixed = json.loads(answer("pv", "--store", "weeks", "--data", str(data), "--json"))
    turning = json.loads(answer("pv", "--store", "weeks", "--data", str(data), "--json", "--tracking", "dual"))
    factor = fixed["capacity_factor"]
    assert 0 < factor["minimum"] <= factor["p10"] <= factor["p50"] <= factor["p90"] <= factor["maximum"] < 1
    assert fixed["kWh_per_kW_and_day"]["p50"] == pytest.approx(24 * factor["p50"])
    assert turning["capacity_factor"]["p50"] > factor["p50"]
    assert fixed["weather"] == open_store(open_folder(data), "weeks").digest
    written = answer("pv", "--store", "weeks", "--data", str(data), "--lang", "kk", "--tilt", "30")
    assert "CSi" in written
    assert len(written.splitlines()) == 6


def test_hourly_profiles_of_regions(data: Path, tmp_path: Path):
    west, south, east, north = made_up.GRID.bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    shapes = tmp_path / "shapes.geojson"
    shapes.write_text(json.dumps({"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}}))
    found = answer("pv", "--store", "weeks", "--data", str(data), "--region-profiles", str(shapes), "--soiling", "0")
    rows: list[Any] = list(csv.reader(io.StringIO(found)))
    assert rows[0] == ["start", "region_1"]
    assert rows[1][0] == "2023-03-01T00:00Z"
    assert len(rows) == 1 + 24 * 12
    assert 0.05 < sum(float(value) for _, value in rows[1:]) / len(rows) < 0.5


def test_refusals_reach_the_reader(data: Path):
    from jasyl.texts import Refusal

    for arguments, code in [
        (("pv", "--tracking", "spinning"), "mounting-invalid"),
        (("pv", "--panel", "Perovskite"), "panel-unknown"),
        (("pv", "--soiling", "2"), "losses-invalid"),
        (("build-solar",), "weather-months"),
    ]:
        found = RUN.invoke(app, [*arguments, "--store", "weeks", "--data", str(data)])
        assert isinstance(found.exception, Refusal)
        assert found.exception.code == code
