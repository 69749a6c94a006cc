"""Data folder and database: whole transactions, one writer at a time, a readable refusal for every misuse."""

import json
import threading

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from jasyl.storage import METADATA, Database, check_reachable, create_folder, kazakh_order, open_folder, write_durably
from jasyl.storage.database import revision_table
from jasyl.texts import Refusal


@pytest.fixture
def database(tmp_path):
    made = Database(f"sqlite:///{tmp_path}/x.sqlite")
    with made.engine.begin() as connection:
        revision_table.create(connection)
        connection.execute(sa.insert(revision_table).values(only_row=1, revision=0))
    yield made
    made.close()


def test_a_new_folder_opens_and_a_second_one_on_top_is_refused(tmp_path):
    folder = create_folder(tmp_path / "data", "training")
    assert open_folder(tmp_path / "data").kind == "training"
    assert folder.keys.stat().st_mode & 0o777 == 0o700
    with pytest.raises(Refusal, match="already holds data"):
        create_folder(tmp_path / "data", "real")


def test_what_is_not_a_data_folder_is_refused(tmp_path):
    with pytest.raises(Refusal) as refused:
        open_folder(tmp_path)
    assert refused.value.code == "no-data-folder"
    (tmp_path / "file").write_text("x")
    with pytest.raises(Refusal) as refused:
        create_folder(tmp_path / "file", "real")
    assert refused.value.code == "data-folder-unwritable"


def test_a_database_address_with_a_password_is_kept_private(tmp_path):
    folder = create_folder(tmp_path / "data", "real", "postgresql+psycopg://a:secret@127.0.0.1:1/x")
    assert folder.settings_file.stat().st_mode & 0o777 == 0o600
    assert json.loads(folder.settings_file.read_text())["database"].startswith("postgresql")


def test_the_lock_of_a_folder_is_held_by_one(tmp_path):
    folder = create_folder(tmp_path / "data", "real")
    with folder.locked("keeper"):
        with pytest.raises(Refusal) as refused, folder.locked("keeper", wait=False):
            pass
        assert refused.value.code == "folder-in-use"
    with folder.locked("keeper", wait=False):
        pass


def test_a_durable_file_is_replaced_as_a_whole(tmp_path):
    file = tmp_path / "a"
    write_durably(file, b"one")
    write_durably(file, b"two")
    assert file.read_bytes() == b"two"
    assert [one.name for one in tmp_path.iterdir()] == ["a"]


def test_a_failed_transaction_leaves_nothing_and_raises_no_revision(database):
    with pytest.raises(RuntimeError), database.writing() as connection:
        connection.execute(sa.update(revision_table).values(revision=99))
        raise RuntimeError
    assert database.revision() == 0
    with database.writing():
        pass
    assert database.revision() == 1
    with database.writing(visible=False):
        pass
    assert database.revision() == 1


def test_a_reader_sees_one_state_while_another_writes(database):
    with database.reading() as reader:
        before = reader.execute(sa.select(revision_table.c.revision)).scalar_one()
        with database.writing():
            pass
        assert reader.execute(sa.select(revision_table.c.revision)).scalar_one() == before
    assert database.revision() == before + 1


def test_many_writers_lose_no_change(database):
    def write():
        for _ in range(5):
            with database.writing():
                pass

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert database.revision() == 20


def test_a_database_that_does_not_answer_is_named_without_its_password():
    database = Database("postgresql+psycopg://someone:secret@127.0.0.1:1/none?connect_timeout=2")
    with pytest.raises(Refusal) as refused:
        check_reachable(database)
    assert refused.value.code == "database-unreachable"
    assert "secret" not in refused.value.text("en")


def test_every_table_says_what_it_is_for():
    assert all(table.comment for table in METADATA.tables.values())


def test_kazakh_letters_stand_in_their_place():
    words = ["Яғни", "Қостанай", "Әйтеке", "Кентау", "Ілі", "Аягөз", "Өскемен", "Орал", "Ырғыз", "Шымкент"]
    assert sorted(words, key=kazakh_order) == [
        "Аягөз", "Әйтеке", "Кентау", "Қостанай", "Орал", "Өскемен", "Шымкент", "Ырғыз", "Ілі", "Яғни",
    ]  # fmt: skip


@given(st.text(), st.text())
def test_the_kazakh_order_agrees_with_itself(one, other):
    assert (kazakh_order(one) < kazakh_order(other)) == (not kazakh_order(other) <= kazakh_order(one))
