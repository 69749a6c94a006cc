"""Agriculture, forestry and other land use: livestock, soils, liming, change of carbon stocks (IPCC 2006 volume 4).

Tier 1 factors are by region and climate and unconfirmed in the package: each method takes the factor that is named.
"""

from collections.abc import Mapping
from typing import Any

from .emission import (
    CARBON_TO_CO2,
    NITROGEN_TO_N2O,
    Emission,
    FactorLike,
    Input,
    Masses,
    Value,
    amount,
    calculated,
    share,
    taken,
)


def enteric_fermentation(heads: Mapping[str, Value], factors: Mapping[str, FactorLike]) -> Emission:
    """Methane of digestion by kind of animal: heads of the year x kg a head and year: equations 10.19 and 10.20."""
    return _heads("afolu.enteric", "IPCC 2006 vol. 4 eq. 10.19, 10.20", heads, factors)


def manure_methane(heads: Mapping[str, Value], factors: Mapping[str, FactorLike]) -> Emission:
    """Methane of manure by kind of animal: heads x kg a head and year: equation 10.22."""
    return _heads("afolu.manure_methane", "IPCC 2006 vol. 4 eq. 10.22", heads, factors)


def manure_nitrous_oxide(
    nitrogen: Mapping[str, Value],
    direct: Mapping[str, FactorLike],
    *,
    volatilised: Value = 0.0,
    indirect: FactorLike | None = None,
) -> Emission:
    """N2O of manure by way of keeping it: kg N in each system x its factor: equations 10.25 to 10.27.

    The share ``volatilised`` of all that nitrogen comes down elsewhere and emits by ``indirect``.
    """
    inputs: list[Input] = []
    for system, mass in nitrogen.items():
        inputs += [amount(f"nitrogen_{system}", mass, "kg"), taken(f"direct_{system}", direct[system], "kg N2O-N/kg N")]
    inputs.append(share("volatilised", volatilised))
    if indirect is not None:
        inputs.append(taken("indirect", indirect, "kg N2O-N/kg N"))

    def formula(given: Mapping[str, Any]) -> Masses:
        total: Value = 0.0
        for system in nitrogen:
            elsewhere = given["volatilised"] * given.get("indirect", 0.0)
            total = total + given[f"nitrogen_{system}"] * (given[f"direct_{system}"] + elsewhere)
        return {"N2O": total * NITROGEN_TO_N2O}

    return calculated("afolu.manure_nitrous_oxide", "IPCC 2006 vol. 4 eq. 10.25–10.27", inputs, formula)


def managed_soils(
    fertiliser: Value,
    manure: Value,
    residues: Value,
    direct: FactorLike,
    *,
    volatile_fertiliser: FactorLike | None = None,
    volatile_manure: FactorLike | None = None,
    deposited: FactorLike | None = None,
    leached: FactorLike | None = None,
    leaching: FactorLike | None = None,
) -> Emission:
    """N2O of nitrogen put on soils, kg N: direct (equation 11.1), after volatilisation (11.9), after leaching (11.10).

    ``direct`` is EF1; FracGASF, FracGASM, EF4, FracLEACH and EF5 each where given, else that way is not counted.
    """
    ways: dict[str, FactorLike | None] = {
        "volatile_fertiliser": volatile_fertiliser, "volatile_manure": volatile_manure, "leaching": leaching,
    }  # fmt: skip
    factors: dict[str, FactorLike | None] = {"direct": direct, "deposited": deposited, "leached": leached}
    inputs = [
        amount("fertiliser", fertiliser, "kg"),
        amount("manure", manure, "kg"),
        amount("residues", residues, "kg"),
    ]
    inputs += [taken(name, one, "fraction", "1") for name, one in ways.items() if one is not None]
    inputs += [taken(name, one, "kg N2O-N/kg N") for name, one in factors.items() if one is not None]

    def formula(given: Mapping[str, Any]) -> Masses:
        applied = given["fertiliser"] + given["manure"] + given["residues"]
        gone = given["fertiliser"] * given.get("volatile_fertiliser", 0.0)
        gone = gone + given["manure"] * given.get("volatile_manure", 0.0)
        washed = applied * given.get("leaching", 0.0)
        nitrogen = applied * given["direct"] + gone * given.get("deposited", 0.0) + washed * given.get("leached", 0.0)
        return {"N2O": nitrogen * NITROGEN_TO_N2O}

    return calculated("afolu.soils", "IPCC 2006 vol. 4 eq. 11.1, 11.9, 11.10", inputs, formula)


