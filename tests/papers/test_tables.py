import csv
import datetime as dt
import io
import json
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jasyl import papers
from jasyl.intake import Choice, PartialDate, Template, TemplateColumn, choose, read, read_tables, text
from jasyl.papers import About, Column, template_workbook, write_csv, write_geojson, write_json, write_xlsx
from jasyl.texts import LANGUAGES, Refusal

ABOUT = About("Plants", "Ministry", "CC-BY-4.0", dt.date(2026, 11, 21), "Training data")


def column(key, kind="text", **more):
    return TemplateColumn(key, {"kk": f"{key} қаз", "ru": f"{key} рус", "en": f"{key} eng"}, kind, **more)


NATURE = tuple(Choice(code, {"kk": f"{code} к", "ru": f"{code}, р", "en": code.upper()}) for code in ("sun", "wind"))
TEMPLATE = Template(
    "plants",
    (
        column("name", required=True),
        column("note"),
        column("bin", "digits", length=12),
        column("capacity", "decimal", unit="MW"),
        column("volume", "decimal", unit="1000.m3"),
        column("share", "decimal"),
        column("units", "integer"),
        column("since", "date"),
        column("seen", "day"),
        column("sealed", "moment"),
        column("grid", "boolean"),
        column("nature", "choice", choices=NATURE),
        column("lon", "longitude"),
        column("lat", "latitude"),
    ),
)

NASTY = st.sampled_from(
    [
        "=1+1",
        "+7 727",
        "-5",
        "@x",
        "'=1",
        "''=1",
        "'quoted'",
        "#N/A",
        "#NUM!",
        "_x0041_",
        "_x005F_x0041_",
        'say "hi", she said',
        "a;b|c\td",
        "line 1\nline 2",
        "＝cmd",
        "007",
        "1e5",
        "1,5",
        "true",
        "Шұғыла №3 «Жел»",
        "𝒳🌱",
        "<b>&amp;</b>",
        "NULL",
        '=HYPERLINK("http://x")',
        "#",
        "'",
        '"',
    ],
)
SAFE = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn"))


def canonical(value):
    """The texts that reading leaves as they are."""
    try:
        return text(value) == value
    except Refusal:
        return False


texts = (NASTY | st.text(SAFE, min_size=1, max_size=40)).filter(canonical)
MOMENTS = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1), timezones=st.just(dt.UTC))
decimals = st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**12), max_value=10**12, places=6)
days = st.dates(dt.date(1930, 1, 1), dt.date(2190, 1, 1))
partial = days.map(lambda day: PartialDate(day, "day")) | days.map(lambda day: PartialDate(day.replace(day=1), "month"))
partial |= st.integers(1000, 2999).map(lambda year: PartialDate(dt.date(year, 1, 1), "year"))
ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "name": texts,
            "note": st.none() | texts,
            "bin": st.none() | st.from_regex(r"[0-9]{12}", fullmatch=True),
            "capacity": st.none() | decimals,
            "volume": st.none() | decimals,
            "share": st.none() | decimals,
            "units": st.none() | st.integers(-(10**18), 10**18),
            "since": st.none() | partial,
            "seen": st.none() | st.dates(dt.date(1900, 1, 1), dt.date(2190, 1, 1)),
            "sealed": st.none() | MOMENTS,
            "grid": st.none() | st.booleans(),
            "nature": st.none() | st.sampled_from(["sun", "wind"]),
            "lon": st.none() | st.floats(-180, 180),
            "lat": st.none() | st.floats(-90, 90),
        }
    ),
    min_size=1,
    max_size=4,
)


def back(data):
    reading = read(choose(read_tables(data, "plants"), TEMPLATE), TEMPLATE)
    assert reading.problems == [], reading.problems[0].text("en")
    return reading.rows


@settings(deadline=None, max_examples=60)
@given(ROWS, st.sampled_from(LANGUAGES), st.booleans(), st.booleans())
def test_csv_comes_back_as_it_went(rows, language, mark, keys):
    assert back(b"".join(write_csv(TEMPLATE.columns, rows, language, mark=mark, keys=keys))) == rows


@settings(deadline=None, max_examples=40)
@given(ROWS, st.sampled_from(LANGUAGES))
def test_xlsx_comes_back_as_it_went(rows, language):
    assert back(write_xlsx(TEMPLATE.columns, rows, language, about=ABOUT)) == rows


@settings(deadline=None, max_examples=60)
@given(ROWS, st.sampled_from(LANGUAGES))
def test_geojson_comes_back_as_it_went(rows, language):
    for row in rows:
        if row["lon"] is None or row["lat"] is None:  # a point has both or none
            row["lon"] = row["lat"] = None
    assert back(b"".join(write_geojson(TEMPLATE.columns, rows, language, about=ABOUT))) == rows


PLAIN = (
    Column("name", {"kk": "Атауы", "ru": "Название", "en": "Name"}),
    Column("p", {"kk": "Қуаты", "ru": "Мощность", "en": "Capacity"}, "decimal", "MW"),
)


def test_csv_to_the_byte():
    rows = [{"name": "A, B", "p": Decimal(1_500_000)}, {"name": "=cmd|' /C calc'!A0", "p": -2_000_000}, {"name": None}]
    made = b"".join(write_csv(PLAIN, rows, "kk", mark=True))
    assert made == '\ufeffАтауы,"Қуаты, МВт"\r\n"A, B",1.5\r\n\'=cmd|\' /C calc\'!A0,-2\r\n,\r\n'.encode()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝"])
