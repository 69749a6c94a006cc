"""What is known of the register: looked at again now and then, and before a series is called unknown."""

import sqlalchemy as sa

from jasyl.monitoring.known_series import KnownSeries
from jasyl.registry import Provenance, Statement, add_series, record

SOURCE = Provenance("test", "tester")


def _series(database, key):
    with database.writing() as connection:
        fields = {"name_en": "Roof", "technology": "RP.PVR", "status": "operating", "confirmed": True}
        record(connection, "facility", [Statement("roof", fields, SOURCE)])
        facility = connection.execute(sa.text("select id from facility where key = 'roof'")).scalar_one()
        return add_series(
            connection, key, SOURCE, facility_id=facility, quantity="electricity_generated", unit="W.h", scale=0,
            interval_seconds=3600, kind="amount", zone="Asia/Almaty",
        ).number  # fmt: skip


def test_a_series_is_known_as_soon_as_somebody_sends_its_readings(database):
    known = KnownSeries(database, clock=lambda: 0.0)  # so that nothing ever grows stale
    first = _series(database, "one")
    assert set(known.definitions([first])) == {first}
    second = _series(database, "two")
    assert set(known.current().definitions) == {first}
    assert set(known.definitions([first])) == {first}
    assert set(known.definitions([first, second])) == {first, second}
    assert set(known.definitions([second + 1])) == {first, second}
