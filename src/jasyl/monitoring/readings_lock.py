"""Who may write readings: one at a time over one database."""

import sqlalchemy as sa


def lock_segments(connection: sa.Connection) -> None:
    """One writer of readings at a time: revisions are counted by looking at what is stored.

    SQLite's write transaction is exclusive anyway. On PostgreSQL LOCK TABLE comes before the first query because it
    takes no snapshot; an advisory lock, being a query, would leave the transaction looking at the past.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("lock table segment in exclusive mode"))
