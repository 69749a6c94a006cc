"""The value of a layer at a place: what a click on the map shows."""

from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

import numpy as np

from jasyl.storage import DataFolder
from jasyl.texts import Language, Refusal

from .grid import Grid
from .layer import NODATA, Layer
from .raster import load
from .solar.clear_sky import REFERENCE_YEAR, month_lengths
from .solar.clear_sky_inputs import ClearSkyInputs, read_inputs


@dataclass(frozen=True)
class PointValue:
    """A layer's values in the cell that holds a point.

    ``year`` and ``months`` (January to December) are of a mean day, in the layer's unit, exact as stored; None where
    the layer has no value (over the Caspian Sea, above 4500 m). ``month_totals`` and ``year_total`` are the same times
    the days of a year of 365 days (kWh/m² for irradiation). ``altitude`` (m) and ``turbidity`` (by month) are what the
    model knew of the cell.
    """

    layer: Layer
    longitude: float
    latitude: float
    cell: tuple[int, int]
    centre: tuple[float, float]
    year: Decimal | None
    months: tuple[Decimal | None, ...]
    altitude: int | None
    turbidity: tuple[Decimal, ...]

    @property
    def month_totals(self) -> tuple[Decimal | None, ...]:
        lengths = month_lengths(REFERENCE_YEAR)
        return tuple(None if day is None else day * length for day, length in zip(self.months, lengths, strict=True))

    @property
    def year_total(self) -> Decimal | None:
        """The sum of the month totals; None when a month is missing."""
        totals = [total for total in self.month_totals if total is not None]
        return sum(totals, Decimal(0)) if len(totals) == len(self.months) else None

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
            "total_unit": "kW.h/m2",
            "year_total": _number(self.year_total),
            "month_totals": [_number(total) for total in self.month_totals],
            "altitude_m": self.altitude,
            "linke_turbidity": [_number(value) for value in self.turbidity],
            "method": self.layer.method,
            "array_sha256": self.layer.array,
        }


def value_at(folder: DataFolder, layer_id: str, longitude: float, latitude: float) -> PointValue:
    """What a built layer says at a point (degrees, WGS 84).

    Raises Refusal ``point-outside`` beyond the layer's window, ``layer-unknown``, ``layer-waiting``, ``layer-damaged``.
    """
    raster = load(folder, layer_id)
    cell = raster.grid.cell(longitude, latitude)
    if cell is None:
        west, south, east, north = raster.grid.written_bounds
        received = f"{longitude:g}, {latitude:g}"
        raise Refusal("point-outside", received=received, west=west, south=south, east=east, north=north)
    row, column = cell
    scale = Decimal(raster.layer.scale)
    year, *months = (None if value == NODATA else int(value) * scale for value in raster.values[:, row, column])
    inputs = _inputs(raster.grid)
    altitude = inputs.altitude[row, column]
    return PointValue(
        raster.layer,
        longitude,
        latitude,
        cell,
        raster.grid.centre(row, column),
        year,
        tuple(months),
        None if np.isnan(altitude) else int(altitude),
        tuple(Decimal(round(float(value) * 20)) / 20 for value in inputs.turbidity[:, row, column]),
    )


@lru_cache(maxsize=2)
def _inputs(grid: Grid) -> ClearSkyInputs:
    return read_inputs(grid)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)
