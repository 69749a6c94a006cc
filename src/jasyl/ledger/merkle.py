"""The Merkle tree of RFC 6962, section 2.1, and RFC 9162, section 2.1: hashes, roots, proofs and their verification.

A tree is given by a *node function* ``node(height, index)``: the hash of the perfect subtree over the leaves
``[index * 2**height, (index + 1) * 2**height)``. Proofs work the same over leaves in memory and over tiles.
"""

from collections.abc import Callable, Sequence
from hashlib import sha256
from struct import unpack

HASH_SIZE = 32
EMPTY_ROOT = sha256(b"").digest()
# Sizes are carried in JSON and JavaScript; beyond this integer they lose exactness.
MAX_SIZE = 2**53 - 1

Node = Callable[[int, int], bytes]
# A copy of a hasher that has taken its first byte is a little cheaper than a new one.
_LEAF, _INNER = sha256(b"\x00"), sha256(b"\x01")


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry: SHA-256 over 00 ‖ entry."""
    return sha256(b"\x00" + entry).digest()


def leaf_hashes(entries: Sequence[bytes]) -> bytes:
    """The hashes of entries, one after another."""
    copy, made = _LEAF.copy, list[bytes]()
    for entry in entries:
        hasher = copy()
        hasher.update(entry)
        made.append(hasher.digest())
    return b"".join(made)


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node: SHA-256 over 01 ‖ left ‖ right."""
    return sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in order."""
    return range_hash(nodes_of(leaves), 0, len(leaves)) if leaves else EMPTY_ROOT


def nodes_of(leaves: Sequence[bytes]) -> Node:
    """A node function over leaf hashes in memory; inner hashes are made once, all together."""
    levels = [list(leaves)]
    while len(levels[-1]) > 1:
        below = levels[-1]
        levels.append(
            [sha256(b"\x01" + below[at] + below[at + 1]).digest() for at in range(0, len(below) & ~1, 2)],
        )
    return lambda height, index: levels[height][index]


def fold_pairs(hashes: bytes) -> bytes:
    """The root of a perfect subtree whose 2**k leaf hashes stand one after another."""
    copy = _INNER.copy
    while len(hashes) > HASH_SIZE:
        above = list[bytes]()
        for pair in unpack("64s" * (len(hashes) // 64), hashes):
            hasher = copy()
            hasher.update(pair)
            above.append(hasher.digest())
        hashes = b"".join(above)
    return hashes


def perfect_subtrees(start: int, end: int) -> list[tuple[int, int]]:
    """The perfect subtrees (height, index) that make up the leaves ``[start, end)``, left to right.

    The subtrees are those of RFC 6962's own split when ``start`` is a multiple of the range's largest one.
    """
    found: list[tuple[int, int]] = []
    while start < end:
        height = (end - start).bit_length() - 1
        found.append((height, start >> height))
        start += 1 << height
    return found


def range_hash(node: Node, start: int, end: int) -> bytes:
    """The Merkle tree hash of the leaves ``[start, end)``, a subtree of the whole tree."""
    hashes = [node(height, index) for height, index in perfect_subtrees(start, end)]
    result = hashes.pop()
    while hashes:
        result = node_hash(hashes.pop(), result)
    return result


def inclusion_proof(node: Node, index: int, size: int) -> list[bytes]:
    """The path of leaf ``index`` in a tree of ``size`` leaves, the leaf's sibling first (RFC 9162, 2.1.3.1)."""
    if not 0 <= index < size:
        raise ValueError(f"index {index} outside a tree of {size}")
    path: list[tuple[int, int]] = []
    start, end = 0, size
    while end - start > 1:
        split = start + (1 << ((end - start - 1).bit_length() - 1))
        if index < split:
            path.append((split, end))
            end = split
        else:
            path.append((start, split))
            start = split
    return [range_hash(node, left, right) for left, right in reversed(path)]


def consistency_proof(node: Node, old: int, new: int) -> list[bytes]:
    """The proof that the tree of ``old`` leaves is a prefix of that of ``new`` leaves (RFC 9162, 2.1.4.1)."""
    if not 0 <= old <= new:
        raise ValueError(f"no consistency from {old} to {new}")
    if old in {0, new}:
        return []
    path: list[tuple[int, int]] = []
    start, end, whole = 0, new, True
    while old != end:
        split = start + (1 << ((end - start - 1).bit_length() - 1))
        if old <= split:
            path.append((split, end))
            end = split
        else:
            path.append((start, split))
            start, whole = split, False
    if not whole:
        path.append((start, end))
    return [range_hash(node, left, right) for left, right in reversed(path)]


def verify_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> bool:
    """Whether ``proof`` shows the leaf hash at ``index`` in the tree of ``size`` with ``root`` (RFC 9162, 2.1.3.2).

    A proof with a hash too many, too few or of a wrong length is false, never an error.
    """
    return root_from_inclusion(leaf, index, size, proof) == root


def root_from_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes | None:
    """The root that the leaf hash at ``index`` of ``size`` and the path lead to; None when the path has a hash too
    many, too few or of a wrong length."""
    if not 0 <= index < size <= MAX_SIZE:
        return None
    # The standard's two counters, worked out beforehand: as long as the paths of this leaf and of the last one differ
    # (``inner`` steps), a bit of the index tells the side; above that every sibling stands on the left.
    inner = (index ^ (size - 1)).bit_length()
    if len(proof) != inner + (index >> inner).bit_count():
        return None
    copy, result = _INNER.copy, leaf
    for step, sibling in enumerate(proof):
        if len(sibling) != HASH_SIZE:
            return None
        hasher = copy()
        hasher.update(sibling + result if index >> step & 1 or step >= inner else result + sibling)
        result = hasher.digest()
    return result


def verify_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> bool:
    """Whether ``proof`` shows the tree (old, old_root) to be a prefix of (new, new_root) (RFC 9162, 2.1.4.2)."""
    if not 0 <= old <= new <= MAX_SIZE or any(len(item) != HASH_SIZE for item in proof):
        return False
    if old == new:
        return not proof and old_root == new_root
    if old == 0:
        return not proof and old_root == EMPTY_ROOT
    path = list(proof)
    if old & (old - 1) == 0:
        path.insert(0, old_root)
    if not path:
        return False
    here, last = old - 1, new - 1
    while here & 1:
        here >>= 1
        last >>= 1
    first = second = path[0]
    for item in path[1:]:
        if last == 0:
            return False
        if here & 1 or here == last:
            first, second = node_hash(item, first), node_hash(item, second)
            while not here & 1 and here:
                here >>= 1
                last >>= 1
        else:
            second = node_hash(second, item)
        here >>= 1
        last >>= 1
    return last == 0 and first == old_root and second == new_root
