"""Carrying out commands: one database transaction for the record in the outbox and the tables that follow from it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
import sqlalchemy as sa

from jasyl import ledger
from jasyl.people import Actor, Resource, may
from jasyl.storage import Database
from jasyl.texts import Refusal

from .certificate import Certificate, Piece
from .events import EVENTS, AnyEvent, Cancel, Expire, Export, Import, Issue, check_public, checked, event_of, record_of
from .facts import facts_of
from .measured import measured_days
from .state import State, apply
from .state_tree import DEPTH, EMPTY, place_of
from .tables import certificate_table, event_table, node_table, piece_table

_ROOT_PARENT = "-"


@dataclass(frozen=True)
class Done:
    """What a command led to; ``repeated`` when it had been carried out before."""

    certificate: Certificate
    event: AnyEvent
    number: int
    record_id: str
    state: str
    repeated: bool


def carry_out(database: Database, log_origin: str, actor: Actor, events: Sequence[AnyEvent]) -> list[Done]:
    """Carry out commands in one transaction, all or none; of two at the same time one waits for the other.

    Owners (and the agency) move what is theirs; issuing, cancelling, expiring and importing is the agency's.
    Raises Refusal ``not-allowed``, ``certificate-words``, ``certificate-malformed``, ``certificate-personal``,
    ``certificate-home``, ``certificate-training`` and what ``apply`` raises; nothing is written then.
    """
    for event in events:
        check_public(event)
        checked(type(event), msgspec.to_builtins(event))  # nobody looks at the limits of fields when one is made
        _check_allowed(actor, event)
        if isinstance(event, Export):
            _check_registry(event.registry, log_origin)
    with database.writing() as connection:
        _one_at_a_time(connection)
        return [_carry_out(connection, log_origin, event) for event in events]


def rebuild(database: Database) -> int:
    """Make the tables again from the records alone, by the rules that made them; how many events there are.

    Raises Refusal ``certificate-rebuild`` at an event that does not lead to the state its record says; the tables stay
    as they were then.
    """
    with database.writing() as connection:
        _one_at_a_time(connection)
        for table in (event_table, piece_table, node_table, certificate_table):
            connection.execute(sa.delete(table))
        number = 0
        for record_id, record in list(ledger.records_of_kind(connection, "certificate")):
            if not isinstance(record, ledger.Certificate) or record.event not in EVENTS:
                continue
            event, logged, expected = event_of(record)
            state = _concerned(connection, event)
            outcome = apply(state, event)
            number += 1
            if (logged, expected) != (number, state.hash):
                raise Refusal("certificate-rebuild", received=str(logged), expected=str(number), state=state.hash[:16])
            _keep_event(connection, state, event, outcome, number, record_id)
    return number


def load(connection: sa.Connection, ids: Iterable[str]) -> list[Certificate]:
    """Certificates by id, in the order of their ids; unknown ones are left out."""
    wanted = sorted(set(ids))
    held = certificate_table
    rows = connection.execute(sa.select(held.c.id, held.c.record_id).where(held.c.id.in_(wanted)).order_by(held.c.id))
    records = {row.id: row.record_id for row in rows}
    entries = ledger.entries(connection, list(records.values()))
    pieces = pieces_of(connection, list(records))
    return [certificate_of(entries[record_id], pieces[identity]) for identity, record_id in records.items()]


def pieces_of(connection: sa.Connection, ids: Sequence[str]) -> dict[str, tuple[Piece, ...]]:
    """The pieces of certificates, in order, by id."""
    cut: dict[str, list[Piece]] = {identity: [] for identity in ids}
    question = sa.select(piece_table).where(piece_table.c.certificate.in_(ids))
    for row in connection.execute(question.order_by(piece_table.c.certificate, piece_table.c.start)):
        cut[row.certificate].append(Piece(row.start, row.end, row.standing, row.owner, row.note))
    return {identity: tuple(pieces) for identity, pieces in cut.items()}


def certificate_of(entry: bytes, pieces: tuple[Piece, ...]) -> Certificate:
    """A certificate from the record that began it and its pieces. Raises Refusal ``certificate-malformed``."""
    event, _, _ = event_of(certificate_record(entry))
    if not isinstance(event, Issue | Import):
        raise Refusal("certificate-malformed", received=event.name, reason="issue, import")
    facts = facts_of(event)
    return Certificate(facts, pieces, facts.digest())


def row_of(one: Certificate, record_id: str) -> dict[str, Any]:
    """What the table of certificates keeps of one."""
    facts, origin = one.facts, one.facts.origin
    names = ("id", "attribute", "device", "series", "start", "end", "amount", "usable_until", "expires_at")
    return {
        **{name: getattr(facts, name) for name in names},
        "registry": origin.registry if origin else None,
        "foreign_id": origin.certificate if origin else None,
        "record_id": record_id,
        "place": place_of(facts.id)[0],
        "leaf": one.leaf(),
    }


def state_hash(connection: sa.Connection) -> str:
    """The state hash as the tables have it."""
    found = connection.execute(sa.select(node_table.c.hash).where(node_table.c.path == "")).scalar()
    return bytes(found or EMPTY).hex()


def certificate_record(entry: bytes) -> ledger.Certificate:
    """A record of the log that is an event of a certificate. Raises Refusal ``certificate-malformed``."""
    record = ledger.parse_record(entry)
    if not isinstance(record, ledger.Certificate):
        raise Refusal("certificate-malformed", received=record.kind, reason="certificate")
    return record


def _check_allowed(actor: Actor, event: AnyEvent) -> None:
    issuers = isinstance(event, Issue | Import | Cancel | Expire)
    owner = None if isinstance(event, Expire) else event.owner
    allowed = (
        may(actor, "publish", Resource("closed"))
        if issuers
        else may(actor, "write_registry", Resource("closed", enterprise_id=owner))
    )
    if not allowed:
        raise Refusal("not-allowed")


def _check_registry(registry: str, log_origin: str) -> None:
    """That the units can come in where they are sent: they are gone from here in any case."""
    if registry == log_origin:
        raise Refusal("certificate-home", received=registry)
    if ledger.is_training(registry) != ledger.is_training(log_origin):
        raise Refusal("certificate-training", received=log_origin, expected=registry[:80])


def _one_at_a_time(connection: sa.Connection) -> None:
    # SQLite's write transaction is exclusive from its beginning. PostgreSQL fixes what a transaction sees at its first
    # question: the lock comes before any, so that whoever waited sees what the other one did.
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("lock table certificate_event in exclusive mode"))


def _carry_out(connection: sa.Connection, log_origin: str, event: AnyEvent) -> Done:
    before = connection.execute(sa.select(event_table).where(event_table.c.command == event.command)).first()
    state = _concerned(connection, event)
    if before:
        state.remember(event.command, before.content)
        return Done(apply(state, event), event, before.number, before.record_id, before.state, repeated=True)
    outcome = apply(state, event)
    number = (connection.execute(sa.select(sa.func.max(event_table.c.number))).scalar() or 0) + 1
    record_id = ledger.enqueue(connection, record_of(event, log_origin, number, state.hash))
    _keep_event(connection, state, event, outcome, number, record_id)
    return Done(outcome, event, number, record_id, state.hash, repeated=False)


def _keep_event(
    connection: sa.Connection, state: State, event: AnyEvent, outcome: Certificate, number: int, record_id: str
) -> None:
    _keep_certificate(connection, event, outcome, record_id)
    _keep_nodes(connection, state)
    row = {
        "number": number,
        "event": event.name,
        "certificate": event.certificate,
        "command": event.command,
        "content": event.content_digest(),
        "at": event.at,
        "record_id": record_id,
        "state": state.hash,
    }
    connection.execute(sa.insert(event_table).values(row))


def _concerned(connection: sa.Connection, event: AnyEvent) -> State:
    """The part of the state that an event can be held against, with its path in the tree."""
    state, held = State(), certificate_table
    wanted = {event.certificate}
    if isinstance(event, Issue):
        state.measured = measured_days(connection, event.batches)
        days = state.measured.values()
        first = min([event.start, *(day.start for day in days)])
        last = max([event.end, *(day.end for day in days)])
        wanted |= _meeting(connection, event.device, first, last)
        for column, value in ((held.c.device, event.device), (held.c.series, event.series)):
            issued = sa.select(held.c.id).where(column == value, held.c.registry.is_(None)).limit(1)
            wanted |= set(connection.execute(issued).scalars())
    if isinstance(event, Import):
        wanted |= _meeting(connection, event.device, event.interval_start, event.interval_end)
        same = sa.select(held.c.id).where(held.c.registry == event.registry, held.c.foreign_id == event.foreign)
        wanted |= set(connection.execute(same).scalars())
    state.know(load(connection, wanted))
    _load_path(connection, state, event.certificate)
    return state


def _meeting(connection: sa.Connection, device: str, start: int, end: int) -> set[str]:
    held = certificate_table
    question = sa.select(held.c.id).where(held.c.device == device, held.c.start < end, held.c.end > start)
    return set(connection.execute(question).scalars())


def _load_path(connection: sa.Connection, state: State, certificate: str) -> None:
    place, _ = place_of(certificate)
    parents = [place[:depth] for depth in range(DEPTH)]
    question = sa.select(node_table.c.path, node_table.c.hash)
    nodes = connection.execute(question.where(node_table.c.parent.in_([_ROOT_PARENT, *parents])))
    leaves = connection.execute(
        sa.select(certificate_table.c.id, certificate_table.c.leaf).where(certificate_table.c.place == place)
    )
    at_place = {place_of(row.id)[1]: bytes(row.leaf) for row in leaves}
    state.tree.load({row.path: bytes(row.hash) for row in nodes}, {place: at_place})


def _keep_certificate(connection: sa.Connection, event: AnyEvent, one: Certificate, record_id: str) -> None:
    facts, held = one.facts, certificate_table
    if isinstance(event, Issue | Import):
        connection.execute(sa.insert(held).values(row_of(one, record_id)))
    else:
        connection.execute(sa.update(held).where(held.c.id == facts.id).values(leaf=one.leaf()))
        connection.execute(sa.delete(piece_table).where(piece_table.c.certificate == facts.id))
    pieces = [{"certificate": facts.id, **piece._asdict()} for piece in one.pieces]
    connection.execute(sa.insert(piece_table), pieces)


def _keep_nodes(connection: sa.Connection, state: State) -> None:
    paths = list(state.changed)
    connection.execute(sa.delete(node_table).where(node_table.c.path.in_(paths)))
    rows = [
        {"path": path, "parent": path[:-1] if path else _ROOT_PARENT, "hash": value}
        for path, value in state.changed.items()
    ]
    connection.execute(sa.insert(node_table), rows)
