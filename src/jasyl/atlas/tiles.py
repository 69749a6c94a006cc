"""Map tiles of layers: Web Mercator squares painted from the values in memory with the colours of the legend."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .grid import ARC_SECONDS, Grid
from .layer import NODATA
from .legend import check_band, legend
from .png import palette_png
from .raster import Raster, load

MEDIA_TYPE = "image/png"
MAX_ZOOM = 22
SIZES = (256, 512)


def tile(folder: DataFolder, layer_id: str, band: int, z: int, x: int, y: int, *, size: int = 256) -> bytes:
    """One tile as palette PNG in the scheme of OGC WebMercatorQuad (y from the north), ``size`` 256 or 512 pixels.

    ``band`` 0 is the year, 1 to 12 the months. Each pixel has the colour of the cell under its centre, so a colour
    says exactly in which class of the legend the cell's value lies; what has no value is transparent.
    Raises Refusal ``tile-address``, ``layer-band``, ``layer-unknown``, ``layer-waiting``, ``layer-damaged``.
    """
    check_band(band)
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z) or size not in SIZES:
        raise Refusal(
            "tile-address", received=f"{z}/{x}/{y} ({size} px)", expected=f"0 ≤ z ≤ {MAX_ZOOM}, 0 ≤ x, y < 2^z"
        )
    raster = load(folder, layer_id)
    painted = _classes(raster, band)
    rows, columns = _rows(raster.grid, z, y, size), _columns(raster.grid, z, x, size)
    pixels = painted.take(rows, axis=0).take(columns, axis=1)
    return palette_png(pixels, [entry.colour for entry in legend(layer_id, band).classes])


def tile_version(folder: DataFolder, layer_id: str) -> str:
    """What a tile's bytes depend on besides its address: for ETag and for addresses that may be cached for ever."""
    array = load(folder, layer_id).layer.array
    assert array is not None
    return array[:16]


@lru_cache(maxsize=64)
def _classes(raster: Raster, band: int) -> NDArray[np.uint8]:
    """Class of each cell counted from 1, 0 where there is no value; one more row and column of 0 at the end."""
    values = raster.values[band]
    scale = float(raster.layer.scale)
    edges = np.array([round(float(edge) / scale) for edge in legend(raster.layer.id, band).breaks])
    classes = np.searchsorted(edges, values, side="right").astype(np.uint8) + np.uint8(1)
    classes[values == NODATA] = 0
    return np.pad(classes, ((0, 1), (0, 1)))


@lru_cache(maxsize=512)
def _rows(grid: Grid, z: int, y: int, size: int) -> NDArray[np.intp]:
    """Row of the grid under each row of pixels; the number of rows (which is empty) outside."""
    mercator = np.pi * (1 - 2 * (y + (np.arange(size) + 0.5) / size) / 2**z)
    latitude = np.degrees(np.arctan(np.sinh(mercator)))
    return _inside(np.floor((grid.north - latitude * ARC_SECONDS) / grid.step), grid.rows)


@lru_cache(maxsize=512)
def _columns(grid: Grid, z: int, x: int, size: int) -> NDArray[np.intp]:
    longitude = 360 * (x + (np.arange(size) + 0.5) / size) / 2**z - 180
    return _inside(np.floor((longitude * ARC_SECONDS - grid.west) / grid.step), grid.columns)


def _inside(index: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    return np.where((index >= 0) & (index < count), index, count).astype(np.intp)
