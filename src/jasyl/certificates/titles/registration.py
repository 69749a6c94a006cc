"""Titles in the registry's database: registering, transferring, reading; each event with its document or not at all."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from ulid import ULID

from jasyl.ledger import enqueue, outbox_table, parse_record
from jasyl.ledger.confidential import ReaderKey, keep_sealed
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from .chain import Register, TitleChain, add_parts, chain_of, replay, title_records
from .drafts import Draft, draft_registration
from .marks import object_mark, registry_secret
from .tables import title_table


def new_registration(
    connection: sa.Connection,
    folder: DataFolder,
    document: dict[str, Any],
    readers: Sequence[ReaderKey],
    owner: Sequence[str],
    *,
    object_class: str,
    identification: str,
    origin: str,
    author: str,
) -> Draft:
    """A draft that registers a thing under a new title, to be signed by its owner.

    Raises Refusal ``title-registered`` when the thing has a title, ``title-no-secret``, ``title-identification`` and
    those of ``draft_registration``.
    """
    _align(connection)
    empty = connection.execute(sa.select(title_table.c.title_id).limit(1)).first() is None
    mark = object_mark(registry_secret(folder, create=empty), object_class, identification)
    _refuse_second(connection, mark)
    return draft_registration(
        document,
        readers,
        owner,
        title=str(ULID()),
        object_class=object_class,
        mark=mark,
        origin=origin,
        author=author,
    )


def record_event(connection: sa.Connection, draft: Draft) -> str:
    """Log a signed event and keep its document, in a writing transaction; gives the event's record id.

    Of two that register one thing, or continue one event, exactly one goes in. Raises what ``Register.check`` raises.
    """
    _align(connection)
    record = draft.record
    register = Register()
    if record.event == "register":
        _refuse_second(connection, record.object_mark)
    else:
        register = chain_of(connection, _row(connection, record.title).head)
    register.take(draft.sealed.record_id, parse_record(draft.sealed.entry))
    add_parts(connection, register, record)
    register.check(record)
    keep_sealed(connection, draft.sealed, draft.readers)
    identity = enqueue(connection, record)
    table = title_table
    if record.event == "register":
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        row = {"title_id": record.title, "object_mark": record.object_mark, "head": identity, "events": 1}
        done = connection.execute(insert(table).values(row).on_conflict_do_nothing())
        if done.rowcount != 1:
            raise Refusal("title-registered", received=record.title)
        return identity
    moved = sa.update(table).where(table.c.title_id == record.title, table.c.head == record.previous)
    if connection.execute(moved.values(head=identity, events=table.c.events + 1)).rowcount != 1:
        raise Refusal("title-moved", received=record.title, expected=identity)
    return identity


def title_chain(connection: sa.Connection, title: str) -> TitleChain:
    """A title with its history, every event checked again from the records. Raises Refusal ``title-unknown``."""
    return chain_of(connection, _row(connection, title).head).chains[title]


def rebuild_titles(connection: sa.Connection) -> int:
    """Make the table again from the records, in a writing transaction; gives how many titles there are.

    Raises what ``replay`` raises where the records themselves break a rule.
    """
    found = replay(title_records(connection)).chains
    connection.execute(sa.delete(title_table))
    rows = [
        {
            "title_id": title,
            "object_mark": chain.newest.record.object_mark,
            "head": chain.newest.record_id,
            "events": len(chain.events),
        }
        for title, chain in found.items()
    ]
    if rows:
        connection.execute(sa.insert(title_table), rows)
    return len(rows)


def _align(connection: sa.Connection) -> None:
    """After a restore the log may know events that the table does not: then the table is made again."""
    logged = sa.select(sa.func.count()).where(outbox_table.c.kind == "title")
    counted = sa.select(sa.func.coalesce(sa.func.sum(title_table.c.events), 0))
    if connection.execute(logged).scalar_one() != connection.execute(counted).scalar_one():
        rebuild_titles(connection)


def _refuse_second(connection: sa.Connection, mark: str) -> None:
    holder = sa.select(title_table.c.title_id).where(title_table.c.object_mark == mark)
    found = connection.execute(holder).scalar()
    if found is not None:
        raise Refusal("title-registered", received=found)


def _row(connection: sa.Connection, title: str) -> sa.Row[Any]:
    row = connection.execute(sa.select(title_table).where(title_table.c.title_id == title)).first()
    if row is None:
        raise Refusal("title-unknown", received=title[:128])
    return row
