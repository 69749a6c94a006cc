"""Paths, widths and entry bundles of C2SP tlog-tiles (v0.1.0)."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from jasyl.texts import Refusal

from .merkle import HASH_SIZE, MAX_SIZE

WIDTH = 256
FULL_TILE = WIDTH * HASH_SIZE
MAX_ENTRY = 65_535
# The level that stands for entry bundles in a TilePath.
ENTRIES = -1
# 256**7 exceeds every size a log may have, so no tile lies above level 6.
MAX_LEVEL = 6
_PATH = re.compile(r"tile/(entries|0|[1-9][0-9]?)/((?:x[0-9]{3}/){0,5}[0-9]{3})(?:\.p/([1-9][0-9]{0,2}))?", re.ASCII)


@dataclass(frozen=True)
class TilePath:
    """One tile (level ≥ 0) or entry bundle (level ``ENTRIES``): index within the level, width 1 … 256."""

    level: int
    index: int
    width: int = WIDTH

    def __str__(self) -> str:
        groups = f"{self.index % 1000:03d}"
        rest = self.index // 1000
        while rest:
            groups = f"x{rest % 1000:03d}/{groups}"
            rest //= 1000
        level = "entries" if self.level == ENTRIES else str(self.level)
        return f"tile/{level}/{groups}" + ("" if self.width == WIDTH else f".p/{self.width}")

    @property
    def full(self) -> "TilePath":
        return TilePath(self.level, self.index)


def parse_tile_path(path: str) -> TilePath | None:
    """The tile a URL path names, or None when it has any spelling but the standard's one, or cannot exist."""
    match = _PATH.fullmatch(path)
    if not match:
        return None
    level = ENTRIES if match[1] == "entries" else int(match[1])
    index = int(match[2].replace("x", "").replace("/", ""))
    width = int(match[3]) if match[3] else WIDTH
    found = TilePath(level, index, width)
    possible = level <= MAX_LEVEL and (index << (8 * (max(level, 0) + 1))) <= MAX_SIZE
    return found if possible and (match[3] is None or width < WIDTH) and str(found) == path else None


def tiles_of(size: int) -> Iterator[TilePath]:
    """Every tile and bundle of a tree of ``size`` entries, bundles first, each level from the left."""
    for level in range(ENTRIES, MAX_LEVEL + 1):
        count = size >> (8 * max(level, 0))
        if count == 0:
            return
        for index in range(count // WIDTH):
            yield TilePath(level, index)
        if count % WIDTH:
            yield TilePath(level, count // WIDTH, count % WIDTH)


def tile_width(level: int, index: int, size: int) -> int:
    """How many hashes (or entries) tile ``index`` of ``level`` has in a tree of ``size`` entries: 0 … 256."""
    return min(max((size >> (8 * max(level, 0))) - index * WIDTH, 0), WIDTH)


def encode_bundle(entries: Sequence[bytes]) -> bytes:
    """Entries as u16 big-endian length and bytes, one after another.

    Raises Refusal ``log-entry-size`` for an empty entry or one above 65,535 bytes.
    """
    lengths = list(map(len, entries))
    # Entries of a bundle mostly share few lengths: each is checked and written once.
    prefixes = {length: _prefix(length) for length in set(lengths)}
    parts: list[bytes] = [b""] * (2 * len(lengths))
    parts[0::2] = map(prefixes.__getitem__, lengths)
    parts[1::2] = entries
    return b"".join(parts)


def _prefix(length: int) -> bytes:
    if not 0 < length <= MAX_ENTRY:
        raise Refusal("log-entry-size", received=length, expected=MAX_ENTRY)
    return length.to_bytes(2)


def decode_bundle(data: bytes) -> list[bytes] | None:
    """The entries of a bundle, or None when lengths and bytes do not fit or an entry is empty."""
    entries: list[bytes] = []
    at, end = 0, len(data)
    try:
        while at < end:
            start = at + 2
            at = start + (data[at] << 8 | data[at + 1])
            if at == start:
                return None
            entries.append(data[start:at])
    except IndexError:  # the second byte of a length is missing
        return None
    return entries if at == end else None  # only the last entry can be cut short


def cut(whole: bytes, width: int, level: int) -> bytes:
    """The first ``width`` hashes of a tile, or entries of a bundle (level ``ENTRIES``)."""
    if level != ENTRIES:
        return whole[: width * HASH_SIZE]
    at = 0
    for _ in range(width):
        at += 2 + int.from_bytes(whole[at : at + 2])
    return whole[:at]
