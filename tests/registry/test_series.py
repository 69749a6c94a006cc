"""Series get numbers of their own, keep them, and never change their meaning."""

import pytest

from jasyl.registry import Provenance, Statement, add_series, every_series, rebuild, record, series_of
from jasyl.registry.tables import facility
from jasyl.texts import Refusal

WHO = Provenance("a test", "tester", "high", level="aggregated")
HOURLY = {"quantity": "electricity_generated", "unit": "W.h", "interval_seconds": 3600, "kind": "amount"}


@pytest.fixture
def plant(database):
    with database.writing() as connection:
        said = Statement("sun-1", {"name_en": "Sun 1", "technology": "RP.PV", "status": "operating"}, WHO)
        record(connection, "facility", [said])
        return connection.execute(facility.select()).mappings().one()["id"]


def test_series_are_numbered_in_order_and_found_by_facility(database, plant):
    with database.writing() as connection:
        first = add_series(connection, "sun-1-a", WHO, facility_id=plant, **HOURLY)
        second = add_series(connection, "sun-1-b", WHO, facility_id=plant, **HOURLY | {"unit": "W", "kind": "mean"})
    with database.reading() as connection:
        assert series_of(connection, plant) == [first, second] == every_series(connection)
        assert series_of(connection, "another") == []
    assert (first.number, second.number, first.level, first.zone) == (1, 2, "aggregated", "Asia/Almaty")
    assert (second.unit, second.kind, second.scale, second.trust) == ("W", "mean", 0, "operator-entered")


def test_the_same_series_again_is_the_one_that_is_there(database, plant):
    with database.writing() as connection:
        first = add_series(connection, "sun-1-a", WHO, facility_id=plant, **HOURLY)
    with database.writing() as connection:
        assert add_series(connection, "sun-1-a", WHO, facility_id=plant, **HOURLY) == first
        assert len(every_series(connection)) == 1


@pytest.mark.parametrize("change", [{"unit": "W"}, {"interval_seconds": 900}, {"kind": "counter"}, {"scale": 3}])
def test_another_meaning_under_a_known_key_is_refused(database, plant, change):
    with database.writing() as connection:
        add_series(connection, "sun-1-a", WHO, facility_id=plant, **HOURLY)
    with pytest.raises(Refusal) as refused, database.writing() as connection:
        add_series(connection, "sun-1-a", WHO, facility_id=plant, **HOURLY | change)
    assert refused.value.code == "series-taken"


def test_rebuilding_the_register_keeps_the_numbers(database, plant):
    with database.writing() as connection:
        for key in ("sun-1-a", "sun-1-b"):
            add_series(connection, key, WHO, facility_id=plant, **HOURLY)
        before = every_series(connection)
        assert rebuild(connection, "series") == 2
        assert every_series(connection) == before
