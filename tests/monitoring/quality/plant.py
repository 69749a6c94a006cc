"""A solar plant of one megawatt near Astana, its meters, and readings of a sky without clouds."""

from decimal import Decimal

import numpy as np
import sqlalchemy as sa
from tests.monitoring.world import at

from jasyl.monitoring import Batch, Source, append
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.quality.observation import sun_over
from jasyl.registry import Provenance, Statement, add_series, record

HOUR = 3_600_000_000
DAY = 24 * HOUR
BEGIN = at("2025-05-31 19:00")  # midnight in Kazakhstan
NOW = at("2025-08-01 00:00")
PLACE = (71.4, 51.1)
SAID = Provenance("a test", "tester", "high")


def a_facility(database, key="sunny", technology="RP.PV", level="public"):
    fields = {
        "name_kk": "Күн", "name_ru": "Солнце", "name_en": "Sun", "technology": technology, "status": "operating",
        "status_certain": True, "capacity": Decimal(1), "capacity_unit": "MW", "region": "KZ-11", "place": "Астана",
        "lon": PLACE[0], "lat": PLACE[1], "place_precision": "site", "confirmed": True,
    }  # fmt: skip
    with database.writing() as connection:
        record(connection, "facility", [Statement(key, fields, SAID)], at=NOW)
        return connection.execute(sa.text("select id from facility where key = :key"), {"key": key}).scalar_one()


def a_meter(database, facility, key="meter", **changes):
    given = {"quantity": "electricity_generated", "unit": "W.h", "interval_seconds": 3600, "kind": "amount"} | changes
    with database.writing() as connection:
        made = add_series(connection, key, SAID, facility_id=facility, at=NOW, **given)
        return definitions(connection, [made])[made.number]


def clear_days(days, seed=5):
    """Starts and Wh of a clear sky over the place, a little noisy."""
    start = BEGIN + HOUR * np.arange(days * 24)
    clear = sun_over(start, HOUR, *PLACE).clear
    noise = np.random.default_rng(seed).uniform(0.97, 1.03, len(start))
    return start, np.rint(clear * noise * 850).astype(np.int64)


def deliver(database, folder, series, start, value, *, now=NOW, name="gateway"):
    batch = Batch(np.full(len(start), series.number), start, value, Source("push", name))
    with database.reading() as connection:
        defined = definitions(connection)
    receipt = append(database, folder, defined, batch, now)
    assert not receipt.refused
    return receipt
