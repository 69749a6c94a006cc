"""Proof files (c2sp.org/tlog-proof@v1): an entry's place in a signed log, verifiable offline."""

import base64
from dataclasses import dataclass

from jasyl.texts import Refusal

from .checkpoint import Checkpoint, decimal_or_none, parse_checkpoint
from .merkle import HASH_SIZE, leaf_hash, verify_inclusion
from .note import parse_note, strict_base64
from .policy import Policy

HEADER = "c2sp.org/tlog-proof@v1"
# Extra data may hold one entry; 53 hashes, and a checkpoint with its signatures.
MAX_PROOF = 1024 * 1024


@dataclass(frozen=True)
class Proof:
    """Index, inclusion path and checkpoint of one entry. ``extra`` carries the entry itself in our files."""

    index: int
    path: tuple[bytes, ...]
    checkpoint: bytes
    extra: bytes = b""

    def encode(self) -> bytes:
        """The ``.tlog-proof`` file."""
        lines = [HEADER]
        if self.extra:
            lines.append("extra " + base64.b64encode(self.extra).decode())
        lines.append(f"index {self.index}")
        lines += [base64.b64encode(item).decode() for item in self.path]
        return "\n".join([*lines, "", ""]).encode() + self.checkpoint


def is_proof(data: bytes) -> bool:
    """Whether a file begins as a proof does."""
    return data.startswith(f"{HEADER}\n".encode())


def parse_proof(data: bytes) -> Proof:
    """The parts of a proof file, nothing verified. Raises Refusal ``proof-malformed``, ``note-malformed``."""
    head, blank, checkpoint = data.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise Refusal("proof-malformed") from None
    if len(data) > MAX_PROOF or not blank or lines.pop(0) != HEADER or not lines:
        raise Refusal("proof-malformed")
    extra: bytes | None = b""
    if lines[0].startswith("extra "):
        extra = strict_base64(lines.pop(0).removeprefix("extra ")) or None
    index = decimal_or_none(lines[0].removeprefix("index ")) if lines and lines[0].startswith("index ") else None
    path = [strict_base64(line) for line in lines[1:]]
    hashes = tuple(item for item in path if item is not None and len(item) == HASH_SIZE)
    if extra is None or index is None or len(hashes) != len(path):
        raise Refusal("proof-malformed")
    parse_checkpoint(parse_note(checkpoint).text)
    return Proof(index, hashes, checkpoint, extra)


def verify_proof(proof: Proof, policy: Policy, *, entry: bytes | None = None) -> Checkpoint:
    """The checkpoint under which ``entry`` (the proof's own extra data when None) is proven to stand in the log.

    Raises Refusal ``proof-wrong`` or what ``Policy.check`` raises.
    """
    checkpoint = policy.check(proof.checkpoint)
    data = proof.extra if entry is None else entry
    if not data or not verify_inclusion(leaf_hash(data), proof.index, checkpoint.size, proof.path, checkpoint.root):
        raise Refusal("proof-wrong", received=proof.index)
    return checkpoint
