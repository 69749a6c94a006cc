"""The register: nothing edited, the past askable, the projection rebuildable."""

import datetime as dt
from decimal import Decimal

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jasyl.registry import Provenance, Statement, as_of, history, rebuild, record
from jasyl.registry.tables import assertion, facility

WHO = Provenance("a test", "tester", "high", "2024")
DAY = 86_400_000_000


def _say(key, provenance=WHO, **fields):
    return Statement(key, fields, provenance)


def _first(key="sun-1", **more):
    return _say(
        key, name_en="Sun 1", technology="RP.PV", status="planned", capacity=Decimal("5.5"), capacity_unit="MW", **more
    )


def _stands(connection):
    rows = connection.execute(sa.select(facility).order_by(facility.c.key)).mappings()
    return {row["key"]: dict(row) for row in rows}


def test_a_new_facility_stands_in_the_projection_with_what_follows(database):
    with database.writing() as connection:
        done = record(connection, "facility", [_first(commissioned="2019-12")])
        row = _stands(connection)["sun-1"]
    assert done.new == ["sun-1"]
    assert (row["family"], row["capacity_w"], row["commissioned_year"]) == ("solar", 5_500_000, 2019)
    assert row["capacity"] == Decimal("5.5")


def test_saying_the_same_again_records_nothing(database):
    with database.writing() as connection:
        record(connection, "facility", [_first()])
        before = connection.execute(sa.select(sa.func.count()).select_from(assertion)).scalar_one()
        done = record(connection, "facility", [_first()])
        after = connection.execute(sa.select(sa.func.count()).select_from(assertion)).scalar_one()
    assert (done.same, done.new, done.changed, before) == (["sun-1"], [], {}, after)


def test_a_change_keeps_what_was_said_before(database):
    with database.writing() as connection:
        record(connection, "facility", [_first()], at=10 * DAY)
        done = record(connection, "facility", [_say("sun-1", status="operating")], at=20 * DAY)
        row = _stands(connection)["sun-1"]
        said = history(connection, "facility", row["id"])
        then = list(as_of(connection, "facility", dt.datetime(1970, 1, 15, tzinfo=dt.UTC)))
        earlier = list(as_of(connection, "facility", dt.datetime(1970, 1, 5, tzinfo=dt.UTC)))
    assert done.changed == {"sun-1": {"status": ("planned", "operating")}}
    assert [one["value"] for one in said if one["field"] == "status"] == ["planned", "operating"]
    assert {one["source"] for one in said} == {"a test"}
    assert row["status"] == "operating"
    assert [one["status"] for one in then] == ["planned"]
    assert earlier == []


def test_what_holds_only_from_a_later_day_is_not_there_before(database):
    later = Provenance("plan", "tester", valid_from=dt.date(2030, 1, 1))
    with database.writing() as connection:
        record(connection, "facility", [_first()])
        record(connection, "facility", [_say("sun-1", later, status="operating")])
        now = next(as_of(connection, "facility", dt.datetime.now(dt.UTC) + dt.timedelta(days=1)))
        then = next(as_of(connection, "facility", dt.datetime(2031, 1, 1, tzinfo=dt.UTC)))
    assert (now["status"], then["status"]) == ("planned", "operating")


def test_a_failed_import_leaves_nothing(database):
    with pytest.raises(RuntimeError), database.writing() as connection:
        record(connection, "facility", [_first()])
        raise RuntimeError
    with database.reading() as connection:
        assert _stands(connection) == {}


def test_two_rows_of_one_key_in_one_file_are_one_facility(database):
    with database.writing() as connection:
        done = record(connection, "facility", [_first(), _say("sun-1", note="more")])
        rows = _stands(connection)
    assert (done.new, len(rows), rows["sun-1"]["note"], rows["sun-1"]["name_en"]) == (["sun-1"], 1, "more", "Sun 1")


changes = st.lists(
    st.tuples(
        st.sampled_from(["a", "b"]),
        st.fixed_dictionaries(
            {},
            optional={
                "status": st.sampled_from(["planned", "operating", "closed"]),
                "capacity": st.one_of(st.none(), st.decimals(0, 1000, places=3)),
                "note": st.one_of(
                    st.none(), st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5)
                ),
                "lon": st.one_of(st.none(), st.floats(46, 88)),
            },
        ),
    ),
    max_size=12,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes)
def test_the_projection_can_be_made_anew_from_what_was_said(database, said):
    with database.engine.connect() as connection:
        transaction = connection.begin()
        record(connection, "facility", [_first("a"), _first("b")])
        for key, fields in said:
            record(connection, "facility", [_say(key, **fields)])
        before = _stands(connection)
        rebuild(connection, "facility")
        assert _stands(connection) == before
        transaction.rollback()
