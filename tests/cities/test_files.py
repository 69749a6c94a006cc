"""City books as files: the round trip in every form and language, and every kind of bad input named with its cell."""

import csv
import io
import json
import unicodedata
from dataclasses import replace
from decimal import Decimal
from functools import cache

import jsonschema
import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.cities.book_world import AKIMAT, NOW, OTHER, U4SSC, book, entry

from jasyl import ledger
from jasyl.cities import (
    BASES,
    BOOK_FORMATS,
    ENTRY_LEVELS,
    ORIGINS,
    QUALITIES,
    book_schema,
    city,
    entries,
    judged_file,
    questions,
    read_book,
    shown_parts,
    take_book,
    without_small,
    write_book,
    write_entry,
)  # fmt: skip
from jasyl.cities.book_columns import FILLED, TOLD, book_template
from jasyl.cities.breakdown import groups_of_text
from jasyl.cities.disclosure import with_closed
from jasyl.cities.entry import Entry
from jasyl.indicators import BREAKDOWNS, Part
from jasyl.texts import LANGUAGES, Refusal, Where

ASTANA = city("KZ-71")
INTERNET, BROADBAND, GINI, PLAN = "EC.ICT.ICT.1C", "EC.ICT.ICT.2C", "SC.SH.SI.2C", "SC.SH.SA.3A"
VOTERS = "SC.SH.SI.4C"
POINTS = [one.id for one in U4SSC.points]


def of(*given):
    return {one.point: one for one in given}


FULL = of(
    entry("base.population", value="1234567.5", dated="2024"),
    entry("base.gdp", value="9600000000000", unit="KZT", dated="2024-07", note="in prices of the year"),
    entry(INTERNET, "0.1", "400000", dated="2024-12-31", note="=1+1\nsecond line; \"quoted\", 'and' more",
        evidence="ab" * 32, level="closed"),
    entry(GINI, value="0.290000000000000000001", origin="survey", quality="survey_extrapolated"),
    entry(PLAN, value=1, origin="city", quality="personal_estimate", note="-5 is no number"),
    entry("EC.I.UP.2A.compact", value=0),
    entry(VOTERS, 300, 500, parts=(
        Part.of({"sex": "female"}, numerator=Decimal(160), denominator=Decimal(260)),
        Part.of({"sex": "male", "age": "65+"}, value=Decimal("31.5"), people=40),
        Part.of({"district": "Есіл ауданы"}, numerator=Decimal(2), denominator=Decimal("9.25"), value=Decimal(22)),
        Part.of({"district": "Сарайшық"}, numerator=Decimal(12)),
    )),
    Entry(BROADBAND, status="not_applicable", note="@none"),
    Entry("SC.EH.H.1C", status="not_reported", reason="#N/A"),
    entry("EN.EN.AQ.1C.no2", value="38", status="partly", proposal="01J0000000000000000000FIGU", reason="own station"),
)  # fmt: skip


@pytest.mark.parametrize("form", BOOK_FORMATS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_book_comes_back_as_it_went_out(form, language):
    written = write_book(ASTANA, 2024, U4SSC, FULL, language, form)
    read = read_book(written, f"book.{form}")
    assert read.problems == ()
    assert read.entries == FULL
    assert (read.city, read.year, read.catalogue.id) == (ASTANA, 2024, "u4ssc")


GROUPS = st.text("аәбв 0159-—+()a", min_size=1, max_size=12).map(str.strip).filter(bool)


@st.composite
def parts_of_any_kind(draw):
    """Groups with a counted number or a value, no two alike."""
    axes = st.dictionaries(st.sampled_from(BREAKDOWNS), GROUPS, min_size=1, max_size=3)
    made = [
        Part.of(axis, **draw(st.sampled_from([{"numerator": Decimal(7)}, {"value": Decimal("0.5")},
                {"numerator": Decimal("1.5"), "denominator": Decimal(9), "value": Decimal(16), "people": 12}])))
        for axis in draw(st.lists(axes, max_size=4))
    ]  # fmt: skip
    return tuple({part.by: part for part in made}.values())


NUMBERS = st.none() | st.decimals(0, 10**12, allow_nan=False, places=6)
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Cn", "Zl", "Zp")), max_size=30).map(
    lambda text: unicodedata.normalize("NFC", text.strip())
)


