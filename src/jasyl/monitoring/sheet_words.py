"""What words of a metering sheet say: meters, units and totals beside its heads of time, title lines above them."""

import re
from collections.abc import Sequence

from jasyl.intake import Grid
from jasyl.intake.numbers import named_unit
from jasyl.intake.raw import Raw, is_empty
from jasyl.texts import Refusal

from .sheet_heads import Head
from .sheet_labels import day_of, is_sum, is_total, months_within, ordinal_of, text_of

_IN_BRACKETS = re.compile(r"^(.*?)\s*[(\[,]\s*([^()\[\],]+?)\s*[)\]]?\s*$")
# Words that head an axis, and are no meter's name.
_AXIS = re.compile(
    r"(?:дата|күні|күн|date|день|дни|day|час|часы|часы суток|сағат|сағаты|hours?|время|уақыты?|time|период|кезең|"
    r"интервал|аралық|месяц|ай|month|дата и время|date ?/? ?time|№|№ ?п/п|р/с|числ[оа]|тәулік|сутки|показани[яе]|"
    r"көрсеткіш(?:тер)?|потребление|тұтыну|расход|значени[ея]|мәні?|values?|"
    r"(?:ед\.?|единицы?) изм(?:\.|ерения)|өлшем бірлігі|unit)[.:]?",
    re.IGNORECASE,
)


class Said:
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


class Words:
    """Labels that are no time: meters, units, totals; and with them what belongs to the body."""

    def __init__(self, grid: Grid, rows: list[Head], columns: list[Head], first_row: int, first_column: int) -> None:
        self.grid, self.rows, self.columns = grid, rows, columns
        self.first_row, self.first_column = first_row, first_column
        self.left_out: list[str] = []
        self._units_behind = [at for at in range(first_column, grid.width) if self._says_units(at)]

    def _says_units(self, column: int) -> bool:
        """Whether a column has nothing but units: in a list it may stand behind the values."""
        said = [
            raw
            for row in range(self.first_row, len(self.grid.rows))
            if not is_empty(raw := self.grid.cell(row, column))
        ]
        return bool(said) and all(isinstance(raw, str) and raw[0].isalpha() and _unit_in(raw) for raw in said)

    def _lines(self, *, across: bool) -> Sequence[int]:
        if across:
            return [at for at in range(self.first_column, self.grid.width) if at not in self._units_behind]
        return range(self.first_row, len(self.grid.rows))

    def _cell(self, line: int, at: int, *, across: bool) -> Raw:
        """The cell where the head ``at`` meets the column (across) or row ``line``."""
        return self.grid.cell(at, line) if across else self.grid.cell(line, at)

    def _head_range(self, *, across: bool) -> Sequence[int]:
        return range(self.first_row) if across else [*range(self.first_column), *self._units_behind]

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
        beside = [self.grid.cell(line, at) for at in range(self.first_column) if at not in taken]
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
