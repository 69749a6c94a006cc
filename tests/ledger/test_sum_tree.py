"""A sum tree commits to number and sums: laws over random trees, and the ways somebody might cheat."""

from collections.abc import Callable, Sequence
from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.ledger.merkle import leaf_hash, nodes_of, root_of
from jasyl.ledger.multiproof import prove_many, root_of_many
from jasyl.ledger.sum_tree import (
    MAX_SUM,
    Opening,
    SumNode,
    SumTree,
    answered,
    challenges,
    join,
    opened,
    sum_leaf,
    weight_of,
)

AMOUNTS = st.lists(st.tuples(st.integers(0, 2**70), st.integers(0, 10), st.integers(0, 96)), min_size=1, max_size=70)
Row = tuple[int, ...]
Nodes = list[tuple[bytes, tuple[int, ...]]]


def leaf(place: int, sums: Sequence[int]) -> SumNode:
    return sum_leaf(sha256(str(place).encode()).digest(), sums)


def leaves_of(rows: Sequence[Row]) -> list[SumNode]:
    return [leaf(place, row) for place, row in enumerate(rows)]


def proof(tree: SumTree, places: Sequence[int]) -> Nodes:
    return [(node.hash, node.sums) for node in tree.open(places)]


def written_out(leaves: Sequence[SumNode]) -> SumNode:
    """The definition, word for word: split at the largest power of two below n."""
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = written_out(leaves[:split]), written_out(leaves[split:])
    sums = tuple(a + b for a, b in zip(left.sums, right.sums, strict=True))
    content = b"\x01jasyl-sum-tree/1\n"
    for child in (left, right):
        content += child.hash + child.count.to_bytes(8, "big")
        content += b"".join(each.to_bytes(16, "big") for each in child.sums)
    return SumNode(sha256(content).digest(), left.count + right.count, sums)


@given(AMOUNTS, st.data())
def test_every_opening_leads_to_the_root(rows: list[Row], data: st.DataObject) -> None:
    leaves = leaves_of(rows)
    tree = SumTree(leaves)
    assert tree.root == written_out(leaves)
    assert tree.root.sums == tuple(map(sum, zip(*rows, strict=True)))
    places = data.draw(st.sets(st.integers(0, len(rows) - 1), min_size=1))
    found = opened({at: leaves[at] for at in places}, len(rows), proof(tree, sorted(places)))
    assert found is not None
    assert found.root == tree.root
    for at in places:
        assert found.before[at] == sum(weight_of(each) for each in leaves[:at])


@given(AMOUNTS, st.data())
def test_a_changed_opening_never_leads_to_the_root(rows: list[Row], data: st.DataObject) -> None:
    leaves = leaves_of(rows)
    tree = SumTree(leaves)
    place = data.draw(st.integers(0, len(rows) - 1))
    nodes = proof(tree, [place])
    changed = data.draw(
        st.sampled_from(["leaf", "count", "missing", "extra", *(["sum", "hash", "swap"] if nodes else [])])
    )
    shown, count = {place: leaves[place]}, len(rows)
    if changed == "leaf":
        shown = {place: leaf(place, (rows[place][0] + 1, *rows[place][1:]))}
    elif changed == "count":
        count += data.draw(st.sampled_from([-1, 1, 2, 64]))
    elif changed == "missing":
        nodes = nodes[:-1] if nodes else [(b"\0" * 32, (0, 0, 0))]
    elif changed == "extra":
        nodes = [*nodes, (b"\0" * 32, (0, 0, 0))]
    else:
        at = data.draw(st.integers(0, len(nodes) - 1))
        node, sums = nodes[at]
        if changed == "sum":
            nodes[at] = node, (sums[0] + 1, *sums[1:])
        elif changed == "hash":
            nodes[at] = bytes([node[0] ^ 1]) + node[1:], sums
        elif len(nodes) > 1 and nodes[at] != nodes[at - 1]:
            nodes[at], nodes[at - 1] = nodes[at - 1], nodes[at]
        else:
            nodes = []
    found = opened(shown, count, nodes)
    assert found is None or found.root != tree.root


def swapped(leaves: list[SumNode], nodes: Nodes) -> Opening | None:
    """Left and right exchanged: the leaf shown at its neighbour's place."""
    return opened({1: leaves[0]}, 4, nodes)


def hidden(leaves: list[SumNode], nodes: Nodes) -> Opening | None:
    """A sibling that keeps its hash and says nothing of its sums."""
    return opened({0: leaves[0]}, 4, [(nodes[0][0], (0, 0)), *nodes[1:]])


def negative(leaves: list[SumNode], nodes: Nodes) -> Opening | None:
    """A sibling below zero would let the rest be larger than the total."""
    return opened({0: leaves[0]}, 4, [(nodes[0][0], (-5, 0)), *nodes[1:]])


def rounded_by_floats(leaves: list[SumNode], nodes: Nodes) -> Opening | None:
    """One unit more above 2**53, where floating point numbers no longer tell the difference."""
    return opened({0: leaves[0]}, 4, [(nodes[0][0], (2**53 + 1, 0)), *nodes[1:]])


