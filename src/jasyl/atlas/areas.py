"""Layers of areas: one value for each country, region or district, where a statistic is loaded."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal, get_args

import msgspec

from jasyl.places import regions
from jasyl.quantities import decimal_text
from jasyl.storage import DataFolder
from jasyl.texts import Language

from .layer import Layer
from .legends import legend
from .value_file import PlaceValue, read_values, write_values

Level = Literal["country", "region", "district", "basin"]
COUNTRY = "KZ"


class AreaValue(PlaceValue, frozen=True, kw_only=True, omit_defaults=True):
    """A layer's value of one area: `PlaceValue` with the area's code and level.

    ``place`` is ISO 3166 for the country and its regions (``KZ``, ``KZ-39``), nine digits of KATO for a district, the
    name of a river basin as sources write it (``Aral-Syrdarya``).
    ``region`` is the region a district lies in. A city of republican rank counts as a region.
    """

    place: str
    level: Level
    region: str | None = None


@dataclass(frozen=True)
class Total:
    """A sum over regions: confirmed values only.

    ``missing`` are the regions without a value, ``unconfirmed`` those whose value was left out because nobody
    confirmed it. ``value`` is None when no region has a confirmed value.
    """

    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    counted: tuple[str, ...]
    missing: tuple[str, ...]
    unconfirmed: tuple[str, ...]

    @property
    def complete(self) -> bool:
        return not self.missing and not self.unconfirmed

    def as_data(self) -> dict[str, object]:
        """For JSON: numbers as decimal texts or None."""
        numbers = {"value": self.value, "low": self.low, "high": self.high}
        return {
            **{name: None if number is None else decimal_text(number) for name, number in numbers.items()},
            "counted": list(self.counted),
            "missing": list(self.missing),
            "unconfirmed": list(self.unconfirmed),
        }


@dataclass(frozen=True)
class Areas:
    """A built layer of areas and its values, by level and place."""

    layer: Layer
    values: tuple[AreaValue, ...]

    def at(self, level: Level) -> tuple[AreaValue, ...]:
        return tuple(value for value in self.values if value.level == level)

    def of(self, place: str) -> AreaValue | None:
        """The value of a place by its code; None where the layer has no row for it."""
        return next((value for value in self.values if value.place == place), None)

    def total(self) -> Total:
        """The sum over the 20 regions, saying which are missing; never the row of the country added to it."""
        found = {value.place: value for value in self.at("region") if value.value is not None}
        return _total(found, [region.iso for region in regions()])

    def as_data(self, language: Language, level: Level | None = None) -> dict[str, object]:
        """Record, labels, total, and values with the class of the legend and its colour (None where no value is)."""
        chosen = self.values if level is None else self.at(level)
        return {
            "layer": self.layer.as_data(),
            "title": self.layer.title(language),
            "unit_text": self.layer.units.written(language),
            "kind_text": self.layer.label(language),
            "total": self.total().as_data(),
            "values": [value.as_data() | choropleth(self.layer.id, value.value) for value in chosen],
        }


def write_areas(folder: DataFolder, draft: Layer, values: Iterable[AreaValue]) -> Layer:
    """Store the values of a layer of areas and its record, which names their hash; gives the record.

    Values are kept in order of level (country, regions, districts, basins) and place. Raises ValueError for a place
    twice.
    """
    ordered = sorted(values, key=lambda value: (get_args(Level).index(value.level), value.place))
    assert draft.shape == "areas"
    places = [value.place for value in ordered]
    if len(set(places)) < len(places):
        raise ValueError(f"a place twice: {sorted(place for place in set(places) if places.count(place) > 1)}")
    return write_values(folder, draft, ordered)


def load_areas(folder: DataFolder, layer_id: str) -> Areas:
    """A built layer of areas.

    Raises Refusal ``layer-unknown``, ``layer-shape``, ``layer-waiting`` and ``layer-damaged``.
    """
    layer, rows = read_values(folder, layer_id, "areas")
    return Areas(layer, tuple(msgspec.convert(row, AreaValue) for row in rows))


def choropleth(layer_id: str, value: Decimal | None) -> dict[str, Any]:
    """Number of the legend's class and its colour for a value; both None where no value is (left transparent)."""
    if value is None:
        return {"class": None, "colour": None}
    found = legend(layer_id)
    number = bisect_right(found.breaks, value)
    return {"class": number, "colour": found.classes[number].hex}


def _total(found: dict[str, AreaValue], expected: list[str]) -> Total:
    counted = [value for value in found.values() if value.confirmed]

    def added(which: Literal["value", "low", "high"]) -> Decimal | None:
        numbers = [getattr(value, which) for value in counted]
        # A row without a range bounds the sum by its value.
        filled = [value.value if number is None else number for number, value in zip(numbers, counted, strict=True)]
        return sum((number for number in filled if number is not None), Decimal(0)) if counted else None

    return Total(
        added("value"),
        added("low"),
        added("high"),
        tuple(value.place for value in counted),
        tuple(place for place in expected if place not in found),
        tuple(value.place for value in found.values() if not value.confirmed),
    )
