"""Titles: the register, for those who keep it; the history of one title, for whoever knows its id."""

from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post
from litestar.params import FromPath

from jasyl.certificates.titles import (
    Step,
    TitleChain,
    history,
    parse_draft,
    record_event,
    title_chain,
    title_count,
    titles_by_id,
)
from jasyl.intake import check_size
from jasyl.ledger import Log
from jasyl.ledger.confidential import Disclosed, verify_disclosure
from jasyl.people import Actor, Resource, may
from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

from .house import House
from .page import Document, NotFoundError, page, respond
from .session import actor_of, check_form
from .sheet import Column, Sheet
from .signin import check_origin
from .visit import Visit, visit_of

MOST_BYTES = 2**20
LIST_COLUMNS = (
    Column("title", "title-column-title", link=True),
    Column("class", "title-column-class", choices="title-class"),
    Column("holder", "title-column-holder"),
    Column("events", "title-column-events", digits=0),
    Column("since", "title-column-since"),
)
STEP_COLUMNS = (
    Column("index", "title-column-index", digits=0),
    Column("event", "title-column-event", choices="title-event"),
    Column("issued", "title-column-issued"),
    Column("holder", "title-column-holder"),
    Column("document", "title-column-document", choices="title-document", link=True),
    Column("record", "column-record"),
)
FIELD_COLUMNS = (Column("field", "title-column-field"), Column("value", "column-value"))


@page("/titles", "Titles to land, buildings, equipment: all of them to the registry, one by its id to anybody")
def titles_list(visit: Visit, connection: sa.Connection) -> Document:
    """``?title=`` finds one; the register whole is for those who may read what is closed."""
    wanted = visit.query.get("title", "").strip()[:128]
    whole = _keeps(visit.actor)
    chains = _found(connection, wanted) if wanted else titles_by_id(connection) if whole else []
    rows = [_row(visit, connection, chain) for chain in chains]
    data = {"count": title_count(connection), "titles": rows}
    sheet = Sheet(LIST_COLUMNS, rows, visit.t("titles-caption"))
    context = {"count": data["count"], "wanted": wanted, "whole": whole}
    return Document("titles.html", visit.t("titles-title"), data, sheet, context)


@page("/titles/{identity:str}", "A title: class, owner by pseudonym, history; its document only for its readers")
def title_page(visit: Visit, connection: sa.Connection, identity: str) -> Document:
    """What the log says of it, every signature checked again."""
    return _title(visit, connection, identity, None)


@post("/titles", summary="Log a transfer that both parties have signed (file: the draft)", status_code=303)
async def title_post(request: Request[Any, Any, Any]) -> Response[bytes]:
    """From the form of a title, or by a program with a token; for the registry. Leads to the title."""
    house, state = cast("House", request.app.state.house), request.scope.get("state", {})
    check_origin(request)
    form, content = await _sent(request)
    authorization = request.headers.get("authorization")
    title = await to_thread.run_sync(_transfer, house, state.get("cookies", {}), authorization, form, content)
    house.revision.forget()
    return Response(b"", status_code=303, headers={"location": f"{state['prefix']}/titles/{title}"})


@post(
    "/titles/{identity:str}/fields",
    summary="Check a file of disclosed fields against a title (file)",
    status_code=200,
    media_type="text/html",
)
async def title_fields_post(request: Request[Any, Any, Any], identity: FromPath[str]) -> Response[bytes]:
    """The title's page with the fields that the file proves, or JSON by ``Accept``; nothing is kept."""
    check_origin(request)
    _, content = await _sent(request)
    return await to_thread.run_sync(_fields, request, identity, content)


async def _sent(request: Request[Any, Any, Any]) -> tuple[dict[str, str], bytes]:
    form = dict(await request.form())
    upload: Any = form.pop("file", None)
    content = await upload.read() if hasattr(upload, "read") else b""
    check_size(len(content), MOST_BYTES)
    return {key: str(value) for key, value in form.items()}, content


