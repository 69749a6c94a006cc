"""Signatures by the authors of records and by devices: Ed25519 and ML-DSA-65 (FIPS 204).

An author signs ``jasyl-record/1`` LF ‖ the canonical bytes of the record without ``sigs``; a device or gateway signs
``jasyl-day/1`` LF ‖ the canonical JSON of what it measured (``Batch.measured``), before anybody logs it. The key is
told by a ``key`` record. ML-DSA-65 has no assigned type of C2SP note keys: its verifier key is the own type ff,
followed by the identifier ``ml-dsa-65-note/v1`` and the 1952 bytes of the key; the context of FIPS 204 is empty,
since the first line of the message already says what is signed.
"""

import base64
import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal, TypeVar

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PrivateKey, MLDSA65PublicKey

from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

from .measured_records import Batch
from .note import key_id_of, strict_base64, valid_name
from .record_fields import Record, Signature

Algorithm = Literal["Ed25519", "ML-DSA-65"]
RECORD_DOMAIN = b"jasyl-record/1\n"
DAY_DOMAIN = b"jasyl-day/1\n"
# What stands before the public key in a verifier key.
_PREFIX: dict[Algorithm, bytes] = {"Ed25519": b"\x01", "ML-DSA-65": b"\xffml-dsa-65-note/v1"}
_SIZE: dict[Algorithm, int] = {"Ed25519": 32, "ML-DSA-65": 1952}
Signed = TypeVar("Signed", bound=Record)


@dataclass(frozen=True)
class RecordKey:
    """The public key of an author, a device or a gateway."""

    name: str
    algorithm: Algorithm
    public: bytes

    @property
    def vkey(self) -> str:
        material = _PREFIX[self.algorithm] + self.public
        return f"{self.name}+{key_id_of(self.name, material).hex()}+{base64.b64encode(material).decode()}"

    def verify(self, message: bytes, signature: bytes) -> bool:
        """Whether ``signature`` is this key's over ``message``."""
        try:
            if self.algorithm == "ML-DSA-65":
                MLDSA65PublicKey.from_public_bytes(self.public).verify(signature, message)
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True)
class RecordSigner:
    """A signing key; ``key_record`` is the id of the ``key`` record that speaks of it. The seed never shows."""

    name: str
    algorithm: Algorithm
    seed: bytes = field(repr=False)
    key_record: str = ""

    @cached_property
    def _private(self) -> Ed25519PrivateKey | MLDSA65PrivateKey:
        if self.algorithm == "ML-DSA-65":
            return MLDSA65PrivateKey.from_seed_bytes(self.seed)
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @property
    def key(self) -> RecordKey:
        return RecordKey(self.name, self.algorithm, self._private.public_key().public_bytes_raw())

    def sign(self, message: bytes) -> Signature:
        return Signature(key=self.key_record, sig=base64.b64encode(self._private.sign(message)).decode())


def new_record_signer(name: str, algorithm: Algorithm) -> RecordSigner:
    """A fresh signing key. Raises Refusal ``vkey-name``."""
    if not valid_name(name) or len(name.encode()) > 255:
        raise Refusal("vkey-name", received=name)
    return RecordSigner(name, algorithm, os.urandom(32))


def parse_record_key(vkey: str) -> RecordKey:
    """The key in a ``key`` record. Raises Refusal ``vkey-malformed``, ``vkey-type``."""
    name, _, rest = vkey.partition("+")
    identity, _, encoded = rest.partition("+")
    material = strict_base64(encoded) or b""
    for algorithm, prefix in _PREFIX.items():
        if material.startswith(prefix):
            key = RecordKey(name, algorithm, material[len(prefix) :])
            if len(key.public) != _SIZE[algorithm] or not valid_name(name) or key.vkey != vkey:
                break
            return key
    else:
        if material:
            raise Refusal("vkey-type", received=material[:1].hex(), expected="01, ff ml-dsa-65-note/v1")
    raise Refusal("vkey-malformed", received=f"{name}+{identity}"[:80])


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


def signature_holds(key: RecordKey, signature: Signature, signed: Record | Batch, *, day: bool = False) -> bool:
    """Whether a signature over a record (or, with ``day``, over the day of a batch) is that of ``key``."""
    blob = strict_base64(signature.sig)
    message = day_message(signed.measured()) if day and isinstance(signed, Batch) else record_message(signed)
    return blob is not None and key.verify(message, blob)
