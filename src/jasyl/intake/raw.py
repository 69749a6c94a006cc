"""What stands in a cell before anybody asks what it means."""

import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

FaultKind = Literal["error", "formula", "merged"]


@dataclass(frozen=True)
class CellFault:
    """A cell of a sheet that has no value: an error (``#NUM!``), a formula never calculated,
    or a number merged over several rows."""

    kind: FaultKind
    text: str


# Booleans of sheets and of JSON come as "true" and "false": True would be taken for 1.
Raw = str | int | float | Decimal | dt.datetime | dt.date | dt.time | dt.timedelta | CellFault | None


def shown(raw: Raw, limit: int = 60) -> str:
    """The cell as people see it, shortened for a message."""
    text = written(raw)
    return text if len(text) <= limit else text[: limit - 1] + "…"


def written(raw: Raw) -> str:
    """The text of the cell: whole numbers without ``.0``, dates as ISO 8601."""
    match raw:
        case None:
            return ""
        case str():
            return raw
        case CellFault():
            return raw.text
        case float():
            return str(int(raw)) if raw.is_integer() and abs(raw) < 2**53 else repr(raw)
        case dt.datetime():
            return raw.isoformat(" ")
        case dt.date() | dt.time():
            return raw.isoformat()
        case _:
            return str(raw)


def is_empty(raw: Raw) -> bool:
    """Nothing, or nothing but blanks."""
    return raw is None or (raw.__class__ is str and not raw.strip())  # type: ignore[union-attr]


def looks_like_data(raw: Raw) -> bool:
    """A number, a date or a fault: what a header does not hold."""
    if not isinstance(raw, str):
        return raw is not None
    return any(character.isdigit() for character in raw) and not any(character.isalpha() for character in raw)
