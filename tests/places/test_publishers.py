"""Fetching official boundaries from a publisher, played by a server on this machine."""

import functools
import hashlib
import json
import threading
from collections.abc import Callable, Generator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from jasyl.intake.outgoing import Limits, Outgoing
from jasyl.places.boundaries import current, schematic
from jasyl.places.publishers import PUBLISHERS, Publisher, fetch_boundaries
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

LOCAL = Outgoing(Limits(size=20_000_000, seconds=60), private=True)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002


@pytest.fixture
def site(tmp_path: Path) -> Generator[tuple[str, Path]]:
    root = tmp_path / "site"
    root.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Quiet, directory=str(root)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", root
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def published(site: tuple[str, Path], *files: Path, catalogue: str | None = None) -> Publisher:
    address, root = site
    for file in files:
        file.rename(root / file.name)
    return Publisher(
        "here",
        "A publisher",
        "CC BY 4.0",
        "© A publisher",
        tuple(f"{address}/{file.name}" for file in files),
        catalogue,
    )


def test_files_are_fetched_imported_and_recorded(
    folder: DataFolder,
    site: tuple[str, Path],
    region_features: list[dict[str, Any]],
    district_features: list[dict[str, Any]],
    written: Callable[..., Path],
) -> None:
    files = written(region_features, "adm1.geojson"), written(district_features, "adm2.geojson")
    hashes = [hashlib.sha256(file.read_bytes()).hexdigest() for file in files]
    heard: list[tuple[str, int, int | None]] = []
    report = fetch_boundaries(
        folder, published(site, *files), client=LOCAL, progress=lambda *now: heard.append(now)
    )  # fmt: skip
    assert (report.regions, report.districts) == (20, 40)
    now = current(folder)
    assert (now.precision, now.licence, now.attribution) == ("official", "CC BY 4.0", "© A publisher")
    assert site[0] in now.source
    record = (folder.places / "fetched" / "here" / "SHA256SUMS").read_text()
    assert [line.split()[0] for line in record.splitlines()] == hashes
    assert {name for name, _, _ in heard} == {"adm1.geojson", "adm2.geojson"}
    assert not list(folder.places.rglob("*.geojson.part"))


def test_the_best_file_of_a_catalogue_is_taken(
    folder: DataFolder, site: tuple[str, Path], region_features: list[dict[str, Any]], written: Callable[..., Path]
) -> None:
    address, root = site
    written(region_features, "kaz.geojson").rename(root / "kaz.geojson")
    resources = [
        {"format": "PDF", "url": f"{address}/map.pdf"},
        {"format": "XLSX", "download_url": f"{address}/names.xlsx"},
        {"format": "GeoJSON", "download_url": f"{address}/kaz.geojson", "url": f"{address}/elsewhere"},
    ]
    (root / "package").write_text(json.dumps({"success": True, "result": {"resources": resources}}))
    assert fetch_boundaries(folder, published(site, catalogue=f"{address}/package"), client=LOCAL).regions == 20
    for content in ({"result": {"resources": resources[:2]}}, {"error": "gone"}, []):
        (root / "package").write_text(json.dumps(content))
        with pytest.raises(Refusal) as caught:
            fetch_boundaries(folder, published(site, catalogue=f"{address}/package"), client=LOCAL)
        assert caught.value.code == "publisher-empty"


def test_what_is_not_official_boundaries_changes_nothing(
    folder: DataFolder, site: tuple[str, Path], tmp_path: Path
) -> None:
    page = tmp_path / "adm.geojson"
    page.write_text("<html>Sign in first</html>")
    with pytest.raises(Refusal) as caught:
        fetch_boundaries(folder, published(site, page), client=LOCAL)
    assert caught.value.code == "boundaries-unreadable"
    assert current(folder) is schematic()
    with pytest.raises(Refusal) as caught:
        fetch_boundaries(folder, "nobody")
    assert caught.value.code == "unknown-publisher"
    assert "geokz" in caught.value.text("kk")


def test_known_publishers_are_public_and_say_their_licence() -> None:
    for one in PUBLISHERS.values():
        addresses = one.files or (one.catalogue or "",)
        assert all(address.startswith("https://") for address in addresses)
        assert "CC BY" in one.licence
        assert "©" in one.attribution
    assert len(PUBLISHERS["geokz"].files) == 6


def test_this_machine_is_not_asked_without_leave(folder: DataFolder, site: tuple[str, Path], tmp_path: Path) -> None:
    page = tmp_path / "adm.geojson"
    page.write_text("{}")
    with pytest.raises(Refusal) as caught:
        fetch_boundaries(folder, published(site, page))
    assert caught.value.code == "outgoing-forbidden"
