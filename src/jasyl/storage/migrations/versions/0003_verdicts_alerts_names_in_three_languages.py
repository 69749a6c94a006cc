"""verdicts, alerts, names in three languages"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alert",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("facility_id", sa.String(length=26), nullable=False),
        sa.Column("series", sa.BigInteger(), nullable=False, comment="number of the series"),
        sa.Column("check", sa.String(length=32), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False, comment="suspect, wrong"),
        sa.Column("evidence", sa.String(length=60), nullable=False),
        sa.Column("start", sa.BigInteger(), nullable=False, comment="µs UTC of what was found first"),
        sa.Column("end", sa.BigInteger(), nullable=False, comment="µs UTC behind what was found last"),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False, comment="open, acknowledged, closed"),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=40), nullable=False, comment="'quality', or a person's account"),
        sa.Column("note", sa.Text(), nullable=True, comment="what the person who changed it last wrote"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alert")),
        comment="What somebody should look at: one for each series and check until it is closed.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("alert", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_facility_id"), ["facility_id"], unique=False)
        batch_op.create_index("ix_alert_series_check", ["series", "check"], unique=False)
        batch_op.create_index("ix_alert_state", ["state", "opened_at"], unique=False)

    op.create_table(
        "meter_part",
        sa.Column("whole", sa.BigInteger(), nullable=False, comment="number of the main meter's series"),
        sa.Column("part", sa.BigInteger(), nullable=False, comment="number of a series that it contains"),
        sa.PrimaryKeyConstraint("whole", "part", name=op.f("pk_meter_part")),
        comment="Which meters stand behind which: the sum of the parts should be the whole.",
    )
    op.create_table(
        "quality_state",
        sa.Column("tier", sa.String(length=8), nullable=False, comment="near: checks that need few days; deep: all"),
        sa.Column("judged", sa.BigInteger(), nullable=False, comment="deliveries up to this one have been judged"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="µs UTC of that judgement"),
        sa.PrimaryKeyConstraint("tier", name=op.f("pk_quality_state")),
        comment="How far quality control has come.",
    )
    op.create_table(
        "verdict",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("series", sa.BigInteger(), nullable=False, comment="number of the series"),
        sa.Column("check", sa.String(length=32), nullable=False, comment="id of the check, or 'person'"),
        sa.Column("version", sa.String(length=16), nullable=False, comment="version of the check"),
        sa.Column("start", sa.BigInteger(), nullable=False, comment="µs UTC of the first interval judged"),
        sa.Column("end", sa.BigInteger(), nullable=False, comment="µs UTC behind the last one"),
        sa.Column("verdict", sa.String(length=8), nullable=False, comment="suspect, wrong, cleared"),
        sa.Column("readings", sa.BigInteger(), nullable=False, comment="how many readings stood there; 0: a gap"),
        sa.Column("evidence", sa.String(length=60), nullable=False, comment="short technical text: +5 h, × 1000, 10^6"),
        sa.Column(
            "judged", sa.BigInteger(), nullable=False, comment="newest delivery that was known: the revision judged"
        ),
        sa.Column("actor", sa.String(length=40), nullable=False, comment="'quality', or who decided by hand"),
        sa.Column("note", sa.Text(), nullable=True, comment="reason of a person"),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="µs UTC"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_verdict")),
        comment="Verdicts on stretches of readings, append-only: of each check and instant the newest holds.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("verdict", schema=None) as batch_op:
        batch_op.create_index("ix_verdict_series_start", ["series", "start"], unique=False)

    op.create_table(
        "alert_event",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("alert", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("actor", sa.String(length=40), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(["alert"], ["alert.number"], name=op.f("fk_alert_event_alert")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_alert_event")),
        comment="The history of alerts, append-only.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("alert_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_alert_event_alert"), ["alert"], unique=False)

    op.create_table(
        "notice",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("event", sa.BigInteger(), nullable=False),
        sa.Column("channel", sa.String(length=8), nullable=False, comment="mail, webhook"),
        sa.Column("due_at", sa.BigInteger(), nullable=False, comment="when it is tried next, µs UTC"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("given_up_at", sa.BigInteger(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True, comment="of the last attempt"),
        sa.ForeignKeyConstraint(["event"], ["alert_event.number"], name=op.f("fk_notice_event")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_notice")),
        sa.UniqueConstraint("event", "channel", name=op.f("uq_notice_event_channel")),
        comment="The outbox of messages about alerts: written with the alert, sent later, tried again with growing pauses.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("notice", schema=None) as batch_op:
        batch_op.create_index("ix_notice_due", ["sent_at", "given_up_at", "due_at"], unique=False)

    with op.batch_alter_table("support_measure", schema=None) as batch_op:
        batch_op.add_column(sa.Column("name_kk", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("name_ru", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("kind_kk", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("kind_ru", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("who_kk", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("who_ru", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("size_kk", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("size_ru", sa.Text(), nullable=True))

    with op.batch_alter_table("target", schema=None) as batch_op:
        batch_op.add_column(sa.Column("indicator_kk", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("indicator_ru", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("qualifier_kk", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("qualifier_ru", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("target_text_kk", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("target_text_ru", sa.Text(), nullable=True))
