"""The log's writer: journal, then tiles, then checkpoint; and what it takes to open a log after any accident.

Steps, in this order, each durable or rebuildable before the next: ``journal`` (entries appended and synced),
``tiles`` (files that the journal can make again), ``signed`` (the checkpoint kept beside the keys), ``published``
(the checkpoint file everybody reads).
"""

import json
import os
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import TracebackType

from jasyl.storage import write_durably
from jasyl.texts import Refusal

from .checkpoint import Checkpoint, read_checkpoint
from .frontier import Frontier
from .journal import MAGIC, Frame, JournalWriter, frames
from .keys import LogKeys
from .published import CHECKPOINT, publish
from .tile_files import TileWriter, read_frontier
from .tiles import decode_bundle, encode_bundle

JOURNAL = "journal"
# How far the tile files are known to be durable, and where the journal goes on from there.
_DURABLE = "durable.json"
# So many entries are replayed at most when a log is opened; beyond, tiles are made durable.
REPLAY = 262_144


class LogWriter:
    """Writes one log. ``with LogWriter(log, keys) as writer`` opens it, mending what an interruption left behind.

    What was read stays in memory between two ``with`` as long as nobody else wrote. Raises on entering Refusal
    ``journal-in-use``, ``log-truncated`` (the journal is shorter than what was signed), ``log-forked`` (it holds
    other entries than were signed).
    """

    def __init__(self, log: Path, keys: LogKeys, at_step: Callable[[str], None] = lambda step: None) -> None:
        self.log, self.keys, self.at_step = log, keys, at_step
        self.signed: Checkpoint | None = None
        self._tiles: TileWriter | None = None
        self._journal: JournalWriter | None = None
        self._end = self._safe = 0
        self._stamp = (0, 0, 0)

    @property
    def tiles(self) -> TileWriter:
        if self._tiles is None:
            raise RuntimeError("the log is not open")
        return self._tiles

    @property
    def size(self) -> int:
        """The number of durable entries, signed or not."""
        return self.tiles.size

    def __enter__(self) -> "LogWriter":
        # What a witness remembers may have been put beside the keys meanwhile.
        if self._tiles is None or self._stamp != self._journal_stamp() or self.signed != self.keys.last_signed():
            self._recover()
        self._journal = JournalWriter(self.log / JOURNAL, self._end, self.size)
        self._end = self._journal.end
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if self._journal is not None:
            self._journal.close()
            self._journal = None
        self._stamp = self._journal_stamp()
        if error is not None:
            self.forget()

    def forget(self) -> None:
        """Trust nothing in memory: the next ``with`` reads the log anew."""
        self._tiles = None

    def append(self, entries: Sequence[bytes]) -> int:
        """Make entries durable, in order; gives the index of the first. Raises Refusal ``log-entry-size``."""
        if self._journal is None:
            raise RuntimeError("append outside of with")
        first = self.size
        chunks = [(chunk, encode_bundle(chunk)) for chunk in self.tiles.chunks(entries)]
        self._journal.append([encoded for _, encoded in chunks], len(entries))
        self._end = self._journal.end
        self.at_step("journal")
        for chunk, encoded in chunks:
            self.tiles.add(chunk, encoded)
        return first

    def sign(self) -> Checkpoint:
        """Publish a checkpoint over all entries, unless the published one already is. Raises Refusal ``log-forked``."""
        signed = self.signed
        if signed is not None and signed.size == self.size and self._published() == signed:
            return signed
        self.tiles.publish()
        self.at_step("tiles")
        checkpoint = Checkpoint(self.keys.origin, self.size, self.tiles.frontier.root())
        same = signed is not None and checkpoint.size == signed.size
        if signed and (checkpoint.size < signed.size or (same and checkpoint.root != signed.root)):
            raise Refusal("log-forked", received=checkpoint.size, expected=signed.size)
        data = self.keys.sign(checkpoint)
        self.keys.remember(data)
        self.at_step("signed")
        publish(self.log, data)
        self.signed = checkpoint
        self.at_step("published")
        if self.size - self._safe >= REPLAY:
            self._make_durable()
        return checkpoint

    def entries(self, start: int) -> Iterator[list[bytes]]:
        """The durable entries from index ``start`` on, read from the journal commit by commit."""
        for frame in self._frames(len(MAGIC), 0):
            if frame.next > start:
                entries = decode_bundle(frame.payload) or []
                yield entries[max(start - frame.first, 0) :]

    def rebuild(self) -> int:
        """Make all tiles, bundles and the checkpoint again from the journal; gives the number of entries."""
        (self.log / _DURABLE).unlink(missing_ok=True)
        self._recover()
        self.tiles.publish_again()
        (self.log / CHECKPOINT).unlink(missing_ok=True)
        self.sign()
        self._make_durable()
        return self.size

    def _published(self) -> Checkpoint | None:
        try:
            return read_checkpoint((self.log / CHECKPOINT).read_bytes())
        except (FileNotFoundError, Refusal):
            return None

    def _recover(self) -> None:
        self._tiles = None
        self.signed = self.keys.last_signed()
        frontier, bundle, self._end = self._resume()
        self._safe = frontier.size
        tiles = TileWriter(self.log, frontier, bundle, mend=True)
        self._replay(tiles)
        tiles.publish()
        tiles.mend = False
        self._tiles = tiles

    def _replay(self, tiles: TileWriter) -> None:
        signed = self.signed
        agrees = signed is None or signed.size == 0 or (signed.size, signed.root) == (tiles.size, tiles.frontier.root())
        for frame in self._frames(self._end, tiles.size):
            entries = decode_bundle(frame.payload)
            if entries is None or len(entries) != frame.count:
                break
            for chunk in tiles.chunks(entries):
                tiles.add(chunk, encode_bundle(chunk))
            self._end = frame.end
            if signed and signed.size == tiles.size:
                agrees = signed.root == tiles.frontier.root()
        if signed and tiles.size < signed.size:
            raise Refusal("log-truncated", received=tiles.size, expected=signed.size)
        if signed and not agrees:
            raise Refusal("log-forked", received=tiles.size, expected=signed.size)

    def _resume(self) -> tuple[Frontier, bytes, int]:
        """The frontier at the size up to which tiles are durable; from nothing when anything about it is doubtful."""
        nothing = (Frontier(), b"", len(MAGIC))
        try:
            state = json.loads((self.log / _DURABLE).read_bytes())
            size, offset, root = int(state["size"]), int(state["offset"]), str(state["root"])
        except (OSError, ValueError, KeyError, TypeError):
            return nothing
        found = read_frontier(self.log, size)
        if found is None or found[0].root().hex() != root or self.signed is None or self.signed.size < size:
            return nothing
        if not (self.log / JOURNAL).exists() or (self.log / JOURNAL).stat().st_size < offset:
            return nothing
        return found[0], found[1], offset

    def _make_durable(self) -> None:
        os.sync()
        state = {"size": self.size, "offset": self._end, "root": self.tiles.frontier.root().hex()}
        write_durably(self.log / _DURABLE, json.dumps(state).encode())
        self._safe = self.size

    def _frames(self, offset: int, first: int) -> Iterator[Frame]:
        file = self.log / JOURNAL
        return frames(file, offset, first) if file.exists() else iter(())

    def _journal_stamp(self) -> tuple[int, int, int]:
        try:
            found = (self.log / JOURNAL).stat()
        except FileNotFoundError:
            return (0, 0, 0)
        return (found.st_ino, found.st_size, found.st_mtime_ns)
