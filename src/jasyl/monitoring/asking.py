"""From the manifest to a question: which files, which tables, put to an engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import sqlalchemy as sa

from jasyl.storage import DataFolder

from . import segments
from .engine import Columns, Engine, Files, Question, arrow
from .questions import REVISED, SETTLED, WRONG, Grid, grid_of, reach
from .series import SeriesDefinition

Stretch = tuple[int, int, int]


def ask_of_readings(
    connection: sa.Connection,
    folder: DataFolder,
    engine: Engine,
    expression: Callable[[Grid], Any],
    alike: Sequence[SeriesDefinition],
    start: int,
    end: int,
    *,
    wrong: Sequence[Stretch] = (),
    tables: Mapping[str, Any] | None = None,
) -> Columns | None:
    """The answer to ``expression`` over the readings in force in [start, end), None when there are none.

    ``alike`` are series of one interval, zone and kind. ``wrong`` are stretches (series, start, end) to leave out;
    ``tables`` whatever else the expression names. The manifest is read by one statement of the caller's transaction.
    """
    numbers = sorted(each.number for each in alike)
    until = reach(alike[0], end)
    found = segments.manifest(connection, numbers, start, until)
    if not found:
        return None
    settled, revised = segments.by_correction(found)
    parts = {name: some for name, some in ((SETTLED, settled), (REVISED, revised)) if some}
    readings = {name: Files(segments.local_names(folder, some), start, until, numbers) for name, some in parts.items()}
    grid = replace(grid_of(alike[0], start, until), settled=bool(settled), revised=bool(revised), wrong=bool(wrong))
    given: dict[str, Any] = dict(tables or {})
    if wrong:
        columns = np.array(wrong, np.int64).reshape(-1, 3).T
        given[WRONG] = arrow(dict(zip(("series", "low", "high"), columns, strict=True)))
    return engine.answer(Question(expression, grid, readings, given))
