"""The training starter's readings: wrong only where the truth table says so; figures, statements and log follow."""

import csv
import datetime as dt
import io
import json
import re
import subprocess
import sys
from collections import Counter

import numpy as np
from tests.conftest import ROOT
from tests.monitoring.training_folder import SEED, rows_in

from jasyl.figures.tables import figure, statement
from jasyl.ledger import Keeper, verify_log
from jasyl.monitoring import (
    check_sealed,
    definitions,
    sealed_days,
    training_faults,
    truth_csv,
)
from jasyl.monitoring.tables import reading_source
from jasyl.monitoring.training_faults import with_faults
from jasyl.monitoring.training_meters import DAY, END, START, training_courses, training_meters
from jasyl.monitoring.training_weather import sine_of_elevation
from jasyl.monitoring.training_world import training_world
from jasyl.registry import (
    every_series,
)


def test_every_kind_of_series_occurs(loaded):
    _, database, _ = loaded
    with database.reading() as connection:
        made = definitions(connection).values()
    assert {each.kind for each in made} == {"mean", "amount", "counter"}
    assert {each.interval_seconds for each in made} == {900, 3600, 86_400}
    assert {each.quantity for each in made} == {
        "electricity_generated", "heat_supplied", "gas_saved", "water_saved", "waste_received",
    }  # fmt: skip
    assert all(each.capacity_base for each in made if each.quantity == "electricity_generated")


def _within(readings, fault, revision=1):
    rows = (readings.start >= fault.start) & (readings.start < fault.end) & (readings.revision == revision)
    return readings.value[rows]


def test_every_fault_of_the_truth_table_is_in_the_stored_readings(loaded, stored):
    _, database, summary = loaded
    world = training_meters(training_world(SEED))
    most = {meter.key: meter.most for meter in world}
    arrived = {row["number"]: row["received_at"] for row in rows_in(database, reading_source)}
    assert {fault.kind for fault in summary.faults} == {
        "frozen", "factor-1000", "gap", "spike", "night-output", "late", "duplicate", "correction",
    }  # fmt: skip
    for fault in summary.faults:
        readings = stored[fault.series]
        values = _within(readings, fault)
        assert int(values.sum()) == fault.sent, fault
        assert len(values) == (0 if fault.kind == "gap" else fault.readings), fault
        match fault.kind:
            case "frozen":
                before = readings.value[readings.start < fault.start][-1]
                assert set(values.tolist()) == {int(before)}
            case "factor-1000":
                assert fault.sent == 1000 * fault.true > 0
            case "spike":
                assert values.min() > 2 * most[fault.series]
            case "night-output":
                assert fault.true == 0 < values.min()
                assert _highest_sun(fault, world) < 0
            case "late":
                rows = (readings.start >= fault.start) & (readings.start < fault.end)
                assert all(arrived[at] > fault.end + 4 * DAY for at in set(readings.source[rows].tolist()))
            case "gap" | "duplicate" | "correction":
                assert fault.true > 0
    assert summary.repeated == sum(fault.readings for fault in summary.faults if fault.kind == "duplicate")


def _highest_sun(fault, world):
    place = next(meter.facility.place for meter in world if meter.key == fault.series)
    return sine_of_elevation(place.lon, place.lat, np.arange(fault.start, fault.end, 60_000_000)).max()


def test_nothing_else_is_wrong(stored):
    """The table is complete: outside it, and after corrections, every newest value is that of a sound meter."""
    meters = training_meters(training_world(SEED))
    courses = training_courses(SEED, meters)
    _, faults = with_faults(SEED, courses)
    told = {fault.series: fault for fault in faults}
    assert len(told) == len(faults)
    for course in courses:
        readings = stored[course.meter.key]
        newest = dict(zip(readings.start.tolist(), readings.value.tolist(), strict=True))  # revisions in order
        fault = told.get(course.meter.key)
        for start, value in zip(course.start.tolist(), course.value.tolist(), strict=True):
            if fault and not fault.corrected and fault.start <= start < fault.end:
                continue
            assert newest[start] == value


def test_corrections_seal_again_and_late_readings_too(loaded):
    folder, database, summary = loaded
    with database.reading() as connection:
        numbers = {each.key: each.number for each in every_series(connection)}
        days = sealed_days(connection, list(numbers.values()), START, END, superseded=True)
        again = {(day.series, day.start) for day in days if day.supersedes}
        wanted = {numbers[fault.series] for fault in summary.faults if fault.corrected or fault.kind == "late"}
        assert {series for series, _ in again} == wanted
        assert summary.resealed == len(again) == len(wanted)
        some = [day for day in days if day.series in wanted]
        assert check_sealed(connection, folder, some) == []


def test_figures_and_statements_say_training_and_follow_corrections(loaded):
    _, database, summary = loaded
    assert {row["kind"] for row in rows_in(database, figure)} == {"training"}
    statements = rows_in(database, statement)
    for row in statements:
        said = json.loads(row["document"])
        assert said["figure_kind"] == "training"
        assert said["log_origin"].startswith("training.jasyl/")
    replaced = [row for row in statements if row["superseded_by"]]
    assert len(replaced) == summary.superseded >= 2
    by_id = {row["id"]: row for row in statements}
    for row in replaced:
        old, new = json.loads(row["document"]), json.loads(by_id[row["superseded_by"]]["document"])
        assert old["value"] != new["value"]


def test_the_log_takes_it_all_and_verifies_offline(loaded):
    folder, database, summary = loaded
    with Keeper(folder, database) as keeper:
        taken = keeper.drain()
    # Deliveries, the register, and a supersede record for each replaced statement stand beside these.
    assert taken > summary.sealed_days + summary.statements + 2 * summary.superseded
    report = verify_log(folder.path)
    assert report.ok
    assert report.size == taken


def test_the_truth_table_is_a_readable_file():
    table = training_faults(SEED)
    rows = list(csv.DictReader(io.StringIO(truth_csv(table))))
    assert len(rows) == len(table) == 21
    for row, fault in zip(rows, table, strict=True):
        assert (row["series"], row["kind"], int(row["true"])) == (fault.series, fault.kind, fault.true)
        assert dt.datetime.fromisoformat(row["start"]).timestamp() * 1_000_000 == fault.start
        assert row["corrected"] == ("yes" if fault.corrected else "no")


def test_the_manual_counts_the_faults_that_there_are():
    manual = (ROOT / "docs" / "training.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"^\| `([a-z0-9-]+)` \| (\d+) \|", manual, re.MULTILINE))
    assert told == {kind: str(count) for kind, count in Counter(fault.kind for fault in training_faults()).items()}
    command = re.search(r'python -c "(.+)"\n', manual)[1]
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True, check=True)
    assert done.stdout == truth_csv(training_faults())
