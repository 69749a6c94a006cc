"""COSE Receipts: read by a second path (cbor2 and the primitives alone), and everything that must fail."""

import json
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from hypothesis import given
from hypothesis import strategies as st

from jasyl.ledger import leaf_hash, make_receipt, parse_proof, parse_receipt, verify_receipt
from jasyl.ledger.checkpoint import read_checkpoint
from jasyl.ledger.cose_receipt import signed_bytes
from jasyl.ledger.signing import ED25519, ED25519_COSIGNATURE, ML_DSA_44, Signer, new_signer
from jasyl.texts import LANGUAGES, Refusal

from .test_command import data, refused, run

if TYPE_CHECKING:
    from .conftest import House

__all__ = ["data"]


def made(house: "House", index: int, signer: Signer | None = None) -> bytes:
    proof = parse_proof(house.log.proof_file(index))
    head = read_checkpoint(proof.checkpoint)
    return make_receipt(proof, head.size, head.root, proof.extra, signer or house.keys.signers[0])


@pytest.mark.parametrize("size", [1, 2, 7, 300])
def test_a_receipt_read_by_others(house: "House", size: int) -> None:
    """RFC 9942 4.2 and RFC 9052 4.4, step by step, without our parser."""
    house.fill(0, size)
    for signer in house.keys.signers:
        receipt = made(house, size - 1, signer)
        tag = cbor2.loads(receipt)
        assert tag.tag == 18
        protected, unprotected, payload, signature = tag.value
        assert payload is None
        head = cbor2.loads(protected)
        assert head[395] == 1
        assert head[1] == {ED25519: -19, ML_DSA_44: -48}[signer.key_type]
        count, index, path = cbor2.loads(unprotected[396][-1][0])
        assert (count, index) == (size, size - 1)
        node, fn, sn = sha256(b"\x00" + house.log.entry(size - 1)).digest(), index, count - 1
        for each in path:  # RFC 9162, 2.1.3.2
            if fn & 1 or fn == sn:
                node = sha256(b"\x01" + each + node).digest()
                while not fn & 1 and fn:
                    fn, sn = fn >> 1, sn >> 1
            else:
                node = sha256(b"\x01" + node + each).digest()
            fn, sn = fn >> 1, sn >> 1
        assert node == house.log.checkpoint().root
        message = cbor2.dumps(["Signature1", protected, b"", node])
        kind = MLDSA44PublicKey if signer.key_type == ML_DSA_44 else Ed25519PublicKey
        kind.from_public_bytes(signer.verifier.public).verify(signature, message)
        assert verify_receipt(parse_receipt(receipt), signer.verifier) == node


def code(receipt: bytes) -> str:
    with pytest.raises(Refusal) as caught:
        parse_receipt(receipt)
    assert all(caught.value.text(language) for language in LANGUAGES)
    return caught.value.code


def test_a_receipt_that_was_changed(house: "House") -> None:
    house.fill(0, 9)
    key, receipt = house.keys.signers[0].verifier, made(house, 5)
    for place in range(len(receipt)):
        damaged = receipt[:place] + bytes([receipt[place] ^ 1]) + receipt[place + 1 :]
        with pytest.raises(Refusal) as caught:
            verify_receipt(parse_receipt(damaged), key)
        assert caught.value.code in {"receipt-malformed", "receipt-algorithm", "receipt-wrong", "proof-wrong"}
    with pytest.raises(Refusal):
        verify_receipt(parse_receipt(receipt), key, house.log.entry(4))
    for other in (new_signer("city.example/log", ED25519), new_signer("x", ED25519), house.keys.signers[1]):
        with pytest.raises(Refusal) as caught:
            verify_receipt(parse_receipt(receipt), other.verifier)
        assert caught.value.code == "receipt-wrong"
    with pytest.raises(Refusal) as caught:
        made(house, 5, Signer("w", ED25519_COSIGNATURE, b"1" * 32))
    assert caught.value.code == "receipt-algorithm"


def built(house: "House", **changes: Any) -> bytes:
    """A receipt with parts replaced, signed again by the log's own key."""
    signer = house.keys.signers[0]
    tag = cbor2.loads(made(house, 5))
    protected, unprotected, payload, _ = tag.value
    head = cbor2.loads(protected) | changes.get("head", {})
    free = dict(unprotected) | changes.get("free", {})
    protected = cbor2.dumps(head, canonical=True)
    signature = signer.sign_plain(signed_bytes(protected, house.log.checkpoint().root))
    parts = [protected, free, changes.get("payload", payload), signature]
    return cbor2.dumps(cbor2.CBORTag(changes.get("tag", 18), parts), canonical=True)


