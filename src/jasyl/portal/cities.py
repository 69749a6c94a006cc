"""The list of cities, and the city that an address names."""

from typing import Any
from urllib.parse import quote

import sqlalchemy as sa

from jasyl.cities import City, cities, city, city_named
from jasyl.cities.result import CityResult
from jasyl.cities.results import read_results
from jasyl.places import settlements
from jasyl.texts import Refusal

from .page import Document, NotFoundError, page, split_form
from .sheet import Column, Sheet
from .visit import Visit

_LARGE = 100_000
LIST_COLUMNS = (
    Column("place", "column-iso", files_only=True),
    Column("name", "city-city", link=True),
    Column("population", "column-population", digits=0),
    Column("population_date", "column-date"),
    Column("year", "city-newest-year", link=True),
    Column("reported", "city-reported", digits=0),
    Column("of", "city-data-points", digits=0),
    Column("scored", "city-scored", digits=0),
    Column("not_verified", "city-not-verified", digits=0),
    Column("years", "city-years"),
)


@page("/cities", "Cities and what they report")
def cities_list(visit: Visit, connection: sa.Connection) -> Document:
    """Cities of republican rank, and every other with a book; those that report nothing say so."""
    results: dict[str, list[CityResult]] = {}
    for result in read_results(connection, visit.actor, training=visit.house.training):
        results.setdefault(result.place, []).append(result)
    known = {one.place: one for one in cities()}
    known |= {place: city(place) for place in results}
    rows = [_list_row(visit, one, results.get(one.place, [])) for one in known.values()]
    sheet = Sheet(LIST_COLUMNS, rows, visit.t("cities-caption"))
    data = {"cities": [{key: value for key, value in row.items() if not key.endswith("_link")} for row in rows]}
    towns = [one for one in _large_towns() if one.place not in known]
    context = {"any": bool(results), "towns": [(one.name(visit.language), visit.href(f"/cities/{one.place}"))
                                               for one in towns]}  # fmt: skip
    return Document("cities.html", visit.t("nav-cities"), data, sheet, context)


def _large_towns() -> list[City]:
    """Towns of a hundred thousand people or more, the largest first."""
    large = [one for one in settlements() if (one.population or 0) >= _LARGE]
    return [city(f"G{one.geoname}") for one in sorted(large, key=lambda one: -(one.population or 0))]


def _list_row(visit: Visit, one: City, results: list[CityResult]) -> dict[str, Any]:
    newest = results[-1] if results else None
    years = ", ".join(str(result.year) for result in results)
    return {
        "place": one.place,
        "name": one.name(visit.language),
        "name_link": visit.href(f"/cities/{one.place}"),
        "population": one.region.population if one.is_region else None,
        "population_date": one.region.population_date.isoformat() if one.is_region else None,
        "year": newest.year if newest else visit.t("city-not-reported") if visit.form == "html" else None,
        "year_link": visit.href(f"/cities/{one.place}/{newest.year}") if newest else None,
        "reported": newest.reported if newest else None,
        "of": len(newest.evaluation.points) if newest else None,
        "scored": newest.scored if newest else None,
        "not_verified": len(newest.statuses.get("not_verified", ())) if newest else None,
        "years": years or None,
    }


def city_asked(place: str) -> City:
    """The city of an address. Raises NotFoundError."""
    try:
        return city(place)
    except Refusal:
        raise NotFoundError from None


def coded_address(path: str) -> str | None:
    """An address below ``/cities`` with the code of its city where it has a name of it, in any language, or the code
    written otherwise; None where there is nothing to say better."""
    parts = path.split("/")
    if parts[:2] != ["", "cities"] or not parts[2:]:
        return None
    named, form = split_form(parts[2])
    try:
        code = _by_code_or_name(named).place
    except Refusal:
        return None
    if code == named:
        return None
    parts[2] = code + (f".{form}" if named != parts[2] else "")
    return quote("/".join(parts))


def _by_code_or_name(said: str) -> City:
    try:
        return city(said)
    except Refusal:
        return city_named(said)
