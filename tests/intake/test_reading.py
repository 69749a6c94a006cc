import datetime as dt
import json
import re
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import jasyl.intake
from jasyl.intake import Box, Limits, Report, Template, TemplateColumn, choose, match, read, read_tables, schema, stream
from jasyl.texts import LANGUAGES, Refusal, has, say

BOX = Box(46, 40, 88, 56)


def table(text, **limits):
    return read_tables(text.encode() if isinstance(text, str) else text, "plants.csv", limits=Limits(**limits))[0]


@pytest.mark.parametrize(
    "header",
    [
        "Атауы;Қуаты;Бойлық;Ендік;Мәртебесі",
        "Название;Мощность, МВт;Долгота;Широта;Статус",
        "NAME;Capacity (MW);Longitude;lat;status",
        "name;capacity;lon;lat;status",
        "«Название»;  мощность [MW] ;X;y;Статус",
    ],
)
def test_headers_in_any_language(facility, header):
    (row,) = read(table(f"{header}\nA;50;76,9;43,2;действует\n"), facility, box=BOX).rows
    assert row == {"name": "A", "capacity": Decimal(50_000_000), "lon": 76.9, "lat": 43.2, "status": "operating"}


def test_another_row_that_fits_the_template_better_is_the_header(facility):
    text = "1;Отчёт;2024;о мощностях;all\nстраница;один;из;десяти;a\n"
    text += "Название;Мощность;Долгота;Широта;чужой\nA;5;76,9;43,2;\n"
    found = match(table(text), facility)
    assert found.table.header_row == 3
    assert found.unknown == ("чужой",)
    assert "чужой" in [note.text("kk") for note in found.notes][-1]


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("Мощность установленная", "Мощность"),
        ("Capasity", "Capacity"),
        ("Name of it all", None),
        ("Дата", None),
    ],
)
def test_an_unknown_column_is_told_with_what_was_perhaps_meant(facility, header, meant):
    """The heading of a column already found is never offered."""
    told = [note.text("en") for note in match(table(f"Название;{header}\nA;5\n"), facility).notes]
    (about,) = [text for text in told if header in text]
    assert ("Perhaps you meant" in about) is (meant is not None)
    assert meant is None or f"“{meant}”" in about


def test_missing_and_repeated_columns(facility):
    with pytest.raises(Refusal, match="Атауы / Название / Name") as missing:
        match(table("Мощность;Статус\n5;\n"), facility)
    assert missing.value.code == "columns-missing"
    with pytest.raises(Refusal) as twice:
        match(table("Название;Мощность;Capacity\nA;5;5\n"), facility)
    assert twice.value.code == "column-twice"
    with pytest.raises(Refusal) as wrong:
        match(table("Название;Мощность, т\nA;5\n"), facility)
    assert wrong.value.code == "unit-dimension"


def test_a_row_of_units(facility):
    reading = read(table("Название;Мощность;Статус\n;кВт;\nA;5;\n"), facility)
    assert (reading.rows[0]["capacity"], reading.numbers) == (5000, [3])
    assert "kW" in reading.notes[-1].text("en")
    reading = read(table("Название;Мощность\nA;5\n"), facility)
    assert reading.rows[0]["capacity"] == 5_000_000


def test_every_problem_of_every_row_is_told_in_order(facility):
    text = (
        "Название;БИН;Мощность;Долгота;Широта;Дата ввода;Статус;Количество\n"
        ";1;-5;43,2;76,9;2031;гуляет;1,5\n"
        "B;050840000123;5;76,9;43,2;2020;planned;2\n"
        "C;x;много;200;43,2;31.02.2020;;\n"
        "D;;5\n"
    )
    reading = read(table(text), facility, box=BOX, today=dt.date(2024, 6, 1))
    assert [row["name"] for row in reading.rows] == ["B"]
    assert reading.where(0, "capacity").text("en") == "plants.csv, row 3, field “Мощность”"
    assert not reading.is_clean
    assert reading.problem_count == len(reading.problems) == 11
    assert [(p.where.row, p.code) for p in reading.problems] == [
        (2, "cell-required"),
        (2, "below-minimum"),
        (2, "coordinates-swapped"),
        (2, "in-future"),
        (2, "not-choice"),
        (2, "not-integer"),
        (4, "not-digits"),
        (4, "not-number"),
        (4, "coordinate-range"),
        (4, "not-date"),
        (5, "row-width"),
    ]
    for problem in reading.problems:
        for language in LANGUAGES:
            assert problem.text(language).startswith("plants.csv")
            assert problem.as_data(language)["where"]["row"] == problem.where.row


