"""The gateway's own key: each delivery is signed over exactly the bytes that are sent (Ed25519, RFC 8032)."""

import base64
import os
from pathlib import Path
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)


def load_or_make(file: Path) -> Ed25519PrivateKey:
    """The key in ``file``; made on first use, readable by its owner only."""
    try:
        key = load_pem_private_key(file.read_bytes(), None)
    except FileNotFoundError:
        made = Ed25519PrivateKey.generate()
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as out:
            out.write(made.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
            out.flush()
            os.fsync(out.fileno())
        return made
    if not isinstance(key, Ed25519PrivateKey):
        raise TypeError(f"{file} holds no Ed25519 key")
    return key


def public_text(key: Ed25519PrivateKey) -> str:
    """The public key as it is registered at the server: 32 octets in base64."""
    return base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def signed_headers(key: Ed25519PrivateKey, name: str, body: bytes) -> dict[str, str]:
    """The headers that carry the gateway's name (percent-encoded UTF-8) and its signature of ``body``."""
    return {"jasyl-gateway": quote(name, safe=" "), "jasyl-signature": base64.b64encode(key.sign(body)).decode()}
