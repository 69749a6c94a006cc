"""One process at a time, on this machine and on every other that shares the database."""

from collections.abc import Generator
from contextlib import contextmanager
from hashlib import sha256

import sqlalchemy as sa

from jasyl.texts import Refusal

from .database import Database
from .folder import DataFolder


@contextmanager
def alone(folder: DataFolder, database: Database, name: str, *, wait: bool = True) -> Generator[None]:
    """Hold ``name`` by a lock of the folder and, on PostgreSQL, by an advisory lock of the database as well.

    The folder's lock keeps processes of one machine apart, the advisory one two hosts with folders of their own.
    Others wait, or are refused (``folder-in-use``) when ``wait`` is False. A killed process leaves nothing behind.
    """
    with folder.locked(name, wait=wait):
        if database.is_sqlite:
            yield
            return
        with database.engine.connect() as connection:
            connection.execution_options(isolation_level="AUTOCOMMIT")
            number = _number(name)
            if wait:
                connection.execute(sa.select(sa.func.pg_advisory_lock(number)))
            elif not connection.execute(sa.select(sa.func.pg_try_advisory_lock(number))).scalar_one():
                raise Refusal("folder-in-use", received=name, path=str(folder.path))
            try:
                yield
            finally:
                connection.execute(sa.select(sa.func.pg_advisory_unlock(number)))


def _number(name: str) -> int:
    """A 64-bit number of our own for PostgreSQL's locks, which know numbers only."""
    return int.from_bytes(sha256(f"jasyl {name}".encode()).digest()[:8], signed=True)
