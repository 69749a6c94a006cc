"""One line of an inventory at a time: an activity as fields of a form, put in, changed, taken out.

The fields are the columns of the workbook, written the same way; every change gives another document, which is examined
as a whole before it is kept.
"""

from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from jasyl.intake import form_fault
from jasyl.texts import Refusal, Where

from .document import Activity, Inventory, Statement, in_order
from .sheet import cell_value
from .sheet_fields import FIELDS
from .sheet_parameters import nested, parameter_rows, parameter_value
from .sheet_reading import put, read_value

LINE_FIELDS = FIELDS["activities"]
PARAMETERS = "parameters"
PLANT_REPORT = "plant_report"


def line_fields(activity: Activity) -> dict[str, str]:
    """An activity as texts by field; parameters of its method one in a line, ``people = 1200``."""
    found = {name: _text(cell_value(activity, name)) for name in LINE_FIELDS}
    rows = (f"{row['parameter']} = {_text(row['value'])}" for row in parameter_rows([activity]))
    return found | {PARAMETERS: "\n".join(rows)}


def activity_of(fields: Mapping[str, str]) -> Activity:
    """The activity that a form says.

    Raises Refusal with the field: ``not-number``, ``inventory-by-gas``, ``inventory-parameter`` and ``inventory-form``.
    """
    document: dict[str, Any] = {}
    for name in LINE_FIELDS:
        said = fields.get(name, "").replace("\r\n", "\n").strip()
        if said:
            put(document, name, _read(name, said))
    data = _parameters(fields.get(PARAMETERS, ""))
    if data:
        document.setdefault("calculation", {})["data"] = data
    try:
        return msgspec.convert(document, Activity)
    except msgspec.ValidationError as error:
        raise form_fault(error, document, Activity, "inventory-form", expected="activity") from error


def with_line(inventory: Inventory, activity: Activity, instead_of: str = "") -> Inventory:
    """The inventory with the activity in the place of ``instead_of``, else at the end; a key of its cell goes. Other
    numbers than those carried over from an earlier year are carried no longer.

    Raises Refusal ``inventory-line`` where there is no such line, ``inventory-twice`` where another has its id.
    """
    ids = [one.id for one in inventory.activities]
    if instead_of and instead_of not in ids:
        raise Refusal("inventory-line", received=instead_of[:60])
    if activity.id in ids and activity.id != instead_of:
        raise Refusal("inventory-twice", where=Where(field="id"), received=activity.id)
    before = next((one for one in inventory.activities if one.id == instead_of), None)
    if before is not None and _numbers(activity) != _numbers(before):
        activity = msgspec.structs.replace(activity, carried_from=None)
    changed = tuple(activity if one.id == instead_of else one for one in inventory.activities)
    lines = changed if instead_of else (*changed, activity)
    keys = tuple(one for one in inventory.cells if one.ref != activity.ref)
    return msgspec.structs.replace(inventory, activities=lines, cells=keys)


def _numbers(one: Activity) -> tuple[Any, ...]:
    """What a line says of its year."""
    return one.amount, one.unit, one.masses, one.calculation


def without_line(inventory: Inventory, line: str, statement: Statement | None = None) -> Inventory:
    """The inventory without a line; ``statement`` is the key of its cell where nothing is left in it.

    Raises Refusal ``inventory-line``.
    """
    gone = next((one for one in inventory.activities if one.id == line), None)
    if gone is None:
        raise Refusal("inventory-line", received=line[:60])
    lines = tuple(one for one in inventory.activities if one is not gone)
    left = msgspec.structs.replace(inventory, activities=lines)
    return left if statement is None else with_key(left, statement)


def with_key(inventory: Inventory, statement: Statement) -> Inventory:
    """The inventory with this key in its cell, in the place of another."""
    others = tuple(one for one in inventory.cells if one.ref != statement.ref)
    return in_order(msgspec.structs.replace(inventory, cells=(*others, statement)))


def with_plants(inventory: Inventory, lines: Iterable[Activity]) -> Inventory:
    """The inventory with the lines that its plants' reports come to (``plant_report``) in the place of earlier ones."""
    others = tuple(one for one in inventory.activities if not one.calculation or one.calculation.by != PLANT_REPORT)
    changed = msgspec.structs.replace(inventory, activities=others)
    for one in lines:
        changed = with_line(changed, one)
    return changed


def _text(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)


def _read(name: str, said: str) -> Any:
    try:
        return read_value(name, said)
    except Refusal as refusal:
        raise Refusal(refusal.code, where=Where(field=name), **refusal.arguments) from None


def _parameters(said: str) -> dict[str, Any]:
    rows: list[dict[str, Any]] = []
    for line in said.splitlines():
        name, between, value = line.partition("=")
        if not line.strip():
            continue
        if not between or not name.strip():
            raise Refusal("inventory-parameter", where=Where(field=PARAMETERS), received=line[:60])
        rows.append({"activity": "", "parameter": name.strip(), "value": _typed(value.strip())})
    return nested(rows).get("", {})


def _typed(said: str) -> Any:
    """A whole number as one; other numbers stay exact texts, which the document reads."""
    return int(said) if said.lstrip("-").isdigit() and said.isascii() else parameter_value(said)
