"""Tables of figures: append-only figures, what they depend on, which are stale, and the published statements."""

import sqlalchemy as sa

from jasyl.storage import METADATA

_Counter = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

figure = sa.Table(
    "figure",
    METADATA,
    sa.Column("number", _Counter, primary_key=True, autoincrement=True, comment="order of making"),
    sa.Column("id", sa.Text, nullable=False, unique=True, comment="ULID"),
    sa.Column("key", sa.Text, nullable=False, comment="indicator, subject, period and kind: the newest is current"),
    sa.Column("indicator", sa.Text, nullable=False),
    sa.Column("subject_kind", sa.Text, nullable=False, comment="facility, place, enterprise, series"),
    sa.Column("subject_id", sa.Text, nullable=False),
    sa.Column("period", sa.Text, nullable=False, comment="2024, 2024-03, 2024-03-01"),
    sa.Column("start", sa.BigInteger, nullable=False, comment="µs UTC"),
    sa.Column("end", sa.BigInteger, nullable=False),
    sa.Column("unit", sa.Text, nullable=False, comment="UCUM"),
    sa.Column("value", sa.Text, comment="decimal; null: not known"),
    sa.Column("uncertainty", sa.Text, comment="standard uncertainty in the same unit"),
    sa.Column("completeness", sa.Text, comment="0 to 1"),
    sa.Column("kind", sa.Text, nullable=False, comment="observed, published, modelled, assumed, training"),
    sa.Column("method_id", sa.Text, nullable=False),
    sa.Column("method_version", sa.Text, nullable=False),
    sa.Column("parameters", sa.Text, nullable=False, comment="canonical JSON"),
    sa.Column("inputs", sa.Text, nullable=False, comment="canonical JSON: kind, id and digest of each"),
    sa.Column("publication", sa.Text, nullable=False, comment="public, aggregated, closed"),
    sa.Column("content_hash", sa.Text, nullable=False, comment="SHA-256 of all of the above but number and id"),
    sa.Column("created_at", sa.BigInteger, nullable=False),
    sa.Index("ix_figure_key_number", "key", "number"),
    sa.Index("ix_figure_subject", "subject_kind", "subject_id"),
    sqlite_autoincrement=True,
    comment="Computed numbers; a row is never changed, a newer one of the same key takes its place.",
)

depends_on = sa.Table(
    "depends_on",
    METADATA,
    sa.Column("figure", sa.Text, sa.ForeignKey("figure.id"), primary_key=True),
    sa.Column("kind", sa.Text, primary_key=True, comment="figure (by key), series, sealed_day, fact, assertion …"),
    sa.Column("reference", sa.Text, primary_key=True),
    sa.Column("start", sa.BigInteger, comment="for series: from when, µs UTC"),
    sa.Column("end", sa.BigInteger),
    sa.Index("ix_depends_on_reference", "kind", "reference"),
    comment="Edges from a figure to what it was made from; a change there makes it stale.",
)

stale_figure = sa.Table(
    "stale_figure",
    METADATA,
    sa.Column("figure", sa.Text, sa.ForeignKey("figure.id"), primary_key=True),
    sa.Column("since", sa.BigInteger, nullable=False),
    comment="Figures whose inputs changed and that were not computed again yet.",
)

statement = sa.Table(
    "statement",
    METADATA,
    sa.Column("number", _Counter, primary_key=True, autoincrement=True),
    sa.Column("id", sa.Text, nullable=False, unique=True, comment="ULID"),
    sa.Column("figure", sa.Text, sa.ForeignKey("figure.id"), nullable=False),
    sa.Column("key", sa.Text, nullable=False, index=True),
    sa.Column("record_id", sa.Text, nullable=False, unique=True, comment="the calc record in the ledger"),
    sa.Column("document", sa.LargeBinary, nullable=False, comment="the bytes of that record"),
    sa.Column("actor", sa.Text, nullable=False),
    sa.Column("published_at", sa.BigInteger, nullable=False),
    sa.Column("supersedes", sa.Text, comment="statement it replaces"),
    sa.Column("superseded_by", sa.Text, comment="statement that replaces it"),
    sqlite_autoincrement=True,
    comment="Figures that somebody published, frozen as they were.",
)

outdated_statement = sa.Table(
    "outdated_statement",
    METADATA,
    sa.Column("number", _Counter, primary_key=True, autoincrement=True, comment="order of finding"),
    sa.Column("statement", sa.Text, sa.ForeignKey("statement.id"), nullable=False, unique=True),
    sa.Column("at", sa.BigInteger, nullable=False, comment="µs UTC"),
    sqlite_autoincrement=True,
    comment="Statements that were found to have another number than the current figure, each once: people are told.",
)
