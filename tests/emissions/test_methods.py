"""Calculation methods against closed forms of the Guidelines' equations; faults of other tools told by name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.emissions import (
    Path,
    Stated,
    aviation,
    burnt,
    carbon_balance,
    carbonate_used,
    clinker_made,
    coal_mined,
    composted,
    decay_of,
    decayed_share,
    digested,
    energy_bought,
    energy_factor,
    enteric_fermentation,
    equipment_leaks,
    factor,
    first_order_decay,
    fuel_sold,
    fuels,
    gas_delivered,
    gas_lost,
    grid_factor,
    heat_factor,
    incinerated,
    land_converted,
    landfilled,
    lime_made,
    limed,
    lost,
    lubricants_used,
    managed_soils,
    manure_methane,
    manure_nitrous_oxide,
    market_based,
    methane_commitment,
    open_burnt,
    practice_of,
    railway,
    range_of,
    refrigerant_balance,
    resident_travel,
    steel_made,
    stock_difference,
    summed,
    travelled,
    wastewater_methane,
    wastewater_nitrous_oxide,
)
from jasyl.texts import LANGUAGES, Refusal

KZ_COAL = factor("ncv.kaz1990.hard_coal_anthracite_coking_other_bitumi")
MIX = {
    "food_waste": 0.475,
    "paper_cardboard": 0.127,
    "plastics": 0.098,
    "glass": 0.097,
    "textile": 0.049,
    "metal": 0.011,
}
MIX["other_inert"] = 1 - sum(MIX.values())


def own(value, unit):
    return Stated(value, unit, "laboratory report 17, 2024")


def test_fuel_burnt_is_mass_times_calorific_value_times_factor():
    """1,000 t of hard coal of 18.58 TJ/Gg: 18.58 TJ, so 1,757.7 t CO2, 18.58 kg CH4, 27.87 kg N2O (equation 2.1)."""
    found = burnt("other_bituminous_coal", "energy_industries", mass=1e6, ncv=KZ_COAL)
    assert found.masses == pytest.approx({"CO2": 18.58 * 94600, "CH4": 18.58, "N2O": 18.58 * 1.5})
    usual = burnt("other_bituminous_coal", "energy_industries", mass=1e6, ncv=factor("ncv.other_bituminous_coal"))
    assert usual.masses["CO2"] / found.masses["CO2"] == pytest.approx(25.8 / 18.58)
    assert found.factors[0] == KZ_COAL.id
    assert len(found.factors) == 4
    assert not found.unconfirmed
    by_heat = burnt("other_bituminous_coal", "energy_industries", energy=18.58e12 / 3600)
    assert by_heat.masses == pytest.approx(found.masses)
    ash = burnt("other_bituminous_coal", "energy_industries", mass=1e6, ncv=KZ_COAL, oxidation=own(0.98, "1"))
    assert ash.masses["CO2"] == pytest.approx(0.98 * found.masses["CO2"])
    assert ash.masses["CH4"] == found.masses["CH4"]


def test_biomass_carbon_stands_apart():
    found = burnt("wood_wood_waste", "residential_agri_stationary", mass=1000.0)
    assert "CO2" not in found.masses
    assert found.masses["CO2_biogenic"] == pytest.approx(1000 * 15.6e-6 * 112000)
    assert found.equivalent("AR4") == pytest.approx(15.6e-3 * (300 * 25 + 4 * 298))


def test_arrays_and_draws_give_what_numbers_give_one_by_one():
    masses = np.array([1.0, 2.0, 5.0]) * 1e6
    many = burnt("natural_gas", "residential_agri_stationary", mass=masses)
    for at, mass in enumerate(masses):
        one = burnt("natural_gas", "residential_agri_stationary", mass=float(mass))
        assert many.masses["CO2"][at] == pytest.approx(one.masses["CO2"])
    draws = burnt("natural_gas", "energy_industries", mass=1e6).again(ncv=np.array([46.5, 50.4]))
    assert draws["CO2"] == pytest.approx([46.5 * 56100, 50.4 * 56100])
    with pytest.raises(KeyError):
        many.again(nothing=1.0)


def test_three_ways_to_the_co2_of_a_fuel_agree():
    """Carbon content of table 1.3 and the CO2 factor of table 2.2 are one fact, within their rounding."""
    for key, carbon in (("natural_gas", 15.3), ("other_bituminous_coal", 25.8), ("residual_fuel_oil", 21.1)):
        heat = burnt(key, "energy_industries", energy=1e9 / 3.6)  # 1 TJ
        balance = carbon_balance(1e6, carbon * 1000 / 1e6)
        assert heat.masses["CO2"] == pytest.approx(balance.masses["CO2"], rel=0.002)
    mixed = carbon_balance(1000.0, 0.5, oxidation=0.99, biogenic=own(0.4, "1"))
    assert mixed.masses == pytest.approx({"CO2": 495 * 44 / 12 * 0.6, "CO2_biogenic": 495 * 44 / 12 * 0.4})


def test_bought_energy_and_what_was_lost_on_the_way():
    found = energy_bought(1e9, grid_factor("mix_2022"))  # 1 GWh
    assert found.masses == pytest.approx({"CO2": 552_240})
    assert found.factors == ("grid.kaz.fuel_mix_estimate_generation_part_carbon_footpri.2022",)
    assert set(energy_bought(1e9, grid_factor("ember_2024")).masses) == {"CO2e"}
    heat = energy_bought(1163000.0, heat_factor("coal_boiler_75"))  # 1 Gcal
    assert heat.masses["CO2"] == pytest.approx(528.1)
    supplied = lost(1e9, 0.15, "supplied", energy_factor("mix_2022")).masses["CO2"]
    delivered = lost(1e9, own(15, "%"), "delivered", energy_factor("mix_2022")).masses["CO2"]
    assert delivered == pytest.approx(0.15 * 552_240)
    assert supplied / delivered == pytest.approx(1 / 0.85)


def test_market_based_takes_each_contract_with_its_own_factor():
    sun = Stated(0, "g/kWh", "certificate of the plant")
    found = market_based([(4e8, sun)], 6e8, grid_factor("mix_2022"))
    assert found.masses["CO2"] == pytest.approx(0.6 * 552_240)
    assert market_based([], 1e9, grid_factor("om")).masses == energy_bought(1e9, grid_factor("om")).masses


def test_transport_methods_agree_where_they_ask_the_same():
    sold = fuel_sold("diesel_oil", 70_000.0)
    assert sold.masses["CO2"] == pytest.approx(70_000 * 43e-6 * 74100)
    driven = travelled("diesel_oil", 1e6, own(0.07, "kg/km"))
    assert driven.masses == pytest.approx(sold.masses)
    induced = travelled("diesel_oil", 1e6, own(0.07, "kg/km"), inside=0.8, attributed=0.5)
    assert induced.masses["CO2"] == pytest.approx(0.4 * sold.masses["CO2"])
    people = resident_travel("diesel_oil", 1000, 1000.0, own(0.07, "kg/km"))
    assert people.masses == pytest.approx(sold.masses)
    plane = aviation("jet_kerosene", 1e6, factor("t1.aviation.ch4"), factor("t1.aviation.n2o"), attributed=0.25)
    assert plane.masses["CO2"] == pytest.approx(0.25e6 * 44.1e-6 * 71500)
    train = railway("diesel_oil", 1e6, factor("t1.railway.ch4"), factor("t1.railway.n2o"))
    assert train.masses["N2O"] == pytest.approx(43 * 28.6)
    assert set(train.unconfirmed) == {"t1.railway.ch4", "t1.railway.n2o"}


def test_methane_that_escapes_is_fossil():
    mine = coal_mined(1e9, factor("t1.coal.underground.mining"), factor("t1.coal.underground.after"))
    assert mine.masses == pytest.approx({"CH4_fossil": 1e6 * 20.5 * 0.67})
    assert mine.equivalent("AR6", "split") == pytest.approx(1e6 * 20.5 * 0.67 * 29.8)
    network = gas_delivered(1e6, factor("t1.gas.distribution.ch4"), factor("t1.gas.distribution.co2"))
    assert network.masses["CH4_fossil"] == pytest.approx(1800)
    leak = gas_lost(1000.0, 0.96, own(0.668, "kg/m3"))
    assert leak.masses["CH4_fossil"] == pytest.approx(641.28)


@given(st.floats(0.01, 0.4), st.integers(0, 18))
def test_closed_form_of_decay_is_the_decay_followed_year_by_year(k, delay):
    practice = practice_of("managed_anaerobic")
    one = decay_of("food").__class__(0.15, k, 0.5)
    changed = practice.__class__(practice.mcf, practice.methane, practice.oxidation, delay)
    found = first_order_decay({"food": [1000.0]}, 2000, changed, {"food": one}, years=12)
    closed = [1000 * 0.15 * 0.5 * decayed_share(k, age, delay) for age in range(12)]
    assert found.decomposed[0] == pytest.approx(closed, rel=1e-9, abs=1e-12)


def test_a_landfill_year_is_that_of_the_owner_of_decay_and_takes_draws():
    deposits = {"food": [1e6, 2e6, 3e6, 1e6], "paper": [5e5, 5e5, 5e5, 5e5]}
    decay = {kind: decay_of(kind) for kind in deposits}
    practice = practice_of("managed_anaerobic", covered=True)
    gas = first_order_decay(deposits, 2000, practice, decay, years=10, recovery=[0] * 9 + [100.0])
    found = landfilled(deposits, 2000, 2009, practice, decay, recovered=100.0)
    assert found.masses["CH4"] == pytest.approx(gas.of(2009)[2])
    assert set(found.factors) <= set(gas.factors)
    assert "fod.k.food_sewage_sludge.boreal_temperate_dry" in found.factors
    rates = np.array([0.05, 0.06, 0.08])
    drawn = found.again(k_food=rates)["CH4"]
    assert drawn[1] == pytest.approx(found.masses["CH4"])
    inside = landfilled(deposits, 2000, 2002, practice, decay)
    assert inside.masses["CH4"] == pytest.approx(first_order_decay(deposits, 2000, practice, decay).of(2002)[2])
    with pytest.raises(Refusal):
        landfilled(deposits, 2000, 2009, practice, decay, recovered=1e9)
    with pytest.raises(Refusal):
        landfilled(deposits, 2000, 1999, practice, decay)


def test_commitment_is_all_that_decay_ever_gives():
    """The closed form of the GPC is the sum of the decay over centuries, with the same DOCf (equations 8.3 and 3.1)."""
    practice = practice_of("managed_anaerobic")
    food = decay_of("food")
    ever = first_order_decay({"food": [1e6]}, 2000, practice, {"food": food}, years=600).generated.sum()
    half = factor("fod.docf_default_2006_guidelines")
    doc, mcf = factor("fod.doc.food_waste.wet"), factor("fod.mcf.managed_anaerobic")
    closed = methane_commitment(1e6, doc, mcf, half)
    assert closed.masses["CH4"] == pytest.approx(ever, rel=1e-6)
    gpc = methane_commitment(1e6, doc, mcf, factor("fod.docf_gpc_methane_commitment"), recovered=0.5, oxidation=0.1)
    assert gpc.masses["CH4"] == pytest.approx(1.2 * 0.5 * 0.9 * closed.masses["CH4"])


def test_biological_treatment():
    assert composted(1e6).masses == pytest.approx({"CH4": 4000, "N2O": 240})
    assert composted(1e6, "dry").masses == pytest.approx({"CH4": 10000, "N2O": 600})
    assert digested(1e6, recovered=300.0).masses == pytest.approx({"CH4": 500})


def test_burnt_waste_by_hand():
    """Almaty's composition, 1,000 t: fossil carbon of plastics, textiles, paper and the rest (equation 5.2)."""
    methane = factor("t1.incineration.continuous_stoker.ch4")
    found = incinerated(1e6, MIX, "continuous_semi_continuous", methane)
    other = MIX["other_inert"] * 0.9 * 0.03
    fossil = 0.098 * 0.75 + 0.049 * 0.8 * 0.5 * 0.2 + 0.127 * 0.9 * 0.46 * 0.01 + other
    total = 0.098 * 0.75 + 0.049 * 0.8 * 0.5 + 0.127 * 0.9 * 0.46 + 0.475 * 0.4 * 0.38 + other
    assert found.masses["CO2"] == pytest.approx(1e6 * fossil * 44 / 12)
    assert found.masses["CO2_biogenic"] == pytest.approx(1e6 * (total - fossil) * 44 / 12)
    assert found.masses["N2O"] == pytest.approx(50)
    outside = open_burnt(1e6, MIX)
    assert outside.masses["CO2"] == pytest.approx(0.58 * found.masses["CO2"])
    assert outside.masses["CH4"] == pytest.approx(6500)


