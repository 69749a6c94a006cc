"""Facility tiles over HTTP: what is answered, what may be kept, and which data it is made of."""

import threading
from concurrent.futures import ThreadPoolExecutor

import anyio
import httpx
import pytest
from tests.conftest import need
from tests.tables import with_tables
from tests.vector_tiles import read_tile

from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.portal.tile_store import TileStore
from jasyl.registry import Provenance, Statement, record
from jasyl.storage import create_folder, database_of

TILE = "application/vnd.mapbox-vector-tile"


def _facility(key, lon=71.4, lat=51.1, **fields):
    said = {"name_en": key, "technology": "RP.PV", "status": "operating", "lon": lon, "lat": lat, **fields}
    return Statement(key, said, Provenance("a test", "tester"))


@pytest.fixture
def folder(tmp_path):
    made = create_folder(tmp_path / "data", "real")
    database = with_tables(database_of(made))
    with database.writing() as connection:
        record(connection, "facility", [_facility("first"), _facility("second", 76.9, 43.2)])
    database.close()
    return made


@pytest.fixture
def app(folder):
    return create_app(folder, ["127.0.0.1"])


@pytest.fixture
def ask(app):
    def get(path, **headers):
        async def go():
            transport = httpx.ASGITransport(app=app)
            async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
                return await client.get(path, headers=headers)

        with ThreadPoolExecutor(1) as pool:  # a browser test may have left a running loop in this thread
            return pool.submit(anyio.run, go).result()

    return get


def _revision(ask):
    return ask("/health").json()["revision"]


def _keys(answer, folder):
    return {row["id"] for row in read_tile(answer.content, folder)[2]}


def test_a_tile_of_the_newest_data_may_be_kept_for_ever(ask, tmp_path):
    answer = ask(f"/tiles/facilities/{_revision(ask)}/0/0/0.mvt")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == TILE
    assert "immutable" in answer.headers["cache-control"]
    assert _keys(answer, tmp_path) == {"first", "second"}
    assert ask(f"/tiles/facilities/{_revision(ask)}/0/0/0.mvt").content == answer.content


def test_a_tile_of_an_earlier_revision_is_todays_and_must_be_asked_for_again(ask, tmp_path):
    for revision in (0, 10**12):
        answer = ask(f"/tiles/facilities/{revision}/0/0/0.mvt")
        assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-cache")
        assert _keys(answer, tmp_path) == {"first", "second"}


def test_a_tile_does_not_depend_on_the_language(ask):
    path = f"/tiles/facilities/{_revision(ask)}/0/0/0.mvt"
    assert ask(f"/kk{path}").content == ask(f"/ru{path}").content == ask(path, **{"accept-language": "en"}).content


def test_an_empty_tile_is_no_error(ask):
    answer = ask(f"/tiles/facilities/{_revision(ask)}/2/0/0.mvt")
    assert (answer.status_code, answer.content) == (200, b"")


@pytest.mark.parametrize(
    "place",
    [
        "0/0/1.mvt", "0/1/0.mvt", "3/8/0.mvt", "15/0/0.mvt", "-1/0/0.mvt", "0/-1/0.mvt", "0/0/-1.mvt", "0/0/0",
        "0/0/0.png", "0/0/x.mvt", "0/0/٠.mvt", "0/0/.mvt", f"14/{10**30}/0.mvt", f"14/0/{'9' * 5000}.mvt",
        f"{'9' * 5000}/0/0.mvt",
    ],
)  # fmt: skip
def test_there_is_nothing_outside_the_pyramid(ask, place):
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    assert ask(f"/tiles/facilities/1/{place}").status_code == 404


def test_what_is_written_appears_on_the_map(ask, app, folder, tmp_path):
    before = _revision(ask)
    ask(f"/tiles/facilities/{before}/0/0/0.mvt")
    database = database_of(folder)
    with database.writing() as connection:
        record(connection, "facility", [_facility("third", 60, 50)])
    database.close()
    app.cache.revision.forget()
    now = _revision(ask)
    assert now == before + 1
    answer = ask(f"/tiles/facilities/{now}/0/0/0.mvt")
    assert "immutable" in answer.headers["cache-control"]
    assert _keys(answer, tmp_path) == {"first", "second", "third"}


def test_the_tilejson_tells_where_the_tiles_are(ask):
    document = ask("/tiles/facilities.json").json()
    assert document["tilejson"] == "3.0.0"
    template = document["tiles"][0]
    assert template.startswith("http://127.0.0.1/tiles/facilities/")
    west, south, east, north = document["bounds"]
    assert west <= 71.4 <= 76.9 <= east
    assert south <= 43.2 <= 51.1 <= north
    layer = document["vector_layers"][0]
    assert (layer["id"], document["minzoom"], document["maxzoom"]) == ("facilities", 0, 14)
    tile = ask(template.format(z=0, x=0, y=0).removeprefix("http://127.0.0.1"))
    assert tile.headers["content-type"] == TILE


def test_the_tilejson_names_every_property(ask, tmp_path):
    fields = set(ask("/tiles/facilities.json").json()["vector_layers"][0]["fields"])
    _, _, rows = read_tile(ask(f"/tiles/facilities/{_revision(ask)}/0/0/0.mvt").content, tmp_path)
    assert set().union(*rows) <= fields


@pytest.fixture
def store(folder):
    made = TileStore(database_of(folder))
    yield made
    made.database.close()


def _write(store, key, **fields):
    with store.database.writing() as connection:
        record(connection, "facility", [_facility(key, **fields)])
    return store.database.revision()


def test_the_earlier_points_serve_while_the_new_are_read(store, monkeypatch):
    first = store.prepared(store.database.revision(), wait=True)
    newer = _write(store, "third")
    may_go_on, began = threading.Event(), threading.Event()
    from jasyl.portal import tile_store

    load = tile_store.load_map_points

    def slowly(connection):
        began.set()
        assert may_go_on.wait(10)
        return load(connection)

    monkeypatch.setattr(tile_store, "load_map_points", slowly)
    assert store.prepared(newer, wait=False) is first
    assert began.wait(10)
    assert store.prepared(newer, wait=False) is first
    may_go_on.set()
    after = store.prepared(newer, wait=True)
    assert (len(first.points), len(after.points), after.revision) == (2, 3, newer)


def test_a_change_elsewhere_keeps_points_and_tiles(store):
    first = store.prepared(store.database.revision(), wait=True)
    tile = store.tile(first, 0, 0, 0)
    with store.database.writing():
        pass
    newer = store.database.revision()
    assert store.prepared(newer, wait=True) is first
    assert first.revision == newer
    assert store.tile(first, 0, 0, 0) is tile


def test_kept_tiles_stay_within_their_limit(store, monkeypatch):
    from jasyl.portal import tile_store

    prepared = store.prepared(0, wait=True)
    one = len(store.tile(prepared, 0, 0, 0))
    monkeypatch.setattr(tile_store, "_LIMIT", 2 * one)
    for z in range(1, 9):
        x = int((71.4 + 180) / 360 * 2**z)
        for y in range(2**z if z < 6 else 0):
            store.tile(prepared, z, x, y)
    assert prepared.size == sum(map(len, prepared.tiles.values())) <= 2 * one


def test_many_threads_get_one_set_of_points(store):
    revision, found = store.database.revision(), []
    threads = [threading.Thread(target=lambda: found.append(store.prepared(revision, wait=True))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({id(one) for one in found}) == 1
