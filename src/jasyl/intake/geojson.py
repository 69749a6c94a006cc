"""GeoJSON points (RFC 7946) as a table: the properties, and longitude and latitude of the geometry."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import msgspec

from jasyl.texts import Refusal, Where

from .encoding import detect
from .note import note
from .raw import Raw
from .source import Source
from .table import NumberedRow, Table

# Numbers as they were written: a capacity of 0.1 is not the nearest binary fraction.
_EXACT = msgspec.json.Decoder(float_hook=Decimal)
AXES = ("longitude", "latitude")


def read_geojson(source: Source) -> Table:
    """One row for each feature, numbered from 1; columns are all property names in order of appearance, then
    ``longitude`` and ``latitude`` (WGS 84).

    A property of one of these two names gives way to the geometry. Lists and objects among the properties are kept as
    JSON text. Raises Refusal ``geojson-broken``, ``geojson-kind``, ``geojson-geometry``, ``too-many-rows``,
    ``too-many-columns``.
    """
    features = _features(source)
    names: dict[str, None] = {}
    for feature in features:
        names.update(dict.fromkeys(feature["properties"] or {}))
    header = (*(name for name in names if name.lower() not in AXES), *AXES)
    if len(header) > source.limits.columns:
        where = Where(source.name)
        raise Refusal("too-many-columns", where=where, received=len(header), expected=source.limits.columns)
    points = [_point(feature["geometry"], source.name, number) for number, feature in enumerate(features, 1)]

    def rows() -> Iterator[NumberedRow]:
        for number, (feature, point) in enumerate(zip(features, points, strict=True), 1):
            properties = feature["properties"] or {}
            yield number, [*(_raw(properties.get(name)) for name in header[:-2]), *point]

    notes = (note("entry", Where(source.name), entry=source.entry),) if source.entry else ()
    return Table(source.name, None, header, 0, rows, source.limits, notes)


def _features(source: Source) -> list[dict[str, Any]]:
    where = Where(source.name)
    content = source.whole()
    encoding = detect([content], source.name)
    try:
        document = _EXACT.decode(content.decode(encoding.codec))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("geojson-broken", where=where, reason=str(error)[:120]) from error
    kind = document.get("type") if isinstance(document, dict) else None
    found = document.get("features") if kind == "FeatureCollection" else [document] if kind == "Feature" else None
    if not isinstance(found, list):
        raise Refusal("geojson-kind", where=where, received=str(kind)[:40])
    if len(found) > source.limits.rows:
        raise Refusal("too-many-rows", where=where, expected=source.limits.rows)
    for number, feature in enumerate(found, 1):
        well_formed = isinstance(feature, dict) and feature.get("type") == "Feature"
        if not well_formed or not isinstance(feature.setdefault("properties", None), dict | None):
            raise Refusal("geojson-kind", where=Where(source.name, row=number), received=str(feature)[:40])
        feature.setdefault("geometry", None)
    return found


def _point(geometry: Any, name: str, number: int) -> tuple[Raw, Raw]:
    if geometry is None:
        return None, None
    where = Where(name, row=number, field="geometry")
    if not isinstance(geometry, dict) or geometry.get("type") != "Point":
        kind = str(geometry.get("type") if isinstance(geometry, dict) else geometry)[:40]
        raise Refusal("geojson-geometry", where=where, received=kind)
    at = geometry.get("coordinates")
    if not isinstance(at, list) or not 2 <= len(at) <= 4 or not all(map(_is_number, at[:2])):
        raise Refusal("geojson-geometry", where=where, received=str(at)[:40])
    return at[0], at[1]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | Decimal) and not isinstance(value, bool)


def _raw(value: Any) -> Raw:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        return msgspec.json.encode(value).decode()
    return value
