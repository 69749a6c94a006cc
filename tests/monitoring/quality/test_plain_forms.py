"""Checks are written to be quick; each says bit by bit what its plain form says, on sound series and spoilt ones."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from jasyl.atlas.solar.position import elevation_azimuth
from jasyl.monitoring.quality import find_check
from jasyl.monitoring.quality.findings import around, median, middle_of
from jasyl.monitoring.quality.observation import sun_over
from jasyl.monitoring.quality.trial import faulty_series, sound_series
from jasyl.monitoring.quality.trial_courses import laid

from . import plain_checks

QUICK = ("clipping", "factor-1000", "groups-disagree", "night-flow", "power-curve", "repeated-day", "soiling-step",
         "twin-series")  # fmt: skip
VALUES = st.one_of(st.just(np.nan), st.integers(-4, 4).map(float), st.floats(-1e9, 1e9))


def said(check, seen):
    """What a check and its plain form say of a series to which it applies, else nothing."""
    if not check.applies(seen):
        return None
    with np.errstate(invalid="ignore", divide="ignore"):
        plain = getattr(plain_checks, check.id.replace("-", "_"))(seen, check.settings())
    return check.ask(seen), plain


@pytest.fixture(scope="module")
def sound():
    return list(sound_series(22, 1))


@pytest.mark.parametrize("name", QUICK)
def test_what_a_check_says_is_what_its_plain_form_says(name, sound):
    check = find_check(name)
    told = asked = 0
    for seen in [*(faulty_series(name, 21, nth).seen for nth in range(4)), *sound]:
        for one in (seen, spoilt(seen, 1)):
            answer = said(check, one)
            if answer is not None:
                assert answer[0] == answer[1]
                told, asked = told + len(answer[0]), asked + 1
    assert told and asked > 3


def spoilt(seen, seed):
    """The series with gaps, zeros, copied and thousandfold days, and a twin that agrees for some days."""
    random = np.random.default_rng(seed)
    reading, day = seen.reading.copy(), 86_400 // seen.series.interval_seconds
    for _ in range(4):
        at, to = (int(each) * day for each in random.integers(0, len(seen) // day - 3, 2))
        reading[to : to + day] = reading[at : at + day]
        at = int(random.integers(0, len(seen) - day))
        reading[at : at + int(random.integers(1, day))] = random.choice([np.nan, 0.0])
        at = int(random.integers(0, len(seen) // day)) * day
        reading[at : at + day] *= random.choice([1000.0, 0.001, 1.0])
    around = {name: getattr(seen, name) for name in ("family", "place", "irradiance", "wind", "parts")}
    again = laid(seen.series, seen.start, reading, **around)
    twin = again.rate.copy()
    twin[: len(twin) // 2] += random.choice([0.0, 1.0])
    return replace(again, twins={"twin": twin})


@given(arrays(np.float64, array_shapes(min_dims=1, max_dims=2, min_side=0, max_side=70), elements=VALUES), st.data())
@settings(max_examples=60, deadline=None)
def test_median_is_that_of_the_values_that_are_there(values, data):
    axis = data.draw(st.integers(0, values.ndim - 1))
    lines = [values] if values.ndim == 1 else list(np.moveaxis(values, axis, -1))
    np.testing.assert_array_equal(median(values, axis).ravel(), [plain_checks.middle(line) for line in lines])
    np.testing.assert_array_equal(middle_of(np.nan_to_num(values.ravel())), plain_checks.middle(np.nan_to_num(values)
                                  .ravel()))  # fmt: skip


@given(arrays(np.float64, st.integers(1, 40), elements=VALUES), st.integers(1, 15))
@settings(max_examples=100, deadline=None)
def test_around_leaves_the_row_itself_out(values, reach):
    plain = [
        plain_checks.middle(np.r_[values[max(at - reach, 0) : at], values[at + 1 : at + 1 + reach]])
        for at in range(len(values))
    ]
    np.testing.assert_array_equal(around(values, reach), plain)


def test_the_sun_is_that_of_the_atlas():
    start = 1_735_671_600_000_000 + 900_000_000 * np.arange(500)
    sun = sun_over(start, 900_000_000, 71.4, 51.1)
    np.testing.assert_array_equal(sun.middle, elevation_azimuth(int(start[0]), 900_000_000, 500, 71.4, 51.1)[0])
    edges = elevation_azimuth(int(start[0]) - 450_000_000, 900_000_000, 501, 71.4, 51.1)[0]
    np.testing.assert_array_equal(sun.highest, np.maximum(sun.middle, np.maximum(edges[:-1], edges[1:])))
