"""The atlas: resource layers of Kazakhstan, their tiles, legends, values at a place and statistics over regions."""

from .catalogue import LAYERS, catalogue, definition, read_record
from .grid import KAZAKHSTAN, Grid
from .layer import BANDS, FAMILIES, Layer, Source
from .legend import Legend, LegendClass, legend
from .point import PointValue, value_at
from .raster import Raster, load
from .solar.build import build_clear_sky
from .statistics import Coverage, Statistics, coverage, statistics, summarise
from .tiles import tile, tile_version

__all__ = [
    "BANDS",
    "FAMILIES",
    "KAZAKHSTAN",
    "LAYERS",
    "Coverage",
    "Grid",
    "Layer",
    "Legend",
    "LegendClass",
    "PointValue",
    "Raster",
    "Source",
    "Statistics",
    "build_clear_sky",
    "catalogue",
    "coverage",
    "definition",
    "legend",
    "load",
    "read_record",
    "statistics",
    "summarise",
    "tile",
    "tile_version",
    "value_at",
]
