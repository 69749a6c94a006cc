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
