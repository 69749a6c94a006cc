"""Files of records over HTTP: a form for people, an endpoint for programs."""

from typing import Any, cast

import msgspec
from anyio import to_thread
from litestar import Request, Response, get, post
from litestar.handlers import HTTPRouteHandler
from litestar.params import FromPath

from jasyl.intake import check_size, schema
from jasyl.papers import template_workbook
from jasyl.people import ANYBODY, Actor
from jasyl.registry import FILE_NAMES, FileName, ImportReport, file_kind, take_file
from jasyl.texts import Language, Refusal

from .house import House
from .page import Document, NotFoundError, page, respond
from .session import actor_of, check_form
from .sheet import Column, Sheet
from .signin import check_origin
from .visit import Visit, visit_of

MOST_BYTES = 40 * 2**20
PROBLEM_COLUMNS = (Column("row", "column-row"), Column("field", "column-field"), Column("text", "column-problem"))


@page("/import", "The form to bring in a file of facilities, projects, installations, enterprises or measures")
def import_form(visit: Visit, connection: Any) -> Document:
    """A file, and whether good rows may go in beside refused ones."""
    if not visit.actor.signed_in:
        raise Refusal("not-allowed")
    return _document(visit, None)


def _document(visit: Visit, report: ImportReport | None) -> Document:
    problems = report.problems if report else []
    rows = [
        {"row": one.where.row, "field": one.where.field, "text": one.refusal.said(visit.language)} for one in problems
    ]
    sheet = Sheet(PROBLEM_COLUMNS, rows, visit.t("import-problems"))
    data = {"report": report.as_data(visit.language) if report else None}
    context = {"report": report, "kinds": FILE_NAMES}
    return Document("import.html", visit.t("import-title"), data, sheet, context, cacheable=False)


@post("/import", summary="Bring in a file from the form", status_code=200)
async def import_post(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The report of the import as a page."""
    house = cast("House", request.app.state.house)
    check_origin(request)
    form = dict(await request.form())
    upload: Any = form.get("file")
    content = await upload.read() if hasattr(upload, "read") else b""
    name = str(getattr(upload, "filename", "") or "file")[:200]
    state = request.scope.get("state", {})
    actor, report = await to_thread.run_sync(
        _import,
        house,
        file_kind(str(form.get("what") or "facilities")).name,
        state.get("cookies", {}),
        None,
        form,
        content,
        name,
        bool(form.get("partial")),
        state["language"],
    )
    visit = visit_of(request, house, actor, "/import", "html")
    return respond(visit, _document(visit, report), 200 if report.applied else 422)


def _endpoint(what: FileName) -> HTTPRouteHandler:
    """The endpoint of one kind of file."""

    async def take(request: Request[Any, Any, Any]) -> Response[bytes]:
        """The file is the body; its name in ``?name=``, ``?partial=yes`` lets good rows in. Answers the report."""
        house = cast("House", request.app.state.house)
        name = request.query_params.get("name", "body")[:200]
        content = await request.body()
        state = request.scope.get("state", {})
        authorization = request.headers.get("authorization")
        if authorization is None:
            raise Refusal("token-unknown")
        partial = request.query_params.get("partial") == "yes"
        _, report = await to_thread.run_sync(
            _import, house, what, {}, authorization, {}, content, name, partial, state["language"]
        )
        body = msgspec.json.encode(report.as_data(state["language"]))
        return Response(body, media_type="application/json; charset=utf-8", status_code=200 if report.applied else 422)

    take.__name__ = f"import_{what}"
    summary = f"Bring in a file of {what} (body: the file; token in Authorization)"
    return post(f"/api/{what}", summary=summary, operation_id=f"import_{what}", status_code=200)(take)


import_endpoints = [_endpoint(what) for what in FILE_NAMES]


def _import(
    house: House,
    what: FileName,
    cookies: dict[str, str],
    authorization: str | None,
    form: dict[str, Any],
    content: bytes,
    name: str,
    partial: bool,
    language: Language,
) -> tuple[Actor, ImportReport]:
    with house.database.reading() as connection:
        actor = actor_of(connection, cookies, authorization)
    if actor is ANYBODY or (actor.actions is not None and "write_registry" not in actor.actions):
        raise Refusal("not-allowed")
    if authorization is None:
        check_form(actor, form)
    check_size(len(content), MOST_BYTES)
    report = take_file(house.database, house.folder, what, content, name, actor, language=language, partial=partial)
    house.revision.forget()
    return actor, report


@get(
    "/templates/{name:str}",
    summary="Empty template (facilities.xlsx) or schema of a row (facilities.schema.json); so too for projects, …",
    media_type="text/plain",
)
async def template_file(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[bytes]:
    """The template of a kind of file in the reader's language, or its JSON Schema."""
    language: Language = request.scope.get("state", {})["language"]
    what, _, form = name.partition(".")
    if what not in FILE_NAMES or form not in {"xlsx", "schema.json"}:
        raise NotFoundError
    template = file_kind(what).template()
    if form == "schema.json":
        return Response(msgspec.json.encode(schema(template)), media_type="application/schema+json")
    body = await to_thread.run_sync(template_workbook, template, language)
    headers = {"content-disposition": f'attachment; filename="{what}-{language}.xlsx"'}
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return Response(body, media_type=kind, headers=headers)
