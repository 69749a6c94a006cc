"""From a terrain model to rivers, their power and sites: the steps in one call, over arrays or xarray objects.

Importing this module loads numba; `jasyl.atlas.rivers` does so when it is called.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from . import flow
from .dem import check_heights
from .directions import Codes, read_codes
from .hydropower import Assumptions, Potential, potential
from .network import CHANNEL_AREA, Network, network
from .runoff import Runoff, axes, grid_of, of_array, uniform
from .small_hydro import Plant, Site, SiteSearch, find_sites
from .terrain import TerrainGrid

Heights = NDArray[np.float32]


@dataclass(frozen=True, kw_only=True)
class Routing:
    """How water is led over a terrain model: see `flow.directions`; a channel begins at ``channel_area`` m²."""

    mend: flow.Mend = "breach"
    find_sinks: bool = True
    sink_depth: float = flow.SINK_DEPTH
    sink_area: float = flow.SINK_AREA
    channel_area: float = CHANNEL_AREA

    def written(self) -> str:
        return " ".join(
            f"{name}={value:g}" if isinstance(value, float) else f"{name}={value}" for name, value in vars(self).items()
        )


@dataclass(frozen=True, eq=False)
class Rivers:
    """Directions [rows, columns], the heights that agree with them, and the network of channels."""

    codes: Codes
    surface: Heights
    network: Network
    assumptions: Assumptions

    @cached_property
    def potential(self) -> Potential:
        """Potential of each reach. Raises Refusal ``runoff-missing``."""
        return potential(self.network, self.assumptions)

    def sites(self, search: SiteSearch | None = None, plants: Sequence[Plant] = ()) -> list[Site]:
        """Sites for small hydropower, largest first. Raises Refusal ``runoff-missing``."""
        return find_sites(self.network, self.assumptions, search, plants)

    def to_table(self) -> Any:
        """The reaches as a pyarrow table with WKB lines, their potential in it where runoff is known."""
        more = {} if self.network.volume is None else self.potential.columns()
        return self.network.to_table(**more)

    def to_dataset(self) -> Any:
        """An xarray Dataset on the grid of the terrain model.

        ``direction`` (HydroSHEDS codes), ``height`` (m, mended); on channels only, else NaN or 0: ``upstream_area``
        (km²), ``discharge`` (m³/s, mean of the year), ``order`` (Strahler), ``reach`` (number, 0 none).
        """
        import xarray as xr  # noqa: PLC0415

        rivers, grid = self.network, self.network.grid
        layers: dict[str, tuple[NDArray[Any], dict[str, str]]] = {
            "direction": (self.codes, {"long_name": "D8 flow direction, HydroSHEDS codes"}),
            "height": (self.surface, {"units": "m", "standard_name": "surface_altitude"}),
            "upstream_area": (self._spread(rivers.area / 1e10, np.nan), {"units": "km2"}),
            "discharge": (self._spread(rivers.discharge, np.nan), {"units": "m3 s-1"}),
            "order": (self._spread(rivers.order, 0), {"long_name": "Strahler order"}),
            "reach": (self._spread(rivers.reach.astype(np.int32), 0), {"long_name": "number of the reach"}),
        }
        return xr.Dataset(
            {name: (("latitude", "longitude"), values, said) for name, (values, said) in layers.items()},
            coords={"latitude": grid.latitudes, "longitude": grid.longitudes},
            attrs={"Conventions": "CF-1.11"},
        )

    def _spread(self, values: NDArray[Any], nothing: float) -> NDArray[Any]:
        kind = np.float32 if values.dtype.kind == "f" else values.dtype
        field = np.full(self.codes.size, nothing, dtype=kind)
        field[self.network.cell] = values
        return field.reshape(self.codes.shape)


def rivers_of(
    grid: TerrainGrid,
    heights: Heights,
    runoff: Runoff | None = None,
    *,
    directions: Codes | None = None,
    sinks: NDArray[np.bool_] | None = None,
    routing: Routing | None = None,
    assumptions: Assumptions | None = None,
    overwrite: bool = False,
) -> Rivers:
    """Rivers from heights (m, float32, NaN for the sea), with given D8 ``directions`` or those found from the heights.

    Given directions are followed as they are; heights are then lowered along them where they would climb, so that no
    reach has a negative head. With ``overwrite`` the mended heights take the place of ``heights``: then the whole needs
    14 bytes a cell at the peak, heights included, and some 70 for each channel cell.

    Raises Refusal ``directions-cycle``, ``directions-shape``, ``rivers-none`` and what `Runoff.volumes` raises.
    """
    routing = routing or Routing()
    if directions is None:
        codes, surface = flow.directions(
            heights,
            grid,
            mend=routing.mend,
            sinks=sinks,
            find_sinks=routing.find_sinks,
            sink_depth=routing.sink_depth,
            sink_area=routing.sink_area,
            overwrite=overwrite,
        )
    else:
        codes, surface = flow.follow(heights, directions)
    found = network(
        codes,
        surface,
        grid,
        None if runoff is None else runoff.volumes(grid, codes),
        monthly=runoff is not None and runoff.monthly,
        channel_area=routing.channel_area,
        from_heights=directions is None,
    )
    return Rivers(codes, surface, found, assumptions or Assumptions())


def rivers_of_array(
    dem: Any,
    runoff: Any = None,
    *,
    unit: str | None = None,
    directions: Any = None,
    inland_sea: bool = False,
    routing: Routing | None = None,
    assumptions: Assumptions | None = None,
) -> Rivers:
    """`rivers_of` over xarray objects: what `jasyl.atlas.rivers` calls."""
    latitude, longitude = axes(dem, "dem")
    ordered = dem.transpose(latitude, longitude).sortby(latitude, ascending=False).sortby(longitude)
    grid = grid_of(ordered[latitude].values, ordered[longitude].values, "dem")
    heights = check_heights(np.array(ordered.values, dtype=np.float32, order="C"), grid, "dem", inland_sea=inland_sea)
    codes = None
    if directions is not None:
        codes = read_codes(directions.transpose(latitude, longitude).reindex_like(ordered).values)
    water = None
    if isinstance(runoff, int | float):
        water = uniform(runoff, unit or "mm/a")
    elif runoff is not None:
        water = of_array(runoff, unit, "runoff")
    return rivers_of(grid, heights, water, directions=codes, routing=routing, assumptions=assumptions, overwrite=True)


def compile_now() -> None:
    """Compile every kernel of water, so that the first map does not wait: a hollow with a rim, from end to end."""
    grid = TerrainGrid(76.0, 45.0, 0.01, 0.01, 6, 6)
    heights = np.full(grid.shape, 500, dtype=np.float32)
    heights[1:5, 1:5] = 100
    routing = Routing(channel_area=1.0, sink_depth=1.0, sink_area=1.0)
    rivers = rivers_of(grid, heights, uniform(1000.0), routing=routing)
    rivers.sites(SiteSearch(least_capacity=1.0))
    rivers_of(grid, heights, directions=rivers.codes, routing=routing)
