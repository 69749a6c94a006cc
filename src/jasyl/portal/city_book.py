"""The book of a city: read by everybody as far as it is public, written by its akimat; files in and out."""

from typing import Any, cast

import sqlalchemy as sa
from anyio import to_thread
from litestar import Request, Response, post
from litestar.params import FromPath

from jasyl.cities import (
    BASES,
    BOOK_FORMATS,
    ENTRY_LEVELS,
    ORIGINS,
    QUALITIES,
    BookReport,
    City,
    answer,
    attestations,
    comment,
    keep_evidence,
    may_write,
    take_book,
    write_entry,
)
from jasyl.cities.book_document import document
from jasyl.cities.book_file import entry_of
from jasyl.cities.proposal_texts import proposal_row
from jasyl.cities.proposals import beside_proposal, proposals
from jasyl.cities.results import city_words
from jasyl.indicators import STATUSES, Catalogue
from jasyl.intake import PartialDate, decimal
from jasyl.intake.dates import date
from jasyl.ledger import log_origin
from jasyl.people import Actor
from jasyl.quantities import now_us
from jasyl.texts import Refusal, Where

from .city_desk import Desk, asked_book, desk_of
from .city_point import panel_of, point_facts, thread_data
from .form_fields import headed
from .house import House
from .page import Document, page, respond
from .sent_form import Sent, back_to, sent_form, signed_in
from .sheet import Column, Sheet
from .visit import Visit, visit_of

COLUMNS = (
    Column("point", "city-column-point", link=True),
    Column("name", "city-column-name"),
    Column("numerator", "city-column-numerator"),
    Column("denominator", "city-column-denominator"),
    Column("value", "city-column-value"),
    Column("unit", "city-column-measured-in"),
    Column("status", "city-column-status", choices="indicator-status"),
    Column("origin", "city-column-origin", choices="city-origin", files_only=True),
    Column("quality", "city-column-quality", choices="city-quality", files_only=True),
    Column("dated", "city-column-dated", files_only=True),
    Column("note", "city-column-note", files_only=True),
    Column("evidence", "city-column-evidence", files_only=True),
    Column("recorded", "citybook-recorded"),
    Column("verified", "citybook-verified", choices="citybook-verified"),
    Column("digest", "citybook-digest", files_only=True),
)
_TEXTS = ("unit", "note", "reason", "parts")


@page("/cities/{place:str}/{year:str}/book", "The book of a city and year: every data point, its history and thread")
def book_page(visit: Visit, connection: sa.Connection, place: str, year: str) -> Document:
    """By category; ``?point=`` opens one data point with its form, ``?catalogue=`` names another catalogue."""
    return _document(visit, connection, desk_of(visit, connection, place, year), None)


def _document(visit: Visit, connection: sa.Connection, desk: Desk, report: BookReport | None) -> Document:
    asked = visit.query.get("point")
    panel = panel_of(visit, connection, desk, asked) if asked else None
    rows = {point: point_facts(visit, desk, point) for point in (*BASES, *(one.id for one in desk.catalogue.points))}
    name = city_words(desk.city)[visit.language]
    title = visit.t("citybook-title", city=name, year=str(desk.year))
    attested = attestations(connection, desk.city.place, desk.year, desk.catalogue.id)
    offers = proposals(connection, desk.city, desk.year, desk.catalogue, [asked]) if asked and desk.writes else []
    offer = next((one for one in offers if one.numbers is not None), None)
    context = {
        "desk": desk,
        "city_name": name,
        "panel": panel,
        "offer": proposal_row(desk.catalogue, offer, visit.language) if offer else None,
        "asked": asked,
        "groups": _groups(visit, desk, rows, asked),
        "counts": _counts(desk),
        "report": report,
        "told": _told(visit, report),
        "attested": attested[-1] if attested else None,
        "statuses": STATUSES,
        "origins": ORIGINS,
        "qualities": QUALITIES,
        "levels": ENTRY_LEVELS,
        "forms": BOOK_FORMATS,
    }
    data: dict[str, Any] = {"book": document(desk.city, desk.year, desk.catalogue, desk.book), "counts": _counts(desk)}
    data["verified"] = {point: row["verified"] for point, row in rows.items() if row["verified"]}
    data["findings"] = [one.as_data(visit.language) for one in desk.findings]
    data["threads"] = [thread_data(desk, one) for one in desk.threads]
    if panel:
        data["history"] = panel.history
    if report:
        data["report"] = report.as_data(visit.language)
    sheet = Sheet(COLUMNS, list(rows.values()), title)
    cacheable = not visit.actor.signed_in
    return Document("city_book.html", title, data, sheet, context, cacheable=cacheable)


def _groups(
    visit: Visit, desk: Desk, rows: dict[str, dict[str, Any]], asked: str | None
) -> list[tuple[str, int, int, bool, Sheet]]:
    """(name, entered, of, opened, table) of the city itself and of each category of the catalogue."""
    by_path: dict[tuple[str, ...], list[str]] = {(): list(BASES)}
    for indicator in desk.catalogue.indicators:
        by_path.setdefault(indicator.path, []).extend(point.id for point in indicator.points)
    found: list[tuple[str, int, int, bool, Sheet]] = []
    for path, points in by_path.items():
        named = " · ".join(desk.catalogue.group_name(key)[visit.language] for key in path[-2:])
        name = named or visit.t("city-itself")
        given = sum(point in desk.book and desk.book[point].is_given for point in points)
        sheet = Sheet(COLUMNS, [rows[point] for point in points], name)
        found.append((name, given, len(points), not path or asked in points, sheet))
    return found


