"""A file of readings on its way into an installation: columns found, decimal sign found, recorded in the ledger."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import sqlalchemy as sa

from jasyl.intake import LIMITS, Limits, Table, read_tables
from jasyl.intake.numbers import Evidence
from jasyl.ledger import Import, composed, enqueue, issued_now, log_origin
from jasyl.quantities import Unit, sha256_hex
from jasyl.registry import Series
from jasyl.storage import Database, DataFolder
from jasyl.texts import Refusal, Where

from .csv_import import ImportReport, SheetMapping, import_sheet, rows_of
from .definitions import definitions
from .delivery import Receipt, Source
from .plain_rows import PlainRows, plain_rows


def take_readings(
    database: Database,
    folder: DataFolder,
    file: Path | bytes,
    name: str,
    series: Series,
    *,
    unit: Unit,
    actor: str,
    now: int,
    zone: str | None = None,
    stamp: Literal["start", "end"] = "start",
    time: str | None = None,
    value: str | None = None,
    decimal: Literal[".", ","] | None = None,
    partial: bool = False,
    limits: Limits = LIMITS,
) -> ImportReport:
    """Store the readings of one series from a file, in one transaction with the import's record for the ledger.

    ``time`` and ``value`` name columns; they may be left out where the file has just two, the time first. Stamps
    without offset are of ``zone`` (None: that of the series). ``decimal`` None: what the column's own values show.
    Raises Refusal ``file-missing``, ``columns-unnamed``, ``no-column`` and those of reading the file.
    """
    try:
        content = file if isinstance(file, bytes) else file.read_bytes()
    except OSError as error:
        raise Refusal("file-missing", where=Where(file=name), reason=error.strerror or str(error)) from error
    table = _table(read_tables(content, name, limits=limits), time, value)
    when, what = _columns(table, time, value)
    plain = plain_rows(table, when, what, series.key)
    mapping = SheetMapping(unit, zone or series.zone, stamp, decimal or _decimal(table, what, plain))
    digest = sha256_hex(content)

    def tell_ledger(connection: sa.Connection, receipt: Receipt) -> None:
        if receipt.source is not None:
            enqueue(connection, _record(folder, series, name, digest, receipt, actor))

    with database.reading() as connection:
        defined = definitions(connection, [series])
    return import_sheet(
        database,
        folder,
        {series.key: defined[series.number]},
        plain or rows_of(table, time=when, value=what, of=series.key),
        mapping,
        source=Source("file", name, actor, digest),
        now=now,
        partial=partial,
        within=tell_ledger,
    )


def _table(tables: Sequence[Table], time: str | None, value: str | None) -> Table:
    """The first sheet that has the named columns; the first of all when none has."""
    named = {name for name in (time, value) if name is not None}
    return next((table for table in tables if named <= set(table.header)), tables[0])


def _columns(table: Table, time: str | None, value: str | None) -> tuple[str, str]:
    rest = [name for name in table.header if name and name not in (time, value)]
    missing = [time, value].count(None)
    if missing and len(rest) != missing:
        raise Refusal("columns-unnamed", where=table.where(table.header_row), expected=", ".join(table.header))
    return time or rest[0], value or rest[-1]


def _decimal(table: Table, column: str, plain: PlainRows | None) -> Literal[".", ","]:
    """The decimal sign that the unmistakable values of the column show; a point when none does."""
    if column not in table.header:
        return "."
    place, seen = table.header.index(column), Evidence()
    if plain is not None:
        seen.see(plain.shapes())
    else:
        for block in table.blocks():
            seen.see(block.columns[place])
    return "," if seen.convention().comma == "decimal" else "."


def _record(folder: DataFolder, series: Series, name: str, digest: str, receipt: Receipt, actor: str) -> Import:
    return Import(
        log_origin=log_origin(folder),
        issued=issued_now(),
        author=actor,
        what=f"readings of {series.id}",
        file_name=composed(name),
        sha256=digest,
        rows=receipt.accepted + receipt.corrected,
        source=name,
        licence="as the file's owner says",
        actor=actor,
    )
