"""The layers at a place: values, months, ranks."""

from decimal import Decimal

import numpy as np

from jasyl.places.boundaries import Boundaries
from jasyl.storage import DataFolder

from ..area_coverage import Statistics, coverage
from ..area_statistics import class_areas, statistics
from ..layer import Layer
from ..layer_catalogue import SCALES, catalogue
from ..raster import Raster, load
from .place import Place
from .ranks import distribution
from .site_report import LayerEntry, Rank

COUNTRY = "KZ"


def layer_entries(folder: DataFolder, place: Place, borders: Boundaries) -> list[LayerEntry]:
    """Every built raster layer whose window holds the place, in the order of the catalogue."""
    built = (layer for layer in catalogue(folder) if layer.state == "built" and layer.shape == "raster")
    found = (_entry(folder, layer, place, borders) for layer in built)
    return [entry for entry in found if entry is not None]


def _entry(folder: DataFolder, layer: Layer, place: Place, borders: Boundaries) -> LayerEntry | None:
    raster = load(folder, layer.id)
    cell = raster.grid.cell(place.longitude, place.latitude)
    if cell is None:
        return None
    scale = Decimal(raster.layer.scale)
    stored = [None if number == raster.layer.nodata else int(number) for number in raster.at(*cell)]
    coded = layer.id in SCALES and bool(SCALES[layer.id].categories)
    summary = None if place.polygon is None else _summary(folder, layer, place, coded=coded)
    value = None if stored[0] is None else stored[0] * scale
    months = [None if number is None else number * scale for number in stored[1:]] if layer.has_months else []
    others = {} if layer.has_months else dict(zip(layer.bands[1:], stored[1:], strict=True))
    rank_of = stored[0]
    if isinstance(summary, Statistics):
        value = None if summary.mean is None else Decimal(str(round(summary.mean, 6)))
        months = _month_means(raster, place) if layer.has_months else []
        rank_of = None if value is None else round(value / scale)
    return LayerEntry(
        id=layer.id,
        family=layer.family,
        unit=layer.unit,
        kind=layer.kind,
        uncertainty=layer.uncertainty,
        period=layer.period,
        method=layer.method,
        value=value,
        code=(summary if isinstance(summary, int) else stored[0]) if coded else None,
        months=tuple(months) if any(month is not None for month in months) else (),
        bands={name: None if number is None else number * scale for name, number in others.items()},
        ranks=() if coded or rank_of is None else _ranks(raster, rank_of, place, borders),
        statistics=summary if isinstance(summary, Statistics) else None,
    )


def _summary(folder: DataFolder, layer: Layer, place: Place, *, coded: bool) -> Statistics | int | None:
    """Statistics over the polygon; of a layer of codes the one with the largest area."""
    if not coded:
        return statistics(folder, layer.id, [place.polygon])[0]
    (areas,) = class_areas(folder, layer.id, [place.polygon])
    return next(iter(areas), None)


def _month_means(raster: Raster, place: Place) -> list[Decimal | None]:
    """Area-weighted means of January to December over the polygon."""
    (where,) = coverage(raster.grid, [place.polygon])
    found: list[Decimal | None] = []
    for band in range(1, 13):
        stored = raster.band(band).ravel()[where.cells].astype(np.float64)
        known = (stored != raster.layer.nodata) & (where.areas > 0)
        if not known.any():
            found.append(None)
            continue
        mean = float(np.average(stored[known], weights=where.areas[known])) * float(raster.layer.scale)
        found.append(Decimal(str(round(mean, 6))))
    return found


def _ranks(raster: Raster, stored: int, place: Place, borders: Boundaries) -> tuple[Rank, ...]:
    codes = [code for code in (place.region, COUNTRY) if code is not None]
    found = ((code, distribution(raster, 0, borders, code).share(stored)) for code in codes)
    return tuple(Rank(code, None if share is None else round(share, 4)) for code, share in found)
