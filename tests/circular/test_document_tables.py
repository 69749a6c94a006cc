"""Construction chains and waste programmes as tables: there and back, as people keep them, faults at their cell."""

import csv
import io
import json
import re
import zipfile

import msgspec
import pytest

from jasyl.circular.construction import ConstructionChain, starter_chain
from jasyl.circular.document_sheets import CHAIN_SHEETS, DOCUMENT_PLANS, PROGRAMME_SHEETS
from jasyl.circular.document_tables import document_csv_files, document_workbook, document_zip, read_document_tables
from jasyl.circular.documents import convert_document
from jasyl.circular.waste import WasteProgramme, starter_programme
from jasyl.cli import main
from jasyl.texts import LANGUAGES, Refusal

CHAIN = convert_document(
    {"title": "A district", "place": "KZ-71", "first_year": 2025, "last_year": 2027, "notes": "as seen",
     "types": [{"id": "own", "title": "Own", "lifetime": {"kind": "weibull", "mean": 60, "sd": 18.5, "source": "a"},
                "intensities": [{"material": "brick", "value": 812.25, "cv": 0.3, "built_to": 1989, "source": "b"},
                                {"material": "brick", "value": 700, "built_from": 1990}], "site_loss": 0.05},
               {"id": "panel", "construction": "concrete_frame", "lifetime": {"kind": "fixed", "mean": 50}}],
     "floor_area": [{"type": "own", "built_from": 1965, "built_to": 1989, "area": 2e6, "cv": 0.1, "district": "Есіл"}],
     "new": [{"type": "panel", "area": {"2025": 30000.5, "2026": 1, "2027": 0}}],
     "retrofits": [{"year": 2026, "area": 10, "removed": {"brick": 1.5}, "added": {"steel": 2, "glass": 0.25}}],
     "fates": {"concrete": {"recycle": 0.5, "unknown": 0.5}, "steel": {}},
     "makers": {"concrete": {"grade": 2, "loss": 0.1}},
     "uses": [{"id": "road", "demand": 5e7, "grade": 1, "cap": 0.5}],
     "buildings": [{"id": "b", "title": "School 5", "type": "own", "built": 1975, "area": 4200,
                    "measured": {"steel": 210000}, "hazards": ["asbestos", "PCB"], "register": "01H"}]},
    ConstructionChain,
)  # fmt: skip
PROGRAMME = convert_document(
    {"title": {"en": "A town", "kk": "Қала"}, "place": "KZ-11", "first_year": 2024, "last_year": 2026,
     "composition": {"food": 0.4, "other": 0.6}, "discount_rate": 0.05,
     "members": [{"id": "town", "population": {"2024": 100000, "2026": 120000.5}, "rate": 0.8, "title": "Town"},
                 {"id": "near", "generation": 5e6, "collected": {"2024": 0.6, "2026": 0.7}, "dumped": 0.5}],
     "facilities": [{"id": "s", "role": "sorting", "capacity": 2e7, "member": "town", "metered": {"2024": 1.5e7},
                     "recovery": {"paper": 0.3}, "components": ["paper", "glass"], "opex_per_tonne": 1200.5}],
     "landfill": {"covered": True, "member": "near", "history": {"2020": 1e6}, "gas_collected": {"2024": 0, "2026": 1}},
     "exchanges": [{"id": "x", "direction": "import", "member": "town", "amount": 1000}],
     "targets": [{"id": "t", "definition": "recycled", "year": 2025, "value": 30}],
     "scenarios": [{"id": "apart", "collected": {"near": {"2024": 0.6, "2026": 1}, "town": 1}, "closed": ["s"],
                    "collecting": {"separate": {"food": 0.4, "paper": {"2024": 0.1, "2026": 0.3}}},
                    "facilities": [{"id": "c", "role": "composting", "capacity": 9e6, "default_recovery": 0.4}],
                    "investments": [{"year": 2025, "amount": 1e9, "title": {"ru": "Завод"}}]},
                   {"id": "plain", "collecting": {}}]},
    WasteProgramme,
)  # fmt: skip
DOCUMENTS = [
    (CHAIN_SHEETS, CHAIN), (CHAIN_SHEETS, starter_chain("KZ-71")), (PROGRAMME_SHEETS, PROGRAMME),
    (PROGRAMME_SHEETS, starter_programme("KZ-75")),
]  # fmt: skip


@pytest.mark.parametrize("language", LANGUAGES)
def test_there_and_back_nothing_is_lost(language):
    for plan, document in DOCUMENTS:
        assert read_document_tables(plan, document_workbook(plan, document, language), "a.xlsx") == document
        assert read_document_tables(plan, document_zip(plan, document, language), "a.zip") == document


