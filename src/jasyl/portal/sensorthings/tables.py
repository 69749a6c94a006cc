"""What clients of SensorThings say that the register has no room for."""

import sqlalchemy as sa

from jasyl.storage import METADATA

sta_entity = sa.Table(
    "sta_entity",
    METADATA,
    sa.Column("kind", sa.String(20), primary_key=True, comment="Thing, Sensor, Location, …"),
    sa.Column("id", sa.String(40), primary_key=True, comment="of Things and Datastreams: that of facility and series"),
    sa.Column("document", sa.Text, nullable=False, comment="JSON: properties and ids of linked entities"),
    sa.Column("actor", sa.String(40), nullable=False, comment="who made it, an id of the people room"),
    sa.Column("withdrawn", sa.Boolean, nullable=False, comment="deleted by a client; the register keeps its own"),
    sa.Column("version", sa.BigInteger, nullable=False, index=True, comment="rises with every change of the table"),
    comment="SensorThings entities and properties without a place in the register; never readings.",
)
