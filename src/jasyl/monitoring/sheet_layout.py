"""How a metering sheet is laid out: which rows and columns head it, and what their labels say.

A cell's interval and meter are put together from what its row, its column and the sheet itself say. So one way of
reading serves hours across and days down, days across and hours down, months beside days, several meters side by side
or under one another, and a column for each meter beside date and time.
"""

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from jasyl.intake import Grid
from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

from .sheet_heads import Head, Label, Role, heads_of_time
from .sheet_labels import Month, Slot
from .sheet_words import Said, Words

Stamping = Literal["start", "end", "unclear"]


@dataclass(frozen=True)
class Layout:
    """Where what stands. ``rows`` are head rows (labels of columns), ``columns`` head columns (labels of rows);
    ``body_rows`` × ``body_columns`` hold the values; ``total_rows``, ``total_columns`` hold sums that can be checked,
    ``left_out`` rows and columns of averages and the like. ``said`` is what title and sheet name say.
    """

    rows: tuple[Head, ...]
    columns: tuple[Head, ...]
    body_rows: tuple[int, ...]
    body_columns: tuple[int, ...]
    total_rows: tuple[int, ...] = ()
    total_columns: tuple[int, ...] = ()
    left_out: tuple[str, ...] = ()
    month: Month | None = None
    day: dt.date | None = None
    unit: str | None = None
    meter: str | None = None
    stamping: Stamping = "start"
    step: int | None = None
    meters: tuple[str, ...] = field(default=())

    def labels(self, row: int, column: int) -> dict[Role, Label]:
        """What is said of the cell at ``row`` and ``column``."""
        found: dict[Role, Label] = {}
        for heads, at in ((self.columns, row), (self.rows, column)):
            for head in heads:
                label = head.labels.get(at)
                if label is not None:
                    found[head.role] = label
        return found

    def meter_of(self, row: int, column: int) -> str:
        """The name under which the sheet knows the meter of a cell: its labels joined, or the title's."""
        parts = [str(h.labels[column]) for h in self.rows if h.role == "meter" and column in h.labels]
        parts += [str(h.labels[row]) for h in self.columns if h.role == "meter" and row in h.labels]
        return " · ".join(dict.fromkeys(parts)) or self.meter or ""

    def shape(self) -> str:
        """What makes two sheets of one sender alike, hashed: roles, their places, hours, meters; not which days."""

        def described(head: Head) -> dict[str, object]:
            firm = sorted({str(label) for label in head.labels.values()}) if head.role in ("meter", "slot") else []
            at = None if head.role in ("meter", "unit") else head.at
            return {"role": head.role, "labels": firm, "at": at}

        document: dict[str, object] = {
            "rows": [described(head) for head in self.rows],
            "columns": [described(head) for head in self.columns],
            "meter": self.meter if not self.meters else "",
            "unit": self.unit or "",
            "stamping": self.stamping,
        }
        return hashlib.sha256(canonical_json(document)).hexdigest()


def detect(grid: Grid) -> Layout:
    """The layout of a sheet. Raises Refusal ``metering-layout`` where hours, days and values cannot be told apart,
    ``sheet-months`` for sums of whole months, which no series keeps."""
    rows, columns = heads_of_time(grid)
    roles = {head.role for head in (*rows, *columns)}
    said = Said(grid, rows, columns)
    if not roles & {"moment", "date", "day"} and not (said.day and "slot" in roles):
        raise Refusal("sheet-months" if "month" in roles else "metering-layout", where=grid.where())
    return _fill(grid, rows, columns, said)


def _fill(grid: Grid, rows: list[Head], columns: list[Head], said: Said) -> Layout:
    """Body, meters, units and totals around the heads of time."""
    first_row = max((head.at for head in rows), default=-1) + 1
    first_column = max((head.at for head in columns), default=-1) + 1
    if columns:
        first_row = max(first_row, min(min(head.labels) for head in columns))
    if rows:
        first_column = max(first_column, min(min(head.labels) for head in rows))
    heads = Words(grid, rows, columns, first_row, first_column)
    body_columns = heads.body(across=True)
    body_rows = heads.body(across=False)
    if not body_columns or not body_rows:
        raise Refusal("metering-layout", where=grid.where())
    every_row = (*_carried(rows, body_columns), *heads.named(across=True, body=body_columns))
    every_column = (*_carried(columns, body_rows), *heads.named(across=False, body=body_rows))
    stamping, step = _stamping((*rows, *columns))
    made = Layout(
        tuple(every_row), tuple(every_column), tuple(body_rows), tuple(body_columns), tuple(heads.totals(across=False)),
        tuple(heads.totals(across=True)), tuple(heads.left_out), said.month, said.day, said.unit, said.meter,
        stamping, step,
    )  # fmt: skip
    named = any(head.role == "meter" for head in (*every_row, *every_column))
    pairs = ((row, column) for row in made.body_rows for column in made.body_columns) if named else ()
    return replace(made, meters=tuple(dict.fromkeys(made.meter_of(*pair) for pair in pairs)))


def _carried(heads: Iterable[Head], body: Sequence[int]) -> list[Head]:
    """Labels of a coarser head stand once and hold until the next: a date over its hours."""
    found: list[Head] = []
    for head in heads:
        labels, held = dict[int, Label](), None
        for place in range(min(head.labels), max(body) + 1):
            held = head.labels.get(place, held)
            if held is not None and place in set(body):
                labels[place] = held
        found.append(Head(head.role, head.at, labels))
    return found


def _stamping(heads: Sequence[Head]) -> tuple[Stamping, int | None]:
    """Whether labels mark start or end, and the minutes from one to the next (None: whole days)."""
    moments = [label for head in heads for label in head.labels.values() if isinstance(label, dt.datetime)]
    slots = [label for head in heads for label in head.labels.values() if isinstance(label, Slot)]
    if slots:
        if all(slot.end is not None for slot in slots):
            return "start", min((slot.end or 0) - slot.start for slot in slots)
        starts = [slot.start for slot in slots]
        step = min((abs(b - a) for a, b in pairwise(starts) if a != b), default=None)
        if 1440 in starts or (0 in starts[1:] and starts[0] != 0):
            return "end", step
        return ("start" if starts[0] == 0 else "unclear"), step
    if moments:
        gaps = [int((b - a).total_seconds()) // 60 for a, b in pairwise(moments) if b > a]
        step = min(gaps, default=None)
        first, last = moments[0], moments[-1]
        if step and (last.hour, last.minute) == (0, 0) and (first.hour, first.minute) != (0, 0):
            return "end", step
        return ("start" if (first.hour, first.minute) == (0, 0) else "unclear"), step
    return "start", None
