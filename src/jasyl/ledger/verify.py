"""The offline check of a whole log: journal, bundles, tiles, checkpoint and records must tell one story."""

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .checkpoint import Checkpoint, parse_checkpoint, read_checkpoint
from .frontier import Frontier
from .journal_stream import JournalStream, difference
from .keys import FROZEN, last_signed, log_policy, past_policies
from .log import Log
from .log_records import LogRecords
from .merkle import HASH_SIZE, fold_pairs, leaf_hashes
from .note import parse_note
from .policy import Policy, demand_all
from .published import CHECKPOINT, WITNESSED
from .report import Report
from .signing import Verifier
from .tile_files import read_tile
from .tiles import ENTRIES, WIDTH, TilePath, decode_bundle, encode_bundle, tile_width
from .writer import JOURNAL


def verify_log(path: Path, keys: Sequence[Verifier] | Policy = ()) -> Report:
    """Check the log of a data folder, a log folder, or an exported copy, without any database.

    ``keys``: a policy, or verifiers all of which must have signed; when empty, the policy that lies beside the log
    (which shows only that the log agrees with itself). In a data folder the log also has to hold all that its keys
    signed. Every damaged file is named once, with its first damaged byte
    range. Raises Refusal ``log-missing`` when there is no log, ``log-no-policy``.
    """
    log = path / "log" if (path / "log" / CHECKPOINT).is_file() else path
    if not (log / CHECKPOINT).is_file():
        raise Refusal("log-missing", received=str(path))
    # Read first: what is signed stands in the journal, which a running server makes longer meanwhile.
    signed = last_signed(DataFolder(path)) if log != path else None
    report = Report(str(path), trusted=bool(keys))
    policy = keys if isinstance(keys, Policy) else demand_all(keys) if keys else log_policy(log)
    checkpoint = _check_checkpoint(log, policy, report)
    if checkpoint is not None:
        _Check(log, checkpoint, report).run()
        if signed is not None and not report.damages:
            _check_signed(checkpoint, signed, report)
    return report


def _check_signed(found: Checkpoint, signed: Checkpoint, report: Report) -> None:
    """That a log was not put back behind what its keys signed; what they signed last may not be published yet."""
    held = found.size if report.journal_entries is None else report.journal_entries + report.unsigned_entries
    if signed.size > max(held, found.size):
        report.refusals.append(Refusal("log-truncated", received=held, expected=signed.size))
    elif signed.size == found.size and signed.root != found.root:
        report.refusals.append(Refusal("log-forked", received=found.size, expected=signed.size))


def _check_checkpoint(log: Path, policy: Policy, report: Report) -> Checkpoint | None:
    data = (log / CHECKPOINT).read_bytes()
    try:
        checkpoint = parse_checkpoint(parse_note(data).text)
    except Refusal as refusal:
        report.refusals.append(refusal)
        report.damage(CHECKPOINT, 0, len(data), "checkpoint")
        return None
    report.origin, report.size, report.root = checkpoint.origin, checkpoint.size, checkpoint.root.hex()
    try:
        demanded = _still_demanded(policy, log, data, report)
        if demanded is not None:
            demanded.check(data)
        report.signed_by = [f"{key.name}+{key.key_id.hex()} ({key.algorithm})" for key in _signers(policy, data)]
    except Refusal as refusal:
        report.refusals.append(refusal)
        report.damage(CHECKPOINT, *_bad_line(data, policy), "signature")
    return checkpoint


def _signers(policy: Policy, data: bytes) -> list[Verifier]:
    present = {(line.name, line.key_id) for line in parse_note(data).signatures}
    return [key for key in policy.verifiers if (key.name, key.key_id) in present]


def _still_demanded(policy: Policy, log: Path, data: bytes, report: Report) -> Policy | None:
    """What the newest checkpoint must fulfil yet, None where it fulfils all; notes how far the log is witnessed.

    What came after the last witnessed checkpoint is unwitnessed, not wrong, as long as the log's own keys signed it.
    Where nothing is witnessed, only a policy that somebody brought along can demand it.
    """
    rest: Policy | None = policy if report.trusted else policy.own()
    for name, note in ((CHECKPOINT, data), (WITNESSED, _read(log / WITNESSED))):
        try:
            found = policy.check(note)
        except Refusal:
            continue
        if name == CHECKPOINT:
            rest = None
        ours = {key for key in _signers(policy, note) if key.name != found.origin}
        if ours and found.size <= report.size:
            report.witnessed_size = found.size
            names = [name.partition("/")[0] for name, key in policy.outside_witnesses.items() if key in ours]
            report.witnessed_by = list(dict.fromkeys(names))
            return None if name == CHECKPOINT else policy.own()
    return rest


def _holds(policy: Policy, note: bytes) -> bool:
    try:
        policy.check(note)
    except Refusal:
        return False
    return True


