"""Map tiles of layers: Web Mercator squares painted from the values in memory with the colours of the legend."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .colour import Colour
from .grid import ARC_SECONDS, Grid
from .layer import NODATA, Layer
from .legends import legend
from .png import palette_png
from .raster import Integers, load

MEDIA_TYPE = "image/png"
MAX_ZOOM = 22
SIZES = (256, 512)


def tile(folder: DataFolder, layer_id: str, band: int, z: int, x: int, y: int, *, size: int = 256) -> bytes:
    """One tile as palette PNG in the scheme of OGC WebMercatorQuad (y from the north), ``size`` 256 or 512 pixels.

    ``band`` counts the layer's bands from 0 (the year, then the months where it has them). Each pixel has the colour
    of the cell under its centre, so a colour says exactly in which class of the legend the cell's value lies; what has
    no value is transparent.
    Raises Refusal ``tile-address``, ``layer-band``, ``layer-unknown``, ``layer-waiting``, ``layer-damaged``.
    """
    check_address(z, x, y, size)
    raster = load(folder, layer_id)
    values = raster.band(band)
    colours = [entry.colour for entry in legend(layer_id, band).classes]
    return paint(raster.grid, lambda cells: _classes(raster.layer, band, values[cells]), colours, (z, x, y), size)


def check_address(z: int, x: int, y: int, size: int = 256) -> None:
    """Raises Refusal ``tile-address`` unless there is such a tile."""
    if not (0 <= z <= MAX_ZOOM and 0 <= x < 1 << z and 0 <= y < 1 << z) or size not in SIZES:
        raise Refusal(
            "tile-address", received=f"{z}/{x}/{y} ({size} px)", expected=f"0 ≤ z ≤ {MAX_ZOOM}, 0 ≤ x, y < 2^z"
        )


def paint(
    grid: Grid,
    classes: Callable[[Any], NDArray[np.uint8]],
    colours: Sequence[Colour],
    address: tuple[int, int, int],
    size: int = 256,
) -> bytes:
    """The tile ``address`` (zoom, column, row) of values on ``grid``.

    ``classes`` gives the class of cells (an index into [row, column]), counted from 1 in ``colours``, 0 for none.
    """
    z, x, y = address
    rows, columns = _rows(grid, z, y, size), _columns(grid, z, x, size)
    down, right = (rows >= 0).nonzero()[0], (columns >= 0).nonzero()[0]
    pixels = np.zeros((size, size), dtype=np.uint8)
    if down.size and right.size:  # both are runs without a gap
        pixels[down[0] : down[-1] + 1, right[0] : right[-1] + 1] = classes(np.ix_(rows[down], columns[right]))
    return palette_png(pixels, colours)


def tile_version(folder: DataFolder, layer_id: str) -> str:
    """What a tile's bytes depend on besides its address: for ETag and for addresses that may be cached for ever."""
    array = load(folder, layer_id).layer.array
    assert array is not None
    return array[:16]


def _classes(layer: Layer, band: int, values: Integers) -> NDArray[np.uint8]:
    """Class of each value counted from 1, 0 where there is none."""
    if layer.stored == "int16":
        return _classes_of_int16(layer.id, band, layer.scale)[values.view(np.uint16)]
    return _classify(layer.id, band, layer.scale, values, layer.nodata)


@lru_cache(maxsize=256)
def _classes_of_int16(layer_id: str, band: int, scale: str) -> NDArray[np.uint8]:
    """Class of each of the 65,536 stored values, in the order of their bits: a tile is then one look-up a pixel."""
    every = np.arange(65536, dtype=np.uint16).view(np.int16)
    return _classify(layer_id, band, scale, every, NODATA)


def _classify(layer_id: str, band: int, scale: str, values: Integers, nodata: int) -> NDArray[np.uint8]:
    found = legend(layer_id, band)
    if found.breaks:
        edges = np.array([round(float(edge) / float(scale)) for edge in found.breaks])
        classes = np.searchsorted(edges, values, side="right").astype(np.uint8) + np.uint8(1)
    else:
        classes = np.zeros(values.shape, dtype=np.uint8)
        for number, entry in enumerate(found.classes, start=1):
            classes[values == entry.code] = number
    classes[values == nodata] = 0
    return classes


@lru_cache(maxsize=512)
def _rows(grid: Grid, z: int, y: int, size: int) -> NDArray[np.intp]:
    """Row of the grid under each row of pixels, -1 outside."""
    mercator = np.pi * (1 - 2 * (y + (np.arange(size) + 0.5) / size) / 2**z)
    latitude = np.degrees(np.arctan(np.sinh(mercator)))
    return _inside(np.floor((grid.north - latitude * ARC_SECONDS) / grid.step), grid.rows)


@lru_cache(maxsize=512)
def _columns(grid: Grid, z: int, x: int, size: int) -> NDArray[np.intp]:
    longitude = 360 * (x + (np.arange(size) + 0.5) / size) / 2**z - 180
    return _inside(np.floor((longitude * ARC_SECONDS - grid.west) / grid.step), grid.columns)


def _inside(index: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    return np.where((index >= 0) & (index < count), index, -1).astype(np.intp)
