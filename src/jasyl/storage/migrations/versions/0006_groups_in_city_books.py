"""groups behind the numbers of a city book"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "city_entry",
        sa.Column(
            "parts", sa.Text(), nullable=True, comment="groups behind the number, as lines of text; null for none"
        ),
    )
