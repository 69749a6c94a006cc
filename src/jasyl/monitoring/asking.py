"""From the manifest to a question: which files, which tables, put to an engine."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import sqlalchemy as sa

from jasyl.storage import DataFolder

from . import segments
from .engine import Columns, Engine, Question
from .questions import REVISED, SETTLED, WANTED, WRONG, Grid

Stretch = tuple[int, int, int]


def ask_of_readings(
    connection: sa.Connection,
    folder: DataFolder,
    engine: Engine,
    expression: Callable[[Grid], Any],
    grid: Grid,
    *,
    wrong: Sequence[Stretch] = (),
    tables: Mapping[str, Any] | None = None,
) -> Columns | None:
    """The answer to ``expression`` over the readings in force, None when there are none.

    ``wrong`` are stretches (series, start, end) to leave out; ``tables`` whatever else the expression names. The
    manifest is read by one statement of the caller's transaction.
    """
    import pyarrow as pa  # noqa: PLC0415

    found = segments.manifest(connection, grid.series, grid.start, grid.reach)
    if not found:
        return None
    settled, revised = segments.by_correction(found)
    parts = {name: some for name, some in ((SETTLED, settled), (REVISED, revised)) if some}
    files = {name: [folder.readings / each.file for each in some] for name, some in parts.items()}
    asked = replace(grid, settled=bool(settled), revised=bool(revised), wrong=bool(wrong))
    given: dict[str, Any] = dict(tables or {})
    if asked.wants_table:
        given[WANTED] = pa.table({"series": np.array(grid.series, np.int64)})
    if wrong:
        columns = np.array(wrong, np.int64).reshape(-1, 3).T
        given[WRONG] = pa.table(dict(zip(("series", "low", "high"), columns, strict=True)))
    return engine.answer(Question(expression(asked), files, given))
