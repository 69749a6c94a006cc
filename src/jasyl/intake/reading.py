"""Reading a table by a template: typed rows, and every problem at its place."""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any

from jasyl.quantities import LOCAL_TIME
from jasyl.texts import Language, Refusal, Where

from .cells import ChoiceList, boolean, digits, is_shorter, text
from .coordinates import Box, coordinate
from .dates import PartialDate, date, day, moment
from .note import Note, note
from .numbers import UNKNOWN, Convention, Evidence, decimal, integer, is_unclear, quantity
from .raw import Raw, shown
from .table import Block, Table
from .template import Mapped, Match, Template, TemplateColumn, match

Value = str | int | float | bool | Decimal | dt.date | dt.datetime | PartialDate | None
Parse = Callable[[Raw], Any]
# A problem before it has its place in words: row number, position of the column (-1: the row as a whole), refusal.
Found = tuple[int, int, Refusal]

# Values remembered for each column; repeated texts (regions, statuses, dates) are parsed once.
_REMEMBERED = 50_000
_NUMBERS = ("integer", "decimal")


@dataclass(frozen=True)
class Problem:
    """Something in a row that cannot be taken over: a refusal with its place."""

    refusal: Refusal

    @property
    def code(self) -> str:
        """The code of the refusal."""
        return self.refusal.code

    @property
    def where(self) -> Where:
        """File, sheet, row and field."""
        assert self.refusal.where is not None
        return self.refusal.where

    def text(self, language: Language) -> str:
        """Place, what is wrong, how to mend it."""
        return self.refusal.text(language)

    def as_data(self, language: Language) -> dict[str, Any]:
        """The same for a program."""
        return self.refusal.as_data(language)


@dataclass
class Report:
    """What is said about a file: problems told one by one up to a limit, counted beyond; notes."""

    limit: int
    problems: list[Problem] = field(default_factory=list[Problem])
    problem_count: int = 0
    notes: list[Note] = field(default_factory=list[Note])

    def add(self, found: list["Found"], table: Table, names: Sequence[str]) -> None:
        """The problems of one block in the order of the file; ``names`` are the headers by position."""
        self.problem_count += len(found)
        found.sort(key=lambda one: one[:2])
        for row, index, refusal in found[: max(0, self.limit - len(self.problems))]:
            where = table.where(row, names[index] if index >= 0 else None)
            self.problems.append(Problem(Refusal(refusal.code, where=where, **refusal.arguments)))


@dataclass(frozen=True)
class Chunk:
    """Successive good rows as typed columns: ``columns[key][j]`` belongs to the row numbered ``numbers[j]``."""

    numbers: list[int]
    columns: dict[str, list[Any]]


@dataclass(frozen=True)
class Reading:
    """A file read by a template.

    ``rows`` are the rows without any problem, each a dict with every key of the template's columns that the table has;
    ``numbers`` their row numbers in the file. ``problems`` are told one by one up to the limit;
    ``problem_count`` is how many there are. Whether rows go in beside problems is the caller's decision.
    """

    match: Match
    rows: list[dict[str, Any]]
    numbers: list[int]
    problems: list[Problem]
    problem_count: int
    notes: list[Note]

    @property
    def is_clean(self) -> bool:
        """Whether every row can be taken over."""
        return self.problem_count == 0

    def where(self, position: int, key: str | None = None) -> Where:
        """The place in the file of ``rows[position]``, and of one of its values."""
        return self.match.where(self.numbers[position], key)


def read(table: Table, template: Template, *, box: Box | None = None, today: dt.date | None = None) -> Reading:
    """All rows of ``table``, typed, with all problems. Never stops at the first problem of a row.

    ``box`` is where points are expected: swapped coordinates are told as such. ``today`` is the day after which
    dates of ``past`` columns are refused (default: today in Kazakhstan).
    Raises Refusal of :func:`~jasyl.intake.match`, and of the file itself (``encoding-broken`` …).
    """
    found = match(table, template)
    report = Report(table.limits.problems, notes=list(found.notes))
    rows: list[dict[str, Any]] = []
    numbers: list[int] = []
    for chunk in stream(found, report, box=box, today=today):
        keys = list(chunk.columns)
        rows.extend(dict(zip(keys, values, strict=True)) for values in zip(*chunk.columns.values(), strict=True))
        numbers.extend(chunk.numbers)
    return Reading(found, rows, numbers, report.problems, report.problem_count, report.notes)


