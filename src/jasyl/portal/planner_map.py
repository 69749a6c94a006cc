"""The planner's answer on the map of the front page: a layer above the others, with a value for every click."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from jasyl.atlas.recompute import Recomputed, View
from jasyl.texts import Language, Refusal

from .map import MAX_LAYER_ZOOM, band_entry, map_settings
from .recompute_form import number
from .visit import Visit

# The element whose changes the map follows.
FORM = "planner-form"


def planner_map(visit: Visit, path: str, kept: Mapping[str, str], found: Recomputed, shown: tuple[View, int]) -> Any:
    """Settings of the map island: the answer, shown, before its family's layers; the form that asks for another."""
    view, band = shown
    answer = _layer(visit, path, kept, found, view)
    settings = map_settings(visit)
    family = f"{found.layer.family}."
    return {
        **settings,
        "layers": [answer, *(one for one in settings["layers"] if one["id"].startswith(family))],
        "shown": {"layer": answer["id"], "band": str(band)},
        "form": FORM,
    }


def tile_address(path: str, kept: Mapping[str, str], found: Recomputed, view: View) -> str:
    """Address of the answer's tiles with places for {band}, {z}, {x} and {y}; it holds all that made them."""
    version = f"{found.inputs['weather'][:12]}-{(found.standard_layer.array or '')[:8]}"
    query = urlencode({**kept, "v": version}).replace("{", "%7B")
    return f"{path}/{view}/{{band}}/{{z}}/{{x}}/{{y}}.png?{query}"


def band_name(visit: Visit, band: int) -> str:
    """The year, or the month."""
    return visit.t(f"month-{band}") if band else visit.t("recompute-year")


def place_asked(query: Mapping[str, str], found: Recomputed) -> dict[str, Any] | None:
    """The values of the place that the address names, None where it names none.

    Raises Refusal ``recompute-number``, ``point-outside``.
    """
    longitude, latitude = number(query, "lon", None, -180, 180), number(query, "lat", None, -90, 90)
    if longitude is None or latitude is None:
        return None
    values = found.at(longitude, latitude)
    if values is None:
        west, south, east, north = found.grid.written_bounds
        place = f"{longitude:g}, {latitude:g}"
        raise Refusal("point-outside", received=place, west=west, south=south, east=east, north=north)
    one, standard = ([rounded(value, 3) for value in row] for row in values)
    return {
        "longitude": longitude, "latitude": latitude, "value": one[0], "standard": standard[0],
        "months": one[1:], "standard_months": standard[1:],
    }  # fmt: skip


def clicked(query: Mapping[str, str], found: Recomputed, view: View, language: Language) -> dict[str, Any]:
    """What the map says of a place that was clicked (PointAnswer of frontend/src/islands/map/settings.ts).

    Raises Refusal ``recompute-place`` where the address names none, and those of ``place_asked``.
    """
    place = place_asked(query, found)
    if place is None:
        raise Refusal("recompute-place")
    layer = found.legend(0, view).layer
    values = [place["value"], *place["months"]]
    standard = [place["standard"], *place["standard_months"]]
    shown = values if view == "value" else [difference(one, other) for one, other in zip(values, standard, strict=True)]
    return {
        "layer": layer.id, "longitude": place["longitude"], "latitude": place["latitude"], "unit": layer.unit,
        "kind": layer.kind, "kind_text": layer.label(language), "year": shown[0], "months": shown[1:],
        "standard": standard,
    }  # fmt: skip


def difference(value: float | None, standard: float | None) -> float | None:
    """How far a value lies above the standard's, None where one is missing."""
    return None if value is None or standard is None else rounded(value - standard, 3)


def rounded(value: float | None, digits: int = 2) -> float | None:
    """A value as it is shown; what rounds to nothing has no sign."""
    return None if value is None else round(value, digits) + 0.0


def against(visit: Visit, value: float | None, standard: float | None) -> str | None:
    """The standard and how far a value lies above it, in words; None where one is missing."""
    above = difference(value, standard)
    if above is None:
        return None
    written = visit.number(rounded(above), 2)
    return visit.t("recompute-against", standard=visit.number(standard, 2), difference=written)


def _layer(visit: Visit, path: str, kept: Mapping[str, str], found: Recomputed, view: View) -> dict[str, Any]:
    """The answer as the map's panel takes a layer (ResourceLayer of frontend/src/islands/map/settings.ts)."""
    layer = found.legend(0, view).layer
    query = urlencode({**kept, "show": view})
    bands = range(len(found.values))
    return {
        "id": layer.id,
        "family": visit.t("recompute-asked"),
        "shape": "raster",
        "title": layer.title(visit.language),
        "unit": layer.units.written(visit.language),
        "tiles": tile_address(path, kept, found, view),
        "places": "",
        "page": visit.href(f"{path}?{query}"),
        "maxzoom": MAX_LAYER_ZOOM,
        "point": f"/{visit.language}{path}/point.json?{query}",
        "bands": [band_entry(band, band_name(visit, band), found.legend(band, view), visit.language) for band in bands],
        "note": f"{layer.label(visit.language)}. {layer.about(visit.language)}",
        "waiting": None,
    }
