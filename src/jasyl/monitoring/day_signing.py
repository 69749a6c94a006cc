"""Days put before the gateway that measured them, so that its signature stands in the passport.

The server says what it holds of a closed day: readings, the salt of each, the sums and the root. The gateway compares
that with its own notes, computes the root itself and signs the day (``Batch.measured``); then anybody can check
offline that the gateway vouches for these readings. Salts go only to who proves to hold the key bound to the series.
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import numpy as np
import sqlalchemy as sa

from jasyl import ledger
from jasyl.quantities import instant, microseconds, period_of
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from . import segments, tables
from .devices import SignedDay, signed_day_file
from .gateways import SignedDelivery
from .segments import Readings
from .series import SeriesDefinition

# How old a request may be: whoever recorded one cannot use it tomorrow.
FRESH = 300_000_000
DAYS_BACK, MOST_DAYS = 14, 50


class DaysAsked(msgspec.Struct, forbid_unknown_fields=True):
    """The request of a gateway: ``at`` is its clock in µs UTC."""

    at: int


def measured_of(series: SeriesDefinition, start: int, end: int, readings: Readings, root: str) -> dict[str, Any]:
    """What a gateway signs of a day, as ``ledger.Batch.measured`` gives it."""
    values = [int(each) for each in readings.value]
    return {
        "series": series.id,
        "day_start": start,
        "day_end": end,
        "count": len(values),
        "unit": series.unit.ucum,
        "scale": -series.scale,
        "sum": str(sum(values)),
        "min": str(min(values)),
        "max": str(max(values)),
        "root": root,
    }


def days_to_sign(
    connection: sa.Connection,
    folder: DataFolder,
    definitions: Mapping[int, SeriesDefinition],
    request: SignedDelivery,
    now: int,
) -> list[dict[str, Any]]:
    """The closed days of the last two weeks that the gateway has not signed as they stand: key record, ``measured``,
    and the readings as [start, value, revision, salt]. At most 50 at once.

    Raises Refusal ``days-asked`` for a request that is malformed or older than five minutes.
    """
    try:
        asked = msgspec.json.decode(request.body, type=DaysAsked)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal("days-asked", received=str(error)[:120]) from error
    if abs(asked.at - now) > FRESH:
        raise Refusal("days-asked", received=instant(now).isoformat())
    found: list[dict[str, Any]] = []
    for series in definitions.values():
        if series.id not in request.series or len(found) >= MOST_DAYS:
            continue
        for start, end in _closed(series, now):
            day = _day(connection, folder, series, start, end)
            if day is not None and len(found) < MOST_DAYS:
                found.append({"key": request.signature.key, **day})
    return found


def signed_late(connection: sa.Connection, folder: DataFolder) -> Iterator[tuple[int, int]]:
    """Series and start of sealed days whose gateway signed only after they were sealed: the seal says less than is
    proven. Files of days whose record carries the signature are taken away."""
    if not folder.signed_days.is_dir():
        return
    held = tables.sealed_day
    for file in sorted(folder.signed_days.glob("*.json")):
        series_id, _, start = file.stem.rpartition(".")
        question = sa.select(held).where(
            held.c.series_id == series_id, held.c.start == int(start), held.c.superseded_by.is_(None)
        )
        row = connection.execute(question).one_or_none()
        if row is None:
            continue
        entry = ledger.entry(connection, row.record_id)
        record = ledger.parse_record(entry) if entry is not None else None
        try:
            day = msgspec.json.decode(file.read_bytes(), type=SignedDay)
        except (OSError, msgspec.DecodeError):
            continue
        if isinstance(record, ledger.Batch) and day.measured == record.measured():
            if record.trust == "operator-entered":
                yield row.series, row.start
            else:
                file.unlink(missing_ok=True)


def _closed(series: SeriesDefinition, now: int) -> Iterator[tuple[int, int]]:
    moment = instant(now)
    for back in range(DAYS_BACK, 0, -1):
        period = period_of(moment - timedelta(days=back), "day", series.time_zone)
        start, end = microseconds(period.start), microseconds(period.end)
        if end <= now:
            yield start, end


def _day(
    connection: sa.Connection, folder: DataFolder, series: SeriesDefinition, start: int, end: int
) -> dict[str, Any] | None:
    readings = segments.read(connection, folder, [series.number], start, end)
    if not len(readings) or _erased(connection, series.id):
        return None
    key = ledger.series_key(connection, series.id)
    root = ledger.day_root(key, series.id, ledger.Readings(readings.start, readings.value, readings.revision)).hex()
    if _already(connection, folder, series, start, root):
        return None
    columns = (readings.start, readings.value, readings.revision)
    rows = zip(*(np.asarray(column).tolist() for column in columns), strict=True)
    return {
        "measured": measured_of(series, start, end, readings, root),
        "name": series.id,
        "readings": [
            [at, value, revision, ledger.reading_salt(key, at, revision).hex()] for at, value, revision in rows
        ],
    }


def _already(connection: sa.Connection, folder: DataFolder, series: SeriesDefinition, start: int, root: str) -> bool:
    try:
        waiting = msgspec.json.decode(signed_day_file(folder, series.id, start).read_bytes(), type=SignedDay)
        if waiting.measured.get("root") == root:
            return True
    except (OSError, msgspec.DecodeError):
        pass
    held = tables.sealed_day
    question = sa.select(held.c.record_id).where(
        held.c.series == series.number, held.c.start == start, held.c.root == root, held.c.superseded_by.is_(None)
    )
    identity = connection.execute(question).scalar()
    entry = ledger.entry(connection, identity) if identity else None
    record = ledger.parse_record(entry) if entry is not None else None
    return isinstance(record, ledger.Batch) and record.trust != "operator-entered"


def _erased(connection: sa.Connection, series_id: str) -> bool:
    held = ledger.series_key_table
    return connection.execute(sa.select(held.c.destroyed_at).where(held.c.series_id == series_id)).scalar() is not None
