"""The city as a unit: what published facts say of its water, energy, air and waste."""

from collections.abc import Mapping
from typing import Literal, get_args

import sqlalchemy as sa

from jasyl.facts import Basis, Fact, find, package_file

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


def theme_of(fact: Fact) -> Theme:
    """What a fact is about; ``other`` for facts that people added under names the package does not know."""
    file = package_file(fact.key)
    return _OTHERWISE.get(fact.metric) or _OF_FILES.get(file or "", "other")


def city_facts(connection: sa.Connection, city: City) -> dict[Theme, list[Fact]]:
    """The facts of a city by theme, newest first within a metric. Of a city that is no region of its own there are
    none by code: facts name towns by their words."""
    found: dict[Theme, list[Fact]] = {theme: [] for theme in THEMES}
    if city.place != city.region.iso:
        return found
    for fact in find(connection, place=city.place):
        found[theme_of(fact)].append(fact)
    for facts in found.values():
        facts.sort(key=lambda one: (one.metric, -(one.start_year or 0), one.period, one.key))
    return found
