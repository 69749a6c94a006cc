"""``jasyl circular stocks | construction | scenario``: documents in, results out, faults told."""

import json
from importlib.resources import files

import openpyxl
import pytest

from jasyl.cli import main
from jasyl.texts import LANGUAGES, say

MODEL = {
    "title": "Windows", "place": "KZ-71", "unit": "t", "first_year": 2000, "last_year": 2010,
    "products": [{"id": "pvc", "lifetime": {"kind": "weibull", "mean": 9, "sd": 3}, "between": "linear",
                  "inflow": {"2000": 10, "2010": 60}}],
}  # fmt: skip


@pytest.fixture
def jasyl(capsysbinary):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in arguments])
        said = capsysbinary.readouterr()
        return ended.value.code or 0, said.out.decode(), said.err.decode()

    return run


@pytest.fixture
def model(tmp_path):
    file = tmp_path / "model.json"
    file.write_text(json.dumps(MODEL), encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def astana():
    return files("jasyl.circular") / "data" / "astana_demolition.json"


@pytest.mark.parametrize("language", LANGUAGES)
def test_stocks_are_told(jasyl, model, language):
    code, said, _ = jasyl("circular", "stocks", model, "--lang", language)
    assert code == 0
    assert say(language, "circular-entry-middle") in said
    code, said, _ = jasyl("circular", "stocks", model, "--entry", "end", "--lang", language)
    assert say(language, "circular-entry-end") in said


def test_stocks_as_data_and_files(jasyl, model, tmp_path):
    _, said, _ = jasyl("circular", "stocks", model, "--json")
    assert len(json.loads(said)["series"][0]["stock"]) == 11
    for suffix, mark in ((".csv", b"pvc"), (".xlsx", b"PK"), (".svg", b"<svg")):
        out = tmp_path / f"out{suffix}"
        assert jasyl("circular", "stocks", model, "--out", out)[0] == 0
        assert mark in out.read_bytes()
    assert jasyl("circular", "stocks", model, "--out", tmp_path / "out.doc")[0] == 2
    assert jasyl("circular", "stocks", model, "--entry", "noon")[0] == 2


def test_stocks_of_a_sheet(jasyl, tmp_path):
    book = openpyxl.Workbook()
    book.active.append(["product", "year", "quantity", "value", "lifetime", "mean"])
    book.active.append(["w", 2000, "inflow", 4, "fixed", 3])
    file = tmp_path / "sheet.xlsx"
    book.save(file)
    _, said, _ = jasyl("circular", "stocks", file, "--unit", "m2", "--place", "KZ-75", "--json")
    assert (json.loads(said)["unit"], json.loads(said)["place"]) == ("m2", "KZ-75")


@pytest.mark.parametrize("language", LANGUAGES)
def test_construction_is_told_with_what_is_unknown(jasyl, astana, language):
    code, said, _ = jasyl("circular", "construction", astana, "--lang", language)
    assert code == 0
    assert "67" in said and "52" in said
    assert say(language, "circular-fate-unknown") in said


def test_construction_as_data_files_and_passport(jasyl, astana, tmp_path):
    assert json.loads(jasyl("circular", "construction", astana, "--json")[1])["place"] == "KZ-71"
    for suffix, mark in ((".csv", b"concrete"), (".xlsx", b"PK"), (".svg", b"<svg")):
        out = tmp_path / f"out{suffix}"
        assert jasyl("circular", "construction", astana, "--out", out)[0] == 0
        assert mark in out.read_bytes()
    code, _, said = jasyl("circular", "construction", astana, "--passport", "none", "--json")
    assert (code, json.loads(said)["refused"][0]["code"]) == (1, "construction-building")
    chain = {
        "title": "c", "place": "KZ-71", "first_year": 2020, "last_year": 2021,
        "types": [{"id": "p", "construction": "masonry", "lifetime": {"kind": "fixed", "mean": 50}}],
        "buildings": [{"id": "b", "title": "B", "type": "p", "built": 1980, "area": 100, "measured": {"steel": 900}}],
    }  # fmt: skip
    file = tmp_path / "chain.json"
    file.write_text(json.dumps(chain), encoding="utf-8")
    code, said, _ = jasyl("circular", "construction", file, "--passport", "b", "--lang", "ru")
    assert code == 0
    assert "SHA-256" in said
    assert json.loads(jasyl("circular", "construction", file, "--passport", "b", "--json")[1])["measured_kg"] == 900


@pytest.mark.parametrize("language", LANGUAGES)
def test_scenarios_are_told(jasyl, language):
    for name in ("almaty", "astana"):
        code, said, _ = jasyl("circular", "scenario", name, "--lang", language)
        assert code == 0
        assert say(language, "circular-scenario-base") in said


def test_scenarios_as_data_and_files(jasyl, tmp_path):
    assert len(json.loads(jasyl("circular", "scenario", "astana", "--json")[1])["scenarios"]) == 3
    for suffix, mark in ((".csv", b"waste-to-energy"), (".xlsx", b"PK"), (".svg", b"<svg")):
        out = tmp_path / f"out{suffix}"
        assert jasyl("circular", "scenario", "astana", "--out", out)[0] == 0
        assert mark in out.read_bytes()


@pytest.mark.parametrize("command", ["stocks", "construction", "scenario"])
@pytest.mark.parametrize(
    ("content", "code"),
    [(b"{", "json-unreadable"), (b"[]", "circular-document"), (b'{"a": 1, "a": 2}', "json-twice"),
     (b'{"a": NaN}', "json-number"), (b"{}", "field-missing"), (None, "circular-unreadable")],
)  # fmt: skip
def test_files_that_cannot_be_used_are_refused(jasyl, tmp_path, command, content, code):
    file = tmp_path / "bad.json"
    if content is not None:
        file.write_bytes(content)
    ended, _, said = jasyl("circular", command, file, "--json")
    assert (ended, json.loads(said)["refused"][0]["code"]) == (1, code)


def test_a_sheet_that_is_not_there_is_refused(jasyl, tmp_path):
    assert jasyl("circular", "stocks", tmp_path / "none.csv")[0] == 1
