"""The atlas: resource layers of Kazakhstan, their tiles, legends, values at a place and statistics over regions."""

from .build import build_clear_sky
from .grid import KAZAKHSTAN, Grid
from .layer import BANDS, FAMILIES, LAYERS, Layer, Source, catalogue, definition, read_record
from .legend import Legend, LegendClass, legend
from .point import PointValue, value_at
from .raster import Raster, load
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
