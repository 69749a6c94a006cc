"""Every check against seeded faults: found at least 95 of 100, no more than one sound reading of a thousand told."""

import numpy as np
import pytest

from jasyl.monitoring.quality import checks
from jasyl.monitoring.quality.findings import mask_of
from jasyl.monitoring.quality.trial import faulty_series, sound_series, trial


@pytest.fixture(scope="module")
def figures():
    return {each.check: each for each in trial((2026, 4, 77), each=8)}


@pytest.mark.parametrize("name", [each.id for each in checks()])
def test_a_check_finds_its_faults_and_leaves_sound_readings_alone(figures, name):
    found = figures[name]
    assert found.faults == 24
    assert found.judged > 20_000
    assert found.detection >= 0.95, found
    assert found.false_alarms <= 0.001, found


@pytest.mark.parametrize("name", [each.id for each in checks()])
def test_what_is_told_is_the_fault_and_not_the_days_around_it(name):
    """Beyond the fault itself at most a tenth of the series is told (shifts and steps have blurred edges)."""
    asked = next(each for each in checks() if each.id == name)
    for nth in range(3):
        faulty = faulty_series(name, 31, nth)
        told = mask_of(asked.ask(faulty.seen), len(faulty.seen))
        assert np.count_nonzero(told & ~faulty.altered & faulty.seen.there) <= 0.1 * len(faulty.seen)


def test_the_same_seed_makes_the_same_trial():
    one, other = faulty_series("frozen", 5, 1), faulty_series("frozen", 5, 1)
    np.testing.assert_array_equal(one.seen.reading, other.seen.reading)
    assert not np.array_equal(one.seen.reading, faulty_series("frozen", 6, 1).seen.reading)
    assert len(list(sound_series(1, 1))) == 8
