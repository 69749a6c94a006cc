"""Reports of plants as files: the workbook to fill in, a kept report in several forms, and its taking in."""

import time
from collections.abc import Mapping
from typing import Any, cast

import msgspec
from anyio import to_thread
from litestar import Request, Response, get, post
from litestar.params import FromPath

from jasyl.emissions.plants import (
    assess,
    example,
    fact_rows,
    facts_template,
    keep_plant_report,
    line_rows,
    lines_template,
    make_plant_figures,
    metered_amounts,
    plant_subject,
    read_plant_json,
    read_plant_sheet,
)
from jasyl.facts import Book
from jasyl.intake import check_size
from jasyl.monitoring import figure_kind
from jasyl.monitoring.plant_meters import make_plant_amounts
from jasyl.papers import templates_workbook
from jasyl.people import LEVELS
from jasyl.registry import facility_by_key
from jasyl.texts import Language, Refusal, SeveralRefused, say

from .house import House
from .page import NotFoundError
from .plant_pictures import quota_picture
from .plants import assess_of, may_keep, readable_report
from .session import actor_of, check_form
from .signin import check_origin
from .visit import visit_of

MOST_BYTES = 4 * 2**20
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@get(
    "/emissions/template.xlsx", summary="The workbook of a plant's report, empty; ?example=yes filled", media_type=_XLSX
)
async def plant_template(request: Request[Any, Any, Any]) -> Response[bytes]:
    """In the reader's language."""
    language: Language = request.scope.get("state", {})["language"]
    filled = request.query_params.get("example") == "yes"
    body = await to_thread.run_sync(workbook, language, filled)
    headers = {"content-disposition": f'attachment; filename="plant-report-{language}.xlsx"'}
    return Response(body, media_type=_XLSX, headers=headers)


def workbook(language: Language, filled: bool) -> bytes:
    """The template, empty or filled with the example."""
    facts = list(fact_rows(example()))
    facts = facts if filled else [{"fact": row["fact"]} for row in facts]
    return _workbook(language, facts, list(line_rows(example())) if filled else [])


def _workbook(language: Language, facts: list[dict[str, Any]], lines: list[dict[str, Any]]) -> bytes:
    return templates_workbook(
        [
            (say(language, "plant-sheet-facts"), facts_template(), facts),
            (say(language, "plant-sheet-lines"), lines_template(), lines),
        ],
        language,
    )


@get("/emissions/plants/{plant:str}/files/{name:str}", summary="A plant's report: report.xlsx, report.json, quota.svg",
     media_type="text/plain")  # fmt: skip
async def plant_file(request: Request[Any, Any, Any], plant: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    """``?year=`` names one year, else the newest."""
    house = cast("House", request.app.state.house)
    state = request.scope.get("state", {})
    body, kind = await to_thread.run_sync(_file, request, house, plant, name, state)
    headers = {"content-disposition": f'attachment; filename="{plant}-{name}"', "vary": "Accept-Language, Cookie"}
    return Response(body, media_type=kind, headers=headers)


def _file(
    request: Request[Any, Any, Any], house: House, plant: str, name: str, state: Mapping[str, Any]
) -> tuple[bytes, str]:
    with house.database.reading() as connection:
        actor = actor_of(connection, state.get("cookies", {}), request.headers.get("authorization"))
        visit = visit_of(request, house, actor, f"/emissions/plants/{plant}", "html")
        report = readable_report(visit, connection, plant, request.query_params.get("year"))
        if name == "report.json":
            return msgspec.json.encode(report.as_data()), "application/json; charset=utf-8"
        if name == "report.xlsx":
            return _workbook(visit.language, list(fact_rows(report)), list(line_rows(report))), _XLSX
        picture = quota_picture(visit.language, [assess_of(visit, connection, report)])
        if name == "quota.svg" and picture is not None:
            return picture.encode(), "image/svg+xml"
    raise NotFoundError


@post("/emissions/plants", summary="Keep a plant's report (file: JSON or workbook; level)", status_code=303)
async def plant_post(request: Request[Any, Any, Any]) -> Response[bytes]:
    """From the form of the page, or by a program with a token; leads to the plant's page."""
    house = cast("House", request.app.state.house)
    check_origin(request)
    form = dict(await request.form())
    upload: Any = form.get("file")
    content = await upload.read() if hasattr(upload, "read") else b""
    name = str(getattr(upload, "filename", "") or "report.xlsx")[:200]
    state = request.scope.get("state", {})
    authorization = request.headers.get("authorization")
    words = {key: str(value) for key, value in form.items() if key != "file"}
    book = await to_thread.run_sync(_keep, house, state.get("cookies", {}), authorization, words, content, name)
    address = f"{state['prefix']}/emissions/plants/{book.place}?year={book.period}"
    return Response(b"", status_code=303, headers={"location": address})


def _keep(
    house: House, cookies: dict[str, str], authorization: str | None, form: dict[str, str], content: bytes, name: str
) -> Book:
    """One transaction: the version of the book and its figures, or nothing."""
    check_size(len(content), MOST_BYTES)
    level = form.get("level") or "public"
    if level not in LEVELS:
        raise Refusal("query-choice", received=f"level={level}"[:60], expected=", ".join(LEVELS))
    with house.database.writing() as connection:
        actor = actor_of(connection, cookies, authorization)
        if authorization is None:
            check_form(actor, form)
        if not may_keep(actor):
            raise Refusal("not-allowed")
        if name.lower().endswith(".json"):
            report, places = read_plant_json(content, name), {}
        else:
            report, places = read_plant_sheet(content, name)
        facility = facility_by_key(connection, report.plant, actor)
        if not may_keep(actor, facility, None if facility else report.place):
            raise Refusal("not-allowed")
        kind, now = figure_kind(house.folder), time.time_ns() // 1000
        subject = plant_subject(facility, report.plant)
        if facility is not None:
            make_plant_amounts(connection, facility, report, kind, now)
        metered = metered_amounts(connection, report, subject, kind)
        errors = assess(report, metered).errors
        if errors:
            raise SeveralRefused([one.placed(places).refusal for one in errors])
        book = keep_plant_report(connection, house.folder, report, actor.id, publication=level, metered=metered)
        make_plant_figures(connection, book, subject, kind, now)
    house.revision.forget()
    return book
