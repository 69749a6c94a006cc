"""Merkle trees of RFC 6962 and RFC 9162, one proof for many entries, and sum trees."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import TypeVar

from .records import SAFE

EMPTY_ROOT = sha256(b"").digest()
SUM_DOMAIN = b"jasyl-sum-tree/1\n"
SAMPLE_DOMAIN = b"jasyl-sample/1\n"
MAX_SUM = 10**38 - 1
Node = TypeVar("Node")


def leaf_hash(entry: bytes) -> bytes:
    return sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    return sha256(b"\x01" + left + right).digest()


def split_of(start: int, end: int) -> int:
    """Where RFC 6962 splits the leaves [start, end): after the largest power of two below their number."""
    return start + (1 << ((end - start - 1).bit_length() - 1))


def included(leaf: bytes, index: int, size: int, path: Sequence[bytes], root: bytes) -> bool:
    """Whether a path shows the leaf at its place (RFC 9162, 2.1.3.2)."""
    if not 0 <= index < size <= SAFE:
        return False
    here, last, result = index, size - 1, leaf
    for sibling in path:
        if last == 0 or len(sibling) != 32:
            return False
        if here & 1 or here == last:
            result = node_hash(sibling, result)
            while not here & 1 and here:
                here, last = here >> 1, last >> 1
        else:
            result = node_hash(result, sibling)
        here, last = here >> 1, last >> 1
    return last == 0 and result == root


def parts_of(places: Sequence[int], size: int) -> Iterator[tuple[int, int, bool]]:
    """From left to right: leaves that are shown (True), and the largest subtrees that hold none of them."""
    waiting = [(0, size)]
    while waiting:
        start, end = waiting.pop()
        at = bisect_left(places, start)
        shown = at < len(places) and places[at] < end
        if not shown or end - start == 1:
            yield start, end, shown
        else:
            middle = split_of(start, end)
            waiting += [(middle, end), (start, middle)]


def root_of_many(leaves: Mapping[int, bytes], size: int, hashes: Sequence[bytes]) -> bytes | None:
    """The root that shown leaf hashes and the hashes of the closed parts lead to; None with one too many or too few."""
    places = sorted(leaves)
    if not places or not 0 <= places[0] <= places[-1] < size <= SAFE:
        return None
    rest = iter(hashes)
    parts = [(start, end, leaves[start] if shown else next(rest, b"")) for start, end, shown in parts_of(places, size)]
    if next(rest, None) is not None or any(len(part[2]) != 32 for part in parts):
        return None
    return _fold(parts, 0, size, node_hash)


def _fold(parts: list[tuple[int, int, Node]], start: int, end: int, join: Callable[[Node, Node], Node]) -> Node:
    """The node over [start, end) from the parts it is made of, which are used up."""
    if parts[0][:2] == (start, end):
        return parts.pop(0)[2]
    middle = split_of(start, end)
    left = _fold(parts, start, middle, join)
    return join(left, _fold(parts, middle, end, join))


@dataclass(frozen=True)
class SumNode:
    """A node of a sum tree: hash, number of leaves, sums of the columns."""

    hash: bytes
    count: int
    sums: tuple[int, ...]

    @property
    def weight(self) -> int:
        return sum(self.sums[:2])

    def encode(self) -> bytes:
        return self.hash + self.count.to_bytes(8, "big") + b"".join(each.to_bytes(16, "big") for each in self.sums)


def sum_leaf(digest: bytes, sums: Sequence[int]) -> SumNode:
    encoded = b"".join(each.to_bytes(16, "big") for each in sums)
    return SumNode(sha256(b"\x00" + SUM_DOMAIN + digest + encoded).digest(), 1, tuple(sums))


def joined(left: SumNode, right: SumNode) -> SumNode:
    """The parent of two nodes. Raises ValueError where columns differ or a sum runs over."""
    sums = tuple(one + other for one, other in zip(left.sums, right.sums, strict=True))
    if min((*left.sums, *right.sums), default=0) < 0 or max(sums, default=0) > MAX_SUM:
        raise ValueError("a sum outside its bounds")
    digest = sha256(b"\x01" + SUM_DOMAIN + left.encode() + right.encode()).digest()
    return SumNode(digest, left.count + right.count, sums)


def opened(
    leaves: Mapping[int, SumNode], count: int, closed: Sequence[tuple[bytes, tuple[int, ...]]]
) -> tuple[SumNode, dict[int, int]] | None:
    """The root that opened leaves and closed parts lead to, and the weight that stands before each leaf; else None."""
    places = sorted(leaves)
    if not places or not 0 <= places[0] <= places[-1] < count <= SAFE:
        return None
    rest, before, weight = iter(closed), dict[int, int](), 0
    parts: list[tuple[int, int, SumNode]] = []
    for start, end, shown in parts_of(places, count):
        given = None if shown else next(rest, None)
        if not shown and given is None:
            return None
        node = SumNode(given[0], end - start, given[1]) if given else leaves[start]
        if shown:
            before[start] = weight
        weight += node.weight
        parts.append((start, end, node))
    if next(rest, None) is not None:
        return None
    try:
        return _fold(parts, 0, count, joined), before
    except (ValueError, OverflowError):
        return None


def draws(record_id: bytes, log_root: bytes, root: SumNode, number: int) -> list[int]:
    """The positions that must be opened: nobody can choose them."""
    seed = SAMPLE_DOMAIN + record_id + log_root
    modulus = root.weight or root.count
    return [int.from_bytes(sha256(seed + at.to_bytes(4, "big")).digest(), "big") % modulus for at in range(number)]
