"""Readings in S3-compatible storage: moto's S3 on loopback, with faults put between it and us."""

import os
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import boto3
import numpy as np
import pytest
import sqlalchemy as sa
from tests.monitoring.world import NOW, QUARTER, a_batch, a_database, a_series, at
from werkzeug.serving import make_server

from jasyl.monitoring import compaction, rollup_table, segments, tables
from jasyl.monitoring.readings import append
from jasyl.storage import Database, DataFolder, create_folder, segment_store
from jasyl.storage import segment_store as store_of
from jasyl.storage.s3_store import S3Store, parse_address
from jasyl.storage.segment_store import TOGETHER
from jasyl.texts import Refusal

ONE = {1: a_series()}
DAY = at("2024-05-01 00:00")
SECRET = "not-a-real-secret"


class Faults:
    """Between client and server: answers 500, or late, to what is asked while ``kind`` says so."""

    def __init__(self, app):
        self.app, self.kind, self.asked = app, None, 0

    def __call__(self, environ, start_response):
        if self.kind == "500":
            self.asked += 1
            start_response("500 Internal Server Error", [("Content-Type", "text/xml")])
            return [b"<Error><Code>InternalError</Code></Error>"]
        if self.kind == "slow":
            time.sleep(9)  # curl averages over five seconds before it calls a connection stalled
        if self.kind == "once":
            self.kind = None
            start_response("503 Slow Down", [("Content-Type", "text/xml")])
            return [b"<Error><Code>SlowDown</Code></Error>"]
        return self.app(environ, start_response)


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Faults]]:
    from moto.server import DomainDispatcherApplication, create_backend_app

    faults = Faults(DomainDispatcherApplication(create_backend_app))
    running = make_server("127.0.0.1", 0, faults, threaded=True)
    thread = threading.Thread(target=running.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{running.server_port}", faults
    running.shutdown()
    thread.join()
    running.server_close()


@pytest.fixture
def bucket(server, monkeypatch: pytest.MonkeyPatch):
    """A fresh bucket, its client, and the faults."""
    address, faults = server
    faults.kind = None
    monkeypatch.setenv("JASYL_S3_ACCESS_KEY", "testing")
    monkeypatch.setenv("JASYL_S3_SECRET_KEY", SECRET)
    client = boto3.client(
        "s3", endpoint_url=address, aws_access_key_id="testing", aws_secret_access_key=SECRET, region_name="us-east-1"
    )
    name = f"readings-{time.monotonic_ns()}"
    client.create_bucket(Bucket=name)
    yield client, name, f"s3://{name}/kz?endpoint={address}", faults
    faults.kind = None
    client.close()


@pytest.fixture
def world(bucket, tmp_path: Path) -> Iterator[tuple[Database, DataFolder]]:
    folder = create_folder(tmp_path / "data", "real", segments=bucket[2])
    database = a_database(folder)
    yield database, folder
    database.close()


def objects(bucket) -> list[str]:
    client, name, _, _ = bucket
    keys = [each["Key"] for each in client.list_objects_v2(Bucket=name).get("Contents", [])]
    return [key for key in keys if not key.endswith("/")]  # Arrow leaves an empty "folder" when it deletes


def values(database: Database, folder: DataFolder) -> list[int]:
    with database.reading() as connection:
        return segments.read(connection, folder, [1], 0, NOW).value.tolist()


def clear(folder: DataFolder) -> None:
    for file in folder.segment_cache.iterdir():
        file.unlink()


def test_the_same_store_by_another_name(world, bucket) -> None:
    database, folder = world
    starts = DAY + np.arange(96) * QUARTER
    append(database, folder, ONE, a_batch(starts, np.arange(96)), NOW)
    append(database, folder, ONE, a_batch([DAY], 1000), NOW)
    assert len(objects(bucket)) == 2 and all(key.startswith("kz/2024") for key in objects(bucket))
    assert not list(folder.readings.glob("*.parquet"))
    for _ in range(2):
        found = values(database, folder)
        assert found[0] == 1000 and found[1:] == list(range(1, 96))
        clear(folder)
    assert compaction.compact(database, folder, 202405, NOW) is not None
    rollup_table.roll_up(database, folder, ONE)
    done = compaction.tidy(database, folder, NOW + 1, grace=-1)
    assert len(done.superseded) == 2 and len(objects(bucket)) == 1
    clear(folder)
    assert sum(values(database, folder)) == 1000 + sum(range(1, 96))
    with database.reading() as connection:
        assert compaction.damaged(connection, folder) == []
        assert compaction.unfit(connection, folder) == (1, [])
        assert rollup_table.load(connection, [1], "year", 0, NOW).sum.tolist() == [1000 + sum(range(1, 96))]


@pytest.mark.parametrize("kind", ["500", "slow"])
def test_what_the_storage_does_not_acknowledge_is_not_accepted(
    world, bucket, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    database, folder = world
    append(database, folder, ONE, a_batch([DAY], 1), NOW)
    impatient = S3Store(parse_address(bucket[2]), folder.segment_cache, attempts=1, patience=1)
    monkeypatch.setattr(segments, "segment_store", lambda _folder: impatient)
    bucket[3].kind = kind
    with pytest.raises(Refusal) as refused:
        append(database, folder, ONE, a_batch([DAY + QUARTER], 2), NOW)
    assert refused.value.code == "store-unreachable"
    assert SECRET not in refused.value.text("en")
    bucket[3].kind = None
    assert values(database, folder) == [1]
    assert append(database, folder, ONE, a_batch([DAY + QUARTER], 2), NOW).accepted == 1
    assert values(database, folder) == [1, 2]


def test_a_hiccup_is_tried_again(world, bucket) -> None:
    database, folder = world
    bucket[3].kind = "once"
    assert append(database, folder, ONE, a_batch([DAY], 1), NOW).accepted == 1
    assert values(database, folder) == [1]


def test_a_missing_object_and_another_content_are_named(world, bucket) -> None:
    database, folder = world
    client, name, _, _ = bucket
    append(database, folder, ONE, a_batch([DAY], 1), NOW)
    clear(folder)
    key = objects(bucket)[0]
    kept = client.get_object(Bucket=name, Key=key)["Body"].read()
    client.put_object(Bucket=name, Key=key, Body=kept[:-1] + b"?")
    with pytest.raises(Refusal) as refused:
        values(database, folder)
    assert refused.value.code == "segment-damaged"
    with database.reading() as connection:
        assert compaction.damaged(connection, folder) == [key.removeprefix("kz/")]
        assert compaction.unfit(connection, folder) == (1, [])
    client.delete_object(Bucket=name, Key=key)
    with pytest.raises(Refusal) as refused:
        values(database, folder)
    assert refused.value.code == "segment-missing"
    with database.reading() as connection:
        assert compaction.unfit(connection, folder) == (1, [key.removeprefix("kz/")])
    client.put_object(Bucket=name, Key=key, Body=kept)
    assert values(database, folder) == [1]


def test_an_orphan_goes_after_its_grace(world, bucket) -> None:
    """A process that died between the put and the commit leaves an object that nobody names."""
    database, folder = world
    append(database, folder, ONE, a_batch([DAY], 1), NOW)
    with pytest.raises(KeyboardInterrupt), database.writing() as connection:
        segments.add(connection, folder, segments.Readings(*[np.array([each]) for each in (1, DAY, 5, 2, 9)]), NOW)
        raise KeyboardInterrupt
    assert len(objects(bucket)) == 2
    with database.reading() as connection:
        assert compaction.orphans(connection, folder) == []
        assert len(compaction.orphans(connection, folder, grace=-5)) == 1
    assert len(compaction.tidy(database, folder, NOW, grace=-5).orphans) == 1
    assert len(objects(bucket)) == 1 and values(database, folder) == [1]


def test_the_cache_is_bounded(world, bucket, monkeypatch: pytest.MonkeyPatch) -> None:
    database, folder = world
    monkeypatch.setattr("jasyl.storage.s3_store.IN_USE_SECONDS", -1)
    for turn in range(6):
        append(database, folder, ONE, a_batch([DAY + turn * QUARTER], turn), NOW)
    store = segment_store(folder)
    assert isinstance(store, S3Store)
    size = max(file.stat().st_size for file in folder.segment_cache.iterdir())
    monkeypatch.setattr(store, "limit", 2 * size)
    with database.reading() as connection:
        held = tables.segment
        known = [(row.file, row.sha256) for row in connection.execute(sa.select(held.c.file, held.c.sha256))]
    for each in known:
        store.paths([each])
    assert len(list(folder.segment_cache.iterdir())) == 2
    assert values(database, folder) == list(range(6)), "one question may need more than the cache holds"


@pytest.mark.parametrize(
    "address", ["http://bucket", "s3://", "s3://key:secret@bucket/x", "s3://b?endpoint=ftp://x", "s3://b?token=1"]
)
def test_an_address_that_is_none(address: str) -> None:
    with pytest.raises(Refusal) as refused:
        parse_address(address)
    assert refused.value.code == "store-address"
    assert "secret@" not in refused.value.text("en")


def test_without_a_setting_the_folder_is_the_store(folder: DataFolder) -> None:
    store = store_of(folder)
    store.put({"a": b"x"})
    assert store.where == str(folder.readings) and store.content("a") == b"x" and store.content("b") is None
    store.remove(["a", "b"])
    assert [each.name for each in store.listed()] == []


def test_many_files_are_put_at_once_and_none_without_its_name(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, many = segment_store(folder), {f"{number:03}": b"%d" % number for number in range(2 * TOGETHER + 1)}
    store.put(many)
    assert {each.name: store.content(each.name) for each in store.listed()} == many
    with pytest.raises(FileExistsError):
        store.put({"000": b"again"})
    synced, sync = list[bool](), os.fsync

    def full(descriptor: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
        if synced[-1]:
            raise OSError("no space for names")
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space for names"):
        store.put({"one": b"x", "other": b"y"})
    assert sorted(synced) == [False, False, True], "each file by itself, the names once for all"