def stream(found: Match, report: Report, *, box: Box | None = None, today: dt.date | None = None) -> Iterator[Chunk]:
    """The same block by block as typed columns, in bounded memory; problems and notes go into ``report``."""
    day_now = today or dt.datetime.now(LOCAL_TIME).date()
    conventions = _Conventions(found)
    readers = [_ColumnReader(mapped, found.table, conventions, day_now) for mapped in found.columns]
    for block in found.table.blocks():
        width = len(found.table.header)
        problems = [(row, -1, Refusal("row-width", received=cells, expected=width)) for row, cells in block.misfits]
        columns = {reader.column.key: reader.read(block, problems) for reader in readers}
        if box:
            _check_box(columns, readers, block, box, problems)
        refused = {row for row, _, _ in problems}
        report.add(problems, found.table, found.table.header)
        bad = {position for position, row in enumerate(block.numbers) if row in refused} if refused else ()
        if bad:
            kept = [position for position in range(len(block.numbers)) if position not in bad]
            columns = {key: [values[position] for position in kept] for key, values in columns.items()}
            yield Chunk([block.numbers[position] for position in kept], columns)
        else:
            yield Chunk(block.numbers, columns)
    for reader in readers:
        report.notes.extend(reader.notes)
        if reader.restored:
            where = found.table.where(None, reader.mapped.header)
            report.notes.append(note("zeros", where, count=reader.restored))


class _Conventions:
    """What comma and point mean in each column of numbers, found out in one pass when first asked."""

    def __init__(self, found: Match) -> None:
        self._table = found.table
        self._indexes = [mapped.index for mapped in found.columns if mapped.column.kind in _NUMBERS]

    @cached_property
    def _evidence(self) -> dict[int, Evidence]:
        evidence = {index: Evidence() for index in self._indexes}
        for block in self._table.blocks():
            for index in self._indexes:
                evidence[index].see(block.columns[index])
        return evidence

    def of(self, mapped: Mapped) -> Convention:
        """The convention of one column."""
        return self._evidence[mapped.index].convention()

    def has_unclear_comma(self, mapped: Mapped) -> bool:
        """Whether the column holds any number like ``1,234``, so that the decision is worth telling."""
        return self._evidence[mapped.index].has_unclear_comma()


class _ColumnReader:
    """Parses one column, each different text once, and finds out what its comma means when it has to."""

    def __init__(self, mapped: Mapped, table: Table, conventions: _Conventions, today: dt.date) -> None:
        self.mapped, self.column, self.table, self.today = mapped, mapped.column, table, today
        self.conventions = conventions
        self.notes: list[Note] = []
        self.restored = 0
        self.known: dict[Raw, Any] = {}
        self.seen: dict[Any, int] = {}
        self.convention: Convention | None = None
        self.parse = _parser(mapped, table, UNKNOWN)

    def read(self, block: Block, problems: list[Found]) -> list[Any]:
        """The values of the column; what cannot be taken goes into ``problems``."""
        index = self.mapped.index
        raws = block.columns[index]
        if len(self.known) > _REMEMBERED:
            self.known.clear()
        known = self.known
        for raw in set(raws).difference(known):
            known[raw] = self._value(raw)
        if self.column.kind == "digits":
            self.restored += sum(
                isinstance(known[raw], str) and is_shorter(raw, self.column.length or 0) for raw in raws
            )
        values = list(map(known.__getitem__, raws))
        if Refusal in set(map(type, values)):
            pairs = zip(block.numbers, values, strict=True)
            problems.extend((row, index, value) for row, value in pairs if isinstance(value, Refusal))
        if self.column.unique:
            self._check_unique(values, block, problems)
        return values

    def _value(self, raw: Raw) -> Any:
        column = self.column
        try:
            if self.convention is None and column.kind in _NUMBERS and isinstance(raw, str) and is_unclear(raw):
                self._decide()
            value = self.parse(raw)
            if value is None:
                return Refusal("cell-required") if column.required else None
            self._check(value, raw)
        except Refusal as refusal:
            return refusal
        return value

    def _decide(self) -> None:
        """A number has come that other values of the column have a say in: look through the whole table once."""
        self.convention = self.conventions.of(self.mapped)
        self.parse = _parser(self.mapped, self.table, self.convention)
        if self.convention.comma and self.conventions.has_unclear_comma(self.mapped):
            where = self.table.where(None, self.mapped.header)
            self.notes.append(note(f"comma-{self.convention.comma}", where))

    def _check(self, value: Any, raw: Raw) -> None:
        column = self.column
        if column.kind in _NUMBERS and (column.minimum is not None or column.maximum is not None):
            _check_range(value, column, raw)
        if column.past:
            start = value.start if isinstance(value, PartialDate) else value
            if (start.astimezone(LOCAL_TIME).date() if isinstance(start, dt.datetime) else start) > self.today:
                raise Refusal("in-future", received=shown(raw), expected=self.today.isoformat())

    def _check_unique(self, values: Sequence[Any], block: Block, problems: list[Found]) -> None:
        for row, value in zip(block.numbers, values, strict=True):
            if value is None or isinstance(value, Refusal):
                continue
            first = self.seen.setdefault(value, row)
            if first != row:
                twin = Refusal("value-twice", received=str(value)[:60], expected=str(first))
                problems.append((row, self.mapped.index, twin))