@st.composite
def entry_of_any_kind(draw):
    point = draw(st.sampled_from(POINTS))
    yes_no = U4SSC.point(point).is_yes_no
    value = draw(st.sampled_from([Decimal(0), Decimal(1)])) if yes_no else draw(NUMBERS)
    numerator = draw(NUMBERS)
    status = "reported" if (numerator, value) != (None, None) else "not_applicable"
    denominator = draw(NUMBERS) if numerator is not None or status == "reported" else None
    return Entry(
        point, numerator, denominator, value, status, draw(st.none() | st.sampled_from(ORIGINS)),
        draw(st.none() | st.sampled_from(QUALITIES)), None, draw(st.sampled_from([None, "2024", "2024-02"])),
        draw(WORDS), level=draw(st.sampled_from(ENTRY_LEVELS)),
        parts=draw(parts_of_any_kind()) if status == "reported" else (),
    )  # fmt: skip


def test_small_groups_are_for_those_who_keep_the_book():
    """A closed group is not what the whole leaves of the open ones either."""
    held = entry(
        VOTERS,
        300,
        500,
        parts=groups_of_text(
            "sex=female: 200/260; sex=male: 100 / 240\nage=18-24: 2/9; age=25-64: 200/300; age=65+: 98/191", Where()
        ).parts,
    )
    shown = {one.by: one.suppressed for one in shown_parts(U4SSC, held)}
    assert [dict(by) for by, closed in shown.items() if closed] == [{"age": "18-24"}, {"age": "65+"}]
    public = without_small(U4SSC, held)
    assert {part.by for part in public.parts} == {by for by, closed in shown.items() if not closed}
    assert set(public.closed) == {by for by, closed in shown.items() if closed}
    known = entry(VOTERS, value=60, parts=groups_of_text("sex=female: = 61,5 [2]; sex=male: = 58 [900]", Where()).parts)
    assert [one.suppressed for one in shown_parts(U4SSC, known)] == [True, False]
    assert shown_parts(U4SSC, entry(VOTERS, 1, 2)) == ()


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_a_public_copy_that_comes_back_loses_no_closed_group(form):
    groups = groups_of_text("age=18-24: 2/9; age=25-64: 200/300; age=65+: 98/191", Where()).parts
    held = entry(VOTERS, 300, 500, parts=groups)
    copy = write_book(ASTANA, 2024, U4SSC, BASE | {VOTERS: without_small(U4SSC, held)}, "kk", form)
    said = read_book(copy, f"b.{form}").entries[VOTERS]
    assert (len(said.parts), len(said.closed)) == (1, 2)
    assert with_closed(said, held).says_the_same(held)
    changed = replace(said, parts=(replace(said.parts[0], numerator=Decimal(201)),))
    assert [part.numerator for part in with_closed(changed, held).parts] == [2, 201, 98]
    with pytest.raises(Refusal) as refused:
        with_closed(said, replace(held, parts=groups[1:]))
    assert refused.value.code == "city-breakdown-closed"
    assert all("age=18-24" in refused.value.text(language) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("parts", "number", "code"),
    [
        ("female: 1 / 2", {"value": 5}, "city-breakdown"),
        ("female: *", {"value": 5}, "city-breakdown"),
        ("colour=red: *", {"value": 5}, "indicator-breakdown"),
        ("sex=female: many", {"value": 5}, "city-breakdown"),
        ("sex=female: [4]", {"value": 5}, "city-breakdown"),
        ("colour=red: 1 / 2", {"value": 5}, "indicator-breakdown"),
        ("sex=female: 1 / 2", {}, "city-breakdown-alone"),
        ("sex=female: 1 / 2; sex=female: 3 / 4", {"value": 5}, "city-breakdown-twice"),
        ("sex=female: 200 / 300; sex=male: 201 / 300", {"numerator": 400, "denominator": 600}, "city-breakdown-above"),
    ],
)
def test_groups_that_are_none_are_told_at_their_cell(parts, number, code):
    document = json.loads(write_book(ASTANA, 2024, U4SSC, BASE, "en", "json"))
    fields = {key: str(value) for key, value in number.items()} or {"status": "not_reported"}
    lines = list(csv.reader(io.StringIO(write_book(ASTANA, 2024, U4SSC, {}, "en", "csv").decode("utf-8-sig"))))
    keys = [column.key for column in book_template().columns]
    row = next(one for one in lines if one[keys.index("point")] == VOTERS)
    for key, value in (*fields.items(), ("parts", parts)):
        row[keys.index(key)] = "not reported" if value == "not_reported" else value
    out = io.StringIO()
    csv.writer(out).writerows(lines)
    report = judged_file(read_book(out.getvalue().encode(), "b.csv"))
    told = [one.code for one in report.problems] + [one.code for one in report.findings if one.severity != "remark"]
    assert told == [code]
    if code == "city-breakdown":
        document["entries"].append({"point": VOTERS, "value": 5, "parts": parts})
        (problem,) = read_book(json.dumps(document).encode(), "b.json").problems
        assert (problem.code, problem.where.field.endswith(".parts")) == (code, True)


