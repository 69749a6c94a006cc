"""A wrap opened by the formulas alone: RFC 9180 with X-Wing (draft-connolly-cfrg-xwing-kem), KEM 0x647a."""

import hmac
from base64 import b64decode
from hashlib import sha3_256, sha256, shake_256

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM, ChaCha20Poly1305
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand

from jasyl.ledger.confidential import ReaderSecret, new_reader

from .vectors import HPKE_RFC_9180, HPKE_X_WING

# KEM X-Wing, KDF HKDF-SHA256, AEAD AES-256-GCM; and those of the published vectors.
SUITE = b"HPKE" + bytes.fromhex("647a00010002")
SUITE_X_WING = b"HPKE" + bytes.fromhex("647a00010003")
SUITE_RFC_9180 = b"HPKE" + bytes.fromhex("002000010002")
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


def extract(suite: bytes, salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt, b"HPKE-v1" + suite + label + material, sha256)


def schedule(suite: bytes, shared_secret: bytes, info: bytes) -> tuple[bytes, bytes, bytes]:
    """Key, first nonce and exporter secret of base mode (RFC 9180, 5.1)."""
    context = b"\x00" + extract(suite, b"", b"psk_id_hash", b"") + extract(suite, b"", b"info_hash", info)
    secret = extract(suite, shared_secret, b"secret", b"")

    def expand(label: bytes, length: int) -> bytes:
        whole = length.to_bytes(2) + b"HPKE-v1" + suite + label + context
        return HKDFExpand(SHA256(), length, whole).derive(secret)

    return expand(b"key", 32), expand(b"base_nonce", 12), expand(b"exp", 32)


def test_a_wrap_is_what_the_standards_say() -> None:
    reader = new_reader("reader.example")
    told = b"key of the payload, and its salt"
    wrap = reader.reader.wrap(told, b"jasyl-wrap/1\nrecord")
    encapsulated, sealed = wrap[: ML_KEM_CIPHERTEXT + 32], wrap[ML_KEM_CIPHERTEXT + 32 :]
    info = b"jasyl-wrap/1\nrecord" + sha256(reader.reader.public).digest()
    key, nonce, _ = schedule(SUITE, shared(reader, encapsulated), info)
    assert AESGCM(key).decrypt(nonce, sealed, b"") == told
    assert len(encapsulated) == 1120


def test_the_published_vectors_of_hpke() -> None:
    """RFC 9180's own, and the post-quantum draft's for the KEM of our wraps (with ChaCha20 for AES)."""
    for suite, cipher, told in ((SUITE_RFC_9180, AESGCM, HPKE_RFC_9180), (SUITE_X_WING, ChaCha20Poly1305, HPKE_X_WING)):
        one = {name: b64decode(value) for name, value in told.items()}
        made = schedule(suite, one["shared_secret"], one["info"])
        assert made == (one["key"], one["base_nonce"], one["exporter_secret"])
        assert cipher(one["key"]).decrypt(one["base_nonce"], one["ct"], one["aad"]) == one["pt"]
    one = {name: b64decode(value) for name, value in HPKE_X_WING.items()}
    reader = ReaderSecret("x.example", shake_256(one["skRm"]).digest(96))
    assert sha256(reader.reader.public).digest() == one["pkRm_sha256"]
    assert shared(reader, one["enc"]) == one["shared_secret"]
