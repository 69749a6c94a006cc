import hashlib
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from jasyl.atlas.sources import Publisher, Transfer, Wanted, fetch, fetched, place_of, publisher
from jasyl.jobs import Cancelled, Silent
from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES, Refusal

from .conftest import PBF, TIFF, md5

NAME = "KAZ_wind-speed_100m.tif"
ONE = Wanted(variables=("wind-speed",), heights=(100,))


def at(url: str, source: str, **more: Any) -> Publisher:
    """A source of the catalogue whose address is on this machine."""
    known = publisher(source)
    addresses = tuple(f"{url}/{address.split('/', 3)[3]}" for address in known.address)
    return msgspec.structs.replace(known, address=addresses, **more)


def refused(code: str, *call: Any, **more: Any) -> Refusal:
    with pytest.raises(Refusal) as caught:
        fetch(*call, **more)
    assert caught.value.code == code, str(caught.value)
    assert len({caught.value.text(language) for language in LANGUAGES}) == 3
    return caught.value


def test_a_file_arrives_with_its_licence(server: Any, how: Transfer, empty: DataFolder) -> None:
    """Through the redirect that the Global Wind Atlas answers with; record, hash, and nothing fetched twice."""
    url, handler = server
    handler.answers["/api/gis/country/KAZ/wind-speed/100"] = lambda one: one.send(302, b"", Location="/cdn/x.tif")
    handler.answers["/cdn/x.tif"] = lambda one: one.file()
    source = at(url, "gwa")
    record = fetch(empty, source, ONE, how=how)
    place = place_of(empty, "gwa")
    assert (place / NAME).read_bytes() == TIFF
    assert record == fetched(place)
    assert record.source.licence == "CC BY 4.0"
    assert "DTU" in (record.source.attribution or "")
    (one,) = record.files
    assert (one.name, one.size, one.verified) == (NAME, len(TIFF), "size")
    assert one.sha256 == hashlib.sha256(TIFF).hexdigest()
    before = len(handler.seen)
    assert fetch(empty, source, ONE, how=how) == record
    assert len(handler.seen) == before
    (place / NAME).write_bytes(b"II*\0")  # somebody cut it
    assert fetch(empty, source, ONE, how=how).files[0].sha256 == one.sha256
    assert fetch(empty, source, ONE, how=how, again=True).files[0].sha256 == one.sha256


def test_a_download_cut_half_way_goes_on(server: Any, how: Transfer, empty: DataFolder, waits: list[float]) -> None:
    url, handler = server
    handler.answers["/api/gis/country/KAZ/wind-speed/100"] = lambda one: one.cut()
    fetch(empty, at(url, "gwa"), ONE, how=how)
    assert (place_of(empty, "gwa") / NAME).read_bytes() == TIFF
    assert handler.seen[-1][2]["range"] == "bytes=100000-"
    assert waits == [1.0]


def test_a_busy_server_is_asked_again_when_it_says(
    server: Any, how: Transfer, empty: DataFolder, waits: list[float]
) -> None:
    """429 and 503 with Retry-After; without it ever longer; what had arrived is kept meanwhile."""
    url, handler = server

    def answer(one: Any) -> None:
        match one.count:
            case 1:
                one.cut()
            case 2:
                one.send(429, b"", Retry_After="7")
            case 3:
                one.send(503, b"", Retry_After="99999")
            case 4:
                one.send(502, b"", Retry_After="Wed, 21 Oct 2026 07:28:00 GMT")
            case _:
                one.file()

    handler.answers["/api/gis/country/KAZ/wind-speed/100"] = answer
    fetch(empty, at(url, "gwa"), ONE, how=how)
    assert waits == [1.0, 7.0, 900.0, 8.0]
    assert handler.seen[-1][2]["range"] == "bytes=100000-"


def test_patience_ends(server: Any, how: Transfer, empty: DataFolder, waits: list[float]) -> None:
    url, handler = server
    handler.answers["/api/gis/country/KAZ/wind-speed/100"] = lambda one: one.send(503, b"")
    refused("outgoing-failed", empty, at(url, "gwa"), ONE, how=how)
    assert waits == [1.0, 2.0, 4.0, 8.0, 16.0]
    handler.answers["/api/gis/country/KAZ/wind-speed/100"] = lambda one: one.send(410, b"")
    refused("outgoing-failed", empty, at(url, "gwa"), ONE, how=how)
    assert len(waits) == 5


