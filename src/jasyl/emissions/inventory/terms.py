"""From activities to masses: every mass is a product of the numbers it was made from, and knows them.

``coal × NCV × factor`` is one term of CO2 with three variables. Two terms that use the same factor name the same
variable, so that its error moves both: that is how uncertainty of a factor shared between cells is not lost.
"""

from dataclasses import dataclass, replace
from decimal import Decimal, localcontext
from typing import Literal

from jasyl.texts import Refusal

from ..ranges import assumed_activity_half, assumed_half, kind_of
from .document import Activity, Inventory
from .factors import Used, used_factor
from .gases import family
from .units import EXACT, TOLD, conversion, measure

Basis = Literal["stated", "range", "grade"]
_HALF_TO_SD = 1.96


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


@dataclass(frozen=True)
class Term:
    """A mass (kg) of one species of one activity, the variables it is a product of, and how it was calculated."""

    activity: str
    ref: str
    species: str
    mass: Decimal
    variables: tuple[str, ...]
    steps: tuple[Step, ...] = ()


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
    if (activity.amount is None) == (not activity.masses):
        raise Refusal("inventory-amount", received=activity.id)
    own = _activity_variable(activity)
    if activity.masses:
        terms = [Term(activity.id, activity.ref, gas, mass, (own.id,)) for gas, mass in activity.masses.items()]
        return terms, {own.id: own}
    terms, variables = [], {own.id: own}
    for species, ids in activity.gases.items():
        made = _product(inventory, activity, ids)
        if made.dimension != "mass":
            raise Refusal("inventory-conversion", received=made.dimension, expected=f"kg {species}")
        for one in made.uses:
            _agree(one, species)
            variables[f"factor:{one.id}"] = _factor_variable(one, activity)
        names = (own.id, *(f"factor:{one.id}" for one in made.uses))
        terms.append(Term(activity.id, activity.ref, species, made.value, names, made.steps))
    return terms, variables


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
            raise Refusal(code, received=f"{dimension} × {by.unit}", expected=turn.source.dimension, factor=by.id)
        value, dimension = value / turn.source.factor, turn.result.dimension
    step = Step(by.id, by.name, by.value, by.unit, by.source)
    return Quantity(value, dimension, (*now.steps, step), (*now.uses, by))


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
