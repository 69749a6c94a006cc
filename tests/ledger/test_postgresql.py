"""The same keeper over PostgreSQL."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa
from tests.tables import postgresql_with_tables

from jasyl.ledger import Keeper, create_keys, destroy_series_key, series_key, verify_log
from jasyl.ledger.confidential import erase, keep_sealed, new_reader, read_sealed, repeat_erasures, scrub, seal
from jasyl.storage import create_folder, database_of
from jasyl.texts import Refusal

if TYPE_CHECKING:
    from .conftest import House

pytestmark = pytest.mark.postgresql


class Killed(BaseException):
    pass


@pytest.fixture
def served(house: "House", postgresql_server: str, tmp_path: Path) -> Iterator["House"]:
    database = postgresql_with_tables(postgresql_server)
    folder = create_folder(tmp_path / "served", "real", str(database.url))
    yield type(house)(folder, database, create_keys(folder, "city.example/log"))
    database.close()


def test_records_go_in_once_whatever_happens(served: "House") -> None:
    ids: list[str] = []
    for step in ("journal", "tiles", "signed", "published", "marked"):

        def kill(reached: str, step: str = step) -> None:
            if reached == step:
                raise Killed

        ids += served.enqueue(len(ids), len(ids) + 70)
        assert served.enqueue(0, 1) == ids[:1]
        with pytest.raises(Killed):
            served.drain(kill)
    ids += served.fill(len(ids), len(ids) + 30)
    assert served.rows() == [(identity, place) for place, identity in enumerate(ids)]
    report = verify_log(served.folder.path)
    assert report.ok
    assert report.size == 380


def test_an_emptied_outbox_is_restored_from_the_log(served: "House") -> None:
    ids = served.fill(0, 40)
    with served.database.engine.begin() as connection:
        connection.execute(sa.text("delete from outbox"))
    ids += served.enqueue(40, 45)
    served.drain()
    assert sorted(served.rows(), key=lambda row: row[1] or 0) == [(item, place) for place, item in enumerate(ids)]


def test_two_folders_on_one_database_do_not_both_keep_it(served: "House", tmp_path: Path) -> None:
    address = served.folder.settings["database"]
    other = create_folder(tmp_path / "other", "real", address)
    create_keys(other, "city.example/log")
    database = database_of(other)
    stop, failures = threading.Event(), list[Exception]()
    ids = served.enqueue(0, 10)
    with Keeper(served.folder, served.database) as keeper:
        thread = threading.Thread(target=Keeper(other, database).run, args=(0.01, stop, failures.append))
        thread.start()
        thread.join(0.3)
        assert thread.is_alive()
        assert not (other.log / "checkpoint").exists()
        assert keeper.drain() == 10
    # Once it has the lock, the other folder's log turns out to be behind what the database knows.
    while not failures:
        stop.wait(0.02)
    stop.set()
    thread.join(30)
    assert isinstance(failures[0], Refusal)
    assert failures[0].code == "log-behind-database"
    with Keeper(served.folder, served.database) as keeper:
        assert keeper.drain() == 0
    assert served.rows() == [(identity, place) for place, identity in enumerate(ids)]
    database.close()


def test_series_keys(served: "House") -> None:
    with served.database.writing(visible=False) as connection:
        key = series_key(connection, "meter")
        assert series_key(connection, "meter") == key
        assert destroy_series_key(connection, "meter")
        with pytest.raises(Refusal, match="destroyed"):
            series_key(connection, "meter")


def test_a_payload_is_sealed_and_erased(served: "House") -> None:
    reader = new_reader("city.example")
    said = {"origin": "city.example/log", "author": "agency"}
    with served.database.writing(visible=False) as connection:
        sealed = seal({"a": 1}, [reader.reader], **said, subject="s", sort="contract")
        record = keep_sealed(connection, sealed, [reader.reader])
    with served.database.writing(visible=False) as connection:
        assert read_sealed(connection, record, reader).fields == {"a": 1}
        erase(connection, "s", **said, reason="r", authority="a", actor="account:1")
    scrub(served.database)
    with served.database.writing(visible=False) as connection:
        with pytest.raises(Refusal) as caught:
            read_sealed(connection, record, reader)
        assert caught.value.code == "payload-erased"
        assert repeat_erasures(connection) == 0
