"""What the kernels of the atlas work on: a chunk of weather in time, and a source that gives chunks.

Conventions of every source: WGS 84, the north row first; times in µs UTC; row ``t`` of a chunk is the interval
[start + t·step, start + (t+1)·step). Radiation and runoff are means or sums over the interval; instantaneous fields
(wind, temperature) hold at its END, as in ERA5, whose stamp T closes the hour that these intervals open at T − 1 h.
Field names and units are those of atlite (``wnd100m`` m/s, ``influx_direct`` W/m², ``temperature`` K, ``height`` m).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from jasyl.atlas.grid import Grid

MISSING = -32768  # the stored integer of a value that is missing, in int16 fields; NaN in float32 fields

Floats = NDArray[np.float32]
Integers = NDArray[np.int16]
Packing = tuple[float, float]


@dataclass(frozen=True, eq=False)
class WeatherChunk:
    """Some hours of weather over the whole grid.

    ``fields`` maps a name to an array [time, row, column], or [row, column] where the field does not change in time.
    A field that is int16 has its (scale, offset) in ``packing``: value = stored · scale + offset, missing = −32768.
    Arrays may be read-only views of a mapped file: a kernel writes nowhere into them.
    """

    grid: Grid
    start: int
    step: int
    fields: Mapping[str, Floats | Integers]
    packing: Mapping[str, Packing] = field(default_factory=dict[str, Packing])

    @property
    def steps(self) -> int:
        """How many intervals the chunk holds; 0 when all its fields are constant in time."""
        return max((len(values) for values in self.fields.values() if values.ndim == 3), default=0)

    @property
    def end(self) -> int:
        """End of the last interval, µs UTC."""
        return self.start + self.steps * self.step

    def unpacked(self, name: str) -> Floats:
        """The field as float32, missing as NaN: itself when it is stored so."""
        stored = self.fields[name]
        if stored.dtype == np.float32:
            return stored  # type: ignore[return-value]
        scale, offset = self.packing[name]
        values = stored.astype(np.float32) * np.float32(scale) + np.float32(offset)
        values[stored == MISSING] = np.nan
        return values


class WeatherSource(Protocol):
    """Weather that can be read in chunks: a store, or a file. ``digest`` is the hash of its record, for provenance.

    A source is picklable: it opens its files again in the process where it is read.
    """

    @property
    def grid(self) -> Grid: ...
    @property
    def start(self) -> int: ...
    @property
    def step(self) -> int: ...
    @property
    def steps(self) -> int: ...
    @property
    def fields(self) -> tuple[str, ...]: ...
    @property
    def digest(self) -> str: ...
    @property
    def chunk_count(self) -> int:
        """How many store chunks there are: ``read`` takes 0 … chunk_count − 1, in order of time."""
        ...

    def chunks(self, fields: Sequence[str], start: int | None = None, end: int | None = None) -> Iterator[WeatherChunk]:
        """The chunks of [start, end) in order of time, the first and last cut to it; everything when None."""
        ...

    def read(self, number: int, fields: Sequence[str]) -> WeatherChunk:
        """Store chunk ``number``, uncut: the task of a worker. Safe to call from several threads."""
        ...

    def span(self, number: int) -> tuple[int, int]:
        """The time [start, end) of store chunk ``number``, µs UTC, without reading it."""
        ...

    def series(
        self, field: str, row: int, column: int, start: int | None = None, end: int | None = None
    ) -> NDArray[np.float32]:
        """One cell's values over [start, end), missing as NaN."""
        ...
