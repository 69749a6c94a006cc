"""A data point of a city's book as a reader sees it: its facts, its history, its findings and threads in words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa

from jasyl.cities import (
    BASES,
    Entry,
    EvidenceFile,
    Message,
    Question,
    Verdict,
    history,
    point_name,
    point_unit,
    shown_parts,
)
from jasyl.cities.base_checks import base_of
from jasyl.cities.breakdown import groups_text
from jasyl.cities.entry_checks import value_of
from jasyl.indicators import Shown, group_name
from jasyl.quantities import decimal_text, instant, written_unit
from jasyl.texts import write_number

from .city_desk import Desk
from .page import NotFoundError
from .visit import Visit


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
