"""Answers that take a while, kept: whoever asks for the same at the same time waits for the one who is at it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import BoundedSemaphore, Lock
from typing import Generic, TypeVar

from jasyl.texts import Refusal

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(Generic[K, V]):
    """Values by key, made once and kept, those asked for last, up to ``limit`` bytes as ``weigh`` counts them.

    With ``at_once`` only so many are made at a time, the others wait for their turn; ``waiting`` is how many different
    ones may be under way or wait, so that a crowd of different questions cannot hold every thread of a server.
    """

    def __init__(
        self, limit: int, weigh: Callable[[V], int], *, at_once: int | None = None, waiting: int | None = None
    ) -> None:
        self.limit = limit
        self.made = 0
        self._weigh = weigh
        self._turn = BoundedSemaphore(at_once) if at_once else None
        self._waiting = waiting
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._weights: dict[K, int] = {}
        self._running: dict[K, Future[V]] = {}
        self._lock = Lock()

    @property
    def size(self) -> int:
        """Bytes of what is kept."""
        return sum(self._weights.values())

    def get(self, key: K, make: Callable[[], V]) -> V:
        """The value of ``key``, made by ``make`` when it is not kept; its error reaches everybody who waits for it.

        Raises Refusal ``recompute-busy`` when too many others are being made.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            running = self._running.get(key)
            mine: Future[V] = Future()
            if running is None:
                if self._waiting is not None and len(self._running) >= self._waiting:
                    raise Refusal("recompute-busy", received=len(self._running))
                self._running[key] = mine
        if running is not None:
            return running.result()
        try:
            value = self._made(make)
        except BaseException as error:
            with self._lock:
                del self._running[key]
            mine.set_exception(error)
            raise
        with self._lock:
            self._keep(key, value)
            del self._running[key]
        mine.set_result(value)
        return value

    def forget(self) -> None:
        """Keep nothing: what the values were made of has changed."""
        with self._lock:
            self._kept.clear()
            self._weights.clear()

    def _made(self, make: Callable[[], V]) -> V:
        if self._turn is None:
            return make()
        with self._turn:
            return make()

    def _keep(self, key: K, value: V) -> None:
        self.made += 1
        self._kept[key] = value
        self._weights[key] = self._weigh(value)
        while self.size > self.limit and len(self._kept) > 1:
            oldest, _ = self._kept.popitem(last=False)
            del self._weights[oldest]
