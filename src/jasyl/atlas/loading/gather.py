"""Gathering the cells of a source onto a grid: each by the part of its area that lies in the cell of the grid.

Exact for any offset and any ratio of the two grids, since both are made of parallels and meridians: the weight of a
pair is the product of a weight of rows and one of columns. Nothing is made up between cells: a finer grid repeats them.
"""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ..grid import Grid, parallel_area
from .opening import Cells

Floats = NDArray[np.float64]
# Cells of a source read at once: a few windows of this size are in memory.
_WINDOW = 4_000_000
TURN = 360 * 3600
Convert = Callable[[Floats], Floats]


def blocks(grid: Grid, step: float) -> Iterator[tuple[slice, slice]]:
    """Rows and columns of parts of the grid that a source with cells of ``step`` arc-seconds fills from one window."""
    side = int(max(8, min(512, np.sqrt(_WINDOW) * step / grid.step)))
    for row in range(0, grid.rows, side):
        for column in range(0, grid.columns, side):
            yield (
                slice(row, min(row + side, grid.rows)),
                slice(column, min(column + side, grid.columns)),
            )


def windows(source: Cells, grid: Grid, rows: slice, columns: slice) -> Iterator[tuple[slice, slice, int]]:
    """Where a part of the grid lies in the source: rows, columns, and the turn (arc-seconds) of its longitudes."""
    north, south = grid.north - grid.step * rows.start, grid.north - grid.step * rows.stop
    west, east = grid.west + grid.step * columns.start, grid.west + grid.step * columns.stop
    top, bottom = _span((source.north - north) / source.step_y, (source.north - south) / source.step_y, source.rows)
    for turn in (0, TURN, -TURN):
        left, right = _span(
            (west + turn - source.west) / source.step_x, (east + turn - source.west) / source.step_x, source.columns
        )
        if top < bottom and left < right:
            yield slice(top, bottom), slice(left, right), turn


def _span(first: float, last: float, count: int) -> tuple[int, int]:
    return max(0, int(np.floor(first + 1e-9))), min(count, int(np.ceil(last - 1e-9)))


def row_weights(source: Cells, window: slice, grid: Grid, rows: slice) -> Floats:
    """Area of each source row inside each row of the grid, per arc-second of longitude; [grid rows, source rows]."""
    theirs = parallel_area(source.north - source.step_y * np.arange(window.start, window.stop + 1, dtype=np.float64))
    ours = parallel_area(grid.north - grid.step * np.arange(rows.start, rows.stop + 1, dtype=np.float64))
    return _overlaps(-ours, -theirs)


def column_weights(source: Cells, window: slice, grid: Grid, columns: slice, turn: int) -> Floats:
    """Arc-seconds of each source column inside each column of the grid; [grid columns, source columns]."""
    theirs = source.west - turn + source.step_x * np.arange(window.start, window.stop + 1, dtype=np.float64)
    ours = grid.west + grid.step * np.arange(columns.start, columns.stop + 1, dtype=np.float64)
    return _overlaps(ours, theirs)


def _overlaps(ours: Floats, theirs: Floats) -> Floats:
    low = np.maximum(ours[:-1, None], theirs[None, :-1])
    high = np.minimum(ours[1:, None], theirs[None, 1:])
    return np.maximum(high - low, 0.0)


def gather_mean(sources: Sequence[Cells], grid: Grid, convert: Convert, tick: Callable[[], None]) -> Floats:
    """Area-weighted mean of what has a value, NaN where nothing has; [rows, columns]."""
    made = np.full(grid.shape, np.nan)
    for rows, columns in blocks(grid, min(source.step_x for source in sources)):
        shape = rows.stop - rows.start, columns.stop - columns.start
        total, weight = np.zeros(shape), np.zeros(shape)
        for source, window, down, right in _parts(sources, grid, rows, columns):
            values = convert(source.read(*window))
            known = ~np.isnan(values)
            if known.any():
                total += _weighted(down, np.where(known, values, 0.0), right)
                weight += _weighted(down, known.astype(np.float64), right)
        with np.errstate(invalid="ignore", divide="ignore"):
            made[rows, columns] = np.where(weight > 0, total / weight, np.nan)
        tick()
    return made


def gather_density(sources: Sequence[Cells], grid: Grid, convert: Convert, tick: Callable[[], None]) -> Floats:
    """Counts of source cells as counts per km² of the grid's cells: the sum over any whole cells is preserved.

    A cell that lies in several cells of the grid is shared among them by area; one without a value counts for nothing.
    """
    made = np.full(grid.shape, np.nan)
    for rows, columns in blocks(grid, min(source.step_x for source in sources)):
        shape = rows.stop - rows.start, columns.stop - columns.start
        total, weight = np.zeros(shape), np.zeros(shape)
        for source, window, down, right in _parts(sources, grid, rows, columns):
            values = convert(source.read(*window))
            known = ~np.isnan(values)
            edges = source.north - source.step_y * np.arange(window[0].start, window[0].stop + 1, dtype=np.float64)
            own = -np.diff(parallel_area(edges)) * source.step_x  # area of a cell of each source row
            total += _weighted(down / own, np.where(known, values, 0.0), right)
            weight += _weighted(down, known.astype(np.float64), right)
        area = grid.row_areas[rows, None] / 1e6
        made[rows, columns] = np.where(weight > 0, total / area, np.nan)
        tick()
    return made


def gather_mode(sources: Sequence[Cells], grid: Grid, convert: Convert, tick: Callable[[], None]) -> Floats:
    """The code with the largest area in each cell, the smaller code where two are equal; NaN where nothing has one."""
    made = np.full(grid.shape, np.nan)
    for rows, columns in blocks(grid, min(source.step_x for source in sources)):
        shape = rows.stop - rows.start, columns.stop - columns.start
        areas: dict[int, Floats] = {}
        for source, window, down, right in _parts(sources, grid, rows, columns):
            values = convert(source.read(*window))
            known = values[~np.isnan(values)].astype(np.intp)
            for code in np.flatnonzero(np.bincount(known)).tolist():
                weight = _weighted(down, (values == code).astype(np.float64), right)
                areas[code] = areas.get(code, np.zeros(shape)) + weight
        if areas:
            codes = np.array(sorted(areas), dtype=np.float64)
            stacked = np.stack([areas[int(code)] for code in codes])
            made[rows, columns] = np.where(stacked.max(axis=0) > 0, codes[stacked.argmax(axis=0)], np.nan)
        tick()
    return made


def _weighted(down: Floats, values: Floats, right: Floats) -> Floats:
    """``down @ values @ right.T``; without products where both are diagonal: the two grids have the same lines."""
    if _is_diagonal(down) and _is_diagonal(right):
        return values * down.diagonal()[:, None] * right.diagonal()
    return down @ values @ right.T


def _is_diagonal(weights: Floats) -> bool:
    return weights.shape[0] == weights.shape[1] == np.count_nonzero(weights) == np.count_nonzero(weights.diagonal())


def _parts(
    sources: Sequence[Cells], grid: Grid, rows: slice, columns: slice
) -> Iterator[tuple[Cells, tuple[slice, slice], Floats, Floats]]:
    """The sources under a part of the grid, with the window of each and the weights of its rows and columns."""
    for source in sources:
        for down, right, turn in windows(source, grid, rows, columns):
            yield (
                source,
                (down, right),
                row_weights(source, down, grid, rows),
                column_weights(source, right, grid, columns, turn),
            )
