"""Rows of plain delimited text read as columns of bytes: the usual export of a meter, at the speed of the disk.

Whatever is not as plain as can be (a stamp near a change of the clocks, a word for a missing value, a row too short)
is left to the row-by-row reading of :mod:`jasyl.monitoring.csv_import`; a property test holds both against each other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np
from numpy.typing import NDArray

from jasyl.intake import Row, Table
from jasyl.intake.raw import is_empty

from .civil_time import DAY, offset_changes, offsets
from .csv_import import SheetMapping, SheetRow, sheet_row
from .series import SeriesDefinition

Int = NDArray[np.int64]
Bools = NDArray[np.bool_]
Bytes = NDArray[np.uint8]

# A byte of these is the same letter in each of them.
_CODECS = {"ascii", "utf-8", "utf-8-sig", "cp1251", "kz1048"}
# The csv module refuses longer cells; such lines are not for here.
_LONGEST = 4096
_LENGTHS = (16, 19)
_DIGITS = 15
_WIDEST = 16
# Places of year, month, day and of the signs between, then of hour, minute, second.
_ISO = ((0, 1, 2, 3), (5, 6), (8, 9), (4, 7), "-")
_DOTTED = ((6, 7, 8, 9), (3, 4), (0, 1), (2, 5), ".")
_YEARS = (1950, 2150)
_MONTHS = (
    np.arange(f"{_YEARS[0]}-01", f"{_YEARS[1]}-02", dtype="datetime64[M]").astype("datetime64[D]").astype(np.int64)
)
# Of each month of these years the day since 1970 on which it begins, and its length.
_MONTH_BEGINS, _MONTH_DAYS = _MONTHS[:-1], np.diff(_MONTHS)


@dataclass(frozen=True)
class PlainReadings:
    """Readings of plain rows: numbers of their rows, instants (µs UTC) and stored values; how many were rounded, how
    many said nothing, and ``count`` rows in all, whose numbers are ``seen``."""

    row: Int
    start: Int
    value: Int
    rounded: int
    missing: int
    seen: Bools

    @property
    def count(self) -> int:
        return int(np.count_nonzero(self.seen))


@dataclass(frozen=True)
class PlainRows:
    """The lines of a text without quotes: a time and a value in each, all of one ``series``."""

    table: Table
    text: Bytes
    first: Int
    last: Int
    separators: Int
    columns: tuple[int, int]
    names: tuple[str, str]
    series: str

    @cached_property
    def _before(self) -> Int:
        """For each line the number of separators before it, and of all."""
        return np.searchsorted(self.separators, np.r_[self.first, len(self.text)])

    @cached_property
    def _regular(self) -> Bools:
        """Lines below the header with as many cells as it has."""
        regular = np.diff(self._before) == len(self.table.header) - 1
        regular[: max(self.table.header_row, self.table.data_after)] = False
        return regular

    def _cells(self, column: int, lines: Int) -> tuple[Int, Int]:
        """First bytes and ends of a column's cells in regular lines."""
        at = self._before[lines]
        first = self.first[lines] if column == 0 else self.separators[at + column - 1] + 1
        last = self.last[lines] if column == len(self.table.header) - 1 else self.separators[at + column]
        return first, last

    def shapes(self) -> list[str]:
        """Cells of the second column: of plain numbers one of each shape (digits 1 to 9 are one), all others."""
        lines = np.flatnonzero(self._regular)
        first, last = self._cells(self.columns[1], lines)
        code = np.zeros(256, np.uint8)
        for number, sign in enumerate((b"0", b"123456789", b".", b",", b"-", b"+"), 1):
            code[list(sign)] = number
        packed, plain = np.zeros(len(lines), np.int64), last - first < _WIDEST
        for place in range(int((last - first).max(initial=0, where=plain))):
            inside = place < last - first
            sign = code[self.text[np.where(inside, first + place, 0)]]
            plain &= ~inside | (sign > 0)
            packed <<= 4
            packed |= np.where(inside, sign, 0)
        _, one = np.unique(packed[plain], return_index=True)
        chosen = np.concatenate([np.flatnonzero(plain)[one], np.flatnonzero(~plain)])
        return [self._decoded(int(first[at]), int(last[at])) for at in chosen]

    def taken(self, mapping: SheetMapping, series: SeriesDefinition) -> PlainReadings:
        """The readings of all rows that are plain beyond doubt; rows beside doubtful ones are left to the others,
        because the hour that came twice is told by its neighbours."""
        lines = np.flatnonzero(self._regular)
        ends = mapping.stamp == "end" and series.kind != "counter"
        if mapping.unit.dimension != series.unit.dimension or (ends and series.interval >= DAY):
            lines = lines[:0]
        moment, sure = self._moments(lines, mapping.zone)
        value, exact, missing, told = self._values(lines, mapping, series)
        seen = np.zeros(len(self.first), bool)
        seen[lines] = sure & told
        # Neighbours of doubtful lines, the first (below the header) and the last go the other way with them.
        apart = ~seen
        seen[1:] &= ~apart[:-1]
        seen[:-1] &= ~apart[1:]
        seen[-1:] = False
        kept = seen[lines]
        held = kept & ~missing
        start = moment[held] - (series.interval if ends else 0)
        rounded = int(np.count_nonzero(~exact[held]))
        return PlainReadings(lines[held] + 1, start, value[held], rounded, int(np.count_nonzero(kept & missing)), seen)

    def others(self, plain: PlainReadings) -> Iterator[SheetRow]:
        """The rows that ``plain`` leaves, as :func:`jasyl.monitoring.csv_import.rows_of` gives them."""
        for line in np.flatnonzero(~plain.seen).tolist():
            text = self._decoded(int(self.first[line]), int(self.last[line]))
            cells = text.split(self.table.delimited.separator) if self.table.delimited and text else []
            if line < max(self.table.header_row, self.table.data_after) or all(is_empty(cell) for cell in cells):
                continue
            time, value = self.names
            yield sheet_row(Row(self.table, line + 1, cells), time=time, value=value, of=self.series)

    def _decoded(self, first: int, last: int) -> str:
        codec = self.table.delimited.codec if self.table.delimited else "ascii"
        return self.text[first:last].tobytes().decode(codec)

    def _moments(self, lines: Int, zone: str) -> tuple[Int, Bools]:
        """Instants of the stamps (µs UTC), and which of them are beyond doubt."""
        first, last = self._cells(self.columns[0], lines)
        moment, sure = np.zeros(len(lines), np.int64), np.zeros(len(lines), bool)
        for length in _LENGTHS:
            rows = np.flatnonzero(last - first == length)
            if not len(rows):
                continue
            for form in (_ISO, _DOTTED):
                local, plain = _local(self.text[first[rows] + np.arange(length)[:, None]], form)
                moment[rows[plain]], sure[rows[plain]] = local[plain], True
                rows = rows[~plain]
                if not len(rows):
                    break
        if sure.any():
            place = ZoneInfo(zone)
            here = moment[sure]
            changes = offset_changes(int(here.min()) - 2 * DAY, int(here.max()) + 2 * DAY, place)[1:]
            for since, offset in changes:
                sure &= np.abs(moment - since - offset) > DAY
            moment[sure] -= offsets(moment[sure], place)
        return moment, sure

    def _values(self, lines: Int, mapping: SheetMapping, series: SeriesDefinition) -> tuple[Int, Bools, Bools, Bools]:
        """Stored integers, which are exact, which cells are empty, and which are beyond doubt."""
        first, last = self._cells(self.columns[1], lines)
        number, places, plain = _numbers(self.text, first, last, ord(mapping.decimal))
        missing = last == first
        factor, power = _factor(mapping, series)
        if not factor:
            return number, ~missing, missing, missing
        value, exact, fits = _scaled(number, factor, power - places)
        if mapping.rounding == "refuse":
            fits &= exact
        return value, exact, missing, (plain & fits) | missing


