"""Documented templates: what columns a file may have, how they are called in each language, what they hold."""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from jasyl.quantities import Unit, base_unit, unit
from jasyl.texts import LANGUAGES, Language, Refusal, Where

from .cells import Choice, fold
from .note import Note, note
from .numbers import named_unit
from .raw import is_empty, written
from .table import Table, header_names

Kind = Literal[
    "text", "digits", "integer", "decimal", "date", "day", "moment", "boolean", "longitude", "latitude", "choice"
]

# What people call coordinates, whatever a template calls them.
_COORDINATES = {
    "longitude": ("lon", "lng", "long", "longitude", "x", "долгота", "бойлық"),
    "latitude": ("lat", "latitude", "y", "широта", "ендік"),
}
# A shared first word of fewer letters says nothing.
_TELLING_WORD = 6
_UNIT_BEHIND = re.compile(r"(.*\S)\s*(?:,\s*|\(|\[)([^,()\[\]]+?)[)\]]?")


@dataclass(frozen=True)
class TemplateColumn:
    """One column of a template.

    Attributes:
        key: machine name; the key of the value in a row, accepted as a header too.
        headers: header in each language; ``synonyms`` are other accepted ones.
        kind: what its cells hold. ``date`` may be known to the year only, ``day`` may not; ``moment`` is an instant.
        unit: UCUM code of the unit in which bare numbers are meant. Values are given in the **base unit** of its
            dimension, whatever unit the file used.
        required: whether the column must be there and filled in every row.
        unique: whether a value may occur only once in a file.
        choices: the list for kind ``choice``.
        length: number of digits for kind ``digits``, greatest number of characters for ``text``.
        minimum, maximum: bounds of a number, in ``unit``, both allowed.
        past: whether a date after today is refused.
        zone: IANA zone in which moments without an offset are meant; None refuses them.
        description: key of a catalogue message that explains the column; ``example`` is a value as people write it.
    """

    key: str
    headers: Mapping[Language, str]
    kind: Kind = "text"
    unit: str | None = None
    required: bool = False
    unique: bool = False
    choices: tuple[Choice, ...] = ()
    synonyms: tuple[str, ...] = ()
    length: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    past: bool = False
    zone: str | None = None
    description: str | None = None
    example: str | None = None

    def __post_init__(self) -> None:
        if set(self.headers) != set(LANGUAGES):
            raise ValueError(f"{self.key}: a header in each of {LANGUAGES} is needed")
        if (self.kind == "choice") != bool(self.choices) or (self.kind == "digits" and not self.length):
            raise ValueError(f"{self.key}: choices belong to kind choice, digits need a length")

    @cached_property
    def measured(self) -> tuple[Unit, Unit] | None:
        """(unit of bare numbers, base unit of the values), or None for a plain number."""
        if self.unit is None:
            return None
        own = unit(self.unit)
        return own, base_unit(own.dimension)

    @cached_property
    def civil_zone(self) -> ZoneInfo | None:
        """The zone of moments without an offset."""
        return ZoneInfo(self.zone) if self.zone else None


@dataclass(frozen=True)
class Template:
    """A kind of file: its name and its columns, in the order in which they are offered."""

    name: str
    columns: tuple[TemplateColumn, ...]

    def __post_init__(self) -> None:
        known: dict[str, str] = {}
        for column in self.columns:
            for way in _ways(column):
                if known.setdefault(way, column.key) != column.key:
                    raise ValueError(f"template {self.name}: “{way}” names both {known[way]} and {column.key}")

    @cached_property
    def by_header(self) -> dict[str, TemplateColumn]:
        """Column by folded header, in any language."""
        return {way: column for column in self.columns for way in _ways(column)}

    def column(self, key: str) -> TemplateColumn:
        """The column of that key. Raises KeyError."""
        return self.by_header[fold(key)]


