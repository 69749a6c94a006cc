"""Sheets in the layouts of the statistics bureau."""

from decimal import Decimal
from pathlib import Path

import openpyxl
import pytest

from jasyl.atlas.loading import SheetSays, StatisticRow, read_sheet
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Refusal

WHEAT = SheetSays("wheat", "production", "t")


def csv(tmp_path: Path, text: str) -> Path:
    file = tmp_path / "sheet.csv"
    file.write_text(text, encoding="utf-8")
    return file


def test_places_down_and_years_across(tmp_path: Path) -> None:
    """A workbook with a title, notes and the bureau's signs: a dash is zero, dots and x are no number."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["Валовой сбор пшеницы, тонн"])
    sheet.append([None])
    sheet.append(["Регион", "2022", "2023 г.", "2024 год"])
    sheet.append(["Республика Казахстан", 16404.5, 12111, 18575])
    sheet.append(["Акмолинская область", 4500, "x", "…"])
    sheet.append(["Мангистауская область", "-", None, 0])
    sheet.append(["* Предварительные данные"])
    book.save(tmp_path / "wheat.xlsx")
    rows = read_sheet(tmp_path / "wheat.xlsx", "stat.gov.kz", says=WHEAT)
    assert rows[0] == StatisticRow("KZ", "wheat", "production", Decimal("16404.5"), "t", 2022, "stat.gov.kz")
    assert [(row.place, row.year, row.value) for row in rows[3:]] == [
        ("KZ-11", 2022, 4500),
        ("KZ-47", 2022, 0),
        ("KZ-47", 2024, 0),
    ]


def test_a_number_a_row(tmp_path: Path) -> None:
    text = (
        "kato,item,quantity,value,unit,year,source\n"
        "114800000,cattle,number,12500,heads,2024,sheet 5\n"
        "110000000,cattle,number,412000,heads,2024,\n"
    )
    rows = read_sheet(csv(tmp_path, text), "bureau")
    assert [row.place for row in rows] == ["114800000", "KZ-11"]
    assert rows[0].source == "sheet 5"


def test_places_down_and_items_across(tmp_path: Path) -> None:
    text = "Өңір;Бидай;Арпа\nАқмола облысы;4500,5;900\nАбай облысы;300;-\n"
    rows = read_sheet(csv(tmp_path, text), "bureau", says=SheetSays(None, "production", "t", 2024))
    assert [(row.place, row.item, row.value) for row in rows] == [
        ("KZ-11", "Бидай", Decimal("4500.5")),
        ("KZ-11", "Арпа", 900),
        ("KZ-10", "Бидай", 300),
        ("KZ-10", "Арпа", 0),
    ]


def test_districts_by_name(tmp_path: Path, empty: DataFolder, shared_data: Path) -> None:
    """With official boundaries; a name that two regions have is the one of the region above it."""
    from jasyl.places.boundary_import import import_boundaries

    for level in ("adm1", "adm2"):
        import_boundaries(empty, shared_data / f"kz_{level}_2024.geojson", source="geokz", licence="CC BY 4.0")
    text = "Район,2024\nАкмолинская область,900\nАккольский район,100\nЖаркаинский район,200\n"
    rows = read_sheet(csv(tmp_path, text), "bureau", says=WHEAT, folder=empty)
    assert rows[0].place == "KZ-11"
    assert all(len(row.place) == 9 and row.place.startswith("11") for row in rows[1:])
    assert len({row.place for row in rows}) == 3


def test_a_row_of_signs_is_no_header(tmp_path: Path) -> None:
    """Years look like numbers: the row of secret numbers below them must not pass for the header and vanish."""
    text = "Регион,2023,2024\nАкмолинская область,x,…\nАбайская область,5,6\n"
    rows = read_sheet(csv(tmp_path, text), "bureau", says=WHEAT)
    assert [(row.place, row.year, row.value) for row in rows] == [("KZ-10", 2023, 5), ("KZ-10", 2024, 6)]


@pytest.mark.parametrize(
    ("text", "says", "code"),
    [
        ("Регион,2024\nАтлантида,5\n", WHEAT, "sheet-place"),
        ("Регион,2024\nВосточно-Казахстанская область,many\n", WHEAT, "not-number"),
        ("Регион,2024\nАкмолинская область,5\n", SheetSays("wheat"), "sheet-missing"),
        ("Регион,Пшеница\nАкмолинская область,5\n", SheetSays(None, "production", "t"), "sheet-missing"),
        ("Регион,2024\nАкмолинская область,\n", WHEAT, "sheet-layout"),
        ("Регион,2021\nKZ-VOS,5\n", WHEAT, "sheet-place"),
    ],
)
def test_nothing_is_taken_of_a_sheet_that_is_not_understood(
    tmp_path: Path, text: str, says: SheetSays, code: str
) -> None:
    with pytest.raises(Refusal) as refusal:
        read_sheet(csv(tmp_path, text), "bureau", says=says)
    if code == "sheet-place" and refusal.value.code != code:
        assert refusal.value.code == "region-divided"
    else:
        assert refusal.value.code == code
    assert len({refusal.value.text(language) for language in LANGUAGES}) == 3
