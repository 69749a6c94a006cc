"""The queue of the Copernicus data stores, played by the local server."""

import json
from typing import Any

import pytest

from jasyl.atlas.sources import Transfer, Wanted, fetch, fetched, place_of
from jasyl.atlas.sources.queue import jobs
from jasyl.jobs import Cancelled, Silent
from jasyl.storage import DataFolder

from .conftest import Publisher, md5
from .test_fetch import at, refused

CONTENT = b"\x89HDF\r\n\x1a\n" + bytes(5000)
KEY = {"JASYL_CDS_KEY": "secret-key"}
API = "/api/retrieve/v1"
EXECUTION = f"{API}/processes/reanalysis-era5-single-levels/execution"


def play(handler: type[Publisher], *statuses: str, checksum: str | None = None) -> None:
    """A store that goes through ``statuses``, the last for ever, and gives CONTENT."""
    asked: list[str] = []

    def status(one: Publisher) -> None:
        if one.command == "DELETE":
            one.document(200, {"status": "dismissed"})
            return
        asked.append(one.path)
        one.document(200, {"jobID": "j1", "status": statuses[min(len(asked), len(statuses)) - 1]})

    value = {"href": "/files/x.nc", "file:size": len(CONTENT), "file:checksum": checksum or md5(CONTENT)}
    handler.answers[EXECUTION] = lambda one: one.document(201, {"jobID": "j1", "status": "accepted"})
    handler.answers[f"{API}/jobs/j1"] = status
    handler.answers[f"{API}/jobs/j1/results"] = lambda one: one.document(200, {"asset": {"value": value}})
    handler.answers["/files/x.nc"] = lambda one: one.file(CONTENT)


@pytest.fixture
def january(monkeypatch: pytest.MonkeyPatch) -> None:
    """One job instead of twelve."""
    monkeypatch.setattr("jasyl.atlas.sources.fetching.jobs", lambda *arguments: jobs(*arguments)[:1])


WANTED = Wanted(years=(2023,), window=(70, 50, 72, 52))


@pytest.mark.usefixtures("january")
def test_a_job_is_asked_for_waited_for_and_fetched(
    server: Any, how: Transfer, empty: DataFolder, waits: list[float]
) -> None:
    url, handler = server
    play(handler, "accepted", "running", "running", "successful")
    record = fetch(empty, at(url, "era5"), WANTED, how=how, environment=KEY)
    assert [(one.name, one.verified) for one in record.files] == [("era5_2023_01.nc", "md5")]
    assert (place_of(empty, "era5") / "era5_2023_01.nc").read_bytes() == CONTENT
    assert waits == [2.0, 3.0, 4.5]
    method, path, headers, body = handler.seen[0]
    assert (method, path, headers["private-token"]) == ("POST", EXECUTION, "secret-key")
    inputs = json.loads(body)["inputs"]
    assert inputs["area"] == [52, 70, 50, 72]  # north, west, south, east
    assert (inputs["year"], inputs["month"], len(inputs["day"]), len(inputs["time"])) == (["2023"], ["01"], 31, 24)
    assert handler.seen[-1][0] == "DELETE"
    assert not list(place_of(empty, "era5").glob("*.job.json"))


@pytest.mark.usefixtures("january")
def test_an_interrupted_wait_goes_on_with_the_same_job(server: Any, how: Transfer, empty: DataFolder) -> None:
    url, handler = server
    play(handler, "accepted", "accepted", "successful")

    class Stopping(Silent):
        def step(self, name: str, done: int, total: int | None = None) -> None:
            super().step(name, done, total)
            if name == "fetch-step-queue" and done == 1:
                raise Cancelled

    with pytest.raises(Cancelled):
        stopping = Transfer(how.client, Stopping(), how.pause, 0)
        fetch(empty, at(url, "era5"), WANTED, how=stopping, environment=KEY)
    fetch(empty, at(url, "era5"), WANTED, how=how, environment=KEY)
    assert [path for method, path, _, _ in handler.seen if method == "POST"] == [EXECUTION]


