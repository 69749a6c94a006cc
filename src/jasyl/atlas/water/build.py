"""One path from a terrain model to layers: rivers, discharge, hydropower, sites for small plants."""

import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from jasyl.storage import DataFolder
from jasyl.texts import Refusal, Where

from ..grid import ARC_SECONDS, Grid
from ..layer import BANDS, Layer, Source
from ..raster import quantise, store_raster
from ..sites import SiteValue, write_sites
from ..value_file import significant
from ..window import Window
from .dem import grid_of, read_dem, read_directions, sha256_of
from .layers import DISCHARGE, HYDROPOWER, REACHES, SMALL_HYDRO
from .lines import write_lines
from .memory import check_memory
from .runoff import Runoff, read_runoff, uniform
from .terrain import TerrainGrid
from .terrain_tiles import Terrain, terrain_of

if TYPE_CHECKING:
    from .hydropower import Assumptions
    from .model import Rivers, Routing
    from .small_hydro import Plant, Site, SiteSearch

METHOD = "rivers/priority-flood-d8@1.0.0"
DISCHARGE_STEP, POWER_STEP = 30, 300  # sides of the cells of the maps in arc-seconds
_FULL = 32_767
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Origin:
    """Where a file comes from, as the person who loads it says."""

    name: str
    licence: str = "not stated by who loaded it"
    reference: str = "file"


@dataclass(frozen=True, kw_only=True)
class Inputs:
    """What rivers are made of: ``dem`` and, if wanted, ``directions`` (a raster, an archive of rasters or a folder of
    either), ``runoff`` a file or mm of a year.

    ``window`` takes only that part of the terrain, ``cover`` is what it has to reach over.
    """

    dem: Path
    runoff: Path | float
    unit: str | None = None
    directions: Path | None = None
    inland_sea: bool = False
    window: Window | None = None
    cover: Window | None = None
    origins: dict[str, Origin] = field(default_factory=dict[str, Origin])  # by "dem", "directions", "runoff"


# What the record calls inputs of which nobody said where they are from.
OWN = {
    "dem": "terrain model of who built the layer",
    "directions": "flow directions of who built the layer",
    "runoff": "runoff of who built the layer",
}
ASSUMED_RUNOFF = "the same depth of runoff everywhere, assumed by who built the layer"


@dataclass(frozen=True, eq=False)
class Built:
    """The layers that were written, the rivers and the sites they show."""

    layers: tuple[Layer, ...]
    rivers: "Rivers"
    sites: "list[Site]"


def build_rivers(
    folder: DataFolder,
    inputs: Inputs,
    *,
    routing: "Routing | None" = None,
    assumptions: "Assumptions | None" = None,
    search: "SiteSearch | None" = None,
    plants: "Sequence[Plant]" = (),
    region_of: Callable[[NDArray[np.float64]], Sequence[str | None]] | None = None,
    progress: Progress | None = None,
) -> Built:
    """From files to the layers ``water.reaches``, ``water.discharge``, ``water.hydropower``, ``water.small_hydro``.

    ``plants`` of the register stand beside the nearest site. ``region_of`` gives the region of each of [n, 2] points.
    ``progress`` hears the names of the steps (read, route, gather, sites, write). Nothing is written before all is
    computed. Raises Refusal as `dem.read_dem`, `terrain_tiles.terrain_of`, `runoff.read_runoff`, `model.rivers_of` do,
    and ``dem-cover``, ``dem-memory`` (before anything large is read), ``directions-shape``.
    """
    from .hydropower import Assumptions  # noqa: PLC0415
    from .model import Routing, rivers_of  # noqa: PLC0415
    from .small_hydro import SiteSearch  # noqa: PLC0415

    say: Progress = progress or _silent
    routing, assumptions, search = routing or Routing(), assumptions or Assumptions(), search or SiteSearch()
    say("read")
    with tempfile.TemporaryDirectory(prefix="jasyl-terrain-") as room:
        terrain = terrain_of(inputs.dem, "dem", Path(room), inputs.window)
        given = inputs.directions
        codes = None if given is None else terrain_of(given, "directions", Path(room), inputs.window)
        check_memory(grid_of(terrain.raster, inputs.window), routing.channel_area, inputs.dem.name)
        grid, heights, directions, runoff = _read(inputs, terrain, codes)
    say("route")
    rivers = rivers_of(
        grid, heights, runoff, directions=directions, routing=routing, assumptions=assumptions, overwrite=True
    )
    del heights, directions
    say("sites")
    sites = rivers.sites(search, plants)
    say("write")
    tiles = f" resampled_tiles={terrain.resampled}" if terrain.resampled else ""
    draft = _draft(inputs, _files(terrain, codes), runoff, f"{routing.written()} {assumptions.written()}{tiles}")
    with folder.locked("atlas"):
        layers = (
            write_lines(folder, draft(REACHES), rivers.to_table()),
            _write_discharge(folder, draft(DISCHARGE), rivers),
            _write_hydropower(folder, draft(HYDROPOWER), rivers),
            _write_sites(folder, draft(SMALL_HYDRO, search.written()), sites, region_of),
        )
    return Built(layers, rivers, sites)


