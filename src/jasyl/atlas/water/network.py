"""The river network: channel cells, the reaches between confluences, their lines and lengths.

Arrays run over channel cells only, one to three of a hundred cells of the map. Importing this module loads numba.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from . import flow, flow_kernels, river_kernels
from .directions import Codes
from .terrain import CM2, TerrainGrid

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
MILLILITRE = 1e-6  # m³
YEAR = 31_556_952  # s, the mean year of the Gregorian calendar (365.2425 days)
CHANNEL_AREA = 10e6  # m²: a channel begins where so much land drains into it


@dataclass(frozen=True, eq=False)
class Reaches:
    """Pieces of river from a spring or confluence down to the next confluence or the outlet, numbered from 1.

    ``path[offset[k]:offset[k+1]]`` are the positions of the cells of reach k+1 in the network, the cell where it ends
    included; ``down`` is the number of the next reach, 0 at an outlet.
    """

    offset: Whole
    path: Whole
    down: Whole

    def __len__(self) -> int:
        return len(self.down)

    @cached_property
    def first(self) -> Whole:
        return self.path[self.offset[:-1]]

    @cached_property
    def last(self) -> Whole:
        return self.path[self.offset[1:] - 1]

    def sums(self, values: Floats) -> Floats:
        """Sum of what belongs to the cells of each reach without the cell where it ends (that is the next reach's)."""
        inner = np.ones(len(self.path), dtype=bool)
        inner[self.offset[1:] - 1] = False
        number = np.repeat(np.arange(len(self)), np.diff(self.offset) - 1)
        return np.bincount(number, weights=values[self.path[inner]], minlength=len(self)).astype(np.float64)


@dataclass(frozen=True, eq=False)
class Network:
    """Channel cells in the order of their flat index ``cell`` on ``grid``.

    ``below`` position of the next cell downstream, -1 at an outlet; ``step`` metres to it; ``height`` m, never rising
    downstream; ``area`` upstream cm²; ``volume`` runoff of a mean year in ml; ``months`` [12, n] mean discharge of
    each month in m³/s where monthly runoff is known; ``order`` Strahler; ``basin`` number of the outlet; ``cut`` where
    the basin may reach over the edge of the map.
    """

    grid: TerrainGrid
    cell: Whole
    below: Whole
    step: Floats
    height: NDArray[np.float32]
    area: Whole
    volume: Whole | None
    months: NDArray[np.float32] | None
    order: NDArray[np.uint8]
    basin: NDArray[np.uint32]
    cut: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.cell)

    @cached_property
    def discharge(self) -> Floats:
        """Mean discharge of the year, m³/s; NaN where no runoff is known."""
        if self.volume is None:
            return np.full(len(self), np.nan)
        return self.volume.astype(np.float64) * (MILLILITRE / YEAR)

    @cached_property
    def fall(self) -> Floats:
        """Metres from each cell down to the next, 0 at an outlet."""
        below = np.where(self.below < 0, np.arange(len(self)), self.below)
        return self.height.astype(np.float64) - self.height[below].astype(np.float64)

    @cached_property
    def reaches(self) -> Reaches:
        inner = self.below >= 0
        inflow = np.bincount(self.below[inner], minlength=len(self))
        starts = np.flatnonzero((inflow != 1) & inner)
        offset, path = river_kernels.trace(self.below, inflow, starts)
        number = np.zeros(len(self) + 1, dtype=np.int64)
        number[starts] = np.arange(1, len(starts) + 1)
        return Reaches(offset, path, number[path[offset[1:] - 1]])

    @cached_property
    def reach(self) -> Whole:
        """Number of the reach each channel cell belongs to, 0 for a cell in which a river leaves or ends."""
        reaches = self.reaches
        inner = np.ones(len(reaches.path), dtype=bool)
        inner[reaches.offset[1:] - 1] = False
        number = np.zeros(len(self), dtype=np.int64)
        number[reaches.path[inner]] = np.repeat(np.arange(1, len(reaches) + 1), np.diff(reaches.offset) - 1)
        return number

    @cached_property
    def centres(self) -> Floats:
        """Longitude and latitude of the channel cells; [n, 2]."""
        return self.grid.centres(self.cell)

    def lines(self, which: Sequence[int] | None = None) -> NDArray[Any]:
        """The reaches as shapely LineStrings through the centres of their cells, WGS 84; all, or numbers ``which``."""
        import shapely  # noqa: PLC0415

        reaches = self.reaches
        lengths = np.diff(reaches.offset)
        place = np.arange(len(reaches.path))
        if which is not None:
            chosen = np.asarray(which, dtype=np.int64) - 1
            lengths = lengths[chosen]
            place = np.repeat(reaches.offset[chosen] - np.cumsum(lengths) + lengths, lengths) + np.arange(lengths.sum())
        points = self.centres[reaches.path[place]]
        return np.asarray(shapely.linestrings(points, indices=np.repeat(np.arange(len(lengths)), lengths)))

    def to_table(self, **more: NDArray[Any]) -> Any:
        """The reaches as a pyarrow table, one row each: topology, length, heights, discharge, and columns ``more``.

        ``reach`` and ``down`` (0 at an outlet) as in HydroRIVERS; lengths in m on the ellipsoid, ``area`` upstream in
        km², ``discharge`` m³/s at the lower end (before a confluence), ``geometry`` WKB in WGS 84 (GeoParquet 1.1).
        """
        import pyarrow as pa  # noqa: PLC0415
        import shapely  # noqa: PLC0415

        reaches = self.reaches
        end = reaches.path[np.maximum(reaches.offset[1:] - 2, reaches.offset[:-1])]  # the last cell of its own
        columns: dict[str, Any] = {
            "reach": np.arange(1, len(reaches) + 1),
            "down": reaches.down,
            "basin": self.basin[reaches.first],
            "order": self.order[reaches.first],
            "length": reaches.sums(self.step),
            "top": self.height[reaches.first],
            "bottom": self.height[reaches.last],
            "area": self.area[end] / (CM2 * 1e6),
            "discharge": pa.array(self.discharge[end], from_pandas=True),
            "cut": self.cut[end],
            **more,
            "geometry": pa.array(shapely.to_wkb(self.lines()).tolist(), type=pa.binary()),
        }
        return pa.table(columns).replace_schema_metadata({"geo": _GEO})


