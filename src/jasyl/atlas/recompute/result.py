"""An answer to a planner: values of every cell, the standard beside them, legends and tiles of both and of the rest."""

from dataclasses import dataclass, field
from decimal import Decimal
from threading import Lock
from typing import Any, Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from ..colour import Colour, ramp
from ..grid import Grid
from ..layer import Layer, Source, waiting
from ..legends import Legend, LegendClass, legend
from ..scale import LAKE
from ..solar.layers import PVOUT
from ..tiles import check_address, paint
from ..wind.layers import CAPACITY_FACTOR

Floats = NDArray[np.float32]
# What is shown: the values, or how much they lie above those of the standard.
View = Literal["value", "difference"]
VIEWS: Final[tuple[View, ...]] = get_args(View)

# Not layers of the catalogue: nobody builds them, they live as long as somebody asks.
SOLAR = waiting("solar.recompute", PVOUT.quantity, PVOUT.unit, "modelled")
SOLAR_DIFFERENCE = waiting("solar.recompute_difference", f"difference of {PVOUT.quantity}", PVOUT.unit, "modelled")
WIND = waiting("wind.recompute", CAPACITY_FACTOR.quantity, CAPACITY_FACTOR.unit, "modelled")
WIND_DIFFERENCE = waiting(
    "wind.recompute_difference", f"difference of {CAPACITY_FACTOR.quantity}", CAPACITY_FACTOR.unit, "modelled"
)

# Classes of a legend of its own between the two open ones, at most.
_INNER = 10
# A legend may leave this share of the cells in its highest class, and this share above or below its classes.
_CROWD, _TAIL = 0.02, 0.01
# Less, the same, more: told apart in every kind of colour blindness.
_LESS, _SAME, _MORE = "#1f5fa8", "#f4f1ea", "#b3541e"
_SIDE = 4


@dataclass(frozen=True, eq=False)
class Recomputed:
    """Values [bands, rows, columns] in the unit of ``layer``, NaN where weather is missing.

    Band 0 is the year; where there are thirteen the others are January to December. ``standard`` are the values of
    what everybody sees, on the same grid, None where there is nothing to compare with; ``standard_layer`` is the layer
    whose legend is shared as long as it serves. ``settings`` say what was asked, as texts; ``inputs`` name the weather
    by hash.
    """

    layer: Layer
    difference: Layer
    standard_layer: Layer
    grid: Grid
    values: Floats
    standard: Floats | None
    period: str
    settings: dict[str, str]
    sources: tuple[Source, ...]
    inputs: dict[str, str]
    method: str
    _painted: dict[tuple[int, View], tuple[NDArray[np.uint8], Legend]] = field(
        default_factory=dict[tuple[int, View], tuple[NDArray[np.uint8], Legend]], repr=False
    )
    _lock: Any = field(default_factory=Lock, repr=False)

    @property
    def nbytes(self) -> int:
        """About what is held, with the classes of a year of tiles."""
        return self.values.nbytes * 2 + (0 if self.standard is None else self.standard.nbytes)

    def band(self, band: int, view: View = "value") -> Floats:
        """What is shown of one band [rows, columns]. Raises Refusal ``layer-band``, ``recompute-no-standard``."""
        if not 0 <= band < len(self.values):
            raise Refusal("layer-band", received=str(band), expected=f"0–{len(self.values) - 1}")
        if view == "value":
            return self.values[band]
        if self.standard is None:
            raise Refusal("recompute-no-standard")
        return self.values[band] - self.standard[band]

    def legend(self, band: int = 0, view: View = "value") -> Legend:
        """The classes of a band: the standard layer's own where they serve, else even steps over what is there."""
        return self._classes(band, view)[1]

    def tile(self, band: int, view: View, address: tuple[int, int, int]) -> bytes:
        """A tile (zoom, column, row) as palette PNG; raises Refusal ``tile-address`` and those of ``band``."""
        check_address(*address)
        classes, found = self._classes(band, view)
        return paint(self.grid, lambda cells: classes[cells], [entry.colour for entry in found.classes], address)

    def at(self, longitude: float, latitude: float) -> tuple[list[float | None], list[float | None]] | None:
        """Values of the cell of a place in every band, and the standard's; None outside."""
        cell = self.grid.cell(longitude, latitude)
        if cell is None:
            return None
        standard = np.full(len(self.values), np.nan) if self.standard is None else self.standard[:, *cell]
        return _plain(self.values[:, *cell]), _plain(standard)

    def _classes(self, band: int, view: View) -> tuple[NDArray[np.uint8], Legend]:
        """The class of every cell, counted from 1, 0 where there is none; worked out once for all tiles."""
        with self._lock:
            if (band, view) not in self._painted:
                values = self.band(band, view)
                found = self._legend_of(values, band, view)
                edges = np.array([float(edge) for edge in found.breaks])
                classes = np.searchsorted(edges, values, side="right").astype(np.uint8) + np.uint8(1)
                classes[np.isnan(values)] = 0
                self._painted[band, view] = classes, found
            return self._painted[band, view]

    def _legend_of(self, values: Floats, band: int, view: View) -> Legend:
        known = values[~np.isnan(values)].astype(np.float64)
        if view == "difference":
            return Legend(self.difference, band, _difference_classes(known))
        shared = legend(self.standard_layer.id, band)
        beyond = np.count_nonzero(known >= float(shared.breaks[-1])) + np.count_nonzero(known < float(shared.breaks[0]))
        if not known.size or beyond <= _CROWD * known.size:
            return Legend(self.layer, band, shared.classes)
        return Legend(self.layer, band, _even_classes(known))


def _even_classes(known: NDArray[np.float64]) -> tuple[LegendClass, ...]:
    """Even steps of a round width over nearly all of what is there, open at both ends."""
    low, high = np.quantile(known, (_TAIL, 1 - _TAIL))
    step = _round_up((high - low) / _INNER)
    first = Decimal(int(np.floor(low / float(step)))) * step + step
    count = max(int(np.ceil((high - float(first)) / float(step))), 1)
    return _between([first + number * step for number in range(count)], ramp(LAKE, count + 1))


def _difference_classes(known: NDArray[np.float64]) -> tuple[LegendClass, ...]:
    """Classes about zero, the same to both sides, the middle one for what hardly differs."""
    most = float(np.quantile(np.abs(known), 1 - _TAIL)) if known.size else 0.0
    step = _round_up(max(most, 0.01) / _SIDE)
    edges = [step * (number + Decimal("0.5")) for number in range(-_SIDE, _SIDE)]
    below, above = ramp((_LESS, _SAME), _SIDE + 1), ramp((_SAME, _MORE), _SIDE + 1)
    return _between(edges, (*below[:-1], *above))


def _between(edges: list[Decimal], colours: tuple[Colour, ...]) -> tuple[LegendClass, ...]:
    ends = [None, *edges, None]
    return tuple(
        LegendClass(lower, upper, colour) for lower, upper, colour in zip(ends[:-1], ends[1:], colours, strict=True)
    )


def _round_up(width: float) -> Decimal:
    """The smallest of 1, 2, 5 times a power of ten that is at least ``width``; a hundredth for nothing."""
    if not width > 0:
        return Decimal("0.01")
    power = Decimal(10) ** int(np.floor(np.log10(width)))
    return next(
        factor * power for factor in (Decimal(1), Decimal(2), Decimal(5), Decimal(10)) if factor * power >= width
    )


def _plain(values: NDArray[Any]) -> list[float | None]:
    return [None if np.isnan(value) else float(value) for value in values]
