"""City inventories: structure, known answers, three totals apart, every fault with its cell and remedy."""

import math
import re
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jasyl.emissions.inventory import (
    Activity,
    Allocation,
    Calculation,
    Inventory,
    LandfillData,
    OwnFactor,
    Population,
    Statement,
    WastewaterData,
    WastewaterPath,
    cell,
    cells,
    evaluate,
    findings,
    in_set,
    inventory_of,
    inventory_schema,
    read_inventory,
    refused,
    sector_name,
    series_in_set,
    subsectors,
)
from jasyl.emissions.inventory.almaty import almaty_inventory
from jasyl.emissions.inventory.training import TRAINING_YEARS, training_inventory
from jasyl.texts import LANGUAGES, Refusal, Where

NCV = "ncv.kaz1990.hard_coal_anthracite_coking_other_bitumi"
COAL = {gas: (f"ef.energy_industries.other_bituminous_coal.{gas.lower()}",) for gas in ("CO2", "CH4", "N2O")}
replace = msgspec.structs.replace


def coal(identifier="coal", ref="I.1.1", amount="1000", **changed):
    said = {"name": "coal", "source": "test", "quality": "M", "factor_quality": "L", "unit": "t", "through": (NCV,)}
    return Activity(**{**said, "id": identifier, "ref": ref, "amount": Decimal(amount), "gases": COAL, **changed})


def masses(ref, calculation=None, omitted=None, **kg):
    """An activity whose masses are given."""
    return Activity(
        id="m", ref=ref, name="m", source="test", quality="M", factor_quality="L", calculation=calculation,
        masses={gas: Decimal(mass) for gas, mass in kg.items()}, omitted=omitted or {},
    )  # fmt: skip


def wastewater(people="800", share="1"):
    """How masses of wastewater came about."""
    path = WastewaterPath(name="all", share=Decimal(share), mcf="septic_system", collected=False)
    return Calculation(method="wastewater", data=WastewaterData(people=Decimal(people), paths=(path,)))


def landfill(kind="food", tonnes=("100", "100")):
    """How methane of a landfill came about."""
    data = LandfillData(
        first_year=2022, climate="boreal_temperate_dry", management="managed_anaerobic",
        deposits={kind: tuple(map(Decimal, tonnes))},
    )  # fmt: skip
    return Calculation(method="first_order_decay", data=data)


def inventory(*activities, **changed):
    """A whole inventory: what has no activity does not occur."""
    numbered = {one.ref for one in activities}
    stated = {one.ref for one in changed.get("cells", ())}
    keys = tuple(
        Statement(ref=one.ref, key="NO") for one in cells() if one.ref not in numbered | stated and not one.optional
    )
    said = {
        "form": "ghg-inventory/1", "place": "KZ-75", "year": 2023, "boundary": "b", "gwp_set": "AR5",
        "methane": "unsplit", "population": Population(value=Decimal(1000), source="test"), "author": "a",
        "road_method": "fuel_sales", "landfill_method": "first_order_decay", "activities": activities,
    }  # fmt: skip
    return Inventory(**{**said, **changed, "cells": (*changed.get("cells", ()), *keys)})


def codes(of, level="error"):
    return [one.code for one in findings(of) if one.level == level]


# --- structure


def test_the_protocol_has_54_cells_and_three_totals():
    assert len(cells()) == 54
    assert [one.ref for one in cells()][:4] == ["I.1.1", "I.1.2", "I.1.3", "I.2.1"]
    assert len(subsectors()) == 23
    assert [one.ref for one in cells() if one.territorial and not one.basic_plus] == [
        "I.4.4", "III.1.3", "III.2.3", "III.3.3", "III.4.3",
    ]  # fmt: skip
    assert all(one.basic_plus for one in cells() if one.basic)
    assert all(one.scope == 1 for one in cells() if one.territorial)
    assert {one.ref for one in cells() if not one.basic_plus and not one.territorial} == {"VI.1"}


def test_a_reference_without_its_points_is_refused_with_the_right_one():
    with pytest.raises(Refusal) as refusal:
        cell("I.63")
    assert refusal.value.arguments["expected"] == "I.6.3"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sector_and_subsector_has_a_name(language):
    assert all(one.name(language) for one in cells())
    assert sector_name("VI", language)


