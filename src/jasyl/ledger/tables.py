"""Tables of the ledger: the outbox that other rooms write, and the keys that salt sealed readings."""

import sqlalchemy as sa

from jasyl.storage import METADATA

from .tiles import MAX_ENTRY

_BIG = sa.BigInteger().with_variant(sa.Integer, "sqlite")

outbox_table = sa.Table(
    "outbox",
    METADATA,
    sa.Column("seq", _BIG, primary_key=True, autoincrement=True),
    sa.Column("record_id", sa.String(64), nullable=False, unique=True, comment="SHA-256 of entry, hexadecimal"),
    sa.Column("kind", sa.String(32), nullable=False, comment="The record's type"),
    sa.Column("entry", sa.LargeBinary, nullable=False, comment="The record's canonical bytes, as logged"),
    sa.Column("created_at", sa.BigInteger, nullable=False, comment="µs since 1970, UTC"),
    sa.Column("leaf_index", sa.BigInteger, nullable=True, unique=True, comment="Place in the log; null: not yet"),
    sa.CheckConstraint(f"length(entry) between 1 and {MAX_ENTRY}", name="entry_size"),
    comment="Records of the verifiable log: written with the data they speak of, taken into the log by the keeper.",
    sqlite_autoincrement=True,
)
# Records of the rare kinds (keys, devices, decisions) are found among days sealed by the hundred thousand.
by_kind = sa.Index("ix_outbox_kind", outbox_table.c.kind, outbox_table.c.seq)
waiting = sa.Index(
    "ix_outbox_waiting",
    outbox_table.c.seq,
    sqlite_where=outbox_table.c.leaf_index.is_(None),
    postgresql_where=outbox_table.c.leaf_index.is_(None),
)

series_key_table = sa.Table(
    "series_key",
    METADATA,
    sa.Column("series_id", sa.String(128), primary_key=True),
    sa.Column("key", sa.LargeBinary, nullable=True, comment="32 bytes; null after erasure"),
    sa.Column("created_at", sa.BigInteger, nullable=False, comment="µs since 1970, UTC"),
    sa.Column("destroyed_at", sa.BigInteger, nullable=True, comment="µs since 1970, UTC; set by erasure"),
    comment="Keys that salt the sealed readings of a series; destroying one erases what could be proven of them.",
)
