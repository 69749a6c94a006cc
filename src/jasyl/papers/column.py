"""Columns of a table that people take away, and how their values are written."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Protocol

from jasyl.quantities import decimal_text, unit
from jasyl.texts import Language

Row = Mapping[str, Any]
Rows = Iterable[Row]


class NamedChoice(Protocol):
    """A value from a list: its code and its name in each language."""

    @property
    def code(self) -> str: ...
    @property
    def names(self) -> Mapping[Language, str]: ...


class AnyColumn(Protocol):
    """What a writer asks of a column; :class:`Column` and the columns of ``jasyl.intake`` templates have it."""

    @property
    def key(self) -> str: ...
    @property
    def headers(self) -> Mapping[Language, str]: ...
    @property
    def kind(self) -> str: ...
    @property
    def unit(self) -> str | None: ...
    @property
    def choices(self) -> Sequence[NamedChoice]: ...


@dataclass(frozen=True)
class Column:
    """A column: machine key, header in each language, kind, unit in which its numbers are written.

    Kinds: text, digits, integer, decimal, date, day, moment, boolean, longitude, latitude, choice. Values of a column
    with a ``unit`` (UCUM) come in base units of its dimension and are written in ``unit``.
    """

    key: str
    headers: Mapping[Language, str]
    kind: str = "text"
    unit: str | None = None
    choices: Sequence[NamedChoice] = ()


@dataclass(frozen=True)
class About:
    """Where a table comes from: told in every file that has room for it.

    ``watermark`` is shown first, for example that these are training data; ``retrieved`` is the day of the export.
    """

    title: str
    source: str
    licence: str
    retrieved: dt.date
    watermark: str | None = None


def header_of(column: AnyColumn, language: Language) -> str:
    """The header with its unit behind: ``Мощность, МВт``."""
    written = unit_of(column, language)
    return f"{column.headers[language]}, {written}" if written else column.headers[language]


def unit_of(column: AnyColumn, language: Language) -> str:
    """The unit as ``language`` writes it; empty for plain numbers and ratios."""
    return unit(column.unit).written(language).strip() if column.unit else ""


def in_unit(column: AnyColumn, value: Any) -> Any:
    """A number of base units in the unit of its column; anything else as it is."""
    if column.unit is None or value is None:
        return value
    return unit(column.unit).from_base(Decimal(str(value)) if isinstance(value, float) else value)


def plain(value: Any) -> str:
    """A value as exact text for machines: point, no grouping, ISO 8601, ``true``; missing is empty."""
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case Decimal():
            return decimal_text(value)
        case float():
            return repr(value)
        case dt.datetime():
            return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
        case dt.date():
            return value.isoformat()
        case _:
            return str(value)
