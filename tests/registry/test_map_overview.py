"""The picture's signs: what lies close and is alike becomes one sign, everything public is counted once."""

from decimal import Decimal

from jasyl.registry import Provenance, Statement, map_overview, record

PLANT = {"technology": "RP.PV", "status": "operating", "capacity": Decimal(3), "capacity_unit": "MW"}


def test_like_neighbours_are_gathered_and_others_stand_alone(database):
    said = [
        ("one", "public", {"lon": 70.01, "lat": 45.01}),
        ("two", "public", {"lon": 70.11, "lat": 45.03}),
        ("coming", "public", {"lon": 70.02, "lat": 45.02, "status": "planned", "capacity": Decimal(9)}),
        ("far", "public", {"lon": 72.0, "lat": 45.0, "capacity": Decimal(1)}),
        ("abroad", "public", {"lon": 10.0, "lat": 45.0}),
        ("closed", "closed", {"lon": 71.0, "lat": 45.0}),
        ("example", "public", {"lon": 71.0, "lat": 45.0, "reference": True}),
    ]
    with database.writing() as connection:
        for key, level, fields in said:
            record(connection, "facility", [Statement(key, {**PLANT, **fields}, Provenance("x", "y", level=level))])
        signs = map_overview(connection, 46.4, 40.4, 87.4, 55.5)
    assert [(one.status, one.count, one.power) for one in signs] == [
        ("operating", 1, 1_000_000),
        ("operating", 2, 6_000_000),
        ("planned", 1, 9_000_000),
    ]
    assert (round(signs[1].lon, 3), round(signs[1].lat, 3)) == (70.06, 45.02)
