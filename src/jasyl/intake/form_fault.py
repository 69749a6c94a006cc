"""What is wrong with a JSON document whose form msgspec refuses: the field, what stands there, what may stand there."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, cast

import msgspec

from jasyl.texts import Refusal, Where

_NUMBERS = ("decimal", "float", "int")
_NO_NUMBER = re.compile(r"Invalid decimal string|Expected `(?P<kinds>[a-z| ]+)`, got `(?:str|bool|object|array)`")
_NO_CHOICE = re.compile(r"Invalid enum value ")
_FIELD = re.compile(r"Object (?P<fault>contains unknown|missing required) field `(?P<field>.*)`")
_LONGEST = 120


def form_fault(
    error: msgspec.ValidationError,
    document: object,
    kind: type[msgspec.Struct],
    code: str,
    *,
    file: str | None = None,
    expected: str | None = None,
) -> Refusal:
    """The refusal of a document that is no ``kind``: ``not-number`` and ``not-choice`` with what stands in the field,
    ``field-missing``, ``field-unknown``; for all else ``code`` with what msgspec says and ``expected``."""
    said, _, told = str(error).partition(" - at ")
    path = told.strip("`")
    where = Where(file=file, field=path.removeprefix("$").removeprefix(".") or None)
    if fault := _FIELD.fullmatch(said):
        missing = fault["fault"].startswith("missing")
        return Refusal("field-missing" if missing else "field-unknown", where=where, received=fault["field"][:_LONGEST])
    held = None if "..." in path else value_at(document, path)
    if isinstance(held, str | int | float | Decimal):
        received = str(held)[:_LONGEST]
        if _is_no_number(said):
            return Refusal("not-number", where=where, received=received)
        if _NO_CHOICE.match(said) and (choices := _choices(kind, path)):
            return Refusal("not-choice", where=where, received=received, expected=", ".join(choices))
    return Refusal(code, where=where, received=said[:_LONGEST], expected=expected)


def value_at(document: object, path: str) -> Any:
    """What stands at a place as msgspec writes it: ``$.products[2].inflow.2010``."""
    held: Any = document
    for step in _steps(path):
        held = held[int(step)] if isinstance(held, list | tuple) else held[step]
    return held


def _steps(path: str) -> list[str]:
    return re.findall(r"[^.\[\]$]+", path)


def _is_no_number(said: str) -> bool:
    found = _NO_NUMBER.match(said)
    kinds = found["kinds"] if found else None
    return found is not None and (kinds is None or all(one in (*_NUMBERS, "null") for one in kinds.split(" | ")))


def _choices(kind: type[msgspec.Struct], path: str) -> list[str]:
    """What the JSON Schema of ``kind`` lists for a field; nothing where it leads elsewhere."""
    schema = msgspec.json.schema(kind)
    nodes = [schema]
    for step in _steps(path):
        nodes = [below for node in nodes for one in _meant(schema, node) for below in _below(one, step)]
    return [str(one) for node in nodes for each in _meant(schema, node) for one in each.get("enum", ())]


def _meant(schema: Mapping[str, Any], node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """A node with its reference followed, or each of its alternatives."""
    if reference := node.get("$ref"):
        return _meant(schema, schema["$defs"][reference.rpartition("/")[2]])
    if alternatives := cast("list[Mapping[str, Any]] | None", node.get("anyOf")):
        return [one for each in alternatives for one in _meant(schema, each)]
    return [node]


def _below(node: Mapping[str, Any], step: str) -> list[dict[str, Any]]:
    found = node.get("items") if step.isdigit() else node.get("properties", {}).get(step)
    return [found] if found else []
