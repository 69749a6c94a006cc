"""Tables of the ways in: remembered mappings of metering sheets, meters mounted on series, gateways and quarantine."""

import sqlalchemy as sa

from jasyl.storage import METADATA

from .tables import Counter

metering_mapping = sa.Table(
    "metering_mapping",
    METADATA,
    sa.Column("number", Counter, primary_key=True, autoincrement=True),
    sa.Column("sender", sa.String(80), nullable=False, comment="id of the enterprise, or a name given to the sender"),
    sa.Column("shape", sa.String(64), nullable=False, comment="SHA-256 of the sheet's layout without its days"),
    sa.Column("mapping", sa.Text, nullable=False, comment="JSON: meters, units, contents, zone, stamps"),
    sa.Column("file_name", sa.Text, nullable=False, comment="of the sheet on which it was confirmed"),
    sa.Column("confirmed_by", sa.String(40), nullable=False, comment="account"),
    sa.Column("confirmed_at", sa.BigInteger, nullable=False, comment="µs UTC"),
    sa.Index("ix_metering_mapping_sender", "sender", "shape"),
    sqlite_autoincrement=True,
    comment="What people confirmed of metering sheets; append-only, of each sender and shape the newest holds.",
)

mounting = sa.Table(
    "meter_mounting",
    METADATA,
    sa.Column("number", Counter, primary_key=True, autoincrement=True),
    sa.Column("series", sa.BigInteger, nullable=False, index=True, comment="number of the series"),
    sa.Column("since", sa.BigInteger, nullable=False, comment="µs UTC from which readings are of this meter"),
    sa.Column("serial", sa.String(60), nullable=False, comment="number of the meter, as on its plate"),
    sa.Column("size", sa.BigInteger, comment="where its register rolls over, integer of the series; null: unknown"),
    sa.Column("first", sa.BigInteger, comment="register when mounted"),
    sa.Column("last", sa.BigInteger, comment="register of its predecessor when taken down"),
    sa.Column("recorded_at", sa.BigInteger, nullable=False, comment="µs UTC"),
    sa.Column("actor", sa.String(40), nullable=False, comment="account"),
    sqlite_autoincrement=True,
    comment="Meters and their changes; append-only, of each series and moment the newest row holds.",
)

quarantined_message = sa.Table(
    "quarantined_message",
    METADATA,
    sa.Column("number", Counter, primary_key=True, autoincrement=True),
    sa.Column("topic", sa.Text, nullable=False),
    sa.Column("payload", sa.LargeBinary, nullable=False, comment="as it came, its first 64 KiB"),
    sa.Column("bytes", sa.BigInteger, nullable=False, comment="length as it came"),
    sa.Column("reason", sa.Text, nullable=False, comment="JSON: code and arguments of the refusal"),
    sa.Column("received_at", sa.BigInteger, nullable=False, comment="µs UTC"),
    sqlite_autoincrement=True,
    comment="Messages of a broker that say no reading: kept for people to look at and acknowledged, or they came on.",
)