def _keeps(actor: Actor) -> bool:
    return actor.signed_in and may(actor, "publish", Resource("closed"))


def _transfer(
    house: House, cookies: dict[str, str], authorization: str | None, form: dict[str, str], content: bytes
) -> str:
    with house.database.writing() as connection:
        actor = actor_of(connection, cookies, authorization)
        if authorization is None:
            check_form(actor, form)
        if not _keeps(actor):
            raise Refusal("not-allowed")
        draft = parse_draft(content)
        if draft.record.event != "transfer":
            raise Refusal("title-draft-malformed")
        record_event(connection, draft)
    return draft.record.title


def _fields(request: Request[Any, Any, Any], identity: str, content: bytes) -> Response[bytes]:
    house, state = cast("House", request.app.state.house), request.scope.get("state", {})
    form = "json" if "application/json" in request.headers.get("accept", "") else "html"
    with house.database.reading() as connection:
        actor = actor_of(connection, state.get("cookies", {}), request.headers.get("authorization"))
        visit = visit_of(request, house, actor, f"/titles/{identity}", form)
        shown = verify_disclosure(content, Log(house.folder).policy)
        return respond(visit, _title(visit, connection, identity, shown))


def _found(connection: sa.Connection, identity: str) -> list[TitleChain]:
    try:
        return [title_chain(connection, identity)]
    except Refusal:
        return []


def _title(visit: Visit, connection: sa.Connection, identity: str, shown: Disclosed | None) -> Document:
    found = _found(connection, identity)
    if not found:
        raise NotFoundError
    chain, steps = found[0], history(connection, found[0])
    rows = [_step(visit, one) for one in steps]
    fields = _shown(steps, shown) if shown else []
    first = chain.events[0].record
    data = {
        "title": chain.title,
        "class": first.object_class,
        "mark": first.object_mark,
        "owner": chain.owner,
        "holder": steps[-1].holder,
        "events": [{**row, "owner": one.owner, "payload": one.payload} for row, one in zip(rows, steps, strict=True)],
        "fields": fields,
    }
    context = {
        "kind": first.object_class,
        "holder": steps[-1].holder,
        "identity": chain.title,
        "mark": first.object_mark,
        "keeps": _keeps(visit.actor),
        "fields": Sheet(FIELD_COLUMNS, fields, visit.t("title-fields")) if shown else None,
    }
    title = visit.t("title-heading", kind=visit.t(f"title-class-{first.object_class}"), title=chain.title)
    sheet = Sheet(STEP_COLUMNS, rows, visit.t("title-history"))
    return Document("title.html", title, data, sheet, context, cacheable=shown is None)


def _shown(steps: list[Step], shown: Disclosed) -> list[dict[str, str]]:
    """The proven fields. Raises Refusal ``title-other`` when they are of another document than a title's."""
    if shown.record_id not in {one.payload for one in steps}:
        raise Refusal("title-other", received=shown.record_id)
    return [
        {"field": name, "value": value if isinstance(value, str) else canonical_json(value).decode()}
        for name, value in shown.fields.items()
    ]


def _row(visit: Visit, connection: sa.Connection, chain: TitleChain) -> dict[str, Any]:
    newest = history(connection, chain)[-1]
    return {
        "title": chain.title,
        "title_link": visit.href(f"/titles/{chain.title}"),
        "class": chain.newest.record.object_class,
        "holder": newest.holder,
        "events": len(chain.events),
        "since": newest.issued[:10],
    }


def _step(visit: Visit, one: Step) -> dict[str, Any]:
    return {
        "index": one.index,
        "event": one.event,
        "issued": one.issued[:19].replace("T", " "),
        "holder": one.holder,
        "document": "erased" if one.erased else "sealed",
        "document_link": visit.href(f"/sealed/{one.payload}"),
        "record": one.record,
    }