_GEO = (
    '{"version":"1.1.0","primary_column":"geometry","columns":'
    '{"geometry":{"encoding":"WKB","geometry_types":["LineString"]}}}'
)


def network(
    codes: Codes,
    heights: NDArray[np.float32],
    grid: TerrainGrid,
    runoff: Iterator[Whole] | None = None,
    *,
    monthly: bool = False,
    channel_area: float = CHANNEL_AREA,
    from_heights: bool = True,
) -> Network:
    """The channels of a map: where at least ``channel_area`` m² drain into a cell.

    ``heights`` agree with ``codes`` (`flow.directions`). ``runoff`` gives arrays of the runoff of each cell in ml, one
    of a mean year or, with ``monthly``, twelve of January to December; one is held at a time. ``from_heights`` says
    that directions were made here, so that heights at the edge tell where water comes in.

    Memory at the peak: 9 bytes a cell beside codes and heights (an accumulation in whole numbers and its counter).
    Raises Refusal ``directions-cycle``, ``rivers-none``.
    """
    area = flow.upstream_area(codes, grid)
    channel = area >= round(channel_area * CM2)
    cell = np.flatnonzero(channel)
    if not len(cell):
        raise Refusal("rivers-none", received=f"{area.max() / (CM2 * 1e6):.3g}", expected=f"{channel_area / 1e6:g}")
    of_cells = area.ravel()[cell]
    del area
    order = flow.stream_order(codes, channel).ravel()[cell]
    below = np.asarray(flow_kernels.downstream(codes, cell))
    position = np.where(below < 0, -1, np.searchsorted(cell, below))
    basin = flow.basins(codes).ravel()[cell]
    cut = flow.cut_off(codes, heights if from_heights else None).ravel()[cell]
    del channel
    volume, months = _volumes(codes, cell, runoff, monthly=monthly)
    return Network(
        grid,
        cell,
        position,
        grid.steps(cell, below),
        heights.ravel()[cell],
        of_cells,
        volume,
        months,
        order,
        basin,
        cut,
    )


def _volumes(
    codes: Codes, cell: Whole, runoff: Iterator[Whole] | None, *, monthly: bool
) -> tuple[Whole | None, NDArray[np.float32] | None]:
    if runoff is None:
        return None, None
    volumes = [flow.accumulate(codes, weights).ravel()[cell] for weights in runoff]
    if not monthly:
        return volumes[0], None
    months = np.stack([volume * (MILLILITRE / (YEAR / 12)) for volume in volumes]).astype(np.float32)
    return np.sum(volumes, axis=0), months
