"""W3C Data Integrity, eddsa-jcs-2022: the recommendation's own vector, a second path, and everything that must fail."""

import datetime as dt
import json
from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from jasyl.ledger import (
    check_credential,
    demand_all,
    did_document,
    did_key,
    did_web_address,
    entry,
    freeze,
    load_keys,
    make_credential,
    name_proofs,
    renaming,
)
from jasyl.ledger.credential import ni_name
from jasyl.ledger.data_integrity import (
    add_proof,
    check_proof,
    from_multibase,
    hash_data,
    method_of,
    multibase,
    multikey,
    parse_secured,
)
from jasyl.ledger.signing import ED25519, Signer, new_signer
from jasyl.texts import Refusal

from .conftest import says_nothing
from .passports import Plant

if TYPE_CHECKING:
    from .conftest import House

# Data Integrity EdDSA Cryptosuites v1.0 (W3C Recommendation, 15 May 2025), appendix B.3: keys, document, hashes, value.
SECRET = "z3u2en7t5LR2WtQH5PfFqMqwVHBeXouLzo6haApm8XHqvjxq"
PUBLIC = "z6MkrJVnaZkeFzdQyMZu1cgjg7k1pZZ6pvBQ7XJPt4swbTQ2"
CONTEXTS = ["https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/credentials/examples/v2"]
DOCUMENT = {
    "@context": CONTEXTS,
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential", "AlumniCredential"],
    "name": "Alumni Credential",
    "description": "A minimum viable example of an Alumni Credential.",
    "issuer": "https://vc.example/issuers/5678",
    "validFrom": "2023-01-01T00:00:00Z",
    "credentialSubject": {"id": "did:example:abcdefgh", "alumniOf": "The School of Examples"},
}
DOCUMENT_HASH = "59b7cb6251b8991add1ce0bc83107e3db9dbbab5bd2c28f687db1a03abc92f19"
OPTIONS_HASH = "66ab154f5c2890a140cb8388a22a160454f80575f6eae09e5a097cabe539a1db"
VALUE = "z2HnFSSPPBzR36zdDgK8PbEHeXbR56YF24jwMpt3R1eHXQzJDMWS93FCzpvJpwTWd3GAVFuUfjoJdcnTMuVor51aX"
CREATED = dt.datetime(2023, 2, 24, 23, 36, 38, tzinfo=dt.UTC)


def issuer() -> Signer:
    seed = from_multibase(SECRET)
    assert seed[:2] == b"\x80\x26"  # the Multikey prefix of an Ed25519 secret key
    return Signer("issuer", ED25519, seed[2:])


def test_the_vector_of_the_recommendation() -> None:
    method = f"did:key:{PUBLIC}#{PUBLIC}"
    made = add_proof(DOCUMENT, issuer(), method, CREATED)
    options = {name: value for name, value in made["proof"].items() if name != "proofValue"}
    assert hash_data(DOCUMENT, options).hex() == OPTIONS_HASH + DOCUMENT_HASH
    assert made["proof"]["proofValue"] == VALUE
    assert check_proof(made) == (method, issuer().verifier.public)
    assert multikey(issuer().verifier.public) == PUBLIC


@given(st.dictionaries(st.text(max_size=8), st.text(max_size=12) | st.integers(-(2**53) + 1, 2**53 - 1), max_size=6))
def test_signing_agrees_with_a_second_path(content: dict[str, Any]) -> None:
    """Against the rfc8785 package and the primitive alone."""
    content.pop("proof", None)
    content.pop("@context", None)
    signer = issuer()
    made = add_proof(content, signer, method_of(did_key(signer.verifier.public), signer.verifier.public), CREATED)
    options = {name: value for name, value in made["proof"].items() if name != "proofValue"}
    message = sha256(rfc8785.dumps(options)).digest() + sha256(rfc8785.dumps(content)).digest()
    assert Ed25519PrivateKey.from_private_bytes(signer.seed).sign(message) == from_multibase(
        made["proof"]["proofValue"]
    )
    assert check_proof(json.loads(json.dumps(made)))


@given(st.binary(min_size=1, max_size=80))
def test_multibase(data: bytes) -> None:
    assert from_multibase(multibase(data)) == data


@pytest.mark.parametrize("text", ["", "z", "m1", "z0", "zO", "zI", "zl", "z" + "2" * 300, "z1 "])
def test_multibase_that_is_none(text: str) -> None:
    with pytest.raises(Refusal) as refused:
        from_multibase(text)
    assert refused.value.code == "credential-malformed"


def secured() -> dict[str, Any]:
    return json.loads(json.dumps(add_proof(DOCUMENT, issuer(), f"did:key:{PUBLIC}#{PUBLIC}", CREATED)))


def code_of(document: dict[str, Any]) -> str:
    with pytest.raises(Refusal) as refused:
        check_proof(document)
    return refused.value.code


