"""The value of a layer at a place: what a click on the map shows."""

from dataclasses import dataclass
from decimal import Decimal

from jasyl.storage import DataFolder
from jasyl.texts import Language, Refusal, say

from .layer import Layer
from .layer_catalogue import SCALES
from .raster import load
from .solar import explain

# Days of January to December in the common year that month totals are made for.
MONTH_LENGTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True)
class PointValue:
    """A layer's values in the cell that holds a point.

    ``year`` is the value of the year or, in a layer without months, of its first band; ``months`` (January to December)
    are empty in a layer without them; ``values`` has every band in the layer's order. All are in the layer's unit,
    exact as stored, None where the layer has no value. ``month_totals`` and ``year_total`` are values per day times
    the days of a year of 365 days (kWh/m² for irradiation); empty and None for other layers.
    ``altitude`` (m) and ``turbidity`` (by month) are what the clear-sky model knew of the cell.
    """

    layer: Layer
    longitude: float
    latitude: float
    cell: tuple[int, int]
    centre: tuple[float, float]
    year: Decimal | None
    months: tuple[Decimal | None, ...]
    altitude: int | None = None
    turbidity: tuple[Decimal, ...] = ()
    values: tuple[Decimal | None, ...] = ()

    @property
    def total_unit(self) -> str | None:
        """The unit of the totals; None where a sum over days means nothing."""
        return self.layer.unit.removesuffix("/d") if self.layer.unit.endswith("/d") else None

    @property
    def month_totals(self) -> tuple[Decimal | None, ...]:
        if self.total_unit is None or not self.months:
            return ()
        return tuple(
            None if day is None else day * length for day, length in zip(self.months, MONTH_LENGTHS, strict=True)
        )

    @property
    def year_total(self) -> Decimal | None:
        """The sum of the month totals, the year times 365 in a layer without months; None when a month is missing."""
        if self.total_unit is None:
            return None
        if not self.months:
            return None if self.year is None else self.year * 365
        totals = [total for total in self.month_totals if total is not None]
        return sum(totals, Decimal(0)) if len(totals) == len(self.months) else None

    def class_name(self, language: Language) -> str | None:
        """The name of the class, in a layer of codes."""
        scale = SCALES.get(self.layer.id)
        names = {category.code: category.key for category in scale.categories} if scale else {}
        key = None if self.year is None else names.get(int(self.year))
        return say(language, key) if key else None

    def as_data(self, language: Language) -> dict[str, object]:
        """For JSON: numbers as numbers, unit as UCUM code and in words, the label of the kind always beside them."""
        return {
            "layer": self.layer.id,
            "title": self.layer.title(language),
            "kind": self.layer.kind,
            "kind_text": self.layer.label(language),
            "unit": self.layer.unit,
            "unit_text": self.layer.units.written(language),
            "longitude": self.longitude,
            "latitude": self.latitude,
            "cell_centre": list(self.centre),
            "year": _number(self.year),
            "months": [_number(month) for month in self.months],
            "bands": dict(zip(self.layer.bands, map(_number, self.values), strict=False)),
            "class_text": self.class_name(language),
            "total_unit": self.total_unit,
            "year_total": _number(self.year_total),
            "month_totals": [_number(total) for total in self.month_totals],
            "altitude_m": self.altitude,
            "linke_turbidity": [_number(value) for value in self.turbidity],
            "method": self.layer.method,
            "sources": [source.attribution or source.name for source in self.layer.sources],
            "licences": list(dict.fromkeys(source.licence for source in self.layer.sources)),
            "array_sha256": self.layer.array,
        }


def value_at(folder: DataFolder, layer_id: str, longitude: float, latitude: float) -> PointValue:
    """What a built layer says at a point (degrees, WGS 84).

    Raises Refusal ``point-outside`` beyond the layer's window, ``layer-unknown``, ``layer-shape``, ``layer-waiting``,
    ``layer-damaged``.
    """
    raster = load(folder, layer_id)
    layer = raster.layer
    cell = raster.grid.cell(longitude, latitude)
    if cell is None:
        west, south, east, north = raster.grid.written_bounds
        received = f"{longitude:g}, {latitude:g}"
        raise Refusal("point-outside", received=received, west=west, south=south, east=east, north=north)
    scale = Decimal(layer.scale)
    values = tuple(None if value == layer.nodata else int(value) * scale for value in raster.at(*cell))
    altitude, turbidity = explain.clear_sky_inputs(layer, *cell)
    return PointValue(
        layer,
        longitude,
        latitude,
        cell,
        raster.grid.centre(*cell),
        values[0],
        values[1:] if layer.has_months else (),
        altitude,
        turbidity,
        values,
    )


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
