"""The groups behind a data point, by sex, age, disability, income and district: as text and as JSON.

As text a group is a line ``sex=female, age=65+: 120 / 400``; a value alone is ``= 31.5``, and in brackets stands how
many persons are behind it: ``sex=female: = 31.5 [400]``. What is written is read back without loss.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from jasyl.indicators import BREAKDOWNS, Part
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


def parts_text(parts: Iterable[Part]) -> str:
    """Every group in a line of its own."""
    return "\n".join(_line(part) for part in parts)


def parts_of_text(written: str, where: Where) -> tuple[Part, ...]:
    """The groups of a text. Raises Refusal ``city-breakdown`` and ``indicator-breakdown`` with the line."""
    lines = [line.strip() for line in re.split(r"[\n;]", written) if line.strip()]
    return tuple(_part(line, where) for line in lines)


def parts_data(parts: Iterable[Part]) -> list[dict[str, str | int]]:
    """The groups as JSON, numbers as decimal text."""
    return [
        {
            **dict(part.by),
            **{name: decimal_text(number) for name in _NUMBERS if (number := getattr(part, name)) is not None},
            **({} if part.people is None else {"people": part.people}),
        }
        for part in parts
    ]


def parts_of_data(given: object, where: Where) -> tuple[Part, ...]:
    """The groups of a JSON list. Raises as `parts_of_text`."""
    if not isinstance(given, Sequence) or isinstance(given, str):
        raise _wrong(given, where)
    found: list[Part] = []
    for one in cast("Sequence[object]", given):
        if not isinstance(one, Mapping):
            raise _wrong(one, where)
        row = {str(key): value for key, value in cast("Mapping[object, object]", one).items()}
        by = ", ".join(f"{key}={row.pop(key)}" for key in list(row) if key not in (*_NUMBERS, "people"))
        found.append(_made(by, {key: str(value) for key, value in row.items()}, where, str(row)))
    return tuple(found)


def parts_schema() -> dict[str, Any]:
    """JSON Schema of that list."""
    number = {"type": ["number", "string"], "pattern": r"^\d+(\.\d+)?$", "minimum": 0}
    group = {"type": "string", "pattern": r"^[^\n\r,:;=]+$", "maxLength": _LONGEST}
    fields = {**dict.fromkeys(BREAKDOWNS, group), **dict.fromkeys(_NUMBERS, number),
              "people": {"type": "integer", "minimum": 0}}  # fmt: skip
    return {"type": "array", "items": {"type": "object", "properties": fields, "additionalProperties": False}}


def _line(part: Part) -> str:
    above, below, value = (None if one is None else decimal_text(one) for one in
                           (part.numerator, part.denominator, part.value))  # fmt: skip
    said = [", ".join(f"{axis}={group}" for axis, group in part.by) + ":"]
    said += [f"{above} / {below or ''}".strip()] if above is not None else []
    said += [f"= {value}"] if value is not None else []
    said += [f"[{part.people}]"] if part.people is not None else []
    return " ".join(said)


def _part(line: str, where: Where) -> Part:
    found = _LINE.fullmatch(line)
    if found is None:
        raise _wrong(line, where)
    said = {name: found[name] for name in (*_NUMBERS, "people") if found[name] is not None}
    return _made(found["by"], said, where, line)


def _made(by: str, said: Mapping[str, str], where: Where, line: str) -> Part:
    """A group of its axes and numbers, each checked."""
    named = [one.partition("=") for one in by.split(",")]
    axes = {axis.strip(): group.strip() for axis, _, group in named}
    known: dict[str, Decimal | int | None] = {}
    for name, number in said.items():
        if not re.fullmatch(_NUMBER if name in _NUMBERS else r"\d+", number):
            raise _wrong(line, where)
        known[name] = int(number) if name == "people" else Decimal(number.replace(",", "."))
    groups = axes.values()
    fits = all(group and len(group) <= _LONGEST and not _ENDS.search(group) for group in groups)
    if not fits or len(axes) < len(named) or not known.keys() & {"numerator", "value"}:
        raise _wrong(line, where)
    try:
        return Part.of(axes, **known)
    except Refusal as refusal:
        raise Refusal(refusal.code, where=where, **refusal.arguments) from None


def _wrong(received: object, where: Where) -> Refusal:
    return Refusal(
        "city-breakdown", where=where, received=str(received)[:80], expected="sex=female, age=65+: 120 / 400"
    )