def test_faults_of_another_tool_are_not_repeated():
    """What CityCatalyst does: 50 g N2O/t for batch plants, protein of a day for a year, population shared twice,

    whole kilograms, missing shares of carbon made up as 0.2.
    """
    methane = factor("t1.incineration.batch_stoker.ch4")
    assert incinerated(1e6, MIX, "batch", methane).masses["N2O"] == pytest.approx(60)
    year = wastewater_nitrous_oxide(1000.0)
    assert year.masses["N2O"] == pytest.approx(1000 * 97 * 365 / 1000 * 0.16 * 1.1 * 1.25 * 0.005 * 44 / 28)
    halves = [Path("a", 0.5, "aerobic_plant_overloaded"), Path("b", 0.5, "aerobic_plant_overloaded")]
    whole = [Path("a", 1.0, "aerobic_plant_overloaded")]
    assert wastewater_methane(1000.0, halves).masses == pytest.approx(wastewater_methane(1000.0, whole).masses)
    small = burnt("natural_gas", "energy_industries", mass=0.001)
    assert 0 < small.masses["N2O"] < 1e-8
    glass = incinerated(1e6, {"glass": 1.0}, "batch", methane)
    assert glass.masses["CO2"] == 0


def test_wastewater_by_hand():
    """Equations 6.1 to 6.3: 1,000 people, 60 g a day, collected with industry, overloaded plant, 0.6 x 0.3."""
    plant = wastewater_methane(1000.0, [Path("plant", 1.0, "aerobic_plant_overloaded")])
    assert plant.masses["CH4"] == pytest.approx(1000 * 60 * 0.365 * 1.25 * 0.6 * 0.3)
    own_bod = wastewater_methane(
        1000.0,
        [Path("pit", 1.0, own(0.5, "fraction"), collected=False)],
        bod=own(50, "g/person/day"),
        sludge=1000.0,
        recovered=10.0,
    )
    assert own_bod.masses["CH4"] == pytest.approx((1000 * 50 * 0.365 - 1000) * 0.6 * 0.5 - 10)
    advanced = wastewater_nitrous_oxide(1000.0, disposal_units=True, industrial=False, plant_share=0.5)
    effluent = 1000 * 97 * 0.365 * 0.16 * 1.4 * 0.005 * 44 / 28
    assert advanced.masses["N2O"] == pytest.approx(effluent + 1000 * 0.5 * 3.2 / 1000)