def test_problems_are_capped_but_counted(facility):
    text = "Название;Мощность\n" + "A;x\n" * 25_000
    reading = read(table(text, problems=10), facility)
    assert (len(reading.problems), reading.problem_count, reading.rows) == (10, 25_000, [])
    assert [p.where.row for p in reading.problems] == list(range(2, 12))


def test_an_unclear_comma_is_decided_by_the_column_and_said(facility):
    reading = read(table("Название;Мощность\nA;1,234\nB;12,5\n"), facility)
    assert [row["capacity"] for row in reading.rows] == [1_234_000, 12_500_000]
    assert "comma-decimal" in [note.code for note in reading.notes]
    reading = read(table("Name\tCapacity\nA\t1,234\nB\t12.5\n"), facility)
    assert [row["capacity"] for row in reading.rows] == [1_234_000_000, 12_500_000]
    assert "comma-grouping" in [note.code for note in reading.notes]
    reading = read(table("Название;Мощность\nA;1,234\nB;12\n"), facility)
    assert [p.code for p in reading.problems] == ["number-unclear"]


def test_the_comma_is_decided_even_by_a_later_block(facility):
    text = "Название;Мощность\n" + "A;1,234\n" * 10_500 + "B;0,5\n"
    reading = read(table(text), facility)
    assert reading.is_clean
    assert reading.rows[0]["capacity"] == 1_234_000


def test_unique_values():
    plants = Template("p", (TemplateColumn("id", {"kk": "a", "ru": "b", "en": "c"}, unique=True, required=True),))
    reading = read(table("id\nA\nB\nA\n" + "".join(f"x{n}\n" for n in range(12_000)) + "B\n"), plants)
    assert [(p.code, p.where.row) for p in reading.problems] == [("value-twice", 4), ("value-twice", 12_005)]
    assert "row 3" in reading.problems[1].text("en")


def test_bounds_are_in_the_unit_of_the_column():
    column = TemplateColumn(
        "p", {"kk": "a", "ru": "b", "en": "c"}, "decimal", unit="MW", minimum=Decimal(0), maximum=Decimal(10)
    )
    reading = read(table("p;q\n10;\n11;\n-1 кВт;\n9000 кВт;\n"), Template("p", (column,)))
    assert [p.code for p in reading.problems] == ["above-maximum", "below-minimum"]
    assert "10 MW" in reading.problems[0].text("en")


def test_moments_of_the_past():
    column = TemplateColumn("t", {"kk": "a", "ru": "b", "en": "c"}, "moment", zone="Asia/Almaty", past=True)
    day = TemplateColumn("d", {"kk": "күн", "ru": "день", "en": "day"}, "day", past=True)
    reading = read(
        table("t;d\n2024-05-31 23:00;2024-05-31\n2024-06-02 00:00;2024-06-02\n"),
        Template("p", (column, day)),
        today=dt.date(2024, 6, 1),
    )
    assert reading.rows == [{"t": dt.datetime(2024, 5, 31, 18, tzinfo=dt.UTC), "d": dt.date(2024, 5, 31)}]
    assert [p.code for p in reading.problems] == ["in-future", "in-future"]


def test_streaming_gives_the_same_as_reading(facility):
    text = "Название;Мощность;Статус\n" + "".join(f"A{n};{n};planned\n" for n in range(23_000)) + "B;x;\n"
    found = match(table(text), facility)
    report = Report(10)
    chunks = list(stream(found, report))
    whole = read(table(text), facility)
    assert sum(len(chunk.numbers) for chunk in chunks) == len(whole.rows) == 23_000
    assert report.problem_count == whole.problem_count == 1
    assert chunks[2].columns["name"][-1] == whole.rows[-1]["name"]


