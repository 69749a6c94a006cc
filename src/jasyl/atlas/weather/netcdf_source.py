"""An atlite cutout read as it is: chunks inflated past the HDF5 lock, turned north first, no conversion before."""

import hashlib
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path

import numpy as np

from jasyl.atlas.grid import Grid
from jasyl.texts import Refusal, Where

from .chunk import Floats, WeatherChunk
from .field import FIELDS
from .netcdf import open_netcdf
from .netcdf_variable import Gridded, Variable
from .stretches import Stretches
from .times import Stamps, even_step
from .track import axes_of, stamps_of


class NetCDFSource(Stretches):
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
        self.step = even_step(stamps, where)
        self.start = int(stamps[0]) - self.step
        self.steps = len(stamps)
        self.fields: tuple[str, ...] = tuple(variables)
        self.chunk_steps = _block_steps(timed, self.steps)
        _check_even(stamps, self.step, where)

    def __getstate__(self) -> dict[str, object]:
        return {"path": self.path}

    def __setstate__(self, state: dict[str, object]) -> None:
        self.__init__(str(state["path"]))

    def close(self) -> None:
        """Let the file go; reading ends."""
        self._file.close()

    @property
    def digest(self) -> str:
        """SHA-256 of the file, taken when first asked for."""
        return self._digest

    @cached_property
    def _digest(self) -> str:
        with self.path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()

    @property
    def place(self) -> tuple[object, ...]:
        """Where and when the stored rows, columns and steps are."""
        return self.grid, self._flip, self._turn, self.start, self.step, self.steps

    def stretch(self, first: int, last: int, fields: Sequence[str]) -> WeatherChunk:
        """The steps [first, last). Raises Refusal ``weather-file-damaged``."""
        found = {name: self._values(self._variables[name], first, last) for name in fields}
        return WeatherChunk(self.grid, self.start + first * self.step, self.step, found)

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
