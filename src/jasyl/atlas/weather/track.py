"""One published variable through all files that have it: read at any hours of an axis, as float32 in its unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.atlas.window import Window
from jasyl.texts import Refusal, Where

from .axes import LATITUDES, LONGITUDES, Axes, Selection, axes, select
from .chunk import Floats
from .netcdf_variable import Gridded, Variable
from .product import Raw
from .times import HOUR, Stamps, Timeline, decode, timeline
from .units import conversion

TIMES = ("time", "valid_time", "date")
DAY = 24 * HOUR
# A drop by more than this share of the greatest value cannot come from packing: it is no sum since midnight.
DROP = 0.05


@dataclass(frozen=True, eq=False)
class Placed:
    """A variable in one file: which part of it is read, and how its numbers become values."""

    file: Gridded
    variable: Variable
    selection: Selection
    swapped: bool  # longitude stands before latitude
    unit: str
    factors: tuple[float, float] | None

    @property
    def where(self) -> Where:
        return Where(self.file.name, field=self.variable.name)

    def read(self, first: int, last: int) -> Floats:
        """The steps [first, last) of the window, north row first, missing as NaN."""
        part = self.selection
        if self.swapped:
            pieces = [
                self.file.read(self.variable.name, first, last, columns, part.rows).swapaxes(-1, -2)
                for columns in part.columns
            ]
            values = np.concatenate(pieces, axis=-1)
            values = np.ascontiguousarray(values[..., ::-1, :] if part.flip else values)
        else:
            pieces = [
                self.file.read(self.variable.name, first, last, part.rows, columns, flip=part.flip)
                for columns in part.columns
            ]
            values = pieces[0] if len(pieces) == 1 else np.concatenate(pieces, axis=-1)
        return self._merged(self._valued(values))

    def constant(self) -> Floats:
        """The values of a variable that does not change: its first step, or all of it when it has no time."""
        if len(self.variable.shape) > 2:
            return self.read(0, 1)[0]
        part, values = self.selection, self.file.values(self.variable.name)
        values = values.T if self.swapped else values
        values = np.concatenate([values[part.rows, columns] for columns in part.columns], axis=-1)
        return self._valued(np.ascontiguousarray(values[::-1] if part.flip else values))

    def _valued(self, stored: NDArray[Any]) -> Floats:
        """Unpacked, in the unit of the recipes; fill values become NaN."""
        attributes = self.variable.attributes
        fills = [attributes[name] for name in ("_FillValue", "missing_value") if _is_number(attributes.get(name))]
        fills = [fill for fill in fills if not np.isnan(fill)]
        blank = np.logical_or.reduce([stored == stored.dtype.type(fill) for fill in fills]) if fills else None
        values: NDArray[Any] = stored
        if "scale_factor" in attributes or "add_offset" in attributes:
            values = stored * float(attributes.get("scale_factor", 1)) + float(attributes.get("add_offset", 0))
        if self.factors:
            factor, offset = self.factors
            values = values * np.float32(factor) + np.float32(offset)
        values = np.asarray(values, np.float32)
        if blank is not None and blank.any():
            values = np.where(blank, np.float32(np.nan), values)
        return values

    def _merged(self, values: Floats) -> Floats:
        """[time, row, column]: final (expver 1) before preliminary (5), and dimensions of length one dropped."""
        for name in self.variable.dimensions[1:-2]:
            if values.shape[1] == 1:
                values = values[:, 0]
            elif name == "expver" and values.shape[1] == 2:
                values = np.where(np.isnan(values[:, 0]), values[:, 1], values[:, 0])
            else:
                raise Refusal("weather-dimension", where=self.where, received=f"{name} ({values.shape[1]})")
        return values


@dataclass(frozen=True, eq=False)
class Track:
    """A raw variable over its files. Stamps are as published, except that they always close their interval."""

    name: str
    raw: Raw
    parts: Sequence[Placed]
    line: Timeline

    def read(self, stamps: Stamps) -> Floats:
        """The values at ``stamps`` [stamp, row, column]; NaN where no file has the hour."""
        grid = self.parts[0].selection.grid
        runs = self.line.runs(stamps)
        if len(runs) == 1 and runs[0][3] == len(stamps):
            _, file, first, count = runs[0]
            return self.parts[file].read(first, first + count)
        out = np.full((len(stamps), *grid.shape), np.nan, np.float32)
        for position, file, first, count in runs:
            out[position : position + count] = self.parts[file].read(first, first + count)
        return out

    def read_daily(self, stamps: Stamps, step: int) -> Floats:
        """Hourly sums out of sums since 00 UTC. The stamp 00 closes the day before it; 01 begins anew.

        Raises Refusal ``weather-accumulation`` when the values fall within a day: they are no such sums.
        """
        values = self.read(np.concatenate([stamps[:1] - step, stamps]))
        hourly = values[1:] - values[:-1]
        begins = stamps % DAY == step
        hourly[begins] = values[1:][begins]
        lowest, highest = np.fmin.reduce(hourly, axis=None), np.fmax.reduce(values, axis=None)
        if lowest < -DROP * highest:
            raise Refusal("weather-accumulation", where=self.parts[0].where, received=f"{lowest:g}")
        return hourly

    def has(self, stamps: Stamps, *, daily: bool, step: int) -> NDArray[np.bool_]:
        """Which of ``stamps`` have values; those of a daily sum also need the hour before."""
        there = np.isin(stamps, self.line.stamps)
        if daily:
            there &= (stamps % DAY == step) | np.isin(stamps - step, self.line.stamps)
        return there


def place(file: Gridded, name: str, raw: Raw, window: Window | None, units: Mapping[str, str]) -> Placed:
    """The variable ``name`` of ``file`` over ``window``. Raises what ``axes``, ``select`` and ``conversion`` raise."""
    variable = file.variables[name]
    where = Where(file.name, field=name)
    found, swapped = axes_of(file, variable, where)
    said = variable.attributes.get("units")
    unit, factors = conversion(name, said if isinstance(said, str) else None, raw.unit, units, where)
    return Placed(file, variable, select(found, window, where), swapped, unit, factors)


def axes_of(file: Gridded, variable: Variable, where: Where) -> tuple[Axes, bool]:
    """The axes of a variable, and whether longitude stands before latitude."""
    if len(variable.dimensions) < 2:
        raise Refusal("weather-crs", where=where, received=f"{len(variable.dimensions)}-D")
    rows, columns = (_role(file, name) for name in variable.dimensions[-2:])
    if {rows, columns} != {"latitude", "longitude"}:
        raise Refusal("weather-crs", where=where, received=" × ".join(variable.dimensions[-2:]))
    swapped = rows == "longitude"
    latitude, longitude = reversed(variable.dimensions[-2:]) if swapped else variable.dimensions[-2:]
    written = tuple(str(file.variables[name].attributes.get("units", "")) for name in (latitude, longitude))
    return axes(file.values(latitude), file.values(longitude), (written[0], written[1]), where), swapped


def stamps_of(file: Gridded, variable: Variable) -> Stamps | None:
    """The stamps of a variable, µs UTC, by the time it is over; None when it has no time."""
    time = next((name for name in TIMES if name in variable.dimensions[:1]), None)
    if time is None and len(variable.dimensions) < 3:
        return None
    where = Where(file.name, field=time)
    if time is None or time not in file.variables:
        raise Refusal("weather-time-units", where=where, received=" × ".join(variable.dimensions))
    found = file.variables[time]
    return decode(
        file.values(time), str(found.attributes.get("units", "")), str(found.attributes.get("calendar", "")), where
    )


def track(name: str, raw: Raw, parts: Sequence[tuple[Placed, Stamps]]) -> Track:
    """The variable over its files, whose doubled hours agree.

    Raises Refusal ``weather-grids-differ`` and ``weather-hours-differ``.
    """
    grids = {placed.selection.grid for placed, _ in parts}
    if len(grids) > 1:
        received = "; ".join(
            ",".join(grid.written_bounds) for grid in sorted(grids, key=lambda grid: grid.written_bounds)
        )
        raise Refusal("weather-grids-differ", where=parts[1][0].where, received=received)
    line = timeline([(number, stamps) for number, (_, stamps) in enumerate(parts)])
    placed = [part for part, _ in parts]
    for stamp, kept, other in line.doubled:
        first, second = (placed[file].read(index, index + 1) for file, index in (kept, other))
        if not np.array_equal(first, second, equal_nan=True):
            moment = f"{np.datetime64(stamp, 'us').astype('datetime64[m]')}Z"
            raise Refusal("weather-hours-differ", where=placed[other[0]].where, received=moment)
    return Track(name, raw, placed, line)


def _role(file: Gridded, dimension: str) -> str:
    """What a dimension is, by the attributes of its coordinate, else by its name."""
    found = file.variables.get(dimension)
    if found is None:
        return ""
    said = f"{found.attributes.get('standard_name', '')} {found.attributes.get('units', '')}"
    if "projection" in said or "grid_" in said:
        return ""
    lowered = dimension.lower()
    return "latitude" if lowered in LATITUDES else "longitude" if lowered in LONGITUDES else ""


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
