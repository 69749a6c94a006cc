"""Indicators of a kept account as figures with a passport, and the command that tells them."""

import json
from decimal import Decimal

import msgspec
import pytest
from tests.circular.test_physical import CITY, _account
from tests.tables import founded

from jasyl.circular.account import account_data
from jasyl.circular.construction import ConstructionChain
from jasyl.circular.documents import convert_document
from jasyl.circular.kept import keep_model
from jasyl.circular.physical import (
    BOOK_FORMULAS,
    deviation_in,
    economy_flows,
    indicator_gatherers,
    make_book_figures,
    make_indicator_figure,
    reconciled_table,
)
from jasyl.circular.reconciled import reconcile_account
from jasyl.circular.waste import starter_programme
from jasyl.cli import main
from jasyl.facts import keep_book
from jasyl.figures import Request, Subject, book_describers, get_statement, make, publish, walk
from jasyl.indicators import catalogue
from jasyl.ledger import create_issuer, create_keys, log_origin, parse_record
from jasyl.quantities import period
from jasyl.storage import METADATA, Database, create_folder
from jasyl.texts import LANGUAGES, Refusal, say


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with founded(tmp_path_factory.mktemp("circular"), "real") as made:
        yield made


def test_figures_name_the_book_and_give_the_numbers_of_the_tables(house):
    folder, database = house
    economy = economy_flows(reconciled_table(reconcile_account(_account()), "2024"))
    with database.writing() as connection:
        book = keep_book(
            connection, folder, "material_account", "KZ-71", "2024", account_data(_account()), "an analyst"
        )
        made = make_book_figures(connection, book, "2024", {"population": Decimal(1000000)}, 1)
        found = {one.figure.indicator: one.figure for one in made}
        assert float(found["circular.mfa.DMC"].value) == pytest.approx(economy.DMC / 1000, rel=1e-8)
        assert float(found["circular.eu.3a"].value) == pytest.approx(economy.waste / 1e6, rel=1e-8)
        assert "circular.eu.1b" not in found  # nobody gave the product
        assert found["circular.mfa.DMC"].kind == "modelled"
        assert {one.kind for one in found["circular.mfa.DMC"].inputs} == {"book"}
        again = make(
            connection, indicator_gatherers(), "circular.mfa.DMC",
            Request(Subject("place", "KZ-71"), period("2024"), {"book": book.id}), 2,
        )  # fmt: skip
        assert again.figure.content_hash == found["circular.mfa.DMC"].content_hash
        statement = publish(connection, again.id, "operator", 3_000_000, log_origin=log_origin(folder), signers=())
        tree = json.dumps(msgspec.to_builtins(walk(connection, statement.id, book_describers())), default=str)
        assert book.digest in tree


def test_a_figure_of_an_account_states_its_uncertainty_since_its_second_version(house):
    folder, database = house
    found = reconcile_account(_account())
    economy = economy_flows(reconciled_table(found, "2024"))
    spread = deviation_in(found, "2024", economy)({"DMC": 1e-3})
    with database.writing() as connection:
        keep_book(connection, folder, "material_account", "KZ-71", "2024", account_data(_account()), "an analyst")
        made = make_indicator_figure(connection, "KZ-71", "circular.mfa.DMC", "2024", 4)
        assert made.figure.method_version == "1.1.0"
        assert float(made.figure.uncertainty) == pytest.approx(spread, rel=1e-8)
        request = Request(made.figure.subject, period("2024"), made.figure.parameters)
        ways = indicator_gatherers()
        before = make(connection, ways, "circular.mfa.DMC", request, 5, version="1.0.0").figure
        assert (before.value, before.uncertainty) == (made.figure.value, None)


def test_waste_programmes_and_construction_chains_give_figures(house):
    folder, database = house
    programme = starter_programme("KZ-71")
    chain = convert_document(
        {"title": "c", "place": "KZ-71", "first_year": 2023, "last_year": 2025, "demolition": "list",
         "demolitions": [{"id": "d", "year": 2024, "masses": {"concrete": 1e6}}],
         "fates": {"concrete": {"recycle": 0.4, "backfill": 0.3}}},
        ConstructionChain,
    )  # fmt: skip
    with database.writing() as connection:
        made = {}
        for document in (programme, chain):
            book = keep_model(connection, folder, document, "an analyst")
            for one in make_book_figures(connection, book, "2024", {"population": Decimal(1000000)}, 6):
                made[one.figure.indicator] = one
                assert [each.digest for each in one.figure.inputs] == [book.digest]
        values = {name: one.figure.value for name, one in made.items()}
        assert values["circular.con.demolition"] == Decimal(1000)
        assert (values["circular.con.rate"], values["circular.con.rate_strict"]) == (70, 40)
        assert float(values["circular.eu.3c"]) == pytest.approx(550)
        # Nothing is known to be recycled of what was handed over: the part known for certain is none of it.
        assert (values["circular.eu.4a"], made["circular.eu.4a"].figure.completeness) == (0, 0)
        again = make_indicator_figure(connection, "KZ-71", "circular.con.rate", "2024", 7)
        assert again.figure.content_hash == made["circular.con.rate"].figure.content_hash
        statement = publish(connection, again.id, "operator", 8_000_000, log_origin=log_origin(folder), signers=())
        tree = json.dumps(msgspec.to_builtins(walk(connection, statement.id, book_describers())), default=str)
        assert again.figure.inputs[0].digest in tree
        with pytest.raises(Refusal) as caught:
            make_indicator_figure(connection, "KZ-10", "circular.con.rate", "2024", 7)
        assert caught.value.code == "unknown-book"
        with pytest.raises(Refusal) as caught:
            stock = keep_book(connection, folder, "building_stock", "KZ-10", "2024", {"a": "1"}, "an analyst")
            make_book_figures(connection, stock, "2024", {}, 7)
        assert caught.value.code == "physical-book"


