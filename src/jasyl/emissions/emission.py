"""What a calculation method gives: mass of each gas, what it was calculated from, and how to do it again.

Methods are functions of the Guidelines' equations over numbers or arrays of one shape (years, regions, draws of a
Monte Carlo run). Masses are kg by species (:mod:`jasyl.emissions.warming`); CO2 of biomass stands apart. Nothing is
rounded.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .energy_factors import EnergyFactor
from .factors import Factor, factor
from .fuel_factors import Stated
from .warming import Methane, carbon_dioxide_equivalent

Floats = NDArray[np.float64]
Value = float | Floats
Masses = dict[str, Value]
# What a method takes for a factor: one of the package, or somebody's own with its source.
FactorLike = Factor | Stated
Formula = Callable[[Mapping[str, Any]], Masses]
CARBON_TO_CO2 = 44 / 12
NITROGEN_TO_N2O = 44 / 28


@dataclass(frozen=True, eq=False)
class Input:
    """One number that went in. ``factor`` is the id of a factor of the package, or what a document calls its own; None
    for amounts.

    ``low`` and ``high`` are the 95 % range where one is published or stated, else None; who draws numbers draws one
    for each ``factor``, however often it is used. ``confirmed`` is False for a factor from general knowledge.
    """

    name: str
    value: Value
    unit: str
    low: float | None = None
    high: float | None = None
    factor: str | None = None
    source: str = ""
    confirmed: bool = True


@dataclass(frozen=True, eq=False)
class Emission:
    """Masses in kg by species from ``inputs``, by ``method`` (``energy.stationary``) and its ``equation``."""

    method: str
    equation: str
    masses: Masses
    inputs: tuple[Input, ...]
    formula: Formula = field(repr=False)

    @property
    def factors(self) -> tuple[str, ...]:
        """Ids of the factors used, each once."""
        return tuple(dict.fromkeys(one.factor for one in self.inputs if one.factor))

    @property
    def unconfirmed(self) -> tuple[str, ...]:
        """Ids of factors used that nobody has compared with their source yet."""
        return tuple(dict.fromkeys(one.factor for one in self.inputs if one.factor and not one.confirmed))

    def again(self, **values: Value) -> Masses:
        """The masses with some inputs replaced, by name; arrays give arrays. Raises KeyError for another name."""
        known = {one.name: one.value for one in self.inputs}
        if not set(values) <= set(known):
            raise KeyError(", ".join(sorted(set(values) - set(known))))
        return self.formula({**known, **values})

    def equivalent(self, series: str, methane: Methane | None = None) -> Value:
        """kg of CO2e without biogenic CO2 (:func:`jasyl.emissions.carbon_dioxide_equivalent`)."""
        return carbon_dioxide_equivalent(self.masses, series, methane)


def calculated(method: str, equation: str, inputs: Iterable[Input], formula: Formula) -> Emission:
    """The emission of a formula over inputs."""
    found = tuple(inputs)
    return Emission(method, equation, formula({one.name: one.value for one in found}), found, formula)


def summed(parts: Iterable[Emission | Mapping[str, Value]]) -> Masses:
    """Masses of several emissions, species by species."""
    total: Masses = {}
    for part in parts:
        masses = part.masses if isinstance(part, Emission) else part
        for species, mass in masses.items():
            total[species] = total.get(species, 0.0) + mass
    return total


def amount(name: str, value: Value, unit: str, *, signed: bool = False) -> Input:
    """An activity as an input. Raises Refusal ``emission-amount`` for what is not finite or negative, unless signed."""
    numbers = np.asarray(value, dtype=np.float64)
    if not np.isfinite(numbers).all() or (not signed and (numbers < 0).any()):
        bad = numbers[~np.isfinite(numbers) | (numbers < 0)].ravel()[0]
        raise Refusal("emission-amount", received=f"{name} {bad:g} {unit}")
    return Input(name, float(value) if numbers.ndim == 0 else numbers, unit)


def share(name: str, value: Value) -> Input:
    """A part of one as an input. Raises Refusal ``emission-share`` outside 0 to 1."""
    numbers = np.asarray(value, dtype=np.float64)
    if not ((numbers >= 0) & (numbers <= 1)).all():
        raise Refusal("emission-share", received=f"{name} {numbers.ravel()[0]:g}")
    return Input(name, float(value) if numbers.ndim == 0 else numbers, "1")


def taken(name: str, of: FactorLike | EnergyFactor | str, *units: str) -> Input:
    """A factor as an input, by itself or by its id.

    ``units`` are those the method can use. Raises Refusal ``emission-factor-unit`` for a factor in another one: a
    number is never taken for what it is not.
    """
    found = factor(of) if isinstance(of, str) else factor(of.id) if isinstance(of, EnergyFactor) else of
    if found.unit not in units:
        said = found.id if isinstance(found, Factor) else found.source
        raise Refusal("emission-factor-unit", received=f"{found.unit} ({said[:60]})", expected=", ".join(units))
    if isinstance(found, Stated):
        return Input(name, found.value, found.unit, found.low, found.high, found.id, found.source)
    return Input(name, found.value, found.unit, found.low, found.high, found.id, found.source, found.confirmed)
