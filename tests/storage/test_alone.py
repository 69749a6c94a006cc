"""One at a time: within a folder, and on PostgreSQL between hosts that share nothing but the database."""

import threading

import pytest

from jasyl.storage import alone, create_folder
from jasyl.texts import Refusal


def test_a_second_process_is_refused_or_waits(tmp_path, database):
    folder = create_folder(tmp_path / "data", "real")
    order = []

    def second():
        with alone(folder, database, "work"):
            order.append("second")

    with alone(folder, database, "work"):
        with pytest.raises(Refusal) as refused, alone(folder, database, "work", wait=False):
            pass
        assert refused.value.code == "folder-in-use"
        with alone(folder, database, "other work", wait=False):
            pass
        thread = threading.Thread(target=second)
        thread.start()
        order.append("first")
    thread.join(10)
    assert order == ["first", "second"]


def test_an_error_inside_lets_go(tmp_path, database):
    folder = create_folder(tmp_path / "data", "real")
    with pytest.raises(ZeroDivisionError), alone(folder, database, "work"):
        _ = 1 // 0
    with alone(folder, database, "work", wait=False):
        pass


def test_two_hosts_on_one_database_keep_apart(tmp_path, database):
    one, other = (create_folder(tmp_path / name, "real") for name in ("one", "other"))
    with alone(one, database, "work"):
        if database.is_sqlite:  # lies inside a folder: no second host has it
            with alone(other, database, "work", wait=False):
                return
        with pytest.raises(Refusal) as refused, alone(other, database, "work", wait=False):
            pass
    assert refused.value.code == "folder-in-use"
