"""In which unit a raster is: as somebody says, as the file says, or as its values alone allow; never as one hopes."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal, Where

from .opening import FILLS
from .recipe import Recipe

Floats = NDArray[np.float64]
# As files write units (CF conventions, WorldClim, GSA), where they leave no doubt; J/m² does: of an hour or of a day?
_WRITTEN = {
    "kJ m-2 day-1": "kJ/m2/d",
    "MJ m-2 day-1": "MJ/m2/d",
    "kWh/m2/day": "kW.h/m2/d",
    "kWh/m2 per day": "kW.h/m2/d",
    "W m-2": "W/m2",
    "W m**-2": "W/m2",
    "m s-1": "m/s",
    "m s**-1": "m/s",
    "degC": "Cel",
    "degrees_celsius": "Cel",
    "°C": "Cel",
    "kelvin": "K",
    "metre": "m",
    "meters": "m",
}


@dataclass(frozen=True)
class Conversion:
    """From a source's unit to the layer's: times ``factor``, plus ``shift``; what cannot be is refused.

    ``fills`` collects fill values that the file did not declare and that were taken for no value; zero is one of them
    where ``zero_is_none``.
    """

    recipe: Recipe
    unit: str
    where: Where
    fills: set[float]
    zero_is_none: bool = False

    def __call__(self, values: Floats) -> Floats:
        """``values`` in the layer's unit. Raises Refusal ``raster-range`` with the extremes that cannot be."""
        made = values * self.recipe.units[self.unit] + self.recipe.shift(self.unit)
        if self.zero_is_none and (zero := values == 0).any():
            self.fills.add(0.0)
            made = np.where(zero, np.nan, made)
        low, high = self.recipe.possible
        wrong = (made < low) | (made > high)
        if not wrong.any():
            return made
        for fill in FILLS:
            filled = wrong & np.isclose(values, fill, rtol=1e-6)
            if filled.any():
                self.fills.add(fill)
                made = np.where(filled, np.nan, made)
                wrong &= ~filled
        if wrong.any():
            received = f"{np.nanmin(values[wrong]):g} … {np.nanmax(values[wrong]):g} {self.unit}"
            expected = f"{low:g} … {high:g}"
            raise Refusal(
                "raster-range", where=self.where, received=received, expected=expected, count=int(wrong.sum())
            )
        return made


def choose_unit(
    recipe: Recipe, sample: Floats, said: str | None, written: str | None, where: Where, notes: list[str]
) -> str:
    """The unit of the values in ``sample``: ``said`` by somebody, else ``written`` in the file, else by their size.

    Raises Refusal ``raster-empty`` and ``raster-zero`` (no values, or nothing but zero where that cannot be),
    ``raster-unfit`` (in no unit of the layer), ``raster-unit`` (not in that unit; says in which they could be), and
    ``raster-unit-unknown`` where nobody says and the values leave a choice.
    """
    if said is not None and said not in recipe.units:
        raise Refusal("raster-unit-name", where=where, received=said[:40], expected=", ".join(recipe.units))
    if recipe.gather in ("mode", "density", "slope"):
        return next(iter(recipe.units))
    declared = said or _WRITTEN.get(written or "") or (written if written in recipe.units else None)
    mean = _mean(sample[sample != 0] if recipe.never_zero else sample)
    fitting = [unit for unit in recipe.units if _fits(recipe, unit, mean)]
    if not fitting:
        raise _unfit(sample, mean, where)
    if declared is not None:
        if declared not in fitting:
            raise Refusal(
                "raster-unit", where=where, received=declared, mean=f"{mean:.4g}", expected=", ".join(fitting)
            )
        return declared
    fitting = [unit for unit in fitting if unit not in recipe.unguessed]
    if len(fitting) != 1:
        raise Refusal(
            "raster-unit-unknown", where=where, mean=f"{mean:.4g}", expected=", ".join(fitting or recipe.units)
        )
    notes.append(f"unit-assumed={fitting[0]}")
    return fitting[0]


def _unfit(sample: Floats, mean: float, where: Where) -> Refusal:
    """Why the values are in no unit: there are none, nothing but zeros, or they are of something else."""
    known = sample[~np.isnan(sample)]
    if known.size and not known.any():
        return Refusal("raster-zero", where=where)
    if np.isnan(mean):
        return Refusal("raster-empty", where=where)
    return Refusal("raster-unfit", where=where, mean=f"{mean:.4g}")


def _fits(recipe: Recipe, unit: str, mean: float) -> bool:
    low, high = recipe.usual
    return low <= mean * recipe.units[unit] + recipe.shift(unit) <= high


def _mean(sample: Floats) -> float:
    known = sample[~np.isnan(sample)]
    for fill in FILLS:
        known = known[~np.isclose(known, fill, rtol=1e-6)]
    return float(known.mean()) if known.size else float("nan")
