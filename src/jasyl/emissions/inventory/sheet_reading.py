"""A workbook of an inventory read back, whole and exact, or every problem with its cell."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jasyl.intake import Grid, read_grids
from jasyl.intake import decimal as number_of
from jasyl.intake.cells import checked
from jasyl.intake.raw import Raw, is_empty, written
from jasyl.texts import Refusal, Where

from .document import FORM, Inventory, inventory_of
from .sheet_fields import BY_GAS, FIELDS, FIRST, FLAGS, INTEGERS, JSON, LISTS, NUMBERS, OPTIONAL, SINGLE
from .sheet_parameters import nested, parameter_value


@dataclass(frozen=True)
class SheetReading:
    """What a workbook gave: the document, or None with every problem; and where its parts stand."""

    inventory: Inventory | None
    places: dict[str, Where]
    problems: tuple[Refusal, ...]


def read_workbook(content: bytes, name: str | None = None) -> SheetReading:
    """A workbook of this form, in whatever language. Raises Refusal of the file itself (``workbook-damaged`` …)."""
    found = {_mark(grid): grid for grid in read_grids(content, name)}
    missing = [one for one in ("inventory", *FIELDS) if one not in found and one not in OPTIONAL]
    if missing:
        where = Where(file=name)
        return SheetReading(None, {}, (Refusal("inventory-sheets", where=where, received=", ".join(missing)),))
    reader = _Reader()
    document: dict[str, Any] = {"form": FORM, **reader.whole(found["inventory"])}
    for section in FIELDS:
        document[section] = reader.section(section, found[section]) if section in found else []
    reader.into_activities(document["activities"], document.pop("parameters"))
    if reader.problems:
        return SheetReading(None, reader.places, tuple(reader.problems))
    try:
        return SheetReading(inventory_of(document, name), reader.places, ())
    except Refusal as refusal:
        return SheetReading(None, reader.places, (_placed(refusal, document, reader.places),))


def _mark(grid: Grid) -> str:
    mark = written(grid.cell(0, 0)).strip()
    return mark.removeprefix(f"{FORM} ") if mark.startswith(f"{FORM} ") else ""


class _Reader:
    """Reads section by section, keeping every problem with its cell."""

    def __init__(self) -> None:
        self.problems: list[Refusal] = []
        self.places: dict[str, Where] = {}

    def whole(self, grid: Grid) -> dict[str, Any]:
        """The sheet of single values: field in the first column, value in the third."""
        found: dict[str, Any] = {}
        for row in range(FIRST, len(grid.rows)):
            name = written(grid.cell(row, 0)).strip()
            if name not in SINGLE:
                if name:
                    self._no(Refusal("inventory-field", where=grid.where(row, 0), received=name[:40]))
                continue
            self.places[f"inventory.{name.partition('.')[0]}"] = grid.where(row, 2)
            value = self._value(grid, row, 2, name)
            if value is not None:
                put(found, name, value)
        return found

    def section(self, section: str, grid: Grid) -> list[dict[str, Any]]:
        """One list of the document; rows of the matrix without a key are cells that have activities or are blank."""
        columns = {written(grid.cell(1, at)).strip(): at for at in range(grid.width)}
        missing = [one for one in FIELDS[section] if one not in columns]
        if missing:
            self._no(Refusal("inventory-columns", where=grid.where(1), received=", ".join(missing)))
            return []
        rows: list[dict[str, Any]] = []
        for row in range(FIRST, len(grid.rows)):
            one: dict[str, Any] = {}
            for name in FIELDS[section]:
                told = f"{section}.{name}" if section == "parameters" else name
                value = self._value(grid, row, columns[name], told)
                if value is not None:
                    put(one, name, value)
            if not one:
                continue
            key = one.get("id") or one.get("ref") or one.get("name") or one.get("activity") or one.get("text") or ""
            self.places.setdefault(f"{section}.{key}", grid.where(row))
            if section == "parameters":
                self.places[f"parameters.{key}.{one.get('parameter')}"] = grid.where(row, columns["value"])
            if section != "cells" or self._stated(grid, row, one, columns):
                rows.append(one)
        return rows

    def into_activities(self, activities: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
        """The rows of the sheet of parameters put to the activities that they name."""
        known = {one.get("id"): one for one in activities}
        for row in rows:
            where = self.places.get(f"parameters.{row.get('activity', '')}")
            if row.get("activity") not in known or "parameter" not in row:
                self._no(Refusal("inventory-parameter-activity", where=where, received=str(row.get("activity", "—"))))
        whole = [row for row in rows if row.get("activity") in known and "parameter" in row]
        for activity, data in nested(whole).items():
            known[activity].setdefault("calculation", {})["data"] = data

    def _stated(self, grid: Grid, row: int, one: dict[str, Any], columns: Mapping[str, int]) -> bool:
        at = columns.get("result.co2e")
        number = None if at is None else grid.cell(row, at)
        if "key" in one and not is_empty(number):
            where = grid.where(row, at)
            self._no(Refusal("inventory-number-and-key", where=where, received=one["key"], ref=str(one.get("ref"))))
        elif not is_empty(number):
            self._value(grid, row, at or 0, "value")  # an error value or a word is no result of ours
        return "key" in one or "target" in one or "reason" in one

    def _value(self, grid: Grid, row: int, column: int, name: str) -> Any:
        raw = grid.cell(row, column)
        try:
            return None if is_empty(raw) else read_value(name, raw)
        except Refusal as refusal:
            self._no(Refusal(refusal.code, where=grid.where(row, column), **refusal.arguments))
            return None

    def _no(self, refusal: Refusal) -> None:
        self.problems.append(refusal)


def put(into: dict[str, Any], path: str, value: Any) -> None:
    """Put a value at a path of the document (``calculation.method``)."""
    head, _, rest = path.partition(".")
    if rest:
        into.setdefault(head, {})[rest] = value
    else:
        into[head] = value


def read_value(name: str, raw: Raw) -> Any:
    """The value of a field of the document in a cell. Raises Refusal ``not-number``, ``not-integer`` …"""
    if name == "parameters.value":
        return parameter_value(checked(raw))
    if name in NUMBERS:
        return number_of(raw)
    if name in INTEGERS:
        value = number_of(raw)
        if value is None or value != value.to_integral_value():
            raise Refusal("not-integer", received=written(raw)[:40])
        return int(value)
    said = written(checked(raw))
    if name in JSON:
        return _json(said)
    if name in FLAGS:
        return said.strip().lower() in {"true", "1", "yes", "да", "иә"}
    if name in LISTS:
        return [one.strip() for one in said.split(";") if one.strip()]
    return _by_gas(name, said) if name in BY_GAS else said


def _json(said: str) -> Any:
    try:
        return json.loads(said)
    except ValueError as error:
        raise Refusal("inventory-json", received=said[:60]) from error


def _by_gas(name: str, said: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in said.split("\n"):
        gas, between, value = line.partition(": ")
        if not between or not gas.strip():
            if line.strip():
                raise Refusal("inventory-by-gas", received=line[:60])
            continue
        found[gas.strip()] = _of_line(name, value)
    return found


def _of_line(name: str, value: str) -> Any:
    if name == "gases":
        return [one.strip() for one in value.split(";") if one.strip()]
    if name == "masses":
        return number_of(value)
    return value.replace("\\\\", "\0").replace("\\n", "\n").replace("\0", "\\")


def _placed(refusal: Refusal, document: Mapping[str, Any], places: Mapping[str, Where]) -> Refusal:
    """The place in the workbook of what the document's form refuses (``activities[3].quality``)."""
    field = (refusal.where.field if refusal.where else "") or ""
    section, _, rest = field.partition("[")
    index, _, name = rest.partition("]")
    if section in document and index.isdigit():
        one = document[section][int(index)]
        key = one.get("id") or one.get("ref") or one.get("name") or one.get("text") or ""
        parameter = name.removeprefix(".calculation.data.")
        where = places.get(f"parameters.{key}.{parameter}") or places.get(f"{section}.{key}")
    else:
        where, name = places.get(f"inventory.{section}"), ""
    if where is None:
        return refusal
    placed = Where(where.file, where.sheet, where.row, name.strip(".") or where.field)
    return Refusal(refusal.code, where=placed, **refusal.arguments)