def test_figures_rest_on_accounts_only(house):
    folder, database = house
    with database.writing() as connection:
        book = keep_book(connection, folder, "building_stock", "KZ-71", "2024", {"a": "1"}, "an analyst")
        request = Request(Subject("place", "KZ-71"), period("2024"), {"book": book.id})
        with pytest.raises(Refusal, match="material_account"):
            make(connection, indicator_gatherers(), "circular.mfa.DMC", request, 1)


def test_each_kind_of_book_gives_its_own_indicators():
    of = {kind: set(formulas) for kind, formulas in BOOK_FORMULAS.items()}
    assert {"circular.mfa.DMC", "circular.eu.6a", "circular.eu.3a", "circular.eu.1b"} <= of["material_account"]
    assert {"circular.eu.3c", "circular.eu.4a", "circular.oecd.env.diverted"} <= of["waste_programme"]
    assert {"circular.con.stock", "circular.con.rate", "circular.oecd.env.cdw"} <= of["construction_chain"]
    assert len(set.union(*of.values())) == sum(map(len, of.values()))  # no indicator rests on two kinds of books


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
        assert catalogue("circular").indicator("mfa.DMC").name[language] in said
        assert "mfa.DMC" in said
        assert "circular_jobs" in said
        assert say(language, "physical-supply") in jasyl(account, "--tables", "--lang", language)[1]
    _, said, _ = jasyl(account, "--json")
    assert all(one["holds"] for one in json.loads(said)["table"]["identities"])
    for out in (tmp_path / "out.csv", tmp_path / "out.xlsx"):
        assert jasyl(account, "--out", out)[0] == 0
        assert jasyl(account, "--tables", "--out", out)[0] == 0
    assert jasyl(account, "--out", tmp_path / "named.csv", "--lang", "kk")[0] == 0
    assert catalogue("circular").indicator("mfa.DMC").name["kk"] in (tmp_path / "named.csv").read_text("utf-8")
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


def test_figures_of_what_is_kept_of_a_place_are_made_and_published_by_a_command(tmp_path, capsysbinary):
    folder = create_folder(tmp_path / "data", "real")
    create_keys(folder)
    database = Database(f"sqlite:///{folder.database_file}")
    METADATA.create_all(database.engine)
    create_issuer(folder, database)
    inputs = tmp_path / "inputs.json"
    inputs.write_text(json.dumps({"drivers": {"population": {"value": 1e6, "source": "s"}}}), encoding="utf-8")

    def run(*arguments):
        with pytest.raises(SystemExit) as ended:
            main(["circular", "figures", *arguments, "--data", str(folder.path)])
        said = capsysbinary.readouterr()
        return ended.value.code or 0, said.out.decode(), said.err.decode()

    code, _, said = run("KZ-71", "2024", "--json")
    assert (code, json.loads(said)["refused"][0]["code"]) == (1, "unknown-book")
    with database.writing(visible=False) as connection:
        keep_book(connection, folder, "material_account", "KZ-71", "2024", account_data(_account()), "an analyst")
        keep_model(connection, folder, starter_programme("KZ-71"), "an analyst")
    _, said, _ = run("KZ-71", "2024", "--inputs", str(inputs), "--publish", "--json")
    found = {one["indicator"]: one for one in json.loads(said)["figures"]}
    assert {"circular.mfa.DMC", "circular.eu.3a", "circular.eu.3c"} <= set(found)
    with database.reading() as connection:
        published = [parse_record(get_statement(connection, one["statement"]).document) for one in found.values()]
    assert {len(record.sigs) for record in published} == {2}
    for language in LANGUAGES:
        code, said, _ = run("KZ-71", "2024", "--lang", language)
        assert code == 0
        assert " ± " in next(line for line in said.splitlines() if line.startswith("circular.mfa.DMC"))
    database.close()
