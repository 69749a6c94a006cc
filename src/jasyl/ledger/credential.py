"""Records as W3C Verifiable Credentials 2.0: the issuer vouches for a record, the evidence proves it without him.

The subject is named by the hash of the record's bytes (RFC 6920 ``ni:///sha-256;…``) and holds the record itself. The
evidence is the ``.tlog-proof`` of the record, with those of the records that tell the former name of the log under
which it stands, or the passport of a statement. Terms of our own are defined by an inline context, so that nothing has
to be fetched.
"""

import base64
import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, Literal, cast

from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

from .checkpoint import Checkpoint
from .data_integrity import Ed25519Signer, Json, Resolver, add_proof, check_proof, method_of, parse_secured
from .log_names import former_names
from .passport_check import check_passport
from .policy import Policy
from .proof import Proof, parse_proof, verify_proof
from .records import parse_record

CONTEXT = "https://www.w3.org/ns/credentials/v2"
_OWN = "urn:x-jasyl:"
TERMS: Json = {
    "LedgerRecordCredential": f"{_OWN}LedgerRecordCredential",
    "TlogProof": f"{_OWN}TlogProof",
    "JasylPassport": f"{_OWN}JasylPassport",
    "record": {"@id": f"{_OWN}record", "@type": "@json"},
    "file": f"{_OWN}file",
}
EvidenceKind = Literal["TlogProof", "JasylPassport"]


@dataclass(frozen=True)
class CheckedCredential:
    """What a credential proves: its issuer and key, the record, and whether the evidence places it in a log.

    ``origin``, ``size``: the log and the head under which the record stands. ``trusted``: that head meets a policy
    that came from outside, not only the keys that the credential itself brings.
    """

    issuer: str
    method: str
    record_id: str
    entry: bytes
    evidence: EvidenceKind
    origin: str
    size: int
    trusted: bool


def ni_name(entry: bytes) -> str:
    """The name of a record by the hash of its bytes (RFC 6920)."""
    return "ni:///sha-256;" + base64.urlsafe_b64encode(sha256(entry).digest()).decode().rstrip("=")


def make_credential(
    entry: bytes,
    evidence: bytes,
    issuer: str,
    signer: Ed25519Signer,
    public: bytes,
    created: dt.datetime,
    names: Sequence[bytes] = (),
) -> Json:
    """A credential about the record ``entry``, signed by ``signer`` whose public key is ``public``.

    ``evidence`` is the record's ``.tlog-proof`` or a statement's passport; ``issuer`` a ``did:key`` or ``did:web``.
    ``names`` are the ``.tlog-proof`` files of ``name_proofs``, for a record under a former name of its log.
    Raises Refusal ``record-malformed``.
    """
    record = parse_record(entry)
    passport = evidence.startswith(b"jasyl-passport/")
    if not passport:  # the record stands in the subject already
        evidence = Proof(*_without_extra(parse_proof(evidence))).encode()
    document: Json = {
        "@context": [CONTEXT, TERMS],
        "type": ["VerifiableCredential", "LedgerRecordCredential"],
        "issuer": issuer,
        "validFrom": record.issued,
        "credentialSubject": {"id": ni_name(entry), "record": parse_secured(entry)},
        "evidence": [
            {"type": ["JasylPassport" if passport else "TlogProof"], "file": evidence.decode()},
            *({"type": ["TlogProof"], "file": name.decode()} for name in names),
        ],
    }
    return add_proof(document, signer, method_of(issuer, public), created)


