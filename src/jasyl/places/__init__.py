"""Country, regions, districts, settlements: codes, names, shapes."""

from .regions import LonLat, Names, Region, region, regions, resolve

__all__ = ["LonLat", "Names", "Region", "region", "regions", "resolve"]
