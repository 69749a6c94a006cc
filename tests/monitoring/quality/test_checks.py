"""Single checks in closed form: where a threshold lies, what is no fault, what the evidence says."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from tests.monitoring.quality.plant import BEGIN, DAY, HOUR, PLACE, clear_days
from tests.monitoring.world import a_series

from jasyl.monitoring.quality import checks, find_check
from jasyl.monitoring.quality.findings import Finding, around, mask_of, median, runs
from jasyl.monitoring.quality.observation import Observed, grid_of, observed, rate_of, sun_over
from jasyl.monitoring.quality.trial_courses import laid
from jasyl.monitoring.segments import Readings
from jasyl.texts import LANGUAGES, Refusal, say


def seen_as(values, *, start=BEGIN, family="", around=None, **changes):
    given = {"interval_seconds": 3600, "capacity_base": Decimal(1000)} | changes
    series = a_series(1, **given)
    starts = start + series.interval * np.arange(len(values))
    return laid(series, starts, np.asarray(values, float), family=family, **(around or {}))


def ask(name, seen, **settings):
    check = find_check(name)
    return check.ask(seen, check.settings(**settings))


def test_the_catalogue_says_what_each_check_is():
    assert len(checks()) >= 20
    for each in checks():
        said = each.as_data()
        assert "incident" in said["story"]
        assert "Blind to" in said["story"]
        assert said["severity"] in {"suspect", "wrong"}
        assert all(one["unit"] and one["meaning"] for one in said["parameters"])
        assert each.name == f"{each.id}@{each.version}"
        assert all(say(language, f"check-{each.id}") for language in LANGUAGES)
    with pytest.raises(Refusal) as refused:
        find_check("nonsense")
    assert refused.value.code == "unknown-check"


def test_nominal_power_times_its_margin_is_believed():
    seen = seen_as([1000, 1099, 1101, np.nan, 1000])
    assert ask("capacity", seen) == [Finding(2, 3)]
    assert ask("capacity", seen, margin=1.2) == []
    quarter = seen_as([275, 276], interval_seconds=900)
    assert ask("capacity", quarter) == [Finding(1, 2)]
    assert ask("capacity", seen_as([5000], quantity="electricity_consumed")) == []
    assert ask("capacity", seen_as([5000], capacity_base=None)) == []


def test_a_plant_at_rest_may_draw_a_little():
    assert ask("negative", seen_as([0, -19, -21, 5])) == [Finding(2, 3)]
    assert ask("negative", seen_as([0, -1], quantity="water_consumed", capacity_base=None)) == [Finding(1, 2)]


def test_a_gap_is_where_nothing_stands():
    assert ask("gap", seen_as([1, np.nan, np.nan, 4, np.nan, 6])) == [Finding(1, 3), Finding(4, 5)]
    assert ask("gap", seen_as([1, np.nan, 3]), least=2) == []


def test_a_reading_that_came_before_its_interval_ended():
    seen = seen_as([1, 2, 3])
    early = replace(seen, received=np.array([seen.start[1], seen.start[2] - 60_000_000, seen.start[2] + HOUR // 2]))
    assert ask("unfinished", early) == [Finding(2, 3)]


@pytest.mark.parametrize(("exchange", "evidence"), [(1000.0, "× 1000"), (0.001, "÷ 1000")])
def test_a_day_of_another_unit(exchange, evidence):
    value = np.tile(np.r_[np.zeros(8), np.full(10, 40.0), np.zeros(6)], 20) * np.repeat(np.linspace(0.8, 1.2, 20), 24)
    value[240:264] *= exchange
    found = ask("factor-1000", seen_as(value, quantity="waste_received", capacity_base=None))
    assert found == [Finding(240, 264, evidence)]
    value[240:264] *= 1 / 8 if exchange > 1 else 8  # 125 times is something else
    assert ask("factor-1000", seen_as(value, quantity="waste_received", capacity_base=None)) == []


def test_equal_values_are_judged_by_how_often_neighbours_are_equal():
    random = np.random.default_rng(1)
    fine = random.uniform(100, 900, 500)
    fine[200:206] = 500.0
    assert ask("frozen", seen_as(fine)) == [Finding(200, 206, "6")]
    coarse = random.integers(1, 4, 500).astype(float) * 100  # every third neighbour is equal
    coarse[200:206] = 200.0
    assert ask("frozen", seen_as(coarse)) == []
    coarse[300:340] = 200.0
    assert mask_of(ask("frozen", seen_as(coarse)), 500)[300:340].all()
    regulated = fine.copy()
    regulated[200:230] = 1000.0
    assert ask("frozen", seen_as(regulated)) == []
    assert ask("frozen", seen_as(np.zeros(100))) == []


def counter(values, **changes):
    return seen_as(values, kind="counter", **changes)


def test_a_register_that_passes_its_end_is_recognised_by_the_power_it_passed():
    values = (np.arange(60) * 700.0 + 99_980_000) % 10**8
    (found,) = ask("counter-restart", counter(values))
    assert found.evidence == "10^8"
    assert values[found.first] > values[found.first + 1]
    assert np.isnan(counter(values).rate[found.first])  # no sum takes the step


def test_a_new_meter_begins_low_and_is_not_guessed():
    values = np.r_[5_000_000 + np.arange(30) * 700.0, 12 + np.arange(30) * 700.0]
    assert ask("counter-restart", counter(values)) == [Finding(29, 30, "0")]
    assert ask("counter-jump", counter(values)) == []


def test_a_strayed_register_spoils_the_steps_into_and_out_of_it():
    values = 5_000_000 + np.arange(60) * 700.0
    values[30:32] += 80_000
    assert ask("counter-jump", counter(values)) == [Finding(29, 32, "astray")]
    values[30:32] -= 160_000
    assert ask("counter-jump", counter(values)) == [Finding(29, 32, "astray")]
    assert ask("counter-restart", counter(values)) == []
    leapt = 5_000_000 + np.arange(60) * 700.0
    leapt[30:] += 80_000
    assert ask("counter-jump", counter(leapt)) == [Finding(29, 30, "leap")]
    assert ask("counter-jump", counter(leapt[:2])) == []
    gone = 5_000_000 + np.arange(60) * 700.0
    gone[20:40] = np.nan  # after a gap the step may be as large as the time that passed
    assert ask("counter-jump", counter(gone)) == []


def test_the_sun_says_when_a_solar_plant_is_dark():
    start, value = clear_days(3)
    series = a_series(1, interval_seconds=3600, capacity_base=Decimal(1_000_000))
    value[24 + 1] = 6_000  # one o'clock at night, 0.6 %
    seen = laid(series, start, value.astype(float), family="solar", place=PLACE)
    assert ask("night-output", seen) == [Finding(25, 26)]
    assert ask("night-output", replace(seen, family="wind")) == []
    assert ask("night-output", replace(seen, place=None)) == []


@pytest.mark.parametrize("hours", [-5, -1, 1, 5, 7])
def test_a_shift_is_told_with_its_hours(hours):
    start, value = clear_days(20)
    series = a_series(1, interval_seconds=3600, capacity_base=Decimal(1_000_000))
    seen = laid(series, start, np.roll(value, hours).astype(float), family="solar", place=PLACE)
    found = ask("time-shift", seen)
    assert {each.evidence for each in found} == {f"{hours:+d} h"}
    assert mask_of(found, len(seen))[24:-24].all()


def test_half_an_hour_is_a_place_and_not_a_clock():
    start, value = clear_days(30)
    series = a_series(1, interval_seconds=3600, capacity_base=Decimal(1_000_000))
    seen = laid(series, start, value.astype(float), family="solar", place=(PLACE[0] - 22.5, PLACE[1]))
    assert ask("time-shift", seen) == []
    found = ask("wrong-place", seen)
    (noon,) = {float(each.evidence.partition(" h")[0]) for each in found}
    assert noon == pytest.approx(-1.5, abs=0.25)  # hours as intervals show a quarter of an hour
    assert mask_of(found, len(seen)).mean() > 0.9


def test_water_at_night_is_told_from_the_first_of_two_nights():
    day = np.r_[np.full(6, 1.0), np.full(17, 10.0), 3.0]
    value = np.tile(day, 30)
    value[20 * 24 :] += 4.0
    seen = seen_as(value, quantity="water_consumed", capacity_base=None)
    assert ask("night-flow", seen) == [Finding(480, 720)]
    value[20 * 24 :] -= 4.0
    value[20 * 24 : 21 * 24] += 4.0  # one night is a hydrant
    assert ask("night-flow", seen_as(value, quantity="water_consumed", capacity_base=None)) == []


def test_parts_may_lose_the_same_share_all_the_time():
    value = 500 + 300 * np.sin(np.arange(400) / 4)
    parts = value * 0.97
    parts[100:110] *= 0.5
    seen = seen_as(value, around={"parts": parts})
    assert ask("groups-disagree", seen) == [Finding(100, 110)]
    assert ask("groups-disagree", seen_as(value)) == []


def test_checks_say_nothing_of_what_they_do_not_know():
    short = seen_as([1.0, 2.0], family="solar", around={"place": PLACE, "irradiance": np.zeros(2)})
    dark = seen_as(np.zeros(24 * 30), family="solar", around={"place": PLACE, "irradiance": np.zeros(720)})
    blowing = seen_as(np.random.default_rng(2).uniform(1, 900, 30), family="wind", around={"wind": np.full(30, np.nan)})
    empty = seen_as(np.full(24, np.nan), quantity="water_consumed", around={"parts": np.zeros(24)}, capacity_base=None)
    for each in checks():
        for seen in (short, dark, blowing, empty):
            if each.id not in {"gap", "zero-for-gap"}:
                assert each.ask(seen) == [], each.id


def test_days_as_intervals_begin_at_local_midnight_across_the_change_of_2024():
    series = a_series(1, interval_seconds=86_400, kind="amount")
    first, last = 1_708_970_400_000_000, 1_709_406_000_000_000  # 2024-02-27 00:00+06, 2024-03-03 00:00+05
    grid = grid_of(first, last, series)
    assert np.diff(grid).tolist() == [DAY, DAY, DAY + HOUR, DAY, DAY]
    readings = Readings(*(np.asarray(each) for each in (np.ones(6), grid, np.arange(6), np.ones(6), np.ones(6))))
    seen = observed(series, readings, {1: 7})
    assert seen.reading.tolist() == [0, 1, 2, 3, 4, 5]
    assert seen.received.tolist() == [7] * 6
    assert seen.day.tolist() == [0, 1, 2, 3, 4, 5]
    assert seen.sun is None
    assert seen.weekday[0] == 1  # a Tuesday


def test_rates_are_per_hour_whatever_the_kind():
    values = np.array([100.0, 150.0, 120.0, 130.0])
    quarter = {"interval_seconds": 900}
    assert rate_of(values, a_series(1, **quarter)).tolist() == [400, 600, 480, 520]
    assert rate_of(values, a_series(1, kind="mean", **quarter)).tolist() == values.tolist()
    np.testing.assert_array_equal(rate_of(values, a_series(1, kind="counter", **quarter)), [200, np.nan, 40, np.nan])


def test_masks_and_medians():
    assert runs(np.array([1, 1, 0, 1], bool), "x", least=2) == [Finding(0, 2, "x")]
    rows = np.array([[1.0, np.nan], [3.0, 4.0], [np.nan, np.nan], [7.0, 6.0]])
    np.testing.assert_array_equal(median(rows, 0), np.nanmedian(rows, axis=0))
    np.testing.assert_array_equal(median(rows, 1), [1, 3.5, np.nan, 6.5])
    np.testing.assert_array_equal(around(rows[:, 0], 1), [3, 1, 5, np.nan])


def test_the_sun_agrees_with_pvlib():
    import pandas as pd
    from pvlib.solarposition import get_solarposition

    start = BEGIN + HOUR * np.arange(48)
    sun = sun_over(start, HOUR, *PLACE)
    moments = pd.to_datetime(start + HOUR // 2, unit="us", utc=True)
    theirs = get_solarposition(moments, PLACE[1], PLACE[0])["elevation"].to_numpy()
    assert np.abs(sun.middle - theirs).max() < 0.02


def test_frozen_values_agree_with_pvanalytics():
    import pandas as pd
    from pvanalytics.quality import gaps

    random = np.random.default_rng(3)
    values = random.uniform(100, 900, 400)
    values[50:62] = values[50]
    values[300:330] = values[300]
    index = pd.date_range("2025-06-01", periods=400, freq="h", tz="UTC")
    theirs = gaps.stale_values_round(pd.Series(values, index), window=6, decimals=6, mark="all").to_numpy()
    ours = mask_of(ask("frozen", seen_as(values)), 400)
    np.testing.assert_array_equal(ours, theirs)


def test_clipping_agrees_with_pvanalytics():
    import pandas as pd
    from pvanalytics.features import clipping

    start, value = clear_days(20)
    held = np.minimum(value, 500_000).astype(float)
    series = a_series(1, interval_seconds=3600, capacity_base=Decimal(1_000_000))
    ours = mask_of(ask("clipping", Observed(series, start, held, held, start + 2 * HOUR, "solar", PLACE)), len(held))
    index = pd.DatetimeIndex(pd.to_datetime(start, unit="us", utc=True)).tz_convert("Asia/Almaty")
    theirs = clipping.geometric(pd.Series(held, index), freq="h", tracking=False).to_numpy()
    assert ours[held == 500_000].all()
    # Theirs leaves out the edges of a flat top and adds what lies within 2 % of it.
    assert np.mean(ours == theirs) > 0.95
