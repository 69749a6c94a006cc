"""Search over facilities, enterprises, regions and settlements."""

from typing import Any

import sqlalchemy as sa

from jasyl.places import regions, settlements
from jasyl.registry import FacilityFilter, facilities

from .page import Document, page
from .sheet import Column, Sheet
from .visit import Visit

EACH = 8
COLUMNS = (Column("name", "column-name", link=True), Column("kind", "column-kind", choices="map-kind"))


@page("/search", "Search by name: facilities, regions, settlements")
def search_page(visit: Visit, connection: sa.Connection) -> Document:
    """What fits ``q``: regions first, then facilities, then settlements by population."""
    asked = visit.query.get("q", "")[:80].strip()
    hits = (
        [*_regions(visit, asked), *_facilities(visit, connection, asked), *_settlements(visit, asked)] if asked else []
    )
    rows = [{**hit, "name_link": hit["href"]} for hit in hits]
    return Document(
        "search.html", visit.t("search-title"), {"hits": hits}, Sheet(COLUMNS, rows, visit.t("search-title"))
    )


def _regions(visit: Visit, asked: str) -> list[dict[str, Any]]:
    words = asked.casefold()
    return [
        _hit(one.kind, one.name(visit.language), visit.href(f"/regions/{one.iso}"), one.centroid.lon, one.centroid.lat)
        for one in regions()
        if any(words in name.casefold() for name in (one.names.kk, one.names.ru, one.names.en))
    ][:EACH]


def _facilities(visit: Visit, connection: sa.Connection, asked: str) -> list[dict[str, Any]]:
    found = facilities(connection, FacilityFilter(text=asked), visit.actor, limit=EACH)
    return [
        _hit("facility", visit.name_of(row), visit.href(f"/facilities/{row['key']}"), row["lon"], row["lat"])
        for row in found
    ]


def _settlements(visit: Visit, asked: str) -> list[dict[str, Any]]:
    words = asked.casefold()
    found = [
        one
        for one in settlements()
        if any(words in name.casefold() for name in (one.name_en, one.name_kk, one.name_ru, *one.spellings) if name)
    ]
    found.sort(key=lambda one: -(one.population or 0))
    return [
        _hit(
            "settlement",
            one.name(visit.language),
            f"{visit.href('/')}#map=9/{one.place.lat}/{one.place.lon}",
            one.place.lon,
            one.place.lat,
        )
        for one in found[:EACH]
    ]


def _hit(kind: str, name: str, href: str, lon: float | None, lat: float | None) -> dict[str, Any]:
    return {"kind": kind, "name": name, "href": href, "lon": lon, "lat": lat}
