"""What the pages of a city book share: the book as a reader may see it, a data point with all that was said of it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from litestar import Request, Response

from jasyl.cities import (
    BASES,
    City,
    Entry,
    EvidenceFile,
    Finding,
    Message,
    Question,
    Verdict,
    attestations,
    city,
    entries,
    evidence_files,
    findings,
    history,
    may_discuss,
    may_read,
    may_verify,
    may_write,
    point_name,
    point_unit,
    questions,
    shown_parts,
    verdicts,
    without_small,
    year_of,
)
from jasyl.cities.base_checks import base_of
from jasyl.cities.breakdown import groups_text
from jasyl.cities.entry_checks import value_of
from jasyl.indicators import CATALOGUES, Catalogue, Shown, catalogue, group_name
from jasyl.intake import check_size
from jasyl.people import Actor, accounts
from jasyl.quantities import decimal_text, instant, written_unit
from jasyl.texts import Language, Refusal, Where, write_number

from .page import NotFoundError
from .session import actor_of, check_form
from .signin import check_origin
from .visit import Visit

MOST_BYTES = 20 * 2**20


@dataclass(frozen=True)
class Desk:
    """The book of a city and year before a reader: only the entries that reader may see.

    ``threads`` and ``names`` (of accounts, by id) are empty for those who take no part and do not audit.
    """

    city: City
    year: int
    catalogue: Catalogue
    book: Mapping[str, Entry]
    verdicts: Mapping[str, Verdict]
    findings: tuple[Finding, ...]
    threads: tuple[Question, ...]
    names: Mapping[str, str]
    evidence: Mapping[str, EvidenceFile]
    writes: bool
    verifies: bool
    discusses: bool
    sees_all: bool

    @property
    def address(self) -> str:
        return f"/cities/{self.city.place}/{self.year}"

    @property
    def given(self) -> list[str]:
        """The data points with a number, in the order of the catalogue."""
        order = (*BASES, *(one.id for one in self.catalogue.points))
        return [point for point in order if point in self.book and self.book[point].is_given]

    def verdict(self, point: str) -> Verdict | None:
        """The verdict on the newest entry of a data point; one on an earlier entry does not count."""
        found, entry = self.verdicts.get(point), self.book.get(point)
        return found if found and entry and found.entry == entry.id else None

    def findings_of(self, point: str) -> list[Finding]:
        return [one for one in self.findings if one.point == point]

    def threads_of(self, point: str) -> list[Question]:
        return [one for one in self.threads if one.point == point]


def asked_book(place: str, year: str, named: str | None = None) -> tuple[City, int, Catalogue]:
    """What an address speaks of. Raises NotFoundError for what is no city, year or catalogue."""
    if (named or "u4ssc") not in CATALOGUES:
        raise NotFoundError
    try:
        return city(place), year_of(year), catalogue(named or "u4ssc")
    except Refusal:
        raise NotFoundError from None


def desk_of(visit: Visit, connection: sa.Connection, place: str, year: str) -> Desk:
    """The book of an address as the visitor may see it."""
    city_, year_, chosen = asked_book(place, year, visit.query.get("catalogue"))
    actor = visit.actor
    sees_all = may_read(actor, city_, "closed")
    held = entries(connection, city_.place, year_, chosen.id)
    book = {
        point: one if sees_all else without_small(chosen, one)
        for point, one in held.items()
        if sees_all or may_read(actor, city_, one.level)
    }
    # Before the attestation a verdict is a matter between the verifier and the city.
    told = sees_all or bool(attestations(connection, city_.place, year_, chosen.id))
    digests = [one.evidence for one in book.values() if one.evidence]
    return Desk(
        city_,
        year_,
        chosen,
        book,
        verdicts(connection, city_.place, year_, chosen.id) if told else {},
        tuple(findings(book, chosen)) if sees_all else (),
        tuple(questions(connection, city_.place, year_, chosen.id)) if sees_all else (),
        {one.id: one.name for one in accounts(connection)} if sees_all else {},
        evidence_files(connection, digests),
        may_write(actor, city_),
        may_verify(actor, city_),
        may_discuss(actor, city_),
        sees_all,
    )


def exact(visit: Visit, number: Decimal | None) -> str | None:
    """A number with all its decimals, up to six, as the reader writes it; None for none."""
    if number is None:
        return None
    if visit.form != "html":
        return decimal_text(number)
    written = decimal_text(round(number, 6))
    return write_number(visit.language, Decimal(written), len(written.partition(".")[2]))


def point_facts(visit: Visit, desk: Desk, point: str) -> dict[str, Any]:
    """A row of the book: what is entered for a data point, and what follows from it."""
    entry = desk.book.get(point)
    verdict = desk.verdict(point)
    row: dict[str, Any] = {
        "point": point,
        "point_link": visit.with_query(None, point=point) + "#point",
        "name": point_name(desk.catalogue, point, visit.language),
        "unit": point_unit(desk.catalogue, point, visit.language),
        "status": entry.status if entry else "not_reported",
        "verified": None if verdict is None else "yes" if verdict.verified else "no",
    }
    for name in ("numerator", "denominator"):
        row[name] = exact(visit, getattr(entry, name) if entry else None)
    row["value"] = told_value(visit, desk, entry)
    for name in ("origin", "quality", "dated", "note", "level", "evidence", "digest"):
        row[name] = getattr(entry, name) or None if entry else None
    if entry and entry.is_base and entry.unit:
        row["unit"] = written_unit(entry.unit, visit.language)
    row["recorded"] = instant(entry.recorded_at).date().isoformat() if entry else None
    return row


def told_value(visit: Visit, desk: Desk, entry: Entry | None) -> str | None:
    """The value as people read it: computed where it follows, yes and no in words."""
    if entry is None:
        return None
    value = value_of(desk.catalogue, entry)
    if value is None:
        return None
    if not entry.is_base and desk.catalogue.point(entry.point).is_yes_no and value in (0, 1):
        return visit.t("papers-yes" if value else "papers-no")
    return exact(visit, value)


@dataclass(frozen=True)
class Panel:
    """One data point opened: its facts, its history newest first, its findings and threads in words."""

    facts: Mapping[str, Any]
    entry: Entry | None
    plain: Mapping[str, str]
    counts: tuple[str, str]
    guidance: str
    breakdowns: tuple[str, ...]
    is_yes_no: bool
    has_denominator: bool
    history: list[dict[str, Any]]
    findings: list[tuple[str, str]]
    threads: list[dict[str, Any]]
    verdict: Verdict | None
    evidence: EvidenceFile | None
    groups: list[dict[str, Any]]


def panel_of(visit: Visit, connection: sa.Connection, desk: Desk, point: str) -> Panel:
    """Raises NotFoundError for a data point that neither the catalogue nor the city has."""
    if point not in BASES and not desk.catalogue.has(point):
        raise NotFoundError
    base = point in BASES
    indicator = None if base else desk.catalogue.indicator_of(point)
    earlier = history(connection, desk.city.place, desk.year, desk.catalogue.id, point)
    shown = [one for one in earlier if desk.sees_all or one.level == "public"]
    entry = desk.book.get(point)
    return Panel(
        point_facts(visit, desk, point),
        entry,
        _plain(desk, point),
        (indicator.numerator[visit.language], indicator.denominator[visit.language]) if indicator else ("", ""),
        indicator.notes[visit.language] if indicator else "",
        tuple(visit.t(f"indicator-breakdown-{axis}") for axis in indicator.disaggregation) if indicator else (),
        not base and desk.catalogue.point(point).is_yes_no,
        not base and desk.catalogue.point(point).has_denominator,
        [_history_row(visit, desk, one) for one in reversed(shown)],
        [(one.severity, one.plain_text(visit.language)) for one in desk.findings_of(point)],
        [thread_data(desk, one) for one in desk.threads_of(point)],
        desk.verdict(point),
        desk.evidence.get(entry.evidence) if entry and entry.evidence else None,
        group_rows(visit, shown_parts(desk.catalogue, entry) if entry else ()),
    )


def group_rows(visit: Visit, shown: Iterable[Shown]) -> list[dict[str, Any]]:
    """The groups behind a data point as a page shows them; of a closed one only why."""
    return [
        {
            "group": group_name(one.by, visit.language),
            "numerator": exact(visit, one.numerator),
            "denominator": exact(visit, one.denominator),
            "value": None if one.value is None else visit.number(one.value),
            "closed": visit.t("indicator-reason-suppressed") if one.suppressed else None,
        }
        for one in shown
    ]


def _plain(desk: Desk, point: str) -> dict[str, str]:
    """What the fields of the form hold: as entered, exact, with a point; the city's people or households where the
    denominator is not entered yet."""
    entry = desk.book.get(point)
    if entry is None:
        base = None if point in BASES else base_of(desk.catalogue, point)
        own = desk.book.get(base) if base else None
        known = own.value if own is not None and own.is_given else None
        return {"denominator": "" if known is None else decimal_text(known)} | dict.fromkeys(
            ("numerator", "value", "unit", "proposal", "parts"), ""
        )
    numbers = {name: getattr(entry, name) for name in ("numerator", "denominator", "value")}
    return {name: "" if one is None else decimal_text(one) for name, one in numbers.items()} | {
        "unit": entry.unit or "",
        "proposal": entry.proposal or "",
        "parts": groups_text(entry.parts),
    }


def thread_data(desk: Desk, thread: Question) -> dict[str, Any]:
    """A thread as templates and programs take it."""
    return {
        "id": thread.id,
        "point": thread.point,
        "kind": thread.first.kind,
        "open": thread.is_open,
        "answered": thread.is_answered,
        "finding": thread.first.finding,
        "messages": [_message_data(desk, one) for one in (thread.first, *thread.replies)],
    }


@dataclass(frozen=True)
class Sent:
    """A form as it came: fields, the uploaded file, and who sends it by what."""

    fields: dict[str, str]
    content: bytes
    file_name: str
    cookies: dict[str, str]
    authorization: str | None
    language: Language


async def sent_form(request: Request[Any, Any, Any]) -> Sent:
    """The form of a request. Raises Refusal ``file-too-large``, ``file-empty`` where a chosen file has nothing."""
    check_origin(request)
    form = dict(await request.form())
    upload: Any = form.pop("file", None)
    content = await upload.read() if hasattr(upload, "read") else b""
    check_size(len(content), MOST_BYTES)
    name = str(getattr(upload, "filename", "") or "")[:200]
    if name and not content:
        raise Refusal("file-empty", where=Where(name))
    state = request.scope.get("state", {})
    fields = {str(key): str(value) for key, value in form.items()}
    return Sent(
        fields,
        content,
        name or "file",
        state.get("cookies", {}),
        request.headers.get("authorization"),
        state["language"],
    )


def signed_in(
    connection: sa.Connection, cookies: dict[str, str], authorization: str | None, form: dict[str, Any]
) -> Actor:
    """Who sends a form: a browser with its key, or a program with a token. Raises Refusal ``not-allowed``,
    ``form-too-old``, ``token-unknown``."""
    actor = actor_of(connection, cookies, authorization)
    if authorization is None:
        check_form(actor, form)
    if not actor.signed_in:
        raise Refusal("not-allowed")
    return actor


def back_to(request: Request[Any, Any, Any], address: str) -> Response[bytes]:
    """To the page again, by GET."""
    prefix = request.scope.get("state", {})["prefix"]
    return Response(b"", status_code=303, headers={"location": prefix + address})


def _message_data(desk: Desk, one: Message) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "text": one.text,
        "author": desk.names.get(one.author, one.author),
        "at": instant(one.recorded_at).isoformat(" ", "minutes")[:16],
    }


def _history_row(visit: Visit, desk: Desk, one: Entry) -> dict[str, Any]:
    return {
        "at": instant(one.recorded_at).isoformat(" ", "minutes")[:16],
        "numerator": exact(visit, one.numerator),
        "denominator": exact(visit, one.denominator),
        "value": told_value(visit, desk, one),
        "status": one.status,
        "note": one.note or None,
        "reason": one.reason or None,
        "author": desk.names.get(one.author),
        "digest": one.digest,
    }
