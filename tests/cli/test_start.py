"""Starting and stopping: one clear sentence for whatever stands in the way, and nothing left behind."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from pathlib import Path

import pytest
import sqlalchemy as sa

from jasyl.cli import daily, server
from jasyl.cli import starter as starter_command
from jasyl.storage import Database, database_of, folder, open_folder
from jasyl.texts import Refusal


def _free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _said(jasyl):
    return [one["code"] for one in json.loads(jasyl.err)["refused"]]


def test_a_taken_port(jasyl, installation):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        assert jasyl("run", "--data", installation, "--port", port, "--lang", "ru") == 1
    assert f"Порт {port} занят" in jasyl.err
    assert len(jasyl.err.splitlines()) == 1


def test_a_forbidden_port(monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", refuse)
    with pytest.raises(Refusal) as refusal:
        server.check_port("127.0.0.1", 80)
    assert refusal.value.code == "port-forbidden"


def test_a_file_where_the_folder_should_be(jasyl, tmp_path):
    (tmp_path / "data").write_text("mine")
    (tmp_path / "file").write_text("mine")
    for place in (tmp_path / "data", tmp_path / "file" / "data"):
        assert jasyl("init", "--data", place, "--starter", "empty") == 1
        assert "cannot be written" in jasyl.err
    assert (tmp_path / "data").read_text() == "mine"


def test_a_folder_that_may_not_be_written(installation, monkeypatch):
    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "write_bytes", refuse)  # root would be allowed to
    with pytest.raises(Refusal) as refusal:
        folder.check_writable(open_folder(installation))
    assert refusal.value.code == "data-folder-unwritable"


def test_the_last_step_of_init_fails(tmp_path, monkeypatch):
    def refuse(*_):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(starter_command, "_fill", lambda *_: "password")
    monkeypatch.setattr(Path, "rename", refuse)
    with pytest.raises(Refusal) as refusal:
        starter_command.initialise(tmp_path / "data", "empty", None, "en")
    assert refusal.value.code == "data-folder-unwritable"
    assert list(tmp_path.iterdir()) == []


@pytest.mark.postgresql
def test_an_interrupted_init_leaves_nothing_in_the_database(tmp_path, postgresql_server, monkeypatch):
    engine = sa.create_engine(f"{postgresql_server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text("create database half_made"))
    engine.dispose()
    address = f"{postgresql_server}/half_made"

    def tables():
        database = Database(address)
        try:
            return database.table_names()
        finally:
            database.close()

    def fail(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(starter_command, "_record_import", fail)
        with pytest.raises(KeyboardInterrupt):
            starter_command.initialise(tmp_path / "data", "empty", address, "en")
    assert tables() == set()
    assert list(tmp_path.iterdir()) == []
    starter_command.initialise(tmp_path / "data", "empty", address, "en")
    assert "alembic_version" in tables()
    with pytest.raises(Refusal) as refusal:
        starter_command.initialise(tmp_path / "again", "empty", address, "en")
    assert refusal.value.code == "database-not-empty"
    assert tables()
    assert not (tmp_path / "again").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"kind": "odd"}'])
def test_broken_settings(jasyl, data, content):
    (data / "jasyl.json").write_text(content)
    assert jasyl("serve", "--data", data, "--port", _free_port(), "--json") in (1, 2)
    assert jasyl("monitor", "series", "--data", data, "--json") == 1
    assert _said(jasyl) == ["settings-broken"]


def test_data_of_a_newer_version(jasyl, data):
    with database_of(open_folder(data)).writing(visible=False) as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    assert jasyl("serve", "--data", data, "--port", _free_port(), "--lang", "kk") == 1
    assert "жаңарақ нұсқасы" in jasyl.err
    jasyl("doctor", "--data", data, "--json")
    found = {one["name"]: one for one in json.loads(jasyl.out)["findings"]}
    assert found["tables"]["refused"]["code"] == "data-newer"
    assert found["sealed"]["state"] == "unknown"


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stop_ends_everything_and_frees_the_port(data, how):
    process, port = _serve(data)
    try:
        _wait_for(port, process)
        process.send_signal(how)
        out, err = process.communicate(timeout=120)
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode in (0, 130), err.decode()
    assert b"The server has stopped." in out
    assert b"Traceback" not in err
    server.check_port("127.0.0.1", port)


def test_workers_do_not_outlive_a_server_that_is_killed(data):
    process, port = _serve(data)
    try:
        _wait_for(port, process)
        process.kill()
        _, err = process.communicate(timeout=120)  # until nobody writes there any more: the workers are gone
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
    assert b"Traceback" not in err
    server.check_port("127.0.0.1", port)


def _serve(data):
    port = _free_port()
    command = [sys.executable, "-c", "from jasyl.cli import main; main()", "serve", "--data", data, "--port", str(port)]
    environment = {**os.environ, "LANG": "C.UTF-8"}
    began = subprocess.Popen(
        [*map(str, command)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment, start_new_session=True
    )
    return began, port


def _wait_for(port, process):
    for _ in range(600):
        assert process.poll() is None, process.communicate()[1].decode()
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=5) as answered:
                assert json.load(answered)["status"] == "ok"
                return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not answer")


def test_daily_work_does_nothing_when_nothing_is_due(data):
    house = open_folder(data)
    database = database_of(house)
    daily.turn(house, database, time.time_ns() // 1000)
    before = database.revision()
    daily.turn(house, database, time.time_ns() // 1000)
    assert database.revision() == before


def test_daily_work_seals_what_came_in(jasyl, data, tmp_path, monkeypatch):
    file = tmp_path / "readings.csv"
    file.write_text("time;kW\n2016-07-20 12:00;0,5\n")
    from jasyl import monitoring

    monkeypatch.setattr(monitoring, "bring_up_to_date", lambda *_, **__: None)  # as if the server took it over HTTP
    asked = ("import", "readings", file, "--facility", "reference-serf-east", "--unit", "kW", "--data", data)
    monkeypatch.setattr("jasyl.cli.imports._tell_readings", lambda *_, **__: None)
    assert jasyl(*asked) == 0
    house = open_folder(data)
    with database_of(house).reading() as connection:
        before = connection.execute(sa.text("select count(*) from sealed_day")).scalar_one()
    daily.turn(house, database_of(house), time.time_ns() // 1000)
    with database_of(house).reading() as connection:
        assert connection.execute(sa.text("select count(*) from sealed_day")).scalar_one() == before + 1


def test_a_failure_is_told_and_ends_nothing(data, monkeypatch):
    stop, told, turns = threading.Event(), [], []

    def turn(*_):
        turns.append(1)
        if len(turns) == 1:
            raise Refusal("folder-in-use", received="upkeep", path="x")
        if len(turns) == 3:
            stop.set()
        raise ValueError("broken")

    monkeypatch.setattr(daily, "turn", turn)
    house = open_folder(data)
    daily.work(house, database_of(house), stop, told.append, every=0)
    assert [str(error) for error in told] == ["broken", "broken"]


def test_two_servers_do_it_once(data):
    house = open_folder(data)
    with house.locked("upkeep"), pytest.raises(Refusal) as refusal:
        daily.turn(house, database_of(house), time.time_ns() // 1000)
    assert refusal.value.code == "folder-in-use"
