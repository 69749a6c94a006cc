"""Statements: figures that somebody published, frozen, recorded in the ledger, superseded but never edited."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa
from ulid import ULID

from jasyl import ledger
from jasyl.quantities import decimal_text, instant
from jasyl.texts import Refusal

from . import figure as figures
from . import tables
from .figure import Figure

# Beyond this many inputs a statement carries the Merkle root over them, not the list.
LISTED_INPUTS = 400


@dataclass(frozen=True)
class Statement:
    """A published figure. ``document`` are the bytes of its ``calc`` record, which never change."""

    id: str
    figure: str
    key: str
    record_id: str
    document: bytes
    actor: str
    published_at: int
    supersedes: str | None
    superseded_by: str | None


def publish(
    connection: sa.Connection, figure_id: str, actor: str, now: int, *, log_origin: str, reason: str = "recomputed"
) -> Statement:
    """Publish a figure: its record goes into the outbox in this transaction.

    A figure published before is the statement that is there. When an earlier state of the same figure was published,
    the new statement supersedes it, and a ``supersede`` record says so with ``reason``. Raises Refusal
    ``figure-stale``, ``figure-outdated`` (a newer one exists) or ``figure-closed``.
    """
    kept = figures.get(connection, figure_id)
    earlier = in_force(connection, [kept.figure.key])
    before = earlier[0] if earlier else None
    if before and before.figure == figure_id:
        return before
    _refuse_unfit(connection, kept)
    record = _record(kept.figure, actor, now, log_origin, before)
    record_id = ledger.enqueue(connection, record)
    if before:
        over = ledger.Supersede(
            log_origin=log_origin,
            issued=record.issued,
            author=actor,
            superseded=before.record_id,
            replacement=record_id,
            reason=reason,
            actor=actor,
        )
        ledger.enqueue(connection, over)
    document = ledger.encode_record(record)
    made = Statement(
        str(ULID()), figure_id, kept.figure.key, record_id, document, actor, now, before.id if before else None, None
    )
    connection.execute(sa.insert(tables.statement).values(vars(made)))
    if before:
        held = tables.statement
        connection.execute(sa.update(held).where(held.c.id == before.id).values(superseded_by=made.id))
    return made


def get(connection: sa.Connection, identity: str) -> Statement:
    """The statement of one id. Raises Refusal ``unknown-statement``."""
    found = _load(connection, tables.statement.c.id == identity)
    if not found:
        raise Refusal("unknown-statement", received=identity)
    return found[0]


def newest(connection: sa.Connection, limit: int = 200) -> list[Statement]:
    """The statements published last, newest first."""
    return _load(connection, sa.true())[::-1][:limit]


def of_subject(connection: sa.Connection, subject: figures.Subject) -> list[Statement]:
    """Every statement about one facility, place or series, oldest first."""
    held = figures.tables.figure
    about = sa.select(held.c.id).where(held.c.subject_kind == subject.kind, held.c.subject_id == subject.id)
    return _load(connection, tables.statement.c.figure.in_(about))


def in_force(connection: sa.Connection, keys: Sequence[str]) -> list[Statement]:
    """Statements about the figures of ``keys`` that nothing supersedes."""
    held = tables.statement
    return _load(connection, sa.and_(held.c.key.in_(keys), held.c.superseded_by.is_(None)))


def outdated(connection: sa.Connection, keys: Sequence[str]) -> list[Statement]:
    """Statements in force about figures of ``keys`` whose current number is another than the published one."""
    now = figures.current(connection, keys)
    return [
        each
        for each in in_force(connection, keys)
        if each.figure != now[each.key].id
        and _numbers(figures.get(connection, each.figure).figure) != _numbers(now[each.key].figure)
    ]


def _numbers(figure: Figure) -> tuple[object, ...]:
    return figure.value, figure.uncertainty, figure.completeness


def _refuse_unfit(connection: sa.Connection, kept: figures.StoredFigure) -> None:
    if kept.stale:
        raise Refusal("figure-stale", received=kept.figure.key)
    if kept.figure.publication == "closed":
        raise Refusal("figure-closed", received=kept.figure.key)
    newest = figures.current(connection, [kept.figure.key])[kept.figure.key]
    if newest.id != kept.id:
        raise Refusal("figure-outdated", received=kept.id, expected=newest.id)


def _record(figure: Figure, actor: str, now: int, log_origin: str, before: Statement | None) -> ledger.Calc:
    hashes = [each.hash for each in figure.inputs]
    whole = "0" if figure.value is None else "1"
    return ledger.Calc(
        log_origin=log_origin,
        issued=ledger.issued_now(instant(now)),
        author=actor,
        indicator=figure.indicator,
        place=figure.subject.id if figure.subject.kind != "facility" else None,
        facility=figure.subject.id if figure.subject.kind == "facility" else None,
        period=figure.period,
        unit=figure.unit,
        value=None if figure.value is None else decimal_text(figure.value),
        uncertainty=None if figure.uncertainty is None else decimal_text(figure.uncertainty),
        completeness=whole if figure.completeness is None else decimal_text(figure.completeness),
        method=ledger.Method(
            id=figure.method_id,
            version=figure.method_version,
            # The record must say it itself: an observed number is never taken for a modelled one.
            parameters={**figure.parameters, "figure.kind": figure.kind, "figure.subject": figure.subject.kind},
        ),
        inputs=hashes if len(hashes) <= LISTED_INPUTS else ledger.inputs_root(hashes),
        supersedes=before.record_id if before else None,
    )


def _load(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[Statement]:
    held = tables.statement
    columns = [held.c[name] for name in Statement.__dataclass_fields__]
    rows = connection.execute(sa.select(*columns).where(condition).order_by(held.c.number)).mappings()
    return [Statement(**row) for row in rows]
