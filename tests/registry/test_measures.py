"""Measures of strategies: files in and out, and how a measure stands to its dates."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.registry.test_project_files import FOLDER, _csv

from jasyl.people import ANYBODY, Actor
from jasyl.registry import MeasureFilter, history, import_records, load_programmes, measure_state, measures
from jasyl.registry.files import export_records
from jasyl.registry.measure_states import MEASURE_STATES, first_day, last_day
from jasyl.storage import METADATA

DAY = dt.date(2026, 7, 1)
LIGHTS = {
    "key": "lights",
    "name": "Светодиодное освещение",
    "programme": "green-economy-concept-2013",
    "goal": "energy efficiency",
    "owner": "Акимат города Астаны",
    "themes": "climate; показатели города (U4SSC)",
    "status": "under_way",
    "start": "2025",
    "due": "2027-06",
    "progress": "40",
    "indicator": "reduction of energy intensity of GDP",
    "point": "EN.E.E.2C",
    "effect": "-1200.5",
    "effect_unit": "t{CO2e}/a",
    "investment": "450000000",
    "investment_currency": "kzt",
    "financing": "state_budget",
    "region": "город Астана",
}


@pytest.fixture
def take(database, agency):
    METADATA.create_all(database.engine)
    with database.writing() as connection:
        load_programmes(connection)

    def take(*rows, actor=agency, **more):
        content = rows[0] if isinstance(rows[0], bytes) else _csv(*rows)
        with database.writing() as connection:
            return import_records(connection, "measures", content, more.pop("name", "f.csv"), actor, **more)

    return take


@pytest.mark.parametrize(
    ("state", "told"),
    [
        ("in_time", {"status": "completed", "due": "2026", "done": "2026-12-31"}),
        ("late", {"status": "completed", "due": "2025-06", "done": "2025-07-01"}),
        ("no_date", {"status": "completed", "due": "2025"}),
        ("overdue", {"status": "under_way", "start": "2024", "due": "2026-06-30", "progress": 99}),
        ("on_track", {"status": "under_way", "start": "2026", "due": "2026", "progress": 50}),
        ("behind", {"status": "under_way", "start": "2026", "due": "2026", "progress": 49}),
        ("not_begun", {"status": "approved", "start": "2026-08", "due": "2027"}),
        ("not_begun", {"status": "planned", "due": "2027"}),
        ("no_progress", {"status": "under_way", "start": "2026", "due": "2027"}),
        ("no_date", {"status": "under_way", "start": "2026", "progress": 10}),
        ("ended", {"status": "cancelled", "due": "2020"}),
    ],
)
def test_a_measure_stands_to_its_dates(state, told):
    number = told.pop("progress", None)
    told = told | {"progress": None if number is None else Decimal(number)}
    assert measure_state(told.pop("status"), DAY, **told) == state
    assert state in MEASURE_STATES


def test_dates_known_to_the_year_or_month_mean_their_ends():
    assert (first_day("2026"), last_day("2026")) == (dt.date(2026, 1, 1), dt.date(2026, 12, 31))
    assert (first_day("2028-02"), last_day("2028-02")) == (dt.date(2028, 2, 1), dt.date(2028, 2, 29))
    assert first_day("2026-05-04") == last_day("2026-05-04") == dt.date(2026, 5, 4)


def test_a_file_of_measures_comes_in_and_goes_out_the_same(take, database, agency):
    assert take(LIGHTS).recorded.new == ["lights"]
    with database.reading() as connection:
        (row,) = measures(connection, MeasureFilter(region="KZ-71"))
        assert (row["owner"], row["themes"], row["effect"]) == (LIGHTS["owner"], "climate u4ssc", Decimal("-1200.5"))
        assert (row["investment"], row["investment_currency"]) == (450_000_000, "KZT")
        made = {form: export_records(connection, FOLDER, "measures", form, "ru", agency) for form in ("csv", "xlsx")}
    for form, content in made.items():
        assert take(content, name=f"again.{form}").recorded.same == ["lights"]


def test_progress_is_a_later_statement_and_the_earlier_stays(take, database):
    take(LIGHTS)
    take({**LIGHTS, "progress": "55"})
    with database.reading() as connection:
        (row,) = measures(connection, MeasureFilter())
        assert row["progress"] == 55
        said = [one for one in history(connection, "measure", row["id"]) if one["field"] == "progress"]
        assert len(said) == 2


WRONG = (
    ({"programme": "", "strategy": ""}, "measure-belongs"),
    ({"programme": "no such programme"}, "unknown-programme"),
    ({"due": "2024"}, "stages-disorder"),
    ({"done": "2026-01-01"}, "stage-ahead"),
    ({"effect_unit": ""}, "capacity-without-unit"),
    ({"investment_currency": ""}, "amount-without-currency"),
    ({"progress": "140"}, "above-maximum"),
    ({"themes": "money"}, "not-choice"),
)


def test_wrong_rows_are_refused_each_with_its_place(take):
    report = take(*({**LIGHTS, "key": f"wrong-{n}", **changed} for n, (changed, _) in enumerate(WRONG)))
    assert not report.applied
    found = {problem.refusal.where.row: problem.refusal.code for problem in report.problems}
    assert found == {number: code for number, (_, code) in enumerate(WRONG, 2)}


def test_an_akimat_writes_measures_of_its_own_region_alone(take, database):
    astana = Actor("a", "a", frozenset({"akimat"}), region="KZ-71")
    almaty = Actor("b", "b", frozenset({"akimat"}), region="KZ-75")
    assert not take(LIGHTS, actor=almaty).applied
    assert take(LIGHTS, actor=astana).applied
    assert not take({**LIGHTS, "key": "country", "region": ""}, actor=astana).applied
    take({**LIGHTS, "key": "hidden", "level": "closed"}, actor=astana)
    trader = Actor("c", "c", frozenset({"enterprise"}), enterprise_id="01E")
    with database.reading() as connection:
        assert [row["key"] for row in measures(connection, MeasureFilter(), ANYBODY)] == ["lights"]
        assert [row["key"] for row in measures(connection, MeasureFilter(), trader)] == ["lights"]
        assert len(measures(connection, MeasureFilter(), astana)) == 2


def test_measures_are_found_by_what_they_serve(take, database):
    take(LIGHTS, {**LIGHTS, "key": "sort", "name": "Раздельный сбор", "themes": "circular", "programme": "",
                  "strategy": "План города", "due": "2026"})  # fmt: skip
    with database.reading() as connection:

        def found(**wanted):
            return [row["key"] for row in measures(connection, MeasureFilter(**wanted))]

        assert found() == ["sort", "lights"]  # by due date
        assert found(theme="u4ssc") == ["lights"]
        assert found(theme="circular") == ["sort"]
        assert found(programme="green-economy-concept-2013") == ["lights"]
        assert found(status="planned") == []
