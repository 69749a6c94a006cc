"""Erasure by destroying keys: the one way to erase, for sealed payloads and for the salts of readings.

Destroyed are data key and salt (every wrap, and the ciphertext besides) or the key of a series; the leaf stays, and
with it every proof of everything else. An ``erase`` record says so in the log in the same transaction. Its
``.tlog-proof`` is the receipt for whoever asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import sqlalchemy as sa

from jasyl.quantities import now_us
from jasyl.storage import Database
from jasyl.texts import Refusal

from .. import outbox
from ..confidential_records import looks_personal
from ..event_records import Erase
from ..log import Log
from ..records import issued_now
from ..series_keys import destroy_series_key
from ..tables import series_key_table
from .payloads import readers_of
from .tables import sealed_payload_table, wrapped_key_table

# What one erase record lists; a subject with more payloads gets several.
_MOST = 400


@dataclass(frozen=True)
class Erased:
    """What was destroyed, the records that tell it, and who held a copy of the key that opens what was."""

    subject: str
    payloads: tuple[str, ...]
    series: bool
    records: tuple[str, ...]
    readers: tuple[str, ...]


def erase(
    connection: sa.Connection,
    subject: str,
    *,
    origin: str,
    author: str,
    reason: str,
    authority: str,
    actor: str,
    copies: Sequence[str] = (),
) -> Erased:
    """Erase what stands behind ``subject``: a sealed record's id, or a subject with all its payloads, or a series.

    ``copies`` are the places outside of this database where copies were destroyed with it; they become public, as
    do reason and authority. Call ``scrub`` after the transaction. Raises Refusal ``erase-nothing`` (unknown, or
    erased before), ``erase-personal`` when a public text holds a number or address of a person.
    """
    for text in (reason, authority, *copies):
        if looks_personal(text):
            raise Refusal("erase-personal", received=text[:80])
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("pragma secure_delete = on")  # freed bytes are overwritten, not only unlinked
    kept = sealed_payload_table
    query = sa.select(kept.c.record_id, kept.c.subject).where(
        sa.or_(kept.c.record_id == subject, kept.c.subject == subject), kept.c.erased_at.is_(None)
    )
    found = connection.execute(query.order_by(kept.c.created_at, kept.c.record_id).with_for_update()).all()
    payloads = [row.record_id for row in found]
    readers = sorted({name for each in payloads for _, name in readers_of(connection, each)})
    series = destroy_series_key(connection, subject)
    if not payloads and not series:
        raise Refusal("erase-nothing", received=subject[:128])
    records: list[str] = []

    def tell(destroyed: Literal["series-key", "payload-key"], of: str, ids: list[str]) -> str:
        record = Erase(
            log_origin=origin,
            issued=issued_now(),
            author=author,
            subject=of,
            destroyed=destroyed,
            reason=reason,
            authority=authority,
            actor=actor,
            records=ids,
            copies=list(copies),
        )
        records.append(outbox.enqueue(connection, record))
        return records[-1]

    for first in range(0, len(payloads), _MOST):
        some = payloads[first : first + _MOST]
        _destroy(connection, some, tell("payload-key", found[0].subject, some))
    if series:
        tell("series-key", subject, [])
    return Erased(subject, tuple(payloads), series, tuple(records), tuple(readers))


def scrub(database: Database) -> None:
    """Take the last traces of destroyed keys out of the database's own files, after ``erase`` has been committed.

    SQLite: the write-ahead log is folded in and emptied. PostgreSQL: the two tables of keys are written anew; what
    its own WAL archive holds must run out by its retention.
    """
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        if database.is_sqlite:
            connection.exec_driver_sql("pragma wal_checkpoint(truncate)")
            return
        for table in (wrapped_key_table, series_key_table, sealed_payload_table):
            connection.exec_driver_sql(f"vacuum full {table.name}")


def repeat_erasures(connection: sa.Connection) -> int:
    """Destroy again whatever the log says was erased: a database restored from a backup has the keys back.

    Gives how many keys that were.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("pragma secure_delete = on")
    count = 0
    for identity, record in outbox.records_of_kind(connection, "erase"):
        if not isinstance(record, Erase):
            continue
        if record.destroyed == "series-key":
            count += destroy_series_key(connection, record.subject)
        else:
            count += _destroy(connection, record.records, identity)
    return count


def erasure_of(connection: sa.Connection, record_id: str) -> str | None:
    """The ``erase`` record of a sealed payload; None while it stands. Raises Refusal ``payload-unknown``."""
    kept = sealed_payload_table
    row = connection.execute(sa.select(kept.c.erase_record).where(kept.c.record_id == record_id)).first()
    if row is None:
        raise Refusal("payload-unknown", received=record_id)
    return row.erase_record


def receipt(connection: sa.Connection, log: Log, erase_record: str) -> bytes | None:
    """The ``.tlog-proof`` of an ``erase`` record; None while it waits for the next (witnessed) checkpoint."""
    index = outbox.position(connection, erase_record)
    if index is None:
        return None
    try:
        return log.proof_file(index)
    except Refusal as refusal:
        if refusal.code in {"log-unwitnessed", "log-no-entry"}:
            return None
        raise


def _destroy(connection: sa.Connection, record_ids: Sequence[str], erase_record: str) -> int:
    held, kept = wrapped_key_table, sealed_payload_table
    connection.execute(sa.delete(held).where(held.c.record_id.in_(record_ids)))
    gone = sa.update(kept).where(kept.c.record_id.in_(record_ids), kept.c.erased_at.is_(None))
    values = {"ciphertext": None, "erased_at": now_us(), "erase_record": erase_record}
    return connection.execute(gone.values(values)).rowcount
