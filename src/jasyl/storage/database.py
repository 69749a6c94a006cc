"""The registry's database: SQLite in the data folder, or PostgreSQL when it is outgrown."""

from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from importlib.resources import files
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.exc import OperationalError

from jasyl.texts import Refusal

from .folder import DataFolder

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}
# Each room hangs its own tables here; the migrations under storage/migrations make them.
METADATA = sa.MetaData(naming_convention=NAMING)

revision_table = sa.Table(
    "data_revision",
    METADATA,
    sa.Column("only_row", sa.Integer, primary_key=True, autoincrement=False, server_default=sa.text("1")),
    sa.Column("revision", sa.BigInteger, nullable=False),
    sa.CheckConstraint("only_row = 1", name="only_row"),
    comment="Counts transactions that changed what people see; pages and tiles are cached by it.",
)

_RAISE = sa.update(revision_table).values(revision=revision_table.c.revision + 1)


class Database:
    """A connection pool with the transactions of the house.

    ``reading()`` sees one unchanging state; ``writing()`` commits as a whole or not at all and raises the
    data revision, by which pages, lists and map tiles are cached.
    """

    def __init__(self, address: str | sa.URL) -> None:
        self.url = sa.make_url(address)

    @cached_property
    def engine(self) -> sa.Engine:
        if self.url.get_backend_name() == "sqlite":
            # isolation_level None: the driver starts no transactions of its own, "begin" below does.
            engine = sa.create_engine(
                self.url, poolclass=sa.pool.QueuePool, connect_args={"timeout": 30, "isolation_level": None}
            )
            event.listen(engine, "connect", _set_up_sqlite)
            event.listen(engine, "begin", _begin_sqlite)
            return engine
        engine = sa.create_engine(self.url, isolation_level="REPEATABLE READ", pool_pre_ping=True)
        event.listen(engine, "begin", _begin_postgresql)
        return engine

    @property
    def is_sqlite(self) -> bool:
        return self.url.get_backend_name() == "sqlite"

    @contextmanager
    def reading(self) -> Generator[sa.Connection]:
        """One read transaction: every statement in it sees the same state."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    @contextmanager
    def writing(self, *, visible: bool = True) -> Generator[sa.Connection]:
        """One write transaction. ``visible`` False leaves the data revision alone (sessions, outbox marks)."""
        with self.engine.connect().execution_options(writes=True) as connection, connection.begin():
            yield connection
            if visible:
                connection.execute(_RAISE)

    def revision(self) -> int:
        """The number of visible changes so far."""
        with self.reading() as connection:
            return connection.execute(sa.select(revision_table.c.revision)).scalar_one()

    def migrate(self) -> None:
        """Bring the tables to the newest form, in order, each step in one transaction.

        Raises Refusal ``data-newer`` when a later version of the program has been here.
        """
        from alembic import command  # noqa: PLC0415  (loads Mako and all migrations; not wanted at start)

        self.refuse_newer()
        with self.engine.connect() as connection:
            command.upgrade(alembic_configuration(connection), "head")

    def form(self) -> tuple[str | None, str]:
        """The form (migration) in which the tables are, None without tables, and the newest this program knows."""
        from alembic.runtime.migration import MigrationContext  # noqa: PLC0415
        from alembic.script import ScriptDirectory  # noqa: PLC0415

        with self.engine.connect() as connection:
            script = ScriptDirectory.from_config(alembic_configuration(connection))
            newest = script.get_current_head()
            assert newest is not None
            return MigrationContext.configure(connection).get_current_revision(), newest

    def check_tables(self) -> None:
        """Raises Refusal ``data-newer`` or ``data-older`` when the tables are in another form than this program's."""
        self.refuse_newer()
        found, newest = self.form()
        if found != newest:
            raise Refusal("data-older", received=found or "—", expected=newest)

    def refuse_newer(self) -> None:
        """Raises Refusal ``data-newer`` when a later version of the program made the tables."""
        from alembic.script import ScriptDirectory  # noqa: PLC0415

        found, newest = self.form()
        with self.engine.connect() as connection:
            known = {
                one.revision for one in ScriptDirectory.from_config(alembic_configuration(connection)).walk_revisions()
            }
        if found is not None and found not in known:
            raise Refusal("data-newer", received=found, expected=newest)

    def table_names(self) -> set[str]:
        """The tables that are there, whoever made them."""
        with self.engine.connect() as connection:
            return set(sa.inspect(connection).get_table_names())

    def drop(self, names: set[str]) -> None:
        """Remove tables with everything in them, in one transaction."""
        with self.engine.begin() as connection:
            there = sa.MetaData()
            there.reflect(connection, only=lambda name, _: name in names)
            there.drop_all(connection)

    def close(self) -> None:
        self.engine.dispose()


