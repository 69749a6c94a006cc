"""From samples to the readings of intervals: means of powers and flows, registers of counters at each start."""

import math
from dataclasses import dataclass, field
from typing import Literal

Kind = Literal["mean", "counter"]


@dataclass(frozen=True)
class Point:
    """What is read and what becomes of it: the ``series`` key on the server, its ``unit``, ``interval`` in seconds,
    how often it is polled, and the share of polls (``coverage``) below which a mean is not believed."""

    series: str
    unit: str
    interval: int
    kind: Kind
    every: float
    coverage: float = 0.5
    factor: float = 1.0


@dataclass(frozen=True)
class Reading:
    """A finished reading: ``start`` of its interval in µs UTC, the value as text, so that no digit is invented."""

    series: str
    unit: str
    start: int
    value: str


@dataclass
class Former:
    """Forms the readings of one point. Samples come with the gateway's own time in seconds since 1970."""

    point: Point
    emitted: int = -1  # start (s) of the last interval that was given away; never given twice
    _start: int | None = None
    _sum: float = 0.0
    _count: int = 0
    _first: tuple[float, float] | None = field(default=None)

    def sample(self, at: float, value: float) -> list[Reading]:
        """Take a good sample in; give what has become complete by its coming."""
        done = self.tick(at)
        start = math.floor(at) // self.point.interval * self.point.interval
        if self._start is None:
            self._start = start
        if start == self._start:
            self._sum += value
            self._count += 1
            self._first = self._first or (at, value)
            if self.point.kind == "counter":
                done += self._register(start)
        return done

    def tick(self, now: float) -> list[Reading]:
        """What is complete at ``now``: an interval whose end has passed."""
        if self._start is None or now < self._start + self.point.interval:
            return []
        start, total, count = self._start, self._sum, self._count
        self.forget()
        if self.point.kind == "counter" or start <= self.emitted:
            return []
        if count < max(1.0, self.point.coverage * self.point.interval / self.point.every):
            return []
        self.emitted = start
        return [self._reading(start, total / count)]

    def forget(self) -> None:
        """Drop the interval under way: after a jump of the clock nobody knows what it holds."""
        self._start, self._sum, self._count, self._first = None, 0.0, 0, None

    def _register(self, start: int) -> list[Reading]:
        """The register at the interval's start is its first sample, if that came within two polls of the start."""
        if self._first is None or self._count > 1 or start <= self.emitted:
            return []
        at, value = self._first
        if at - start > 2 * self.point.every:
            return []
        self.emitted = start
        return [self._reading(start, value)]

    def _reading(self, start: int, value: float) -> Reading:
        scaled = value * self.point.factor
        text = str(int(scaled)) if float(scaled).is_integer() and abs(scaled) < 2**63 else repr(float(scaled))
        return Reading(self.point.series, self.point.unit, start * 1_000_000, text)


class Clock:
    """Notices jumps: wall time and the monotonic clock must go on together, but for ``tolerance`` seconds."""

    def __init__(self, wall: float, monotonic: float, tolerance: float = 2.0) -> None:
        self._wall, self._monotonic, self.tolerance = wall, monotonic, tolerance

    def jump(self, wall: float, monotonic: float) -> float:
        """By how many seconds the wall clock was set since the last look; 0.0 for a tolerable drift."""
        apart = (wall - self._wall) - (monotonic - self._monotonic)
        self._wall, self._monotonic = wall, monotonic
        return apart if abs(apart) > self.tolerance else 0.0
