"""Signatures by the authors of records and by devices: Ed25519 and ML-DSA-65 (see ``signing``).

An author signs ``jasyl-record/1`` LF ‖ the canonical bytes of the record without ``sigs``; a device or gateway signs
``jasyl-day/1`` LF ‖ the canonical JSON of what it measured (``Batch.measured``), before anybody logs it. The key is
told by a ``key`` record, which a signature names by its id.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import msgspec

from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

from .note import strict_base64
from .record_fields import Record, Signature
from .signing import ED25519, ML_DSA_65, Signer, Verifier, parse_vkey

RECORD_DOMAIN = b"jasyl-record/1\n"
DAY_DOMAIN = b"jasyl-day/1\n"
Signed = TypeVar("Signed", bound=Record)


@dataclass(frozen=True)
class RecordSigner:
    """A signing key of type Ed25519 or ML-DSA-65, and the id of the ``key`` record that speaks of it."""

    signer: Signer
    key_record: str

    def sign(self, message: bytes) -> Signature:
        """The signature over a message of :func:`record_message` or :func:`day_message`."""
        return Signature(key=self.key_record, sig=base64.b64encode(self.signer.sign(message)).decode())


def record_verifier(vkey: str) -> Verifier:
    """The key in a ``key`` record. Raises Refusal ``vkey-malformed``; ``vkey-type`` for one that signs no records."""
    key = parse_vkey(vkey)
    if key.key_type not in {ED25519, ML_DSA_65} or key.vkey != vkey:
        raise Refusal("vkey-type", received=f"{key.key_type:02x}", expected="01, ff ml-dsa-65-note/v1")
    return key


def record_message(record: Record) -> bytes:
    """What the author of a record signs."""
    document = {name: value for name, value in msgspec.to_builtins(record).items() if name != "sigs"}
    return RECORD_DOMAIN + canonical_json(document)


def day_message(measured: dict[str, object]) -> bytes:
    """What a device or gateway signs of a day (see ``Batch.measured``)."""
    return DAY_DOMAIN + canonical_json(measured)


def sign_record(record: Signed, signers: Sequence[RecordSigner]) -> Signed:
    """``record`` with the signatures of its author in place of any it had."""
    if not signers:
        return record
    message = record_message(record)
    return msgspec.structs.replace(record, sigs=[signer.sign(message) for signer in signers])


def day_signatures(measured: dict[str, object], signers: Sequence[RecordSigner]) -> list[Signature]:
    """The signatures of a device or gateway over a day it measured."""
    message = day_message(measured)
    return [signer.sign(message) for signer in signers]


def signature_holds(vkey: str, signature: Signature, message: bytes) -> bool:
    """Whether a signature is that of the key in a ``key`` record; never an error."""
    try:
        key = record_verifier(vkey)
    except Refusal:
        return False
    blob = strict_base64(signature.sig)
    return blob is not None and key.verify(message, blob)
