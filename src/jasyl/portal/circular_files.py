"""Documents of the circular economy brought to the portal: examined, computed, kept as a version of a book, or not."""

from dataclasses import dataclass
from typing import Any, cast

import msgspec
from anyio import to_thread
from litestar import Request, Response, get, post
from litestar.params import FromPath

from jasyl.circular.account import name_of
from jasyl.circular.document_files import (
    DocumentName,
    document_schema,
    document_years,
    empty_tables,
    findings_of,
    read_named,
)
from jasyl.circular.kept import keep_document
from jasyl.cities import city
from jasyl.facts import Book
from jasyl.intake import check_size
from jasyl.people import Actor, Resource, may
from jasyl.places import region
from jasyl.texts import Language, Refusal, Where

from .house import House
from .imports import MOST_BYTES
from .page import Document, NotFoundError, page, respond
from .session import actor_of, check_form
from .sheet import Column, Sheet
from .signin import check_origin
from .visit import Visit, visit_of

# What is wrong comes first: on a narrow screen the rest is scrolled to.
FAULT_COLUMNS = (
    Column("text", "column-problem"),
    Column("sheet", "column-sheet"),
    Column("row", "column-row"),
    Column("field", "column-field"),
)
COUNTRY = "KZ"
# What may be brought, as `jasyl schema` names it, and the page of a place that shows it.
KINDS: dict[DocumentName, str] = {
    "waste-programme": "waste",
    "construction-chain": "construction",
    "stock-model": "stocks",
    "material-account": "",
}
_NAMED: dict[str, DocumentName] = {one: one for one in KINDS}
_TYPES = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "zip": "application/zip",
    "schema.json": "application/schema+json",
}


@dataclass(frozen=True)
class Brought:
    """What somebody sent, and how: ``place`` and ``unit`` are for sheets that cannot say them."""

    kind: str
    name: str
    content: bytes
    place: str
    unit: str
    dry_run: bool


@dataclass(frozen=True)
class Report:
    """What became of a document: its faults, or what computing it found and the version that is kept."""

    kind: str
    file: str
    faults: tuple[Refusal, ...] = ()
    findings: tuple[str, ...] = ()
    title: str = ""
    place: str = ""
    years: str = ""
    address: str = ""
    version: int | None = None
    digest: str = ""

    def as_data(self, language: Language) -> dict[str, Any]:
        """For programs."""
        held = {key: getattr(self, key) for key in ("kind", "file", "title", "place", "years", "version", "digest")}
        return held | {"faults": [one.as_data(language) for one in self.faults], "findings": list(self.findings)}


@page("/import/circular", "The form to bring in a waste programme, construction chain, stock model or material account")
def circular_form(visit: Visit, _connection: Any) -> Document:
    """A file, what it holds, and whether it is only to be examined; signed in only."""
    if not visit.actor.signed_in:
        raise Refusal("not-allowed")
    return _document(visit, None)


