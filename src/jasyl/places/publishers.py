"""Official boundaries straight from their publishers, for installations that are online."""

import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from jasyl.intake.outgoing import Download, Limits, Outgoing
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .boundary_import import ImportReport, import_boundaries

LIMITS = Limits(size=120_000_000, seconds=1800, idle=60)
Progress = Callable[[str, int, int | None], None]


@dataclass(frozen=True)
class Publisher:
    """Where a set of boundaries is published.

    ``files`` are the addresses of its files; where ``files`` is empty, ``catalogue`` is the address of a CKAN dataset
    description (``package_show``) out of which the best resource is taken.
    """

    id: str
    name: str
    licence: str
    attribution: str
    files: tuple[str, ...] = ()
    catalogue: str | None = None


_GEOKZ = "https://raw.githubusercontent.com/arodionoff/geokz/41c1a00454ec9e01bda031b5074920bd82de02ce/inst/shape/"
PUBLISHERS = {
    one.id: one
    for one in (
        Publisher(
            id="geokz",
            name="geokz: administrative boundaries of Kazakhstan 2024 (after OCHA COD-AB), github.com/arodionoff/geokz",
            licence="CC BY 4.0",
            attribution="© geokz, Alexander Rodionov, CC BY 4.0, after OCHA COD-AB",
            files=tuple(
                f"{_GEOKZ}kaz_admbnda_{level}_2024.{suffix}"
                for level in ("adm1", "adm2")
                for suffix in ("shp", "shx", "dbf")
            ),
        ),
        Publisher(
            id="ocha",
            name="OCHA Common Operational Dataset: administrative boundaries (COD-AB) of Kazakhstan, data.humdata.org",
            licence="CC BY-IGO",
            attribution="© OCHA COD-AB, CC BY-IGO",
            catalogue="https://data.humdata.org/api/3/action/package_show?id=cod-ab-kaz",
        ),
    )
}
# Formats of a CKAN resource that can be imported, best first: one file that holds all levels, with its encoding.
_FORMATS = ("geopackage", "gpkg", "shp", "zipped shapefile", "zipped shapefiles", "geojson", "json")


def fetch_boundaries(
    folder: DataFolder,
    publisher: Publisher | str = "geokz",
    *,
    client: Outgoing | None = None,
    progress: Progress | None = None,
) -> ImportReport:
    """Download the boundaries of a publisher into ``folder`` and import them.

    What was fetched, from where and with which SHA-256, is kept beside the boundaries; a broken download goes on where
    it stopped. ``progress`` hears file name, bytes so far and in all. Raises Refusal ``unknown-publisher``,
    ``publisher-empty``, those of ``jasyl.intake.outgoing`` and of ``import_boundaries``.
    """
    chosen = publisher if isinstance(publisher, Publisher) else PUBLISHERS.get(publisher)
    if chosen is None:
        raise Refusal("unknown-publisher", received=str(publisher)[:40], expected=", ".join(PUBLISHERS))
    client = client or Outgoing(LIMITS)
    store = folder.places / "fetched" / chosen.id
    store.mkdir(parents=True, exist_ok=True)
    fetched = [_fetch(client, url, store, progress) for url in chosen.files or (_resource(client, chosen),)]
    with tempfile.TemporaryDirectory(prefix="jasyl-fetched-") as temporary:
        file = fetched[0].file if len(fetched) == 1 else _packed(fetched, Path(temporary) / f"{chosen.id}.zip")
        said = {"source": f"{chosen.name}; {fetched[0].url}", "licence": chosen.licence}
        report = import_boundaries(folder, file, **said, attribution=chosen.attribution)
    for one in fetched:
        one.file.unlink()
    record = "".join(f"{one.sha256}  {one.file.name}  {one.size}  {one.url}\n" for one in fetched)
    (store / "SHA256SUMS").write_text(record, encoding="utf-8")
    return report


def _fetch(client: Outgoing, url: str, store: Path, progress: Progress | None) -> Download:
    name = Path(urlsplit(url).path).name or "boundaries"

    def hear(done: int, total: int | None) -> None:
        if progress:
            progress(name, done, total)

    return client.download(url, store / name, progress=hear)


def _packed(fetched: list[Download], file: Path) -> Path:
    """The parts of Shapefiles as one zip, so that they are imported as a whole."""
    with zipfile.ZipFile(file, "w") as archive:
        for one in fetched:
            archive.write(one.file, one.file.name)
    return file


def _resource(client: Outgoing, publisher: Publisher) -> str:
    """The address of the best file of a CKAN dataset."""
    described: Any = client.json(publisher.catalogue or "")
    try:
        resources = [
            (str(entry["format"]).strip().lower(), str(entry.get("download_url") or entry["url"]))
            for entry in described["result"]["resources"]
        ]
    except (KeyError, TypeError) as error:
        raise Refusal("publisher-empty", received=publisher.name) from error
    usable = [(_FORMATS.index(kind), url) for kind, url in resources if kind in _FORMATS]
    if not usable:
        raise Refusal("publisher-empty", received=publisher.name)
    return quote(min(usable)[1], safe=":/?&=%#+,;@~!$'()*[]")
