"""Figures: computed numbers with everything needed to say how they came about, kept append-only."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Literal

import sqlalchemy as sa
from ulid import ULID

from jasyl.quantities import Period, canonical_json, decimal_text, microseconds, sha256_hex
from jasyl.texts import Refusal

from . import tables
from .method import FigureKind, Parameter

Publication = Literal["public", "aggregated", "closed"]


@dataclass(frozen=True)
class Subject:
    """What a figure is about: ``facility`` and its ULID, ``place`` and its ISO code, ``enterprise``, ``series`` …"""

    kind: str
    id: str


@dataclass(frozen=True)
class Reference:
    """One input: ``sealed_day`` and its record id, ``figure``, ``fact`` or ``assertion`` and their ids.

    ``digest`` is the SHA-256 of what was used: the record id where the input stands in the ledger, the content hash
    of a figure; without it the digest of kind and id.
    """

    kind: str
    id: str
    digest: str | None = None

    @property
    def hash(self) -> str:
        """64 hexadecimal digits by which a statement names the input."""
        return self.digest or sha256_hex(canonical_json([self.kind, self.id]))


@dataclass(frozen=True)
class Watch:
    """Something whose change makes a figure stale; for ``series`` only within [start, end), µs UTC."""

    kind: str
    id: str
    start: int | None = None
    end: int | None = None


@dataclass(frozen=True)
class Figure:
    """The content of a figure. Start and end in µs UTC; ``value`` of ``unit`` (UCUM), None when it is not known."""

    indicator: str
    subject: Subject
    period: str
    start: int
    end: int
    unit: str
    value: Decimal | None
    uncertainty: Decimal | None
    completeness: Decimal | None
    kind: FigureKind
    method_id: str
    method_version: str
    parameters: Mapping[str, Parameter]
    inputs: tuple[Reference, ...]
    publication: Publication = "public"

    @cached_property
    def key(self) -> str:
        """What makes two figures successive states of one: observed and published ones never take turns."""
        return key_of(self.indicator, self.subject, self.period, self.kind)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 of the figure's canonical JSON."""
        return sha256_hex(canonical_json(self.document()))

    def document(self) -> dict[str, object]:
        """The content as JSON; numbers as decimal strings."""
        return {
            "indicator": self.indicator,
            "subject": {"kind": self.subject.kind, "id": self.subject.id},
            "period": self.period,
            "start": self.start,
            "end": self.end,
            "unit": self.unit,
            "value": _text(self.value),
            "uncertainty": _text(self.uncertainty),
            "completeness": _text(self.completeness),
            "kind": self.kind,
            "method": {"id": self.method_id, "version": self.method_version, "parameters": dict(self.parameters)},
            "inputs": [{"kind": each.kind, "id": each.id, "digest": each.digest} for each in self.inputs],
            "publication": self.publication,
        }


@dataclass(frozen=True)
class StoredFigure:
    """A figure as it stands in the table; ``stale`` when an input changed since."""

    id: str
    figure: Figure
    created_at: int
    stale: bool


def key_of(indicator: str, subject: Subject, period: str, kind: FigureKind) -> str:
    """The key of a figure, readable: ``electricity.generated|facility|01J…|2024-03|observed``."""
    return "|".join((indicator, subject.kind, subject.id, period, kind))


def span(period: Period) -> tuple[int, int]:
    """Start and end of a period in µs UTC."""
    return microseconds(period.start), microseconds(period.end)


def insert(connection: sa.Connection, figure: Figure, now: int) -> StoredFigure:
    """Append ``figure``; nothing is checked here, see :func:`jasyl.figures.dependencies.store`."""
    identity = str(ULID())
    row = {
        "id": identity,
        "key": figure.key,
        "indicator": figure.indicator,
        "subject_kind": figure.subject.kind,
        "subject_id": figure.subject.id,
        "period": figure.period,
        "start": figure.start,
        "end": figure.end,
        "unit": figure.unit,
        "value": _text(figure.value),
        "uncertainty": _text(figure.uncertainty),
        "completeness": _text(figure.completeness),
        "kind": figure.kind,
        "method_id": figure.method_id,
        "method_version": figure.method_version,
        "parameters": canonical_json(dict(figure.parameters)).decode(),
        "inputs": canonical_json([[each.kind, each.id, each.digest] for each in figure.inputs]).decode(),
        "publication": figure.publication,
        "content_hash": figure.content_hash,
        "created_at": now,
    }
    connection.execute(sa.insert(tables.figure).values(row))
    return StoredFigure(identity, figure, now, stale=False)


def get(connection: sa.Connection, identity: str) -> StoredFigure:
    """The figure of one id. Raises Refusal ``unknown-figure``."""
    found = _load(connection, tables.figure.c.id == identity)
    if not found:
        raise Refusal("unknown-figure", received=identity)
    return found[0]


def current(connection: sa.Connection, keys: Sequence[str]) -> dict[str, StoredFigure]:
    """The newest figure of each key that has one."""
    return {each.figure.key: each for each in _load(connection, tables.figure.c.key.in_(keys), newest=True)}


def current_of(connection: sa.Connection, subject: Subject, indicator: str | None = None) -> list[StoredFigure]:
    """The newest figures about one subject, by indicator and period."""
    held = tables.figure
    about = sa.and_(held.c.subject_kind == subject.kind, held.c.subject_id == subject.id)
    if indicator is not None:
        about = sa.and_(about, held.c.indicator == indicator)
    found = _load(connection, about, newest=True)
    return sorted(found, key=lambda each: (each.figure.indicator, each.figure.start, each.figure.end))


def history(connection: sa.Connection, key: str) -> list[StoredFigure]:
    """All states of one figure, oldest first."""
    return _load(connection, tables.figure.c.key == key)


def _load(connection: sa.Connection, condition: sa.ColumnElement[bool], *, newest: bool = False) -> list[StoredFigure]:
    held, stale = tables.figure, tables.stale_figure
    question = sa.select(held, stale.c.since).select_from(held.outerjoin(stale, stale.c.figure == held.c.id))
    if newest:
        last = sa.select(sa.func.max(held.c.number)).where(condition).group_by(held.c.key)
        condition = held.c.number.in_(last)
    rows = connection.execute(question.where(condition).order_by(held.c.number)).mappings()
    return [StoredFigure(row["id"], _figure(row), row["created_at"], row["since"] is not None) for row in rows]


def _figure(row: sa.RowMapping) -> Figure:
    return Figure(
        row["indicator"],
        Subject(row["subject_kind"], row["subject_id"]),
        row["period"],
        row["start"],
        row["end"],
        row["unit"],
        _decimal(row["value"]),
        _decimal(row["uncertainty"]),
        _decimal(row["completeness"]),
        row["kind"],
        row["method_id"],
        row["method_version"],
        json.loads(row["parameters"]),
        tuple(Reference(*each) for each in json.loads(row["inputs"])),
        row["publication"],
    )


def _text(value: Decimal | None) -> str | None:
    return None if value is None else decimal_text(value)


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
