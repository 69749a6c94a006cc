"""Measures of strategies: their statuses, what they serve, and how they stand to their dates."""

import datetime as dt
from calendar import monthrange
from decimal import Decimal
from typing import Literal, get_args

MeasureStatus = Literal["planned", "approved", "under_way", "completed", "suspended", "cancelled"]
MEASURE_STATUSES: tuple[MeasureStatus, ...] = get_args(MeasureStatus)
Theme = Literal["climate", "energy", "water", "air", "circular", "transport", "u4ssc", "other"]
MEASURE_THEMES: tuple[Theme, ...] = get_args(Theme)

MeasureState = Literal[
    "in_time", "late", "on_track", "behind", "overdue", "not_begun", "no_progress", "no_date", "ended"
]
MEASURE_STATES: tuple[MeasureState, ...] = get_args(MeasureState)
"""``in_time`` and ``late`` are completed ones; ``overdue`` is not completed after its date; ``on_track`` and ``behind``
compare the reported progress with the time gone; ``no_progress`` says that nobody reports any."""


def measure_state(
    status: MeasureStatus,
    day: dt.date,
    *,
    start: str | None = None,
    due: str | None = None,
    done: str | None = None,
    progress: Decimal | None = None,
) -> MeasureState:
    """How a measure stands on ``day``. Dates are as precise as known (``2027``, ``2027-06``): a due date means the end
    of that time, a start its beginning."""
    end = None if due is None else last_day(due)
    if status in ("suspended", "cancelled"):
        return "ended"
    if status == "completed":
        return "no_date" if end is None or done is None else "in_time" if first_day(done) <= end else "late"
    if end is None:
        return "no_date"
    if end < day:
        return "overdue"
    if start is not None and first_day(start) > day:
        return "not_begun"
    if progress is None:
        return "not_begun" if status in ("planned", "approved") else "no_progress"
    if start is None:
        return "no_date"
    whole = (end - first_day(start)).days or 1
    gone = Decimal((day - first_day(start)).days) / whole * 100
    return "on_track" if progress >= gone else "behind"


def first_day(written: str) -> dt.date:
    """The first day that a date as precise as known may mean."""
    year, month, day = (*(int(part) for part in written.split("-")), 1, 1)[:3]
    return dt.date(year, month, day)


def last_day(written: str) -> dt.date:
    """The last day that a date as precise as known may mean."""
    parts = [int(part) for part in written.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    return dt.date(year, month, parts[2] if len(parts) > 2 else monthrange(year, month)[1])
