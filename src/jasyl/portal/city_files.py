"""Files of a city's year: papers as PDF, wheel and radars as SVG, the evaluation in forms for programs."""

from collections.abc import Callable
from typing import Any, cast

import msgspec
import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.cities import attestations, entries, findings, without_small, year_of
from jasyl.cities.papers import PAPER_KINDS, PaperKind, city_paper
from jasyl.cities.pictures import category_radar, wheel
from jasyl.cities.result import CityResult
from jasyl.cities.results import CATALOGUE, read_result
from jasyl.indicators import CityYear, Words, evaluation_csv, evaluation_turtle, ngsi_entities, sdmx_csv, sdmx_structure
from jasyl.people import ANYBODY
from jasyl.texts import LANGUAGES, Language, Refusal, say

from .cities import city_asked
from .house import House
from .page import NotFoundError
from .printed import PDF, today

_SVG = "image/svg+xml"
Made = tuple[bytes, str]
# The evaluation in forms for programs, and their media types.
DATA_FORMS = {
    "points.csv": "text/csv",
    "groups.csv": "text/csv",
    "sdmx.csv": "application/vnd.sdmx.data+csv;version=2.0.0",
    "sdmx-structure.xml": "application/vnd.sdmx.structure+xml;version=3.0.0",
    "ngsi-ld.json": "application/ld+json",
    "rdf.ttl": "text/turtle",
}


@get(
    "/cities/{place:str}/{year:str}/files/{name:str}",
    summary="Papers (PDF), pictures (SVG) and data (CSV, SDMX-CSV, NGSI-LD, RDF) of a city's year",
    media_type=PDF,
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
    if name in DATA_FORMS:
        return _data(result, name, language), DATA_FORMS[name]
    maker = _pictures(result, language).get(name)
    if maker is None:
        raise NotFoundError
    return maker().encode(), _SVG


def _paper(connection: sa.Connection, result: CityResult, kind: PaperKind, language: Language) -> Made:
    from jasyl.papers.pdf import write_pdf  # noqa: PLC0415  (loads a compiler)

    found, attested = (), None
    if kind == "verification":
        attested = next(reversed(attestations(connection, result.place, result.year, CATALOGUE)), None)
        # Findings quote numbers, so only those of entries that everybody may see are told.
        held = entries(connection, result.place, result.year, CATALOGUE)
        shown = {
            point: without_small(result.catalogue, entry) for point, entry in held.items() if entry.level == "public"
        }
        found = tuple(findings(shown, result.catalogue))
    paper = city_paper(kind, result, language, day=today(), findings=found, attested=attested)
    return write_pdf(paper), PDF


def _data(result: CityResult, name: str, language: Language) -> bytes:
    """The evaluation for programs, in the forms that statistical offices, brokers and linked data take."""
    names = result.names
    if result.training:
        names = Words(*(f"{names[each]} ({say(each, 'kind-training')})" for each in LANGUAGES))
    of = [CityYear(result.place, result.year, result.evaluation, names, result.parts)]
    match name:
        case "points.csv":
            return evaluation_csv(result.catalogue, of, language)
        case "groups.csv":
            return evaluation_csv(result.catalogue, of, language, groups=True)
        case "sdmx.csv":
            return sdmx_csv(result.catalogue, of)
        case "sdmx-structure.xml":
            return sdmx_structure(result.catalogue)
        case "ngsi-ld.json":
            return msgspec.json.encode(ngsi_entities(result.catalogue, of, language))
        case _:
            return evaluation_turtle(result.catalogue, of)


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
