"""Keys that sign checkpoints: Ed25519 (note type 01), and the cosignatures of tlog-cosignature v1.1.0-rc.1:
Ed25519 with a time (type 04) and ML-DSA-44 (type 06). Keys that sign records: Ed25519, and ML-DSA-65.

No note type is assigned to ML-DSA-65, so its lines use type ff, followed by a long identifier as the standard asks:
key material ff ‖ ``ml-dsa-65-note/v1`` ‖ public key; the message is the note text, the identifier is the FIPS 204
context.

A verifier key is one line, ``name+keyid+base64(type ‖ public key)``; a signing key is the same line of
Go's x/mod ``note``, ``PRIVATE+KEY+name+keyid+base64(type ‖ seed)``, with the 32-byte seed of either algorithm.
"""

import base64
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import (
    MLDSA44PrivateKey,
    MLDSA44PublicKey,
    MLDSA65PrivateKey,
    MLDSA65PublicKey,
)

from jasyl.texts import Refusal

from .checkpoint import parse_checkpoint
from .note import Note, key_id_of, strict_base64, valid_name

ED25519 = 0x01
ED25519_COSIGNATURE = 0x04
ML_DSA_44 = 0x06
ML_DSA_65 = 0xFF
ML_DSA_65_NOTE = b"ml-dsa-65-note/v1"
COSIGNATURES = frozenset({ED25519_COSIGNATURE, ML_DSA_44})
ALGORITHMS = {ED25519: "Ed25519", ED25519_COSIGNATURE: "Ed25519 cosignature", ML_DSA_44: "ML-DSA-44"}
ALGORITHMS[ML_DSA_65] = "ML-DSA-65"
_KEY_SIZE = {ED25519: 32, ED25519_COSIGNATURE: 32, ML_DSA_44: 1312, ML_DSA_65: 1952}
_SEED_SIZE = 32
_PRIVATE = "PRIVATE+KEY+"
_TIME_SIZE = 8
_ML_DSA_44_SIZE = 2420


@dataclass(frozen=True)
class Verifier:
    """A public key of a log, a witness or an issuer. Equal keys of different names are different verifiers."""

    name: str
    key_type: int
    public: bytes

    @property
    def key_id(self) -> bytes:
        return key_id_of(self.name, _typed(self.key_type, self.public))

    @property
    def algorithm(self) -> str:
        return ALGORITHMS[self.key_type]

    @property
    def vkey(self) -> str:
        return f"{self.name}+{self.key_id.hex()}+{_material(self.key_type, self.public)}"

    def verify(self, text: bytes, blob: bytes) -> bool:
        """Whether ``blob`` is this key's signature under the note text."""
        try:
            if self.key_type == ML_DSA_44:
                MLDSA44PublicKey.from_public_bytes(self.public).verify(*self._stamped(text, blob))
            elif self.key_type == ML_DSA_65:
                MLDSA65PublicKey.from_public_bytes(self.public).verify(blob, text, ML_DSA_65_NOTE)
            elif self.key_type == ED25519_COSIGNATURE:
                Ed25519PublicKey.from_public_bytes(self.public).verify(*self._stamped(text, blob))
            else:
                Ed25519PublicKey.from_public_bytes(self.public).verify(blob, text)
        except (InvalidSignature, ValueError, Refusal):
            return False
        return True

    def verify_plain(self, message: bytes, signature: bytes) -> bool:
        """Whether ``signature`` is this key's over ``message`` itself (see :meth:`Signer.sign_plain`)."""
        kinds = {ML_DSA_44: MLDSA44PublicKey, ML_DSA_65: MLDSA65PublicKey}
        try:
            kinds.get(self.key_type, Ed25519PublicKey).from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError):
            return False
        return True

    def _stamped(self, text: bytes, blob: bytes) -> tuple[bytes, bytes]:
        message = cosigned_message(self.key_type, self.name, cosigned_at(blob), text)
        return blob[_TIME_SIZE:], message


@dataclass(frozen=True)
class Signer:
    """A signing key. Its seed never shows in ``repr``; ``clock`` gives POSIX seconds for timestamped types."""

    name: str
    key_type: int
    seed: bytes = field(repr=False)
    clock: Callable[[], float] = field(default=time.time, repr=False, compare=False)

    @cached_property
    def _private(self) -> Ed25519PrivateKey | MLDSA44PrivateKey | MLDSA65PrivateKey:
        if self.key_type == ML_DSA_65:
            return MLDSA65PrivateKey.from_seed_bytes(self.seed)
        if self.key_type == ML_DSA_44:
            return MLDSA44PrivateKey.from_seed_bytes(self.seed)
        return Ed25519PrivateKey.from_private_bytes(self.seed)

    @cached_property
    def verifier(self) -> Verifier:
        return Verifier(self.name, self.key_type, self._private.public_key().public_bytes_raw())

    @cached_property
    def key_id(self) -> bytes:
        return self.verifier.key_id

    def sign(self, text: bytes) -> bytes:
        """The blob of a note line over ``text``. Cosignatures sign checkpoints only; ML-DSA bytes differ each time."""
        return self.sign_at(text, int(self.clock()))

    def sign_at(self, text: bytes, stamp: int) -> bytes:
        """The same with a time of the caller's choosing."""
        private = self._private
        if isinstance(private, MLDSA65PrivateKey):
            return private.sign(text, ML_DSA_65_NOTE)
        if self.key_type == ED25519:
            return private.sign(text)
        message = cosigned_message(self.key_type, self.name, stamp, text)
        return stamp.to_bytes(_TIME_SIZE) + private.sign(message)

    def sign_plain(self, message: bytes) -> bytes:
        """The signature over ``message`` itself, without context or time: for the formats of others (COSE, Data
        Integrity), whose messages begin so that none can be taken for a note or a cosigned message.
        """
        return self._private.sign(message)

    def encode(self) -> str:
        """The signing key as one line, for a file readable by its owner only."""
        return f"{_PRIVATE}{self.name}+{self.key_id.hex()}+{_material(self.key_type, self.seed)}"


