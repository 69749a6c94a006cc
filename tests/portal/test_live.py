"""Live streams: every process sees every change, a reader is told what is theirs to know, and nothing runs unheard."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

import pytest
import sqlalchemy as sa
from tests.monitoring.quality.plant import BEGIN, HOUR, a_facility, a_meter, clear_days, deliver
from tests.monitoring.world import a_database

from jasyl.ledger import create_keys
from jasyl.monitoring import roll_up
from jasyl.monitoring.arrivals import Arrival, arrivals, last_delivery
from jasyl.monitoring.definitions import definitions
from jasyl.people import ANYBODY, Actor
from jasyl.portal import live_hub
from jasyl.portal.app import create_app
from jasyl.portal.house import open_house
from jasyl.portal.live_changes import Mark, changes_between, current_mark, mark_of
from jasyl.portal.live_hub import LiveHub
from jasyl.registry.tables import facility, series
from jasyl.storage import create_folder
from jasyl.texts import Refusal

AGENCY = Actor("1", "duty", frozenset({"agency"}))


class Plant:
    """A folder with an open facility and one whose readings are closed."""

    def __init__(self, path):
        self.folder = create_folder(path, "real")
        create_keys(self.folder)
        self.database = a_database(self.folder)
        self.open = a_meter(self.database, a_facility(self.database), "open-meter")
        self.hidden = a_meter(self.database, a_facility(self.database, "shy"), "shy-meter")
        with self.database.writing() as connection:
            connection.execute(sa.update(series).where(series.c.number == self.hidden.number).values(level="closed"))
        self.day = 0

    def bring(self, meter, *, rolled=True):
        """A day of readings, as another process would bring it."""
        start, value = clear_days(1)
        self.day += 1
        deliver(self.database, self.folder, meter, start + self.day * 24 * HOUR, value)
        if rolled:
            with self.database.reading() as connection:
                defined = definitions(connection)
            roll_up(self.database, self.folder, defined)

    def mark(self):
        with self.database.reading() as connection:
            return current_mark(connection)


@pytest.fixture
def plant(tmp_path):
    made = Plant(tmp_path / "data")
    yield made
    made.database.close()


def on_its_own(coroutine):
    """Runs it on a thread of its own: where a browser test ran before, this one already has a running loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, coroutine).result()


def test_arrivals_are_told_by_series_once_pages_can_show_them(plant):
    plant.bring(plant.open)
    plant.bring(plant.hidden)
    plant.bring(plant.open, rolled=False)
    with plant.database.reading() as connection:
        assert last_delivery(connection) == 2
        found = arrivals(connection, plant.folder, 0, 2)
        assert found == (
            Arrival(plant.open.number, 24, BEGIN + 47 * HOUR),
            Arrival(plant.hidden.number, 24, BEGIN + 71 * HOUR),
        )
        assert arrivals(connection, plant.folder, 2, 2) == ()
        assert [one.series for one in arrivals(connection, plant.folder, 1, 2)] == [plant.hidden.number]


def test_a_change_tells_each_reader_what_is_theirs(plant):
    before = plant.mark()
    plant.bring(plant.open)
    plant.bring(plant.hidden)
    with plant.database.reading() as connection:
        change = changes_between(connection, plant.folder, before, plant.mark(), 7)
        shy = connection.execute(sa.select(facility.c.id).where(facility.c.key == "shy")).scalar_one()
    anybody, agency = change.told_to(ANYBODY), change.told_to(AGENCY)
    assert [one["key"] for one in anybody["facilities"]] == ["sunny"]
    assert anybody["facilities"][0]["lon_lat"] == [71.4, 51.1]
    assert anybody["facilities"][0]["readings"] == 24
    assert [one["key"] for one in agency["facilities"]] == ["shy", "sunny"]
    assert change.told_to(ANYBODY, shy) is None
    assert [one["key"] for one in change.told_to(AGENCY, shy)["facilities"]] == ["shy"]


def test_a_facility_that_is_closed_itself_is_not_told(plant):
    before = plant.mark()
    plant.bring(plant.open)
    with plant.database.writing() as connection:
        connection.execute(sa.update(facility).where(facility.c.key == "sunny").values(level="closed"))
    with plant.database.reading() as connection:
        change = changes_between(connection, plant.folder, before, plant.mark(), 7)
    assert change.told_to(ANYBODY) is None
    assert change.told_to(AGENCY) is not None


