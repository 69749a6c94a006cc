"""One body of tests for both engines: the same question, the same integers.

DuckDB answers in this process; Spark in a ``local-cluster`` of two worker processes, in the environment of
``make cluster``.
"""

import datetime as dt
import os
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
import pytest
import sqlalchemy as sa
from tests.conftest import need
from tests.monitoring.world import NOW, QUARTER, a_batch, a_database, a_series, at

from jasyl.monitoring import rollup_table, rollups, segments, tables
from jasyl.monitoring.asking import ask_of_readings
from jasyl.monitoring.engine import DuckDB, Engine, Files, Question
from jasyl.monitoring.metered_amounts import calendar_table, metered_amounts
from jasyl.monitoring.questions import CALENDAR, MEMBERS, SETTLED, by_day, by_group, grid_of
from jasyl.monitoring.readings import append
from jasyl.monitoring.registers import Mounting
from jasyl.monitoring.spark import Spark, spark_python
from jasyl.quantities import period
from jasyl.registry.tables import entity, facility
from jasyl.storage import Database, DataFolder, create_folder
from jasyl.texts import Refusal

HOUR = 4 * QUARTER
ALMATY = ZoneInfo("Asia/Almaty")
# Two executors of one core; little memory and a quick start matter more here than speed.
QUICK = {
    "spark.executor.memory": "512m",
    "spark.driver.memory": "512m",
    "spark.sql.shuffle.partitions": "2",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.executor.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.sql.adaptive.enabled": "false",
}


def has_spark() -> bool:
    try:
        return bool(spark_python())
    except Refusal:
        return False


@pytest.fixture(scope="module")
def spark() -> Iterator[Spark]:
    need(has_spark(), "Spark is not set up: make cluster, apt install openjdk-17-jre-headless")
    with Spark("local-cluster[2,1,512]", QUICK) as session:
        yield session


@pytest.fixture(params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest) -> Engine:
    return DuckDB() if request.param == "duckdb" else request.getfixturevalue("spark")


ONE = {
    1: a_series(interval_seconds=3600),
    2: a_series(2, interval_seconds=3600),
    4: a_series(4, interval_seconds=3600, kind="counter"),
    5: a_series(5, interval_seconds=900, zone="Asia/Tokyo"),
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Database, DataFolder]]:
    """Four meters over the clock change of 2024-03-01, with gaps, corrections, a fall of a register, a month apart."""
    folder = create_folder(tmp_path_factory.mktemp("engines") / "data", "real")
    database = a_database(folder)
    generator = np.random.default_rng(11)
    hours = at("2024-02-27 00:00") + np.arange(24 * 6) * HOUR
    for number in (1, 2):
        there = hours[generator.random(len(hours)) > 0.1]
        append(database, folder, ONE, a_batch(there, generator.integers(-5, 10**9, len(there)), number), NOW)
    register = np.cumsum(generator.integers(0, 1000, len(hours)))
    register[70:] -= register[69]
    append(database, folder, ONE, a_batch(hours, register, 4), NOW)
    quarters = at("2024-05-01 00:00") + np.arange(96 * 2) * QUARTER
    append(database, folder, ONE, a_batch(quarters, generator.integers(0, 10**12, len(quarters)), 5), NOW)
    for turn in range(2):
        some = np.unique(generator.choice(hours, 20))
        append(database, folder, ONE, a_batch(some, generator.integers(0, 10**9, len(some)) + turn, 1), NOW)
    with database.writing() as connection:
        connection.execute(
            sa.insert(tables.verdict).values(
                series=2, check="frozen", version="1.0.0", start=int(hours[30]), end=int(hours[40]), verdict="wrong",
                readings=10, evidence="", judged=9, actor="quality", at=NOW,
            )
        )  # fmt: skip
    yield database, folder
    database.close()


def sorted_by(answer: object, *names: str) -> dict[str, list[int]]:
    columns = dict(answer)  # type: ignore[call-overload]
    order = np.lexsort([columns[name] for name in reversed(names)])
    return {name: column[order].tolist() for name, column in columns.items()}