def plain_rows(table: Table, time: str, value: str, series: str) -> PlainRows | None:
    """The rows of ``table`` as bytes; None when its text is not plain: quotes, another encoding, too long lines."""
    given = table.delimited
    if given is None or given.codec not in _CODECS or time not in table.header or value not in table.header:
        return None
    content = given.content()
    if b'"' in content or b"\0" in content or len(given.separator) != 1 or not given.separator.isascii():
        return None
    try:
        content.decode(given.codec)
    except UnicodeError:
        return None
    text = np.frombuffer(content, np.uint8)
    last = np.flatnonzero(text == 10)
    first = np.r_[0, last + 1]
    last = np.r_[last, len(text)]
    if len(first) > 1 and first[-1] == len(text):
        first, last = first[:-1], last[:-1]
    returned = (last > first) & (text[np.maximum(last - 1, 0)] == 13)
    if np.count_nonzero(text == 13) != np.count_nonzero(returned) or len(first) > table.limits.rows:
        return None
    last = last - returned
    if int((last - first).max(initial=0)) > _LONGEST:
        return None
    columns = (table.header.index(time), table.header.index(value))
    separators = np.flatnonzero(text == ord(given.separator))
    return PlainRows(table, text, first, last, separators, columns, (time, value), series)


def _local(
    signs: Bytes, form: tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...], str]
) -> tuple[Int, Bools]:
    """Civil times as µs, as if they were UTC, and which are of the form and on the calendar.

    ``signs`` has a row for each place of a stamp, a column for each stamp.
    """
    years, months, days, between, sign = form
    clock = ((11, 12), (14, 15), (17, 18))[: 3 if len(signs) == 19 else 2]
    plain = (signs[10] == 32) | ((signs[10] == 84) & (sign == "-"))
    for place in between:
        plain &= signs[place] == ord(sign)
    for place in (13, 16)[: len(clock) - 1]:
        plain &= signs[place] == 58
    parts: list[NDArray[np.int32]] = []
    for places in (years, months, days, *clock):
        part = np.zeros(signs.shape[1], np.int32)
        for place in places:
            digit = signs[place] - np.uint8(48)
            plain &= digit <= 9
            part *= 10
            part += digit
        parts.append(part)
    year, month, day, hour, minute = parts[:5]
    second = parts[5] if len(clock) == 3 else np.zeros_like(minute)
    plain &= (year >= _YEARS[0]) & (year < _YEARS[1]) & (month >= 1) & (month <= 12) & (day >= 1)
    plain &= (hour < 24) & (minute < 60) & (second < 60)
    count = np.where(plain, (year - _YEARS[0]) * 12 + month - 1, 0)
    plain &= day <= _MONTH_DAYS[count]
    seconds = (hour * 60 + minute) * 60 + second
    return ((_MONTH_BEGINS[count] + day - 1) * 86_400 + seconds) * 1_000_000, plain


