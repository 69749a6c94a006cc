"""Fictional statistics of the training city as facts, from which data points are proposed.

Nothing in them was observed. They are made from the population of the training book by shares written here, and go
into folders of kind ``training`` alone.
"""

from decimal import Decimal

import sqlalchemy as sa

from jasyl.facts import Fact, store

from .training_book import YEARS, people_of

SOURCE = "Jasyl training data, generated"
PLACE = "KZ-71"
# Amounts for each inhabitant in a year (or standing at its end), in the unit beside them.
# fmt: off
_PER_HEAD: dict[str, tuple[str, str]] = {
    "renewable_energy_consumption": ("0.92", "MW.h"), "final_energy_consumption": ("13.1", "MW.h"),
    "city_electricity_consumption": ("3640", "kW.h"), "residential_heat_consumption": ("4.2", "MW.h"),
    "public_building_energy": ("712", "kW.h"), "public_building_floor_area": ("3.1", "m2"),
    "city_water_consumption": ("78.5", "m3"), "city_freshwater_consumption": ("75.9", "m3"),
    "water_put_into_network": ("93", "m3"), "water_delivered": ("76.6", "m3"),
    "wastewater_collected": ("66", "m3"), "wastewater_treated_primary": ("62", "m3"),
    "wastewater_treated_secondary": ("57.4", "m3"), "wastewater_treated_tertiary": ("13.2", "m3"),
    "city_waste_disposed": ("0.41", "t"), "city_waste_landfilled": ("0.246", "t"),
    "city_waste_burnt_openly": ("0", "t"), "city_waste_incinerated": ("0.0082", "t"),
    "city_waste_dumped": ("0.0287", "t"), "city_waste_recycled": ("0.1148", "t"),
    "city_waste_other": ("0.0123", "t"),
    "households_with_basic_water": ("0.328", "{count}"), "households_with_safe_water": ("0.317", "{count}"),
    "households_with_sewer": ("0.297", "{count}"), "households_with_electricity": ("0.3327", "{count}"),
    "households_with_waste_collection": ("0.3201", "{count}"),
    "water_meters": ("0.41", "{count}"), "electricity_meters": ("0.44", "{count}"),
    "electricity_customers": ("0.45", "{count}"), "customer_interruptions": ("0.71", "{count}"),
    "demand_response_customers": ("0.0031", "{count}"), "passenger_vehicles": ("0.27", "{count}"),
    "public_transport_network": ("0.00091", "km"), "green_area": ("0.00164", "har"),
}
# Yearly means of air quality, and areas: the same in every year.
_FIXED: dict[str, tuple[str, str]] = {
    "air_pm25_annual_mean": ("21.4", "ug/m3"), "air_pm10_annual_mean": ("48.2", "ug/m3"),
    "air_no2_annual_mean": ("37.5", "ug/m3"), "air_so2_annual_mean": ("14.9", "ug/m3"),
    "air_o3_annual_mean": ("52.3", "ug/m3"), "protected_area": ("61", "km2"),
}
# fmt: on
_COUNTED = "{count}"


def training_facts(place: str = PLACE) -> list[Fact]:
    """The made-up statistics of a training city in every year of its books."""
    found: list[Fact] = []
    for year in YEARS:
        people = people_of(place, year)
        for metric, (share, unit) in _PER_HEAD.items():
            amount = Decimal(share) * people
            found.append(_fact(metric, place, year, round(amount) if unit == _COUNTED else round(amount, 1), unit))
        found += [_fact(metric, place, year, Decimal(value), unit) for metric, (value, unit) in _FIXED.items()]
    return found


def load_training_records(connection: sa.Connection) -> int:
    """Keep the facts of the training city in a folder of kind ``training``; how many."""
    return store(connection, training_facts())


def _fact(metric: str, place: str, year: int, value: Decimal | int, unit: str) -> Fact:
    return Fact(
        metric=metric, place=place, area="", object="", technology="", period=str(year), value=Decimal(value), low=None,
        high=None, unit=unit, basis="published", source=SOURCE, source_date=f"{year + 1}-03", confidence="high",
        confirmed=True, note="training data, generated: nothing was observed",
    )  # fmt: skip
