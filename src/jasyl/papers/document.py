"""JSON and GeoJSON (RFC 7946), streamed row by row."""

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from jasyl.texts import Language

from .column import About, AnyColumn, Row, Rows, in_unit, plain

_FLUSH = 64 * 1024


def write_json(
    columns: Sequence[AnyColumn], rows: Rows, language: Language, *, about: About | None = None
) -> Iterator[bytes]:
    """``{"about": …, "columns": [{key, header, kind, unit}], "rows": [{key: value}]}`` in chunks.

    Numbers are in the unit of their column, exact; dates and moments ISO 8601 texts; missing values null.
    """
    described = [
        {"key": column.key, "header": column.headers[language], "kind": column.kind, "unit": column.unit}
        for column in columns
    ]
    head = f'{{"about":{_json(_about(about))},"columns":{_json(described)},"rows":['
    yield from _flushed(head, (_properties(columns, row) for row in rows), "]}\n")


def write_geojson(
    columns: Sequence[AnyColumn], rows: Rows, language: Language, *, about: About | None = None
) -> Iterator[bytes]:
    """A FeatureCollection of points in chunks; geometry from the columns of kind longitude and latitude.

    Properties are named by machine key. Foreign members ``about``, ``headers`` and ``units`` explain them.
    A row without both coordinates has the geometry null. Raises ValueError when a coordinate column is missing.
    """
    axes = {column.kind: column.key for column in columns if column.kind in ("longitude", "latitude")}
    if len(axes) != 2:
        raise ValueError("GeoJSON needs a column of kind longitude and one of kind latitude")
    others = [column for column in columns if column.key not in axes.values()]
    members = {
        "about": _about(about),
        "headers": {column.key: column.headers[language] for column in others},
        "units": {column.key: column.unit for column in others if column.unit},
    }
    head = f'{{"type":"FeatureCollection",{_json(members)[1:-1]},"features":['
    yield from _flushed(head, (_feature(others, row, axes) for row in rows), "]}\n")


def _flushed(head: str, parts: Iterator[str], tail: str) -> Iterator[bytes]:
    held, size, between = [head], len(head), ""
    for part in parts:
        held.append(between + part)
        size += len(part)
        between = ",\n"
        if size >= _FLUSH:
            yield "".join(held).encode()
            held, size = [], 0
    yield ("".join(held) + tail).encode()


def _feature(columns: Sequence[AnyColumn], row: Row, axes: dict[str, str]) -> str:
    x, y = row.get(axes["longitude"]), row.get(axes["latitude"])
    point = "null" if x is None or y is None else f'{{"type":"Point","coordinates":[{_value(x)},{_value(y)}]}}'
    return f'{{"type":"Feature","geometry":{point},"properties":{_properties(columns, row)}}}'


def _properties(columns: Sequence[AnyColumn], row: Row) -> str:
    pairs = (f"{_json(column.key)}:{_value(in_unit(column, row.get(column.key)))}" for column in columns)
    return "{" + ",".join(pairs) + "}"


def _value(value: Any) -> str:
    match value:
        case None | bool() | int() | float() | str():
            return _json(value)
        case Decimal():
            return plain(value)
        case _:
            return _json(plain(value))


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _about(about: About | None) -> dict[str, Any] | None:
    if about is None:
        return None
    return {
        "title": about.title,
        "source": about.source,
        "licence": about.licence,
        "retrieved": about.retrieved.isoformat(),
        "watermark": about.watermark,
    }
