"""Which sealed days, and which hours of them, ``jasyl certificates issue`` issues from."""

from fractions import Fraction
from zoneinfo import ZoneInfo

import sqlalchemy as sa

from jasyl.certificates import Part
from jasyl.monitoring import definitions
from jasyl.monitoring.rollup_table import hourly as hours_of
from jasyl.monitoring.seals import SealedDay, sealed_days
from jasyl.quantities import microseconds, period
from jasyl.registry import Series, series_by_key
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

_HOUR = 3_600_000_000


def days_to_issue(
    connection: sa.Connection, folder: DataFolder, key: str, when: str, *, hourly: bool
) -> tuple[Series, list[tuple[str, Part | None]]]:
    """The series, and for every certificate its record and the part of the day it is about (None: the whole).

    ``when`` is a day, month or year of the civil time by which the meter's days are sealed. Raises Refusal
    ``unknown-series``, ``unknown-period``, ``certificate-counter``, ``certificate-not-sealed``.
    """
    series = series_by_key(connection, key)
    if series.kind == "counter":
        raise Refusal("certificate-counter", received=key[:80])
    span = period(when, ZoneInfo(series.zone))
    days = sealed_days(connection, [series.number], microseconds(span.start), microseconds(span.end))
    if not days:
        raise Refusal("certificate-not-sealed", received=key[:80], period=span.name)
    if not hourly:
        return series, [(day.record_id, None) for day in days]
    return series, [(day.record_id, part) for day in days for part in _hours(connection, folder, series, day)]


def ratio_of(written: str | None) -> Fraction | None:
    """``0.636`` or ``159/250`` as a number. Raises Refusal ``certificate-factor-unread``."""
    try:
        return None if written is None else Fraction(written)
    except (ValueError, ZeroDivisionError):
        raise Refusal("certificate-factor-unread", received=str(written)[:40]) from None


def _hours(connection: sa.Connection, folder: DataFolder, series: Series, day: SealedDay) -> list[Part]:
    """Hours of a day in which something was measured, with their exact amounts."""
    definition = definitions(connection, [series])[series.number]
    rows = hours_of(connection, folder, definition, day.start, day.end)
    return [
        Part(int(start), int(start) + _HOUR, int(value) * definition.amount_factor)
        for start, value in zip(rows.start, rows.sum, strict=True)
        if value > 0
    ]
