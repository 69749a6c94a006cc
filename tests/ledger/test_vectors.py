"""Known answers of others: logs, proofs and keys made by programs that are not ours (sources: ``vectors``)."""

import base64
from collections.abc import Iterator
from hashlib import sha256

import pytest

from jasyl.ledger import leaf_hash, parse_vkey, verify_inclusion
from jasyl.ledger.checkpoint import read_checkpoint
from jasyl.ledger.merkle import consistency_proof, nodes_of, root_of, verify_consistency
from jasyl.ledger.note import open_note
from jasyl.ledger.signing import ML_DSA_44, ML_DSA_65, Signer
from jasyl.texts import Refusal

from .vectors import (
    MERKLE_CONSISTENCY,
    MERKLE_INCLUSION,
    ML_DSA_KEYS,
    TESSERA_CHECKPOINTS,
    TESSERA_LEAVES,
    TESSERA_VKEY,
)

ROOT = bytes(range(32))


def hashes(*texts: str) -> list[bytes]:
    return [base64.b64decode(text) for text in texts]


def flipped(item: bytes, bit: int) -> bytes:
    return bytes([item[0] ^ 1 << bit]) + item[1:]


def spoiled(proof: list[bytes]) -> Iterator[list[bytes]]:
    """A proof with one thing changed, as in the test data of transparency-dev/merkle."""
    yield []
    yield proof[:-1]
    yield proof[1:]
    yield [*proof, b""]
    yield [b"", *proof]
    yield [*proof, ROOT]
    yield [ROOT, *proof]
    yield [proof[0], *proof]
    for at, item in enumerate(proof):
        yield [*proof[:at], flipped(item, 4), *proof[at + 1 :]]
        yield [*proof[:at], item[:-1], *proof[at + 1 :]]


@pytest.mark.parametrize("size", TESSERA_CHECKPOINTS)
def test_the_log_of_tessera(size: int) -> None:
    """Its signatures, its roots over its leaves, and that each head continues the one before."""
    note, key = TESSERA_CHECKPOINTS[size].encode(), parse_vkey(TESSERA_VKEY)
    assert open_note(note, [key])[1] == [key]
    head, leaves = read_checkpoint(note), [leaf_hash(word.encode()) for word in TESSERA_LEAVES]
    assert (head.origin, head.size, head.root) == ("example.com/log/testdata", size, root_of(leaves[:size]))
    last = read_checkpoint(TESSERA_CHECKPOINTS[15].encode())
    proof = consistency_proof(nodes_of(leaves), size, 15)
    assert verify_consistency(size, 15, head.root, last.root, proof)
    with pytest.raises(Refusal):
        open_note(note.replace(b"\n%d\n" % size, b"\n%d\n" % (size + 1)), [key])


@pytest.mark.parametrize(("index", "size", "root", "leaf", "proof"), MERKLE_INCLUSION)
def test_inclusion_proofs_of_merkle(index: int, size: int, root: str, leaf: str, proof: tuple[str, ...]) -> None:
    (top, bottom), path = hashes(root, leaf), hashes(*proof)
    assert verify_inclusion(bottom, index, size, path, top)
    for other in spoiled(path):
        assert not verify_inclusion(bottom, index, size, other, top)
    for there in (index - 1, index + 1, index ^ 2):
        assert not verify_inclusion(bottom, there, size, path, top)
    for wrong in (size * 2, size // 2):
        assert not verify_inclusion(bottom, index, wrong, path, top)
    assert not verify_inclusion(sha256(b"WrongLeaf").digest(), index, size, path, top)
    assert not verify_inclusion(bottom, index, size, path, b"")
    assert not verify_inclusion(bottom, index, size, path, ROOT)


@pytest.mark.parametrize(("old", "new", "first", "second", "proof"), MERKLE_CONSISTENCY)
def test_consistency_proofs_of_merkle(old: int, new: int, first: str, second: str, proof: tuple[str, ...]) -> None:
    (before, after), path = hashes(first, second), hashes(*proof)
    assert verify_consistency(old, new, before, after, path)
    for other in spoiled(path):
        assert not verify_consistency(old, new, before, after, other)
    for sizes in ((old - 1, new), (old + 1, new), (old ^ 2, new), (old, new * 2), (old, new // 2)):
        assert not verify_consistency(*sizes, before, after, path)
    for roots in ((after, before), (ROOT, after), (before, ROOT)):
        assert not verify_consistency(old, new, *roots, path)


@pytest.mark.parametrize(("key_type", "answers"), [(ML_DSA_44, ML_DSA_KEYS[44]), (ML_DSA_65, ML_DSA_KEYS[65])])
def test_keys_made_of_seeds(key_type: int, answers: tuple[tuple[str, str], ...]) -> None:
    """FIPS 204, algorithm 6."""
    for seed, public in answers:
        assert sha256(Signer("a.example", key_type, bytes.fromhex(seed)).verifier.public).hexdigest() == public
