"""Writing a city book as a file: XLSX with locked codes, CSV, JSON."""

import io
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Literal, get_args

import msgspec

from jasyl.indicators import CATALOGUES, Catalogue, DataPoint, unit_name
from jasyl.indicators import catalogue as catalogue_of
from jasyl.papers import write_csv
from jasyl.quantities import decimal_text
from jasyl.texts import Language, say

from .base_checks import HOUSEHOLDS, POPULATION, base_of
from .book_columns import FILLED, book_template
from .book_document import document
from .book_file import TRAINING_MARK
from .breakdown import groups_text
from .city import City
from .entry import BASES, MONEY, Entry

BookFormat = Literal["xlsx", "csv", "json"]
BOOK_FORMATS: tuple[BookFormat, ...] = get_args(BookFormat)
MEDIA_TYPES: dict[BookFormat, str] = {
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "csv": "text/csv; charset=utf-8",
    "json": "application/json; charset=utf-8",
}
_NUMBERS = ("numerator", "denominator", "value")
_CHOICES = ("status", "origin", "quality", "level")
# A sheet keeps so many digits of a number; longer ones are written as text, exact.
_DIGITS = 15


def write_book(
    city: City,
    year: int,
    catalogue: Catalogue,
    entries: Mapping[str, Entry],
    language: Language,
    form: BookFormat,
    *,
    training: bool = False,
) -> bytes:
    """The book as a file that ``read_book`` reads back without loss. XLSX and CSV have a row for every data point of
    the catalogue and of the city itself, filled or not; so an empty book is the template to fill in.

    Fictional values (``training``) say so in every form. In the template the number of people and of households is put
    where it belongs once the book has it.
    """
    if form == "json":
        return (
            msgspec.json.format(
                msgspec.json.encode(document(city, year, catalogue, entries, training=training)), indent=1
            )
            + b"\n"
        )
    rows = list(_rows(city, year, catalogue, entries, language))
    for row in rows:
        if training and row["point"] in entries:
            row["note"] = f"{TRAINING_MARK} {row['note'] or ''}".strip()
    if form == "csv":
        return b"".join(write_csv(book_template().columns, rows, language, mark=True))
    return _workbook(rows, catalogue, language)


def point_name(catalogue: Catalogue, point: str, language: Language) -> str:
    """What a data point is called: the indicator, and the part of it where it has parts."""
    if point in BASES:
        return say(language, f"city-{point.replace('.', '-').replace('_', '-')}")
    indicator, part = catalogue.indicator_of(point), catalogue.point(point)
    name = indicator.name[language]
    return name if len(indicator.points) == 1 else f"{name}: {part.name[language]}"


def point_unit(catalogue: Catalogue, point: str, language: Language) -> str:
    """The unit of a data point as people read it; empty for amounts, which name their own currency."""
    if point in BASES:
        unit = BASES[point]
        return "" if unit == MONEY else "km²" if unit == "km2" else unit_name(unit, language)
    return unit_name(catalogue.point(point).unit, language)


def figure_name(indicator: str, language: Language) -> str | None:
    """The name of the indicator of an attested figure (``u4ssc.EC.ICT.ICT.1C``); None for all other indicators."""
    found = _point_of(indicator)
    return point_name(*found, language) if found else None


def figure_unit(indicator: str, language: Language) -> str | None:
    """The unit of such a figure as people read it."""
    found = _point_of(indicator)
    return point_unit(*found, language) if found else None


def _point_of(indicator: str) -> tuple[Catalogue, str] | None:
    called, _, point = indicator.partition(".")
    if called not in CATALOGUES:
        return None
    known = catalogue_of(called)
    return (known, point) if known.has(point) else None


def _rows(
    city: City, year: int, catalogue: Catalogue, entries: Mapping[str, Entry], language: Language
) -> Iterator[dict[str, Any]]:
    for point in (*BASES, *(one.id for one in catalogue.points)):
        about: dict[str, Any] = {"place": city.place, "year": year, "catalogue": catalogue.id, "point": point}
        about |= _told(catalogue, point, language)
        entry = entries.get(point)
        if entry is None:
            about["denominator"] = _prefilled(catalogue, point, entries)
        else:
            about |= {name: getattr(entry, name) or None for name in FILLED}
            about |= {name: getattr(entry, name) for name in _NUMBERS}
            about["value"] = _written_value(catalogue, entry)
            about["parts"] = groups_text(entry.parts, entry.closed) or None
        yield about


def _told(catalogue: Catalogue, point: str, language: Language) -> dict[str, str]:
    told = {"name": point_name(catalogue, point, language), "measured_in": point_unit(catalogue, point, language)}
    if point in BASES:
        return told | {"category": say(language, "city-itself")}
    indicator = catalogue.indicator_of(point)
    return told | {
        "category": catalogue.group_name(indicator.category)[language],
        "counts": indicator.numerator[language],
        "counts_against": indicator.denominator[language] if catalogue.point(point).has_denominator else "",
        "guidance": indicator.notes[language],
    }


