"""The example accounts: reconciled, kept as books, their results figures that are computed again from the book."""

import pytest
import sqlalchemy as sa

from jasyl.circular.account import name_of
from jasyl.circular.account_book import keep_account, kept_account
from jasyl.circular.account_checks import examine_account
from jasyl.circular.account_figures import account_gatherers, make_account_figure
from jasyl.circular.reconciled import reconcile_account
from jasyl.circular.results import value_table
from jasyl.circular.starter import EXAMPLES, STATED, example_account, load_example_accounts
from jasyl.facts import book_versions
from jasyl.figures import get, recompute
from jasyl.ledger import create_keys
from jasyl.storage import METADATA, create_folder, database_of
from jasyl.texts import Refusal


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples_are_sound_and_open_about_gaps(name):
    account = example_account(name)
    assert examine_account(account) == []
    found = reconcile_account(account)
    assert found.suspects == ()
    flow = account.flows[0]
    said = {row[0] for row in value_table(found, "kk")}
    assert f"{name_of(flow.name, 'kk')} ({flow.id})" in said  # by name, its id beside
    standings = [row.standing for row in found.rows]
    assert standings.count("unobservable") > 100
    assert {one.kind for one in account.observations} <= {"published", "modelled", "assumed"}
    assert all(one.distribution != "exact" for one in account.observations)
    assert account.definitions


def test_sorted_and_recycled_are_not_one_series():
    found = reconcile_account(example_account("astana-waste"))
    sorted_share, _ = found.value("coefficient", "sorting-rate", "2023")
    recycled, _ = found.value("coefficient", "recycling-rate", "2023")
    assert sorted_share == pytest.approx(372.1 / 550)
    assert recycled == pytest.approx(0.171)
    assert found.test.passed is None


def test_composition_of_almaty_is_checked_by_its_own_sum():
    found = reconcile_account(example_account("almaty-waste"))
    assert found.test.freedom == 1
    assert found.test.objective == pytest.approx(0, abs=1e-9)
    food, deviation = found.value("flow", "waste-food", "2025")
    assert food == pytest.approx(0.475 * 547.5e6, rel=1e-6)
    assert deviation > 0.1 * food


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = create_folder(tmp_path_factory.mktemp("accounts") / "data", "real")
    create_keys(folder)
    database = database_of(folder)
    METADATA.create_all(database.engine)
    with database.writing(visible=False) as connection:
        from jasyl.storage.database import revision_table

        connection.execute(sa.insert(revision_table).values(only_row=1, revision=0))
    with database.writing() as connection:
        load_example_accounts(connection, folder, 1)
    return folder, database


def test_figures_rest_on_the_book(house):
    _, database = house
    with database.writing() as connection:
        for account, of, name in STATED:
            one = get(connection, make_account_figure(connection, account, of, name, 2).id)
            book, _ = kept_account(connection, account)
            assert one.figure.value is not None
            assert one.figure.uncertainty > 0
            assert [(each.kind, each.id, each.digest) for each in one.figure.inputs] == [
                ("book", book.id, book.digest)
            ]  # fmt: skip
            assert one.figure.kind == "modelled"
        again = recompute(connection, account_gatherers(), 3)
        assert again.changed == ()


def test_what_cannot_be_a_figure_is_refused(house):
    _, database = house
    with database.writing() as connection:
        with pytest.raises(Refusal) as caught:
            make_account_figure(connection, "almaty-waste", "gold", "2024", 2)
        assert caught.value.code == "circular-unknown-code"
        with pytest.raises(Refusal) as caught:
            make_account_figure(connection, "nothing", "gold", "2024", 2)
        assert caught.value.code == "unknown-book"
        gap = make_account_figure(connection, "almaty-waste", "recycled", "2021", 2)
        assert gap.figure.value is None


def test_a_changed_account_is_another_version(house):
    import msgspec

    folder, database = house
    account = example_account("almaty-waste")
    changed = msgspec.structs.replace(account, observations=account.observations[:-1])
    with database.writing() as connection:
        assert keep_account(connection, folder, account, "an analyst").version == 1
        book = keep_account(connection, folder, changed, "an analyst")
    assert book.version == 2
    with database.reading() as connection:
        assert len(book_versions(connection, book.kind, book.place, book.period)) == 2
        assert len(kept_account(connection, "almaty-waste")[1].observations) == len(account.observations) - 1