@dataclass(frozen=True)
class Mapped:
    """A template column found in a table: position and name there, and the unit its header or units row names."""

    column: TemplateColumn
    index: int
    header: str
    unit: Unit | None = None

    def in_unit(self, named: Unit | None) -> "Mapped":
        """The same, its bare numbers meant in ``named`` where one is named."""
        return replace(self, unit=named) if named else self


@dataclass(frozen=True)
class Match:
    """Which column of a table is which; ``unknown`` are headers the template does not have."""

    table: Table
    columns: tuple[Mapped, ...]
    unknown: tuple[str, ...]
    notes: tuple[Note, ...]

    def where(self, row: int, key: str | None = None) -> Where:
        """The place in the file of the row numbered ``row``, and of the value of one column."""
        header = next((mapped.header for mapped in self.columns if mapped.column.key == key), key)
        return self.table.where(row, header)


def match(table: Table, template: Template) -> Match:
    """Recognise the columns of ``table`` by their headers in any language, or by key.

    Where another of the first rows fits the template better than the one taken for the header, that row is the header.
    A unit behind a header (``Мощность, кВт``) or in a row of units below it is understood.
    Raises Refusal ``columns-missing``, ``column-twice``, ``unit-dimension``.
    """
    table = _headed_best(table, template)
    found: list[Mapped] = []
    unknown: list[str] = []
    for index, header in enumerate(table.header):
        column, named_unit = _recognise(header, template)
        if column is None:
            if header:
                unknown.append(header)
            continue
        twin = next((mapped for mapped in found if mapped.column is column), None)
        if twin:
            where = table.where(table.header_row, header)
            raise Refusal("column-twice", where=where, received=header, expected=twin.header)
        found.append(Mapped(column, index, header, named_unit))
    missing = [c for c in template.columns if c.required and all(mapped.column is not c for mapped in found)]
    if missing:
        names = "; ".join(" / ".join(dict.fromkeys(column.headers.values())) for column in missing)
        received = ", ".join(header for header in table.header if header)[:200]
        raise Refusal("columns-missing", where=table.where(table.header_row), received=received, expected=names)
    table, found = _with_units_row(table, found)
    unused = [column for column in template.columns if all(mapped.column is not column for mapped in found)]
    notes = [_unknown_note(table, header, unused) for header in unknown]
    notes += [
        note("unit", table.where(table.header_row), header=mapped.header, unit=mapped.unit.ucum)
        for mapped in found
        if mapped.unit and mapped.column.measured and mapped.unit != mapped.column.measured[0]
    ]
    return Match(table, tuple(found), tuple(unknown), (*table.notes, *notes))


def choose(tables: list[Table], template: Template) -> Table:
    """The table that fits ``template`` best, such as the data sheet beside a sheet of explanations."""
    return max(tables, key=lambda table: _fit(_headed_best(table, template).header, template))


def schema(template: Template) -> dict[str, Any]:
    """JSON Schema (2020-12) of one row given as JSON: numbers in the column's unit, dates as ISO 8601."""
    properties = {column.key: _property(column) for column in template.columns}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": template.name,
        "type": "object",
        "properties": properties,
        "required": [column.key for column in template.columns if column.required],
        "additionalProperties": False,
    }


_TYPES: dict[Kind, dict[str, Any]] = {
    "text": {"type": "string"},
    "digits": {"type": "string"},
    "integer": {"type": "integer"},
    "decimal": {"type": "number"},
    "date": {"type": "string", "pattern": r"^\d{4}(-\d{2}(-\d{2})?)?$"},
    "day": {"type": "string", "format": "date"},
    "moment": {"type": "string", "format": "date-time"},
    "boolean": {"type": "boolean"},
    "longitude": {"type": "number", "minimum": -180, "maximum": 180},
    "latitude": {"type": "number", "minimum": -90, "maximum": 90},
    "choice": {"type": "string"},
}


