"""Facilities as vector tiles, and the TileJSON that tells any map client where they are."""

from typing import Any, cast

import msgspec
from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.papers.vector_tile import VECTOR_TILE_TYPE
from jasyl.registry.map_points import LAYER, MAXZOOM

from .cache import CACHEABLE
from .house import House
from .page import NotFoundError

TEMPLATE = "/tiles/facilities/{revision}/{{z}}/{{x}}/{{y}}.mvt"
_IMMUTABLE = {"cache-control": "public, max-age=31536000, immutable"}
_SUFFIX = ".mvt"
# Properties of the layer, as a TileJSON wants them told.
_FIELDS = {
    "id": "Key of the facility; absent in a group",
    "name_kk": "Name in Kazakh; absent in a group",
    "name_ru": "Name in Russian; absent in a group",
    "name_en": "Name in English; absent in a group",
    "family": "Technology family",
    "status": "Life-cycle status",
    "status_group": "at_work, coming, stopped or unknown",
    "size": "Size class by power: 0 below 1 MW or no power, 1 from 1 MW, 2 from 10 MW, 3 from 50 MW, 4 from 200 MW",
    "capacity_w": "Power in W, of a group the sum; absent where the size is not a power",
    "count": "Number of facilities in a group; absent for one facility",
    "unconfirmed": "1: not confirmed, outside totals",
    "reference": "1: a reference plant, outside every national total",
    "uncertain": "1: the source does not vouch for the status of today",
}


def template(revision: int) -> str:
    """The address of the tiles of a data revision, with ``{z}``, ``{x}`` and ``{y}`` left for the client."""
    return TEMPLATE.format(revision=revision)


@get("/tiles/facilities.json", summary="TileJSON of the facility tiles", media_type="application/json")
async def facility_tiles(request: Request[Any, Any, Any]) -> Response[bytes]:
    """TileJSON 3.0. The addresses in it name the data revision, so that tiles may be kept for ever."""
    house = cast("House", request.app.state.house)
    revision = house.revision.current()
    prepared = await to_thread.run_sync(lambda: house.tiles.prepared(revision, wait=True))
    host = f"{request.scope['scheme']}://{request.headers.get('host', '')}"
    document = {
        "tilejson": "3.0.0",
        "name": "facilities",
        "description": "Facilities of green technologies that are public and have a place",
        "tiles": [host + template(revision)],
        "minzoom": 0,
        "maxzoom": MAXZOOM,
        "bounds": [round(edge, 6) for edge in prepared.points.bounds],
        "attribution": "Jasyl",
        "vector_layers": [{"id": LAYER, "fields": _FIELDS, "minzoom": 0, "maxzoom": MAXZOOM}],
    }
    return Response(
        msgspec.json.encode(document), media_type="application/json; charset=utf-8", headers={CACHEABLE.decode(): "1"}
    )


@get(
    "/tiles/facilities/{revision:int}/{z:int}/{x:int}/{y:str}",
    summary="A vector tile of facilities (Mapbox Vector Tile 2.1)",
    media_type=VECTOR_TILE_TYPE,
)
async def facility_tile(
    request: Request[Any, Any, Any], revision: FromPath[int], z: FromPath[int], x: FromPath[int], y: FromPath[str]
) -> Response[bytes]:
    """The tile ``z/x/y.mvt`` with the layer ``facilities``.

    ``revision`` is for caches only: the answer is made of today's data, and may be kept for ever when it is today's
    number.
    """
    row = y.removesuffix(_SUFFIX)
    if not (y.endswith(_SUFFIX) and row.isascii() and row.isdigit() and len(row) <= 5 and 0 <= z <= MAXZOOM):
        raise NotFoundError
    if not (0 <= x < 1 << z and int(row) < 1 << z):
        raise NotFoundError
    house = cast("House", request.app.state.house)
    return await to_thread.run_sync(_answer, house, revision, z, x, int(row))


def _answer(house: House, asked: int, z: int, x: int, y: int) -> Response[bytes]:
    """A page that knows of the newest data waits for its tiles; an older page is served what is at hand."""
    current = house.revision.current()
    prepared = house.tiles.prepared(current, wait=asked >= current)
    body = house.tiles.tile(prepared, z, x, y)
    headers: dict[str, str] = {}
    if prepared.revision >= current:
        headers[CACHEABLE.decode()] = "1"
        headers |= _IMMUTABLE if asked == current else {"cache-control": "no-cache"}
    else:
        headers["cache-control"] = "no-cache"
    return Response(body, media_type=VECTOR_TILE_TYPE, headers=headers)
