"""Laws of rollups: the path does not matter, nor the order of arrival; and the civil days of Kazakhstan."""

import datetime as dt
from zoneinfo import ZoneInfo

import duckdb
import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.monitoring.world import MINUTE, NOW, QUARTER, a_batch, a_database, a_series, at

from jasyl.monitoring import rollup_table, rollups, segments
from jasyl.monitoring.civil_time import aligned, calendar, offsets
from jasyl.monitoring.readings import append
from jasyl.monitoring.rollups import COLUMNS, Rollups
from jasyl.monitoring.segments import Readings
from jasyl.quantities import instant, microseconds, period
from jasyl.storage import Database, DataFolder, create_folder
from jasyl.texts import Refusal

HOUR = 60 * MINUTE
FIRST = at("2024-02-27 18:00")  # local midnight, two days before the 25-hour day


def readings(starts: object, values: object, series: object = 1) -> Readings:
    start = np.asarray(starts, np.int64)
    ones = np.ones(len(start), np.int64)
    return Readings(ones * np.asarray(series), start, ones * np.asarray(values, np.int64), ones, ones).sorted()


def as_dict(rolled: Rollups) -> dict[tuple[int, int], tuple[int, ...]]:
    rows = zip(*(getattr(rolled, name).tolist() for name in COLUMNS), strict=True)
    return {(row[0], row[1]): row[2:] for row in rows}


def test_the_day_kazakhstan_turned_its_clocks_has_25_hours() -> None:
    series = a_series(interval_seconds=900)
    starts = FIRST + np.arange(4 * 24 * 4) * QUARTER
    days = rollups.roll(rollups.steps(readings(starts, 1), series), "day", series)
    named = {
        instant(start).astimezone(ZoneInfo("Asia/Almaty")).date().isoformat(): row
        for row, start in enumerate(days.start.tolist())
    }
    assert days.expected[named["2024-02-28"]] == 96
    assert days.expected[named["2024-02-29"]] == 100 == days.count[named["2024-02-29"]]
    assert days.expected[named["2024-03-01"]] == 96
    assert days.completeness[named["2024-02-29"]] == 1.0


def test_calendar_says_what_period_says() -> None:
    days = calendar(at("2024-02-28 00:00"), at("2024-03-02 00:00"), "day", ZoneInfo("Asia/Almaty"))
    names = ["2024-02-28", "2024-02-29", "2024-03-01", "2024-03-02"]
    assert days.bounds[:-1].tolist() == [microseconds(period(name).start) for name in names]
    assert days.bounds[1:].tolist() == [microseconds(period(name).end) for name in names]


@pytest.mark.parametrize(
    "zone", ["Asia/Almaty", "America/Denver", "Asia/Kolkata", "Australia/Lord_Howe", "Asia/Qyzylorda"]
)
def test_offsets_against_the_zone_data_base(zone: str) -> None:
    starts = at("2023-12-25 00:00") + np.arange(0, 400 * 48) * 30 * MINUTE
    known = [
        instant(each).astimezone(ZoneInfo(zone)).utcoffset() // dt.timedelta(microseconds=1) for each in starts.tolist()
    ]  # type: ignore[operator]
    assert offsets(starts, ZoneInfo(zone)).tolist() == known


def test_hours_of_a_zone_with_half_hours_stand_on_its_own_clock() -> None:
    kolkata = ZoneInfo("Asia/Kolkata")
    assert aligned(np.array([at("2024-05-01 00:30"), at("2024-05-01 00:00")]), HOUR, kolkata).tolist() == [True, False]


slots = st.dictionaries(st.integers(0, 3 * 400 * 24), st.integers(-(10**9), 10**9), min_size=1, max_size=60)


@settings(max_examples=60, deadline=None)
@given(slots, slots)
def test_rolling_rollups_is_rolling_readings(one: dict[int, int], other: dict[int, int]) -> None:
    series = a_series(interval_seconds=3600)
    rows = [(1, slot, value) for slot, value in one.items()] + [(7, slot, value) for slot, value in other.items()]
    numbers, hours, values = (np.array(column, np.int64) for column in zip(*rows, strict=True))
    base = rollups.steps(readings(FIRST + hours * HOUR, values, numbers), series)
    days = rollups.roll(rollups.roll(base, "hour", series), "day", series)
    months = rollups.roll(days, "month", series)
    assert as_dict(days) == as_dict(rollups.roll(base, "day", series))
    assert as_dict(months) == as_dict(rollups.roll(base, "month", series))
    years = rollups.roll(months, "year", series)
    assert as_dict(years) == as_dict(rollups.roll(base, "year", series))
    assert years.sum.sum() == sum(one.values()) + sum(other.values())
    assert (years.count <= years.expected).all()


def test_days_agree_with_the_time_zones_of_duckdb() -> None:
    generator = np.random.default_rng(5)
    hours = np.sort(generator.choice(24 * 500, 5000, replace=False))
    values = generator.integers(-1000, 1000, 5000)
    series = a_series(interval_seconds=3600)
    days = rollups.roll(rollups.steps(readings(FIRST + hours * HOUR, values), series), "day", series)
    connection = duckdb.connect()
    connection.execute("set timezone = 'Asia/Almaty'")
    start, value = FIRST + hours * HOUR, values
    peer = connection.execute(
        "select epoch_us(date_trunc('day', make_timestamptz(start))) as day,"
        " sum(value)::bigint, min(value), max(value), count(*)"
        " from (select unnest($start) as start, unnest($value) as value) group by 1 order by 1",
        {"start": start.tolist(), "value": value.tolist()},
    ).fetchall()
    mine = zip(
        days.start.tolist(), days.sum.tolist(), days.min.tolist(), days.max.tolist(), days.count.tolist(), strict=True
    )
    assert list(mine) == [tuple(row) for row in peer]


