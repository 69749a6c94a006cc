"""COSE Receipts (RFC 9942): the place of a record in the log, in the encoding that SCITT and other CBOR tools read.

A receipt is a COSE_Sign1 (RFC 9052, tag 18) over the root of the tree, which is detached: whoever verifies computes it
from the record and the path. Protected: algorithm (1), key id (4, the four bytes of the verifier key), CWT claims (15)
with the log's origin as issuer, verifiable data structure 1 = RFC9162_SHA256 (395). Unprotected: proofs (396), -1 =
inclusion: size, index, path. Algorithms: -19 Ed25519 (RFC 9864; -8 EdDSA is read as well), -48 ML-DSA-44 (RFC 9964,
empty context). The record itself travels in the private label -70001, which no signature covers: the path does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Any, cast

import cbor2

from jasyl.texts import Refusal

from .merkle import HASH_SIZE, MAX_SIZE, leaf_hash, root_from_inclusion
from .proof import Proof
from .signing import ED25519, ML_DSA_44, Signer, Verifier

SIGN1 = 18
ALGORITHM, KEY_ID, CLAIMS, STRUCTURE, PROOFS = 1, 4, 15, 395, 396
ISSUER, RFC9162_SHA256, INCLUSION, RECORD = 1, 1, -1, -70001
ALGORITHM_OF = {ED25519: -19, ML_DSA_44: -48}
_READ = {-8: ED25519, -19: ED25519, -48: ML_DSA_44}
MAX_RECEIPT = 256 * 1024
_DEEPEST = 8


@dataclass(frozen=True)
class Receipt:
    """A receipt taken apart, nothing verified. ``protected`` are the very bytes that are signed."""

    protected: bytes
    algorithm: int
    key_id: bytes
    origin: str
    size: int
    index: int
    path: tuple[bytes, ...]
    signature: bytes
    entry: bytes

    def root(self, entry: bytes) -> bytes:
        """The root that ``entry`` and the path lead to. Raises Refusal ``proof-wrong``."""
        root = root_from_inclusion(leaf_hash(entry), self.index, self.size, self.path)
        if root is None:
            raise Refusal("proof-wrong", received=self.index)
        return root


def make_receipt(proof: Proof, size: int, root: bytes, entry: bytes, signer: Signer) -> bytes:
    """The receipt of ``entry`` at the place of ``proof`` in the tree of ``size`` and ``root``.

    ``signer`` is the log's key of type Ed25519 or ML-DSA-44. Raises Refusal ``receipt-algorithm`` for another.
    """
    if signer.key_type not in ALGORITHM_OF:
        raise Refusal("receipt-algorithm", received=str(signer.key_type), expected="Ed25519, ML-DSA-44")
    protected = _encode(
        {
            ALGORITHM: ALGORITHM_OF[signer.key_type],
            KEY_ID: signer.key_id,
            CLAIMS: {ISSUER: signer.name},
            STRUCTURE: RFC9162_SHA256,
        }
    )
    inclusion = _encode([size, proof.index, list(proof.path)])
    unprotected = {PROOFS: {INCLUSION: [inclusion]}, RECORD: entry}
    signature = signer.sign_plain(signed_bytes(protected, root))
    return _encode(cbor2.CBORTag(SIGN1, [protected, unprotected, None, signature]))


def parse_receipt(data: bytes) -> Receipt:
    """The parts of a receipt, nothing verified.

    Raises Refusal ``receipt-malformed`` (no receipt, not in the deterministic encoding of RFC 8949 4.2, nested deeper
    than any receipt is, a header given twice) and ``receipt-algorithm`` (an algorithm or structure not known here).
    """
    if len(data) > MAX_RECEIPT:
        raise Refusal("receipt-malformed", reason=f"> {MAX_RECEIPT} B")
    whole = _decode(data)
    parts = whole.value if isinstance(whole, cbor2.CBORTag) and whole.tag == SIGN1 else None
    if not isinstance(parts, (list, tuple)) or len(cast("list[Any]", parts)) != 4:
        raise Refusal("receipt-malformed", reason="COSE_Sign1")
    protected, unprotected, payload, signature = cast("list[Any]", parts)
    head = _decode(protected) if isinstance(protected, bytes) else None
    if not isinstance(head, Mapping) or not isinstance(unprotected, Mapping) or payload is not None:
        raise Refusal("receipt-malformed", reason="headers")
    known, free = cast("Mapping[Any, Any]", head), cast("Mapping[Any, Any]", unprotected)
    if known.get(ALGORITHM) not in _READ or known.get(STRUCTURE) != RFC9162_SHA256:
        shown = f"{known.get(ALGORITHM)}, {known.get(STRUCTURE)}"[:60]
        raise Refusal("receipt-algorithm", received=shown, expected="-19, -48; RFC9162_SHA256")
    if not set(known) <= {ALGORITHM, KEY_ID, CLAIMS, STRUCTURE}:  # among them "crit" (2): what we cannot honour
        raise Refusal("receipt-malformed", reason="protected")
    size, index, path = _inclusion(free.get(PROOFS))
    claims, key_id, entry = known.get(CLAIMS), known.get(KEY_ID, b""), free.get(RECORD, b"")
    origin = cast("Mapping[Any, Any]", claims).get(ISSUER) if isinstance(claims, Mapping) else ""
    texts = (signature, key_id, entry)
    if not all(isinstance(each, bytes) for each in texts) or not isinstance(origin, str):
        raise Refusal("receipt-malformed", reason="signature, kid, record, iss")
    return Receipt(protected, int(known[ALGORITHM]), key_id, origin, size, index, path, signature, entry)


def verify_receipt(receipt: Receipt, key: Verifier, entry: bytes | None = None) -> bytes:
    """The root under which ``entry`` (the receipt's own record when None) stands, signed by ``key``.

    ``key`` is the log's Ed25519 or ML-DSA-44 key. Raises Refusal ``proof-wrong``, ``receipt-wrong``.
    """
    data = receipt.entry if entry is None else entry
    if not data or _READ[receipt.algorithm] != key.key_type or receipt.origin != key.name:
        raise Refusal("receipt-wrong", received=receipt.origin[:120], expected=f"{key.name}, {key.algorithm}")
    root = receipt.root(data)
    if not key.verify_plain(signed_bytes(receipt.protected, root), receipt.signature):
        raise Refusal("receipt-wrong", received=receipt.origin[:120], expected=f"{key.name}, {key.algorithm}")
    return root


def signed_bytes(protected: bytes, payload: bytes) -> bytes:
    """The Sig_structure of a COSE_Sign1 (RFC 9052, 4.4). It begins with byte 84, which begins no UTF-8 text."""
    return _encode(["Signature1", protected, b"", payload])


def _encode(value: object) -> bytes:
    return cbor2.dumps(value, canonical=True)


def _decode(data: bytes) -> Any:
    _refuse_deep(data)
    stream = BytesIO(data)
    try:
        value = cbor2.load(stream)
        again = _encode(value)
    except (cbor2.CBORError, ValueError, TypeError, OverflowError, MemoryError, RecursionError) as error:
        raise Refusal("receipt-malformed", reason=str(error)[:80]) from error
    if again != data:
        raise Refusal("receipt-malformed", reason="RFC 8949 4.2")
    return value


def _refuse_deep(data: bytes) -> None:
    """Walk the heads of the items without building anything: nesting and claimed lengths are bounded first."""
    open_items, at, length = [1], 0, len(data)
    while open_items:
        if open_items[-1] == 0:
            open_items.pop()
            continue
        open_items[-1] -= 1
        if at >= length:
            raise Refusal("receipt-malformed", reason="truncated")
        major, info = data[at] >> 5, data[at] & 31
        width = {24: 1, 25: 2, 26: 4, 27: 8}.get(info, 0)
        if info > 27 or at + width >= length + (width == 0):
            raise Refusal("receipt-malformed", reason="RFC 8949 4.2")
        number = int.from_bytes(data[at + 1 : at + 1 + width]) if width else info
        at += 1 + width
        if major in {2, 3}:
            at += number
        elif major in {4, 5, 6}:
            count = {4: number, 5: 2 * number, 6: 1}[major]
            if count > length or len(open_items) >= _DEEPEST:
                raise Refusal("receipt-malformed", reason=f"> {_DEEPEST}")
            open_items.append(count)
    if at != length:
        raise Refusal("receipt-malformed", reason="length")


def _inclusion(proofs: object) -> tuple[int, int, tuple[bytes, ...]]:
    given = cast("Mapping[Any, Any]", proofs).get(INCLUSION) if isinstance(proofs, Mapping) else None
    listed = cast("Sequence[Any]", given) if isinstance(given, (list, tuple)) else ()
    if len(listed) != 1 or not isinstance(listed[0], bytes):
        raise Refusal("receipt-malformed", reason="396: {-1: [bstr]}")
    inner = _decode(listed[0])
    if not isinstance(inner, list) or len(cast("list[Any]", inner)) != 3:
        raise Refusal("receipt-malformed", reason="[size, index, [bstr]]")
    size, index, path = cast("list[Any]", inner)
    numbers = all(isinstance(each, int) and not isinstance(each, bool) for each in (size, index))
    given_path = cast("list[Any]", path) if isinstance(path, list) else [None]
    hashes = tuple(each for each in given_path if isinstance(each, bytes) and len(each) == HASH_SIZE)
    if not numbers or not 0 <= index < size <= MAX_SIZE or len(hashes) != len(given_path):
        raise Refusal("receipt-malformed", reason="[size, index, [bstr]]")
    return size, index, hashes
