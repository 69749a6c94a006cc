"""Windows and shapes on a map that is cut at 180°: what crosses the cut is refused by name, never read as the rest.

A polygon whose corners lie on both sides of the 180th meridian reads like one that spans the globe the other way round
(RFC 7946, 3.1.9), and a window whose west lies beyond its east like an empty one.
"""

import math
from typing import Any

import numpy as np

from jasyl.texts import Refusal, Where

from .grid import KAZAKHSTAN

Window = tuple[float, float, float, float]  # west, south, east, north, degrees
HALF = 180.0


def checked(window: Window) -> Window:
    """The window itself. Raises Refusal ``window-antimeridian`` and ``window-edges``, which says when edges look
    exchanged.
    """
    west, south, east, north = window
    received = ",".join(f"{edge:g}" for edge in window)
    if not all(math.isfinite(edge) for edge in window) or max(abs(south), abs(north)) > 90 or south >= north:
        raise Refusal("window-edges", received=received)
    if west >= east or west < -HALF or east > HALF:
        raise Refusal("window-antimeridian", received=received)
    return window


def looks_exchanged(window: Window) -> bool:
    """Whether a window lies on Kazakhstan by more than half when latitude and longitude change places, and by less than
    half of that as it stands: a map of the country laid on its side looks like one of the Arctic.
    """
    west, south, east, north = window
    on_its_side = _inside((south, west, north, east))
    return 2 * on_its_side > (east - west) * (north - south) and 2 * _inside(window) < on_its_side


def _inside(window: Window) -> float:
    """How much of a window lies within that of Kazakhstan, square degrees."""
    west, south, east, north = KAZAKHSTAN.bounds
    width, height = min(window[2], east) - max(window[0], west), min(window[3], north) - max(window[1], south)
    return max(width, 0) * max(height, 0)


def check_shapes(shapes: Any, where: Where | None = None) -> None:
    """Raises Refusal ``shape-antimeridian`` with the number (from 1) and reach of the first shape, a part of which is
    wider than half the globe or lies beyond 180°. One that was cut there, as RFC 7946 asks, is sound.
    """
    import shapely  # noqa: PLC0415

    parts, numbers = shapely.get_parts(np.asarray(shapes, dtype=object), return_index=True)
    boxes = shapely.bounds(parts)
    wide = (boxes[:, 2] - boxes[:, 0] > HALF) | (boxes[:, 0] < -HALF) | (boxes[:, 2] > HALF)
    if wide.any():
        first = int(np.flatnonzero(wide)[0])
        reach = f"{boxes[first, 0]:g} … {boxes[first, 2]:g}"
        raise Refusal("shape-antimeridian", where=where, number=int(numbers[first]) + 1, received=reach)
