"""Settlement points out of GeoNames: for search, labels and approximate places."""

import csv
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from jasyl.texts import Language, Refusal

from .regions import LonLat, Region

# GeoNames leaves the population out for villages only; they could have this many people.
UNCOUNTED = 5000


@dataclass(frozen=True)
class Settlement:
    """A town or village of 500 people or more, as GeoNames has it (CC BY 4.0).

    ``name_kk`` and ``name_ru`` are None where GeoNames leaves open in which language a spelling is; ``population`` is
    None where it knows none and carries no date: for ranking labels, not for statistics. ``spellings`` are other
    ways to write the name, in any language.
    """

    geoname: int
    name_en: str
    name_kk: str | None
    name_ru: str | None
    region: str
    place: LonLat
    population: int | None
    spellings: tuple[str, ...]
    source: str

    def name(self, language: Language) -> str:
        """The name in ``language``, or the English one where that is not known."""
        return {"kk": self.name_kk, "ru": self.name_ru, "en": self.name_en}[language] or self.name_en


@cache
def settlements() -> tuple[Settlement, ...]:
    """All, by GeoNames number."""
    text = (files("jasyl.places") / "data" / "settlements.csv").read_text(encoding="utf-8")
    return tuple(_settlement(row) for row in csv.DictReader(text.splitlines()))


def settlement(name: str, region: Region | str | None = None) -> Settlement:
    """The settlement somebody wrote, by any known spelling, in a region (or its ISO code) where that is given.

    Of several with the name, one ten times as large as the next is meant. Raises Refusal ``unknown-settlement`` and
    ``settlement-ambiguous``.
    """
    iso = region.iso if isinstance(region, Region) else region
    found = [one for one in _by_name().get(_folded(name), ()) if iso in (None, one.region)]
    if not found:
        raise Refusal("unknown-settlement", received=name.strip()[:60], region=iso or "KZ")
    found.sort(key=lambda one: (-(one.population or 0), one.geoname))
    if len(found) > 1 and (found[0].population or 0) < 10 * (found[1].population or UNCOUNTED):
        candidates = ", ".join(f"{one.name_en} ({one.region}, {one.place.lon}, {one.place.lat})" for one in found[:6])
        raise Refusal("settlement-ambiguous", received=name.strip()[:60], expected=candidates)
    return found[0]


def _folded(name: str) -> str:
    text = unicodedata.normalize("NFKD", name).casefold()
    kept = "".join(letter for letter in text if not unicodedata.combining(letter) or letter == "\u0306")
    # GeoNames writes the Russian ending -ый as -yy, most people as -y.
    return " ".join(re.findall(r"\w+", unicodedata.normalize("NFC", kept).replace("ё", "е").replace("yy", "y")))


@cache
def _by_name() -> dict[str, tuple[Settlement, ...]]:
    known: defaultdict[str, dict[int, Settlement]] = defaultdict(dict)
    for one in settlements():
        for name in (one.name_en, one.name_kk, one.name_ru, *one.spellings):
            if name:
                known[_folded(name)][one.geoname] = one
    return {name: tuple(found.values()) for name, found in known.items()}


def _settlement(row: dict[str, str]) -> Settlement:
    return Settlement(
        geoname=int(row["geoname"]),
        name_en=row["name_en"],
        name_kk=row["name_kk"] or None,
        name_ru=row["name_ru"] or None,
        region=row["region"],
        place=LonLat(float(row["lon"]), float(row["lat"])),
        population=int(row["population"]) if row["population"] else None,
        spellings=tuple(filter(None, row["spellings"].split("|"))),
        source=row["source"],
    )