@pytest.mark.parametrize("number", [1, 4, 5])
def test_days_are_what_the_arithmetic_of_readings_gives(
    world: tuple[Database, DataFolder], engine: Engine, number: int
) -> None:
    database, folder = world
    series = ONE[number]
    start, end = at("2024-02-26 18:00"), at("2024-06-30 00:00")
    with database.reading() as connection:
        answer = ask_of_readings(connection, folder, engine, by_day, [series], start, end)
        rows = rollups.roll(
            rollups.steps(segments.read(connection, folder, [number], start, end), series), "day", series
        )
    assert answer is not None
    found = sorted_by(answer, "series", "day")
    assert len(rows) >= 2
    for name in ("series", "sum", "min", "max", "count", "revision", "source"):
        assert found[name] == getattr(rows, name).tolist(), name
    midnights = [dt.datetime.fromtimestamp(each / 1e6, series.time_zone) for each in rows.start.tolist()]
    assert [dt.datetime.fromtimestamp(each / 1e6, dt.UTC).date() for each in found["day"]] == [
        each.date() for each in midnights
    ]


def test_groups_count_meters_and_what_is_missing(world: tuple[Database, DataFolder], engine: Engine) -> None:
    """The whole question at once: newest revisions, without wrong ones, two groups, by month across the change."""
    database, folder = world
    start = round(dt.datetime(2024, 2, 1, tzinfo=ALMATY).timestamp() * 1e6)
    end = round(dt.datetime(2024, 4, 1, tzinfo=ALMATY).timestamp() * 1e6)
    days, periods = calendar_table(start, end, "month", ONE[1])
    assert len(periods.bounds) == 3
    members = pa.table({"series": [1, 2, 3], "group": [7, 7, 8]})
    wrong = [(2, at("2024-02-28 06:00"), at("2024-02-28 16:00"))]
    with database.reading() as connection:
        answer = ask_of_readings(
            connection, folder, engine, by_group, [ONE[1], ONE[2], a_series(3)], start, end,
            wrong=wrong, tables={MEMBERS: members, CALENDAR: days},
        )  # fmt: skip
        kept = segments.read(connection, folder, [1, 2], start, end)
    assert answer is not None
    kept = kept.take(~((kept.series == 2) & (kept.start >= wrong[0][1]) & (kept.start < wrong[0][2])))
    late = kept.start >= periods.bounds[1]
    found = sorted_by(answer, "group", "period")
    assert found["group"] == [7, 7]
    assert found["sum"] == [int(kept.value[~late].sum()), int(kept.value[late].sum())]
    assert found["count"] == [int((~late).sum()), int(late.sum())]
    assert found["meters"] == [2, 2]
    # February 2024 has 29 days and the repeated hour; March 31 days. Two of the meters are in the group.
    assert found["expected"] == [2 * (29 * 24 + 1), 2 * 31 * 24]


def test_the_clocks_of_kazakhstan(engine: Engine, tmp_path: Path) -> None:
    """2024-02-29 18:00 UTC is midnight by the old clock and 23:00 by the new: that day has 25 hours, the next 24."""
    hours = at("2024-02-28 18:00") + np.arange(50) * HOUR
    file = tmp_path / "202402.parquet"
    rows = segments.Readings(hours * 0 + 1, hours, hours * 0 + 1, hours * 0 + 1, hours * 0 + 1)
    file.write_bytes(segments._parquet(rows))
    grid = grid_of(ONE[1], int(hours[0]), int(hours[-1]))
    question = Question(by_day, grid, {SETTLED: Files([str(file)], int(hours[0]), int(hours[-1]) + 1)})
    found = sorted_by(engine.answer(question), "day")
    assert [dt.datetime.fromtimestamp(day / 1e6, dt.UTC).date().isoformat() for day in found["day"]] == [
        "2024-02-29",
        "2024-03-01",
        "2024-03-02",
    ]
    assert found["count"] == [25, 24, 1]


def test_a_sum_beyond_64_bits_is_refused(engine: Engine, tmp_path: Path) -> None:
    hours = at("2024-05-01 00:00") + np.arange(3) * HOUR
    file = tmp_path / "202405.parquet"
    file.write_bytes(
        segments._parquet(segments.Readings(hours * 0 + 1, hours, hours * 0 + 2**62, *[hours * 0 + 1] * 2))
    )
    grid = grid_of(ONE[1], int(hours[0]), int(hours[-1]))
    question = Question(by_day, grid, {SETTLED: Files([str(file)], int(hours[0]), int(hours[-1]) + 1)})
    with pytest.raises(Refusal) as refused:
        engine.answer(question)
    assert refused.value.code == "sum-too-large"


