"""The rules at one place, exact: no grid, the distance to the features themselves."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import shapely

from jasyl.places.projection import WGS84, project
from jasyl.storage import DataFolder

from ..grid import ARC_SECONDS, Grid
from .result import RuleHit, State
from .rules import DistanceRule, Rule, ValueRule
from .sources import Features, cells, features

# Degrees: the chord of such an edge is within a decimetre of it.
LONGEST_EDGE = 0.02


def hits_at(
    rules: Iterable[Rule], folder: DataFolder, base: Path, longitude: float, latitude: float
) -> tuple[RuleHit, ...]:
    """Each rule at a point (WGS 84). Buffers around cells of a raster are not looked at: they need the grid.

    Raises what ``sources.features`` and ``sources.cells`` raise.
    """
    return tuple(_hit(rule, folder, base, longitude, latitude) for rule in rules)


def distance_to(found: Features, longitude: float, latitude: float) -> float:
    """Metres on the ellipsoid from a point to the nearest feature, 0 inside one."""
    place = shapely.Point(longitude, latitude)
    around = f"+proj=aeqd +lat_0={latitude} +lon_0={longitude} +datum=WGS84"
    # In the azimuthal equidistant projection around the point distances from it are true. What is nearest in degrees
    # bounds how far the true nearest can be: everything inside that circle, drawn as a box, is looked at.
    first = found.shapes[found.tree.nearest(place)]
    if shapely.intersects(first, place):
        return 0.0
    reach = 1.01 * _metres(first, around)
    tall, wide = reach / 110_500, reach / (111_400 * max(np.cos(np.radians(min(abs(latitude) + 1, 89))), 0.01))
    edges = (longitude - wide, latitude - tall, longitude + wide, latitude + tall)
    near = shapely.clip_by_rect(found.shapes[found.tree.query(shapely.box(*edges))], *edges)
    return min((_metres(shape, around) for shape in near if not shape.is_empty), default=reach)


def _metres(shape: Any, around: str) -> float:
    """Distance of a shape from the origin of ``around``; its edges are straight in degrees, so they get more points."""
    return float(shapely.distance(project(shapely.segmentize(shape, LONGEST_EDGE), WGS84, around), shapely.Point(0, 0)))


def _hit(rule: Rule, folder: DataFolder, base: Path, longitude: float, latitude: float) -> RuleHit:
    if isinstance(rule, DistanceRule):
        away = distance_to(features(rule.source, base), longitude, latitude)
        out = away > rule.farther_than if rule.farther_than is not None else away <= (rule.closer_than or 0)
        return RuleHit(rule.id, rule.title, "excluded" if out else "kept", round(away, 1), "distance")
    return _value_hit(rule, folder, base, longitude, latitude)


def _value_hit(rule: ValueRule, folder: DataFolder, base: Path, longitude: float, latitude: float) -> RuleHit:
    # One arc-second around the point.
    west, north = int(np.floor(longitude * ARC_SECONDS)), int(np.ceil(latitude * ARC_SECONDS))
    value = float(cells(folder, rule.source, base).on(Grid(west, north, 1, 1, 1))[0, 0])
    if np.isnan(value):
        state: State = "excluded" if rule.missing == "excluded" else "unknown"
        return RuleHit(rule.id, rule.title, state, None, "value")
    out = value in rule.classes
    out |= rule.below is not None and value < rule.below
    out |= rule.above is not None and value > rule.above
    return RuleHit(rule.id, rule.title, "excluded" if out else "kept", round(value, 6), "value")