@settings(max_examples=8, deadline=None)
@given(st.lists(entry_of_any_kind(), min_size=1, max_size=6, unique_by=lambda one: one.point))
def test_whatever_a_book_says_csv_and_json_keep_it(given_entries):
    kept = of(*given_entries)
    for form in ("csv", "json"):
        read = read_book(write_book(ASTANA, 2024, U4SSC, kept, "ru", form), f"b.{form}")
        assert read.problems == ()
        assert read.entries == kept


def test_the_template_has_every_data_point_once_locked_and_explained():
    sheets = openpyxl.load_workbook(io.BytesIO(write_book(ASTANA, 2024, U4SSC, {}, "kk", "xlsx")))
    sheet = sheets.worksheets[0]
    heads = {column.headers["kk"]: number for number, column in enumerate(book_template().columns, 1)}
    keys = [column.key for column in book_template().columns]
    assert sheet.protection.sheet
    rows = {row[keys.index("point")].value: row for row in sheet.iter_rows(min_row=2)}
    assert list(rows) == [*BASES, *POINTS]
    assert set(keys) - set(TOLD) - set(FILLED) == {"place", "year", "catalogue", "point"}
    for cell, key in zip(rows[INTERNET], keys, strict=True):
        assert cell.protection.locked == (key not in FILLED)
    assert sheet.cell(1, 1).value in heads
    assert rows[INTERNET][keys.index("name")].value == "Үй шаруашылықтарының интернетке қолжетімділігі"
    assert rows[INTERNET][keys.index("result")].value.startswith("=IF(AND(ISNUMBER(")
    assert len(sheet.data_validations.dataValidation) == 4
    # Reading an empty template says that nothing is in it; a template that the city's people are in fills them in.
    assert read_book(write_book(ASTANA, 2024, U4SSC, {}, "kk", "xlsx"), "b.xlsx").entries == {}
    filled = write_book(ASTANA, 2024, U4SSC, of(entry("base.households", value=400_000)), "en", "csv").decode(
        "utf-8-sig"
    )
    row = next(one for one in csv.DictReader(io.StringIO(filled)) if one["Data point"] == INTERNET)
    assert row["Denominator"] == "400000"
    assert set(read_book(filled.encode(), "b.csv").entries) == {"base.households"}


def test_the_document_follows_its_schema():
    written = json.loads(write_book(ASTANA, 2024, U4SSC, FULL, "en", "json"))
    jsonschema.Draft202012Validator(book_schema()).validate(written)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(book_schema()).validate(written | {"other": 1})


BASE = {point: one for point, one in book().items() if one.is_base} | of(entry(INTERNET, 380_000, 400_000))
KEYS = [column.key for column in book_template().columns]


@cache
def base_files():
    return [write_book(ASTANA, 2024, U4SSC, BASE, "en", form) for form in ("xlsx", "csv")]


