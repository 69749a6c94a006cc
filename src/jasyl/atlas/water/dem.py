"""Reading terrain models and flow directions from files: what is refused, and why."""

import hashlib
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal, Where

from ..window import Window, looks_exchanged
from ..window import checked as checked_window
from .directions import Codes, read_codes
from .terrain import TerrainGrid, checked

Heights = NDArray[np.float32]
_Corner = tuple[int, int]
# The shore of the Dead Sea lies at -430 m, the summit of Everest at 8849 m.
LOWEST: Final = -500.0
HIGHEST: Final = 9000.0
_STRIP = 512  # rows read at once
_FEET = ("foot", "feet", "ft", "us-ft", "us survey foot")


def grid_of(file: Path, window: Window | None = None) -> TerrainGrid:
    """The grid of a terrain model, or of its cells whose centres lie in ``window``, without reading its heights.

    Raises Refusal as `read_dem`.
    """
    with _opened(file) as dataset:
        return _part(_grid(dataset, file), window, file)[0]


def read_dem(file: Path, *, inland_sea: bool = False, window: Window | None = None) -> tuple[Heights, TerrainGrid]:
    """Heights in m, float32, NaN for the sea and outside, and their grid, from any raster that GDAL reads.

    ``window`` (west, south, east, north) reads only the cells whose centres lie in it. Read in strips: 4 bytes a cell.
    A raster with south on top is turned. Cells without a value that reach the edge of the map are sea or outside;
    enclosed ones are voids, unless ``inland_sea`` says that they are lakes and seas.

    Raises Refusal ``dem-unreadable``, ``dem-bands``, ``dem-crs``, ``dem-projected``, ``dem-datum``, ``dem-rotated``,
    ``dem-axes``, ``dem-feet``, ``dem-range``, ``dem-empty``, ``dem-voids``, ``dem-size``, ``dem-extent`` and
    ``dem-window``.
    """
    with _opened(file) as dataset:
        grid, at = _part(_grid(dataset, file), window, file)
        if (dataset.units[0] or "").strip().lower() in _FEET:
            raise Refusal("dem-feet", where=Where(file=file.name), received=str(dataset.units[0]))
        heights = np.empty(grid.shape, dtype=np.float32)
        scale, offset = dataset.scales[0], dataset.offsets[0]
        for rows, strip in _strips(grid, _in_file(dataset, grid, at)):
            part = heights[rows]
            dataset.read(1, window=strip, out=part)
            if (scale, offset) != (1.0, 0.0):
                part *= np.float32(scale)
                part += np.float32(offset)
            part[dataset.read_masks(1, window=strip) == 0] = np.nan
        if dataset.transform.e > 0:
            heights = np.ascontiguousarray(heights[::-1])
    return check_heights(heights, grid, file.name, inland_sea=inland_sea), grid


def read_directions(file: Path, *, window: Window | None = None) -> tuple[Codes, TerrainGrid]:
    """Flow directions and their grid from a file of HydroSHEDS, MERIT Hydro or ESRI codes; 1 byte a cell.

    Raises Refusal as `read_dem`, and ``directions-code``.
    """
    with _opened(file) as dataset:
        grid, at = _part(_grid(dataset, file), window, file)
        if dataset.transform.e > 0:  # turned, every direction would have to be mirrored
            raise Refusal("dem-rotated", where=Where(file=file.name), received="south up")
        codes = np.empty(grid.shape, dtype=np.uint8)
        for rows, strip in _strips(grid, at):
            codes[rows] = read_codes(dataset.read(1, window=strip), dataset.nodata)
    return codes, grid


def check_heights(heights: Heights, grid: TerrainGrid, name: str, *, inland_sea: bool = False) -> Heights:
    """The heights when they can be metres above the sea without holes. Raises Refusal as `read_dem` says."""
    where = Where(file=name)
    missing = np.isnan(heights)
    if missing.all():
        raise Refusal("dem-empty", where=where)
    low, high = float(np.nanmin(heights)), float(np.nanmax(heights))
    if low < LOWEST or high > HIGHEST:
        raise Refusal("dem-range", where=where, received=f"{low:g} … {high:g}", expected=f"{LOWEST:g} … {HIGHEST:g}")
    if inland_sea or not missing.any():
        return heights
    cells, number, first = _voids(missing)
    if number:
        longitude, latitude = grid.centres(np.array([first]))[0]
        raise Refusal("dem-voids", where=where, number=number, cells=cells, received=f"{longitude:.4f} {latitude:.4f}")
    return heights


