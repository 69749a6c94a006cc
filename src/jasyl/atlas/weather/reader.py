"""Published weather as fields of the atlas, block by block: files of one product opened together, one axis of time."""

from collections.abc import Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from jasyl.atlas.grid import Grid
from jasyl.atlas.window import Window
from jasyl.texts import Refusal, Where

from .chunk import Floats
from .field import FIELDS
from .netcdf_variable import Gridded, Variable
from .product import PRODUCTS, Product, ProductName, Recipe
from .times import HOUR, Stamps, even_step, gaps
from .track import Placed, Track, axes_of, place, stamps_of, track

LAND_STEP = 360  # arc-seconds: ERA5-Land is published at 0.1 degrees, ERA5 at 0.25
Gaps = Mapping[str, tuple[tuple[int, int], ...]]


@dataclass(frozen=True)
class Note:
    """Something mended or worth knowing: the message ``weather-note-<code>`` and its arguments."""

    code: str
    arguments: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class Reader:
    """Weather of one product over a window. Times are the starts of intervals, µs UTC; ``step`` their length."""

    product: Product
    tracks: Mapping[str, Track]
    constants: Mapping[str, Placed]
    recipes: tuple[Recipe, ...]
    grid: Grid
    start: int
    step: int
    steps: int
    notes: tuple[Note, ...]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields it gives, those without time last."""
        return tuple(sorted((recipe.field for recipe in self.recipes), key=lambda name: name in self.constant_fields))

    @cached_property
    def constant_fields(self) -> frozenset[str]:
        """Those of its fields that have no time."""
        return frozenset(
            recipe.field for recipe in self.recipes if all(name in self.constants for name in recipe.inputs)
        )

    @cached_property
    def gaps(self) -> Gaps:
        """Spans [start, end) without data, for each field that has any."""
        closing = self._closing(0, self.steps)
        found: dict[str, tuple[tuple[int, int], ...]] = {}
        for recipe in self.recipes:
            if recipe.field in self.constant_fields:
                continue
            there = np.ones(self.steps, bool)
            for name in recipe.inputs:
                there &= self._has(name, closing)
            spans = gaps(closing[there] - self.step, self.start, self.start + (self.steps - 1) * self.step, self.step)
            if spans:
                found[recipe.field] = spans
        return found

    def block(self, first: int, last: int, pool: Executor | None = None) -> dict[str, Floats]:
        """Every field with time over the intervals [first, last) [time, row, column], missing as NaN."""
        closing = self._closing(first, last)
        recipes = [recipe for recipe in self.recipes if recipe.field not in self.constant_fields]
        names = sorted({name for recipe in recipes for name in recipe.inputs})

        def read(name: str) -> Floats:
            return self._raw(name, closing)

        def derive(recipe: Recipe) -> Floats:
            values = recipe.run(*(raw[name] for name in recipe.inputs))
            return np.ascontiguousarray(values, np.float32)

        spread = map if pool is None else pool.map
        raw = dict(zip(names, spread(read, names), strict=True))
        return dict(zip((recipe.field for recipe in recipes), spread(derive, recipes), strict=True))

    def constant(self, field: str) -> Floats:
        """A field without time [row, column]."""
        recipe = next(recipe for recipe in self.recipes if recipe.field == field)
        return np.asarray(recipe.run(*(self.constants[name].constant() for name in recipe.inputs)), np.float32)

    def _closing(self, first: int, last: int) -> Stamps:
        return self.start + np.arange(first + 1, last + 1, dtype=np.int64) * self.step

    def _raw(self, name: str, closing: Stamps) -> Floats:
        found = self.tracks[name]
        if self._is_daily(found):
            return found.read_daily(closing, self.step)
        if self.product.stamping == "slots":
            slots = [found.read(closing - self.step + shift) for shift in self._slots]
            return sum(slots[1:], start=slots[0]) / np.float32(len(slots))
        return found.read(closing)

    def _has(self, name: str, closing: Stamps) -> Any:
        found = self.tracks[name]
        if self.product.stamping == "slots":
            each = [found.has(closing - self.step + shift, daily=False, step=self.step) for shift in self._slots]
            return np.logical_and.reduce(each)
        return found.has(closing, daily=self._is_daily(found), step=self.step)

    def _is_daily(self, found: Track) -> bool:
        return self.product.stamping == "daily" and found.raw.accumulates

    @cached_property
    def _slots(self) -> tuple[int, ...]:
        """Offsets of the instants within an hour: half-hourly slots are averaged."""
        stamps = next(iter(self.tracks.values())).line.stamps
        own = even_step(stamps, Where(self.product.name))
        return tuple(range(0, self.step, own)) if own < self.step else (0,)


def open_reader(
    files: Sequence[Gridded],
    *,
    window: Window | None = None,
    start: int | None = None,
    end: int | None = None,
    product: ProductName | None = None,
    units: Mapping[str, str] | None = None,
) -> Reader:
    """The weather of ``files`` over a window (west, south, east, north) and the intervals within [start, end).

    ``product`` overrules what the files look like, ``units`` what they say of a variable's unit. Raises Refusal
    ``weather-unknown`` when no field can be derived, ``weather-period-empty``, and what placing a variable raises.
    """
    kind = PRODUCTS[product or recognise(files)]
    tracks, constants = _tracks(files, kind, window, units or {})
    recipes = kind.possible([*tracks, *constants])
    recipes = tuple(
        recipe
        for recipe in recipes
        if all(name in tracks for name in recipe.inputs) or FIELDS[recipe.field].in_time == "constant"
    )
    if not recipes:
        received = ", ".join(sorted({name for file in files for name in file.variables})[:12])
        raise Refusal("weather-unknown", received=received, expected=", ".join(sorted(kind.raws)))
    grids = {found.parts[0].selection.grid for found in tracks.values()}
    grids |= {found.selection.grid for found in constants.values()}
    if len(grids) > 1:
        raise Refusal("weather-grids-differ", received="; ".join(",".join(grid.written_bounds) for grid in grids))
    first, steps, step = _axis(tracks, kind, start, end)
    notes = _notes(files, tracks)
    return Reader(kind, tracks, constants, recipes, grids.pop(), first, step, steps, notes)


def recognise(files: Sequence[Gridded]) -> ProductName:
    """Which product the files are of. Raises Refusal ``weather-unknown``."""
    names = {name for file in files for name in file.variables}
    if names & {"SIS", "SID"}:
        return "sarah-3"
    if names & {"wnd100m", "influx_direct", "influx_diffuse"}:
        return "atlite-cutout"
    known = {alias for raw in PRODUCTS["era5"].raws.values() for alias in raw.names}
    for file in files:
        for name in sorted(known.intersection(file.variables)):
            variable = file.variables[name]
            grid = axes_of(file, variable, Where(file.name, field=name))[0].grid
            return "era5-land" if grid.step == LAND_STEP else "era5"
    raise Refusal("weather-unknown", received=", ".join(sorted(names)[:12]), expected=", ".join(sorted(known)))


def _tracks(
    files: Sequence[Gridded], kind: Product, window: Window | None, units: Mapping[str, str]
) -> tuple[dict[str, Track], dict[str, Placed]]:
    """Raw variables over time, and those without time, by their short names."""
    tracks: dict[str, Track] = {}
    constants: dict[str, Placed] = {}
    for short, raw in kind.raws.items():
        parts: list[tuple[Placed, Stamps]] = []
        for file in files:
            name = next((alias for alias in raw.names if alias in file.variables), None)
            if name is None:
                continue
            placed = place(file, name, raw, window, units)
            stamps = stamps_of(file, file.variables[name])
            if stamps is None or short in {"z", "height"}:
                constants.setdefault(short, placed)
            else:
                parts.append((placed, stamps + _shift(file.variables[name])))
        if parts:
            tracks[short] = track(short, raw, parts)
    return tracks, constants


def _shift(variable: Variable) -> int:
    """µs to add to a stamp so that it closes its interval: atlite's fields from SARAH are stamped where it opens."""
    return HOUR if "sarah" in str(variable.attributes.get("module", "")) else 0


