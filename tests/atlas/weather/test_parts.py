"""Small parts: units, times, surveys, layouts, the view Zarr has of an address."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.atlas.grid import Grid
from jasyl.atlas.weather.axes import axes
from jasyl.atlas.weather.check import check, survey
from jasyl.atlas.weather.layout import choose
from jasyl.atlas.weather.opening import open_source
from jasyl.atlas.weather.times import HOUR, decode, even_step, gaps, timeline
from jasyl.atlas.weather.zarr_input import AddressStore, _public
from jasyl.intake.outgoing import Answer, Outgoing
from jasyl.jobs import Silent
from jasyl.texts import Refusal, Where

NOWHERE = Where("x.nc")


@pytest.mark.parametrize(
    ("value", "units", "moment"),
    [
        (1, "hours since 1900-01-01 00:00:0.0", "1900-01-01T01:00:00"),
        (60, "minutes since 2023-01-01T06:30:00Z", "2023-01-01T07:30:00"),
        (1.5, "days since 2024-02-28", "2024-02-29T12:00:00"),
        (86400, "seconds since 1970-01-01 00:00:00 +00:00", "1970-01-02T00:00:00"),
    ],
)
def test_times(value, units, moment):
    (found,) = decode(np.array([value]), units, "gregorian", NOWHERE)
    assert np.datetime64(int(found), "us") == np.datetime64(moment)


@given(st.sets(st.integers(0, 60), min_size=2))
def test_gaps_are_what_is_not_there(hours):
    there = np.array(sorted(hours), np.int64) * HOUR
    spans = gaps(there, 0, 60 * HOUR, HOUR)
    missing = {hour for low, high in spans for hour in range(low // HOUR, high // HOUR)}
    assert missing == set(range(61)) - hours
    assert all(high > low for low, high in spans)


@given(st.lists(st.lists(st.integers(0, 30), unique=True, min_size=1, max_size=10), min_size=1, max_size=4))
def test_a_timeline_finds_every_hour_once(files):
    line = timeline([(number, np.array(hours, np.int64)) for number, hours in enumerate(files)])
    wanted = np.arange(31, dtype=np.int64)
    found = {
        position + step: (file, first + step)
        for position, file, first, count in line.runs(wanted)
        for step in range(count)
    }
    assert set(found) == {hour for hours in files for hour in hours}
    for hour, (file, place) in found.items():
        assert files[file][place] == hour
        assert file == min(number for number, hours in enumerate(files) if hour in hours)


@pytest.mark.parametrize("units", ["hours since 2023-01-01 00:00 +05:00", "days after 2023-01-01", ""])
def test_times_that_are_not_utc_or_not_told(units):
    with pytest.raises(Refusal) as refused:
        decode(np.array([1]), units, "", NOWHERE)
    assert refused.value.code == "weather-time-units"


def test_one_hour_has_a_step():
    assert even_step(np.array([5]), NOWHERE) == HOUR


def test_surveys():
    empty, blank = survey(np.empty((0, 1, 1), np.float32)), survey(np.full((2, 1, 1), np.nan, np.float32))
    assert (empty.missing, blank.missing) == (0, 2)
    check("temperature", blank, ("t2m",), NOWHERE)  # nothing there is nothing wrong
    found = survey(np.array([[[1, np.nan, 3]]], np.float32))
    assert (found.missing, found.lowest, found.highest) == (1, 1, 3)


def test_degrees_where_radians_belong():
    with pytest.raises(Refusal) as refused:
        check("wnd_azimuth", survey(np.array([[[0, 359]]], np.float32)), ("wnd_azimuth",), NOWHERE)
    assert refused.value.arguments["suspect"] == "degree"


def test_coordinates_in_two_dimensions_or_beyond_the_circle():
    with pytest.raises(Refusal, match="latitude-longitude"):
        axes(np.zeros((2, 2)), np.zeros((2, 2)), ("", ""), NOWHERE)
    with pytest.raises(Refusal, match="latitude-longitude"):
        axes(np.array([1.0, 0.0]), np.array([400.0, 401.0]), ("", ""), NOWHERE)
    with pytest.raises(Refusal, match="even squares"):
        axes(np.array([1.0]), np.array([1.0]), ("", ""), NOWHERE)


@given(
    rows=st.integers(1, 60),
    columns=st.integers(1, 1200),
    steps=st.integers(1, 20_000),
    itemsize=st.sampled_from((2, 4)),
)
def test_every_cell_has_a_place_of_its_own(rows, columns, steps, itemsize):
    layout = choose(Grid(0, 0, 900, rows, columns), steps)
    assert layout.chunk_bytes(4) <= 8_000_000
    assert layout.shard_bounds(layout.shard_count - 1)[1] == layout.chunk_count
    assert layout.bounds(layout.chunk_count - 1)[1] == steps
    cells = [(row, column) for row in {0, rows // 2, rows - 1} for column in {0, columns // 3, columns - 1}]
    places = {cell: layout.place_of(*cell, itemsize) for cell in cells}
    assert len(set(places.values())) == len(cells)
    for row_tile, column_tile, offset in places.values():
        down, across = layout.windows(row_tile, column_tile)
        assert (row_tile, column_tile) in layout.tiles()
        assert 0 <= offset <= (down * across - 1 / 16) * layout.window_bytes(itemsize)


def test_addresses():
    assert _public("gs://bucket/a/b.zarr/") == "https://storage.googleapis.com/bucket/a/b.zarr"
    assert _public("s3://bucket/b.zarr") == "https://bucket.s3.amazonaws.com/b.zarr"
    assert _public("https://example.org/b.zarr") == "https://example.org/b.zarr"


def _run(work):
    """On a thread of its own: where a browser test ran before, this thread already has a running loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def test_zarrs_view_of_an_address(monkeypatch):
    from zarr.abc.store import OffsetByteRequest, RangeByteRequest, SuffixByteRequest
    from zarr.core.buffer import default_buffer_prototype

    asked = []

    def request(self, method, url, *, headers=None, body=None):
        asked.append((url, dict(headers or {}).get("Range")))
        status = 404 if url.endswith("missing") else 206 if headers else 200
        return Answer(status, {}, b"abc", url)

    monkeypatch.setattr(Outgoing, "request", request)
    store, kind = AddressStore("https://example.org/z", Outgoing()), default_buffer_prototype()

    async def ask():
        parts = [
            ("a", RangeByteRequest(2, 5)),
            ("a", OffsetByteRequest(7)),
            ("a", SuffixByteRequest(9)),
            ("missing", None),
        ]
        found = await store.get_partial_values(kind, parts)
        return (
            [None if one is None else one.to_bytes() for one in found],
            await store.exists("a"),
            await store.exists("missing"),
        )

    assert _run(ask()) == ([b"abc", b"abc", b"abc", None], True, False)
    assert [part for _, part in asked[:4]] == ["bytes=2-4", "bytes=7-", "bytes=-9", None]
    assert store == AddressStore("https://example.org/z", Outgoing())
    assert not (store.supports_writes or store.supports_deletes or store.supports_listing)
    for word in ("list",):
        with pytest.raises(NotImplementedError):
            getattr(store, word)()
    for word in ("list_prefix", "list_dir"):
        with pytest.raises(NotImplementedError):
            getattr(store, word)("a")
    for work in (store.set("a", None), store.delete("a")):
        with pytest.raises(NotImplementedError):
            _run(work)


def test_what_is_unpacked_is_not_unpacked_again(tmp_path):
    from .published import raw, write_era5, write_zip

    values, latitudes, longitudes, stamps, _ = raw(hours=24)
    file = write_era5(tmp_path / "a.nc", {"t2m": values["t2m"]}, latitudes, longitudes, stamps)
    archive, scratch = write_zip(tmp_path / "a.zip", [file]), tmp_path / "scratch"
    scratch.mkdir()
    first = open_source(str(archive), scratch, Silent())
    first.close()
    (unpacked,) = (scratch / "a.zip.unpacked").iterdir()
    before = unpacked.stat().st_mtime_ns
    progress = Silent()
    again = open_source(str(archive), scratch, progress)
    again.close()
    assert (again.inputs, unpacked.stat().st_mtime_ns) == (first.inputs, before)
    assert progress.steps == {}  # nor is its checksum taken again