def test_a_counter_becomes_steps_and_does_not_guess() -> None:
    series = a_series(kind="counter", interval_seconds=3600)
    #        +5           missing hour     fell (meter change)      +4
    slot = [0, 1, 3, 4, 5, 6]
    register = [100, 105, 120, 121, 3, 7]
    rows = rollups.steps(readings(FIRST + np.array(slot) * HOUR, register), series)
    assert dict(zip(((rows.start - FIRST) // HOUR).tolist(), rows.sum.tolist(), strict=True)) == {0: 5, 3: 1, 5: 4}


def test_daily_counters_step_over_the_25_hour_day() -> None:
    series = a_series(kind="counter", interval_seconds=86_400)
    midnights = [microseconds(period(f"2024-{day}").start) for day in ("02-28", "02-29", "03-01", "03-02")]
    rows = rollups.steps(readings(midnights, [0, 10, 30, 60]), series)
    assert rows.sum.tolist() == [10, 20, 30]
    assert rollups.roll(rows, "month", series).expected.tolist() == [29, 31]


def test_sums_do_not_run_over() -> None:
    series = a_series(interval_seconds=3600)
    base = rollups.steps(readings(FIRST + np.arange(3) * HOUR, 2**61), series)
    with pytest.raises(Refusal, match="64 bits"):
        rollups.roll(base, "day", series)


def stored(database: Database, numbers: list[int]) -> list[dict[tuple[int, int], tuple[int, ...]]]:
    with database.reading() as connection:
        return [as_dict(rollup_table.load(connection, numbers, level, 0, NOW)) for level in rollup_table.LEVELS]


def without_source(
    levels: list[dict[tuple[int, int], tuple[int, ...]]],
) -> list[dict[tuple[int, int], tuple[int, ...]]]:
    return [{key: row[:-1] for key, row in level.items()} for level in levels]


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.tuples(st.integers(1, 2), st.integers(0, 24 * 70)), st.integers(0, 99), min_size=2, max_size=40),
    st.randoms(),
)
def test_order_of_arrival_and_of_rolling_does_not_matter(
    tmp_path_factory: pytest.TempPathFactory, values: dict[tuple[int, int], int], random: object
) -> None:
    definitions = {1: a_series(1, interval_seconds=3600), 2: a_series(2, interval_seconds=3600, kind="counter")}
    results = []
    for parts in (1, 3):
        folder = create_folder(tmp_path_factory.mktemp("order") / "data", "real")
        database = a_database(folder)
        rows = list(values.items())
        if parts > 1:
            random.shuffle(rows)  # type: ignore[attr-defined]
        for part in range(parts):
            mine = rows[part::parts]
            if mine:
                numbers = [key[0] for key, _ in mine]
                starts = [FIRST + key[1] * HOUR for key, _ in mine]
                append(
                    database, folder, definitions, a_batch(starts, [value for _, value in mine], series=numbers), NOW
                )
                rollup_table.roll_up(database, folder, definitions)
        results.append(without_source(stored(database, [1, 2])))
        before = stored(database, [1, 2])
        rollup_table.rebuild(database, folder, definitions)
        assert stored(database, [1, 2]) == before
        database.close()
    assert results[0] == results[1]


def test_a_correction_touches_its_own_periods_only(database: Database, folder: DataFolder) -> None:
    definitions = {1: a_series(1, interval_seconds=3600), 2: a_series(2, interval_seconds=3600)}
    starts = FIRST + np.arange(24 * 40) * HOUR
    for number in definitions:
        append(database, folder, definitions, a_batch(starts, 2, series=number), NOW)
    assert len(rollup_table.roll_up(database, folder, definitions)) == 2 * (40 + 3 + 1)
    assert rollup_table.roll_up(database, folder, definitions) == ()
    append(database, folder, definitions, a_batch([at("2024-02-29 18:30") - 30 * MINUTE], [9], series=2), NOW)
    touched = rollup_table.roll_up(database, folder, definitions)
    # 18:00 UTC is the second 23:00 of the 25-hour day, still February.
    assert [(each.series, each.granularity, instant(each.start).isoformat()) for each in touched] == [
        (2, "day", "2024-02-28T18:00:00+00:00"),
        (2, "month", "2024-01-31T18:00:00+00:00"),
        (2, "year", "2023-12-31T18:00:00+00:00"),
    ]
    with database.reading() as connection:
        day = rollup_table.load(connection, [2], "day", touched[0].start, touched[0].end)
        hours = rollup_table.hourly(connection, folder, definitions[2], touched[0].start, touched[0].end)
        everything = segments.read(connection, folder, [2], 0, NOW)
        year = rollup_table.load(connection, [2], "year", 0, NOW)
    assert (day.sum.tolist(), day.max.tolist(), day.revision.tolist(), day.source.tolist()) == ([57], [9], [2], [3])
    assert (len(hours), hours.sum.sum()) == (25, 57)
    assert year.sum.sum() == everything.value.sum()
