"""Statements: published figures, and how each number was made."""

import datetime as dt
from decimal import Decimal
from typing import Any

import msgspec
import sqlalchemy as sa

from jasyl.cities import entry_describers, figure_name, figure_unit
from jasyl.emissions import factor_describers
from jasyl.figures import (
    Node,
    Statement,
    book_describers,
    current,
    get_statement,
    newest_statements,
    outdated,
    walk,
    weakest_level,
)
from jasyl.figures import get as get_figure
from jasyl.ledger import Calc, parse_record, position, witnessed
from jasyl.monitoring import describers, register_describers
from jasyl.monitoring import indicator_names as names
from jasyl.monitoring.quality import figure_doubt, verdict_describer
from jasyl.quantities import UNITS, decimal_text, written_unit
from jasyl.texts import Refusal

from .page import Document, NotFoundError, page
from .reading_state import doubt_data
from .sheet import Column, Sheet
from .statement_steps import STEP_COLUMNS, shown_and_folded, step_rows
from .statement_subjects import statement_subject
from .verify import passport_name, verify_settings
from .visit import Visit

COLUMNS = (
    Column("indicator", "column-indicator", link=True),
    Column("subject", "column-facility", link=True),
    Column("period", "column-period"),
    Column("value", "column-value"),
    Column("kind", "column-kind", choices="kind"),
    Column("completeness", "column-completeness", unit="%"),
    Column("published", "column-published"),
    Column("index", "column-log-index", digits=0),
    Column("state", "column-state", choices="statement"),
)


@page("/statements", "Published statements")
def statements_list(visit: Visit, connection: sa.Connection) -> Document:
    """Every statement, newest first."""
    rows = [statement_row(visit, connection, one) for one in newest_statements(connection)]
    data = {"statements": [{key: value for key, value in row.items() if key != "value_text"} for row in rows]}
    return Document(
        "statements.html", visit.t("nav-statements"), data, Sheet(COLUMNS, rows, visit.t("statements-caption"))
    )


def statement_row(visit: Visit, connection: sa.Connection, one: Statement) -> dict[str, Any]:
    """A statement as a row of a table."""
    record = _record(one)
    subject, link = statement_subject(visit, connection, record)
    return {
        "id": one.id,
        "indicator": indicator_name(visit, record.indicator),
        "indicator_link": visit.href(f"/statements/{one.id}"),
        "subject": subject,
        "subject_link": link,
        "period": record.period,
        "value": value_text(visit, record),
        "kind": record.number_kind,
        "completeness": float(record.completeness) * 100,
        "published": dt.datetime.fromtimestamp(one.published_at / 1e6, dt.UTC).date().isoformat(),
        "index": position(connection, one.record_id),
        "state": _state(connection, one),
    }


def _state(connection: sa.Connection, one: Statement) -> str:
    """Superseded by another statement; outdated when its inputs changed and the number is another one now."""
    if one.superseded_by:
        return "superseded"
    return "outdated" if outdated(connection, [one.key]) else "in-force"


def _current(visit: Visit, connection: sa.Connection, one: Statement) -> dict[str, Any]:
    """The number as it is now, where the statement says another."""
    found = current(connection, [one.key])[one.key]
    value = found.figure.value
    said = None if value is None else decimal_text(value)
    return {"figure": found.id, "value": said, "text": amount_text(visit, value, found.figure.unit)}


def indicator_name(visit: Visit, indicator: str) -> str:
    """The name of an indicator; one of a city by its catalogue."""
    return figure_name(indicator, visit.language) or names.indicator_name(indicator, visit.language)


def _record(one: Statement) -> Calc:
    record = parse_record(one.document)
    assert isinstance(record, Calc)
    return record


def value_text(visit: Visit, record: Calc) -> str:
    """Value with unit as people read it; energies in kWh or MWh, masses in kg or t, whatever fits."""
    if record.value is not None and (unit := figure_unit(record.indicator, visit.language)):
        return f"{visit.number(Decimal(record.value))} {unit}"
    return amount_text(visit, None if record.value is None else Decimal(record.value), record.unit)