@pytest.mark.parametrize(
    ("where", "value", "code"),
    [
        ("cryptosuite", "eddsa-rdfc-2022", "credential-algorithm"),
        ("cryptosuite", "none", "credential-algorithm"),
        ("type", "Ed25519Signature2020", "credential-algorithm"),
        ("proofPurpose", "authentication", "credential-algorithm"),
        ("created", "2023-02-24T23:36:39Z", "credential-wrong"),
        ("verificationMethod", "did:key:zOther#zOther", "credential-malformed"),
        ("verificationMethod", f"did:key:{PUBLIC}#other", "credential-did"),
        ("verificationMethod", "https://vc.example/keys/1", "credential-did"),
        ("verificationMethod", "did:web:vc.example#1", "credential-did"),
        ("verificationMethod", 7, "credential-malformed"),
        ("proofValue", VALUE[:-1] + "Y", "credential-wrong"),
        ("proofValue", "z", "credential-malformed"),
        ("proofValue", multibase(b"short"), "credential-wrong"),
        ("expires", "2024-01-01T00:00:00Z", "credential-expired"),
        ("expires", "some day", "credential-malformed"),
        ("expires", "2024-01-01", "credential-malformed"),
        ("@context", CONTEXTS[::-1], "credential-wrong"),
        ("@context", "https://www.w3.org/ns/credentials/v2", "credential-wrong"),
    ],
)
def test_a_proof_that_is_not_this_one(where: str, value: object, code: str) -> None:
    document = secured()
    document["proof"][where] = value
    assert code_of(document) == code


def test_a_document_that_was_changed() -> None:
    for change in ({"name": "Doctor"}, {"extra": 1}, {"issuer": "https://vc.example/issuers/1"}):
        assert code_of(secured() | change) == "credential-wrong"
    assert code_of(DOCUMENT) == "credential-malformed"
    assert code_of(secured() | {"proof": [secured()["proof"]]}) == "credential-malformed"
    assert code_of(secured() | {"number": float("inf")}) == "credential-malformed"


@pytest.mark.parametrize(
    "text",
    [b"", b"[]", b'{"a":1,"a":2}', b'{"a":NaN}', b"{" * 5000, b'{"a":' + b"[" * 70 + b"]" * 70 + b"}", b"\xff{}"],
)
def test_json_that_is_refused(text: bytes) -> None:
    with pytest.raises(Refusal) as refused:
        parse_secured(text)
    assert refused.value.code == "credential-malformed"


def test_did_web() -> None:
    assert did_web_address("did:web:city.example") == "https://city.example/.well-known/did.json"
    assert did_web_address("did:web:city.example%3A8443:log") == "https://city.example:8443/log/did.json"
    for wrong in ("did:web:", "did:key:z6Mk", "did:web:a:..:b", "did:web:user@host", "did:web:a:b/c", "did:web:a::b"):
        with pytest.raises(Refusal) as refused:
            did_web_address(wrong)
        assert refused.value.code == "credential-did"


def test_a_did_document_gives_the_key_it_lists_for_assertions_only() -> None:
    signer, did = issuer(), "did:web:city.example"
    public = signer.verifier.public
    made = add_proof(DOCUMENT, signer, method_of(did, public), CREATED)
    document = did_document(did, [public])
    assert check_proof(made, lambda asked: json.dumps(document).encode())[0] == method_of(did, public)
    others: list[dict[str, Any]] = [
        document | {"assertionMethod": []},
        document | {"id": "did:web:other.example"},
        did_document(did, [new_signer("x", ED25519).verifier.public]),
        {**document, "verificationMethod": "none"},
    ]
    for wrong in others:
        with pytest.raises(Refusal) as refused:
            check_proof(made, lambda asked, wrong=wrong: json.dumps(wrong).encode())
        assert refused.value.code == "credential-did"


def made_of(house: "House", index: int = 3) -> dict[str, Any]:
    log, signer = house.log, house.keys.signers[0]
    public = signer.verifier.public
    proof = log.proof_file(index)
    return make_credential(log.entry(index), proof, did_key(public), signer, public, CREATED)


def spelled(document: dict[str, Any]) -> bytes:
    return json.dumps(document, indent=1, ensure_ascii=False).encode()


def test_a_record_as_credential(house: "House") -> None:
    house.fill(0, 20)
    made = made_of(house)
    found = check_credential(spelled(made), house.keys_policy)
    assert (found.entry, found.origin, found.size) == (house.log.entry(3), house.keys.origin, 20)
    assert (found.evidence, found.trusted) == ("TlogProof", True)
    assert made["credentialSubject"]["id"] == ni_name(house.log.entry(3))
    assert made["type"][0] == "VerifiableCredential"
    with pytest.raises(Refusal) as refused:
        check_credential(spelled(made))
    assert refused.value.code == "credential-no-policy"
    with pytest.raises(Refusal):
        check_credential(spelled(made), demand_all([new_signer("city.example/log", ED25519).verifier]))


