"""Units: exact conversion, spellings of three languages."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.quantities import UNITS, base_unit, convert, unit
from jasyl.texts import LANGUAGES, Refusal

values = st.decimals(min_value="-1e12", max_value="1e12", allow_nan=False, places=6)
same_dimension = st.sampled_from(sorted(UNITS)).flatmap(
    lambda code: st.tuples(
        st.just(UNITS[code]), st.sampled_from([u for u in UNITS.values() if u.dimension == UNITS[code].dimension])
    )
)


@given(values, same_dimension)
def test_converting_there_and_back_gives_the_value(value, pair):
    one, other = pair
    there = convert(value, one, other)
    assert abs(convert(there, other, one) - value) <= abs(value) * Decimal("1e-24")


@pytest.mark.parametrize(
    ("written", "code"),
    [
        ("МВт", "MW"),
        ("кВт·ч", "kW.h"),
        ("кВт·сағ", "kW.h"),
        ("MWh", "MW.h"),
        ("т/год", "t/a"),
        ("м³", "m3"),
        ("Гкал/ч", "Gcal_IT/h"),
        ("мкг/м³", "ug/m3"),
        ("µg/m3", "ug/m3"),
        (" k W ", "kW"),
    ],
)
def test_usual_spellings_are_understood(written, code):
    assert unit(written).ucum == code


def test_known_conversions():
    assert convert("1", UNITS["GW.h"], UNITS["kW.h"]) == 1_000_000
    # International table calorie (ISO 80000-5): 1 Gcal = 4.1868 GJ = 1163 kWh
    assert convert("1", UNITS["Gcal_IT"], UNITS["kW.h"]) == 1163
    assert convert("2.5", UNITS["t"], UNITS["kg"]) == 2500
    assert convert("0.035", UNITS["mg/m3"], UNITS["ug/m3"]) == 35
    assert base_unit("energy").ucum == "W.h"


def test_letter_case_matters_and_unknown_units_are_refused():
    with pytest.raises(Refusal) as refused:
        unit("mw")
    assert refused.value.code == "unknown-unit"
    with pytest.raises(Refusal) as refused:
        convert(1, UNITS["kW"], UNITS["kW.h"])
    assert refused.value.code == "unit-dimension"
    assert [refused.value.what(one).count("·") for one in LANGUAGES] == [1, 1, 0]
    assert refused.value.what("en").startswith("kW cannot be converted to kWh")


def test_every_unit_is_written_in_every_language_and_read_back():
    for one in UNITS.values():
        for language in LANGUAGES:
            written = one.written(language)
            if written.strip():
                assert unit(written).dimension == one.dimension


def test_each_dimension_has_exactly_one_base_unit():
    for dimension in {one.dimension for one in UNITS.values()} - {"mass per year", "volume per day"}:
        assert sum(one.factor == 1 for one in UNITS.values() if one.dimension == dimension) == 1