@dataclass(frozen=True)
class StampedSigner:
    """A signer whose timestamped lines all carry one time."""

    signer: Signer
    stamp: int

    @property
    def name(self) -> str:
        return self.signer.name

    @property
    def key_id(self) -> bytes:
        return self.signer.key_id

    def sign(self, text: bytes) -> bytes:
        """The blob of a note line over ``text``."""
        return self.signer.sign_at(text, self.stamp)


def new_signer(name: str, key_type: int) -> Signer:
    """A fresh signing key. Raises Refusal ``vkey-name`` when ``name`` cannot name a key."""
    if not valid_name(name) or not 1 <= len(name.encode()) <= 255:
        raise Refusal("vkey-name", received=name)
    return Signer(name, key_type, os.urandom(_SEED_SIZE))


def parse_vkey(line: str) -> Verifier:
    """A verifier from its one-line form. Raises Refusal ``vkey-malformed`` or ``vkey-type``."""
    name, identity, key_type, public = _split(line.strip())
    if len(public) != _KEY_SIZE[key_type]:
        raise Refusal("vkey-malformed", received=line[:80])
    verifier = Verifier(name, key_type, public)
    if verifier.key_id.hex() != identity:
        raise Refusal("vkey-malformed", received=line[:80])
    return verifier


def parse_signer(line: str) -> Signer:
    """A signer from its one-line form. Raises Refusal ``signing-key-malformed``, which shows nothing of the key."""
    body = line.strip()
    try:
        name, identity, key_type, seed = _split(body.removeprefix(_PRIVATE))
    except Refusal:
        raise Refusal("signing-key-malformed") from None
    if not body.startswith(_PRIVATE) or len(seed) != _SEED_SIZE:
        raise Refusal("signing-key-malformed")
    signer = Signer(name, key_type, seed)
    if signer.key_id.hex() != identity:
        raise Refusal("signing-key-malformed")
    return signer


def cosigned_message(key_type: int, cosigner: str, stamp: int, text: bytes) -> bytes:
    """What a cosignature signs: a prefix with the time for Ed25519, the ``cosigned_message`` structure for ML-DSA-44.

    Raises ValueError or Refusal ``checkpoint-malformed`` where ``text`` cannot be cosigned.
    """
    if not 0 <= stamp < 2**63:
        raise ValueError("a time that cannot be cosigned")
    checkpoint = parse_checkpoint(text)
    if key_type == ED25519_COSIGNATURE:
        return f"cosignature/v1\ntime {stamp}\n".encode() + text
    name, origin = cosigner.encode(), checkpoint.origin.encode()
    if not 1 <= len(name) <= 255 or not 1 <= len(origin) <= 255:
        raise ValueError("a name that cannot be cosigned")
    parts = [b"subtree/v1\n\x00", bytes([len(name)]), name, stamp.to_bytes(8), bytes([len(origin)]), origin]
    return b"".join([*parts, (0).to_bytes(8), checkpoint.size.to_bytes(8), checkpoint.root])


def cosigned_at(blob: bytes) -> int:
    """The POSIX time a cosignature's blob carries."""
    return int.from_bytes(blob[:_TIME_SIZE])


def signed_at(note: Note, name: str) -> int:
    """The latest POSIX time in the ML-DSA-44 cosignatures of ``name`` under a note, none of them verified; else 0.

    Told from other lines by length: 8 bytes of time, 2420 of signature.
    """
    lines = [line for line in note.signatures if line.name == name and len(line.blob) == _TIME_SIZE + _ML_DSA_44_SIZE]
    return max((cosigned_at(line.blob) for line in lines), default=0)


def _typed(key_type: int, key: bytes) -> bytes:
    return bytes([key_type]) + (ML_DSA_65_NOTE if key_type == ML_DSA_65 else b"") + key


def _material(key_type: int, key: bytes) -> str:
    return base64.b64encode(_typed(key_type, key)).decode()


def _split(line: str) -> tuple[str, str, int, bytes]:
    name, _, rest = line.partition("+")
    identity, _, encoded = rest.partition("+")
    material = strict_base64(encoded)
    if not valid_name(name) or not material:
        raise Refusal("vkey-malformed", received=line[:80])
    prefix = _typed(material[0], b"")
    if material[0] not in ALGORITHMS or not material.startswith(prefix):
        raise Refusal("vkey-type", received=f"{material[0]:02x}", expected="01, 04, 06, ff ml-dsa-65-note/v1")
    return name, identity, material[0], material[len(prefix) :]
