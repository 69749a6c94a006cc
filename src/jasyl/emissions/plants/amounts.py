"""Amounts and factors of a report in the units that calculations take: where people's units end."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from jasyl.quantities import UNITS, base_unit, unit
from jasyl.texts import Refusal, Where

from ..emission import FactorLike
from ..energy_factors import EnergyFactor
from ..factors import Factor, factor
from ..fuel_factors import Stated, calorific_value, grid_factor, heat_factor
from .report import FactorChoice, FuelLine

# Ways to write factors of emission and how many of the calculation's unit one of them is. Those of fuels first.
_PER_FUEL_ENERGY = {"kg/TJ": 1, "t/TJ": 1000, "kg/GJ": 1000, "g/MJ": 1000, "кг/ТДж": 1, "т/ТДж": 1000, "кг/ГДж": 1000}
_PER_ENERGY = {
    "g/kWh": ("g/kWh", 1), "kg/MWh": ("g/kWh", 1), "t/MWh": ("g/kWh", 1000), "kg/Gcal": ("kg/Gcal", 1),
    "t/Gcal": ("kg/Gcal", 1000), "г/кВт·ч": ("g/kWh", 1), "кг/МВт·ч": ("g/kWh", 1), "т/МВт·ч": ("g/kWh", 1000),
    "кг/Гкал": ("kg/Gcal", 1), "т/Гкал": ("kg/Gcal", 1000),
}  # fmt: skip
_PER_MASS = {"t/t": 1, "kg/kg": 1, "kg/t": Decimal("0.001"), "т/т": 1, "кг/т": Decimal("0.001")}
_SHARES = {"1": 1, "%": Decimal("0.01"), "fraction": 1}
_MASS, _VOLUME, _ENERGY = "mass", "volume", "energy"


@dataclass(frozen=True)
class Metered:
    """An amount from meters: in the base unit of its dimension, with the figure it is and its completeness."""

    value: Decimal
    unit: str
    completeness: Decimal | None
    figure: str
    digest: str


@dataclass(frozen=True)
class Activity:
    """An amount in the base unit of ``dimension``; ``figure`` where meters gave it, else somebody typed it."""

    value: float
    dimension: str
    figure: Metered | None = None


@dataclass(frozen=True)
class Burnable:
    """A fuel's amount ready to burn: ``mass`` in kg with its ``ncv``, or ``energy`` in W·h net."""

    mass: float | None = None
    energy: float | None = None
    ncv: FactorLike | None = None


def activity(
    amount: Decimal | None, written: str | None, meter: str | None, metered: Mapping[str, Metered], *dimensions: str
) -> Activity:
    """The amount of a line: that of its meter where there is one, else as typed.

    Raises Refusal ``plant-amount`` where neither is there, ``plant-unit`` where an amount has no unit,
    ``unknown-unit``, ``plant-dimension`` for a unit that measures something else, ``emission-amount`` below zero.
    """
    found = metered.get(meter) if meter else None
    if found is not None:
        dimension = UNITS[found.unit].dimension
        _expect(dimension, found.unit, dimensions)
        return Activity(float(found.value), dimension, found)
    if amount is None:
        raise Refusal("plant-amount", where=Where(field="amount"), received=meter or "—")
    if not written:
        raise Refusal("plant-unit", where=Where(field="unit"), received=str(amount))
    known = unit(written)
    _expect(known.dimension, written, dimensions)
    if amount < 0 or not amount.is_finite():
        raise Refusal("emission-amount", where=Where(field="amount"), received=f"{amount} {written}")
    return Activity(float(known.to_base(amount)), known.dimension)


