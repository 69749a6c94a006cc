"""first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False, comment="what is typed to sign in"),
        sa.Column("password_hash", sa.String(length=200), nullable=False, comment="argon2id"),
        sa.Column("roles", sa.String(length=200), nullable=False, comment="role names, blank-separated"),
        sa.Column(
            "enterprise_id",
            sa.String(length=26),
            nullable=True,
            comment="whose facilities the role 'enterprise' covers",
        ),
        sa.Column(
            "region", sa.String(length=6), nullable=True, comment="whose territory the role 'akimat' covers, ISO 3166-2"
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="µs since 1970 UTC"),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("name", name=op.f("uq_account_name")),
        comment="Who may sign in.",
    )
    op.create_table(
        "data_revision",
        sa.Column("only_row", sa.Integer(), server_default=sa.text("1"), autoincrement=False, nullable=False),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.CheckConstraint("only_row = 1", name=op.f("ck_data_revision_only_row")),
        sa.PrimaryKeyConstraint("only_row", name=op.f("pk_data_revision")),
        comment="Counts transactions that changed what people see; pages and tiles are cached by it.",
    )
    op.create_table(
        "entity",
        sa.Column("id", sa.String(length=26), nullable=False, comment="ULID"),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False, comment="name in addresses and files; unique per kind"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="µs since 1970 UTC"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entity")),
        sa.UniqueConstraint("kind", "key", name=op.f("uq_entity_kind_key")),
        comment="Everything with an identity: enterprises, facilities, installations, series, projects, programmes.",
    )
    op.create_table(
        "fact",
        sa.Column("key", sa.String(length=32), nullable=False, comment="first half of SHA-256 over the canonical JSON"),
        sa.Column("metric", sa.Text(), nullable=False),
        sa.Column("place", sa.Text(), nullable=True, comment="ISO 3166 code of the smallest region that holds it"),
        sa.Column("area", sa.Text(), nullable=False, comment="the part of the place meant; empty: the whole"),
        sa.Column("object", sa.Text(), nullable=False),
        sa.Column("technology", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False, comment="as the source writes it"),
        sa.Column("start_year", sa.Integer(), nullable=True),
        sa.Column("end_year", sa.Integer(), nullable=True),
        sa.Column("value", sa.Text(), nullable=True, comment="decimal text, exact on every engine"),
        sa.Column("low", sa.Text(), nullable=True, comment="decimal text"),
        sa.Column("high", sa.Text(), nullable=True, comment="decimal text"),
        sa.Column("unit", sa.Text(), nullable=False, comment="UCUM, or as written where UCUM has no word"),
        sa.Column("basis", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_date", sa.Text(), nullable=False),
        sa.Column("confidence", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False, comment="false: shown, never summed"),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_fact")),
        comment="Published numbers with source, date and confidence.",
    )
    with op.batch_alter_table("fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_fact_metric"), ["metric"], unique=False)
        batch_op.create_index(batch_op.f("ix_fact_place"), ["place"], unique=False)

    op.create_table(
        "figure",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="order of making",
        ),
        sa.Column("id", sa.Text(), nullable=False, comment="ULID"),
        sa.Column(
            "key", sa.Text(), nullable=False, comment="indicator, subject, period and kind: the newest is current"
        ),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("subject_kind", sa.Text(), nullable=False, comment="facility, place, enterprise, series"),
        sa.Column("subject_id", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False, comment="2024, 2024-03, 2024-03-01"),
        sa.Column("start", sa.BigInteger(), nullable=False, comment="µs UTC"),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False, comment="UCUM"),
        sa.Column("value", sa.Text(), nullable=True, comment="decimal; null: not known"),
        sa.Column("uncertainty", sa.Text(), nullable=True, comment="standard uncertainty in the same unit"),
        sa.Column("completeness", sa.Text(), nullable=True, comment="0 to 1"),
        sa.Column("kind", sa.Text(), nullable=False, comment="observed, published, modelled, assumed, training"),
        sa.Column("method_id", sa.Text(), nullable=False),
        sa.Column("method_version", sa.Text(), nullable=False),
        sa.Column("parameters", sa.Text(), nullable=False, comment="canonical JSON"),
        sa.Column("inputs", sa.Text(), nullable=False, comment="canonical JSON: kind, id and digest of each"),
        sa.Column("publication", sa.Text(), nullable=False, comment="public, aggregated, closed"),
        sa.Column("content_hash", sa.Text(), nullable=False, comment="SHA-256 of all of the above but number and id"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_figure")),
        sa.UniqueConstraint("id", name=op.f("uq_figure_id")),
        comment="Computed numbers; a row is never changed, a newer one of the same key takes its place.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("figure", schema=None) as batch_op:
        batch_op.create_index("ix_figure_key_number", ["key", "number"], unique=False)
        batch_op.create_index("ix_figure_subject", ["subject_kind", "subject_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("record_id", sa.String(length=64), nullable=False, comment="SHA-256 of entry, hexadecimal"),
        sa.Column("kind", sa.String(length=32), nullable=False, comment="The record's type"),
        sa.Column("entry", sa.LargeBinary(), nullable=False, comment="The record's canonical bytes, as logged"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="µs since 1970, UTC"),
        sa.Column("leaf_index", sa.BigInteger(), nullable=True, comment="Place in the log; null: not yet"),
        sa.CheckConstraint("length(entry) between 1 and 65535", name=op.f("ck_outbox_entry_size")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_outbox")),
        sa.UniqueConstraint("leaf_index", name=op.f("uq_outbox_leaf_index")),
        sa.UniqueConstraint("record_id", name=op.f("uq_outbox_record_id")),
        comment="Records of the verifiable log: written with the data they speak of, taken into the log by the keeper.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outbox_waiting",
            ["seq"],
            unique=False,
            sqlite_where=sa.text("leaf_index IS NULL"),
            postgresql_where=sa.text("leaf_index IS NULL"),
        )

    op.create_table(
        "programme",
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name_kk", sa.String(length=200), nullable=True),
        sa.Column("name_ru", sa.String(length=200), nullable=True),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("levels", sa.String(length=60), nullable=False, comment="national, region, city, enterprise"),
        sa.Column("regions", sa.String(length=120), nullable=False, comment="KZ or ISO codes, blank-separated"),
        sa.Column("goals", sa.Text(), nullable=True),
        sa.Column("legal_acts", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_programme")),
        comment="Strategies and programmes.",
    )
    op.create_table(
        "reading_source",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="file, push, gateway, starter"),
        sa.Column("name", sa.Text(), nullable=False, comment="file name, gateway or address as the sender gave it"),
        sa.Column("actor", sa.Text(), nullable=True, comment="who delivered, an id of the people room"),
        sa.Column("sha256", sa.Text(), nullable=True, comment="of the delivered file"),
        sa.Column("received_at", sa.BigInteger(), nullable=False, comment="µs UTC"),
        sa.Column("rows", sa.BigInteger(), nullable=False, comment="readings stored from it"),
        sa.Column("corrected", sa.BigInteger(), nullable=False, comment="of these, new revisions of known intervals"),
        sa.Column("rolled_up", sa.Boolean(), nullable=False, comment="whether the rollups know it"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_reading_source")),
        comment="One delivery of readings. Numbers rise in the order of arrival, so 'source <= n' is the state after n.",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "rollup",
        sa.Column("series", sa.BigInteger(), nullable=False),
        sa.Column("granularity", sa.Text(), nullable=False, comment="day, month, year"),
        sa.Column(
            "start", sa.BigInteger(), nullable=False, comment="µs UTC of the beginning in the series' civil time"
        ),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("sum", sa.BigInteger(), nullable=False, comment="of the stored integers (counters: of their steps)"),
        sa.Column("min", sa.BigInteger(), nullable=False),
        sa.Column("max", sa.BigInteger(), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False, comment="intervals the period has"),
        sa.Column("revision", sa.Integer(), nullable=False, comment="highest it has seen"),
        sa.Column("source", sa.BigInteger(), nullable=False, comment="highest delivery it has seen"),
        sa.PrimaryKeyConstraint("series", "granularity", "start", name=op.f("pk_rollup")),
        comment="Sums of readings by civil day, month and year; rebuildable from the segments. No row: no reading.",
    )
    with op.batch_alter_table("rollup", schema=None) as batch_op:
        batch_op.create_index("ix_rollup_granularity_start", ["granularity", "start"], unique=False)

    op.create_table(
        "sealed_day",
        sa.Column("record_id", sa.Text(), nullable=False, comment="the batch record in the ledger"),
        sa.Column("series", sa.BigInteger(), nullable=False),
        sa.Column("series_id", sa.Text(), nullable=False),
        sa.Column("day", sa.Text(), nullable=False, comment="civil day of the series, 2024-02-29"),
        sa.Column("start", sa.BigInteger(), nullable=False),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("root", sa.Text(), nullable=False, comment="Merkle root, hexadecimal"),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("expected", sa.BigInteger(), nullable=False),
        sa.Column("sum", sa.BigInteger(), nullable=False, comment="of the sealed integers"),
        sa.Column(
            "source", sa.BigInteger(), nullable=False, comment="state of the readings: deliveries up to this one"
        ),
        sa.Column("sealed_at", sa.BigInteger(), nullable=False),
        sa.Column("supersedes", sa.Text(), nullable=True, comment="record it replaces"),
        sa.Column("superseded_by", sa.Text(), nullable=True, comment="record that replaces it"),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_sealed_day")),
        comment="Days whose readings are fixed by a record in the ledger; a correction seals again and keeps the first.",
    )
    with op.batch_alter_table("sealed_day", schema=None) as batch_op:
        batch_op.create_index("ix_sealed_day_series_start", ["series", "start"], unique=False)

    op.create_table(
        "segment",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("file", sa.Text(), nullable=False, comment="name under the folder of readings"),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.Column("rows", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Integer(), nullable=False, comment="UTC month of all its intervals, yyyymm"),
        sa.Column("min_start", sa.BigInteger(), nullable=False),
        sa.Column("max_start", sa.BigInteger(), nullable=False),
        sa.Column("min_series", sa.BigInteger(), nullable=False),
        sa.Column("max_series", sa.BigInteger(), nullable=False),
        sa.Column("max_revision", sa.Integer(), nullable=False, comment="1: nothing in it corrects an earlier reading"),
        sa.Column("max_source", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column(
            "superseded_at", sa.BigInteger(), nullable=True, comment="when a compacted segment took over its rows"
        ),
        sa.Column("superseded_by", sa.BigInteger(), nullable=True, comment="number of that segment"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_segment")),
        sa.UniqueConstraint("file", name=op.f("uq_segment_file")),
        comment="The manifest: a reading exists when a segment that holds it stands here and is not superseded.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("segment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_segment_month"), ["month"], unique=False)

    op.create_table(
        "series_key",
        sa.Column("series_id", sa.String(length=128), nullable=False),
        sa.Column("key", sa.LargeBinary(), nullable=True, comment="32 bytes; null after erasure"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="µs since 1970, UTC"),
        sa.Column("destroyed_at", sa.BigInteger(), nullable=True, comment="µs since 1970, UTC; set by erasure"),
        sa.PrimaryKeyConstraint("series_id", name=op.f("pk_series_key")),
        comment="Keys that salt the sealed readings of a series; destroying one erases what could be proven of them.",
    )
    op.create_table(
        "source",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text(), nullable=False, comment="who says so, as published"),
        sa.Column("date", sa.String(length=40), nullable=True, comment="date of the source as written there"),
        sa.Column("licence", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source")),
        sa.UniqueConstraint("text", "date", "licence", name=op.f("uq_source_text_date_licence")),
        comment="Where assertions come from.",
    )
    op.create_table(
        "assertion",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("entity_id", sa.String(length=26), nullable=False),
        sa.Column("field", sa.String(length=32), nullable=False),
        sa.Column("value", sa.Text(), nullable=True, comment="JSON; null takes an earlier value back"),
        sa.Column(
            "valid_from",
            sa.String(length=10),
            nullable=True,
            comment="ISO date from which it holds in the world; null: always",
        ),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False, comment="µs since 1970 UTC"),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.String(length=8), nullable=False, comment="high, medium, low"),
        sa.Column("actor", sa.String(length=40), nullable=False, comment="account id, or the name of a starter"),
        sa.Column("level", sa.String(length=12), nullable=False, comment="publication level of this field"),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_assertion_source_id")),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_assertion")),
        comment="What was recorded about one field of one entity; append-only.",
    )
    with op.batch_alter_table("assertion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assertion_entity_id"), ["entity_id"], unique=False)

    op.create_table(
        "depends_on",
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False, comment="figure (by key), series, sealed_day, fact, assertion …"),
        sa.Column("reference", sa.Text(), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=True, comment="for series: from when, µs UTC"),
        sa.Column("end", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["figure"], ["figure.id"], name=op.f("fk_depends_on_figure")),
        sa.PrimaryKeyConstraint("figure", "kind", "reference", name=op.f("pk_depends_on")),
        comment="Edges from a figure to what it was made from; a change there makes it stale.",
    )
    with op.batch_alter_table("depends_on", schema=None) as batch_op:
        batch_op.create_index("ix_depends_on_reference", ["kind", "reference"], unique=False)

    op.create_table(
        "enterprise",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name_kk", sa.String(length=200), nullable=True),
        sa.Column("name_ru", sa.String(length=200), nullable=True),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("bin", sa.String(length=12), nullable=True, comment="business identification number"),
        sa.Column(
            "kind",
            sa.String(length=12),
            nullable=True,
            comment="company, farm, authority, institution, cooperative, person",
        ),
        sa.Column("size", sa.String(length=8), nullable=True, comment="micro, small, medium, large"),
        sa.Column("sector", sa.String(length=8), nullable=True, comment="OKED (NACE) section or division"),
        sa.Column("confidence", sa.String(length=8), nullable=False),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_enterprise_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enterprise")),
        sa.UniqueConstraint("bin", name=op.f("uq_enterprise_bin")),
        sa.UniqueConstraint("key", name=op.f("uq_enterprise_key")),
        comment="Who owns or runs facilities.",
    )
    op.create_table(
        "facility",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name_kk", sa.String(length=200), nullable=True),
        sa.Column("name_ru", sa.String(length=200), nullable=True),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("enterprise_id", sa.String(length=26), nullable=True, comment="operator"),
        sa.Column("technology", sa.String(length=16), nullable=False),
        sa.Column("family", sa.String(length=24), nullable=False, comment="family on maps, from the technology"),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column("status_certain", sa.Boolean(), nullable=False),
        sa.Column("status_date", sa.String(length=40), nullable=True),
        sa.Column(
            "commissioned",
            sa.String(length=10),
            nullable=True,
            comment="YYYY, YYYY-MM or YYYY-MM-DD, as precise as known",
        ),
        sa.Column("commissioned_year", sa.Integer(), nullable=True),
        sa.Column(
            "expected", sa.String(length=10), nullable=True, comment="planned commissioning, as precise as known"
        ),
        sa.Column("capacity", sa.Numeric(precision=24, scale=6), nullable=True, comment="in the unit of capacity_unit"),
        sa.Column("capacity_unit", sa.String(length=24), nullable=True, comment="UCUM"),
        sa.Column(
            "capacity_w", sa.BigInteger(), nullable=True, comment="power in W; null when the capacity is not a power"
        ),
        sa.Column("region", sa.String(length=6), nullable=True, comment="ISO 3166-2; null for several or none"),
        sa.Column(
            "regions",
            sa.String(length=120),
            nullable=True,
            comment="ISO codes when it lies in several, blank-separated",
        ),
        sa.Column("district", sa.String(length=12), nullable=True, comment="KATO"),
        sa.Column("place", sa.String(length=160), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column(
            "place_precision", sa.String(length=12), nullable=False, comment="site, settlement, approximate, none"
        ),
        sa.Column("cost", sa.Numeric(precision=24, scale=2), nullable=True),
        sa.Column("cost_currency", sa.String(length=3), nullable=True),
        sa.Column(
            "second_measure",
            sa.Numeric(precision=24, scale=6),
            nullable=True,
            comment="a second size, such as battery energy",
        ),
        sa.Column("second_unit", sa.String(length=24), nullable=True, comment="UCUM"),
        sa.Column(
            "stands_for",
            sa.Integer(),
            nullable=True,
            comment="how many like facilities one row of the source means; null: one",
        ),
        sa.Column("saving", sa.Numeric(precision=24, scale=6), nullable=True, comment="as stated by the source"),
        sa.Column("saving_unit", sa.String(length=80), nullable=True),
        sa.Column(
            "co2_saving_t",
            sa.Numeric(precision=24, scale=2),
            nullable=True,
            comment="t CO2 a year as stated by the source",
        ),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column(
            "possible_duplicate_of",
            sa.String(length=80),
            nullable=True,
            comment="key of another facility; a person decides",
        ),
        sa.Column(
            "merged_into", sa.String(length=26), nullable=True, comment="set while this record is merged into another"
        ),
        sa.Column("confidence", sa.String(length=8), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False, comment="unconfirmed facilities stay out of totals"),
        sa.Column("reference", sa.Boolean(), nullable=False, comment="outside every national total"),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_facility_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_facility")),
        sa.UniqueConstraint("key", name=op.f("uq_facility_key")),
        comment="A place where a green technology is or will be at work.",
    )
    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_facility_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_facility_family"), ["family"], unique=False)
        batch_op.create_index("ix_facility_list", ["region", "family", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_facility_region"), ["region"], unique=False)

    op.create_table(
        "session",
        sa.Column("secret_hash", sa.String(length=64), nullable=False, comment="SHA-256 of the cookie's secret"),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("form_key", sa.String(length=64), nullable=False, comment="must come back in every form (CSRF)"),
        sa.Column("expires_at", sa.BigInteger(), nullable=False, comment="µs since 1970 UTC"),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_session_account_id")),
        sa.PrimaryKeyConstraint("secret_hash", name=op.f("pk_session")),
        comment="Signed-in browsers.",
    )
    op.create_table(
        "stale_figure",
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["figure"], ["figure.id"], name=op.f("fk_stale_figure_figure")),
        sa.PrimaryKeyConstraint("figure", name=op.f("pk_stale_figure")),
        comment="Figures whose inputs changed and that were not computed again yet.",
    )
    op.create_table(
        "statement",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(), nullable=False, comment="ULID"),
        sa.Column("figure", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("record_id", sa.Text(), nullable=False, comment="the calc record in the ledger"),
        sa.Column("document", sa.LargeBinary(), nullable=False, comment="the bytes of that record"),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=False),
        sa.Column("supersedes", sa.Text(), nullable=True, comment="statement it replaces"),
        sa.Column("superseded_by", sa.Text(), nullable=True, comment="statement that replaces it"),
        sa.ForeignKeyConstraint(["figure"], ["figure.id"], name=op.f("fk_statement_figure")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_statement")),
        sa.UniqueConstraint("id", name=op.f("uq_statement_id")),
        sa.UniqueConstraint("record_id", name=op.f("uq_statement_record_id")),
        comment="Figures that somebody published, frozen as they were.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_statement_key"), ["key"], unique=False)

    op.create_table(
        "support_measure",
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("who", sa.Text(), nullable=True),
        sa.Column("condition", sa.Text(), nullable=True),
        sa.Column("size", sa.Text(), nullable=True),
        sa.Column("valid_from", sa.String(length=24), nullable=True),
        sa.Column("valid_to", sa.String(length=24), nullable=True),
        sa.Column("legal_act", sa.Text(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.String(length=8), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_support_measure_source_id")),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_support_measure")),
        comment="Support open to projects.",
    )
    op.create_table(
        "target",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("programme", sa.String(length=80), nullable=False),
        sa.Column("goal", sa.Text(), nullable=False),
        sa.Column("indicator", sa.Text(), nullable=False),
        sa.Column("region", sa.String(length=60), nullable=False),
        sa.Column("unit", sa.String(length=60), nullable=True, comment="UCUM where it can be told"),
        sa.Column("qualifier", sa.String(length=60), nullable=True, comment="at least, about, below 1990, …"),
        sa.Column("base_year", sa.Integer(), nullable=True),
        sa.Column("base_value", sa.Numeric(precision=24, scale=6), nullable=True),
        sa.Column("target_year", sa.Integer(), nullable=True),
        sa.Column("target_value", sa.Numeric(precision=24, scale=6), nullable=True),
        sa.Column("target_text", sa.Text(), nullable=True, comment="where the source has words instead of a number"),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.String(length=8), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["programme"], ["programme.key"], name=op.f("fk_target_programme")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_target_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_target")),
        comment="Dated, sourced targets of programmes.",
    )
    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_target_programme"), ["programme"], unique=False)

    op.create_table(
        "token",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("secret_hash", sa.String(length=64), nullable=False, comment="SHA-256; the token is shown once"),
        sa.Column("account_id", sa.String(length=26), nullable=False),
        sa.Column("label", sa.String(length=120), nullable=False),
        sa.Column("actions", sa.String(length=200), nullable=False, comment="actions it may do, blank-separated"),
        sa.Column("series_id", sa.String(length=26), nullable=True, comment="only this series, when set"),
        sa.Column("created_at", sa.BigInteger(), nullable=False),
        sa.Column("revoked", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_token_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_token")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_token_secret_hash")),
        comment="Keys for programs and gateways.",
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("facility_id", sa.String(length=26), nullable=False),
        sa.Column("technology", sa.String(length=16), nullable=False),
        sa.Column("capacity", sa.Numeric(precision=24, scale=6), nullable=True),
        sa.Column("capacity_unit", sa.String(length=24), nullable=True),
        sa.Column("commissioned", sa.String(length=10), nullable=True),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_installation_facility_id")),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_installation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
        sa.UniqueConstraint("key", name=op.f("uq_installation_key")),
        comment="A technical unit or phase of a facility.",
    )
    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_installation_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "owner",
        sa.Column("facility_id", sa.String(length=26), nullable=False),
        sa.Column("enterprise_id", sa.String(length=26), nullable=False),
        sa.Column("role", sa.String(length=12), nullable=False, comment="named, owner, co-owner, parent, developer, …"),
        sa.Column("share", sa.Numeric(precision=7, scale=4), nullable=True, comment="percent; null when not stated"),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["enterprise_id"], ["enterprise.id"], name=op.f("fk_owner_enterprise_id")),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_owner_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_owner_source_id")),
        sa.PrimaryKeyConstraint("facility_id", "enterprise_id", "role", name=op.f("pk_owner")),
        comment="Who owns how much of a facility.",
    )
    op.create_table(
        "published_output",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("facility_id", sa.String(length=26), nullable=False),
        sa.Column("period", sa.String(length=24), nullable=False, comment="as published: 2022, 2022-01..09"),
        sa.Column("kind", sa.String(length=16), nullable=False, comment="measured, design, stated"),
        sa.Column("value", sa.Numeric(precision=24, scale=6), nullable=False),
        sa.Column("unit", sa.String(length=24), nullable=False, comment="UCUM"),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("confidence", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_published_output_facility_id")),
        sa.ForeignKeyConstraint(["source_id"], ["source.id"], name=op.f("fk_published_output_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_published_output")),
        comment="What somebody published about a facility's output or saving; design values are never output.",
    )
    with op.batch_alter_table("published_output", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_published_output_facility_id"), ["facility_id"], unique=False)

    op.create_table(
        "series",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False, comment="stands in the segments of readings"),
        sa.Column("facility_id", sa.String(length=26), nullable=False),
        sa.Column("quantity", sa.String(length=40), nullable=False),
        sa.Column("unit", sa.String(length=24), nullable=False, comment="UCUM, base unit of its dimension"),
        sa.Column("scale", sa.Integer(), nullable=False, comment="a stored integer is value × 10^scale base units"),
        sa.Column("interval_seconds", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False, comment="mean, amount, counter"),
        sa.Column("zone", sa.String(length=40), nullable=False),
        sa.Column(
            "trust", sa.String(length=20), nullable=False, comment="device-signed, gateway-signed, operator-entered"
        ),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_series_facility_id")),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_series_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_series")),
        sa.UniqueConstraint("key", name=op.f("uq_series_key")),
        sa.UniqueConstraint("number", name=op.f("uq_series_number")),
        comment="A meter's series of readings: what is measured, where, how often.",
    )
    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_series_facility_id"), ["facility_id"], unique=False)
    op.execute("insert into data_revision (only_row, revision) values (1, 0)")
