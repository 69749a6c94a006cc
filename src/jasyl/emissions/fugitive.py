"""Gas that escapes unburnt: coal mined and handled, gas networks (IPCC 2006 volume 2, chapter 4).

The tier 1 factors of the package are unconfirmed: a method takes the factor that somebody names.
"""

from collections.abc import Mapping
from typing import Any

from .emission import Emission, FactorLike, Masses, Value, amount, calculated, share, taken
from .warming import FOSSIL_METHANE

# Density of methane at 20 degrees C and 1 atm, by which volumes of the Guidelines become mass (section 4.1.3.2).
METHANE_DENSITY = 0.67


def coal_mined(mass: Value, mining: FactorLike, after: FactorLike, *, recovered: Value = 0.0) -> Emission:
    """Methane of coal mined, kg of coal: equations 4.1.1, 4.1.3 and 4.1.4; factors in m3 of methane for each tonne.

    ``after`` is what coal loses once it left the seam; ``recovered`` kg of methane drained and used is taken off.
    """
    inputs = [
        amount("mass", mass, "kg"),
        taken("mining", mining, "m3/t"),
        taken("after", after, "m3/t"),
        amount("recovered", recovered, "kg"),
    ]

    def formula(given: Mapping[str, Any]) -> Masses:
        volume = given["mass"] / 1000 * (given["mining"] + given["after"])
        return {FOSSIL_METHANE: volume * METHANE_DENSITY - given["recovered"]}

    return calculated("fugitive.coal", "IPCC 2006 vol. 2 eq. 4.1.1", inputs, formula)


def gas_delivered(volume: Value, methane: FactorLike, carbon_dioxide: FactorLike) -> Emission:
    """Leaks of a network by what it delivered, m3: tier 1, equation 4.2.1; factors in kg/m3 of gas sold."""
    inputs = [
        amount("volume", volume, "m3"),
        taken("CH4", methane, "kg/m3"),
        taken("CO2", carbon_dioxide, "kg/m3"),
    ]

    def formula(given: Mapping[str, Any]) -> Masses:
        return {FOSSIL_METHANE: given["volume"] * given["CH4"], "CO2": given["volume"] * given["CO2"]}

    return calculated("fugitive.gas", "IPCC 2006 vol. 2 eq. 4.2.1", inputs, formula)


def gas_lost(volume: Value, methane_share: Value, density: FactorLike) -> Emission:
    """Methane of gas whose loss was measured or balanced, m3 at the conditions of ``density`` (kg/m3 of methane)."""
    inputs = [amount("volume", volume, "m3"), share("methane", methane_share), taken("density", density, "kg/m3")]

    def formula(given: Mapping[str, Any]) -> Masses:
        return {FOSSIL_METHANE: given["volume"] * given["methane"] * given["density"]}

    return calculated("fugitive.gas_balance", "IPCC 2006 vol. 2 section 4.2.2, tier 3", inputs, formula)
