"""Sheets as they lie on paper: every cell at its place, before anybody looks for a header."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from jasyl.texts import Refusal, Where

from .delimited import delimited_rows
from .limits import LIMITS, Limits
from .note import Note
from .raw import Raw, is_empty
from .sheet import workbook_rows
from .source import Source, open_source
from .table import NumberedRow


@dataclass(frozen=True)
class Grid:
    """The cells of one sheet. ``rows[i]`` is the row that people number i + 1; rows may differ in length."""

    file: str
    sheet: str | None
    rows: tuple[Sequence[Raw], ...]
    notes: tuple[Note, ...] = ()

    @property
    def width(self) -> int:
        """Cells of the longest row."""
        return max(map(len, self.rows), default=0)

    def cell(self, row: int, column: int) -> Raw:
        """The cell at zero-based ``row`` and ``column``; None where the row is shorter or there is none."""
        if not 0 <= row < len(self.rows):
            return None
        cells = self.rows[row]
        return cells[column] if 0 <= column < len(cells) else None

    def where(self, row: int | None = None, column: int | None = None) -> Where:
        """A zero-based place as people name it: row from 1, column by letter."""
        named = None if column is None else column_letters(column)
        return Where(self.file, self.sheet, None if row is None else row + 1, named)


def column_letters(column: int) -> str:
    """The name that spreadsheets give the zero-based ``column``: A, Z, AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_grids(given: Path | str | bytes, name: str | None = None, *, limits: Limits = LIMITS) -> list[Grid]:
    """The sheets of a CSV, TSV, XLSX or ODS file (or a zip of one) that hold anything, whole in memory.

    Raises Refusal of the file (``encoding-unclear``, ``workbook-damaged`` …), ``too-many-rows``,
    ``too-many-columns``, ``file-kind`` and ``no-header`` where nothing is in it.
    """
    source = open_source(given, name, limits)
    match source.kind:
        case "delimited":
            rows, notes = delimited_rows(source)
            found = [_grid(source, None, rows(), tuple(notes))]
        case "geojson":
            raise Refusal("file-kind", where=Where(source.name), received="GeoJSON")
        case _:
            found = [_grid(source, sheet, rows, ()) for sheet, rows in workbook_rows(source)]
    filled = [one for one in found if one.rows]
    if not filled:
        raise Refusal("no-header", where=Where(source.name), expected=1)
    return filled


def _grid(source: Source, sheet: str | None, rows: Iterable[NumberedRow], notes: tuple[Note, ...]) -> Grid:
    limits, held = source.limits, list[Sequence[Raw]]()
    filled = 0
    for number, cells in rows:
        if number > limits.rows:
            raise Refusal("too-many-rows", where=Where(source.name, sheet, number), expected=limits.rows)
        width = len(cells)
        while width and is_empty(cells[width - 1]):
            width -= 1
        if width > limits.columns * 4:
            raise Refusal(
                "too-many-columns", where=Where(source.name, sheet), received=width, expected=limits.columns * 4
            )
        while len(held) < number - 1:
            held.append(())
        held.append(tuple(cells[:width]))
        filled = len(held) if width else filled
    return Grid(source.name, sheet, tuple(held[:filled]), notes)