def test_geojson_points(facility):
    document = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [76.9, 43.2, 700]},
                "properties": {"name": "A", "capacity": 0.1, "Longitude": 5},
            },
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [43.2, 76.9]},
                "properties": {"name": "B", "tags": ["x"], "ok": True},
            },
            {"type": "Feature", "geometry": None, "properties": {"name": "C", "units": 3}},
        ],
    }
    found = table(json.dumps(document))
    assert found.header == ("name", "capacity", "tags", "ok", "units", "longitude", "latitude")
    assert [row["ok"].raw for row in found.rows()] == [None, "true", None]
    reading = read(found, facility, box=BOX)
    assert reading.rows[0]["capacity"] == 100_000
    assert (reading.rows[0]["lon"], reading.rows[0]["lat"]) == (76.9, 43.2)
    assert (reading.rows[1]["lon"], reading.rows[1]["units"]) == (None, 3)
    assert [(p.code, p.where.row) for p in reading.problems] == [("coordinates-swapped", 2)]
    assert len(list(table('{"type":"Feature","geometry":null,"properties":{"name":"A"}}').rows())) == 1


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ('{"type": "FeatureCollection", "features": [', "geojson-broken"),
        ("{" * 5000, "geojson-broken"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "geojson-broken"),
        ('{"type": "Topology"}', "geojson-kind"),
        ('{"type": "FeatureCollection", "features": {}}', "geojson-kind"),
        ('{"type": "FeatureCollection", "features": [5]}', "geojson-kind"),
        ('{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": 5}]}', "geojson-kind"),
        ('{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[]}}', "geojson-geometry"),
        ('{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":["1","2"]}}', "geojson-geometry"),
        ('{"type":"Feature","properties":{},"geometry":5}', "geojson-geometry"),
    ],
)
def test_broken_geojson(document, code):
    with pytest.raises(Refusal) as refused:
        table(document)
    assert refused.value.code == code


def test_limits_of_geojson():
    feature = '{"type":"Feature","geometry":null,"properties":{"a":1,"b":2}}'
    document = f'{{"type":"FeatureCollection","features":[{feature},{feature}]}}'
    for limit, code in (
        ({"rows": 1}, "too-many-rows"),
        ({"columns": 3}, "too-many-columns"),
        ({"workbook_bytes": 9}, "file-too-large"),
    ):
        with pytest.raises(Refusal) as refused:
            table(document, **limit)
        assert refused.value.code == code


def test_the_sheet_that_fits_is_chosen(facility):
    fits, other = table("Название;Мощность\nA;5\n"), table("a;b\nc;d\n")
    assert choose([other, fits], facility) is fits


def test_schema_says_what_a_row_is(facility):
    made = schema(facility)
    assert made["required"] == ["name"]
    assert made["properties"]["bin"]["pattern"] == r"^\d{12}$"
    assert made["properties"]["capacity"] == {
        "title": "Capacity",
        "type": "number",
        "minimum": 0.0,
        "x-unit": "MW",
        "x-header": {"kk": "Қуаты", "ru": "Мощность", "en": "Capacity"},
    }
    assert made["properties"]["status"]["enum"] == ["operating", "planned"]
    json.dumps(made)


def test_templates_that_contradict_themselves(facility):
    name = facility.columns[0]
    with pytest.raises(ValueError, match="names both"):
        Template("x", (name, replace(name, key="other")))
    with pytest.raises(ValueError, match="choices"):
        replace(name, kind="choice")
    with pytest.raises(ValueError, match="header"):
        replace(name, headers={"kk": "a"})
    assert facility.column("capacity").unit == "MW"


def test_every_refusal_and_note_has_its_text_in_three_languages():
    folder = Path(jasyl.intake.__file__).parent
    code = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    refusals = set(re.findall(r'Refusal\(\s*"([a-z-]+)"', code)) | {"cell-error", "cell-formula", "cell-merged"}
    refusals |= {"moment-twice", "moment-never"}
    notes = set(re.findall(r'note\(\s*"([a-z-]+)"', code)) | {"comma-decimal", "comma-grouping"}
    assert len(refusals) > 40
    for language in LANGUAGES:
        assert [code for code in refusals if not has(language, f"refusal-{code}")] == []
        assert [code for code in notes if not has(language, f"intake-note-{code}")] == []
        assert say(language, "intake-note-epoch", year="1904")
