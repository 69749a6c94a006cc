"""Shapes from one coordinate system into another, and true areas."""

from functools import lru_cache
from typing import Any, TypeVar

import numpy as np
import shapely
from numpy.typing import NDArray
from pyproj import Transformer
from shapely.geometry.base import BaseGeometry

Shapes = TypeVar("Shapes", BaseGeometry, NDArray[Any])

WGS84 = "OGC:CRS84"  # longitude first
# Albers equal-area conic on WGS 84 with both standard parallels inside the country: areas are true everywhere.
EQUAL_AREA = "+proj=aea +lat_1=43 +lat_2=53 +lat_0=48 +lon_0=67 +datum=WGS84 +units=m"


def project(shapes: Shapes, source: str, target: str) -> Shapes:
    """A shape, or an array of shapes, in another coordinate system; axes are x (longitude), then y (latitude)."""
    return shapely.transform(shapes, lambda points: _moved(points, source, target))


def area_km2(shape: BaseGeometry) -> float:
    """Area in km² of a shape on WGS 84, in the Albers projection ``EQUAL_AREA``."""
    return float(project(shape, WGS84, EQUAL_AREA).area) / 1e6


def _moved(points: NDArray[np.float64], source: str, target: str) -> NDArray[np.float64]:
    return np.column_stack(_transformer(source, target).transform(points[:, 0], points[:, 1]))


@lru_cache(maxsize=16)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)
