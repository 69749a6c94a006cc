"""A kill between any two steps neither loses nor doubles a record, and never signs two roots at one size."""

import contextlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import sqlalchemy as sa

from jasyl.ledger import Keeper, Log, enqueue, entry, position, verify_log
from jasyl.ledger.checkpoint import read_checkpoint
from jasyl.ledger.journal import JournalWriter, frames
from jasyl.texts import Refusal

from .conftest import copied_house

if TYPE_CHECKING:
    from .conftest import House

STEPS = ["journal", "tiles", "signed", "published", "marked"]


class Killed(BaseException):
    pass


def check_whole(house: "House", ids: list[str]) -> None:
    """Every record once, in order, each where the outbox says, all files agreeing."""
    assert house.rows() == [(identity, place) for place, identity in enumerate(ids)]
    with house.database.reading() as connection:
        for place in {0, len(ids) // 2, len(ids) - 1}:
            assert house.log.entry(place) == entry(connection, ids[place])
    report = verify_log(house.folder.path)
    assert report.ok, report.text("en")
    assert (report.size, report.journal_entries, report.unsigned_entries) == (len(ids), len(ids), 0)


def test_an_empty_log_has_a_checkpoint(house: "House") -> None:
    assert house.drain() == 0
    assert house.log.size == 0
    assert verify_log(house.folder.path).ok
    house.log.policy.check(house.log.checkpoint_bytes())


def test_records_are_taken_in_order_and_once(house: "House") -> None:
    ids = house.enqueue(0, 300)
    with house.database.reading() as connection:
        assert position(connection, ids[0]) is None
        assert entry(connection, "0" * 64) is None
    assert house.enqueue(5, 6) == [ids[5]]
    assert house.drain() == 300
    assert house.drain() == 0
    assert house.enqueue(5, 6) == [ids[5]]
    ids += house.fill(300, 520)
    check_whole(house, ids)


@pytest.mark.parametrize("before", [None, 0, 200, 600])
@pytest.mark.parametrize("step", STEPS)
def test_killed_after_a_step(filled: Callable[..., Path], tmp_path: Path, step: str, before: int | None) -> None:
    """``before`` entries are logged already; None is the very first opening of a log."""
    fresh, before = before is None, before or 0
    commits = () if fresh else ((0, before),)
    house = copied_house(filled(*commits), tmp_path / "data")
    ids = house.enqueue(0, before + 100)

    def kill(reached: str) -> None:
        if reached == step:
            raise Killed

    with pytest.raises(Killed):
        house.drain(kill)
    # What is published holds at once: never a checkpoint beyond what is durable.
    if not fresh:
        between = verify_log(house.folder.path)
        assert between.ok, between.text("en")
        assert between.size == (before if step in {"journal", "tiles", "signed"} else before + 100)
    # New records arrive before anybody mends.
    ids += house.enqueue(before + 100, before + 400)
    house.drain()
    check_whole(house, ids)
    house.database.close()


@pytest.mark.parametrize("step", STEPS)
def test_killed_again_and_again(house: "House", step: str) -> None:
    """The same keeper object is used on after each failure: it must forget what it held in memory."""
    ids: list[str] = []
    hits = 0

    def kill(reached: str) -> None:
        nonlocal hits
        if reached == step:
            hits += 1
            if hits % 2:
                raise Killed

    keeper = Keeper(house.folder, house.database, at_step=kill)
    for start in range(0, 200, 40):
        ids += house.enqueue(start, start + 40)
        try:
            with keeper:
                keeper.drain()
        except Killed:
            pass
    house.drain()
    check_whole(house, ids)


def test_a_killed_process(filled: Callable[..., Path], tmp_path: Path) -> None:
    """The same with real processes that get SIGKILL, each after another step."""
    houses = {step: copied_house(filled((0, 150)), tmp_path / step) for step in STEPS}
    ids = {step: house.enqueue(0, 450) for step, house in houses.items()}
    script = textwrap.dedent(
        """
        import os, signal, sys
        from pathlib import Path
        from jasyl.ledger import Keeper
        from jasyl.storage import database_of, open_folder

        def keep(path, step):
            def kill(reached):
                if reached == step:
                    os.kill(os.getpid(), signal.SIGKILL)

            folder = open_folder(Path(path))
            with Keeper(folder, database_of(folder), at_step=kill) as keeper:
                keeper.drain()

        for path in sys.argv[1:]:
            child = os.fork()
            if child == 0:
                keep(path, Path(path).name)
                os._exit(0)
            print(Path(path).name, os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
        """
    )
    paths = [str(house.folder.path) for house in houses.values()]
    done = subprocess.run(
        [sys.executable, "-c", script, *paths], check=True, text=True, capture_output=True, timeout=60
    )
    assert done.stdout.splitlines() == [f"{step} {-signal.SIGKILL}" for step in STEPS]
    for step, house in houses.items():
        house.drain()
        check_whole(house, ids[step])
        house.database.close()


def test_a_torn_tail_is_cut_at_every_byte(house: "House", monkeypatch: pytest.MonkeyPatch) -> None:
    """The last commit cut at each byte: nothing of it counts, and it is taken again from the outbox."""
    ids = house.fill(0, 20)
    journal = house.folder.log / "journal"
    whole = journal.stat().st_size
    ids += house.enqueue(20, 22)

    def kill(reached: str) -> None:
        if reached == "journal":
            raise Killed

    with pytest.raises(Killed):
        house.drain(kill)
    longer = journal.read_bytes()
    monkeypatch.setattr("os.fsync", lambda descriptor: None)  # what is cut is cut; the disk is not tested 600 times
    for cut in range(whole, len(longer)):
        journal.write_bytes(longer[:cut])
        report = verify_log(house.folder.path)
        assert report.ok, (cut, report.text("en"))
        with JournalWriter(journal, whole, 20) as writer:
            assert writer.end == whole
    for tail in (b"\x00" * 600, longer[whole : whole + 60] + b"\x00" * 300):
        journal.write_bytes(longer[:whole] + tail)
        assert len(list(frames(journal))) == 1
    house.drain()
    check_whole(house, ids)


def test_lost_tiles_are_made_again(house: "House") -> None:
    ids = house.fill(0, 700)
    shutil.rmtree(house.folder.log / "tile")
    assert not verify_log(house.folder.path).ok
    ids += house.fill(700, 800)
    check_whole(house, ids)


def test_rebuild_mends_from_the_journal(house: "House") -> None:
    ids = [*house.fill(0, 530), *house.fill(530, 600)]
    root = house.log.checkpoint().root
    earlier = ("tile/0/002.p/18", "tile/entries/002.p/18", "tile/1/000.p/2")  # of readers of the first checkpoint
    for file in ("tile/0/000", "tile/entries/001", "checkpoint", *earlier):
        data = bytearray((house.folder.log / file).read_bytes())
        data[20] ^= 1
        (house.folder.log / file).write_bytes(data)
    with Keeper(house.folder, house.database) as keeper:
        assert keeper.rebuild() == 600
    assert house.log.checkpoint().root == root
    check_whole(house, ids)


def test_durable_tiles_are_trusted_only_when_they_fit(house: "House", monkeypatch: pytest.MonkeyPatch) -> None:
    """With a low replay limit every drain leaves a mark to go on from; a damaged one means a full replay."""
    monkeypatch.setattr("jasyl.ledger.writer.REPLAY", 50)
    ids = house.fill(0, 300)
    assert (house.folder.log / "durable.json").is_file()
    ids += house.fill(300, 330)
    ids += house.fill(330, 600)
    check_whole(house, ids)
    for content in (b"{", b"{}", b'{"size": 600, "offset": 9999999, "root": ""}'):
        (house.folder.log / "durable.json").write_bytes(content)
        ids += house.fill(len(ids), len(ids) + 10)
        check_whole(house, ids)


def test_truncation_is_refused(house: "House") -> None:
    house.fill(0, 50)
    house.fill(50, 60)
    journal = house.folder.log / "journal"
    data = journal.read_bytes()
    house.enqueue(60, 61)
    for cut in (len(data) - 1, 16, 0):
        journal.write_bytes(data[:cut])
        with pytest.raises(Refusal) as caught:
            house.drain()
        assert caught.value.code == "log-truncated"
        assert journal.read_bytes() == data[:cut]
    journal.unlink()
    with pytest.raises(Refusal) as caught:
        house.drain()
    assert caught.value.code == "log-truncated"


def test_an_older_copy_of_the_log_is_refused(house: "House") -> None:
    """Rolled back: the folder of the log alone, then keys and log together (the database still knows)."""
    house.fill(0, 50)
    old = house.folder.path.parent / "old"
    shutil.copytree(house.folder.log, old / "log")
    shutil.copytree(house.folder.keys, old / "keys")
    house.fill(50, 80)
    house.enqueue(80, 81)
    shutil.rmtree(house.folder.log)
    shutil.copytree(old / "log", house.folder.log)
    with pytest.raises(Refusal) as caught:
        house.drain()
    assert caught.value.code == "log-truncated"
    # Whoever checks the folder is told as well: its keys lie beside it. The log alone, as others have it, is whole.
    report = verify_log(house.folder.path)
    assert [(one.code, one.arguments["expected"]) for one in report.refusals] == [("log-truncated", 80)]
    assert not report.ok
    assert verify_log(house.folder.log).ok
    shutil.rmtree(house.folder.keys)
    shutil.copytree(old / "keys", house.folder.keys)
    with pytest.raises(Refusal) as caught:
        house.drain()
    assert caught.value.code == "log-behind-database"
    assert house.log.size == 50


def test_another_history_is_refused(house: "House") -> None:
    """A journal of the same length with other entries is never signed."""
    house.fill(0, 50)
    journal = house.folder.log / "journal"
    with JournalWriter(journal, 16, 0) as writer:
        writer.append(b"\x00\x01x" * 50, 50)
    with pytest.raises(Refusal) as caught:
        house.drain()
    assert caught.value.code == "log-forked"
    assert house.log.size == 50


def test_an_older_database_is_caught_up_from_the_log(house: "House") -> None:
    ids = house.fill(0, 30)
    copy = house.folder.path / "copy.sqlite"
    with contextlib.closing(sqlite3.connect(house.folder.database_file)) as connection:
        connection.execute(f"vacuum into '{copy}'")
    ids += house.fill(30, 70)
    house.database.close()
    for name in ("registry.sqlite-wal", "registry.sqlite-shm"):
        (house.folder.path / name).unlink(missing_ok=True)
    copy.replace(house.folder.database_file)
    # The same records come again, and new ones: what is logged is not logged twice.
    assert house.enqueue(30, 40) == ids[30:40]
    ids += house.enqueue(70, 75)
    house.drain()
    with house.database.reading() as connection:
        assert [position(connection, identity) for identity in ids] == list(range(75))
    assert verify_log(house.folder.path).size == 75


def test_a_published_checkpoint_lags_by_one_step_only(house: "House") -> None:
    """Signed beside the keys but not published: the next opening publishes the same root."""
    house.fill(0, 10)
    house.enqueue(10, 20)

    def kill(reached: str) -> None:
        if reached == "signed":
            raise Killed

    with pytest.raises(Killed):
        house.drain(kill)
    signed = house.keys.last_signed()
    assert signed is not None
    assert (signed.size, house.log.size) == (20, 10)
    house.drain()
    assert house.log.checkpoint() == signed


def test_two_keepers_wait_for_each_other(house: "House") -> None:
    ids = house.enqueue(0, 40)
    taken: list[int] = []

    def keep() -> None:
        with Keeper(house.folder, house.database) as keeper:
            taken.append(keeper.drain())

    with Keeper(house.folder, house.database):
        thread = threading.Thread(target=keep)
        thread.start()
        thread.join(0.2)
        assert thread.is_alive()
    thread.join(30)
    assert taken == [40]
    check_whole(house, ids)


def test_a_second_writer_of_the_journal_stops(house: "House") -> None:
    house.fill(0, 3)
    journal = house.folder.log / "journal"
    with JournalWriter(journal, journal.stat().st_size, 3):
        house.enqueue(3, 4)
        with pytest.raises(Refusal, match="Another process writes"):
            house.drain()


def test_run_keeps_up_with_the_outbox_and_yields_the_lock(house: "House") -> None:
    stop, failures = threading.Event(), list[Exception]()
    runner = Keeper(house.folder, house.database)
    thread = threading.Thread(target=runner.run, args=(0.01, stop, failures.append))
    with house.folder.locked("keeper"):
        thread.start()
        thread.join(0.1)
        assert thread.is_alive()
    ids = [identity for start in range(0, 60, 20) for identity in house.fill(start, start + 20)]
    ids += house.enqueue(60, 80)
    while any(place is None for _, place in house.rows()):
        thread.join(0.02)
        assert thread.is_alive()
    stop.set()
    thread.join(30)
    assert failures == []
    check_whole(house, ids)


def test_run_tells_failures_and_goes_on(house: "House") -> None:
    house.fill(0, 5)
    key = house.folder.keys / "log-ed25519.key"
    saved = key.read_bytes()
    key.unlink()
    stop, failed = threading.Event(), threading.Event()
    failures: list[Exception] = []

    def tell(error: Exception) -> None:
        failures.append(error)
        failed.set()

    house.enqueue(5, 6)
    thread = threading.Thread(target=Keeper(house.folder, house.database).run, args=(0.01, stop, tell))
    thread.start()
    assert failed.wait(30)
    key.write_bytes(saved)
    while any(place is None for _, place in house.rows()):
        stop.wait(0.02)
    stop.set()
    thread.join(30)
    assert isinstance(failures[0], Refusal)
    assert failures[0].code == "log-no-keys"
    key.unlink()
    with pytest.raises(Refusal):
        Keeper(house.folder, house.database).run(0.01, threading.Event())


def test_the_keeper_works_inside_with_only(house: "House") -> None:
    keeper = Keeper(house.folder, house.database)
    with pytest.raises(RuntimeError, match="inside of with"):
        keeper.drain()


def test_the_outbox_refuses_what_the_log_cannot_hold(house: "House") -> None:
    large = house.record(1)
    with house.database.writing() as connection, pytest.raises(Refusal) as caught:
        enqueue(
            connection,
            type(large)(**{name: getattr(large, name) for name in large.__struct_fields__} | {"source": "x" * 4097}),
        )
    assert caught.value.code == "record-malformed"
    with house.database.writing() as connection, pytest.raises(sa.exc.IntegrityError):
        statement = sa.text("insert into outbox (record_id, kind, entry, created_at) values ('a', 'import', x'', 0)")
        connection.execute(statement)


def test_a_checkpoint_is_of_the_keys_beside_it(house: "House", tmp_path: Path) -> None:
    house.fill(0, 3)
    data = house.log.checkpoint_bytes()
    assert read_checkpoint(data) == house.keys.last_signed()
    assert Log(house.folder.path / "log").checkpoint() == read_checkpoint(data)
    with pytest.raises(Refusal, match="no log"):
        Log(tmp_path / "nothing").checkpoint_bytes()
