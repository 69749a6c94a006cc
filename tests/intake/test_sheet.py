import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from jasyl.intake import Limits, read, read_tables
from jasyl.intake.raw import CellFault
from jasyl.intake.workbook_xml import column_number
from jasyl.texts import Refusal

HEADER = ["Название", "Мощность", "Дата ввода", "Количество"]


def workbook(*rows, prepare=None):
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if prepare:
        prepare(sheet)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def changed(data, part, *replacements):
    """The workbook with one of its parts edited as text."""
    result = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            content = old.read(entry)
            if entry.filename == part:
                for before, after in replacements:
                    assert before in content
                    content = content.replace(before, after)
            new.writestr(entry.filename, content)
    return result.getvalue()


def refusal(data, **limits):
    with pytest.raises(Refusal) as found:
        read_tables(data, "f.xlsx", limits=Limits(**limits))
    assert found.value.text("kk")
    return found.value.code


def test_titles_above_and_empty_columns_before_the_table():
    data = workbook([None, "Отчёт"], [], [None, *HEADER], [None, "A", 1.5, dt.date(2024, 5, 6), 3])
    (table,) = read_tables(data, "f.xlsx")
    assert (table.header_row, table.sheet) == (3, "Sheet")
    (row,) = table.rows()
    assert row.number == 4
    assert row["Дата ввода"].raw == dt.date(2024, 5, 6)
    assert row["Количество"].text == "3"
    assert row["Название"].where.text("ru") == "f.xlsx, лист «Sheet», строка 4, поле «Название»"


def test_errors_and_uncalculated_formulas_keep_their_place(facility):
    def prepare(sheet):
        sheet["B2"] = "#NUM!"
        sheet["B2"].data_type = "e"
        sheet["D3"] = "=A1"
        sheet["B9"] = "=1/0"

    data = workbook(HEADER, ["A", None, None, 1], ["B", 2, None, None], ["C", 3, None, 4], prepare=prepare)
    (table,) = read_tables(data, "f.xlsx")
    raws = {(row.number, name): row[name].raw for row in table.rows() for name in HEADER}
    assert raws[2, "Мощность"] == CellFault("error", "#NUM!")
    assert raws[3, "Количество"] == CellFault("formula", "=")
    assert raws[9, "Мощность"] == CellFault("formula", "=")
    reading = read(table, facility)
    assert [row["name"] for row in reading.rows] == ["C"]
    assert [(p.code, p.where.row, p.where.field) for p in reading.problems] == [
        ("cell-error", 2, "Мощность"),
        ("cell-formula", 3, "Количество"),
        ("cell-required", 9, "Название"),
        ("cell-formula", 9, "Мощность"),
    ]
    assert "#NUM!" in reading.problems[0].text("kk")


def test_a_formula_with_a_value_is_its_value(facility):
    data = workbook(HEADER, ["A", "=2*3", None, 1])
    data = changed(data, "xl/worksheets/sheet1.xml", (b"<f>2*3</f><v />", b"<f>2*3</f><v>6</v>"))
    (row,) = read(read_tables(data, "f.xlsx")[0], facility).rows
    assert row["capacity"] == 6_000_000


def test_day_numbers_of_both_calendars(facility):
    data = workbook(HEADER, ["A", 1, dt.date(2024, 5, 6), 1], ["B", 1, 45418, 1])
    assert [str(row["commissioned"]) for row in read(read_tables(data, "f")[0], facility).rows] == ["2024-05-06"] * 2

    def from_1904(sheet):
        sheet.parent.epoch = CALENDAR_MAC_1904
        sheet["C3"] = 45418 - 1462

    data = workbook(HEADER, ["A", 1, dt.date(2024, 5, 6), 1], ["B", 1, 1, 1], prepare=from_1904)
    (table,) = read_tables(data, "f")
    assert table.epoch == 1904
    assert [str(row["commissioned"]) for row in read(table, facility).rows] == ["2024-05-06"] * 2


