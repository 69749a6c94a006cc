"""Passports of published numbers (``jasyl-passport/1``) and single proofs (``c2sp.org/tlog-proof@v1``)."""

import base64
import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from fractions import Fraction
from hashlib import sha256

from .notes import (
    COSIGNATURES,
    Checkpoint,
    Policy,
    base64_or_none,
    number_or_none,
    parse_checkpoint,
    parse_key,
    parse_note,
)
from .records import Record, Refused, parse_record
from .trees import SumNode, draws, included, leaf_hash, opened, root_of_many, sum_leaf
from .trust import Trust

HEADER, PROOF_HEADER = "jasyl-passport/1", "c2sp.org/tlog-proof@v1"
LEVELS = ("device-signed", "gateway-signed", "operator-entered", "stated", "not-shown")
COLUMNS = ["plus", "minus", "readings", "device-signed", "gateway-signed", "operator-entered"]
DRAWN = 8
_MAX = 1024 * 1024
_SUM = re.compile(r"0|[1-9][0-9]{0,37}")
_CIVIL = 14 * 3_600_000_000
# What a mean is multiplied by, as a divisor of its seconds, and the unit that results.
_MEANS = {"W": (3600, "W.h"), "W/m2": (3600, "W.h/m2"), "kg/s": (1, "kg")}
Sums = tuple[int, ...]


@dataclass
class Verdict:
    """What was proven. ``trusted``: with keys from outside; ``signatures``: by authors of records, of a log also by
    gateways and meters; ``weakest``: the weakest level among the inputs, of a log among its sealed days."""

    kind: str
    trusted: bool
    head: Checkpoint
    signed_by: list[str] = field(default_factory=list)
    witnesses: list[str] = field(default_factory=list)
    index: int = 0
    statement: Record = field(default_factory=dict)
    superseded: bool = False
    signatures: int = 0
    inputs: int = 0
    shown: int = 0
    recomputed: int = 0
    committed: int = 0
    levels: Counter[str] = field(default_factory=Counter)

    @property
    def weakest(self) -> str:
        return next((level for level in reversed(LEVELS) if self.levels[level]), "not-shown")


@dataclass
class Proof:
    """A tlog-proof: index, path, checkpoint, extra data."""

    index: int
    path: list[bytes]
    checkpoint: bytes
    extra: bytes = b""


@dataclass
class Tree:
    """Opened leaves of a sum tree as (place, log index, sums), and the closed parts beside them."""

    record: int
    leaves: list[tuple[int, int, Sums]] = field(default_factory=list)
    closed: list[tuple[bytes, Sums]] = field(default_factory=list)


@dataclass
class Passport:
    """The parts of a passport."""

    proof: Proof
    keys: list[str] = field(default_factory=list)
    records: dict[int, bytes] = field(default_factory=dict)
    nodes: list[bytes] = field(default_factory=list)
    trees: list[Tree] = field(default_factory=list)


def check_proof(data: bytes, policy: Policy | None) -> Verdict:
    """Check a ``.tlog-proof`` whose extra data is the entry. Raises Refused."""
    proof = parse_proof(data)
    if policy is None:
        raise Refused("policy", "a proof needs keys from outside")
    head = policy.check(proof.checkpoint)
    if not proof.extra or not included(leaf_hash(proof.extra), proof.index, head.size, proof.path, head.root):
        raise Refused("proof", proof.index)
    return Verdict("proof", True, head, index=proof.index)


def parse_proof(data: bytes) -> Proof:
    """The parts of a tlog-proof. Raises Refused ``proof``."""
    head, blank, checkpoint = data.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")
    extra: bytes | None = b""
    if not blank or lines.pop(0) != PROOF_HEADER or len(data) > _MAX:
        raise Refused("proof")
    if lines and lines[0].startswith("extra "):
        extra = base64_or_none(lines.pop(0)[6:]) or None
    index = number_or_none(lines[0][6:]) if lines and lines[0].startswith("index ") else None
    path = [base64_or_none(line) for line in lines[1:]]
    hashes = [each for each in path if each is not None and len(each) == 32]
    if extra is None or index is None or len(hashes) != len(path):
        raise Refused("proof")
    parse_checkpoint(parse_note(checkpoint)[0])
    return Proof(index, hashes, checkpoint, extra)


