"""Layers of areas and sites as GeoParquet, GeoPackage and CSV."""

import json
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from jasyl.papers import write_csv
from jasyl.papers.column import Column
from jasyl.quantities import decimal_text
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..areas import load_areas
from ..layer import Layer
from ..sites import load_sites
from ..value_file import PlaceValue
from .about import attributes, licences

# Names of columns and whether they hold numbers; the same in every form.
_NUMBERS = ("value", "low", "high", "year")
_TEXTS = ("kind", "confidence", "confirmed", "source", "note", "parts", "unit", "licence")
_SHARED = {name: name in _NUMBERS for name in (*_NUMBERS, *_TEXTS)}
_KEYS = {"areas": ("place", "level", "region"), "sites": ("id", "name", "precision", "place")}
Row = dict[str, Any]


def write_table(folder: DataFolder, layer: Layer, target: Path) -> None:
    """The values as CSV, exact, sites with their coordinates."""
    rows, _ = _values(folder, layer, shapes=False)
    keys = list(rows[0]) if rows else [*_KEYS[layer.shape], *_SHARED]
    with target.open("wb") as out:
        out.writelines(write_csv([Column(key, {"en": key}) for key in keys], rows, "en", keys=True))


def write_parquet(folder: DataFolder, layer: Layer, target: Path) -> None:
    """GeoParquet 1.1: WKB geometry on OGC:CRS84, values as doubles, layer and licence in the file's metadata."""
    import pyarrow as pa  # noqa: PLC0415
    import pyarrow.parquet as pq  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    rows, shapes = _values(folder, layer)
    fields = {name: _column(name, [row[name] for row in rows]) for name in _names(layer)}
    made: Any = pa.table({**fields, "geometry": pa.array(shapely.to_wkb(shapes).tolist(), pa.binary())})
    known = [shape for shape in shapes if shape is not None]
    geometry = {
        "encoding": "WKB",
        "geometry_types": sorted({shape.geom_type for shape in known}),
        "bbox": [round(float(edge), 6) for edge in shapely.total_bounds(known)] if known else [],
    }
    if not known:
        del geometry["bbox"]
    # Without "crs" the coordinates are OGC:CRS84, longitude first (GeoParquet 1.1, section Column metadata).
    geo = {"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": geometry}}
    said = {name.encode(): text.encode() for name, text in attributes(layer).items()}
    pq.write_table(made.replace_schema_metadata({b"geo": json.dumps(geo).encode(), **said}), target, compression="zstd")


def write_geopackage(folder: DataFolder, layer: Layer, target: Path) -> None:
    """OGC GeoPackage with one table; layer and licence as its metadata."""
    import numpy as np  # noqa: PLC0415
    import pyogrio.raw  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    rows, shapes = _values(folder, layer)
    names = _names(layer)
    columns = [np.array([_plain(row[name], number=_is_number(name)) for row in rows], dtype=object) for name in names]
    made = [
        column.astype(np.float64) if _is_number(name) else column for name, column in zip(names, columns, strict=True)
    ]
    pyogrio.raw.write(
        target, np.array(shapely.to_wkb(shapes), dtype=object), made, np.array(names, dtype=object), crs="EPSG:4326",
        geometry_type="MultiPolygon" if layer.shape == "areas" else "Point", layer=layer.id.replace(".", "_"),
        driver="GPKG", promote_to_multi=layer.shape == "areas", layer_metadata=attributes(layer),
    )  # fmt: skip


def _names(layer: Layer) -> list[str]:
    return [*_KEYS[layer.shape], *_SHARED]


def _is_number(name: str) -> bool:
    return _SHARED.get(name, False)


def _column(name: str, values: Sequence[Any]) -> Any:
    import pyarrow as pa  # noqa: PLC0415

    kind = pa.float64() if _is_number(name) else pa.string()
    return pa.array([_plain(value, number=_is_number(name)) for value in values], kind)


def _plain(value: Any, *, number: bool) -> Any:
    if number:
        return float("nan") if value is None else float(value)
    return None if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _values(folder: DataFolder, layer: Layer, *, shapes: bool = True) -> tuple[list[Row], list[Any]]:
    """Rows of the layer, and for each its polygon or point, None where it has none."""
    if layer.shape == "areas":
        areas = load_areas(folder, layer.id)
        rows = [
            {"place": one.place, "level": one.level, "region": one.region, **_shared(areas.layer, one)}
            for one in areas.values
        ]
        return rows, [_polygon(folder, one.place) for one in areas.values] if shapes else []
    sites = load_sites(folder, layer.id)
    rows = [
        {
            "id": one.id, "name": one.name, "precision": one.precision, "place": one.place,
            **({} if shapes else {"longitude": one.longitude, "latitude": one.latitude}),
            **_shared(sites.layer, one),
        }
        for one in sites.values
    ]  # fmt: skip
    return rows, [_point(one.longitude, one.latitude) for one in sites.values] if shapes else []


def _shared(layer: Layer, one: PlaceValue) -> Row:
    parts = {name: decimal_text(part) for name, part in sorted(one.parts.items())}
    return {
        "value": one.value, "low": one.low, "high": one.high, "year": one.year, "kind": one.kind,
        "confidence": one.confidence, "confirmed": one.confirmed, "source": one.source, "note": one.note,
        "parts": json.dumps(parts, ensure_ascii=False) if parts else "", "unit": layer.unit,
        "licence": licences(layer),
    }  # fmt: skip


def _polygon(folder: DataFolder, code: str) -> Any:
    from jasyl.places.boundaries import current  # noqa: PLC0415

    try:
        return current(folder).unit(code).shape
    except Refusal:  # a district, while only the borders of regions are there
        return None


def _point(longitude: Decimal | None, latitude: Decimal | None) -> Any:
    import shapely  # noqa: PLC0415

    return None if longitude is None or latitude is None else shapely.Point(float(longitude), float(latitude))