def _counts(desk: Desk) -> dict[str, int]:
    points = [one.id for one in desk.catalogue.points]
    given = [point for point in points if point in desk.book and desk.book[point].is_given]
    judged = [found for point in given if (found := desk.verdict(point)) is not None]
    return {
        "points": len(points),
        "reported": len(given),
        "verified": sum(one.verified for one in judged),
        "refused": sum(not one.verified for one in judged),
        "open_questions": sum(one.is_open for one in desk.threads),
    }


def _told(visit: Visit, report: BookReport | None) -> list[tuple[str, str]]:
    """(severity, sentence) of everything that a file's report has to say, the worst first."""
    if report is None:
        return []
    told = [("error", one.text(visit.language)) for one in report.problems]
    for severity in ("error", "question", "remark"):
        told += [(severity, one.text(visit.language)) for one in report.findings if one.severity == severity]
    return told


@post("/cities/{place:str}/{year:str}/book", summary="Write into a city's book: an entry, a file, a comment, an answer")
async def book_post(request: Request[Any, Any, Any], place: FromPath[str], year: FromPath[str]) -> Response[bytes]:
    """``action`` is entry (fields of a data point, file: evidence), import (file, ``with_questions``), comment or
    answer. From the page, or by a program with a token."""
    house = cast("House", request.app.state.house)
    sent = await sent_form(request)
    action, point = sent.fields.get("action", ""), sent.fields.get("point", "")
    if action == "import":
        return await to_thread.run_sync(_import, house, request, place, year, sent)
    await to_thread.run_sync(_write, house, place, year, action, sent)
    return back_to(request, f"/cities/{place}/{year}/book?point={point}#point")


def _write(house: House, place: str, year: str, action: str, sent: Sent) -> None:
    city, year_, chosen = asked_book(place, year, sent.fields.get("catalogue"))
    point, text, now = sent.fields.get("point", ""), sent.fields.get("text", ""), now_us()
    with house.database.writing() as connection:
        actor = signed_in(connection, sent.cookies, sent.authorization, sent.fields)
        match action:
            case "comment":
                comment(connection, city, year_, chosen, point, text, actor, now)
            case "answer":
                answer(connection, city, sent.fields.get("thread", ""), text, actor, now)
            case "entry":
                try:
                    _enter(connection, house, city, year_, chosen, actor, sent, now)
                except Refusal as refusal:
                    raise headed(refusal, sent.language, "city-column") from None
            case _:
                raise Refusal("city-action", received=action[:40])
    house.revision.forget()


def _enter(
    connection: sa.Connection,
    house: House,
    city: City,
    year_: int,
    chosen: Catalogue,
    actor: Actor,
    sent: Sent,
    now: int,
) -> None:
    """Write the entry of a form, and keep its evidence."""
    point = sent.fields.get("point", "")
    if not may_write(actor, city):
        raise Refusal("not-allowed")
    row = _row(sent.fields)
    if sent.content:
        kept = keep_evidence(connection, house.folder, city, sent.content, sent.file_name, actor, now)
        row["evidence"] = kept.sha256
    if point not in BASES:
        chosen.point(point)
    entry = entry_of(chosen, point, row)
    if entry is None:
        raise Refusal("city-nothing-reported", where=Where(field="value"), point=point, received="—",
            expected="not_reported")  # fmt: skip
    entry = beside_proposal(connection, city, year_, chosen, entry, now, training=house.training)
    write_entry(connection, city, year_, chosen, entry, actor, now)


def _row(fields: dict[str, str]) -> dict[str, Any]:
    """The fields of an entry, typed. Raises Refusal ``not-number``, ``number-unclear``, ``not-date``, ``not-choice``
    at the field."""
    row: dict[str, Any] = {key: fields.get(key, "").strip() or None for key in (*_TEXTS, "evidence")}
    for key, known in (("status", STATUSES), ("origin", ORIGINS), ("quality", QUALITIES), ("level", ENTRY_LEVELS)):
        said = fields.get(key, "").strip() or None
        if said is not None and said not in known:
            raise Refusal("not-choice", where=Where(field=key), received=said[:40], expected=", ".join(known))
        row[key] = said
    for key in ("numerator", "denominator"):
        row[key] = _placed(key, lambda key=key: decimal(fields.get(key, "")))
    row["value"] = fields.get("value", "").strip() or None
    row["dated"] = cast("PartialDate | None", _placed("dated", lambda: date(fields.get("dated", "").strip() or None)))
    return row


def _placed(field: str, parse: Any) -> Any:
    try:
        return parse()
    except Refusal as refusal:
        raise Refusal(refusal.code, where=Where(field=field), **refusal.arguments) from None


def _import(house: House, request: Request[Any, Any, Any], place: str, year: str, sent: Sent) -> Response[bytes]:
    city, year_, _ = asked_book(place, year)
    with house.database.writing() as connection:
        actor = signed_in(connection, sent.cookies, sent.authorization, sent.fields)
        report = take_book(
            connection, sent.content, sent.file_name, actor, now_us(), log_origin=log_origin(house.folder),
            language=sent.language, with_questions=bool(sent.fields.get("with_questions")),
            dry_run=bool(sent.fields.get("dry_run")), only=(city.place, year_), training=house.training,
        )  # fmt: skip
    house.revision.forget()
    return _report_page(house, request, actor, report)


def _report_page(house: House, request: Request[Any, Any, Any], actor: Actor, report: BookReport) -> Response[bytes]:
    book = report.book
    visit = visit_of(request, house, actor, f"/cities/{book.city.place}/{book.year}/book", "html")
    with house.database.reading() as connection:
        desk = desk_of(visit, connection, book.city.place, str(book.year))
        return respond(visit, _document(visit, connection, desk, report), 200 if report.applied else 422)
