"""Factors as facts: whole, sourced, chosen by name; traps of coal, grid and potentials have no default."""

import csv
import os
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from jasyl.emissions import (
    GWP_SETS,
    SECTORS,
    Stated,
    calorific_options,
    calorific_value,
    carbon_dioxide_equivalent,
    combustion_factor,
    emission_factors,
    energy_factors,
    factor,
    factor_name,
    find_factors,
    fuel,
    fuels,
    gases,
    grid_factor,
    gwp,
    heat_factor,
    one_set,
    potential,
)
from jasyl.texts import LANGUAGES, Refusal


def reference() -> Path | None:
    shared = os.environ.get("JASYL_SHARED_DATA")
    roots = [Path(shared).parent] if shared else [parent / "shared" for parent in Path(__file__).parents]
    found = [root / "reference" / "emission_factors.csv" for root in roots]
    return next((file for file in found if file.is_file()), None)


def test_all_factors_stand_once_with_source_and_confidence():
    every = emission_factors()
    tier1 = [one for one in every if one.id.startswith("t1.")]
    assert len(every) - len(tier1) == 1060
    assert len({one.id for one in every}) == len(every)
    assert [one.id for one in tier1 if one.confirmed] == ["t1.steel.global_average", "t1.enteric.goats"]
    assert all(one.source and one.confidence and one.group and one.region in {"world", "KAZ"} for one in every)
    assert sum(one.group == "stationary_combustion" for one in every) == 648
    assert [one.id for one in every if not one.written] == ["heat.alloc.chp"]
    assert len({one.digest for one in every}) == len(every)


def test_every_number_is_that_of_the_reference_table():
    file = reference()
    if file is None:
        pytest.skip("the reference tables are not on this machine")
    with file.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines):
            found = factor(row["factor_id"])
            assert (found.written, found.unit, found.source) == (row["value"], row["unit"], row["source"])
            assert (found.low is None) == (row["low"] == "")
            assert found.group == row["group"]


def test_a_factor_by_fuel_sector_and_gas():
    assert len(fuels()) == 54
    for one in fuels():
        for sector in SECTORS[:4]:
            for gas in ("CO2", "CH4", "N2O"):
                assert combustion_factor(one.key, gas, sector).unit == "kg/TJ"
    assert combustion_factor("natural_gas", "CO2", "energy_industries").value == 56100
    assert combustion_factor("natural_gas", "CH4", "residential_agri_stationary").value == 5
    assert combustion_factor("natural_gas", "CH4", "road").value == 92
    assert combustion_factor("diesel_oil", "CO2", "road").value == 74100
    assert combustion_factor("motor_gasoline", "CH4", "road", "uncontrolled").value == 33
    assert Counter(one.biogenic for one in fuels())[True] == 11
    assert fuel("wood_wood_waste").biogenic
    assert not fuel("peat").biogenic


def test_carbon_content_and_co2_factor_agree():
    """44/12 of the carbon is the CO2 (IPCC 2006, volume 2, 1.4.2.1): two tables of one book check each other."""
    for one in fuels():
        carbon = find_factors("fuel_carbon_content", item=one.item)[0].value
        co2 = combustion_factor(one.key, "CO2", "energy_industries").value
        assert co2 == pytest.approx(carbon * 1000 * 44 / 12, rel=0.02), one.key


def test_regions_are_not_widened():
    own = find_factors(region="KAZ")
    assert len(own) == 27
    assert find_factors("fuel_ncv", region="KAZ") == ()
    assert {one.group for one in own} >= {"grid_electricity", "district_heat", "fuel_ncv_kaz"}


def test_unconfirmed_factors_are_never_offered_without_being_named():
    unconfirmed = {one.id for one in emission_factors() if not one.confirmed}
    assert "grid.kaz.kaz_ets_electricity_benchmark.2021" in unconfirmed
    assert not unconfirmed & {one.id for one in energy_factors()}
    used = {
        combustion_factor(one.key, gas, sector).id
        for one in fuels()
        for gas in ("CO2", "CH4")
        for sector in SECTORS[:4]
    }
    assert not unconfirmed & used
    silent = {calorific_value(one.key).id for one in fuels() if not one.coal and calorific_options(one.key)}
    assert not unconfirmed & silent


def test_coal_has_no_default_and_the_refusal_lists_the_choices():
    for key in ("other_bituminous_coal", "lignite", "anthracite", "coking_coal", "sub_bituminous_coal"):
        with pytest.raises(Refusal) as refused:
            calorific_value(key)
        assert refused.value.code == "coal-ncv-choice"
        assert "ncv.kaz1990" in str(refused.value)
    own = calorific_value("other_bituminous_coal", "ncv.kaz1990.hard_coal_anthracite_coking_other_bitumi")
    usual = calorific_value("other_bituminous_coal", "ncv.other_bituminous_coal")
    assert usual.value / own.value == pytest.approx(1.39, abs=0.005)
    assert calorific_value("natural_gas").value == 48


