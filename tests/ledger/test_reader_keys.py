"""A wrap opened by the formulas alone: RFC 9180 with X-Wing (draft-connolly-cfrg-xwing-kem), KEM 0x647a."""

import hmac
from hashlib import sha3_256, sha256

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from jasyl.ledger.confidential import ReaderSecret, new_reader

# KEM X-Wing, KDF HKDF-SHA256, AEAD AES-256-GCM.
SUITE = b"HPKE" + bytes.fromhex("647a00010002")
XWING = rb"\.//^" + b"\\"
ML_KEM_CIPHERTEXT, ML_KEM_SEED = 1088, 64


def shared(secret: ReaderSecret, encapsulated: bytes) -> bytes:
    """SHA3-256(secret of ML-KEM-768 ‖ secret of X25519 ‖ X25519 ciphertext ‖ X25519 public key ‖ label)."""
    first, second = encapsulated[:ML_KEM_CIPHERTEXT], encapsulated[ML_KEM_CIPHERTEXT:]
    of_ml_kem = MLKEM768PrivateKey.from_seed_bytes(secret.seeds[:ML_KEM_SEED]).decapsulate(first)
    private = X25519PrivateKey.from_private_bytes(secret.seeds[ML_KEM_SEED:])
    of_curve = private.exchange(X25519PublicKey.from_public_bytes(second))
    public = private.public_key().public_bytes_raw()
    return sha3_256(of_ml_kem + of_curve + second + public + XWING).digest()


def extract(salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + SUITE + label + material, sha256)


def expand(key: bytes, label: bytes, info: bytes, length: int) -> bytes:
    whole = length.to_bytes(2) + b"HPKE-v1" + SUITE + label + info
    return HKDFExpand(SHA256(), length, whole).derive(key)


def test_a_wrap_is_what_the_standards_say() -> None:
    reader = new_reader("reader.example")
    told = b"key of the payload, and its salt"
    wrap = reader.reader.wrap(told, b"jasyl-wrap/1\nrecord")
    encapsulated, sealed = wrap[: ML_KEM_CIPHERTEXT + 32], wrap[ML_KEM_CIPHERTEXT + 32 :]
    info = b"jasyl-wrap/1\nrecord" + sha256(reader.reader.public).digest()
    context = b"\x00" + extract(b"", b"psk_id_hash", b"") + extract(b"", b"info_hash", info)
    secret = extract(shared(reader, encapsulated), b"secret", b"")
    key, nonce = expand(secret, b"key", context, 32), expand(secret, b"base_nonce", context, 12)
    assert AESGCM(key).decrypt(nonce, sealed, b"") == told
    assert len(encapsulated) == 1120
