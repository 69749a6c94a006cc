"""The verifier's desk over the book of a city: findings, threads, verified yes or no, attestation."""

from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post
from litestar.params import FromPath

from jasyl.cities import (
    Attestation,
    answer,
    ask,
    ask_of_findings,
    attest,
    attestations,
    close_question,
    entries,
    findings,
    judge,
    may_verify,
    readiness,
)
from jasyl.cities.results import city_words
from jasyl.indicators import Catalogue
from jasyl.ledger import issuer_signers, log_origin, position
from jasyl.monitoring import figure_kind
from jasyl.quantities import instant, now_us
from jasyl.texts import Refusal

from .city_desk import Desk, asked_book, desk_of
from .city_point import panel_of, point_facts, thread_data
from .house import House
from .page import Document, page
from .sent_form import Sent, back_to, sent_form, signed_in
from .sheet import Column, Sheet
from .visit import Visit

COLUMNS = (
    Column("point", "city-column-point", link=True),
    Column("name", "city-column-name"),
    Column("value", "city-column-value"),
    Column("unit", "city-column-measured-in"),
    Column("status", "city-column-status", choices="indicator-status"),
    Column("quality", "city-column-quality", choices="city-quality", files_only=True),
    Column("recorded", "citybook-recorded"),
    Column("questions", "citybook-open-questions", digits=0),
    Column("findings", "citybook-findings-count", digits=0),
    Column("verified", "citybook-verified", choices="citybook-verified"),
    Column("verdict_note", "citybook-verdict-note"),
)
_SEVERITIES = ("error", "question", "remark")


@page("/cities/{place:str}/{year:str}/verification", "The verification of a city's book: findings, questions, verdicts")
def verification_page(visit: Visit, connection: sa.Connection, place: str, year: str) -> Document:
    """For the verifier, the akimat, the agency and auditors. ``?point=`` opens one data point."""
    desk = desk_of(visit, connection, place, year)
    if not desk.sees_all:
        raise Refusal("not-allowed")
    asked = visit.query.get("point")
    panel = panel_of(visit, connection, desk, asked) if asked else None
    state = readiness(connection, desk.city.place, desk.year, desk.catalogue)
    rows = [_row(visit, desk, point) for point in desk.given]
    name = city_words(desk.city)[visit.language]
    title = visit.t("citybook-verification-title", city=name, year=str(desk.year))
    attested = attestations(connection, desk.city.place, desk.year, desk.catalogue.id)
    context = {
        "desk": desk,
        "city_name": name,
        "panel": panel,
        "asked": asked,
        "state": state,
        "judgeable": sum(desk.catalogue.has(one) for one in desk.given),
        "found": _found(visit, desk),
        "open_threads": [thread_data(desk, one) for one in desk.threads if one.is_open],
        "attested": [_attested(connection, desk, one) for one in reversed(attested)],
    }
    data = {
        "ready": state.is_ready,
        "unjudged": list(state.unjudged),
        "open_findings": list(state.open_findings),
        "findings": [one.as_data(visit.language) for one in desk.findings],
        "threads": [thread_data(desk, one) for one in desk.threads],
        "rows": [{key: value for key, value in row.items() if not key.endswith("_link")} for row in rows],
        "attestations": context["attested"],
    }
    sheet = Sheet(COLUMNS, rows, visit.t("citybook-verdicts"))
    return Document("city_verification.html", title, data, sheet, context, cacheable=False)


def _row(visit: Visit, desk: Desk, point: str) -> dict[str, Any]:
    verdict = desk.verdict(point)
    return point_facts(visit, desk, point) | {
        "questions": sum(one.is_open for one in desk.threads_of(point)),
        "findings": len(desk.findings_of(point)),
        "verdict_note": verdict.note or None if verdict else None,
    }