@pytest.mark.usefixtures("january")
def test_what_the_store_refuses(server: Any, how: Transfer, empty: DataFolder) -> None:
    url, handler = server
    said = {"title": "required licences not accepted", "detail": "accept them"}
    handler.answers[EXECUTION] = lambda one: one.document(403, said)
    call = (empty, at(url, "era5"), WANTED)
    assert "licences not accepted" in refused("fetch-key-refused", *call, how=how, environment=KEY).text("en")
    handler.answers[EXECUTION] = lambda one: one.document(400, {"title": "cost limits exceeded"})
    assert "cost limits" in refused("fetch-job-failed", *call, how=how, environment=KEY).text("ru")
    handler.answers[EXECUTION] = lambda one: one.send(200, b"<html>")
    refused("fetch-job-failed", *call, how=how, environment=KEY)
    handler.answers[EXECUTION] = lambda one: one.send(400, b"<html>")
    refused("fetch-job-failed", *call, how=how, environment=KEY)
    play(handler, "running", "failed")
    handler.answers[f"{API}/jobs/j1/results"] = lambda one: one.document(
        400, {"title": "job failed", "traceback": "MARS"}
    )
    assert "MARS" in refused("fetch-job-failed", *call, how=how, environment=KEY).text("kk")
    assert not list(place_of(empty, "era5").glob("*.job.json"))
    play(handler, "successful", checksum="0" * 32)
    refused("fetch-checksum", *call, how=how, environment=KEY)
    refused("fetch-key-missing", *call, how=how, environment={})
    assert not (fetched(place_of(empty, "era5")) or pytest.fail("no record")).files


@pytest.mark.usefixtures("january")
@pytest.mark.parametrize("gone", ["job", "account", "file"])
def test_an_earlier_job_that_is_gone_is_asked_for_anew(
    server: Any, how: Transfer, empty: DataFolder, gone: str
) -> None:
    """Days later the store has let go of the job or of what it made, or the key is of another account."""
    url, handler = server
    call = (empty, at(url, "era5"), WANTED)
    play(handler, "successful", checksum="0" * 32)
    refused("fetch-checksum", *call, how=how, environment=KEY)
    handler.seen.clear()
    play(handler, "successful")
    ready = handler.answers[f"{API}/jobs/j1"]
    status = {"job": 404, "account": 403}.get(gone)
    if status is None:
        handler.answers["/files/x.nc"] = lambda one: one.send(404, b"{}") if posts(one) == 0 else one.file(CONTENT)
    else:
        handler.answers[f"{API}/jobs/j1"] = lambda one: (
            one.document(status, {"title": "gone"}) if posts(one) == 0 else ready(one)
        )
    record = fetch(*call, how=how, environment=KEY)
    assert [one.name for one in record.files] == ["era5_2023_01.nc"]
    assert [path for method, path, _, _ in handler.seen if method == "POST"] == [EXECUTION]


def posts(one: Publisher | type[Publisher]) -> int:
    return sum(method == "POST" for method, _, _, _ in one.seen)


@pytest.mark.usefixtures("january")
def test_a_job_that_the_store_forgets_at_once(server: Any, how: Transfer, empty: DataFolder) -> None:
    url, handler = server
    play(handler, "successful")
    handler.answers[f"{API}/jobs/j1"] = lambda one: one.send(404, b"{}")
    refused("fetch-job-failed", empty, at(url, "era5"), WANTED, how=how, environment=KEY)
    assert posts(handler) == 1
    assert not list(place_of(empty, "era5").glob("*.job.json"))


@pytest.mark.usefixtures("january")
def test_a_busy_store(server: Any, how: Transfer, empty: DataFolder, waits: list[float]) -> None:
    url, handler = server
    play(handler, "successful")
    ready = handler.answers[EXECUTION]
    handler.answers[EXECUTION] = lambda one: one.send(429, b"", Retry_After="3") if one.count == 1 else ready(one)
    fetch(empty, at(url, "era5"), WANTED, how=how, environment=KEY)
    assert waits == [3.0]


