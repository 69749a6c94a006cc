"""Retention: what is dropped, what stays, and that a kill between its steps leaves either state whole."""

import itertools
import json
import os
import shutil

import numpy as np
import pytest
from tests.monitoring.test_passports import drain, plants, published
from tests.monitoring.world import SOURCE, a_database, at

from jasyl.figures import passport_file
from jasyl.ledger import Decision, Log, check_passport, create_keys, records_of_kind
from jasyl.monitoring import (
    Batch,
    append,
    bring_up_to_date,
    definitions,
    keep_house,
    load_rollups,
    make_figure,
    make_place_figure,
    read_readings,
    rebuild,
    verify_folder,
)
from jasyl.monitoring.dropped_spans import dropped, require_kept
from jasyl.monitoring.retention import drop, plan
from jasyl.monitoring.sweeping import sweep
from jasyl.people import OPERATOR
from jasyl.registry import facility_by_key
from jasyl.storage import create_folder, database_of
from jasyl.texts import LANGUAGES, Refusal

HOUR = 3_600_000_000
JANUARY = at("2023-12-31 18:00")  # local midnight, UTC+6
MARCH = at("2024-02-29 19:00")  # local midnight after the night in which Almaty's clock went back
NOW = at("2024-04-10 00:00")
DAYS = 70


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """Two meters with ten weeks of hours, sealed, one of them sealed again after a correction."""
    folder = create_folder(tmp_path_factory.mktemp("retention") / "data", "real")
    database = a_database(folder)
    create_keys(folder, "city.example/log")
    defined = plants(database, ["KZ-71", "KZ-75"])
    hours = JANUARY + np.arange(DAYS * 24) * HOUR
    for number in defined:
        append(database, folder, defined, Batch(np.full(len(hours), number), hours, hours // HOUR % 97, SOURCE), NOW)
    bring_up_to_date(database, folder, NOW, author="operator")
    append(database, folder, defined, late(1, JANUARY + 5 * HOUR, 1_000), NOW)
    bring_up_to_date(database, folder, NOW + HOUR, author="operator")
    drain(folder, database)
    database.close()
    return folder


@pytest.fixture
def world(template, tmp_path):
    shutil.copytree(template.path, tmp_path / "data")
    folder = type(template)(tmp_path / "data")
    database = database_of(folder)
    with database.reading() as connection:
        defined = definitions(connection)
    yield folder, database, defined
    database.close()


def late(number, start, value):
    return Batch(np.array([number]), np.array([start]), np.array([value]), SOURCE)


def kept(world):
    folder, database, _ = world
    with database.reading() as connection:
        found = read_readings(connection, folder, None, 0, NOW, newest=False)
    return list(zip(found.series.tolist(), found.start.tolist(), found.revision.tolist(), strict=True))


def sums(world):
    _, database, defined = world
    with database.reading() as connection:
        return {
            level: [
                getattr(load_rollups(connection, list(defined), level, 0, NOW), name).tolist()
                for name in ("series", "start", "sum", "count", "revision")
            ]
            for level in ("day", "month", "year")
        }


def dropping(world, months=1, now=NOW, **more):
    folder, database, defined = world
    return drop(database, folder, more.pop("of", defined), months, now, author="operator", reason="a test")


def test_sums_seals_and_passports_outlive_the_readings(world):
    folder, database, defined = world
    with database.writing() as connection:
        figure = make_place_figure(connection, "KZ-71", "electricity.generated", "2024-01", "observed", NOW)
    made, before = published(database, folder, figure)
    sums_before, readings_before = sums(world), kept(world)
    with database.reading() as connection:
        planned = plan(connection, defined, 1, NOW)
        passport = passport_file(connection, Log(folder), made.id)
    assert kept(world) == readings_before  # a plan changes nothing
    assert {(each.series, each.start, each.end, each.days, each.unsealed) for each in planned} == {
        (number, JANUARY, MARCH, 60, None) for number in defined
    }
    done = dropping(world)
    assert done.drops == planned and done.months == (202312, 202401, 202402)
    assert kept(world) == [row for row in readings_before if row[1] >= MARCH]
    assert sums(world) == sums_before
    keep_house(database, folder, NOW + 2 * HOUR)
    drain(folder, database)
    with database.reading() as connection:
        assert check_passport(passport, Log(folder).policy).statement.value == before.statement.value
        again = check_passport(passport_file(connection, Log(folder), made.id), Log(folder).policy)
        decisions = [record for _, record in records_of_kind(connection, "decision") if isinstance(record, Decision)]
        assert [span.record_id for span in dropped(connection)] == [done.record_id] * 2
        assert all(span.removed_at for span in dropped(connection))
    assert again.statement.value == before.statement.value and again.inputs.count == before.inputs.count
    assert [record.payload["readings"] for record in decisions] == [2 * 60 * 24 + 2]
    report = verify_folder(database, folder)
    assert report.ok and report.dropped == 2 * 60 + 1 and report.days == 2 * DAYS + 1 - report.dropped
    for language in LANGUAGES:
        assert str(report.dropped) in " ".join(report.lines(language))
    rebuild(database, folder, defined)
    assert sums(world) == sums_before
    assert dropping(world).record_id is None  # nothing is left to drop
    with database.writing() as connection:  # amounts of dropped months are made from their sums
        remade = make_place_figure(connection, "KZ-71", "electricity.generated", "2024-01", "observed", NOW)
    assert remade.figure.value == figure.figure.value


def test_nothing_is_taken_into_a_dropped_span(world):
    folder, database, defined = world
    dropping(world)
    batch = Batch(np.array([1, 1, 2]), np.array([JANUARY, MARCH, MARCH - HOUR]), np.array([7, 7, 7]), SOURCE)
    receipt = append(database, folder, defined, batch, NOW)
    assert [(each.row, each.reason.code) for each in receipt.refused] == [
        (0, "reading-dropped"),
        (2, "reading-dropped"),
    ]
    assert receipt.corrected == 1
    whole = append(database, folder, defined, batch, NOW, partial=False)
    assert whole.source is None and len(whole.refused) == 2
    older = append(database, folder, defined, late(1, JANUARY - HOUR, 5), NOW)
    assert older.accepted == 1  # before the span nothing was dropped
    for language in LANGUAGES:
        assert "2023-12-31T18:00" in receipt.refused[0].reason.text(language)
    with database.reading() as connection:
        require_kept(connection, 1, MARCH, NOW)
        with pytest.raises(Refusal, match="not kept any more"):
            require_kept(connection, 1, MARCH - 1, NOW)


def test_what_is_not_sealed_stays_and_is_named(world):
    folder, database, defined = world
    tenth = JANUARY + 9 * 24 * HOUR
    append(database, folder, defined, late(1, tenth, 12_345), NOW)
    with database.reading() as connection:
        planned = plan(connection, defined, 1, NOW)  # not rolled up yet: only `drop` looks after that
    assert [each.unsealed for each in planned] == [None, None]
    done = dropping(world)
    assert [each.days for each in done.drops] == [60, 60]
    assert sums(world)["day"][2][9] == 12_345 + sum(int(tenth // HOUR + hour) % 97 for hour in range(1, 24))


def test_a_day_without_a_seal_ends_the_span(world):
    _, database, defined = world
    with database.writing() as connection:
        connection.exec_driver_sql(f"delete from sealed_day where series = 1 and start = {JANUARY + 240 * HOUR}")
        found = plan(connection, defined, 1, NOW)
    assert [(each.series, each.days, each.unsealed) for each in found] == [
        (1, 10, JANUARY + 240 * HOUR),
        (2, 60, None),
    ]


def test_one_series_first_and_a_month_later_more(world):
    _, _, defined = world
    assert {each.series for each in dropping(world, of={1: defined[1]}).drops} == {1}
    assert {each.series for each in dropping(world).drops} == {2}
    more = dropping(world, 1, at("2024-05-10 00:00")).drops
    assert [(each.series, each.start, each.days) for each in more] == [(1, MARCH, 10), (2, MARCH, 10)]
    assert kept(world) == []
    with pytest.raises(Refusal, match="Whole months"):
        dropping(world, 0)


def test_a_figure_that_needs_single_readings_stays_as_it_was(world):
    folder, database, _ = world
    with database.writing() as connection:
        plant = facility_by_key(connection, "p0", OPERATOR)
        made = make_figure(connection, plant, "electricity.generated", "2024-01-02", "observed", NOW)
    dropping(world)
    with database.writing() as connection:
        again = make_figure(connection, plant, "electricity.generated", "2024-01-02", "observed", NOW)
    assert again.figure.value == made.figure.value
    assert not bring_up_to_date(database, folder, NOW + HOUR, author="operator").changed


class Killed(BaseException):
    """The process ended here."""


def test_killed_between_any_two_steps(world, tmp_path):
    """At each commit and fsync: the decision stands or does not, and what it left undone is done later."""
    folder = world[0]
    before, sums_before = kept(world), sums(world)
    after = [row for row in before if row[1] >= MARCH]
    seen = set()
    for step in range(1, 40):
        shutil.copytree(folder.path, tmp_path / f"run{step}")
        other = type(folder)(tmp_path / f"run{step}")
        store = database_of(other)
        here = other, store, world[2]
        steps = itertools.count(1)  # one for all threads: files and the names of files are synced side by side

        def dying(function, store=store, steps=steps, step=step):
            def wrapped(*arguments, **more):
                if next(steps) == step:
                    store.close()
                    raise Killed
                return function(*arguments, **more)

            return wrapped

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(os, "fsync", dying(os.fsync))
            patch.setattr(store.engine.dialect, "do_commit", dying(store.engine.dialect.do_commit))
            try:
                dropping(here)
                through = True
            except Killed:
                through = False
        store.close()
        with store.reading() as connection:
            decided = bool(dropped(connection))
        assert sums(here) == sums_before
        assert set(after) <= set(kept(here)) <= set(before)
        assert decided or kept(here) == before
        seen.add((decided, len(kept(here)) == len(after)))
        keep_house(store, other, NOW + HOUR)
        assert kept(here) == (after if decided else before)
        assert sweep(store, other, NOW) == ()
        store.close()
        shutil.rmtree(other.path)
        if through:
            break
    assert through and seen == {(False, False), (True, False), (True, True)}


def test_what_adds_up_single_readings_says_that_some_are_gone(world, jasyl):
    asked = ("monitor", "amounts", "electricity_generated", "2024", "--data", world[0].path, "--lang", "en")
    assert jasyl(*asked) == 0
    assert "retention" not in jasyl.err
    dropping(world)
    assert jasyl(*asked, "--json") == 0
    assert "readings of 2 series" in jasyl.err
    assert {row["period"] for row in json.loads(jasyl.out)} == {"2024-03"}
