"""A published raster made into a layer: opened, checked, gathered onto a grid, written with its record."""

import hashlib
import tempfile
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from jasyl.jobs import Progress, Silent
from jasyl.storage import DataFolder
from jasyl.texts import Refusal, Where

from ..grid import Grid
from ..layer import BANDS, NODATA_OF, Layer, Source
from ..layer_catalogue import SCALES, definition
from ..point import MONTH_LENGTHS
from ..raster import Integers, quantise, store_raster
from .extent import check_extent
from .gather import blocks, gather_density, gather_mean, gather_mode
from .opening import Opened, open_rasters, raster_files
from .recipe import RECIPES, Recipe
from .slope import SlopeOf
from .target import Box, target_grid
from .units import Conversion, choose_unit

Floats = NDArray[np.float64]
# Raise it whenever the same file gives other numbers.
VERSION = "1.1.0"
_POLAR = 60.0  # degrees
_MANY = 24


@dataclass(frozen=True)
class Ask:
    """How a file is to be taken: which of its files, unit, variable and coordinate system where it does not say itself,

    window (degrees) and side of a cell (arc-seconds) where others are wanted than the country's and its own, and
    whether one that covers little of the country is taken all the same.
    """

    patterns: tuple[str, ...] = ()
    unit: str | None = None
    variable: str | None = None
    crs: str | None = None
    window: Box | None = None
    step: int | None = None
    partial: bool = False


@dataclass(frozen=True)
class Loaded:
    """A layer that was loaded, and how many files it was made of."""

    layer: Layer
    files: int


def load_raster(
    folder: DataFolder,
    given: Path,
    layer_id: str,
    source: Source,
    period: str,
    *,
    ask: Ask | None = None,
    progress: Progress | None = None,
) -> Loaded:
    """Make the layer ``layer_id`` of ``given``: a raster, a zip of rasters, or a folder of either.

    One band is the year (or the only value), twelve are the months and give the year, thirteen are both. The layer
    stands when all checks are passed, and replaces an older one; a failure leaves what was there. Raises Refusal
    ``layer-unknown``, ``layer-not-loadable``, those of ``opening``, ``units``, ``target`` and ``extent``,
    ``raster-bands``, ``raster-months``, ``raster-zero``, ``raster-codes``.
    """
    recipe = RECIPES.get(definition(layer_id).id)
    if recipe is None:
        raise Refusal("layer-not-loadable", received=layer_id, expected=", ".join(RECIPES))
    ask, progress = ask or Ask(), progress or Silent()
    notes: list[str] = []
    with (
        folder.locked("atlas"),
        tempfile.TemporaryDirectory(prefix=".loading-", dir=folder.atlas) as room,
        ExitStack() as stack,
    ):
        files = raster_files(given, ask.patterns, Path(room))
        opened = open_rasters(files, stack, notes, variable=ask.variable, crs=ask.crs)
        groups = _by_month(recipe, opened, given.name)
        grid = target_grid(opened, ask.window, ask.step)
        values = _values(recipe, groups, grid, ask, notes, progress, given.name)
        _check_values(layer_id, recipe, values, given.name)
        known = values[0] != NODATA_OF[recipe.stored]
        notes += check_extent(folder, grid, known, given_window=ask.window is not None, partial=ask.partial)
        draft = replace(
            definition(layer_id),
            state="built",
            sources=(source,),
            resolution=grid.step,
            period=period,
            method=f"gather/{recipe.gather}@{VERSION}",
            inputs=_inputs(files if given.is_dir() else [given], given.name),
            bands=BANDS if len(values) == 13 else BANDS[:1],
            scale=recipe.scale,
            stored=recipe.stored,
            grid=grid,
            notes=tuple(dict.fromkeys(notes)),
        )
        overviews = "MODE" if recipe.gather == "mode" else "AVERAGE"
        return Loaded(store_raster(folder, draft, values, overviews=overviews), len(files))


def _by_month(recipe: Recipe, opened: Sequence[Opened], name: str) -> dict[int, list[Opened]]:
    """The bands by month, 0 the year. Raises Refusal ``raster-bands``, ``raster-months``, ``raster-days``."""
    if _is_daily(recipe, opened):
        years = round(len(opened) / 365.25)
        if not 365 * years <= len(opened) <= 366 * years:  # half a year would be a season
            raise Refusal("raster-days", where=Where(name), received=len(opened))
        return {0: [*opened]}
    groups: dict[int, list[Opened]] = {}
    for one in opened:
        count = one.dataset.count
        if count not in (1, 12, 13):
            raise Refusal("raster-bands", where=Where(one.name), received=count, expected="1, 12, 13")
        month = one.band - 1 if count == 13 else one.month or 0
        groups.setdefault(month, []).append(one)
    months = set(groups) - {0}
    if months and len(months) < 12:
        lacking = ", ".join(f"{month:02}" for month in sorted(set(range(1, 13)) - months))
        raise Refusal("raster-months", where=Where(name), received=len(months), lacking=lacking)
    return groups