def test_who_is_far_behind_is_told_to_look_again(plant):
    with plant.database.reading() as connection:
        far = changes_between(connection, plant.folder, Mark(0, 0), Mark(501, 0), 7)
        ahead = changes_between(connection, plant.folder, Mark(9, 0), Mark(0, 0), 7)
    assert far.whole
    assert ahead.whole  # a folder restored from a backup: numbers begin anew
    assert far.told_to(ANYBODY) == {"revision": 7, "register": False, "whole": True, "facilities": [], "statements": []}


@pytest.mark.parametrize("text", [None, "", "12", "12-", "-1-2", "1-2", "1-2-3-4", "9" * 16 + "-1-1", "١-٢-٣x"])
def test_a_mark_that_is_none(text):
    assert mark_of(text) is None


def test_a_mark_survives_the_way_through_a_browser():
    assert mark_of(str(Mark(12, 340))) == Mark(12, 340)


async def next_change(listener):
    return await asyncio.wait_for(listener.waiting.get(), 10)


def test_every_process_sees_what_one_of_them_wrote(plant):
    async def go():
        hubs = [LiveHub(open_house(plant.folder).database, plant.folder, every=0.02) for _ in range(2)]
        listeners = [await hub.join(None) for hub in hubs]
        plant.bring(plant.open)
        seen = [await next_change(one) for one in listeners]
        for hub, listener in zip(hubs, listeners, strict=True):
            hub.leave(listener)
        return seen

    seen = on_its_own(go())
    assert [[one.facility["key"] for one in change.moved] for change in seen] == [["sunny"], ["sunny"]]
    assert {change.mark for change in seen} == {plant.mark()}


def test_who_comes_back_is_told_what_was_missed(plant):
    before = plant.mark()
    plant.bring(plant.open)

    async def go():
        hub = LiveHub(plant.database, plant.folder, every=0.02)
        listener = await hub.join(before)
        change = await next_change(listener)
        hub.leave(listener)
        return change

    assert [one.facility["key"] for one in on_its_own(go()).moved] == ["sunny"]


def test_nothing_is_asked_while_nobody_listens(plant, monkeypatch):
    asked = []
    monkeypatch.setattr(plant.database, "revision", lambda: asked.append(1) or 1)

    async def go():
        hub = LiveHub(plant.database, plant.folder, every=0.01)
        await asyncio.sleep(0.05)
        assert asked == []
        listener = await hub.join(None)
        await asyncio.sleep(0.1)
        hub.leave(listener)
        await asyncio.sleep(0.05)
        so_far = len(asked)
        assert so_far > 1
        await asyncio.sleep(0.1)
        assert len(asked) == so_far

    on_its_own(go())


def test_listeners_are_bounded_and_a_slow_one_gets_one_change_for_all(plant, monkeypatch):
    monkeypatch.setattr(live_hub, "MOST_LISTENERS", 2)

    async def go():
        hub = LiveHub(plant.database, plant.folder, every=60)
        slow, other = await hub.join(None), await hub.join(None)
        with pytest.raises(Refusal) as refusal:
            await hub.join(None)
        assert refusal.value.code == "live-full"
        for number in range(live_hub.MOST_WAITING + 1):
            slow.give(live_hub.Change(Mark(number, 0), number, register=False))
        assert slow.waiting.qsize() == 1
        assert slow.waiting.get_nowait().whole
        hub.leave(other)
        assert await hub.join(None)
        for listener in list(hub.listeners):
            hub.leave(listener)

    on_its_own(go())


def test_a_look_that_fails_is_tried_again(plant, monkeypatch):
    real, calls = plant.database.revision, []

    def revision():
        calls.append(1)
        if len(calls) == 2:
            raise OSError("the disk is away for a moment")
        return real()

    monkeypatch.setattr(plant.database, "revision", revision)

    async def go():
        hub = LiveHub(plant.database, plant.folder, every=0.02)
        listener = await hub.join(None)
        await asyncio.sleep(0.1)
        plant.bring(plant.open)
        change = await next_change(listener)
        hub.leave(listener)
        return change

    assert on_its_own(go()).moved