def test_a_page_instead_of_a_raster(server: Any, how: Transfer, empty: DataFolder) -> None:
    url, handler = server
    page = b"<!doctype html><title>We are down for maintenance</title>"
    handler.answers["/api/gis/country/KAZ/wind-speed/100"] = lambda one: one.send(200, page)
    assert "maintenance" in refused("fetch-content", empty, at(url, "gwa"), ONE, how=how).text("en")
    assert not (place_of(empty, "gwa") / NAME).exists()
    assert not fetch_files(empty, "gwa")


def fetch_files(folder: DataFolder, source: str) -> tuple[Any, ...]:
    record = fetched(place_of(folder, source))
    return record.files if record else ()


def test_a_checksum_beside_the_file(server: Any, how: Transfer, empty: DataFolder) -> None:
    url, handler = server
    path = "/asia/kazakhstan-latest.osm.pbf"
    handler.answers[path] = lambda one: one.file(PBF)
    handler.answers[f"{path}.md5"] = lambda one: one.send(200, f"{'0' * 32}  x.pbf\n".encode())
    refused("fetch-checksum", empty, at(url, "osm"), how=how)
    assert not (place_of(empty, "osm") / "kazakhstan-latest.osm.pbf").exists()
    handler.answers[f"{path}.md5"] = lambda one: one.send(200, f"{md5(PBF)}  x.pbf\n".encode())
    (one,) = fetch(empty, at(url, "osm"), how=how).files
    assert one.verified == "md5"
    handler.answers[f"{path}.md5"] = lambda one: one.send(404, b"")
    refused("outgoing-failed", empty, at(url, "osm"), how=how, again=True)


def test_tiles_of_the_sea_are_missing(server: Any, how: Transfer, empty: DataFolder) -> None:
    url, handler = server
    name = "Copernicus_DSM_COG_30_N43_00_E051_00_DEM"
    handler.answers[f"/{name}/{name}.tif"] = lambda one: one.file()
    record = fetch(empty, at(url, "glo90"), Wanted(window=(50.2, 43.1, 51.9, 43.9)), how=how)
    assert [one.name for one in record.files] == [f"{name}.tif"]
    assert record.missing == ("Copernicus_DSM_COG_30_N43_00_E050_00_DEM.tif",)


def test_no_room_on_the_disk(server: Any, how: Transfer, empty: DataFolder) -> None:
    url, handler = server
    handler.answers["/api/gis/country/KAZ/wind-speed/100"] = lambda one: one.file()
    crowded = Transfer(how.client, pause=how.pause, reserve=10**18)
    refused("fetch-no-space", empty, at(url, "gwa"), ONE, how=crowded)


def test_somebody_stops_it_and_goes_on_later(server: Any, how: Transfer, empty: DataFolder) -> None:
    url, handler = server
    handler.answers["/api/gis/country/KAZ/wind-speed/100"] = lambda one: one.file()

    class Stopping(Silent):
        def step(self, name: str, done: int, total: int | None = None) -> None:
            super().step(name, done, total)
            if name == "fetch-step-bytes":
                self.token.cancel()

    with pytest.raises(Cancelled):
        fetch(empty, at(url, "gwa"), ONE, how=Transfer(how.client, Stopping(), how.pause, 0))
    part = place_of(empty, "gwa") / f"{NAME}.part"
    size = part.stat().st_size
    assert 0 < size < len(TIFF)
    heard = Silent()
    fetch(empty, at(url, "gwa"), ONE, how=Transfer(how.client, heard, how.pause, 0))
    assert handler.seen[-1][2]["range"] == f"bytes={size}-"
    assert heard.steps["fetch-step-bytes"] == (len(TIFF), len(TIFF))
    assert heard.steps["fetch-step-files"] == (1, 1)


