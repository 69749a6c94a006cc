"""An atlite cutout read as it is: chunks inflated past the HDF5 lock, turned north first, no conversion before."""

import hashlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from jasyl.atlas.grid import Grid
from jasyl.texts import Refusal, Where

from .chunk import Floats, WeatherChunk
from .field import FIELDS
from .fold import chunks_between, series_of_chunks
from .netcdf import open_netcdf
from .netcdf_variable import Gridded, Variable
from .times import Stamps, even_step
from .track import axes_of, stamps_of


class NetCDFSource:
    """A WeatherSource over one NetCDF file with atlite's variables, stamps closing their interval (module era5).

    Its chunks are those of the file. Values are given as stored, unchecked: ``convert`` is what checks. Raises Refusal
    ``weather-unknown`` for other files, ``weather-cutout-module`` where stamps mean something else, ``weather-gaps``,
    and what reading a file raises.
    """

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._file: Gridded = open_netcdf(self.path)
        try:
            self._look()
        except Refusal:
            self._file.close()
            raise

    def _look(self) -> None:
        """What the file holds."""
        variables = {name: found for name, found in self._file.variables.items() if name in FIELDS}
        timed = [found for found in variables.values() if len(found.shape) == 3]
        where = Where(self.path.name)
        if not timed:
            received = ", ".join(sorted(self._file.variables)[:12])
            raise Refusal("weather-unknown", where=where, received=received, expected=", ".join(FIELDS))
        for found in variables.values():
            module = str(found.attributes.get("module", "era5"))
            if not module.startswith("era5"):
                raise Refusal("weather-cutout-module", where=Where(self.path.name, field=found.name), received=module)
        axes, swapped = axes_of(self._file, timed[0], where)
        if swapped:
            raise Refusal("weather-axes-swapped", where=where, received=" × ".join(timed[0].dimensions))
        self._flip, self._turn = axes.flip, axes.turn
        self._variables = variables
        stamps = stamps_of(self._file, timed[0])
        assert stamps is not None
        self.grid: Grid = axes.grid
        self.step: int = even_step(stamps, where)
        self.start: int = int(stamps[0]) - self.step
        self.steps: int = len(stamps)
        self.fields: tuple[str, ...] = tuple(variables)
        self.chunk_steps: int = _block_steps(timed, self.steps)
        _check_even(stamps, self.step, where)

    def __getstate__(self) -> dict[str, object]:
        return {"path": self.path}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__init__(str(state["path"]))

    def close(self) -> None:
        """Let the file go; reading ends."""
        self._file.close()

    @cached_property
    def digest(self) -> str:
        """SHA-256 of the file, taken when first asked for."""
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @property
    def chunk_count(self) -> int:
        return -(-self.steps // self.chunk_steps)

    def span(self, number: int) -> tuple[int, int]:
        """The time [start, end) of chunk ``number``."""
        first, last = self._bounds(number)
        return self.start + first * self.step, self.start + last * self.step

    def read(self, number: int, fields: Sequence[str]) -> WeatherChunk:
        """Chunk ``number``. Raises Refusal ``weather-file-damaged``."""
        first, last = self._bounds(number)
        found = {name: self._values(self._variables[name], first, last) for name in fields}
        return WeatherChunk(self.grid, self.start + first * self.step, self.step, found)

    def chunks(self, fields: Sequence[str], start: int | None = None, end: int | None = None) -> Iterator[WeatherChunk]:
        """The chunks of [start, end) in order of time, the first and last cut to it."""
        return chunks_between(self, fields, start, end)

    def series(
        self, field: str, row: int, column: int, start: int | None = None, end: int | None = None
    ) -> NDArray[np.float32]:
        """One cell's values: reads every chunk of the field, for that is how the file lies. A store is made for it."""
        return series_of_chunks(self, field, row, column, start, end)

    def _bounds(self, number: int) -> tuple[int, int]:
        first = number * self.chunk_steps
        return first, min(first + self.chunk_steps, self.steps)

    def _values(self, variable: Variable, first: int, last: int) -> Floats:
        grid = self.grid
        if len(variable.shape) == 2:
            values = self._file.values(variable.name)
            values = values[::-1] if self._flip else values
        else:
            rows, columns = slice(0, grid.rows), slice(0, grid.columns)
            values = self._file.read(variable.name, first, last, rows, columns, flip=self._flip)
        values = np.roll(values, -self._turn, axis=-1) if self._turn else values
        return np.ascontiguousarray(values, np.float32)


def _block_steps(timed: Sequence[Variable], steps: int) -> int:
    """Steps of a chunk: those of the file, at least a day where it holds less."""
    own = max(found.block_steps for found in timed)
    return min(own if own >= 24 else -(-24 // own) * own, steps)


def _check_even(stamps: Stamps, step: int, where: Where) -> None:
    holes = int(np.count_nonzero(np.diff(stamps) != step))
    if holes:
        raise Refusal("weather-gaps", where=where, received=holes)
