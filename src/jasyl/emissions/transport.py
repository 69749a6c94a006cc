"""Transport: by fuel sold, by activity induced, by residents; aviation and rail by fuel (GPC chapter 7)."""

from collections.abc import Mapping
from typing import Any

from .emission import Emission, FactorLike, Masses, Value, amount, calculated, share, taken
from .fuel_factors import calorific_value, combustion_factor, fuel
from .stationary import burnt
from .warming import BIOGENIC

# Half of a trip that crosses the boundary belongs to the city (GPC 7.3.1, induced activity).
HALF = 0.5


def fuel_sold(of: str, mass: Value, *, ncv: FactorLike | None = None, condition: str | None = None) -> Emission:
    """Gases of fuel sold for road vehicles within the boundary, kg: the method of fuel sales."""
    return burnt(of, "road", mass=mass, ncv=ncv, condition=condition)


def travelled(
    of: str,
    distance: Value,
    consumption: FactorLike,
    *,
    inside: Value = 1.0,
    attributed: Value = 1.0,
    ncv: FactorLike | None = None,
    condition: str | None = None,
) -> Emission:
    """Gases of vehicles that travelled ``distance`` km, of which the share ``inside`` lies within the boundary.

    ``consumption`` is kg of fuel for 1 km. ``attributed`` is the part of all these trips that is the city's: 1 for
    the geographic method and for residents, :data:`HALF` of trips with one end in the city for induced activity.
    Equations 3.2.1 and 3.2.3 with fuel = distance x consumption.
    """
    found = fuel(of)
    inputs = [
        amount("distance", distance, "km"),
        taken("consumption", consumption, "kg/km"),
        share("inside", inside),
        share("attributed", attributed),
        taken("ncv", ncv or calorific_value(of), "TJ/Gg"),
        *(taken(gas, combustion_factor(of, gas, "road", condition), "kg/TJ") for gas in ("CO2", "CH4", "N2O")),
    ]
    species = BIOGENIC if found.biogenic else "CO2"

    def formula(given: Mapping[str, Any]) -> Masses:
        fuel_mass = given["distance"] * given["consumption"] * given["inside"] * given["attributed"]
        heat = fuel_mass * given["ncv"] * 1e-6
        return {species: heat * given["CO2"], "CH4": heat * given["CH4"], "N2O": heat * given["N2O"]}

    return calculated("transport.activity", "IPCC 2006 vol. 2 eq. 3.2.1, 3.2.3", inputs, formula)


def resident_travel(
    of: str, residents: Value, distance: Value, consumption: FactorLike, *, condition: str | None = None
) -> Emission:
    """Gases of what residents drive: residents x km each a year x kg of fuel a km, wherever they drive."""
    return travelled(of, residents * distance, consumption, condition=condition)


def aviation(
    of: str, mass: Value, methane: FactorLike, nitrous_oxide: FactorLike, *, attributed: Value = 1.0
) -> Emission:
    """Gases of aircraft by fuel loaded, kg: tier 1, equation 3.6.1; CH4 and N2O must be named, kg/TJ.

    ``attributed`` is the part of all passengers or tonnes of the airport that is the city's.
    """
    return _by_fuel("transport.aviation", "IPCC 2006 vol. 2 eq. 3.6.1", of, mass, methane, nitrous_oxide, attributed)


def railway(
    of: str, mass: Value, methane: FactorLike, nitrous_oxide: FactorLike, *, attributed: Value = 1.0
) -> Emission:
    """Gases of locomotives by fuel, kg: tier 1, equation 3.4.1; CH4 and N2O must be named, kg/TJ."""
    return _by_fuel("transport.railway", "IPCC 2006 vol. 2 eq. 3.4.1", of, mass, methane, nitrous_oxide, attributed)


def _by_fuel(
    method: str, equation: str, of: str, mass: Value, methane: FactorLike, nitrous_oxide: FactorLike, attributed: Value
) -> Emission:
    inputs = [
        amount("mass", mass, "kg"),
        share("attributed", attributed),
        taken("ncv", calorific_value(of), "TJ/Gg"),
        taken("CO2", combustion_factor(of, "CO2", "energy_industries"), "kg/TJ"),
        taken("CH4", methane, "kg/TJ"),
        taken("N2O", nitrous_oxide, "kg/TJ"),
    ]

    def formula(given: Mapping[str, Any]) -> Masses:
        heat = given["mass"] * given["attributed"] * given["ncv"] * 1e-6
        return {gas: heat * given[gas] for gas in ("CO2", "CH4", "N2O")}

    return calculated(method, equation, inputs, formula)
