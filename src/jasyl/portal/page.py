"""Pages: one view gives a document, which is answered as HTML, JSON or CSV by the suffix of the address."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
from anyio import to_thread
from litestar import Request, Response, Router, get
from litestar.handlers import HTTPRouteHandler

from jasyl.people import ANYBODY
from jasyl.texts import Refusal

from .cache import CACHEABLE
from .house import House
from .rendering import render
from .session import SESSION_COOKIE, actor_of
from .sheet import Sheet
from .visit import FORMATS, Format, Visit, visit_of

_JSON = "application/json; charset=utf-8"
_HTML = "text/html"  # Litestar adds the charset to text/ types


@dataclass(frozen=True)
class Document:
    """What a page holds: ``data`` for programs, ``sheet`` for spreadsheets, ``template`` for people."""

    template: str
    title: str
    data: Mapping[str, Any]
    sheet: Sheet
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])
    cacheable: bool = True


View = Callable[..., Document]


class NotFoundError(Exception):
    """There is nothing at this address; told with ``message`` in the reader's language, and what to ``see``."""

    def __init__(self, message: str = "not-found-page", see: str = "/") -> None:
        super().__init__(message)
        self.message = message
        self.see = see


class MovedError(Exception):
    """What was asked for stands at another address (a merged record)."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def page(path: str, summary: str) -> Callable[[View], list[HTTPRouteHandler]]:
    """Route handlers for a page and its ``.json`` and ``.csv``.

    The view is called as ``view(visit, connection, *path_values)`` inside one read transaction, on a worker thread.
    A last path value carries the suffix itself (``/facilities/burnoye.json``).
    """

    def decorate(view: View) -> list[HTTPRouteHandler]:
        if path.endswith("}"):
            return [_handler(path, view, summary, None)]
        stem = "/index" if path == "/" else path
        return [
            _handler(path, view, summary, "html"),
            *(_handler(f"{stem}.{form}", view, summary, form) for form in FORMATS),
        ]

    return decorate


def _handler(path: str, view: View, summary: str, form: Format | None) -> HTTPRouteHandler:
    async def answer(request: Request[Any, Any, Any]) -> Response[bytes]:
        values = [str(value) for value in request.path_params.values()]
        asked, spoken_path = form or "html", request.scope["path"]
        if form is None:
            values[-1], asked = split_form(values[-1])
        if asked != "html":
            spoken_path = spoken_path.removesuffix(f".{asked}")
        house = cast("House", request.app.state.house)
        spoken_path = "/" if spoken_path == "/index" else spoken_path
        return await to_thread.run_sync(_answer, house, request, view, values, spoken_path, asked)

    name = f"{view.__name__}_{form or 'any'}"
    answer.__name__ = name
    return get(path, summary=summary, operation_id=name, media_type="text/html", sync_to_thread=None)(answer)


def split_form(value: str) -> tuple[str, Format]:
    """``burnoye.json`` → (``burnoye``, ``json``)."""
    for form in FORMATS:
        if value.endswith(f".{form}"):
            return value.removesuffix(f".{form}"), form
    return value, "html"


def _answer(
    house: House, request: Request[Any, Any, Any], view: View, values: Sequence[str], path: str, form: Format
) -> Response[bytes]:
    with house.database.reading() as connection:
        state = request.scope.get("state", {})
        cookies = state.get("cookies", {})
        authorization = request.headers.get("authorization")
        known = SESSION_COOKIE in cookies or authorization
        actor = actor_of(connection, cookies, authorization) if known else ANYBODY
        visit = visit_of(request, house, actor, path, form)
        document = view(visit, connection, *values)
        return respond(visit, document)


def respond(visit: Visit, document: Document, status: int = 200) -> Response[bytes]:
    """The document in the asked form."""
    headers = {CACHEABLE.decode(): "1"} if document.cacheable and not visit.actor.signed_in else {}
    headers["vary"] = "Accept-Language, Cookie"
    if visit.form == "json":
        return Response(_as_json(visit, document), headers=headers, media_type=_JSON, status_code=status)
    if visit.form == "csv":
        name = (visit.path.strip("/").replace("/", "-") or "index") + ".csv"
        mark = visit.t("watermark-training") if visit.house.training else None
        headers["content-disposition"] = f'attachment; filename="{"training-" if mark else ""}{name}"'
        body = document.sheet.as_csv(visit.language, mark)
        return Response(body, headers=headers, media_type="text/csv", status_code=status)
    body = render(
        visit,
        document.template,
        title=document.title,
        sheet=document.sheet,
        csrf_token=visit.actor.form_key,
        **document.context,
    )
    return Response(body, headers=headers, media_type=_HTML, status_code=status)


def _as_json(visit: Visit, document: Document) -> bytes:
    head: dict[str, Any] = {
        "title": document.title,
        "language": visit.language,
        "links": {"html": visit.with_query(), "csv": visit.other_form("csv"), "log": "/log/checkpoint"},
    }
    if visit.house.training:
        head["watermark"] = visit.t("watermark-training")
    return msgspec.json.encode({**head, **document.data})


def refused(
    visit: Visit, refusal: Refusal, status: int = 400, see: str = "/", back: str | None = None
) -> Response[bytes]:
    """A refusal as a page, which leads to ``see`` and to the page whose form was sent (``back``), or as JSON."""
    if visit.form == "json" or visit.path.startswith("/api"):
        body = msgspec.json.encode({"refused": [one.as_data(visit.language) for one in refusal.faults]})
        return Response(body, media_type=_JSON, status_code=status)
    title = visit.t("refused-title")
    body = render(visit, "refused.html", title=title, refusal=refusal, see=see, back=back, csrf_token=None)
    return Response(body, media_type=_HTML, status_code=status)


def routes(*handlers: Sequence[HTTPRouteHandler] | HTTPRouteHandler | Router) -> list[Any]:
    """Flatten what ``page`` made into Litestar's list of handlers."""
    flat: list[Any] = []
    for handler in handlers:
        flat += handler if isinstance(handler, list | tuple) else [handler]
    return flat