def sheet_with(changes):
    """The workbook of a book, with cells changed by (point, column); the codes of data points last."""
    workbook = openpyxl.load_workbook(io.BytesIO(base_files()[0]))
    sheet = workbook.worksheets[0]
    rows = {row[KEYS.index("point")].value: row for row in sheet.iter_rows(min_row=2)}
    for (point, key), value in changes.items():
        rows[point][KEYS.index(key)].value = value
    out = io.BytesIO()
    workbook.save(out)
    return out.getvalue()


def text_with(changes):
    """The same as CSV."""
    rows = list(csv.reader(io.StringIO(base_files()[1].decode("utf-8-sig"))))
    by_point = {row[KEYS.index("point")]: row for row in rows}
    for (point, key), value in changes.items():
        by_point[point][KEYS.index(key)] = "" if value is None else str(value)
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


WATER, BEDS, NO2, PM10 = "EC.I.WS.1C", "SC.EH.H.4A", "EN.EN.AQ.1C.no2", "EN.EN.AQ.1C.pm10"
WASTE = [point for point in POINTS if point.startswith("EN.EN.WA.1C.")]
# What is wrong: the cells, the code, which cell is named, whether a file with it never goes in.
BAD = {
    "households against inhabitants": ({(WATER, "numerator"): 1_100_000, (WATER, "denominator"): 1_200_000},
        "city-households-inhabitants", (WATER, "Denominator"), False),
    "ppm for ug/m3": ({(NO2, "value"): 0.021}, "city-air-unit", (NO2, "Value"), False),
    "ppm of particles": ({(PM10, "value"): 0.03, (PM10, "unit"): "ppm"}, "city-unit-unknown",
        (PM10, "Unit given"), True),
    "unit without conversion": ({(NO2, "value"): 38, (NO2, "unit"): "furlong"}, "city-unit-unknown",
        (NO2, "Unit given"), True),
    "shares of waste": ({(point, "value"): 15 for point in WASTE}, "city-shares", (WASTE[-1], "Value"), False),
    "numerator only": ({(WATER, "numerator"): 390_000, (WATER, "denominator"): None}, "city-numerator-only",
        (WATER, "Numerator"), True),
    "two populations": ({(BEDS, "numerator"): 7_000, (BEDS, "denominator"): 1_300_000}, "city-two-populations",
        (BEDS, "Denominator"), False),
    "text": ({(GINI, "value"): "about a third"}, "not-number", (GINI, "Value"), True),
    "text in a numerator": ({(WATER, "numerator"): "390 000 or so"}, "not-number", (WATER, "Numerator"), True),
    "#NUM!": ({(WATER, "numerator"): "#NUM!"}, "cell-error", (WATER, "Numerator"), True),
    "#NUM! in the value": ({(GINI, "value"): "#NUM!"}, "cell-error", (GINI, "Value"), True),
    "unclear number": ({(GINI, "value"): "1,234"}, "number-unclear", (GINI, "Value"), True),
    "neither yes nor no": ({(PLAN, "value"): "maybe"}, "not-boolean", (PLAN, "Value"), True),
    "unknown status": ({(GINI, "status"): "fine"}, "not-choice", (GINI, "Status"), True),
    "number beside not reported": ({(GINI, "value"): 0.3, (GINI, "status"): "not reported"},
        "city-number-beside-status", (GINI, "Status"), True),
    "money without currency": ({("base.gdp", "unit"): "млн"}, "city-currency", ("base.gdp", "Unit given"), True),
    "override without reason": ({(GINI, "value"): 0.3, (GINI, "proposal"): "01FIGURE"}, "city-reason-missing",
        (GINI, "Reason of another number"), True),
    "hash of nothing": ({(GINI, "value"): 0.3, (GINI, "evidence"): "scan.pdf"}, "city-evidence-hash",
        (GINI, "Evidence (SHA-256)"), True),
    "unknown data point": ({(GINI, "point"): "SC.SH.SI.9C"}, "indicator-unknown-point", ("SC.SH.SI.9C", "Data point"),
        True),
    "the same twice": ({(GINI, "point"): INTERNET}, "value-twice", (INTERNET, "Data point"), True),
}  # fmt: skip


