"""An xarray dataset as a source of weather: a notebook's cutout, whole in memory or lazy."""

import hashlib
import sys
from collections.abc import Sequence
from typing import Any

import numpy as np

from jasyl.texts import Refusal

from .axes import LATITUDES, LONGITUDES, axes
from .chunk import Floats, WeatherChunk
from .dataset import WHERE, dataset_of, time_of
from .stretches import CHUNK_STEPS, Stretches
from .times import even_step

# Of a field, read at once: chunks of a file are small, and each reading costs Dask some milliseconds.
BLOCK_BYTES = 16 << 20


class XarraySource(Stretches):
    """Variables [time, y, x] (or [y, x]) of a dataset with atlite's names, turned north row first.

    Stamps close their interval, as in atlite's ERA5 cutouts and ERA5 itself; with ``stamps="start"`` they open it.
    Values are taken as float32. Raises Refusal ``dataset-kind``, ``dataset-no-time``,
    ``weather-grid-irregular``, ``weather-crs``, ``weather-gaps``.
    """

    def __init__(self, dataset: Any, *, stamps: str = "end", chunk_steps: int | None = None) -> None:
        self.dataset: Any = dataset_of(dataset)
        names = [time_of(self.dataset), *(_name(self.dataset, among) for among in (LATITUDES, LONGITUDES))]
        self._dimensions = tuple(names)
        coordinates = [np.asarray(self.dataset[name].values) for name in names]
        found = axes(coordinates[1], coordinates[2], ("", ""), WHERE)
        self.grid = found.grid
        self._flip, self._turn = found.flip, found.turn
        moments = coordinates[0].astype("datetime64[us]").astype(np.int64)
        self.step = even_step(moments, WHERE)
        holes = int(np.count_nonzero(np.diff(moments) != self.step))
        if holes:
            raise Refusal("weather-gaps", where=WHERE, received=holes)
        self.start = int(moments[0]) - (self.step if stamps == "end" else 0)
        self.steps = len(moments)
        cells = set(names[1:])
        self.fields: tuple[str, ...] = tuple(
            str(name) for name, variable in self.dataset.data_vars.items() if cells <= set(variable.dims) <= set(names)
        )
        timed = [name for name in self.fields if names[0] in self.dataset[name].dims]
        own = max((block_steps(self.dataset[name], names[0]) for name in timed), default=CHUNK_STEPS)
        self.chunk_steps = chunk_steps or own

    @property
    def digest(self) -> str:
        """SHA-256 over grid, time and every field: the whole dataset is read for it."""
        found = hashlib.sha256(repr((self.grid, self.start, self.step, self.steps)).encode())
        for name in sorted(self.fields):
            found.update(name.encode())
            found.update(self.stretch(0, self.steps, (name,)).fields[name].tobytes())
        return found.hexdigest()

    @property
    def place(self) -> tuple[object, ...]:
        """Where and when the stored rows, columns and steps are."""
        return self.grid, self._flip, self._turn, self.start, self.step, self.steps

    def stretch(self, first: int, last: int, fields: Sequence[str]) -> WeatherChunk:
        """The steps [first, last)."""
        time, *cells = self._dimensions
        part = loaded(self.dataset, fields, time, first, last)
        found: dict[str, Floats] = {}
        for name in fields:
            variable = part[name]
            values = variable.transpose(*([time] if time in variable.dims else []), *cells).values
            found[name] = self._north_first(np.asarray(values, np.float32))
        return WeatherChunk(self.grid, self.start + first * self.step, self.step, found)

    def _north_first(self, values: Floats) -> Floats:
        values = values[..., ::-1, :] if self._flip else values
        values = np.roll(values, -self._turn, axis=-1) if self._turn else values
        return np.ascontiguousarray(values)


def loaded(dataset: Any, fields: Sequence[str], time: str, first: int, last: int) -> Any:
    """The steps [first, last) of some variables, in memory.

    Whoever uses Dask's cluster, or has chosen a scheduler, has it used. Else Dask would load all of ``distributed``
    to look for a cluster that is not there: its threads are named.
    """
    part = dataset[list(fields)].isel({time: slice(first, last)}, missing_dims="ignore")
    chosen = "distributed" in sys.modules or (
        "dask" in sys.modules and sys.modules["dask"].config.get("scheduler", None)
    )
    return part.load() if chosen else part.load(scheduler="threads")


def block_steps(variable: Any, time: str) -> int:
    """Steps to read at a time: whole chunks of a lazy variable, some megabytes of them; those of a store in memory."""
    sizes = dict(zip(variable.dims, variable.chunks or (), strict=False))
    own = max(sizes[time]) if sizes else variable.encoding.get("preferred_chunks", {}).get(time, 0)
    if not own:
        return CHUNK_STEPS
    of_step = variable.dtype.itemsize * variable.size // max(variable.sizes[time], 1)
    return own * max(BLOCK_BYTES // max(own * of_step, 1), 1)


def _name(dataset: Any, among: tuple[str, ...]) -> str:
    """The dimension's name among those in use. Raises Refusal ``weather-crs``."""
    for name in among:
        if name in dataset.dims:
            return name
    raise Refusal("weather-crs", where=WHERE, received=", ".join(map(str, dataset.dims)))
