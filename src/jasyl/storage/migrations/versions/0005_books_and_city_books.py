"""books, city books, spans that were let go"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "book",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=24), nullable=False),
        sa.Column(
            "place", sa.Text(), nullable=False, comment="ISO 3166 code, KATO code, or the id of what the book is about"
        ),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of content"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("publication", sa.String(length=12), nullable=False),
        sa.Column(
            "record_id", sa.String(length=64), nullable=False, comment="the record in the ledger that names the digest"
        ),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False, comment="µs UTC"),
        sa.Column("content", sa.Text(), nullable=False, comment="canonical JSON (RFC 8785)"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_book")),
        sa.UniqueConstraint("kind", "place", "period", "version", name="uq_book_version"),
        comment="Documents kept of a place and a period: inventories, material accounts, plants' reports.",
    )
    op.create_table(
        "city_attestation",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("place", sa.String(length=9), nullable=False),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("catalogue", sa.String(length=40), nullable=False),
        sa.Column("catalogue_version", sa.String(length=40), nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False, comment="the decision record in the log"),
        sa.Column("document", sa.Text(), nullable=False, comment="what was attested, canonical JSON"),
        sa.Column("author", sa.String(length=80), nullable=False, comment="account id"),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False, comment="µs since 1970 UTC"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_city_attestation")),
        sa.UniqueConstraint("id", name=op.f("uq_city_attestation_id")),
        comment="Verified pages of cities, as a verifier attested them.",
    )
    op.create_table(
        "city_entry",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column(
            "place", sa.String(length=9), nullable=False, comment="ISO 3166-2 of a city, or KATO of a settlement"
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("catalogue", sa.String(length=40), nullable=False),
        sa.Column("point", sa.String(length=80), nullable=False, comment="data point, or base.population and the like"),
        sa.Column("numerator", sa.Text(), nullable=True, comment="decimal text"),
        sa.Column("denominator", sa.Text(), nullable=True, comment="decimal text"),
        sa.Column(
            "value",
            sa.Text(),
            nullable=True,
            comment="decimal text, where only the result is known or it is entered beside",
        ),
        sa.Column(
            "unit",
            sa.String(length=40),
            nullable=True,
            comment="of the value, where it is not the catalogue's; currency of amounts",
        ),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=True, comment="who the number comes from"),
        sa.Column("quality", sa.String(length=30), nullable=True, comment="one of the six choices of the template"),
        sa.Column(
            "dated", sa.String(length=10), nullable=True, comment="what the data are of: year, month or day, ISO 8601"
        ),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence", sa.String(length=64), nullable=True, comment="SHA-256 of a kept file"),
        sa.Column("proposal", sa.String(length=80), nullable=True, comment="id of the figure that the system proposed"),
        sa.Column("reason", sa.Text(), nullable=False, comment="why a proposal was not taken as it was"),
        sa.Column("level", sa.String(length=10), nullable=False, comment="public, closed"),
        sa.Column("digest", sa.String(length=64), nullable=False, comment="SHA-256 of the entry's canonical JSON"),
        sa.Column("author", sa.String(length=80), nullable=False, comment="account id"),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False, comment="µs since 1970 UTC"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_city_entry")),
        sa.UniqueConstraint("id", name=op.f("uq_city_entry_id")),
        comment="What a city says of a data point of a year; the newest row counts.",
    )
    with op.batch_alter_table("city_entry", schema=None) as batch_op:
        batch_op.create_index("ix_city_entry_book", ["place", "year", "catalogue", "point", "number"], unique=False)

    op.create_table(
        "city_evidence",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("media_type", sa.String(length=100), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False, comment="account id"),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False, comment="µs since 1970 UTC"),
        sa.PrimaryKeyConstraint("sha256", name=op.f("pk_city_evidence")),
        comment="Files that stand behind entries; their bytes lie in the data folder under their hash.",
    )
    op.create_table(
        "city_message",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column(
            "place", sa.String(length=9), nullable=False, comment="ISO 3166-2 of a city, or KATO of a settlement"
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("catalogue", sa.String(length=40), nullable=False),
        sa.Column("point", sa.String(length=80), nullable=False, comment="data point, or base.population and the like"),
        sa.Column("thread", sa.String(length=26), nullable=False, comment="id of the first message of the thread"),
        sa.Column("kind", sa.String(length=10), nullable=False, comment="question, comment, answer, close"),
        sa.Column(
            "finding",
            sa.String(length=40),
            nullable=True,
            comment="code of the automatic check that a question goes back to",
        ),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False, comment="account id"),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False, comment="µs since 1970 UTC"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_city_message")),
        sa.UniqueConstraint("id", name=op.f("uq_city_message_id")),
        comment="Questions, comments and answers about data points.",
    )
    with op.batch_alter_table("city_message", schema=None) as batch_op:
        batch_op.create_index("ix_city_message_book", ["place", "year", "catalogue", "number"], unique=False)

    op.create_table(
        "city_verdict",
        sa.Column("number", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column(
            "place", sa.String(length=9), nullable=False, comment="ISO 3166-2 of a city, or KATO of a settlement"
        ),
        sa.Column("year", sa.Integer(), nullable=False),
        sa.Column("catalogue", sa.String(length=40), nullable=False),
        sa.Column("point", sa.String(length=80), nullable=False, comment="data point, or base.population and the like"),
        sa.Column(
            "entry", sa.String(length=26), nullable=False, comment="the entry that was judged; a later one is not"
        ),
        sa.Column("verified", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("author", sa.String(length=80), nullable=False, comment="account id"),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False, comment="µs since 1970 UTC"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_city_verdict")),
        sa.UniqueConstraint("id", name=op.f("uq_city_verdict_id")),
        comment="Whether a verifier finds an entry plausible; the newest row counts.",
    )
    with op.batch_alter_table("city_verdict", schema=None) as batch_op:
        batch_op.create_index("ix_city_verdict_book", ["place", "year", "catalogue", "point", "number"], unique=False)
