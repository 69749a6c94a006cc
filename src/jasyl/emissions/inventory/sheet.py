"""An inventory as a workbook: one sheet for each part of the document, the matrix of cells as CIRIS has it.

The first row of a sheet is its mark, the second holds the names of the document's fields, the third their headings in a
language; by the second row :mod:`.sheet_reading` reads a workbook in any language again, whole and exact. Numbers of
the matrix (CO2e and gases, t) are results.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

import msgspec

from jasyl.papers.sheets import PlainSheet, Value, write_sheets
from jasyl.quantities import signable
from jasyl.texts import Language, say

from .document import FORM, Inventory, Statement
from .export import gas_tonnes
from .sheet_fields import BETWEEN, BY_GAS, CHOICES, FIELDS, FLAGS, JSON, LISTS, OFFERED, RESULTS, SINGLE, WIDE
from .sheet_parameters import method_rows, parameter_rows
from .structure import KEYS, TOTALS, GpcCell, cells
from .totals import CellValue, Result

# The lists of the document before and after the matrix of cells.
_LISTS = ("activities", "parameters", "factors")
_LAST = ("checks", "words")
_DESCRIBED = ("sector", "subsector", "scope", "totals")


def inventory_workbook(inventory: Inventory, language: Language, result: Result | None = None) -> bytes:
    """The document as XLSX with headings in ``language``; with ``result`` the matrix holds its numbers."""
    sheets = [_whole_sheet(inventory, language)]
    data = _plain(inventory)
    sheets += [_section(name, data[name], language) for name in _LISTS]
    sheets.append(_matrix(inventory, language, result))
    sheets += [_section(name, data[name], language) for name in _LAST]
    return write_sheets(sheets)


def inventory_template(language: Language, place: str = "", year: int | None = None) -> bytes:
    """An empty workbook to fill in: every cell of the protocol in its row."""
    empty: dict[str, Any] = {"place": place, "year": year}
    sheets = [_whole(empty, language), *(_section(name, (), language) for name in _LISTS)]
    sheets.append(_cells_sheet([_cell_row(one, None, None, language) for one in cells()], language))
    sheets += [_section(name, (), language) for name in _LAST]
    return write_sheets([*sheets, _methods(language)])


def _plain(inventory: Inventory) -> dict[str, Any]:
    return msgspec.to_builtins(inventory, builtin_types=(Decimal,)) | {
        "activities": [_fields(one, FIELDS["activities"]) for one in inventory.activities],
        "parameters": list(parameter_rows(inventory.activities)),
        "factors": [_fields(one, FIELDS["factors"]) for one in inventory.factors],
        "checks": [_fields(one, FIELDS["checks"]) for one in inventory.checks],
        "words": [_fields(one, FIELDS["words"]) for one in inventory.words],
    }


def _fields(one: msgspec.Struct, names: Iterable[str]) -> dict[str, Value]:
    return {name: cell_value(one, name) for name in names}


def cell_value(one: msgspec.Struct, field: str) -> Value:
    """What stands in a cell for a field of a part of the document (``calculation.method``)."""
    return _cell(field, _got(one, field))


def _got(one: Any, path: str) -> Any:
    for name in path.split("."):
        one = None if one is None else getattr(one, name)
    return one


def _cell(name: str, value: Any) -> Value:
    if name in LISTS:
        return BETWEEN.join(value or ())
    if name in BY_GAS:
        lines = (f"{gas}: {_of_gas(inner)}" for gas, inner in value.items())
        return "\n".join(lines)
    if name in JSON:
        data = signable(msgspec.to_builtins(value, builtin_types=(Decimal,)))
        return json.dumps(data, ensure_ascii=False) if data else None
    if name in FLAGS:
        return True if value else None
    return value


def _of_gas(value: Any) -> str:
    if isinstance(value, tuple):
        return BETWEEN.join(str(one) for one in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
    return str(value).replace("\\", "\\\\").replace("\n", "\\n")


def _heading(name: str, language: Language) -> str:
    return say(language, f"inventory-field-{name.replace('.', '-').replace('_', '-')}")


def _whole_sheet(inventory: Inventory, language: Language) -> PlainSheet:
    return _whole({name: cell_value(inventory, name) for name in SINGLE}, language)


def _whole(values: Mapping[str, Value], language: Language) -> PlainSheet:
    rows: list[list[Value]] = [[f"{FORM} inventory"], ["field", "heading", "value", "offered"]]
    rows.append(["", *(say(language, f"inventory-column-{one}") for one in ("what", "value", "offered"))])
    rows += [[name, _heading(name, language), values.get(name), ", ".join(OFFERED.get(name, ()))] for name in SINGLE]
    return PlainSheet(
        say(language, "inventory-sheet-inventory"), rows, (22, 44, 60, 50), frozenset({2}), frozenset({0, 1}), "C4"
    )


def _section(name: str, rows: Iterable[Mapping[str, Value]], language: Language) -> PlainSheet:
    fields = FIELDS[name]
    head: list[list[Value]] = [[f"{FORM} {name}"], list(fields), [_heading(one, language) for one in fields]]
    widths = [40 if one in WIDE else 16 for one in fields]
    choices = {at: CHOICES[one] for at, one in enumerate(fields) if one in CHOICES}
    filled = [*head, *([row[one] for one in fields] for row in rows)]
    title = say(language, f"inventory-sheet-{name}")
    return PlainSheet(title, filled, widths, frozenset({2}), frozenset({0, 1}), "C4", choices)


def _methods(language: Language) -> PlainSheet:
    """What can be written into the sheet of parameters: for the reader only, never read back."""
    head = [say(language, f"inventory-column-method-{name}") for name in ("of", "parameter", "required")]
    rows: list[Sequence[Value]] = [head]
    for method in dict.fromkeys(one for one, _, _ in method_rows()):
        rows.append((method, "of", "!"))
        rows += [row for row in method_rows() if row[0] == method]
    return PlainSheet(say(language, "inventory-sheet-methods"), rows, (24, 36, 12), frozenset({0}))


def _matrix(inventory: Inventory, language: Language, result: Result | None) -> PlainSheet:
    stated = {one.ref: one for one in reversed(inventory.cells)}  # of two keys the first
    values = result.by_ref if result else {}
    rows = [_cell_row(one, stated.get(one.ref), values.get(one.ref), language) for one in cells()]
    # What is wrong is written too, so that it can be mended: keys of no cell, second keys of one.
    known = {one.ref for one in cells()}
    wrong = [one for one in inventory.cells if one.ref not in known or stated[one.ref] is not one]
    blank: list[Value] = [None] * len(_DESCRIBED)
    rows += [[one.ref, *blank, one.key, one.target, one.reason] for one in wrong]
    return _cells_sheet(rows, language)


def _cell_row(one: GpcCell, stated: Statement | None, value: CellValue | None, language: Language) -> list[Value]:
    part = [say(language, f"inventory-total-{name.replace('_', '-')}") for name in TOTALS if one.part_of(name)]
    described: list[Value] = [say(language, f"gpc-{one.sector}"), one.name(language), one.scope, ", ".join(part)]
    key: list[Value] = [stated.key, stated.target, stated.reason] if stated else [None, None, None]
    return [one.ref, *described, *key, *_numbers(value)]


def _numbers(value: CellValue | None) -> list[Value]:
    if value is None or value.co2e is None:
        return [None] * len(RESULTS)
    return [value.co2e / 1000, *gas_tonnes(value).values(), value.quality, value.factor_quality]


def _cells_sheet(rows: Sequence[Sequence[Value]], language: Language) -> PlainSheet:
    machine = ("ref", *_DESCRIBED, "key", "target", "reason", *(f"result.{one}" for one in RESULTS))
    headings = [_heading(one.removeprefix("result."), language) for one in machine]
    head: list[list[Value]] = [[f"{FORM} cells"], list(machine), list(headings)]
    widths = [10, 24, 34, 9, 22, 10, 10, 40, *(14 for _ in RESULTS)]
    title = say(language, "inventory-sheet-cells")
    return PlainSheet(
        title, [*head, *rows], widths, frozenset({2}), frozenset({0, 1}), "B4", {machine.index("key"): KEYS}
    )