@asynccontextmanager
async def opened(app, path, headers=(), method="GET"):
    """An open stream over ASGI: its start and a queue of its bytes; the reader leaves when the block ends."""
    gone, sent = asyncio.Event(), asyncio.Queue()
    path, _, query = path.partition("?")
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": path, "raw_path": path.encode(), "query_string": query.encode(), "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), *headers], "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
    }  # fmt: skip
    first = True

    async def receive():
        nonlocal first
        if first:
            first = False
            return {"type": "http.request", "body": b"", "more_body": False}
        await gone.wait()
        return {"type": "http.disconnect"}

    task = asyncio.create_task(app(scope, receive, sent.put))
    try:
        start = await asyncio.wait_for(sent.get(), 10)
        yield start, sent
    finally:
        gone.set()
        await asyncio.wait_for(task, 10)


async def event(sent):
    """The next change on a stream, with its id."""
    while True:
        body = (await asyncio.wait_for(sent.get(), 10))["body"].decode()
        if body.startswith("event: change"):
            lines = dict(line.split(": ", 1) for line in body.strip().splitlines())
            return lines["id"], json.loads(lines["data"])


def test_a_stream_tells_of_readings_and_ends_with_its_reader(plant):
    app = create_app(plant.folder, ["127.0.0.1"])
    hub = app.app.app.state.house.live

    async def go():
        async with opened(app, "/live") as (start, sent):
            headers = dict(start["headers"])
            assert start["status"] == 200
            assert headers[b"content-type"].startswith(b"text/event-stream")
            assert headers[b"cache-control"] == b"no-store"
            assert b"content-security-policy" in headers
            first = (await asyncio.wait_for(sent.get(), 10))["body"]
            assert first.startswith(b"retry: 3000\n\nid: ")
            assert len(hub.listeners) == 1
            plant.bring(plant.hidden)
            plant.bring(plant.open)
            told = await event(sent)
        assert hub.listeners == set()
        return told

    identity, told = on_its_own(go())
    assert identity == str(plant.mark())
    assert [one["key"] for one in told["facilities"]] == ["sunny"]


def test_a_stream_of_one_facility_and_its_last_event(plant):
    app = create_app(plant.folder, ["127.0.0.1"])
    before = plant.mark()
    plant.bring(plant.open)

    async def go():
        last = [(b"last-event-id", str(before).encode())]
        async with opened(app, "/kk/facilities/sunny/live?after=999-999", last) as (_, sent):
            return await event(sent)

    _, told = on_its_own(go())
    assert [one["key"] for one in told["facilities"]] == ["sunny"]


def test_no_stream_of_what_is_not_there_nor_for_who_only_asks_for_the_head(plant):
    app = create_app(plant.folder, ["127.0.0.1"])

    async def go():
        async with opened(app, "/facilities/nothing/live") as (start, _):
            assert start["status"] == 404
        async with opened(app, "/live", method="HEAD") as (start, _):
            assert start["status"] == 200
        async with opened(app, "/live", [(b"authorization", b"Bearer wrong")]) as (start, _):
            assert start["status"] == 401

    on_its_own(go())
    assert app.app.app.state.house.live.listeners == set()


def test_a_stream_beats_and_ends_in_time(plant, monkeypatch):
    monkeypatch.setattr("jasyl.portal.live.HEARTBEAT_SECONDS", 0.02)
    monkeypatch.setattr("jasyl.portal.live.LONGEST_SECONDS", 0.2)
    app = create_app(plant.folder, ["127.0.0.1"])

    async def go():
        beats = 0
        async with opened(app, "/live") as (_, sent):
            while True:
                message = await asyncio.wait_for(sent.get(), 10)
                beats += message["body"] == b": \n\n"
                if not message.get("more_body"):
                    return beats

    assert on_its_own(go()) > 1
    assert app.app.app.state.house.live.listeners == set()


def test_who_is_turned_away_hears_why(plant, monkeypatch):
    monkeypatch.setattr(live_hub, "MOST_LISTENERS", 0)
    app = create_app(plant.folder, ["127.0.0.1"])

    async def go():
        async with opened(app, "/ru/live") as (start, sent):
            assert start["status"] == 503
            return (await sent.get())["body"].decode()

    assert "слишком много" in on_its_own(go())
