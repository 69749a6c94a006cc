"""Industrial processes and product use: clinker, lime, steel, lubricants, fluorinated gases (IPCC 2006 volume 3)."""

from collections.abc import Mapping
from typing import Any

from .emission import CARBON_TO_CO2, Emission, FactorLike, Masses, Value, amount, calculated, share, taken
from .factors import factor
from .warming import gwp


def clinker_made(clinker: Value, *, of: FactorLike | None = None, dust: FactorLike | None = None) -> Emission:
    """Process CO2 of clinker, kg: equations 2.2 and 2.4. The fuel of the kiln is not in it.

    The factor of the table (0.52 t/t) holds the correction for kiln dust already; ``dust`` corrects an ``of`` of one's
    own that does not (1.02 where nothing better is known), and is never applied twice.
    """
    usual = of is None
    inputs = [
        amount("clinker", clinker, "kg"),
        taken("CO2", of or factor("ippu.clinker"), "t/t clinker", "t/t"),
    ]
    if dust is not None and not usual:
        inputs.append(taken("dust", dust, "ratio", "1"))

    def formula(given: Mapping[str, Any]) -> Masses:
        return {"CO2": given["clinker"] * given["CO2"] * given.get("dust", 1.0)}

    return calculated("ippu.clinker", "IPCC 2006 vol. 3 eq. 2.2, 2.4", inputs, formula)


def produced(method: str, equation: str, mass: Value, of: FactorLike) -> Emission:
    """Process CO2 of a product by mass, kg, and a factor in t/t: tier 1 of most chapters."""
    inputs = [amount("mass", mass, "kg"), taken("CO2", of, "t/t")]

    def formula(given: Mapping[str, Any]) -> Masses:
        return {"CO2": given["mass"] * given["CO2"]}

    return calculated(method, equation, inputs, formula)


def lime_made(mass: Value, of: FactorLike) -> Emission:
    """Process CO2 of lime of one kind (high-calcium, dolomitic, hydraulic), kg: equation 2.6, tier 1."""
    return produced("ippu.lime", "IPCC 2006 vol. 3 eq. 2.6, 2.8", mass, of)


def steel_made(mass: Value, of: FactorLike) -> Emission:
    """Process CO2 of steel made in one way (converter, electric arc, open hearth), kg: equation 4.4."""
    return produced("ippu.steel", "IPCC 2006 vol. 3 eq. 4.4", mass, of)


def carbonate_used(mass: Value, carbonate: Value, calcined: Value = 1.0) -> Emission:
    """CO2 of carbonates by what they hold: mass (kg) x t CO2 a tonne x share calcined: equation 2.16, tier 3.

    ``carbonate`` follows from the formula of the mineral: 0.43971 for CaCO3 (44.01 / 100.09).
    """
    inputs = [amount("mass", mass, "kg"), share("carbonate", carbonate), share("calcined", calcined)]

    def formula(given: Mapping[str, Any]) -> Masses:
        return {"CO2": given["mass"] * given["carbonate"] * given["calcined"]}

    return calculated("ippu.carbonates", "IPCC 2006 vol. 3 eq. 2.16", inputs, formula)


def lubricants_used(energy: Value, carbon: FactorLike, oxidised: FactorLike) -> Emission:
    """CO2 of lubricants that oxidise in use, W·h net: equation 5.2; ``carbon`` kg C/GJ, ``oxidised`` during use."""
    inputs = [
        amount("energy", energy, "W.h"),
        taken("carbon", carbon, "kg C/GJ"),
        taken("oxidised", oxidised, "fraction", "1"),
    ]

    def formula(given: Mapping[str, Any]) -> Masses:
        return {"CO2": given["energy"] * 3.6e-6 * given["carbon"] * given["oxidised"] * CARBON_TO_CO2}

    return calculated("ippu.lubricants", "IPCC 2006 vol. 3 eq. 5.2", inputs, formula)


def refrigerant_balance(gas: str, sold: Value, filled: Value, retired: Value, destroyed: Value) -> Emission:
    """A fluorinated gas by mass balance, kg: equation 7.9.

    Sold in the year, less what filled new equipment, plus what retired equipment once held, less what was destroyed.
    Negative where stocks grew: shown, not clipped. Raises Refusal ``gwp-gas`` for a gas that no report knows.
    """
    gwp("AR5", gas)
    inputs = [
        amount(name, value, "kg")
        for name, value in (("sold", sold), ("filled", filled), ("retired", retired), ("destroyed", destroyed))
    ]

    def formula(given: Mapping[str, Any]) -> Masses:
        return {gas: given["sold"] - given["filled"] + given["retired"] - given["destroyed"]}

    return calculated("ippu.refrigerants", "IPCC 2006 vol. 3 eq. 7.9", inputs, formula)


def equipment_leaks(gas: str, bank: Value, leak: FactorLike) -> Emission:
    """A fluorinated gas that leaks from equipment in use: what it holds (kg) x share a year: equation 7.13."""
    gwp("AR5", gas)
    inputs = [amount("bank", bank, "kg"), taken("leak", leak, "fraction", "1")]

    def formula(given: Mapping[str, Any]) -> Masses:
        return {gas: given["bank"] * given["leak"]}

    return calculated("ippu.equipment_leaks", "IPCC 2006 vol. 3 eq. 7.13", inputs, formula)
