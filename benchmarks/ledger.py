"""The verifiable log beside its floor: SHA-256 of leaf and inner node in the same process, CPU time, ratios."""

import os
import sqlite3
import tempfile
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import msgspec

from jasyl.ledger import (
    Batch,
    Device,
    Import,
    Log,
    LogKeys,
    create_keys,
    encode_record,
    leaf_hash,
    verify_inclusion,
    verify_log,
)
from jasyl.ledger.writer import LogWriter
from jasyl.storage import DataFolder, create_folder

from .postgresql import binaries, server

ENTRIES = 131_072


def cpu(work: Callable[[], object]) -> float:
    """CPU seconds of this process, user and system."""
    before = time.process_time()
    work()
    return time.process_time() - before


def floor(entries: list[bytes]) -> float:
    """Leaf and inner hash per entry, nothing else."""
    left = bytes(64)

    def work() -> None:
        for entry in entries:
            sha256(b"\x00" + entry).digest()
            sha256(b"\x01" + left).digest()

    return min(cpu(work) for _ in range(3))


def beside(work: Callable[[int], float], entries: list[bytes]) -> tuple[float, float]:
    """CPU seconds per entry of ``work`` and its ratio to the floor measured beside it, in the best of five runs.

    Others share the machine and its disk: a floor measured at another moment is another machine's floor, and what the
    kernel spends on their writes counts as ours.
    """
    took, ratios = list[float](), list[float]()
    before = floor(entries)
    for again in range(5):
        took.append(work(again) / len(entries))
        after = floor(entries)
        ratios.append(2 * took[-1] * len(entries) / (before + after))
        before = after
    return min(took), min(ratios)


def append(folder: Path, entries: list[bytes], batch: int) -> float:
    """Durable, hybrid-signed appends of ``batch`` entries into a new log."""
    made = create_folder(folder, "real")
    keys = create_keys(made)

    def work() -> None:
        with LogWriter(made.log, keys) as writer:
            for start in range(0, len(entries), batch):
                writer.append(entries[start : start + batch])
                writer.sign()

    return cpu(work)


def sqlite_insert(file: Path, entries: list[bytes], batch: int) -> float:
    """The same bytes with their leaf hash as rows of SQLite (WAL, FULL), for comparison: no tree, no proof."""
    connection = sqlite3.connect(file, isolation_level=None)
    connection.executescript("pragma journal_mode = wal; pragma synchronous = full; create table log (h blob, e blob)")

    def work() -> None:
        for start in range(0, len(entries), batch):
            connection.execute("begin")
            rows = [(leaf_hash(entry), entry) for entry in entries[start : start + batch]]
            connection.executemany("insert into log values (?, ?)", rows)
            connection.execute("commit")

    seconds = cpu(work)
    connection.close()
    return seconds


def against_sqlite(place: Path, entries: list[bytes]) -> None:
    """Turn by turn, since the kernel's share of either follows what others write: same bytes, durability and batch.

    SQLite keeps each entry with its hash; the log also makes a tree, signs it twice and writes the files it serves.
    """
    rounds = [
        (append(place / f"turn-{at}", entries, 4096), sqlite_insert(place / f"turn-{at}.sqlite", entries, 4096))
        for at in range(5)
    ]
    ours, theirs = (min(column) / len(entries) * 1e6 for column in zip(*rounds, strict=True))
    ahead = sum(our < their for our, their in rounds)
    print(f"SQLite WAL FULL insert, batch 4096: {theirs:.2f} µs, append {ours:.2f} µs, ahead in {ahead} of 5 turns")
    print(f"  of it making a bundle and a tile for every 256 entries: {making_files(place / 'files'):.2f} µs")


def making_files(place: Path) -> float:
    """µs per entry that the kernel takes to make the files of a log, without their bytes: from 0.1 to over 2 µs.

    ext4 passes over every inode of the block group that was freed in the last minutes, so it takes most where others
    have just deleted very many files.
    """
    place.mkdir()
    return cpu(lambda: [(place / str(at)).touch() for at in range(1024)]) / (1024 * 128) * 1e6


def postgresql_insert(address: str, entries: list[bytes], batch: int) -> tuple[float, float]:
    """The same rows into PostgreSQL (COPY, synchronous commit): CPU seconds of client and server, and wall seconds."""
    import psycopg

    with psycopg.connect(address.replace("+psycopg", "")) as connection:
        connection.execute("create table log (h bytea, e bytea)")
        connection.commit()
        backend = connection.info.backend_pid
        before, start = server_cpu(backend), time.perf_counter()

        def work() -> None:
            for at in range(0, len(entries), batch):
                with connection.cursor().copy("copy log from stdin (format binary)") as copy:
                    copy.set_types(["bytea", "bytea"])
                    for entry in entries[at : at + batch]:
                        copy.write_row((leaf_hash(entry), entry))
                connection.commit()

        client = cpu(work)
        return client + server_cpu(backend) - before, time.perf_counter() - start


def server_cpu(pid: int) -> float:
    """CPU seconds of one process so far, user and system (the backend only: its writers come on top)."""
    words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / os.sysconf("SC_CLK_TCK")


def against_postgresql(entries: list[bytes], base: float) -> None:
    """In the same run, where PostgreSQL is installed."""
    found = binaries()
    if found is None:
        print("PostgreSQL is not installed: not compared")
        return
    with server(found) as address:
        took, wall = (value / len(entries) for value in postgresql_insert(address, entries, 4096))
    print(f"PostgreSQL COPY, batch 4096: {took * 1e6:.2f} µs, {took / base:.2f} x floor, {wall * 1e6:.1f} µs wall")


