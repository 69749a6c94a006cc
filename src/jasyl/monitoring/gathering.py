"""Group commit: deliveries that arrive together are stored together, so that one fsync serves many senders.

A delivery is answered only after the transaction that holds it. While one transaction runs the next gathers, so the
busier the server the larger the groups; an idle server waits only ``PAUSE`` seconds for company, and longer only while
company keeps coming.
"""

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from jasyl.quantities import now_us
from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

from .delivery import Batch, Receipt
from .known_series import KnownSeries
from .readings import append_all
from .recent import MANY, join_small

logger = logging.getLogger("jasyl.monitoring")
PAUSE = 0.002
# Pauses that a group waits at most: what a transaction costs beside its readings is worth that of some dozen requests.
PAUSES = 10
# Of one transaction, and of all that wait: about 100 MB of columns.
MOST_TOGETHER = 200_000
MOST_WAITING = 1_000_000
LOCK = "readings"


@dataclass(frozen=True)
class _Waiting:
    """A delivery and where its receipt is waited for: by a thread, or by coroutines of ``loop``."""

    batch: Batch
    answer: "Future[Receipt] | asyncio.Future[Receipt]"
    loop: asyncio.AbstractEventLoop | None = None


class Gatherer:
    """Stores deliveries of many threads by one thread of its own; any number of processes may have one each.

    Processes queue at a lock of the folder: SQLite's own waiting sleeps up to a tenth of a second between tries.
    """

    def __init__(
        self,
        database: Database,
        folder: DataFolder,
        known: KnownSeries,
        clock: Callable[[], int] = now_us,
        *,
        pause: float = PAUSE,
    ) -> None:
        self.database, self.folder, self.known = database, folder, known
        self.clock, self.pause = clock, pause
        self._waiting: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._readings = 0
        self._groups = 0
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def submit(self, batch: Batch) -> "Future[Receipt]":
        """The receipt to come; set when the batch is on disk. Raises Refusal ``push-busy`` when too much waits."""
        answer: Future[Receipt] = Future()
        self._wait(_Waiting(batch, answer))
        return answer

    async def stored(self, batch: Batch) -> Receipt:
        """:meth:`submit` for coroutines: the loop is woken once for all deliveries of a commit, not for each."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[Receipt] = loop.create_future()
        self._wait(_Waiting(batch, answer, loop))
        return await answer

    def _wait(self, waiting: _Waiting) -> None:
        batch = waiting.batch
        with self._lock:
            if self._readings + len(batch.start) > MOST_WAITING:
                raise Refusal("push-busy", received=self._readings, expected=MOST_WAITING)
            self._readings += len(batch.start)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="gatherer", daemon=True)
                self._thread.start()
        self._waiting.put(waiting)

    def close(self) -> None:
        """Store what waits and end the thread."""
        thread = self._thread
        if thread is not None:
            self._waiting.put(None)
            thread.join()

    def _work(self) -> None:
        while (first := self._waiting.get()) is not None:
            self._let_gather()
            group, ending = [first], False
            try:
                with self.folder.locked(LOCK):
                    ending = self._add_waiting(group)
                    self._store(group)
            except Exception as error:  # noqa: BLE001  (whoever waits must hear of it; the thread goes on)
                _tell([(each, error) for each in group])
            with self._lock:
                self._readings -= sum(len(each.batch.start) for each in group)
            if ending:
                return
            self._groups += 1
            if self._groups % MANY == 0:
                self._join()

    def _add_waiting(self, group: list[_Waiting]) -> bool:
        """Put what waits to ``group``, also what came while another process stored; whether the end has come."""
        size = len(group[0].batch.start)
        while size < MOST_TOGETHER and not self._waiting.empty():
            following = self._waiting.get()
            if following is None:
                return True
            group.append(following)
            size += len(following.batch.start)
        return False

    def _let_gather(self) -> None:
        """Pause, and again as long as more came meanwhile."""
        for _ in range(PAUSES):
            before = self._waiting.qsize()
            time.sleep(self.pause)
            if self._waiting.qsize() == before:
                return

    def _join(self) -> None:
        """Small segments become larger ones; a failure only leaves them as they are until the next time."""
        try:
            with self.folder.locked(LOCK):
                join_small(self.database, self.folder, self.clock())
        except Exception:
            logger.exception("small segments were not joined")

    def _store(self, group: Sequence[_Waiting]) -> None:
        try:
            batches = [each.batch for each in group]
            definitions = self.known.definitions(np.concatenate([one.series for one in batches]))
            receipts = append_all(self.database, self.folder, definitions, batches, self.clock())
        except Exception as error:  # noqa: BLE001  (whoever waits must hear of it; the thread goes on)
            if len(group) == 1:
                _tell([(group[0], error)])
                return
            for each in group:  # one that cannot be stored must not take the others with it
                self._store([each])
            return
        _tell(list(zip(group, receipts, strict=True)))


_Told = tuple[_Waiting, Receipt | Exception]


def _tell(told: Sequence[_Told]) -> None:
    """Give receipts (or what went wrong) to whoever waits for them."""
    by_loop: dict[asyncio.AbstractEventLoop | None, list[_Told]] = {}
    for each in told:
        by_loop.setdefault(each[0].loop, []).append(each)
    for loop, its in by_loop.items():
        if loop is None:
            _settle(its)
            continue
        with suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, its)


def _settle(told: Sequence[_Told]) -> None:
    for waiting, became in told:
        if waiting.answer.done():  # whoever asked has gone
            continue
        if isinstance(became, Exception):
            waiting.answer.set_exception(became)
        else:
            waiting.answer.set_result(became)
