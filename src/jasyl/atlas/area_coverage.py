"""Polygons over a grid: which cells one covers, and area-weighted statistics of values in them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .grid import Grid
from .window import check_shapes

Floats = NDArray[np.float64]
# A GeoJSON geometry (RFC 7946), or any object that says so by __geo_interface__, as shapely geometries do.
Shape = Mapping[str, Any] | Any
SHARES = (0.1, 0.5, 0.9)


@dataclass(frozen=True)
class Coverage:
    """The cells a polygon touches: flat index into the grid, and the part of the cell's area inside, m².

    ``covered`` is the share of the polygon that lies on the grid, in degrees of longitude and latitude.
    """

    cells: NDArray[np.intp]
    areas: Floats
    covered: float

    @property
    def area(self) -> float:
        """Area of the polygon as far as the grid reaches, m²."""
        return float(self.areas.sum())


@dataclass(frozen=True)
class Statistics:
    """Area-weighted statistics of one band over one polygon, in the layer's unit; None where no cell has a value.

    A percentile is the smallest cell value up to which at least that share of the area lies. ``area`` (m²) counts
    cells that have a value, ``share`` is its part of the polygon.
    """

    mean: float | None
    minimum: float | None
    p10: float | None
    p50: float | None
    p90: float | None
    maximum: float | None
    area: float
    share: float


def coverage(grid: Grid, shapes: Sequence[Shape], *, beyond: bool = False) -> list[Coverage]:
    """Which cells of ``grid`` each polygon covers and how much of them (exactextract, exact in degrees).

    Depends on the shapes alone: compute once, use for every layer and band of the grid. A polygon off the grid is
    refused (``shape-outside``), or covers nothing where ``beyond`` allows it: regions of a layer of a part of them.
    """
    from exactextract import exact_extract  # noqa: PLC0415
    from exactextract.feature import JSONFeatureSource  # noqa: PLC0415
    from exactextract.raster import NumPyRasterSource  # noqa: PLC0415

    polygons = [_polygon(number, shape) for number, shape in enumerate(shapes, start=1)]
    check_shapes(polygons)
    xmin, ymin, xmax, ymax = grid.bounds
    # A constant raster: cell_id and coverage do not look at values.
    source = NumPyRasterSource(np.ones(grid.shape, dtype=np.uint8), xmin=xmin, ymin=ymin, xmax=xmax, ymax=ymax)
    features = JSONFeatureSource(
        [{"type": "Feature", "properties": {}, "geometry": polygon.__geo_interface__} for polygon in polygons]
    )
    found: Any = exact_extract(source, features, ["cell_id", "coverage"])
    made: list[Coverage] = []
    for number, (polygon, feature) in enumerate(zip(polygons, found, strict=True), start=1):
        cells = np.asarray(feature["properties"]["cell_id"], dtype=np.intp)
        parts = np.asarray(feature["properties"]["coverage"], dtype=np.float64)
        if not parts.sum() > 0 and not beyond:
            west, south, east, north = grid.written_bounds
            raise Refusal("shape-outside", number=number, west=west, south=south, east=east, north=north)
        covered = min(float(parts.sum()) * grid.degrees**2 / polygon.area, 1.0)
        made.append(Coverage(cells, parts * grid.row_areas[cells // grid.columns], covered))
    return made


def summarise(values: Floats, where: Coverage) -> Statistics:
    """Statistics of ``values`` [rows, columns] over the covered cells; NaN cells are left out."""
    return summarise_cells(values.ravel()[where.cells], where)


def summarise_cells(picked: Floats, where: Coverage) -> Statistics:
    """Statistics of the values of the covered cells alone, in their order; NaN cells are left out."""
    known = ~np.isnan(picked) & (where.areas > 0)
    picked, weights = picked[known], where.areas[known]
    if not len(picked):
        return Statistics(None, None, None, None, None, None, 0.0, 0.0)
    area = float(weights.sum())
    share = where.covered * area / where.area
    order = np.argsort(picked, kind="stable")
    picked, upto = picked[order], np.cumsum(weights[order])
    p10, p50, p90 = (float(picked[np.searchsorted(upto, part * upto[-1])]) for part in SHARES)
    mean = float(np.average(picked, weights=weights[order]))
    return Statistics(mean, float(picked[0]), p10, p50, p90, float(picked[-1]), area, share)


def _polygon(number: int, shape: Any) -> Any:
    """``shape`` as a valid shapely polygon; what crosses itself is refused, never mended unseen."""
    import shapely  # noqa: PLC0415
    from shapely.geometry import shape as geometry_of  # noqa: PLC0415

    try:
        with np.errstate(invalid="ignore"):  # NaN coordinates are told by is_valid below
            polygon: Any = geometry_of(shape)
    except (TypeError, ValueError, KeyError, AttributeError, IndexError, shapely.errors.ShapelyError) as error:
        raise Refusal("shape-invalid", number=number, reason=str(error)[:200]) from error
    if polygon.geom_type not in {"Polygon", "MultiPolygon"} or polygon.is_empty:
        raise Refusal("shape-invalid", number=number, reason=polygon.geom_type)
    if not polygon.is_valid:
        raise Refusal("shape-invalid", number=number, reason=shapely.is_valid_reason(polygon))
    return polygon
