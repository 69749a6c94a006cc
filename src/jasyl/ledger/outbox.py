"""The outbox: where other rooms leave records, in the same transaction as the data they speak of."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from jasyl.quantities import now_us, sha256_hex

from .record_fields import Record
from .records import AnyRecord, encode_record, parse_record
from .tables import outbox_table

# So many ids go into one question.
_MANY = 500


@dataclass(frozen=True)
class Waiting:
    """A record that is not in the log yet."""

    seq: int
    record_id: str
    entry: bytes


def enqueue(connection: sa.Connection, record: Record) -> str:
    """Put ``record`` on its way into the log; gives its id, the SHA-256 of its canonical bytes.

    Part of the caller's transaction. The same bytes give the same id and no second row.
    Raises what ``encode_record`` raises.
    """
    entry = encode_record(record)
    identity = sha256_hex(entry)
    row = {"record_id": identity, "kind": record.kind, "entry": entry, "created_at": now_us()}
    connection.execute(_put(connection.dialect.name), row)
    return identity


@cache
def _put(dialect: str) -> sa.Insert:
    """Asked with every record: built once, so that only the values are new."""
    insert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    return insert(outbox_table).on_conflict_do_nothing(index_elements=["record_id"])


def position(connection: sa.Connection, record_id: str) -> int | None:
    """The index of a record in the signed log, or None while it waits or when it is unknown."""
    query = sa.select(outbox_table.c.leaf_index).where(outbox_table.c.record_id == record_id)
    return connection.execute(query).scalar()


def entry(connection: sa.Connection, record_id: str) -> bytes | None:
    """The bytes of a record, or None when it is unknown."""
    query = sa.select(outbox_table.c.entry).where(outbox_table.c.record_id == record_id)
    found = connection.execute(query).scalar()
    return None if found is None else bytes(found)


def entries(connection: sa.Connection, record_ids: Sequence[str]) -> dict[str, bytes]:
    """The bytes of many records by id; unknown ones are left out."""
    found: dict[str, bytes] = {}
    columns = (outbox_table.c.record_id, outbox_table.c.entry)
    for start in range(0, len(record_ids), _MANY):
        some = record_ids[start : start + _MANY]
        rows = connection.execute(sa.select(*columns).where(outbox_table.c.record_id.in_(some)))
        found.update((row[0], bytes(row[1])) for row in rows)
    return found


def positions(connection: sa.Connection, record_ids: Sequence[str]) -> dict[str, int]:
    """The places of records in the signed log, by id; those that wait or are unknown are left out."""
    found: dict[str, int] = {}
    columns = (outbox_table.c.record_id, outbox_table.c.leaf_index)
    for start in range(0, len(record_ids), _MANY):
        some = record_ids[start : start + _MANY]
        known = outbox_table.c.record_id.in_(some) & outbox_table.c.leaf_index.is_not(None)
        found.update((row[0], row[1]) for row in connection.execute(sa.select(*columns).where(known)))
    return found


def records_of_kind(connection: sa.Connection, kind: str) -> Iterator[tuple[str, AnyRecord]]:
    """Every record of one kind with its id, in the order of arrival, logged or waiting."""
    query = sa.select(outbox_table.c.record_id, outbox_table.c.entry).where(outbox_table.c.kind == kind)
    for row in connection.execute(query.order_by(outbox_table.c.seq)):
        yield row[0], parse_record(bytes(row[1]))


def outbox_entries(connection: sa.Connection) -> Iterator[bytes]:
    """The bytes of every record in the order of arrival, logged or waiting."""
    query = sa.select(outbox_table.c.entry).order_by(outbox_table.c.seq)
    for row in connection.execute(query.execution_options(yield_per=1024)):
        yield bytes(row[0])


def has_waiting(connection: sa.Connection) -> bool:
    """Whether any record is not in the log yet."""
    query = sa.select(outbox_table.c.seq).where(outbox_table.c.leaf_index.is_(None)).limit(1)
    return connection.execute(query).first() is not None


def read_waiting(connection: sa.Connection, count: int, size: int) -> list[Waiting]:
    """The first waiting records in order of arrival: at most ``count``, and about ``size`` bytes."""
    columns = (outbox_table.c.seq, outbox_table.c.record_id, outbox_table.c.entry)
    query = sa.select(*columns).where(outbox_table.c.leaf_index.is_(None)).order_by(outbox_table.c.seq).limit(count)
    found: list[Waiting] = []
    total = 0
    for seq, record_id, data in connection.execute(query.execution_options(yield_per=1024)):
        found.append(Waiting(seq, record_id, bytes(data)))
        total += len(data)
        if total >= size:
            break
    return found


def mark(connection: sa.Connection, rows: Sequence[Waiting], first: int) -> None:
    """Write down that ``rows`` stand in the signed log from index ``first`` on."""
    statement = sa.update(outbox_table).where(outbox_table.c.seq == sa.bindparam("at"))
    statement = statement.values(leaf_index=sa.bindparam("index"))
    connection.execute(statement, [{"at": row.seq, "index": first + place} for place, row in enumerate(rows)])


def marked_size(connection: sa.Connection) -> int:
    """The size of the log as far as the database knows it."""
    highest = connection.execute(sa.select(sa.func.max(outbox_table.c.leaf_index))).scalar()
    return 0 if highest is None else highest + 1


def restore(connection: sa.Connection, entries: Sequence[bytes], kinds: Sequence[str], first: int) -> None:
    """Make the outbox agree with entries that stand in the log from ``first`` on, whether it knew them or not."""
    now = now_us()
    ids = [sha256_hex(data) for data in entries]
    rows = [
        {"record_id": identity, "kind": kind, "entry": data, "created_at": now, "leaf_index": first + place}
        for place, (identity, kind, data) in enumerate(zip(ids, kinds, entries, strict=True))
    ]
    insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    statement = insert(outbox_table)
    # A record twice in the log keeps the first of its places.
    place = sa.func.coalesce(outbox_table.c.leaf_index, statement.excluded.leaf_index)
    connection.execute(statement.on_conflict_do_update(index_elements=["record_id"], set_={"leaf_index": place}), rows)
