"""Tiles and bundles as files, written from the journal and rebuildable from it."""

import os
import shutil
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from .frontier import Frontier
from .merkle import HASH_SIZE, leaf_hashes
from .tiles import ENTRIES, WIDTH, TilePath, cut, tile_width


def read_tile(folder: Path, tile: TilePath) -> bytes | None:
    """The bytes of a tile or bundle under ``folder``.

    A partial one that is gone is cut from the full one, as clients of the standard do.
    """
    try:
        return _read(f"{folder}/{tile}")
    except (FileNotFoundError, NotADirectoryError):
        pass
    try:
        whole = _read(f"{folder}/{tile.full}")
    except FileNotFoundError:
        return None
    return cut(whole, tile.width, tile.level)


def _read(file: str) -> bytes:
    """A whole file. Texts and os calls, not Path: two are read for every 256 entries of a log."""
    descriptor = os.open(file, os.O_RDONLY | os.O_CLOEXEC)
    try:
        size = os.fstat(descriptor).st_size
        return os.read(descriptor, size)
    finally:
        os.close(descriptor)


def read_frontier(folder: Path, size: int) -> tuple[Frontier, bytes] | None:
    """The frontier of ``size`` entries and the unfinished bundle, from the files; None where a file is missing."""
    edges: list[bytes] = []
    for level in range(ENTRIES, 8):
        count = size >> (8 * max(level, 0))
        if count == 0 and level > 0:
            break
        width = tile_width(level, count // WIDTH, size)
        edge = read_tile(folder, TilePath(level, count // WIDTH, width)) if width else b""
        if edge is None or (level != ENTRIES and len(edge) != width * HASH_SIZE):
            return None
        edges.append(edge)
    return Frontier(size, edges[1:]), edges[0]


class TileWriter:
    """Makes tiles and bundles as entries come, one tile at a time; keeps nothing per entry.

    Files are not fsynced one by one: after a power cut they are made again from the journal. With ``mend`` files that
    already hold the right bytes are left alone.
    """

    def __init__(self, folder: Path, frontier: Frontier, bundle: bytes = b"", *, mend: bool = False) -> None:
        self.frontier, self.mend = frontier, mend
        self._bundle = [bundle]
        self._root = str(folder)

    @property
    def size(self) -> int:
        return self.frontier.size

    def chunks(self, entries: Sequence[bytes]) -> Iterator[Sequence[bytes]]:
        """``entries`` cut where tiles end, so that each chunk can be given to ``add``."""
        rest = iter(entries)
        room = self.frontier.room
        while chunk := list(islice(rest, room)):
            yield chunk
            room = WIDTH

    def add(self, chunk: Sequence[bytes], encoded: bytes) -> None:
        """Take in entries that do not cross the border of a tile, and their bundle encoding."""
        self._bundle.append(encoded)
        for full in self.frontier.extend(leaf_hashes(chunk)):
            if full.level == 0:
                self._write(TilePath(ENTRIES, full.index), b"".join(self._bundle))
                self._bundle.clear()
            self._write(TilePath(full.level, full.index), full.hashes)

    def publish(self) -> None:
        """Write the unfinished tiles and the unfinished bundle of the present size."""
        for tile, content in self._unfinished():
            self._write(tile, content)

    def publish_again(self) -> None:
        """Write the unfinished ones of earlier sizes anew, as far as they are there: readers of earlier checkpoints
        ask for them."""
        for tile, content in self._unfinished():
            folder = Path(f"{self._root}/{tile.full}.p")
            widths = [int(file.name) for file in folder.iterdir() if file.name.isdecimal()] if folder.is_dir() else []
            for width in widths:
                if 0 < width < tile.width:
                    self._write(TilePath(tile.level, tile.index, width), cut(content, width, tile.level))

    def _unfinished(self) -> Iterator[tuple[TilePath, bytes]]:
        if self.size % WIDTH:
            bundle = b"".join(self._bundle)
            self._bundle = [bundle]
            yield TilePath(ENTRIES, self.size // WIDTH, self.size % WIDTH), bundle
        for level, edge in enumerate(self.frontier.edges):
            if edge:
                yield TilePath(level, self.size >> (8 * (level + 1)), len(edge) // HASH_SIZE), edge

    def _write(self, tile: TilePath, content: bytes) -> None:
        # Texts and os calls, not Path: one is made for every 128 entries.
        file = f"{self._root}/{tile}"
        if self.mend and _holds(file, content):
            return
        # A reader sees the whole tile or none: web servers mark tiles immutable.
        temporary = f"{self._root}/.tile.new"
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
        try:
            rest = memoryview(content)
            while rest:  # a nearly full disk takes a part and fails on the next call
                rest = rest[os.write(descriptor, rest) :]
        finally:
            os.close(descriptor)
        try:
            os.replace(temporary, file)  # noqa: PTH105
        except FileNotFoundError:
            Path(file).parent.mkdir(parents=True, exist_ok=True)
            os.replace(temporary, file)  # noqa: PTH105
        if tile.width == WIDTH and os.path.isdir(f"{file}.p"):  # noqa: PTH112
            shutil.rmtree(f"{file}.p", ignore_errors=True)


def _holds(file: str, content: bytes) -> bool:
    try:
        return Path(file).read_bytes() == content
    except (FileNotFoundError, NotADirectoryError):
        return False
