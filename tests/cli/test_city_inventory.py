"""``jasyl city inventory``: totals told, all faults told, files written, kept as a book."""

import json
import sys

import pytest

from jasyl.cli import main
from jasyl.emissions.inventory.almaty import almaty_inventory
from jasyl.texts import LANGUAGES


@pytest.fixture(autouse=True)
def own_arguments(monkeypatch):
    """What these tests ask for is not left behind for others."""
    monkeypatch.setattr(sys, "argv", ["jasyl"])


def _run(capsys, *arguments):
    with pytest.raises(SystemExit) as ended:
        main([str(one) for one in arguments])
    said = capsys.readouterr()
    return ended.value.code or 0, said.out, said.err


@pytest.fixture
def file(tmp_path):
    made = tmp_path / "almaty.json"
    made.write_text(json.dumps(almaty_inventory().as_data()), encoding="utf-8")
    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_totals_are_told_as_lower_bounds(capsys, file, language):
    code, said, _ = _run(capsys, "city", "inventory", file, "--lang", language)
    assert code == 0
    assert "BASIC+" in said
    assert "28" in said  # cells of BASIC that are not estimated


def test_the_same_for_programs_and_as_files(capsys, file, tmp_path):
    sheet, paper = tmp_path / "a.xlsx", tmp_path / "a.pdf"
    code, said, _ = _run(capsys, "city", "inventory", file, "--json", "--xlsx", sheet, "--pdf", paper)
    found = json.loads(said)
    assert code == 0
    assert found["totals"]["territorial"]["co2e"].startswith("2679")
    assert found["cogeneration"]["in_basic"] == "0"
    assert paper.read_bytes().startswith(b"%PDF")
    code, again, _ = _run(capsys, "city", "inventory", sheet, "--json")
    assert json.loads(again)["digest"] == found["digest"]
    _, other, _ = _run(capsys, "city", "inventory", sheet, "--json", "--gwp-set", "AR6", "--methane", "split")
    assert json.loads(other)["totals"]["basic"]["co2e"] != found["totals"]["basic"]["co2e"]


def test_everything_wrong_is_told(capsys, tmp_path):
    document = almaty_inventory().as_data()
    document["activities"][0]["unit"] = "bushel"
    document["cells"][0]["reason"] = ""
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    code, _, told = _run(capsys, "city", "inventory", file, "--lang", "en")
    assert code == 1
    assert len(told.strip().splitlines()) == 2
    code, said, _ = _run(capsys, "city", "inventory", file, "--json")
    assert (code, [one["code"] for one in json.loads(said)["refused"]]) == (
        1, ["inventory-unit", "inventory-no-reason"],
    )  # fmt: skip


def test_an_example_a_template_and_wrong_choices(capsys, file, tmp_path):
    _, said, _ = _run(capsys, "city", "inventory", "--example", "training")
    assert json.loads(said)["training"] is True
    assert _run(capsys, "city", "inventory", "--example", "moon")[0] == 1
    empty = tmp_path / "empty.xlsx"
    assert _run(capsys, "city", "inventory", "--template", empty)[0] == 0
    assert _run(capsys, "city", "inventory", empty)[0] == 1
    assert _run(capsys, "city", "inventory", file, "--gwp-set", "SAR")[0] == 1
    assert _run(capsys, "city", "inventory", tmp_path / "none.json")[0] == 1
    assert _run(capsys, "city", "inventory")[0] == 2


def test_it_is_kept_with_its_figures(capsys, file, tmp_path):
    data = tmp_path / "data"
    assert _run(capsys, "init", "--data", data, "--starter", "empty")[0] == 0
    code, said, _ = _run(capsys, "city", "inventory", file, "--keep", "--data", data, "--json")
    assert code == 0
    assert json.loads(said)["kept"] == {"place": "KZ-75", "year": "2023", "version": 1}


def test_a_pathway_is_calculated_and_its_base_compared(capsys, tmp_path):
    plan, book, paper = tmp_path / "plan.json", tmp_path / "book.json", tmp_path / "plan.pdf"
    plan.write_text(_run(capsys, "city", "pathway", "--example")[1], encoding="utf-8")
    book.write_text(_run(capsys, "city", "inventory", "--example", "training")[1], encoding="utf-8")
    code, said, _ = _run(capsys, "city", "pathway", plan, "--inventory", book, "--pdf", paper, "--lang", "ru")
    assert code == 0
    assert "15" in said
    assert paper.read_bytes().startswith(b"%PDF")
    document = json.loads(plan.read_text(encoding="utf-8"))
    document["segments"][0]["base"] = "1"
    plan.write_text(json.dumps(document), encoding="utf-8")
    assert _run(capsys, "city", "pathway", plan, "--json")[0] == 0
    code, said, _ = _run(capsys, "city", "pathway", plan, "--inventory", book, "--json")
    assert (code, json.loads(said)["refused"][0]["code"]) == (1, "pathway-base")
    assert _run(capsys, "city", "pathway", tmp_path / "none.json")[0] == 1


def test_fiction_is_not_kept_among_real_data(capsys, tmp_path):
    data, plan = tmp_path / "data", tmp_path / "plan.json"
    assert _run(capsys, "init", "--data", data, "--starter", "empty")[0] == 0
    plan.write_text(_run(capsys, "city", "pathway", "--example")[1], encoding="utf-8")
    code, _, told = _run(capsys, "city", "pathway", plan, "--keep", "--data", data, "--lang", "en")
    assert code == 1
    assert "training folder" in told
