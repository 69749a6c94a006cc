"""Breakdowns of data points out of CSV or XLSX: one row a cell."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jasyl.intake import Row, Table, read_tables
from jasyl.texts import Refusal

from .catalogue import Catalogue
from .catalogue_columns import BREAKDOWNS
from .disaggregation import Part
from .table_cells import number_of, texts_of

COLUMNS = ("point", "place", "year", *BREAKDOWNS, "numerator", "denominator", "value", "people")
_NUMBERS = ("numerator", "denominator", "value")
Parts = Mapping[str, tuple[Part, ...]]


@dataclass(frozen=True)
class Breakdowns:
    """What a file says, by place and year; rows that name neither are of whatever they are read beside."""

    parts: Mapping[tuple[str, str], Parts] = field(default_factory=dict[tuple[str, str], Parts])

    def of(self, place: str, year: int) -> dict[str, tuple[Part, ...]]:
        """The parts of every data point at a place in a year."""
        found = dict[str, tuple[Part, ...]]()
        for (named, dated), parts in self.parts.items():
            if named in ("", place) and dated in ("", str(year)):
                for point, held in parts.items():
                    found[point] = (*found.get(point, ()), *held)
        return found


def read_breakdowns(given: Path | str | bytes, of: Catalogue, name: str | None = None) -> Breakdowns:
    """A table with ``point``, any of the axes ``sex``, ``age``, ``disability``, ``income``, ``district``, and
    ``numerator`` with ``denominator``, or ``value`` with ``people`` (how many persons stand behind it); where wanted
    ``place`` and ``year``. A row without any axis is the total. What may be shown is for ``disaggregate`` to say.

    Raises Refusal ``breakdown-cell``, ``indicator-unknown-point``, ``not-number`` and those of the file, with the
    cell.
    """
    table = read_tables(given, name)[0]
    for column in table.header:
        if column not in COLUMNS:
            raise _wrong(table, None, column, column, ", ".join(COLUMNS))
    if "point" not in table.header:
        raise _wrong(table, None, "point", ", ".join(table.header), "point")
    found = dict[tuple[str, str], dict[str, list[Part]]]()
    for row in table.rows():
        point, key, part = _row(table, row, of)
        found.setdefault(key, {}).setdefault(point, []).append(part)
    return Breakdowns({key: {point: tuple(held) for point, held in by.items()} for key, by in found.items()})


def _row(table: Table, row: Row, of: Catalogue) -> tuple[str, tuple[str, str], Part]:
    said = texts_of(table, row, COLUMNS)
    if not of.has(said["point"]):
        where = table.where(row.number, "point")
        raise Refusal("indicator-unknown-point", where=where, received=said["point"], expected=of.id)
    numbers = {column: number_of(table, row, column) for column in _NUMBERS if said[column]}
    people = number_of(table, row, "people") if said["people"] else None
    for column, number in (*numbers.items(), ("people", people)):
        if number is not None and column != "value" and (number < 0 or (column == "people" and number % 1)):
            raise _wrong(table, row.number, column, str(number), "≥ 0")
    if not numbers:
        raise _wrong(table, row.number, "value", "", ", ".join(_NUMBERS))
    by = {axis: said[axis] for axis in BREAKDOWNS if said[axis]}
    part = Part.of(by, **numbers, people=None if people is None else int(people))
    return said["point"], (said["place"], said["year"]), part


def _wrong(table: Table, row: int | None, column: str, received: str, expected: str) -> Refusal:
    return Refusal("breakdown-cell", where=table.where(row, column), received=received, expected=expected)