def test_sheets_as_a_russian_spreadsheet_saves_them(tmp_path):
    """cp1251, semicolons, decimal commas."""
    for name, content in document_csv_files(PROGRAMME_SHEETS, PROGRAMME, "ru").items():
        rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
        out = io.StringIO(newline="")
        written = [[re.sub(r"(?<=[0-9])[.](?=[0-9])", ",", cell) for cell in row] for row in rows]
        csv.writer(out, delimiter=";").writerows(written)
        (tmp_path / name).write_bytes(out.getvalue().replace("Қ", "К").encode("cp1251"))
    again = read_document_tables(PROGRAMME_SHEETS, tmp_path)
    assert "2024=0,6; 2026=0,7" in (tmp_path / "members.csv").read_bytes().decode("cp1251")
    assert msgspec.structs.replace(again, title="") == msgspec.structs.replace(PROGRAMME, title="")


@pytest.mark.parametrize(
    ("sheet", "before", "after", "code", "row", "column"),
    [
        ("members", "2024=0.6", "2024=#NUM!", "circular-number", 3, "Collected, share"),
        ("members", ",0.5,", ",1.7,", "circular-document", 3, "Dumped, share"),
        ("facilities", ",town,", ",city,", "circular-code", 2, "Member"),
        ("facilities", "20000000", "-5", "circular-document", 2, "Capacity, kg a year"),
        ("investments", "apart", "other", "circular-code", 2, "Belongs to"),
        ("programme", "food=0.4", "food=0.9", "circular-parts", 2, "Composition, shares"),
        ("members", "near,", "town,", "circular-twice", 3, "Code"),
        ("scenario_collecting", "food=0.4", "food=0.4; food=0.5", "circular-twice", 2, "Collected apart, shares"),
    ],
)
def test_faults_are_told_at_their_cell(tmp_path, sheet, before, after, code, row, column):
    for name, content in document_csv_files(PROGRAMME_SHEETS, PROGRAMME, "en").items():
        text = content.decode("utf-8-sig")
        if name == f"{sheet}.csv":
            assert before in text
            text = text.replace(before, after, 1)
        (tmp_path / name).write_text(text, encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        read_document_tables(PROGRAMME_SHEETS, tmp_path)
    where = caught.value.where
    assert (caught.value.code, where.file, where.row, where.field) == (code, f"{sheet}.csv", row, column)
    for language in LANGUAGES:
        assert caught.value.text(language)


def test_sheets_that_are_no_part_and_parts_that_are_missing(tmp_path):
    (tmp_path / "gold.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(Refusal) as caught:
        read_document_tables(CHAIN_SHEETS, tmp_path)
    assert caught.value.code == "account-sheet-unknown"
    (tmp_path / "gold.csv").unlink()
    with pytest.raises(Refusal) as caught:
        read_document_tables(CHAIN_SHEETS, tmp_path)
    assert caught.value.code == "circular-sheet-missing"


def test_commands_write_and_read_tables(tmp_path, capsysbinary):
    def jasyl(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in ("circular", *arguments)])
        return ended.value.code or 0, capsysbinary.readouterr().out.decode()

    for kind in DOCUMENT_PLANS:
        for language in LANGUAGES:
            assert jasyl("tables", kind, "--out", tmp_path / f"{kind}.xlsx", "--lang", language)[0] == 0
    empty = tmp_path / "empty.zip"
    assert jasyl("tables", "waste-programme", "--out", empty)[0] == 0
    assert "scenario_facilities.csv" in zipfile.ZipFile(empty).namelist()
    book = tmp_path / "chain.xlsx"
    book.write_bytes(document_workbook(CHAIN_SHEETS, CHAIN, "kk"))
    assert jasyl("tables", "construction-chain", book, "--out", tmp_path / "chain.json")[0] == 0
    assert json.loads((tmp_path / "chain.json").read_text())["buildings"][0]["measured"] == {"steel": 210000}
    assert jasyl("construction", book)[1] == jasyl("construction", tmp_path / "chain.json")[1]
    programme = tmp_path / "programme.zip"
    programme.write_bytes(document_zip(PROGRAMME_SHEETS, PROGRAMME, "ru"))
    code, said = jasyl("scenario", programme, "--lang", "ru")
    assert code == 0
    assert "A town" in said
    assert jasyl("tables", "waste-programme", programme, "--out", tmp_path / "p.xlsx", "--json")[0] == 0
    assert jasyl("tables", "waste-programme", tmp_path / "no.xlsx", "--out", tmp_path / "p.xlsx")[0] == 1
    assert jasyl("tables", "gold", "--out", tmp_path / "p.xlsx")[0] == 2
