"""What lists of projects and enterprises come to, for each who looks."""

from decimal import Decimal

import pytest
import sqlalchemy as sa

from jasyl.people import ANYBODY, OPERATOR, Actor
from jasyl.registry import (
    EnterpriseFilter,
    ProjectFilter,
    Provenance,
    Statement,
    count_enterprises,
    enterprise_by_key,
    enterprises_listed,
    pipeline,
    project_by_key,
    projects,
    record,
    shares_of,
)
from jasyl.registry.tables import enterprise, facility, owner

WHO, CLOSED = Provenance("a list", "tester"), Provenance("a list", "tester", level="closed")


def _project(key, who=WHO, *, power=10, amount="5", currency="USD", **said):
    fields = {
        "name_en": key, "kind": "new_build", "technology": "RP.PV", "status": "planned", "capacity": Decimal(power),
        "capacity_unit": "MW", "investment": Decimal(amount), "investment_currency": currency, **said,
    }  # fmt: skip
    return Statement(key, fields, who)


@pytest.fixture
def world(database):
    """Two enterprises, the second closed; a plant at work of the first; projects of all sorts."""
    with database.writing() as connection:
        record(connection, "enterprise", [Statement("one", {"name_en": "One", "bin": "990340005977"}, WHO)])
        record(connection, "enterprise", [Statement("two", {"name_en": "Two", "kind": "company"}, CLOSED)])
        ids = {row.key: row.id for row in connection.execute(sa.select(enterprise.c.key, enterprise.c.id))}
        plant = {
            "name_en": "Plant", "technology": "RP.PV", "status": "operating", "capacity": Decimal(3),
            "capacity_unit": "MW", "enterprise_id": ids["one"], "region": "KZ-71",
        }  # fmt: skip
        record(connection, "facility", [Statement("plant", plant, WHO)])
        record(connection, "facility", [Statement("secret", {**plant, "capacity": Decimal(90)}, CLOSED)])
        record(connection, "facility", [Statement("doubtful", {**plant, "confirmed": False}, WHO)])
        at = connection.execute(sa.select(facility.c.id).where(facility.c.key == "plant")).scalar_one()
        source = connection.execute(sa.text("select min(id) from source")).scalar_one()
        share = {"facility_id": at, "enterprise_id": ids["two"], "role": "co-owner", "share": Decimal("25.5")}
        connection.execute(sa.insert(owner).values(**share, source_id=source, confidence="high"))
        several = [
            _project("a", enterprise_id=ids["one"], partner_ids=ids["two"], facility_id=at),
            _project("b", currency="KZT", amount="700"),
            _project("done", status="commissioned"),
            _project("doubtful", confirmed=False),
            _project("secret", CLOSED, enterprise_id=ids["one"], region="KZ-75"),
        ]
        record(connection, "project", several)
    return ids


def test_the_pipeline_sums_what_is_confirmed_and_still_to_come(database, world):
    with database.reading() as connection:
        sums = pipeline(connection, ProjectFilter())
        assert (sums.listed, sums.coming, sums.capacity_w) == (4, 3, 20_000_000)
        assert sums.investment == (("KZT", Decimal(700)), ("USD", Decimal(5)))
        assert pipeline(connection, ProjectFilter(), OPERATOR).investment[1] == ("USD", Decimal(10))
        assert pipeline(connection, ProjectFilter(text="no such")).listed == 0


def test_projects_are_found_by_who_carries_them_out_and_takes_part(database, world):
    with database.reading() as connection:
        for key, found in (("one", ["a"]), ("two", ["a"])):
            rows = projects(connection, ProjectFilter(enterprise_id=world[key]))
            assert [row["key"] for row in rows] == found
        mine = Actor("engineer", "", frozenset({"enterprise"}), enterprise_id=world["one"])
        assert [row["key"] for row in projects(connection, ProjectFilter(enterprise_id=world["one"]), mine)] == [
            "a", "secret",
        ]  # fmt: skip
        assert project_by_key(connection, "secret") is None
        assert project_by_key(connection, "a")["facility_key"] == "plant"
        official = Actor("official", "", frozenset({"akimat"}), region="KZ-75")
        assert project_by_key(connection, "secret", official)["region"] == "KZ-75"


def test_enterprises_count_what_the_reader_may_see(database, world):
    with database.reading() as connection:
        (row,) = enterprises_listed(connection, EnterpriseFilter(), ANYBODY, limit=10)
        assert (row["key"], row["facilities"], row["capacity_w"], row["projects"]) == ("one", 2, 3_000_000, 1)
        rows = {row["key"]: row for row in enterprises_listed(connection, EnterpriseFilter(), OPERATOR)}
        assert (rows["one"]["facilities"], rows["one"]["capacity_w"], rows["one"]["projects"]) == (3, 93_000_000, 2)
        assert (rows["two"]["facilities"], rows["two"]["projects"]) == (0, 0)
        assert count_enterprises(connection, EnterpriseFilter(), OPERATOR) == 2
        assert count_enterprises(connection, EnterpriseFilter(kind="company"), OPERATOR) == 1
        assert count_enterprises(connection, EnterpriseFilter(region="KZ-75"), ANYBODY) == 0
        assert count_enterprises(connection, EnterpriseFilter(region="KZ-75"), OPERATOR) == 1
        assert count_enterprises(connection, EnterpriseFilter(text="990340005977"), ANYBODY) == 1


def test_an_enterprise_is_found_by_key_and_bin_by_those_who_may(database, world):
    with database.reading() as connection:
        assert enterprise_by_key(connection, "990340005977")["key"] == "one"
        assert enterprise_by_key(connection, "two") is None
        own = Actor("engineer", "", frozenset({"enterprise"}), enterprise_id=world["two"])
        assert enterprise_by_key(connection, "two", own)["name_en"] == "Two"
        (share,) = shares_of(connection, world["two"])
        assert (share["key"], share["role"], share["share"]) == ("plant", "co-owner", Decimal("25.5"))