def _parser(mapped: Mapped, table: Table, convention: Convention) -> Parse:
    """The function from a raw cell of this column to its value."""
    column = mapped.column
    parsers: dict[str, Callable[[], Parse]] = {
        "text": lambda: lambda raw: text(raw, column.length or table.limits.cell_chars, guarded=table.guarded),
        "digits": lambda: lambda raw: digits(raw, column.length or 1),
        "integer": lambda: lambda raw: integer(raw, convention),
        "decimal": lambda: _decimal_parser(mapped, convention),
        "date": lambda: lambda raw: date(raw, table.epoch),
        "day": lambda: lambda raw: day(raw, table.epoch),
        "moment": lambda: lambda raw: moment(raw, column.civil_zone, table.epoch),
        "boolean": lambda: boolean,
        "longitude": lambda: lambda raw: coordinate(raw, "longitude"),
        "latitude": lambda: lambda raw: coordinate(raw, "latitude"),
        "choice": lambda: ChoiceList(column.choices),
    }
    return parsers[column.kind]()


def _decimal_parser(mapped: Mapped, convention: Convention) -> Parse:
    measured = mapped.column.measured
    if measured is None:
        return lambda raw: decimal(raw, convention)
    own, base = mapped.unit or measured[0], measured[1]
    return lambda raw: quantity(raw, own, base, convention)


def _check_range(value: Decimal | int, column: TemplateColumn, raw: Raw) -> None:
    measured = column.measured
    own = measured[0].from_base(value) if measured else Decimal(value)
    behind = f" {column.unit}" if column.unit else ""
    if column.minimum is not None and own < column.minimum:
        raise Refusal("below-minimum", received=shown(raw), expected=f"{column.minimum}{behind}")
    if column.maximum is not None and own > column.maximum:
        raise Refusal("above-maximum", received=shown(raw), expected=f"{column.maximum}{behind}")


def _check_box(
    columns: dict[str, list[Any]], readers: list[_ColumnReader], block: Block, box: Box, problems: list[Found]
) -> None:
    axes = {reader.column.kind: reader for reader in readers if reader.column.kind in ("longitude", "latitude")}
    if len(axes) != 2:
        return
    longitude, latitude = axes["longitude"], axes["latitude"]
    pairs = zip(columns[longitude.column.key], columns[latitude.column.key], strict=True)
    for row, (x, y) in zip(block.numbers, pairs, strict=True):
        if isinstance(x, float) and isinstance(y, float) and box.is_swapped(x, y):
            swapped = Refusal("coordinates-swapped", received=f"{x}, {y}", expected=f"{y}, {x}")
            problems.append((row, longitude.mapped.index, swapped))
