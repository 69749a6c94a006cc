"""The atlas: the catalogue page, tiles, a value at a place, the raster itself."""

import re
from decimal import Decimal, InvalidOperation
from typing import Any, cast

import msgspec
import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.atlas import FAMILIES, Layer, catalogue, definition, export, tile, tile_version, value_at
from jasyl.facts import source_word
from jasyl.texts import Language, Refusal

from . import layer_places, tile_borders
from .cache import CACHEABLE
from .house import House
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit

_TILE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{1,6})/(\d{1,6})\.png")
COLUMNS = (
    Column("title", "column-layer", link=True),
    Column("kind", "column-kind"),
    Column("state", "column-state", choices="layer-state"),
    Column("unit", "column-unit"),
    Column("source", "column-source", files_only=True),  # the page of the layer names its sources one by one
    Column("licence", "column-licence", files_only=True),
    Column("resolution", "column-resolution"),
    Column("load", "column-load"),
)


@page("/atlas", "The catalogue of resource layers")
def atlas_page(visit: Visit, connection: sa.Connection) -> Document:
    """Every layer by family: what it shows and where it comes from, or what it waits for."""
    layers = catalogue(visit.house.folder)
    rows = [_row(visit, layer) for layer in layers]
    sheet = Sheet(COLUMNS, rows, visit.t("atlas-caption"))
    built = [
        (family, [(layer, layer_picture(visit, layer)) for layer in layers if _built(layer, family)])
        for family in FAMILIES
    ]
    data = {"layers": [layer.as_data() for layer in layers]}
    context = {"built": [(family, cards) for family, cards in built if cards]}
    return Document("atlas.html", visit.t("nav-atlas"), data, sheet, context)


def _built(layer: Layer, family: str) -> bool:
    return layer.state == "built" and layer.family == family


def layer_picture(visit: Visit, layer: Layer) -> list[str]:
    """Addresses of the pictures that together show the country: tiles row by row, or one drawing of areas or sites."""
    if layer.shape != "raster":
        from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

        version = f"{(layer.array or '')[:12]}-{current(visit.house.folder).digest[:8]}"
        return [f"/atlas/{layer.id}/picture.svg?v={version}"]
    version = tile_version(visit.house.folder, layer.id)[:12]
    return [
        f"/atlas/{layer.id}/0/{tile_borders.ZOOM}/{x}/{y}.png?v={version}"
        for y in tile_borders.ROWS
        for x in tile_borders.COLUMNS
    ]


def _row(visit: Visit, layer: Layer) -> dict[str, Any]:
    language = visit.language
    return {
        "title": layer.title(language),
        "title_link": visit.href(f"/atlas/{layer.id}"),
        "kind": layer.label(language),
        "state": layer.state,
        "unit": layer.units.written(language),
        "source": "; ".join(source_word(one.name, language) for one in layer.sources) or None,
        "licence": "; ".join(dict.fromkeys(source_word(one.licence, language) for one in layer.sources)) or None,
        "resolution": f"{layer.resolution}″" if layer.resolution else None,
        "load": layer.load(language),
    }


@get(
    "/atlas/{layer:str}/{rest:path}",
    summary="Tiles (band/z/x/y.png), point.json, places.geojson, picture.svg, layer.json, the layer as a file",
)
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
        body = msgspec.json.encode(_value(house, definition(layer_id), lon, lat, language))
        return Response(body, media_type="application/json; charset=utf-8", headers={CACHEABLE.decode(): "1"})
    record = next(layer for layer in catalogue(house.folder) if layer.id == layer_id)
    if rest == "layer.json":
        return Response(record.canonical(), media_type="application/json; charset=utf-8")
    if record.shape != "raster" and record.state == "built" and rest in {"places.geojson", "picture.svg"}:
        return _places(house, record, rest, language)
    return _download(house, record, rest)


def _download(house: House, record: Layer, rest: str) -> Response[bytes]:
    """The layer as a file: ``layer`` with the ending of one of its forms; ``values.json`` of areas and sites."""
    suffix = ".json" if rest == "values.json" else rest.removeprefix("layer")
    if record.state != "built" or suffix not in {form.suffix for form in export.formats_of(record)}:
        raise NotFoundError
    body, form = export.layer_file(house.folder, record.id, suffix)
    headers = {"content-disposition": f'attachment; filename="{record.id}{suffix}"'}
    return Response(body, media_type=form.media_type, headers=headers)


def _value(house: House, layer: Layer, lon: float, lat: float, language: Language) -> dict[str, Any]:
    if layer.shape == "raster":
        return value_at(house.folder, layer.id, lon, lat).as_data(language)
    return layer_places.value_at_click(house.folder, layer, lon, lat, language)


def _places(house: House, layer: Layer, rest: str, language: Language) -> Response[bytes]:
    """What the map draws of a layer of areas or sites, and the same as a picture."""
    headers = {CACHEABLE.decode(): "1", "cache-control": "public, max-age=86400"}
    if rest == "picture.svg":
        body, kind = layer_places.picture(house.folder, layer), "image/svg+xml"
    else:
        found = layer_places.features(house.folder, layer, language)
        body, kind = layer_places.collection(found), "application/geo+json"
    return Response(body, media_type=kind, headers=headers)


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
