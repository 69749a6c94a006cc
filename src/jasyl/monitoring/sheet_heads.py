"""The heads of a metering sheet that say when: rows or columns of moments, dates, days, months and hours."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from jasyl.intake import Grid
from jasyl.intake.raw import Raw, is_empty
from jasyl.texts import Refusal

from .sheet_labels import Month, Slot, day_of, is_total, month_of, ordinal_of, ordinal_runs, slot_of
from .stamps import read_stamp

Role = Literal["moment", "date", "day", "month", "slot", "meter", "unit"]
Label = dt.datetime | dt.date | int | Month | Slot | str
# Rows and columns in which a head is looked for.
TOP, LEFT = 30, 12
_HOURS = {24: 60, 25: 60, 48: 30, 50: 30, 96: 15, 100: 15}


@dataclass(frozen=True)
class Head:
    """One row or column of labels: ``at`` its zero-based number, ``labels`` by zero-based column or row."""

    role: Role
    at: int
    labels: dict[int, Label]


def heads_of_time(grid: Grid) -> tuple[list[Head], list[Head]]:
    """Head rows and head columns, one of each role; none where nothing says when."""
    down = _heads(
        lambda column: [(row, grid.cell(row, column)) for row in range(len(grid.rows))], min(LEFT, grid.width)
    )
    across = _heads(
        lambda row: [(column, grid.cell(row, column)) for column in range(grid.width)], min(TOP, len(grid.rows))
    )
    rows, columns = _agree(across, down)
    return rows, columns or _only_day(grid, rows)


def _heads(line: Callable[[int], list[tuple[int, Raw]]], count: int) -> list[Head]:
    found: list[Head] = []
    for at in range(count):
        cells = [(place, raw) for place, raw in line(at) if not is_empty(raw)]
        head = _typed(at, cells) or _counted(at, cells)
        if head:
            found.append(head)
    return found


def _moment(raw: Raw) -> dt.datetime | None:
    if isinstance(raw, dt.datetime) or (isinstance(raw, str) and ":" in raw):
        try:
            return read_stamp(raw).local
        except Refusal:
            return None
    return None


_READERS: tuple[tuple[Role, Callable[[Raw], Label | None]], ...] = (
    ("date", day_of),
    ("slot", slot_of),
    ("month", month_of),
    ("moment", _moment),
)


def _typed(at: int, cells: Sequence[tuple[int, Raw]]) -> Head | None:
    """Labels that say by themselves what they are. Totals and words among them do not disturb."""
    for role, read in _READERS:
        labels = {place: label for place, raw in cells if not is_total(raw) and (label := read(raw)) is not None}
        numbers = sum(isinstance(raw, int | float) for _, raw in cells)
        if len(labels) >= 2 and len(labels) > numbers and len(set(map(str, labels.values()))) > 1:
            return Head(role, at, labels)
    return None


def _counted(at: int, cells: Sequence[tuple[int, Raw]]) -> Head | None:
    """Hours (24, 25, 48, 96) or days (28 to 31) by number; 24 numbers are hours."""
    runs = [
        run
        for run in ordinal_runs([None if is_total(raw) else ordinal_of(raw) for _, raw in cells])
        if len(run) in _HOURS or 28 <= len(run) <= 31
    ]
    if not runs or len(runs[0]) * len(runs) < 0.5 * len(cells):
        return None
    labels: dict[int, Label] = {}
    for run in runs:
        numbers = [ordinal_of(cells[position][1]) or 0 for position in run]
        minutes = _HOURS.get(len(run))
        for position, number in zip(run, numbers, strict=True):
            if minutes is None:
                if numbers[0] == 0:
                    return None
                labels[cells[position][0]] = number
            else:
                start = (number - numbers[0]) * minutes
                # The 25th hour of a day with clocks put back comes after the 24th: it is said as the 24th again.
                start = min(start, 1440 - minutes)
                labels[cells[position][0]] = Slot(start, start + minutes)
    return Head("slot" if _HOURS.get(len(runs[0])) else "day", at, labels)


def _agree(across: list[Head], down: list[Head]) -> tuple[list[Head], list[Head]]:
    """One head for each role, the fullest; a role stands either in rows or in columns."""
    best: dict[Role, tuple[bool, Head]] = {}
    for is_row, heads in ((False, down), (True, across)):
        for head in heads:
            held = best.get(head.role)
            if held is None or len(head.labels) > len(held[1].labels):
                best[head.role] = (is_row, head)
    roles = set(best)
    if "moment" in roles:
        # A column of full times needs nothing else; dates in it were read as a second meaning of the same cells.
        best = {role: held for role, held in best.items() if role == "moment"}
    elif "date" in roles:
        best = {role: held for role, held in best.items() if role in ("date", "slot")}
    rows = sorted((head for is_row, head in best.values() if is_row), key=lambda head: head.at)
    columns = sorted((head for is_row, head in best.values() if not is_row), key=lambda head: head.at)
    return rows, columns


def _only_day(grid: Grid, rows: list[Head]) -> list[Head]:
    """The column of dates of a sheet that holds a single day: one date below the head of hours, left of them."""
    slots = next((head for head in rows if head.role == "slot"), None)
    if slots is None:
        return []
    for column in range(min(slots.labels)):
        below = [(row, day_of(grid.cell(row, column))) for row in range(slots.at + 1, len(grid.rows))]
        labels: dict[int, Label] = {row: day for row, day in below if day is not None}
        if labels:
            return [Head("date", column, labels)]
    return []