def sha256_of(file: Path) -> str:
    """SHA-256 of a file's bytes."""
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _voids(missing: NDArray[np.bool_]) -> tuple[int, int, int]:
    """Cells and number of the areas of ``missing`` that do not reach the edge, and the first cell of the first."""
    from scipy import ndimage  # noqa: PLC0415

    labels: Any = np.empty(missing.shape, dtype=np.int32)
    ndimage.label(missing, structure=np.ones((3, 3)), output=labels)
    edge = np.unique(np.concatenate([labels[0], labels[-1], labels[:, 0], labels[:, -1]]))
    enclosed = missing & ~np.isin(labels, edge[edge > 0])
    cells = int(enclosed.sum())
    if not cells:
        return 0, 0, 0
    return cells, len(np.unique(labels[enclosed])), int(np.flatnonzero(enclosed)[0])


def _part(grid: TerrainGrid, window: Window | None, file: Path) -> tuple[TerrainGrid, _Corner]:
    """The part of ``grid`` whose centres lie in ``window``, and its first row and column from the north-west."""
    if window is None:
        if looks_exchanged(grid.bounds):
            received = ",".join(f"{edge:g}" for edge in grid.bounds)
            raise Refusal("dem-axes", where=Where(file=file.name), received=received)
        return grid, (0, 0)
    west, south, east, north = checked_window(window)
    rows = np.flatnonzero((grid.latitudes >= south) & (grid.latitudes <= north))
    columns = np.flatnonzero((grid.longitudes >= west) & (grid.longitudes <= east))
    if not (rows.size and columns.size):
        edges = " ".join(f"{edge:g}" for edge in grid.bounds)
        received = " ".join(f"{edge:g}" for edge in window)
        raise Refusal("dem-window", where=Where(file=file.name), received=received, expected=edges)
    first, left = int(rows[0]), int(columns[0])
    part = TerrainGrid(
        grid.west + left * grid.width,
        grid.north - first * grid.height,
        grid.width,
        grid.height,
        rows.size,
        columns.size,
    )
    return checked(part), (first, left)


def _in_file(dataset: Any, grid: TerrainGrid, at: _Corner) -> _Corner:
    """The corner where reading begins: counted from the south where the raster has south on top."""
    return at if dataset.transform.e < 0 else (dataset.height - at[0] - grid.rows, at[1])


def _strips(grid: TerrainGrid, at: _Corner) -> Iterator[tuple[slice, tuple[_Corner, _Corner]]]:
    """Rows of the array, and where they stand in the file as ((first, last) row, (first, last) column)."""
    top, left = at
    for first in range(0, grid.rows, _STRIP):
        last = min(first + _STRIP, grid.rows)
        yield slice(first, last), ((top + first, top + last), (left, left + grid.columns))


@contextmanager
def _opened(file: Path) -> Generator[Any]:
    import rasterio  # noqa: PLC0415
    from rasterio.errors import RasterioError  # noqa: PLC0415

    try:
        with rasterio.open(file) as dataset:
            if dataset.count != 1:
                raise Refusal("dem-bands", where=Where(file=file.name), received=str(dataset.count), expected="1")
            yield dataset
    except (RasterioError, OSError) as error:
        raise Refusal("dem-unreadable", where=Where(file=file.name), reason=str(error)[:200]) from error


def _grid(dataset: Any, file: Path) -> TerrainGrid:
    """The grid of an opened raster on WGS 84, north up."""
    check_crs(dataset.crs, file.name)
    transform = dataset.transform
    if transform.b or transform.d or transform.a <= 0:
        raise Refusal("dem-rotated", where=Where(file=file.name), received=str(tuple(transform)[:6]))
    height = abs(transform.e)
    north = transform.f if transform.e < 0 else transform.f + height * dataset.height
    return checked(TerrainGrid(transform.c, north, transform.a, height, dataset.height, dataset.width))


def check_crs(crs: Any, name: str) -> None:
    """Raises Refusal ``dem-crs`` without a coordinate system, ``dem-projected`` for a plane one (its unit is said),
    ``dem-datum`` for longitude and latitude on another ellipsoid than WGS 84."""
    where = Where(file=name)
    if crs is None:
        raise Refusal("dem-crs", where=where, expected="EPSG:4326")
    code = crs.to_epsg()
    called = f"EPSG:{code}" if code else str(crs.to_string())[:80]
    if not crs.is_geographic:
        raise Refusal("dem-projected", where=where, received=f"{called}, {crs.linear_units}", expected="EPSG:4326")
    if code not in {4326, 4979, 9518} and "WGS" not in crs.to_wkt()[:60]:
        raise Refusal("dem-datum", where=where, received=called, expected="EPSG:4326")
