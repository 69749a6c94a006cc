"""Files of a city's year: papers as PDF, the wheel and the radars as SVG."""

import datetime as dt
from collections.abc import Callable
from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.cities import entries, findings, year_of
from jasyl.cities.papers import PAPER_KINDS, PaperKind, city_paper
from jasyl.cities.pictures import category_radar, wheel
from jasyl.cities.result import CityResult
from jasyl.cities.results import CATALOGUE, read_result
from jasyl.people import ANYBODY
from jasyl.texts import Language, Refusal, say

from .cities import city_asked
from .house import House
from .page import NotFoundError

_SVG, _PDF = "image/svg+xml", "application/pdf"
Made = tuple[bytes, str]


@get(
    "/cities/{place:str}/{year:str}/files/{name:str}",
    summary="Papers (PDF), wheel and radars (SVG) of a city's year",
    media_type=_PDF,
)
async def city_file(
    request: Request[Any, Any, Any], place: FromPath[str], year: FromPath[str], name: FromPath[str]
) -> Response[bytes]:
    """The file in the language of the address, of what everybody may see. 404 for any other name."""
    house = cast("House", request.app.state.house)
    language: Language = request.scope.get("state", {})["language"]
    body, kind = await to_thread.run_sync(_made, house, language, place, year, name)
    mark = "training-" if house.training else ""
    headers = {"content-disposition": f'inline; filename="{mark}{place}-{year}-{language}-{name}"'}
    return Response(body, media_type=kind, headers=headers)


def _made(house: House, language: Language, place: str, year: str, name: str) -> Made:
    one = city_asked(place)
    try:
        asked = year_of(year)
    except Refusal:
        raise NotFoundError from None
    with house.database.reading() as connection:
        result = read_result(connection, one, asked, ANYBODY, training=house.training)
        kind, _, form = name.rpartition(".")
        if form == "pdf" and kind in PAPER_KINDS:
            return _paper(connection, result, kind, language)
        maker = _pictures(result, language).get(name)
    if maker is None:
        raise NotFoundError
    return maker().encode(), _SVG


def _paper(connection: sa.Connection, result: CityResult, kind: PaperKind, language: Language) -> Made:
    from jasyl.papers.pdf import write_pdf  # noqa: PLC0415  (loads a compiler)

    found = ()
    if kind == "verification":
        # Findings quote numbers, so only those of entries that everybody may see are told.
        shown = {point: entry for point, entry in entries(connection, result.place, result.year, CATALOGUE).items()
                 if entry.level == "public"}  # fmt: skip
        found = tuple(findings(shown, result.catalogue))
    day = dt.datetime.now(dt.UTC).date()
    return write_pdf(city_paper(kind, result, language, day=day, findings=found)), _PDF


def _pictures(result: CityResult, language: Language) -> dict[str, Callable[[], str]]:
    """The pictures by file name; a training one says so."""
    name = result.names[language]
    mark = f" ({say(language, 'kind-training')})" if result.training else ""
    found: dict[str, Callable[[], str]] = {
        "wheel.svg": lambda: wheel(
            result.catalogue, result.evaluation, language, name=f"{name}{mark}", year=result.year
        )
    }
    for group in result.groups("dimension"):
        found[f"radar-{group.path[0]}.svg"] = lambda dimension=group.path[0]: category_radar(
            result.catalogue, {f"{name}, {result.year}{mark}": result.evaluation}, dimension, language
        )[0]
    return found
