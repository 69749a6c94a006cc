"""The cells of a metering sheet in the order of time, each with its meter and the civil time its labels mean."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from jasyl.intake import Grid
from jasyl.intake.raw import Raw
from jasyl.texts import Refusal, Where

from .sheet_heads import Label, Role
from .sheet_labels import DAY_MINUTES, Month, Slot
from .sheet_layout import Layout


@dataclass(frozen=True)
class SheetCell:
    """A value and what it is the value of: ``begin`` and ``end`` of its interval in civil time without zone;
    one of them is None where the sheet says only the other."""

    where: Where
    row: int
    column: int
    meter: str
    raw: Raw
    begin: dt.datetime | None
    end: dt.datetime | None


def cells_of(grid: Grid, layout: Layout, *, stamp: str) -> Iterator[SheetCell | Refusal]:
    """Every cell of the body in the order of the sheet; a day that is none (31 February) as a refusal at its place.

    Rows without any value are passed over. ``stamp`` says what a single time marks.
    """
    previous: dict[str, tuple[dt.date, int]] = {}
    for row in layout.body_rows:
        for column in layout.body_columns:
            labels = layout.labels(row, column)
            meter = layout.meter_of(row, column)
            moment = labels.get("moment")
            if isinstance(moment, dt.datetime):
                yield _at(grid, row, column, meter, moment, stamp)
                continue
            day = _day(labels, layout)
            if day is None:
                if not _blank(grid.cell(row, column)):
                    yield Refusal("sheet-day", where=grid.where(row, column), received=_said(labels))
                continue
            slot = labels.get("slot")
            if not isinstance(slot, Slot):
                begin = dt.datetime.combine(day, dt.time())
                yield SheetCell(
                    grid.where(row, column),
                    row,
                    column,
                    meter,
                    grid.cell(row, column),
                    begin,
                    begin + dt.timedelta(days=1),
                )
            elif slot.end is not None:
                begin = _clock(day, slot.start)
                yield SheetCell(
                    grid.where(row, column), row, column, meter, grid.cell(row, column), begin, _clock(day, slot.end)
                )
            else:
                minutes = slot.start
                # 00:00 after 23:30 of the same day is its end; where it stands with the next date it is that midnight.
                if stamp == "end" and minutes == 0 and previous.get(meter, (day, 0)) >= (day, 1):
                    minutes = DAY_MINUTES
                previous[meter] = (day, minutes)
                yield _at(grid, row, column, meter, _clock(day, minutes), stamp)


def _at(grid: Grid, row: int, column: int, meter: str, moment: dt.datetime, stamp: str) -> SheetCell:
    marks = (moment, None) if stamp == "start" else (None, moment)
    return SheetCell(grid.where(row, column), row, column, meter, grid.cell(row, column), *marks)


def _clock(day: dt.date, minutes: int) -> dt.datetime:
    # A civil time without zone: what instant it is, the whole column decides.
    return dt.datetime(day.year, day.month, day.day) + dt.timedelta(minutes=minutes)  # noqa: DTZ001


def _day(labels: Mapping[Role, Label], layout: Layout) -> dt.date | None:
    day, month = labels.get("date"), labels.get("month")
    if isinstance(day, dt.date):
        return day
    number = labels.get("day")
    if not isinstance(number, int):
        return layout.day
    named = month if isinstance(month, Month) else layout.month
    year = (named.year if named else None) or (layout.month.year if layout.month else None)
    if named is None or year is None:
        return None
    try:
        return dt.date(year, named.month, number)
    except ValueError:
        return None


def _blank(raw: Raw) -> bool:
    return raw is None or (isinstance(raw, str) and raw.strip() in ("", "-", "–", "—", "x", "X", "х", "Х"))


def _said(labels: Mapping[Role, Label]) -> str:
    month = labels.get("month")
    return f"{labels.get('day', '?')}.{month.month if isinstance(month, Month) else '?'}"
