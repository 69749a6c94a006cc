"""Ways of sharing the emission of heat and power, and the double count of a city with its own plant."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.emissions import ALLOCATIONS, allocate, compared, double_counted, supply_gap
from jasyl.texts import LANGUAGES, Refusal

GIVEN = {
    "heat_efficiency": 0.8, "power_efficiency": 0.35, "boiler_efficiency": 0.9, "condensing_efficiency": 0.4,
    "supply_kelvin": 403.15, "ambient_kelvin": 273.15, "fuel": 30.0,
}  # fmt: skip


def test_six_ways_by_hand():
    """12 heat and 6 power of 30 fuel."""
    found = {one.method: one.heat for one in compared(12.0, 6.0, **GIVEN)}
    assert set(found) == set(ALLOCATIONS)
    assert found["energy_content"] == pytest.approx(12 / 18)
    assert found["efficiency"] == pytest.approx(15 / (15 + 6 / 0.35))
    assert found["work_potential"] == pytest.approx(12 * (130 / 403.15) / (12 * 130 / 403.15 + 6))
    assert found["alternative_heat"] == pytest.approx(12 / 0.9 / 30)
    assert found["benefit_sharing"] == pytest.approx((12 / 0.9) / (12 / 0.9 + 6 / 0.4))
    assert found["all_power"] == 0
    assert [one.method for one in compared(12.0, 6.0)] == ["energy_content", "all_power"]


@given(st.floats(1e-3, 1e12), st.floats(1e-3, 1e12))
def test_shares_sum_to_one(heat, power):
    for one in compared(heat, power, **{**GIVEN, "fuel": (heat + power) / 0.85}):
        assert one.heat + one.power == pytest.approx(1)
        assert 0 <= one.heat <= 1


def test_without_heat_or_power_there_is_nothing_to_share():
    for method in ("energy_content",):
        assert allocate(method, 5.0, 0.0).heat == 1
        assert allocate(method, 0.0, 5.0).power == 1


def test_energy_supplied_and_energy_used_in_one_sum_count_twice():
    both = {"I.4.4": 5e9, "I.1.2": 1e9, "I.2.2": 0.0, "I.1.1": 3e8, "II.1.2": 1e6}
    assert double_counted(both) == ("I.4.4", "I.1.2", "II.1.2")
    assert double_counted({"I.1.1": 1.0, "I.1.2": 2.0}) == ()
    assert double_counted({"I.4.4": 1.0, "I.1.1": 2.0}) == ()
    assert supply_gap(100, 80, 15, 5) == 0
    assert supply_gap(100, 90, 15) == pytest.approx(-0.05)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: allocate("fair", 1, 1), "chp-method"),
        (lambda: allocate("energy_content", -1, 1), "chp-output"),
        (lambda: allocate("energy_content", 0, 0), "chp-output"),
        (lambda: allocate("efficiency", 1, 1), "chp-parameter"),
        (lambda: allocate("all_power", 1, 1, fuel=3), "chp-parameter"),
        (lambda: allocate("efficiency", 1, 1, heat_efficiency=80, power_efficiency=0.35), "chp-parameter"),
        (lambda: allocate("work_potential", 1, 1, supply_kelvin=273, ambient_kelvin=280), "chp-parameter"),
        (lambda: allocate("alternative_heat", 30, 1, boiler_efficiency=0.9, fuel=20), "chp-parameter"),
        (lambda: supply_gap(0, 1, 1), "chp-output"),
    ],
)
def test_impossible_sharing_is_refused_by_name(act, code):
    with pytest.raises(Refusal) as refused:
        act()
    assert refused.value.code == code
    assert all(refused.value.text(language) for language in LANGUAGES)
