"""Names of the parts of a layer's value: ``volatile_solids_t`` is "volatile solids, t", ``month_01_mean_Cel``
"January: mean, °C".

Layers name a part by what it is, the unit, and which end of a range: all of it in one key, which files keep.
"""

import re

from jasyl.facts import metric_name
from jasyl.quantities import written_unit
from jasyl.texts import Language, has, say

# How keys write a unit at their end, longest first.
_UNITS = {
    "t_per_year": "t/a", "mw_h_a": "MW.h/a", "k_100_m": "K/(100.m)", "t_dm": "t{dry_mass}", "t_km": "t.km",
    "m3_d": "m3/d", "k_km": "K/km", "tj_a": "TJ/a", "tonnes": "t", "percent": "%", "g_l": "g/L", "l_s": "L/s",
    "m_s": "m/s", "count": "{count}", "year": "{calendar_year}", "gwh": "GW.h", "km3": "km3", "cel": "Cel",
    "gw": "GW", "mm": "mm", "ha": "har", "km": "km", "m3": "m3", "t": "t", "m": "m",
}  # fmt: skip
_UNIT = re.compile(rf"(?:(.+)_)?({'|'.join(sorted(_UNITS, key=len, reverse=True))})", re.IGNORECASE)
_TIME = re.compile(r"(?:month_(\d\d)|(year))_(.+)")
_END = re.compile(r"(.+)_(low|high)")


def part_name(key: str, language: Language) -> str:
    """What a part is called, with its unit; a key the catalogue does not know in plain words."""
    if found := _TIME.fullmatch(key):
        when = say(language, f"month-{int(found[1])}") if found[1] else say(language, "part-year")
        return f"{when}: {_named(found[3], language)}"
    if found := _END.fullmatch(key):
        return f"{part_name(found[1], language)} ({say(language, f'part-{found[2]}')})"
    return _named(key, language)


def _named(key: str, language: Language) -> str:
    stem, unit = key, ""
    if (found := _UNIT.fullmatch(key)) and not has(language, _message(key)):
        stem, unit = found[1] or "precipitation", written_unit(_UNITS[found[2].lower()], language)
    name = say(language, _message(stem)) if has(language, _message(stem)) else metric_name(stem, language)
    return f"{name}, {unit}" if unit else name


def _message(stem: str) -> str:
    return f"part-{re.sub(r'[^a-z0-9]+', '-', stem.lower()).strip('-')}"