@pytest.mark.parametrize("what", BAD)
def test_bad_input_is_named_with_its_cell_and_keeps_the_whole_file_out(connection, what):
    changes, code, (_, column), never = BAD[what]
    # Errors of sheets stand in workbooks only; what else is wrong is told the same of both.
    of_sheet = code == "cell-error" or what == "households against inhabitants"
    content, name = (sheet_with(changes), "b.xlsx") if of_sheet else (text_with(changes), "b.csv")
    for allowed in (False, True):
        report = take_book(connection, content, name, AKIMAT, NOW, log_origin="log", language="en",
            with_questions=allowed)  # fmt: skip
        told = [*report.problems, *(one.refusal() for one in report.findings)]
        (refusal,) = [one for one in told if one.code == code]
        assert (refusal.where.field, refusal.where.sheet) == (column, "Data" if of_sheet else None)
        assert refusal.where.row > 1
        assert len({refusal.text(language) for language in LANGUAGES}) == 3
        assert report.applied == (allowed and not never)
        if not report.applied:
            assert entries(connection, "KZ-71", 2024, "u4ssc") == {}
            assert list(ledger.records_of_kind(connection, "import")) == []
    assert bool(questions(connection, "KZ-71", 2024, "u4ssc")) == (not never)


def test_open_groups_of_a_public_copy_are_counted_with_the_closed_ones(connection):
    """What came back may not exceed the whole together with what the copy did not tell."""
    groups = groups_of_text("age=18-24: 2/9; age=25-64: 200/300; age=65+: 98/191", Where()).parts
    held = write_entry(connection, ASTANA, 2024, U4SSC, entry(VOTERS, 300, 500, parts=groups), AKIMAT, NOW)
    public = without_small(U4SSC, held)
    more = replace(public, parts=(replace(public.parts[0], numerator=Decimal(201), denominator=Decimal(301)),))
    copy = write_book(ASTANA, 2024, U4SSC, BASE | {VOTERS: more}, "ru", "json")
    report = take_book(connection, copy, "b.json", AKIMAT, NOW + 1, log_origin="log", language="ru")
    assert (report.applied, [one.code for one in report.questions]) == (False, ["city-breakdown-above"])
    unknown = replace(public, closed=((("age", "19"),),))
    copy = write_book(ASTANA, 2024, U4SSC, BASE | {VOTERS: unknown}, "ru", "json")
    report = take_book(connection, copy, "b.json", AKIMAT, NOW + 1, log_origin="log", language="ru")
    assert [(one.code, one.where.field) for one in report.problems] == [
        ("city-breakdown-closed", f"entries[{len(BASE)}].parts")
    ]


def test_a_good_file_goes_in_is_told_to_the_log_and_changes_nothing_the_second_time(connection):
    write_entry(connection, ASTANA, 2024, U4SSC, BASE[INTERNET], AKIMAT, NOW)
    content = sheet_with(
        {
            (NO2, "value"): "0,02",
            (NO2, "unit"): "ppm",
            (PLAN, "value"): "иә",
            (INTERNET, "parts"): "district=Есіл: 12 / 30",
        }
    )
    tried = take_book(connection, content, "b.xlsx", AKIMAT, NOW, log_origin="log", language="ru", dry_run=True)
    assert (tried.applied, tried.errors, tried.questions) == (False, [], [])
    assert (tried.written, tried.same) == (len(BASE) + 2, 0)
    report = take_book(connection, content, "b.xlsx", AKIMAT, NOW + 1, log_origin="log", language="ru")
    assert (report.applied, report.written, report.same, report.asked) == (True, len(BASE) + 2, 0, 0)
    assert [one.code for one in report.findings].count("city-unit-converted") == 1
    held = entries(connection, "KZ-71", 2024, "u4ssc")
    assert (held[NO2].value, held[NO2].unit, held[NO2].note) == (38, None, "0.02 ppm × 1900")
    assert (held[PLAN].value, held[PLAN].status) == (1, "reported")
    assert held[INTERNET].parts == (Part.of({"district": "Есіл"}, numerator=Decimal(12), denominator=Decimal(30)),)
    again = take_book(connection, content, "b.xlsx", AKIMAT, NOW + 2, log_origin="log", language="ru")
    assert (again.written, again.same) == (0, len(BASE) + 2)
    assert len(list(ledger.records_of_kind(connection, "import"))) == 1
    assert report.as_data("kk")["applied"] is True
    with pytest.raises(Refusal) as refused:
        take_book(connection, content, "b.xlsx", OTHER, NOW, log_origin="log", language="ru")
    assert refused.value.code == "not-allowed"


