"""The city as a unit: what published facts say of its water, energy, air and waste."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Literal, get_args

import sqlalchemy as sa

from jasyl.facts import Basis, Fact, find, package_file
from jasyl.places import Settlement, settlement
from jasyl.quantities import UNITS
from jasyl.texts import Refusal

from .city import City

Theme = Literal["water", "energy", "air", "waste", "other"]
THEMES: tuple[Theme, ...] = get_args(Theme)
Kind = Literal["observed", "published", "modelled", "assumed", "planned"]
KINDS: Mapping[Basis, Kind] = {
    "measured": "observed",
    "published": "published",
    "statement": "published",
    "derived": "modelled",
    "assumed": "assumed",
    "planned": "planned",
}
"""How a fact came about in the words of figures; a target, forecast or limit is none of them and stays ``planned``."""
# A file of the package is about one theme; only the table of cities' emissions holds several.
_OF_FILES: Mapping[str, Theme] = {
    "water": "water",
    "waste": "waste",
    "waste_regions": "waste",
    "power_system": "energy",
    "interconnectors": "energy",
    "regional_renewables": "energy",
    "tariffs": "energy",
    "geothermal": "energy",
    "aggregates": "energy",
    "city_emissions": "air",
}
_OTHERWISE: Mapping[str, Theme] = {
    "coal_burnt": "energy",
    "coal_burnt_outside_power_plants": "energy",
    "electric_capacity_of_plant": "energy",
    "heat_output_capacity": "energy",
    "peak_heat_demand": "energy",
    "residents_supplied_with_heat": "energy",
    "houses_with_gas": "energy",
    "sulphur_in_coal": "energy",
    "ash_in_coal": "energy",
    "river_water_intake": "water",
    "ash_made": "waste",
}

_WORDS: Mapping[Theme, frozenset[str]] = {
    "water": frozenset({"water", "wastewater", "sewer", "river", "freshwater"}),
    "waste": frozenset({"waste", "recycling", "recycled", "landfill", "dumps", "ash"}),
    "air": frozenset({"air", "pollutants", "so2", "nox", "no2", "pm10", "vehicles", "transport", "dust"}),
    "energy": frozenset({"energy", "electricity", "heat", "coal", "gas", "generation", "capacity"}),
}


def theme_of(fact: Fact) -> Theme:
    """What a fact is about: by its file in the package; of one that people added, by the words of its metric."""
    file = package_file(fact.key)
    if file is not None:
        # The table of water also holds the power of plants on it.
        measured = UNITS.get(fact.unit)
        if file == "water" and measured is not None and measured.dimension in ("power", "energy"):
            return "energy"
        return _OTHERWISE.get(fact.metric) or _OF_FILES.get(file, "other")
    said = set(fact.metric.split("_"))
    for theme, words in _WORDS.items():
        if words & said:
            return theme
    return "other"


def city_facts(connection: sa.Connection, city: City) -> dict[Theme, list[Fact]]:
    """The facts of a city by theme, newest first within a metric. Facts name a town that is no region of its own by
    words, as the part of the region that they are of."""
    facts = find(connection, place=city.region.iso)
    return _by_theme(facts if city.is_region else (one for one in facts if names_town(city, one.area)))


def regional_facts(connection: sa.Connection, city: City) -> dict[Theme, list[Fact]]:
    """What is known of the whole region of a town: never of the town itself. None of a city that is its own region."""
    return _by_theme(() if city.is_region else find(connection, place=city.region.iso, area=""))


def names_town(city: City, words: str | None) -> bool:
    """Whether words of a place name the town of ``city``: ``Temirtau``, ``Rudny, Kostanay region``, ``Uralsk city``."""
    return any(
        _named(part.strip().removesuffix(" city"), city.region.iso) == city.settlement
        for part in (words or "").split(",")
        if city.settlement is not None and part.strip()
    )


@cache
def _named(words: str, region: str) -> Settlement | None:
    try:
        return settlement(words, region)
    except Refusal:
        return None


def _by_theme(facts: Iterable[Fact]) -> dict[Theme, list[Fact]]:
    found: dict[Theme, list[Fact]] = {theme: [] for theme in THEMES}
    for fact in facts:
        found[theme_of(fact)].append(fact)
    for held in found.values():
        held.sort(key=lambda one: (one.metric, -(one.start_year or 0), one.period, one.key))
    return found
