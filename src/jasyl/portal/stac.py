"""The STAC catalogue of the built layers."""

from typing import Any, cast

import msgspec
from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.atlas import FAMILIES, Layer, catalogue
from jasyl.atlas.layer import Family

from .cache import CACHEABLE
from .house import House
from .page import NotFoundError

_FAMILIES: dict[str, Family] = {family: family for family in FAMILIES}


@get("/stac/{rest:path}", summary="STAC 1.1: catalog.json, FAMILY/collection.json, FAMILY/LAYER.json")
async def stac_file(request: Request[Any, Any, Any], rest: FromPath[str]) -> Response[bytes]:
    """A document of the catalogue; its links lead to all others and to the files of the layers."""
    house = cast("House", request.app.state.house)
    document = await to_thread.run_sync(_document, house, rest.lstrip("/"))
    media_type = "application/geo+json" if document["type"] == "Feature" else "application/json"
    headers = {CACHEABLE.decode(): "1"}
    return Response(msgspec.json.encode(document), media_type=media_type, headers=headers)


def _document(house: House, path: str) -> dict[str, Any]:
    from jasyl.atlas.stac import stac_catalog, stac_collection, stac_item  # noqa: PLC0415

    if path == "catalog.json":
        return stac_catalog(house.folder)
    head, _, name = path.partition("/")
    family = _FAMILIES.get(head)
    if family is None or not name.endswith(".json"):
        raise NotFoundError
    if name == "collection.json":
        found = stac_collection(house.folder, family)
        if found is None:
            raise NotFoundError
        return found
    identifier = name.removesuffix(".json")
    for layer in catalogue(house.folder):
        if layer.id == identifier and layer.family == family and layer.state == "built":
            return stac_item(house.folder, layer, _address)
    raise NotFoundError


def _address(layer: Layer) -> str:
    kept = {"raster": "layer.tif", "lines": "layer.parquet"}.get(layer.shape, "values.json")
    return f"../../atlas/{layer.id}/{kept}"
