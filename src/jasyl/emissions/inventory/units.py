"""Units of activities and factors: what a factor turns into what, exactly.

Inside: mass in kg, energy in J (a terajoule is no whole number of watt hours), volume in m³, counts as they are.
A factor's unit is read as ``result per input`` (``TJ/Gg``, ``g/kg waste``, ``kg C/GJ``); words behind a symbol say of
what, and do not change the number, save carbon, which becomes CO2 by 44/12.
"""

from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from jasyl.quantities import unit as known_unit
from jasyl.texts import Refusal

CARBON_TO_CO2 = Decimal(44) / Decimal(12)
# fmt: off
_UNITS: dict[str, tuple[str, str]] = {
    "g": ("mass", "0.001"), "kg": ("mass", "1"), "t": ("mass", "1e3"), "Gg": ("mass", "1e6"), "kt": ("mass", "1e6"),
    "Mt": ("mass", "1e9"),
    "J": ("energy", "1"), "MJ": ("energy", "1e6"), "GJ": ("energy", "1e9"), "TJ": ("energy", "1e12"),
    "W.h": ("energy", "3600"), "kW.h": ("energy", "3.6e6"), "MW.h": ("energy", "3.6e9"), "GW.h": ("energy", "3.6e12"),
    "TW.h": ("energy", "3.6e15"), "kWh": ("energy", "3.6e6"), "MWh": ("energy", "3.6e9"), "GWh": ("energy", "3.6e12"),
    "Gcal_IT": ("energy", "4.1868e9"), "Gcal": ("energy", "4.1868e9"),
    # Tonne of coal equivalent, 7 Gcal: the "условное топливо" of Kazakh statistics.
    "{tce}": ("energy", "2.930760e10"), "tce": ("energy", "2.930760e10"),
    "L": ("volume", "0.001"), "m3": ("volume", "1"), "1000.m3": ("volume", "1e3"),
    "km": ("distance", "1"), "m": ("distance", "0.001"),
    "{vkm}": ("vehicle-kilometre", "1"), "{pkm}": ("passenger-kilometre", "1"), "{tkm}": ("tonne-kilometre", "1"),
    "{head}": ("head", "1"), "head": ("head", "1"), "{person}": ("person", "1"), "person": ("person", "1"),
    "{household}": ("household", "1"), "{vehicle}": ("vehicle", "1"), "har": ("area", "1e4"), "ha": ("area", "1e4"),
    "1": ("ratio", "1"), "fraction": ("ratio", "1"), "ratio": ("ratio", "1"), "%": ("ratio", "0.01"),
}
# fmt: on


@dataclass(frozen=True)
class Measure:
    """A dimension and how many of its base units one unit holds; ``of`` are the words behind the symbol."""

    dimension: str
    factor: Decimal
    of: str = ""


@dataclass(frozen=True)
class Conversion:
    """What a factor does: from one dimension to another; a plain ratio has neither."""

    source: Measure | None
    result: Measure


@cache
def measure(written: str) -> Measure:
    """The unit of an amount, by UCUM code or a usual spelling (``тыс. м³``). Raises Refusal ``inventory-unit``."""
    symbol = written.strip()
    if symbol and symbol not in _UNITS:
        try:
            symbol = known_unit(symbol).ucum
        except Refusal:
            symbol = ""
    if symbol not in _UNITS:
        raise Refusal("inventory-unit", received=written[:40] or "—", expected=", ".join(_UNITS))
    dimension, factor = _UNITS[symbol]
    return Measure(dimension, Decimal(factor))


@cache
def conversion(written: str) -> Conversion:
    """What a factor of a unit turns into what. Raises Refusal ``inventory-unit``."""
    result, _, source = written.replace("/year", "").replace("/a", "").partition("/")
    into = _worded(result)
    if not source:
        if into.dimension != "ratio":
            raise Refusal("inventory-unit", received=written[:40] or "—", expected="kg/TJ, TJ/Gg, 1 …")
        return Conversion(None, into)
    return Conversion(_worded(source), into)


def _worded(written: str) -> Measure:
    symbol, _, words = written.strip().partition(" ")
    found = measure(symbol)
    carbon = words == "C" and found.dimension == "mass"
    return Measure(found.dimension, found.factor * (CARBON_TO_CO2 if carbon else 1), words)
