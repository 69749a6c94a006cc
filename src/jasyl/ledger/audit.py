"""What the entries of a log say about one another, beyond each being a record: order, repetition, references, keys."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from jasyl.quantities import sha256_hex
from jasyl.texts import Refusal

from .checkpoint import read_checkpoint
from .note import parse_note
from .published import CHECKPOINT
from .records import AnyRecord, Calc, Import, Key, Supersede, parse_record
from .signing import signed_at
from .tile_files import read_tile
from .tiles import ENTRIES, TilePath, decode_bundle, tiles_of

# The log's order is the order of arrival; ``issued`` may lag behind it or run ahead by clocks and queues, not by more.
AHEAD = dt.timedelta(minutes=5)
BEHIND = dt.timedelta(days=1)
_SHOWN = 100


@dataclass
class Remark:
    """One thing to look at: the entries from ``index`` to ``last`` and what about them (``repeated`` …)."""

    index: int
    last: int
    code: str


@dataclass
class Audit:
    """Entries remarked by code, the first hundred remarks, and records seen."""

    entries: int = 0
    counts: dict[str, int] = field(default_factory=dict[str, int])
    remarks: list[Remark] = field(default_factory=list[Remark])
    _newest: dict[str, Remark] = field(default_factory=dict[str, Remark])

    def note(self, index: int, code: str) -> None:
        """Count an entry and remark it, together with its neighbour if that one says the same."""
        self.counts[code] = self.counts.get(code, 0) + 1
        before = self._newest.get(code)
        if before is not None and before.last == index - 1:
            before.last = index
            return
        self._newest[code] = Remark(index, index, code)
        if len(self.remarks) < _SHOWN:
            self.remarks.append(self._newest[code])

    @property
    def untold(self) -> int:
        """How many remarked entries stand in none of the remarks kept."""
        return sum(self.counts.values()) - sum(one.last - one.index + 1 for one in self.remarks)


def audit_log(log: Path) -> Audit:
    """Read every entry of a log folder or copy (to be verified first) and hold it against those before it.

    ``repeated``: the same bytes again; ``back-dated``: issued more than a day before an earlier entry;
    ``future-dated``: issued after the log signed it; ``unknown-reference``: supersedes or uses a record, or uses an
    imported document, that does not stand before it; ``revoked-key``: its author is named by a key that had been
    revoked. Signatures are verified with the log itself (``verify_log``). Memory: 32 bytes and a place per entry.
    Raises Refusal ``log-missing``, ``log-damaged``.
    """
    try:
        note = (log / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        raise Refusal("log-missing", received=str(log)) from None
    head = read_checkpoint(note)
    stamp = signed_at(parse_note(note), head.origin)
    latest = dt.datetime.fromtimestamp(stamp, dt.UTC) + AHEAD if stamp else dt.datetime.max.replace(tzinfo=dt.UTC)
    found, seen, imported, ended = Audit(), set[bytes](), set[bytes](), set[str]()
    newest = dt.datetime.min.replace(tzinfo=dt.UTC)
    for index, entry in enumerate(_entries(log, head.size)):
        found.entries += 1
        try:
            record = parse_record(entry)
        except Refusal:
            continue  # the check of the files names it
        issued = dt.datetime.fromisoformat(record.issued)
        identity = bytes.fromhex(sha256_hex(entry))
        problems = {
            "repeated": identity in seen,
            "back-dated": newest - issued > BEHIND if newest.year > 1 else False,
            "future-dated": issued > latest,
            "unknown-reference": not (_superseded(record) <= seen and _inputs(record) - seen <= imported),
            "revoked-key": record.author in ended,
        }
        for code, holds in problems.items():
            if holds:
                found.note(index, code)
        seen.add(identity)
        if isinstance(record, Import):
            imported.add(bytes.fromhex(record.sha256))
        newest = max(newest, issued)
        if isinstance(record, Key) and record.status != "active":
            ended.add(record.vkey.split("+")[1])
    return found


def log_entries(log: Path) -> Iterator[bytes]:
    """Every entry of a log folder or copy, nothing verified. Raises Refusal ``log-missing``, ``log-damaged``."""
    try:
        note = (log / CHECKPOINT).read_bytes()
    except FileNotFoundError:
        raise Refusal("log-missing", received=str(log)) from None
    yield from _entries(log, read_checkpoint(note).size)


def _superseded(record: AnyRecord) -> set[bytes]:
    named = record.superseded if isinstance(record, Supersede) else getattr(record, "supersedes", None)
    return {bytes.fromhex(named)} if named else set()


def _inputs(record: AnyRecord) -> set[bytes]:
    """Records and documents that a figure lists as its inputs."""
    listed = record.inputs if isinstance(record, Calc) and isinstance(record.inputs, list) else []
    return {bytes.fromhex(one) for one in listed}


def _entries(log: Path, size: int) -> Iterator[bytes]:
    for tile in tiles_of(size):
        if tile.level != ENTRIES:
            return
        entries = decode_bundle(read_tile(log, TilePath(ENTRIES, tile.index, tile.width)) or b"")
        if entries is None or len(entries) != tile.width:
            raise Refusal("log-damaged", received=str(tile))
        yield from entries
