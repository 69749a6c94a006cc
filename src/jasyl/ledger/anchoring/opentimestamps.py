"""OpenTimestamps: shared calendars put many digests under one Bitcoin transaction.

The digest is SHA-256 of the checkpoint's text. A calendar answers at once with a promise (pending) and later with the
path to a block. Confirmed is only what was held to the block's header: its hash and Merkle root are recomputed
from the 80 bytes that a block explorer (the Esplora interface) gives. Without one the proof is completed
and stays pending.
"""

import base64
import os
from dataclasses import dataclass
from hashlib import sha256

from jasyl.intake.outgoing import Answer, Limits, for_operator
from jasyl.texts import Refusal

from ..checkpoint import Checkpoint
from .ots_file import APPEND, SHA256, Step, Tree, attestations, encode_file, grafted, parse_file, parse_tree
from .states import Fixed, Value

_LIMITS = Limits(size=16 * 1024, seconds=30, idle=10, redirects=0)
_TYPE = "application/vnd.opentimestamps.v1"


@dataclass(frozen=True)
class OpenTimestamps:
    """Calendars at ``urls``; ``explorer`` the address of an Esplora interface, empty for none."""

    urls: tuple[str, ...]
    explorer: str = ""

    def submit(self, head: Checkpoint) -> Fixed:
        """Ask every calendar for its promise; one is enough. Raises the last Refusal when none answers."""
        digest = sha256(head.text()).digest()
        # A calendar learns a blinded digest, as clients of this protocol do.
        blinding = os.urandom(16)
        message = sha256(digest + blinding).digest()
        branches: list[Tree] = []
        trouble: Refusal | None = None
        for url in self.urls:
            try:
                answer = self._ask("POST", f"{url.rstrip('/')}/digest", message)
                if answer.status != 200:
                    raise Refusal("outgoing-failed", received=url, reason=f"HTTP {answer.status}")
                branches.append(parse_tree(answer.body))
            except Refusal as refusal:
                trouble = refusal
        if not branches:
            raise trouble or Refusal("anchor-ots", reason="no calendar")
        inner = tuple(one for tree in branches for one in tree)
        file = encode_file(digest, (Step(APPEND, blinding, (Step(SHA256, b"", inner),)),))
        return Fixed("pending", base64.b64encode(file).decode(), {"calendars": len(branches)})

    def check(self, head: Checkpoint, held: Fixed) -> Fixed:
        """Complete the proof where a calendar can by now, and hold it to the block."""
        digest, tree = parse_file(base64.b64decode(held.receipt))
        if digest != sha256(head.text()).digest():
            raise Refusal("anchor-ots", reason="digest")
        if not any(one.height is not None for one in attestations(digest, tree)):
            tree = self._upgraded(digest, tree)
        receipt = base64.b64encode(encode_file(digest, tree)).decode()
        blocks = {one.height: one.message for one in attestations(digest, tree) if one.height is not None}
        if not blocks:
            return Fixed("pending", receipt, held.payload)
        payload: dict[str, Value] = {**held.payload, "height": min(blocks), "checked": bool(self.explorer)}
        if not self.explorer:
            return Fixed("pending", receipt, payload)
        height, root = min(blocks.items())
        block, when = self._block(height, root)
        return Fixed("confirmed", receipt, {**payload, "block": block, "time": when})

    def _upgraded(self, digest: bytes, tree: Tree) -> Tree:
        known = {url.rstrip("/") for url in self.urls}
        for one in attestations(digest, tree):
            # Only calendars of the settings are asked: a file can name any address.
            if one.url.rstrip("/") not in known:
                continue
            answer = self._ask("GET", f"{one.url.rstrip('/')}/timestamp/{one.message.hex()}")
            if answer.status == 200:
                tree = grafted(digest, tree, one.message, parse_tree(answer.body))
        return tree

    def _block(self, height: int, root: bytes) -> tuple[str, int]:
        """Hash and time of the block at ``height``, if its header is of that hash and bears ``root``."""
        base = self.explorer.rstrip("/")
        name = self._ask("GET", f"{base}/block-height/{height}").body.decode(errors="replace").strip()
        text = self._ask("GET", f"{base}/block/{name}/header").body.decode(errors="replace").strip()
        try:
            header = bytes.fromhex(text)
        except ValueError:
            header = b""
        own = sha256(sha256(header).digest()).digest()[::-1].hex()
        if len(header) != 80 or own != name or header[36:68] != root or not _worked(header, own):
            raise Refusal("anchor-lies", received=f"block {height}")
        return own, int.from_bytes(header[68:72], "little")

    def _ask(self, method: str, url: str, body: bytes | None = None) -> Answer:
        return for_operator(url, _LIMITS).request(method, url, headers={"Accept": _TYPE}, body=body)


def _worked(header: bytes, name: str) -> bool:
    """Whether a header meets the target it states itself (its compact form, bytes 72 to 76)."""
    bits = int.from_bytes(header[72:76], "little")
    exponent, mantissa = bits >> 24, bits & 0x7FFFFF
    target = mantissa << 8 * (exponent - 3) if exponent >= 3 else mantissa >> 8 * (3 - exponent)
    return 0 < int(name, 16) <= target