def _numbers(text: Bytes, first: Int, last: Int, point: int) -> tuple[Int, Int, Bools]:
    """Cells as whole numbers and their decimal places; which cells are plain numbers of at most fifteen digits."""
    length = last - first
    number, places = np.zeros(len(first), np.int64), np.zeros(len(first), np.int64)
    digits, dotted = np.zeros(len(first), np.int64), np.zeros(len(first), bool)
    plain = (length > 0) & (length <= _DIGITS + 2)
    start = np.where(plain, text[np.minimum(first, len(text) - 1)], 0)
    signed = (start == 45) | (start == 43)
    for place in range(min(int(length.max(initial=0)), _DIGITS + 2)):
        inside = plain & (place < length)
        sign = text[np.where(inside, first + place, 0)]
        digit = sign - np.uint8(48)
        is_digit = inside & (digit <= 9)
        # A point stands between digits, once.
        is_point = inside & (sign == point) & ~dotted & (digits > 0)
        plain &= ~inside | is_digit | is_point | (signed if place == 0 else False)
        dotted |= is_point
        number = np.where(is_digit, number * 10 + digit, number)
        digits += is_digit
        places += is_digit & dotted
    plain &= (digits > 0) & (digits <= _DIGITS) & (dotted == (places > 0))
    return np.where(start == 45, -number, number), places, plain


def _factor(mapping: SheetMapping, series: SeriesDefinition) -> tuple[int, int]:
    """The conversion to stored integers as whole number times power of ten; (0, 0) for a factor of many digits."""
    _, digits, exponent = mapping.unit.factor.normalize().as_tuple()
    if len(digits) > 10 or not isinstance(exponent, int):
        return 0, 0
    return int("".join(map(str, digits))), exponent + series.scale


def _scaled(number: Int, factor: int, power: Int) -> tuple[Int, Bools, Bools]:
    """``number · factor · 10^power`` rounded half to even, whether that is exact, and whether it was within reach."""
    fits = (np.abs(number) < 2**62 // factor) & (power >= -18) & (power <= 18)
    product = np.where(fits, number, 0) * factor
    up, down = 10 ** np.clip(power, 0, 18), 10 ** np.clip(-power, 0, 18)
    fits &= np.abs(product) < 2**62 // up
    whole, rest = np.divmod(np.where(fits, product, 0) * np.where(fits, up, 1), down)
    twice = 2 * rest
    whole += (twice > down) | ((twice == down) & (whole % 2 == 1))
    return whole, rest == 0, fits
