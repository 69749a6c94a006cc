"""A raster as one file of map tiles: PMTiles version 3, painted with the colours of the legend."""

import math
from pathlib import Path
from typing import Any, Final

import numpy as np

from jasyl.storage import DataFolder
from jasyl.texts import LANGUAGES

from ..grid import Grid
from ..layer import Layer
from ..legends import legend
from ..png import palette_png
from ..tiles import tile
from .about import attributes

# Beyond, cells of the finest national layers are only larger squares, which a map client enlarges itself.
DEEPEST: Final = 10
# Pixels of a tile by a cell: from here on a deeper tile shows no more.
PIXELS: Final = 256
# The edge of Web Mercator.
NORTHMOST: Final = 85.0511
E7: Final = 10_000_000


def write_pmtiles(folder: DataFolder, layer: Layer, target: Path) -> None:
    """The first band (the year) of ``layer`` from zoom 0 to the zoom at which a cell is a pixel or more.

    PNG with a palette; legend, source and licence stand in the metadata. Tiles without any value are left out.
    """
    from pmtiles.tile import Compression, TileType, zxy_to_tileid  # noqa: PLC0415
    from pmtiles.writer import write  # noqa: PLC0415

    assert layer.grid is not None
    most = deepest_zoom(layer.grid)
    addresses = sorted((zxy_to_tileid(*one), one) for zoom in range(most + 1) for one in _covering(layer.grid, zoom))
    empty = palette_png(np.zeros((PIXELS, PIXELS), np.uint8), [entry.colour for entry in legend(layer.id).classes])
    west, south, east, north = _edges(layer.grid)
    with write(str(target)) as writer:
        for number, (zoom, x, y) in addresses:
            painted = tile(folder, layer.id, 0, zoom, x, y)
            if painted != empty or zoom == 0:
                writer.write_tile(number, painted)
        header: dict[str, Any] = {
            "tile_type": TileType.PNG,
            "tile_compression": Compression.NONE,
            "min_lon_e7": round(west * E7),
            "min_lat_e7": round(south * E7),
            "max_lon_e7": round(east * E7),
            "max_lat_e7": round(north * E7),
            "center_zoom": min(4, most),
            "center_lon_e7": round((west + east) / 2 * E7),
            "center_lat_e7": round((south + north) / 2 * E7),
        }
        writer.finalize(header, _metadata(layer))


def deepest_zoom(grid: Grid) -> int:
    """The zoom at which a cell is as wide as a pixel or wider."""
    return min(max(math.ceil(math.log2(360 / PIXELS / grid.degrees)), 0), DEEPEST)


def _metadata(layer: Layer) -> dict[str, Any]:
    sources = [one.attribution or one.name for one in layer.sources]
    return {
        "name": layer.title("en"),
        "description": layer.about("en"),
        "attribution": "; ".join(dict.fromkeys(sources)),
        "type": "overlay",
        "version": (layer.array or "")[:16],
        "jasyl": attributes(layer),
        "legend": {language: legend(layer.id).as_data(language) for language in LANGUAGES},
    }


def _edges(grid: Grid) -> tuple[float, float, float, float]:
    west, south, east, north = grid.bounds
    return max(west, -180.0), max(south, -NORTHMOST), min(east, 180.0), min(north, NORTHMOST)


def _covering(grid: Grid, zoom: int) -> list[tuple[int, int, int]]:
    """The tiles of a zoom that the grid reaches into."""
    west, south, east, north = _edges(grid)
    count = 1 << zoom
    columns = range(int((west + 180) / 360 * count), min(math.ceil((east + 180) / 360 * count), count))
    rows = range(int(_row(north) * count), min(math.ceil(_row(south) * count), count))
    return [(zoom, x, y) for x in columns for y in rows]


def _row(latitude: float) -> float:
    """Share of the height of the Web Mercator square above a parallel."""
    return max((1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2, 0.0)
