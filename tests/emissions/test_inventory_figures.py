"""Kept inventories: versions, figures with a passport, stale figures, no fiction among real data."""

import msgspec
import pytest
import sqlalchemy as sa

from jasyl.emissions.inventory import evaluate
from jasyl.emissions.inventory.almaty import almaty_inventory
from jasyl.emissions.inventory.figures import (
    INDICATORS,
    completeness,
    inventory_gatherers,
    keep_examples,
    keep_inventory,
    kept_inventory,
    make_inventory_figure,
    make_totals,
)
from jasyl.emissions.inventory.training import training_inventory
from jasyl.facts import book_versions
from jasyl.figures import Subject, book_describers, current_of, publish, recompute, walk
from jasyl.figures.tables import stale_figure
from jasyl.ledger import create_keys, log_origin
from jasyl.storage import METADATA, create_folder, database_of
from jasyl.texts import Refusal

from .test_inventory import coal, inventory


def world(tmp_path, kind="real"):
    folder = create_folder(tmp_path / "data", kind)
    database = database_of(folder)
    create_keys(folder)
    METADATA.create_all(database.engine)
    return folder, database


def test_a_total_has_a_passport_down_to_its_book(tmp_path):
    folder, database = world(tmp_path)
    book = inventory(coal())
    with database.writing() as connection:
        kept = keep_inventory(connection, folder, book, "tester")
        assert kept_inventory(connection, "KZ-75", 2023)[1] == book
        made = make_totals(connection, book, 1)
        one = made["basic"].figure
        assert one.value == evaluate(book).totals["basic"].co2e.quantize(one.value)
        assert (one.unit, one.kind, one.indicator, one.completeness) == ("kg", "modelled", "emissions.gpc_basic", 1)
        assert one.uncertainty > 0
        assert one.inputs[0].hash == book.digest == kept.digest
        statement = publish(connection, made["basic"].id, "tester", 2, log_origin=log_origin(folder), signers=())
        tree = walk(connection, statement.id, book_describers())
    said = str(tree)
    assert kept.digest in said
    assert "ghg_inventory" in said


def test_a_new_version_makes_the_figures_stale_and_they_are_made_again(tmp_path):
    folder, database = world(tmp_path)
    first = inventory(coal())
    second = inventory(coal(amount="2000"))
    with database.writing() as connection:
        keep_inventory(connection, folder, first, "tester")
        make_totals(connection, first, 1)
        keep_inventory(connection, folder, second, "tester")
        assert len(connection.execute(sa.select(stale_figure)).all()) == 3
        changed = recompute(connection, inventory_gatherers(), 3).changed
        assert {one.after.figure.value / one.before.figure.value for one in changed} == {2}
        assert [one.version for one in book_versions(connection, "ghg_inventory", "KZ-75", "2023")] == [1, 2]


def test_fiction_stays_in_training_folders(tmp_path):
    folder, database = world(tmp_path)
    with database.writing() as connection:
        with pytest.raises(Refusal, match="fictional"):
            keep_inventory(connection, folder, training_inventory(), "tester")
        keep_examples(connection, folder, 1)
        assert kept_inventory(connection, "KZ-75", "2023")[1] == almaty_inventory()
        assert not current_of(connection, Subject("place", "KZ-75"))
        with pytest.raises(Refusal):
            make_inventory_figure(connection, "KZ-71", "2024", INDICATORS["basic"], 1)


def test_a_training_folder_has_six_years_of_kind_training(tmp_path):
    folder, database = world(tmp_path, "training")
    with database.writing() as connection:
        keep_examples(connection, folder, 1)
        found = current_of(connection, Subject("place", "KZ-71"), INDICATORS["territorial"])
    assert [one.figure.period for one in found] == [str(year) for year in range(2019, 2025)]
    assert {one.figure.kind for one in found} == {"training"}


def test_what_is_wrong_is_not_kept_and_gaps_lower_completeness(tmp_path):
    folder, database = world(tmp_path)
    wrong = msgspec.structs.replace(inventory(coal()), cells=())
    with database.writing() as connection, pytest.raises(Refusal):
        keep_inventory(connection, folder, wrong, "tester")
    result = evaluate(almaty_inventory())
    assert completeness(result, "basic") < completeness(evaluate(training_inventory()), "basic") < 1
