"""Writers of one database take turns, on both engines: whoever waits sees what the other wrote and is not refused."""

import threading

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from jasyl.storage import Database
from jasyl.storage.database import is_away, revision_table

COUNT = sa.select(revision_table.c.revision)


def test_a_writer_waits_for_the_other_and_sees_what_it_wrote(database):
    before, seen = database.revision(), []

    def second():
        with database.writing() as connection:
            seen.append(connection.scalar(COUNT))

    other = threading.Thread(target=second)
    with database.writing() as connection:
        assert connection.scalar(COUNT) == before
        other.start()
        other.join(timeout=0.5)  # it waits; were it let through, this transaction would be the one that is refused
        with database.reading() as reader:
            assert reader.scalar(COUNT) == before, "a reader waits for nobody"
    other.join(timeout=30)
    assert seen == [before + 1]
    assert database.revision() == before + 2


def test_a_database_that_is_away_is_told_from_other_faults(database):
    with database.reading() as connection, pytest.raises(Exception) as fault:
        connection.execute(sa.text("select * from no_such_table"))
    assert not is_away(fault.value)
    if not database.is_sqlite:
        nowhere = Database(database.url.set(port=1).render_as_string(hide_password=False))
        with pytest.raises(OperationalError) as away, nowhere.reading():
            pass
        assert is_away(away.value)
        with pytest.raises(OperationalError) as ended, database.reading() as connection:
            connection.execute(sa.text("select pg_terminate_backend(pg_backend_pid())"))
        assert is_away(ended.value)
