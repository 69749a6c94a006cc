"""The register: append-only assertions, and the projections that lists and maps read.

An assertion says what somebody recorded about one field of one entity. Nothing is edited: a newer assertion
of the same field stands before an older one. The projection tables hold what stands today and can be rebuilt
from the assertions at any time.
"""

import sqlalchemy as sa

from jasyl.storage import METADATA

ID = sa.String(26)

source = sa.Table(
    "source",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("text", sa.Text, nullable=False, comment="who says so, as published"),
    sa.Column("date", sa.String(40), comment="date of the source as written there"),
    sa.Column("licence", sa.String(80)),
    sa.UniqueConstraint("text", "date", "licence"),
    comment="Where assertions come from.",
)

entity = sa.Table(
    "entity",
    METADATA,
    sa.Column("id", ID, primary_key=True, comment="ULID"),
    sa.Column("kind", sa.String(16), nullable=False),
    sa.Column("key", sa.String(80), nullable=False, comment="name in addresses and files; unique per kind"),
    sa.Column("created_at", sa.BigInteger, nullable=False, comment="µs since 1970 UTC"),
    sa.UniqueConstraint("kind", "key"),
    comment="Everything with an identity: enterprises, facilities, installations, series, projects, programmes.",
)

assertion = sa.Table(
    "assertion",
    METADATA,
    sa.Column("seq", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True),
    sa.Column("entity_id", ID, nullable=False, index=True),
    sa.Column("field", sa.String(32), nullable=False),
    sa.Column("value", sa.Text, comment="JSON; null takes an earlier value back"),
    sa.Column("valid_from", sa.String(10), comment="ISO date from which it holds in the world; null: always"),
    sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="µs since 1970 UTC"),
    # No foreign key: rows come from `record` alone, which makes the source first, and checking a million of them row by
    # row was half of what PostgreSQL did for an import.
    sa.Column("source_id", sa.Integer, nullable=False),
    sa.Column("confidence", sa.String(8), nullable=False, comment="high, medium, low"),
    sa.Column("actor", sa.String(40), nullable=False, comment="account id, or the name of a starter"),
    sa.Column("level", sa.String(12), nullable=False, comment="publication level of this field"),
    # What is to hold only from a later day is rare, and asked for by every question about the past.
    sa.Index(
        "ix_assertion_valid_from",
        "valid_from",
        postgresql_where=sa.text("valid_from is not null"),
        sqlite_where=sa.text("valid_from is not null"),
    ),
    comment="What was recorded about one field of one entity; append-only.",
)

_NAMES = ("name_kk", "name_ru", "name_en")


def _names() -> list[sa.Column[str]]:
    return [sa.Column(name, sa.String(200)) for name in _NAMES]


def _translations(column: str) -> list[sa.Column[str]]:
    # The column itself holds the English text; what has no translation is null and told in English.
    return [sa.Column(f"{column}_{language}", sa.Text) for language in ("kk", "ru")]


def _changed_at() -> sa.Column[int]:
    return sa.Column("changed_at", sa.BigInteger, comment="µs UTC of the newest assertion; null: not known")


def _district_found() -> sa.Column[str]:
    # Follows from the borders in use, is asserted by nobody, and changes when other borders are imported.
    return sa.Column("district_found", sa.String(40), comment="code of the district the point lies in")


enterprise = sa.Table(
    "enterprise",
    METADATA,
    sa.Column("id", ID, sa.ForeignKey("entity.id"), primary_key=True),
    sa.Column("key", sa.String(80), nullable=False, unique=True),
    *_names(),
    sa.Column("bin", sa.String(12), unique=True, comment="business identification number"),
    sa.Column("kind", sa.String(12), comment="company, farm, authority, institution, cooperative, person"),
    sa.Column("size", sa.String(8), comment="micro, small, medium, large"),
    sa.Column("sector", sa.String(8), comment="OKED (NACE) section or division"),
    sa.Column("confidence", sa.String(8), nullable=False),
    sa.Column("level", sa.String(12), nullable=False, default="public"),
    _changed_at(),
    comment="Who owns or runs facilities.",
)

