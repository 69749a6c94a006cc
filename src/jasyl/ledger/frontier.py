"""The right edge of a growing tree: all that is needed to add leaves and to know the root."""

from dataclasses import dataclass

from .merkle import EMPTY_ROOT, HASH_SIZE, fold_pairs, node_hash, perfect_subtrees
from .tiles import FULL_TILE, WIDTH


@dataclass(frozen=True)
class FullTile:
    """A tile of 256 hashes that just became full."""

    level: int
    index: int
    hashes: bytes


class Frontier:
    """The unfinished tile of every level of a tree of ``size`` leaves. Memory: at most 8 kB per level."""

    def __init__(self, size: int = 0, edges: list[bytes] | None = None) -> None:
        self.size = size
        self.edges = edges if edges is not None else [b""]

    @property
    def room(self) -> int:
        """How many leaves still fit into the unfinished level-0 tile: 1 … 256."""
        return WIDTH - self.size % WIDTH

    def extend(self, hashes: bytes) -> list[FullTile]:
        """Add leaf hashes, at most ``room`` of them, one after another; gives the tiles that became full."""
        if len(hashes) > self.room * HASH_SIZE:
            raise ValueError("leaf hashes cross the border of a tile")
        self.size += len(hashes) // HASH_SIZE
        full: list[FullTile] = []
        level = 0
        while hashes:
            if level == len(self.edges):
                self.edges.append(b"")
            edge = self.edges[level] + hashes
            if len(edge) < FULL_TILE:
                self.edges[level] = edge
                break
            self.edges[level] = b""
            full.append(FullTile(level, (self.size >> (8 * (level + 1))) - 1, edge))
            hashes = fold_pairs(edge)
            level += 1
        return full

    def root(self) -> bytes:
        """The root over all leaves so far."""
        result: bytes | None = None
        for edge in self.edges:
            for height, index in reversed(perfect_subtrees(0, len(edge) // HASH_SIZE)):
                span = HASH_SIZE << height
                peak = fold_pairs(edge[index * span : (index + 1) * span])
                result = peak if result is None else node_hash(peak, result)
        return EMPTY_ROOT if result is None else result
