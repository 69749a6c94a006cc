"""What a sealed record commits to: the payload as a whole, and each of its fields under a salt of its own.

One random salt of 32 bytes stands behind everything. The commitment is SHA-256(``jasyl-payload/1`` LF ‖ salt ‖
payload). Of a JSON object every field is a leaf of a Merkle tree: SHA-256(00 ‖ ``jasyl-field/1`` LF ‖ field salt ‖
canonical JSON of [name, value]), its salt being HMAC-SHA256(salt, ``jasyl-field/1`` LF ‖ name). To show a field is to
show its name, value, salt and path: HMAC gives away neither the salt of another field nor the one behind them all.
Leaves stand in the order of their hashes, filled up with decoys to a power of two, at least eight, so that neither
place nor number says what else there is.
"""

import base64
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

from ..merkle import HASH_SIZE, inclusion_proof, leaf_hash, nodes_of, root_of, verify_inclusion

PAYLOAD_DOMAIN = b"jasyl-payload/1\n"
FIELD_DOMAIN = b"jasyl-field/1\n"
DECOY_DOMAIN = b"jasyl-decoy/1\n"
SALT_SIZE = 32
LEAST_LEAVES = 8
MAX_FIELDS = 1024


@dataclass(frozen=True)
class FieldProof:
    """One field of a payload with its salt and its path to the record's root of fields."""

    name: str
    value: Any
    salt: bytes
    index: int
    path: tuple[bytes, ...]


def commit(salt: bytes, payload: bytes) -> bytes:
    """The commitment to a payload. Raises ValueError unless the salt has 32 bytes."""
    if len(salt) != SALT_SIZE:
        raise ValueError("a salt has 32 bytes")
    return sha256(PAYLOAD_DOMAIN + salt + payload).digest()


def leaves_of(salt: bytes, fields: Mapping[str, Any]) -> list[bytes]:
    """The leaves of the fields and of their decoys, in their order. Raises Refusal ``payload-fields``."""
    if not 0 < len(fields) <= MAX_FIELDS:
        raise Refusal("payload-fields", received=len(fields), expected=MAX_FIELDS)
    leaves = [_leaf(field_salt(salt, name), name, value) for name, value in fields.items()]
    full = max(LEAST_LEAVES, 1 << (len(leaves) - 1).bit_length())
    decoys = [hmac.digest(salt, DECOY_DOMAIN + number.to_bytes(4), "sha256") for number in range(full - len(leaves))]
    return sorted(leaves + decoys)


def fields_root(salt: bytes, fields: Mapping[str, Any]) -> tuple[bytes, int]:
    """The root over the fields, and how many leaves it has."""
    leaves = leaves_of(salt, fields)
    return root_of(leaves), len(leaves)


def prove_field(salt: bytes, fields: Mapping[str, Any], name: str) -> FieldProof:
    """The proof of one field, made by whoever holds salt and payload. Raises Refusal ``payload-no-field``."""
    if name not in fields:
        raise Refusal("payload-no-field", received=name[:80], expected=", ".join(fields)[:400])
    leaves, own = leaves_of(salt, fields), field_salt(salt, name)
    index = leaves.index(_leaf(own, name, fields[name]))
    path = tuple(inclusion_proof(nodes_of(leaves), index, len(leaves)))
    return FieldProof(name, fields[name], own, index, path)


def verify_field(proof: FieldProof, root: bytes, count: int) -> bool:
    """Whether the field stands under ``root`` of ``count`` leaves; never an error."""
    try:
        leaf = _leaf(proof.salt, proof.name, proof.value)
    except (ValueError, Refusal):
        return False
    return verify_inclusion(leaf, proof.index, count, proof.path, root)


def field_salt(salt: bytes, name: str) -> bytes:
    """HMAC-SHA256(salt, ``jasyl-field/1`` LF ‖ name)."""
    return hmac.digest(salt, FIELD_DOMAIN + name.encode(), "sha256")


def proof_data(proof: FieldProof) -> dict[str, Any]:
    """A field's proof as JSON."""
    return {
        "name": proof.name,
        "value": proof.value,
        "salt": base64.b64encode(proof.salt).decode(),
        "index": proof.index,
        "path": [base64.b64encode(each).decode() for each in proof.path],
    }


def _leaf(salt: bytes, name: str, value: Any) -> bytes:
    if len(salt) != HASH_SIZE:
        raise ValueError("a salt has 32 bytes")
    return leaf_hash(FIELD_DOMAIN + salt + canonical_json([name, value]))