# --- numbers


def test_coal_of_chp2_by_hand():
    """1.5 Mt × 18.58 TJ/Gg × 94.6 t/TJ; methane 1 and nitrous oxide 1.5 kg/TJ by AR5 (28, 265)."""
    found = evaluate(almaty_inventory())
    chp = found.by_ref["I.4.4"]
    assert chp.masses["CO2"] == Decimal(1_500_000) * Decimal("18.58") * Decimal("94.6")
    assert chp.masses["CH4"] == Decimal(27_870)
    assert chp.co2e == chp.masses["CO2"] + 27_870 * 28 + Decimal("41805") * 265
    assert found.totals["basic"].co2e == found.by_ref["I.6.1"].co2e  # nothing of I.4.4
    assert found.totals["territorial"].co2e == chp.co2e + found.by_ref["I.6.1"].co2e
    assert not found.totals["basic"].complete
    assert found.totals["basic"].numbered == 1


def test_the_default_of_coal_is_a_choice_that_shows():
    kazakh, default = (evaluate(inventory(coal(through=(ncv,)))) for ncv in (NCV, "ncv.other_bituminous_coal"))
    ratio = default.totals["basic"].co2e / kazakh.totals["basic"].co2e
    assert float(ratio) == pytest.approx(25.8 / 18.58)


@pytest.mark.parametrize(
    ("amount", "unit", "through"),
    [
        ("1000", "t", (NCV,)),
        ("1", "кт", (NCV,)),
        ("18.58", "TJ", ()),
        ("18580", "GJ", ()),
        ("4437.75675934", "Gcal", ()),
    ],
)
def test_units_of_an_amount_lead_to_the_same_mass(amount, unit, through):
    found = evaluate(inventory(coal(amount=amount, unit=unit, through=through)))
    assert float(found.by_ref["I.1.1"].masses["CO2"]) == pytest.approx(18.58 * 94_600, rel=1e-9)


def test_litres_need_a_density_and_become_mass_by_it():
    petrol = coal(
        ref="II.1.1", amount="1000", unit="L", through=("d", "ncv.motor_gasoline"),
        gases={"CO2": ("ef.energy_industries.motor_gasoline.co2",)}, omitted={"CH4": "x", "N2O": "x"},
    )  # fmt: skip
    density = OwnFactor(id="d", parameter="density", value=Decimal("0.75"), unit="kg/L", source="test")
    found = evaluate(inventory(petrol, factors=(density,)))
    assert found.by_ref["II.1.1"].masses["CO2"] == Decimal("0.75") * Decimal("44.3") * Decimal("69.3")
    without = inventory(replace(petrol, through=("ncv.motor_gasoline",)))
    assert codes(without) == ["inventory-density"]
    (refused,) = findings(without)
    assert refused.text("ru").startswith("поле «activities[coal].through»: объём × TJ/Gg: объём не становится массой")


def test_carbon_content_becomes_carbon_dioxide():
    found = evaluate(inventory(coal(gases={**COAL, "CO2": ("cc.other_bituminous_coal",)})))
    assert float(found.by_ref["I.1.1"].masses["CO2"]) == pytest.approx(18.58 * 25.8 * 44 / 12 * 1000, rel=1e-12)


def test_losses_of_what_goes_in_and_of_what_is_used_are_not_the_same():
    def lost(parameter):
        loss = OwnFactor(id="loss", parameter=parameter, value=Decimal("0.2"), unit="1", source="test")
        one = coal(
            ref="I.1.3", amount="100", unit="MW.h", through=("loss",), omitted={"CH4": "x", "N2O": "x"},
            gases={"CO2": ("grid.kaz.operating_margin_ifi_harmonised_v3_x_2021_editio.2021",)},
        )  # fmt: skip
        return evaluate(inventory(one, factors=(loss,))).by_ref["I.1.3"].masses["CO2"]

    assert lost("loss_of_use") == 20 * 797
    assert lost("loss_of_input") == 25 * 797


