"""The atlas: the catalogue page, tiles, a value at a place, the raster itself."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import msgspec
import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.atlas import Layer, catalogue, definition, legend, tile, tile_version, value_at
from jasyl.texts import Language, Refusal

from .cache import CACHEABLE
from .house import House
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit

_TILE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{1,6})/(\d{1,6})\.png")
# The tiles from 45° to 90° east and from 36.6° to 55.8° north.
PICTURE_ZOOM, PICTURE_COLUMNS, PICTURE_ROWS = 5, range(20, 24), range(10, 13)
COLUMNS = (
    Column("title", "column-layer"),
    Column("kind", "column-kind"),
    Column("state", "column-state", choices="layer-state"),
    Column("unit", "column-unit"),
    Column("source", "column-source"),
    Column("licence", "column-licence"),
    Column("resolution", "column-resolution"),
    Column("load", "column-load"),
)


@page("/atlas", "The catalogue of resource layers")
def atlas_page(visit: Visit, connection: sa.Connection) -> Document:
    """Every layer: what it shows, where it comes from, or what it waits for."""
    layers = catalogue(visit.house.folder)
    rows = [_row(visit, layer) for layer in layers]
    sheet = Sheet(COLUMNS, rows, visit.t("atlas-caption"))
    built = [
        (layer, legend(layer.id).svg(visit.language), _picture(visit, layer))
        for layer in layers
        if layer.state == "built"
    ]
    data = {"layers": [layer.as_data() for layer in layers]}
    return Document("atlas.html", visit.t("nav-atlas"), data, sheet, {"built": built})


def _picture(visit: Visit, layer: Layer) -> list[str]:
    """Addresses of the tiles of the year that together show the country, row by row."""
    version = tile_version(visit.house.folder, layer.id)[:12]
    return [
        f"/atlas/{layer.id}/0/{PICTURE_ZOOM}/{x}/{y}.png?v={version}" for y in PICTURE_ROWS for x in PICTURE_COLUMNS
    ]


def _row(visit: Visit, layer: Layer) -> dict[str, Any]:
    language = visit.language
    return {
        "title": layer.title(language),
        "kind": layer.label(language),
        "state": layer.state,
        "unit": layer.units.written(language),
        "source": "; ".join(source.name for source in layer.sources) or None,
        "licence": "; ".join(dict.fromkeys(source.licence for source in layer.sources)) or None,
        "resolution": f"{layer.resolution}″" if layer.resolution else None,
        "load": layer.load(language),
    }


@get("/atlas/{layer:str}/{rest:path}", summary="Tiles (band/z/x/y.png), point.json, layer.json, layer.tif")
async def layer_file(request: Request[Any, Any, Any], layer: FromPath[str], rest: FromPath[str]) -> Response[bytes]:
    """A tile (``solar.ghi_clear/0/4/11/5.png``), a value at a place (``point.json?lon=71.4&lat=51.1``), the raster."""
    house = cast("House", request.app.state.house)
    language: Language = request.scope.get("state", {})["language"]
    return await to_thread.run_sync(_layer_file, house, layer, rest.lstrip("/"), request.query_params.dict(), language)


def _layer_file(
    house: House, layer_id: str, rest: str, query: dict[str, list[str]], language: Language
) -> Response[bytes]:
    try:
        definition(layer_id)
    except Refusal:
        raise NotFoundError from None
    asked = _TILE.fullmatch(rest)
    if asked:
        return _tile(house, layer_id, *(int(part) for part in asked.groups()))
    if rest == "point.json":
        lon, lat = _degrees(query, "lon"), _degrees(query, "lat")
        body = msgspec.json.encode(value_at(house.folder, layer_id, lon, lat).as_data(language))
        return Response(body, media_type="application/json; charset=utf-8", headers={CACHEABLE.decode(): "1"})
    record = next(layer for layer in catalogue(house.folder) if layer.id == layer_id)
    if rest == "layer.json":
        return Response(record.canonical(), media_type="application/json; charset=utf-8")
    if rest == "layer.tif" and record.file:
        headers = {"content-disposition": f'attachment; filename="{record.file}"'}
        return Response((house.folder.atlas / record.file).read_bytes(), media_type="image/tiff", headers=headers)
    raise NotFoundError


def _tile(house: House, layer_id: str, band: int, z: int, x: int, y: int) -> Response[bytes]:
    if z > 14 or x >= 1 << z or y >= 1 << z:
        raise NotFoundError
    headers = {CACHEABLE.decode(): "1", "cache-control": "public, max-age=86400"}
    return Response(tile(house.folder, layer_id, band, z, x, y), media_type="image/png", headers=headers)


def _degrees(query: dict[str, list[str]], key: str) -> float:
    written = (query.get(key) or [""])[0]
    try:
        return float(Decimal(written))
    except (InvalidOperation, ValueError):
        raise Refusal("query-degrees", received=f"{key}={written[:20]}") from None
