"""The rules at one place, exact: no grid, the distance to the features themselves."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from jasyl.places.projection import WGS84, project
from jasyl.storage import DataFolder

from ..grid import ARC_SECONDS, Grid
from .distance import widths
from .result import RuleHit
from .rules import DistanceRule, Rule, ValueRule
from .sources import Cells, Features, cells, excluded, features

# Degrees: the chord of such an edge is within a decimetre of it.
LONGEST_EDGE = 0.02
# Metres of latitude, in the latitudes of Kazakhstan.
_ARC_SECOND = 30.88


def hits_at(
    rules: Iterable[Rule], folder: DataFolder, base: Path, longitude: float, latitude: float
) -> tuple[RuleHit, ...]:
    """Each rule at a point (WGS 84).

    Raises what ``sources.features`` and ``sources.cells`` raise.
    """
    return tuple(_hit(rule, folder, base, longitude, latitude) for rule in rules)


def distance_to(found: Features, place: Any) -> float:
    """Metres on the ellipsoid from a point or the edge of a polygon (WGS 84) to the nearest feature, 0 where they meet.

    From an edge it is sure to 0.1 %, as `around` says.
    """
    # What is nearest in degrees bounds how far the true nearest can be: everything up to that far, drawn as a box, is
    # looked at.
    first = found.shapes[found.tree.nearest(place)]
    if shapely.intersects(first, place):
        return 0.0
    system = around(place)
    here = flat(place, system)
    reach = 1.01 * float(shapely.distance(flat(first, system), here))
    west, south, east, north = place.bounds
    tall = reach / 110_500
    wide = reach / (111_400 * max(np.cos(np.radians(min(max(abs(south), abs(north)) + 1, 89))), 0.01))
    edges = (west - wide, south - tall, east + wide, north + tall)
    near = shapely.clip_by_rect(found.shapes[found.tree.query(shapely.box(*edges))], *edges)
    return min(
        (float(shapely.distance(flat(shape, system), here)) for shape in near if not shape.is_empty), default=reach
    )


def around(place: Any) -> str:
    """The azimuthal equidistant projection about a place: from its centre distances are true, and within 0.1 % from the
    edges of the largest site.
    """
    middle = place.centroid
    return f"+proj=aeqd +lat_0={middle.y} +lon_0={middle.x} +datum=WGS84"


def flat(shape: Any, system: str) -> Any:
    """A shape, or an array of them, in ``system``; edges are straight in degrees, so they get more points."""
    return project(shapely.segmentize(shape, LONGEST_EDGE), WGS84, system)


def _hit(rule: Rule, folder: DataFolder, base: Path, longitude: float, latitude: float) -> RuleHit:
    if isinstance(rule, DistanceRule):
        away = distance_to(features(rule.source, base), shapely.Point(longitude, latitude))
        out = away > rule.farther_than if rule.farther_than is not None else away <= (rule.closer_than or 0)
        return RuleHit(rule.id, rule.title, "excluded" if out else "kept", round(away, 1), "distance")
    return _value_hit(rule, folder, base, longitude, latitude)


def _value_hit(rule: ValueRule, folder: DataFolder, base: Path, longitude: float, latitude: float) -> RuleHit:
    source = cells(folder, rule.source, base)
    # One arc-second around the point.
    west, north = int(np.floor(longitude * ARC_SECONDS)), int(np.ceil(latitude * ARC_SECONDS))
    values = source.on(Grid(west, north, 1, 1, 1))
    value = None if np.isnan(values[0, 0]) else round(float(values[0, 0]), 6)
    if excluded(rule, values)[0, 0] or (rule.buffer and _near_excluded(rule, source, longitude, latitude)):
        return RuleHit(rule.id, rule.title, "excluded", value, "value")
    return RuleHit(rule.id, rule.title, "unknown" if value is None else "kept", value, "value")


def _near_excluded(rule: ValueRule, source: Cells, longitude: float, latitude: float) -> bool:
    """Whether an excluded cell lies within the buffer, to a hundredth of it: looked for on a grid around the point."""
    step = max(1, int(rule.buffer / 100 / _ARC_SECOND))
    tall = int(rule.buffer / _ARC_SECOND / step) + 2
    wide = int(tall / max(np.cos(np.radians(latitude)), 0.01)) + 2
    west, north = int(longitude * ARC_SECONDS) - wide * step, int(latitude * ARC_SECONDS) + tall * step
    grid = Grid(west, north, step, 2 * tall, 2 * wide)
    rows, columns = np.nonzero(excluded(rule, source.on(grid)))
    metres = widths(grid)[rows] / step * ARC_SECONDS * (grid.longitudes[columns] - longitude)
    away = np.hypot(metres, _ARC_SECOND * ARC_SECONDS * (grid.latitudes[rows] - latitude))
    return bool((away <= rule.buffer).any())
