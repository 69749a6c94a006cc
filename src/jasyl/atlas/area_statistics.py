"""Statistics of a layer over polygons: every cell counts by the part of its area that lies inside."""

from collections.abc import Sequence
from decimal import Decimal

import numpy as np

from jasyl.storage import DataFolder

from .area_coverage import Shape, Statistics, coverage, summarise_cells
from .layer_catalogue import SCALES
from .raster import load


def statistics(
    folder: DataFolder, layer_id: str, shapes: Sequence[Shape], band: int = 0, *, beyond: bool = False
) -> list[Statistics]:
    """Statistics of a built layer for each polygon, in order; ``band`` counts its bands from 0. Where ``beyond`` allows
    it, polygons that the layer does not reach have nothing known.

    Raises Refusal ``shape-invalid`` (number of the shape from 1, reason), ``shape-antimeridian``, ``shape-outside``,
    ``layer-band`` and what ``raster.load`` raises. A layer of codes has area and share only: see ``class_areas``.
    """
    raster = load(folder, layer_id)
    stored, nodata, scale = raster.band(band).ravel(), raster.layer.nodata, float(1 / Decimal(raster.layer.scale))
    rows: list[Statistics] = []
    for found in coverage(raster.grid, shapes, beyond=beyond):
        picked = stored[found.cells].astype(np.float64)
        row = summarise_cells(np.where(picked == nodata, np.nan, picked / scale), found)
        rows.append(Statistics(*[None] * 6, row.area, row.share) if _is_coded(layer_id) else row)  # type: ignore[arg-type]
    return rows


def class_areas(folder: DataFolder, layer_id: str, shapes: Sequence[Shape]) -> list[dict[int, float]]:
    """Area (m²) of each class of a layer of codes inside each polygon, largest first.

    Raises as ``statistics``.
    """
    raster = load(folder, layer_id)
    stored = raster.band(0).ravel()
    rows: list[dict[int, float]] = []
    for found in coverage(raster.grid, shapes):
        codes, where = np.unique(stored[found.cells], return_inverse=True)
        areas = np.bincount(where, weights=found.areas)
        known = {int(code): float(area) for code, area in zip(codes, areas, strict=True) if code != raster.layer.nodata}
        rows.append(dict(sorted(known.items(), key=lambda entry: -entry[1])))
    return rows


def _is_coded(layer_id: str) -> bool:
    return layer_id in SCALES and bool(SCALES[layer_id].categories)