def database_of(folder: DataFolder) -> Database:
    """The database that a data folder says it uses."""
    return Database(folder.settings.get("database") or f"sqlite:///{folder.database_file}")


def alembic_configuration(connection: sa.Connection) -> Any:
    """Alembic's configuration for the migrations that ship with the package."""
    from alembic.config import Config  # noqa: PLC0415

    configuration = Config()
    configuration.set_main_option("script_location", str(files("jasyl.storage") / "migrations"))
    configuration.attributes["connection"] = connection
    return configuration


def check_reachable(database: Database) -> None:
    """Raises Refusal ``database-unreachable`` when nothing answers at the address."""
    try:
        with database.reading() as connection:
            connection.execute(sa.text("select 1"))
    except OperationalError as error:
        shown = database.url.render_as_string(hide_password=True)
        raise Refusal("database-unreachable", received=shown, reason=str(error.orig)[:200]) from error


def is_away(error: Exception) -> bool:
    """Whether a database server does not answer, or ended the connection: what was asked may be asked again later."""
    if not isinstance(error, OperationalError):
        return False
    # No code: no connection was made. Classes 08 and 57P: it broke, or the server is stopping or starting.
    code: str | None = getattr(error.orig, "sqlstate", "")
    return error.connection_invalidated or code is None or code.startswith(("08", "57P"))


def check_empty(database: Database) -> None:
    """Raises Refusal ``database-not-empty`` when an installation has made its tables there."""
    found = database.table_names()
    if "alembic_version" in found:
        shown = database.url.render_as_string(hide_password=True)
        raise Refusal("database-not-empty", received=shown, count=len(found))


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    cursor = connection.cursor()
    cursor.execute("pragma journal_mode = wal")
    # FULL: a committed transaction survives a power cut, which the commit order of the ledger rests on.
    cursor.execute("pragma synchronous = full")
    cursor.execute("pragma foreign_keys = on")
    cursor.execute("pragma cache_size = -65536")
    cursor.close()
    connection.create_collation("kazakh", _compare_kazakh)


def _begin_sqlite(connection: sa.Connection) -> None:
    # IMMEDIATE: two writers wait for each other at the start instead of failing in the middle.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("begin immediate" if writes else "begin")


def _begin_postgresql(connection: sa.Connection) -> None:
    # The same turns of writers. The lock comes before the snapshot is taken: whoever waited sees what the other wrote,
    # and is not refused at its end because a row was changed meanwhile. Readers are not held up.
    if connection.get_execution_options().get("writes", False):
        connection.exec_driver_sql("lock table data_revision in share row exclusive mode")


_ALPHABET = "аәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"
_ORDER = {letter: chr(0x1000 + place) for place, letter in enumerate(_ALPHABET)}


def kazakh_order(text: str) -> str:
    """A text that sorts by code point as ``text`` sorts in the Kazakh alphabet; Russian words keep their order."""
    return "".join(_ORDER.get(letter, letter) for letter in text.casefold())


def _compare_kazakh(left: str, right: str) -> int:
    one, other = kazakh_order(left), kazakh_order(right)
    return (one > other) - (one < other)
