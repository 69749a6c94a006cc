"""From activities to masses: every mass knows the numbers it was made from and how they make it.

``coal × NCV × factor`` is one term of CO2 with three variables; a method of the Guidelines (decay of a landfill) makes
its mass by its own formula and can do so again. Two terms that use the same factor name the same variable, so that its
error moves both: that is how uncertainty of a factor shared between cells is not lost.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from typing import Literal

import numpy as np

from jasyl.texts import Refusal, Worded, everywhere

from ..emission import Emission, Floats, Masses, Value
from ..fuel_factors import Stated
from ..ranges import assumed_activity_half, assumed_half, kind_of
from .calculations import Stand, emissions_of
from .document import Activity, Inventory, OwnFactor
from .factors import Used, used_factor
from .gases import family
from .method_data import MethodData
from .units import EXACT, TOLD, conversion, measure

Basis = Literal["stated", "range", "grade"]
_HALF_TO_SD = 1.96
_NUDGE = 1e-4
_STEP = Decimal("0.000001")  # of what a method makes in floating point


@dataclass(frozen=True)
class Variable:
    """A number with an error. ``deviation`` is its relative standard deviation.

    ``basis`` is where that comes from: ``stated`` in the document, the published ``range``, or the ``grade`` of
    quality alone, which is an assumption and is told as one.
    """

    id: str
    name: str
    deviation: float
    basis: Basis

    @property
    def distribution(self) -> Literal["normal", "lognormal"]:
        """Normal up to ±30 %; above, where a normal one would turn negative, lognormal of the same mean and spread."""
        return "normal" if self.deviation <= 0.30 / _HALF_TO_SD else "lognormal"


@dataclass(frozen=True)
class Step:
    """One factor of a product as the reader sees it: ``value`` in ``unit``."""

    factor: str
    name: str
    value: Decimal
    unit: str
    source: str


@dataclass(frozen=True, eq=False)
class Made:
    """What a method made, and again with other numbers. ``own`` is the variable of all its amounts together,
    ``inputs`` that of each input which is a factor."""

    emission: Emission
    own: str
    inputs: Mapping[str, str]

    def drawn(self, relative: Mapping[str, Floats]) -> Masses:
        """kg by species with variables multiplied; those not in ``relative`` stay as they are."""
        known = {one.name: one.value for one in self.emission.inputs}
        moved = {name: known[name] * relative[at] for name, at in self.inputs.items() if at in relative}
        by_amount = relative.get(self.own, 1.0)
        return {species: mass * by_amount for species, mass in self.emission.again(**moved).items()}


@dataclass(frozen=True)
class Term:
    """A mass (kg) of one species of one activity, the variables it hangs on, and how it was calculated: a product of
    them, or ``made`` by a method."""

    activity: str
    ref: str
    species: str
    mass: Decimal
    variables: tuple[str, ...]
    steps: tuple[Step, ...] = ()
    made: Made | None = None

    def moved_by(self, variable: str) -> float:
        """kg that the mass moves for a whole change of a variable, to first order: of a product the mass itself."""
        if self.made is None:
            return float(self.mass)
        ends = [self.made.drawn({variable: np.asarray(1 + turn)})[self.species] for turn in (_NUDGE, -_NUDGE)]
        return float(ends[0] - ends[1]) / (2 * _NUDGE)


@dataclass(frozen=True)
class Quantity:
    """A number on its way through factors."""

    value: Decimal
    dimension: str
    steps: tuple[Step, ...] = ()
    uses: tuple[Used, ...] = ()


def activity_terms(inventory: Inventory, activity: Activity) -> tuple[list[Term], dict[str, Variable]]:
    """The masses of an activity and their variables.

    Raises Refusal ``inventory-unit``, ``inventory-density``, ``inventory-conversion``, ``inventory-gas-factor``,
    ``inventory-amount`` and those of the factors.
    """
    data = activity.calculation.data if activity.calculation else None
    if (activity.amount is None) == (not activity.masses and data is None):
        raise Refusal("inventory-amount", received=activity.id)
    own = _activity_variable(activity)
    if data is not None:
        return _method_terms(inventory, activity, data, own)
    if activity.masses:
        terms = [Term(activity.id, activity.ref, gas, mass, (own.id,)) for gas, mass in activity.masses.items()]
        return terms, {own.id: own}
    terms, variables = [], {own.id: own}
    for species, ids in activity.gases.items():
        made = _product(inventory, activity, ids)
        if made.dimension != "mass":
            raise Refusal("inventory-conversion", received=_worded(made.dimension), expected=f"kg {species}")
        for one in made.uses:
            _agree(one, species)
            variables[f"factor:{one.id}"] = _factor_variable(one, activity)
        names = (own.id, *(f"factor:{one.id}" for one in made.uses))
        terms.append(Term(activity.id, activity.ref, species, made.value, names, made.steps))
    return terms, variables


def _method_terms(
    inventory: Inventory, activity: Activity, data: MethodData, own: Variable
) -> tuple[list[Term], dict[str, Variable]]:
    """A method's masses, one term for each part and species."""
    terms: list[Term] = []
    variables = {own.id: own}
    for emission in emissions_of(data, stand_of(inventory)):
        used = {one.name: used_factor(inventory, one.factor) for one in emission.inputs if one.factor}
        found = {name: _factor_variable(one, activity) for name, one in used.items()}
        variables |= {one.id: one for one in found.values()}
        made = Made(emission, own.id, {name: one.id for name, one in found.items()})
        names = tuple(dict.fromkeys((own.id, *made.inputs.values())))
        steps = tuple(Step(one.id, one.name, one.value, one.unit, one.source) for one in _once(used.values()))
        terms += [
            Term(activity.id, activity.ref, species, _milligrams(mass), names, steps, made)
            for species, mass in emission.masses.items()
        ]
    return terms, variables


