"""Workbooks of inventories: round trip without loss in every language, every fault with its cell."""

import io
from decimal import Decimal
from functools import cache

import msgspec
import openpyxl
import pytest

from jasyl.emissions.inventory import Statement, evaluate
from jasyl.emissions.inventory.almaty import almaty_inventory
from jasyl.emissions.inventory.check import findings, refused
from jasyl.emissions.inventory.document import in_order
from jasyl.emissions.inventory.sheet import inventory_template, inventory_workbook
from jasyl.emissions.inventory.sheet_reading import read_workbook
from jasyl.emissions.inventory.training import training_inventory
from jasyl.papers.sheets import PlainSheet, write_sheets
from jasyl.texts import LANGUAGES, Refusal

from .test_inventory import coal, inventory


@pytest.mark.parametrize(("language", "book"), [("ru", training_inventory()), ("kk", almaty_inventory()), ("en", None)])
def test_a_workbook_comes_back_as_it_was(language, book):
    book = book or in_order(inventory(coal()))
    found = read_workbook(inventory_workbook(book, language, evaluate(book)), "book.xlsx")
    assert found.problems == ()
    assert found.inventory == book
    assert found.inventory.digest == book.digest


def test_what_is_hard_to_keep_in_a_sheet_is_kept():
    one = coal(
        name="=1+1", source="'quoted", note="two\nlines", omitted={}, amount="12345678901234567890.123456789",
        unit="t", uncertainty=Decimal("0.1"),
    )  # fmt: skip
    gone = msgspec.structs.replace(one, id="gone", gases={"CO2": one.gases["CO2"]},
                                   omitted={"CH4": "why: because\nof \\n", "N2O": "x; y"})  # fmt: skip
    book = in_order(inventory(one, gone))
    found = read_workbook(inventory_workbook(book, "en"))
    assert found.problems == ()
    assert found.inventory == book
    wrong = in_order(
        inventory(
            coal(),
            cells=(Statement(ref="I.63", key="NO"), *(Statement(ref="I.2.1", key="NO", reason=one) for one in "ab")),
        )
    )
    assert read_workbook(inventory_workbook(wrong, "en")).inventory == wrong


def test_the_matrix_holds_results_beside_keys():
    book = training_inventory()
    result = evaluate(book)
    sheet = openpyxl.load_workbook(io.BytesIO(inventory_workbook(book, "en", result)))["Matrix"]
    names = [cell.value for cell in sheet[2]]
    rows = {row[0].value: dict(zip(names, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(4)}
    assert len(rows) == 54
    assert rows["I.4.4"]["result.co2e"] == pytest.approx(float(result.by_ref["I.4.4"].co2e) / 1000)
    assert rows["I.4.4"]["key"] is None
    assert rows["III.3.1"]["key"] == "C"
    assert rows["I.1.1"]["result.biogenic"] > 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_template_says_what_is_missing(language):
    found = read_workbook(inventory_template(language), "t.xlsx")
    assert found.inventory is None
    assert [one.code for one in found.problems] == ["field-missing"]


@cache
def small():
    whole = inventory(coal(), coal("b"), factors=training_inventory().factors[:1])
    return inventory_workbook(whole, "en", evaluate(whole))


def changed(sheet, cell, value):
    book = openpyxl.load_workbook(io.BytesIO(small()))
    book[sheet][cell] = value
    held = io.BytesIO()
    book.save(held)
    return read_workbook(held.getvalue(), "book.xlsx")


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "code"),
    [
        ("Activities", "D5", "about 12 t", "not-number"),
        ("Activities", "D5", "#NUM!", "cell-error"),
        ("Activities", "G5", "wood", "inventory-by-gas"),
        ("Own factors", "D4", "n/a", "not-number"),
        ("Own factors", "H4", "20.5", "not-integer"),
        ("Inventory", "C5", "two thousand", "not-number"),
        ("Inventory", "A6", "borders", "inventory-field"),
        ("Activities", "B2", "reference", "inventory-columns"),
        ("Matrix", "F4", "NE", "inventory-number-and-key"),
        ("Matrix", "I4", "#REF!", "cell-error"),
        ("Activities", "K5", "X", "not-choice"),
    ],
)
def test_a_wrong_cell_is_named(sheet, cell, value, code):
    found = changed(sheet, cell, value)
    assert [one.code for one in found.problems] == [code]
    where = found.problems[0].where
    assert (where.file, where.sheet) == ("book.xlsx", sheet)
    assert where.row is not None


def test_findings_of_a_workbook_name_its_rows():
    found = changed("Activities", "E5", "bushel")
    wrong = refused(findings(found.inventory, found.places))
    assert [(one.code, one.where.sheet, one.where.row) for one in wrong] == [("inventory-unit", "Activities", 5)]


def test_other_workbooks_are_refused():
    found = read_workbook(write_sheets([PlainSheet("a", [["x"]])]), "x.xlsx")
    assert [one.code for one in found.problems] == ["inventory-sheets"]
    with pytest.raises(Refusal):
        read_workbook(b"PK\x03\x04 nothing", "x.xlsx")


def test_the_sheets_of_methods_and_of_other_languages_may_be_left_out():
    book = openpyxl.load_workbook(io.BytesIO(small()))
    del book["Methods"], book["In other languages"]
    held = io.BytesIO()
    book.save(held)
    assert read_workbook(held.getvalue(), "book.xlsx").inventory == read_workbook(small(), "book.xlsx").inventory