def parse_passport(data: bytes) -> Passport:
    """The parts of a passport. Raises Refused ``form`` with the line."""
    head, blank, proof = data.partition(b"\n\n")
    if not blank or len(data) > _MAX:
        raise Refused("form", 1)
    passport = Passport(parse_proof(proof))
    lines = head.split(b"\n")
    if lines[0] != HEADER.encode():
        raise Refused("form", 1)
    order = ["key", "record", "node", "tree", "leaf", "sum"]
    before = "key"
    for number, line in enumerate(lines[1:], 2):
        word, _, rest = line.partition(b" ")
        name = word.decode("ascii", "replace")
        follows = name in order and (order.index(name) >= order.index(before) or (name == "tree" and before != "key"))
        try:
            if not follows or _take(passport, name, rest) != line:
                raise Refused("form", number)
        except (ValueError, IndexError):  # a word too few, a leaf of no tree
            raise Refused("form", number) from None
        before = name
    if passport.proof.extra:
        raise Refused("form", "extra")
    return passport


def _take(passport: Passport, name: str, rest: bytes) -> bytes:
    """Take in one line; gives it as it must have been written."""
    if name == "key":
        passport.keys.append(rest.decode())
        return f"key {passport.keys[-1]}".encode()
    if name == "record":
        number, _, entry = rest.partition(b" ")
        index = _number(number.decode("ascii"))
        if passport.records and index <= max(passport.records):
            raise ValueError("records ascend")
        passport.records[index] = entry
        return b"record %d %s" % (index, entry)
    words = rest.decode("ascii").split(" ")
    if name == "node":
        passport.nodes.append(_hash(words[0]))
        return b"node " + base64.b64encode(passport.nodes[-1])
    if name == "tree":
        index = _number(words[0])
        passport.trees.append(Tree(index))
        return b"tree %d" % index
    tree = passport.trees[-1]
    if name == "leaf":
        place, index, sums = _number(words[0]), _number(words[1]), _sums(words[2:])
        tree.leaves.append((place, index, sums))
        return f"leaf {place} {index} {' '.join(map(str, sums))}".encode()
    tree.closed.append((_hash(words[0]), _sums(words[1:])))
    return b"sum " + base64.b64encode(tree.closed[-1][0]) + b" " + " ".join(words[1:]).encode()


def _number(text: str) -> int:
    found = number_or_none(text)
    if found is None:
        raise ValueError(text)
    return found


def _hash(text: str) -> bytes:
    found = base64_or_none(text)
    if found is None or len(found) != 32:
        raise ValueError(text)
    return found


def _sums(words: list[str]) -> Sums:
    if not 1 <= len(words) <= 16 or not all(_SUM.fullmatch(word) for word in words):
        raise ValueError("sums")
    return tuple(map(int, words))


def check_passport(data: bytes, policy: Policy | None = None) -> Verdict:
    """Check a passport; without ``policy`` with its own keys. Raises Refused: the first thing that does not hold."""
    passport = parse_passport(data)
    return _Check(passport, policy).run()


