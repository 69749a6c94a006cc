"""Weather held in arrays, as a source: for a window of a notebook, and for tests."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from jasyl.atlas.grid import Grid

from .chunk import Floats, Integers, Packing, WeatherChunk
from .stretches import CHUNK_STEPS, Stretches


@dataclass(frozen=True, eq=False)
class MemorySource(Stretches):
    """Arrays [time, row, column] (or [row, column]) of one grid, north row first, given out in chunks of time."""

    grid: Grid
    start: int
    step: int
    arrays: Mapping[str, Floats | Integers]
    packing: Mapping[str, Packing] = field(default_factory=dict[str, Packing])
    chunk_steps: int = CHUNK_STEPS
    steps: int = field(init=False)

    def __post_init__(self) -> None:
        steps = max((len(values) for values in self.arrays.values() if values.ndim == 3), default=0)
        object.__setattr__(self, "steps", steps)

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

    def stretch(self, first: int, last: int, fields: Sequence[str]) -> WeatherChunk:
        """The steps [first, last): views of the arrays."""
        picked = {name: self.arrays[name] for name in fields}
        return WeatherChunk(
            self.grid,
            self.start + first * self.step,
            self.step,
            {name: values[first:last] if values.ndim == 3 else values for name, values in picked.items()},
            {name: self.packing[name] for name in fields if name in self.packing},
        )
