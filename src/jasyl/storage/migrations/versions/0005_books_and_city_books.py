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

    op.create_table(
        "dropped_span",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("series", sa.BigInteger(), nullable=False, comment="number of the series"),
        sa.Column("start", sa.BigInteger(), nullable=False, comment="µs UTC, the beginning of a civil day"),
        sa.Column("end", sa.BigInteger(), nullable=False, comment="µs UTC, the beginning of a civil month or day"),
        sa.Column("readings", sa.BigInteger(), nullable=False, comment="counted by the rollups of the days"),
        sa.Column("record_id", sa.Text(), nullable=False, comment="the decision in the ledger"),
        sa.Column("decided_at", sa.BigInteger(), nullable=False, comment="µs UTC"),
        sa.Column(
            "removed_at", sa.BigInteger(), nullable=True, comment="µs UTC when no segment in force held them any more"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_dropped_span")),
        comment="Readings dropped by retention; append-only but for removed_at. Rollups and seals of the days stay.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("dropped_span", schema=None) as batch_op:
        batch_op.create_index("ix_dropped_span_series_start", ["series", "start"], unique=False)

    op.create_table(
        "measure",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name_kk", sa.String(length=200), nullable=True),
        sa.Column("name_ru", sa.String(length=200), nullable=True),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("programme", sa.String(length=80), nullable=True, comment="key of a programme"),
        sa.Column(
            "strategy",
            sa.String(length=200),
            nullable=True,
            comment="the document that sets it, where it is none of our programmes",
        ),
        sa.Column("goal", sa.Text(), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=False, comment="who answers for it"),
        sa.Column(
            "themes", sa.String(length=80), nullable=True, comment="blank-separated: climate, circular, u4ssc, …"
        ),
        sa.Column("status", sa.String(length=20), nullable=False, comment="planned, approved, under_way, completed, …"),
        sa.Column(
            "start", sa.String(length=10), nullable=True, comment="YYYY, YYYY-MM or YYYY-MM-DD, as precise as known"
        ),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("done", sa.String(length=10), nullable=True),
        sa.Column(
            "progress", sa.Numeric(precision=7, scale=4), nullable=True, comment="percent, as its owner reports it"
        ),
        sa.Column(
            "indicator", sa.Text(), nullable=True, comment="what it moves; the words of a target where it serves one"
        ),
        sa.Column("point", sa.String(length=80), nullable=True, comment="data point of a catalogue of city indicators"),
        sa.Column(
            "effect",
            sa.Numeric(precision=24, scale=6),
            nullable=True,
            comment="expected effect in the unit of effect_unit",
        ),
        sa.Column("effect_unit", sa.String(length=60), nullable=True),
        sa.Column(
            "investment", sa.Numeric(precision=24, scale=2), nullable=True, comment="money planned for it, as stated"
        ),
        sa.Column("investment_currency", sa.String(length=3), nullable=True, comment="ISO 4217"),
        sa.Column("price_year", sa.Integer(), nullable=True),
        sa.Column("financing", sa.String(length=160), nullable=True, comment="sources of money, blank-separated"),
        sa.Column("region", sa.String(length=6), nullable=True, comment="ISO 3166-2; null for the country"),
        sa.Column("district", sa.String(length=12), nullable=True, comment="KATO"),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("confidence", sa.String(length=8), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column(
            "changed_at", sa.BigInteger(), nullable=True, comment="µs UTC of the newest assertion; null: not known"
        ),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_measure_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_measure")),
        sa.UniqueConstraint("key", name=op.f("uq_measure_key")),
        comment="Measures of strategies: what somebody does towards a goal, by when, with what money.",
    )
    with op.batch_alter_table("measure", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_measure_programme"), ["programme"], unique=False)
        batch_op.create_index(batch_op.f("ix_measure_region"), ["region"], unique=False)
