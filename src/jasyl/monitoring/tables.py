"""Tables of the monitoring room: deliveries, the manifest of segments, rollups and sealed days."""

import sqlalchemy as sa

from jasyl.storage import METADATA

# SQLite counts rows by itself only in a column of type INTEGER.
Counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

reading_source = sa.Table(
    "reading_source",
    METADATA,
    sa.Column("number", Counter, primary_key=True, autoincrement=True),
    sa.Column("kind", sa.Text, nullable=False, comment="file, push, gateway, starter"),
    sa.Column("name", sa.Text, nullable=False, comment="file name, gateway or address as the sender gave it"),
    sa.Column("actor", sa.Text, comment="who delivered, an id of the people room"),
    sa.Column("sha256", sa.Text, comment="of the delivered file"),
    sa.Column("received_at", sa.BigInteger, nullable=False, comment="µs UTC"),
    sa.Column("rows", sa.BigInteger, nullable=False, comment="readings stored from it"),
    sa.Column("corrected", sa.BigInteger, nullable=False, comment="of these, new revisions of known intervals"),
    sa.Column("rolled_up", sa.Boolean, nullable=False, comment="whether the rollups know it"),
    sqlite_autoincrement=True,
    comment="One delivery of readings. Numbers rise in the order of arrival, so 'source <= n' is the state after n.",
)

segment = sa.Table(
    "segment",
    METADATA,
    sa.Column("number", Counter, primary_key=True, autoincrement=True),
    sa.Column("file", sa.Text, nullable=False, unique=True, comment="name under the folder of readings"),
    sa.Column("sha256", sa.Text, nullable=False),
    sa.Column("bytes", sa.BigInteger, nullable=False),
    sa.Column("rows", sa.BigInteger, nullable=False),
    sa.Column("month", sa.Integer, nullable=False, index=True, comment="UTC month of all its intervals, yyyymm"),
    sa.Column("min_start", sa.BigInteger, nullable=False),
    sa.Column("max_start", sa.BigInteger, nullable=False),
    sa.Column("min_series", sa.BigInteger, nullable=False),
    sa.Column("max_series", sa.BigInteger, nullable=False),
    sa.Column("max_revision", sa.Integer, nullable=False, comment="1: nothing in it corrects an earlier reading"),
    sa.Column("max_source", sa.BigInteger, nullable=False),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Column("superseded_at", sa.BigInteger, comment="when a compacted segment took over its rows"),
    sa.Column("superseded_by", sa.BigInteger, comment="number of that segment"),
    sqlite_autoincrement=True,
    comment="The manifest: a reading exists when a segment that holds it stands here and is not superseded.",
)

rollup = sa.Table(
    "rollup",
    METADATA,
    sa.Column("series", sa.BigInteger, primary_key=True),
    sa.Column("granularity", sa.Text, primary_key=True, comment="day, month, year"),
    sa.Column("start", sa.BigInteger, primary_key=True, comment="µs UTC of the beginning in the series' civil time"),
    sa.Column("end", sa.BigInteger, nullable=False),
    sa.Column("sum", sa.BigInteger, nullable=False, comment="of the stored integers (counters: of their steps)"),
    sa.Column("min", sa.BigInteger, nullable=False),
    sa.Column("max", sa.BigInteger, nullable=False),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("expected", sa.BigInteger, nullable=False, comment="intervals the period has"),
    sa.Column("revision", sa.Integer, nullable=False, comment="highest it has seen"),
    sa.Column("source", sa.BigInteger, nullable=False, comment="highest delivery it has seen"),
    sa.Index("ix_rollup_granularity_start", "granularity", "start"),
    comment="Sums of readings by civil day, month and year; rebuildable from the segments. No row: no reading.",
)

sealed_day = sa.Table(
    "sealed_day",
    METADATA,
    sa.Column("record_id", sa.Text, primary_key=True, comment="the batch record in the ledger"),
    sa.Column("series", sa.BigInteger, nullable=False),
    sa.Column("series_id", sa.Text, nullable=False),
    sa.Column("day", sa.Text, nullable=False, comment="civil day of the series, 2024-02-29"),
    sa.Column("start", sa.BigInteger, nullable=False),
    sa.Column("end", sa.BigInteger, nullable=False),
    sa.Column("root", sa.Text, nullable=False, comment="Merkle root, hexadecimal"),
    sa.Column("count", sa.BigInteger, nullable=False),
    sa.Column("expected", sa.BigInteger, nullable=False),
    sa.Column("sum", sa.BigInteger, nullable=False, comment="of the sealed integers"),
    sa.Column("source", sa.BigInteger, nullable=False, comment="state of the readings: deliveries up to this one"),
    sa.Column("sealed_at", sa.BigInteger, nullable=False),
    sa.Column("supersedes", sa.Text, comment="record it replaces"),
    sa.Column("superseded_by", sa.Text, comment="record that replaces it"),
    sa.Index("ix_sealed_day_series_start", "series", "start"),
    comment="Days whose readings are fixed by a record in the ledger; a correction seals again and keeps the first.",
)
