"""``jasyl indicators``: sets shown and checked, benchmarks written and read back, evaluations for programs."""

import csv
import io
import json
from decimal import Decimal
from pathlib import Path

import pytest

from jasyl.cities import Entry, city, write_book
from jasyl.cli import main
from jasyl.indicators import catalogue

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "city-services"
SAID = {"EC.I.ES.3C": "97", "EN.EN.AQ.1C.pm25": "24"}


def _run(capsysbinary, *arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    said = capsysbinary.readouterr()
    return ended.value.code or 0, said.out.decode(), said.err.decode()


def _book(folder, year=2024, kind="u4ssc", **more):
    held = {point: Entry(point, value=Decimal(value), **more) for point, value in SAID.items()}
    content = write_book(city("KZ-71"), year, catalogue(kind), held if kind == "u4ssc" else {}, "ru", "json")
    file = folder / f"{kind}-{year}.json"
    file.write_bytes(content)
    return file


def test_sets_are_listed_and_shown(capsysbinary):
    code, said, _ = _run(capsysbinary, "indicators", "catalogue", "--json")
    assert (code, [one["id"] for one in json.loads(said)]) == (0, ["u4ssc", "sdg11", "circular"])
    code, said, _ = _run(capsysbinary, "indicators", "catalogue", "--lang", "kk")
    assert "112" in said
    code, said, _ = _run(capsysbinary, "indicators", "catalogue", "u4ssc", "--lang", "ru")
    assert "Доступ к электроэнергии" in said
    code, said, _ = _run(capsysbinary, "indicators", "catalogue", EXAMPLE, "--json", "--lang", "kk")
    assert len(json.loads(said)["indicators"]) == 12


def test_a_faulty_set_is_told_with_its_place(capsysbinary, tmp_path):
    (tmp_path / "own.csv").write_text("id,unit,direction\nA,percent,up\n", encoding="utf-8")
    code, _, fault = _run(capsysbinary, "indicators", "catalogue", tmp_path / "own.csv")
    assert code == 1
    assert "own.csv" in fault
    assert "direction" in fault
    code, _, fault = _run(capsysbinary, "indicators", "catalogue", "iso")
    assert (code, "u4ssc" in fault) == (1, True)


def test_benchmarks_are_written_edited_and_checked(capsysbinary, tmp_path):
    file = tmp_path / "own.csv"
    assert _run(capsysbinary, "indicators", "benchmarks", "--out", file)[0] == 0
    code, said, _ = _run(capsysbinary, "indicators", "benchmarks", "--check", file, "--json")
    assert (code, len(json.loads(said)["rows"])) == (0, 50)
    code, said, _ = _run(capsysbinary, "indicators", "benchmarks", "--check", file)
    assert "50" in said
    _, said, _ = _run(capsysbinary, "indicators", "benchmarks", "--catalogue", "sdg11", "--json")
    assert json.loads(said)["version"] == "none"
    book = tmp_path / "own.xlsx"
    _run(capsysbinary, "indicators", "benchmarks", "--out", book)
    assert _run(capsysbinary, "indicators", "benchmarks", "--check", book)[0] == 0


def test_evaluations_are_published_in_every_format(capsysbinary, tmp_path):
    books = [_book(tmp_path, 2023), _book(tmp_path, 2024)]
    code, said, _ = _run(capsysbinary, "indicators", "publish", *books, "--lang", "kk")
    rows = list(csv.DictReader(io.StringIO(said)))
    assert (code, len(rows)) == (0, 224)
    assert {row["points"] for row in rows if row["point"] == "EC.I.ES.3C"} == {"4"}
    for form, mark in (
        ("groups", "economy/infrastructure"),
        ("json", '"benchmark_version": "house-2026.3"'),
        ("sdmx", "STRUCTURE,STRUCTURE_ID,ACTION"),
        ("sdmx1", "DATAFLOW,FREQ"),
        ("dsd", "datastructure.Dataflow=JASYL:U4SSC(1.0)"),
        ("ngsi", "urn:ngsi-ld:KeyPerformanceIndicator:KZ-71:u4ssc:EC.I.ES.3C:2024"),
        ("ttl", "@prefix qb:"),
    ):
        code, said, _ = _run(capsysbinary, "indicators", "publish", *books, "--format", form)
        assert (code, mark in said) == (0, True)


def test_without_benchmarks_and_with_closed_entries(capsysbinary, tmp_path):
    closed = _book(tmp_path, level="closed")
    for options, values in (((), 0), (("--all", "--benchmarks", "none"), 2)):
        _, said, _ = _run(capsysbinary, "indicators", "publish", closed, *options)
        rows = list(csv.DictReader(io.StringIO(said)))
        assert sum(bool(row["value"]) for row in rows) == values
        assert not any(row["points"] for row in rows)


def test_books_of_two_sets_are_not_put_together(capsysbinary, tmp_path):
    code, _, fault = _run(capsysbinary, "indicators", "publish", _book(tmp_path), _book(tmp_path, kind="sdg11"))
    assert code == 1
    assert "sdg11" in fault
    assert _run(capsysbinary, "indicators", "publish", tmp_path / "none.json")[0] == 1
    assert _run(capsysbinary, "indicators", "publish", _book(tmp_path), "--format", "pdf")[0] == 2


def test_breakdowns_are_published_without_small_cells(capsysbinary, tmp_path):
    cells = tmp_path / "cells.csv"
    cells.write_text(
        "point;sex;district;numerator;denominator\n"
        "EC.I.ES.3C;;;970;1000\n"
        "EC.I.ES.3C;female;;498;500\n"
        "EC.I.ES.3C;male;;472;500\n",
        encoding="utf-8",
    )
    book = _book(tmp_path)
    _, said, _ = _run(capsysbinary, "indicators", "publish", book, "--breakdowns", cells)
    rows = {row["breakdown"]: row for row in csv.DictReader(io.StringIO(said)) if row["point"] == "EC.I.ES.3C"}
    assert set(rows) == {"", "sex=female", "sex=male"}
    assert {rows[by]["reason"] for by in ("sex=female", "sex=male")} == {"suppressed"}  # two women are without
    _, said, _ = _run(capsysbinary, "indicators", "publish", book, "--breakdowns", cells, "--smallest", "2")
    rows = {row["breakdown"]: row for row in csv.DictReader(io.StringIO(said)) if row["point"] == "EC.I.ES.3C"}
    assert rows["sex=female"]["value"] == "99.6"
    cells.write_text("point,sex,numerator\nEC.I.ES.3C,female,many\n", encoding="utf-8")
    code, _, fault = _run(capsysbinary, "indicators", "publish", book, "--breakdowns", cells)
    assert code == 1
    assert "cells.csv" in fault


def test_sdg_11_is_computed_from_a_document(capsysbinary, tmp_path):
    (tmp_path / "people.csv").write_text("lon,lat,persons\n76.93,43.25,100\n76.99,43.25,300\n", encoding="utf-8")
    (tmp_path / "stops.csv").write_text("lon,lat,high_capacity\n76.931,43.25,no\n", encoding="utf-8")
    document = {"place": "KZ-75", "year": 2024, "transit": {"people": "people.csv", "stops": "stops.csv"}}
    file = tmp_path / "city.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    code, said, _ = _run(capsysbinary, "indicators", "sdg11", file, "--json")
    (row,) = json.loads(said)["results"]
    assert (code, row["point"], row["value"], row["denominator"]) == (0, "11.2.1", "25", "400")
    code, said, _ = _run(capsysbinary, "indicators", "sdg11", file, "--lang", "kk")
    assert "жоғарғы шек" in said


def test_sdg11_is_told_by_name_with_its_unit(capsysbinary, tmp_path):
    (tmp_path / "stops.csv").write_text("lon,lat,high_capacity\n76.93,43.25,no\n")
    (tmp_path / "people.csv").write_text("lon,lat,persons,sex=female\n76.93,43.25,90,50\n76.99,43.25,30,30\n")
    document = {
        "place": "KZ-75",
        "year": 2024,
        "transit": {"people": "people.csv", "stops": "stops.csv", "detour": 1.2},
    }
    (tmp_path / "city.json").write_text(json.dumps(document))
    code, said, _ = _run(capsysbinary, "indicators", "sdg11", tmp_path / "city.json", "--lang", "ru")
    assert (code, said.splitlines()[0].split("\t")[1:3]) == (0, ["Удобный доступ к общественному транспорту", "75 %"])
    assert said.splitlines()[1].startswith("11.2.1\tпол: женщины\t62,5")
    _, said, _ = _run(capsysbinary, "indicators", "sdg11", tmp_path / "city.json", "--json")
    assert json.loads(said)["results"][1] | {"notes": []} == {
        "point": "11.2.1", "breakdown": "sex=female", "value": "62.5", "unit": "percent", "numerator": "50",
        "denominator": "80", "notes": [],
    }  # fmt: skip
