"""Books are kept whole and by version, told to the ledger by their digest."""

import hashlib

import pytest
import sqlalchemy as sa
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.tables import founded

from jasyl.facts import book_table, book_versions, books, get_book, keep_book, newest_book
from jasyl.ledger.outbox import entry, outbox_table
from jasyl.ledger.records import parse_record
from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

INVENTORY = {"place": "KZ-75", "cells": [{"ref": "I.1.1", "key": "NE", "reason": "жоқ"}]}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with founded(tmp_path_factory.mktemp("books"), "training") as made:
        yield made


@pytest.fixture
def kept(house):
    folder, database = house
    with database.writing() as connection:

        def keep(content, **more):
            return keep_book(
                connection, folder, "ghg_inventory", more.pop("place", "KZ-75"), "2023", content, "an akimat", **more
            )

        yield connection, keep
        connection.execute(sa.delete(book_table))


def test_the_digest_is_that_of_the_canonical_json(kept):
    connection, keep = kept
    made = keep(INVENTORY)
    assert made.digest == hashlib.sha256(canonical_json(INVENTORY)).hexdigest()
    assert get_book(connection, made.id).content == INVENTORY


def test_a_change_is_another_version_and_the_old_one_stays(kept):
    connection, keep = kept
    first, second = keep(INVENTORY), keep(INVENTORY | {"population": 2_161_000}, note="census")
    assert (first.version, second.version) == (1, 2)
    assert newest_book(connection, "ghg_inventory", "KZ-75", "2023") == second
    assert get_book(connection, first.id).content == INVENTORY
    assert [head.note for head in book_versions(connection, "ghg_inventory", "KZ-75", "2023")] == ["", "census"]
    assert [head.id for head in books(connection, "ghg_inventory")] == [second.id]


def test_the_same_again_is_the_same_version_but_another_level_is_not(kept):
    _, keep = kept
    first = keep(INVENTORY)
    assert keep(dict(reversed(INVENTORY.items()))) == first
    assert keep(INVENTORY, publication="closed").version == 2


def test_the_ledger_is_told_the_digest_and_not_the_content(kept):
    connection, keep = kept
    made = keep({"secret": "figures of a plant"}, publication="closed")
    told = entry(connection, made.record_id)
    record = parse_record(told)
    assert (record.kind, record.what, record.sha256) == ("import", "ghg_inventory", made.digest)
    assert b"secret" not in told
    assert (
        connection.execute(sa.select(outbox_table.c.kind).where(outbox_table.c.record_id == made.record_id)).scalar()
        == "import"
    )


def test_books_of_one_place(kept):
    connection, keep = kept
    keep(INVENTORY)
    other = keep(INVENTORY, place="KZ-71")
    assert [head.id for head in books(connection, "ghg_inventory", "KZ-71")] == [other.id]
    assert newest_book(connection, "ghg_inventory", "KZ-79", "2023") is None


def test_unknown_kinds_and_books_are_refused_by_name(house, kept):
    connection, _ = kept
    with pytest.raises(Refusal, match="no book of kind diary"):
        keep_book(connection, house[0], "diary", "KZ", "2023", {}, "somebody")
    with pytest.raises(Refusal, match="no book with the id"):
        get_book(connection, "0" * 26)


@settings(max_examples=20)
@given(
    st.dictionaries(
        st.text(max_size=8), st.one_of(st.integers(-(2**53) + 1, 2**53 - 1), st.text(max_size=8), st.none())
    )
)
def test_what_went_in_comes_out(house, content):
    folder, database = house
    with database.writing(visible=False) as connection:
        made = keep_book(connection, folder, "building_stock", "KZ-75", "2024", content, "an akimat")
        assert get_book(connection, made.id).content == content
