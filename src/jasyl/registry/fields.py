"""Which fields an entity of each kind has, and which table shows them today."""

import datetime as dt
import json
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

import sqlalchemy as sa

from . import tables

Kind = Literal["enterprise", "facility", "installation", "series", "project", "measure"]

PROJECTIONS: dict[Kind, sa.Table] = {
    "enterprise": tables.enterprise,
    "facility": tables.facility,
    "installation": tables.installation,
    "series": tables.series,
    "project": tables.project,
    "measure": tables.measure,
}

# Columns that follow from what lies outside the register (the borders in use): no assertion makes or changes them.
FOUND = frozenset({"district_found"})
# Columns that follow from others or from the newest assertion as a whole; nobody asserts them.
_DERIVED = FOUND | {
    "id", "key", "family", "commissioned_year", "capacity_w", "confidence", "level", "number", "changed_at",
}  # fmt: skip


def asserted_fields(kind: Kind) -> tuple[str, ...]:
    """The fields of ``kind`` that can be asserted, in the order of the table."""
    return tuple(column.name for column in PROJECTIONS[kind].columns if column.name not in _DERIVED)


@dataclass(frozen=True)
class Provenance:
    """Who says something, and how sure it is. Stands beside every assertion."""

    source: str
    actor: str
    confidence: str = "medium"
    source_date: str | None = None
    licence: str | None = None
    level: str = "public"
    valid_from: dt.date | None = None


def to_json(value: Any) -> str | None:
    """A field's value as JSON text; decimals as decimal strings, None as SQL null."""
    if value is None:
        return None
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, Decimal):
        return _quoted(str(value.normalize()) if value else "0")
    return _written(value)


_written = json.JSONEncoder(ensure_ascii=False).encode
_quoted = json.encoder.encode_basestring  # what the encoder does with a text in the end


def from_json(kind: Kind, field: str, text: str | None) -> Any:
    """The value that ``to_json`` wrote, in the Python type of the field's column."""
    if text is None:
        return None
    value = json.loads(text)
    if isinstance(PROJECTIONS[kind].c[field].type, sa.Numeric) and isinstance(value, str):
        return Decimal(value)
    return value
