"""One proof for many entries of a log: the roots of the largest subtrees that hold none of them, left to right.

Which subtrees these are follows from the places of the entries and the size of the tree (RFC 6962's split), so the
proof is a bare list of hashes; one too many or too few is refused.
"""

from collections.abc import Mapping, Sequence

from .merkle import HASH_SIZE, MAX_SIZE, Node, node_hash, range_hash
from .sum_tree import shape


def prove_many(node: Node, places: Sequence[int], size: int) -> list[bytes]:
    """The hashes that, with the leaf hashes at ``places``, give the root of the tree of ``size``."""
    wanted = sorted(set(places))
    if not wanted or not 0 <= wanted[0] <= wanted[-1] < size:
        raise ValueError(f"places outside a tree of {size}")
    return [range_hash(node, start, end) for start, end, held in shape(wanted, size) if not held]


def root_of_many(leaves: Mapping[int, bytes], size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that leaf hashes by place lead to; None when the proof has not the hashes it must have."""
    places = sorted(leaves)
    if not places or not 0 <= places[0] <= places[-1] < size <= MAX_SIZE:
        return None
    rest = iter(proof)
    parts: list[tuple[int, int, bytes]] = []
    for start, end, held in shape(places, size):
        part = leaves[start] if held else next(rest, b"")
        if len(part) != HASH_SIZE:
            return None
        parts.append((start, end, part))
    return _fold(parts, 0, size) if next(rest, None) is None else None


def _fold(parts: Sequence[tuple[int, int, bytes]], start: int, end: int) -> bytes:
    if parts[0][:2] == (start, end):
        return parts[0][2]
    split = start + (1 << ((end - start - 1).bit_length() - 1))
    at = next(place for place, part in enumerate(parts) if part[0] >= split)
    return node_hash(_fold(parts[:at], start, split), _fold(parts[at:], split, end))
