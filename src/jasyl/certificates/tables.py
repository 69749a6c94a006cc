"""Tables of certificates: what follows from their records in the log, kept so that a command need not replay it."""

import sqlalchemy as sa

from jasyl.storage import METADATA

certificate_table = sa.Table(
    "certificate",
    METADATA,
    sa.Column("id", sa.String(64), primary_key=True),
    sa.Column("attribute", sa.String(16), nullable=False, comment="electricity, heat, carbon, recycled"),
    sa.Column("device", sa.String(64), nullable=False, comment="public id of the device"),
    sa.Column("series", sa.String(64), nullable=False, comment="its series; - for an import"),
    sa.Column("start", sa.BigInteger, nullable=False, comment="of the production interval, µs since 1970, UTC"),
    sa.Column("end", sa.BigInteger, nullable=False),
    sa.Column("amount", sa.BigInteger, nullable=False, comment="units: Wh or g"),
    sa.Column("usable_until", sa.BigInteger, nullable=False, comment="µs since 1970, UTC"),
    sa.Column("expires_at", sa.BigInteger, nullable=False, comment="µs since 1970, UTC"),
    sa.Column("registry", sa.String(512), comment="where an import comes from; null: issued here"),
    sa.Column("foreign_id", sa.String(64), comment="its id there"),
    sa.Column("record_id", sa.String(64), nullable=False, comment="record of its issue or import"),
    sa.Column("place", sa.String(4), nullable=False, index=True, comment="place in the tree of the state"),
    sa.Column("leaf", sa.LargeBinary, nullable=False, comment="hash of the certificate as it is now"),
    sa.Index("ix_certificate_device", "device", "attribute", "start"),
    sa.Index("ix_certificate_series", "series"),
    sa.Index("ix_certificate_foreign", "registry", "foreign_id"),
    comment="Certificates; a projection of certificate records of the log.",
)

piece_table = sa.Table(
    "certificate_piece",
    METADATA,
    sa.Column("certificate", sa.ForeignKey("certificate.id"), primary_key=True),
    sa.Column("start", sa.BigInteger, primary_key=True, autoincrement=False, comment="first unit"),
    sa.Column("end", sa.BigInteger, nullable=False, comment="behind the last unit"),
    sa.Column("standing", sa.String(12), nullable=False, comment="held, retired, cancelled, expired, exported"),
    sa.Column("owner", sa.String(64), nullable=False, index=True),
    sa.Column("note", sa.String(64), nullable=False, comment="hash of what ended the units; - while they are held"),
    comment="Who holds which units of a certificate, or how they ended.",
)

event_table = sa.Table(
    "certificate_event",
    METADATA,
    sa.Column("number", sa.BigInteger, primary_key=True, autoincrement=False, comment="from 1, without gaps"),
    sa.Column("event", sa.String(12), nullable=False, index=True),
    sa.Column("certificate", sa.ForeignKey("certificate.id"), nullable=False, index=True),
    sa.Column("command", sa.String(64), nullable=False, unique=True, comment="idempotency key"),
    sa.Column("content", sa.String(64), nullable=False, comment="hash of what the command asked for"),
    sa.Column("at", sa.BigInteger, nullable=False, comment="µs since 1970, UTC"),
    sa.Column("record_id", sa.String(64), nullable=False),
    sa.Column("state", sa.String(64), nullable=False, comment="state hash after it"),
    comment="Events of certificates in their order.",
)

node_table = sa.Table(
    "certificate_node",
    METADATA,
    sa.Column("path", sa.String(4), primary_key=True, comment="hexadecimal digits; empty: the root"),
    sa.Column("parent", sa.String(4), nullable=False, index=True, comment="path without its last digit; - of the root"),
    sa.Column("hash", sa.LargeBinary, nullable=False),
    comment="The tree whose root is the state hash of all certificates.",
)
