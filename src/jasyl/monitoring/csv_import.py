"""Reading sheets: rows of series, time and value become readings, whole or not at all, with a line-by-line report."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_EVEN, Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo

import numpy as np
import sqlalchemy as sa

from jasyl.intake import Row, Table
from jasyl.intake.cells import checked
from jasyl.intake.raw import CellFault
from jasyl.quantities import Unit
from jasyl.storage import Database, DataFolder
from jasyl.texts import Language, Refusal, Where, say

from . import readings
from .civil_time import DAY, calendar
from .delivery import Batch, Receipt, Source
from .series import SeriesDefinition
from .stamps import read_stamp, resolve

if TYPE_CHECKING:
    from .plain_rows import PlainReadings, PlainRows

# What people write where there is no value. Missing is null, never zero: such a cell is no reading.
_MISSING = {"", "-", "–", "—", "n/a", "na", "nan", "null", "none", "н/д", "нет данных", "дерек жоқ"}
_PLAIN = re.compile(r"[+-]?\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?", re.ASCII)
_BLANKS = dict.fromkeys(map(ord, " \u00a0\u2009\u202f'"))


@dataclass(frozen=True)
class SheetRow:
    """A row as people count them, with the raw cells (text, number, date) of its three columns.

    ``fault`` is what is already known to be wrong with the row.
    """

    number: int
    series: str
    time: object
    value: object
    fault: Refusal | None = None


@dataclass(frozen=True)
class SheetMapping:
    """How a sheet is meant: civil time ``zone`` of stamps without an offset, whether a stamp marks the ``start`` or the
    ``end`` of its interval, the ``unit`` of the values, the ``decimal`` sign of texts.

    ``rounding``: values finer than the series keeps are rounded half to even and counted in the report, or refused.
    """

    unit: Unit
    zone: str = "Asia/Almaty"
    stamp: Literal["start", "end"] = "start"
    decimal: Literal[".", ","] = "."
    rounding: Literal["nearest", "refuse"] = "nearest"


@dataclass(frozen=True)
class LineRefusal:
    """A row that could not be taken, and why."""

    row: int
    reason: Refusal


@dataclass(frozen=True)
class ImportReport:
    """What became of a sheet: ``rows`` read, ``missing`` without value, ``rounded``, and the store's receipt.

    ``receipt`` is None when nothing was stored. ``shifted``: stamps marked the end and were moved to the start.
    """

    rows: int
    missing: int
    rounded: int
    shifted: bool
    refusals: tuple[LineRefusal, ...]
    receipt: Receipt | None

    @property
    def stored(self) -> bool:
        """Whether the sheet was taken (though perhaps every reading was known already)."""
        return self.receipt is not None

    def sentences(self, language: Language) -> list[str]:
        """The report in words: totals, what was shifted or rounded, then each refused row."""
        said = [say(language, "import-rows", rows=self.rows, missing=self.missing)]
        if self.receipt is not None:
            counted = {name: getattr(self.receipt, name) for name in ("accepted", "corrected", "repeated", "outdated")}
            said.append(say(language, "import-stored", **counted))
        else:
            said.append(say(language, "import-nothing"))
        if self.shifted:
            said.append(say(language, "import-shifted"))
        if self.rounded:
            said.append(say(language, "import-rounded", rows=self.rounded))
        return said + [each.reason.text(language) for each in self.refusals]


@dataclass
class _Taken:
    """Readings found so far, in columns; ``count`` rows were looked at."""

    row: Any = field(default_factory=list[int])
    series: Any = field(default_factory=list[int])
    start: Any = field(default_factory=list[int])
    value: Any = field(default_factory=list[int])
    rounded: int = 0
    missing: int = 0
    count: int = 0


def import_sheet(
    database: Database,
    folder: DataFolder,
    catalogue: Mapping[str, SeriesDefinition],
    rows: "Iterable[SheetRow] | PlainRows",
    mapping: SheetMapping,
    *,
    source: Source,
    now: int,
    partial: bool = False,
    within: Callable[[sa.Connection, Receipt], object] | None = None,
) -> ImportReport:
    """Store the readings of a sheet; nothing at all when a row is refused, unless ``partial``.

    ``catalogue`` maps what stands in the series column to the series. ``rows`` may be the plain text of one series
    (:class:`jasyl.monitoring.plain_rows.PlainRows`), which gives the same, sooner. ``within`` runs
    in the transaction that stores (the record of the import). Refusals carry file, row and field.
    """
    taken, refused = _taken(catalogue, rows, mapping, source)
    receipt = None
    if partial or not refused:
        definitions = {each.number: each for each in catalogue.values()}
        batch = Batch(
            np.array(taken.series, np.int64), np.array(taken.start, np.int64), np.array(taken.value, np.int64), source
        )
        receipt = readings.append(database, folder, definitions, batch, now, partial=partial, within=within)
        refused += [
            LineRefusal(int(taken.row[each.row]), _placed(each.reason, source, int(taken.row[each.row]), "time"))
            for each in receipt.refused
        ]
        if refused and not partial:
            receipt = None
    in_order = tuple(sorted(refused, key=lambda each: each.row))
    shifted = mapping.stamp == "end" and taken.count > 0
    return ImportReport(taken.count, taken.missing, taken.rounded, shifted, in_order, receipt)


def _taken(
    catalogue: Mapping[str, SeriesDefinition],
    rows: "Iterable[SheetRow] | PlainRows",
    mapping: SheetMapping,
    source: Source,
) -> tuple[_Taken, list[LineRefusal]]:
    """The readings of all rows, and the rows that cannot be taken."""
    if not isinstance(rows, Iterable):
        plain = rows.taken(mapping, catalogue[rows.series])
        taken, refused = _taken(catalogue, rows.others(plain), mapping, source)
        return _together(plain, taken, catalogue[rows.series].number), refused
    by_series: dict[str, list[SheetRow]] = {}
    taken, refused = _Taken(), list[LineRefusal]()

    def refuse(row: SheetRow, column: str | None, reason: Refusal) -> None:
        refused.append(LineRefusal(row.number, _placed(reason, source, row.number, column)))

    for row in rows:
        taken.count += 1
        if row.fault is not None:
            refuse(row, None, row.fault)
        else:
            by_series.setdefault(row.series, []).append(row)
    for name, mine in by_series.items():
        series = catalogue.get(name)
        if series is None:
            for row in mine:
                refuse(row, "series", Refusal("unknown-series", received=name))
        else:
            _read(series, mine, mapping, taken, refuse)
    return taken, refused


def _together(plain: "PlainReadings", taken: _Taken, series: int) -> _Taken:
    """Readings of plain rows and of others in the order of the file."""
    row = np.concatenate([plain.row, np.array(taken.row, np.int64)])
    order = np.argsort(row, kind="stable")
    start, value = (
        np.concatenate([column, np.array(more, np.int64)])[order]
        for column, more in ((plain.start, taken.start), (plain.value, taken.value))
    )
    numbers = np.full(len(row), series, np.int64)
    rounded, missing = plain.rounded + taken.rounded, plain.missing + taken.missing
    return _Taken(row[order], numbers, start, value, rounded, missing, plain.count + taken.count)


def _read(
    series: SeriesDefinition,
    rows: list[SheetRow],
    mapping: SheetMapping,
    taken: _Taken,
    refuse: Callable[[SheetRow, str | None, Refusal], None],
) -> None:
    try:
        series.unit.refuse_other(mapping.unit)
    except Refusal as reason:  # of all rows alike: told once
        refuse(rows[0], "value", reason)
        return
    zone = ZoneInfo(mapping.zone)
    candidates: list[tuple[int, ...]] = []
    readable: list[SheetRow] = []
    for row in rows:
        try:
            candidates.append(read_stamp(row.time).candidates(zone))
            readable.append(row)
        except Refusal as reason:
            refuse(row, "time", reason)
    for row, possible, moment in zip(readable, candidates, resolve(candidates), strict=True):
        if moment is None:
            code = "stamp-twice" if possible else "stamp-never"
            refuse(row, "time", Refusal(code, received=str(row.time), zone=mapping.zone))
            continue
        try:
            value, exact = read_value(row.value, mapping, series)
        except Refusal as reason:
            refuse(row, "value", reason)
            continue
        if value is None:
            taken.missing += 1
            continue
        taken.rounded += not exact
        taken.row.append(row.number)
        taken.series.append(series.number)
        # A register is of the moment at which it was read, whatever interval it ends or begins.
        ends = mapping.stamp == "end" and series.kind != "counter"
        taken.start.append(_start(moment, series) if ends else moment)
        taken.value.append(value)


def read_value(raw: object, mapping: SheetMapping, series: SeriesDefinition) -> tuple[int | None, bool]:
    """A cell as the integer that is stored, and whether it is exact; (None, True) for a missing value.

    Raises Refusal ``value-unreadable``, ``value-too-fine``.
    """
    number = number_of(raw, mapping.decimal)
    if number is None:
        return None, True
    scaled = mapping.unit.to_base(number).scaleb(series.scale)
    whole = scaled.to_integral_value(ROUND_HALF_EVEN)
    if whole != scaled and mapping.rounding == "refuse":
        raise Refusal("value-too-fine", received=str(raw), expected=f"10^-{series.scale} {series.unit.ucum}")
    if abs(whole) > 2**62:
        raise Refusal("value-unreadable", received=str(raw)[:40], expected=mapping.decimal)
    return int(whole), whole == scaled


def number_of(raw: object, decimal: str) -> Decimal | None:
    """The number in a cell, None where people write that there is none. Raises Refusal ``value-unreadable``."""
    if isinstance(raw, CellFault):
        checked(raw)
    if isinstance(raw, bool) or not isinstance(raw, str | int | float | Decimal | None):
        raise Refusal("value-unreadable", received=str(raw)[:40], expected=decimal)
    text = str(raw if raw is not None else "").strip()
    if text.lower() in _MISSING:
        return None
    plain = text.replace("−", "-").translate(_BLANKS)
    if isinstance(raw, str) and decimal == ",":
        # With a decimal comma a point could only group thousands; it is not guessed away.
        plain = plain.replace(".", "?").replace(",", ".", 1)
    if not _PLAIN.fullmatch(plain):
        raise Refusal("value-unreadable", received=text[:40], expected=decimal)
    try:
        return Decimal(plain)
    except InvalidOperation:
        raise Refusal("value-unreadable", received=text[:40], expected=decimal) from None


def _start(end: int, series: SeriesDefinition) -> int:
    """The start of the interval that ends at ``end``: for daily series the local midnight before."""
    if series.interval < DAY:
        return end - series.interval
    return int(calendar(end - 1, end - 1, "day", series.time_zone).bounds[0])


def _placed(reason: Refusal, source: Source, row: int, column: str | None) -> Refusal:
    return Refusal(reason.code, where=Where(source.name, row=row, field=column), **reason.arguments)


def rows_of(table: Table, *, time: str, value: str, series: str | None = None, of: str = "") -> Iterator[SheetRow]:
    """The rows of a table that somebody's file holds, by the headers of its columns; ``of`` names the only series
    where no column does. A row of delimited text with too few or too many cells is refused, not guessed.

    Raises Refusal ``no-column``.
    """
    for name in (time, value, series):
        if name is not None and name not in table.header:
            raise Refusal("no-column", where=table.where(), received=name, expected=", ".join(table.header))
    for row in table.rows():
        yield sheet_row(row, time=time, value=value, series=series, of=of)


def sheet_row(row: Row, *, time: str, value: str, series: str | None = None, of: str = "") -> SheetRow:
    """One row of :func:`rows_of`."""
    width = len(row.table.header)
    if len(row.cells) != width and not row.table.ragged:
        return SheetRow(row.number, of, None, None, Refusal("row-width", received=len(row.cells), expected=width))
    return SheetRow(row.number, row[series].text.strip() if series else of, row[time].raw, row[value].raw)


def with_series(rows: Iterable[tuple[int, object, object]], series: str) -> Iterable[SheetRow]:
    """Rows (number, time, value) of a sheet that holds one series and does not name it."""
    return (SheetRow(number, series, time, value) for number, time, value in rows)
