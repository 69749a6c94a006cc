"""Global warming potentials and the sum of gases as CO2 equivalent.

A *species* is a gas told apart by what its mass means: ``CO2``; ``CO2_biogenic``, which is in no total; ``CH4`` whose
carbon is biogenic or already counted as CO2 by a combustion factor; ``CH4_fossil`` that escaped unburnt (leaks, coal
seams), whose later oxidation adds fossil CO2; ``N2O`` and the fluorinated gases by name. The Fifth and Sixth
Assessment Reports give methane of fossil origin its own potential: whether it is used is a choice of the inventory.
"""

from collections.abc import Iterable, Mapping
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal

from .factors import Factor, factor, find_factors

Floats = NDArray[np.float64]
GwpSet = Literal["AR4", "AR5", "AR6"]
# ``split``: fossil and other methane apart; ``unsplit``: the one number of the series for both.
Methane = Literal["split", "unsplit"]
Origin = Literal["fossil", "biogenic", "unsplit"]
GWP_SETS: tuple[GwpSet, ...] = get_args(GwpSet)
METHANE: tuple[Methane, ...] = get_args(Methane)
BIOGENIC = "CO2_biogenic"
# Of factors that do not tell their gases apart (electricity with the way of its fuel).
EQUIVALENT = "CO2e"
FOSSIL_METHANE = "CH4_fossil"
_ORIGIN = {"fossil": "ch4_fossil", "biogenic": "ch4_non_fossil_biogenic", "unsplit": "ch4"}


def gwp(series: str, gas: str, origin: Origin | None = None) -> Factor:
    """The potential over 100 years of a gas, kg CO2e/kg, in the set of an Assessment Report.

    Methane of AR5 and AR6 needs an ``origin``; AR4 has one number. Raises Refusal ``gwp-set`` for another set,
    ``gwp-methane`` for methane without an origin, ``gwp-gas`` for a gas that the set does not have.
    """
    if series not in GWP_SETS:
        raise Refusal("gwp-set", received=series[:20], expected=", ".join(GWP_SETS))
    name = gas.lower()
    if gas == "CH4" and series != "AR4":
        if origin is None:
            raise Refusal("gwp-methane", received=series, expected=", ".join(_ORIGIN))
        name = _ORIGIN[origin]
    try:
        return factor(f"gwp.{name}.{series.lower()}gwp100")
    except Refusal:
        raise Refusal("gwp-gas", received=gas[:30], expected=", ".join(gases(series))) from None


def gases(series: str) -> tuple[str, ...]:
    """The gases that a set has a potential for; CO2, which is 1 by definition, first."""
    found = find_factors("gwp")
    return ("CO2", *dict.fromkeys(one.gas for one in found if one.parameter == f"{series}GWP100"))


def potential(series: str, species: str, methane: Methane | None = None) -> tuple[float, str | None]:
    """What one kg of a species warms as kg of CO2, and the id of the factor; None for CO2 itself and biogenic CO2.

    Raises as :func:`gwp`; for AR5 and AR6 ``methane`` must be chosen.
    """
    if species in {"CO2", EQUIVALENT}:
        return 1.0, None
    if species == BIOGENIC:
        return 0.0, None
    if not species.startswith("CH4"):
        found = gwp(series, species)
    elif series == "AR4" or methane == "unsplit":
        found = gwp(series, "CH4", "unsplit")
    elif methane == "split":
        found = gwp(series, "CH4", "fossil" if species == FOSSIL_METHANE else "biogenic")
    else:
        raise Refusal("gwp-methane", received=series, expected=", ".join(METHANE))
    return found.value, found.id


def carbon_dioxide_equivalent(
    masses: Mapping[str, Floats | float], series: str, methane: Methane | None = None
) -> Floats | float:
    """kg of CO2e of masses by species (kg, numbers or arrays of one shape), without biogenic CO2."""
    total: Floats | float = 0.0
    for species, mass in masses.items():
        total = total + mass * potential(series, species, methane)[0]
    return total


def one_set(named: Iterable[str]) -> str:
    """The one set that all parts of an account name.

    Raises Refusal ``gwp-mixed`` where they name several: such sums mean nothing and are never made.
    """
    found = sorted(set(named))
    if len(found) != 1:
        raise Refusal("gwp-mixed", received=", ".join(found) or "—", expected=", ".join(GWP_SETS))
    if found[0] not in GWP_SETS:
        raise Refusal("gwp-set", received=found[0][:20], expected=", ".join(GWP_SETS))
    return found[0]
