"""The front page: the map, and the same facilities as a table for readers without it."""

from typing import Any

import sqlalchemy as sa

from jasyl.atlas import Layer, Legend, catalogue, legend
from jasyl.registry import MAP_FAMILIES, STATUSES, FacilityFilter, family_name
from jasyl.texts import Language

from .assets import island
from .facilities import COLUMNS, filter_of
from .facilities import facility_row as row_of
from .islands import family_entry, messages
from .live import live_settings
from .map_picture import address as picture_address
from .page import Document, page
from .sheet import Sheet
from .visit import Visit

SHOWN = 12
MAX_FACILITY_ZOOM = 14
MAX_LAYER_ZOOM = 8


@page("/", "The map of facilities and resources")
def index(visit: Visit, connection: sa.Connection) -> Document:
    """The map with its settings; totals; the first facilities as a table."""
    from jasyl.registry import facilities  # noqa: PLC0415

    wanted = filter_of(visit)
    sums = visit.totals(connection, wanted)
    every = visit.totals(connection, FacilityFilter())
    rows = facilities(connection, wanted, visit.actor, **({} if visit.form == "csv" else {"limit": SHOWN}))
    sheet = Sheet(COLUMNS, [row_of(visit, row) for row in rows], visit.t("facilities-caption"))
    data = {
        "facilities": every.facilities,
        "enterprises": every.enterprises,
        "at_work": every.at_work,
        "capacity_at_work_w": every.capacity_at_work_w,
    }
    settings = map_settings(visit)
    early = island("src/islands/map/index.ts")  # asked for with the page, not by its script
    context = {"totals": sums, "map_settings": settings, "map_assets": early, "live": live_settings(visit, connection)}
    return Document("front.html", visit.t("front-title"), data, sheet, context)


def map_settings(visit: Visit) -> dict[str, Any]:
    """What the map island needs (frontend/src/islands/map/settings.ts)."""
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    language, folder = visit.language, visit.house.folder
    borders = current(folder)
    revision = visit.house.revision.current()
    return {
        "lang": language,
        "messages": messages(language, "map"),
        "regions": f"/places/region.geojson?v={borders.digest[:12]}",
        "picture": picture_address(visit.house, language),
        "regionPage": visit.href("/regions/{code}"),
        "siteReport": visit.href("/atlas/site"),
        "schematic": borders.precision == "schematic",
        "facilities": {
            "tiles": f"/tiles/facilities/{revision}/{{z}}/{{x}}/{{y}}.mvt",
            "maxzoom": MAX_FACILITY_ZOOM,
            "page": visit.href("/facilities/{id}"),
            "table": visit.href("/facilities"),
        },
        "layers": [_layer(visit, layer) for layer in catalogue(folder)],
        "families": [family_entry(key, family_name(key, language)) for key in MAP_FAMILIES],
        "statuses": [{"key": key, "label": visit.t(f"status-{key.replace('_', '-')}")} for key in STATUSES],
        "sizes": [{"key": str(size), "label": visit.t(f"size-{size}")} for size in range(5)],
        "search": visit.href("/search.json"),
        "selected": _selected(visit),
    }


def _selected(visit: Visit) -> dict[str, list[str]]:
    asked = {"families": visit.query.get("family"), "statuses": visit.query.get("status")}
    return {key: [value] for key, value in asked.items() if value}


def _layer(visit: Visit, layer: Layer) -> dict[str, Any]:
    language = visit.language
    waiting = layer.load(language)
    built = waiting is None
    version = (layer.array or "")[:12]
    return {
        "id": layer.id,
        "family": visit.t(f"layer-family-{layer.family}"),
        "shape": layer.shape,
        "title": layer.title(language),
        "unit": layer.units.written(language),
        "tiles": f"/atlas/{layer.id}/{{band}}/{{z}}/{{x}}/{{y}}.png?v={version}",
        "places": f"/{language}/atlas/{layer.id}/places.geojson?v={version}",
        "page": visit.href(f"/atlas/{layer.id}"),
        "maxzoom": MAX_LAYER_ZOOM,
        "point": f"/{language}/atlas/{layer.id}/point.json",
        "bands": [_band(visit, layer, band) for band in range(len(layer.bands) or 1)] if built else [],
        "note": f"{layer.label(language)}. {layer.about(language)}",
        "waiting": waiting,
    }


def _band(visit: Visit, layer: Layer, band: int) -> dict[str, Any]:
    if layer.has_months:
        name = visit.t("layer-band-year") if band == 0 else visit.t(f"month-{band}")
    else:
        name = layer.bands[band] if len(layer.bands) > 1 else ""
    return band_entry(band, name, legend(layer.id, band), visit.language)


def band_entry(band: int, name: str, shown: Legend, language: Language) -> dict[str, Any]:
    """A picture of a layer as the map's panel lists it, with the classes of its legend."""
    classes = [{"color": one.hex, "label": shown.label(number, language)} for number, one in enumerate(shown.classes)]
    return {"key": str(band), "label": name, "legend": classes}
