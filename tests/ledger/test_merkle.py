import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.ledger.frontier import Frontier
from jasyl.ledger.merkle import (
    EMPTY_ROOT,
    MAX_SIZE,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    nodes_of,
    root_of,
    verify_consistency,
    verify_inclusion,
)

# The eight leaves of the well-known RFC 6962 test suites, and the roots over the first n of them.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    2: "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    3: "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}
HASHES = [leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES]


def hashes(count: int) -> list[bytes]:
    return [leaf_hash(number.to_bytes(4)) for number in range(count)]


@pytest.mark.parametrize(("size", "root"), ROOTS.items())
def test_known_roots(size: int, root: str) -> None:
    assert root_of(HASHES[:size]).hex() == root


def recursive_root(leaves: list[bytes]) -> bytes:
    """RFC 6962's own definition, word for word."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(recursive_root(leaves[:split]), recursive_root(leaves[split:]))


@given(st.integers(0, 600))
def test_root_is_the_definition(size: int) -> None:
    leaves = hashes(size)
    assert root_of(leaves) == recursive_root(leaves)


@given(st.integers(0, 1400), st.lists(st.integers(1, 256), max_size=6))
def test_frontier_knows_the_same_root(size: int, steps: list[int]) -> None:
    leaves, frontier, at = hashes(size), Frontier(), 0
    while at < size:
        step = min(steps[at % len(steps)] if steps else 256, frontier.room, size - at)
        frontier.extend(b"".join(leaves[at : at + step]))
        at += step
    assert frontier.root() == root_of(leaves)
    with pytest.raises(ValueError, match="border"):
        frontier.extend(bytes(32) * (frontier.room + 1))


@given(st.data(), st.integers(1, 600))
def test_inclusion_holds_for_the_right_leaf_only(data: st.DataObject, size: int) -> None:
    leaves = hashes(size)
    index = data.draw(st.integers(0, size - 1))
    root, proof = root_of(leaves), inclusion_proof(nodes_of(leaves), index, size)
    assert verify_inclusion(leaves[index], index, size, proof, root)
    assert len(proof) <= (size - 1).bit_length()
    assert not verify_inclusion(leaf_hash(b"other"), index, size, proof, root)
    assert not verify_inclusion(leaves[index], index, size, [*proof, root], root)
    assert not verify_inclusion(leaves[index], index, size, [root, *proof], root)
    assert not verify_inclusion(leaves[index], size, size, proof, root)
    assert not verify_inclusion(leaves[index], -1, size, proof, root)
    assert not verify_inclusion(leaves[index], index, MAX_SIZE + 1, proof, root)
    for at in range(len(proof)):
        assert not verify_inclusion(leaves[index], index, size, proof[:at] + proof[at + 1 :], root)
        assert not verify_inclusion(leaves[index], index, size, [*proof[:at], proof[at][:31], *proof[at + 1 :]], root)
        assert not verify_inclusion(leaves[index], index, size, [*proof[:at], bytes(32), *proof[at + 1 :]], root)


@given(st.data(), st.integers(0, 600))
def test_consistency_holds_for_prefixes_only(data: st.DataObject, new: int) -> None:
    leaves = hashes(new)
    old = data.draw(st.integers(0, new))
    old_root, new_root = root_of(leaves[:old]), root_of(leaves)
    proof = consistency_proof(nodes_of(leaves), old, new)
    assert verify_consistency(old, new, old_root, new_root, proof)
    assert not verify_consistency(old, new, old_root, new_root, [*proof, bytes(32)])
    assert not verify_consistency(new + 1, new, old_root, new_root, proof)
    if 0 < old < new:
        assert not verify_consistency(old, new, bytes(32), new_root, proof)
        assert not verify_consistency(old, new, old_root, bytes(32), proof)
        for at in range(len(proof)):
            assert not verify_consistency(old, new, old_root, new_root, proof[:at] + proof[at + 1 :])
            assert not verify_consistency(old, new, old_root, new_root, [*proof[:at], b"short", *proof[at + 1 :]])


def test_proofs_outside_the_tree_are_errors() -> None:
    node = nodes_of(hashes(3))
    with pytest.raises(ValueError, match="index 3"):
        inclusion_proof(node, 3, 3)
    with pytest.raises(ValueError, match="from 4"):
        consistency_proof(node, 4, 3)
    assert not verify_consistency(0, 3, bytes(32), root_of(hashes(3)), [])


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 255, 256, 257, 1000])
def test_sigstore_accepts_our_proofs(size: int) -> None:
    """The Merkle verification of the PyPI package ``sigstore`` agrees with ours, on good and on bad proofs."""
    from sigstore._internal.merkle import verify_merkle_inclusion
    from sigstore.errors import VerificationError

    leaves = hashes(size)
    root, node = root_of(leaves), nodes_of(leaves)
    for index in {0, size // 3, size // 2, size - 1}:
        proof = inclusion_proof(node, index, size)
        verify_merkle_inclusion(rekor_entry(index.to_bytes(4), index, size, proof, root))
        for bad in ([*proof, root], proof[1:] if proof else [root], [bytes(32), *proof[1:]] if proof else [root]):
            assert not verify_inclusion(leaves[index], index, size, bad, root)
            with pytest.raises(VerificationError):
                verify_merkle_inclusion(rekor_entry(index.to_bytes(4), index, size, bad, root))


def rekor_entry(entry: bytes, index: int, size: int, proof: list[bytes], root: bytes) -> object:
    """What sigstore's verification reads of a Rekor entry."""
    from types import SimpleNamespace

    inner = SimpleNamespace(log_index=index, tree_size=size, hashes=proof, root_hash=root)
    return SimpleNamespace(_inner=SimpleNamespace(inclusion_proof=inner, canonicalized_body=entry))