def stand_of(inventory: Inventory) -> Stand:
    """What methods take from the document: its year and its own factors."""
    own = {one.id: _stated(one) for one in inventory.factors}
    return Stand(inventory.year, own, {one.id: one.gas for one in inventory.factors})


def _stated(one: OwnFactor) -> Stated:
    low, high = (None if end is None else float(end) for end in (one.low, one.high))
    return Stated(float(one.value), one.unit, one.source, low, high, one.id)


def _once(used: Iterable[Used]) -> Iterable[Used]:
    return {one.id: one for one in used}.values()


def _milligrams(mass: Value) -> Decimal:
    return Decimal(repr(float(mass))).quantize(_STEP, ROUND_HALF_EVEN)


def _product(inventory: Inventory, activity: Activity, ids: tuple[str, ...]) -> Quantity:
    """The amount through the factors common to all gases and those of one."""
    unit = measure(activity.unit)
    with localcontext(EXACT):
        start = Quantity((activity.amount or Decimal(0)) * unit.factor, unit.dimension)
        made = _through(inventory, start, (*activity.through, *ids))
    return replace(made, value=TOLD.plus(made.value))


def _through(inventory: Inventory, start: Quantity, ids: tuple[str, ...]) -> Quantity:
    now = start
    for identifier in ids:
        now = _step(now, used_factor(inventory, identifier))
    return now


def _step(now: Quantity, by: Used) -> Quantity:
    turn = conversion(by.unit)
    dimension, value = now.dimension, now.value * by.multiplier * turn.result.factor
    if turn.source is not None:
        if turn.source.dimension != dimension:
            density = {turn.source.dimension, dimension} == {"mass", "volume"}
            code = "inventory-density" if density else "inventory-conversion"
            received: Worded = {language: f"{said} × {by.unit}" for language, said in _worded(dimension).items()}
            raise Refusal(code, received=received, expected=_worded(turn.source.dimension), factor=by.id)
        value, dimension = value / turn.source.factor, turn.result.dimension
    step = Step(by.id, by.name, by.value, by.unit, by.source)
    return Quantity(value, dimension, (*now.steps, step), (*now.uses, by))


def _worded(dimension: str) -> Worded:
    """What a unit measures, in words."""
    return everywhere(f"dimension-{dimension.replace(' ', '-')}")


def _agree(one: Used, species: str) -> None:
    """A factor of methane gives no nitrous oxide: the fault of a copied row is found here."""
    if one.gives and family(one.gives) != family(species):
        raise Refusal("inventory-gas-factor", received=f"{one.id} ({one.gas})", expected=species)


def _activity_variable(activity: Activity) -> Variable:
    half, basis = activity.uncertainty, "stated"
    if half is None:
        half, basis = assumed_activity_half(activity.quality), "grade"
    deviation = float(half) / 100 / _HALF_TO_SD
    return Variable(f"activity:{activity.id}", activity.name, deviation, basis)  # pyright: ignore[reportArgumentType]


def _factor_variable(one: Used, activity: Activity) -> Variable:
    ends = one.ends
    if ends is None:
        kind = kind_of(one.parameter, one.unit, one.gives)
        deviation = float(assumed_half(kind, activity.factor_quality)) / 100 / _HALF_TO_SD
        return Variable(f"factor:{one.id}", one.name, deviation, "grade")
    width = float(ends[1] - ends[0])
    middle = abs(float(one.multiplier))
    deviation = width / (2 * _HALF_TO_SD) / middle if middle else 0.0
    return Variable(f"factor:{one.id}", one.name, deviation, "stated" if one.own else "range")
