"""Showing fields of a sealed payload to somebody who is not its reader: a file that verifies offline.

The file is canonical JSON: the fields with salt and path, and the ``.tlog-proof`` that the record with their root
stands in the log. It says nothing of the other fields, not even how many there are beyond the next power of two.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from jasyl.quantities import canonical_json, sha256_hex
from jasyl.texts import Refusal

from ..checkpoint import Checkpoint
from ..confidential_records import Sealed
from ..note import strict_base64
from ..policy import Policy
from ..proof import MAX_PROOF, parse_proof, verify_proof
from ..record_fields import Base64, Count
from ..records import parse_record
from .commitment import MAX_FIELDS, FieldProof, proof_data, prove_field, verify_field
from .payloads import Opened

TYPE = "jasyl-disclosure/1"
_START = b'{"fields":['
MAX_DISCLOSURE = MAX_PROOF + 32 * 1024 * 1024


class _Field(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    name: str
    value: Any
    salt: Base64
    index: Count
    path: Annotated[list[Base64], Meta(max_length=16)]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: Literal["jasyl-disclosure/1"]
    fields: Annotated[list[_Field], Meta(min_length=1, max_length=MAX_FIELDS)]
    proof: str


@dataclass(frozen=True)
class Disclosed:
    """Fields that are proven to stand in a sealed record, the record, and the head that proves it logged."""

    record_id: str
    record: Sealed
    fields: dict[str, Any]
    index: int
    checkpoint: Checkpoint


def disclose(opened: Opened, names: Sequence[str], proof: bytes) -> bytes:
    """The file that shows the fields ``names``; ``proof`` is the ``.tlog-proof`` of the sealed record.

    Raises Refusal ``payload-no-field``, ``payload-no-fields``, ``disclosure-empty``.
    """
    fields = opened.fields
    if not names:
        raise Refusal("disclosure-empty")
    shown = [proof_data(prove_field(opened.salt, fields, name)) for name in dict.fromkeys(names)]
    return canonical_json({"type": TYPE, "fields": shown, "proof": proof.decode()})


def is_disclosure(data: bytes) -> bool:
    """Whether a file looks like one made by ``disclose``."""
    return data.startswith(_START)


def verify_disclosure(data: bytes, policy: Policy) -> Disclosed:
    """The fields in a disclosure file, each proven against the record and the record against the log.

    Raises Refusal ``disclosure-malformed``, ``disclosure-wrong`` (a field that the record did not commit to) or what
    ``verify_proof`` raises.
    """
    if len(data) > MAX_DISCLOSURE:
        raise Refusal("disclosure-malformed")
    try:
        file = msgspec.json.decode(data, type=_File)
        again = canonical_json(msgspec.to_builtins(file))
    except (msgspec.DecodeError, UnicodeError, RecursionError, Refusal) as error:
        raise Refusal("disclosure-malformed") from error
    if again != data:  # one spelling: no duplicate names, no field said twice in two ways
        raise Refusal("disclosure-malformed")
    proof = parse_proof(file.proof.encode())
    head = verify_proof(proof, policy)
    record = parse_record(proof.extra)
    if not isinstance(record, Sealed) or record.fields is None or record.log_origin != head.origin:
        raise Refusal("disclosure-wrong", received=record.kind)
    root, shown = bytes.fromhex(record.fields.root), dict[str, Any]()
    for each in file.fields:
        salt, path = strict_base64(each.salt), [strict_base64(step) for step in each.path]
        hashes = tuple(step for step in path if step is not None)
        field = FieldProof(each.name, each.value, salt or b"", each.index, hashes)
        if each.name in shown or len(hashes) != len(path) or not verify_field(field, root, record.fields.count):
            raise Refusal("disclosure-wrong", received=each.name[:80])
        shown[each.name] = each.value
    return Disclosed(sha256_hex(proof.extra), record, shown, proof.index, head)
