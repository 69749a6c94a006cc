"""Databases with every table: migrations run once per process and engine, each test gets a copy of what they made."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import sqlalchemy as sa

from jasyl.ledger import create_keys
from jasyl.storage import Database, DataFolder, create_folder

TEMPLATE = "jasyl_template"


@contextmanager
def founded(home: Path, state: str) -> Iterator[tuple[DataFolder, Database]]:
    """A data folder in ``home`` with the keys of its log, and its database with every table, open meanwhile."""
    folder = create_folder(home / "data", state)
    create_keys(folder)
    database = with_tables(Database(f"sqlite:///{folder.database_file}"))
    yield folder, database
    database.close()


def with_tables(database: Database) -> Database:
    """``database``, an SQLite file not made yet, with every table of this program."""
    assert database.url.database
    file = Path(database.url.database)
    assert not file.exists()
    file.write_bytes(_migrated())
    return database


@cache
def _migrated() -> bytes:
    with TemporaryDirectory() as home:
        file = Path(home) / "registry.sqlite"
        _migrate(f"sqlite:///{file}")
        return file.read_bytes()


def _migrate(address: str) -> None:
    database = Database(address)
    database.migrate()
    database.close()  # the last connection folds the write-ahead log into the file


def postgresql_with_tables(server: str) -> Database:
    """A new database on ``server`` with every table of this program."""
    name = f"t{os.urandom(6).hex()}"
    _administer(server, f"create database {name} template {_template_on(server)}")
    return Database(f"{server}/{name}")


@cache
def _template_on(server: str) -> str:
    _administer(server, f"create database {TEMPLATE}")
    _migrate(f"{server}/{TEMPLATE}")
    return TEMPLATE


def _administer(server: str, statement: str) -> None:
    engine = sa.create_engine(f"{server}/postgres", isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(sa.text(statement))
    engine.dispose()