def test_industry_by_hand():
    assert clinker_made(1e6).masses == pytest.approx({"CO2": 520_000})
    analysed = clinker_made(1e6, of=own(0.51, "t/t clinker"), dust=own(1.02, "ratio"))
    assert analysed.masses["CO2"] == pytest.approx(520_200)
    assert lime_made(1e6, factor("t1.lime.high_calcium")).masses["CO2"] == pytest.approx(750_000)
    assert steel_made(1e6, factor("t1.steel.global_average")).masses["CO2"] == pytest.approx(1_060_000)
    mix = 0.65 * 1.46 + 0.30 * 0.08 + 0.05 * 1.72
    assert mix == pytest.approx(1.06, abs=0.005)  # the average of the Guidelines is that of its three furnaces
    assert carbonate_used(1000.0, 44.01 / 100.09).masses["CO2"] == pytest.approx(439.70, abs=0.01)
    oil = lubricants_used(1e9 / 3.6, factor("cc.lubricants"), factor("t1.lubricants.oxidised"))
    assert oil.masses["CO2"] == pytest.approx(20 * 1000 * 0.2 * 44 / 12)
    balance = refrigerant_balance("HFC134a", 100.0, 120.0, 15.0, 3.0)
    assert balance.masses == {"HFC134a": -8.0}
    assert balance.equivalent("AR5") == -8 * 1300
    assert equipment_leaks("SF6", 1000.0, own(0.02, "fraction")).equivalent("AR5") == pytest.approx(20 * 23500)


