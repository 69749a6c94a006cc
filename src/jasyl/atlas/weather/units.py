"""Units as files write them, and what brings their numbers to the unit a recipe reckons in."""

import re
from collections.abc import Mapping

from jasyl.texts import Refusal, Where

# Spellings, after blanks and signs are evened out, of the units known here.
_SPELLINGS = {
    "J m-2": ("j m-2", "j/m2", "j m^-2", "joule m-2"),
    "kJ m-2": ("kj m-2", "kj/m2"),
    "Wh m-2": ("wh m-2", "wh/m2"),
    "W m-2": ("w m-2", "w/m2", "w m^-2", "watt m-2"),
    "K": ("k", "kelvin"),
    "degC": ("degc", "c", "celsius", "°c", "degree_celsius", "degrees_celsius", "deg c", "degree celsius"),
    "m s-1": ("m s-1", "m/s", "m s^-1"),
    "km h-1": ("km h-1", "km/h"),
    "m": ("m", "metre", "metres", "meter", "meters", "m of water equivalent"),
    "mm": ("mm", "millimetre", "millimeter", "kg m-2", "kg/m2"),
    "m2 s-2": ("m2 s-2", "m2/s2", "m^2 s^-2"),
    "1": ("1", "", "(0 - 1)", "-", "dimensionless", "fraction"),
    "rad": ("rad", "radian", "radians"),
    "degree": ("degree", "degrees", "deg", "°"),
}
UNITS: dict[str, str] = {spelling: unit for unit, spellings in _SPELLINGS.items() for spelling in spellings}
# (from, to) → factor, offset. Fluxes and energies meet over the hour.
_CONVERSIONS: dict[tuple[str, str], tuple[float, float]] = {
    ("kJ m-2", "J m-2"): (1e3, 0),
    ("Wh m-2", "J m-2"): (3600, 0),
    ("W m-2", "J m-2"): (3600, 0),
    ("J m-2", "W m-2"): (1 / 3600, 0),
    ("Wh m-2", "W m-2"): (1, 0),
    ("kJ m-2", "W m-2"): (1 / 3.6, 0),
    ("degC", "K"): (1, 273.15),
    ("km h-1", "m s-1"): (1 / 3.6, 0),
    ("mm", "m"): (1e-3, 0),
    ("m", "m2 s-2"): (9.80665, 0),
    ("degree", "rad"): (0.017453292519943295, 0),
}


def conversion(
    variable: str, written: str | None, unit: str, asked: Mapping[str, str], where: Where
) -> tuple[str, tuple[float, float] | None]:
    """The unit taken, and factor and offset from it to ``unit`` (None: it is that unit).

    ``asked`` are units that somebody stated for variables, against what the file says; without either the unit is taken
    to be ``unit``, and the range of the values must confirm it. Raises Refusal ``weather-unit``.
    """
    said = asked.get(variable, written)
    if said is None:
        return unit, None
    taken = UNITS.get(re.sub(r"\s+", " ", said.strip().lower().replace("**", "")))
    if taken == unit:
        return unit, None
    factors = _CONVERSIONS.get((taken or "", unit))
    if taken is None or factors is None:
        raise Refusal("weather-unit", where=where, received=said, expected=unit)
    return taken, factors
