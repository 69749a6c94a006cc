"""The atlas as a STAC 1.1 catalogue: a collection for each family, an item for each built layer.

SpatioTemporal Asset Catalog specification 1.1.0; extensions raster 2.0, projection 2.0, file 2.1. Links are relative,
so the same documents stand on a server (``/stac/catalog.json``) and in a folder.
"""

import datetime as dt
import shutil
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec

from jasyl.storage import DataFolder

from .export.about import licences
from .grid import KAZAKHSTAN
from .layer import FAMILIES, Family, Layer
from .layer_catalogue import catalogue
from .period import named_days

VERSION = "1.1.0"
EXTENSIONS = {
    "raster": "https://stac-extensions.github.io/raster/v2.0.0/schema.json",
    "projection": "https://stac-extensions.github.io/projection/v2.0.0/schema.json",
    "file": "https://stac-extensions.github.io/file/v2.1.0/schema.json",
}
COG = "image/tiff; application=geotiff; profile=cloud-optimized"
_KEPT = {"raster": COG, "lines": "application/vnd.apache.parquet"}  # areas and sites are kept as JSON
_SPDX = {
    "CC BY 4.0": "CC-BY-4.0",
    "CC BY-SA 4.0": "CC-BY-SA-4.0",
    "CC0": "CC0-1.0",
    "ODbL": "ODbL-1.0",
    "ODbL 1.0": "ODbL-1.0",
}
_SPDX_NAMES = {"BSD-3-Clause", "MIT", "Apache-2.0", *_SPDX.values()}
Document = dict[str, Any]
AssetAddress = Callable[[Layer], str]


def stac_catalog(folder: DataFolder) -> Document:
    """The root: one child link for each family that has a built layer."""
    families = [family for family in FAMILIES if _built(folder, family)]
    return {
        "type": "Catalog",
        "stac_version": VERSION,
        "id": "jasyl-atlas",
        "title": "Jasyl atlas of Kazakhstan",
        "description": "Resource layers of Kazakhstan with sources, licences and checksums.",
        "links": [
            _link("root", "./catalog.json"),
            _link("self", "./catalog.json"),
            *(_link("child", f"./{family}/collection.json") for family in families),
        ],
    }


def stac_collection(folder: DataFolder, family: Family) -> Document | None:
    """The layers of a family; None when none is built."""
    layers = _built(folder, family)
    if not layers:
        return None
    items = [stac_item(folder, layer) for layer in layers]
    boxes = [item["bbox"] for item in items]
    whole = [
        *(min(box[axis] for box in boxes) for axis in (0, 1)),
        *(max(box[axis] for box in boxes) for axis in (2, 3)),
    ]
    starts, ends = zip(*(_span(item["properties"]) for item in items), strict=True)
    return {
        "type": "Collection",
        "stac_version": VERSION,
        "id": family,
        "title": family.capitalize(),
        "description": f"Layers of the family {family}: " + "; ".join(layer.quantity for layer in layers),
        "license": _license([source.licence for layer in layers for source in layer.sources]),
        "providers": _providers(layers),
        "extent": {
            "spatial": {"bbox": [whole]},
            "temporal": {"interval": [[min(starts), max(ends)]]},
        },
        "links": [
            _link("root", "../catalog.json"),
            _link("parent", "../catalog.json"),
            _link("self", "./collection.json"),
            *(_link("item", f"./{layer.id}.json", "application/geo+json") for layer in layers),
        ],
    }


def stac_item(folder: DataFolder, layer: Layer, address: AssetAddress | None = None) -> Document:
    """A built layer. ``address`` gives where its file is to be had, by default beside the item."""
    west, south, east, north = layer.grid.bounds if layer.grid else KAZAKHSTAN.bounds
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    asset = _asset(folder, layer, address(layer) if address else f"./{layer.file}")
    raster = layer.shape == "raster"
    return {
        "type": "Feature",
        "stac_version": VERSION,
        "stac_extensions": [EXTENSIONS[name] for name in (("raster", "projection", "file") if raster else ("file",))],
        "id": layer.id,
        "geometry": {"type": "Polygon", "coordinates": [ring]},
        "bbox": [west, south, east, north],
        "properties": _properties(folder, layer),
        "collection": layer.family,
        "links": [
            _link("root", "../catalog.json"),
            _link("parent", "./collection.json"),
            _link("collection", "./collection.json"),
            _link("self", f"./{layer.id}.json", "application/geo+json"),
            *_license_links(layer),
        ],
        "assets": {"data": asset},
    }


