"""A table out of a file: a header, and rows that know where they stand."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Literal

from jasyl.texts import Refusal, Where

from .limits import Limits
from .note import Note
from .raw import Raw, is_empty, looks_like_data, written

# Rows in which a header is looked for.
TOP = 50
BLOCK = 10_000

NumberedRow = tuple[int, Sequence[Raw]]


@dataclass(frozen=True)
class Cell:
    """One cell: what stood there, and where."""

    raw: Raw
    where: Where

    @property
    def text(self) -> str:
        """The raw text as people see it."""
        return written(self.raw)


@dataclass(frozen=True)
class Row:
    """One row; ``number`` counts from 1 as a spreadsheet counts, headers and blank rows included."""

    table: "Table"
    number: int
    cells: Sequence[Raw]

    def __getitem__(self, column: str) -> Cell:
        """The cell under the header ``column``. Raises KeyError for a header the table does not have."""
        try:
            index = self.table.header.index(column)
        except ValueError:
            raise KeyError(column) from None
        raw = self.cells[index] if index < len(self.cells) else None
        return Cell(raw, self.table.where(self.number, column))


@dataclass(frozen=True)
class Block:
    """Successive rows as columns: ``columns[i][j]`` is column i of the row numbered ``numbers[j]``.

    ``misfits`` are the rows left out because their number of cells differs from the header's:
    (row number, cells found).
    """

    numbers: list[int]
    columns: list[Sequence[Raw]]
    misfits: list[tuple[int, int]]


@dataclass(frozen=True)
class Delimited:
    """The text that a table was read from: its bytes, read anew at each call, their codec, and what parts the cells."""

    content: Callable[[], bytes]
    codec: str
    separator: str


@dataclass(frozen=True)
class Table:
    """A header and the rows below it, read anew from the file each time they are asked for.

    ``read_rows`` yields every row of the file or sheet, the first numbered 1. ``epoch`` is the year from which the
    sheet counts its days (1900 or 1904). ``ragged`` says whether a row may be shorter than the header without being
    broken: true of sheets, false of delimited text. ``guarded`` says whether an apostrophe before a text that looks
    like a formula belongs to the file and not to the text: true of delimited text. ``delimited`` is that text.
    """

    file: str
    sheet: str | None
    header: tuple[str, ...]
    header_row: int
    read_rows: Callable[[], Iterator[NumberedRow]]
    limits: Limits
    notes: tuple[Note, ...] = ()
    epoch: Literal[1900, 1904] = 1900
    ragged: bool = False
    guarded: bool = False
    delimited: Delimited | None = field(default=None, repr=False)
    top: tuple[NumberedRow, ...] = field(default=(), repr=False)
    # Rows between header and data that say no data (a row of units); rows up to this number are skipped.
    data_after: int = 0

    def where(self, row: int | None = None, column: str | None = None) -> Where:
        """The place of a row and a column in this file."""
        return Where(self.file, self.sheet, row, column)

    def headed_at(self, row: int, header: tuple[str, ...]) -> "Table":
        """The same table with another of its first rows as header."""
        return replace(self, header=header, header_row=row)

    def with_data_after(self, row: int) -> "Table":
        """The same table, its data beginning below ``row``."""
        return replace(self, data_after=row)

    def rows(self) -> Iterator[Row]:
        """The rows that hold anything, below the header. Raises Refusal ``too-many-rows``."""
        for number, cells in self._numbered():
            yield Row(self, number, cells)

    def columns(self) -> dict[str, list[Raw]]:
        """The whole table as one list per header, missing cells as None."""
        found: list[list[Raw]] = [[] for _ in self.header]
        for block in self.blocks():
            for column, more in zip(found, block.columns, strict=True):
                column.extend(more)
        return dict(zip(self.header, found, strict=True))

    def blocks(self, size: int = BLOCK) -> Iterator[Block]:
        """The rows as columns, ``size`` rows at a time: memory is bounded by one block."""
        width = len(self.header)
        rows = self._numbered()
        while chunk := list(islice(rows, size)):
            numbers: list[int] = []
            kept: list[Sequence[Raw]] = []
            misfits: list[tuple[int, int]] = []
            for number, cells in chunk:
                fitted = cells if len(cells) == width else self._fit(cells, width)
                if fitted is None:
                    misfits.append((number, len(cells)))
                else:
                    numbers.append(number)
                    kept.append(fitted)
            columns: list[Sequence[Raw]] = list(zip(*kept, strict=True)) if kept else [() for _ in self.header]
            yield Block(numbers, columns, misfits)

    def _fit(self, cells: Sequence[Raw], width: int) -> Sequence[Raw] | None:
        if len(cells) > width:
            return cells[:width] if all(is_empty(cell) for cell in cells[width:]) else None
        return [*cells, *[None] * (width - len(cells))] if self.ragged else None

    def _numbered(self) -> Iterator[NumberedRow]:
        first = max(self.header_row, self.data_after)
        limit = self.limits.rows
        count = 0
        for number, cells in self.read_rows():
            if number <= first or not cells or (is_empty(cells[0]) and all(is_empty(cell) for cell in cells)):
                continue
            count += 1
            if count > limit:
                raise Refusal("too-many-rows", where=self.where(number), expected=limit)
            yield number, cells


def find_header(
    top: Sequence[NumberedRow], file: str, sheet: str | None, limits: Limits
) -> tuple[int, tuple[str, ...]]:
    """(row number, names) of the header: the first row nearly as full as the table is wide that holds words only.

    Titles above a table fill one or two cells; comment lines begin with ``#``.
    Raises Refusal ``no-header`` and ``too-many-columns``.
    """
    filled = [(number, cells, sum(not is_empty(cell) for cell in cells)) for number, cells in top]
    widest = max((count for _, _, count in filled), default=0)
    full = [
        (number, [cell for cell in cells if not is_empty(cell)], cells)
        for number, cells, count in filled
        if count >= max(1, 0.6 * widest) and not (_is_comment(cells) and count < widest)
    ]
    for number, said, cells in full:
        if not any(map(looks_like_data, said)):
            return number, header_names(cells, file, sheet, limits)
    # Years may be headers, so where no row is words only, the first that begins with a word will do.
    for number, said, cells in full:
        if not looks_like_data(said[0]):
            return number, header_names(cells, file, sheet, limits)
    raise Refusal("no-header", where=Where(file, sheet), expected=TOP)


def _is_comment(cells: Sequence[Raw]) -> bool:
    return isinstance(cells[0], str) and cells[0].lstrip().startswith("#")


def header_names(cells: Sequence[Raw], file: str, sheet: str | None, limits: Limits) -> tuple[str, ...]:
    """The cells of a header row as names, line breaks as blanks, empty cells at its end dropped.

    Raises Refusal ``too-many-columns``.
    """
    names = [" ".join(written(cell).split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    if len(names) > limits.columns:
        raise Refusal("too-many-columns", where=Where(file, sheet), received=len(names), expected=limits.columns)
    return tuple(names)
