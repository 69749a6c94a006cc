"""XLSX: data, units below the headers, and a sheet that says where the data come from."""

import datetime as dt
import io
import math
import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from jasyl.texts import Language, Refusal, Where, say, write_date

from .column import About, AnyColumn, Rows, in_unit, plain, unit_of

if TYPE_CHECKING:
    from openpyxl.worksheet._write_only import WriteOnlyWorksheet

MAX_CELL = 32_767
MAX_ROWS = 1_048_576
# Excel keeps 15 significant digits, and its days are right only from this day on.
_DIGITS = 15
_FIRST_DAY = dt.date(1900, 3, 1)
# Office writes a control character as _x0007_, and an underscore before such a group as _x005F_ (ECMA-376, ST_Xstring).
_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
_WIDTH = 18


def write_xlsx(columns: Sequence[AnyColumn], rows: Rows, language: Language, *, about: About | None = None) -> bytes:
    """A workbook: a sheet of data (headers in ``language``, a row of units where there are any) and, with ``about``,
    a second sheet of source, licence, date and watermark.

    Numbers are numbers unless a sheet would round them (more than 15 digits): then exact text. Days are dates; moments
    are ISO 8601 texts in UTC, since sheets know no offsets. Texts never become formulas.
    Raises Refusal ``paper-cell-too-long``, ``paper-too-many-rows``.
    """
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    _append_sheet(book, say(language, "papers-data"), columns, rows, language)
    if about:
        _append_about(book.create_sheet(say(language, "papers-about")), about, language)
    return saved(book)


def write_workbook(sheets: Iterable[tuple[str, Sequence[AnyColumn], Rows]], language: Language) -> bytes:
    """A workbook of several sheets, each (title, columns, rows), written as `write_xlsx` writes one.

    Raises Refusal ``paper-cell-too-long``, ``paper-too-many-rows``.
    """
    from openpyxl import Workbook  # noqa: PLC0415

    book = Workbook(write_only=True)
    for title, columns, rows in sheets:
        _append_sheet(book, title, columns, rows, language)
    return saved(book)


def _append_sheet(book: Any, title: str, columns: Sequence[AnyColumn], rows: Rows, language: Language) -> None:
    sheet: WriteOnlyWorksheet = book.create_sheet(title)
    _prepare(sheet, columns)
    sheet.append([_strong(sheet, column.headers[language]) for column in columns])
    units = [unit_of(column, language) for column in columns]
    lead = 1
    if any(units):
        sheet.append(units)
        lead = 2
    try:
        _append_rows(sheet, columns, rows, language, lead)
    except BaseException:
        sheet.close()  # a sheet left open would complain when it is collected
        raise


def _append_rows(sheet: Any, columns: Sequence[AnyColumn], rows: Rows, language: Language, lead: int) -> None:
    for number, row in enumerate(rows, lead + 1):
        if number > MAX_ROWS:
            raise Refusal("paper-too-many-rows", expected=MAX_ROWS - lead)
        try:
            sheet.append([_cell(sheet, column, row.get(column.key), language) for column in columns])
        except Refusal as refusal:
            raise Refusal(refusal.code, where=Where(row=number), **refusal.arguments) from None


def saved(book: Any) -> bytes:
    """The bytes of a workbook."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def sheet_text(text: str) -> str:
    """``text`` as the XML of a workbook holds it. Raises Refusal ``paper-cell-too-long``."""
    if len(text) > MAX_CELL:
        raise Refusal("paper-cell-too-long", received=len(text), expected=MAX_CELL)
    return _ESCAPED.sub(lambda found: f"_x{ord(found[0]):04X}_", text)


def _prepare(sheet: Any, columns: Sequence[AnyColumn]) -> None:
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    sheet.freeze_panes = "A2"
    for position in range(1, len(columns) + 1):
        sheet.column_dimensions[get_column_letter(position)].width = _WIDTH


def _append_about(sheet: Any, about: About, language: Language) -> None:
    sheet.column_dimensions["A"].width = _WIDTH
    sheet.column_dimensions["B"].width = 100
    lines = {
        "papers-watermark": about.watermark,
        "papers-title": about.title,
        "papers-source": about.source,
        "papers-licence": about.licence,
        "papers-date": write_date(language, about.retrieved),
    }
    for key, value in lines.items():
        if value:
            sheet.append([_strong(sheet, say(language, key)), _text(sheet, value)])


def _strong(sheet: Any, text: str) -> Any:
    from openpyxl.styles import Font  # noqa: PLC0415

    cell = _forced(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _forced(sheet: Any, text: str) -> Any:
    from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415

    cell = WriteOnlyCell(sheet, value=sheet_text(text))
    cell.data_type = "s"
    return cell


def _text(sheet: Any, text: str) -> Any:
    # The library takes "=…" for a formula and "#N/A" for an error.
    return _forced(sheet, text) if text[:1] in ("=", "#") else sheet_text(text)


def _cell(sheet: Any, column: AnyColumn, value: Any, language: Language) -> Any:
    value = in_unit(column, value)
    match value:
        case None | bool():
            return value
        case int() | float() | Decimal():
            return sheet_number(value)
        case dt.datetime():
            return plain(value)
        case dt.date() if value >= _FIRST_DAY:
            return value
        case str() if column.kind == "choice":
            names = next((choice.names for choice in column.choices if choice.code == value), None)
            return _text(sheet, names[language] if names else value)
        case str():
            return _text(sheet, value)
        case _:
            return _of_partial_date(plain(value))


def sheet_number(value: int | float | Decimal) -> int | float | str:
    """A number that a sheet keeps to the last digit, else its text."""
    exact = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    kept = float(f"{exact:.{_DIGITS}g}")
    if not math.isfinite(kept) or Decimal(repr(kept)) != exact:
        return plain(exact)
    return int(exact) if exact == exact.to_integral_value() and abs(exact) < 10**_DIGITS else kept


def _of_partial_date(text: str) -> dt.date | int | str:
    """ISO 8601 of reduced precision as what a sheet has for it: a year is a number, a day a date, a month text."""
    if len(text) == 4:
        return int(text)
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return text
    return day if day >= _FIRST_DAY else text
