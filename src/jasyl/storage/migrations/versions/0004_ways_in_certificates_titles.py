"""ways in, certificates, titles, sealed payloads"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "certificate",
        sa.Column("id", sa.String(length=64), nullable=False),
        sa.Column("attribute", sa.String(length=16), nullable=False, comment="electricity, heat, carbon, recycled"),
        sa.Column("device", sa.String(length=64), nullable=False, comment="public id of the device"),
        sa.Column("series", sa.String(length=64), nullable=False, comment="its series; - for an import"),
        sa.Column("start", sa.BigInteger(), nullable=False, comment="of the production interval, µs since 1970, UTC"),
        sa.Column("end", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.BigInteger(), nullable=False, comment="units: Wh or g"),
        sa.Column("usable_until", sa.BigInteger(), nullable=False, comment="µs since 1970, UTC"),
        sa.Column("expires_at", sa.BigInteger(), nullable=False, comment="µs since 1970, UTC"),
        sa.Column(
            "registry", sa.String(length=512), nullable=True, comment="where an import comes from; null: issued here"
        ),
        sa.Column("foreign_id", sa.String(length=64), nullable=True, comment="its id there"),
        sa.Column("record_id", sa.String(length=64), nullable=False, comment="record of its issue or import"),
        sa.Column("place", sa.String(length=4), nullable=False, comment="place in the tree of the state"),
        sa.Column("leaf", sa.LargeBinary(), nullable=False, comment="hash of the certificate as it is now"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_certificate")),
        comment="Certificates; a projection of certificate records of the log.",
    )
    with op.batch_alter_table("certificate", schema=None) as batch_op:
        batch_op.create_index("ix_certificate_device", ["device", "attribute", "start"], unique=False)
        batch_op.create_index("ix_certificate_foreign", ["registry", "foreign_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_place"), ["place"], unique=False)
        batch_op.create_index("ix_certificate_series", ["series"], unique=False)

    op.create_table(
        "certificate_node",
        sa.Column("path", sa.String(length=4), nullable=False, comment="hexadecimal digits; empty: the root"),
        sa.Column("parent", sa.String(length=4), nullable=False, comment="path without its last digit; - of the root"),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("path", name=op.f("pk_certificate_node")),
        comment="The tree whose root is the state hash of all certificates.",
    )
    with op.batch_alter_table("certificate_node", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_node_parent"), ["parent"], unique=False)

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
        "sealed_payload",
        sa.Column("record_id", sa.String(length=64), nullable=False, comment="The sealed record, hexadecimal"),
        sa.Column("subject", sa.String(length=128), nullable=False, comment="Pseudonym, as in the record"),
        sa.Column(
            "ciphertext", sa.LargeBinary(), nullable=True, comment="12 bytes nonce, AES-256-GCM; null after erasure"
        ),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="µs since 1970, UTC"),
        sa.Column("erased_at", sa.BigInteger(), nullable=True, comment="µs since 1970, UTC; set by erasure"),
        sa.Column("erase_record", sa.String(length=64), nullable=True, comment="The erase record, hexadecimal"),
        sa.PrimaryKeyConstraint("record_id", name=op.f("pk_sealed_payload")),
        comment="Encrypted payloads of sealed records; unreadable without a row of wrapped_key.",
    )
    with op.batch_alter_table("sealed_payload", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sealed_payload_subject"), ["subject"], unique=False)

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
        "title",
        sa.Column("title_id", sa.String(length=128), nullable=False, comment="Pseudonym, as in the records"),
        sa.Column("object_mark", sa.String(length=64), nullable=False, comment="HMAC over class and identification"),
        sa.Column("head", sa.String(length=64), nullable=False, comment="Newest title record, hexadecimal"),
        sa.Column("events", sa.Integer(), nullable=False, comment="Length of the chain"),
        sa.PrimaryKeyConstraint("title_id", name=op.f("pk_title")),
        sa.UniqueConstraint("head", name=op.f("uq_title_head")),
        sa.UniqueConstraint("object_mark", name=op.f("uq_title_object_mark")),
        comment="Titles to indivisible things: the mark that makes each unique, and its newest event.",
    )
    op.create_table(
        "wrapped_key",
        sa.Column("record_id", sa.String(length=64), nullable=False, comment="The sealed record, hexadecimal"),
        sa.Column(
            "reader_id", sa.String(length=64), nullable=False, comment="SHA-256 of the reader's public key, hexadecimal"
        ),
        sa.Column("reader_name", sa.String(length=255), nullable=False),
        sa.Column("wrap", sa.LargeBinary(), nullable=False, comment="HPKE MLKEM768_X25519 of data key and salt"),
        sa.Column("created_at", sa.BigInteger(), nullable=False, comment="µs since 1970, UTC"),
        sa.PrimaryKeyConstraint("record_id", "reader_id", name=op.f("pk_wrapped_key")),
        comment="Data key and salt of each sealed payload, wrapped to each of its readers; deleting the rows erases it.",
    )
    op.create_table(
        "certificate_event",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False, comment="from 1, without gaps"),
        sa.Column("event", sa.String(length=12), nullable=False),
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("command", sa.String(length=64), nullable=False, comment="idempotency key"),
        sa.Column("content", sa.String(length=64), nullable=False, comment="hash of what the command asked for"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="µs since 1970, UTC"),
        sa.Column("record_id", sa.String(length=64), nullable=False),
        sa.Column("state", sa.String(length=64), nullable=False, comment="state hash after it"),
        sa.ForeignKeyConstraint(["certificate"], ["certificate.id"], name=op.f("fk_certificate_event_certificate")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_certificate_event")),
        sa.UniqueConstraint("command", name=op.f("uq_certificate_event_command")),
        comment="Events of certificates in their order.",
    )
    with op.batch_alter_table("certificate_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_event_certificate"), ["certificate"], unique=False)
        batch_op.create_index(batch_op.f("ix_certificate_event_event"), ["event"], unique=False)

    op.create_table(
        "certificate_piece",
        sa.Column("certificate", sa.String(length=64), nullable=False),
        sa.Column("start", sa.BigInteger(), autoincrement=False, nullable=False, comment="first unit"),
        sa.Column("end", sa.BigInteger(), nullable=False, comment="behind the last unit"),
        sa.Column(
            "standing", sa.String(length=12), nullable=False, comment="held, retired, cancelled, expired, exported"
        ),
        sa.Column("owner", sa.String(length=64), nullable=False),
        sa.Column(
            "note", sa.String(length=64), nullable=False, comment="hash of what ended the units; - while they are held"
        ),
        sa.ForeignKeyConstraint(["certificate"], ["certificate.id"], name=op.f("fk_certificate_piece_certificate")),
        sa.PrimaryKeyConstraint("certificate", "start", name=op.f("pk_certificate_piece")),
        comment="Who holds which units of a certificate, or how they ended.",
    )
    with op.batch_alter_table("certificate_piece", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_certificate_piece_owner"), ["owner"], unique=False)

    op.create_table(
        "token_reach",
        sa.Column("token_id", sa.String(length=26), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False, comment="enterprise, series"),
        sa.Column("entity_id", sa.String(length=26), nullable=False),
        sa.ForeignKeyConstraint(["token_id"], ["token.id"], name=op.f("fk_token_reach_token_id")),
        sa.PrimaryKeyConstraint("token_id", "kind", "entity_id", name=op.f("pk_token_reach")),
        comment="What a token is narrowed to, for tokens whose series_id says 'reach'.",
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index("ix_outbox_kind", ["kind", "seq"], unique=False)
