"""Catalogues without code: the example of the manual in every form, the packaged ones, and what is refused."""

import csv
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from openpyxl import Workbook

from jasyl.indicators import CATALOGUES, Benchmarks, catalogue, catalogue_schema, evaluate, read_catalogue
from jasyl.papers import Column, write_xlsx
from jasyl.texts import LANGUAGES, Refusal

EXAMPLE = Path(__file__).parents[2] / "docs" / "examples" / "city-services"
SHEETS = ("catalogue", "groups", "indicators", "points")


def rows_of(sheet: str) -> list[dict[str, str]]:
    with (EXAMPLE / f"{sheet}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def document() -> dict[str, Any]:
    head = {row["key"]: row["value"] for row in rows_of("catalogue")}
    return {"catalogue": head, **{sheet: rows_of(sheet) for sheet in SHEETS[1:]}}


def test_the_example_reads_as_a_folder() -> None:
    own = read_catalogue(EXAMPLE)
    assert (own.id, own.version, len(own.indicators), len(list(own.points))) == ("city-services", "1", 12, 15)
    assert own.title["kk"].startswith("Қала")
    assert own.point("CS.09.rest").direction == "lower"
    assert own.indicator("CS.01").disaggregation == ("sex", "age")
    assert own.indicator("CS.01").code == "CS.01"
    assert not own.point("CS.06").has_denominator
    assert evaluate(own, [], Benchmarks("none")).group("services", "heat").of == 1


def test_the_same_as_a_workbook_and_as_json(tmp_path: Path) -> None:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name in SHEETS:
        sheet = book.create_sheet(name)
        rows = rows_of(name)
        sheet.append(list(rows[0]))
        for row in rows:
            sheet.append(list(row.values()))
    book.save(tmp_path / "own.xlsx")
    (tmp_path / "own.json").write_text(json.dumps(document(), ensure_ascii=False), encoding="utf-8")
    assert read_catalogue(tmp_path / "own.xlsx") == read_catalogue(EXAMPLE)
    assert read_catalogue(tmp_path / "own.json") == read_catalogue(EXAMPLE)


def test_a_single_csv_is_a_catalogue_of_its_own_name(tmp_path: Path) -> None:
    file = tmp_path / "district-heat.csv"
    file.write_text("id;unit;direction;name_ru\nH1;percent;lower;Потери тепла\n", encoding="utf-8")
    own = read_catalogue(file)
    assert (own.id, own.version, own.point("H1").name["kk"]) == ("district-heat", "1", "Потери тепла")
    assert own.indicators[0].name.missing == ("kk", "en")
    columns = [Column(key, {"kk": key, "ru": key, "en": key}) for key in ("id", "unit", "direction")]
    (tmp_path / "one.xlsx").write_bytes(write_xlsx(columns, [{"id": "a", "unit": "b", "direction": "higher"}], "en"))
    with pytest.raises(Refusal) as refused:
        read_catalogue(tmp_path / "one.xlsx")  # a workbook says by the names of its sheets what they are
    assert refused.value.code == "catalogue-no-sheet"


def test_the_schema_holds_for_the_example_and_rejects_what_the_reader_rejects() -> None:
    schema = catalogue_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(document(), schema)
    for change in (_set("indicators", 0, direction="up"), _set("indicators", 0, colour="red"), _without_units):
        wrong = document()
        change(wrong)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(wrong, schema)


def _without_units(held: dict[str, Any]) -> None:
    for row in held["indicators"]:
        del row["unit"]


def _set(sheet: str, row: int, **cells: str) -> Callable[[dict[str, Any]], None]:
    return lambda held: held[sheet][row].update(cells)


@pytest.mark.parametrize(
    ("change", "code", "row", "field"),
    [
        (_set("indicators", 1, direction="up"), "catalogue-value", 2, "direction"),
        (_set("indicators", 0, unit=""), "catalogue-value", 1, "unit"),
        (_set("indicators", 0, multiplier="hundred"), "catalogue-value", 1, "multiplier"),
        (_set("indicators", 0, multiplier="NaN"), "catalogue-value", 1, "multiplier"),
        (_set("indicators", 0, disaggregation="sex;star sign"), "catalogue-value", 1, "disaggregation"),
        (_set("indicators", 0, sdg_goals="eleven"), "catalogue-value", 1, "sdg_goals"),
        (_set("indicators", 0, colour="red"), "catalogue-column", 1, "colour"),
        (_set("indicators", 1, id="CS.01"), "catalogue-twice", 2, "id"),
        (_set("points", 1, part="paper"), "catalogue-twice", 2, "part"),
        (_set("points", 0, indicator="CS.99"), "catalogue-stray-point", 1, "indicator"),
        (_set("points", 0, direction=""), "catalogue-mixed", 9, "direction"),
    ],
)
def test_faults_are_told_with_their_place(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], code: str, row: int, field: str
) -> None:
    wrong = document()
    change(wrong)
    (tmp_path / "own.json").write_text(json.dumps(wrong), encoding="utf-8")
    with pytest.raises(Refusal) as refused:
        read_catalogue(tmp_path / "own.json")
    assert refused.value.code == code
    assert refused.value.where is not None
    assert (refused.value.where.row, refused.value.where.field) == (row, field)
    assert all(refused.value.text(language) for language in LANGUAGES)


@pytest.mark.parametrize("text", ["{", "[]", '{"indicators": 5}', '{"catalogue": {}, "indicators": [3]}'])
def test_what_is_no_catalogue_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "own.json").write_text(text, encoding="utf-8")
    with pytest.raises(Refusal):
        read_catalogue(tmp_path / "own.json")


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refusal) as refused:
        read_catalogue(tmp_path)
    assert refused.value.code == "catalogue-no-sheet"


def test_the_circular_catalogue() -> None:
    circular = catalogue("circular")
    assert len(circular.indicators) == 88
    assert not [one.id for one in circular.indicators if one.name.missing or one.numerator.missing]
    assert not [one.id for one in circular.indicators if one.denominator.missing]
    assert circular.indicator("eu.4a").numerator["ru"].startswith("переработка материалов")
    assert circular.indicator("mfa.DMC").name["ru"] == "Внутреннее материальное потребление"
    assert circular.indicator("eu.4a").direction == "higher"
    assert circular.indicator("iso.in.reused").confidence == "low"


@pytest.mark.parametrize("name", CATALOGUES)
def test_packaged_catalogues_are_whole(name: str) -> None:
    held = catalogue(name)
    assert held.id == name
    assert held.source
    assert held.licence
    assert not held.title.missing
    for one in held.indicators:
        assert one.source
        assert one.confidence
        assert one.points
        assert all(key in held.groups and not held.groups[key].missing for key in one.path)
