"""A conversion that is killed anywhere goes on where it stopped, and ends with the very same bytes."""

import functools
import hashlib
import http.server
import subprocess
import sys
import textwrap
import threading

import numpy as np
import pytest

from jasyl.atlas.weather import Wish, convert, open_store, stores, verify
from jasyl.atlas.weather.journal import Journal
from jasyl.jobs import Cancelled, Silent
from jasyl.texts import Refusal

from .published import raw, write_era5
from .test_published import write_arco


def bytes_of(folder, name="small"):
    """SHA-256 of every file of a store."""
    place = folder.atlas / "weather" / name
    files = sorted(path for path in place.rglob("*") if path.is_file())
    return {str(path.relative_to(place)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class Stop(Silent):
    """Progress that is cancelled at its n-th step."""

    def __init__(self, after):
        super().__init__()
        self.after = after

    def step(self, name, done, total=None):
        self.after -= 1
        if self.after < 0:
            raise Cancelled
        super().step(name, done, total)


def test_cancelled_at_every_step_it_goes_on_and_ends_the_same(folder, converted, cutout, monkeypatch):
    whole = bytes_of(folder)
    (folder.atlas / "weather/small").rename(folder.atlas / "whole")
    blocks = []
    from jasyl.atlas.weather.reader import Reader

    block = Reader.block
    monkeypatch.setattr(Reader, "block", lambda self, first, *rest: blocks.append(first) or block(self, first, *rest))
    rounds = 0
    while not (folder.atlas / "weather/small").exists():
        rounds += 1
        assert rounds < 200
        try:
            convert(folder, str(cutout), "small", Wish(), Stop(after=4 + rounds))
        except Cancelled:
            assert stores(folder) == []
    assert rounds > 3
    assert blocks == [0, 96, 192]  # no block was read twice
    assert bytes_of(folder) == whole


def test_a_crash_between_writing_and_noting_is_mended(folder, converted, cutout, monkeypatch):
    whole = bytes_of(folder)
    (folder.atlas / "weather/small").rename(folder.atlas / "whole")
    append, notes = Journal._append, []

    def crash(self, line):
        notes.append(line)
        if len(notes) in {2, 5}:
            raise OSError("no power")
        append(self, line)

    monkeypatch.setattr(Journal, "_append", crash)
    for _ in range(2):
        with pytest.raises(OSError, match="no power"):
            convert(folder, str(cutout), "small", Wish())
    journal = folder.atlas / "weather/.small.part/journal.jsonl"
    with journal.open("ab") as file:
        file.write(b'{"chunk": 2, "fie')  # a line cut in half
    convert(folder, str(cutout), "small", Wish())
    assert bytes_of(folder) == whole


def test_a_killed_process_goes_on(folder, converted, cutout):
    whole = bytes_of(folder)
    (folder.atlas / "weather/small").rename(folder.atlas / "whole")
    code = textwrap.dedent(
        f"""
        import os, signal
        from jasyl.atlas.weather import convert, layout
        from jasyl.jobs import Silent
        from jasyl.storage import open_folder
        from pathlib import Path

        layout.CHUNK_STEPS, layout.SHARD_STEPS, layout.TILE_ROWS, layout.TILE_COLUMNS = (96,), 192, 4, 8

        class Kill(Silent):
            def step(self, name, done, total=None):
                if name == "weather-step-series" and done == 3:
                    os.kill(os.getpid(), signal.SIGKILL)

        convert(open_folder(Path({str(folder.path)!r})), {str(cutout)!r}, "small", progress=Kill())
        """
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == -9
    assert (folder.atlas / "weather/.small.part/journal.jsonl").exists()
    convert(folder, str(cutout), "small", Wish())
    assert bytes_of(folder) == whole


def test_another_plan_does_not_go_on_with_the_first(folder, cutout, small_shards):
    with pytest.raises(Cancelled):
        convert(folder, str(cutout), "small", Wish(), Stop(after=3))
    with pytest.raises(Refusal) as refused:
        convert(folder, str(cutout), "small", Wish(packing="int16"))
    assert (refused.value.code, refused.value.arguments["different"]) == ("weather-plan-differs", "fields")
    with pytest.raises(Refusal) as refused:
        convert(folder, str(cutout) + "x", "small")
    assert refused.value.code == "weather-source-missing"
    convert(folder, str(cutout), "small", Wish())  # the work begun first is still there
    with pytest.raises(Refusal) as refused:
        convert(folder, str(cutout), "small", Wish())
    assert refused.value.code == "weather-store-taken"


def test_two_at_once_are_one_too_many(folder, cutout):
    with folder.locked("weather-small"), pytest.raises(Refusal) as refused:
        convert(folder, str(cutout), "small")
    assert refused.value.code == "folder-in-use"


def test_progress_is_told(folder, cutout, small_shards):
    progress = Silent()
    convert(folder, str(cutout), "small", Wish(), progress)
    assert progress.steps["weather-step-map"] == (3, 3)
    assert progress.steps["weather-step-series"][0] == 2 * 2 * 12 * 2  # tiles, fields, shards


class Quiet(http.server.SimpleHTTPRequestHandler):
    """A publisher on this machine, quiet, that can break down."""

    broken = False

    def do_GET(self):
        if Quiet.broken and "temperature" in self.path and "/c" not in self.path and not self.path.endswith(".json"):
            self.send_error(500)
            return
        super().do_GET()

    def log_message(self, *_):
        pass


@pytest.fixture
def publisher(tmp_path):
    (tmp_path / "public").mkdir()
    handler = functools.partial(Quiet, directory=str(tmp_path / "public"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield tmp_path / "public", f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()
    Quiet.broken = False


@pytest.mark.parametrize("version", [2, 3])
def test_zarr_from_a_server(folder, publisher, version):
    place, address = publisher
    era5 = raw(hours=48)
    write_arco(place / "arco.zarr", era5, version)
    record = convert(folder, f"{address}/arco.zarr", "arco", Wish(private=True))
    assert record.inputs.keys() == {"arco.zarr"}
    source = open_store(folder, "arco")
    temperature = np.concatenate([chunk.fields["temperature"] for chunk in source.chunks(["temperature"])])
    np.testing.assert_array_equal(temperature, era5[0]["t2m"])
    verify(source)


def test_a_server_that_fails_is_not_weather_that_is_missing(folder, publisher):
    place, address = publisher
    write_arco(place / "arco.zarr", raw(hours=24), 2)
    Quiet.broken = True
    with pytest.raises(Refusal) as refused:
        convert(folder, f"{address}/arco.zarr", "arco", Wish(private=True))
    assert refused.value.code == "outgoing-failed"
    Quiet.broken = False
    convert(folder, f"{address}/arco.zarr", "arco", Wish(private=True))


def test_an_address_of_the_own_network_needs_to_be_allowed(folder, publisher):
    _, address = publisher
    with pytest.raises(Refusal) as refused:
        convert(folder, f"{address}/arco.zarr", "arco")
    assert refused.value.code == "outgoing-forbidden"


def test_a_zarr_folder_that_is_none(folder, tmp_path):
    (tmp_path / "x.zarr").mkdir()
    (tmp_path / "x.zarr/zarr.json").write_text('{"zarr_format": 3, "node_type": "group", "attributes": 1}')
    with pytest.raises(Refusal) as refused:
        convert(folder, str(tmp_path / "x.zarr"), "x")
    assert refused.value.code == "weather-file-damaged"
    (tmp_path / "x.zarr/zarr.json").write_text('{"zarr_format": 3, "node_type": "group", "attributes": {}}')
    with pytest.raises(Refusal) as refused:
        convert(folder, str(tmp_path / "x.zarr"), "x")
    assert refused.value.code == "weather-unknown"


def test_a_chunk_of_a_zarr_folder_that_is_cut_off(folder, tmp_path):
    write_arco(tmp_path / "x.zarr", raw(hours=24), 3)
    chunk = tmp_path / "x.zarr/2m_temperature/c/0/0/0"
    chunk.write_bytes(chunk.read_bytes()[:40])
    with pytest.raises(Refusal) as refused:
        convert(folder, str(tmp_path / "x.zarr"), "x")
    assert (refused.value.code, refused.value.where.field) == ("weather-file-damaged", "2m_temperature")


def test_a_wide_grid_has_shorter_chunks_and_stays_whole(folder, tmp_path, monkeypatch):
    """The rule for large grids, on a small one: chunks of one day, shards of two, tiles of 4 × 4 cells."""
    from jasyl.atlas.weather import layout

    monkeypatch.setattr(layout, "CHUNK_BYTES", 24 * 7 * 10 * 4)
    monkeypatch.setattr(layout, "SHARD_BYTES", 48 * 7 * 10 * 4)
    monkeypatch.setattr(layout, "TILE_ROWS", 4)
    monkeypatch.setattr(layout, "TILE_COLUMNS", 4)
    values, latitudes, longitudes, stamps, _ = raw(hours=130)
    file = write_era5(tmp_path / "x.nc", {"t2m": values["t2m"]}, latitudes, longitudes, stamps)
    record = convert(folder, str(file), "small")
    assert (record.chunk_steps, record.shard_chunks, record.tile) == (24, 2, (4, 4))
    source = open_store(folder, "small")
    verify(source)
    for row, column in ((0, 0), (3, 4), (6, 9), (4, 3)):
        np.testing.assert_array_equal(source.series("temperature", row, column), values["t2m"][:, row, column])
    import xarray

    with xarray.open_zarr(source.path / "series.zarr", zarr_format=3, consolidated=False) as found:
        np.testing.assert_array_equal(found["temperature"].transpose("time", "y", "x").values, values["t2m"])
