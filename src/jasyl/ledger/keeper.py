"""The keeper: takes records from the outbox into the log, in order of arrival, each exactly once.

Records are committed to the outbox with the data they speak of. The keeper appends their bytes to the journal, makes
tiles, signs, publishes (see ``writer``) and at last marks the rows with their index (step ``marked``). A kill between
any two steps loses and doubles nothing: entries that stand in the journal beyond what the outbox knows to be logged
are matched with it by record id before anything new is taken.
"""

import threading
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack, suppress
from types import TracebackType

import msgspec

from jasyl.storage import Database, DataFolder, alone
from jasyl.texts import Refusal

from . import outbox, renaming
from .energy import EnergyMeter
from .keys import load_keys
from .record_fields import Record
from .witnessing import consult_witnesses
from .writer import LogWriter

LOCK = "keeper"
BATCH_ENTRIES = 65_536
BATCH_BYTES = 32 * 1024 * 1024


class _Head(msgspec.Struct):
    type: str


_HEAD = msgspec.json.Decoder(_Head)


class Keeper:
    """Keeps one log. ``with Keeper(folder, database) as keeper: keeper.drain()``; ``run`` for a server's thread.

    Entering waits until no other process keeps this log. ``at_step`` is called after each step with its name: tests
    end the process there.
    """

    def __init__(
        self, folder: DataFolder, database: Database, *, at_step: Callable[[str], None] = lambda step: None
    ) -> None:
        self.folder, self.database, self.at_step = folder, database, at_step
        self._held: ExitStack | None = None
        self._writer: LogWriter | None = None
        self._endings: renaming.Endings | None = None
        self._meter = EnergyMeter(folder.log)

    def __enter__(self) -> "Keeper":
        self._hold(wait=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if kind is None:
            self._meter.keep(now=True)
        self._release()

    def drain(self) -> int:
        """Take every waiting record into the log; gives how many. A new log gets its first, empty checkpoint, one that
        goes on under another name says so (see ``renaming``).

        The first time, witnesses are asked how much of the log they have seen (those that do not answer within
        seconds are passed over). Raises Refusal ``log-no-keys``, ``log-truncated``, ``log-forked``,
        ``log-behind-database``, ``journal-in-use``.
        """
        with self._opened() as writer:
            matched = self._match(writer)
            endings = self._endings
            if endings is None or matched or endings.present.origin != writer.keys.origin:
                endings = self._endings = renaming.Endings(self.folder)
            return matched + self._take_waiting(writer, endings)

    def _take_waiting(self, writer: LogWriter, endings: renaming.Endings) -> int:
        taken, began = 0, time.thread_time()
        while True:
            rows = self._waiting()
            entries = [row.entry for row in rows]
            if said := endings.untold(self.database, writer.size, entries):
                self._enqueue(said)  # so that it is told by the very head under which the records stand
                continue
            if not rows:
                return taken
            first = writer.append(entries)
            writer.sign()
            with self.database.writing(visible=False) as connection:
                outbox.mark(connection, rows, first)
            self.at_step("marked")
            taken += len(rows)
            now = time.thread_time()
            self._meter.add(len(rows), now - began)
            began = now

    def rebuild(self) -> int:
        """Make every tile, bundle and the checkpoint again from the journal; gives the number of entries."""
        with self._opened() as writer:
            return writer.rebuild()

    def run(self, interval: float, stop: threading.Event, failed: Callable[[Exception], None] | None = None) -> None:
        """Drain every ``interval`` seconds until ``stop`` is set; wait while another process keeps the log.

        A failure is told to ``failed`` and tried again at the next turn; without ``failed`` it ends the run.
        """
        opened = False
        while not stop.is_set():
            try:
                if not opened or self._any_waiting():
                    self._hold(wait=False)
                    try:
                        self.drain()
                        opened = True
                        self._meter.keep()
                    finally:
                        self._release()
            except Exception as error:
                busy = isinstance(error, Refusal) and error.code == "folder-in-use"
                if not busy and failed is None:
                    raise
                if not busy and failed is not None:
                    failed(error)
            stop.wait(interval)
        self._keep_meter()

    def _keep_meter(self) -> None:
        """At the end of a run; when another process keeps the log meanwhile, at most a minute's count is lost."""
        with suppress(Refusal):
            self._hold(wait=False)
            try:
                self._meter.keep(now=True)
            finally:
                self._release()

    def _opened(self) -> LogWriter:
        if self._held is None:
            raise RuntimeError("the keeper works inside of with")
        keys = load_keys(self.folder)  # another process may have changed them
        if self._writer is None:
            # Restored from an older backup, this log must not sign another history than the one witnesses have seen.
            consult_witnesses(self.folder)
            self._writer = LogWriter(self.folder.log, keys, self.at_step)
        renaming.go_on(self.folder, keys)
        self._writer.keys = keys
        return self._writer

    def _match(self, writer: LogWriter) -> int:
        """Bring outbox and journal to agree before anything new is taken; gives the rows that were not marked yet."""
        with self.database.reading() as connection:
            known = outbox.marked_size(connection)
        if known > writer.size:
            raise Refusal("log-behind-database", received=writer.size, expected=known)
        writer.sign()
        restored = 0
        if known < writer.size:
            for entries in writer.entries(known):
                kinds = [_HEAD.decode(entry).type for entry in entries]
                with self.database.writing(visible=False) as connection:
                    outbox.restore(connection, entries, kinds, known + restored)
                restored += len(entries)
            self.at_step("marked")
        return restored

    def _waiting(self) -> list[outbox.Waiting]:
        with self.database.reading() as connection:
            return outbox.read_waiting(connection, BATCH_ENTRIES, BATCH_BYTES)

    def _enqueue(self, records: Sequence[Record]) -> None:
        with self.database.writing(visible=False) as connection:
            for record in records:
                outbox.enqueue(connection, record)

    def _any_waiting(self) -> bool:
        with self.database.reading() as connection:
            return outbox.has_waiting(connection)

    def _hold(self, *, wait: bool) -> None:
        with ExitStack() as stack:
            stack.enter_context(alone(self.folder, self.database, LOCK, wait=wait))
            self._held = stack.pop_all()

    def _release(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.close()
