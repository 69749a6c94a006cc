"""Documents of the room from files: each name by each form, every fault at once, what computing them finds."""

import json
from importlib.resources import files

import pytest

from jasyl.circular.account_tables import account_zip
from jasyl.circular.construction import starter_chain
from jasyl.circular.document_files import (
    DOCUMENT_NAMES,
    document_schema,
    document_years,
    empty_tables,
    findings_of,
    read_named,
    read_stock_file,
)
from jasyl.circular.document_sheets import CHAIN_SHEETS
from jasyl.circular.document_tables import document_workbook
from jasyl.circular.starter import example_account
from jasyl.texts import Refusal

ROWS = "product;year;quantity;value;lifetime;mean;sd\nwindows;2020;inflow;10;weibull;30;9\nwindows;2021;inflow;12;;;\n"
CONTENTS = {
    "material-account": ("account.zip", account_zip(example_account("almaty-waste"), "kk"), "2019–2025"),
    "stock-model": ("windows.csv", ROWS.encode(), "2020–2021"),
    "construction-chain": ("chain.xlsx", document_workbook(CHAIN_SHEETS, starter_chain("KZ-71"), "ru"), "2023–2029"),
    "waste-programme": (
        "almaty.json", (files("jasyl.circular") / "data" / "waste_almaty.json").read_bytes(), "2023–2045",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DOCUMENT_NAMES)
def test_each_document_is_read_and_computed(name):
    file, content, years = CONTENTS[name]
    document = read_named(name, content, file, place="KZ-75", unit="t")
    assert document_years(document) == years
    assert bool(findings_of(document, file, "kk")) == (name == "material-account")
    assert document_schema(name)["$schema"]
    assert empty_tables(name, "en")[:2] == b"PK"


def test_all_faults_come_at_once():
    document = json.loads(CONTENTS["waste-programme"][1])
    document["composition"]["food"] = 0.9
    document["targets"] *= 2
    document["members"][0]["dumped"] = document["members"][0]["burnt"] = 0.8
    with pytest.raises(Refusal) as caught:
        read_named("waste-programme", json.dumps(document).encode(), "x.json")
    assert [one.where.field for one in caught.value.faults] == ["targets[1].id", "composition", "members[0].dumped"]
    rows = ROWS.replace("2021", "soon").replace("10;", "many;").encode()
    with pytest.raises(Refusal) as caught:
        read_named("stock-model", rows, "x.csv")
    assert len(caught.value.faults) == 2


def test_a_setting_holds_against_the_file_and_what_is_no_file_is_told(tmp_path):
    assert read_stock_file(ROWS.encode(), "x.csv", entry="end").entry == "end"
    for given in (tmp_path, tmp_path / "nothing.json"):
        with pytest.raises(Refusal) as caught:
            read_named("stock-model", given, "nothing.json")
        assert caught.value.code == "circular-unreadable"
