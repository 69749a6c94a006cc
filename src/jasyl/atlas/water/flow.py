"""From heights to flow directions, and what follows from directions: accumulation, basins, stream order.

Pure functions over arrays [rows, columns]. Importing this module loads numba; callers import it when they need it.
"""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from . import flow_kernels, terrain_kernels
from .directions import MOUTH, SINK, VOID, Codes
from .terrain import CM2, TerrainGrid

Heights = NDArray[np.float32]
Whole = NDArray[np.int64]
Mask = NDArray[np.bool_]
Mend = Literal["breach", "fill"]
# A depression deeper and wider than both has no outlet in nature, until somebody says otherwise: lakes such as
# Balkhash, Alakol or the Aral, and the Karagiye hollow, are; a valley behind a dam or a gap in the radar is not.
SINK_DEPTH = 30.0  # m
SINK_AREA = 500e6  # m²
_ROUNDS = 12


def directions(
    heights: Heights,
    grid: TerrainGrid,
    *,
    mend: Mend = "breach",
    sinks: Mask | None = None,
    find_sinks: bool = True,
    sink_depth: float = SINK_DEPTH,
    sink_area: float = SINK_AREA,
    overwrite: bool = False,
) -> tuple[Codes, Heights]:
    """D8 directions (HydroSHEDS codes) and the heights that agree with them: water never climbs.

    ``heights`` float32 in m, NaN for the sea and what lies outside; with ``overwrite`` the mended heights take its
    place, else it is not changed. Every known cell at the edge of
    the map or beside NaN is a MOUTH; a cell of ``sinks`` is a SINK. With ``find_sinks`` a depression of at least
    ``sink_depth`` m and ``sink_area`` m² keeps its lowest cell as a SINK; smaller ones are mended: ``breach`` carves
    the way out through what blocks it, ``fill`` raises the depression to the height of its outlet. Flats drain the
    shortest way to an outlet of theirs.

    Memory: 7 bytes a cell beside ``heights`` at the peak (a level, codes, two marks); 5 stay, 1 with ``overwrite``.
    """
    codes = _outlets(~np.isnan(heights))
    if sinks is not None:
        codes[sinks & (codes != VOID)] = SINK
    start = codes.copy() if find_sinks else codes
    level = _level(heights)
    _flood(level, codes)
    for _ in range(_ROUNDS if find_sinks else 0):
        deep = terrain_kernels.deep_depressions(
            heights, level, grid.row_areas.astype(np.float64) / CM2, sink_depth, sink_area
        )
        if not len(deep):
            break
        start.ravel()[deep] = SINK
        np.copyto(codes, start)
        _level(heights, level)
        _flood(level, codes)
    surface = heights if overwrite else level
    if mend == "breach":
        _level(heights, surface)
        terrain_kernels.carve(surface, codes)
    elif overwrite:
        np.copyto(heights, level)
    del level, start
    terrain_kernels.descend(surface, codes, *grid.distances)
    surface[codes == VOID] = np.nan
    return codes, surface


def follow(heights: Heights, given: Codes) -> tuple[Codes, Heights]:
    """Directions as another program gives them, and ``heights`` lowered along them where they would climb.

    Cells of ``given`` without a height become VOID, so that water ends there. Raises Refusal ``directions-shape``.
    """
    if heights.shape != given.shape:
        raise Refusal("directions-shape", received=str(given.shape), expected=str(heights.shape))
    codes = given.copy()
    codes[np.isnan(heights)] = VOID
    upstream_cells(codes)  # refuses circles before anything walks down
    level = _level(heights)
    terrain_kernels.carve(level, codes)
    level[codes == VOID] = np.nan
    return codes, level


def _level(heights: Heights, into: Heights | None = None) -> Heights:
    """A copy in which nothing is NaN and zero has one sign, as the order of its bits asks for."""
    level = np.empty(heights.shape, dtype=np.float32) if into is None else into
    np.add(heights, np.float32(0), out=level)
    level[np.isnan(level)] = 0
    return level


def _flood(level: Heights, codes: Codes) -> None:
    if terrain_kernels.flood(level, codes):
        raise AssertionError("a known cell that no outlet reaches")