def run_over(leaves: list[SumNode], nodes: Nodes) -> Opening | None:
    return opened({0: leaves[0]}, 4, [(nodes[0][0], (MAX_SUM, 0)), *nodes[1:]])


def shorter_columns(leaves: list[SumNode], nodes: Nodes) -> Opening | None:
    return opened({0: leaves[0]}, 4, [(nodes[0][0], (2**53,)), *nodes[1:]])


def short_hash(leaves: list[SumNode], nodes: Nodes) -> Opening | None:
    return opened({0: leaves[0]}, 4, [(nodes[0][0][:31], nodes[0][1]), *nodes[1:]])


def inner_node_as_leaf(leaves: list[SumNode], nodes: Nodes) -> Opening | None:
    """A subtree shown as one leaf: leaf and inner hashes are of two kinds."""
    return opened({0: join(leaves[0], leaves[1])}, 2, nodes[1:])


@pytest.mark.parametrize(
    "attack",
    [swapped, hidden, negative, rounded_by_floats, run_over, shorter_columns, short_hash, inner_node_as_leaf],
)
def test_attacks(attack: Callable[[list[SumNode], Nodes], Opening | None]) -> None:
    leaves = leaves_of([(7, 0), (2**53, 0), (1, 1), (0, 0)])
    tree = SumTree(leaves)
    nodes = proof(tree, [0])
    honest = opened({0: leaves[0]}, 4, nodes)
    assert honest is not None
    assert honest.root == tree.root
    found = attack(leaves, nodes)
    assert found is None or (found.root.hash, found.root.count, found.root.sums) != (
        tree.root.hash, 4, tree.root.sums,
    )  # fmt: skip


def test_a_total_cannot_hide_a_subtraction() -> None:
    """Who publishes too much by adding a day and taking it away again shows it in the second column."""
    rows = [(100, 0), (50, 0), (0, 50)]
    assert SumTree(leaves_of(rows)).root.sums == (150, 50)
    for sums in ((-1,), (MAX_SUM + 1,)):
        with pytest.raises(ValueError, match="sums"):
            sum_leaf(b"\0" * 32, sums)
    with pytest.raises(ValueError, match="digest"):
        sum_leaf(b"", (1,))
    with pytest.raises(ValueError, match="bounds"):
        join(leaf(0, (MAX_SUM,)), leaf(1, (1,)))
    with pytest.raises(ValueError, match="leaves"):
        SumTree([])
    for places in ([], [-1], [3]):
        with pytest.raises(ValueError, match="places"):
            SumTree(leaves_of(rows)).open(places)
    assert opened({}, 3, []) is None
    assert opened({3: leaf(3, (1, 0))}, 3, []) is None


@given(AMOUNTS, st.binary(min_size=32, max_size=32))
def test_a_draw_falls_on_the_leaf_that_holds_the_unit(rows: list[Row], seed: bytes) -> None:
    leaves = leaves_of(rows)
    tree = SumTree(leaves)
    for position in challenges(seed, seed, tree.root, 8):
        place = tree.place_of(position)
        shown = {place: leaves[place]}
        found = opened(shown, len(rows), proof(tree, [place]))
        assert found is not None
        assert answered(found, shown, position)
        others = {at: leaves[at] for at in range(len(rows)) if at != place}
        if others:
            without = opened(others, len(rows), proof(tree, sorted(others)))
            assert without is not None
            assert not answered(without, others, position)


def test_draws_are_those_of_the_specification() -> None:
    """Typed here from docs/passport.md, so that nobody changes them unseen."""
    total = SumNode(b"\0" * 32, 3, (1000, 24))
    drawn = challenges(b"\x01" * 32, b"\x02" * 32, total, 3)
    seed = b"jasyl-sample/1\n" + b"\x01" * 32 + b"\x02" * 32
    assert drawn == [int(sha256(seed + bytes([0, 0, 0, at])).hexdigest(), 16) % 1024 for at in range(3)]
    nothing = SumNode(b"\0" * 32, 3, (0, 0))
    assert all(0 <= each < 3 for each in challenges(b"", b"", nothing, 8))


@given(st.integers(1, 300), st.data())
def test_one_proof_for_many_entries(size: int, data: st.DataObject) -> None:
    entries = [leaf_hash(str(number).encode()) for number in range(size)]
    places = data.draw(st.sets(st.integers(0, size - 1), min_size=1, max_size=20))
    hashes = prove_many(nodes_of(entries), sorted(places), size)
    shown = {at: entries[at] for at in places}
    assert root_of_many(shown, size, hashes) == root_of(entries)
    assert root_of_many(shown, size, [*hashes, b"\0" * 32]) is None
    if hashes:
        assert root_of_many(shown, size, hashes[:-1]) is None
        assert root_of_many(shown, size, [hashes[0][:31], *hashes[1:]]) is None
        flipped = [bytes([hashes[0][0] ^ 1]) + hashes[0][1:], *hashes[1:]]
        assert root_of_many(shown, size, flipped) != root_of(entries)
    wrong = {at: entries[at] for at in places} | {min(places): b"\x07" * 32}
    assert root_of_many(wrong, size, hashes) != root_of(entries)
    with pytest.raises(ValueError, match="places"):
        prove_many(nodes_of(entries), [size], size)
    assert root_of_many({}, size, hashes) is None
