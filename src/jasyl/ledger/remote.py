"""Logs of others, over HTTP: their heads, their tiles as a node function, and a whole copy to be checked offline."""

from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from jasyl.intake.outgoing import Limits, for_operator
from jasyl.texts import Refusal

from .checkpoint import read_checkpoint
from .keys import POLICY
from .merkle import HASH_SIZE, consistency_proof, fold_pairs, range_hash
from .note import MAX_NOTE
from .published import CHECKPOINT, WITNESSED
from .tiles import ENTRIES, FULL_TILE, MAX_ENTRY, WIDTH, TilePath, cut, tile_width, tiles_of

_TEXT_LIMITS = Limits(size=MAX_NOTE, seconds=30, idle=10)
_TILE_LIMITS = Limits(size=FULL_TILE, seconds=30, idle=10)
_BUNDLE_LIMITS = Limits(size=WIDTH * (2 + MAX_ENTRY), seconds=120, idle=20)
Progress = Callable[[int, int], None]
# A copy of more entries than this is not made by the way.
MAX_COPY = 100_000_000


class RemoteLog:
    """A log at ``url``, the prefix under which ``checkpoint`` and ``tile/…`` stand (C2SP tlog-tiles)."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._tiles: dict[TilePath, bytes] = {}

    def read(self, path: str, limits: Limits = _TEXT_LIMITS) -> bytes | None:
        """The file at ``path`` below the prefix, None when there is none (404, 410).

        Raises Refusal ``outgoing-…``, and ``outgoing-failed`` for any other status but 200.
        """
        address = f"{self.url}/{path}"
        answer = for_operator(address, limits).request("GET", address)
        if answer.status in {404, 410}:
            return None
        if answer.status != 200:
            raise Refusal("outgoing-failed", received=address, reason=f"HTTP {answer.status}")
        return answer.body

    def checkpoint_bytes(self) -> bytes:
        """The published checkpoint, nothing verified. Raises Refusal ``log-missing``, ``outgoing-…``."""
        found = self.read(CHECKPOINT)
        if found is None:
            raise Refusal("log-missing", received=self.url)
        return found

    def tile(self, tile: TilePath) -> bytes:
        """A tile or bundle; a partial one that is gone is cut from the full one. Raises Refusal ``log-damaged``."""
        limits = _BUNDLE_LIMITS if tile.level == ENTRIES else _TILE_LIMITS
        found = self.read(str(tile), limits)
        if found is None and tile.width < WIDTH:
            whole = self.read(str(tile.full), limits)
            found = cut(whole, tile.width, tile.level) if whole is not None else None
        if found is None or (tile.level != ENTRIES and len(found) != tile.width * HASH_SIZE):
            raise Refusal("log-damaged", received=f"{self.url}/{tile}")
        return found

    def consistency(self, old: int, size: int) -> list[bytes]:
        """The proof from ``old`` to the tree of ``size`` entries, made from the tiles it serves for that size."""
        return consistency_proof(self._nodes(size), old, size)

    def root(self, start: int, size: int) -> bytes:
        """The root over the first ``start`` entries, out of the tiles for ``size``."""
        return range_hash(self._nodes(size), 0, start)

    def _nodes(self, size: int) -> Callable[[int, int], bytes]:
        def node(height: int, index: int) -> bytes:
            level, inner = divmod(height, 8)
            first = index << inner
            tile = TilePath(level, first // WIDTH, tile_width(level, first // WIDTH, size))
            if tile not in self._tiles:
                self._tiles[tile] = self.tile(tile)
            at = (first % WIDTH) * HASH_SIZE
            return fold_pairs(self._tiles[tile][at : at + (HASH_SIZE << inner)])

        return node

    def copy(self, target: Path, progress: Progress | None = None) -> int:
        """Fetch checkpoint, policy, all tiles and bundles into ``target``; gives the number of files.

        Nothing is verified: that is for ``verify_log`` over the copy. Raises Refusal ``log-missing``, ``outgoing-…``.
        """
        checkpoint = self.checkpoint_bytes()
        size = read_checkpoint(checkpoint).size
        if size > MAX_COPY:
            raise Refusal("log-too-large", received=size, expected=MAX_COPY)
        count, total = 0, 2 * size // WIDTH
        for tile in tiles_of(size):
            try:
                content = self.tile(tile)
            except Refusal as refusal:
                if refusal.code != "log-damaged":
                    raise
                break  # the check names what is missing; a size that is a lie must not keep us asking
            file = target / str(tile)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
            count += 1
            if progress is not None:
                progress(count, max(count, total))
        for name in (POLICY, WITNESSED):
            text = self.read(name)
            if text is not None:
                (target / name).write_bytes(text)
        (target / CHECKPOINT).write_bytes(checkpoint)
        return count


def witness_view(url: str, origin: str) -> bytes | None:
    """The newest checkpoint of a log that the witness at ``url`` has cosigned; None when it knows none."""
    return RemoteLog(url).read(f"{sha256(origin.encode()).hexdigest()}/{CHECKPOINT}")
