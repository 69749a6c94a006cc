"""Data Integrity proofs of the W3C (VC Data Integrity 1.0, Data Integrity EdDSA Cryptosuites 1.0: ``eddsa-jcs-2022``).

What is signed with Ed25519 is SHA-256(JCS(proof options)) ‖ SHA-256(JCS(document)); JCS is RFC 8785. Keys are Multikey
(``z`` and base58btc of ed 01 ‖ 32 bytes), found by ``did:key``, or by ``did:web`` in a DID document.
"""

import datetime as dt
import json
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, Protocol, cast

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from jasyl.intake.outgoing import Limits, Outgoing
from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

CRYPTOSUITE = "eddsa-jcs-2022"
MAX_DOCUMENT = 2 * 1024 * 1024
_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_ED25519 = b"\xed\x01"
# A key has 48 characters, a signature 88; decoding is quadratic, so nothing much longer is looked at.
_LONGEST = 200
_DEEPEST = 64
Resolver = Callable[[str], bytes]
Json = dict[str, Any]


class Ed25519Signer(Protocol):
    """A key that signs bytes with Ed25519; ``signing.Signer`` of types 01 and 04 is one."""

    def sign_plain(self, message: bytes) -> bytes: ...


def multibase(data: bytes) -> str:
    """``data`` in base58btc with its multibase prefix ``z``."""
    number, digits = int.from_bytes(data), ""
    while number:
        number, rest = divmod(number, 58)
        digits = _ALPHABET[rest] + digits
    return "z" + "1" * (len(data) - len(data.lstrip(b"\x00"))) + digits


def from_multibase(text: str) -> bytes:
    """The bytes of :func:`multibase`, in their one spelling. Raises Refusal ``credential-malformed``."""
    body = text[1:]
    if not text.startswith("z") or not body or len(text) > _LONGEST or any(char not in _ALPHABET for char in body):
        raise Refusal("credential-malformed", received=text[:60], expected="multibase base58btc (z…)")
    number = 0
    for char in body:
        number = number * 58 + _ALPHABET.index(char)
    zeros = len(body) - len(body.lstrip("1"))
    return b"\x00" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


def multikey(public: bytes) -> str:
    """An Ed25519 public key as Multikey."""
    return multibase(_ED25519 + public)


def from_multikey(text: str) -> bytes:
    """The 32 bytes of an Ed25519 Multikey. Raises Refusal ``credential-malformed``, ``credential-algorithm``."""
    data = from_multibase(text)
    if not data.startswith(_ED25519) or len(data) != 34:
        raise Refusal("credential-algorithm", received=text[:60], expected="Ed25519 Multikey (z6Mk…)")
    return data[2:]


def did_key(public: bytes) -> str:
    """The ``did:key`` of an Ed25519 public key."""
    return f"did:key:{multikey(public)}"


def method_of(did: str, public: bytes) -> str:
    """The verification method of an Ed25519 key under ``did``: the Multikey is its fragment."""
    return f"{did}#{multikey(public)}"


def did_document(did: str, publics: list[bytes]) -> Json:
    """The DID document to serve for a ``did:web``: these keys may assert credentials."""
    methods = [
        {"id": method_of(did, public), "type": "Multikey", "controller": did, "publicKeyMultibase": multikey(public)}
        for public in publics
    ]
    return {
        "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
        "id": did,
        "verificationMethod": methods,
        "assertionMethod": [each["id"] for each in methods],
    }


def did_web_address(did: str) -> str:
    """Where the document of a ``did:web`` stands. Raises Refusal ``credential-did``."""
    parts = did.removeprefix("did:web:").split(":")
    host = parts[0].replace("%3A", ":").replace("%3a", ":")
    odd = any(not part or not all(c.isalnum() or c in ".-_" for c in part) for part in parts[1:])
    plain = host.isascii() and all(c.isalnum() or c in ".-:" for c in host)
    if not did.startswith("did:web:") or not host or not plain or odd or ".." in parts:
        raise Refusal("credential-did", received=did[:200], expected="did:key:z6Mk…, did:web:host[:path]")
    return f"https://{host}/{'/'.join(parts[1:]) or '.well-known'}/did.json"


def fetch_did_web(did: str) -> bytes:
    """The document of a ``did:web``, from the public internet over https only: the DID was written by a stranger.

    Raises Refusal ``credential-did``, ``outgoing-…``.
    """
    address = did_web_address(did)
    answer = Outgoing(Limits(size=256 * 1024, seconds=20, idle=10, redirects=0)).request("GET", address)
    if answer.status != 200:
        raise Refusal("outgoing-failed", received=address, reason=f"HTTP {answer.status}")
    return answer.body


def add_proof(document: Mapping[str, Any], signer: Ed25519Signer, method: str, created: dt.datetime) -> Json:
    """``document`` with a proof by ``signer``, whose public key ``method`` names."""
    options: Json = {
        "type": "DataIntegrityProof",
        "cryptosuite": CRYPTOSUITE,
        "created": created.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        "verificationMethod": method,
        "proofPurpose": "assertionMethod",
    }
    if "@context" in document:
        options["@context"] = document["@context"]
    bare = {name: value for name, value in document.items() if name != "proof"}
    signature = signer.sign_plain(hash_data(bare, options))
    return {**bare, "proof": {**options, "proofValue": multibase(signature)}}


