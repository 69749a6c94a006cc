"""``jasyl atlas convert`` and ``jasyl atlas stores``."""

import json

import pytest
from benchmarks.weather_year import write_cutout
from typer.testing import CliRunner

from jasyl.cli.atlas import app
from jasyl.storage import create_folder
from jasyl.texts import Refusal


@pytest.fixture
def folder(tmp_path):
    return create_folder(tmp_path / "data", "real")


@pytest.fixture(scope="module")
def cutout(tmp_path_factory):
    file = tmp_path_factory.mktemp("cutout") / "week.nc"
    write_cutout(file, window=(60, 44, 62, 46), first="2023-06-01T00", hours=72)
    return file


def run(folder, *words):
    result = CliRunner().invoke(app, [*words, "--data", str(folder.path)])
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def test_convert_and_list(folder, cutout):
    said = run(folder, "convert", str(cutout), "--store", "june", "--packing", "int16", "--lang", "en").output
    assert "Store “june”: 9 × 9 cells within 59.875,43.875,62.125,46.125 (west, south, east, north)," in said
    assert "72 intervals, 2023-05-31T23:00Z … 2023-06-03T23:00Z" in said
    assert "CC BY 4.0" in said
    assert run(folder, "stores", "--lang", "en").output == said
    assert "every checksum is right" in run(folder, "stores", "--check", "--lang", "en").output
    (record,) = json.loads(run(folder, "stores", "--json").output)
    assert record["name"] == "june"
    assert len(record["digest"]) == 64


def test_convert_a_part(folder, cutout):
    words = ("--from", "2023-06-01", "--to", "2023-06-02T12", "--window", "60.9,44.9,62,46", "--json")
    (record,) = json.loads(run(folder, "convert", str(cutout), *words).output)
    assert (record["name"], record["steps"], record["grid"]["rows"]) == ("weather", 36, 5)


def test_nothing_yet_and_something_unfinished(folder):
    assert "jasyl atlas convert" in run(folder, "stores", "--lang", "kk").output
    (folder.atlas / "weather/.half.part").mkdir(parents=True)
    assert "half" in run(folder, "stores", "--lang", "ru").output


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("--window", "1,2,3"), "weather-window"),
        (("--from", "yesterday"), "weather-date"),
        (("--unit", "t2m"), "weather-unit-option"),
        (("--store", "a b"), "weather-name"),
    ],
)
def test_what_is_not_understood_is_refused(folder, cutout, words, code):
    with pytest.raises(Refusal) as refused:
        run(folder, "convert", str(cutout), *words)
    assert refused.value.code == code


@pytest.mark.parametrize("words", [("--packing", "int8"), ("--product", "gfs")])
def test_wrong_choices_are_wrong_usage(folder, cutout, words):
    assert run(folder, "convert", str(cutout), *words).exit_code == 2


def test_a_unit_can_be_stated(folder, cutout):
    run(folder, "convert", str(cutout), "--unit", "temperature=K", "--product", "atlite-cutout")
