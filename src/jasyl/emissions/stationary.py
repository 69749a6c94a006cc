"""Stationary energy: fuel burnt, electricity and heat bought, losses on the way (IPCC 2006 volume 2, GPC chapter 6)."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, Literal

from jasyl.texts import Refusal

from .emission import CARBON_TO_CO2, Emission, FactorLike, Input, Masses, Value, amount, calculated, share, taken
from .energy_factors import EnergyFactor, per_base_unit
from .fuel_factors import COMBUSTION_GASES, Fuel, Sector, Stated, calorific_value, combustion_factor, fuel
from .warming import BIOGENIC

_TJ_PER_WATT_HOUR = 3.6e-9
_TJ_PER_GG = "TJ/Gg"
LossBase = Literal["supplied", "delivered"]


def burnt(
    of: str,
    sector: Sector,
    *,
    mass: Value | None = None,
    energy: Value | None = None,
    ncv: FactorLike | None = None,
    oxidation: Value | Stated = 1.0,
    factors: Mapping[str, FactorLike] | None = None,
    condition: str | None = None,
) -> Emission:
    """Gases of a fuel burnt: fuel x NCV x factor x oxidation (equation 2.1; on roads 3.2.1 and 3.2.3).

    Give ``mass`` in kg, for which ``ncv`` is TJ/Gg (asked of :func:`calorific_value` where not given: coal is then
    refused), or ``energy`` in W·h net. ``oxidation`` is the share of carbon that burns, 1 as in the 2006 Guidelines;
    it does not touch CH4 and N2O. ``factors`` replaces those of the table, kg/TJ by gas. Raises Refusal
    ``burnt-amount`` unless one of mass and energy is given, and as the factors do.
    """
    found = fuel(of)
    if (mass is None) == (energy is None):
        raise Refusal("burnt-amount", received=of)
    inputs: list[Input] = []
    if mass is not None:
        inputs += [amount("mass", mass, "kg"), taken("ncv", ncv or calorific_value(of), _TJ_PER_GG)]
    elif energy is not None:
        inputs.append(amount("energy", energy, "W.h"))
    inputs.append(_oxidation(oxidation))
    own = factors or {}
    for gas in COMBUSTION_GASES:
        inputs.append(taken(gas, own.get(gas) or combustion_factor(of, gas, sector, condition), "kg/TJ"))
    road = sector == "road"
    equation = "IPCC 2006 vol. 2 eq. 3.2.1, 3.2.3" if road else "IPCC 2006 vol. 2 eq. 2.1"
    return calculated("transport.fuel" if road else "energy.stationary", equation, inputs, _burning(found))


def carbon_balance(
    mass: Value, carbon: Value, *, oxidation: Value | Stated = 1.0, biogenic: Value | Stated = 0.0
) -> Emission:
    """CO2 of a fuel or material from the share of carbon in it: tier 3, mass (kg) x carbon x oxidation x 44/12.

    The share ``biogenic`` of its carbon is told apart. Raises Refusal ``emission-share``.
    """
    part = taken("biogenic", biogenic, "1") if isinstance(biogenic, Stated) else share("biogenic", biogenic)
    inputs = [amount("mass", mass, "kg"), share("carbon", carbon), _oxidation(oxidation), part]

    def formula(given: Mapping[str, Any]) -> Masses:
        carbon_dioxide = given["mass"] * given["carbon"] * given["oxidation"] * CARBON_TO_CO2
        return {"CO2": carbon_dioxide * (1 - given["biogenic"]), BIOGENIC: carbon_dioxide * given["biogenic"]}

    return calculated("energy.carbon_balance", "IPCC 2006 vol. 2 eq. 2.1, tier 3", inputs, formula)


def energy_bought(energy: Value, of: EnergyFactor | Stated) -> Emission:
    """Emissions of electricity or heat (W·h) by the factor of the grid or the supplier: location-based scope 2.

    A factor in CO2e (with the way of the fuel, or of several gases) gives the species ``CO2e``: its gases cannot be
    told apart any more. GPC equation 6.1 with the factor of the place.
    """
    return _bought("energy.bought", energy, of)


def market_based(contracts: Sequence[tuple[Value, Stated]], rest: Value, of: EnergyFactor | Stated) -> Emission:
    """Scope 2 by what was bought: each contract with its own factor, the rest by the residual or grid factor.

    Shown beside the location-based number and never in place of it. No residual mix is published for Kazakhstan:
    the factor of the rest must be chosen. GHG Protocol Scope 2 Guidance, section 6.
    """
    inputs: list[Input] = [amount("rest", rest, "W.h"), taken("factor_rest", of, "g/kWh", "kg/Gcal")]
    for at, (energy, own) in enumerate(contracts):
        inputs += [amount(f"contract_{at}", energy, "W.h"), taken(f"factor_{at}", own, "g/kWh", "kg/Gcal")]
    units = {one.name: one.unit for one in inputs}
    species = _gas(of)

    def formula(given: Mapping[str, Any]) -> Masses:
        total = given["rest"] * given["factor_rest"] * _base(units["factor_rest"])
        for at in range(len(contracts)):
            total = total + given[f"contract_{at}"] * given[f"factor_{at}"] * _base(units[f"factor_{at}"])
        return {species: total}

    return calculated("energy.market_based", "GHG Protocol Scope 2 Guidance 6", inputs, formula)


def lost(energy: Value, rate: Value | Stated, base: LossBase, of: EnergyFactor | Stated) -> Emission:
    """Emissions of what was lost on the way to the ``energy`` used (W·h): scope 3 of the GPC (I.x.3).

    A ``rate`` of what was *supplied* to the network loses ``rate / (1 - rate)`` for each unit used; a rate of what was
    *delivered* loses ``rate``. At 15 % the two differ by 18 %: which one is meant has to be said. Raises Refusal
    ``loss-rate`` outside 0 to 1 (1 excluded where supplied) and for another base.
    """
    found = taken("rate", rate, "1", "%") if isinstance(rate, Stated) else share("rate", rate)
    hundredth = 0.01 if found.unit == "%" else 1.0
    value = found.value * hundredth
    if base not in {"supplied", "delivered"} or not 0 <= float(value) < 1:
        raise Refusal("loss-rate", received=f"{float(value):g} ({base})", expected="supplied, delivered; 0–1")
    inputs = [amount("energy", energy, "W.h"), found, taken("factor", of, "g/kWh", "kg/Gcal")]
    unit, species = inputs[2].unit, _gas(of)

    def formula(given: Mapping[str, Any]) -> Masses:
        part = given["rate"] * hundredth
        over = part / (1 - part) if base == "supplied" else part
        return {species: given["energy"] * over * given["factor"] * _base(unit)}

    return calculated("energy.losses", f"GPC 6.6, losses of what was {base}", inputs, formula)


def _bought(method: str, energy: Value, of: EnergyFactor | Stated) -> Emission:
    inputs = [amount("energy", energy, "W.h"), taken("factor", of, "g/kWh", "kg/Gcal")]
    unit, species = inputs[1].unit, _gas(of)

    def formula(given: Mapping[str, Any]) -> Masses:
        return {species: given["energy"] * given["factor"] * _base(unit)}

    return calculated(method, "GPC 6.5, location-based", inputs, formula)


def _burning(found: Fuel) -> Any:
    species = BIOGENIC if found.biogenic else "CO2"

    def formula(given: Mapping[str, Any]) -> Masses:
        heat = given["mass"] * given["ncv"] * 1e-6 if "mass" in given else given["energy"] * _TJ_PER_WATT_HOUR
        return {
            species: heat * given["CO2"] * given["oxidation"],
            "CH4": heat * given["CH4"],
            "N2O": heat * given["N2O"],
        }

    return formula


def _oxidation(given: Value | Stated) -> Input:
    if isinstance(given, Stated):
        share("oxidation", given.value)
        return taken("oxidation", given, "1")
    return share("oxidation", given)


def _gas(of: EnergyFactor | Stated) -> str:
    return of.gas if isinstance(of, EnergyFactor) else "CO2e"


def _base(unit: str) -> float:
    """kg for one W·h of a factor of 1 in ``unit``."""
    return float(per_base_unit(Decimal(1), unit))
