"""Green technologies: codes, names in three languages, families, and the quantities each is judged by.

Three levels of grouping, from coarse to fine:

- the **sector**: the thirteen headings of the table (level 1), such as ``renewable-power``;
- the **map family**: at most eighteen groups people look for on a map, in which renewable power is split into
  solar, wind, hydro, bioenergy, geothermal and storage (`MAP_FAMILIES`);
- the **technology** (level 2), such as ``RP.WON``, onshore wind.

Data: ``data/technologies.csv``, ``performance_quantities.csv`` and ``technology_words.csv``; each row keeps the
source and confidence of its mappings to the national and the European taxonomy.
"""

import csv
import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import Literal, cast, get_args

from jasyl.texts import LANGUAGES, Language, Refusal, say

Confidence = Literal["high", "medium", "low"]
MapFamily = Literal[
    "solar",
    "wind",
    "hydro",
    "bioenergy",
    "geothermal",
    "storage",
    "heat",
    "buildings",
    "industry",
    "networks",
    "gas",
    "transport",
    "water",
    "waste",
    "construction",
    "agriculture",
    "nature",
    "monitoring",
]
MAP_FAMILIES: tuple[MapFamily, ...] = get_args(MapFamily)

_FAMILY_OF_SECTOR: dict[str, MapFamily] = {
    "heat": "heat",
    "buildings-efficiency": "buildings",
    "industry-efficiency": "industry",
    "networks-efficiency": "networks",
    "gas-saving": "gas",
    "transport": "transport",
    "water": "water",
    "waste": "waste",
    "circular-construction": "construction",
    "agriculture-biotechnology": "agriculture",
    "nature": "nature",
    "monitoring": "monitoring",
}
_NOT_IN_KEYS = re.compile(r"[^a-z0-9]+")
SECTORS: tuple[str, ...] = ("renewable-power", *_FAMILY_OF_SECTOR)

# Where the resource tells people more than the sector. Landfill gas and residual waste are fuels whose places are
# the places of waste; hydrogen is kept with storage, hybrid plants and mini-grids with the networks they are.
_FAMILY_OF_TECHNOLOGY: dict[str, MapFamily] = {
    "RP.PV": "solar",
    "RP.PVR": "solar",
    "RP.PVA": "solar",
    "RP.CSP": "solar",
    "HT.SOT": "solar",
    "RP.WON": "wind",
    "RP.WSM": "wind",
    "RP.HSM": "hydro",
    "RP.HLG": "hydro",
    "RP.GEO": "geothermal",
    "HT.GEO": "geothermal",
    "RP.BGS": "bioenergy",
    "RP.BSO": "bioenergy",
    "HT.BIO": "bioenergy",
    "RP.LFG": "waste",
    "RP.WTE": "waste",
    "RP.PSH": "storage",
    "RP.BAT": "storage",
    "RP.HYD": "storage",
    "HT.TES": "storage",
    "RP.HYB": "networks",
    "RP.MIN": "networks",
}


@dataclass(frozen=True, slots=True)
class PerformanceQuantity:
    """A quantity a technology is judged by.

    ``unit`` is UCUM (what is weighed or counted in braces, ``t{CO2e}``), ``unit_written`` as the table writes it,
    ``formula`` the calculation, empty where the quantity is simply metered, ``condition`` what restricts it.
    """

    key: str
    unit: str
    unit_written: str
    formula: str
    condition: str

    def name(self, language: Language) -> str:
        """``capacity factor``; every quantity of the table has a name in all three languages."""
        return say(language, f"performance-{_NOT_IN_KEYS.sub('-', self.key.lower())}")


@dataclass(frozen=True, slots=True)
class TaxonomyMapping:
    """The place of a technology in official classifications; empty texts where none is known.

    ``kz_*`` is the national green taxonomy (resolution No. 996 of 2021-12-31), ``eu_activity`` the delegated
    regulations 2021/2139 and 2023/2486, ``ipcc`` the 2006 inventory category, ``sdg`` the targets served.
    """

    kz_category: str
    kz_subcategory: str
    kz_basis: str
    kz_confidence: str
    eu_activity: str
    eu_confidence: str
    ipcc: str
    sdg: str


@dataclass(frozen=True, slots=True)
class Technology:
    """A technology (level 2) or a sector heading (level 1) of the taxonomy."""

    code: str
    parent: str | None
    level: int
    names: Mapping[Language, str]
    sector: str
    family: MapFamily | None
    quantities: tuple[PerformanceQuantity, ...]
    mapping: TaxonomyMapping
    source: str
    confidence: Confidence
    note: str

    def name(self, language: Language) -> str:
        """The name in ``language``; every technology has one in all three."""
        return self.names[language]

    @property
    def sized_by_power(self) -> bool:
        """Whether its size is a power: it is judged by a capacity factor, which is energy over power."""
        return any(each.key == "capacity_factor" for each in self.quantities)


