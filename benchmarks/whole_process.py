"""One row of a benchmark as a process of its own, whole: wall, processor, and memory that cannot be dropped.

No benchmark itself. A benchmark calls ``measure`` with its own module, and its ``main`` calls ``serve`` in the child.
"""

import json
import resource
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Row:
    """Seconds of the whole process and of one warm repetition in it; ``anonymous`` is its peak, MiB."""

    wall: float
    cpu: float
    anonymous: float
    warm: float = 0
    warm_cpu: float = 0


def measure(module: str, arguments: list[str], place: Path, runs: int = 1) -> tuple[Any, Row]:
    """The answer of the child and what the quickest of ``runs`` took; warm repetitions are not counted to it."""
    found: list[tuple[Any, Row]] = [_once(module, arguments, place) for _ in range(runs)]
    return min(found, key=lambda one: one[1].wall)


def _once(module: str, arguments: list[str], place: Path) -> tuple[Any, Row]:
    answer = place / "answer.npy"
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    started = time.perf_counter()
    command = [sys.executable, "-m", module, *arguments, str(answer)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}\n{done.stderr[-2000:]}")
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    row = Row(wall - told["after_wall"], cpu - told["after_cpu"], told["anonymous"], told["warm"], told["warm_cpu"])
    return np.load(answer), row


def serve(work: Callable[[], Any], answer: str, repeat: int = 0) -> None:
    """The child: work once, keep the answer, then tell how long it takes when warm (the quickest of ``repeat``)."""
    peak = _Peak()
    np.save(answer, work())
    anonymous = peak.stop()
    wall, cpu = time.perf_counter(), time.process_time()
    best: tuple[float, float] = (1e9, 0) if repeat else (0, 0)
    for _ in range(repeat):
        begin, used = time.perf_counter(), time.process_time()
        work()
        best = min(best, (time.perf_counter() - begin, time.process_time() - used))
    told = {"anonymous": anonymous, "warm": best[0], "warm_cpu": best[1]}
    print(json.dumps(told | {"after_wall": time.perf_counter() - wall, "after_cpu": time.process_time() - cpu}))


class _Peak:
    """The largest number of anonymous pages of this process, MiB, looked at fifty times a second."""

    def __init__(self) -> None:
        self._peak = 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> float:
        self._over.set()
        self._thread.join()
        self._look()
        return self._peak

    def _watch(self) -> None:
        while not self._over.wait(0.02):
            self._look()

    def _look(self) -> None:
        status = Path("/proc/self/status").read_text(encoding="ascii")
        self._peak = max(self._peak, int(status.split("RssAnon:")[1].split()[0]) / 1024)


def said(name: str, row: Row, peer: Row | None = None, target: tuple[str, float] | None = None) -> str:
    """A line of a row, with its share of the peer's and the target (``wall`` or ``cpu``, share)."""
    line = f"  {name}: {row.wall:.2f} s wall, {row.cpu:.2f} s CPU, {row.anonymous:.0f} MiB anonymous"
    if peer is not None:
        line += f" | 1/{peer.wall / row.wall:.1f} of atlite's wall, 1/{peer.cpu / row.cpu:.1f} of its CPU"
    if target is not None:
        line += f" (target {target[0]} 1/{1 / target[1]:.3g})"
    return line


def said_warm(row: Row, peer: Row, target: float) -> str:
    """A line of the warm repetition."""
    return (
        f"    warm, same process: {row.warm * 1e3:.0f} ms wall, {row.warm_cpu * 1e3:.0f} ms CPU"
        f" | 1/{peer.wall / row.warm:.0f} of atlite's wall (target 1/{1 / target:.3g})"
    )


def inflation() -> str:
    """What this machine can do at best on one thread, in this run: reading memory and inflating deflated numbers."""
    import zlib

    from isal import isal_zlib

    values = np.zeros(50_000_000, np.float32)
    values[:] = 1
    read = min(_timed(values.max) for _ in range(3))
    block = np.random.default_rng(0).normal(0, 30, 4_000_000).astype(np.int16).tobytes()
    packed = zlib.compress(block, 4)
    plain, fast = _timed(lambda: zlib.decompress(packed)), _timed(lambda: isal_zlib.decompress(packed))
    size = len(block) / 1e9
    return (
        f"limits of one thread: read {values.nbytes / 1e9 / read:.1f} GB/s, "
        f"inflate {size / plain:.2f} GB/s (zlib), {size / fast:.2f} GB/s (isal)"
    )


def _timed(work: Callable[[], object]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