def test_land_by_hand():
    herd = {"dairy_cattle": 100.0, "sheep": 1000.0}
    digesting = enteric_fermentation(herd, {kind: factor(f"t1.enteric.{kind}") for kind in herd})
    assert digesting.masses == pytest.approx({"CH4": 14_900})
    dung = manure_methane(herd, {kind: factor(f"t1.manure.{kind}") for kind in herd})
    assert dung.masses["CH4"] == pytest.approx(1200)
    store = manure_nitrous_oxide(
        {"solid": 1000.0},
        {"solid": factor("t1.manure.solid_storage.n2o")},
        volatilised=0.3,
        indirect=factor("t1.soils.ef4"),
    )
    assert store.masses["N2O"] == pytest.approx(1000 * (0.005 + 0.003) * 44 / 28)
    fields = managed_soils(
        1000.0, 500.0, 0.0, factor("t1.soils.ef1"),
        volatile_fertiliser=factor("t1.soils.frac_gasf"), volatile_manure=factor("t1.soils.frac_gasm"),
        deposited=factor("t1.soils.ef4"), leaching=factor("t1.soils.frac_leach"), leached=factor("t1.soils.ef5"),
    )  # fmt: skip
    assert fields.masses["N2O"] == pytest.approx((15 + 2 + 450 * 0.0075) * 44 / 28)
    lime = limed(1000.0, 1000.0, factor("t1.liming.limestone"), factor("t1.liming.dolomite"))
    assert lime.masses["CO2"] == pytest.approx(250 * 44 / 12)


