"""The borders of the regions, to lie over a picture that is made of map tiles."""

from typing import Any, Final, cast

import msgspec
from anyio import to_thread
from litestar import Request, Response, get

from .cache import CACHEABLE
from .house import House
from .map_picture import projected, ring_path, rings_of
from .visit import Visit

# The tiles from 45° to 90° east and from 36.6° to 55.8° north.
ZOOM, COLUMNS, ROWS = 5, range(20, 24), range(10, 13)
PATH: Final = "/atlas/borders.svg"
# No fill: the values are seen through it; a light line under a dark one is seen on every colour.
_STYLE = (
    "path{fill:none;stroke-linejoin:round}.w{stroke:#fff;stroke-opacity:.55;stroke-width:3}"
    ".b{stroke:#2b372f;stroke-width:1.4}"
)


def address(visit: Visit) -> str:
    """Where the borders of today are."""
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    return f"{PATH}?v={current(visit.house.folder).digest[:12]}"


@get(PATH, summary="Borders of the regions over a picture of tiles", media_type="image/svg+xml")
async def borders_picture(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Outlines without words, in Web Mercator, as wide as the picture of the tiles."""
    house = cast("House", request.app.state.house)
    body = await to_thread.run_sync(_drawn, house)
    headers = {CACHEABLE.decode(): "1", "cache-control": "public, max-age=86400"}
    return Response(body, media_type="image/svg+xml", headers=headers)


def _drawn(house: House) -> bytes:
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    regions = msgspec.json.decode(current(house.folder).as_geojson("region", "coarse"))["features"]
    outline = "".join(ring_path(ring) for one in regions for ring in rings_of(one["geometry"]))
    left, scale = projected(0, 0)[0], projected(1, 0)[0] - projected(0, 0)[0]
    side = 360 / 2**ZOOM * scale
    west = left + (COLUMNS[0] * 360 / 2**ZOOM - 180) * scale
    north = projected(0, 0)[1] - (180 - ROWS[0] * 360 / 2**ZOOM) * scale
    box = f"{west:.2f} {north:.2f} {len(COLUMNS) * side:.2f} {len(ROWS) * side:.2f}"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{box}"><style>{_STYLE}</style>'
        f'<path class="w" d="{outline}"/><path class="b" d="{outline}"/></svg>'
    ).encode()
