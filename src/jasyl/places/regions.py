"""The 17 regions and 3 cities of republican rank: codes, names, centres, area, population."""

import csv
import datetime as dt
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import Literal, NamedTuple, cast

from jasyl.texts import LANGUAGES, Language, Refusal

Kind = Literal["region", "city"]
Confidence = Literal["high", "medium", "low"]


# Kazakhstan with half a degree around it: west, south, east, north.
COUNTRY_BOX = (46.0, 40.0, 88.0, 56.0)


class LonLat(NamedTuple):
    """A point on WGS 84: longitude, then latitude, in degrees."""

    lon: float
    lat: float


@dataclass(frozen=True)
class Names:
    """A name in the three languages."""

    kk: str
    ru: str
    en: str

    def of(self, language: Language) -> str:
        """The name in ``language``."""
        return {"kk": self.kk, "ru": self.ru, "en": self.en}[language]


@dataclass(frozen=True)
class Region:
    """One of the 20 units under the country as they stand since 8 June 2022.

    ``iso`` is its ISO 3166-2 code (``KZ-10``), ``kato`` its code in the state classifier KATO (NK RK 11), whose
    first two digits ISO took over; ``kind`` is ``city`` for the three cities of republican rank. ``centroid`` is the
    centre of its area, ``centre`` the place of its administrative centre. ``area_km2`` is the published area,
    ``population`` the published or estimated number of people on ``population_date``, to be shown with
    ``population_confidence``; ``confidence`` speaks of the rest of the row.
    """

    iso: str
    kato: str
    kind: Kind
    names: Names
    name_kk_latin: str
    centre_names: Names
    centre: LonLat
    centroid: LonLat
    area_km2: float
    population: int
    population_date: dt.date
    population_confidence: Confidence
    confidence: Confidence
    source: str

    def name(self, language: Language) -> str:
        """The full name in ``language``, for example ``Ақмола облысы``."""
        return self.names.of(language)

    @property
    def population_source(self) -> str:
        """The part of ``source`` that speaks of the population."""
        return self.source.partition("; population: ")[2].partition("; centroid: ")[0] or self.source


@cache
def regions() -> tuple[Region, ...]:
    """All 20, in the order of their ISO codes."""
    text = (files("jasyl.places") / "data" / "regions.csv").read_text(encoding="utf-8")
    read = (_region(row) for row in csv.DictReader(text.splitlines()))
    return tuple(sorted(read, key=lambda region: region.iso))


def regions_file() -> tuple[str, str]:
    """Name and SHA-256 of the file behind `regions`, for the record of its import."""
    content = (files("jasyl.places") / "data" / "regions.csv").read_bytes()
    return "regions.csv", sha256(content).hexdigest()


def region(iso: str) -> Region:
    """The region of an ISO 3166-2 code. Raises Refusal ``unknown-region``; for what people write use ``resolve``."""
    found = _by_iso().get(iso)
    if found is None:
        raise _unknown(iso)
    return found


def resolve(written: str) -> Region:
    """The region somebody wrote: a code (ISO 3166-2, OCHA ``KZ10``, KATO, letter code) or a name, old or new.

    Names are taken in Kazakh (Cyrillic or Latin), Russian and English, with or without the word for region or
    city; ``Алматы`` without that word is the city. Raises Refusal ``region-divided`` for a code or name of a region
    that was divided in 2018 or 2022, naming what it became, and ``unknown-region`` for all else.
    """
    code = "".join(written.split()).upper().replace("_", "-")
    successors = _DIVIDED_CODES.get(code) or _DIVIDED_NAMES.get(_words(written)[0])
    if successors:
        raise Refusal("region-divided", received=written.strip()[:60], expected=", ".join(map(_titled, successors)))
    iso = _codes().get(code) or _by_name(written)
    if iso is None:
        raise _unknown(written)
    return region(iso)


def _titled(iso: str) -> str:
    """Code and name in all three languages, since a refusal's arguments are the same in each."""
    return f"{iso} ({' / '.join(region(iso).name(language) for language in LANGUAGES)})"


def _unknown(written: str) -> Refusal:
    return Refusal("unknown-region", received=written.strip()[:60], expected=", ".join(_by_iso()))


