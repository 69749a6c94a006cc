"""What methods need as rows of a sheet: activity, parameter, value; and back, whole.

A parameter is written as a path: ``people``, ``composition.food``, ``paths.1.share`` (lists count from one).
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, get_args

import msgspec

from jasyl.intake.raw import Raw, written
from jasyl.papers.sheets import Value

from .document import Activity
from .method_data import MethodData

Path = tuple[str, ...]


def parameter_rows(activities: Iterable[Activity]) -> Iterator[dict[str, Value]]:
    """A row for each parameter of each activity with a method."""
    for one in activities:
        if one.calculation is not None and one.calculation.data is not None:
            data = msgspec.to_builtins(one.calculation.data, builtin_types=(Decimal,))
            for path, value in _leaves(data):
                yield {"activity": one.id, "parameter": ".".join(path), "value": value}


def method_rows() -> Iterator[tuple[str, str, str]]:
    """What every method can be told: method, parameter, and ``!`` where it must."""
    for form in get_args(MethodData):
        yield from _fields(str(form.__struct_config__.tag), (), form)


def nested(rows: Iterable[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The data by activity, as the document has them."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        _put(found.setdefault(str(row["activity"]), {}), tuple(str(row["parameter"]).split(".")), row.get("value"))
    return {activity: _listed(data) for activity, data in found.items()}


def parameter_value(raw: Raw) -> Any:
    """A cell as JSON has it: whole numbers whole, others exact, yes and no as such, else text."""
    said = written(raw)
    if isinstance(raw, int | float | Decimal):
        number = Decimal(said)
        return int(number) if number == number.to_integral_value() else number
    return {"true": True, "false": False}.get(said.strip().lower(), said)


def _leaves(data: Any, path: Path = ()) -> Iterator[tuple[Path, Value]]:
    if isinstance(data, dict):
        for name, inner in data.items():  # pyright: ignore[reportUnknownVariableType]
            yield from _leaves(inner, (*path, str(name)))  # pyright: ignore[reportUnknownArgumentType]
    elif isinstance(data, list | tuple):
        for at, inner in enumerate(data, 1):  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]
            yield from _leaves(inner, (*path, str(at)))
    else:
        yield path, data


def _put(into: dict[str, Any], path: Path, value: Any) -> None:
    head, *rest = path
    if rest:
        inner = into.setdefault(head, {})
        _put(inner if isinstance(inner, dict) else into, tuple(rest), value)  # pyright: ignore[reportUnknownArgumentType]
    else:
        into[head] = value


def _listed(data: Any) -> Any:
    """Numbered parts become lists."""
    if not isinstance(data, dict):
        return data
    inner: dict[str, Any] = {name: _listed(value) for name, value in data.items()}  # pyright: ignore[reportUnknownVariableType]
    if inner and all(name.isdigit() for name in inner):
        return [inner[name] for name in sorted(inner, key=int)]
    return inner


def _fields(method: str, path: Path, form: Any) -> Iterator[tuple[str, str, str]]:
    for one in msgspec.structs.fields(form):
        needed = "!" if one.required else ""
        part = next((each for each in get_args(one.type) if hasattr(each, "__struct_fields__")), None)
        if part is not None:
            yield from _fields(method, (*path, one.name, "1"), part)
        else:
            yield method, ".".join((*path, one.name)), needed
