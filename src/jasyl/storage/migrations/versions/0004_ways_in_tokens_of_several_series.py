"""ways in, tokens of several series"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "meter_mounting",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("series", sa.BigInteger(), nullable=False, comment="number of the series"),
        sa.Column("since", sa.BigInteger(), nullable=False, comment="µs UTC from which readings are of this meter"),
        sa.Column("serial", sa.String(length=60), nullable=False, comment="number of the meter, as on its plate"),
        sa.Column(
            "size",
            sa.BigInteger(),
            nullable=True,
            comment="where its register rolls over, integer of the series; null: unknown",
        ),
        sa.Column("first", sa.BigInteger(), nullable=True, comment="register when mounted"),
        sa.Column("last", sa.BigInteger(), nullable=True, comment="register of its predecessor when taken down"),
        sa.Column("recorded_at", sa.BigInteger(), nullable=False, comment="µs UTC"),
        sa.Column("actor", sa.String(length=40), nullable=False, comment="account"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_meter_mounting")),
        comment="Meters and their changes; append-only, of each series and moment the newest row holds.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("meter_mounting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meter_mounting_series"), ["series"], unique=False)

    op.create_table(
        "metering_mapping",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column(
            "sender",
            sa.String(length=80),
            nullable=False,
            comment="id of the enterprise, or a name given to the sender",
        ),
        sa.Column(
            "shape", sa.String(length=64), nullable=False, comment="SHA-256 of the sheet's layout without its days"
        ),
        sa.Column("mapping", sa.Text(), nullable=False, comment="JSON: meters, units, contents, zone, stamps"),
        sa.Column("file_name", sa.Text(), nullable=False, comment="of the sheet on which it was confirmed"),
        sa.Column("confirmed_by", sa.String(length=40), nullable=False, comment="account"),
        sa.Column("confirmed_at", sa.BigInteger(), nullable=False, comment="µs UTC"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_metering_mapping")),
        comment="What people confirmed of metering sheets; append-only, of each sender and shape the newest holds.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("metering_mapping", schema=None) as batch_op:
        batch_op.create_index("ix_metering_mapping_sender", ["sender", "shape"], unique=False)

    op.create_table(
        "quarantined_message",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("payload", sa.LargeBinary(), nullable=False, comment="as it came, its first 64 KiB"),
        sa.Column("bytes", sa.BigInteger(), nullable=False, comment="length as it came"),
        sa.Column("reason", sa.Text(), nullable=False, comment="JSON: code and arguments of the refusal"),
        sa.Column("received_at", sa.BigInteger(), nullable=False, comment="µs UTC"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_quarantined_message")),
        comment="Messages of a broker that say no reading: kept for people to look at and acknowledged, or they came on.",
        sqlite_autoincrement=True,
    )
    op.create_table(
        "quarantined_reading",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column(
            "series",
            sa.String(length=200),
            nullable=False,
            comment="name as the sender gave it; the register has no such",
        ),
        sa.Column("start", sa.BigInteger(), nullable=False, comment="µs UTC"),
        sa.Column("value", sa.String(length=90), nullable=False, comment="decimal, in the unit as sent"),
        sa.Column("unit", sa.String(length=24), nullable=False, comment="UCUM"),
        sa.Column("actor", sa.String(length=40), nullable=False, comment="who sent it, an id of the people room"),
        sa.Column("received_at", sa.BigInteger(), nullable=False, comment="µs UTC"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_quarantined_reading")),
        sa.UniqueConstraint(
            "series",
            "start",
            "value",
            "unit",
            "actor",
            name=op.f("uq_quarantined_reading_series_start_value_unit_actor"),
        ),
        comment="Readings of series that nobody registered: kept until somebody does, or throws them away.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("quarantined_reading", schema=None) as batch_op:
        batch_op.create_index("ix_quarantined_reading_actor", ["actor"], unique=False)

    op.create_table(
        "sta_entity",
        sa.Column("kind", sa.String(length=20), nullable=False, comment="Thing, Sensor, Location, …"),
        sa.Column(
            "id", sa.String(length=40), nullable=False, comment="of Things and Datastreams: that of facility and series"
        ),
        sa.Column("document", sa.Text(), nullable=False, comment="JSON: properties and ids of linked entities"),
        sa.Column("actor", sa.String(length=40), nullable=False, comment="who made it, an id of the people room"),
        sa.Column("withdrawn", sa.Boolean(), nullable=False, comment="deleted by a client; the register keeps its own"),
        sa.Column("version", sa.BigInteger(), nullable=False, comment="rises with every change of the table"),
        sa.PrimaryKeyConstraint("kind", "id", name=op.f("pk_sta_entity")),
        comment="SensorThings entities and properties without a place in the register; never readings.",
    )
    with op.batch_alter_table("sta_entity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sta_entity_version"), ["version"], unique=False)

    op.create_table(
        "token_reach",
        sa.Column("token_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False, comment="enterprise, series"),
        sa.Column("entity_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"], name=op.f("fk_token_reach_token_id")),
        sa.PrimaryKeyConstraint("token_id", "kind", "entity_id", name=op.f("pk_token_reach")),
        comment="What a token is narrowed to, for tokens whose series_id says 'reach'.",
    )
