"""Comparing readings that arrive with those that are stored: new, corrected, repeated, outdated, contradictory."""

from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from jasyl.quantities import instant
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from . import recent, segments
from .delivery import Int, Outcome
from .engine import arrow, ask
from .segments import COLUMNS, Readings, strictly_ordered

# For each reading of the batch: what is stored of its interval, and whether its value (or revision) is among it.
_KNOWN = """
select b.row, b.series, b.start, b.value, b.revision,
       coalesce(max(e.revision), 0) as highest,
       coalesce(arg_max(e.value, e.revision) = any_value(b.value), false) as newest_same,
       coalesce(bool_or(e.value = b.value), false) as any_same,
       coalesce(bool_or(e.revision = b.revision and e.value = b.value), false) as taken_same
from batch b left join existing e on e.series = b.series and e.start = b.start
group by b.row, b.series, b.start, b.value, b.revision order by b.series, b.start, b.revision, b.row
"""


def settle(
    connection: sa.Connection, folder: DataFolder, columns: dict[str, Int], rows: int
) -> tuple[Readings, Int, NDArray[np.int8], list[tuple[int, Refusal]]]:
    """Compare with what is stored: the readings to store with their revisions and their rows, what became of each of
    ``rows`` rows, and contradictions by row."""
    outcome = np.full(rows, Outcome.REFUSED, np.int8)
    if not len(columns["row"]):
        return Readings(*(np.empty(0, np.int64) for _ in COLUMNS)), np.empty(0, np.int64), outcome, []
    existing = _existing(connection, folder, columns)
    if not len(existing) and not columns["revision"].any():
        new = _by_interval(columns)
        if strictly_ordered(new["series"], new["start"]):
            outcome[new["row"]] = Outcome.ACCEPTED
            none = new["revision"]
            return Readings(new["series"], new["start"], new["value"], none + 1, none), new["row"], outcome, []
    known = _known(existing, columns)
    explicit = known["revision"] > 0
    twice, contradictory = _within_batch(known)
    same = np.where(explicit, known["taken_same"], known["any_same"]) != 0
    outdated = same & (known["newest_same"] == 0) & ~explicit
    behind = explicit & ~same & (known["revision"] <= known["highest"])
    wrong = contradictory | behind
    kept = ~same & ~twice & ~wrong
    revision = np.where(explicit, known["revision"], known["highest"] + 1)
    # A sender that numbers its revisions may deliver several of one interval at once: the first may be the first.
    became = np.select(
        [wrong, outdated, same | twice, revision > 1],
        [Outcome.REFUSED, Outcome.OUTDATED, Outcome.REPEATED, Outcome.CORRECTED],
        Outcome.ACCEPTED,
    )
    outcome[known["row"]] = became
    late = [
        (
            int(known["row"][at]),
            Refusal(
                "reading-contradicts" if contradictory[at] else "revision-taken",
                received=str(known["value"][at]),
                expected=str(int(known["highest"][at]) + 1),
                start=instant(int(known["start"][at])).isoformat(),
            ),
        )
        for at in np.flatnonzero(wrong)
    ]
    stored = Readings(
        known["series"][kept], known["start"][kept], known["value"][kept], revision[kept], revision[kept] * 0
    )
    return stored, known["row"][kept], outcome, late


def _by_interval(columns: dict[str, Int]) -> dict[str, Int]:
    if strictly_ordered(columns["series"], columns["start"]):
        return columns
    order = np.lexsort((columns["start"], columns["series"]))
    return {name: column[order] for name, column in columns.items()}


def _within_batch(known: dict[str, Any]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Rows that say again what an earlier row of the batch said, and rows of intervals said in two ways."""
    if len(known["row"]) < 2:
        none = np.zeros(len(known["row"]), bool)
        return none, none
    follows = np.ones(len(known["row"]), bool)
    follows[0] = False
    for name in ("series", "start", "revision"):
        follows[1:] &= known[name][1:] == known[name][:-1]
    differs = follows.copy()
    differs[1:] &= known["value"][1:] != known["value"][:-1]
    group = np.cumsum(~follows) - 1
    contradictory = np.zeros(int(group[-1]) + 1, bool)
    contradictory[group[differs]] = True
    return follows, contradictory[group]


def _known(existing: Readings, columns: dict[str, Int]) -> dict[str, Any]:
    if not len(existing):
        order = np.lexsort((columns["row"], columns["revision"], columns["start"], columns["series"]))
        known: dict[str, Any] = {name: column[order] for name, column in columns.items()}
        no = np.zeros(len(order), bool)
        return known | dict.fromkeys(("newest_same", "any_same", "taken_same"), no) | {"highest": no * 0}
    return dict(ask(_KNOWN, {}, batch=arrow(columns), existing=existing.arrow()))


def _existing(connection: sa.Connection, folder: DataFolder, columns: dict[str, Int]) -> Readings:
    """What is stored of the intervals of ``columns``, every revision, and perhaps of others."""
    series, start = columns["series"], columns["start"]
    reach = [int(series.min()), int(series.max())]
    found = segments.manifest(connection, reach, int(start.min()), int(start.max()) + 1)
    return recent.stored_of(folder, found, series, start)
