"""Factors of energy and avoided emissions: known answers, the traps of Kazakhstan, the choice in the record."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.emissions import (
    AVOIDED_INDICATORS,
    avoided_emissions,
    avoided_indicator,
    baseline,
    baseline_of,
    coal_factor,
    energy_factor,
    energy_factors,
    factor_describers,
    factor_reference,
    sensitivity,
)
from jasyl.emissions.avoided import Displaced, avoided_of_energy
from jasyl.figures import Reference, find
from jasyl.registry import technologies
from jasyl.texts import LANGUAGES, Refusal

ZHANGIZTOBE = Decimal(38_900) * 1_000_000  # Wh a year, as the lenders of the plant published


def test_the_published_number_of_a_solar_plant_is_found_again_under_its_factor():
    found = avoided_emissions(ZHANGIZTOBE, energy_factor("lenders_2019"))
    assert found / 1000 == pytest.approx(31_650, rel=1e-4)


def test_other_factors_give_what_the_notes_say_of_it():
    tonnes = {one.key: float(value / 1000) for one, value in sensitivity(ZHANGIZTOBE, "electricity")}
    assert tonnes["electricity_maps_2024"] == pytest.approx(23_029, abs=1)
    assert tonnes["ember_2024"] == pytest.approx(31_190, abs=1)
    assert tonnes["cm_variable"] == pytest.approx(698 * 38.9, abs=1)


def test_sensitivity_is_in_order_and_holds_no_benchmark_nor_provisional_year():
    rows = sensitivity(Decimal(10**9), "electricity")
    values = [value for _, value in rows]
    assert values == sorted(values)
    assert not {"ets_benchmark", "mix_upstream_2022", "electricity_maps_2021"} & {one.key for one, _ in rows}
    assert energy_factor("ets_benchmark").value == 985  # known, so that it is not mistaken for another


def test_heat_follows_from_the_gigacalorie():
    # 1 Gcal = 1163 kWh exactly (1 cal = 4.1868 J)
    assert avoided_emissions(Decimal(1_163_000), energy_factor("coal_boiler_75")) == Decimal("528.100")


def test_the_default_of_coal_overstates_a_tonne_by_39_percent():
    ratio = coal_factor("coal_ipcc_bituminous") / coal_factor("coal_kz_hard")
    assert float(ratio) == pytest.approx(1.389, abs=0.001)
    assert float(coal_factor("coal_ipcc_bituminous")) == pytest.approx(2.441, abs=0.001)  # 25.8 × 94.6 / 1000
    with pytest.raises(Refusal):
        coal_factor("cm_variable")


def test_what_burns_or_stores_has_no_usual_baseline():
    assert {baseline_of(code) for code in ("RP.PV", "RP.WON")} == {"cm_variable"}
    assert baseline_of("RP.HSM") == "cm_firm"
    assert {baseline_of(code) for code in ("RP.WTE", "RP.BAT", "RP.PSH", "HT.CHP", "RP.MIN")} == {None}
    assert all(baseline_of(one.code) in {None, "cm_variable", "cm_firm"} for one in technologies())


@pytest.mark.parametrize("indicator", AVOIDED_INDICATORS)
def test_the_record_says_factor_value_and_range(indicator):
    factor = AVOIDED_INDICATORS[indicator]
    parameters = baseline(factor, "electricity.generated")
    assert Decimal(parameters.low) <= Decimal(parameters.value) <= Decimal(parameters.high)
    method = find(indicator)
    assert (method.kind, method.unit) == ("modelled", "kg")


def test_a_version_of_the_method_gives_its_numbers_for_ever():
    parameters = baseline(energy_factor("cm_variable"), "electricity.generated")
    found = avoided_of_energy(parameters, Displaced(Decimal("123456789.012"), Decimal("0.5"), Decimal(1000)))
    assert (found.value, found.completeness, found.uncertainty) == (
        Decimal("86172.839"), Decimal("0.5"), Decimal("0.698"),
    )  # fmt: skip
    assert avoided_of_energy(parameters, Displaced(None, Decimal(0))).value is None


@given(st.decimals(0, 10**13, places=3), st.sampled_from([one.key for one in energy_factors("electricity")]))
def test_twice_the_energy_avoids_twice_as_much(energy, key):
    factor = energy_factor(key)
    assert abs(avoided_emissions(energy * 2, factor) - 2 * avoided_emissions(energy, factor)) <= Decimal("0.002")


def test_every_factor_has_a_source_and_a_name_in_three_languages():
    for one in energy_factors(offered=False):
        assert one.source
        assert len({one.name(language) for language in LANGUAGES}) == 3
        assert one.digest != energy_factor("cm_variable").digest or one.key == "cm_variable"
        assert one.as_data()["source"] == one.source


def test_a_passport_tells_the_factor_and_whether_it_is_still_the_same():
    describe = factor_describers()["emission_factor"]
    reference = factor_reference(energy_factor("om"))
    said = describe(None, reference).values
    assert (said["value"], said["year"], said["current"]) == ("797", 2021, True)
    assert describe(None, Reference("emission_factor", "om", "0" * 64)).values["current"] is False
    assert "digest" in describe(None, Reference("emission_factor", "gone", "0" * 64)).values


def test_an_unknown_factor_is_refused():
    with pytest.raises(Refusal) as refusal:
        energy_factor("mine")
    assert refusal.value.code == "emission-factor-unknown"
    assert avoided_indicator("om") == "emissions.avoided.om"
