"""How a UCUM code is written for readers: known units by their short form, others put together from their parts."""

import re
from functools import cache

from jasyl.texts import Language, has, say

from .units import UNITS

# One component: a number, a known power or energy, a symbol with its exponent, a note in braces, a bracket, a sign.
_TOKEN = re.compile(
    r"(?P<power>10\*\d+)|(?P<number>\d+)|(?P<energy>[kMGT]?W\.h)|(?P<symbol>%|[A-Za-z]+(?:_IT)?)(?P<exponent>\d*)"
    r"|\{(?P<note>[^{}]*)\}|(?P<sign>[./()])"
)
# Brackets around a single component are needed by UCUM's grammar, not by readers: {KZT}/(kW.h) is KZT/kWh.
_LONE = re.compile(r"\(([kMGT]?W\.h|\{[^{}]*\})\)")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


@cache
def written_unit(code: str, language: Language) -> str:
    """The unit of UCUM ``code`` in ``language``: ``t{slag}/a`` is "t slag/year", "т шлака/год", "т қож/жыл".

    Parts that the catalogue does not name stay as they are written; a code that is no UCUM at all comes back as it
    is, without braces. Case-sensitive UCUM (ucum.org), the part of it that data of this field use.
    """
    known = UNITS.get(code)
    if known is not None:
        return known.written(language)
    parts: list[str] = []
    code, at = _LONE.sub(r"\1", code), 0
    while at < len(code):
        token = _TOKEN.match(code, at)
        if token is None:
            return code.replace("{", "").replace("}", "").replace("_", " ")
        parts.append(_part(token, language, first=not parts, after="".join(parts)))
        at = token.end()
    return "".join(parts).strip()


def _part(token: re.Match[str], language: Language, *, first: bool, after: str) -> str:
    if token["power"]:
        return _named(token["power"].replace("10*", "ten-"), token["power"], language) + " "
    if token["number"]:
        return token["number"] + " "
    if token["energy"]:
        return UNITS[token["energy"]].written(language)
    if token["symbol"]:
        symbol = UNITS[token["symbol"]].written(language) if token["symbol"] in UNITS else None
        name = symbol or _named(token["symbol"], token["symbol"], language)
        return name + token["exponent"].translate(_RAISED)
    if token["note"] is not None:
        note = _named(f"note-{token['note']}", token["note"].replace("_", " "), language)
        return note if first or after.endswith(("/", "(", "·", " ")) else f" {note}"
    if token["sign"] == ".":
        return "" if after.endswith(" ") else "·"
    return token["sign"]


def _named(key: str, otherwise: str, language: Language) -> str:
    message = f"unit-part-{key.replace('_', '-').replace('%', 'percent')}"
    return say(language, message) if has(language, message) else otherwise