def amount_text(visit: Visit, value: Decimal | None, unit: str) -> str:
    """A value of a figure with the unit that keeps it readable."""
    if value is None:
        return "—"
    code = unit
    if code == "W.h":
        code = "MW.h" if abs(value) >= 10_000_000 else "kW.h"
    elif code == "W" and abs(value) >= 1_000_000:
        code = "MW"
    elif code == "kg" and abs(value) >= 10_000:
        code = "t"
    if code != unit:
        value = UNITS[code].from_base(value)
    if unit == "/a":  # a degradation: 0.0024 a year says less than 0.24 %
        return f"{visit.number(value * 100, 2)} {written_unit('%/a', visit.language)}"
    return f"{visit.number(value)} {written_unit(code, visit.language)}".strip()


@page("/statements/{identity:str}", "How a published number was made, down to its sealed readings")
def statement_page(visit: Visit, connection: sa.Connection, identity: str) -> Document:
    """The statement, its record in the log, and the tree of what it was made from."""
    try:
        one = get_statement(connection, identity)
    except Refusal:
        raise NotFoundError from None
    record = _record(one)
    known = {
        **describers(), **verdict_describer(), **register_describers(), **factor_describers(), **book_describers(),
        **entry_describers(),
    }  # fmt: skip
    tree = walk(connection, identity, known)
    row = statement_row(visit, connection, one)
    now = _current(visit, connection, one) if row["state"] == "outdated" else None
    steps, days = list(step_rows(visit, tree)), list[dict[str, Any]]()
    if visit.form == "html":
        steps, days = shown_and_folded(steps)
    sheet = Sheet(STEP_COLUMNS, steps, visit.t("statement-steps"))
    under = figure_doubt(connection, visit.house.folder, get_figure(connection, one.figure).figure)
    doubted = doubt_data(under) if under else None
    witnesses = _witnesses(visit, row["index"])
    level = weakest_level(connection, identity)
    passport = None if row["index"] is None else f"/statements/{identity}/passport"
    data = {
        "statement": identity,
        "weakest_trust": level,
        "passport": passport,
        "record_id": one.record_id,
        "log_index": row["index"],
        "witnessed_by": witnesses,
        "record": msgspec.json.decode(one.document),
        "made_from": _tree(tree),
        "readings": doubted,
        "supersedes": one.supersedes,
        "superseded_by": one.superseded_by,
        "state": row["state"],
        "current": {"figure": now["figure"], "value": now["value"]} if now else None,
    }
    context = {
        "row": row,
        "days": Sheet(STEP_COLUMNS, days, visit.t("statement-steps")),
        "record": record,
        "statement": one,
        "tree": tree,
        "document": one.document.decode(),
        "doubted": doubted,
        "witnesses": ", ".join(witnesses),
        "now": now,
        "level": visit.t(f"trust-{level}"),
        "uncertainty": None
        if record.uncertainty is None
        else amount_text(visit, Decimal(record.uncertainty), record.unit),
        "passport": passport,
        "passport_name": passport_name(visit.house, identity),
        "verify": None if passport is None else verify_settings(visit, passport),
    }
    title = f"{row['indicator']}, {record.period}"
    # Witnesses sign without anything changing in the database, by whose revision pages are kept.
    return Document("statement.html", title, data, sheet, context, cacheable=bool(witnesses))


def _witnesses(visit: Visit, index: int | None) -> list[str]:
    """Who has witnessed the place of the log at which a statement stands."""
    try:
        found = witnessed(visit.house.folder)
    except Refusal:  # no log yet
        return []
    return list(found.by) if found.covers(index) else []


def _tree(node: Node) -> dict[str, Any]:
    return {
        "kind": node.kind,
        "id": node.id,
        "facts": dict(node.values),
        "inputs": [_tree(one) for one in node.children],
    }
