"""What depends on what: edges, staleness, cycles, and the order in which to compute again."""

from collections.abc import Iterable
from graphlib import TopologicalSorter

import sqlalchemy as sa

from jasyl.texts import Refusal

from . import figure as figures
from . import tables
from .figure import Figure, StoredFigure, Watch


def store(connection: sa.Connection, figure: Figure, watches: Iterable[Watch], now: int) -> StoredFigure:
    """Keep ``figure`` with its edges: its inputs, and ``watches`` on what may still come (a series in a period).

    The same content again is the figure that is there, no longer stale. Raises Refusal ``figure-cycle`` when the
    figure would depend on itself.
    """
    edges = _edges(connection, figure, watches)
    _refuse_cycle(connection, figure.key, {reference for kind, reference, _, _ in edges if kind == "figure"})
    before = figures.current(connection, [figure.key]).get(figure.key)
    if before is not None and before.figure.content_hash == figure.content_hash:
        _unmark(connection, before.id)
        return StoredFigure(before.id, before.figure, before.created_at, stale=False)
    kept = figures.insert(connection, figure, now)
    if before is not None:
        _unmark(connection, before.id)
    if edges:
        rows = [
            {"figure": kept.id, "kind": kind, "reference": reference, "start": start, "end": end}
            for kind, reference, start, end in sorted(edges, key=str)
        ]
        connection.execute(sa.insert(tables.depends_on), rows)
    return kept


def mark_stale(connection: sa.Connection, changes: Iterable[Watch], now: int) -> list[str]:
    """Mark the current figures that depend on any of ``changes``, directly or through figures; gives their ids.

    A change of a series with start and end touches figures that watch it in an overlapping stretch of time.
    """
    found: list[str] = []
    waiting = list(changes)
    while waiting:
        fresh = [row for row in _dependents(connection, waiting) if row[0] not in found]
        found.extend(dict.fromkeys(row[0] for row in fresh))
        waiting = [Watch("figure", key) for key in dict.fromkeys(row[1] for row in fresh)]
    known = set(connection.execute(sa.select(tables.stale_figure.c.figure)).scalars())
    rows = [{"figure": each, "since": now} for each in found if each not in known]
    if rows:
        connection.execute(sa.insert(tables.stale_figure), rows)
    return found


def stale_in_order(connection: sa.Connection) -> list[StoredFigure]:
    """Stale current figures, each after the stale figures it depends on."""
    held = tables.figure
    question = sa.select(held.c.key).join(tables.stale_figure, tables.stale_figure.c.figure == held.c.id).distinct()
    keys = list(connection.execute(question).scalars())
    now = {key: each for key, each in figures.current(connection, keys).items() if each.stale}
    graph = {key: _figure_keys(connection, each.id) & now.keys() for key, each in now.items()}
    return [now[key] for key in TopologicalSorter(graph).static_order()]


def _edges(
    connection: sa.Connection, figure: Figure, watches: Iterable[Watch]
) -> set[tuple[str, str, int | None, int | None]]:
    edges: set[tuple[str, str, int | None, int | None]] = set()
    for each in figure.inputs:
        reference = figures.get(connection, each.id).figure.key if each.kind == "figure" else each.id
        edges.add((each.kind, reference, None, None))
    return edges | {(each.kind, each.id, each.start, each.end) for each in watches}


def _refuse_cycle(connection: sa.Connection, key: str, inputs: set[str]) -> None:
    seen: set[str] = set()
    waiting = list(inputs)
    while waiting:
        each = waiting.pop()
        if each == key:
            raise Refusal("figure-cycle", received=key)
        if each not in seen:
            seen.add(each)
            made = figures.current(connection, [each]).get(each)
            waiting.extend(_figure_keys(connection, made.id) if made else ())


def _figure_keys(connection: sa.Connection, identity: str) -> set[str]:
    edge = tables.depends_on
    question = sa.select(edge.c.reference).where(edge.c.figure == identity, edge.c.kind == "figure")
    return set(connection.execute(question).scalars())


def _dependents(connection: sa.Connection, changes: list[Watch]) -> list[tuple[str, str]]:
    """(id, key) of the current figures with an edge to one of ``changes``."""
    edge, held = tables.depends_on, tables.figure
    newer = held.alias()
    superseded = sa.exists().where(newer.c.key == held.c.key, newer.c.number > held.c.number)
    base = sa.select(held.c.id, held.c.key).join(edge, edge.c.figure == held.c.id).where(~superseded)
    found: dict[str, str] = {}
    for change in changes:
        question = base.where(edge.c.kind == change.kind, edge.c.reference == change.id)
        if change.start is not None and change.end is not None:
            overlaps = sa.and_(edge.c.start < change.end, edge.c.end > change.start)
            question = question.where(sa.or_(edge.c.start.is_(None), overlaps))
        found.update((row[0], row[1]) for row in connection.execute(question))
    return list(found.items())


def _unmark(connection: sa.Connection, identity: str) -> None:
    connection.execute(sa.delete(tables.stale_figure).where(tables.stale_figure.c.figure == identity))
