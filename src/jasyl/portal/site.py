"""The site report as a page, and as PDF."""

import datetime as dt
from typing import Any, cast
from urllib.parse import quote

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, get

from jasyl.people import ANYBODY
from jasyl.texts import Language, Refusal, say

from . import map_picture
from .house import House
from .page import Document, page
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


@get(f"{PATH}.pdf", summary="The same as PDF: ?lon=&lat= or ?polygon=", media_type="application/pdf")
async def site_pdf(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The report as a printed paper in the language of the address."""
    house = cast("House", request.app.state.house)
    language: Language = request.scope.get("state", {})["language"]
    query = {key: values[0] for key, values in request.query_params.dict().items()}
    body = await to_thread.run_sync(_pdf, house, query, language)
    place = "area" if query.get("polygon") else f"{query.get('lon', '')}-{query.get('lat', '')}"
    name = f"jasyl-site-{place}-{language}.pdf"
    headers = {"content-disposition": f'inline; filename="{name}"'}
    return Response(body, media_type="application/pdf", headers=headers)


def _pdf(house: House, query: dict[str, str], language: Language) -> bytes:
    from jasyl.atlas.report.paper import site_paper  # noqa: PLC0415
    from jasyl.papers.pdf import write_pdf  # noqa: PLC0415
    from jasyl.places.boundaries import current  # noqa: PLC0415

    with house.database.reading() as connection:
        found = _report(house, query, connection)
    mark = say(language, "watermark-training") if house.training else None
    return write_pdf(site_paper(found, current(house.folder), language, day=today(), watermark=mark))


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


def today() -> dt.date:
    """The day of a report, UTC."""
    return dt.datetime.now(dt.UTC).date()
