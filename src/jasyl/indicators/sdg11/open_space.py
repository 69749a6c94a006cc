"""How much of the built-up area is open to everybody (SDG 11.7.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from jasyl.places.projection import EQUAL_AREA, WGS84, project
from jasyl.texts import Refusal

from ..share import Share


@dataclass(frozen=True, slots=True)
class OpenSpace:
    """Areas in m²; streets that cross an open space count as open space, so that nothing counts twice."""

    open_space: float
    streets: float
    built_up: float

    @property
    def share(self) -> Share:
        """(open space + streets) of the built-up area."""
        return Share(self.open_space + self.streets, self.built_up)


def open_space(
    built_up: Sequence[BaseGeometry], spaces: Sequence[BaseGeometry], streets: Sequence[BaseGeometry] = ()
) -> OpenSpace:
    """Shapes on WGS 84, longitude and latitude; areas in an equal-area projection. What lies outside the built-up area
    is cut off; without ``streets`` the result is a lower bound.

    Raises Refusal ``sdg-built-up`` where the built-up area is empty.
    """
    built = _union(built_up)
    if built.is_empty or not built.area > 0:
        raise Refusal("sdg-built-up")
    opened = shapely.intersection(_union(spaces), built)
    ways = shapely.difference(shapely.intersection(_union(streets), built), opened)
    return OpenSpace(float(opened.area), float(ways.area), float(built.area))


def street_shapes(lines: Sequence[BaseGeometry], widths: Sequence[float]) -> list[BaseGeometry]:
    """Centre lines on WGS 84 as surfaces of the given widths (m), ends cut flat.

    Raises Refusal ``sdg-shape``, ``sdg-positive``.
    """
    if len(lines) != len(widths):
        raise Refusal("sdg-shape", received=str(len(widths)), expected=str(len(lines)))
    if any(not width > 0 for width in widths):
        raise Refusal("sdg-positive", received=min(widths))
    if not lines:
        return []
    middle = shapely.union_all(lines).centroid
    around = f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +datum=WGS84"
    flat = project(np.array(lines, dtype=object), WGS84, around)
    wide = shapely.buffer(flat, np.array(widths) / 2, cap_style="flat")
    return list(project(wide, around, WGS84))


def _union(shapes: Sequence[BaseGeometry]) -> BaseGeometry:
    if not shapes:
        return shapely.Polygon()
    return shapely.union_all(shapely.make_valid(project(np.array(shapes, dtype=object), WGS84, EQUAL_AREA)))
