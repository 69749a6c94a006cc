"""A city's book as a file to fill in and bring back, and the files that lie behind its entries."""

from typing import Any, cast

from anyio import to_thread
from litestar import Request, Response, get
from litestar.params import FromPath

from jasyl.cities import BOOK_FORMATS, BookFormat, read_evidence, write_book
from jasyl.cities.book_out import MEDIA_TYPES
from jasyl.texts import Language

from .city_desk import desk_of
from .house import House
from .page import NotFoundError
from .session import actor_of
from .visit import Visit


@get(
    "/cities/{place:str}/{year:str}/book/{name:str}",
    summary="A city's book as a file to fill in and bring back: book.xlsx, book.csv, book.json",
    media_type="application/octet-stream",
)
async def book_file(
    request: Request[Any, Any, Any], place: FromPath[str], year: FromPath[str], name: FromPath[str]
) -> Response[bytes]:
    """The entries this reader may see, in the columns in which files are read."""
    stem, _, form = name.partition(".")
    if stem != "book" or form not in BOOK_FORMATS:
        raise NotFoundError
    house = cast("House", request.app.state.house)
    state = request.scope.get("state", {})
    return await to_thread.run_sync(
        _file, house, state.get("cookies", {}), request.headers.get("authorization"), place, year,
        form, state["language"],
    )  # fmt: skip


def _file(
    house: House,
    cookies: dict[str, str],
    authorization: str | None,
    place: str,
    year: str,
    form: BookFormat,
    language: Language,
) -> Response[bytes]:
    with house.database.reading() as connection:
        actor = actor_of(connection, cookies, authorization)
        visit = Visit(house, language, "", f"/cities/{place}/{year}/book", form, {}, actor)
        desk = desk_of(visit, connection, place, year)
    content = write_book(desk.city, desk.year, desk.catalogue, desk.book, language, form, training=house.training)
    mark = "training-" if house.training else ""
    headers = {
        "content-disposition": f'attachment; filename="{mark}{desk.city.place}-{desk.year}.{form}"',
        "vary": "Accept-Language, Cookie",
    }
    return Response(content, headers=headers, media_type=MEDIA_TYPES[form])


@get(
    "/cities/{place:str}/{year:str}/evidence/{digest:str}",
    summary="A file behind entries of a city's book, by its SHA-256",
    media_type="application/octet-stream",
)
async def evidence_file(
    request: Request[Any, Any, Any], place: FromPath[str], year: FromPath[str], digest: FromPath[str]
) -> Response[bytes]:
    """Its bytes, where an entry that this reader may see rests on it."""
    house = cast("House", request.app.state.house)
    state = request.scope.get("state", {})
    return await to_thread.run_sync(
        _evidence, house, state.get("cookies", {}), request.headers.get("authorization"), place, year, digest,
        state["language"],
    )  # fmt: skip


def _evidence(
    house: House,
    cookies: dict[str, str],
    authorization: str | None,
    place: str,
    year: str,
    digest: str,
    language: Language,
) -> Response[bytes]:
    with house.database.reading() as connection:
        actor = actor_of(connection, cookies, authorization)
        visit = Visit(house, language, "", f"/cities/{place}/{year}/book", "file", {}, actor)
        kept = desk_of(visit, connection, place, year).evidence.get(digest)
    if kept is None:
        raise NotFoundError
    # Never shown by the browser itself: whoever uploaded it could have put anything into it.
    suffix = kept.file_name.rpartition(".")[2]
    headers = {"content-disposition": f'attachment; filename="{digest[:16]}.{suffix}"', "vary": "Cookie"}
    return Response(read_evidence(house.folder, kept), headers=headers, media_type=kept.media_type)
