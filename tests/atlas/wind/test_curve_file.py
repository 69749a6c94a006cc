"""A user's own power curve from CSV, XLSX and JSON, and what is refused."""

import json
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from jasyl.atlas import read_turbine
from jasyl.texts import LANGUAGES, Refusal

POINTS = [(3, 0), (8, 1000), (12, 3000), (25, 3000), (25, 0)]
GOOD = {"wind_speed": [0, 3, 12, 25, 25], "power": [0, 0, 3, 3, 0], "power_unit": "MW", "hub_height": 120}


def csv_file(folder: Path, text: str) -> Path:
    path = folder / "curve.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize(
    "text",
    [
        "wind_speed,power\n3,0\n8,1000\n12,3000\n25,3000\n25,0\n",
        "Скорость ветра, м/с;Мощность, МВт\n3;0\n8;1,0\n12;3,0\n25;3,0\n25;0\n",
        "Жел жылдамдығы;Қуат\nм/с;кВт\n3;0\n8;1000\n12;3000\n25;3000\n25;0\n",
        "Wind speed (m/s),Power (W)\n3,0\n8,1000000\n12,3000000\n25,3000000\n25,0\n",
    ],
)
def test_tables_in_three_languages_and_any_unit(tmp_path: Path, text: str):
    found = read_turbine(csv_file(tmp_path, text), hub_height=110)
    assert found.curve.speeds == (3, 8, 12, 25, 25)
    assert found.curve.powers == (0, 1e6, 3e6, 3e6, 0)
    assert (found.rated, found.hub_height(), found.collection, found.source) == (3e6, 110, "own", "curve.csv")
    assert found.name == "curve"


def test_workbook(tmp_path: Path):
    book = Workbook()
    book.active.append(["Wind speed", "Power, kW"])  # type: ignore[union-attr]
    for point in POINTS:
        book.active.append(point)  # type: ignore[union-attr]
    book.save(tmp_path / "curve.xlsx")
    found = read_turbine(tmp_path / "curve.xlsx", name="Own 3 MW", rated=3.05e6)
    assert found.curve.at(10.0) == pytest.approx(2e6)
    assert (found.name, found.rated) == ("Own 3 MW", 3.05e6)


def test_json(tmp_path: Path):
    path = tmp_path / "own.json"
    path.write_text(json.dumps({**GOOD, "name": "X", "manufacturer": "Y", "rated_power": 3.1, "rotor_diameter": 130}))
    found = read_turbine(path)
    assert (found.name, found.manufacturer, found.rated) == ("X", "Y", pytest.approx(3.1e6))
    assert (found.hub_heights, found.rotor_diameter, found.curve.cut_out) == ((120,), 130, 25)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"power_unit": "horse"}, "unknown-unit"),
        ({"power_unit": "MW.h"}, "unit-dimension"),
        ({"power": [0, 0, 3, 3]}, "power-curve-points"),
        ({"wind_speed": [0, 12, 3, 25, 25]}, "power-curve-order"),
        ({"wind_speed": [0, 11, 43, 90, 90]}, "power-curve-speed"),
        ({"power": [0, -1, 3, 3, 0]}, "power-curve-negative"),
        ({"power": [0, 0, 3, 2, 3]}, "power-curve-sinks"),
        ({"rated_power": 3000}, "power-curve-rated"),
        ({"power": [2, 2, 3, 3, 0]}, "power-curve-start"),
        ({"power": "three"}, "power-curve-file"),
        ({"colour": "green"}, "power-curve-file"),
    ],
)
def test_refusals_name_the_file(tmp_path: Path, change: dict[str, Any], code: str):
    path = tmp_path / "own.json"
    path.write_text(json.dumps({**GOOD, **change}))
    with pytest.raises(Refusal) as caught:
        read_turbine(path)
    assert caught.value.code == code
    for language in LANGUAGES:
        text = caught.value.text(language)
        assert "own.json" in text
        assert "{ $" not in text


def test_tables_that_cannot_be_read(tmp_path: Path):
    for text, code in (
        ("wind_speed,power\n3,zero\n8,1\n", "not-number"),
        ("height,power\n3,0\n", "columns-missing"),
        ('Wind speed,"Power, m/s"\n3,0\n4,1\n', "unit-dimension"),
    ):
        with pytest.raises(Refusal) as caught:
            read_turbine(csv_file(tmp_path, text))
        assert caught.value.code == code
    with pytest.raises(Refusal):
        read_turbine(tmp_path / "absent.json")