def test_what_is_asked_of_each_store() -> None:
    era5 = jobs(at("https://x", "era5"), Wanted(years=(2022, 2023)))
    assert len(era5) == 24
    assert era5[0][1]["product_type"] == ["reanalysis"]
    land = jobs(at("https://x", "era5-land"), Wanted(years=(2023,), variables=("runoff",)))
    assert (land[11][0].name, land[11][1]["variable"]) == ("era5-land_2023_12.nc", ["runoff"])
    flood = jobs(at("https://x", "glofas"), Wanted(years=(2023,)))
    assert flood[0][1]["hmonth"] == ["01"]
    assert "year" not in flood[0][1]


STORE = "/gcp-public-data-arco-era5/ar/full_37-1h-0p25deg-chunk-1.zarr-v3"


def _metadata() -> dict[str, Any]:
    """Two variables of 3 x 4 cells over hours from 1900, in chunks of an hour, and a constant field."""
    array = {"zarr_format": 2, "dtype": "<f4", "compressor": None, "fill_value": "NaN", "filters": None, "order": "C"}
    timed = {"shape": [1_051_900, 3, 4], "chunks": [1000, 3, 4]}
    axes = {"time": [1_051_900], "latitude": [3], "longitude": [4]}
    found: dict[str, Any] = {".zgroup": {"zarr_format": 2}, ".zattrs": {}}
    for name, size in axes.items():
        found[f"{name}/.zarray"] = {**array, "shape": size, "chunks": size}
        found[f"{name}/.zattrs"] = {"_ARRAY_DIMENSIONS": [name]}
    for name in ("2m_temperature", "100m_u_component_of_wind", "other"):
        found[f"{name}/.zarray"] = {**array, **timed}
        found[f"{name}/.zattrs"] = {"_ARRAY_DIMENSIONS": ["time", "latitude", "longitude"]}
    found["geopotential_at_surface/.zarray"] = {**array, "shape": [3, 4], "chunks": [3, 4]}
    found["geopotential_at_surface/.zattrs"] = {"_ARRAY_DIMENSIONS": ["latitude", "longitude"]}
    return {"metadata": found, "zarr_consolidated_format": 1}


def test_pieces_of_a_public_store(server: Any, how: Transfer, empty: DataFolder) -> None:
    """Chunks of the year asked for and of the hour after it; the constant field whole; a hole is no error."""
    url, handler = server
    handler.answers[f"{STORE}/.zmetadata"] = lambda one: one.document(200, _metadata())
    # 2019 is hours 1,043,136 to 1,051,895 after 1900: chunks 1043 to 1051.
    for number in range(1043, 1052):
        handler.answers[f"{STORE}/2m_temperature/{number}.0.0"] = lambda one: one.file(bytes(48))
    for name in ("time/0", "latitude/0", "longitude/0", "geopotential_at_surface/0.0"):
        handler.answers[f"{STORE}/{name}"] = lambda one: one.file(bytes(16))
    del handler.answers[f"{STORE}/2m_temperature/1045.0.0"]
    source = at(url, "arco-era5")
    wanted = Wanted(years=(2019,), variables=("2m_temperature", "geopotential_at_surface"))
    record = fetch(empty, source, wanted, how=how)
    names = {one.name for one in record.files}
    assert len(names) == 8 + 4
    assert record.missing == ("store.zarr/2m_temperature/1045.0.0",)
    store = place_of(empty, "arco-era5") / "store.zarr"
    kept = json.loads((store / ".zmetadata").read_text())["metadata"]
    assert "other/.zarray" not in kept
    assert json.loads((store / "time" / ".zarray").read_text())["chunks"] == [1_051_900]


def test_a_store_that_is_none(server: Any, how: Transfer, empty: DataFolder) -> None:
    url, handler = server
    wanted = Wanted(years=(2019,))
    refused("fetch-store", empty, at(url, "arco-era5"), wanted, how=how)
    handler.answers[f"{STORE}/.zmetadata"] = lambda one: one.document(200, _metadata())
    said = refused("fetch-store", empty, at(url, "arco-era5"), wanted, how=how)
    assert "surface_solar_radiation_downwards" in said.text("en")
    # The policy of the shipped client holds here too: no host of this machine.
    refused("outgoing-forbidden", empty, at(url, "arco-era5"), wanted, how=Transfer(pause=how.pause))