def test_three_totals_are_three_sums_and_are_not_mixed():
    found = evaluate(training_inventory())
    for name, total in found.totals.items():
        part = [one for one in found.cells if one.cell.part_of(name) and one.co2e is not None]
        assert total.co2e == sum(one.co2e for one in part) == sum(total.sectors.values())
    basic, plus, territorial = (found.totals[name].co2e for name in ("basic", "basic_plus", "territorial"))
    assert basic < plus
    outside = sum(one.co2e or 0 for one in found.cells if one.cell.basic_plus and not one.cell.territorial)
    only = sum(one.co2e or 0 for one in found.cells if one.cell.territorial and not one.cell.basic_plus)
    assert float(territorial) == pytest.approx(float(plus - outside + only), rel=1e-20)


def test_biogenic_carbon_stands_apart():
    wood = coal(through=("ncv.wood_wood_waste",), gases={
        "CO2_biogenic": ("ef.residential_agri_stationary.wood_wood_waste.co2",),
        "CH4": ("ef.residential_agri_stationary.wood_wood_waste.ch4",),
        "N2O": ("ef.residential_agri_stationary.wood_wood_waste.n2o",),
    })  # fmt: skip
    found = evaluate(inventory(wood))
    assert found.biogenic > 1_000_000
    assert found.totals["basic"].masses.keys() == {"CH4", "N2O"}
    assert found.totals["basic"].co2e < found.biogenic / 5


def test_sinks_are_reported_and_not_clipped():
    found = evaluate(inventory(coal(), masses("V.2", CO2=-5000)))
    assert found.by_ref["V.2"].co2e == -5000
    assert found.totals["basic_plus"].co2e == found.totals["basic"].co2e - 5000


def test_a_set_of_potentials_converts_all_years():
    years = [training_inventory(year) for year in TRAINING_YEARS[:2]]
    before = [evaluate(one).totals["basic"] for one in years]
    after = [one.totals["basic"] for one in series_in_set(reversed(years), "AR6", "split")]
    for old, new in zip(before, after, strict=True):
        assert old.masses == new.masses
        assert new.co2e - old.co2e == (
            old.masses["CH4"] * Decimal("-1.0") + old.masses["CH4_fossil"] * Decimal("1.8") + old.masses["N2O"] * 8
        )


def test_what_is_known_as_equivalent_only_is_not_converted():
    found = evaluate(inventory(replace(masses("I.1.1", CO2e=7), gwp_set="AR5")))
    assert found.totals["basic"].co2e == 7
    with pytest.raises(Refusal, match="cannot be converted"):
        in_set(found.inventory, "AR6", "split")


def test_a_plant_of_the_city_is_never_added_to_what_the_city_buys():
    found = evaluate(training_inventory())
    check = found.cogeneration
    assert check.state == "recorded"
    assert check.supplied > 5e9
    assert check.bought > 5e9
    assert check.in_basic == 0
    assert check.method == "energy_content"
    assert check.overlaps == {"basic": (), "basic_plus": (), "territorial": ()}
    assert {one.method: round(one.heat, 4) for one in check.shares} == {
        "energy_content": 0.7045, "efficiency": 0.5007, "all_power": 0.0,
    }  # fmt: skip
    assert evaluate(inventory(coal())).cogeneration.state == "none"
    assert evaluate(almaty_inventory()).cogeneration.state == "one_side"


def test_every_assumed_value_is_a_row():
    rows = evaluate(training_inventory()).assumed
    assert {"cattle.training.enteric", "gas.training.leakage"} <= {one["id"] for one in rows}
    assert {
        "kind": "uncertainty",
        "id": "factor:ef.residential_agri_stationary.natural_gas.n2o",
        "value": "±100 %",
        "why": "grade",
    } in rows
    assert [one["id"] for one in evaluate(almaty_inventory()).assumed if one["kind"] == "amount"] == ["other-coal"]


def test_per_head_and_grades():
    found = evaluate(inventory(coal("a"), coal("b", quality="L")))
    assert found.per_head("basic") == found.totals["basic"].co2e / 1000
    assert (found.by_ref["I.1.1"].quality, found.by_ref["I.1.1"].factor_quality) == ("L", "L")
    assert found.by_ref["I.1.2"].key == "NO"


# --- faults: each is found, with its place and a remedy in three languages


def _own(**said):
    return OwnFactor(**{"id": "f", "parameter": "ncv", "value": Decimal(1), "unit": "TJ/Gg", "source": "s", **said})


