"""projects, installations, districts"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.String(length=26), nullable=False),
        sa.Column("key", sa.String(length=80), nullable=False),
        sa.Column("name_kk", sa.String(length=200), nullable=True),
        sa.Column("name_ru", sa.String(length=200), nullable=True),
        sa.Column("name_en", sa.String(length=200), nullable=True),
        sa.Column("kind", sa.String(length=20), nullable=False, comment="new_build, extension, modernisation, …"),
        sa.Column("enterprise_id", sa.String(length=26), nullable=True, comment="who carries it out"),
        sa.Column("partner_ids", sa.Text(), nullable=True, comment="ids of other enterprises, blank-separated"),
        sa.Column("facility_id", sa.String(length=26), nullable=True, comment="the facility it leads to"),
        sa.Column("technology", sa.String(length=16), nullable=False),
        sa.Column("family", sa.String(length=24), nullable=False, comment="family on maps, from the technology"),
        sa.Column("status", sa.String(length=20), nullable=False),
        sa.Column(
            "status_date", sa.String(length=40), nullable=True, comment="date of the source that tells the status"
        ),
        sa.Column(
            "since_idea",
            sa.String(length=10),
            nullable=True,
            comment="when each status was reached, as precise as known",
        ),
        sa.Column("since_planned", sa.String(length=10), nullable=True),
        sa.Column("since_permitted", sa.String(length=10), nullable=True),
        sa.Column("since_financed", sa.String(length=10), nullable=True),
        sa.Column("since_construction", sa.String(length=10), nullable=True),
        sa.Column("since_commissioned", sa.String(length=10), nullable=True),
        sa.Column("since_shelved", sa.String(length=10), nullable=True),
        sa.Column("since_cancelled", sa.String(length=10), nullable=True),
        sa.Column(
            "expected", sa.String(length=10), nullable=True, comment="planned commissioning, as precise as known"
        ),
        sa.Column(
            "capacity",
            sa.Numeric(precision=24, scale=6),
            nullable=True,
            comment="planned, in the unit of capacity_unit",
        ),
        sa.Column("capacity_unit", sa.String(length=24), nullable=True, comment="UCUM"),
        sa.Column(
            "capacity_w", sa.BigInteger(), nullable=True, comment="power in W; null when the capacity is not a power"
        ),
        sa.Column(
            "investment", sa.Numeric(precision=24, scale=2), nullable=True, comment="whole investment, as stated"
        ),
        sa.Column("investment_currency", sa.String(length=3), nullable=True, comment="ISO 4217"),
        sa.Column(
            "price_year",
            sa.Integer(),
            nullable=True,
            comment="year of whose prices the investment is; null: not stated",
        ),
        sa.Column("financing", sa.String(length=160), nullable=True, comment="sources of money, blank-separated"),
        sa.Column("support", sa.Text(), nullable=True, comment="keys of support measures used, blank-separated"),
        sa.Column("programme", sa.String(length=80), nullable=True, comment="key of a programme"),
        sa.Column("region", sa.String(length=6), nullable=True, comment="ISO 3166-2; null for several or none"),
        sa.Column("district", sa.String(length=12), nullable=True, comment="KATO"),
        sa.Column(
            "district_found", sa.String(length=40), nullable=True, comment="code of the district the point lies in"
        ),
        sa.Column("place", sa.String(length=160), nullable=True),
        sa.Column("lon", sa.Double(), nullable=True),
        sa.Column("lat", sa.Double(), nullable=True),
        sa.Column(
            "place_precision", sa.String(length=12), nullable=False, comment="site, settlement, approximate, none"
        ),
        sa.Column("description", sa.Text(), nullable=True),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("confidence", sa.String(length=8), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False, comment="unconfirmed projects stay out of totals"),
        sa.Column("level", sa.String(length=12), nullable=False),
        sa.Column(
            "changed_at", sa.BigInteger(), nullable=True, comment="µs UTC of the newest assertion; null: not known"
        ),
        sa.ForeignKeyConstraint(["facility_id"], ["facility.id"], name=op.f("fk_project_facility_id")),
        sa.ForeignKeyConstraint(["id"], ["entity.id"], name=op.f("fk_project_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("key", name=op.f("uq_project_key")),
        comment="An undertaking that leads to a facility, or changes one.",
    )
    with op.batch_alter_table("project", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_project_enterprise_id"), ["enterprise_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_facility_id"), ["facility_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_family"), ["family"], unique=False)
        batch_op.create_index("ix_project_list", ["region", "family", "status"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_programme"), ["programme"], unique=False)
        batch_op.create_index(batch_op.f("ix_project_region"), ["region"], unique=False)

    with op.batch_alter_table("assertion", schema=None) as batch_op:
        batch_op.create_index(
            "ix_assertion_valid_from",
            ["valid_from"],
            unique=False,
            postgresql_where=sa.text("valid_from is not null"),
            sqlite_where=sa.text("valid_from is not null"),
        )
        batch_op.drop_constraint(batch_op.f("fk_assertion_source_id"), type_="foreignkey")

    with op.batch_alter_table("enterprise", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "changed_at", sa.BigInteger(), nullable=True, comment="µs UTC of the newest assertion; null: not known"
            )
        )

    with op.batch_alter_table("facility", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "district_found", sa.String(length=40), nullable=True, comment="code of the district the point lies in"
            )
        )
        batch_op.add_column(
            sa.Column(
                "changed_at", sa.BigInteger(), nullable=True, comment="µs UTC of the newest assertion; null: not known"
            )
        )

    with op.batch_alter_table("installation", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "unit_no", sa.String(length=40), nullable=True, comment="number or name of the unit within its facility"
            )
        )
        batch_op.add_column(
            sa.Column("unit_count", sa.Integer(), nullable=True, comment="how many like units the row means; null: one")
        )
        batch_op.add_column(sa.Column("maker", sa.String(length=120), nullable=True))
        batch_op.add_column(sa.Column("model", sa.String(length=120), nullable=True))
        batch_op.add_column(
            sa.Column("serial", sa.String(length=80), nullable=True, comment="the maker's number of the unit")
        )
        batch_op.add_column(
            sa.Column(
                "capacity_w",
                sa.BigInteger(),
                nullable=True,
                comment="power of one unit in W; null when the capacity is not a power",
            )
        )
        batch_op.add_column(
            sa.Column(
                "decommissioned",
                sa.String(length=10),
                nullable=True,
                comment="YYYY, YYYY-MM or YYYY-MM-DD, as precise as known",
            )
        )
        batch_op.add_column(sa.Column("lon", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("lat", sa.Double(), nullable=True))
        batch_op.add_column(sa.Column("note", sa.Text(), nullable=True))
        batch_op.add_column(sa.Column("confidence", sa.String(length=8), server_default="medium", nullable=False))
        batch_op.add_column(sa.Column("level", sa.String(length=12), server_default="public", nullable=False))
        batch_op.add_column(
            sa.Column(
                "changed_at", sa.BigInteger(), nullable=True, comment="µs UTC of the newest assertion; null: not known"
            )
        )

    with op.batch_alter_table("series", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column(
                "changed_at", sa.BigInteger(), nullable=True, comment="µs UTC of the newest assertion; null: not known"
            )
        )

    # When each record last changed, from what was said of it: lists of the past start from there.
    for table in ("enterprise", "facility", "installation", "series"):
        op.execute(
            f"update {table} set changed_at = "  # noqa: S608  (names of our own tables)
            f"(select max(recorded_at) from assertion where entity_id = {table}.id)"
        )
