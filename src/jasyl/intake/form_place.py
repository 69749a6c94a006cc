"""A place in a JSON document (``$.products[2].inflow.2010``, as msgspec writes it): what stands and what may stand."""

import re
from typing import Any

import msgspec.inspect
from msgspec.inspect import DictType, ListType, LiteralType, Metadata, StructType, UnionType, VarTupleType

_STEP = re.compile(r"[^.\[\]$]+")


def value_at(document: object, place: str) -> Any:
    """What stands at a place."""
    held: Any = document
    for step in _STEP.findall(place):
        held = held[int(step)] if isinstance(held, list | tuple) else held[step]
    return held


def choices_at(kind: type[Any], place: str, *, keys: bool = False) -> list[str]:
    """The words that a ``kind`` of document allows at a place, or as keys there; none where any text may stand."""
    held: list[msgspec.inspect.Type] = [msgspec.inspect.type_info(kind)]
    for step in _STEP.findall(place):
        held = [part for one in held for part in _parts(one, step)]
    if keys:
        held = [sort.key_type for one in held for sort in _sorts(one) if isinstance(sort, DictType)]
    return [str(word) for one in held for sort in _sorts(one) if isinstance(sort, LiteralType) for word in sort.values]


def _parts(one: msgspec.inspect.Type, step: str) -> list[msgspec.inspect.Type]:
    """What a field, a key or a number leads to, for each sort of value that may stand there."""
    found: list[msgspec.inspect.Type] = []
    for sort in _sorts(one):
        match sort:
            case StructType():
                found += [field.type for field in sort.fields if field.encode_name == step]
            case ListType() | VarTupleType():
                found.append(sort.item_type)
            case DictType():
                found.append(sort.value_type)
            case _:
                pass
    return found


def _sorts(one: msgspec.inspect.Type) -> tuple[msgspec.inspect.Type, ...]:
    while isinstance(one, Metadata):
        one = one.type
    return tuple(part for each in one.types for part in _sorts(each)) if isinstance(one, UnionType) else (one,)
