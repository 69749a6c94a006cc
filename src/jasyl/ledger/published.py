"""The published checkpoint: replaced by the keeper, and given further signature lines by whoever asks witnesses."""

import fcntl
import os
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from pathlib import Path

from jasyl.storage import write_durably
from jasyl.texts import Refusal

from .note import Note, Signature, parse_note

CHECKPOINT = "checkpoint"
# The newest checkpoint that a quorum of witnesses cosigned.
WITNESSED = "witnessed"


def publish(log: Path, checkpoint: bytes) -> None:
    """Make a signed checkpoint the one that everybody reads."""
    with _alone(log):
        write_durably(log / CHECKPOINT, checkpoint)


def attach(log: Path, text: bytes, lines: Sequence[Signature]) -> bytes | None:
    """Add signature lines to the published checkpoint; gives all of it, None when another one stands there by now.

    A new line of a key takes the place of its old one.
    """
    with _alone(log):
        try:
            published = parse_note((log / CHECKPOINT).read_bytes())
        except (OSError, Refusal):
            return None
        if published.text != text:
            return None
        new = {(line.name, line.key_id) for line in lines}
        kept = [line for line in published.signatures if (line.name, line.key_id) not in new]
        cosigned = Note(text, (*kept, *lines)).encode()
        if lines:
            write_durably(log / CHECKPOINT, cosigned)
        return cosigned


@contextmanager
def _alone(log: Path) -> Generator[None]:
    descriptor = os.open(log / ".checkpoint.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
