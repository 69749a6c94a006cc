"""Layers of lines: rivers and lakes as GeoParquet 1.1, named by the hash in their record, and GeoJSON for a map."""

import io
import json
from typing import Any

from jasyl.quantities import sha256_hex
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from ..export.about import attributes
from ..layer import Layer
from ..layer_catalogue import definition, put_in_place, read_record


def write_lines(folder: DataFolder, draft: Layer, table: Any) -> Layer:
    """Store a pyarrow table with a ``geometry`` of WKB as a layer of lines, and its record; gives the record.

    The file says of itself what every exported file says: source, licence, method, hashes of what it is made of.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415

    assert draft.shape == "lines"
    buffer = io.BytesIO()
    said = {"geo": _geo(table), **attributes(draft)}
    pq.write_table(table.replace_schema_metadata(said), buffer, compression="zstd")
    content = buffer.getvalue()
    return put_in_place(folder, draft, sha256_hex(content), "parquet", lambda file, _: write_durably(file, content))


def load_lines(folder: DataFolder, layer_id: str) -> tuple[Layer, Any]:
    """Record and pyarrow table of a built layer of lines.

    Raises Refusal ``layer-unknown``, ``layer-shape``, ``layer-waiting`` and ``layer-damaged``.
    """
    import pyarrow.parquet as pq  # noqa: PLC0415

    if definition(layer_id).shape != "lines":
        raise Refusal("layer-shape", received=layer_id, expected=definition(layer_id).shape)
    layer = read_record(folder, layer_id)
    if layer is None or layer.file is None:
        raise Refusal("layer-waiting", received=layer_id)
    try:
        content = (folder.atlas / layer.file).read_bytes()
    except OSError as error:
        raise Refusal("layer-damaged", received=layer.file, reason=error.strerror or str(error)) from error
    if sha256_hex(content) != layer.array:
        raise Refusal("layer-damaged", received=layer.file, reason="SHA-256")
    return layer, pq.read_table(io.BytesIO(content))


def as_geojson(
    table: Any,
    *,
    bounds: tuple[float, float, float, float] | None = None,
    least_order: int = 1,
    tolerance: float = 0.0,
    most: int = 20_000,
) -> dict[str, Any]:
    """Features for a map as a GeoJSON FeatureCollection (RFC 7946), at most ``most``, the largest first.

    ``bounds`` west, south, east, north; ``least_order`` Strahler, where the table has one; ``tolerance`` of
    simplification in degrees.
    """
    import numpy as np  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    shapes = np.asarray(shapely.from_wkb(table["geometry"].to_pylist()))
    keep = np.ones(len(shapes), dtype=bool)
    names = [name for name in table.column_names if name != "geometry"]
    if bounds is not None:
        keep &= np.asarray(shapely.intersects(shapes, shapely.box(*bounds)))
    for name in ("order", "area"):
        if name in names:
            size = np.nan_to_num(table[name].to_numpy(zero_copy_only=False).astype(float), nan=0.0)
            keep &= size >= least_order if name == "order" else keep
            chosen = np.flatnonzero(keep)[np.argsort(-size[keep], kind="stable")][:most]
            break
    else:
        chosen = np.flatnonzero(keep)[:most]
    drawn = shapely.simplify(shapes[chosen], tolerance) if tolerance else shapes[chosen]
    rows = table.select(names).take(chosen).to_pylist()
    features = [
        {"type": "Feature", "properties": row, "geometry": json.loads(shapely.to_geojson(shape))}
        for row, shape in zip(rows, drawn, strict=True)
    ]
    return {"type": "FeatureCollection", "features": features}


def _geo(table: Any) -> str:
    """The metadata by which GeoParquet 1.1 readers know the geometry; WGS 84 (OGC:CRS84) when no other is named."""
    import shapely  # noqa: PLC0415

    kinds = sorted({shape.geom_type for shape in shapely.from_wkb(table["geometry"].to_pylist())})
    column = {"encoding": "WKB", "geometry_types": kinds}
    return json.dumps({"version": "1.1.0", "primary_column": "geometry", "columns": {"geometry": column}})
