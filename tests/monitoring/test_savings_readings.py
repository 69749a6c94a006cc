"""Savings from stored readings: spans, complete periods only, temperatures from a file."""

import datetime as dt

import numpy as np
import pytest
from tests.monitoring.world import NOW, a_batch, a_database

from jasyl.monitoring.definitions import definitions
from jasyl.monitoring.readings import append
from jasyl.monitoring.rollup_table import roll_up
from jasyl.monitoring.savings import measured_savings
from jasyl.monitoring.savings_readings import (
    Span,
    consumption_series,
    metered_span,
    parse_span,
    read_temperatures,
)
from jasyl.quantities import LOCAL_TIME, microseconds
from jasyl.registry import Provenance, Statement, add_series, facility_by_key, record
from jasyl.texts import Refusal

FIRST = dt.date(2022, 1, 1)
DAYS = 730


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2023", dt.date(2023, 1, 1), dt.date(2023, 12, 31)),
        ("2023-05..2024-02", dt.date(2023, 5, 1), dt.date(2024, 2, 29)),
        ("2023-05-02..2023-05-03", dt.date(2023, 5, 2), dt.date(2023, 5, 3)),
    ],
)
def test_spans(text, first, last):
    assert parse_span(text) == Span(first, last)


def test_a_span_that_ends_before_it_begins():
    with pytest.raises(Refusal) as refused:
        parse_span("2024..2023")
    assert refused.value.code == "span-order"


def temperatures():
    day = np.arange(DAYS)
    noise = np.random.default_rng(2).normal(0, 3, DAYS)
    return 5 - 17 * np.cos(2 * np.pi * day / 365) + noise


def test_a_file_of_temperatures(tmp_path):
    file = tmp_path / "cold.csv"
    file.write_text("date,temperature\n2024-01-15,-12.5\n2024-01-16,-9\n")
    assert read_temperatures(file) == {dt.date(2024, 1, 15): -12.5, dt.date(2024, 1, 16): -9.0}
    file.write_text("дата;температура\n15.01.2024;-12,5\n")
    assert read_temperatures(file) == {dt.date(2024, 1, 15): -12.5}
    file.write_text("date,temperature\n2024-01-15,cold\n")
    with pytest.raises(Refusal):
        read_temperatures(file)
    with pytest.raises(Refusal) as refused:
        read_temperatures(tmp_path / "none.csv")
    assert refused.value.code == "file-missing"


@pytest.fixture
def plant(folder):
    """Two years of daily gas; a third less from 2023-01-01; the 10th of March 2022 was not metered."""
    database = a_database(folder)
    cold = temperatures()
    used = (40 + 6 * np.maximum(15 - cold, 0)) * np.where(np.arange(DAYS) >= 365, 2 / 3, 1.0)
    used *= 1 + np.random.default_rng(3).normal(0, 0.03, DAYS)
    said = Provenance("test", "test", "high")
    with database.writing() as connection:
        fields = {"technology": "RP.PV", "status": "operating", "confirmed": True}
        record(connection, "facility", [Statement("school", fields, said)])
        identity = facility_by_key(connection, "school")["id"]
        meter = {"facility_id": identity, "quantity": "gas_consumed", "unit": "m3", "interval_seconds": 86_400}
        series = add_series(connection, "gas", said, **meter, kind="amount", scale=3, zone="Asia/Almaty",
                            trust="operator-entered")  # fmt: skip
        defined = definitions(connection)
    days = [FIRST + dt.timedelta(days=n) for n in range(DAYS) if n != 68]
    starts = [microseconds(dt.datetime.combine(day, dt.time(), LOCAL_TIME)) for day in days]
    values = [round(each * 1000) for n, each in enumerate(used) if n != 68]
    append(database, folder, defined, a_batch(starts, values, series=series.number), NOW)
    roll_up(database, folder, defined)
    yield database, identity, {FIRST + dt.timedelta(days=n): float(each) for n, each in enumerate(cold)}
    database.close()


def test_from_readings_to_savings(plant):
    database, identity, cold = plant
    with database.reading() as connection:
        series = consumption_series(connection, identity, "school", None)
        assert [each.quantity for each in series] == ["gas_consumed"]
        spans = parse_span("2022"), parse_span("2023")
        days = [metered_span(connection, series, span, "day", cold) for span in spans]
        months = [metered_span(connection, series, span, "month", cold) for span in spans]
        with pytest.raises(Refusal) as refused:
            consumption_series(connection, identity, "school", "heat_consumed")
    assert refused.value.code == "no-series"
    assert [(len(each.consumption.amount), each.left) for each in days] == [(364, 1), (365, 0)]
    assert [(len(each.consumption.amount), each.left) for each in months] == [(11, 1), (12, 0)]
    assert months[1].consumption.days.tolist() == [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    for before, after in (days, months):
        found = measured_savings(before.consumption, after.consumption)
        assert found.baseline.model == "3PH"
        assert found.fraction == pytest.approx(1 / 3, abs=0.02)
        assert found.metered == pytest.approx(after.consumption.amount.sum())
    data = measured_savings(days[0].consumption, days[1].consumption).as_data()
    assert data["change_points"][0] == pytest.approx(15, abs=0.5)
    assert all(check["found"] is not None for check in data["checks"])


def test_days_without_a_temperature_are_left_out(plant):
    database, identity, cold = plant
    few = {day: each for day, each in cold.items() if day.month != 6}
    with database.reading() as connection:
        series = consumption_series(connection, identity, "school", "gas_consumed")
        assert metered_span(connection, series, parse_span("2023"), "month", few).left == 1
