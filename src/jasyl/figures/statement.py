"""Statements: figures that somebody published, frozen, recorded in the ledger, superseded but never edited."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import cast

import sqlalchemy as sa
from msgspec import UNSET
from ulid import ULID

from jasyl import ledger
from jasyl.quantities import decimal_text, instant
from jasyl.texts import Refusal

from . import figure as figures
from . import tables
from .figure import Figure
from .method import FigureKind

# Beyond this many inputs a statement carries the Merkle root over them, not the list; a month of one meter is listed.
LISTED_INPUTS = 32


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
    connection: sa.Connection,
    figure_id: str,
    actor: str,
    now: int,
    *,
    log_origin: str,
    signers: Sequence[ledger.RecordSigner],
    reason: str = "recomputed",
) -> Statement:
    """Publish a figure: its record goes into the outbox in this transaction.

    A figure published before is the statement that is there. When an earlier state of the same figure was published,
    the new statement supersedes it, and a ``supersede`` record says so with ``reason``. ``signers`` are the keys of
    the issuer (``ledger.issuer_signers``); they sign the statement, whose bytes name its inputs. Raises Refusal
    ``figure-stale``, ``figure-outdated`` (a newer one exists) or ``figure-closed``.
    """
    kept = figures.get(connection, figure_id)
    earlier = in_force(connection, [kept.figure.key])
    before = earlier[0] if earlier else None
    if before and before.figure == figure_id:
        return before
    _refuse_unfit(connection, kept)
    record = ledger.sign_record(_record(connection, kept.figure, _Publishing(actor, now, log_origin), before), signers)
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


def inputs_of(connection: sa.Connection, calc: ledger.Calc) -> list[str]:
    """The record ids of a calc record's sealed days in order, from the figure it states; for ``build_passport``.

    Raises Refusal ``unknown-figure`` when no state of the figure has such inputs.
    """
    subject = figures.Subject(*calc.about)
    key = figures.key_of(calc.indicator, subject, calc.period, cast("FigureKind", calc.number_kind))
    for kept in reversed(figures.history(connection, key)):
        hashes = [each.hash for each in kept.figure.inputs]
        root = calc.inputs
        counted = isinstance(root, ledger.InputsRoot) and root.count == len(hashes)
        if counted and ledger.measured_root(connection, hashes, int(str(calc.divisor))) == root:
            return hashes
    raise Refusal("unknown-figure", received=key)


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


def note_outdated(connection: sa.Connection, keys: Sequence[str], now: int) -> list[Statement]:
    """:func:`outdated`, each kept the first time it is found: letters and live events tell what is kept here."""
    found = outdated(connection, keys)
    held = tables.outdated_statement
    known = set(connection.scalars(sa.select(held.c.statement).where(held.c.statement.in_([one.id for one in found]))))
    rows = [{"statement": one.id, "at": now} for one in found if one.id not in known]
    if rows:
        connection.execute(sa.insert(held), rows)
    return found


def last_outdated(connection: sa.Connection) -> int:
    """The number of the newest finding of :func:`note_outdated`, 0 before the first."""
    return connection.scalar(sa.select(sa.func.max(tables.outdated_statement.c.number))) or 0


def found_outdated(connection: sa.Connection, after: int, until: int) -> list[tuple[int, Statement]]:
    """The findings behind ``after`` up to ``until``, with their numbers, in order."""
    held = tables.outdated_statement
    within = sa.select(held.c.statement, held.c.number).where(held.c.number > after, held.c.number <= until)
    numbers: dict[str, int] = {row.statement: row.number for row in connection.execute(within)}
    loaded = _load(connection, tables.statement.c.id.in_(list(numbers)))
    return sorted(((numbers[one.id], one) for one in loaded), key=lambda pair: pair[0])


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


@dataclass(frozen=True)
class _Publishing:
    """What stands in every record of one publication."""

    actor: str
    now: int
    log_origin: str


def _record(
    connection: sa.Connection, figure: Figure, publishing: _Publishing, before: Statement | None = None
) -> ledger.Calc:
    hashes = [_input_hash(connection, each, publishing) for each in figure.inputs]
    divisor = _divisor(connection, figure, hashes)
    inputs: list[str] | ledger.InputsRoot = hashes
    if len(hashes) > LISTED_INPUTS:
        inputs = ledger.inputs_root(hashes) if divisor is None else ledger.measured_root(connection, hashes, divisor)
    whole = "0" if figure.value is None else "1"
    return ledger.Calc(
        log_origin=publishing.log_origin,
        issued=ledger.issued_now(instant(publishing.now)),
        author=publishing.actor,
        indicator=figure.indicator,
        # The record must say it itself: an observed number is never taken for a modelled one.
        figure_kind=figure.kind,
        subject_kind=figure.subject.kind,
        subject=figure.subject.id,
        period=figure.period,
        unit=figure.unit,
        value=None if figure.value is None else decimal_text(figure.value),
        uncertainty=None if figure.uncertainty is None else decimal_text(figure.uncertainty),
        completeness=whole if figure.completeness is None else decimal_text(figure.completeness),
        method=ledger.Method(id=figure.method_id, version=figure.method_version, parameters=dict(figure.parameters)),
        inputs=inputs,
        divisor=UNSET if divisor is None else str(divisor),
        supersedes=before.record_id if before else None,
    )


def _input_hash(connection: sa.Connection, reference: figures.Reference, publishing: _Publishing) -> str:
    """By what the record names an input. A figure gets a record of its own, so that a passport can go on from it."""
    if reference.kind != "figure":
        return reference.hash
    held = tables.statement
    published = sa.select(held.c.record_id).where(held.c.figure == reference.id)
    known = connection.execute(published).scalar()
    if known is not None:
        return str(known)
    return ledger.enqueue(connection, _record(connection, figures.get(connection, reference.id).figure, publishing))


def _divisor(connection: sa.Connection, figure: Figure, hashes: Sequence[str]) -> int | None:
    """The divisor of an additive figure: one that is the sum of its sealed days, to the rounding. None for others."""
    if figure.value is None or not hashes or any(each.kind != "sealed_day" for each in figure.inputs):
        return None
    amounts = ledger.measured_amounts(connection, hashes)
    if amounts is None:
        return None
    total = sum((amount for _, amount in amounts), Fraction(0))
    if ledger.additive_value(total) != Fraction(figure.value):
        return None
    return ledger.common_divisor([amount for _, amount in amounts])


def _load(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[Statement]:
    held = tables.statement
    columns = [held.c[name] for name in Statement.__dataclass_fields__]
    rows = connection.execute(sa.select(*columns).where(condition).order_by(held.c.number)).mappings()
    return [Statement(**row) for row in rows]
