"""Merkle sum trees: many inputs under one root that also commits to their number and to the sum of each column.

The shape is that of RFC 6962. Every node has a hash, the count of its leaves and one sum per column:

- leaf: SHA-256(00 ‖ ``jasyl-sum-tree/1`` LF ‖ 32-byte digest ‖ sums), count 1;
- inner node: SHA-256(01 ‖ ``jasyl-sum-tree/1`` LF ‖ left ‖ right), where a child stands as hash ‖ count (u64) ‖ sums;
  count and sums are those of the children added up.

A sum is an integer from 0 to 10^38 - 1, written as 16 bytes big-endian. Since no sum is negative and each inner hash
commits to both children's sums, an opened leaf is a part of the total, and no other part takes away from it.

An opening of some leaves lists the roots of the largest subtrees that hold none of them, from left to right. Their
counts follow from the shape, and so does how many there are.
"""

from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from .merkle import HASH_SIZE, MAX_SIZE, perfect_subtrees

DOMAIN = b"jasyl-sum-tree/1\n"
SAMPLE_DOMAIN = b"jasyl-sample/1\n"
MAX_SUM = 10**38 - 1
_SUM_SIZE = 16
_LEAF, _INNER = b"\x00" + DOMAIN, b"\x01" + DOMAIN


@dataclass(frozen=True, slots=True)
class SumNode:
    """A node: its hash, how many leaves stand under it, the sum of each column over them."""

    hash: bytes
    count: int
    sums: tuple[int, ...]

    def encode(self) -> bytes:
        """As it stands in the hash of its parent. Raises OverflowError for a negative sum."""
        return self.hash + self.count.to_bytes(8) + b"".join([each.to_bytes(_SUM_SIZE) for each in self.sums])


@dataclass(frozen=True)
class Opening:
    """Leaves of a tree by place, with the number of weights before each; ``root`` is what they lead to."""

    root: SumNode
    before: Mapping[int, int]


def sum_leaf(digest: bytes, sums: Sequence[int]) -> SumNode:
    """The leaf of an input. Raises ValueError for a sum outside 0 … 10^38 - 1 or a digest that has not 32 bytes."""
    if len(digest) != HASH_SIZE or not all(0 <= each <= MAX_SUM for each in sums):
        raise ValueError("a digest of 32 bytes and sums from 0 to 10^38 - 1")
    encoded = b"".join([each.to_bytes(_SUM_SIZE) for each in sums])
    return SumNode(sha256(_LEAF + digest + encoded).digest(), 1, tuple(sums))


def join(left: SumNode, right: SumNode) -> SumNode:
    """The parent of two nodes. Raises ValueError where columns differ in number, or a sum or count runs over."""
    sums = tuple(map(sum, zip(left.sums, right.sums, strict=True)))
    count = left.count + right.count
    if min((*left.sums, *right.sums), default=0) < 0 or max(sums, default=0) > MAX_SUM or count > MAX_SIZE:
        raise ValueError("a sum or count outside its bounds")
    return SumNode(sha256(_INNER + left.encode() + right.encode()).digest(), count, sums)


class SumTree:
    """A tree over leaves in memory, which can give its root and openings."""

    def __init__(self, leaves: Sequence[SumNode]) -> None:
        if not leaves:
            raise ValueError("a sum tree has leaves")
        self._levels = [list(leaves)]
        while len(self._levels[-1]) > 1:
            below = self._levels[-1]
            self._levels.append([join(below[at], below[at + 1]) for at in range(0, len(below) & ~1, 2)])

    def __len__(self) -> int:
        return len(self._levels[0])

    @property
    def root(self) -> SumNode:
        return self._range(0, len(self))

    def open(self, places: Sequence[int]) -> list[SumNode]:
        """The nodes with which the leaves at ``places`` lead to the root. Raises ValueError for a place outside."""
        wanted = sorted(set(places))
        if not wanted or not 0 <= wanted[0] <= wanted[-1] < len(self):
            raise ValueError("places inside the tree, at least one")
        return [self._range(start, end) for start, end, held in shape(wanted, len(self)) if not held]

    def place_of(self, weight: int) -> int:
        """The leaf in which a position of the total weight (see ``weight_of``) falls; the place itself without any."""
        at = 0
        for place, leaf in enumerate(self._levels[0]):
            at += weight_of(leaf)
            if weight < at:
                return place
        return weight

    def _range(self, start: int, end: int) -> SumNode:
        nodes = [self._levels[height][index] for height, index in perfect_subtrees(start, end)]
        result = nodes.pop()
        while nodes:
            result = join(nodes.pop(), result)
        return result


