"""Fetching a source into the data folder: what arrived, from where, with which hash and under which licence."""

import base64
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from jasyl.intake.outgoing import Download
from jasyl.jobs import Progress
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from ..layer import Source
from .catalogue import Publisher, publisher
from .content import check_content, check_sum
from .plan import Piece, Wanted, by_hand, check, pieces
from .queue import fetch_job, jobs
from .transfer import Transfer
from .zarr_store import store_pieces

RECORD = "source.json"


class FetchedFile(msgspec.Struct, frozen=True, kw_only=True):
    """One file as it arrived: address, SHA-256, bytes, moment (UTC), and what its sum was held to."""

    name: str
    url: str
    sha256: str
    size: int
    retrieved: str
    verified: str


class Fetched(msgspec.Struct, frozen=True, kw_only=True):
    """The licence record beside fetched files: ``DATA/atlas/fetched/<publisher>/source.json``."""

    publisher: str
    source: Source
    period: str
    files: tuple[FetchedFile, ...] = ()
    missing: tuple[str, ...] = ()


def place_of(folder: DataFolder, source: str) -> Path:
    """Where the files of a source are kept."""
    return folder.atlas / "fetched" / source


def fetched(place: Path) -> Fetched | None:
    """The record beside fetched files, None where nothing was fetched. Raises Refusal ``fetch-record``."""
    try:
        return msgspec.json.decode((place / RECORD).read_bytes(), type=Fetched)
    except FileNotFoundError:
        return None
    except msgspec.MsgspecError as error:
        raise Refusal("fetch-record", received=str(place / RECORD), reason=str(error)[:200]) from error


def fetch(
    folder: DataFolder,
    source: str | Publisher,
    wanted: Wanted | None = None,
    *,
    how: Transfer | None = None,
    progress: Progress | None = None,
    again: bool = False,
    environment: Mapping[str, str] = os.environ,
) -> Fetched:
    """Fetch a source (id, or a ``Publisher``) into ``folder`` and give the record of all that is there now.

    What stands there already from the same address is left, unless ``again``. What was interrupted goes on where it
    stopped. ``progress`` may raise ``Cancelled``; what has arrived is kept. Raises Refusal ``source-unknown``,
    ``fetch-argument``, ``fetch-option``, ``fetch-place…``, ``fetch-by-hand``, ``fetch-key-missing``,
    ``fetch-key-refused``, ``fetch-content``, ``fetch-checksum``, ``fetch-no-space``, ``fetch-job-failed``,
    ``fetch-store``, and those of ``jasyl.intake.outgoing``.
    """
    chosen = source if isinstance(source, Publisher) else publisher(source)
    how = how or (Transfer(progress=progress) if progress else Transfer())
    wanted = wanted or Wanted()
    place = place_of(folder, chosen.id)
    with folder.locked(f"fetch-{chosen.id}"):
        return _fetch(chosen, wanted, place, how, again=again, environment=environment)


def _fetch(
    source: Publisher, wanted: Wanted, place: Path, how: Transfer, *, again: bool, environment: Mapping[str, str]
) -> Fetched:
    if source.kind == "order":
        raise by_hand(source)
    check(source, wanted)
    headers = _key(source, environment)
    place.mkdir(parents=True, exist_ok=True)
    notebook = _Notebook(source, place)
    try:
        for number, (piece, inputs) in enumerate(work := _work(source, wanted, place, how)):
            how.progress.step("fetch-step-files", number, len(work))
            if again or not notebook.stands(piece):
                _fetch_piece(source, piece, inputs, notebook, how, headers)
        how.progress.step("fetch-step-files", len(work), len(work))
    finally:
        notebook.write()
    return notebook.record