@post("/import/circular", summary="Bring in a document of the circular economy from the form", status_code=200)
async def circular_post(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The report as a page: every fault with its place, or what was found and kept."""
    check_origin(request)
    form: dict[str, Any] = dict(await request.form())
    upload: Any = form.pop("file", None)
    content = await upload.read() if hasattr(upload, "read") else b""
    name = str(getattr(upload, "filename", "") or "file")[:200]
    said = {key: str(form.get(key) or "").strip()[:40] for key in ("what", "place", "unit")}
    brought = Brought(said["what"], name, content, said["place"], said["unit"] or "t", bool(form.get("dry_run")))
    return await to_thread.run_sync(_answer, request, form, brought)


def _answer(request: Request[Any, Any, Any], form: dict[str, Any], brought: Brought) -> Response[bytes]:
    house, state = cast("House", request.app.state.house), request.scope.get("state", {})
    with house.database.reading() as connection:
        actor = actor_of(connection, state.get("cookies", {}), None)
    check_form(actor, form)
    report = take(house, actor, brought, state["language"])
    visit = visit_of(request, house, actor, "/import/circular", "html")
    return respond(visit, _document(visit, report), 422 if report.faults else 200)


@post("/api/circular/{kind:str}", summary="Bring in a document of the circular economy (body: the file; ?name=, "
      "?dry_run=yes, ?place=, ?unit=; token in Authorization)", status_code=200)  # fmt: skip
async def circular_endpoint(request: Request[Any, Any, Any], kind: FromPath[str]) -> Response[bytes]:
    """Answers the report."""
    authorization = request.headers.get("authorization")
    if authorization is None:
        raise Refusal("token-unknown")
    asked = {key: request.query_params.get(key, "")[:200] for key in ("name", "place", "unit", "dry_run")}
    brought = Brought(
        kind, asked["name"] or "body.json", await request.body(), asked["place"], asked["unit"] or "t",
        asked["dry_run"] == "yes",
    )  # fmt: skip
    house, language = cast("House", request.app.state.house), request.scope.get("state", {})["language"]

    def taken() -> Report:
        with house.database.reading() as connection:
            actor = actor_of(connection, {}, authorization)
        return take(house, actor, brought, language)

    report = await to_thread.run_sync(taken)
    body = msgspec.json.encode(report.as_data(language))
    return Response(body, media_type="application/json; charset=utf-8", status_code=422 if report.faults else 200)


def take(house: House, actor: Actor, brought: Brought, language: Language) -> Report:
    """Examine and compute a document, then keep it as a version of its book; with a fault nothing is kept.

    Raises Refusal ``not-allowed`` for whoever may not write for the document's place, and ``file-too-large``.
    """
    if not actor.signed_in:
        raise Refusal("not-allowed")
    kind = _NAMED.get(brought.kind)
    if kind is None:
        raise Refusal("query-choice", received=f"what={brought.kind}"[:60], expected=", ".join(KINDS))
    check_size(len(brought.content), MOST_BYTES)
    try:
        document = read_named(kind, brought.content, brought.name, place=brought.place, unit=brought.unit)
        home = _home(document.place, brought.name)
        allowed = may(actor, "write_registry", Resource(region=home))
        found = findings_of(document, brought.name, language) if allowed else []
    except Refusal as refusal:
        return Report(kind, brought.name, refusal.faults)
    if not allowed:
        raise Refusal("not-allowed")
    book = None if brought.dry_run else _keep(house, actor, document)
    return Report(
        kind, brought.name, (), tuple(found), name_of(document.title, language), document.place,
        document_years(document), _address(kind, document), book.version if book else None, book.digest if book else "",
    )  # fmt: skip


def _keep(house: House, actor: Actor, document: Any) -> Book:
    with house.database.writing() as connection:
        book = keep_document(connection, house.folder, document, actor.id)
    house.revision.forget()
    return book


def _address(kind: DocumentName, document: Any) -> str:
    return f"/circular/{document.place}/{KINDS[kind]}" if KINDS[kind] else f"/circular/{document.id}"


def _home(place: str, file: str) -> str:
    """The region whose akimat writes for a place; the country itself for ``KZ``. Raises Refusal at the field."""
    if place == COUNTRY:
        return COUNTRY
    try:
        return region(place).iso if place.startswith(f"{COUNTRY}-") else city(place).region.iso
    except Refusal as refusal:
        raise Refusal(refusal.code, where=Where(file=file, field="place"), **refusal.arguments) from None


def _document(visit: Visit, report: Report | None) -> Document:
    rows: list[dict[str, Any]] = []
    for one in report.faults if report else ():
        place = one.where.as_data() if one.where else {}
        # A zip holds files where a workbook holds sheets.
        sheet = place.get("sheet") or (place.get("file") if report and place.get("file") != report.file else None)
        rows.append(
            {"text": one.said(visit.language), "sheet": sheet, "row": place.get("row"), "field": place.get("field")}
        )
    data = {"report": report.as_data(visit.language) if report else None}
    context = {"report": report, "kinds": tuple(KINDS), "asked": report.kind if report else visit.query.get("what", "")}
    sheet = Sheet(FAULT_COLUMNS, rows, visit.t("import-problems"))
    return Document("circular_import.html", visit.t("circular-import-title"), data, sheet, context, cacheable=False)


@get(
    "/templates/circular/{name:str}",
    summary="Empty tables of a document of the circular economy (waste-programme.xlsx, .zip), or its JSON Schema",
    media_type="text/plain",
)
async def circular_template(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """Empty tables in the reader's language; ``waste-programme.schema.json`` for programs."""
    language: Language = request.scope.get("state", {})["language"]
    named, _, form = name.partition(".")
    kind = _NAMED.get(named)
    if kind is None or form not in _TYPES:
        raise NotFoundError
    body = await to_thread.run_sync(_template, kind, form, language)
    stem = kind if form == "schema.json" else f"{kind}-{language}"
    headers = {"content-disposition": f'attachment; filename="{stem}.{form}"'}
    return Response(body, media_type=_TYPES[form], headers=headers)


def _template(kind: DocumentName, form: str, language: Language) -> bytes:
    if form == "schema.json":
        return msgspec.json.encode(document_schema(kind))
    return empty_tables(kind, language, packed=form == "zip")
