"""Indicators of a kept account as figures with a passport, and the command that tells them."""

import json
from decimal import Decimal

import msgspec
import pytest
from tests.circular.test_physical import CITY, _account

from jasyl.circular.account import account_data
from jasyl.circular.physical import (
    ACCOUNT_FORMULAS,
    account_gatherers,
    economy_flows,
    make_account_figures,
    reconciled_table,
)
from jasyl.circular.reconciled import reconcile_account
from jasyl.cli import main
from jasyl.facts import keep_book
from jasyl.figures import Request, Subject, book_describers, make, publish, walk
from jasyl.ledger import create_keys, log_origin
from jasyl.quantities import period
from jasyl.storage import METADATA, Database, create_folder
from jasyl.texts import LANGUAGES, Refusal, say


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = create_folder(tmp_path_factory.mktemp("circular") / "data", "real")
    database = Database(f"sqlite:///{folder.database_file}")
    with database.writing(visible=False) as connection:
        METADATA.create_all(connection)
    create_keys(folder)
    yield folder, database
    database.close()


def test_figures_name_the_book_and_give_the_numbers_of_the_tables(house):
    folder, database = house
    economy = economy_flows(reconciled_table(reconcile_account(_account()), "2024"))
    with database.writing() as connection:
        book = keep_book(
            connection, folder, "material_account", "KZ-71", "2024", account_data(_account()), "an analyst"
        )
        made = make_account_figures(connection, book, "2024", {"population": Decimal(1000000)}, 1)
        found = {one.figure.indicator: one.figure for one in made}
        assert float(found["circular.mfa.DMC"].value) == pytest.approx(economy.DMC / 1000, rel=1e-8)
        assert float(found["circular.eu.3a"].value) == pytest.approx(economy.waste / 1e6, rel=1e-8)
        assert "circular.eu.1b" not in found  # nobody gave the product
        assert found["circular.mfa.DMC"].kind == "modelled"
        assert {one.kind for one in found["circular.mfa.DMC"].inputs} == {"book"}
        again = make(
            connection, account_gatherers(), "circular.mfa.DMC",
            Request(Subject("place", "KZ-71"), period("2024"), {"book": book.id}), 2,
        )  # fmt: skip
        assert again.figure.content_hash == found["circular.mfa.DMC"].content_hash
        statement = publish(connection, again.id, "operator", 3_000_000, log_origin=log_origin(folder))
        tree = json.dumps(msgspec.to_builtins(walk(connection, statement.id, book_describers())), default=str)
        assert book.digest in tree


def test_figures_rest_on_accounts_only(house):
    folder, database = house
    with database.writing() as connection:
        book = keep_book(connection, folder, "building_stock", "KZ-71", "2024", {"a": "1"}, "an analyst")
        request = Request(Subject("place", "KZ-71"), period("2024"), {"book": book.id})
        with pytest.raises(Refusal, match="material_account"):
            make(connection, account_gatherers(), "circular.mfa.DMC", request, 1)


def test_an_account_gives_the_economys_indicators():
    assert {"circular.mfa.DMC", "circular.eu.6a", "circular.eu.3a", "circular.eu.1b"} <= set(ACCOUNT_FORMULAS)
    assert "circular.eu.4a" not in ACCOUNT_FORMULAS


@pytest.fixture
def jasyl(capsysbinary):
    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main([str(one) for one in ("circular", "indicators", *arguments)])
        said = capsysbinary.readouterr()
        return ended.value.code or 0, said.out.decode(), said.err.decode()

    return run


def test_the_command_tells_indicators_and_what_is_missing(jasyl, tmp_path):
    account, inputs = tmp_path / "account.json", tmp_path / "inputs.json"
    account.write_text(json.dumps(CITY), encoding="utf-8")
    inputs.write_text(json.dumps({"drivers": {"population": {"value": 1e6, "source": "s"}}}), encoding="utf-8")
    for language in LANGUAGES:
        code, said, _ = jasyl(account, "--inputs", inputs, "--lang", language)
        assert code == 0
        assert "mfa.DMC" in said
        assert "circular_jobs" in said
        assert say(language, "physical-supply") in jasyl(account, "--tables", "--lang", language)[1]
    _, said, _ = jasyl(account, "--json")
    assert all(one["holds"] for one in json.loads(said)["table"]["identities"])
    for out in (tmp_path / "out.csv", tmp_path / "out.xlsx"):
        assert jasyl(account, "--out", out)[0] == 0
        assert jasyl(account, "--tables", "--out", out)[0] == 0
    assert jasyl(account, "--out", tmp_path / "out.svg")[0] == 2
    code, _, said = jasyl(account, "--period", "1999", "--json")
    assert (code, json.loads(said)["refused"][0]["code"]) == (1, "physical-period")
    code, _, said = jasyl(account, "--inputs", tmp_path / "none.json", "--json")
    assert (code, json.loads(said)["refused"][0]["code"]) == (1, "circular-unreadable")


def test_the_command_takes_waste_and_construction_too(jasyl, tmp_path):
    account = tmp_path / "account.json"
    account.write_text(json.dumps(CITY), encoding="utf-8")
    waste = tmp_path / "waste.json"
    waste.write_text(json.dumps({
        "title": "w", "place": "KZ-71", "first_year": 2024, "last_year": 2024, "composition": {"food": 1},
        "members": [{"id": "m", "generation": 1000}],
    }), encoding="utf-8")  # fmt: skip
    chain = tmp_path / "chain.json"
    chain.write_text(json.dumps({
        "title": "c", "place": "KZ-71", "first_year": 2024, "last_year": 2024, "demolition": "list",
        "demolitions": [{"id": "d", "year": 2024, "masses": {"brick": 5}}],
    }), encoding="utf-8")  # fmt: skip
    _, said, _ = jasyl(account, "--waste", waste, "--construction", chain, "--json")
    assert json.loads(said)["quantities"]["municipal"] == 1000
    assert json.loads(said)["quantities"]["con.demolition"] == 5
