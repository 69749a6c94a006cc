"""The file of a passport: everything a stranger needs to check one published number, as plain lines.

Text, not JSON: the records inside are JSON themselves and must keep the very bytes that were hashed, so each stands on
a line as it is, and ``sha256sum`` of that line is its id. The last part is the statement's own ``.tlog-proof``, which
any C2SP tool can check. The format is specified in ``docs/passport.md``.
"""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass

from jasyl.texts import Refusal

from .checkpoint import decimal_or_none
from .merkle import HASH_SIZE
from .note import strict_base64
from .proof import Proof, parse_proof
from .sum_tree import MAX_SUM

HEADER = "jasyl-passport/1"
# What a passport should stay below, and what a reader takes in at most.
WANTED_SIZE = 64 * 1024
MAX_PASSPORT = 1024 * 1024
_SUM = re.compile(r"0|[1-9][0-9]{0,37}")


@dataclass(frozen=True)
class TreeLeaf:
    """An opened input: its place in the tree, the log index of its record, its sums."""

    place: int
    record: int
    sums: tuple[int, ...]


@dataclass(frozen=True)
class TreeOpening:
    """Opened leaves of the sum tree of the calc record at log index ``record``, and the nodes beside them."""

    record: int
    leaves: tuple[TreeLeaf, ...]
    nodes: tuple[tuple[bytes, tuple[int, ...]], ...]


@dataclass(frozen=True)
class Passport:
    """The parts of a passport. ``records`` by log index, ascending; ``proof`` is that of the statement's record."""

    keys: tuple[str, ...]
    records: dict[int, bytes]
    nodes: tuple[bytes, ...]
    trees: tuple[TreeOpening, ...]
    proof: Proof

    def encode(self) -> bytes:
        """The file."""
        lines = [HEADER.encode(), *(f"key {key}".encode() for key in self.keys)]
        lines += [b"record %d %s" % (index, entry) for index, entry in self.records.items()]
        lines += [b"node " + base64.b64encode(node) for node in self.nodes]
        for tree in self.trees:
            lines.append(b"tree %d" % tree.record)
            lines += [f"leaf {leaf.place} {leaf.record} {_spaced(leaf.sums)}".encode() for leaf in tree.leaves]
            lines += [b"sum %s %s" % (base64.b64encode(node), _spaced(sums).encode()) for node, sums in tree.nodes]
        return b"\n".join([*lines, b"", b""]) + self.proof.encode()


def parse_passport(data: bytes) -> Passport:
    """The parts of a passport, nothing verified.

    Raises Refusal ``passport-malformed`` with the number of the line, ``proof-malformed``, ``note-malformed``.
    """
    head, blank, proof = data.partition(b"\n\n")
    if len(data) > MAX_PASSPORT or not blank:
        raise Refusal("passport-malformed", received=1)
    passport = _Lines(head.split(b"\n")).passport(parse_proof(proof))
    if passport.proof.extra or passport.encode() != data:
        raise Refusal("passport-malformed", received=_first_difference(passport.encode(), data))
    return passport


def _first_difference(one: bytes, other: bytes) -> int:
    lines = zip(one.split(b"\n"), other.split(b"\n"), strict=False)
    return next((number for number, (left, right) in enumerate(lines, 1) if left != right), 1)


class _Lines:
    """Takes lines in the order of the format."""

    def __init__(self, lines: list[bytes]) -> None:
        self.lines = lines
        self.at = 0

    def passport(self, proof: Proof) -> Passport:
        self.at = 1
        if self.lines[0] != HEADER.encode():
            raise self.wrong()
        keys = tuple(self.text(each, "utf-8") for each in self.take(b"key "))
        records: dict[int, bytes] = {}
        for each in self.take(b"record "):
            number, _, entry = each.partition(b" ")
            index = self.number(self.text(number))
            if records and index <= max(records):
                raise self.wrong()
            records[index] = entry
        nodes = tuple(self.hash(self.text(each)) for each in self.take(b"node "))
        trees: list[TreeOpening] = []
        for each in self.take(b"tree "):
            record = self.number(self.text(each))
            if trees and record <= trees[-1].record:
                raise self.wrong()
            leaves = tuple(self.leaf(self.text(line)) for line in self.take(b"leaf "))
            sums = tuple(self.node(self.text(line)) for line in self.take(b"sum "))
            trees.append(TreeOpening(record, leaves, sums))
        if self.at != len(self.lines):
            self.at += 1
            raise self.wrong()
        return Passport(keys, records, nodes, tuple(trees), proof)

    def take(self, word: bytes) -> Iterator[bytes]:
        while self.at < len(self.lines) and self.lines[self.at].startswith(word):
            self.at += 1
            yield self.lines[self.at - 1].removeprefix(word)

    def wrong(self) -> Refusal:
        return Refusal("passport-malformed", received=self.at)

    def text(self, line: bytes, encoding: str = "ascii") -> str:
        try:
            return line.decode(encoding)
        except UnicodeDecodeError:
            raise self.wrong() from None

    def number(self, text: str) -> int:
        found = decimal_or_none(text)
        if found is None:
            raise self.wrong()
        return found

    def hash(self, text: str) -> bytes:
        found = strict_base64(text)
        if found is None or len(found) != HASH_SIZE:
            raise self.wrong()
        return found

    def sums(self, words: list[str]) -> tuple[int, ...]:
        if not words or len(words) > 16 or not all(_SUM.fullmatch(word) for word in words):
            raise self.wrong()
        return tuple(int(word) for word in words)

    def leaf(self, line: str) -> TreeLeaf:
        place, _, rest = line.partition(" ")
        record, _, sums = rest.partition(" ")
        return TreeLeaf(self.number(place), self.number(record), self.sums(sums.split(" ")))

    def node(self, line: str) -> tuple[bytes, tuple[int, ...]]:
        node, _, sums = line.partition(" ")
        return self.hash(node), self.sums(sums.split(" "))


def _spaced(sums: tuple[int, ...]) -> str:
    assert all(0 <= each <= MAX_SUM for each in sums)
    return " ".join(map(str, sums))
