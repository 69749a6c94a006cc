"""Making figures, and making them again when an input changed: which changed, and which statements say otherwise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jasyl.quantities import Period, instant, period
from jasyl.texts import Refusal

from . import dependencies
from . import statement as statements
from .figure import Figure, Publication, Reference, StoredFigure, Subject, Watch, span
from .method import FigureKind, Parameter, find
from .statement import Statement

# What a gatherer refuses with when retention took what it needs: the figure stands, it cannot be made again.
INPUTS_DROPPED = "readings-dropped"


@dataclass(frozen=True)
class Request:
    """What is asked for: a subject and a period, with the method's parameters."""

    subject: Subject
    period: Period
    parameters: Mapping[str, Parameter]


@dataclass(frozen=True)
class Gathered:
    """What a method needs, brought together by the room that owns it.

    ``data`` is what the method's ``compute`` takes; ``inputs`` are what it was made from, ``watches`` what else would
    change it. ``kind`` replaces the method's own (readings of the training starter stay training data).
    """

    data: Any
    inputs: tuple[Reference, ...] = ()
    watches: tuple[Watch, ...] = ()
    publication: Publication = "public"
    kind: FigureKind | None = None


Gatherer = Callable[[sa.Connection, Request], Gathered]


@dataclass(frozen=True)
class Change:
    """A figure before and after it was computed again."""

    before: StoredFigure
    after: StoredFigure

    @property
    def of_value(self) -> bool:
        """Whether the number itself changed, or its completeness, not only what stands behind it."""
        old, new = self.before.figure, self.after.figure
        return (old.value, old.uncertainty, old.completeness) != (new.value, new.uncertainty, new.completeness)


@dataclass(frozen=True)
class Recomputation:
    """``changed`` figures in order of dependence, figures ``left`` stale because their method or inputs are gone,
    and the published ``statements`` whose number is no longer the current one.
    """

    changed: tuple[Change, ...]
    left: tuple[StoredFigure, ...]
    statements: tuple[Statement, ...]


def make(
    connection: sa.Connection,
    gatherers: Mapping[str, Gatherer],
    name: str,
    request: Request,
    now: int,
    *,
    version: str | None = None,
) -> StoredFigure:
    """Compute and keep the figure of method ``name`` (newest version unless one is given).

    ``gatherers`` maps method ids to the functions that bring their inputs. Raises Refusal ``unknown-method``,
    ``method-parameters``, ``method-retired``, ``figure-cycle``, and what the gatherer refuses.
    """
    method = find(name, version)
    gathered = gatherers[name](connection, request)
    outcome = method.run(request.parameters, gathered.data)
    start, end = span(request.period)
    figure = Figure(
        method.indicator,
        request.subject,
        request.period.name,
        start,
        end,
        method.unit,
        outcome.value,
        outcome.uncertainty,
        outcome.completeness,
        gathered.kind or method.kind,
        method.id,
        method.version,
        dict(request.parameters),
        gathered.inputs,
        gathered.publication,
    )
    return dependencies.store(connection, figure, gathered.watches, now)


def recompute(connection: sa.Connection, gatherers: Mapping[str, Gatherer], now: int) -> Recomputation:
    """Compute every stale figure again, inputs first, each with the method version it was made with.

    The same inputs give the same content and change nothing. Figures of retired methods, and those
    whose inputs were dropped (a gatherer refuses with ``readings-dropped``), stay as they are and are listed.
    Statements that became outdated are noted, whoever asked.
    """
    changed: list[Change] = []
    left: list[StoredFigure] = []
    for old in dependencies.stale_in_order(connection):
        was = old.figure
        if not find(was.method_id, was.method_version).runnable or was.method_id not in gatherers:
            left.append(old)
            continue
        request = Request(was.subject, _period(was), was.parameters)
        try:
            new = make(connection, gatherers, was.method_id, request, now, version=was.method_version)
        except Refusal as refusal:
            if refusal.code != INPUTS_DROPPED:
                raise
            left.append(old)
            continue
        if new.id != old.id:
            changed.append(Change(old, new))
    keys = [each.before.figure.key for each in changed if each.of_value]
    return Recomputation(tuple(changed), tuple(left), tuple(statements.note_outdated(connection, keys, now)))


def _period(figure: Figure) -> Period:
    """The period as it was, whatever the zone it was cut in."""
    named = period(figure.period)
    return Period(instant(figure.start), instant(figure.end), named.granularity, named.name)
