"""The groups behind a data point, by sex, age, disability, income and district: as text and as JSON.

As text a group is a line ``sex=female, age=65+: 120 / 400``; a value alone is ``= 31.5``, and in brackets stands how
many persons are behind it: ``sex=female: = 31.5 [400]``. A group that is too small to be told to everybody is
``disability=yes: *``: it stays as it stands. What is written is read back without loss.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple, cast

from jasyl.indicators import BREAKDOWNS, By, Part
from jasyl.quantities import decimal_text
from jasyl.texts import Refusal, Where

_NUMBERS = ("numerator", "denominator", "value")
_NUMBER = r"\d+(?:[.,]\d+)?"
_LINE = re.compile(
    rf"(?P<by>[^:]+):\s*(?:(?P<numerator>{_NUMBER})\s*/\s*(?P<denominator>{_NUMBER})?)?"
    rf"\s*(?:=\s*(?P<value>{_NUMBER}))?\s*(?:\[(?P<people>\d+)\])?"
)
# What ends a group in the text stands in no group.
_ENDS = re.compile(r"[\n\r,:;=]")
_LONGEST = 60
_CLOSED = "*"


class Groups(NamedTuple):
    """Groups with their numbers, and those that are closed to the reader."""

    parts: tuple[Part, ...] = ()
    closed: tuple[By, ...] = ()


def groups_text(parts: Iterable[Part], closed: Iterable[By] = ()) -> str:
    """Every group in a line of its own."""
    return "\n".join([*(_line(part) for part in parts), *(f"{_axes(by)} {_CLOSED}" for by in closed)])


def groups_of_text(written: str, where: Where) -> Groups:
    """The groups of a text. Raises Refusal ``city-breakdown`` and ``indicator-breakdown`` with the line."""
    lines = [line.strip() for line in re.split(r"[\n;]", written) if line.strip()]
    closed = {line: line.rpartition(":")[0] for line in lines if line.rpartition(":")[2].strip() == _CLOSED}
    parts = tuple(_part(line, where) for line in lines if line not in closed)
    return Groups(parts, tuple(_of(_named(by, where, line), where).by for line, by in closed.items()))


def groups_data(parts: Iterable[Part], closed: Iterable[By] = ()) -> list[dict[str, str | int | bool]]:
    """The groups as JSON, numbers as decimal text."""
    told: list[dict[str, str | int | bool]] = [
        {
            **dict(part.by),
            **{name: decimal_text(number) for name in _NUMBERS if (number := getattr(part, name)) is not None},
            **({} if part.people is None else {"people": part.people}),
        }
        for part in parts
    ]
    return told + [{**dict(by), "closed": True} for by in closed]


def groups_of_data(given: object, where: Where) -> Groups:
    """The groups of a JSON list. Raises as `groups_of_text`."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise _wrong(given, where)
    found, closed = list[Part](), list[By]()
    for one in cast("Sequence[object]", given):
        if not isinstance(one, Mapping):
            raise _wrong(one, where)
        row = {str(key): value for key, value in cast("Mapping[object, object]", one).items()}
        by = ", ".join(f"{key}={row.pop(key)}" for key in list(row) if key not in (*_NUMBERS, "people", "closed"))
        if row == {"closed": True}:
            closed.append(_of(_named(by, where, by), where).by)
            continue
        found.append(_made(by, {key: str(value) for key, value in row.items()}, where, str(row)))
    return Groups(tuple(found), tuple(closed))


def groups_schema() -> dict[str, Any]:
    """JSON Schema of that list."""
    number = {"type": ["number", "string"], "pattern": r"^\d+(\.\d+)?$", "minimum": 0}
    group = {"type": "string", "pattern": r"^[^\n\r,:;=]+$", "maxLength": _LONGEST}
    fields = {**dict.fromkeys(BREAKDOWNS, group), **dict.fromkeys(_NUMBERS, number),
              "people": {"type": "integer", "minimum": 0}, "closed": {"const": True}}  # fmt: skip
    return {"type": "array", "items": {"type": "object", "properties": fields, "additionalProperties": False}}


def _line(part: Part) -> str:
    above, below, value = (None if one is None else decimal_text(one) for one in
                           (part.numerator, part.denominator, part.value))  # fmt: skip
    said = [_axes(part.by)]
    said += [f"{above} / {below or ''}".strip()] if above is not None else []
    said += [f"= {value}"] if value is not None else []
    said += [f"[{part.people}]"] if part.people is not None else []
    return " ".join(said)


def _axes(by: By) -> str:
    return ", ".join(f"{axis}={group}" for axis, group in by) + ":"


def _part(line: str, where: Where) -> Part:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _wrong(line, where)
    said = {name: found[name] for name in (*_NUMBERS, "people") if found[name] is not None}
    return _made(found["by"], said, where, line)


def _made(by: str, said: Mapping[str, str], where: Where, line: str) -> Part:
    """A group of its axes and numbers, each checked."""
    axes = _named(by, where, line)
    known: dict[str, Decimal | int | None] = {}
    for name, number in said.items():
        if not re.fullmatch(_NUMBER if name in _NUMBERS else r"\d+", number):
            raise _wrong(line, where)
        known[name] = int(number) if name == "people" else Decimal(number.replace(",", "."))
    if not known.keys() & {"numerator", "value"}:
        raise _wrong(line, where)
    return _of(axes, where, **known)


def _named(by: str, where: Where, line: str) -> dict[str, str]:
    """The axes of a group, each once and with a name that text can hold."""
    named = [one.partition("=") for one in by.split(",")]
    axes = {axis.strip(): group.strip() for axis, _, group in named}
    fits = all(group and len(group) <= _LONGEST and not _ENDS.search(group) for group in axes.values())
    if not fits or len(axes) < len(named):
        raise _wrong(line, where)
    return axes


def _of(axes: Mapping[str, str], where: Where, **known: Decimal | int | None) -> Part:
    try:
        return Part.of(axes, **known)
    except Refusal as refusal:
        raise Refusal(refusal.code, where=where, **refusal.arguments) from None


def _wrong(received: object, where: Where) -> Refusal:
    return Refusal(
        "city-breakdown", where=where, received=str(received)[:80], expected="sex=female, age=65+: 120 / 400"
    )
