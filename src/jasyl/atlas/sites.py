"""Layers of sites: values of points, such as wells, landfills and settlements."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import msgspec

from jasyl.storage import DataFolder
from jasyl.texts import Language

from .areas import choropleth
from .layer import Layer
from .value_file import PlaceValue, read_values, write_values

# exact: the site itself; settlement: its town or village; approximate: nearer than that nothing is known.
Precision = Literal["exact", "settlement", "approximate"]


class SiteValue(PlaceValue, frozen=True, kw_only=True, omit_defaults=True):
    """A layer's value of one site: `PlaceValue` with its id, name and place.

    ``longitude`` and ``latitude`` are WGS 84 degrees, both None for a site whose place is not known: it is in lists,
    not on the map. ``place`` is the ISO 3166-2 code of its region, or KATO of its district, None where unknown.
    """

    id: str
    name: str
    longitude: Decimal | None = None
    latitude: Decimal | None = None
    precision: Precision = "exact"
    place: str | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (self.longitude is None) != (self.latitude is None):
            raise ValueError(f"{self.id}: a place needs longitude and latitude")
        if self.longitude is not None and self.latitude is not None:
            inside = abs(self.longitude) <= 180 and abs(self.latitude) <= 90
            if not inside:
                raise ValueError(f"{self.id}: {self.longitude}, {self.latitude} is not a place")


@dataclass(frozen=True)
class Sites:
    """A built layer of sites and its values, by id."""

    layer: Layer
    values: tuple[SiteValue, ...]

    def of(self, identifier: str) -> SiteValue | None:
        return next((value for value in self.values if value.id == identifier), None)

    def total(self) -> tuple[Decimal | None, int]:
        """The sum of confirmed values, None when there are none, and how many sites are not in it."""
        counted = [value.value for value in self.values if value.confirmed and value.value is not None]
        return sum(counted, Decimal(0)) if counted else None, len(self.values) - len(counted)

    def as_data(self, language: Language) -> dict[str, object]:
        """Record, labels, and values with the class of the legend and its colour."""
        return {
            "layer": self.layer.as_data(),
            "title": self.layer.title(language),
            "unit_text": self.layer.units.written(language),
            "kind_text": self.layer.label(language),
            "values": [value.as_data() | choropleth(self.layer.id, value.value) for value in self.values],
        }

    def as_geojson(self) -> dict[str, Any]:
        """The sites as a GeoJSON FeatureCollection (RFC 7946); geometry null where the place is not known."""
        return {"type": "FeatureCollection", "features": [_feature(self.layer.id, value) for value in self.values]}


def write_sites(folder: DataFolder, draft: Layer, values: Iterable[SiteValue]) -> Layer:
    """Store the values of a layer of sites and its record, which names their hash; gives the record.

    Values are kept in order of id. Raises ValueError for an id twice.
    """
    ordered = sorted(values, key=lambda value: value.id)
    assert draft.shape == "sites"
    ids = [value.id for value in ordered]
    if len(set(ids)) < len(ids):
        raise ValueError(f"an id twice: {sorted(one for one in set(ids) if ids.count(one) > 1)}")
    return write_values(folder, draft, ordered)


def load_sites(folder: DataFolder, layer_id: str) -> Sites:
    """A built layer of sites.

    Raises Refusal ``layer-unknown``, ``layer-shape``, ``layer-waiting`` and ``layer-damaged``.
    """
    layer, rows = read_values(folder, layer_id, "sites")
    return Sites(layer, tuple(msgspec.convert(row, SiteValue, strict=False) for row in rows))


def _feature(layer_id: str, value: SiteValue) -> dict[str, Any]:
    place = None
    if value.longitude is not None and value.latitude is not None:
        place = {"type": "Point", "coordinates": [float(value.longitude), float(value.latitude)]}
    properties = value.as_data() | choropleth(layer_id, value.value)
    return {"type": "Feature", "id": value.id, "geometry": place, "properties": properties}