def _outlets(known: Mask) -> Codes:
    """VOID where nothing is known, MOUTH on known cells at the edge or beside VOID, else UNSEEN."""
    codes = np.where(known, np.uint8(terrain_kernels.UNSEEN), np.uint8(VOID))
    inner = np.zeros_like(known)
    inner[1:-1, 1:-1] = True
    for down in (0, 1, 2):
        for right in (0, 1, 2):
            rows, columns = known.shape
            inner[1:-1, 1:-1] &= known[down : rows - 2 + down, right : columns - 2 + right]
    codes[known & ~inner] = MOUTH
    return codes


def accumulate(codes: Codes, weights: Whole) -> Whole:
    """What each cell gives plus what flows in from above, exact in whole numbers; ``weights`` becomes the result.

    ``weights`` int64 [rows, columns], changed in place and given back. Memory: 1 byte a cell beside both arrays.
    Raises Refusal ``directions-cycle`` when water flows in a circle.
    """
    circling = flow_kernels.accumulate(codes, _inflows(codes), weights)
    if circling:
        raise Refusal("directions-cycle", received=str(circling))
    return weights


def upstream_cells(codes: Codes) -> Whole:
    """Number of cells whose water passes each cell, itself included; 0 on VOID."""
    return accumulate(codes, (codes != VOID).astype(np.int64))


def upstream_area(codes: Codes, grid: TerrainGrid) -> Whole:
    """Area in cm² whose water passes each cell, itself included; 0 on VOID."""
    return accumulate(codes, np.where(codes == VOID, np.int64(0), grid.row_areas[:, None]))


def stream_order(codes: Codes, channel: Mask) -> NDArray[np.uint8]:
    """Strahler order of the cells of ``channel``, 0 elsewhere."""
    order: NDArray[np.uint8] = flow_kernels.strahler(codes, channel, flow_kernels.inflows(codes, channel, True))
    return order


def outlets(codes: Codes) -> Whole:
    """Flat indices of the cells where water leaves or ends, in order of rows: MOUTH, SINK, off the map, into VOID."""
    found: Whole = flow_kernels.outlets(codes)
    return found


def basins(codes: Codes, at: Whole | None = None) -> NDArray[np.uint32]:
    """The basin of each cell: number from 1 of the first cell of ``at`` that its water reaches, 0 for none.

    ``at`` are flat indices, all `outlets` when None; nested ones part a basin into sub-basins. ``codes`` must be free
    of circles (`accumulate` tells). 4 bytes a cell.
    """
    chosen = outlets(codes) if at is None else at
    labels = np.zeros(codes.shape, dtype=np.uint32)
    labels.ravel()[chosen] = np.arange(1, len(chosen) + 1, dtype=np.uint32)
    flow_kernels.label(codes, labels)
    return labels


def cut_off(codes: Codes, heights: Heights | None = None) -> Mask:
    """Cells whose basin may reach over the edge of the map, so that what flows there is more than is known.

    A basin is cut where a cell of the map's edge drains inward, or, with ``heights``, where an outlet on the edge is
    higher than the cell inside: water from beyond would come in there.
    """
    mark = np.zeros(codes.shape, dtype=np.bool_)
    rows, columns = codes.shape
    edge = np.zeros(codes.shape, dtype=np.bool_)
    edge[[0, -1], :] = edge[:, [0, -1]] = True
    cells = np.flatnonzero(edge & (codes != VOID))
    below = flow_kernels.downstream(codes, cells)
    mark.ravel()[cells[below >= 0]] = True
    if heights is not None:
        row, column = np.divmod(cells, columns)
        inside = np.clip(row, 1, rows - 2) * columns + np.clip(column, 1, columns - 2)
        lower = heights.ravel()[inside] < heights.ravel()[cells]  # a comparison with NaN is false
        mark.ravel()[inside[lower & (codes.ravel()[cells] == MOUTH)]] = True
    flow_kernels.carry(codes, _inflows(codes), mark)
    return mark


def _inflows(codes: Codes) -> NDArray[np.uint8]:
    nothing = np.zeros((1, 1), dtype=np.bool_)
    count: NDArray[np.uint8] = flow_kernels.inflows(codes, nothing, False)
    return count