GRID = {"CO2": ("grid.kaz.operating_margin_ifi_harmonised_v3_x_2021_editio.2021",)}
BOUGHT = coal("p", "I.1.2", "5", unit="MW.h", through=(), gases=GRID, omitted={"CH4": "x", "N2O": "x"})
FAULTS = {
    "number with notation key": (
        inventory(coal(), cells=(Statement(ref="I.1.1", key="NE", reason="x"),)), "inventory-number-and-key",
    ),
    "IE without target": (inventory(coal(), cells=(Statement(ref="I.2.1", key="IE"),)), "inventory-no-target"),
    "IE to an empty cell": (
        inventory(coal(), cells=(Statement(ref="I.2.1", key="IE", target="I.3.1"),)), "inventory-empty-target",
    ),
    "IE to itself": (
        inventory(coal(), cells=(Statement(ref="I.2.1", key="IE", target="I.2.1"),)), "inventory-empty-target",
    ),
    "C without an aggregate": (inventory(coal(), cells=(Statement(ref="I.2.1", key="C"),)), "inventory-no-target"),
    "NE without reason": (inventory(coal(), cells=(Statement(ref="I.2.1", key="NE"),)), "inventory-no-reason"),
    "NO with target": (
        inventory(coal(), cells=(Statement(ref="I.2.1", key="NO", target="I.1.1"),)), "inventory-target-unused",
    ),
    "unknown cell": (inventory(coal(), cells=(Statement(ref="I.63", key="NO"),)), "inventory-ref"),
    "unknown cell of an activity": (inventory(coal(ref="I.11")), "inventory-ref"),
    "two keys": (inventory(coal(), cells=(Statement(ref="I.2.1", key="NO"),) * 2), "inventory-twice"),
    "unit without conversion": (inventory(coal(unit="bushel")), "inventory-unit"),
    "no unit": (inventory(coal(unit="")), "inventory-unit"),
    "households against inhabitants": (
        inventory(coal(), population=Population(value=Decimal(9), source="s", basis="households")),
        "inventory-population-basis",
    ),
    "households with a factor per person": (
        inventory(coal(ref="III.4.1", unit="{household}", through=(), omitted={"CH4": "x"},
                       gases={"N2O": ("ww.ef_plant_advanced_centralised_plant",)})), "inventory-conversion",
    ),
    "two populations": (
        inventory(coal(ref="III.4.1", amount="2000", unit="{person}", through=(), omitted={"CH4": "x"},
                       gases={"N2O": ("ww.ef_plant_advanced_centralised_plant",)})), "inventory-populations",
    ),
    "calorific value missing": (inventory(coal(through=())), "inventory-conversion"),
    "factor of another gas": (inventory(coal(gases={**COAL, "N2O": COAL["CH4"]})), "inventory-gas-factor"),
    "a published factor changed": (
        inventory(coal(), factors=(_own(id="ncv.other_bituminous_coal"),)), "inventory-factor-taken",
    ),
    "unknown factor": (inventory(coal(through=("ncv.nothing",))), "emission-factor-unknown"),
    "gas left out silently": (inventory(coal(gases={"CO2": COAL["CO2"]})), "inventory-gas-missing"),
    "gas given and left out": (inventory(coal(omitted={"CO2": "x"})), "inventory-gas-twice"),
    "gas of another cell": (
        inventory(masses("III.1.1", CH4=1, SF6=1)), "inventory-gas-foreign",
    ),
    "unknown gas": (
        inventory(masses("IV.2", R22=1)), "gwp-gas",
    ),
    "mixed GWP sets": (inventory(coal(gwp_set="AR4")), "gwp-mixed"),
    "mixed GWP sets by a factor": (inventory(coal(), factors=(_own(gwp_set="AR6"),)), "gwp-mixed"),
    "CO2e without a set": (
        inventory(masses("I.1.1", CO2e=1)), "inventory-equivalent",
    ),
    "methane not chosen": (inventory(coal(), methane=None), "gwp-methane"),
    "negative amount": (inventory(coal(amount="-1")), "inventory-negative"),
    "amount and masses": (inventory(coal(masses={"CO2": Decimal(1)})), "inventory-amount"),
    "not a number": (inventory(coal(amount="NaN")), "inventory-number"),
    "endless factor": (inventory(coal(), factors=(_own(value=Decimal("inf")),)), "inventory-number"),
    "one id twice": (inventory(coal(), coal()), "inventory-twice"),
    "no choice of sharing fuel": (inventory(coal("chp", "I.4.4"), BOUGHT), "inventory-allocation"),
    "choice without reason": (
        inventory(coal("chp", "I.4.4"), BOUGHT, allocation=Allocation(method="energy_content", reason=" ")),
        "inventory-no-reason",
    ),
    "sharing without its parameters": (
        inventory(coal("chp", "I.4.4"), BOUGHT, allocation=Allocation(
            method="efficiency", reason="x", heat=Decimal(5), power=Decimal(3))), "chp-parameter",
    ),
    "shares of paths do not sum": (
        inventory(masses("III.4.1", CH4=1, N2O=1, calculation=wastewater(share="0.5"))), "wastewater-paths",
    ),
    "two populations in a calculation": (
        inventory(masses("III.4.1", CH4=1, N2O=1, calculation=wastewater(people="1001"))), "inventory-populations",
    ),
    "unknown waste": (
        inventory(masses("III.1.1", CH4=1, calculation=landfill(kind="moon"))), "landfill-unknown",
    ),
    "fuel of a plant twice": (
        inventory(coal("chp", "I.4.4", plant="x"), coal("own", "I.4.1", plant="x")), "inventory-plant-twice",
    ),
    "road method not named": (
        inventory(coal(ref="II.1.1"), road_method=None), "inventory-method",
    ),
    "landfill methods mixed": (
        inventory(masses("III.1.1", CH4=1, calculation=Calculation(method="methane_commitment"))),
        "inventory-landfill-mixed",
    ),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_found_with_its_place_and_a_remedy(fault):
    wrong, code = FAULTS[fault]
    found = [one for one in findings(wrong) if one.level == "error"]
    assert [one.code for one in found] == [code] * len(found)
    assert found, fault
    assert found[0].refusal.where is not None
    for language in LANGUAGES:
        assert found[0].text(language)
        assert found[0].as_data(language)["mend"]
    with pytest.raises(Refusal):
        evaluate(wrong)


def test_an_empty_cell_is_neither_zero_nor_absent():
    whole = inventory(coal())
    blank = replace(whole, cells=whole.cells[1:])
    assert codes(blank) == ["inventory-blank"]
    zero = evaluate(inventory(coal(amount="0")))
    assert zero.by_ref["I.1.1"].co2e == 0
    assert zero.by_ref["I.1.1"].key is None
    optional = replace(whole, cells=tuple(one for one in whole.cells if one.ref not in {"VI.1", "II.5.3"}))
    assert not codes(optional)


def test_everything_wrong_is_told_at_once_with_the_rows_of_a_file():
    wrong = inventory(coal("a", unit="bushel"), coal("b", ref="I.63"), cells=(Statement(ref="I.2.1", key="NE"),))
    places = {"activities.a": Where("book.xlsx", "Data", 7)}
    found = refused(findings(wrong, places))
    assert [one.code for one in found] == ["inventory-unit", "inventory-ref", "inventory-no-reason"]
    assert found[0].where.text("en") == "book.xlsx, sheet “Data”, row 7, field “unit”"


def test_doubts_are_marked_and_not_refused():
    assert codes(almaty_inventory(), "warning").count("inventory-basic-missing") > 10
    ember = "grid.kaz.average_generation_life_cycle_type_factor_ember.2024"
    bought = replace(BOUGHT, gases={"CO2e": (ember,)}, omitted={}, gwp_set="AR5")
    assert codes(inventory(coal(), bought), "warning") == ["inventory-life-cycle"]
    benchmark = replace(BOUGHT, gases={"CO2": ("grid.kaz.kaz_ets_electricity_benchmark.2021",)})
    assert codes(inventory(coal(), benchmark), "warning") == ["inventory-factor-unconfirmed"]
    much = masses("I.1.1", CO2=100, N2O=3, omitted={"CH4": "x"})
    assert codes(inventory(much), "warning") == ["inventory-much-n2o"]


def test_masses_are_calculated_again_from_their_data():
    """Food waste of 2022 decays from 2023 on: 100 t x DOC 0.15 x DOCf 0.5 x (1 - e^-0.06) x F 0.5 x 16/12."""
    by_hand = 100_000 * 0.15 * 0.5 * (1 - math.exp(-0.06)) * 0.5 * 16 / 12
    given = masses("III.1.1", CH4=f"{by_hand:.6f}", calculation=landfill())
    assert codes(inventory(given), "warning") == []
    other = replace(given, masses={"CH4": Decimal(400)})
    found = findings(inventory(other))
    assert [one.code for one in found] == ["inventory-not-reproducible"]
    assert f"{by_hand:.4f}"[:7] in found[0].text("en")
    assert not codes(training_inventory(), "warning").count("inventory-not-reproducible")
    people = 800 * 97 * 365 / 1000 * 0.16 * 1.1 * 1.25 * 0.005 * 44 / 28
    methane = 800 * 60 * 0.365 * 0.6 * 0.5
    water = masses("III.4.1", CH4=f"{methane:.9f}", N2O=f"{people:.9f}", calculation=wastewater())
    assert codes(inventory(water), "warning") == []


# --- the document


def test_a_document_comes_back_unchanged():
    for one in (training_inventory(), almaty_inventory()):
        data = one.as_data()
        assert inventory_of(data) == one
        assert read_inventory(msgspec.json.encode(data)) == one
        assert inventory_of(data).digest == one.digest
    assert training_inventory().digest != training_inventory(2023).digest


def test_every_russian_text_of_the_training_inventory_stands_in_three_languages():
    made = training_inventory()
    said = msgspec.json.encode({**made.as_data(), "words": []}).decode()
    assert set(re.findall(r'"([^"]*[А-яЁё][^"]*)"', said)) == {one.text for one in made.words}
    assert all(one.kk and one.en and not re.search("[А-яЁё]", one.en) for one in made.words)
    assert made.told("Полигон ТБО", "en") == "Landfill of municipal waste"
    assert made.told("Полигон ТБО", "ru") == "Полигон ТБО"
    assert made.told("something else", "kk") == "something else"


def test_the_same_number_written_otherwise_is_the_same_document():
    assert inventory(coal(amount="1E+3")).digest == inventory(coal(amount="1000.0")).digest


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"{", "json-unreadable"),
        (b"[]", "inventory-form"),
        (b'{"form": "other"}', "not-choice"),
        (b'{"year": 2023, "year": 2024}', "json-twice"),
        (b" " * (8 * 2**20 + 1), "json-large"),
    ],
)
def test_bad_files_are_refused(content, code):
    with pytest.raises(Refusal) as refusal:
        read_inventory(content, "x.json")
    assert refusal.value.code == code


