"""The passport of a statement: the tree from the published number down to its inputs."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import sqlalchemy as sa

from jasyl import ledger
from jasyl.quantities import decimal_text

from . import figure as figures
from . import statement as statements
from .figure import Reference, StoredFigure
from .method import find

Value = str | int | bool | None


@dataclass(frozen=True)
class Node:
    """One step of the walk: what it is (``statement``, ``method``, ``figure``, ``sealed_day``, ``fact`` …), its id,
    what can be said of it, and what it rests on. ``kind`` and the names in ``values`` are keys for the page's texts.
    """

    kind: str
    id: str
    values: Mapping[str, Value]
    children: tuple["Node", ...] = ()


Describer = Callable[[sa.Connection, Reference], Node]


def walk(connection: sa.Connection, statement_id: str, describers: Mapping[str, Describer]) -> Node:
    """How the number of a statement was made, as a tree.

    ``describers`` tell what an input of their kind is; an input nobody describes appears with its id and digest.
    Raises Refusal ``unknown-statement``.
    """
    statement = statements.get(connection, statement_id)
    position = ledger.position(connection, statement.record_id)
    figure = figures.get(connection, statement.figure)
    return Node(
        "statement",
        statement.id,
        {
            "record": statement.record_id,
            "position": position,
            "actor": statement.actor,
            "published_at": statement.published_at,
            "supersedes": statement.supersedes,
            "superseded_by": statement.superseded_by,
        },
        (walk_figure(connection, figure, describers),),
    )


def walk_figure(connection: sa.Connection, stored: StoredFigure, describers: Mapping[str, Describer]) -> Node:
    """A figure, its method, and its inputs; figures among them are walked in turn (there are no cycles)."""
    figure = stored.figure
    method = find(figure.method_id, figure.method_version)
    how = Node(
        "method",
        f"{method.id} {method.version}",
        {"recomputable": method.runnable, **{f"parameter {name}": value for name, value in figure.parameters.items()}},
    )
    return Node(
        "figure",
        stored.id,
        {
            "indicator": figure.indicator,
            "subject": f"{figure.subject.kind} {figure.subject.id}",
            "period": figure.period,
            "unit": figure.unit,
            "value": None if figure.value is None else decimal_text(figure.value),
            "uncertainty": None if figure.uncertainty is None else decimal_text(figure.uncertainty),
            "completeness": None if figure.completeness is None else decimal_text(figure.completeness),
            "kind": figure.kind,
            "stale": stored.stale,
            "content_hash": figure.content_hash,
        },
        (how, *(_input(connection, each, describers) for each in figure.inputs)),
    )


def _input(connection: sa.Connection, reference: Reference, describers: Mapping[str, Describer]) -> Node:
    if reference.kind == "figure":
        return walk_figure(connection, figures.get(connection, reference.id), describers)
    if reference.kind in describers:
        return describers[reference.kind](connection, reference)
    return Node(reference.kind, reference.id, {"digest": reference.hash})
