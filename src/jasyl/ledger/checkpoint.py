"""Checkpoints (C2SP tlog-checkpoint v1.0.0): origin, size and root of a log at one moment, signed as a note."""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from jasyl.texts import Refusal

from .merkle import EMPTY_ROOT, HASH_SIZE, MAX_SIZE
from .note import NoteSigner, parse_note, sign_note, strict_base64

_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")


@dataclass(frozen=True)
class Checkpoint:
    """The head of a log: its origin, the number of entries, the root over them."""

    origin: str
    size: int
    root: bytes

    def text(self) -> bytes:
        """The note text that gets signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n".encode()


def decimal_or_none(text: str) -> int | None:
    """An integer 0 … 2**53 - 1 in its one decimal spelling (ASCII, no sign, no leading zero), or None."""
    if not _DECIMAL.fullmatch(text):
        return None
    number = int(text)
    return number if number <= MAX_SIZE else None


def parse_checkpoint(text: bytes) -> Checkpoint:
    """A checkpoint from a note's text; extension lines are allowed and ignored.

    Raises Refusal ``checkpoint-malformed``.
    """
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError:
        raise Refusal("checkpoint-malformed") from None
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise Refusal("checkpoint-malformed")
    origin, size_text, root_text = lines[:3]
    size, root = decimal_or_none(size_text), strict_base64(root_text)
    if size is None or root is None or len(root) != HASH_SIZE or (size == 0 and root != EMPTY_ROOT):
        raise Refusal("checkpoint-malformed")
    return Checkpoint(origin, size, root)


def read_checkpoint(data: bytes) -> Checkpoint:
    """The checkpoint inside a signed note, its signatures **not** verified: for one's own files only."""
    return parse_checkpoint(parse_note(data).text)


def sign_checkpoint(checkpoint: Checkpoint, signers: Sequence[NoteSigner]) -> bytes:
    """The checkpoint as a note signed by every signer."""
    return sign_note(checkpoint.text(), signers)
