"""P50 and P90 over years."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from jasyl.atlas import exceedance
from jasyl.texts import Refusal


def test_few_years_take_the_normal_distribution():
    years = np.array([0.30, 0.33, 0.28, 0.35, 0.31, 0.29])
    found = exceedance(years, 0.9)
    assert found.method == "normal"
    assert found.years == 6
    assert found.values == pytest.approx(years.mean() + norm.ppf(0.1) * years.std(ddof=1))
    assert exceedance(years, 0.5).values == pytest.approx(years.mean())


def test_many_years_speak_for_themselves():
    years = np.random.default_rng(1).uniform(0.2, 0.4, (40, 3))
    found = exceedance(years, 0.9)
    assert found.method == "quantile"
    np.testing.assert_allclose(found.values, np.quantile(years, 0.1, axis=0))


@given(st.lists(st.floats(0, 1), min_size=5, max_size=60))
def test_p90_is_never_above_p50(years: list[float]):
    assert exceedance(years, 0.9).values <= exceedance(years, 0.5).values + 1e-12


def test_missing_years_and_too_few():
    holed = np.full((6, 2), 0.3)
    holed[2, 1] = np.nan
    assert np.isnan(exceedance(holed, 0.9).values).tolist() == [False, True]
    assert exceedance([0.31], 0.5).values == pytest.approx(0.31)
    for years, probability in (([0.3] * 4, 0.9), ([], 0.5), ([0.3] * 9, 1.0)):
        with pytest.raises(Refusal):
            exceedance(years, probability)
