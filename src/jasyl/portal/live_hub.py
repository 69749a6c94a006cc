"""Those who listen to changes of the data, in one process: one look at the database for all of them.

The database tells what changed (revision, manifest, assertions), so it does not matter which process wrote. While
nobody listens nothing is asked.
"""

import asyncio
import logging
from dataclasses import dataclass, field

from anyio import to_thread

from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal

from .live_changes import Change, Mark, changes_between, current_mark

logger = logging.getLogger("jasyl.portal")
# How often the data revision is asked for, one number, while somebody listens.
EVERY_SECONDS = 0.5
# Streams of one process; a browser that is turned away goes on without and tries again later.
MOST_LISTENERS = 400
# Changes that wait for one slow reader; beyond these it is told to look at everything again.
MOST_WAITING = 32


@dataclass(eq=False)
class Listener:
    """One open stream: the changes that wait for it, and the state from which they count."""

    since: Mark
    waiting: "asyncio.Queue[Change]" = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def give(self, change: Change) -> None:
        """Queue a change; a reader who is too slow gets one that stands for all of them."""
        if self.waiting.full():
            while not self.waiting.empty():
                self.waiting.get_nowait()
            change = Change(change.mark, change.revision, register=True, whole=True)
        self.waiting.put_nowait(change)


class LiveHub:
    """The listeners of this process and the one task that looks for changes while there are any."""

    def __init__(self, database: Database, folder: DataFolder, every: float = EVERY_SECONDS) -> None:
        self.database, self.folder, self.every = database, folder, every
        self.listeners: set[Listener] = set()
        self._looking: asyncio.Task[None] | None = None
        self._seen = Mark(0, 0)
        self._revision = -1
        self._starting = asyncio.Lock()

    async def join(self, after: Mark | None) -> Listener:
        """A new listener, from ``after`` (what its page shows) or from now. Raises Refusal ``live-full``."""
        if len(self.listeners) >= MOST_LISTENERS:
            raise Refusal("live-full", received=len(self.listeners))
        listener = Listener(Mark(0, 0))
        self.listeners.add(listener)
        try:
            await self._begin()
            listener.since = self._seen
            # What waits was told by the look that runs; what came before is brought up here.
            if after is not None and after != self._seen:
                missed = await to_thread.run_sync(self._since, after, self._seen)
                listener.give(missed)
        except BaseException:
            self.leave(listener)
            raise
        return listener

    async def _begin(self) -> None:
        async with self._starting:  # two who come at once begin one look
            if self._looking is None or self._looking.done():
                self._seen, self._revision = await to_thread.run_sync(self._now)
                self._looking = asyncio.create_task(self._look())

    def leave(self, listener: Listener) -> None:
        """The stream has ended; with the last one the looking ends."""
        self.listeners.discard(listener)
        if not self.listeners and self._looking is not None:
            self._looking.cancel()
            self._looking = None

    async def _look(self) -> None:
        while self.listeners:
            await asyncio.sleep(self.every)
            try:
                change = await to_thread.run_sync(self._changed)
            except Exception:
                logger.exception("the look for changes failed; it is tried again")
                continue
            if change is not None:
                for listener in list(self.listeners):
                    listener.give(change)

    def _now(self) -> tuple[Mark, int]:
        with self.database.reading() as connection:
            revision = self.database.revision()
            return current_mark(connection), revision

    def _since(self, after: Mark, until: Mark) -> Change:
        with self.database.reading() as connection:
            return changes_between(connection, self.folder, after, until, self._revision)

    def _changed(self) -> Change | None:
        """The change since the last look; most looks read one number and end."""
        revision = self.database.revision()  # before the rest: what follows is at least as new
        if revision == self._revision:
            return None
        with self.database.reading() as connection:
            new, old = current_mark(connection), self._seen
            change = changes_between(connection, self.folder, old, new, revision) if new != old else None
        self._seen, self._revision = new, revision
        return change
