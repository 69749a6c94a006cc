"""statements found outdated, and messages about them"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outdated_statement",
        sa.Column(
            "number",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            autoincrement=True,
            nullable=False,
            comment="order of finding",
        ),
        sa.Column("statement", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False, comment="µs UTC"),
        sa.ForeignKeyConstraint(["statement"], ["statement.id"], name=op.f("fk_outdated_statement_statement")),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_outdated_statement")),
        sa.UniqueConstraint("statement", name=op.f("uq_outdated_statement_statement")),
        comment="Statements that were found to have another number than the current figure, each once: people are told.",
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("notice", schema=None, table_kwargs={"sqlite_autoincrement": True}) as batch_op:
        batch_op.alter_column("event", existing_type=sa.BigInteger(), nullable=True, comment="of an alert")
        batch_op.add_column(sa.Column("outdated", sa.BigInteger(), nullable=True, comment="or a statement"))
        batch_op.create_foreign_key(op.f("fk_notice_outdated"), "outdated_statement", ["outdated"], ["number"])
        batch_op.create_unique_constraint(op.f("uq_notice_outdated_channel"), ["outdated", "channel"])
    if op.get_bind().dialect.name != "sqlite":  # which knows no comments
        op.create_table_comment(
            "notice",
            "The outbox of messages: written with what they tell of, sent later, tried again with growing pauses.",
        )
