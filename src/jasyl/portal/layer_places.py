"""Layers of areas and sites on a map: GeoJSON with the legend's colours, a picture, the value at a click."""

from collections.abc import Iterable, Mapping
from math import cos, hypot, isfinite, radians
from typing import Any

import msgspec

from jasyl.atlas import Areas, AreaValue, Layer, Sites, SiteValue, choropleth, load_areas, load_sites
from jasyl.atlas.report.words import site_name
from jasyl.atlas.value_file import significant
from jasyl.storage import DataFolder
from jasyl.texts import Language, say, write_given, write_number

from .map_picture import HEIGHT, WIDTH, line_path, projected, ring_path, rings_of, shown

# A click this near to a site (degrees of latitude, about 10 km) asks for the site.
NEAR = 0.09
_STYLE = ".n{fill:#fafbf7;stroke:#8fa096;stroke-width:1.2}.v{stroke:#5d6b62;stroke-width:1.2}.u{stroke-dasharray:6 4}"


def features(folder: DataFolder, layer: Layer, language: Language) -> list[dict[str, Any]]:
    """What the map draws of a built layer: areas or sites that have a value, coloured, named, with the value as text.

    Districts are drawn where official borders have them, regions always; the country never, it would cover them.
    """
    if layer.shape == "sites":
        sites = load_sites(folder, layer.id)
        return [
            {
                "type": "Feature",
                "geometry": {"type": "Point", "coordinates": [float(one.longitude), float(one.latitude or 0)]},
                "properties": _properties(layer, one, site_name(one.name, language), language),
            }
            for one in sites.values
            if one.longitude is not None and one.value is not None
        ]
    if layer.shape == "lines":
        return _lines(folder, layer, language)
    areas = load_areas(folder, layer.id)
    shapes = _shapes(folder)
    placed = [one for one in areas.values if one.level != "country" and one.value is not None and one.place in shapes]
    return [
        {
            "type": "Feature",
            "geometry": shapes[one.place]["geometry"],
            "properties": _properties(layer, one, shapes[one.place]["properties"][language], language),
        }
        for one in sorted(placed, key=lambda one: one.level == "district")  # districts lie above their regions
    ]


# Which column of a layer of lines holds its value, and how many of its lines a map of the country can bear.
LINE_VALUE = {"water.reaches": "gross", "water.rivers": "discharge", "water.lakes": "area"}
MOST_LINES = 4000


def _lines(folder: DataFolder, layer: Layer, language: Language) -> list[dict[str, Any]]:
    """The largest rivers or lakes, generalised to about a kilometre, those of the greatest value first."""
    from jasyl.atlas.water.lines import as_geojson, load_lines  # noqa: PLC0415  (loads pyarrow and shapely)

    _, table = load_lines(folder, layer.id)
    unit = layer.units.written(language)
    named = LINE_VALUE[layer.id]
    held = [
        feature
        for feature in as_geojson(table, tolerance=0.01, most=MOST_LINES)["features"]
        if (value := feature["properties"].get(named)) is not None and isfinite(value)
    ]
    drawn: list[dict[str, Any]] = []
    for feature in sorted(held, key=lambda feature: feature["properties"][named], reverse=True):
        number = significant(feature["properties"][named], 3)
        properties = {
            "name": str(feature["properties"].get("name") or ""),
            "colour": choropleth(layer.id, number)["colour"],
            "text": f"{write_number(language, number)} {unit}".strip(),
            "confirmed": True,
        }
        drawn.append({"type": "Feature", "geometry": feature["geometry"], "properties": properties})
    return drawn


def picture(folder: DataFolder, layer: Layer) -> bytes:
    """The country with the layer's areas or sites in the colours of its legend, as SVG without words."""
    regions = [feature["geometry"] for code, feature in _shapes(folder).items() if code.startswith("KZ-")]
    drawn = features(folder, layer, "en")
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">',
        f"<style>{_STYLE}</style>",
        *(f'<path class="n" d="{_outline(geometry)}"/>' for geometry in regions),
        *(_drawn(feature) for feature in drawn),
        "</svg>",
    ]
    return "".join(parts).encode()


