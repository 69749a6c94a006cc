"""Rivers and lakes that others have drawn: HydroRIVERS, HydroLAKES, GSHHG, or any layer whose source is named."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from msgspec.structs import replace
from numpy.typing import NDArray

from jasyl.storage import DataFolder
from jasyl.texts import Refusal, Where

from ..grid import KAZAKHSTAN
from ..layer import Layer, Source
from .dem import sha256_of
from .layers import LAKES, RIVERS
from .lines import write_lines

METHOD = "waterways/as-published@1.0.0"


@dataclass(frozen=True)
class _Publisher:
    """A known data set: the column that gives it away, our columns from its, how its numbers become ours."""

    mark: str
    source: Source
    columns: dict[str, tuple[str, float]]


_PUBLISHERS = (
    _Publisher(
        "HYRIV_ID",
        Source(
            name="HydroRIVERS (Lehner and Grill, Hydrological Processes 27 (2013) 2171-2186)",
            version="1.0",
            licence="HydroSHEDS licence agreement (technical documentation of the version loaded)",
            reference="https://www.hydrosheds.org/products/hydrorivers",
        ),
        {
            "reach": ("HYRIV_ID", 1),
            "down": ("NEXT_DOWN", 1),
            "order": ("ORD_STRA", 1),
            "length": ("LENGTH_KM", 1000),  # m
            "area": ("UPLAND_SKM", 1),
            "discharge": ("DIS_AV_CMS", 1),
        },
    ),
    _Publisher(
        "Hylak_id",
        Source(
            name="HydroLAKES (Messager et al., Nature Communications 7 (2016) 13603)",
            version="1.0",
            licence="CC BY 4.0",
            reference="https://www.hydrosheds.org/products/hydrolakes",
        ),
        {"lake": ("Hylak_id", 1), "area": ("Lake_area", 1), "volume": ("Vol_total", 1e6), "discharge": ("Dis_avg", 1)},
    ),
    _Publisher(
        "crossdate",
        Source(
            name="GSHHG shorelines (Wessel and Smith, Journal of Geophysical Research 101 (1996) 8741-8743)",
            version="2.3.7",
            licence="LGPL-3.0-or-later",
            reference="https://www.soest.hawaii.edu/pwessel/gshhg/",
        ),
        {"lake": ("id", 1), "level": ("level", 1), "area": ("area", 1)},
    ),
)


def load_waterways(folder: DataFolder, file: Path, *, source: Source | None = None) -> Layer:
    """Put published rivers (lines) or lakes (polygons) within the window of Kazakhstan on the map; gives the record.

    Any vector file that GDAL reads (GeoPackage, Shapefile, zip of it, GeoParquet). HydroRIVERS, HydroLAKES and GSHHG
    are known by their columns; for others ``source`` has to be given.

    Raises Refusal ``waterways-unreadable``, ``waterways-source``, ``waterways-empty`` (nothing in the window),
    ``waterways-mixed`` (neither lines nor polygons alone), ``dem-crs``, ``dem-projected``, ``dem-datum``.
    """
    where = Where(file=file.name)
    shapes, fields = _read(file)
    if not len(shapes):
        raise Refusal("waterways-empty", where=where, expected=" ".join(KAZAKHSTAN.written_bounds))
    layer = _kind(shapes, where)
    known = next((one for one in _PUBLISHERS if one.mark in fields), None)
    named = source or (known.source if known else None)
    if named is None:
        raise Refusal("waterways-source", where=where, received=", ".join(sorted(fields)[:12]) or "—")
    draft = replace(layer, sources=(named,), method=METHOD, inputs={file.name: sha256_of(file)})
    with folder.locked("atlas"):
        return write_lines(folder, draft, _table(shapes, fields, known))


def _kind(shapes: NDArray[Any], where: Where) -> Layer:
    import shapely  # noqa: PLC0415

    found = set(shapely.get_type_id(shapes).tolist())
    if found <= {1, 5}:  # LineString, MultiLineString
        return RIVERS
    if found <= {3, 6}:  # Polygon, MultiPolygon
        return LAKES
    raise Refusal("waterways-mixed", where=where, received=", ".join(sorted({shape.geom_type for shape in shapes})))


def _read(file: Path) -> tuple[NDArray[Any], dict[str, NDArray[Any]]]:
    """Shapes that touch the window, and the columns beside them."""
    import shapely  # noqa: PLC0415
    from pyogrio import raw  # noqa: PLC0415
    from pyogrio.errors import DataLayerError, DataSourceError  # noqa: PLC0415
    from rasterio.crs import CRS  # noqa: PLC0415

    from .dem import check_crs  # noqa: PLC0415

    try:
        meta, _, geometry, columns = raw.read(file, bbox=KAZAKHSTAN.bounds)
    except (DataSourceError, DataLayerError, OSError, ValueError) as error:
        raise Refusal("waterways-unreadable", where=Where(file=file.name), reason=str(error)[:200]) from error
    check_crs(None if meta["crs"] is None else CRS.from_user_input(meta["crs"]), file.name)
    shapes = np.asarray(shapely.from_wkb(geometry))
    drawn = ~(shapely.is_missing(shapes) | shapely.is_empty(shapes))
    return shapes[drawn], {
        str(name): column[drawn] for name, column in zip(meta["fields"].tolist(), columns, strict=True)
    }


def _table(shapes: NDArray[Any], fields: dict[str, NDArray[Any]], known: _Publisher | None) -> Any:
    import pyarrow as pa  # noqa: PLC0415
    import shapely  # noqa: PLC0415

    columns: dict[str, Any] = {}
    for ours, (theirs, factor) in (known.columns if known else {}).items():
        if theirs in fields:
            given = fields[theirs]
            numbers = given if factor == 1 or given.dtype.kind not in "iuf" else given * float(factor)
            columns[ours] = pa.array(numbers, from_pandas=True)
    return pa.table(columns | {"geometry": pa.array(shapely.to_wkb(shapes).tolist(), type=pa.binary())})