def test_grid_and_heat_have_no_default():
    for ask, choice in ((grid_factor, "mix_2022"), (heat_factor, "gas_boiler_90")):
        with pytest.raises(Refusal) as refused:
            ask()
        assert choice in str(refused.value)
        assert ask(choice).key == choice
    for wrong in ("ets_benchmark", "coal_boiler_75"):
        with pytest.raises(Refusal):
            grid_factor(wrong)
    values = [one.value for one in energy_factors("electricity")]
    assert float(max(values) / min(values)) == pytest.approx(813.6 / 532)


def test_potentials_of_three_reports():
    assert [gwp(each, "N2O").value for each in GWP_SETS] == [298, 265, 273]
    assert gwp("AR4", "CH4").value == 25
    assert [gwp("AR5", "CH4", origin).value for origin in ("fossil", "biogenic", "unsplit")] == [30, 28, 28]
    assert [gwp("AR6", "CH4", origin).value for origin in ("fossil", "biogenic", "unsplit")] == [29.8, 27, 27.9]
    assert gwp("AR5", "SF6").value == 23500
    assert gases("AR4")[0] == "CO2"
    assert {"NF3", "HFC134a", "CH4"} <= set(gases("AR4"))


def test_equivalent_leaves_biogenic_co2_out_and_tells_methane_apart():
    masses = {"CO2": 100.0, "CO2_biogenic": 5000.0, "CH4": 2.0, "CH4_fossil": 1.0, "N2O": 0.5}
    assert carbon_dioxide_equivalent(masses, "AR4") == pytest.approx(100 + 3 * 25 + 149)
    assert carbon_dioxide_equivalent(masses, "AR5", "split") == pytest.approx(100 + 56 + 30 + 132.5)
    assert carbon_dioxide_equivalent(masses, "AR6", "unsplit") == pytest.approx(100 + 3 * 27.9 + 136.5)
    many = carbon_dioxide_equivalent({"CO2": np.arange(3.0), "CH4": np.ones(3)}, "AR6", "split")
    assert np.allclose(many, [27, 28, 29])
    assert potential("AR6", "CO2_biogenic") == (0.0, None)
    assert potential("AR4", "CH4_fossil") == (25.0, "gwp.ch4.ar4gwp100")
    assert one_set(["AR5", "AR5"]) == "AR5"


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: fuel("plutonium"), "fuel-unknown"),
        (lambda: combustion_factor("natural_gas", "SF6", "energy_industries"), "combustion-factor"),
        (lambda: combustion_factor("natural_gas", "CO2", "space"), "combustion-factor"),
        (lambda: combustion_factor("motor_gasoline", "CH4", "road"), "combustion-choice"),
        (lambda: calorific_value("industrial_wastes"), "fuel-ncv"),
        (lambda: calorific_value("natural_gas", "ncv.peat"), "fuel-ncv-choice"),
        (lambda: factor("heat.alloc.chp").value, "emission-factor-method"),
        (lambda: Stated(18.1, "TJ/Gg", " "), "emission-factor-stated"),
        (grid_factor, "grid-factor-choice"),
        (heat_factor, "heat-factor-choice"),
        (lambda: gwp("AR7", "CH4"), "gwp-set"),
        (lambda: gwp("AR6", "CH4"), "gwp-methane"),
        (lambda: gwp("AR5", "He"), "gwp-gas"),
        (lambda: potential("AR5", "CH4"), "gwp-methane"),
        (lambda: one_set(["AR5", "AR6"]), "gwp-mixed"),
        (lambda: one_set(["AR7"]), "gwp-set"),
    ],
)
def test_what_cannot_be_answered_is_refused_by_name(act, code):
    with pytest.raises(Refusal) as refused:
        act()
    assert refused.value.code == code
    assert all(refused.value.text(language) for language in LANGUAGES)


def test_factors_are_called_in_the_language_of_the_reader():
    """Names are made of translated parts; a symbol of the Guidelines (MCF, k) and an own id stay what they are."""
    gas = "ef.residential_agri_stationary.natural_gas.ch4"
    assert factor_name(gas, "ru") == "Природный газ, CH4, жилые здания и сельское хозяйство"
    assert factor_name(gas, "kk") == "Табиғи газ, CH4, тұрғын үйлер мен ауыл шаруашылығы"
    assert (
        factor_name("t1.enteric.dairy_cattle", "ru") == "Молочный скот, Восточная Европа, CH4, внутренняя ферментация"
    )
    assert factor_name("fod.mcf.managed_anaerobic", "kk") == "Басқарылатын анаэробты полигон, MCF"
    assert factor_name("our-laboratory", "kk") == "our-laboratory"
    for language in ("kk", "ru"):
        for one in emission_factors():
            letters = factor_name(one.id, language).lower()
            assert one.group == "gwp" or any("а" <= letter <= "я" for letter in letters), one.id
