"""The table of dynamics: activity and size of the operator, units, money, and what stays out of small cells."""

from dataclasses import replace
from decimal import Decimal

import pytest

from jasyl.registry import ACTIVITY_SECTIONS, Provenance, Statement, activity_section, adoption_table, record
from jasyl.texts import LANGUAGES, say

SAID = Provenance("test", "test", "high")


@pytest.mark.parametrize(
    ("code", "section"),
    [("D", "D"), ("d", "D"), ("35", "D"), ("35.11", "D"), ("01.1", "A"), ("99", "U"), ("33", "C"), ("45", "G"),
     ("4", None), ("34", None), ("", None), (None, None), ("?", None)],
)  # fmt: skip
def test_sections_of_activities(code, section):
    assert activity_section(code) == section


def test_sections_have_names():
    assert "".join(ACTIVITY_SECTIONS) == "ABCDEFGHIJKLMNOPQRSTU"
    for language in LANGUAGES:
        assert all(say(language, f"activity-{section.lower()}").startswith(section) for section in ACTIVITY_SECTIONS)


def ids(connection, kind):
    import sqlalchemy as sa

    from jasyl.registry.tables import entity

    query = sa.select(entity.c.key, entity.c.id).where(entity.c.kind == kind)
    return {row.key: row.id for row in connection.execute(query)}


def plant(key, level="public", **fields):
    base = {"technology": "RP.PV", "status": "operating", "commissioned": "2016", "capacity": Decimal(2),
            "capacity_unit": "MW", "region": "KZ-75", "confirmed": True}  # fmt: skip
    return Statement(key, {**base, **fields}, replace(SAID, level=level))


def test_what_is_known_of_a_facility(database):
    with database.writing() as connection:
        firm = Statement("firm", {"name_en": "Firm", "size": "small", "sector": "35.11"}, SAID)
        shy = Statement("shy", {"name_en": "Shy", "size": "large", "sector": "C"}, replace(SAID, level="closed"))
        record(connection, "enterprise", [firm, shy])
        known = ids(connection, "enterprise")
        record(
            connection, "facility",
            [plant("one", enterprise_id=known["firm"], cost=Decimal(900), cost_currency="KZT"),
             plant("two", enterprise_id=known["shy"]), plant("three", level="closed")],
        )  # fmt: skip
        plants = ids(connection, "facility")
        unit = {"technology": "RP.PV", "status": "operating", "facility_id": plants["one"]}
        record(
            connection, "installation",
            [Statement("u1", {**unit, "unit_count": 4, "commissioned": "2017-03"}, SAID),
             Statement("u2", unit, SAID), Statement("u3", {**unit, "status": "planned"}, SAID)],
        )  # fmt: skip
        project = {"kind": "new_build", "technology": "RP.PV", "facility_id": plants["two"], "confirmed": True}
        for key, status, money in (("p1", "commissioned", 5), ("p2", "commissioned", 2), ("p3", "cancelled", 9)):
            fields = {**project, "status": status, "investment": Decimal(money), "investment_currency": "USD"}
            record(connection, "project", [Statement(key, fields, SAID)])
        found = {each.id: each for each in adoption_table(connection)}
    assert set(found) == {"one", "two"}
    assert (found["one"].sector, found["one"].size) == ("D", "small")
    assert (found["two"].sector, found["two"].size) == (None, None), "a closed enterprise is not told through its plant"
    assert found["one"].installations == {2017: 4, 2016: 1}
    assert found["one"].invested == {"KZT": 900}
    assert found["two"].invested == {"USD": 7}


def test_small_cells_stay_out_of_every_total(database):
    def mine(key, number, **fields):
        return plant(key, level="aggregated", enterprise_id=f"{number:026}", **fields)

    three = [mine(f"a{n}", n) for n in range(3)]
    alone = mine("b", 7, commissioned="2019")
    two = [mine(f"c{n}", n, region="KZ-71") for n in range(2)]
    with database.writing() as connection:
        record(connection, "facility", [*three, alone, *two, plant("open")])
        everywhere = {each.id for each in adoption_table(connection)}
        assert everywhere == {"a0", "a1", "a2", "open"}
        assert {each.id for each in adoption_table(connection, "KZ-71")} == set()