facility = sa.Table(
    "facility",
    METADATA,
    sa.Column("id", ID, sa.ForeignKey("entity.id"), primary_key=True),
    sa.Column("key", sa.String(80), nullable=False, unique=True),
    *_names(),
    sa.Column("enterprise_id", ID, index=True, comment="operator"),
    sa.Column("technology", sa.String(16), nullable=False),
    sa.Column("family", sa.String(24), nullable=False, index=True, comment="family on maps, from the technology"),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("status_certain", sa.Boolean, nullable=False, default=True),
    sa.Column("status_date", sa.String(40)),
    sa.Column("commissioned", sa.String(10), comment="YYYY, YYYY-MM or YYYY-MM-DD, as precise as known"),
    sa.Column("commissioned_year", sa.Integer),
    sa.Column("expected", sa.String(10), comment="planned commissioning, as precise as known"),
    sa.Column("capacity", sa.Numeric(24, 6), comment="in the unit of capacity_unit"),
    sa.Column("capacity_unit", sa.String(24), comment="UCUM"),
    sa.Column("capacity_w", sa.BigInteger, comment="power in W; null when the capacity is not a power"),
    sa.Column("region", sa.String(6), index=True, comment="ISO 3166-2; null for several or none"),
    sa.Column("regions", sa.String(120), comment="ISO codes when it lies in several, blank-separated"),
    sa.Column("district", sa.String(12), comment="KATO"),
    _district_found(),
    sa.Column("place", sa.String(160)),
    sa.Column("lon", sa.Double),
    sa.Column("lat", sa.Double),
    sa.Column("place_precision", sa.String(12), nullable=False, comment="site, settlement, approximate, none"),
    sa.Column("cost", sa.Numeric(24, 2)),
    sa.Column("cost_currency", sa.String(3)),
    sa.Column("second_measure", sa.Numeric(24, 6), comment="a second size, such as battery energy"),
    sa.Column("second_unit", sa.String(24), comment="UCUM"),
    sa.Column("stands_for", sa.Integer, comment="how many like facilities one row of the source means; null: one"),
    sa.Column("saving", sa.Numeric(24, 6), comment="as stated by the source"),
    sa.Column("saving_unit", sa.String(80)),
    sa.Column("co2_saving_t", sa.Numeric(24, 2), comment="t CO2 a year as stated by the source"),
    sa.Column("description", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("possible_duplicate_of", sa.String(80), comment="key of another facility; a person decides"),
    sa.Column("merged_into", ID, comment="set while this record is merged into another"),
    sa.Column("confidence", sa.String(8), nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False, comment="unconfirmed facilities stay out of totals"),
    sa.Column("reference", sa.Boolean, nullable=False, default=False, comment="outside every national total"),
    sa.Column("level", sa.String(12), nullable=False, default="public"),
    _changed_at(),
    sa.Index("ix_facility_list", "region", "family", "status"),
    comment="A place where a green technology is or will be at work.",
)

owner = sa.Table(
    "owner",
    METADATA,
    sa.Column("facility_id", ID, sa.ForeignKey("facility.id"), primary_key=True),
    sa.Column("enterprise_id", ID, sa.ForeignKey("enterprise.id"), primary_key=True),
    sa.Column("role", sa.String(12), primary_key=True, comment="named, owner, co-owner, parent, developer, …"),
    sa.Column("share", sa.Numeric(7, 4), comment="percent; null when not stated"),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
    sa.Column("confidence", sa.String(8), nullable=False),
    comment="Who owns how much of a facility.",
)

installation = sa.Table(
    "installation",
    METADATA,
    sa.Column("id", ID, sa.ForeignKey("entity.id"), primary_key=True),
    sa.Column("key", sa.String(80), nullable=False, unique=True),
    sa.Column("facility_id", ID, sa.ForeignKey("facility.id"), nullable=False, index=True),
    sa.Column("unit_no", sa.String(40), comment="number or name of the unit within its facility"),
    sa.Column("unit_count", sa.Integer, comment="how many like units the row means; null: one"),
    sa.Column("technology", sa.String(16), nullable=False),
    sa.Column("maker", sa.String(120)),
    sa.Column("model", sa.String(120)),
    sa.Column("serial", sa.String(80), comment="the maker's number of the unit"),
    sa.Column("capacity", sa.Numeric(24, 6)),
    sa.Column("capacity_unit", sa.String(24)),
    sa.Column("capacity_w", sa.BigInteger, comment="power of one unit in W; null when the capacity is not a power"),
    sa.Column("commissioned", sa.String(10)),
    sa.Column("decommissioned", sa.String(10), comment="YYYY, YYYY-MM or YYYY-MM-DD, as precise as known"),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("lon", sa.Double),
    sa.Column("lat", sa.Double),
    sa.Column("note", sa.Text),
    sa.Column("confidence", sa.String(8), nullable=False, server_default="medium"),
    sa.Column("level", sa.String(12), nullable=False, default="public", server_default="public"),
    _changed_at(),
    comment="A technical unit or phase of a facility.",
)

project = sa.Table(
    "project",
    METADATA,
    sa.Column("id", ID, sa.ForeignKey("entity.id"), primary_key=True),
    sa.Column("key", sa.String(80), nullable=False, unique=True),
    *_names(),
    sa.Column("kind", sa.String(20), nullable=False, comment="new_build, extension, modernisation, …"),
    sa.Column("enterprise_id", ID, index=True, comment="who carries it out"),
    sa.Column("partner_ids", sa.Text, comment="ids of other enterprises, blank-separated"),
    sa.Column("facility_id", ID, sa.ForeignKey("facility.id"), index=True, comment="the facility it leads to"),
    sa.Column("technology", sa.String(16), nullable=False),
    sa.Column("family", sa.String(24), nullable=False, index=True, comment="family on maps, from the technology"),
    sa.Column("status", sa.String(20), nullable=False),
    sa.Column("status_date", sa.String(40), comment="date of the source that tells the status"),
    sa.Column("since_idea", sa.String(10), comment="when each status was reached, as precise as known"),
    sa.Column("since_planned", sa.String(10)),
    sa.Column("since_permitted", sa.String(10)),
    sa.Column("since_financed", sa.String(10)),
    sa.Column("since_construction", sa.String(10)),
    sa.Column("since_commissioned", sa.String(10)),
    sa.Column("since_shelved", sa.String(10)),
    sa.Column("since_cancelled", sa.String(10)),
    sa.Column("expected", sa.String(10), comment="planned commissioning, as precise as known"),
    sa.Column("capacity", sa.Numeric(24, 6), comment="planned, in the unit of capacity_unit"),
    sa.Column("capacity_unit", sa.String(24), comment="UCUM"),
    sa.Column("capacity_w", sa.BigInteger, comment="power in W; null when the capacity is not a power"),
    sa.Column("investment", sa.Numeric(24, 2), comment="whole investment, as stated"),
    sa.Column("investment_currency", sa.String(3), comment="ISO 4217"),
    sa.Column("price_year", sa.Integer, comment="year of whose prices the investment is; null: not stated"),
    sa.Column("financing", sa.String(160), comment="sources of money, blank-separated"),
    sa.Column("support", sa.Text, comment="keys of support measures used, blank-separated"),
    sa.Column("programme", sa.String(80), index=True, comment="key of a programme"),
    sa.Column("region", sa.String(6), index=True, comment="ISO 3166-2; null for several or none"),
    sa.Column("district", sa.String(12), comment="KATO"),
    _district_found(),
    sa.Column("place", sa.String(160)),
    sa.Column("lon", sa.Double),
    sa.Column("lat", sa.Double),
    sa.Column("place_precision", sa.String(12), nullable=False, comment="site, settlement, approximate, none"),
    sa.Column("description", sa.Text),
    sa.Column("note", sa.Text),
    sa.Column("confidence", sa.String(8), nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False, comment="unconfirmed projects stay out of totals"),
    sa.Column("level", sa.String(12), nullable=False, default="public"),
    _changed_at(),
    sa.Index("ix_project_list", "region", "family", "status"),
    comment="An undertaking that leads to a facility, or changes one.",
)

series = sa.Table(
    "series",
    METADATA,
    sa.Column("id", ID, sa.ForeignKey("entity.id"), primary_key=True),
    sa.Column("key", sa.String(80), nullable=False, unique=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True, comment="stands in the segments of readings"),
    sa.Column("facility_id", ID, sa.ForeignKey("facility.id"), nullable=False, index=True),
    sa.Column("quantity", sa.String(40), nullable=False),
    sa.Column("unit", sa.String(24), nullable=False, comment="UCUM, base unit of its dimension"),
    sa.Column("scale", sa.Integer, nullable=False, comment="a stored integer is value × 10^scale base units"),
    sa.Column("interval_seconds", sa.Integer, nullable=False),
    sa.Column("kind", sa.String(8), nullable=False, comment="mean, amount, counter"),
    sa.Column("zone", sa.String(40), nullable=False),
    sa.Column("trust", sa.String(20), nullable=False, comment="device-signed, gateway-signed, operator-entered"),
    sa.Column("level", sa.String(12), nullable=False, default="public"),
    _changed_at(),
    comment="A meter's series of readings: what is measured, where, how often.",
)

published_output = sa.Table(
    "published_output",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("facility_id", ID, sa.ForeignKey("facility.id"), nullable=False, index=True),
    sa.Column("period", sa.String(24), nullable=False, comment="as published: 2022, 2022-01..09"),
    sa.Column("kind", sa.String(16), nullable=False, comment="measured, design, stated"),
    sa.Column("value", sa.Numeric(24, 6), nullable=False),
    sa.Column("unit", sa.String(24), nullable=False, comment="UCUM"),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
    sa.Column("confidence", sa.String(8), nullable=False),
    comment="What somebody published about a facility's output or saving; design values are never output.",
)

programme = sa.Table(
    "programme",
    METADATA,
    sa.Column("key", sa.String(80), primary_key=True),
    *_names(),
    sa.Column("levels", sa.String(60), nullable=False, comment="national, region, city, enterprise"),
    sa.Column("regions", sa.String(120), nullable=False, comment="KZ or ISO codes, blank-separated"),
    sa.Column("goals", sa.Text),
    sa.Column("legal_acts", sa.Text),
    comment="Strategies and programmes.",
)

target = sa.Table(
    "target",
    METADATA,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("programme", sa.String(80), sa.ForeignKey("programme.key"), nullable=False, index=True),
    sa.Column("goal", sa.Text, nullable=False),
    sa.Column("indicator", sa.Text, nullable=False),
    *_translations("indicator"),
    sa.Column("region", sa.String(60), nullable=False),
    sa.Column("unit", sa.String(60), comment="UCUM where it can be told"),
    sa.Column("qualifier", sa.String(60), comment="at least, about, below 1990, …"),
    *_translations("qualifier"),
    sa.Column("base_year", sa.Integer),
    sa.Column("base_value", sa.Numeric(24, 6)),
    sa.Column("target_year", sa.Integer),
    sa.Column("target_value", sa.Numeric(24, 6)),
    sa.Column("target_text", sa.Text, comment="where the source has words instead of a number"),
    *_translations("target_text"),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
    sa.Column("confidence", sa.String(8), nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Column("note", sa.Text),
    comment="Dated, sourced targets of programmes.",
)

measure = sa.Table(
    "measure",
    METADATA,
    sa.Column("id", ID, sa.ForeignKey("entity.id"), primary_key=True),
    sa.Column("key", sa.String(80), nullable=False, unique=True),
    *_names(),
    sa.Column("programme", sa.String(80), index=True, comment="key of a programme"),
    sa.Column("strategy", sa.String(200), comment="the document that sets it, where it is none of our programmes"),
    sa.Column("goal", sa.Text),
    sa.Column("owner", sa.String(200), nullable=False, comment="who answers for it"),
    sa.Column("themes", sa.String(80), comment="blank-separated: climate, circular, u4ssc, …"),
    sa.Column("status", sa.String(20), nullable=False, comment="planned, approved, under_way, completed, …"),
    sa.Column("start", sa.String(10), comment="YYYY, YYYY-MM or YYYY-MM-DD, as precise as known"),
    sa.Column("due", sa.String(10)),
    sa.Column("done", sa.String(10)),
    sa.Column("progress", sa.Numeric(7, 4), comment="percent, as its owner reports it"),
    sa.Column("indicator", sa.Text, comment="what it moves; the words of a target where it serves one"),
    sa.Column("point", sa.String(80), comment="data point of a catalogue of city indicators"),
    sa.Column("effect", sa.Numeric(24, 6), comment="expected effect in the unit of effect_unit"),
    sa.Column("effect_unit", sa.String(60)),
    sa.Column("investment", sa.Numeric(24, 2), comment="money planned for it, as stated"),
    sa.Column("investment_currency", sa.String(3), comment="ISO 4217"),
    sa.Column("price_year", sa.Integer),
    sa.Column("financing", sa.String(160), comment="sources of money, blank-separated"),
    sa.Column("region", sa.String(6), index=True, comment="ISO 3166-2; null for the country"),
    sa.Column("district", sa.String(12), comment="KATO"),
    sa.Column("note", sa.Text),
    sa.Column("confidence", sa.String(8), nullable=False),
    sa.Column("level", sa.String(12), nullable=False, default="public"),
    _changed_at(),
    comment="Measures of strategies: what somebody does towards a goal, by when, with what money.",
)

support_measure = sa.Table(
    "support_measure",
    METADATA,
    sa.Column("key", sa.String(100), primary_key=True),
    sa.Column("name_en", sa.String(200), nullable=False),
    *_translations("name"),
    sa.Column("kind", sa.String(80), nullable=False),
    *_translations("kind"),
    sa.Column("who", sa.Text),
    *_translations("who"),
    sa.Column("condition", sa.Text),
    sa.Column("size", sa.Text),
    *_translations("size"),
    sa.Column("valid_from", sa.String(24)),
    sa.Column("valid_to", sa.String(24)),
    sa.Column("legal_act", sa.Text),
    sa.Column("source_id", sa.Integer, sa.ForeignKey("source.id"), nullable=False),
    sa.Column("confidence", sa.String(8), nullable=False),
    sa.Column("confirmed", sa.Boolean, nullable=False),
    sa.Column("note", sa.Text),
    comment="Support open to projects.",
)
