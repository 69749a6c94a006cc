"""Programs that push many times a second: whose token it is, known for a second, and how often it may come."""

import asyncio
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from hashlib import sha256

from anyio import to_thread

from jasyl.people import Actor, of_token
from jasyl.storage import Database
from jasyl.texts import Refusal

# A withdrawn token is refused after this many seconds at the latest.
KEPT_SECONDS = 1.0
# Requests of one token a second, and how many may come at once after a pause; for each worker process.
RATE, BURST = 500.0, 1000.0
_MOST = 10_000
# A look is waited for in the loop that began it.
_Look = tuple[asyncio.AbstractEventLoop, str]


class Bearers:
    """Actors by token, kept by the hash of the secret; safe among threads."""

    def __init__(self, database: Database, clock: Callable[[], float] = time.monotonic) -> None:
        self.database, self._clock = database, clock
        self._lock = threading.Lock()
        self._actors: OrderedDict[str, tuple[float, Actor]] = OrderedDict()
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._looks: dict[_Look, asyncio.Task[Actor]] = {}

    async def found(self, authorization: str | None) -> Actor:
        """:meth:`known`, else :meth:`actor`: requests of one token that come together wait for one look."""
        known = self.known(authorization)
        if known is not None:
            return known
        place = asyncio.get_running_loop(), _key(authorization)
        look = self._looks.get(place)
        if look is None:
            look = self._looks[place] = asyncio.create_task(self._look(place, authorization))
        return await asyncio.shield(look)  # a sender that goes away must not take the look from the others

    async def _look(self, place: _Look, authorization: str | None) -> Actor:
        try:
            return await to_thread.run_sync(self.actor, authorization)
        finally:
            del self._looks[place]

    def known(self, authorization: str | None) -> Actor | None:
        """The actor of a header if it was asked for within the last second."""
        found = self._actors.get(_key(authorization))
        return found[1] if found and self._clock() - found[0] < KEPT_SECONDS else None

    def actor(self, authorization: str | None) -> Actor:
        """The actor of a header. Raises Refusal ``token-unknown``."""
        kind, _, secret = (authorization or "").partition(" ")
        asked = self._clock()
        with self.database.reading() as connection:
            found = of_token(connection, secret.strip()) if kind.lower() == "bearer" else None
        if found is None:
            self._actors.pop(_key(authorization), None)
            raise Refusal("token-unknown")
        with self._lock:
            self._actors[_key(authorization)] = (asked, found)
            while len(self._actors) > _MOST:
                self._actors.popitem(last=False)
        return found

    def admit(self, authorization: str | None) -> None:
        """Count one request. Raises Refusal ``push-too-often`` when the token comes more often than it may."""
        key, now = _key(authorization), self._clock()
        with self._lock:
            left, since = self._buckets.pop(key, (BURST, now))
            left = min(BURST, left + (now - since) * RATE)
            self._buckets[key] = (max(left - 1, 0.0), now)
            while len(self._buckets) > _MOST:
                self._buckets.popitem(last=False)
        if left < 1:
            raise Refusal("push-too-often", expected=int(RATE))


def _key(authorization: str | None) -> str:
    return sha256((authorization or "").encode()).hexdigest()