@pytest.mark.parametrize("form", ["xlsx", "csv", "json"])
def test_training_books_say_so_in_every_form_and_never_go_among_real_data(connection, form):
    noted = BASE | {INTERNET: replace(BASE[INTERNET], note="a survey")}
    content = write_book(ASTANA, 2024, U4SSC, noted, "kk", form, training=True)
    book = read_book(content, f"b.{form}")
    assert book.training
    assert book.entries[INTERNET].note == "a survey"
    assert not read_book(write_book(ASTANA, 2024, U4SSC, noted, "kk", form), f"b.{form}").training
    with pytest.raises(Refusal) as refused:
        take_book(connection, content, f"b.{form}", AKIMAT, NOW, log_origin="log", language="kk", with_questions=True)
    assert refused.value.code == "city-book-training"
    assert entries(connection, "KZ-71", 2024, "u4ssc") == {}
    report = take_book(connection, content, f"b.{form}", AKIMAT, NOW, log_origin="log", language="kk",
        with_questions=True, training=True)  # fmt: skip
    assert report.applied


def test_documents_that_are_no_book_are_refused_at_their_field():
    good = json.loads(write_book(ASTANA, 2024, U4SSC, BASE, "en", "json"))
    one = good["entries"][-1]
    wrong = {
        "": [], "x": good | {"x": 1}, "format": good | {"format": "other"}, "entries": good | {"entries": {}},
    }  # fmt: skip
    for at, document in wrong.items():
        with pytest.raises(Refusal) as refused:
            read_book(json.dumps(document).encode(), "b.json")
        assert (refused.value.code, refused.value.where.field or "") == ("city-book-json", at)
    rows = {
        "entries[0]": 5, "entries[0].other": one | {"other": 1}, "entries[0].point": one | {"point": "X"},
        "entries[0].numerator": one | {"numerator": "#NUM!"}, "entries[0].status": one | {"status": "fine"},
        "entries[0].note": one | {"note": "\u0000"}, "entries[0].dated": one | {"dated": "soon"},
        "entries[0].denominator": one | {"denominator": "1e400"}, "entries[0].unit": one | {"unit": 1},
    }  # fmt: skip
    for at, row in rows.items():
        read = read_book(json.dumps(good | {"entries": [row]}).encode(), "b.json")
        assert [problem.where.field for problem in read.problems] == [at]
    twice = read_book(json.dumps(good | {"entries": [one, one]}).encode(), "b.json")
    assert [(problem.code, problem.where.field) for problem in twice.problems] == [("value-twice", "entries[1].point")]
    with pytest.raises(Refusal) as refused:
        read_book(b"{", "b.json")
    assert refused.value.code == "json-unreadable"


def test_one_file_is_one_book():
    lines = write_book(ASTANA, 2024, U4SSC, BASE, "en", "csv").decode("utf-8-sig").splitlines(keepends=True)
    mixed = "".join(lines[:3]) + lines[3].replace("KZ-71", "KZ-75", 1)
    with pytest.raises(Refusal) as refused:
        read_book(mixed.encode(), "b.csv")
    assert (refused.value.code, refused.value.where.row) == ("city-book-mixed", 4)
    with pytest.raises(Refusal) as refused:
        read_book(lines[0].encode(), "b.csv")
    assert refused.value.code == "city-book-empty"
    whole = judged_file(read_book(write_book(ASTANA, 2024, U4SSC, BASE, "en", "csv"), "b.csv"))
    assert [one.code for one in whole.findings] == ["city-many-missing"]
    assert replace(whole, problems=()).errors == []
