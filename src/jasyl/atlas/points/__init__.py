"""Series of single places from PVGIS and NASA POWER, to hold beside the layers."""

from .read import read_point_file
from .series import PointSeries, point_series

__all__ = ["PointSeries", "point_series", "read_point_file"]
