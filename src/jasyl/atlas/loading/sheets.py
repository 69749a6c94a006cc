"""Sheets of the statistics bureau as rows: one published number of one place, item, quantity and year each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from jasyl.intake import Cell, Row, Table, read_tables
from jasyl.intake import decimal as parse_decimal
from jasyl.intake.table import header_names
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..place_codes import PlaceCodes

_YEAR = re.compile(r"^\s*((?:19|20)\d\d)(?:\.0)?\s*(?:г\.?|год|ж\.?|жыл\w*|y(?:ear)?)?\s*\d?\)?\s*$", re.IGNORECASE)
# Signs of the bureau: nothing there is a zero; not available, secret and not yet are not.
_NOTHING = ("-", "–", "—")
_UNKNOWN = ("", "…", "...", "x", "х", "..")
# Headers of a sheet that has one number a row.
_HEADERS = {
    "place": (
        "place",
        "region",
        "district",
        "kato",
        "регион",
        "область",
        "район",
        "территория",
        "өңір",
        "облыс",
        "аудан",
    ),
    "item": ("item", "product", "вид", "показатель", "культура", "наименование", "түрі", "көрсеткіш", "дақыл"),
    "quantity": ("quantity", "measure", "величина", "шама"),
    "value": ("value", "значение", "мәні", "мән"),
    "unit": ("unit", "единица", "единица измерения", "бірлік", "өлшем бірлігі"),
    "year": ("year", "год", "жыл"),
    "source": ("source", "источник", "дереккөз"),
}


@dataclass(frozen=True)
class StatisticRow:
    """A published number: ISO 3166 of the country or a region, or nine digits of KATO; as the sheet has it."""

    place: str
    item: str
    quantity: str
    value: Decimal
    unit: str
    year: int
    source: str


@dataclass(frozen=True)
class SheetSays:
    """What a sheet says only in its title, or not at all: given by whoever loads it."""

    item: str | None = None
    quantity: str | None = None
    unit: str | None = None
    year: int | None = None


def read_sheet(
    file: Path, source: str, *, says: SheetSays | None = None, folder: DataFolder | None = None
) -> list[StatisticRow]:
    """The numbers of a CSV, XLSX or ODS: a row each, or places down and years across, or places down and items across.

    Places are KATO, ISO 3166-2 or names in three languages; districts by name need official boundaries in ``folder``.
    A dash is zero, as the bureau means it; dots, ``x`` and blanks are no number. Nothing is taken of a file of which a
    place or a number is not understood. Raises Refusal ``sheet-layout``, ``sheet-place``, ``sheet-missing`` and those
    of ``jasyl.intake``.
    """
    says = says or SheetSays()
    found = [row for table in read_tables(file) for row in _rows(_under_years(table), source, says, folder)]
    if not found:
        raise Refusal("sheet-layout", received=file.name)
    return found


def _under_years(table: Table) -> Table:
    """The table under its row of years: they look like numbers, so a row of words below may pass for the header."""
    for number, cells in table.top:
        if number >= table.header_row:
            break
        names = header_names(cells, table.file, table.sheet, table.limits)
        said = [name for name in names[1:] if name]
        if said and all(_YEAR.match(name) for name in said):
            return table.headed_at(number, names)
    return table


def _rows(table: Table, source: str, says: SheetSays, folder: DataFolder | None) -> Iterator[StatisticRow]:
    places = PlaceCodes(folder)
    columns = {key: header for key, ways in _HEADERS.items() if (header := _column(table.header, ways)) is not None}
    place = columns.get("place", table.header[0])
    if "value" in columns:
        across: list[tuple[str, SheetSays]] = [(columns["value"], says)]
    elif years := [(header, int(found[1])) for header in table.header if (found := _YEAR.match(header))]:
        across = [(header, _with_year(says, year)) for header, year in years]
    else:
        named = set(columns.values()) | {place}
        across = [(header, _with_item(says, header)) for header in table.header if header and header not in named]
    for row in table.rows():
        written = row[place].text.strip()
        numbers = [(row[header], meant) for header, meant in across]
        if not written or all(cell.text.strip() == "" for cell, _ in numbers):
            continue  # titles and notes between and below the numbers
        code = places.code(row[place].text, row[place].where)
        for cell, meant in numbers:
            value = _value(cell)
            if value is not None:
                yield _row(row, columns, code, value, meant, source)


def _row(row: Row, columns: dict[str, str], place: str, value: Decimal, says: SheetSays, source: str) -> StatisticRow:
    def said(key: str, given: str | None) -> str:
        written = row[columns[key]].text.strip() if key in columns else given
        if not written:
            raise Refusal("sheet-missing", where=row.table.where(row.number), received=key)
        return written

    year = said("year", None if says.year is None else str(says.year))
    return StatisticRow(
        place,
        said("item", says.item),
        said("quantity", says.quantity),
        value,
        said("unit", says.unit),
        int(float(year)),
        row[columns["source"]].text.strip() if "source" in columns else source,
    )


def _with_year(says: SheetSays, year: int) -> SheetSays:
    return SheetSays(says.item, says.quantity, says.unit, year)


def _with_item(says: SheetSays, item: str) -> SheetSays:
    return SheetSays(item, says.quantity, says.unit, says.year)


def _column(header: tuple[str, ...], ways: tuple[str, ...]) -> str | None:
    return next((name for name in header if name.strip().casefold() in ways), None)


def _value(cell: Cell) -> Decimal | None:
    written = cell.text.strip().casefold()
    if written in _UNKNOWN:
        return None
    if written in _NOTHING:
        return Decimal(0)
    try:
        return parse_decimal(cell.raw)
    except Refusal as refusal:
        raise Refusal(refusal.code, where=cell.where, **refusal.arguments) from refusal
