"""Where segments of readings lie: the data folder, or S3-compatible storage behind a bounded local cache.

A segment never changes. It is written before the manifest names it and removed after the manifest forgot it, so a
store needs no transactions: put, read, list, remove.
"""

import os
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Protocol

from .folder import DataFolder, sync_directory

SEGMENTS = "segments"
# Files of a folder that are open at a time while they are written.
TOGETHER = 64


@dataclass(frozen=True)
class StoredFile:
    """A file that lies in a store: its name, size, and when it was written (seconds since 1970)."""

    name: str
    bytes: int
    written: float


class SegmentStore(Protocol):
    """Immutable files by name."""

    @property
    def where(self) -> str:
        """The place as an operator knows it; no secrets in it."""
        ...

    def put(self, files: Mapping[str, bytes]) -> None:
        """Keep each content under its name, never used before; all of them are durable when this returns."""
        ...

    def paths(self, wanted: Iterable[tuple[str, str]]) -> list[Path]:
        """Local files with the content of (name, SHA-256), in that order.

        From a remote store the content is checked against its hash when it is fetched: Refusal ``segment-missing``,
        ``segment-damaged``, ``store-unreachable``.
        """
        ...

    def content(self, name: str) -> bytes | None:
        """What lies there now, past any cache; None when nothing does."""
        ...

    def listed(self) -> list[StoredFile]:
        """Everything that lies there, by name."""
        ...

    def remove(self, names: Iterable[str]) -> None:
        """Remove files; those that are gone already are no error."""
        ...


class LocalStore:
    """Segments in a directory of this machine."""

    def __init__(self, place: Path) -> None:
        self.place = place

    @property
    def where(self) -> str:
        return str(self.place)

    def put(self, files: Mapping[str, bytes]) -> None:
        self.place.mkdir(exist_ok=True)
        waiting = list(files.items())
        for at in range(0, len(waiting), TOGETHER):
            self._put_together(waiting[at : at + TOGETHER])

    def _put_together(self, files: Sequence[tuple[str, bytes]]) -> None:
        # Under their own names from the start, not renamed: what no manifest names is nobody's segment, however much of
        # it is there, and a rename costs a second turn of the file system's journal. Written all, then synced, names
        # beside bytes, so that one turn takes them together.
        with ExitStack() as opened:
            written = [opened.enter_context((self.place / name).open("xb")) for name, _ in files]
            for out, (_, content) in zip(written, files, strict=True):
                out.write(content)
                out.flush()
            names = _beside(os.getpid()).submit(sync_directory, self.place)
            for out in written:
                os.fsync(out.fileno())
            names.result()

    def paths(self, wanted: Iterable[tuple[str, str]]) -> list[Path]:
        return [self.place / name for name, _ in wanted]

    def content(self, name: str) -> bytes | None:
        try:
            return (self.place / name).read_bytes()
        except FileNotFoundError:
            return None

    def listed(self) -> list[StoredFile]:
        found: list[StoredFile] = []
        with os.scandir(self.place) as entries:
            for each in entries:
                if each.is_file():
                    status = each.stat()
                    found.append(StoredFile(each.name, status.st_size, status.st_mtime))
        return sorted(found, key=lambda each: each.name)

    def remove(self, names: Iterable[str]) -> None:
        for name in names:
            (self.place / name).unlink(missing_ok=True)
        sync_directory(self.place)


@lru_cache(maxsize=1)
def _beside(_process: int) -> ThreadPoolExecutor:
    """A thread that syncs names, kept from one commit to the next; one carried over a fork would never answer."""
    return ThreadPoolExecutor(1, "names")


def segment_store(folder: DataFolder) -> SegmentStore:
    """The store that the data folder's settings name: ``segments`` is an address like

    ``s3://bucket/prefix?endpoint=https://s3.example.kz&region=kz-1``; without one, the folder itself.
    """
    address = _address(folder.settings_file, folder.settings_file.stat().st_mtime_ns) if folder.exists else ""
    if not address:
        return LocalStore(folder.readings)
    return _remote(address, folder.segment_cache, os.getpid())


@lru_cache(maxsize=64)
def _address(settings: Path, _changed: int) -> str:
    return DataFolder(settings.parent).settings.get(SEGMENTS, "")


@lru_cache(maxsize=8)
def _remote(address: str, cache: Path, _process: int) -> SegmentStore:
    """One client a process: an S3 client carried over a fork has lost its threads."""
    from .s3_store import S3Store, parse_address  # noqa: PLC0415  (loads pyarrow)

    return S3Store(parse_address(address), cache)
