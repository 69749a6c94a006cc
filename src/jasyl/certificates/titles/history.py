"""A title as people read it: every event with its owner's pseudonym, its place in the log, its document's fate."""

from dataclasses import dataclass

import sqlalchemy as sa

from jasyl.ledger import Key, entries, parse_record, position
from jasyl.ledger.confidential import erasure_of

from .chain import TitleChain
from .registration import title_chain
from .tables import title_table


@dataclass(frozen=True)
class Step:
    """One event. ``owner`` are records of keys, ``holder`` the pseudonym they were told under; ``index`` is None while
    the event waits for the log; ``erased`` is the record that erased the document."""

    event: str
    issued: str
    record: str
    index: int | None
    owner: tuple[str, ...]
    holder: str
    payload: str
    erased: str | None


def history(connection: sa.Connection, chain: TitleChain) -> list[Step]:
    """The events of a title, oldest first."""
    keys = entries(connection, [key for one in chain.events for key in one.record.owner])
    holders: dict[str, str] = {}
    for identity, data in keys.items():
        record = parse_record(data)
        holders[identity] = record.holder if isinstance(record, Key) else ""
    return [
        Step(
            one.record.event,
            one.record.issued,
            one.record_id,
            position(connection, one.record_id),
            tuple(one.record.owner),
            ", ".join(dict.fromkeys(holders.get(key, "") for key in one.record.owner)),
            one.record.payload,
            erasure_of(connection, one.record.payload),
        )
        for one in chain.events
    ]


def titles_by_id(connection: sa.Connection, limit: int = 500) -> list[TitleChain]:
    """Titles, newest first (ids are ULIDs), every event checked again from the records."""
    newest = sa.select(title_table.c.title_id).order_by(title_table.c.title_id.desc()).limit(limit)
    return [title_chain(connection, identity) for identity in connection.execute(newest).scalars().all()]


def title_count(connection: sa.Connection) -> int:
    """How many things have a title."""
    return connection.execute(sa.select(sa.func.count()).select_from(title_table)).scalar_one()