def test_sinks_stay_negative():
    assert stock_difference(1000.0, 1600.0, 6).masses["CO2"] == pytest.approx(-100 * 44 / 12)
    stocks = {"cropland": own(5.0, "kg C/m2"), "forest": own(9.0, "kg C/m2")}
    planted = land_converted({("cropland", "forest"): 1e6}, stocks)
    felled = land_converted({("forest", "cropland"): 1e6}, stocks)
    assert planted.masses["CO2"] == pytest.approx(-4e6 / 20 * 44 / 12)
    assert summed([planted, felled])["CO2"] == pytest.approx(0)


def test_ranges_are_published_or_called_assumed():
    found = burnt("other_bituminous_coal", "energy_industries", mass=1e6, ncv=KZ_COAL)
    kinds = {one.name: range_of(one) for one in found.inputs}
    assert kinds["mass"] is None
    assert kinds["CH4"].kind == "assumed"
    assert (kinds["CH4"].low, kinds["CH4"].high) == (pytest.approx(0.4), pytest.approx(1.6))
    assert range_of(found.inputs[-1], "L").low == 0.0  # no factor turns its sign
    assert kinds["ncv"].kind == "assumed"
    mine = coal_mined(1.0, factor("t1.coal.surface.mining"), factor("t1.coal.surface.after"))
    assert range_of(mine.inputs[1]).kind == "published"


@given(
    st.sampled_from([one.key for one in fuels() if not one.coal and one.key != "industrial_wastes"]), st.floats(0, 1e9)
)
def test_emissions_are_linear_in_the_amount(key, mass):
    one = burnt(key, "manufacturing_construction", mass=mass)
    two = burnt(key, "manufacturing_construction", mass=2 * mass)
    for species, each in one.masses.items():
        assert two.masses[species] == pytest.approx(2 * each)


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (lambda: burnt("other_bituminous_coal", "energy_industries", mass=1.0), "coal-ncv-choice"),
        (lambda: burnt("natural_gas", "energy_industries"), "burnt-amount"),
        (lambda: burnt("natural_gas", "energy_industries", mass=1.0, energy=1.0), "burnt-amount"),
        (lambda: burnt("natural_gas", "energy_industries", mass=-1.0), "emission-amount"),
        (lambda: burnt("natural_gas", "energy_industries", mass=float("nan")), "emission-amount"),
        (lambda: burnt("natural_gas", "energy_industries", mass=1.0, oxidation=1.4), "emission-share"),
        (lambda: burnt("natural_gas", "energy_industries", mass=1.0, ncv=own(8000, "kcal/kg")), "emission-factor-unit"),
        (lambda: energy_bought(1.0, own(0.5, "t/MWh")), "emission-factor-unit"),
        (lambda: lost(1.0, 1.0, "supplied", grid_factor("om")), "loss-rate"),
        (lambda: lost(1.0, 0.1, "sold", grid_factor("om")), "loss-rate"),
        (lambda: incinerated(1.0, {"gold": 1.0}, "batch", own(1, "g/t waste")), "waste-material"),
        (lambda: incinerated(1.0, {"plastics": 0.9}, "batch", own(1, "g/t waste")), "waste-composition"),
        (lambda: wastewater_methane(1.0, [Path("a", 0.9, "septic_system")]), "wastewater-paths"),
        (lambda: equipment_leaks("R-999", 1.0, own(0.1, "1")), "gwp-gas"),
        (lambda: enteric_fermentation({"cow": -1}, {"cow": own(99, "kg/head/year")}), "emission-amount"),
    ],
)
def test_what_cannot_be_calculated_is_refused_by_name(act, code):
    with pytest.raises(Refusal) as refused:
        act()
    assert refused.value.code == code
    assert all(refused.value.text(language) for language in LANGUAGES)
