"""The map of the country as a picture: seen before the drawn map stands, without scripts, in print and as a locator."""

import math
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any, cast

import msgspec
from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.registry import OverviewSign, map_overview
from jasyl.texts import LANGUAGES, Language

from .cache import CACHEABLE
from .house import House
from .islands import FAMILY_SIGNS, OUTLINES
from .page import NotFoundError

# West, south, east, north: the view that the drawn map begins with (KAZAKHSTAN in canvas.ts), so that they coincide.
EDGES = (46.4, 40.4, 87.4, 55.5)
WIDTH = 1200
_HALF_LETTER = 5.3  # of names: half the width of a wide bold letter of 15 pixels
_LOOKS = {
    **dict.fromkeys(("operating", "extension", "completed"), "full"),
    **dict.fromkeys(("under_construction", "test_operation"), "half"),
    **dict.fromkeys(("planned", "approved", "financing"), "hollow"),
}
_SIZES = ((200e6, 1.0), (50e6, 0.86), (10e6, 0.72), (1e6, 0.6))  # power in W from which a sign is so large
# Names of regions smaller than this many square units of the picture are left out.
_ROOM_FOR_NAME = 2500
_STYLE = """
svg{--country:#fafbf7;--edge:#8fa096;--ink:#2b372f;--ground:#fff}
.r{fill:var(--country);stroke:var(--edge);stroke-width:1.2;stroke-linejoin:round}
text{font:700 15px system-ui,'Noto Sans','DejaVu Sans',sans-serif;text-anchor:middle;fill:var(--ink);
stroke:var(--country);stroke-width:3;paint-order:stroke;stroke-linejoin:round}
.s{stroke:var(--c);stroke-width:2.4;stroke-linejoin:round}.full{fill:var(--c);stroke:var(--ground);stroke-width:1.5}
.half,.hollow,.stopped{fill:var(--ground)}.h{fill:var(--c)}
.x{stroke:var(--c);stroke-width:2.4}.u{stroke:var(--c);stroke-width:2.4;stroke-dasharray:3 2.6}
.full.u{stroke:var(--ground)}
"""
_DARK = "svg{--country:#242d27;--edge:#56655b;--ink:#dfe8e1;--ground:#10160f}"

Point = tuple[float, float]


def _mercator(lat: float) -> float:
    return math.degrees(math.asinh(math.tan(math.radians(lat))))


_SCALE = WIDTH / (EDGES[2] - EDGES[0])
HEIGHT = round((_mercator(EDGES[3]) - _mercator(EDGES[1])) * _SCALE)


def projected(lon: float, lat: float) -> Point:
    """Place in the picture (Web Mercator), from its upper left corner."""
    return (lon - EDGES[0]) * _SCALE, (_mercator(EDGES[3]) - _mercator(lat)) * _SCALE


def shown(lon: float, lat: float) -> bool:
    """Whether the place lies in the picture."""
    return EDGES[0] <= lon <= EDGES[2] and EDGES[1] <= lat <= EDGES[3]


def address(house: House, language: Language) -> str:
    """Address of today's picture."""
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    return f"/map/{language}.svg?v={house.revision.current()}-{current(house.folder).digest[:12]}"