def technologies(*, level: int | None = None) -> tuple[Technology, ...]:
    """All technologies in the order of the taxonomy, or those of one level."""
    every = tuple(_by_code().values())
    return every if level is None else tuple(entry for entry in every if entry.level == level)


def technology(code: str) -> Technology:
    """The technology of exactly this code. Raises Refusal ``unknown-technology`` naming near matches."""
    found = _by_code().get(code)
    if found is None:
        raise _unknown(code)
    return found


def family_of(code: str) -> MapFamily:
    """The map family of a technology.

    Raises Refusal ``unknown-technology``, or ``technology-too-broad`` for ``RP``, which spans several families.
    """
    found = technology(code)
    if found.family is None:
        inside = ", ".join(entry.code for entry in technologies() if entry.parent == code)
        raise Refusal("technology-too-broad", received=code, expected=inside)
    return found.family


def family_name(family: MapFamily, language: Language) -> str:
    """The name of a map family, message ``family-<key>``."""
    return say(language, f"family-{family}")


def resolve_technology(text: str) -> Technology:
    """The technology somebody wrote: a code, a name in any language, or a usual short word (``wind``, ``ВЭС``).

    Letter case, ``ё``, and blanks against hyphens or underscores do not matter.
    Raises Refusal ``unknown-technology`` naming near matches.
    """
    found = _accepted().get(_fold(text))
    if found is None:
        raise _unknown(text)
    return _by_code()[found]


def accepted_names() -> Mapping[str, str]:
    """Every text `resolve_technology` understands, folded, and the code it stands for."""
    return MappingProxyType(_accepted())


def _unknown(text: str) -> Refusal:
    near = difflib.get_close_matches(_fold(text), _accepted(), n=12, cutoff=0.55)
    codes = list(dict.fromkeys(_accepted()[name] for name in near))[:4]
    if not codes:
        codes = [entry.code for entry in technologies(level=1)]
    return Refusal(
        "unknown-technology", received=text[:60], expected={tongue: _named(codes, tongue) for tongue in LANGUAGES}
    )


def _named(codes: Iterable[str], language: Language) -> str:
    return "; ".join(f"{code} ({_by_code()[code].name(language)})" for code in codes)


def _fold(text: str) -> str:
    return " ".join(text.casefold().replace("ё", "е").replace("_", " ").replace("-", " ").split())


def _rows(name: str) -> Iterator[dict[str, str]]:
    text = (files("jasyl.registry") / "data" / name).read_text(encoding="utf-8")
    yield from csv.DictReader(text.splitlines())


@cache
def _by_code() -> dict[str, Technology]:
    quantities: dict[str, list[PerformanceQuantity]] = {}
    for row in _rows("performance_quantities.csv"):
        code = row.pop("technology")
        quantities.setdefault(code, []).append(PerformanceQuantity(**row))
    return {row["code"]: _technology(row, tuple(quantities[row["code"]])) for row in _rows("technologies.csv")}


def _technology(row: dict[str, str], quantities: tuple[PerformanceQuantity, ...]) -> Technology:
    names: dict[Language, str] = {language: row[f"name_{language}"] for language in LANGUAGES}
    family = _FAMILY_OF_TECHNOLOGY.get(row["code"]) or _FAMILY_OF_SECTOR.get(row["sector"])
    return Technology(
        code=row["code"],
        parent=row["parent"] or None,
        level=int(row["level"]),
        names=MappingProxyType(names),
        sector=row["sector"],
        family=family,
        quantities=quantities,
        mapping=TaxonomyMapping(
            kz_category=row["kz_taxonomy_category"],
            kz_subcategory=row["kz_taxonomy_subcategory"],
            kz_basis=row["kz_taxonomy_basis"],
            kz_confidence=row["kz_taxonomy_confidence"],
            eu_activity=row["eu_taxonomy_activity"],
            eu_confidence=row["eu_confidence"],
            ipcc=row["ipcc_2006_category"],
            sdg=row["sdg_target"],
        ),
        source=row["source"],
        confidence=cast(Confidence, row["confidence"]),
        note=row["note"],
    )


@cache
def _accepted() -> dict[str, str]:
    known: dict[str, str] = {}
    for entry in _by_code().values():
        for text in (entry.code, *entry.names.values()):
            known.setdefault(_fold(text), entry.code)
    for row in _rows("technology_words.csv"):
        known.setdefault(_fold(row["word"]), row["code"])
    return known