def test_keys_go_where_they_belong(server: Any, how: Transfer, empty: DataFolder) -> None:
    url, handler = server
    box = Wanted(window=(71.1, 51.1, 71.2, 51.2))
    path = "/lp-prod-protected/SRTMGL1.003/N51E071.SRTMGL1.hgt/N51E071.SRTMGL1.hgt.zip"
    elsewhere = url.replace("localhost", "127.0.0.1")
    handler.answers[path] = lambda one: one.send(302, b"", Location=f"{elsewhere}/signed")
    handler.answers["/signed"] = lambda one: one.file(b"PK\x03\x04" + bytes(100))
    assert "JASYL_EARTHDATA_TOKEN" in refused(
        "fetch-key-missing", empty, at(url, "srtm"), box, how=how, environment={}
    ).text("kk")
    fetch(empty, at(url, "srtm"), box, how=how, environment={"JASYL_EARTHDATA_TOKEN": "tell-nobody"})
    assert handler.seen[0][2]["authorization"] == "Bearer tell-nobody"
    assert "authorization" not in handler.seen[1][2]  # another server
    assert "tell-nobody" not in (place_of(empty, "srtm") / "source.json").read_text()
    handler.answers[path] = lambda one: one.send(401, b"")
    refused(
        "fetch-key-refused",
        empty,
        at(url, "srtm"),
        box,
        how=how,
        again=True,
        environment={"JASYL_EARTHDATA_TOKEN": "x"},
    )
    merit = at(url, "merit", format="tar")
    refused("outgoing-failed", empty, merit, box, how=how, environment={"JASYL_MERIT_LOGIN": "name:word"})
    assert handler.seen[-1][2]["authorization"] == "Basic bmFtZTp3b3Jk"


def test_what_nobody_can_fetch(how: Transfer, empty: DataFolder) -> None:
    refused("source-unknown", empty, "moon", how=how)
    assert "cmsaf" in refused("fetch-by-hand", empty, "sarah3", how=how).text("ru")
    for wanted, source in [
        (Wanted(country="KGZ"), "gsa"),
        (Wanted(variables=("moonlight",)), "gwa"),
        (Wanted(resolution="1s"), "worldclim"),
        (Wanted(heights=(77,)), "gwa"),
    ]:
        refused("fetch-argument", empty, source, wanted, how=how)
    assert "--at 71.43,51.13" in refused("fetch-option", empty, "pvgis", Wanted(), how=how).text("kk")
    assert "--years" in refused("fetch-option", empty, "arco-era5", Wanted(), how=how).text("ru")
    refused("fetch-place", empty, "power", Wanted(place=(43.3, 175)), how=how)
    exchanged = refused("fetch-place-exchanged", empty, "power", Wanted(place=(51.13, 71.43)), how=how)
    assert "--at 71.43,51.13" in exchanged.text("en")
    refused("window-antimeridian", empty, "glo90", Wanted(window=(88, 40, 46, 56)), how=how)
    refused("window-edges", empty, "glo90", Wanted(window=(40, 46, 56, 91)), how=how)


def test_a_record_that_cannot_be_read(empty: DataFolder, how: Transfer, tmp_path: Path) -> None:
    place = place_of(empty, "gwa")
    place.mkdir(parents=True)
    (place / "source.json").write_text('{"publisher": 3}')
    refused("fetch-record", empty, "gwa", ONE, how=how)


def test_the_wait_hears_a_stop() -> None:
    stopped = Silent()
    stopped.token.cancel()
    with pytest.raises(Cancelled):
        Transfer().pause(100, stopped)
    Transfer().pause(0.01, Silent())


def test_the_catalogue_says_everything() -> None:
    from jasyl.atlas import LAYERS
    from jasyl.atlas.loading import RECIPES
    from jasyl.atlas.sources import publishers

    assert len(publishers()) == 20
    known = {layer.id for layer in LAYERS}
    for one in publishers().values():
        assert all(address.startswith("https://") for address in (*one.address, one.page))
        assert one.licence
        assert one.attribution
        assert len({one.about(language) for language in LANGUAGES}) == 3
        assert (one.key is None) == (one.key_page is None)
        for layer, member in one.layers.items():
            assert layer in known
            assert member.unit in RECIPES[layer].units
    offered = {layer for one in publishers().values() for layer in one.layers}
    assert offered == set(RECIPES)
    assert {one.id for one in publishers().values() if one.share_alike} == {"worldclim", "merit", "osm"}
    json.dumps(msgspec.to_builtins(publisher("worldclim").source))
