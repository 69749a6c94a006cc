"""Regions: the list of 20, and a page for each."""

from typing import Any

import sqlalchemy as sa

from jasyl.atlas import Layer, Statistics, catalogue, statistics
from jasyl.places import Region, region, regions
from jasyl.registry import FacilityFilter, facilities
from jasyl.texts import Refusal

from .facilities import COLUMNS as FACILITY_COLUMNS
from .facilities import facility_data, facility_row
from .page import Document, NotFoundError, page
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (
    Column("name", "column-region", link=True),
    Column("iso", "column-iso"),
    Column("kato", "column-kato"),
    Column("kind", "column-kind", choices="region-kind"),
    Column("centre", "column-centre"),
    Column("area_km2", "column-area", unit="km2"),
    Column("population", "column-population", digits=0),
    Column("population_date", "column-date"),
    Column("population_confidence", "column-confidence", choices="confidence-level"),
)


@page("/regions", "The 20 regions and cities of republican rank")
def regions_list(visit: Visit, connection: sa.Connection) -> Document:
    """All regions with area and population."""
    sheet = Sheet(COLUMNS, [region_row(visit, one) for one in regions()], visit.t("regions-caption"))
    return Document(
        "regions.html",
        visit.t("nav-regions"),
        {"regions": [_as_data(one) for one in regions()]},
        sheet,
        {"source": regions()[0].source},
    )


@page("/regions/{iso:str}", "One region")
def region_page(visit: Visit, connection: sa.Connection, iso: str) -> Document:
    """A region: facts with sources."""
    try:
        found = region(iso)
    except Refusal:
        raise NotFoundError from None
    wanted = FacilityFilter(region=iso)
    rows = facilities(connection, wanted, visit.actor)
    sums = visit.totals(connection, wanted)
    # In files a row stands by itself; on the page every row would repeat the region.
    columns = [one for one in FACILITY_COLUMNS if one.key != "region" or visit.form != "html"]
    sheet = Sheet(columns, [facility_row(visit, row) for row in rows], visit.t("region-facilities"))
    about = Sheet(COLUMNS, [region_row(visit, found)], found.name(visit.language))
    data = {"region": _as_data(found), "facilities": [facility_data(row) for row in rows], "totals": vars(sums)}
    context = {"region": found, "about": about, "totals": sums, "solar": _solar(visit, iso)}
    return Document("region.html", found.name(visit.language), data, sheet, context)


def _solar(visit: Visit, iso: str) -> list[tuple[Layer, Statistics]]:
    """Area-weighted statistics of the built layers that reach the region."""
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    built = [layer for layer in catalogue(visit.house.folder) if layer.state == "built" and layer.shape == "raster"]
    if not built:
        return []
    shape = current(visit.house.folder).unit(iso).shape
    found = [(layer, statistics(visit.house.folder, layer.id, [shape], beyond=True)[0]) for layer in built]
    return [(layer, row) for layer, row in found if row.area > 0]


def region_row(visit: Visit, one: Region) -> dict[str, Any]:
    """A region as a row of a table."""
    return {
        "iso": one.iso,
        "kato": one.kato,
        "name": one.name(visit.language),
        "name_link": visit.href(f"/regions/{one.iso}"),
        "kind": one.kind,
        "centre": one.centre_names.of(visit.language),
        "area_km2": one.area_km2,
        "population": one.population,
        "population_date": one.population_date.isoformat(),
        "population_confidence": one.population_confidence,
    }


def _as_data(one: Region) -> dict[str, Any]:
    return {
        "iso": one.iso,
        "kato": one.kato,
        "kind": one.kind,
        "name": {"kk": one.names.kk, "ru": one.names.ru, "en": one.names.en},
        "centre": {"kk": one.centre_names.kk, "ru": one.centre_names.ru, "en": one.centre_names.en},
        "centre_lon_lat": [one.centre.lon, one.centre.lat],
        "area_km2": one.area_km2,
        "population": one.population,
        "population_date": one.population_date.isoformat(),
        "population_confidence": one.population_confidence,
        "source": one.source,
        "confidence": one.confidence,
    }
