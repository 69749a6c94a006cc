"""The small picture of the country on the page of something that has a place."""

from typing import Any

from . import map_picture
from .lists import Row
from .visit import Visit


def locator(visit: Visit, row: Row) -> dict[str, Any] | None:
    """The picture of the country with a mark at the facility; None for one without a place in it."""
    if row["lon"] is None or not map_picture.shown(row["lon"], row["lat"]):
        return None
    x, y = map_picture.projected(row["lon"], row["lat"])
    return {
        "picture": map_picture.address(visit.house, visit.language),
        "map": f"{visit.href('/')}#map=9/{row['lat']}/{row['lon']}",
        "left": f"{100 * x / map_picture.WIDTH:.2f}",
        "top": f"{100 * y / map_picture.HEIGHT:.2f}",
    }