class _Check(Trust):
    """The steps of docs/passport.md."""

    def __init__(self, passport: Passport, policy: Policy | None) -> None:
        super().__init__()
        self.passport, self.policy = passport, policy
        self.ids = {index: sha256(entry).hexdigest() for index, entry in passport.records.items()}
        trees = [tree.record for tree in passport.trees]
        if trees != sorted(set(trees)):
            raise Refused("form", "tree")

    def run(self) -> Verdict:
        self.verdict = self.keys()
        head, index = self.verdict.head, self.passport.proof.index
        entry = self.passport.records.get(index)
        if entry is None or not included(leaf_hash(entry), index, head.size, self.passport.proof.path, head.root):
            raise Refused("statement", index)
        for place, each in self.passport.records.items():
            try:
                self.tell(place, self.ids[place], parse_record(each))
            except Refused:
                raise Refused("record", place) from None
        self.names(head, {place: record["log_origin"] for place, record in self.records.items()})
        leaves = {place: leaf_hash(each) for place, each in self.passport.records.items()}
        whole = root_of_many(leaves, head.size, self.passport.nodes) == head.root
        if not whole:
            self.refuse_unnamed()
        statement = self.records[index]
        if statement["type"] != "calc":
            raise Refused("statement", index)
        self.reached.add(index)
        self.inputs(index, 0)
        self.verdict.signatures = sum(self.author(place) for place in self.records)
        for place, record in self.records.items():
            if record["type"] == "supersede" and record["superseded"] == self.ids[index]:
                self.reached.add(place)
                self.verdict.superseded = True
        stray = self.records.keys() - self.reached
        if stray or any(tree.record not in self.reached for tree in self.passport.trees):
            raise Refused("stray", min(stray, default=index))
        if not whole:
            raise Refused("log", head.size)
        self.verdict.index, self.verdict.statement = index, statement
        return self.verdict

    def keys(self) -> Verdict:
        text, lines = parse_note(self.passport.proof.checkpoint)
        head = parse_checkpoint(text)
        keys = [parse_key(line) for line in self.passport.keys]
        if len(keys) != len(lines) or len({key.public for key in keys}) != len(keys):
            raise Refused("keys", len(keys))
        for key, line in zip(keys, lines, strict=True):
            if (key.name, key.id) != (line.name, line.key_id) or not key.verifies(text, line.blob):
                raise Refused("signature", line.name)
        if not any(key.name == head.origin and key.kind not in COSIGNATURES for key in keys):
            raise Refused("policy", head.origin)
        if self.policy is not None:
            self.policy.check(self.passport.proof.checkpoint)
        verdict = Verdict("passport", self.policy is not None, head)
        for key in keys:
            signers = verdict.signed_by if key.name == head.origin else verdict.witnesses
            signers.append(f"{key.name} ({key.algorithm})")
        return verdict

    def refuse_unnamed(self) -> None:
        """Of records that do not lead to the root, name the one to which no other leads: its hash changed with it."""
        entries = b"\n".join(self.passport.records.values())
        placed = {self.passport.proof.index, *(record for tree in self.passport.trees for _, record, _ in tree.leaves)}
        for place, record in self.records.items():
            points = record["type"] == "supersede" or record.get("status", "active") != "active"
            if place not in placed and not points and self.ids[place].encode() not in entries:
                raise Refused("changed", place)

    def inputs(self, index: int, depth: int) -> None:
        calc = self.records[index]
        named = calc["inputs"]
        tree = next((each for each in self.passport.trees if each.record == index), None)
        if depth > 16:
            raise Refused("inputs", index)
        if isinstance(named, list):
            if tree is not None or len(set(named)) != len(named):
                raise Refused("inputs", index)
            self.listed(index, named, depth)
            return
        self.verdict.inputs += named["count"]
        if "columns" in named:
            if tree is None:
                raise Refused("tree", index)
            self.tree(index, tree)
            return
        self.verdict.levels["not-shown"] += named["count"]
        if tree is not None:
            raise Refused("inputs", index)

    def listed(self, index: int, named: list[str], depth: int) -> None:
        calc, total, complete = self.records[index], Fraction(0), True
        self.verdict.inputs += len(named)
        for identity in named:
            place = self.find(identity)
            if place is None:
                self.verdict.levels["not-shown"] += 1
                complete = False
                continue
            if place > index:
                raise Refused("inputs", index)
            self.verdict.shown += 1
            kind = self.records[place]["type"]
            complete = complete and kind == "batch"
            if kind == "calc":
                self.inputs(place, depth + 1)
            elif kind == "batch":
                self.verdict.levels[self.level(place)] += 1
                total += self.amount(calc, place) if "divisor" in calc else 0
            else:
                self.verdict.levels["stated"] += 1
        if "divisor" in calc and complete:
            if calc["value"] is None or _rounded(total) != Fraction(calc["value"]):
                raise Refused("sum", index)
            self.verdict.recomputed += 1

    def tree(self, index: int, tree: Tree) -> None:
        calc = self.records[index]
        named, divisor = calc["inputs"], int(calc["divisor"])
        sums = tuple(int(column["sum"]) for column in named["columns"])
        if [column["name"] for column in named["columns"]] != COLUMNS or calc["value"] is None:
            raise Refused("tree", index)
        leaves = self.leaves(index, tree, divisor)
        found = opened(leaves, named["count"], tree.closed)
        if found is None or (found[0].hash.hex(), found[0].sums) != (named["root"], sums):
            raise Refused("tree", index)
        root, before = found
        if sum(sums[3:]) != named["count"] or _rounded(Fraction(sums[0] - sums[1], divisor)) != Fraction(calc["value"]):
            raise Refused("sum", index)
        if len(leaves) < named["count"]:
            for at in draws(bytes.fromhex(self.ids[index]), self.verdict.head.root, root, DRAWN):
                hit = any(0 <= at - before[place] < leaf.weight for place, leaf in leaves.items())
                if not (hit if root.weight else at in leaves):
                    raise Refused("sample", index)
        self.verdict.shown += len(leaves)
        self.verdict.committed += 1
        self.verdict.levels.update(dict(zip(COLUMNS[3:], sums[3:], strict=True)))

    def leaves(self, index: int, tree: Tree, divisor: int) -> dict[int, SumNode]:
        leaves: dict[int, SumNode] = {}
        for place, record, sums in tree.leaves:
            at = self.find(self.ids.get(record, ""))
            batch = self.records[at] if at is not None else {}
            if at is None or batch["type"] != "batch" or at > index or place <= max(leaves, default=-1):
                raise Refused("leaf", record)
            amount = self.amount(self.records[index], at) * divisor
            level = self.level(at)
            trust = tuple(int(level == each) for each in COLUMNS[3:])
            if amount.denominator != 1 or sums != (max(int(amount), 0), max(-int(amount), 0), batch["count"], *trust):
                raise Refused("leaf", record)
            leaves[place] = sum_leaf(bytes.fromhex(self.ids[at]), sums)
        if len({record for _, record, _ in tree.leaves}) != len(leaves):
            raise Refused("leaf", index)
        return leaves

    def amount(self, calc: Record, place: int) -> Fraction:
        batch, device = self.records[place], self.device(place)
        if device is None or device["series_kind"] == "counter":
            raise Refused("leaf", place)
        exact, unit = int(batch["sum"]) * Fraction(10) ** batch["scale"], batch["unit"]
        if device["series_kind"] == "mean":
            seconds, unit = _MEANS.get(unit, (1, None))
            exact *= Fraction(device["interval_seconds"], seconds)
        if calc["unit"] != unit:
            raise Refused("leaf", place)
        start, end = _span(calc["period"])
        if batch["day_start"] < start or batch["day_end"] > end:
            raise Refused("period", place)
        return exact


def _rounded(value: Fraction) -> Fraction:
    return Fraction(round(value * 1000), 1000)


def _span(period: str) -> tuple[int, int]:
    """The widest stretch of a civil year, month or day, µs UTC."""
    parts = [int(part) for part in period.split("-") if part.isascii() and part.isdigit()]
    try:
        year, month, day = (*parts, 1, 1)[:3]
        start = (dt.datetime(year, month, day, tzinfo=dt.UTC) - dt.datetime(1970, 1, 1, tzinfo=dt.UTC)).days
    except (ValueError, OverflowError):
        return -(2**63), 2**63
    days = {1: 366, 2: 31}.get(len(parts), 1)
    return start * 86_400_000_000 - _CIVIL, (start + days) * 86_400_000_000 + _CIVIL