# Letter codes of ISO 3166-2 before 29 November 2022; the last three are not ISO's but stand in OCHA's COD-AB of 2024.
# fmt: off
_LETTER_CODES = {
    "KZ-AKM": "KZ-11", "KZ-AKT": "KZ-15", "KZ-ATY": "KZ-23", "KZ-ZAP": "KZ-27", "KZ-ZHA": "KZ-31", "KZ-KUS": "KZ-39",
    "KZ-KZY": "KZ-43", "KZ-MAN": "KZ-47", "KZ-PAV": "KZ-55", "KZ-SEV": "KZ-59", "KZ-AST": "KZ-71", "KZ-ALA": "KZ-75",
    "KZ-SHY": "KZ-79", "KZ-ABY": "KZ-10", "KZ-ZHT": "KZ-33", "KZ-ULT": "KZ-62",
}
# Codes whose region was divided later: they mean land that now lies in two regions. 51 was South Kazakhstan in KATO.
_DIVIDED_CODES = {
    "KZ-ALM": ("KZ-19", "KZ-33"), "KZ-KAR": ("KZ-35", "KZ-62"), "KZ-VOS": ("KZ-10", "KZ-63"),
    "KZ-YUZ": ("KZ-61", "KZ-79"), "510000000": ("KZ-61", "KZ-79"),
}
_DIVIDED_NAMES: dict[str, tuple[str, ...]] = dict.fromkeys(
    ("южно казахстанская", "оңтүстік қазақстан", "ongtüstik qazaqstan", "south kazakhstan", "юко", "оқо"),
    ("KZ-61", "KZ-79"),
)
# What else is written, folded: official Russian forms with a Kazakh name, outdated and foreign spellings.
_OTHER_NAMES = {
    "KZ-10": ("абай", "abay"),
    "KZ-11": ("акмола", "целиноградская"),
    "KZ-15": ("актобе", "aktyubinsk", "aqtobe"),
    "KZ-19": ("алма атинская", "almaty"),
    "KZ-23": ("гурьевская",),
    "KZ-27": ("зко", "бқо", "уральская"),
    "KZ-31": ("джамбулская", "jambyl"),
    "KZ-33": ("жетысу", "жетису", "жетісуская", "джетысу", "zhetysu", "jetisu", "zhetisū"),
    "KZ-35": ("караганда", "karagandy", "qaragandy"),
    "KZ-39": ("кустанайская", "костанай", "kostanai", "qostanay"),
    "KZ-43": ("кзыл ординская", "кзылординская", "кызылорда"),
    "KZ-47": ("мангышлакская", "мангистау", "mangistau"),
    "KZ-59": ("ско", "сқо", "солтүстiк қазақстан"),
    "KZ-61": ("туркестан", "turkestan"),
    "KZ-62": ("улытау",),
    "KZ-63": ("вко", "шқо"),
    "KZ-71": ("нур султан", "нұр сұлтан", "nur sultan"),
    "KZ-75": ("алма ата", "alma ata"),
    "KZ-79": ("чимкент", "chimkent"),
}
_REGION_WORDS = frozenset((
    "облысы", "обл", "область", "области", "oblysy", "oblast", "oblast'", "region", "province",
))
_CITY_WORDS = frozenset(("қаласы", "қала", "қ", "город", "г", "гор", "qalasy", "city"))
# fmt: on


def _words(written: str) -> tuple[str, Kind | None]:
    """The name without the word for region or city, folded, and which of the two that word was."""
    text = unicodedata.normalize("NFC", written).casefold().replace("ё", "е")
    words = re.sub(r"[^\w']+|_", " ", text).split()
    kind: Kind | None = None
    if any(word in _REGION_WORDS for word in words):
        kind = "region"
    elif any(word in _CITY_WORDS for word in words):
        kind = "city"
    kept = [word for word in words if word not in _REGION_WORDS | _CITY_WORDS]
    return " ".join(kept), kind


@cache
def _by_iso() -> dict[str, Region]:
    return {region.iso: region for region in regions()}


@cache
def _codes() -> dict[str, str]:
    known = dict(_LETTER_CODES)
    for one in regions():
        digits = one.iso.removeprefix("KZ-")
        known |= dict.fromkeys((one.iso, f"KZ{digits}", one.kato), one.iso)
    return known


@cache
def _stems() -> dict[str, frozenset[str]]:
    stems: defaultdict[str, set[str]] = defaultdict(set)
    for one in regions():
        own = (*(one.name(language) for language in LANGUAGES), one.name_kk_latin, *_OTHER_NAMES.get(one.iso, ()))
        for name in own:
            stems[_words(name)[0]].add(one.iso)
    return {stem: frozenset(codes) for stem, codes in stems.items()}


def _by_name(written: str) -> str | None:
    stem, kind = _words(written)
    found = _stems().get(stem, frozenset[str]())
    if len(found) > 1 or kind is not None:
        # Only Almaty is the name of a region and of a city; the bare name is the city, as in common speech.
        found = frozenset(iso for iso in found if region(iso).kind == (kind or "city"))
    return min(found, default=None)


def _region(row: dict[str, str]) -> Region:
    return Region(
        iso=row["iso"],
        kato=row["kato"],
        kind=cast("Kind", row["kind"]),
        names=Names(row["name_kk"], row["name_ru"], row["name_en"]),
        name_kk_latin=row["name_kk_latn"],
        centre_names=Names(row["centre_kk"], row["centre_ru"], row["centre_en"]),
        centre=LonLat(float(row["centre_lon"]), float(row["centre_lat"])),
        centroid=LonLat(float(row["centroid_lon"]), float(row["centroid_lat"])),
        area_km2=float(row["area_km2"]),
        population=int(row["population"]),
        population_date=dt.date.fromisoformat(row["population_date"]),
        population_confidence=cast("Confidence", row["population_confidence"]),
        confidence=cast("Confidence", row["confidence"]),
        source=row["source"],
    )
