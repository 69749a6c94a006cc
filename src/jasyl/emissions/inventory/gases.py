"""Gases of an inventory: which family a species belongs to, and what a mass of it warms in the set of the inventory."""

from decimal import Decimal

from jasyl.texts import Refusal

from ..factors import factor
from ..warming import BIOGENIC, Methane, potential

EQUIVALENT = "CO2e"
_PERFLUORINATED = ("CF4", "C2F6", "C3F8", "cC4F8")


def family(species: str) -> str:
    """``CO2`` of biogenic CO2, ``CH4`` of fossil methane, ``HFC`` and ``PFC`` of their members; else itself."""
    if species.startswith("HFC"):
        return "HFC"
    return "PFC" if species in _PERFLUORINATED else species.partition("_")[0]


def is_fluorinated(species: str) -> bool:
    """Whether it is counted among F-gases."""
    return family(species) in {"HFC", "PFC", "SF6", "NF3"}


def warming(species: str, mass: Decimal, series: str, methane: Methane | None) -> Decimal:
    """kg of CO2e of a mass (kg). Biogenic CO2 is 0; what comes as CO2e stays as it is.

    Raises Refusal ``gwp-gas``, ``gwp-methane``.
    """
    if species == EQUIVALENT:
        return mass
    _, identifier = potential(series, species, methane)
    if identifier is None:
        return Decimal(0) if species == BIOGENIC else mass
    return mass * factor(identifier).exact


def checked_species(species: str, series: str, methane: Methane | None) -> None:
    """Raises Refusal ``gwp-gas`` for a gas the set does not have, ``gwp-methane`` where the choice is missing."""
    if species != EQUIVALENT:
        try:
            potential(series, species, methane)
        except KeyError as error:  # pragma: no cover  (a set without the gas is a Refusal)
            raise Refusal("gwp-gas", received=species, expected=series) from error