def value_at_click(
    folder: DataFolder, layer: Layer, longitude: float, latitude: float, language: Language
) -> dict[str, Any]:
    """The value of the area that holds the place, or of the nearest site, in the form of a raster's point value."""
    found: AreaValue | SiteValue | None = None
    if layer.shape == "sites":
        found = _nearest(load_sites(folder, layer.id), longitude, latitude)
    elif layer.shape == "areas":
        found = _holding(folder, load_areas(folder, layer.id), longitude, latitude)
    value = None if found is None or found.value is None else float(found.value)
    named = site_name(found.name, language) if isinstance(found, SiteValue) else None
    answer: dict[str, Any] = {
        "layer": layer.id,
        "title": layer.title(language),
        "kind": layer.kind if found is None else found.kind,
        "kind_text": layer.label(language) if found is None else say(language, f"kind-{found.kind}"),
        "unit": layer.unit,
        "unit_text": layer.units.written(language),
        "longitude": longitude,
        "latitude": latitude,
        "name": named,
        "year": value,
        "months": [],
        "said": None if found is None else found.as_data(),
    }
    return answer


def _holding(folder: DataFolder, areas: Areas, longitude: float, latitude: float) -> AreaValue | None:
    """The value of the smallest area around the place that has one."""
    from jasyl.places.boundaries import current  # noqa: PLC0415
    from jasyl.places.locate import locator_of  # noqa: PLC0415  (loads shapely)

    locator = locator_of(current(folder))
    region, district = (codes[0] for codes in locator.locate([longitude], [latitude]))
    found = [areas.of(str(code)) for code in (district, region) if code is not None]
    return next((one for one in found if one is not None), None)


def _nearest(sites: Sites, longitude: float, latitude: float) -> SiteValue | None:
    placed = [one for one in sites.values if one.longitude is not None and one.latitude is not None]

    def distance(one: SiteValue) -> float:
        east = (float(one.longitude or 0) - longitude) * cos(radians(latitude))
        return hypot(east, float(one.latitude or 0) - latitude)

    nearest = min(placed, key=distance, default=None)
    return nearest if nearest is not None and distance(nearest) <= NEAR else None


def _properties(layer: Layer, one: AreaValue | SiteValue, name: str, language: Language) -> dict[str, Any]:
    unit = layer.units.written(language)
    return {
        "name": name,
        "colour": choropleth(layer.id, one.value)["colour"],
        "text": f"{write_given(language, one.value)} {unit}".strip(),
        "confirmed": one.confirmed,
    }


def _shapes(folder: DataFolder) -> dict[str, dict[str, Any]]:
    """Features of regions and, where there are any, districts, by code."""
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    borders = current(folder)
    found: dict[str, dict[str, Any]] = {}
    for level in ("region", "district"):
        if borders.of(level):
            for feature in msgspec.json.decode(borders.as_geojson(level, "coarse"))["features"]:
                found[feature["properties"]["code"]] = feature
    return found


def _outline(geometry: Mapping[str, Any]) -> str:
    return "".join(ring_path(ring) for ring in rings_of(geometry))


def _drawn(feature: Mapping[str, Any]) -> str:
    geometry, properties = feature["geometry"], feature["properties"]
    look = f'class="v{"" if properties["confirmed"] else " u"}" fill="{properties["colour"]}"'
    if geometry["type"] == "Point":
        longitude, latitude = geometry["coordinates"]
        if not shown(longitude, latitude):
            return ""
        x, y = projected(longitude, latitude)
        return f'<circle {look} cx="{x:.1f}" cy="{y:.1f}" r="9"/>'
    if "LineString" in geometry["type"]:
        parts = [geometry["coordinates"]] if geometry["type"] == "LineString" else geometry["coordinates"]
        path = "".join(line_path([projected(place[0], place[1]) for place in part]) for part in parts)
        return f'<path fill="none" stroke="{properties["colour"]}" stroke-width="1.5" d="{path}"/>'
    return f'<path {look} d="{_outline(geometry)}"/>'


def collection(found: Iterable[Mapping[str, Any]]) -> bytes:
    """A GeoJSON FeatureCollection (RFC 7946)."""
    return msgspec.json.encode({"type": "FeatureCollection", "features": list(found)})
