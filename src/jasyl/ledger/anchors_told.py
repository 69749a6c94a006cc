"""What a log itself says of its anchors: every head that was fixed elsewhere must be one this very tree had.

Offline only this much can be known. Whether a receipt holds is for its issuer's keys or chain to say; that it speaks of
this head and no other can be seen in it.
"""

import base64
import binascii
from hashlib import sha256

from jasyl.texts import Refusal

from .checkpoint import Checkpoint
from .event_records import Anchor
from .log import Log


def is_of_tree(log: Log, index: int, told: Anchor) -> bool:
    """Whether the head of the anchor record at ``index`` is a beginning of the log before it, and its receipt of it."""
    head = Checkpoint(str(told.payload.get("origin", told.log_origin)), told.size, bytes.fromhex(told.root))
    try:
        return told.size <= index and log.root(told.size) == head.root and _names(told, head)
    except Refusal:
        return False


def newest(told: list[Anchor]) -> list[Anchor]:
    """The last word on each place, by the place's name."""
    last = {one.target: one for one in told}
    return [last[target] for target in sorted(last)]


def _names(told: Anchor, head: Checkpoint) -> bool:
    """Whether the receipt holds what is fixed: the text's SHA-256, or the three words of the event on a chain."""
    if not told.receipt:
        return told.state == "failed"
    kind = told.target.partition(":")[0]
    try:
        if kind == "evm":
            words = sha256(head.origin.encode()).digest() + head.size.to_bytes(32) + head.root
            return words in bytes.fromhex(told.receipt.removeprefix("0x"))
        if kind in {"rfc3161", "opentimestamps"}:
            return sha256(head.text()).digest() in base64.b64decode(told.receipt, validate=True)
    except (ValueError, binascii.Error):
        return False
    return True  # a place of another version: its receipt is not ours to read
