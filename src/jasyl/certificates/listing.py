"""Lists for people and programs: certificates with who holds what, retirements, totals, what was produced by source."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jasyl import ledger

from .certificate import STANDINGS, Certificate
from .events import Import, Issue, Retire, event_of
from .store import certificate_record, load
from .tables import certificate_table, event_table, piece_table


@dataclass(frozen=True)
class Happened:
    """An event of the log: its number, kind, moment (µs UTC), record and what it said."""

    number: int
    name: str
    certificate: str
    at: int
    record_id: str
    said: Mapping[str, Any]


@dataclass(frozen=True)
class Known:
    """A certificate, the event that began it, and its retirements and cancellations, newest first."""

    certificate: Certificate
    beginning: Issue | Import
    endings: Sequence[Happened] = ()


def certificates(
    connection: sa.Connection, *, owner: str | None = None, attribute: str | None = None, limit: int = 500
) -> list[Certificate]:
    """Certificates by production interval, newest first; with ``owner`` those in which the account has or had units."""
    held, pieces = certificate_table, piece_table
    question = sa.select(held.c.id).order_by(held.c.start.desc(), held.c.id).limit(limit)
    if owner is not None:
        question = question.where(held.c.id.in_(sa.select(pieces.c.certificate).where(pieces.c.owner == owner)))
    if attribute is not None:
        question = question.where(held.c.attribute == attribute)
    wanted = list(connection.execute(question).scalars())
    found = {one.facts.id: one for one in load(connection, wanted)}
    return [found[identity] for identity in wanted]


def events_of(
    connection: sa.Connection, *, certificate: str | None = None, name: str | None = None, limit: int = 500
) -> list[Happened]:
    """Events, newest first; of one certificate, or of one kind."""
    held = event_table
    question = sa.select(held).order_by(held.c.number.desc()).limit(limit)
    if certificate is not None:
        question = question.where(held.c.certificate == certificate)
    if name is not None:
        question = question.where(held.c.event == name)
    rows = connection.execute(question).all()
    entries = ledger.entries(connection, [row.record_id for row in rows])
    return [
        Happened(
            row.number,
            row.event,
            row.certificate,
            row.at,
            row.record_id,
            certificate_record(entries[row.record_id]).payload,
        )
        for row in rows
    ]


def beginning_of(connection: sa.Connection, identity: str) -> Issue | Import | None:
    """The event that made a certificate, or None."""
    question = sa.select(certificate_table.c.record_id).where(certificate_table.c.id == identity)
    record_id = connection.execute(question).scalar()
    entry = ledger.entry(connection, record_id) if record_id else None
    if entry is None:
        return None
    event, _, _ = event_of(certificate_record(entry))
    return event if isinstance(event, Issue | Import) else None


def known_of(connection: sa.Connection, *, owner: str | None = None) -> Iterator[Known]:
    """Every certificate with what its events say, by id; with ``owner`` those in which the account has or had units."""
    held, pieces = certificate_table, piece_table
    question = sa.select(held.c.id).order_by(held.c.id)
    if owner is not None:
        question = question.where(held.c.id.in_(sa.select(pieces.c.certificate).where(pieces.c.owner == owner)))
    for identity in connection.execute(question).scalars().all():
        beginning = beginning_of(connection, identity)
        if beginning is not None:
            (one,) = load(connection, [identity])
            endings = [
                each for each in events_of(connection, certificate=identity) if each.name in {"retire", "cancel"}
            ]
            yield Known(one, beginning, endings)


def totals(connection: sa.Connection) -> list[dict[str, Any]]:
    """Units by attribute: ``issued``, and what they are now; the standings add up to it."""
    held, pieces = certificate_table, piece_table
    question = (
        sa.select(held.c.attribute, pieces.c.standing, sa.func.sum(pieces.c.end - pieces.c.start))
        .join(pieces, pieces.c.certificate == held.c.id)
        .group_by(held.c.attribute, pieces.c.standing)
    )
    found: dict[str, dict[str, int]] = defaultdict(dict)
    for attribute, standing, units in connection.execute(question):
        found[attribute][standing] = int(units)
    return [
        {"attribute": name, "issued": sum(of.values()), **{one: of.get(one, 0) for one in STANDINGS}}
        for name, of in sorted(found.items())
    ]


def tracked(connection: sa.Connection, attribute: str, start: int, end: int) -> dict[str, tuple[int, int]]:
    """By source (``solar``, …): units issued here for production that begins in [start, end), and those of them that
    expired or were cancelled, which fall back to the residual mix."""
    held = certificate_table
    question = sa.select(held.c.id).where(
        held.c.attribute == attribute, held.c.start >= start, held.c.start < end, held.c.registry.is_(None)
    )
    found: dict[str, tuple[int, int]] = {}
    for one in load(connection, connection.execute(question).scalars()):
        event = beginning_of(connection, one.facts.id)
        source = str(event.about.get("source") or "") if isinstance(event, Issue) else ""
        issued, back = found.get(source, (0, 0))
        found[source] = issued + one.facts.amount, back + one.units("expired") + one.units("cancelled")
    return found


def due(connection: sa.Connection, now: int) -> list[str]:
    """Certificates whose time is over (``now`` in µs UTC) and of which units are still held."""
    held, pieces = certificate_table, piece_table
    open_ones = sa.select(pieces.c.certificate).where(pieces.c.standing == "held")
    question = sa.select(held.c.id).where(held.c.expires_at <= now, held.c.id.in_(open_ones)).order_by(held.c.id)
    return list(connection.execute(question).scalars())


def retirement(said: Mapping[str, Any]) -> dict[str, Any]:
    """What everybody may see of a retirement."""
    return {name: said[name] for name in ("start", "end", *Retire.__struct_fields__[-3:])}
