"""Registers become amounts: against a simulated meter that counts, rolls over and is replaced."""

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.monitoring.world import NOW, a_batch, a_series, at

from jasyl.monitoring import append, rollups, segments
from jasyl.monitoring.meters import mountings, record_mounting
from jasyl.monitoring.registers import Mounting, steps
from jasyl.monitoring.rollup_table import load, refresh, roll_up
from jasyl.storage import METADATA, Database, DataFolder
from jasyl.texts import Refusal

HOUR = 3_600_000_000
SIZE = 10**5


def simulated(amounts, first, changes, size=SIZE):
    """Registers at every hour of a meter that counts ``amounts``; ``changes`` maps an hour to (new first, used before).

    The change happens inside the hour: ``used before`` of its amount is still counted by the old meter.
    """
    register, value = [first % size], first % size
    meters = [Mounting(0, size)]
    for hour, amount in enumerate(amounts):
        if hour in changes:
            new, share = changes[hour]
            before = amount * share // 100
            meters.append(Mounting(hour * HOUR + HOUR // 2, size, new, (value + before) % size))
            value = (new + amount - before) % size
        else:
            value = (value + amount) % size
        register.append(value)
    return np.array(register, np.int64), meters


AMOUNTS = st.lists(st.integers(0, SIZE // 2), min_size=1, max_size=40)
CHANGES = st.dictionaries(st.integers(0, 39), st.tuples(st.integers(0, SIZE - 1), st.integers(0, 100)), max_size=4)


@given(AMOUNTS, st.integers(0, SIZE - 1), CHANGES)
def test_what_a_meter_counted_comes_out_over_roll_overs_and_changes(amounts, first, changes):
    register, meters = simulated(amounts, first, changes)
    start = np.arange(len(register), dtype=np.int64) * HOUR
    rows, found = steps(start, register, np.ones(len(register) - 1, bool), meters)
    assert dict(zip(rows.tolist(), found.tolist(), strict=True)) == dict(enumerate(amounts))


@given(AMOUNTS, st.integers(0, SIZE - 1), CHANGES, st.data())
def test_a_missing_register_takes_away_its_two_steps_only(amounts, first, changes, data):
    register, meters = simulated(amounts, first, changes)
    gone = data.draw(st.integers(0, len(register) - 1))
    kept = np.delete(np.arange(len(register)), gone)
    start = kept.astype(np.int64) * HOUR
    rows, found = steps(start, register[kept], np.diff(start) == HOUR, meters)
    there = {int(start[row]) // HOUR: int(amount) for row, amount in zip(rows, found, strict=True)}
    assert there == {hour: amount for hour, amount in enumerate(amounts) if gone not in (hour, hour + 1)}


@given(st.lists(st.integers(0, 10**6), min_size=2, max_size=50))
def test_without_knowledge_a_fall_is_no_amount(values):
    register = np.array(values, np.int64)
    start = np.arange(len(values), dtype=np.int64) * HOUR
    rows, found = steps(start, register, np.ones(len(values) - 1, bool))
    expected = {at: b - a for at, (a, b) in enumerate(pairwise(values)) if b >= a}
    assert dict(zip(rows.tolist(), found.tolist(), strict=True)) == expected


@pytest.mark.parametrize(
    ("meters", "expected"),
    [
        ([Mounting(0, 100_000)], {0: 150}),  # 99 950 → 100 rolled over; 100 → 40 fell a little: misread
        ([Mounting(0, 1000)], {}),  # a register beyond the size that was recorded: nobody knows
        ([Mounting(0), Mounting(HOUR, None, 0, 99_990)], {0: 140}),
        ([Mounting(0), Mounting(HOUR)], {}),  # changed, and no protocol says what it showed
        ([Mounting(HOUR, None, 90, 99_999)], {0: 59}),
    ],
)
def test_falls_that_are_known_and_falls_that_are_not(meters, expected):
    start = np.arange(3, dtype=np.int64) * HOUR
    rows, found = steps(start, np.array([99_950, 100, 40], np.int64), np.ones(2, bool), meters)
    assert dict(zip(rows.tolist(), found.tolist(), strict=True)) == expected


def test_a_recorded_change_mends_the_days_of_the_series(database: Database, folder: DataFolder) -> None:
    METADATA.create_all(database.engine)
    hourly = {"interval_seconds": 3600, "kind": "counter"}
    begin, change = at("2025-06-01 00:00"), at("2025-06-01 05:30")
    start = begin + HOUR * np.arange(12)
    register = np.r_[1000 + 10 * np.arange(6), 5 + 10 * np.arange(6)]
    both = {1: a_series(1, **hourly), 2: a_series(2, **hourly)}
    for number in both:
        append(database, folder, both, a_batch(start, register, number), NOW)
    roll_up(database, folder, both)
    meter = Mounting(change, 10**6, 0, 1057, "KZ-2")
    with database.writing() as connection:
        record_mounting(connection, 1, meter, actor="duty", now=NOW)
        known = mountings(connection)
        assert known == {1: (meter,)}
        both[1] = a_series(1, meters=known[1], **hourly)
        touched = refresh(connection, folder, both, 1, begin, begin + 24 * HOUR)
    assert {each.series for each in touched} == {1}
    with database.reading() as connection:
        days = load(connection, [1, 2], "day", begin - 24 * HOUR, begin + 24 * HOUR)
        readings = segments.read(connection, folder, None, 0, NOW)
    # 5 × 10, then 7 of the old and 5 of the new meter, then 5 × 10; the other series keeps its gap.
    sums = {number: (int(days.sum[days.series == number].sum())) for number in (1, 2)}
    assert sums == {1: 50 + 12 + 50, 2: 100}
    amounts = rollups.steps(readings, both[1], {1: both[1].meters})
    assert int(amounts.sum[amounts.start == start[5]].sum()) == 12


@pytest.mark.parametrize(
    "meter",
    [Mounting(1, 10, 10), Mounting(1, 0), Mounting(1, 10, -1), Mounting(1, 10, 1, -1), Mounting(NOW + 1, 10)],
)
def test_registers_that_cannot_be_are_refused(database: Database, meter: Mounting) -> None:
    METADATA.create_all(database.engine)
    with pytest.raises(Refusal), database.writing() as connection:
        record_mounting(connection, 1, meter, actor="duty", now=NOW)