def _is_daily(recipe: Recipe, opened: Sequence[Opened]) -> bool:
    return recipe.daily and any(one.dataset.count not in (1, 12, 13) for one in opened)


def _values(
    recipe: Recipe,
    groups: dict[int, list[Opened]],
    grid: Grid,
    ask: Ask,
    notes: list[str],
    progress: Progress,
    name: str,
) -> Integers:
    """The bands of the layer [bands, rows, columns] as stored: the year, and the months where they are known."""
    some = [one for month in sorted(groups) for one in _spread(groups[month])]
    sample = np.concatenate([one.sample() for one in some])
    unit = choose_unit(recipe, sample, ask.unit, some[0].unit, Where(name), notes)
    # Nearer to the poles a month may have no light.
    sunny = max(map(abs, grid.bounds[1::2])) <= _POLAR
    convert = Conversion(recipe, unit, Where(name), set(), zero_is_none=recipe.never_zero and sunny)
    if _is_daily(recipe, groups.get(0, ())):
        return quantise(_over_days(groups[0], grid, convert, progress) / float(recipe.scale), recipe.stored)[None]
    work = sum(sum(1 for _ in blocks(grid, min(one.step_x for one in group))) for group in groups.values())
    done = 0

    def tick() -> None:
        nonlocal done
        done += 1
        progress.step("load-step-gather", done, work)

    digit = float(recipe.scale)
    made: dict[int, Integers] = {}
    year = np.zeros(grid.shape)
    for month in sorted(groups):
        band = _gathered(recipe, groups[month], grid, convert, tick)
        made[month] = quantise(band / digit, recipe.stored)
        if month and 0 not in groups:  # the mean by days; NaN where a month is missing
            year += band * (MONTH_LENGTHS[month - 1] / sum(MONTH_LENGTHS))
    notes += [f"fill-assumed={fill:g}" for fill in sorted(convert.fills)]
    if 0 not in made:
        made[0] = quantise(year / digit, recipe.stored)
    return np.stack([made[month] for month in sorted(made)])


def _over_days(days: Sequence[Opened], grid: Grid, convert: Conversion, progress: Progress) -> Floats:
    """The mean over all days; NaN where one is missing."""
    total = np.zeros(grid.shape)
    for number, day in enumerate(days, start=1):
        total += gather_mean([day], grid, convert, lambda: None)
        progress.step("load-step-gather", number, len(days))
    return total / len(days)


def _gathered(
    recipe: Recipe, group: Sequence[Opened], grid: Grid, convert: Conversion, tick: Callable[[], None]
) -> Floats:
    match recipe.gather:
        case "mean":
            return gather_mean(group, grid, convert, tick)
        case "density":
            return gather_density(group, grid, convert, tick)
        case "mode":
            return gather_mode(group, grid, lambda codes: np.where(codes == 0, np.nan, convert(codes)), tick)
        case "slope":
            return gather_mean([SlopeOf(_Converted(one, convert)) for one in group], grid, lambda slopes: slopes, tick)


class _Converted:
    """Cells whose values are converted as they are read."""

    def __init__(self, cells: Opened, convert: Conversion) -> None:
        self._cells, self._convert = cells, convert
        self.west, self.north, self.rows, self.columns = cells.west, cells.north, cells.rows, cells.columns
        self.step_x, self.step_y = cells.step_x, cells.step_y

    def read(self, rows: slice, columns: slice) -> Floats:
        return self._convert(self._cells.read(rows, columns))


def _spread(group: Sequence[Opened]) -> Sequence[Opened]:
    """Up to twelve of many tiles, spread over them."""
    return group[:: max(1, len(group) // 12)]


def _check_values(layer_id: str, recipe: Recipe, values: Integers, name: str) -> None:
    """Raises Refusal ``raster-empty`` (no value at all), ``raster-zero`` (nothing but zero), ``raster-codes``."""
    found = [(int(band.min()), int(band.max())) for band in values]
    nodata = NODATA_OF[recipe.stored]
    if all(high == nodata for _, high in found):
        raise Refusal("raster-empty", where=Where(name))
    if all(high in (0, nodata) and low in (0, nodata) for low, high in found):
        raise Refusal("raster-zero", where=Where(name))
    if recipe.gather == "mode":
        codes = {category.code for category in SCALES[layer_id].categories}
        strange = sorted(set(np.unique(values).tolist()) - codes - {nodata})
        if strange:
            received, expected = (", ".join(map(str, some)) for some in (strange[:12], sorted(codes)))
            raise Refusal("raster-codes", where=Where(name), received=received, expected=expected)


def _inputs(files: Sequence[Path], name: str) -> dict[str, str]:
    """SHA-256 of each file; of very many, one of the list of their hashes."""
    hashes = {file.name: _sha256(file) for file in files}
    if len(hashes) <= _MANY:
        return hashes
    listed = "".join(f"{digest}  {file}\n" for file, digest in sorted(hashes.items()))
    return {f"{name} ({len(hashes)} files, SHA256SUMS)": hashlib.sha256(listed.encode()).hexdigest()}


def _sha256(file: Path) -> str:
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()