def _silent(_step: str) -> None:
    """Nobody listens."""


def _files(terrain: Terrain, codes: Terrain | None) -> dict[str, tuple[Path, ...]]:
    return {"dem": terrain.files, "directions": codes.files if codes else ()}


def _read(
    inputs: Inputs, terrain: Terrain, codes: Terrain | None
) -> tuple[TerrainGrid, NDArray[np.float32], NDArray[np.uint8] | None, Runoff]:
    runoff = uniform(inputs.runoff, inputs.unit or "mm/a") if isinstance(inputs.runoff, float | int) else None
    if isinstance(inputs.runoff, Path):
        runoff = read_runoff(inputs.runoff, inputs.unit)
    assert runoff is not None
    heights, grid = read_dem(terrain.raster, inland_sea=inputs.inland_sea, window=inputs.window)
    if inputs.cover is not None and not grid.window(inputs.cover):
        raise Refusal(
            "dem-cover", where=Where(file=inputs.dem.name), received=_edges(grid.bounds), expected=_edges(inputs.cover)
        )
    if codes is None or inputs.directions is None:
        return grid, heights, None, runoff
    directions, other = read_directions(codes.raster, window=inputs.window)
    slack = 0.1 * min(grid.width, grid.height)
    if other.shape != grid.shape or max(abs(a - b) for a, b in zip(other.bounds, grid.bounds, strict=True)) > slack:
        raise Refusal(
            "directions-shape",
            where=Where(file=inputs.directions.name),
            received=f"{_edges(other.bounds)}, {other.rows} × {other.columns}",
            expected=f"{_edges(grid.bounds)}, {grid.rows} × {grid.columns}",
        )
    return grid, heights, directions, runoff


def _edges(bounds: tuple[float, float, float, float]) -> str:
    return " ".join(f"{edge:g}" for edge in bounds)


def _draft(inputs: Inputs, files: dict[str, tuple[Path, ...]], runoff: Runoff, settings: str) -> Callable[..., Layer]:
    """Makes the record of a layer, complete but for its numbers."""
    named = {"dem": inputs.dem, "directions": inputs.directions}
    named["runoff"] = inputs.runoff if isinstance(inputs.runoff, Path) else None
    given = {part: file for part, file in named.items() if file is not None}
    sources = [_source(part, file.name, inputs.origins.get(part)) for part, file in given.items()]
    if "runoff" not in given:
        depth = f"{inputs.runoff:g} {inputs.unit or 'mm/a'}"
        sources.append(Source(name=ASSUMED_RUNOFF, version=depth, licence="none needed", reference="assumption"))
    read = [file for part, file in given.items() for file in files.get(part, (file,))]
    hashes = {file.name: sha256_of(file) for file in read}
    period = "mean year, by month" if runoff.monthly else "mean year"

    def draft(layer: Layer, more: str = "") -> Layer:
        method = f"{METHOD} {settings} {more}".strip()
        return replace(layer, sources=tuple(sources), inputs=hashes, period=period, method=method)

    return draft


def _source(part: str, file: str, origin: Origin | None) -> Source:
    said = origin or Origin("")
    name = f"{part}: {said.name}" if said.name else OWN[part]
    return Source(name=name, version=file, licence=said.licence, reference=said.reference)


def map_grid(grid: TerrainGrid, step: int) -> Grid:
    """The cells of ``step`` arc-seconds, on whole multiples of it, that hold a terrain model."""
    west, south, east, north = (edge * ARC_SECONDS / step for edge in grid.bounds)
    left, top = int(np.floor(west + 1e-6)), int(np.ceil(north - 1e-6))
    rows, columns = top - int(np.floor(south + 1e-6)), int(np.ceil(east - 1e-6)) - left
    return Grid(left * step, top * step, step, max(rows, 1), max(columns, 1))


