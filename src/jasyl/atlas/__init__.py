"""The atlas: resource layers of Kazakhstan, their tiles, legends, values at a place and statistics over regions."""

from .areas import Areas, AreaValue, Total, choropleth, load_areas, write_areas
from .catalogue import LAYERS, catalogue, definition, read_record
from .grid import KAZAKHSTAN, Grid
from .layer import BANDS, FAMILIES, Layer, Source
from .legend import Legend, LegendClass, legend
from .point import PointValue, value_at
from .raster import Raster, load
from .sites import Sites, SiteValue, load_sites, write_sites
from .solar.build import build_clear_sky
from .statistics import Coverage, Statistics, class_areas, coverage, statistics, summarise
from .tiles import tile, tile_version

__all__ = [
    "BANDS",
    "FAMILIES",
    "KAZAKHSTAN",
    "LAYERS",
    "AreaValue",
    "Areas",
    "Coverage",
    "Grid",
    "Layer",
    "Legend",
    "LegendClass",
    "PointValue",
    "Raster",
    "SiteValue",
    "Sites",
    "Source",
    "Statistics",
    "Total",
    "build_clear_sky",
    "catalogue",
    "choropleth",
    "class_areas",
    "coverage",
    "definition",
    "legend",
    "load",
    "load_areas",
    "load_sites",
    "read_record",
    "statistics",
    "summarise",
    "tile",
    "tile_version",
    "value_at",
    "write_areas",
    "write_sites",
]