def _axis(tracks: Mapping[str, Track], kind: Product, start: int | None, end: int | None) -> tuple[int, int, int]:
    """Start of the first interval, number of intervals, and their length."""
    if not tracks:
        return 0, 0, HOUR
    stamps = np.unique(np.concatenate([found.line.stamps for found in tracks.values()]))
    where = next(iter(tracks.values())).parts[0].where
    step = even_step(stamps, where)
    if kind.stamping == "slots":
        step = max(step, HOUR)
        opening = np.unique(stamps // step * step)
    else:
        opening = stamps - step
        if kind.name != "atlite-cutout" and step != HOUR:
            raise Refusal("weather-step", where=where, received=f"{step / HOUR:g} h", expected="1 h")
    opening = opening[(opening >= (start if start is not None else opening[0]))]
    opening = opening[opening + step <= (end if end is not None else opening[-1] + step)] if len(opening) else opening
    if not len(opening):
        has = f"{np.datetime64(int(stamps[0]), 'us')} … {np.datetime64(int(stamps[-1]), 'us')}"
        raise Refusal("weather-period-empty", expected=has)
    return int(opening[0]), int((opening[-1] - opening[0]) // step) + 1, step


def _notes(files: Sequence[Gridded], tracks: Mapping[str, Track]) -> tuple[Note, ...]:
    """What was mended in the files and what their reader should know."""
    found: list[Note] = []
    for name, each in tracks.items():
        if each.line.doubled:
            found.append(Note("doubled", {"variable": name, "hours": str(len(each.line.doubled))}))
        converted = {part.unit for part in each.parts if part.factors}
        found += [Note("unit", {"variable": name, "received": unit, "expected": each.raw.unit}) for unit in converted]
        if any(part.swapped for part in each.parts):
            found.append(Note("swapped", {"variable": name}))
    found = _together(found)
    early = sum(_preliminary(file) for file in files)
    if early:
        found.append(Note("preliminary", {"hours": str(early)}))
    return tuple(found)


def _together(notes: Sequence[Note]) -> list[Note]:
    """The notes of single variables, those that say the same as one."""
    variables: dict[tuple[str, tuple[tuple[str, str], ...]], list[str]] = {}
    for note in notes:
        rest = tuple((key, value) for key, value in note.arguments.items() if key != "variable")
        variables.setdefault((note.code, rest), []).append(note.arguments["variable"])
    return [Note(code, {"variable": ", ".join(names), **dict(rest)}) for (code, rest), names in variables.items()]


def _preliminary(file: Gridded) -> int:
    """Hours of ERA5T (expver 5), which ECMWF may still revise."""
    variable = file.variables.get("expver")
    if variable is None or len(variable.shape) != 1:
        return 0
    marks = [str(mark.decode() if isinstance(mark, bytes) else mark) for mark in file.values("expver").tolist()]
    return sum(mark.strip().lstrip("0") == "5" for mark in marks) if "time" in variable.dimensions[0] else 0
