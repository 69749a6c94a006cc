"""Quality control at work, on both engines: what arrives is judged, nothing is lost, people have the last word."""

import dataclasses
from decimal import Decimal

import numpy as np
import pytest
import sqlalchemy as sa
from tests.monitoring.quality.plant import BEGIN, DAY, HOUR, NOW, a_facility, a_meter, clear_days, deliver

from jasyl.figures import mark_stale, recompute
from jasyl.ledger import log_origin
from jasyl.monitoring import gatherers, make_figure, read_readings, roll_up, seal_days
from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.quality import (
    decide,
    doubt,
    doubted,
    inspect,
    make_sound_figure,
    set_parts,
    sound_gatherers,
    surroundings_of,
    verdict_describer,
    verdict_of,
    verdicts,
)
from jasyl.monitoring.quality.inspection import anything_new
from jasyl.monitoring.reference_plant import load_reference_plant
from jasyl.monitoring.tables import verdict as verdict_table
from jasyl.people import OPERATOR
from jasyl.registry import facility_by_key
from jasyl.texts import Refusal

FAR = 2**62


def held(database, series, **more):
    with database.reading() as connection:
        return verdicts(connection, [series.number], -FAR, FAR, **more)


def stretches(found):
    return {(each.check, each.start, each.end) for each in found}


def spoiled(days=20):
    """Clear days with an hour of three times nominal power, and the place of that hour."""
    start, value = clear_days(days)
    value[10 * 24 + 12] = 3_000_000
    return start, value, BEGIN + 10 * DAY + 12 * HOUR


def test_what_arrived_is_judged_once_and_readings_stay(database, folder, meter):
    start, value, at = spoiled()
    deliver(database, folder, meter, start, value)
    done = inspect(database, folder, NOW)
    assert (done.series, done.readings) == (1, 480)
    assert stretches(held(database, meter)) == {("capacity", at, at + HOUR)}
    assert inspect(database, folder, NOW).series == 0
    again = inspect(database, folder, NOW, series=[meter.number])
    assert (again.series, again.added) == (1, ())
    with database.reading() as connection:
        assert not anything_new(connection, "deep")
        np.testing.assert_array_equal(read_readings(connection, folder, [meter.number], 0, FAR).value, value)


def test_a_correction_clears_what_it_heals(database, folder, meter):
    start, value, at = spoiled()
    deliver(database, folder, meter, start, value)
    inspect(database, folder, NOW)
    deliver(database, folder, meter, np.array([at]), np.array([800_000]))
    done = inspect(database, folder, NOW)
    assert [each.verdict for each in done.added] == ["cleared"]
    assert held(database, meter) == []
    with database.reading() as connection:
        rows = connection.execute(sa.select(verdict_table)).all()
    assert len(rows) == 2  # nothing was removed


def test_a_person_clears_and_only_newer_readings_bring_it_up_again(database, folder, meter):
    start, value, at = spoiled()
    deliver(database, folder, meter, start, value)
    inspect(database, folder, NOW)
    with database.writing() as connection:
        rows = decide(connection, meter.number, at, at + DAY, "cleared", actor="aigul", note="tested at once", now=NOW)
    assert [each.check for each in rows] == ["capacity"]
    inspect(database, folder, NOW, start=0)
    assert held(database, meter) == []
    (cleared,) = held(database, meter, cleared=True)
    assert (cleared.actor, cleared.note, cleared.verdict) == ("aigul", "tested at once", "cleared")
    deliver(database, folder, meter, np.array([at]), np.array([4_000_000]))
    inspect(database, folder, NOW)
    assert stretches(held(database, meter)) == {("capacity", at, at + HOUR)}


def test_a_person_marks_and_gives_a_reason(database, folder, meter):
    deliver(database, folder, meter, *clear_days(3))
    with database.writing() as connection:
        decide(connection, meter.number, BEGIN, BEGIN + DAY, "wrong", actor="aigul", note="meter removed", now=NOW)
    inspect(database, folder, NOW)
    assert stretches(held(database, meter)) == {("person", BEGIN, BEGIN + DAY)}
    for change in ({"note": " "}, {"check": "frozen"}, {"check": "nonsense"}):
        asked = {"actor": "a", "note": "b", "now": NOW} | change
        with pytest.raises(Refusal) as refused, database.writing() as connection:
            decide(connection, meter.number, BEGIN, BEGIN + DAY, "cleared", **asked)
        assert refused.value.code in {"verdict-note", "verdict-nothing", "unknown-check"}


def test_arriving_hour_by_hour_finds_what_one_delivery_finds(database, folder):
    start, value, at = spoiled(12)
    place = a_facility(database)
    whole, drops = a_meter(database, place, "whole"), a_meter(database, a_facility(database, "other"), "drops")
    value[9 * 24 + 1] = 30_000  # at night
    kept = np.r_[0:150, 160 : len(start)]  # ten hours are missing
    deliver(database, folder, whole, start[kept], value[kept])
    inspect(database, folder, NOW)
    for some in np.array_split(kept, 8):
        deliver(database, folder, drops, start[some], value[some])
        inspect(database, folder, NOW, tier="near")
    assert stretches(held(database, drops)) == stretches(held(database, whole))
    assert {each.check for each in held(database, whole)} == {"capacity", "night-output", "gap"}
    assert at in {each.start for each in held(database, drops)}