def test_forms_that_are_refused(house: "House") -> None:
    house.fill(0, 9)
    assert verify_receipt(parse_receipt(built(house)), house.keys.signers[0].verifier)
    assert verify_receipt(parse_receipt(built(house, head={1: -8})), house.keys.signers[0].verifier)  # EdDSA
    inner = cbor2.dumps([9, 5, []])
    for changes, expected in (
        ({"head": {1: -7}}, "receipt-algorithm"),
        ({"head": {1: None}}, "receipt-algorithm"),
        ({"head": {395: 2}}, "receipt-algorithm"),
        ({"head": {2: [1]}}, "receipt-malformed"),  # crit
        ({"head": {15: {1: 7}}}, "receipt-malformed"),
        ({"head": {4: "text"}}, "receipt-malformed"),
        ({"payload": b"root"}, "receipt-malformed"),
        ({"tag": 98}, "receipt-malformed"),
        ({"free": {396: {}}}, "receipt-malformed"),
        ({"free": {396: {-1: [inner, inner]}}}, "receipt-malformed"),
        ({"free": {396: {-1: [cbor2.dumps([5, 9, []])]}}}, "receipt-malformed"),
        ({"free": {396: {-1: [cbor2.dumps([9, 5, [b"short"]])]}}}, "receipt-malformed"),
        ({"free": {396: {-1: [cbor2.dumps([9, True, []])]}}}, "receipt-malformed"),
        ({"free": {396: {-1: [cbor2.dumps([9, 5])]}}}, "receipt-malformed"),
        ({"free": {-70001: 7}}, "receipt-malformed"),
    ):
        assert code(built(house, **changes)) == expected, changes


@pytest.mark.parametrize(
    "receipt",
    [
        b"",
        b"\xd2",
        b"\xd2" + b"\x81" * 200_000,  # nesting without measure
        b"\xd2" + b"\xc1" * 1000,  # tags in tags
        b"\xd2\x9b" + b"\xff" * 8,  # an array of 2^64 items
        b"\xd2\x5b" + b"\xff" * 8,  # a text of 2^64 bytes
        b"\xd2\x9f\xff",  # indefinite length
        b"\xd2\x84\x58\x01\x00\xa0\xf6\x40",  # a length not in its shortest form
        b"\xd2\x84\x40\xa0\xf6\x40\x00",  # something behind it
        b"\xd2\x84\x40\xa2\x01\x01\x01\x02\xf6\x40",  # a header twice
        b"\xd2\x84\x40\xa0\xf6\x1c",
        b"\x00" * 300_000,
        b"\xd2\x84\x00\xa0\xf6\x40",
    ],
)
def test_bytes_that_are_refused(receipt: bytes) -> None:
    assert code(receipt) == "receipt-malformed"


@given(st.binary(max_size=60))
def test_any_bytes_are_refused_cleanly(noise: bytes) -> None:
    assert code(b"\xd2" + noise) in {"receipt-malformed", "receipt-algorithm"}


def test_commands(house: "House", data: Path, tmp_path: Path) -> None:
    vkeys = [word for signer in house.keys.signers for word in ("--vkey", signer.verifier.vkey)]
    for algorithm in ("Ed25519", "ML-DSA-44"):
        file = tmp_path / f"{algorithm}.cose"
        shown = json.loads(
            run("receipt", "7", "--data", data, "--out", file, "--algorithm", algorithm, "--json").stdout
        )
        assert (shown["index"], shown["size"]) == (7, 300)
        found = json.loads(run("verify", file, *vkeys, "--data", tmp_path, "--json").stdout)
        assert (found["kind"], found["algorithm"], found["trusted"]) == ("receipt", algorithm, True)
        assert found["record"].encode() == house.log.entry(7)
        assert leaf_hash(found["record"].encode()) == leaf_hash(house.log.entry(7))
        assert "place 7 of 300" in run("verify", file, "--data", data).stdout
        assert refused("verify", file, "--data", tmp_path).code == "receipt-wrong"
    assert "7 among 300" in run("receipt", "7", "--data", data, "--out", tmp_path / "r", "--lang", "en").stdout
    assert refused("receipt", "7", "--data", data, "--algorithm", "RSA").code == "receipt-algorithm"


def test_credential_commands(house: "House", data: Path, tmp_path: Path) -> None:
    file = tmp_path / "record.json"
    assert run("credential", "7", "--data", data, "--out", file).exit_code == 0
    shown = run("verify", file, "--data", data).stdout
    assert "Issued by did:key:z6Mk" in shown
    assert "No key came from outside" in shown
    assert json.loads(run("verify", file, "--data", data, "--json").stdout)["evidence"] == "TlogProof"
    assert refused("verify", file, "--data", tmp_path).code == "credential-no-policy"
    file.write_text(file.read_text().replace("meter-7.csv", "meter-8.csv"))
    assert refused("verify", file, "--data", data).code == "credential-wrong"
    assert refused("credential", "7", "--data", data, "--key", "nobody").code == "issuer-unknown"
    assert refused("credential", "7", "--data", data, "--did", "did:x:y").code == "credential-did"


def test_did_commands(house: "House", data: Path) -> None:
    run("keys", "new", "city.example/issuer", "--data", data)
    own, other = run("did", "--data", data).stdout.strip(), run("did", "--key", "city.example/issuer", "--data", data)
    assert own.startswith("did:key:z6Mk")
    assert other.stdout.strip() not in {own, ""}
    assert json.loads(run("did", "--data", data, "--json").stdout) == {"did": own}
    made = json.loads(run("did", "did:web:city.example", "--data", data, "--json").stdout)
    assert made["address"] == "https://city.example/.well-known/did.json"
    assert made["document"]["assertionMethod"] == [f"did:web:city.example#{own.removeprefix('did:key:')}"]
    by = json.loads(run("credential", "7", "--data", data, "--key", "city.example/issuer").stdout)
    assert by["issuer"] == other.stdout.strip()