def cells_of(places: NDArray[np.float64], grid: Grid) -> NDArray[np.int64]:
    """Flat index on ``grid`` of the cell that holds each of [n, 2] places inside it."""
    column = np.floor((places[:, 0] * ARC_SECONDS - grid.west) / grid.step).astype(np.int64)
    row = np.floor((grid.north - places[:, 1] * ARC_SECONDS) / grid.step).astype(np.int64)
    return row.clip(0, grid.rows - 1) * grid.columns + column.clip(0, grid.columns - 1)


def _write_discharge(folder: DataFolder, draft: Layer, rivers: "Rivers") -> Layer:
    """The largest discharge of a river in each cell: of the year, and of each month where it is known."""
    network = rivers.network
    grid = map_grid(network.grid, DISCHARGE_STEP)
    place = cells_of(network.centres, grid)
    bands = [network.discharge] if network.months is None else [network.discharge, *network.months]
    fields = np.full((len(bands), grid.rows * grid.columns), -np.inf)
    for field_of_band, values in zip(fields, bands, strict=True):
        np.maximum.at(field_of_band, place, values)
    fields[np.isinf(fields)] = np.nan
    return _store(folder, replace(draft, bands=BANDS[: len(bands)]), grid, fields)


def _write_hydropower(folder: DataFolder, draft: Layer, rivers: "Rivers") -> Layer:
    """The gross potential of all rivers in each cell."""
    from .hydropower import gross_by_cell  # noqa: PLC0415

    network = rivers.network
    grid = map_grid(network.grid, POWER_STEP)
    place = cells_of(network.centres, grid)
    size = grid.rows * grid.columns
    found = np.bincount(place, weights=gross_by_cell(network), minlength=size).astype(np.float64)
    found[np.bincount(place, minlength=size) == 0] = np.nan
    return _store(folder, replace(draft, bands=BANDS[:1]), grid, found[None])


def _store(folder: DataFolder, draft: Layer, grid: Grid, fields: NDArray[np.float64]) -> Layer:
    """Write the raster with as many decimals as fit, then the record that names it."""
    highest = float(np.nanmax(fields))
    scale = next((one for one in ("0.01", "0.1", "1", "10", "100") if highest / float(one) <= _FULL), "1000")
    shaped = (fields / float(scale)).reshape(-1, *grid.shape).astype(np.float32)
    return store_raster(folder, replace(draft, grid=grid, resolution=grid.step, scale=scale), quantise(shaped))


def _write_sites(
    folder: DataFolder,
    draft: Layer,
    sites: "Sequence[Site]",
    region_of: Callable[[NDArray[np.float64]], Sequence[str | None]] | None,
) -> Layer:
    places = np.array([(site.longitude, site.latitude) for site in sites], dtype=np.float64).reshape(-1, 2)
    regions: Sequence[str | None] = region_of(places) if region_of and len(sites) else [None] * len(sites)
    values = [_site_value(site, region) for site, region in zip(sites, regions, strict=True)]
    return write_sites(folder, draft, values)


def _site_value(site: "Site", region: str | None) -> SiteValue:
    """A site as the layer keeps it: MW, GWh a year, m, m³/s; a possibility a model found, confirmed by nobody."""
    numbers: dict[str, Any] = {
        "energy_gwh": site.energy,
        "head_m": site.head,
        "way_m": site.way,
        "discharge_m3_s": site.discharge,
        "design_m3_s": site.design,
        "area_km2": site.area,
        "powerhouse_longitude": site.powerhouse[0],
        "powerhouse_latitude": site.powerhouse[1],
    }
    if site.plant_distance is not None:
        numbers["plant_distance_m"] = site.plant_distance
    notes = [f"class {site.kind}"]
    if site.cut:
        notes.append("the basin may reach beyond the terrain model: the discharge is a lower bound")
    if site.plant is not None:
        notes.append(f"nearest plant: {site.plant.name} ({site.plant.key})")
    return SiteValue(
        id=f"{site.longitude:.4f}_{site.latitude:.4f}",
        name=f"{site.longitude:.4f} {site.latitude:.4f}",
        longitude=_degrees(site.longitude),
        latitude=_degrees(site.latitude),
        place=region,
        value=significant(site.capacity / 1e6, 4),
        kind="modelled",
        source=METHOD,
        confidence="low",
        confirmed=False,
        note="; ".join(notes),
        parts={
            name: _degrees(number) if "itude" in name else significant(number, 4) for name, number in numbers.items()
        },
    )


def _degrees(value: float) -> Decimal:
    return Decimal(f"{value:.6f}").normalize()