@pytest.mark.parametrize("wrong", ["#NUM!", "12 t", "", None, True, [], {"a": 1}])
def test_text_where_a_number_belongs_names_its_field(wrong):
    data = inventory(coal()).as_data()
    data["activities"][0]["amount"] = wrong
    if wrong is None:
        assert codes(inventory_of(data)) == ["inventory-amount"]
        return
    with pytest.raises(Refusal) as refusal:
        inventory_of(data)
    assert "activities[" in refusal.value.where.field


def test_unknown_fields_are_refused():
    with pytest.raises(Refusal):
        inventory_of(inventory(coal()).as_data() | {"surprise": 1})


def test_the_schema_knows_the_keys():
    schema = inventory_schema()
    assert schema["$defs"]["Statement"]["properties"]["key"]["enum"] == ["C", "IE", "NE", "NO"]


@settings(max_examples=25)
@given(st.decimals(min_value=0, max_value=10**9, places=3), st.integers(min_value=2, max_value=9))
def test_parts_of_an_amount_sum_to_the_whole(amount, parts):
    whole = evaluate(inventory(coal(amount=str(amount * parts))))
    split = evaluate(inventory(*(coal(f"c{number}", amount=str(amount)) for number in range(parts))))
    difference = whole.totals["basic"].co2e - split.totals["basic"].co2e
    assert abs(difference) <= abs(whole.totals["basic"].co2e) * Decimal("1e-24")
