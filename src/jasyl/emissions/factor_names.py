"""What a factor is called in a language, made of its parts: what of, which gas or parameter, where, in which year.

The tables are English as their sources are. A part without a translation stays as its source has it.
"""

from functools import cache

from jasyl.texts import Language, Refusal, has, say

from .energy_factors import EnergyFactor, energy_factors
from .factors import Factor, factor, slug_of
from .fuel_factors import fuels

_USUAL = {"", "net calorific basis", "emission factor"}


def factor_name(identifier: str, language: Language) -> str:
    """``Природный газ, CH4, жилые здания и сельское хозяйство``; an id that the package does not know as it is."""
    try:
        found = factor(identifier)
    except Refusal:
        return identifier
    energy = _energy().get(identifier)
    if energy is not None:
        return energy.name(language)
    told = (word(one, language) for one in (found.parameter, found.condition, found.sector) if one not in _USUAL)
    parts = (_subject(found, language), found.gas, *told, str(found.year or ""))
    return ", ".join(dict.fromkeys(part for part in parts if part))


def word(said: str, language: Language) -> str:
    """A word of the tables in a language, else itself; of several joined by commas each, where each is known."""
    parts = [said] if _has(said, language) else said.split(", ")
    if not all(_has(part, language) for part in parts):
        return said
    return ", ".join(say(language, _key(part)) for part in parts)


def _subject(found: Factor, language: Language) -> str:
    key = next((part for part in found.id.split(".") if part in _fuels()), None)
    said = word(found.item, language) if key is None else say(language, f"fuel-{key.replace('_', '-')}")
    return said[:1].upper() + said[1:]


def _has(said: str, language: Language) -> bool:
    return has(language, _key(said))


def _key(said: str) -> str:
    return f"factor-word-{slug_of(said).replace('_', '-')}"


@cache
def _energy() -> dict[str, EnergyFactor]:
    return {one.id: one for one in energy_factors(offered=False)}


@cache
def _fuels() -> frozenset[str]:
    return frozenset(one.key for one in fuels())
