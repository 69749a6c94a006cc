"""Progress towards targets: states by hand, trends by closed form, measures only where definitions match."""

import numpy as np
import pytest
import sqlalchemy as sa

from jasyl.facts import load_facts, store
from jasyl.monitoring.target_measures import FACT_MEASURES, TRAINING_PROGRAMME, measure_of_targets, observations
from jasyl.monitoring.target_progress import TARGET_STATES, assess, counted_states, target_progress
from jasyl.registry import load_programmes, programmes_and_targets
from jasyl.texts import LANGUAGES, say


@pytest.mark.parametrize(
    ("observed", "base", "state"),
    [
        ({}, (2020, 10.0), "no_value"),
        ({2024: 23.0}, (2020, 10.0), "on_track"),
        ({2024: 17.0}, (2020, 10.0), "behind"),
        ({2024: 9.0}, (2020, 10.0), "wrong_way"),
        ({2026: 41.0}, (2020, 10.0), "reached"),
        ({2030: 35.0}, (2020, 10.0), "missed"),
        ({2031: 45.0}, (2020, 10.0), "met_later"),
        ({2024: 20.0}, None, "no_path"),
        ({2022: 10.0, 2024: 20.0}, None, "on_track"),
        ({2022: 10.0, 2024: 12.0}, None, "behind"),
    ],
)
def test_states(observed, base, state):
    assert assess(40.0, 2030, observed, base).state == state
    # A target that falls is the same, mirrored.
    mirrored = {year: -value for year, value in observed.items()}
    if base is not None:
        assert assess(-40.0, 2030, mirrored, (base[0], -base[1])).state == state


def test_the_path_and_the_straight_trend():
    found = assess(40.0, 2030, {2021: 13.0, 2023: 19.0, 2024: 22.0}, (2020, 10.0))
    assert found.path == pytest.approx(22)
    assert found.share == pytest.approx(0.4)
    assert found.linear is not None
    assert found.linear.at_target == pytest.approx(40)
    assert found.linear.completion == pytest.approx(2030)
    assert found.linear.low == pytest.approx(40), "points on a line leave no doubt"
    noisy = assess(40.0, 2030, {2021: 14.0, 2023: 18.0, 2024: 22.0}, (2020, 10.0)).linear
    years, values = np.array([2020.0, 2021, 2023, 2024]), np.array([10.0, 14, 18, 22])
    slope, start = np.polyfit(years - 2000, values, 1)
    assert noisy.at_target == pytest.approx(start + slope * 30)
    assert noisy.low < noisy.at_target < noisy.high


def test_a_percentage_bends_and_other_amounts_grow():
    logistic = {year: 100 / (1 + np.exp(-0.3 * (year - 2026))) for year in range(2018, 2025)}
    found = assess(60.0, 2030, logistic, percent=True).fitted
    assert found.at_target == pytest.approx(100 / (1 + np.exp(-1.2)))
    assert found.completion == pytest.approx(2026 + np.log(1.5) / 0.3)
    doubling = assess(64.0, 2030, {2021: 1.0, 2022: 2.0, 2023: 4.0}).fitted
    assert doubling.completion == pytest.approx(2027)
    assert assess(50.0, 2030, {2021: 0.0, 2022: 1.0}, percent=True).fitted is None
    assert assess(50.0, 2030, {2021: 5.0, 2022: 4.0}).linear.completion is None
    assert assess(5000.0, 2030, {2021: 5.0, 2022: 6.0}).linear.completion is None, "not in sight"


@pytest.fixture
def starter(database):
    with database.writing() as connection:
        load_programmes(connection)
        store(connection, load_facts())
    return database


def test_measures_are_read_from_confirmed_facts(starter):
    with starter.reading() as connection:
        share = observations(connection, "res_share", "KZ")
        waste = observations(connection, "waste_recycled_share", "KZ")
        every = {name: observations(connection, name, "KZ") for name in FACT_MEASURES}
    assert share[2023].value == pytest.approx(6.675 / 112.82 * 100)
    assert len(share[2023].facts) == 2
    assert min(waste) == 2023, "the definition changed then"
    assert waste[2025].value == 28.6
    assert every["coal_share"].keys() == {2023}, "unconfirmed values are none"
    assert every["water_saving_area"][2025].value == pytest.approx(543.5)


def test_every_target_has_its_state_and_every_match_its_target(starter):
    with starter.reading() as connection:
        found = target_progress(connection)
        rows = programmes_and_targets(connection)
    assert len(found) == len(rows) > 80
    known = {(row["programme"], row["indicator"], row["region"]) for row in rows}
    joined = {key: found for key, found in measure_of_targets().items() if key[0] != TRAINING_PROGRAMME}
    assert set(joined) <= known
    assert all(measure in FACT_MEASURES for measure, _ in joined.values() if measure)
    assert all(set(note) in ({*LANGUAGES}, set()) for _, note in measure_of_targets().values())
    assert all(note for measure, note in measure_of_targets().values() if measure is None)
    by_year = {
        (one.target["programme"], one.target["target_year"]): one.assessment.state for one in found if one.measure
    }
    assert by_year["renewables-targets", 2030] in {"behind", "wrong_way"}
    assert by_year["green-economy-concept-updated-2024", 2030] == "on_track"
    assert by_year["green-economy-concept-2013", 2020] == "met_later"
    counts = counted_states(found)
    assert sum(counts.values()) == len(found)
    for state in TARGET_STATES:
        assert all(say(language, f"target-state-{state.replace('_', '-')}") for language in LANGUAGES)
    data = next(one for one in found if one.measure == "res_share").as_data()
    assert data["values"][0]["facts"]
    assert data["linear"]["completion"] is None or data["linear"]["completion"] > 2024


def test_the_note_of_a_target_is_no_number(starter):
    with starter.writing() as connection:
        from jasyl.registry.tables import target

        connection.execute(sa.update(target).values(target_value=None))
    with starter.reading() as connection:
        assert {one.assessment.state for one in target_progress(connection)} == {"no_number"}