def _fetch_piece(
    source: Publisher,
    piece: Piece,
    inputs: Mapping[str, object] | None,
    notebook: "_Notebook",
    how: Transfer,
    headers: Mapping[str, str],
) -> None:
    file = notebook.place / piece.name
    file.parent.mkdir(parents=True, exist_ok=True)
    try:
        if inputs is None:
            got, verified = _download(source, piece, file, headers, how)
        else:
            got, verified = fetch_job(source, piece, inputs, file, headers, how), "md5"
    except Refusal as refusal:
        # The queue says in its own words what a status means.
        status = refusal.arguments.get("status") if refusal.code == "outgoing-failed" else None
        # A public bucket says 403 of what it does not have; a server with keys means the key.
        if piece.may_miss and (status == 404 or (status == 403 and source.key is None)):
            notebook.miss(piece)
            return
        if source.key and status in (401, 403):
            raise Refusal(
                "fetch-key-refused", received=source.title, reason=f"HTTP {status}", page=source.page
            ) from refusal
        raise
    check_content(file, source.format)
    notebook.keep(piece, got, verified)


class _Notebook:
    """The record while it grows: written every so many files and in the end, also when the work is broken off."""

    _EVERY = 50

    def __init__(self, source: Publisher, place: Path) -> None:
        self.place = place
        self._start = fetched(place) or Fetched(publisher=source.id, source=source.source, period=source.period)
        self._files = {one.name: one for one in self._start.files}
        self._missing = dict.fromkeys(self._start.missing)
        self._unwritten = 0

    @property
    def record(self) -> Fetched:
        return msgspec.structs.replace(self._start, files=tuple(self._files.values()), missing=tuple(self._missing))

    def stands(self, piece: Piece) -> bool:
        known, file = self._files.get(piece.name), self.place / piece.name
        return known is not None and known.url == piece.url and file.is_file() and file.stat().st_size == known.size

    def miss(self, piece: Piece) -> None:
        self._files.pop(piece.name, None)
        self._missing[piece.name] = None

    def keep(self, piece: Piece, got: Download, verified: str) -> None:
        self._missing.pop(piece.name, None)
        self._files[piece.name] = FetchedFile(
            name=piece.name,
            url=piece.url,
            sha256=got.sha256,
            size=got.size,
            retrieved=datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
            verified=verified,
        )
        self._unwritten += 1
        if self._unwritten >= self._EVERY:
            self.write()

    def write(self) -> None:
        write_durably(self.place / RECORD, msgspec.json.format(msgspec.json.encode(self.record), indent=2))
        self._unwritten = 0


def _work(
    source: Publisher, wanted: Wanted, place: Path, how: Transfer
) -> list[tuple[Piece, dict[str, object] | None]]:
    if source.kind == "queue":
        return [*jobs(source, wanted)]
    if source.kind == "zarr":
        store = place / "store.zarr"
        found = store_pieces(source, wanted, store, how)
        return [(Piece(f"store.zarr/{piece.name}", piece.url, piece.may_miss), None) for piece in found]
    return [(piece, None) for piece in pieces(source, wanted)]


def _download(
    source: Publisher, piece: Piece, file: Path, headers: Mapping[str, str], how: Transfer
) -> tuple[Download, str]:
    got = how.download(piece.url, file, headers)
    if source.checksum != "md5-beside":
        return got, "size"
    answer = how.request("GET", f"{piece.url}.md5", headers)
    words = answer.body.decode("ascii", "replace").split()
    if answer.status != 200 or not words:
        raise Refusal("outgoing-failed", received=f"{piece.url}.md5", reason=f"HTTP {answer.status}")
    check_sum(file, "md5", words[0])
    return got, "md5"


def _key(source: Publisher, environment: Mapping[str, str]) -> dict[str, str]:
    """The headers by which a publisher knows its user. Raises Refusal ``fetch-key-missing``."""
    if source.key is None:
        return {}
    secret = environment.get(source.key, "").strip()
    if not secret:
        raise Refusal(
            "fetch-key-missing", received=source.title, setting=source.key, page=source.key_page or source.page
        )
    if source.kind == "queue":
        return {"PRIVATE-TOKEN": secret}
    if ":" in secret:  # a name and a password
        return {"Authorization": f"Basic {base64.b64encode(secret.encode()).decode()}"}
    return {"Authorization": f"Bearer {secret}"}
