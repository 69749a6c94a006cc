"""when a token was last used"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "token",
        sa.Column("last_used_at", sa.BigInteger(), nullable=True, comment="to the minute; null: not yet, or unknown"),
    )
