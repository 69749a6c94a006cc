"""The site report as a page, and as PDF."""

from functools import partial
from typing import Any, cast
from urllib.parse import quote

import sqlalchemy as sa
from litestar import Request, Response, get

from jasyl.papers.paper import Paper
from jasyl.people import ANYBODY
from jasyl.texts import Refusal

from . import map_picture
from .house import House
from .page import Document, page
from .printed import PDF, Printing, printed, today
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = tuple(Column(key, f"column-site-{key}") for key in ("part", "item", "value", "unit", "kind", "detail"))
PATH = "/atlas/site"


@page(PATH, "Everything that is known of a place: ?lon=&lat=, or of an area: ?polygon=")
def site_page(visit: Visit, connection: sa.Connection) -> Document:
    """The report of a point or a polygon; without one a form to give it."""
    title = visit.t("site-title")
    if not any(visit.query.get(key, "").strip() for key in ("lon", "lat", "polygon")):
        context: dict[str, Any] = {"report": None, "paper": None, "locator": None, "pdf": None}
        return Document("site.html", title, {"report": None}, Sheet(COLUMNS, ()), context)
    from jasyl.atlas.report import words  # noqa: PLC0415  (the report loads the geo stack)
    from jasyl.atlas.report.paper import site_paper  # noqa: PLC0415
    from jasyl.atlas.report.rows import site_rows  # noqa: PLC0415
    from jasyl.places.boundaries import current  # noqa: PLC0415

    found = _report(visit.house, visit.query, connection, visit)
    sheet = Sheet(COLUMNS, site_rows(found, visit.language), title)
    paper = site_paper(found, current(visit.house.folder), visit.language, day=today())
    context = {
        "report": found,
        "paper": paper,
        "locator": _locator(visit, float(found.longitude), float(found.latitude)),
        "pdf": visit.with_query(f"{PATH}.pdf"),
    }
    place = words.coordinates(found, visit.language)
    return Document("site.html", f"{title}: {place}", {"report": found.as_data()}, sheet, context)


@get(f"{PATH}.pdf", summary="The same as PDF: ?lon=&lat= or ?polygon=", media_type=PDF)
async def site_pdf(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The report as a printed paper in the language of the address."""
    house = cast("House", request.app.state.house)
    query = {key: values[0] for key, values in request.query_params.dict().items()}
    place = "area" if query.get("polygon") else f"{query.get('lon', '')}-{query.get('lat', '')}"
    return await printed(request, f"site-{place}", partial(_paper, house, query))


def _paper(house: House, query: dict[str, str], connection: sa.Connection, printing: Printing) -> Paper:
    from jasyl.atlas.report.paper import site_paper  # noqa: PLC0415
    from jasyl.places.boundaries import current  # noqa: PLC0415

    found, borders = _report(house, query, connection), current(house.folder)
    return site_paper(found, borders, printing.language, day=printing.day, watermark=printing.watermark)


def _report(house: House, query: dict[str, str], connection: sa.Connection, visit: Visit | None = None) -> Any:
    from jasyl.atlas.report.gather import site_report  # noqa: PLC0415
    from jasyl.atlas.report.place import point_place, written_polygon  # noqa: PLC0415
    from jasyl.places.boundaries import current  # noqa: PLC0415

    borders = current(house.folder)
    if query.get("polygon", "").strip():
        place = written_polygon(query["polygon"], borders)
    else:
        place = point_place(degrees(query, "lon"), degrees(query, "lat"), borders)
    return site_report(house.folder, place, connection=connection, actor=visit.actor if visit else ANYBODY)


def degrees(query: dict[str, str], key: str) -> float:
    """A number of degrees in the query. Raises Refusal ``query-degrees``."""
    written = query.get(key, "")
    try:
        # As people copy them: with a decimal comma, a degree sign.
        return float(written.replace(",", ".").strip().rstrip("°"))
    except ValueError:
        raise Refusal("query-degrees", received=f"{key}={written[:20]}") from None


def _locator(visit: Visit, longitude: float, latitude: float) -> dict[str, str] | None:
    if not map_picture.shown(longitude, latitude):
        return None
    x, y = map_picture.projected(longitude, latitude)
    return {
        "picture": map_picture.address(visit.house, visit.language),
        "map": f"{visit.href('/')}#map=9/{latitude}/{longitude}{_drawn_area(visit.query)}",
        "left": f"{100 * x / map_picture.WIDTH:.2f}",
        "top": f"{100 * y / map_picture.HEIGHT:.2f}",
    }


def _drawn_area(query: dict[str, str]) -> str:
    """The corners as the map's address takes them, so that an area can be drawn on; none of an area in GeoJSON."""
    written = query.get("polygon", "").strip()
    return f"&area={quote(written)}" if written and not written.startswith("{") else ""
