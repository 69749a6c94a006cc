"""A data folder, its database, and series to write into."""

import datetime as dt

import numpy as np
from tests.tables import with_tables

import jasyl.monitoring.tables
from jasyl.monitoring.delivery import Batch, Source
from jasyl.monitoring.series import SeriesDefinition
from jasyl.quantities import UNITS, UTC, microseconds
from jasyl.storage import Database, DataFolder, database_of

assert jasyl.monitoring.tables
MINUTE = 60_000_000
QUARTER = 15 * MINUTE
SOURCE = Source("file", "meters.csv")


def at(text: str) -> int:
    """µs UTC of a text like 2024-02-29 18:00."""
    return microseconds(dt.datetime.fromisoformat(text).replace(tzinfo=UTC))


NOW = at("2026-01-01 00:00")


def a_series(number: int = 1, **changes: object) -> SeriesDefinition:
    given: dict[str, object] = {
        "number": number,
        "id": f"01SERIES{number:018}",
        "facility_id": f"01FACILITY{number:016}",
        "quantity": "electricity_generated",
        "unit": UNITS["W.h"],
        "scale": 0,
        "interval_seconds": 900,
        "kind": "amount",
    }
    return SeriesDefinition(**(given | changes))  # type: ignore[arg-type]


def a_batch(starts: object, values: object, series: object = 1, revision: object = None) -> Batch:
    start = np.asarray(starts, np.int64)
    return Batch(
        np.broadcast_to(np.asarray(series, np.int64), start.shape).copy(),
        start,
        np.broadcast_to(np.asarray(values, np.int64), start.shape).copy(),
        SOURCE,
        None if revision is None else np.broadcast_to(np.asarray(revision, np.int64), start.shape).copy(),
    )


def a_database(folder: DataFolder) -> Database:
    return with_tables(database_of(folder))
