"""Accounts as workbooks and CSV: there and back without loss, and faults told of their cells."""

import msgspec
import pytest
from tests.circular_accounts import FULL

from jasyl.circular.account import parse_account
from jasyl.circular.account_checks import examine_account
from jasyl.circular.account_tables import account_csv_files, account_workbook, account_zip, read_account_tables
from jasyl.circular.reconciled import reconcile_account
from jasyl.intake.limits import Limits
from jasyl.texts import LANGUAGES, Refusal

ACCOUNT = parse_account(msgspec.json.encode(FULL))


@pytest.mark.parametrize("language", LANGUAGES)
def test_workbook_there_and_back(language):
    assert read_account_tables(account_workbook(ACCOUNT, language), "a.xlsx").account == ACCOUNT


def test_zip_of_csv_there_and_back():
    assert read_account_tables(account_zip(ACCOUNT, "kk"), "a.zip").account == ACCOUNT


def test_folder_of_old_csv_there_and_back(tmp_path):
    """As a spreadsheet of the country writes it: cp1251, semicolons, decimal commas."""
    import csv
    import io

    for name, content in account_csv_files(ACCOUNT, "ru").items():
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";")
        head = rows[0]
        numbers = {"Значение", "Стандартное отклонение", "Коэффициент вариации", "Корреляция"}
        for row in rows:
            writer.writerow(
                cell.replace(".", ",") if head[at] in numbers and row is not head else cell
                for at, cell in enumerate(row)
            )
        # What cp1251 lacks a spreadsheet writes as the nearest letter: kg/m³ as kg/m3.
        (tmp_path / name).write_bytes(text.getvalue().replace("³", "3").encode("cp1251", errors="replace"))
    found = read_account_tables(tmp_path).account
    assert found.observations == ACCOUNT.observations
    assert found.flows == ACCOUNT.flows
    assert [one.density for one in found.materials] == [one.density for one in ACCOUNT.materials]


def test_empty_templates_have_every_sheet():
    made = account_workbook(None, "ru")
    from io import BytesIO

    import openpyxl

    book = openpyxl.load_workbook(BytesIO(made))
    assert "Наблюдения" in book.sheetnames
    assert book["Потоки"]["B1"].value == "Из процесса"
    assert len(account_csv_files(None, "en")) == len(book.sheetnames)


def folder(tmp_path, **changed):
    for name, content in account_csv_files(ACCOUNT, "en").items():
        (tmp_path / name).write_bytes(content)
    for name, change in changed.items():
        file = tmp_path / f"{name}.csv"
        file.write_text(change(file.read_text("utf-8-sig")), "utf-8")
    return tmp_path


def test_a_fault_of_a_cell_is_told_with_file_row_and_column(tmp_path):
    place = folder(tmp_path, observations=lambda text: text.replace("412.6", "#NUM!"))
    with pytest.raises(Refusal) as caught:
        read_account_tables(place)
    where = caught.value.where
    assert (where.file, where.row, where.field) == ("observations.csv", 3, "Value")


def test_a_fault_of_sense_is_told_with_file_row_and_column(tmp_path):
    tables = read_account_tables(folder(tmp_path, observations=lambda text: text.replace("to-sorting", "to-nowhere")))
    faults = examine_account(tables.account, tables.place)
    assert [(one.code, one.where.file, one.where.row, one.where.field) for one in faults] == [
        ("circular-unknown-code", "observations.csv", 3, "Observed")
    ]


def test_a_fault_of_form_is_told_with_its_cell(tmp_path):
    with pytest.raises(Refusal) as caught:
        read_account_tables(folder(tmp_path, flows=lambda text: text.replace("collected,city", "Collected!,city")))
    assert (caught.value.code, caught.value.where.row) == ("circular-document", 2)
    with pytest.raises(Refusal, match="9 stands where ≤ 4 is expected") as caught:
        read_account_tables(folder(tmp_path, observations=lambda text: text.replace(",3,,,,2,", ",3,,9,,2,")))
    assert (caught.value.where.row, caught.value.where.field) == (7, "Fit in time (1–4)")


def test_a_contradiction_is_told_with_its_table(tmp_path):
    exact = "Observed,Period,Value,Unit,Distribution,Source\n" + "".join(
        f"{flow},2023,{value},kt,exact,x\n"
        for flow, value in (("collected", 500), ("to-sorting", 400), ("direct", 150))
    )
    tables = read_account_tables(folder(tmp_path, observations=lambda _: exact))
    account = msgspec.structs.replace(tables.account, correlations=[])
    with pytest.raises(Refusal, match=r"observations\.csv.*by 50 kt in: collection 2023"):
        reconcile_account(account, place=tables.place)


def test_a_column_with_a_slip_in_its_heading_is_not_lost(tmp_path):
    with pytest.raises(Refusal, match="“Densiti, kg/m³” is not known") as caught:
        read_account_tables(folder(tmp_path, materials=lambda text: text.replace("Density,", "Densiti,")))
    assert (caught.value.code, caught.value.where.file) == ("circular-column", "materials.csv")


def test_unknown_and_missing_tables(tmp_path):
    place = folder(tmp_path)
    (place / "scratch.csv").write_text("a,b\n1,2\n")
    with pytest.raises(Refusal) as caught:
        read_account_tables(place)
    assert caught.value.code == "account-sheet-unknown"
    (place / "scratch.csv").unlink()
    (place / "flows.csv").unlink()
    with pytest.raises(Refusal) as caught:
        read_account_tables(place)
    assert caught.value.code == "account-sheet-missing"


def test_an_archive_that_is_cut_short_or_too_large_is_refused(monkeypatch):
    packed = account_zip(ACCOUNT, "en")
    with pytest.raises(Refusal) as caught:
        read_account_tables(packed[:300], "a.zip")
    assert (caught.value.code, caught.value.where.file) == ("archive-damaged", "a.zip")
    monkeypatch.setattr("jasyl.circular.account_tables._LIMITS", Limits(unpacked_bytes=10))
    with pytest.raises(Refusal) as caught:
        read_account_tables(packed, "a.zip")
    assert caught.value.code == "archive-bomb"
