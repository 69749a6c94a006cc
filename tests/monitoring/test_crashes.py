"""A process killed between any two steps leaves everything visible or nothing; compaction does not tear readers."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import sqlalchemy as sa
from tests.monitoring.world import NOW, QUARTER, a_batch, a_database, a_series, at

from jasyl.monitoring import compaction, rollup_table, sealing, seals, segments, tables
from jasyl.monitoring.readings import append
from jasyl.monitoring.segments import Readings
from jasyl.quantities import UNITS
from jasyl.storage import Database, DataFolder, database_of

ROOT = Path(__file__).parents[2]
DAY = at("2024-05-01 00:00")
ONE = {1: a_series()}


@pytest.fixture
def database(folder: DataFolder) -> Iterator[Database]:
    """The database inside the folder, which the killed processes open by themselves."""
    database = a_database(folder)
    yield database
    database.close()


@pytest.fixture(scope="module")
def crashing() -> Iterator["subprocess.Popen[str]"]:
    """What :mod:`tests.monitoring.crashing` does, in a process of its own."""
    command = [sys.executable, "-m", "tests.monitoring.crashing"]
    surroundings = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}", "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(
        command, cwd=ROOT, env=surroundings, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield process
        assert process.stdin
        process.stdin.close()


def killed(crashing: "subprocess.Popen[str]", folder: DataFolder, action: str, at_step: int) -> bool:
    """Run ``action`` in a process of its own; True when it died at the step, False when it got through."""
    assert crashing.stdin
    assert crashing.stdout
    print(json.dumps([str(folder.path), action, at_step]), file=crashing.stdin, flush=True)
    ended = int(crashing.stdout.readline())
    assert ended in {0, -signal.SIGKILL}, "what went wrong stands in the captured output"
    return ended != 0


def values(folder: DataFolder) -> list[int]:
    database = database_of(folder)
    with database.reading() as connection:
        found = segments.read(connection, folder, None, 0, NOW)
        assert compaction.damaged(connection, folder) == []
    database.close()
    return found.value.tolist()


def test_killed_while_appending(crashing: "subprocess.Popen[str]", database: Database, folder: DataFolder) -> None:
    outcomes = []
    for step in (1, 3, 5, 9, 13, 14, 15):
        died = killed(crashing, folder, "append", step)
        seen = values(folder)
        assert seen in ([], [7, 7]), "half a delivery is visible"
        outcomes.append((died, len(seen)))
        if seen:
            break
    assert outcomes[0] == (True, 0)
    assert outcomes[-1][1] == 2
    with database.reading() as connection:
        left = compaction.orphans(connection, folder, grace=-1)
    assert left, "the killed runs left files behind, and they are listed"
    done = compaction.tidy(database, folder, NOW, grace=-1)
    assert set(done.orphans) == set(left)
    assert values(folder) == [7, 7]
    assert len(list(folder.readings.iterdir())) == 2


@pytest.mark.parametrize("action", ["roll", "compact", "tidy"])
def test_killed_in_the_middle_and_done_again(
    crashing: "subprocess.Popen[str]", database: Database, folder: DataFolder, action: str
) -> None:
    for value in (1, 2, 3):
        append(database, folder, ONE, a_batch([DAY, DAY + value * QUARTER], value), NOW)
    if action == "tidy":
        compaction.compact(database, folder, 202405, NOW)
    expected = values(folder)
    assert expected == [3, 1, 2, 3]
    for step in range(1, 20, 2):  # odd steps come before an action, which is after the one before it
        died = killed(crashing, folder, action, step)
        assert values(folder) == expected
        if not died:
            break
    rollup_table.roll_up(database, folder, ONE)
    compaction.tidy(database, folder, NOW + 1, grace=-1)
    with database.reading() as connection:
        assert rollup_table.load(connection, [1], "year", 0, NOW).sum.tolist() == [9]
        in_force = connection.execute(sa.select(tables.segment.c.file)).scalars().all()
    assert sorted(in_force) == sorted(file.name for file in folder.readings.iterdir())
    assert values(folder) == expected


def test_compaction_keeps_every_revision_and_every_seal(database: Database, folder: DataFolder) -> None:
    now = DAY + 40 * 24 * 4 * QUARTER
    starts = DAY + np.arange(96 * 2) * QUARTER

    def seal() -> tuple[seals.SealedDay, ...]:
        return sealing.seal_days(database, folder, ONE, now, log_origin="jasyl.test/log", author="operator")

    append(database, folder, ONE, a_batch(starts, 1), NOW)
    first = seal()
    append(database, folder, ONE, a_batch([DAY], 9), NOW)
    second = seal()
    assert [day.supersedes for day in second] == [first[0].record_id]
    assert seal() == ()
    with database.reading() as connection:
        assert compaction.fragmented(connection, most=1) == [202405]
        before = segments.read(connection, folder, [1], 0, NOW, newest=False)
    joined = compaction.compact(database, folder, 202405, NOW)
    assert joined is not None
    assert compaction.compact(database, folder, 202405, NOW) is None
    with database.reading() as connection:
        after = segments.read(connection, folder, [1], 0, NOW, newest=False)
        every = seals.sealed_days(connection, [1], 0, NOW, superseded=True)
        assert len(every) == len(first) + 1
        # The superseded seal too: what it sealed can still be read as it stood.
        assert seals.check_sealed(connection, folder, every) == []
        assert seals.sealed_readings(connection, folder, every[0]).value.max() in {1, 9}
        assert compaction.bytes_per_reading(connection) > 0
    assert before.value.tolist() == after.value.tolist()
    assert compaction.tidy(database, folder, NOW) == compaction.Tidied((), ()), "within the grace nothing goes"
    done = compaction.tidy(database, folder, NOW + 3_600_000_000)
    assert len(done.superseded) == 2
    with database.reading() as connection:
        assert seals.check_sealed(connection, folder, every) == []


def test_a_reader_in_the_middle_keeps_its_files(database: Database, folder: DataFolder) -> None:
    for value in (1, 2):
        append(database, folder, ONE, a_batch([DAY + value * QUARTER], value), NOW)
    with database.reading() as connection:
        files = [folder.readings / each.file for each in segments.manifest(connection, [1], 0, NOW)]
        compaction.compact(database, folder, 202405, NOW)
        compaction.tidy(database, folder, NOW)
        assert all(file.is_file() for file in files)
        assert segments.read(connection, folder, [1], 0, NOW).value.tolist() == [1, 2]


def test_damage_is_found_in_file_and_in_seal(database: Database, folder: DataFolder) -> None:
    now = DAY + 10 * 96 * QUARTER
    append(database, folder, ONE, a_batch(DAY + np.arange(96) * QUARTER, 1), NOW)
    days = sealing.seal_days(database, folder, ONE, now, log_origin="jasyl.test/log", author="operator")
    with database.writing() as connection:
        # Somebody with access to the server writes another value and a manifest row that agrees with it.
        stored = segments.read(connection, folder, [1], 0, NOW)
        forged = stored.value.copy()
        forged[0] = 1_000_000
        connection.execute(sa.delete(tables.segment))
        segments.add(
            connection, folder, Readings(stored.series, stored.start, forged, stored.revision, stored.source), NOW
        )
    with database.reading() as connection:
        assert compaction.damaged(connection, folder) == []
        wrong = seals.check_sealed(connection, folder, days)
    assert [mismatch.day.day for mismatch in wrong] == [days[0].day]
    assert wrong[0].found != wrong[0].day.root
    file = next(file for file in folder.readings.iterdir() if file.read_bytes()[:4] == b"PAR1")
    for each in folder.readings.iterdir():
        each.write_bytes(each.read_bytes()[:-1] + b"?")
    assert file.is_file()
    with database.reading() as connection:
        assert len(compaction.damaged(connection, folder)) == 1


def test_a_reading_of_a_sealed_day_can_be_proven_to_a_stranger(database: Database, folder: DataFolder) -> None:
    from jasyl import ledger

    now = DAY + 10 * 96 * QUARTER
    append(database, folder, ONE, a_batch(DAY + np.arange(200) * QUARTER, np.arange(200)), NOW)
    day = sealing.seal_days(database, folder, ONE, now, log_origin="jasyl.test/log", author="operator")[0]
    with database.writing() as connection:
        rows = seals.sealed_readings(connection, folder, day)
        key = ledger.series_key(connection, day.series_id)
        columns = ledger.Readings(rows.start, rows.value, rows.revision)
        proof = ledger.prove_reading(key, day.series_id, columns, 3)
        assert ledger.verify_reading(proof, bytes.fromhex(day.root))
        # After the key is destroyed nothing of the series can be proven, and nothing is called a forgery.
        ledger.destroy_series_key(connection, day.series_id)
        assert seals.check_sealed(connection, folder, [day]) == []
    append(database, folder, ONE, a_batch([DAY], 5), NOW)
    assert sealing.seal_days(database, folder, ONE, now, log_origin="jasyl.test/log", author="operator") == ()


def test_a_counter_day_is_sealed_once(database: Database, folder: DataFolder) -> None:
    definitions = {1: a_series(kind="counter", interval_seconds=3600, unit=UNITS["W.h"])}
    hour = 4 * QUARTER
    midnight = at("2024-05-01 19:00")

    def seal() -> list[tuple[str, int]]:
        days = sealing.seal_days(database, folder, definitions, NOW, log_origin="jasyl.test/log", author="operator")
        return [(day.day, day.count) for day in days]

    append(database, folder, definitions, a_batch(midnight + np.arange(24) * hour, np.arange(24)), NOW)
    assert seal() == [("2024-05-02", 24)]
    append(database, folder, definitions, a_batch([midnight + 24 * hour, midnight + 25 * hour], [30, 31]), NOW)
    assert seal() == [("2024-05-03", 2)], "the last step of the 2nd came with the register of the 3rd"
    assert seal() == []
    with database.reading() as connection:
        days = rollup_table.load(connection, [1], "day", midnight, midnight + 1)
    assert (days.sum.tolist(), days.count.tolist()) == ([30], [24])