def limed(limestone: Value, dolomite: Value, of_limestone: FactorLike, of_dolomite: FactorLike) -> Emission:
    """CO2 of lime and dolomite spread on fields, kg: equation 11.12; factors in t C a tonne."""
    inputs = [
        amount("limestone", limestone, "kg"),
        amount("dolomite", dolomite, "kg"),
        taken("carbon_limestone", of_limestone, "t C/t"),
        taken("carbon_dolomite", of_dolomite, "t C/t"),
    ]

    def formula(given: Mapping[str, Any]) -> Masses:
        carbon = given["limestone"] * given["carbon_limestone"] + given["dolomite"] * given["carbon_dolomite"]
        return {"CO2": carbon * CARBON_TO_CO2}

    return calculated("afolu.liming", "IPCC 2006 vol. 4 eq. 11.12", inputs, formula)


def stock_difference(before: Value, after: Value, years: float) -> Emission:
    """CO2 of a change of carbon stocks (kg C at two times ``years`` apart), a year: equation 2.5.

    Growing stocks take CO2 up: the mass is negative and stays so.
    """
    inputs = [amount("before", before, "kg"), amount("after", after, "kg"), amount("years", years, "a")]

    def formula(given: Mapping[str, Any]) -> Masses:
        return {"CO2": -(given["after"] - given["before"]) / given["years"] * CARBON_TO_CO2}

    return calculated("afolu.stock_difference", "IPCC 2006 vol. 4 eq. 2.5", inputs, formula)


def land_converted(
    areas: Mapping[tuple[str, str], Value], stocks: Mapping[str, FactorLike], *, years: float = 20
) -> Emission:
    """CO2 a year of land that changed its use, m2 by (from, to), spread over ``years``: equation 2.25 for soil carbon.

    ``stocks`` is kg C/m2 of each use. The areas are the off-diagonal of a transition matrix; gains are negative.
    """
    inputs = [amount(f"area_{old}_{new}", area, "m2") for (old, new), area in areas.items()]
    used = dict.fromkeys(use for pair in areas for use in pair)
    inputs += [taken(f"stock_{use}", stocks[use], "kg C/m2") for use in used]
    inputs.append(amount("years", years, "a"))

    def formula(given: Mapping[str, Any]) -> Masses:
        change: Value = 0.0
        for old, new in areas:
            change = change + given[f"area_{old}_{new}"] * (given[f"stock_{new}"] - given[f"stock_{old}"])
        return {"CO2": -change / given["years"] * CARBON_TO_CO2}

    return calculated("afolu.land_converted", "IPCC 2006 vol. 4 eq. 2.25", inputs, formula)


def _heads(method: str, equation: str, heads: Mapping[str, Value], factors: Mapping[str, FactorLike]) -> Emission:
    inputs: list[Input] = []
    for kind, count in heads.items():
        inputs += [amount(f"heads_{kind}", count, "1"), taken(f"CH4_{kind}", factors[kind], "kg/head/year")]

    def formula(given: Mapping[str, Any]) -> Masses:
        total: Value = 0.0
        for kind in heads:
            total = total + given[f"heads_{kind}"] * given[f"CH4_{kind}"]
        return {"CH4": total}

    return calculated(method, equation, inputs, formula)