def test_numbers_stored_as_text_and_zeros_lost(facility):
    data = workbook(["БИН", *HEADER], [50840000123, "A", "1 234,5", "31.12.2023", "7"])
    reading = read(read_tables(data, "f")[0], facility)
    assert reading.rows[0]["capacity"] == 1_234_500_000
    assert reading.rows[0]["bin"] == "050840000123"
    assert [note.code for note in reading.notes] == ["zeros"]


def test_merged_cells_repeat_texts_but_never_numbers(facility):
    def prepare(sheet):
        sheet.merge_cells("A2:A3")
        sheet.merge_cells("B3:B4")
        sheet.merge_cells("C2:D2")

    data = workbook(HEADER, ["A", 1, 2020], [None, 5, 2021, 1], ["C", None, 2022, 1], prepare=prepare)
    (table,) = read_tables(data, "f")
    assert [row["Название"].raw for row in table.rows()] == ["A", "A", "C"]
    assert [p.code for p in read(table, facility).problems] == ["cell-merged", "cell-merged"]


def test_sheets_without_a_table_are_passed_over():
    def prepare(sheet):
        sheet.parent.create_sheet("empty")
        hidden = sheet.parent.create_sheet("hidden")
        hidden.append(["a", "b"])
        hidden.sheet_state = "hidden"
        other = sheet.parent.create_sheet("Ескертпе")
        other.append(["түсіндірме"])

    tables = read_tables(workbook(HEADER, ["A", True, None, 1], prepare=prepare), "f")
    assert [table.sheet for table in tables] == ["Sheet", "Ескертпе"]
    assert next(tables[0].rows())["Мощность"].raw == "true"
    assert refusal(workbook()) == "no-header"