@get("/map/{name:str}", summary="The map as a picture: kk.svg, ru.svg, en.svg", media_type="image/svg+xml")
async def map_picture(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Regions and facilities of the whole country; follows the reader's light or dark scheme."""
    language = name.removesuffix(".svg")
    if language not in LANGUAGES or language == name:
        raise NotFoundError
    house = cast("House", request.app.state.house)
    body = await to_thread.run_sync(_drawn, house, language)
    headers = {CACHEABLE.decode(): "1", "cache-control": "public, max-age=86400"}
    return Response(body, media_type="image/svg+xml", headers=headers)


def _drawn(house: House, language: Language) -> bytes:
    from jasyl.places.boundaries import current  # noqa: PLC0415  (loads shapely)

    regions = msgspec.json.decode(current(house.folder).as_geojson("region", "coarse"))["features"]
    with house.database.reading() as connection:
        signs = map_overview(connection, *EDGES)
    return svg(regions, signs, language).encode()


def svg(regions: Sequence[Mapping[str, Any]], signs: Iterable[OverviewSign], language: Language) -> str:
    """The picture of GeoJSON features with their names and of signs, in the order given."""
    colors = [(key, one.color, one.dark) for key, one in FAMILY_SIGNS.items()]
    light = "".join(f".{key}{{--c:{color}}}" for key, color, _ in colors)
    dark = "".join(f".{key}{{--c:{color}}}" for key, _, color in colors)
    outlines = "".join(f'<path id="{name}" d="{path}"/>' for name, path in OUTLINES.items())
    rings = [rings_of(one["geometry"]) for one in regions]
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">',
        f"<style>{_STYLE}{light}@media (prefers-color-scheme:dark){{{_DARK}{dark}}}</style>",
        f'<defs>{outlines}<clipPath id="right"><path d="M12 0H24V24H12Z"/></clipPath></defs>',
        *(f'<path class="r" d="{"".join(map(ring_path, one))}"/>' for one in rings),
        *(_sign(one) for one in signs),
        *(_name(one["properties"][language], shape) for one, shape in zip(regions, rings, strict=True)),
        "</svg>",
    ]
    return "".join(parts)


def rings_of(geometry: Mapping[str, Any]) -> list[list[Point]]:
    """The rings of a Polygon or MultiPolygon of GeoJSON, projected."""
    polygons = [geometry["coordinates"]] if geometry["type"] == "Polygon" else geometry["coordinates"]
    return [[projected(place[0], place[1]) for place in ring] for polygon in polygons for ring in polygon]


def ring_path(ring: Sequence[Point]) -> str:
    """A projected ring as SVG path data."""
    return line_path(ring[:-1]) + "Z"


def line_path(line: Sequence[Point]) -> str:
    """A projected line as SVG path data."""
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in line)


def _sign(one: OverviewSign) -> str:
    """The sign that the drawn map shows (signs.ts): outline and colour the family, filling the status."""
    family = one.family if one.family in FAMILY_SIGNS else "other"
    outline, look = FAMILY_SIGNS[family].shape, _LOOKS.get(one.status, "stopped")
    size = 0.95 * next((size for power, size in _SIZES if one.power >= power), 0.5)
    x, y = projected(one.lon, one.lat)
    move = f"translate({x - 12 * size:.1f} {y - 12 * size:.1f}) scale({size:.2f})"
    more = f'<use href="#{outline}" class="h" clip-path="url(#right)"/>' if look == "half" else ""
    more += '<path class="x" d="M6 18 18 6"/>' if look == "stopped" else ""
    unconfirmed = "" if one.confirmed else " u"
    return f'<g class="{family}" transform="{move}"><use href="#{outline}" class="s {look}{unconfirmed}"/>{more}</g>'


def _name(name: str, rings: Sequence[Sequence[Point]]) -> str:
    """The name at the middle of the largest ring, a word to a line, inside the picture; nothing where there is no
    room."""
    area, x, y = max((_centroid(ring) for ring in rings), default=(0.0, 0.0, 0.0))
    if area < _ROOM_FOR_NAME:
        return ""
    lines = name.split(" ")
    half = max(map(len, lines)) * _HALF_LETTER
    x = min(max(x, half), WIDTH - half)
    spans = "".join(
        f'<tspan x="{x:.0f}" dy="{0 if number == 0 else 16}">{escape(line)}</tspan>'
        for number, line in enumerate(lines)
    )
    return f'<text x="{x:.0f}" y="{y - 8 * (len(lines) - 1) + 5:.0f}">{spans}</text>'


def _centroid(ring: Sequence[Point]) -> tuple[float, float, float]:
    """Area and centroid of a closed ring (the shoelace formula)."""
    twice = x = y = 0.0
    for (x0, y0), (x1, y1) in pairwise(ring):
        cross = x0 * y1 - x1 * y0
        twice, x, y = twice + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return (abs(twice) / 2, x / (3 * twice), y / (3 * twice)) if twice else (0.0, *ring[0])
