"""Lists of an earlier moment: found without going through everything, and the same as if one had."""

import datetime as dt

import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jasyl.people import ANYBODY, OPERATOR, Actor
from jasyl.registry import (
    FacilityFilter,
    ProjectFilter,
    Provenance,
    Statement,
    as_of,
    facilities_as_of,
    projects_as_of,
    record,
)
from jasyl.registry.assertions import Recorded
from jasyl.registry.tables import enterprise, facility

DAY = 86_400_000_000
PLANT = {"name_en": "Plant", "technology": "RP.PV", "status": "planned"}


def _moment(day):
    return dt.datetime(1970, 1, 1, tzinfo=dt.UTC) + dt.timedelta(days=day)


steps = st.lists(
    st.tuples(
        st.sampled_from("abc"),
        st.sampled_from([{}, {"status": "operating"}, {"region": "KZ-71"}, {"name_en": "Other"}, {"region": None}]),
        st.integers(1, 9),
        st.sampled_from([None, dt.date(1970, 1, 4), dt.date(1970, 1, 8)]),
        st.sampled_from(["public", "closed"]),
    ),
    max_size=10,
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps, st.integers(0, 10), st.sampled_from([None, "KZ-71"]), st.booleans())
def test_the_list_of_a_day_is_what_all_assertions_until_then_say(database, said, day, region, anybody):
    actor = ANYBODY if anybody else OPERATOR
    with database.engine.connect() as connection:
        transaction = connection.begin()
        for key, fields, at, valid_from, level in sorted(said, key=lambda one: one[2]):
            who = Provenance("x", "tester", level=level, valid_from=valid_from)
            first = {} if _known(connection, key) else PLANT
            if first:
                record(connection, "facility", [Statement(key, PLANT, Provenance("x", "t", level=level))], at=at * DAY)
            record(connection, "facility", [Statement(key, fields, who)], at=at * DAY)
        slow = sorted(
            (
                row
                for row in as_of(connection, "facility", _moment(day))
                if (actor is OPERATOR or row["level"] == "public") and region in {None, row.get("region")}
            ),
            key=lambda row: row["key"],
        )
        total, quick = facilities_as_of(connection, _moment(day), FacilityFilter(region=region), actor)
        shown = ("key", "status", "region", "name_en", "confidence", "level")
        assert [[row.get(name) for name in shown] for row in quick] == [[row.get(n) for n in shown] for row in slow]
        assert total == len(slow)
        window = facilities_as_of(connection, _moment(day), FacilityFilter(region=region), actor, limit=1, offset=1)
        assert window == (total, quick[1:2])
        transaction.rollback()


def _known(connection, key):
    return connection.execute(sa.select(facility.c.id).where(facility.c.key == key)).first() is not None


def test_the_operator_is_named_and_others_see_what_is_theirs(database):
    who = Provenance("x", "tester", level="closed")
    with database.writing() as connection:
        record(connection, "enterprise", [Statement("own", {"name_en": "Own"}, Provenance("x", "y"))], at=DAY)
        own = connection.execute(sa.select(enterprise.c.id)).scalar_one()
        record(connection, "facility", [Statement("a", {**PLANT, "enterprise_id": own}, who)], at=DAY)
        record(connection, "facility", [Statement("a", {"status": "operating"}, who)], at=3 * DAY)
        engineer = Actor("engineer", "", frozenset({"enterprise"}), enterprise_id=own)
        for day, status in ((2, "planned"), (4, "operating")):
            total, (row,) = facilities_as_of(connection, _moment(day), FacilityFilter(text="plant"), engineer)
            assert (total, row["status"], row["enterprise_en"]) == (1, status, "Own")
            assert facilities_as_of(connection, _moment(day), FacilityFilter(), ANYBODY) == (0, [])


def test_projects_of_the_past_name_what_they_lead_to(database):
    who = Provenance("x", "tester")
    said = {"name_en": "P", "kind": "new_build", "technology": "RP.PV", "status": "idea"}
    with database.writing() as connection:
        record(connection, "facility", [Statement("plant", PLANT, who)], at=DAY)
        led_to = connection.execute(sa.select(facility.c.id)).scalar_one()
        done = record(connection, "project", [Statement("p", {**said, "facility_id": led_to}, who)], at=DAY)
        assert done == Recorded(new=["p"])
        record(connection, "project", [Statement("p", {"status": "cancelled"}, who)], at=3 * DAY)
        _, (then,) = projects_as_of(connection, _moment(2), ProjectFilter(), ANYBODY)
        _, (now,) = projects_as_of(connection, _moment(4), ProjectFilter(facility_id=led_to), ANYBODY)
        assert projects_as_of(connection, _moment(4), ProjectFilter(enterprise_id="nobody"), ANYBODY) == (0, [])
    assert (then["status"], then["facility_key"], now["status"]) == ("idea", "plant", "cancelled")
