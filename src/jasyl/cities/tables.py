"""The tables of city books. Nothing is edited: what is said later about a data point is another row."""

import sqlalchemy as sa

from jasyl.storage import METADATA


def _about() -> list[sa.Column[object]]:
    """Which book, and which data point of it."""
    return [
        sa.Column("place", sa.String(9), nullable=False, comment="ISO 3166-2 of a city, or KATO of a settlement"),
        sa.Column("year", sa.Integer, nullable=False),
        sa.Column("catalogue", sa.String(40), nullable=False),
        sa.Column("point", sa.String(80), nullable=False, comment="data point, or base.population and the like"),
    ]


def _by_whom() -> list[sa.Column[object]]:
    return [
        sa.Column("author", sa.String(80), nullable=False, comment="account id"),
        sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="µs since 1970 UTC"),
    ]


entry_table = sa.Table(
    "city_entry",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(26), nullable=False, unique=True),
    *_about(),
    sa.Column("numerator", sa.Text, comment="decimal text"),
    sa.Column("denominator", sa.Text, comment="decimal text"),
    sa.Column("value", sa.Text, comment="decimal text, where only the result is known or it is entered beside"),
    sa.Column("unit", sa.String(40), comment="of the value, where it is not the catalogue's; currency of amounts"),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("origin", sa.String(20), comment="who the number comes from"),
    sa.Column("quality", sa.String(30), comment="one of the six choices of the template"),
    sa.Column("dated", sa.String(10), comment="what the data are of: year, month or day, ISO 8601"),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("evidence", sa.String(64), comment="SHA-256 of a kept file"),
    sa.Column("proposal", sa.String(80), comment="id of the figure that the system proposed"),
    sa.Column("reason", sa.Text, nullable=False, comment="why a proposal was not taken as it was"),
    sa.Column("level", sa.String(10), nullable=False, comment="public, closed"),
    sa.Column("parts", sa.Text, comment="groups behind the number, as lines of text; null for none"),
    sa.Column("digest", sa.String(64), nullable=False, comment="SHA-256 of the entry's canonical JSON"),
    *_by_whom(),
    sa.Index("ix_city_entry_book", "place", "year", "catalogue", "point", "number"),
    comment="What a city says of a data point of a year; the newest row counts.",
)

evidence_table = sa.Table(
    "city_evidence",
    METADATA,
    sa.Column("sha256", sa.String(64), primary_key=True),
    sa.Column("file_name", sa.String(200), nullable=False),
    sa.Column("media_type", sa.String(100), nullable=False),
    sa.Column("size", sa.BigInteger, nullable=False),
    *_by_whom(),
    comment="Files that stand behind entries; their bytes lie in the data folder under their hash.",
)

message_table = sa.Table(
    "city_message",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(26), nullable=False, unique=True),
    *_about(),
    sa.Column("thread", sa.String(26), nullable=False, comment="id of the first message of the thread"),
    sa.Column("kind", sa.String(10), nullable=False, comment="question, comment, answer, close"),
    sa.Column("finding", sa.String(40), comment="code of the automatic check that a question goes back to"),
    sa.Column("text", sa.Text, nullable=False),
    *_by_whom(),
    sa.Index("ix_city_message_book", "place", "year", "catalogue", "number"),
    comment="Questions, comments and answers about data points.",
)

verdict_table = sa.Table(
    "city_verdict",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(26), nullable=False, unique=True),
    *_about(),
    sa.Column("entry", sa.String(26), nullable=False, comment="the entry that was judged; a later one is not"),
    sa.Column("verified", sa.Boolean, nullable=False),
    sa.Column("note", sa.Text, nullable=False),
    *_by_whom(),
    sa.Index("ix_city_verdict_book", "place", "year", "catalogue", "point", "number"),
    comment="Whether a verifier finds an entry plausible; the newest row counts.",
)

attestation_table = sa.Table(
    "city_attestation",
    METADATA,
    sa.Column("number", sa.Integer, primary_key=True, autoincrement=True),
    sa.Column("id", sa.String(26), nullable=False, unique=True),
    sa.Column("place", sa.String(9), nullable=False),
    sa.Column("year", sa.Integer, nullable=False),
    sa.Column("catalogue", sa.String(40), nullable=False),
    sa.Column("catalogue_version", sa.String(40), nullable=False),
    sa.Column("record_id", sa.String(64), nullable=False, comment="the decision record in the log"),
    sa.Column("document", sa.Text, nullable=False, comment="what was attested, canonical JSON"),
    *_by_whom(),
    comment="Verified pages of cities, as a verifier attested them.",
)