def check_credential(data: bytes, policy: Policy | None = None, resolve: Resolver | None = None) -> CheckedCredential:
    """Everything that a credential made by :func:`make_credential` claims.

    The proof is by the issuer's key; the record in the subject is the one it is named by; the evidence places it in a
    log whose head meets ``policy`` (None: only that the passport agrees with itself; a ``.tlog-proof`` then cannot be
    checked and is refused). Raises Refusal ``credential-…``, ``record-malformed``, ``proof-…``, ``passport-…``,
    ``note-…``.
    """
    document = parse_secured(data)
    contexts, kinds = document.get("@context"), document.get("type")
    if not isinstance(contexts, list) or cast("list[Any]", contexts)[:1] != [CONTEXT]:
        raise Refusal("credential-malformed", received=str(contexts)[:80], expected=CONTEXT)
    if (
        cast("list[Any]", contexts)[1:] != [TERMS]
        or not isinstance(kinds, list)
        or "LedgerRecordCredential" not in kinds
    ):
        raise Refusal(
            "credential-malformed", received=str(cast("object", kinds))[:80], expected="LedgerRecordCredential"
        )
    method, _ = check_proof(document, resolve)
    issuer = document.get("issuer")
    if not isinstance(issuer, str) or method.partition("#")[0] != issuer:
        raise Refusal("credential-wrong", received=str(issuer)[:200])
    entry = _entry_of(document.get("credentialSubject"))
    kind, file, names = _evidence_of(document.get("evidence"))
    if kind == "JasylPassport":
        found = check_passport(file, policy)
        if found.record_id != sha256(entry).hexdigest() or names:
            raise Refusal("credential-wrong", received="evidence")
        origin, size = found.head.origin, found.head.size
    else:
        if policy is None:
            raise Refusal("credential-no-policy")
        proof = parse_proof(file)
        head = verify_proof(proof, policy, entry=entry)
        _check_name(proof.index, entry, head, names, policy)
        origin, size = head.origin, head.size
    return CheckedCredential(
        issuer, method, sha256(entry).hexdigest(), entry, kind, origin, size, trusted=policy is not None
    )


def _check_name(index: int, entry: bytes, head: Checkpoint, names: Sequence[bytes], policy: Policy) -> None:
    """The record at ``index`` belongs to the log of ``head``, and ``names`` are what must tell it and nothing else."""
    records = {index: parse_record(entry)}
    for each in names:
        proof = parse_proof(each)
        if verify_proof(proof, policy) != head or proof.index in records:
            raise Refusal("credential-wrong", received="evidence")
        records[proof.index] = parse_record(proof.extra)
    try:
        former = former_names(records, head)
    except Refusal:
        raise Refusal("credential-wrong", received="log_origin") from None
    if {index, *(former[one.log_origin].record for one in records.values() if one.log_origin in former)} != set(
        records
    ):
        raise Refusal("credential-wrong", received="evidence")


def _without_extra(proof: Proof) -> tuple[int, tuple[bytes, ...], bytes]:
    return proof.index, proof.path, proof.checkpoint


def _entry_of(subject: object) -> bytes:
    given = cast("Json", subject) if isinstance(subject, dict) else {}
    try:
        entry = canonical_json(given["record"])
    except (KeyError, ValueError, TypeError, Refusal):
        raise Refusal("credential-malformed", received="credentialSubject", expected="record") from None
    parse_record(entry)
    if given.get("id") != ni_name(entry):
        raise Refusal("credential-wrong", received="credentialSubject.id")
    return entry


def _evidence_of(evidence: object) -> tuple[EvidenceKind, bytes, list[bytes]]:
    """The first piece of evidence, and the ``.tlog-proof`` files behind it."""
    listed = cast("list[object]", evidence) if isinstance(evidence, list) else []
    given = [cast("Json", each) for each in listed if isinstance(each, dict)]
    kinds: tuple[EvidenceKind, ...] = ("JasylPassport", "TlogProof")
    found: list[tuple[EvidenceKind, bytes]] = [
        (kind, str(each["file"]).encode())
        for each in given
        for kind in kinds
        if each.get("type") == [kind] and isinstance(each.get("file"), str)
    ]
    if not found or any(kind != "TlogProof" for kind, _ in found[1:]):
        raise Refusal("credential-malformed", received="evidence", expected="TlogProof, JasylPassport")
    kind, file = found[0]
    return kind, file, [name for _, name in found[1:]]
