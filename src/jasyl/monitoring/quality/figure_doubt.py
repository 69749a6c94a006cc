"""How many of the readings that a figure rests on are in doubt, found by walking down to its sealed days."""

from collections.abc import Iterable

import sqlalchemy as sa

from jasyl.figures import Figure, Reference
from jasyl.figures import get as get_figure
from jasyl.registry import every_series
from jasyl.storage import DataFolder

from .. import tables
from ..definitions import definitions
from .sound_amounts import Doubt, doubt

_CHUNK = 500


def figure_doubt(connection: sa.Connection, folder: DataFolder, figure: Figure) -> Doubt | None:
    """Readings in the days a figure was made from, and how many are under verdicts now; None where it has no days.

    The days are taken whole for each series from its first to its last; verdicts may be younger than the figure.
    """
    spans = _spans(connection, _sealed(connection, figure.inputs))
    if not spans:
        return None
    defined = definitions(connection, [one for one in every_series(connection) if one.number in spans])
    parts = [doubt(connection, folder, [defined[number]], *span) for number, span in spans.items()]
    return Doubt(*(sum(getattr(one, name) for one in parts) for name in ("readings", "suspect", "wrong")))


def _sealed(connection: sa.Connection, inputs: Iterable[Reference]) -> set[str]:
    """Records of sealed days below a figure, through the figures it was made from."""
    found: set[str] = set()
    waiting, seen = list(inputs), set[str]()
    while waiting:
        one = waiting.pop()
        if one.kind == "sealed_day":
            found.add(one.id)
        elif one.kind == "figure" and one.id not in seen:
            seen.add(one.id)
            waiting.extend(get_figure(connection, one.id).figure.inputs)
    return found


def _spans(connection: sa.Connection, records: set[str]) -> dict[int, tuple[int, int]]:
    """First and last instant of the days by number of their series."""
    held, spans = tables.sealed_day, dict[int, tuple[int, int]]()
    ordered = sorted(records)
    for at in range(0, len(ordered), _CHUNK):
        some = held.c.record_id.in_(ordered[at : at + _CHUNK])
        for row in connection.execute(sa.select(held.c.series, held.c.start, held.c.end).where(some)):
            low, high = spans.get(row.series, (row.start, row.end))
            spans[row.series] = min(low, row.start), max(high, row.end)
    return spans