def test_a_gap_is_healed_by_what_comes_late(database, folder, meter):
    start, value = clear_days(6)
    gone = np.arange(40, 70)
    first = np.setdiff1d(np.arange(len(start)), gone)
    deliver(database, folder, meter, start[first], value[first])
    inspect(database, folder, NOW)
    assert stretches(held(database, meter)) == {("gap", int(start[40]), int(start[70]))}
    deliver(database, folder, meter, start[gone[:10]], value[gone[:10]])
    inspect(database, folder, NOW, tier="near")
    assert stretches(held(database, meter)) == {("gap", int(start[50]), int(start[70]))}
    deliver(database, folder, meter, start[gone[10:]], value[gone[10:]])
    inspect(database, folder, NOW)
    assert held(database, meter) == []


def test_companions_parts_and_twins_are_found_and_judged_together(database, folder):
    place = a_facility(database)
    main, one, two = (a_meter(database, place, key) for key in ("main", "one", "two"))
    light = a_meter(database, place, "light", quantity="irradiance", unit="W/m2", kind="mean")
    with database.writing() as connection:
        defined = definitions(connection)
        assert set_parts(connection, main, {two.number: two}) == (two.number,)
        assert set_parts(connection, main, {each.number: each for each in (one, two)}) == (one.number, two.number)
        with pytest.raises(Refusal, match="cannot be a part"):
            set_parts(connection, main, {light.number: light})
        around = surroundings_of(connection, defined)[main.number]
    assert (around.family, around.irradiance, around.parts, around.twins) == ("solar", light.number, (1 + 1, 3), ())
    start, value = clear_days(20)
    half = value // 2
    deliver(database, folder, main, start, value)
    deliver(database, folder, one, start, half)
    torn = half.copy()
    torn[241:257] //= 10
    deliver(database, folder, two, start, torn)
    deliver(database, folder, light, start, value // 900)
    done = inspect(database, folder, NOW)
    assert done.series == 4
    told = [each for each in held(database, main) if each.check == "groups-disagree"]
    assert told
    assert all(start[241] <= each.start < each.end <= start[257] for each in told)
    assert {each.check for each in held(database, one)} == {"twin-series"}  # one and two say the same on other days


def test_figures_leave_out_what_is_wrong_when_the_method_says_so(database, folder, meter):
    start, value, at = spoiled()
    deliver(database, folder, meter, start, value)
    with database.reading() as connection:
        defined = definitions(connection)
    seal_days(database, folder, defined, NOW, log_origin=log_origin(folder), author="a test")
    with database.writing() as connection:
        facility = facility_by_key(connection, "sunny", OPERATOR)
        before = make_sound_figure(connection, folder, facility, "electricity.generated", "2025-06", "observed", NOW)
        plain = make_figure(connection, facility, "electricity.generated", "2025-06", "observed", NOW).figure
    assert before.figure.value == plain.value == int(value.sum())
    with database.writing() as connection:
        before = make_sound_figure(connection, folder, facility, "electricity.generated", "2025-06", "observed", NOW)
    inspect(database, folder, NOW)
    ways = {**gatherers(defined), **sound_gatherers(defined, folder)}
    with database.writing() as connection:
        made = recompute(connection, ways, NOW)
        under = doubt(connection, folder, [defined[meter.number]], 0, FAR)
    (change,) = made.changed
    now = change.after.figure
    assert now.value == int(value.sum()) - 3_000_000
    assert now.completeness == (Decimal(479) / 720).quantize(Decimal("0.000001"))
    assert now.key == plain.key
    assert (under.readings, under.wrong, under.suspect) == (480, 1, 0)
    (reference,) = [each for each in now.inputs if each.kind == "verdict"]
    with database.reading() as connection:
        node = verdict_describer()["verdict"](connection, reference)
        assert node.values["check"] == "capacity@1.0.0"
        assert verdict_describer()["verdict"](connection, dataclasses.replace(reference, id="99")).values["digest"]
        assert verdict_of(connection, 99) is None
    with pytest.raises(Refusal, match="capacity_factor"), database.writing() as connection:
        make_sound_figure(connection, folder, facility, "capacity_factor", "2025-06", "observed", NOW)
    with pytest.raises(Refusal), database.writing() as connection:
        make_sound_figure(connection, folder, facility, "heat.supplied", "2025-06", "observed", NOW)
    with database.writing() as connection:
        rows = decide(connection, meter.number, at, at + HOUR, "cleared", actor="a", note="b", now=NOW)
        assert mark_stale(connection, doubted(rows, defined), NOW)
        (back,) = recompute(connection, ways, NOW).changed
    assert back.after.figure.value == int(value.sum())


def test_a_real_roof_is_believed(database, folder):
    """Quarter hours of July to October 2016 of NREL's SERF East, from the package: no check has anything to say."""
    load_reference_plant(database, folder, NOW + 800 * DAY, log_origin=log_origin(folder))
    done = inspect(database, folder, NOW + 800 * DAY)
    assert done.readings == 10_000
    assert done.added == ()


def test_counters_lose_the_steps_of_a_strayed_register(database, folder):
    series = a_meter(database, a_facility(database), kind="counter")
    start, value = clear_days(10)
    register = 10**9 + np.cumsum(value) - value
    register[100] += 50_000_000
    deliver(database, folder, series, start, register)
    inspect(database, folder, NOW)
    told = {each.check for each in held(database, series)}
    assert "counter-jump" in told
    assert "counter-restart" not in told
    with database.reading() as connection:
        defined = definitions(connection)
    roll_up(database, folder, defined)
    seal_days(database, folder, defined, NOW, log_origin=log_origin(folder), author="a test")
    with database.writing() as connection:
        facility = facility_by_key(connection, "sunny", OPERATOR)
        made = make_sound_figure(connection, folder, facility, "electricity.generated", "2025-06", "observed", NOW)
    assert made.figure.value == int(value.sum() - value[99] - value[100] - value[-1])
