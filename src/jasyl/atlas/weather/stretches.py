"""What sources have in common whose chunks are equal stretches of time: counting, cutting, one cell's series."""

from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .chunk import WeatherChunk

# About what a store chunk holds: a few days, some megabytes a field on a national grid.
CHUNK_STEPS = 96


class Stretches(ABC):
    """The part of a WeatherSource that follows from start, step, number of steps and steps of a chunk."""

    start: int
    step: int
    steps: int
    chunk_steps: int

    @abstractmethod
    def stretch(self, first: int, last: int, fields: Sequence[str]) -> WeatherChunk:
        """The steps [first, last)."""

    @property
    def chunk_count(self) -> int:
        """How many chunks there are; the last may be shorter."""
        return -(-self.steps // self.chunk_steps)

    def span(self, number: int) -> tuple[int, int]:
        """The time [start, end) of chunk ``number``."""
        first, last = self._bounds(number)
        return self.start + first * self.step, self.start + last * self.step

    def read(self, number: int, fields: Sequence[str]) -> WeatherChunk:
        """Chunk ``number``."""
        return self.stretch(*self._bounds(number), fields)

    def chunks(self, fields: Sequence[str], start: int | None = None, end: int | None = None) -> Iterator[WeatherChunk]:
        """The chunks of [start, end) in order of time, the first and last cut to it."""
        for number in range(self.chunk_count):
            low, high = self.span(number)
            if (end is None or low < end) and (start is None or high > start):
                yield cut(self.read(number, fields), start, end)

    def series(
        self, field: str, row: int, column: int, start: int | None = None, end: int | None = None
    ) -> NDArray[np.float32]:
        """One cell's values over [start, end), out of every chunk of the field: a store is made for series."""
        parts = [_cell(chunk, field, row, column) for chunk in self.chunks((field,), start, end)]
        return np.concatenate(parts) if parts else np.empty(0, np.float32)

    def _bounds(self, number: int) -> tuple[int, int]:
        first = number * self.chunk_steps
        return first, min(first + self.chunk_steps, self.steps)


def cut(chunk: WeatherChunk, start: int | None, end: int | None) -> WeatherChunk:
    """The intervals of ``chunk`` that begin in [start, end): views, no copies."""
    first = 0 if start is None else max(-((chunk.start - start) // chunk.step), 0)
    last = chunk.steps if end is None else min(-((chunk.start - end) // chunk.step), chunk.steps)
    if first == 0 and last == chunk.steps:
        return chunk
    fields = {name: values[first:last] if values.ndim == 3 else values for name, values in chunk.fields.items()}
    return replace(chunk, start=chunk.start + first * chunk.step, fields=fields)


def _cell(chunk: WeatherChunk, field: str, row: int, column: int) -> NDArray[np.float32]:
    values = chunk.fields[field][:, row : row + 1, column : column + 1]
    return replace(chunk, fields={field: values}).unpacked(field).ravel()
