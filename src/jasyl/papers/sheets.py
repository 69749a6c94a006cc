"""A workbook of several plain sheets: forms that people fill in and send back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from .workbook import saved, sheet_number, sheet_text

Value = str | int | Decimal | bool | None


@dataclass(frozen=True)
class PlainSheet:
    """Rows of values under a title. ``strong`` rows (from 0) are bold, ``quiet`` ones small and grey; ``widths`` are
    those of the columns in characters; ``frozen`` is the first cell that moves (``C4``); ``choices`` maps a column
    (from 0) to the values offered below row ``frozen``."""

    title: str
    rows: Sequence[Sequence[Value]]
    widths: Sequence[int] = ()
    strong: frozenset[int] = frozenset()
    quiet: frozenset[int] = frozenset()
    frozen: str = "A2"
    choices: dict[int, tuple[str, ...]] = field(default_factory=dict[int, tuple[str, ...]])


def write_sheets(sheets: Sequence[PlainSheet]) -> bytes:
    """XLSX. Numbers are numbers unless a sheet would round them (more than 15 digits): then exact text; texts never
    become formulas. Raises Refusal ``paper-cell-too-long``."""
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook()
    book.remove(book.worksheets[0])
    for one in sheets:
        _fill(book.create_sheet(one.title), one)
    return saved(book)


def _fill(sheet: Any, one: PlainSheet) -> None:
    from openpyxl.styles import Alignment, Font  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    sheet.freeze_panes = one.frozen
    for position, width in enumerate(one.widths, 1):
        sheet.column_dimensions[get_column_letter(position)].width = width
    strong, quiet = Font(bold=True), Font(size=8, color="808080")
    wrapped = Alignment(wrap_text=True, vertical="top")
    for number, row in enumerate(one.rows):
        for position, value in enumerate(row, 1):
            if value is None or value == "":
                continue
            cell = sheet.cell(number + 1, position)
            _put(cell, value)
            cell.alignment = wrapped
            if number in one.strong:
                cell.font = strong
            elif number in one.quiet:
                cell.font = quiet
    _offer(sheet, one)


def _put(cell: Any, value: Value) -> None:
    if isinstance(value, str):
        cell.value = sheet_text(value)
        cell.data_type = "s"
    elif isinstance(value, bool):
        cell.value = value
    elif value is not None:
        number = sheet_number(value)
        cell.value = number
        if isinstance(number, str):
            cell.data_type = "s"


def _offer(sheet: Any, one: PlainSheet) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    first = int("".join(letter for letter in one.frozen if letter.isdigit()))
    for column, offered in one.choices.items():
        letter = get_column_letter(column + 1)
        listed = DataValidation(type="list", formula1=f'"{",".join(offered)}"', allow_blank=True)
        listed.add(f"{letter}{first}:{letter}{first + 1000}")
        sheet.add_data_validation(listed)
