"""The keys that salt sealed readings: made on first use, destroyed to erase."""

import os

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite

from jasyl.quantities import now_us
from jasyl.texts import Refusal

from .sealing import KEY_SIZE
from .tables import series_key_table


def series_key(connection: sa.Connection, series_id: str) -> bytes:
    """The key of a series, made on first use (in a writing transaction).

    Raises Refusal ``series-key-destroyed``: a destroyed key never comes back and is never replaced.
    """
    query = sa.select(series_key_table.c.key).where(series_key_table.c.series_id == series_id)
    row = connection.execute(query).first()
    if row is None:
        fresh = {"series_id": series_id, "key": os.urandom(KEY_SIZE), "created_at": now_us()}
        insert = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
        connection.execute(insert(series_key_table).values(fresh).on_conflict_do_nothing())
        row = connection.execute(query).one()
    if row.key is None:
        raise Refusal("series-key-destroyed", received=series_id)
    return bytes(row.key)


def destroy_series_key(connection: sa.Connection, series_id: str) -> bool:
    """Erase: from now on no reading of the series can be proven or guessed from its sealed roots.

    False when the series has no key, or none any more. Copies in backups must be destroyed with them.
    """
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("pragma secure_delete = on")  # freed bytes are overwritten, not only unlinked
    gone = (
        sa.update(series_key_table)
        .where(series_key_table.c.series_id == series_id, series_key_table.c.key.is_not(None))
        .values(key=None, destroyed_at=now_us())
    )
    return connection.execute(gone).rowcount == 1