def burnable(line: FuelLine, amount: Activity) -> Burnable:
    """A fuel by mass with its calorific value, or by energy.

    Energy needs no calorific value. A volume with a value per m3 becomes energy; with a value per mass it needs a
    density, and is refused (``fuel-density``) without one: no density is assumed. Mass with a value per m3 is
    refused (``fuel-density``) likewise.
    """
    if amount.dimension == _ENERGY:
        return Burnable(energy=amount.value)
    by_volume = _own_density(line.calorific, "energy density")
    if amount.dimension == _VOLUME and by_volume is not None:
        return Burnable(energy=amount.value * by_volume / 3600)
    density = _own_density(line.density, "density")
    if density is None and (amount.dimension == _VOLUME or by_volume is not None):
        raise Refusal("fuel-density", where=Where(field="density"), received=line.fuel)
    if amount.dimension == _VOLUME and density is not None:
        return Burnable(mass=amount.value * density, ncv=_calorific(line))
    if by_volume is not None and density is not None:
        return Burnable(energy=amount.value / density * by_volume / 3600)
    return Burnable(mass=amount.value, ncv=_calorific(line))


def fuel_factor(given: FactorChoice) -> FactorLike:
    """A factor of a gas, kg/TJ."""
    return _own(given, {name: ("kg/TJ", scale) for name, scale in _PER_FUEL_ENERGY.items()}, "factors")


def process_factor(given: FactorChoice) -> FactorLike:
    """A factor of a process, t/t."""
    return _own(given, {name: ("t/t", scale) for name, scale in _PER_MASS.items()}, "factor")


def share_factor(given: FactorChoice, field: str) -> FactorLike:
    """A part of one, stated as such or in percent."""
    return _own(given, {name: ("1", scale) for name, scale in _SHARES.items()}, field)


def energy_supply_factor(given: FactorChoice | None, carrier: str) -> EnergyFactor | Stated:
    """A factor of electricity or heat bought. Without one the Refusal lists what can be chosen."""
    chosen = grid_factor if carrier == "electricity" else heat_factor
    if given is None or given.choice is not None or given.value is None:
        return chosen(given.choice if given else None)
    found = _own(given, _PER_ENERGY, "factor")
    assert isinstance(found, Stated)
    return found


def _calorific(line: FuelLine) -> FactorLike:
    given = line.calorific
    if given is None or given.choice is not None or given.value is None:
        return calorific_value(line.fuel, given.choice if given else None)
    written = _stated_unit(given, "calorific")
    known = unit(written)
    _expect(known.dimension, written, ("specific energy",))
    return _stated(given, "TJ/Gg", known.factor / Decimal(10**6), "calorific")


def _own_density(given: FactorChoice | None, dimension: str) -> float | None:
    """The stated value in base units where its unit has that dimension."""
    if given is None or given.value is None or given.unit is None:
        return None
    known = unit(given.unit)
    if known.dimension != dimension:
        if dimension == "density":
            _expect(known.dimension, given.unit, (dimension,))
        return None
    return _stated(given, base_unit(dimension).ucum, known.factor, dimension).value


def _own(given: FactorChoice, ways: Mapping[str, tuple[str, int | Decimal]], field: str) -> FactorLike:
    if given.choice is not None and given.value is None:
        found: Factor = factor(given.choice)
        return found
    written = _stated_unit(given, field)
    if written not in ways:
        raise Refusal("plant-factor-unit", where=Where(field=field), received=written, expected=", ".join(ways))
    own, scale = ways[written]
    return _stated(given, own, Decimal(scale), field)


def _stated(given: FactorChoice, own: str, scale: Decimal, field: str) -> Stated:
    if given.value is None or given.choice is not None or not (given.source or "").strip():
        raise Refusal("plant-factor", where=Where(field=field), received=str(given.value or given.choice or "—"))
    low, high = (None if end is None else float(end * scale) for end in (given.low, given.high))
    return Stated(float(given.value * scale), own, given.source or "", low, high)


def _stated_unit(given: FactorChoice, field: str) -> str:
    if given.value is None:
        raise Refusal("plant-factor", where=Where(field=field), received="—")
    if not given.unit:
        raise Refusal("plant-unit", where=Where(field=field), received=str(given.value))
    return given.unit


def _expect(dimension: str, written: str, dimensions: tuple[str, ...]) -> None:
    if dimension not in dimensions:
        codes = ", ".join(one.ucum for one in UNITS.values() if one.dimension in dimensions)
        raise Refusal("plant-dimension", where=Where(field="unit"), received=written, expected=codes)