def _read(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except FileNotFoundError:
        return b""


def _bad_line(data: bytes, policy: Policy) -> tuple[int, int]:
    """The line of the one signature that fails while others hold; else the signed text."""
    note = parse_note(data)
    known = {(key.name, key.key_id): key for key in policy.verifiers}
    at = len(note.text) + 1
    verdicts: list[tuple[bool, int, int]] = []
    for line in note.signatures:
        end = at + len(line.line().encode())
        key = known.get((line.name, line.key_id))
        if key is not None:
            verdicts.append((key.verify(note.text, line.blob), at, end))
        at = end
    if any(good for good, _, _ in verdicts):
        return next(((start, end) for good, start, end in verdicts if not good), (len(note.text) + 1, len(data)))
    return (0, len(note.text)) if verdicts else (len(note.text) + 1, len(data))


@dataclass(frozen=True)
class _Block:
    """What the files say about up to 256 entries: bundle bytes and level-0 tile, None where missing."""

    index: int
    width: int
    bundle: bytes | None
    tile: bytes | None


class _Check:
    def __init__(self, log: Path, checkpoint: Checkpoint, report: Report) -> None:
        self.log, self.checkpoint, self.report = log, checkpoint, report
        self.upper = Frontier()  # its leaves are the roots of full level-0 tiles
        self.last = self.last_bundle = b""  # leaf hashes and entries of the unfinished block
        self.stream = JournalStream(log / JOURNAL) if (log / JOURNAL).is_file() else None
        self.parents: tuple[int, bytes | None] = (-1, None)
        self.records = LogRecords(report)

    def run(self) -> None:
        size = self.checkpoint.size
        for index in range((size + WIDTH - 1) // WIDTH):
            width = tile_width(0, index, size)
            paths = (TilePath(ENTRIES, index, width), TilePath(0, index, width))
            bundle, tile = (read_tile(self.log, path) for path in paths)
            if not self._block(_Block(index, width, bundle, tile)):
                break
        else:
            self._check_edges()
            self._check_root()
            self._check_witnessed()
            self._check_frozen()
            self.records.check_names(self.log, self.checkpoint)
            self.records.check_anchors(self.log, self.checkpoint)
        self._check_journal()
        self.report.trust = self.records.trust

    def _block(self, block: _Block) -> bool:
        """Check one block; False when nothing is left to go on with."""
        entries = decode_bundle(block.bundle) if block.bundle is not None else None
        hashes = leaf_hashes(entries) if entries is not None and len(entries) == block.width else None
        parent = self._parent(block)
        root = fold_pairs(hashes) if hashes is not None and block.width == WIDTH else None
        encoded = block.bundle
        if hashes is None or hashes != block.tile or (parent is not None and root is not None and root != parent):
            entries, hashes = self._judge(block, entries if hashes is not None else None, hashes, parent)
            root = fold_pairs(hashes) if hashes is not None and block.width == WIDTH else parent
            encoded = encode_bundle(entries) if entries is not None else None
        self._count(block, entries)
        if self.stream is not None:
            if encoded is None:
                self.stream.skip(block.width)
            else:
                self.stream.compare(encoded, block.width)
        if block.width < WIDTH:
            self.last, self.last_bundle = hashes or b"", encoded or b""
            return hashes is not None
        if root is not None:
            self._grow(root)
        return root is not None

    def _judge(
        self, block: _Block, entries: list[bytes] | None, hashes: bytes | None, parent: bytes | None
    ) -> tuple[list[bytes] | None, bytes | None]:
        """Which of bundle, tile and journal tells the truth about a block; the others are reported."""
        raw = self.stream.peek(block.width) if self.stream is not None else None
        noted = decode_bundle(raw) if raw is not None else None
        journal = leaf_hashes(noted) if noted is not None else None
        tile = block.tile if block.tile is not None and len(block.tile) == block.width * HASH_SIZE else None
        told = [candidate for candidate in (tile, hashes, journal) if candidate is not None]
        right = [candidate for candidate in told if self._fits(block, candidate, parent)]
        agreed = [candidate for candidate in told if told.count(candidate) > 1]
        truth = next(iter([*right, *agreed, *told]), None)
        if truth is None:
            return self._unreadable(block)
        known = entries if hashes == truth else noted if journal == truth else None
        if hashes != truth:
            self._report_bundle(block, known, truth)
        if block.tile != truth:
            path = str(TilePath(0, block.index, block.width))
            self.report.damage(*_place(path, block.tile, truth), "tile" if block.tile is not None else "missing")
        return known, truth

    def _unreadable(self, block: _Block) -> tuple[None, None]:
        for level, data in ((ENTRIES, block.bundle), (0, block.tile)):
            path = str(TilePath(level, block.index, block.width))
            if data is None:
                self.report.damage(path, None, None, "missing")
            else:
                self.report.damage(path, 0, len(data), "bundle" if level == ENTRIES else "tile")
        return None, None

    def _report_bundle(self, block: _Block, known: list[bytes] | None, truth: bytes) -> None:
        path = str(TilePath(ENTRIES, block.index, block.width))
        if block.bundle is None:
            self.report.damage(path, None, None, "missing")
        elif known is not None:
            self.report.damage(*_place(path, block.bundle, encode_bundle(known)), "bundle")
        else:
            self.report.damage(path, *_first_wrong_entry(block.bundle, truth), "bundle")

    def _fits(self, block: _Block, hashes: bytes, parent: bytes | None) -> bool:
        if block.width == WIDTH:
            return parent is not None and fold_pairs(hashes) == parent
        return _root(self.upper, hashes, self.checkpoint.size) == self.checkpoint.root

    def _parent(self, block: _Block) -> bytes | None:
        """What level 1 says about a full block."""
        if block.width < WIDTH:
            return None
        index, at = divmod(block.index, WIDTH)
        if self.parents[0] != index:
            width = tile_width(1, index, self.checkpoint.size)
            self.parents = index, read_tile(self.log, TilePath(1, index, width))
        tile = self.parents[1]
        found = tile[at * HASH_SIZE : (at + 1) * HASH_SIZE] if tile is not None else b""
        return found if len(found) == HASH_SIZE else None

    def _grow(self, root: bytes) -> None:
        for full in self.upper.extend(root):
            path = TilePath(full.level + 1, full.index)
            self._compare_tile(path, full.hashes)

    def _compare_tile(self, path: TilePath, expected: bytes) -> None:
        found = read_tile(self.log, path)
        self.report.tiles += 1
        if found != expected:
            self.report.damage(*_place(str(path), found, expected), "tile" if found is not None else "missing")

    def _check_edges(self) -> None:
        """The unfinished tiles of level 1 and above, and older partial files of every unfinished tile."""
        size = self.checkpoint.size
        self._check_partials(TilePath(ENTRIES, size // WIDTH), self.last_bundle)
        self._check_partials(TilePath(0, size // WIDTH), self.last)
        for level, edge in enumerate(self.upper.edges, 1):
            index = size >> (8 * (level + 1))
            if edge:
                self._compare_tile(TilePath(level, index, len(edge) // HASH_SIZE), edge)
                self._check_partials(TilePath(level, index), edge)

    def _check_partials(self, full: TilePath, expected: bytes) -> None:
        folder = self.log / f"{full}.p"
        for file in sorted(folder.iterdir()) if folder.is_dir() else []:
            found = file.read_bytes()
            if file.name.isdigit() and len(found) < len(expected) and not expected.startswith(found):
                code = "bundle" if full.level == ENTRIES else "tile"
                self.report.damage(*_place(f"{full}.p/{file.name}", found, expected[: len(found)]), code)

    def _check_root(self) -> None:
        if _root(self.upper, self.last, self.checkpoint.size) != self.checkpoint.root:
            text = self.checkpoint.text()
            start = text.index(b"\n", text.index(b"\n") + 1) + 1
            self.report.damage(CHECKPOINT, start, len(text) - 1, "root")

    def _check_witnessed(self) -> None:
        """That the witnessed tree is the beginning of this one."""
        witnessed = _read(self.log / WITNESSED)
        if self.report.witnessed_size in {None, self.checkpoint.size} or self.report.damages:
            return
        seen = read_checkpoint(witnessed)
        if Log(self.log).root(seen.size) != seen.root:
            self.report.damage(WITNESSED, 0, len(seen.text()), "root")

    def _check_frozen(self) -> None:
        """That the heads at which the log was frozen under former names are beginnings of this tree."""
        policies = [policy.own() for policy in past_policies(self.log)]
        for file in sorted((self.log / FROZEN).glob("*")) if not self.report.damages else []:
            note = file.read_bytes()
            try:
                seen = read_checkpoint(note)
                whole = any(_holds(policy, note) for policy in policies if policy.origin == seen.origin)
                whole = whole and seen.size <= self.report.size and Log(self.log).root(seen.size) == seen.root
            except Refusal:
                whole = False
            if not whole:
                self.report.damage(f"{FROZEN}/{file.name}", 0, len(note), "checkpoint")

    def _count(self, block: _Block, entries: list[bytes] | None) -> None:
        self.report.bundles += block.bundle is not None
        self.report.tiles += block.tile is not None
        if entries is None:
            self.records.lose()
        else:
            self.report.entries += len(entries)
            self.records.take(block.index * WIDTH, entries)

    def _check_journal(self) -> None:
        if self.stream is None:
            return
        self.report.unsigned_entries = self.stream.finish()
        self.report.journal_entries = self.stream.entries
        for start, end in self.stream.damages:
            self.report.damage(JOURNAL, start, end, "journal" if end > start else "truncated")


def _root(upper: Frontier, last: bytes, size: int) -> bytes:
    return Frontier(size, [last, *upper.edges]).root()


def _place(path: str, found: bytes | None, expected: bytes) -> tuple[str, int | None, int | None]:
    wrong = difference(found, expected) if found is not None else None
    return (path, None, None) if wrong is None else (path, *wrong)


def _first_wrong_entry(bundle: bytes, truth: bytes) -> tuple[int, int]:
    """The bytes of the first entry of a bundle whose hash is not the true one; to the end where lengths break."""
    at = 0
    for place in range(0, len(truth), HASH_SIZE):
        end = at + 2 + int.from_bytes(bundle[at : at + 2])
        if end > len(bundle) or sha256(b"\x00" + bundle[at + 2 : end]).digest() != truth[place : place + HASH_SIZE]:
            return at, min(end, len(bundle))
        at = end
    return at, len(bundle)