def _property(column: TemplateColumn) -> dict[str, Any]:
    made = {"title": column.headers["en"], **_TYPES[column.kind]}
    if column.choices:
        made["enum"] = [choice.code for choice in column.choices]
    if column.kind == "digits":
        made["pattern"] = rf"^\d{{{column.length}}}$"
    elif column.length:
        made["maxLength"] = column.length
    if column.minimum is not None:
        made["minimum"] = float(column.minimum)
    if column.maximum is not None:
        made["maximum"] = float(column.maximum)
    if column.unit:
        made["x-unit"] = column.unit
    made["x-header"] = dict(column.headers)
    return made


def _ways(column: TemplateColumn) -> set[str]:
    ways = {column.key, *column.headers.values(), *column.synonyms, *_COORDINATES.get(column.kind, ())}
    return {fold(way) for way in ways}


def _recognise(header: str, template: Template) -> tuple[TemplateColumn | None, Unit | None]:
    column = template.by_header.get(fold(header))
    if column is not None:
        return column, None
    behind = _UNIT_BEHIND.fullmatch(header)
    column = template.by_header.get(fold(behind[1])) if behind else None
    if behind is None or column is None or column.measured is None:
        return None, None
    try:
        return column, named_unit(behind[2])
    except Refusal:
        return None, None


def _unknown_note(table: Table, header: str, unused: list[TemplateColumn]) -> Note:
    """An unknown column, with the heading of the template that may have been meant."""
    where = table.where(table.header_row)
    near = _nearest(fold(header), unused)
    return (
        note("unknown-column", where, header=header)
        if near is None
        else note("near-column", where, header=header, near=near)
    )


def _nearest(header: str, columns: list[TemplateColumn]) -> str | None:
    """The heading most like ``header`` in letters, or one that begins with the same word."""
    headings = {fold(heading): heading for column in columns for heading in (column.key, *column.headers.values())}
    close = difflib.get_close_matches(header, headings, n=1, cutoff=0.75)
    word = re.split(r"\W", header, maxsplit=1)[0]
    begun = [
        heading
        for heading in headings
        if len(word) >= _TELLING_WORD and re.split(r"\W", heading, maxsplit=1)[0] == word
    ]
    return headings[(close or begun)[0]] if close or begun else None


def _fit(header: tuple[str, ...], template: Template) -> int:
    return sum(_recognise(name, template)[0] is not None for name in header)


def _headed_best(table: Table, template: Template) -> Table:
    best, best_fit = table, _fit(table.header, template)
    for number, cells in table.top:
        if number != table.header_row:
            header = header_names(cells, table.file, table.sheet, table.limits)
            fit = _fit(header, template)
            if fit > best_fit:
                best, best_fit = table.headed_at(number, header), fit
    return best


def _with_units_row(table: Table, found: list[Mapped]) -> tuple[Table, list[Mapped]]:
    """A row below the header that holds units, and nothing else, in columns that have one."""
    row = next((cells for number, cells in table.top if number == table.header_row + 1), None)
    if row is None or all(is_empty(cell) for cell in row):
        return _checked_units(table, found)
    by_index = {mapped.index: mapped for mapped in found}
    named: dict[int, Unit] = {}
    for index, cell in enumerate(row):
        if is_empty(cell):
            continue
        mapped = by_index.get(index)
        if mapped is None or mapped.column.measured is None:
            return _checked_units(table, found)
        try:
            named[index] = named_unit(written(cell))
        except Refusal:
            return _checked_units(table, found)
    table = table.with_data_after(table.header_row + 1)
    return _checked_units(table, [mapped.in_unit(named.get(mapped.index)) for mapped in found])


def _checked_units(table: Table, found: list[Mapped]) -> tuple[Table, list[Mapped]]:
    for mapped in found:
        own = mapped.column.measured
        if own and mapped.unit:
            own[0].refuse_other(mapped.unit, table.where(table.header_row, mapped.header))
    return table, found
