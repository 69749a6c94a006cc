"""An xarray dataset as a source of weather: a notebook's cutout, whole in memory or lazy."""

import hashlib
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal, Where

from .axes import LATITUDES, LONGITUDES, axes
from .chunk import WeatherChunk
from .fold import chunks_between, series_of_chunks
from .memory import CHUNK_STEPS
from .times import even_step

WHERE = Where("xarray.Dataset")


class XarraySource:
    """Variables [time, y, x] (or [y, x]) of a dataset with atlite's names, turned north row first.

    Stamps close their interval, as in atlite's ERA5 cutouts and ERA5 itself; with ``stamps="start"`` they open it.
    Values are taken as float32. Raises Refusal ``weather-grid-irregular``, ``weather-crs``, ``weather-gaps``.
    """

    def __init__(self, dataset: Any, *, stamps: str = "end", chunk_steps: int = CHUNK_STEPS) -> None:
        self._dataset: Any = getattr(dataset, "data", dataset) if hasattr(dataset, "module") else dataset
        names = [_name(self._dataset, among) for among in (("time", "valid_time"), LATITUDES, LONGITUDES)]
        self._dimensions = tuple(names)
        coordinates = [np.asarray(self._dataset[name].values) for name in names]
        found = axes(coordinates[1], coordinates[2], ("", ""), WHERE)
        self.grid = found.grid
        self._flip, self._turn = found.flip, found.turn
        moments = coordinates[0].astype("datetime64[us]").astype(np.int64)
        self.step: int = even_step(moments, WHERE)
        holes = int(np.count_nonzero(np.diff(moments) != self.step))
        if holes:
            raise Refusal("weather-gaps", where=WHERE, received=holes)
        self.start: int = int(moments[0]) - (self.step if stamps == "end" else 0)
        self.steps: int = len(moments)
        self.chunk_steps = chunk_steps
        cells = set(names[1:])
        self.fields: tuple[str, ...] = tuple(
            str(name) for name, variable in self._dataset.data_vars.items() if cells <= set(variable.dims) <= set(names)
        )

    @property
    def digest(self) -> str:
        """SHA-256 over grid, time and every field: the whole dataset is read for it."""
        found = hashlib.sha256(repr((self.grid, self.start, self.step, self.steps)).encode())
        for name in sorted(self.fields):
            found.update(name.encode())
            found.update(self._values(name, 0, self.steps).tobytes())
        return found.hexdigest()

    @property
    def chunk_count(self) -> int:
        return -(-self.steps // self.chunk_steps)

    def span(self, number: int) -> tuple[int, int]:
        """The time [start, end) of chunk ``number``."""
        first, last = self._rows(number)
        return self.start + first * self.step, self.start + last * self.step

    def read(self, number: int, fields: Sequence[str]) -> WeatherChunk:
        """Chunk ``number``."""
        first, last = self._rows(number)
        found = {name: self._values(name, first, last) for name in fields}
        return WeatherChunk(self.grid, self.start + first * self.step, self.step, found)

    def chunks(self, fields: Sequence[str], start: int | None = None, end: int | None = None) -> Iterator[WeatherChunk]:
        """The chunks of [start, end) in order of time, the first and last cut to it."""
        return chunks_between(self, fields, start, end)

    def series(
        self, field: str, row: int, column: int, start: int | None = None, end: int | None = None
    ) -> NDArray[np.float32]:
        """One cell's values over [start, end)."""
        return series_of_chunks(self, field, row, column, start, end)

    def _rows(self, number: int) -> tuple[int, int]:
        first = number * self.chunk_steps
        return first, min(first + self.chunk_steps, self.steps)

    def _values(self, name: str, first: int, last: int) -> NDArray[np.float32]:
        variable = self._dataset[name]
        time = self._dimensions[0]
        timed = time in variable.dims
        variable = variable.transpose(*(self._dimensions if timed else self._dimensions[1:]))
        if timed:
            variable = variable.isel({time: slice(first, last)})
        values = np.asarray(variable.values, dtype=np.float32)
        values = values[..., ::-1, :] if self._flip else values
        values = np.roll(values, -self._turn, axis=-1) if self._turn else values
        return np.ascontiguousarray(values)


def _name(dataset: Any, among: tuple[str, ...]) -> str:
    """The dimension's name among those in use. Raises Refusal ``weather-crs``."""
    for name in among:
        if name in dataset.dims:
            return name
    raise Refusal("weather-crs", where=WHERE, received=", ".join(map(str, dataset.dims)))