def hash_data(document: Mapping[str, Any], options: Mapping[str, Any]) -> bytes:
    """The 64 bytes that are signed. Raises Refusal ``credential-malformed`` for what has no canonical form."""
    try:
        return sha256(canonical_json(options)).digest() + sha256(canonical_json(document)).digest()
    except (ValueError, TypeError, Refusal) as error:
        raise Refusal("credential-malformed", received=str(error)[:80], expected="RFC 8785") from error


def parse_secured(data: bytes) -> Json:
    """A secured JSON document, nothing verified. Raises Refusal ``credential-malformed``: no JSON object, a key twice,
    a number that is no number, nested without measure, too large."""
    try:
        if len(data) > MAX_DOCUMENT or _depth(data) > _DEEPEST:
            raise ValueError("too large or too deep")
        found = json.loads(data.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Refusal("credential-malformed", received=str(error)[:80], expected="JSON") from error
    if not isinstance(found, dict):
        raise Refusal("credential-malformed", received=type(found).__name__, expected="{…}")
    return cast("Json", found)


def check_proof(document: Mapping[str, Any], resolve: Resolver | None = None) -> tuple[str, bytes]:
    """The verification method and its public key, under which the document's proof holds.

    ``resolve`` gives the DID document of a ``did:web``; without it only ``did:key`` is known. Raises Refusal
    ``credential-malformed``, ``credential-algorithm`` (another proof type, cryptosuite or purpose), ``credential-did``,
    ``credential-expired``, ``credential-wrong`` (a byte was changed, or another key signed).
    """
    proof = document.get("proof")
    if not isinstance(proof, dict):
        raise Refusal("credential-malformed", received="proof", expected="one DataIntegrityProof")
    given = cast("Json", proof)
    suite = (given.get("type"), given.get("cryptosuite"), given.get("proofPurpose"))
    if suite != ("DataIntegrityProof", CRYPTOSUITE, "assertionMethod"):
        expected = f"DataIntegrityProof, {CRYPTOSUITE}, assertionMethod"
        raise Refusal("credential-algorithm", received=", ".join(str(each) for each in suite)[:120], expected=expected)
    method, value = given.get("verificationMethod"), given.get("proofValue")
    if not isinstance(method, str) or not isinstance(value, str):
        raise Refusal("credential-malformed", received="proof", expected="verificationMethod, proofValue")
    _refuse_expired(given.get("expires"))
    public = _public_of(method, resolve)
    signature = from_multibase(value)
    options = {name: each for name, each in given.items() if name != "proofValue"}
    bare = {name: each for name, each in document.items() if name != "proof"}
    context, own = options.get("@context"), document.get("@context")
    if context is not None:
        # The proof's context must begin the document's; the document is then read under the proof's.
        begun = _listed(own)[: len(_listed(context))]
        if begun != _listed(context):
            raise Refusal("credential-wrong", received="@context")
        bare["@context"] = context
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, hash_data(bare, options))
    except (InvalidSignature, ValueError):
        raise Refusal("credential-wrong", received=method[:200]) from None
    return method, public


def _listed(context: object) -> list[Any]:
    return cast("list[Any]", context) if isinstance(context, list) else [context]


def _refuse_expired(expires: object) -> None:
    if expires is None:
        return
    try:
        moment = dt.datetime.fromisoformat(str(expires))
        over = moment <= dt.datetime.now(dt.UTC)
    except (ValueError, TypeError):
        raise Refusal("credential-malformed", received=str(expires)[:60], expected="expires") from None
    if over:
        raise Refusal("credential-expired", received=str(expires)[:60])


def _public_of(method: str, resolve: Resolver | None) -> bytes:
    did, _, fragment = method.partition("#")
    if did.startswith("did:key:"):
        key = did.removeprefix("did:key:")
        if fragment != key:
            raise Refusal("credential-did", received=method[:200], expected=f"{did[:80]}#{key[:80]}")
        return from_multikey(key)
    if not did.startswith("did:web:") or resolve is None:
        raise Refusal("credential-did", received=method[:200], expected="did:key:z6Mk…, did:web:host[:path]")
    document = parse_secured(resolve(did))
    asserting = document.get("assertionMethod")
    listed: list[Any] = cast("list[Any]", asserting) if isinstance(asserting, list) else []
    methods = document.get("verificationMethod")
    known: list[Any] = cast("list[Any]", methods) if isinstance(methods, list) else []
    for each in [*known, *listed]:
        may = isinstance(each, dict) and (each in listed or method in listed)
        if may and each.get("id") == method and each.get("controller") == did == document.get("id"):
            return from_multikey(str(each.get("publicKeyMultibase", "")))
    raise Refusal("credential-did", received=method[:200], expected="assertionMethod")


def _once(pairs: list[tuple[str, Any]]) -> Json:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key twice")
    return found


def _no_constant(text: str) -> None:
    raise ValueError(text)


def _depth(data: bytes) -> int:
    """How deep brackets nest, counting those in texts too: an upper bound that needs no parser."""
    deepest = depth = 0
    for byte in data:
        if byte in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif byte in b"]}":
            depth -= 1
    return deepest
