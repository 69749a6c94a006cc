"""Weather held in arrays, as a source: for a window of a notebook, and for tests."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from jasyl.atlas.grid import Grid

from .chunk import Floats, Integers, Packing, WeatherChunk

# About what a store chunk holds: a few days, some megabytes a field on a national grid.
CHUNK_STEPS = 96


@dataclass(frozen=True, eq=False)
class MemorySource:
    """Arrays [time, row, column] (or [row, column]) of one grid, north row first, given out in chunks of time."""

    grid: Grid
    start: int
    step: int
    arrays: Mapping[str, Floats | Integers]
    packing: Mapping[str, Packing] = field(default_factory=dict[str, Packing])
    chunk_steps: int = CHUNK_STEPS

    @property
    def steps(self) -> int:
        return max((len(values) for values in self.arrays.values() if values.ndim == 3), default=0)

    @property
    def fields(self) -> tuple[str, ...]:
        return tuple(self.arrays)

    @property
    def digest(self) -> str:
        """SHA-256 over grid, time, packing and the bytes of every field."""
        found = hashlib.sha256(repr((self.grid, self.start, self.step, sorted(self.packing.items()))).encode())
        for name in sorted(self.arrays):
            found.update(name.encode())
            found.update(np.ascontiguousarray(self.arrays[name]).tobytes())
        return found.hexdigest()

    @property
    def chunk_count(self) -> int:
        return -(-self.steps // self.chunk_steps)

    def span(self, number: int) -> tuple[int, int]:
        first, last = self._rows(number)
        return self.start + first * self.step, self.start + last * self.step

    def read(self, number: int, fields: Sequence[str]) -> WeatherChunk:
        first, last = self._rows(number)
        return self._chunk(first, last, fields)

    def chunks(self, fields: Sequence[str], start: int | None = None, end: int | None = None) -> Iterator[WeatherChunk]:
        low, high = self._window(start, end)
        for first in range(low - low % self.chunk_steps, high, self.chunk_steps):
            yield self._chunk(max(first, low), min(first + self.chunk_steps, high), fields)

    def series(
        self, field: str, row: int, column: int, start: int | None = None, end: int | None = None
    ) -> NDArray[np.float32]:
        low, high = self._window(start, end)
        return self._chunk(low, high, (field,)).unpacked(field)[:, row, column]

    def _rows(self, number: int) -> tuple[int, int]:
        first = number * self.chunk_steps
        return first, min(first + self.chunk_steps, self.steps)

    def _window(self, start: int | None, end: int | None) -> tuple[int, int]:
        low = 0 if start is None else max(-((self.start - start) // self.step), 0)
        high = self.steps if end is None else min(-((self.start - end) // self.step), self.steps)
        return low, high

    def _chunk(self, first: int, last: int, fields: Sequence[str]) -> WeatherChunk:
        picked = {name: self.arrays[name] for name in fields}
        return WeatherChunk(
            self.grid,
            self.start + first * self.step,
            self.step,
            {name: values[first:last] if values.ndim == 3 else values for name, values in picked.items()},
            {name: self.packing[name] for name in fields if name in self.packing},
        )