def write_catalog(folder: DataFolder, target: Path) -> int:
    """The catalogue with the files of its layers as a folder of their own; gives the number of files."""
    target.mkdir(parents=True)
    count = 1
    (target / "catalog.json").write_bytes(_bytes(stac_catalog(folder)))
    for family in FAMILIES:
        found = stac_collection(folder, family)
        if found is None:
            continue
        place = target / family
        place.mkdir()
        (place / "collection.json").write_bytes(_bytes(found))
        for layer in _built(folder, family):
            (place / f"{layer.id}.json").write_bytes(_bytes(stac_item(folder, layer)))
            shutil.copyfile(folder.atlas / (layer.file or ""), place / (layer.file or ""))
            count += 2
        count += 1
    return count


def _bytes(document: Document) -> bytes:
    return msgspec.json.format(msgspec.json.encode(document), indent=2)


def _built(folder: DataFolder, family: Family) -> list[Layer]:
    return [layer for layer in catalogue(folder) if layer.family == family and layer.state == "built"]


def _link(relation: str, address: str, media_type: str = "application/json") -> Document:
    return {"rel": relation, "href": address, "type": media_type}


def _properties(folder: DataFolder, layer: Layer) -> Document:
    file = folder.atlas / (layer.file or "")
    created = dt.datetime.fromtimestamp(int(file.stat().st_mtime), dt.UTC).isoformat().replace("+00:00", "Z")
    span: Document = {"datetime": created}
    # A climatology whose period names neither days nor years stands at the time it was computed.
    if named := named_days(layer.period or ""):
        span = {"datetime": None, "start_datetime": f"{named[0]}T00:00:00Z", "end_datetime": f"{named[1]}T23:59:59Z"}
    return {
        **span,
        "created": created,
        "title": layer.quantity,
        "description": f"{layer.quantity}; {layer.kind}; {layer.period or 'no period stated'}",
        "license": _license([source.licence for source in layer.sources]),
        "providers": _providers([layer]),
        "jasyl:kind": layer.kind,
        "jasyl:uncertainty": layer.uncertainty,
        "jasyl:method": layer.method,
        "jasyl:licence": licences(layer),
        "jasyl:inputs_sha256": layer.inputs,
        "jasyl:values_sha256": layer.array,
        **(_projection(layer) if layer.grid else {}),
    }


def _projection(layer: Layer) -> Document:
    assert layer.grid is not None
    grid = layer.grid
    west, _, _, north = grid.bounds
    return {
        "proj:code": "EPSG:4326",
        "proj:shape": [grid.rows, grid.columns],
        "proj:transform": [grid.degrees, 0, west, 0, -grid.degrees, north],
        "proj:bbox": list(grid.bounds),
    }


def _asset(folder: DataFolder, layer: Layer, address: str) -> Document:
    from .siting.sources import file_digest  # noqa: PLC0415

    file = folder.atlas / (layer.file or "")
    asset: Document = {
        "href": address,
        "type": _KEPT.get(layer.shape, "application/json"),
        "title": layer.quantity,
        "roles": ["data"],
        "file:size": file.stat().st_size,
        "file:checksum": f"1220{file_digest(file)}",  # multihash: SHA-256, 32 bytes
    }
    if layer.grid is not None:
        scale = Decimal(layer.scale)
        asset["bands"] = [
            {
                "name": band,
                "data_type": layer.stored,
                "nodata": layer.nodata,
                "unit": layer.unit,
                "raster:scale": float(scale),
                "raster:offset": 0,
                "raster:sampling": "area",
            }
            for band in layer.bands
        ]
    return asset


def _span(properties: Document) -> tuple[str, str]:
    if properties["datetime"] is not None:
        return properties["datetime"], properties["datetime"]
    return properties["start_datetime"], properties["end_datetime"]


def _license(named: list[str]) -> str:
    """The SPDX name when all sources share one, else ``other``: the links say which."""
    every = {_SPDX.get(name, name) for name in named}
    only = next(iter(every)) if len(every) == 1 else ""
    return only if only in _SPDX_NAMES else "other"


def _license_links(layer: Layer) -> list[Document]:
    found = dict.fromkeys((source.reference, source.licence) for source in layer.sources)
    return [
        {"rel": "license", "href": address, "title": name, "type": "text/html"}
        for address, name in found
        if address.startswith("https://")
    ]


def _providers(layers: list[Layer]) -> list[Document]:
    found: list[Document] = []
    for source in dict.fromkeys(source for layer in layers for source in layer.sources):
        provider: Document = {"name": source.attribution or source.name, "roles": ["producer", "licensor"]}
        found.append(provider | ({"url": source.reference} if source.reference.startswith("https://") else {}))
    return [*found, {"name": "Jasyl", "roles": ["processor", "host"]}]
