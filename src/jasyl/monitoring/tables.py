"""Tables of the monitoring room: deliveries, the manifest of segments, rollups, sealed days, verdicts and alerts."""

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

verdict = sa.Table(
    "verdict",
    METADATA,
    sa.Column("number", Counter, primary_key=True, autoincrement=True),
    sa.Column("series", sa.BigInteger, nullable=False, comment="number of the series"),
    sa.Column("check", sa.String(32), nullable=False, comment="id of the check, or 'person'"),
    sa.Column("version", sa.String(16), nullable=False, comment="version of the check"),
    sa.Column("start", sa.BigInteger, nullable=False, comment="µs UTC of the first interval judged"),
    sa.Column("end", sa.BigInteger, nullable=False, comment="µs UTC behind the last one"),
    sa.Column("verdict", sa.String(8), nullable=False, comment="suspect, wrong, cleared"),
    sa.Column("readings", sa.BigInteger, nullable=False, comment="how many readings stood there; 0: a gap"),
    sa.Column("evidence", sa.String(60), nullable=False, comment="short technical text: +5 h, × 1000, 10^6"),
    sa.Column("judged", sa.BigInteger, nullable=False, comment="newest delivery that was known: the revision judged"),
    sa.Column("actor", sa.String(40), nullable=False, comment="'quality', or who decided by hand"),
    sa.Column("note", sa.Text, comment="reason of a person"),
    sa.Column("at", sa.BigInteger, nullable=False, comment="µs UTC"),
    sa.Index("ix_verdict_series_start", "series", "start"),
    sqlite_autoincrement=True,
    comment="Verdicts on stretches of readings, append-only: of each check and instant the newest holds.",
)

quality_state = sa.Table(
    "quality_state",
    METADATA,
    sa.Column("tier", sa.String(8), primary_key=True, comment="near: checks that need few days; deep: all"),
    sa.Column("judged", sa.BigInteger, nullable=False, comment="deliveries up to this one have been judged"),
    sa.Column("at", sa.BigInteger, nullable=False, comment="µs UTC of that judgement"),
    comment="How far quality control has come.",
)

meter_part = sa.Table(
    "meter_part",
    METADATA,
    sa.Column("whole", sa.BigInteger, primary_key=True, comment="number of the main meter's series"),
    sa.Column("part", sa.BigInteger, primary_key=True, comment="number of a series that it contains"),
    comment="Which meters stand behind which: the sum of the parts should be the whole.",
)

alert = sa.Table(
    "alert",
    METADATA,
    sa.Column("number", Counter, primary_key=True, autoincrement=True),
    sa.Column("facility_id", sa.String(26), nullable=False, index=True),
    sa.Column("series", sa.BigInteger, nullable=False, comment="number of the series"),
    sa.Column("check", sa.String(32), nullable=False),
    sa.Column("severity", sa.String(8), nullable=False, comment="suspect, wrong"),
    sa.Column("evidence", sa.String(60), nullable=False),
    sa.Column("start", sa.BigInteger, nullable=False, comment="µs UTC of what was found first"),
    sa.Column("end", sa.BigInteger, nullable=False, comment="µs UTC behind what was found last"),
    sa.Column("opened_at", sa.BigInteger, nullable=False),
    sa.Column("state", sa.String(12), nullable=False, comment="open, acknowledged, closed"),
    sa.Column("changed_at", sa.BigInteger, nullable=False),
    sa.Column("changed_by", sa.String(40), nullable=False, comment="'quality', or a person's account"),
    sa.Column("note", sa.Text, comment="what the person who changed it last wrote"),
    sa.Index("ix_alert_state", "state", "opened_at"),
    sa.Index("ix_alert_series_check", "series", "check"),
    sqlite_autoincrement=True,
    comment="What somebody should look at: one for each series and check until it is closed.",
)

alert_event = sa.Table(
    "alert_event",
    METADATA,
    sa.Column("number", Counter, primary_key=True, autoincrement=True),
    sa.Column("alert", sa.BigInteger, sa.ForeignKey("alert.number"), nullable=False, index=True),
    sa.Column("state", sa.String(12), nullable=False),
    sa.Column("at", sa.BigInteger, nullable=False),
    sa.Column("actor", sa.String(40), nullable=False),
    sa.Column("note", sa.Text),
    sqlite_autoincrement=True,
    comment="The history of alerts, append-only.",
)

notice = sa.Table(
    "notice",
    METADATA,
    sa.Column("number", Counter, primary_key=True, autoincrement=True),
    sa.Column("event", sa.BigInteger, sa.ForeignKey("alert_event.number"), comment="of an alert"),
    sa.Column("outdated", sa.BigInteger, sa.ForeignKey("outdated_statement.number"), comment="or a statement"),
    sa.Column("channel", sa.String(8), nullable=False, comment="mail, webhook"),
    sa.Column("due_at", sa.BigInteger, nullable=False, comment="when it is tried next, µs UTC"),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("sent_at", sa.BigInteger),
    sa.Column("given_up_at", sa.BigInteger),
    sa.Column("error", sa.Text, comment="of the last attempt"),
    sa.Index("ix_notice_due", "sent_at", "given_up_at", "due_at"),
    sa.UniqueConstraint("event", "channel"),
    sa.UniqueConstraint("outdated", "channel"),
    sqlite_autoincrement=True,
    comment="The outbox of messages: written with what they tell of, sent later, tried again with growing pauses.",
)

quarantined_reading = sa.Table(
    "quarantined_reading",
    METADATA,
    sa.Column("number", Counter, primary_key=True, autoincrement=True),
    sa.Column("series", sa.String(200), nullable=False, comment="name as the sender gave it; the register has no such"),
    sa.Column("start", sa.BigInteger, nullable=False, comment="µs UTC"),
    sa.Column("value", sa.String(90), nullable=False, comment="decimal, in the unit as sent"),
    sa.Column("unit", sa.String(24), nullable=False, comment="UCUM"),
    sa.Column("actor", sa.String(40), nullable=False, comment="who sent it, an id of the people room"),
    sa.Column("received_at", sa.BigInteger, nullable=False, comment="µs UTC"),
    sa.UniqueConstraint("series", "start", "value", "unit", "actor"),
    sa.Index("ix_quarantined_reading_actor", "actor"),
    sqlite_autoincrement=True,
    comment="Readings of series that nobody registered: kept until somebody does, or throws them away.",
)