def test_rollups_are_the_same_whoever_added_up(world: tuple[Database, DataFolder], engine: Engine) -> None:
    database, folder = world

    def kept() -> list[tuple[int, ...]]:
        with database.reading() as connection:
            held = tables.rollup
            order = (held.c.series, held.c.granularity, held.c.start)
            return [tuple(row) for row in connection.execute(sa.select(held).order_by(*order))]

    rollup_table.rebuild(database, folder, ONE)
    usual = kept()
    rollup_table.rebuild(database, folder, ONE, engine)
    assert kept() == usual
    assert len(usual) > 20


def test_amounts_of_facilities(world: tuple[Database, DataFolder], engine: Engine) -> None:
    database, folder = world
    defined = {number: ONE[number] for number in (1, 2, 4)}
    with database.writing() as connection:
        for number in (1, 2, 4):
            if not connection.execute(sa.select(facility.c.id).where(facility.c.id == ONE[number].facility_id)).first():
                _facility(connection, ONE[number].facility_id, f"plant-{number}", "KZ-75" if number < 4 else "KZ-71")
    with database.reading() as connection:
        rows = metered_amounts(
            connection, folder, defined, "electricity_generated", period("2024"), by="region", engine=engine
        )
        kept = segments.read(connection, folder, [1, 2], 0, NOW)
        held = sa.select(tables.verdict.c.start, tables.verdict.c.end)
        low, high = connection.execute(held).one()
    kept = kept.take(~((kept.series == 2) & (kept.start >= low) & (kept.start < high)))
    assert [(row.group, row.period) for row in rows] == [
        ("KZ-71", "2024-02"), ("KZ-71", "2024-03"), ("KZ-75", "2024-02"), ("KZ-75", "2024-03")
    ]  # fmt: skip
    assert rows[2].value + rows[3].value == Decimal(int(kept.value.sum()))
    assert rows[2].count + rows[3].count == len(kept)
    assert rows[3].expected == 2 * 31 * 24 and rows[0].expected == 29 * 24 + 1
    assert 0 < rows[2].completeness < 1


def test_a_recorded_change_of_meter_is_bridged_whoever_adds_up(
    world: tuple[Database, DataFolder], engine: Engine
) -> None:
    """Series 4 falls on 2024-03-01; its protocol makes that a step, in rollups and in amounts alike."""
    database, folder = world
    hours = at("2024-02-27 00:00") + np.arange(24 * 6) * HOUR
    with database.reading() as connection:
        register = segments.read(connection, folder, [4], 0, NOW).value
    changed = Mounting(int(hours[70]), first=0, last=int(register[69]) + 5)
    bridged = {**ONE, 4: replace(ONE[4], meters=(Mounting(int(hours[0])), changed))}
    rollup_table.rebuild(database, folder, bridged, engine)
    with database.reading() as connection:
        year = rollup_table.load(connection, [4], "year", 0, NOW)
        asked = {4: bridged[4]}
        (row,) = metered_amounts(
            connection, folder, asked, "electricity_generated", period("2024"), step="year", engine=engine
        )
    whole = int(register[69] - register[0] + 5 + register[70] + register[-1] - register[70])
    assert (year.sum.tolist(), year.count.tolist()) == ([whole], [len(hours) - 1])
    assert (row.value, row.count, row.meters) == (Decimal(whole), len(hours) - 1, 1)
    rollup_table.rebuild(database, folder, ONE, engine)
    with database.reading() as connection:
        assert rollup_table.load(connection, [4], "year", 0, NOW).count.tolist() == [len(hours) - 2]


def _facility(connection: sa.Connection, identity: str, key: str, region: str) -> None:
    _row(connection, entity, id=identity, kind="facility", key=key)
    _row(connection, facility, id=identity, key=key, region=region)


def _row(connection: sa.Connection, into: sa.Table, **values: str) -> None:
    needed = {
        column.name: 0 if isinstance(column.type, sa.Integer | sa.Boolean) else ""
        for column in into.columns
        if not column.nullable and column.server_default is None
    }
    connection.execute(sa.insert(into).values(**(needed | values)))


def test_a_spark_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("JASYL_SPARK_PYTHON", str(tmp_path / "python"))
    with pytest.raises(Refusal) as refused:
        spark_python()
    assert refused.value.code == "spark-missing"
    assert os.environ["JASYL_SPARK_PYTHON"] in refused.value.text("en")
