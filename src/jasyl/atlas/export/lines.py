"""Layers of rivers and lakes as GeoPackage and CSV: every column of the GeoParquet that is kept, licence beside it."""

from pathlib import Path
from typing import Any

from jasyl.papers import write_csv
from jasyl.papers.column import Column
from jasyl.storage import DataFolder

from ..layer import Layer
from ..water.lines import load_lines
from .about import attributes, licences

# Decimals of a degree in the text of a CSV file: a tenth of a metre.
_DECIMALS = 6


def write_geopackage(folder: DataFolder, layer: Layer, target: Path) -> None:
    """OGC GeoPackage with one table; layer and licence as its metadata."""
    import pyogrio  # noqa: PLC0415

    _, table = load_lines(folder, layer.id)
    pyogrio.write_arrow(
        table, target, geometry_name="geometry", geometry_type="Unknown", crs="EPSG:4326", driver="GPKG",
        layer=layer.id.replace(".", "_"), layer_metadata=attributes(layer),
    )  # fmt: skip


def write_table(folder: DataFolder, layer: Layer, target: Path) -> None:
    """The columns as CSV, with the geometry as text (WKT, longitude first) and the licence in each row."""
    import shapely  # noqa: PLC0415

    _, table = load_lines(folder, layer.id)
    names = [name for name in table.column_names if name != "geometry"]
    shapes = shapely.to_wkt(shapely.from_wkb(table["geometry"].to_pylist()), rounding_precision=_DECIMALS)
    rows: list[dict[str, Any]] = [
        {**row, "geometry": shape, "licence": licences(layer)}
        for row, shape in zip(table.select(names).to_pylist(), shapes, strict=True)
    ]
    columns = [Column(key, {"en": key}) for key in (*names, "geometry", "licence")]
    with target.open("wb") as out:
        out.writelines(write_csv(columns, rows, "en", keys=True))
