"""Running a kernel over every chunk of a weather source: in threads here, or on the workers of a Dask cluster.

The store chunk is the task. Each gives its partials, which are merged in order of time, so the answer is the same to
the bit for any number of threads or workers. A task reads its chunk where it runs: nothing but the partials travels.
"""

import datetime as dt
import os
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import Any, Protocol

from jasyl.texts import Refusal

from .chunk import WeatherChunk, WeatherSource
from .partials import Merger, Partials
from .stretches import cut

Progress = Callable[[int, int], None]
# Tasks handed out beyond those being worked on: enough to keep everybody busy, few enough to keep memory small.
AHEAD = 2
CLUSTER_PATIENCE = "30s"


class Kernel(Protocol):
    """What is done with a chunk: a frozen dataclass of parameters, so that it can be sent to a worker."""

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it reads."""
        ...

    def run(self, chunk: WeatherChunk) -> Partials:
        """The partials of one chunk; the same bits whenever and wherever it is called."""
        ...


def fold(
    source: WeatherSource,
    kernel: Kernel,
    *,
    start: int | None = None,
    end: int | None = None,
    cluster: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
) -> Partials:
    """The kernel's partials over the intervals of ``source`` that begin in [start, end), µs UTC; all when None.

    ``cluster`` is the address of a Dask scheduler (``tcp://host:8786``); its workers must reach the store by the same
    path or address. Without it the work is done by ``threads`` threads, as many as the process may use when None.
    ``progress(done, total)`` counts chunks. Raises Refusal ``weather-field-missing``, ``weather-span-empty`` and
    ``cluster-unreachable``.
    """
    missing = [name for name in kernel.fields if name not in source.fields]
    if missing:
        raise Refusal("weather-field-missing", received=", ".join(source.fields), expected=", ".join(missing))
    numbers = [number for number in range(source.chunk_count) if _overlaps(source.span(number), start, end)]
    if not numbers:
        raise Refusal("weather-span-empty", received=_written(start, end), expected=_written(*_whole(source)))
    work = (source, kernel, start, end)
    parts = (
        _in_threads(numbers, work, threads or len(os.sched_getaffinity(0)))
        if cluster is None
        else _on_cluster(numbers, work, cluster)
    )
    merger = Merger()
    for done, part in enumerate(parts, start=1):
        merger.add(part)
        if progress:
            progress(done, len(numbers))
    return merger.result()


_Work = tuple[WeatherSource, Kernel, int | None, int | None]


def _task(number: int, source: WeatherSource, kernel: Kernel, start: int | None, end: int | None) -> Partials:
    """The partials of one store chunk."""
    return kernel.run(cut(source.read(number, kernel.fields), start, end))


def _in_threads(numbers: Sequence[int], work: _Work, threads: int) -> Iterator[Partials]:
    if threads == 1:
        for number in numbers:
            yield _task(number, *work)
        return
    with ThreadPoolExecutor(threads, thread_name_prefix="fold") as pool:
        yield from _in_order(lambda number: pool.submit(_task, number, *work), numbers, threads + AHEAD)


def _on_cluster(numbers: Sequence[int], work: _Work, address: str) -> Iterator[Partials]:
    import distributed  # noqa: PLC0415

    source, kernel, start, end = work
    try:
        client: Any = distributed.Client(address, timeout=CLUSTER_PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        raise Refusal("cluster-unreachable", received=address, reason=str(error)[:200]) from error
    with client:
        cores = sum(client.ncores().values())
        # Sent once to every worker, not with each task.
        shared: Any = client.scatter([source, kernel], broadcast=cores > 0, hash=False)

        def submit(number: int) -> Any:
            return client.submit(_task, number, *shared, start, end, pure=False, priority=-number)

        yield from _in_order(submit, numbers, max(cores, 1) * AHEAD + AHEAD)


def _in_order(submit: Callable[[int], Any], numbers: Sequence[int], window: int) -> Iterator[Partials]:
    """Results in the order of ``numbers``, with up to ``window`` tasks under way."""
    waiting = iter(numbers)
    running = deque(submit(number) for number in islice(waiting, window))
    try:
        while running:
            part = running.popleft().result()
            running.extend(submit(number) for number in islice(waiting, 1))
            yield part
    finally:
        for future in running:
            future.cancel()


def _overlaps(span: tuple[int, int], start: int | None, end: int | None) -> bool:
    return (end is None or span[0] < end) and (start is None or span[1] > start)


def _whole(source: WeatherSource) -> tuple[int, int]:
    return source.start, source.start + source.steps * source.step


def _written(*edges: int | None) -> str:
    """A span of µs UTC as people read it: 2024-01-01T00:00Z … 2025-01-01T00:00Z."""
    return " … ".join(
        "" if edge is None else f"{dt.datetime.fromtimestamp(edge / 1e6, dt.UTC):%Y-%m-%dT%H:%MZ}" for edge in edges
    )
