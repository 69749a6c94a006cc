"""How a metering sheet is laid out: which rows and columns head it, and what their labels say.

A cell's interval and meter are put together from what its row, its column and the sheet itself say. So one way of
reading serves hours across and days down, days across and hours down, months beside days, several meters side by side
or under one another, and a column for each meter beside date and time.
"""

import datetime as dt
import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Literal

from jasyl.intake import Grid
from jasyl.intake.numbers import named_unit
from jasyl.intake.raw import Raw, is_empty
from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

from .sheet_labels import (
    Month,
    Slot,
    day_of,
    is_sum,
    is_total,
    month_of,
    months_within,
    ordinal_of,
    ordinal_runs,
    slot_of,
    text_of,
)
from .stamps import read_stamp

Role = Literal["moment", "date", "day", "month", "slot", "meter", "unit"]
Label = dt.datetime | dt.date | int | Month | Slot | str
Stamping = Literal["start", "end", "unclear"]
# Rows and columns in which a head is looked for.
TOP, LEFT = 30, 12
_HOURS = {24: 60, 25: 60, 48: 30, 50: 30, 96: 15, 100: 15}
_IN_BRACKETS = re.compile(r"^(.*?)\s*[(\[,]\s*([^()\[\],]+?)\s*[)\]]?\s*$")
# Words that head an axis, and are no meter's name.
_AXIS = re.compile(
    r"(?:дата|күні|күн|date|день|дни|day|час|часы|часы суток|сағат|сағаты|hours?|время|уақыты?|time|период|кезең|"
    r"интервал|аралық|месяц|ай|month|дата и время|date ?/? ?time|№|№ ?п/п|р/с|числ[оа]|тәулік|сутки|показани[яе]|"
    r"көрсеткіш(?:тер)?|потребление|тұтыну|расход|значени[ея]|мәні?|values?|"
    r"(?:ед\.?|единицы?) изм(?:\.|ерения)|өлшем бірлігі|unit)[.:]?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Head:
    """One row or column of labels: ``at`` its zero-based number, ``labels`` by zero-based column or row."""

    role: Role
    at: int
    labels: dict[int, Label]


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
    down = _heads(
        lambda column: [(row, grid.cell(row, column)) for row in range(len(grid.rows))], min(LEFT, grid.width)
    )
    across = _heads(
        lambda row: [(column, grid.cell(row, column)) for column in range(grid.width)], min(TOP, len(grid.rows))
    )
    rows, columns = _agree(across, down)
    columns = columns or _only_day(grid, rows)
    roles = {head.role for head in (*rows, *columns)}
    said = _Said(grid, rows, columns)
    if not roles & {"moment", "date", "day"} and not (said.day and "slot" in roles):
        raise Refusal("sheet-months" if "month" in roles else "metering-layout", where=grid.where())
    return _fill(grid, rows, columns, said)


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


class _Said:
    """What stands outside the body: title lines and the name of the sheet."""

    def __init__(self, grid: Grid, rows: list[Head], columns: list[Head]) -> None:
        first = min((min(head.labels) for head in columns), default=None)
        if first is None:
            first = max((head.at for head in rows), default=0) + 1
        if rows:
            first = min(first, *(head.at for head in rows))
        titles = [
            text_of(raw) for cells in grid.rows[:first] for raw in cells[:4] if isinstance(raw, str) and raw.strip()
        ]
        if grid.sheet:
            titles.append(grid.sheet)
        self.texts = titles
        months = [month for text in titles for month in months_within(text)]
        self.month = months[0] if len(set(months)) == 1 else None
        days = [day for text in titles for word in _dates(text) if (day := day_of(word))]
        self.day = days[0] if len(set(days)) == 1 else None
        self.unit = next((unit for text in titles if (unit := _unit_in(text))), None)
        self.meter = next((found for text in titles if (found := _meter_in(text))), None)


def _dates(text: str) -> list[str]:
    return re.findall(r"\d{1,2}[./]\d{1,2}[./]\d{4}|\d{4}-\d{2}-\d{2}|\d{1,2}\s+[^\W\d_]{3,}\s+\d{4}", text)


def _unit_in(text: str) -> str | None:
    for part in (text, *re.split(r"[,;:()\[\]]", text)):
        try:
            return named_unit(part.strip().rstrip(".")).ucum if part.strip() not in ("", "-", "m", "t") else None
        except Refusal:
            continue
    return None


def _meter_in(text: str) -> str | None:
    found = re.search(
        r"(?:сч[её]тчик|прибор уч[её]та|есептегіш|точка уч[её]та|meter|абонент|фидер|ввод)\w*[^,;]*", text, re.I
    )
    return found[0].strip() if found else None


def _fill(grid: Grid, rows: list[Head], columns: list[Head], said: _Said) -> Layout:
    """Body, meters, units and totals around the heads of time."""
    first_row = max((head.at for head in rows), default=-1) + 1
    first_column = max((head.at for head in columns), default=-1) + 1
    if columns:
        first_row = max(first_row, min(min(head.labels) for head in columns))
    if rows:
        first_column = max(first_column, min(min(head.labels) for head in rows))
    heads = _Words(grid, rows, columns, first_row, first_column)
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


class _Words:
    """Labels that are no time: meters, units, totals; and with them what belongs to the body."""

    def __init__(self, grid: Grid, rows: list[Head], columns: list[Head], first_row: int, first_column: int) -> None:
        self.grid, self.rows, self.columns = grid, rows, columns
        self.first_row, self.first_column = first_row, first_column
        self.left_out: list[str] = []

    def _lines(self, *, across: bool) -> range:
        return range(self.first_column, self.grid.width) if across else range(self.first_row, len(self.grid.rows))

    def _cell(self, line: int, at: int, *, across: bool) -> Raw:
        """The cell where the head ``at`` meets the column (across) or row ``line``."""
        return self.grid.cell(at, line) if across else self.grid.cell(line, at)

    def _head_range(self, *, across: bool) -> range:
        return range(self.first_row if across else self.first_column)

    def _totalled(self, line: int, *, across: bool) -> Raw:
        taken = {head.at for head in (self.rows if across else self.columns)}
        said = [self._cell(line, at, across=across) for at in self._head_range(across=across)]
        return next((raw for raw in said if is_total(raw)), None) if said or taken else None

    def body(self, *, across: bool) -> list[int]:
        """The columns (across) or rows that hold readings."""
        heads = self.rows if across else self.columns
        # The finest head decides: a date over 24 hours stands once, its hours stand each.
        finest = max(heads, key=lambda head: len(head.labels), default=None)
        found: list[int] = []
        for line in self._lines(across=across):
            total = self._totalled(line, across=across)
            if total is not None:
                self.left_out.append(text_of(total))
            elif finest is not None and line not in finest.labels and not self._continues(line, finest, across=across):
                continue
            elif self._has_value(line, across=across):
                found.append(line)
        return found

    def _continues(self, line: int, finest: Head, *, across: bool) -> bool:
        """Whether a row without a date belongs to the date above: a meter is named in it, beside the dates."""
        if across or line < min(finest.labels):
            return False
        taken = {head.at for head in self.columns}
        beside = [self.grid.cell(line, at) for at in self._head_range(across=False) if at not in taken]
        return any(isinstance(raw, str) and not _is_count(raw, across=False) and raw.strip() for raw in beside)

    def _has_value(self, line: int, *, across: bool) -> bool:
        others = self._lines(across=not across)
        cells = (self.grid.cell(other, line) if across else self.grid.cell(line, other) for other in others)
        return any(_may_be_value(raw) for raw in cells)

    def totals(self, *, across: bool) -> list[int]:
        """Columns (across) or rows whose sums can be checked."""
        lines = self._lines(across=across)
        return [line for line in lines if is_sum(self._totalled(line, across=across))]

    def named(self, *, across: bool, body: Sequence[int]) -> list[Head]:
        """Head rows (across) or columns of meters and units beside those of time."""
        taken = {head.at for head in (self.rows if across else self.columns)}
        found: list[Head] = []
        for at in self._head_range(across=across):
            if at in taken:
                continue
            labels = self._words(at, body, across=across)
            if not labels:
                continue
            units = {place: unit for place, text in labels.items() if (unit := _unit_in(text))}
            names = {place: name for place, text in labels.items() if (name := _without_unit(text))}
            if units:
                found.append(Head("unit", at, dict(units)))
            if names:
                found.append(Head("meter", at, dict(names)))
        return found

    def _words(self, at: int, body: Sequence[int], *, across: bool) -> dict[int, str]:
        labels: dict[int, str] = {}
        first = min(body) if across else self.first_row
        held: str | None = None
        for line in range(first, max(body) + 1):
            raw = self._cell(line, at, across=across)
            if not is_empty(raw):
                text = text_of(raw)
                held = None if is_total(raw) or _AXIS.fullmatch(text) or _is_count(raw, across=across) else text
            if held and line in set(body):
                labels[line] = held
        return labels


def _is_count(raw: Raw, *, across: bool) -> bool:
    """The running number of a line in a list of meters is no name; a longer number is a meter's."""
    return not across and ordinal_of(raw) is not None


def _may_be_value(raw: Raw) -> bool:
    if isinstance(raw, str):
        return any(sign.isdigit() for sign in raw)
    return not is_empty(raw)


def _without_unit(text: str) -> str:
    if _unit_in(text) is None:
        return text
    found = _IN_BRACKETS.fullmatch(text)
    return found[1] if found and _unit_in(found[2]) else ""


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
