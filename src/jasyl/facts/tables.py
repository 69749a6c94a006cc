"""Facts and books. Neither is ever edited: a better one is another row, and both stay."""

import sqlalchemy as sa

from jasyl.storage import METADATA

fact_table = sa.Table(
    "fact",
    METADATA,
    sa.Column("key", sa.String(32), primary_key=True, comment="first half of SHA-256 over the canonical JSON"),
    sa.Column("metric", sa.Text, nullable=False, index=True),
    sa.Column("place", sa.Text, index=True, comment="ISO 3166 code of the smallest region that holds it"),
    sa.Column("area", sa.Text, nullable=False, comment="the part of the place meant; empty: the whole"),
    sa.Column("object", sa.Text, nullable=False),
    sa.Column("technology", sa.Text, nullable=False),
    sa.Column("period", sa.Text, nullable=False, comment="as the source writes it"),
    sa.Column("start_year", sa.Integer),
    sa.Column("end_year", sa.Integer),
    sa.Column("value", sa.Text, comment="decimal text, exact on every engine"),
    sa.Column("low", sa.Text, comment="decimal text"),
    sa.Column("high", sa.Text, comment="decimal text"),
    sa.Column("unit", sa.Text, nullable=False, comment="UCUM, or as written where UCUM has no word"),
    sa.Column("basis", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False),
    sa.Column("source_date", sa.Text, nullable=False),
    sa.Column("confidence", sa.Text, nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False, comment="false: shown, never summed"),
    sa.Column("note", sa.Text, nullable=False),
    comment="Published numbers with source, date and confidence.",
)

book_table = sa.Table(
    "book",
    METADATA,
    sa.Column("id", sa.String(26), primary_key=True),
    sa.Column("kind", sa.String(24), nullable=False),
    sa.Column(
        "place", sa.Text, nullable=False, comment="ISO 3166 code, KATO code, or the id of what the book is about"
    ),
    sa.Column("period", sa.Text, nullable=False),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("digest", sa.String(64), nullable=False, comment="SHA-256 of content"),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("author", sa.Text, nullable=False),
    sa.Column("publication", sa.String(12), nullable=False),
    sa.Column("record_id", sa.String(64), nullable=False, comment="the record in the ledger that names the digest"),
    sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="µs UTC"),
    sa.Column("content", sa.Text, nullable=False, comment="canonical JSON (RFC 8785)"),
    sa.UniqueConstraint("kind", "place", "period", "version", name="uq_book_version"),
    comment="Documents kept of a place and a period: inventories, material accounts, plants' reports.",
)
