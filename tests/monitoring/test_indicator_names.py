"""Every indicator that upkeep can find outdated has a name of its own in each language."""

import pytest

from jasyl.figures import methods
from jasyl.monitoring import DYNAMICS_INDICATORS
from jasyl.monitoring.facility_figures import INDICATORS
from jasyl.monitoring.forecast_figures import FORECAST_INDICATORS
from jasyl.monitoring.indicator_names import indicator_name
from jasyl.monitoring.savings_figures import SAVINGS_INDICATORS
from jasyl.texts import LANGUAGES

ASKED = (*INDICATORS, *SAVINGS_INDICATORS, *DYNAMICS_INDICATORS, *FORECAST_INDICATORS)
# Two methods may give the same indicator (a performance ratio by the atlas and by an own meter).
EVERY = {one.indicator for one in methods() if one.id in ASKED}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_words_and_differ(language):
    names = {indicator: indicator_name(indicator, language) for indicator in EVERY}
    assert not {indicator for indicator, name in names.items() if indicator in name}
    assert len(set(names.values())) == len(names)


def test_a_name_says_what_it_is_about():
    assert indicator_name("savings.heat_consumed", "ru").startswith("Экономия")
    assert indicator_name("something.of.a.later.release", "en") == "something.of.a.later.release"
