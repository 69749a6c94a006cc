"""Shapes of regions and districts as GeoJSON."""

from typing import Any, cast, get_args

from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath

from .cache import CACHEABLE
from .house import House
from .page import NotFoundError


@get("/places/{name:str}", summary="Shapes: region.geojson, district.geojson, country.geojson", media_type="text/plain")
async def shapes(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Boundaries for display; ``detail`` in the query is coarse, medium, fine or exact."""
    house = cast("House", request.app.state.house)
    detail = request.query_params.get("detail", "medium")
    body = await to_thread.run_sync(_shapes, house, name.removesuffix(".geojson"), detail)
    return Response(body, media_type="application/geo+json", headers={CACHEABLE.decode(): "1"})


def _shapes(house: House, level: str, detail: str) -> bytes:
    from jasyl.places.boundaries import Level, Simplification, current  # noqa: PLC0415  (loads shapely)

    if level not in get_args(Level) or detail not in get_args(Simplification):
        raise NotFoundError
    return current(house.folder).as_geojson(cast("Level", level), cast("Simplification", detail))
