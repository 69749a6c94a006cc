"""The OpenTimestamps proof format, version 1: operations that lead from a digest to attestations.

A file is a magic of 31 bytes, version 01, the operation that hashed the file (08 SHA-256), its 32 bytes, and a tree.
A tree is its branches, each but the last after ff: 00 and an attestation (8 bytes of kind, its length, its content), or
an operation and the tree over what it gives: f0 append, f1 prepend (a length and bytes each), 08 SHA-256. Numbers
are little-endian base 128. Other operations of the format (02, 03, 67, f2, f3) are not used by calendars and refused.
"""

from dataclasses import dataclass
from hashlib import sha256

from jasyl.texts import Refusal

MAGIC = b"\x00OpenTimestamps\x00\x00Proof\x00\xbf\x89\xe2\xe8\x84\xe8\x92\x94"
PENDING = bytes.fromhex("83dfe30d2ef90c8e")
BITCOIN = bytes.fromhex("0588960d73d71901")
APPEND, PREPEND, SHA256 = 0xF0, 0xF1, 0x08
_LONGEST, _DEEPEST, _MOST = 4096, 256, 512
MAX_FILE = 32 * 1024


@dataclass(frozen=True)
class Attestation:
    """Whoever holds ``message`` says so: a calendar that it is ``pending`` at ``url``, or Bitcoin at ``height`` (the
    message is then the Merkle root in the block's header). Unknown kinds have neither."""

    message: bytes
    url: str = ""
    height: int | None = None


@dataclass(frozen=True)
class Leaf:
    """An attestation as it stands in the file: kind and content."""

    kind: bytes
    content: bytes


@dataclass(frozen=True)
class Step:
    """An operation with what it adds (empty for SHA-256) and the branches over its result."""

    operation: int
    argument: bytes
    branches: "Tree"


Tree = tuple[Leaf | Step, ...]


def encode_file(digest: bytes, tree: Tree) -> bytes:
    """The ``.ots`` file of a SHA-256 digest."""
    return MAGIC + b"\x01" + bytes([SHA256]) + digest + encode_tree(tree)


def encode_tree(tree: Tree) -> bytes:
    """A tree as calendars send it."""
    parts = [_encode(one) for one in tree]
    return b"".join(b"\xff" + part for part in parts[:-1]) + parts[-1]


def parse_file(data: bytes) -> tuple[bytes, Tree]:
    """Digest and tree of an ``.ots`` file. Raises Refusal ``anchor-ots``."""
    head = MAGIC + b"\x01" + bytes([SHA256])
    if not data.startswith(head) or len(data) > MAX_FILE or len(data) < len(head) + 32:
        raise Refusal("anchor-ots", reason="header")
    return data[len(head) : len(head) + 32], parse_tree(data[len(head) + 32 :])


def parse_tree(data: bytes) -> Tree:
    """A tree, all of ``data``. Raises Refusal ``anchor-ots``: cut short, too long, too deep, unknown operations."""
    reader = _Reader(data)
    tree = reader.tree(0)
    if reader.at != len(data):
        raise Refusal("anchor-ots", reason="length")
    return tree


def attestations(message: bytes, tree: Tree) -> list[Attestation]:
    """All attestations of a tree over ``message``, each with what it is about."""
    found: list[Attestation] = []
    for one in tree:
        if isinstance(one, Step):
            found += attestations(apply(one, message), one.branches)
        elif one.kind == PENDING:
            found.append(Attestation(message, url=_content_url(one.content)))
        elif one.kind == BITCOIN:
            reader = _Reader(one.content)
            found.append(Attestation(message, height=reader.number()))
        else:
            found.append(Attestation(message))
    return found


def grafted(message: bytes, tree: Tree, at: bytes, more: Tree) -> Tree:
    """``tree`` with ``more`` beside the attestations about the message ``at``."""
    own = tuple(
        one
        if isinstance(one, Leaf)
        else Step(one.operation, one.argument, grafted(apply(one, message), one.branches, at, more))
        for one in tree
    )
    return (*own, *(one for one in more if one not in own)) if message == at else own


def apply(step: Step, message: bytes) -> bytes:
    """What an operation makes of a message."""
    if step.operation == SHA256:
        return sha256(message).digest()
    return message + step.argument if step.operation == APPEND else step.argument + message


def pending_leaf(url: str) -> Leaf:
    """A calendar's promise."""
    return Leaf(PENDING, _number(len(url)) + url.encode())


def bitcoin_leaf(height: int) -> Leaf:
    """An attestation by the block at ``height``."""
    return Leaf(BITCOIN, _number(height))


def _encode(one: Leaf | Step) -> bytes:
    if isinstance(one, Leaf):
        return b"\x00" + one.kind + _number(len(one.content)) + one.content
    argument = b"" if one.operation == SHA256 else _number(len(one.argument)) + one.argument
    return bytes([one.operation]) + argument + encode_tree(one.branches)


def _number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def _content_url(content: bytes) -> str:
    reader = _Reader(content)
    url = reader.text().decode("ascii", errors="replace")
    if reader.at != len(content) or len(url) > 1000 or not url.isprintable():
        raise Refusal("anchor-ots", reason="url")
    return url


class _Reader:
    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.items = data, 0, 0

    def take(self, count: int) -> bytes:
        if count < 0 or self.at + count > len(self.data):
            raise Refusal("anchor-ots", reason="truncated")
        self.at += count
        return self.data[self.at - count : self.at]

    def number(self) -> int:
        value = shift = 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7
            if shift > 56:
                raise Refusal("anchor-ots", reason="number")

    def text(self) -> bytes:
        length = self.number()
        if length > _LONGEST:
            raise Refusal("anchor-ots", reason=f"> {_LONGEST}")
        return self.take(length)

    def tree(self, depth: int) -> Tree:
        if depth > _DEEPEST:
            raise Refusal("anchor-ots", reason=f"> {_DEEPEST}")
        branches: list[Leaf | Step] = []
        while True:
            tag = self.take(1)[0]
            more = tag == 0xFF
            branches.append(self._branch(self.take(1)[0] if more else tag, depth))
            if not more:
                return tuple(branches)

    def _branch(self, tag: int, depth: int) -> Leaf | Step:
        self.items += 1
        if self.items > _MOST:
            raise Refusal("anchor-ots", reason=f"> {_MOST}")
        if tag == 0:
            return Leaf(self.take(8), self.text())
        if tag == SHA256:
            return Step(tag, b"", self.tree(depth + 1))
        if tag in {APPEND, PREPEND}:
            return Step(tag, self.text(), self.tree(depth + 1))
        raise Refusal("anchor-ots", reason=f"{tag:02x}")