def run() -> None:
    entries = [os.urandom(100).hex().encode() for _ in range(ENTRIES)]
    base = floor(entries) / ENTRIES
    print(f"floor (leaf + inner SHA-256, 200 B): {base * 1e6:.2f} µs CPU per entry")
    with tempfile.TemporaryDirectory() as name:
        place = Path(name)
        for batch, goal in ((4096, 3.0), (65_536, 2.5)):
            took, ratio = beside(
                lambda again, batch=batch: append(place / f"log-{batch}-{again}", entries, batch), entries
            )
            print(f"append, batch {batch}: {took * 1e6:.2f} µs, {ratio:.2f} x floor beside it (goal ≤ {goal})")
        against_sqlite(place, entries)
        against_postgresql(entries, base)
        small = [entry[:40] for entry in entries[:200]]
        one, wall = time.perf_counter(), append(place / "single", small, 1) / len(small)
        one = (time.perf_counter() - one) / len(small)
        print(f"append, batch 1 with its own checkpoint: {wall * 1e6:.0f} µs CPU, {one * 1e3:.2f} ms")
        proofs(Log(place / "log-4096-0" / "log"), base)
        audit(place / "audit")
    sealing(base)


def inner_hash() -> float:
    """CPU seconds of one inner hash, made as the tree makes it."""
    left, right = os.urandom(32), os.urandom(32)

    def work() -> None:
        for _ in range(100_000):
            sha256(b"\x01" + left + right).digest()

    return min(cpu(work) for _ in range(3)) / 100_000


def proofs(log: Log, base: float) -> None:
    """Making and verifying inclusion proofs of 17 hashes."""
    head = log.checkpoint()
    chosen = list(range(0, head.size, head.size // 50))
    paths: dict[int, list[bytes]] = {}
    made = cpu(lambda: paths.update({index: log.inclusion(index) for index in chosen})) / len(chosen)
    cases = [(leaf_hash(log.entry(index)), index, path) for index, path in paths.items()]
    assert all(verify_inclusion(leaf, index, head.size, path, head.root) for leaf, index, path in cases)

    def work() -> None:
        for _ in range(200):
            for leaf, index, path in cases:
                verify_inclusion(leaf, index, head.size, path, head.root)

    took = min(cpu(work) for _ in range(3)) / (200 * len(cases))
    print(f"proof of {len(cases[1][2])} hashes: made {made * 1e6:.0f} µs, verified {took * 1e6:.1f} µs (goal ≤ 8)")
    alone = (len(cases[1][2])) * inner_hash()
    print(f"  {len(cases[1][2])} hashes alone take {alone * 1e6:.1f} µs: {took / alone:.2f} x")


def audit(place: Path) -> None:
    """A full check of logs of real records, journal, tiles, records and all: imports, and the sealed days of meters."""
    head = {"issued": "2026-11-21T00:00:00Z", "author": "bench"}
    said = {"what": "readings", "file_name": "f", "source": "bench", "licence": "CC0-1.0", "actor": "bench"}
    folder = create_folder(place / "imports", "real")
    keys = create_keys(folder)
    imports = [Import(**head, log_origin=keys.origin, **said, sha256="0" * 64, rows=at) for at in range(65_536)]
    audited(folder, keys, "imports", [encode_record(one) for one in imports])
    files = [file for file in (folder.log / "tile").rglob("*") if file.is_file() and "entries" not in file.parts]
    tree = sum(file.stat().st_size for file in files) / len(imports)
    print(f"tree: {tree:.2f} bytes per entry (goal ≤ 34)")
    folder = create_folder(place / "days", "real")
    keys = create_keys(folder)
    head["log_origin"] = keys.origin
    meter = {"unit": "W", "scale": -3, "trust": "operator-entered"}
    device = encode_record(
        Device(**head, **meter, series="S", facility="F", quantity="q", series_kind="mean", interval_seconds=900)
    )
    day = Batch(
        **head, **meter, series="S", day_start=0, day_end=86_400_000_000, count=96, sum="96", min="1", max="1",
        root="0" * 64, device=sha256(device).hexdigest(),
    )  # fmt: skip
    days = [encode_record(msgspec.structs.replace(day, sum=str(at + 96))) for at in range(65_535)]
    audited(folder, keys, "sealed days", [device, *days])


def audited(folder: DataFolder, keys: LogKeys, what: str, entries: list[bytes]) -> None:
    """The check beside the hashes of leaf and inner node of the same entries, without which no check can do."""
    with LogWriter(folder.log, keys) as writer:
        writer.append(entries)
        writer.sign()
    assert verify_log(folder.path).ok
    took, ratio = beside(lambda again: cpu(lambda: verify_log(folder.path)), entries)
    rate = f"{1 / took:,.0f} per CPU second (goal ≥ 300,000), {took * 1e6:.2f} µs"
    print(f"audit of {len(entries):,} {what}: {rate}, {ratio:.2f} x floor of {took / ratio * 1e6:.2f} µs")


def sealing(base: float) -> None:
    """Salted day roots of minute readings: three hashes and an inner node for each reading."""
    import numpy as np

    from jasyl.ledger import Readings, day_root

    start = 1_700_000_000_000_000 + 60_000_000 * np.arange(1440, dtype=np.int64)
    readings = Readings(start, np.arange(1440, dtype=np.int64), np.zeros(1440, np.int64))
    days = 50
    took = cpu(lambda: [day_root(bytes(32), f"meter-{series}", readings) for series in range(days)]) / (1440 * days)
    each = f"{took * 1e6:.2f} µs per reading, {took / (2 * base):.2f} x its four hashes"
    print(f"sealed day of 1,440 readings: {1440 * took * 1e3:.1f} ms, {each}")


if __name__ == "__main__":
    run()
