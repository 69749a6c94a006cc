"""Country, regions, districts, settlements: codes, names, shapes.

Tables and codes are here; what needs geometry is in the modules ``boundaries``, ``locate``, ``boundary_import`` and
``publishers``, imported where used because they load shapely, pyproj and GDAL.
"""

from .regions import COUNTRY_BOX, LonLat, Names, Region, region, regions, regions_file, resolve
from .settlements import Settlement, settlement, settlements

__all__ = [
    "COUNTRY_BOX",
    "LonLat",
    "Names",
    "Region",
    "Settlement",
    "region",
    "regions",
    "regions_file",
    "resolve",
    "settlement",
    "settlements",
]