def shape(places: Sequence[int], count: int) -> Iterator[tuple[int, int, bool]]:
    """The parts [start, end) of an opening from left to right: opened leaves (True) and closed subtrees (False)."""
    waiting = [(0, count)]
    while waiting:
        start, end = waiting.pop()
        at = bisect_left(places, start)
        held = at < len(places) and places[at] < end
        if not held or end - start == 1:
            yield start, end, held
        else:
            split = start + (1 << ((end - start - 1).bit_length() - 1))
            waiting += [(split, end), (start, split)]


def opened(leaves: Mapping[int, SumNode], count: int, nodes: Sequence[tuple[bytes, tuple[int, ...]]]) -> Opening | None:
    """What an opening leads to; None when it has a node too many or too few, or its columns or bounds do not fit.

    ``leaves`` by place, ``nodes`` as hash and sums in the order of ``SumTree.open``.
    """
    places = sorted(leaves)
    if not places or not 0 <= places[0] <= places[-1] < count <= MAX_SIZE:
        return None
    rest = iter(nodes)
    parts: list[tuple[int, int, SumNode]] = []
    before: dict[int, int] = {}
    weight = 0
    try:
        for start, end, held in shape(places, count):
            node = leaves[start] if held else SumNode(*_split(next(rest), end - start))
            if held:
                before[start] = weight
            weight += weight_of(node)
            parts.append((start, end, node))
        root = _fold(parts, 0, count)
    except (ValueError, OverflowError, StopIteration):
        return None
    return Opening(root, before) if next(rest, None) is None else None


def _split(node: tuple[bytes, tuple[int, ...]], count: int) -> tuple[bytes, int, tuple[int, ...]]:
    if len(node[0]) != HASH_SIZE:
        raise ValueError("a hash of 32 bytes")
    return node[0], count, node[1]


def _fold(parts: Sequence[tuple[int, int, SumNode]], start: int, end: int) -> SumNode:
    """The node over [start, end) from the parts it is made of; as deep as the tree is high."""
    if parts[0][:2] == (start, end):
        return parts[0][2]
    split = start + (1 << ((end - start - 1).bit_length() - 1))
    at = next(place for place, part in enumerate(parts) if part[0] >= split)
    return join(_fold(parts[:at], start, split), _fold(parts[at:], split, end))


def weight_of(node: SumNode) -> int:
    """What a sample is drawn by: the first two columns together (amounts of either sign)."""
    return sum(node.sums[:2])


def challenges(record_id: bytes, root: bytes, total: SumNode, number: int) -> list[int]:
    """The positions that an opening must show, drawn from the statement's id and the log's root: nobody picks them.

    Each falls on a leaf with the chance of its share in the total weight, as auditors draw monetary units; without
    any weight they are places. Draw i is SHA-256(``jasyl-sample/1`` LF ‖ id ‖ root ‖ u32 i) modulo the weight.
    """
    whole = weight_of(total) or total.count
    seed = SAMPLE_DOMAIN + record_id + root
    return [int.from_bytes(sha256(seed + at.to_bytes(4)).digest()) % whole for at in range(number)]


def answered(opening: Opening, leaves: Mapping[int, SumNode], position: int) -> bool:
    """Whether one of the opened leaves is the one a challenge fell on."""
    if weight_of(opening.root) == 0:
        return position in leaves
    return any(0 <= position - opening.before[place] < weight_of(leaf) for place, leaf in leaves.items())
