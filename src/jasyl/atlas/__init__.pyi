from .area_coverage import Coverage, Statistics, coverage, summarise
from .area_statistics import class_areas, statistics
from .areas import Areas, AreaValue, Total, choropleth, load_areas, write_areas
from .climate.normals import build_station_normals
from .defaults import build_defaults
from .exceeded_years import Exceedance, exceedance
from .grid import KAZAKHSTAN, Grid
from .layer import BANDS, FAMILIES, Layer, Source
from .layer_catalogue import LAYERS, catalogue, definition, read_record
from .legends import Legend, LegendClass, legend
from .point import PointValue, value_at
from .raster import Raster, load
from .sites import Sites, SiteValue, load_sites, write_sites
from .solar.build import build_clear_sky
from .solar.build_weather import build_solar
from .solar.face import irradiation, pv
from .solar.mounting import Mounting
from .solar.point_yield import point_yield
from .solar.recompute import SolarRecompute
from .tiles import tile, tile_version
from .water import rivers
from .wind.bias import SpeedRatio, speed_ratio
from .wind.build import Asked, build_wind, capacity_layer, load_climate
from .wind.capacity import CapacityFactors, capacity_factors
from .wind.climate import WindClimate, wind_climate
from .wind.curve_file import POWER_CURVE, read_turbine
from .wind.dataset import wind_power
from .wind.masts import build_masts
from .wind.point_yield import PointWind, point_wind
from .wind.power_curve import PowerCurve
from .wind.rose import WindRose, wind_rose
from .wind.turbine_yield import Losses, turbine_yield
from .wind.turbines import Turbine, turbine, turbines
from .wind.weibull import Weibull

__all__ = [
    "BANDS",
    "FAMILIES",
    "KAZAKHSTAN",
    "LAYERS",
    "POWER_CURVE",
    "AreaValue",
    "Areas",
    "Asked",
    "CapacityFactors",
    "Coverage",
    "Exceedance",
    "Grid",
    "Layer",
    "Legend",
    "LegendClass",
    "Losses",
    "Mounting",
    "PointValue",
    "PointWind",
    "PowerCurve",
    "Raster",
    "SiteValue",
    "Sites",
    "SolarRecompute",
    "Source",
    "SpeedRatio",
    "Statistics",
    "Total",
    "Turbine",
    "Weibull",
    "WindClimate",
    "WindRose",
    "build_clear_sky",
    "build_defaults",
    "build_masts",
    "build_solar",
    "build_station_normals",
    "build_wind",
    "capacity_factors",
    "capacity_layer",
    "catalogue",
    "choropleth",
    "class_areas",
    "coverage",
    "definition",
    "exceedance",
    "irradiation",
    "legend",
    "load",
    "load_areas",
    "load_climate",
    "load_sites",
    "point_wind",
    "point_yield",
    "pv",
    "read_record",
    "read_turbine",
    "rivers",
    "speed_ratio",
    "statistics",
    "summarise",
    "tile",
    "tile_version",
    "turbine",
    "turbine_yield",
    "turbines",
    "value_at",
    "wind_climate",
    "wind_power",
    "wind_rose",
    "write_areas",
    "write_sites",
]
