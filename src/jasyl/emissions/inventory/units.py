"""Units of factors: what a factor turns into what.

A factor's unit is read as ``result per input`` (``TJ/Gg``, ``g/kg waste``, ``kg C/GJ``); words behind a symbol say of
what, and do not change the number, save carbon, which becomes CO2 by 44/12. The units themselves are those of
:mod:`jasyl.quantities`; a joule is no finite number of watt hours there, so products are made with more digits than
they are told with (:data:`EXACT`, :data:`TOLD`).
"""

from dataclasses import dataclass
from decimal import Context, Decimal
from functools import cache

from jasyl.quantities import UNITS
from jasyl.quantities import unit as known_unit
from jasyl.texts import Refusal

CARBON_TO_CO2 = Decimal(44) / Decimal(12)
EXACT, TOLD = Context(prec=60), Context(prec=24)


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
    """The unit of an amount, by UCUM code or a usual spelling (``тыс. м³``).

    Raises Refusal ``inventory-unit``, also where none is written: a bare number is not taken for a ratio.
    """
    try:
        if not written.strip():
            raise Refusal("inventory-unit")
        found = known_unit(written)
    except Refusal as refusal:
        raise Refusal("inventory-unit", received=written[:40] or "—", expected=", ".join(UNITS)) from refusal
    return Measure(found.dimension, found.factor)


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