def _found(visit: Visit, desk: Desk) -> list[tuple[str, str, str, str | None]]:
    """(severity, data point, sentence, state of its question) of every finding, the worst first."""
    threads = {(one.point, one.first.finding): one for one in desk.threads if one.first.finding}
    told: list[tuple[str, str, str, str | None]] = []
    for severity in _SEVERITIES:
        for one in desk.findings:
            if one.severity == severity:
                thread = threads.get((one.point, one.code))
                asked = None if thread is None else "open" if thread.is_open else "closed"
                told.append((severity, one.point, one.plain_text(visit.language), asked))
    return told


def _attested(connection: sa.Connection, desk: Desk, one: Attestation) -> dict[str, Any]:
    return {
        "at": instant(one.recorded_at).isoformat(" ", "minutes")[:16],
        "author": desk.names.get(one.author, one.author),
        "record": one.record_id,
        "index": position(connection, one.record_id),
        "statements": len(one.statements),
        "not_verified": len(one.not_verified),
        "closed": len(one.closed),
        "catalogue_version": one.catalogue_version,
    }


@post(
    "/cities/{place:str}/{year:str}/verification",
    summary="Verify a city's book: ask, answer, close, judge, ask what the checks found, attest",
)
async def verification_post(
    request: Request[Any, Any, Any], place: FromPath[str], year: FromPath[str]
) -> Response[bytes]:
    """``action`` is ask, answer, close, judge, findings or attest. From the page, or by a program with a token."""
    house = cast("House", request.app.state.house)
    sent = await sent_form(request)
    point = await to_thread.run_sync(_act, house, place, year, sent)
    return back_to(request, f"/cities/{place}/{year}/verification" + (f"?point={point}#point" if point else ""))


def _act(house: House, place: str, year: str, sent: Sent) -> str:
    """The data point to show next: after a verdict the next one without, else the one that was spoken of."""
    city, year_, chosen = asked_book(place, year, sent.fields.get("catalogue"))
    fields, now = sent.fields, now_us()
    point, text, thread = (fields.get(key, "") for key in ("point", "text", "thread"))
    with house.database.writing() as connection:
        actor = signed_in(connection, sent.cookies, sent.authorization, fields)
        match fields.get("action", ""):
            case "ask":
                ask(connection, city, year_, chosen, point, text, actor, now)
            case "answer":
                answer(connection, city, thread, text, actor, now)
            case "close":
                close_question(connection, city, thread, text, actor, now)
            case "judge":
                verified = fields.get("verified") == "yes"
                judge(
                    connection, city, year_, chosen.id, point, fields.get("entry", ""),
                    verified=verified, note=text, actor=actor, now=now,
                )  # fmt: skip
                point = _next_unjudged(readiness(connection, city.place, year_, chosen).unjudged, chosen, point)
            case "findings":
                if not may_verify(actor, city):
                    raise Refusal("not-allowed")
                book = entries(connection, city.place, year_, chosen.id)
                found = [(one, one.plain_text(sent.language)) for one in findings(book, chosen)]
                ask_of_findings(connection, city, year_, chosen, found, actor, now)
            case "attest":
                attest(
                    connection, city, year_, chosen, actor, now,
                    log_origin=log_origin(house.folder), kind=_kind(house),
                    signers=issuer_signers(connection, house.folder),
                )  # fmt: skip
            case other:
                raise Refusal("city-action", received=other[:40])
    house.revision.forget()
    return point


def _next_unjudged(unjudged: tuple[str, ...], catalogue: Catalogue, point: str) -> str:
    """The first data point without a verdict after ``point``, else the first of all; where all have one, ``point``."""
    order = {one.id: number for number, one in enumerate(catalogue.points)}
    after = [one for one in unjudged if order[one] > order.get(point, -1)]
    return next(iter(after or unjudged), point)


def _kind(house: House) -> Any:
    """Numbers of a training installation stay training data; those of a city are published ones."""
    return "training" if figure_kind(house.folder) == "training" else "published"