def _prefilled(catalogue: Catalogue, point: str, entries: Mapping[str, Entry]) -> Decimal | None:
    base = None if point in BASES else base_of(catalogue, point)
    own = entries.get(base) if base in (POPULATION, HOUSEHOLDS) else None
    return own.value if own is not None and own.is_given else None


def _written_value(catalogue: Catalogue, entry: Entry) -> str | None:
    """The value as text; of yes/no data points the word that every language reads."""
    if entry.value is None:
        return None
    if not entry.is_base and catalogue.point(entry.point).is_yes_no and entry.value in (0, 1):
        return "yes" if entry.value else "no"
    return decimal_text(entry.value)


def _workbook(rows: list[dict[str, Any]], catalogue: Catalogue, language: Language) -> bytes:
    """A sheet of data whose codes and explanations are locked, and a sheet of the lists to choose from."""
    from openpyxl import Workbook  # noqa: PLC0415
    from openpyxl.styles import Alignment, Font, PatternFill, Protection  # noqa: PLC0415
    from openpyxl.utils import get_column_letter  # noqa: PLC0415

    book = Workbook()
    sheet: Any = book.active
    sheet.title = say(language, "papers-data")
    columns = book_template().columns
    letters = {column.key: get_column_letter(number) for number, column in enumerate(columns, 1)}
    grey, open_cell = PatternFill("solid", fgColor="EDEDED"), Protection(locked=False)
    for number, column in enumerate(columns, 1):
        head = sheet.cell(1, number, column.headers[language])
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True, vertical="top")
        wide = {"name": 44, "counts": 40, "counts_against": 30, "guidance": 40, "note": 40, "category": 20}
        sheet.column_dimensions[letters[column.key]].width = wide.get(column.key, 14)
    for line, row in enumerate(rows, 2):
        for number, column in enumerate(columns, 1):
            cell = sheet.cell(line, number)
            _fill(cell, column, row.get(column.key), language)
            if column.key in FILLED:
                cell.protection = open_cell
            else:
                cell.fill = grey
        if row["point"] not in BASES:
            sheet[f"{letters['result']}{line}"] = _formula(catalogue.point(row["point"]), letters, line)
    sheet.freeze_panes = f"{letters['category']}2"
    sheet.protection.sheet = True
    sheet.protection.formatColumns = False
    for hidden in ("place", "year", "catalogue"):
        sheet.column_dimensions[letters[hidden]].hidden = True
    _offer(book, sheet, letters, len(rows) + 1, language)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(cell: Any, column: Any, value: Any, language: Language) -> None:
    from jasyl.papers.workbook import sheet_text  # noqa: PLC0415

    if value is None:
        return
    if column.key in _CHOICES:
        value = next(choice.names[language] for choice in column.choices if choice.code == value)
    if column.key in _NUMBERS and not isinstance(value, str):
        value = decimal_text(value)
    number = column.key in _NUMBERS and value.replace(".", "", 1).isdigit()
    if number and len(value.replace(".", "").lstrip("0")) <= _DIGITS:
        cell.value = float(value) if "." in value else int(value)
        return
    if column.key == "year":
        cell.value = value
        return
    cell.value = sheet_text(str(value))
    # No text becomes a formula or an error of the sheet.
    cell.data_type = "s"
    if column.key in FILLED:
        cell.number_format = "@"


def _formula(point: DataPoint, letters: Mapping[str, str], line: int) -> str:
    """The result as the template of U4SSC shows it: computed, else the value typed in, else ``NR``."""
    above, below, value = (f"{letters[key]}{line}" for key in _NUMBERS)
    multiplier = decimal_text(point.multiplier)
    otherwise = f'IF({value}<>"",{value},"NR")'
    if not point.has_denominator:
        return f"=IF(ISNUMBER({above}),{above}*{multiplier},{otherwise})"
    return f"=IF(AND(ISNUMBER({above}),ISNUMBER({below})),{above}/{below}*{multiplier},{otherwise})"


def _offer(book: Any, sheet: Any, letters: Mapping[str, str], last: int, language: Language) -> None:
    """The lists to choose from, on a sheet of their own: one written into a validation may have 255 characters."""
    from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415

    lists = book.create_sheet(say(language, "city-lists"))
    for number, column in enumerate((one for one in book_template().columns if one.key in _CHOICES), 1):
        names = [choice.names[language] for choice in column.choices]
        for line, name in enumerate(names, 1):
            lists.cell(line, number, name)
        letter = "ABCD"[number - 1]
        title = lists.title.replace("'", "''")
        area = f"'{title}'!${letter}$1:${letter}${len(names)}"
        offered = DataValidation(type="list", formula1=area, allow_blank=True)
        offered.add(f"{letters[column.key]}2:{letters[column.key]}{last}")
        sheet.add_data_validation(offered)
    lists.sheet_state = "hidden"