def test_no_text_of_a_csv_is_a_formula_but_numbers_are_numbers(start):
    made = b"".join(write_csv(PLAIN, [{"name": f"{start}1", "p": -5}], "en")).decode()
    cells = list(csv.reader(io.StringIO(made, newline="")))[1]
    assert cells[0] == f"'{start}1"
    assert cells[1] == "-0.000005"


def test_csv_streams():
    chunks = list(write_csv(PLAIN, ({"name": f"plant {n}", "p": n} for n in range(20_000)), "en"))
    assert len(chunks) > 3
    assert max(map(len, chunks)) < 140_000
    assert b"".join(chunks).count(b"\r\n") == 20_001


def test_a_row_of_one_empty_cell_is_no_blank_line():
    only = (Column("a", {"kk": "a", "ru": "a", "en": "a"}),)
    assert b"".join(write_csv(only, [{"a": None}], "en")) == b'a\r\n""\r\n'


def test_xlsx_as_openpyxl_sees_it():
    rows = [{"name": "=1+1", "p": Decimal("1234567890123456789")}, {"name": "#N/A", "p": 2_500_000}]
    book = openpyxl.load_workbook(io.BytesIO(write_xlsx(PLAIN, rows, "ru", about=ABOUT)))
    sheet = book["Данные"]
    assert [cell.value for cell in sheet[1]] == ["Название", "Мощность"]
    assert [cell.value for cell in sheet[2]] == [None, "МВт"]
    assert [(cell.value, cell.data_type) for cell in sheet[3]] == [("=1+1", "s"), ("1234567890123.456789", "s")]
    assert [(cell.value, cell.data_type) for cell in sheet[4]] == [("#N/A", "s"), (2.5, "n")]
    about = {row[0].value: row[1].value for row in book["О данных"].rows}
    assert about["Внимание"] == "Training data"
    assert about["Лицензия"] == "CC-BY-4.0"
    assert "2026" in about["Дата"]


def test_choices_are_named_and_days_are_dates():
    book = openpyxl.load_workbook(
        io.BytesIO(write_xlsx(TEMPLATE.columns, [{"name": "A", "nature": "sun", "seen": dt.date(2024, 5, 6)}], "ru"))
    )
    row = [cell.value for cell in book["Данные"][3]]
    assert "sun, р" in row
    assert dt.datetime(2024, 5, 6) in row
    assert len(book.sheetnames) == 1


def test_what_a_workbook_cannot_hold(monkeypatch):
    with pytest.raises(Refusal, match="32") as refused:
        write_xlsx(PLAIN, [{"name": "x" * 40_000}], "en")
    assert refused.value.where.row == 3
    monkeypatch.setattr(papers.workbook, "MAX_ROWS", 4)
    with pytest.raises(Refusal) as refused:
        write_xlsx(PLAIN, [{"name": "x"}] * 5, "en")
    assert refused.value.code == "paper-too-many-rows"
    assert refused.value.text("kk")


def test_json_and_geojson_say_what_they_hold():
    rows = [
        {
            "name": "A",
            "p": Decimal("100000"),
            "lon": 76.9,
            "lat": 43.2,
            "since": PartialDate(dt.date(2024, 1, 1), "year"),
        }
    ]
    made = b"".join(write_json(PLAIN, rows, "ru", about=ABOUT))
    document = json.loads(made, parse_float=Decimal)
    assert document["rows"] == [{"name": "A", "p": Decimal("0.1")}]
    assert document["columns"][1] == {"key": "p", "header": "Мощность", "kind": "decimal", "unit": "MW"}
    assert document["about"]["watermark"] == "Training data"
    points = json.loads(b"".join(write_geojson(TEMPLATE.columns, rows, "en")))
    assert points["features"][0]["geometry"] == {"type": "Point", "coordinates": [76.9, 43.2]}
    assert points["features"][0]["properties"]["since"] == "2024"
    assert points["units"] == {"capacity": "MW", "volume": "1000.m3"}
    assert json.loads(b"".join(write_json(PLAIN, [], "en")))["rows"] == []
    with pytest.raises(ValueError, match="longitude"):
        list(write_geojson(PLAIN, rows, "en"))
    assert len(list(write_json(PLAIN, ({"name": "x" * 100} for _ in range(2000)), "en"))) > 2


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_empty_template_is_explained_and_read_back(language):
    data = template_workbook(TEMPLATE, language)
    book = openpyxl.load_workbook(io.BytesIO(data))
    sheet, explained = book.worksheets
    assert [cell.value for cell in sheet[1]] == [column.headers[language] for column in TEMPLATE.columns]
    assert explained.max_row == len(TEMPLATE.columns) + 1
    assert "sun = " in explained["H13"].value
    assert sheet.column_dimensions["C"].number_format == "@"
    offered = [validation.sqref for validation in sheet.data_validations.dataValidation]
    assert len(offered) == (0 if language == "ru" else 1)  # a name with a comma cannot be offered
    reading = read(choose(read_tables(data, "t.xlsx"), TEMPLATE), TEMPLATE)
    assert (reading.rows, reading.problems) == ([], [])
    sheet["A3"] = "A"
    sheet["D3"] = 5
    filled = io.BytesIO()
    book.save(filled)
    assert read(choose(read_tables(filled.getvalue(), "t"), TEMPLATE), TEMPLATE).rows[0]["capacity"] == 5_000_000
