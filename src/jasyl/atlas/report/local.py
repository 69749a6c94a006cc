"""Layers of areas and sites at a place: what statistics say of its district and region, and the sites near it."""

from collections.abc import Iterator

from jasyl.storage import DataFolder

from ..areas import AreaValue, load_areas
from ..layer import Layer
from ..layer_catalogue import catalogue
from ..sites import load_sites
from .place import Place
from .site_report import AreaEntry, NearSite

NEAREST = 3
REACH = 150_000.0


def area_entries(folder: DataFolder, place: Place) -> list[AreaEntry]:
    """Of each built layer of areas the value of the district, else of the region of the place."""
    return [entry for layer in _built(folder, "areas") if (entry := _area(folder, layer, place)) is not None]


def near_sites(folder: DataFolder, place: Place) -> list[NearSite]:
    """Of each built layer of sites the three nearest within 150 km."""
    found: list[NearSite] = []
    for layer in _built(folder, "sites"):
        placed = [
            (float(site.longitude), float(site.latitude), site)
            for site in load_sites(folder, layer.id).values
            if site.longitude is not None and site.latitude is not None
        ]
        metres_to = place.metres_to([one[0] for one in placed], [one[1] for one in placed])
        away = [(metres, site) for metres, (_, _, site) in zip(metres_to, placed, strict=True)]
        away.sort(key=lambda each: (each[0], each[1].id))
        found += [
            NearSite(
                layer=layer.id, family=layer.family, id=site.id, name=site.name, metres=round(metres, -2),
                precision=site.precision, unit=layer.unit, value=site.value, year=site.year, kind=site.kind,
                confidence=site.confidence, confirmed=site.confirmed, source=site.source,
            )
            for metres, site in away[:NEAREST]
            if metres <= REACH
        ]  # fmt: skip
    return found


def _built(folder: DataFolder, shape: str) -> Iterator[Layer]:
    return (layer for layer in catalogue(folder) if layer.state == "built" and layer.shape == shape)


def _area(folder: DataFolder, layer: Layer, place: Place) -> AreaEntry | None:
    areas = load_areas(folder, layer.id)
    candidates: list[AreaValue] = [
        value for code in (place.district, place.region) if code and (value := areas.of(code)) is not None
    ]
    if not candidates:
        return None
    value = candidates[0]
    return AreaEntry(
        layer=layer.id, family=layer.family, place=value.place, level=value.level, unit=layer.unit, value=value.value,
        low=value.low, high=value.high, year=value.year, kind=value.kind, confidence=value.confidence,
        confirmed=value.confirmed, source=value.source, note=value.note,
    )  # fmt: skip
