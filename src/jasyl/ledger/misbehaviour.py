"""Proofs that a log contradicted itself: a file that convinces anybody who has the log's keys, offline.

Two checkpoints that the log signed cannot both be heads of one growing list when

- ``fork``: they are of one size with two roots; or the smaller is not the beginning of the larger: a consistency proof
  from *another* root over as many entries to the larger one shows it, since two different roots cannot both fit;
- ``rollback``: the smaller was cosigned later. An ML-DSA-44 cosignature (tlog-cosignature) states the largest tree at
  its time, so these times bind whoever signed them.
"""

import base64
import json
from dataclasses import dataclass
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from jasyl.texts import Refusal

from .checkpoint import Checkpoint
from .merkle import HASH_SIZE, verify_consistency
from .note import MAX_NOTE, parse_note, strict_base64
from .policy import MAX_POLICY, Policy, parse_policy
from .signing import signed_at

FORMAT = "jasyl-misbehaviour/1"
MAX_FILE = 2 * MAX_NOTE + MAX_POLICY + 16_384
Kind = Literal["fork", "rollback"]
_Hash = Annotated[str, Meta(min_length=44, max_length=44)]


class _File(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    format: Literal["jasyl-misbehaviour/1"]
    kind: Kind
    policy: str
    first: str
    second: str
    prefix_root: _Hash | None = None
    consistency: Annotated[list[_Hash], Meta(max_length=63)] = []


@dataclass(frozen=True)
class Misbehaviour:
    """Two contradicting signed checkpoints, the policy with their keys, and what shows the contradiction.

    ``prefix_root`` and ``consistency``: for a fork between two sizes, the root over the first's entries inside of the
    second's tree, with its proof.
    """

    kind: Kind
    policy: bytes
    first: bytes
    second: bytes
    prefix_root: bytes | None = None
    consistency: tuple[bytes, ...] = ()

    def encode(self) -> bytes:
        """The proof as a file of JSON."""
        document = {
            "format": FORMAT,
            "kind": self.kind,
            "policy": self.policy.decode(errors="surrogateescape"),
            "first": self.first.decode(),
            "second": self.second.decode(),
            "prefix_root": base64.b64encode(self.prefix_root).decode() if self.prefix_root is not None else None,
            "consistency": [base64.b64encode(item).decode() for item in self.consistency],
        }
        return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"


def is_misbehaviour(data: bytes) -> bool:
    """Whether a file says of itself that it is such a proof."""
    return data[:200].lstrip().startswith(b"{") and FORMAT.encode() in data[:200]


def parse_misbehaviour(data: bytes) -> Misbehaviour:
    """The parts of a proof file, nothing verified. Raises Refusal ``misbehaviour-malformed``."""
    if len(data) > MAX_FILE:
        raise Refusal("misbehaviour-malformed", reason=str(len(data)))
    try:
        found = msgspec.json.decode(data, type=_File)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal("misbehaviour-malformed", reason=str(error)) from error
    hashes = [strict_base64(item) for item in ([found.prefix_root] if found.prefix_root else []) + found.consistency]
    good = [item for item in hashes if item is not None and len(item) == HASH_SIZE]
    if len(good) != len(hashes):
        raise Refusal("misbehaviour-malformed", reason="base64")
    prefix = good.pop(0) if found.prefix_root else None
    notes = [text.encode(errors="replace") for text in (found.policy, found.first, found.second)]
    return Misbehaviour(found.kind, notes[0], notes[1], notes[2], prefix, tuple(good))


def verify_misbehaviour(proof: Misbehaviour, policy: Policy | None = None) -> tuple[Checkpoint, Checkpoint]:
    """The two contradicting checkpoints, if the proof holds; keys of ``policy``, or those inside the file when None.

    Raises Refusal ``misbehaviour-not-shown``, or what ``Policy.check`` and ``parse_policy`` raise.
    """
    keys = (policy or parse_policy(proof.policy)).own()
    first, second = keys.check(proof.first), keys.check(proof.second)
    if proof.kind == "rollback":
        times = [signed_at(parse_note(note), keys.origin) for note in (proof.first, proof.second)]
        shown = second.size < first.size and 0 < times[0] < times[1]
    elif first.size == second.size:
        shown = first.root != second.root
    else:
        root = proof.prefix_root or first.root
        contradicts = first.size > 0 and root != first.root
        shown = contradicts and verify_consistency(first.size, second.size, root, second.root, proof.consistency)
    if not shown:
        raise Refusal("misbehaviour-not-shown", received=keys.origin)
    return first, second