def test_truncated_and_broken_workbooks_are_refused():
    data = workbook(HEADER, *(["A", n, None, 1] for n in range(200)))
    for cut in (30, len(data) // 2, len(data) - 1):
        assert refusal(data[:cut]) == "archive-damaged"
    assert refusal(changed(data, "xl/workbook.xml", (b"</", b"<"))) == "workbook-damaged"
    cut = changed(data, "xl/worksheets/sheet1.xml", (b"</sheetData>", b""), (b"</worksheet>", b""))
    assert refusal(cut) == "workbook-damaged"
    doctype = (b"<worksheet", b'<!DOCTYPE a [<!ENTITY b "cc">]><worksheet')
    assert refusal(changed(data, "xl/worksheets/sheet1.xml", doctype)) == "workbook-damaged"


def test_two_far_cells_do_not_make_a_huge_sheet():
    """The fast reader would allocate the whole rectangle, 400 GB, and the process would end."""
    data = workbook(HEADER, ["A", 1, None, 1])
    far = changed(
        data,
        "xl/worksheets/sheet1.xml",
        (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'),
    )
    assert refusal(far) == "workbook-cells"
    unusual = changed(
        data,
        "xl/worksheets/sheet1.xml",
        (b"</sheetData>", b"<row r='1048576'><c\nr='XFD1048576'><v>1</v></c></row></sheetData>"),
    )
    assert refusal(unusual) == "workbook-cells"
    empty = changed(
        data,
        "xl/worksheets/sheet1.xml",
        (b"</sheetData>", b'<row r="1048576"><c r="XFD1048576" s="0"/></row></sheetData>'),
    )
    assert len(list(read_tables(empty, "f")[0].rows())) == 1


def test_a_sheet_that_is_named_but_absent_and_one_that_is_not_named():
    data = workbook(HEADER, ["A", 1, None, 1])
    lost = changed(data, "xl/_rels/workbook.xml.rels", (b"sheet1.xml", b"sheet7.xml"))
    assert refusal(lost) == "workbook-damaged"
    cells = b'<c r="A1"><v>1</v></c><c r="XFD1048576"><v>1</v></c>'
    far = b'<worksheet><sheetData><row r="1">' + cells + b"</row></sheetData></worksheet>"
    extra = io.BytesIO(data)
    with zipfile.ZipFile(extra, "a") as archive:
        archive.writestr("xl/worksheets/other.xml", far)
    assert refusal(extra.getvalue()) == "workbook-cells"


def test_a_workbook_that_is_a_bomb_is_refused():
    data = workbook(HEADER, ["A", 1, None, 1])
    bomb = changed(data, "xl/worksheets/sheet1.xml", (b"</sheetData>", b" " * 60_000_000 + b"</sheetData>"))
    assert len(bomb) < 200_000
    assert refusal(bomb) == "archive-bomb"
    assert refusal(workbook(HEADER, ["A", 1, None, 1]), workbook_bytes=100) == "archive-bomb"


def test_cells_without_references_and_prefixed_names(facility):
    data = workbook(HEADER, ["A", 5, None, 1])
    bare = changed(
        data,
        "xl/worksheets/sheet1.xml",
        (b' r="B2"', b""),
    )
    assert read(read_tables(bare, "f")[0], facility).rows[0]["capacity"] == 5_000_000


def ods(*rows):
    body = "".join(f"<table:table-row{attributes}>{cells}</table:table-row>" for attributes, cells in rows)
    spaces = " ".join(
        f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for prefix, name in (("office", "office"), ("table", "table"), ("text", "text"))
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {spaces} xmlns:calcext="urn:org:documentfoundation:names:'
        'experimental:calc:xmlns:calcext:1.0"><office:body><office:spreadsheet><table:table table:name="Лист1">'
        f"{body}</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"><manifest:file-entry'
        ' manifest:full-path="/" manifest:media-type="application/vnd.oasis.opendocument.spreadsheet"/>'
        "</manifest:manifest>"
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return buffer.getvalue()


def words(*texts):
    return "".join(
        f'<table:table-cell office:value-type="string"><text:p>{text}</text:p></table:table-cell>' for text in texts
    )


def number(value, more=""):
    attributes = f'office:value-type="float" office:value="{value}"{more}'
    return f"<table:table-cell {attributes}><text:p>{value}</text:p></table:table-cell>"


TAIL = (' table:number-rows-repeated="1048570"', '<table:table-cell table:number-columns-repeated="16384"/>')
ERROR = (
    '<table:table-cell table:formula="of:=1/0" office:value-type="string" calcext:value-type="error">'
    "<text:p>#DIV/0!</text:p></table:table-cell>"
)
EMPTY_FORMULA = '<table:table-cell table:formula="of:=[.A1]"/>'


def test_opendocument_with_errors_and_its_usual_tail(facility):
    data = ods(
        ("", words("Название", "Мощность")),
        ("", words("A") + number(5)),
        ("", words("B") + ERROR),
        ("", words("C") + EMPTY_FORMULA),
        TAIL,
    )
    (table,) = read_tables(data, "f.ods")
    reading = read(table, facility)
    assert reading.rows[0]["capacity"] == 5_000_000
    assert [(p.code, p.where.row) for p in reading.problems] == [("cell-error", 3), ("cell-formula", 4)]
    assert "#DIV/0!" in reading.problems[0].text("ru")


def test_opendocument_repeats_are_counted_before_they_are_unrolled():
    repeated = number(1, ' table:number-columns-repeated="16384"')
    data = ods(("", words("a")), (' table:number-rows-repeated="1048000"', repeated))
    assert refusal(data) == "workbook-cells"
    assert refusal(changed(ods(("", words("a"))), "content.xml", (b"</office:body>", b""))) == "workbook-damaged"
    assert refusal(ods((' table:number-rows-repeated="many"', words("a")))) == "workbook-damaged"


def test_letters_of_columns():
    assert [column_number(letters) for letters in ("A", "Z", "AA", "XFD")] == [1, 26, 27, 16384]
