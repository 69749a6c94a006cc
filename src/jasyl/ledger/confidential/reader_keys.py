"""Keys of readers: HPKE (RFC 9180) with the hybrid KEM MLKEM768_X25519, HKDF-SHA256 and AES-256-GCM.

Who records a wrap today must break ML-KEM-768 *and* X25519 to open it later. A reader's key is one line like the
verifier keys beside it, ``name+id+base64(ff ‖ hpke-mlkem768-x25519/v1 ‖ ML-KEM key ‖ X25519 key)``; the secret line
begins with ``PRIVATE+KEY+`` and holds the seeds, 64 and 32 bytes.
"""

import base64
import os
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey, MLKEM768PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hpke import (
    AEAD,
    KDF,
    KEM,
    MLKEM768X25519PrivateKey,
    MLKEM768X25519PublicKey,
    Suite,
)

from jasyl.texts import Refusal

from ..note import key_id_of, strict_base64, valid_name

_TYPE = b"\xffhpke-mlkem768-x25519/v1"
_PRIVATE = "PRIVATE+KEY+"
_ML_KEM_SIZE, _ML_KEM_SEED, _X25519_SIZE = 1184, 64, 32
_SUITE = Suite(KEM.MLKEM768_X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM)


@dataclass(frozen=True)
class ReaderKey:
    """The public key of somebody who may read: a city, an auditor, an owner, a bank."""

    name: str
    public: bytes

    @property
    def reader_id(self) -> str:
        """SHA-256 of the public key: whose wrap a row is. The name is not part of it."""
        return sha256(self.public).hexdigest()

    @property
    def line(self) -> str:
        """The key as one line, to give to whoever seals."""
        return _line(self.name, self.public, self.public)

    def wrap(self, secret: bytes, context: bytes) -> bytes:
        """``secret`` for this reader only, and only for ``context``."""
        ml_kem, x25519 = self.public[:_ML_KEM_SIZE], self.public[_ML_KEM_SIZE:]
        public = MLKEM768X25519PublicKey(
            MLKEM768PublicKey.from_public_bytes(ml_kem), X25519PublicKey.from_public_bytes(x25519)
        )
        return _SUITE.encrypt(secret, public, info=context + self.public_hash)

    @property
    def public_hash(self) -> bytes:
        return sha256(self.public).digest()


@dataclass(frozen=True)
class ReaderSecret:
    """A reader's secret key; its seeds never show in ``repr``."""

    name: str
    seeds: bytes = field(repr=False)

    @cached_property
    def _private(self) -> tuple[MLKEM768PrivateKey, X25519PrivateKey]:
        ml_kem, x25519 = self.seeds[:_ML_KEM_SEED], self.seeds[_ML_KEM_SEED:]
        return MLKEM768PrivateKey.from_seed_bytes(ml_kem), X25519PrivateKey.from_private_bytes(x25519)

    @cached_property
    def reader(self) -> ReaderKey:
        """The public half."""
        ml_kem, x25519 = self._private
        return ReaderKey(self.name, ml_kem.public_key().public_bytes_raw() + x25519.public_key().public_bytes_raw())

    @property
    def line(self) -> str:
        """The secret as one line, for a file that only its owner may read."""
        return _PRIVATE + _line(self.name, self.reader.public, self.seeds)

    def unwrap(self, wrap: bytes, context: bytes) -> bytes:
        """What was wrapped for this reader and ``context``.

        Raises Refusal ``reader-wrong``: another reader's wrap, one of another record, or a changed byte.
        """
        try:
            return _SUITE.decrypt(
                wrap, MLKEM768X25519PrivateKey(*self._private), info=context + self.reader.public_hash
            )
        except (InvalidTag, ValueError):
            raise Refusal("reader-wrong", received=self.name) from None


def new_reader(name: str) -> ReaderSecret:
    """A fresh key. Raises Refusal ``vkey-name`` when ``name`` cannot name a key."""
    if not valid_name(name) or not 1 <= len(name.encode()) <= 255:
        raise Refusal("vkey-name", received=name)
    return ReaderSecret(name, os.urandom(_ML_KEM_SEED + _X25519_SIZE))


def parse_reader(line: str) -> ReaderKey:
    """A reader's public key from its line. Raises Refusal ``reader-malformed``."""
    name, identity, public = _split(line.strip())
    reader = ReaderKey(name, public)
    if len(public) != _ML_KEM_SIZE + _X25519_SIZE or reader.line != f"{name}+{identity}+{_material(public)}":
        raise Refusal("reader-malformed", received=line[:60])
    try:  # ML-KEM asks every coefficient to be below its modulus
        reader.wrap(b"", b"")
    except ValueError:
        raise Refusal("reader-malformed", received=line[:60]) from None
    return reader


def parse_reader_secret(line: str) -> ReaderSecret:
    """A secret key from its line. Raises Refusal ``reader-secret-malformed``, which shows nothing of it."""
    body = line.strip()
    try:
        name, identity, seeds = _split(body.removeprefix(_PRIVATE))
    except Refusal:
        raise Refusal("reader-secret-malformed") from None
    if not body.startswith(_PRIVATE) or len(seeds) != _ML_KEM_SEED + _X25519_SIZE:
        raise Refusal("reader-secret-malformed")
    secret = ReaderSecret(name, seeds)
    if key_id_of(name, _TYPE + secret.reader.public).hex() != identity:
        raise Refusal("reader-secret-malformed")
    return secret


def _material(key: bytes) -> str:
    return base64.b64encode(_TYPE + key).decode()


def _line(name: str, public: bytes, shown: bytes) -> str:
    return f"{name}+{key_id_of(name, _TYPE + public).hex()}+{_material(shown)}"


def _split(line: str) -> tuple[str, str, bytes]:
    name, _, rest = line.partition("+")
    identity, _, encoded = rest.partition("+")
    material = strict_base64(encoded)
    if not valid_name(name) or material is None or not material.startswith(_TYPE):
        raise Refusal("reader-malformed", received=line[:60])
    return name, identity, material[len(_TYPE) :]
