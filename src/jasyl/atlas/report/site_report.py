"""What a site report holds. Missing is None, never zero; every number says how it came about."""

from decimal import Decimal
from typing import Any, Literal

import msgspec

from jasyl.quantities import decimal_text

from ..area_coverage import Statistics
from ..layer import Family, Kind
from ..siting.result import RuleHit, RuleResult
from ..value_file import Confidence, ValueKind

Months = tuple[Decimal | None, ...]


class Rank(msgspec.Struct, frozen=True):
    """Where a value stands: the share of the area of ``within`` (code) whose value is lower, half of what is equal."""

    within: str
    share: float | None


class LayerEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A raster layer at the place. ``value`` is of the year or the first band, exact as stored; over a polygon it is
    the area-weighted mean and ``statistics`` says more. ``bands`` are all others by name (months excepted).
    """

    id: str
    family: Family
    unit: str
    kind: Kind
    uncertainty: str
    period: str | None
    method: str | None
    value: Decimal | None
    code: int | None = None
    months: Months = ()
    bands: dict[str, Decimal | None] = {}
    ranks: tuple[Rank, ...] = ()
    statistics: Statistics | None = None


class WeatherEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A quantity out of the weather store at the place: means over the time it covers, in ``unit``.

    ``hours`` are 12 months by 24 hours of UTC+5. ``p50`` and ``p90`` are what the means of whole calendar years exceed
    in one of two and in nine of ten, by `exceedance`; None with fewer ``years`` than it asks for.
    """

    quantity: str
    unit: str
    mean: Decimal | None
    months: Months
    hours: tuple[Months, ...]
    years: int
    p50: Decimal | None
    p90: Decimal | None
    first: str
    last: str


class Estimate(msgspec.Struct, frozen=True, kw_only=True):
    """What one source says of a quantity at the place, in the unit of its layer.

    ``layer`` is the layer that shows the quantity, ``metres`` how far away a station is; a published series and a cell
    hold for the place itself.
    """

    layer: str
    quantity: str
    source: str
    kind: Kind | ValueKind
    value: Decimal
    unit: str
    period: str | None = None
    metres: float | None = None


class Spread(msgspec.Struct, frozen=True):
    """What different sources say of the same quantity at the place: least, greatest, and half their difference as a
    share of their mean; None for temperatures, of which shares mean nothing.
    """

    quantity: str
    unit: str
    estimates: tuple[Estimate, ...]
    low: Decimal
    high: Decimal
    relative: float | None

    @property
    def half(self) -> Decimal:
        """Half the difference, in the unit."""
        return (self.high - self.low) / 2


class Distance(msgspec.Struct, frozen=True):
    """Metres to the nearest feature of a kind (``grid``, ``road``, ``protected``), from a polygon's edge, 0 where it
    crosses; None while none are loaded.
    """

    to: str
    metres: float | None


class Room(msgspec.Struct, frozen=True, kw_only=True):
    """What the rules titled ``title`` leave of a polygon, m² on the ellipsoid.

    ``area`` is all that was looked at, ``unknown`` the part of ``remaining`` for which some rule had no data,
    ``capacity`` what fits into ``remaining``, W (None without a density), ``precision`` how sure distances are, m;
    ``digest`` is that of the analysis.
    """

    title: str
    area: int
    excluded: int
    remaining: int
    unknown: int
    capacity: int | None
    rules: tuple[RuleResult, ...]
    precision: float
    digest: str

    def share(self, part: int) -> float:
        """A part of the area between 0 and 1."""
        return part / self.area


class CapacityFactor(msgspec.Struct, frozen=True):
    """A capacity factor of a plant in a year: ``observed`` by its meters, or ``published`` with its source."""

    year: str
    value: Decimal
    kind: str
    figure: str


class PlantEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A registered plant ``inside`` a polygon, or near the place. ``modelled`` is what the layer ``modelled_by`` says
    at the plant.
    """

    key: str
    names: dict[str, str | None]
    family: str
    status: str
    confirmed: bool
    capacity: int | None
    metres: float
    inside: bool = False
    longitude: float
    latitude: float
    precision: str
    factors: tuple[CapacityFactor, ...] = ()
    modelled: Decimal | None = None
    modelled_by: str | None = None


class AreaEntry(msgspec.Struct, frozen=True, kw_only=True):
    """A layer of areas for the district or region of the place."""

    layer: str
    family: Family
    place: str
    level: str
    unit: str
    value: Decimal | None
    low: Decimal | None
    high: Decimal | None
    year: int | None
    kind: ValueKind
    confidence: Confidence
    confirmed: bool
    source: str
    note: str = ""


class NearSite(msgspec.Struct, frozen=True, kw_only=True):
    """A site of a layer near the place."""

    layer: str
    family: Family
    id: str
    name: str
    metres: float
    precision: str
    unit: str
    value: Decimal | None
    year: int | None
    kind: ValueKind
    confidence: Confidence
    confirmed: bool
    source: str


class Licence(msgspec.Struct, frozen=True):
    """A source that the report rests on."""

    name: str
    version: str
    licence: str
    reference: str
    layers: tuple[str, ...]


class SiteReport(msgspec.Struct, frozen=True, kw_only=True):
    """Everything about a place, the same for JSON, CSV and paper.

    ``shape`` is ``point`` or ``polygon``; longitude and latitude are of the point or of a point inside the polygon,
    ``area`` is the polygon's in m². Layers, distances, plants, sites and ``room`` are of the polygon; weather, region,
    district and ``areas`` of that point. ``rules`` are those of a point, ``room`` of a polygon. ``region`` and
    ``district`` are codes, ``borders`` says how good the borders are.
    ``waiting`` are the layers that lack data. ``inputs`` maps each input to its SHA-256; ``digest`` is the SHA-256 of
    place and inputs: two reports with the same digest say the same.
    """

    shape: Literal["point", "polygon"]
    longitude: Decimal
    latitude: Decimal
    area: int | None
    region: str | None
    district: str | None
    borders: str
    layers: tuple[LayerEntry, ...]
    weather: tuple[WeatherEntry, ...]
    spreads: tuple[Spread, ...]
    distances: tuple[Distance, ...]
    rules: tuple[RuleHit, ...]
    room: Room | None
    plants: tuple[PlantEntry, ...]
    areas: tuple[AreaEntry, ...]
    sites: tuple[NearSite, ...]
    licences: tuple[Licence, ...]
    waiting: tuple[str, ...]
    inputs: dict[str, str]
    digest: str

    def as_data(self) -> dict[str, Any]:
        """For JSON: numbers as numbers, missing as null."""
        plain: dict[str, Any] = msgspec.to_builtins(self, builtin_types=(Decimal,))
        return _numbers(plain)

    def entry(self, layer_id: str) -> LayerEntry | None:
        """The entry of a raster layer, None where it is not built."""
        return next((entry for entry in self.layers if entry.id == layer_id), None)


def _numbers(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(decimal_text(value))
    if isinstance(value, dict):
        return {key: _numbers(inner) for key, inner in value.items()}
    return [_numbers(inner) for inner in value] if isinstance(value, list | tuple) else value
