"""Appending many rows to a table as quickly as the engine can take them."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

import sqlalchemy as sa


def append_rows(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert ``rows``, values in the order of ``columns``, within the connection's transaction.

    ``rows`` may be made while they are taken: then PostgreSQL stores the first ones while the others are being made.
    Making them must not ask this connection for anything.

    The same as `sqlalchemy.insert` with a list of mappings, three times as fast for rows by the thousand: SQLite gets
    one prepared statement, PostgreSQL a COPY. Columns that are not named get what the database itself defaults to;
    defaults that SQLAlchemy would compute are not applied.
    """
    prepare = connection.dialect.identifier_preparer
    into = prepare.format_table(table)
    named = ", ".join(prepare.format_column(table.c[name]) for name in columns)
    if connection.dialect.name == "postgresql":
        _copy(connection, f"copy {into} ({named}) from stdin", rows)
    else:
        made = list(rows)
        if not made:
            return
        marks = ", ".join("?" for _ in columns)
        statement = f"insert into {into} ({named}) values ({marks})"  # noqa: S608  (names of our own tables)
        connection.exec_driver_sql(statement, [tuple(row) for row in _bound(connection, table, columns, made)])


def _copy(connection: sa.Connection, statement: str, rows: Iterable[Sequence[Any]]) -> None:
    cursor: Any = connection.connection.cursor()
    with cursor, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(row)


def _bound(
    connection: sa.Connection, table: sa.Table, columns: Sequence[str], rows: Iterable[Sequence[Any]]
) -> Iterable[Sequence[Any]]:
    """``rows`` with the values that the driver does not know (decimals) in the form the column's type gives them."""
    dialect = connection.dialect
    converters: dict[int, Callable[[Any], Any]] = {}
    for position, name in enumerate(columns):
        converter = table.c[name].type.dialect_impl(dialect).bind_processor(dialect)
        if converter:
            converters[position] = converter
    if not converters:
        return rows
    columnwise: list[Iterable[Any]] = list(zip(*rows, strict=True))
    for position, converter in converters.items():
        columnwise[position] = map(converter, columnwise[position])
    return zip(*columnwise, strict=True)