def again(house: "House", made: dict[str, Any], **changes: Any) -> bytes:
    """The changed credential, properly signed by its issuer: only the evidence can refute it."""
    signer = house.keys.signers[0]
    method = made["proof"]["verificationMethod"]
    return spelled(add_proof({**made, **changes}, signer, method, CREATED))


def test_an_issuer_cannot_claim_what_the_log_does_not_hold(house: "House") -> None:
    house.fill(0, 20)
    made, other = made_of(house), made_of(house, 4)
    false_record = {**made["credentialSubject"]["record"], "rows": 7}
    cases = [
        (again(house, made, credentialSubject=other["credentialSubject"]), "proof-wrong"),
        (
            again(house, made, credentialSubject={**made["credentialSubject"], "record": false_record}),
            "credential-wrong",
        ),
        (again(house, made, credentialSubject={"id": made["credentialSubject"]["id"]}), "credential-malformed"),
        (again(house, made, credentialSubject=[]), "credential-malformed"),
        (again(house, made, evidence=[]), "credential-malformed"),
        (again(house, made, evidence=[{"type": ["TlogProof"], "file": "x"}]), "proof-malformed"),
        (again(house, made, issuer="did:key:zOther"), "credential-wrong"),
        (again(house, made, type=["VerifiableCredential"]), "credential-malformed"),
        (again(house, made, **{"@context": [CONTEXTS[0]]}), "credential-malformed"),
        (again(house, made, **{"@context": CONTEXTS[0]}), "credential-malformed"),
    ]
    for data, code in cases:
        with pytest.raises(Refusal) as refused:
            check_credential(data, house.keys_policy)
        assert refused.value.code == code


def test_a_statement_as_credential_with_its_passport(house: "House") -> None:
    plant = Plant(house)
    calc, other = (plant.calc(plant.days(2, 3), tree=False, subject=place) for place in ("KZ-71", "KZ-75"))
    house.drain()
    passport, signer = plant.passport(calc), house.keys.signers[0]
    with house.database.reading() as connection:
        entries = {one: entry(connection, one) for one in (calc, other)}
    public = signer.verifier.public

    def made(identity: str) -> bytes:
        record = entries[identity]
        assert record is not None
        return spelled(make_credential(record, passport, did_key(public), signer, public, CREATED))

    for policy in (None, house.keys_policy):
        found = check_credential(made(calc), policy)
        assert (found.record_id, found.evidence, found.trusted) == (calc, "JasylPassport", policy is not None)
    with pytest.raises(Refusal) as refused:
        check_credential(made(other))
    assert refused.value.code == "credential-wrong"


def test_a_record_of_a_former_name_as_credential(house: "House", monkeypatch: pytest.MonkeyPatch) -> None:
    """The log tells the former name by its own records, proven beside the record; nothing less and nothing else."""
    house.fill(0, 20)
    for name in ("city.example/log-2", "city.example/log-3"):
        freeze(house.folder, house.database, name)
    house.enqueue(20, 21)  # under the first name, after its end
    with monkeypatch.context() as patch:
        patch.setattr(renaming.Endings, "untold", says_nothing)
        house.drain()
    house.keys = load_keys(house.folder)
    log, signer = house.log, house.keys.signers[0]
    public = signer.verifier.public

    def made(index: int, names: Sequence[int]) -> bytes:
        files = [log.proof_file(each) for each in names]
        proof = log.proof_file(index)
        return spelled(make_credential(log.entry(index), proof, did_key(public), signer, public, CREATED, files))

    with house.database.reading() as connection:
        assert name_proofs(connection, log, log.entry(3)) == [log.proof_file(20), log.proof_file(24)]
        assert name_proofs(connection, log, log.entry(24)) == []
    assert check_credential(made(3, (20, 24)), house.log.policy).origin == "city.example/log-3"
    assert check_credential(made(20, (24,)), house.log.policy).size == 29
    assert check_credential(made(24, ()), house.log.policy).trusted
    wrong = {
        (3, ()): "log_origin", (3, (20,)): "log_origin", (3, (24,)): "log_origin", (28, (20, 24)): "log_origin",
        (3, (20, 24, 25)): "evidence", (3, (20, 24, 24)): "evidence", (24, (20,)): "evidence",
        (27, (24,)): "evidence",
    }  # fmt: skip
    for (index, names), expected in wrong.items():
        with pytest.raises(Refusal) as refused:
            check_credential(made(index, names), house.log.policy)
        assert (refused.value.code, refused.value.arguments["received"]) == ("credential-wrong", expected)
    house.drain()  # a later end of the first name is told
    with house.database.reading() as connection:
        for index in (3, 28):
            assert name_proofs(connection, log, log.entry(index)) == [log.proof_file(29)]
            assert check_credential(made(index, (29,)), house.log.policy).size == 31
