"""Methods of the Guidelines inside an inventory: by hand, by closed forms, through the workbook, with their errors."""

import io
import math
from decimal import Decimal

import msgspec
import pytest
from openpyxl import load_workbook

from jasyl.emissions import factor
from jasyl.emissions.inventory import Activity, OwnFactor, evaluate, findings, inventory_of
from jasyl.emissions.inventory.export import result_data
from jasyl.emissions.inventory.sheet import inventory_template, inventory_workbook
from jasyl.emissions.inventory.sheet_reading import read_workbook
from jasyl.emissions.inventory.uncertainty import activity_halves, spreads

from .test_inventory import inventory

OWN = (
    OwnFactor(id="petrol", parameter="share", value=Decimal("0.08"), unit="kg/km", source="test"),
    OwnFactor(id="field", parameter="carbon_content", value=Decimal(5), unit="kg C/m2", source="test"),
    OwnFactor(id="wood", parameter="carbon_content", value=Decimal(9), unit="kg C/m2", source="test",
              low=Decimal(8), high=Decimal(10)),
)  # fmt: skip
CAR = {"name": "cars", "fuel": "diesel_oil", "trips": 1_000_000, "length": 10, "consumption": "petrol"}
JET = {"name": "flights", "fuel": "jet_kerosene", "methane": "t1.aviation.ch4", "nitrous_oxide": "t1.aviation.n2o"}
TRAIN = {"name": "shunting", "fuel": "diesel_oil", "methane": "t1.railway.ch4", "nitrous_oxide": "t1.railway.n2o"}
BURNT = {"plastics": "0.5", "paper_cardboard": "0.5"}
_C, _N = 44 / 12, 44 / 28
# Cell, data, masses in kg by hand: equations of the Guidelines with the numbers of their tables.
BY_HAND = {
    "methane commitment": (
        "III.1.1",
        {"of": "methane_commitment", "waste": 1000, "management": "unmanaged_deep_5_m_waste_or_high_water_table",
         "composition": {"food": "0.4", "paper": "0.3", "inert": "0.3"}, "docf": "fod.docf_gpc_methane_commitment",
         "recovered": "0.2", "oxidation": "0.1"},
        {"CH4": 1e6 * (0.4 * 0.15 + 0.3 * 0.40) * 0.8 * 0.6 * 0.5 * 16 / 12 * 0.8 * 0.9},
    ),
    "composting": ("III.2.1", {"of": "composting", "waste": 10, "basis": "wet"}, {"CH4": 40, "N2O": 2.4}),
    "digestion": ("III.2.1", {"of": "digestion", "waste": 10, "basis": "wet", "recovered": 3}, {"CH4": 5}),
    "incineration": (
        "III.3.1",
        {"of": "incineration", "waste": 100, "composition": BURNT, "burning": "batch",
         "methane": "t1.incineration.batch_stoker.ch4"},
        {"CO2": 1e5 * (0.5 * 1.0 * 0.75 * 1.0 + 0.5 * 0.9 * 0.46 * 0.01) * _C,
         "CO2_biogenic": 1e5 * 0.5 * 0.9 * 0.46 * 0.99 * _C, "CH4": 100 * 60 / 1000, "N2O": 100 * 60 / 1000},
    ),
    "open burning": (
        "III.3.1",
        {"of": "open_burning", "waste": 100, "composition": BURNT},
        {"CO2": 0.58 * 1e5 * (0.5 * 0.75 + 0.5 * 0.9 * 0.46 * 0.01) * _C,
         "CO2_biogenic": 0.58 * 1e5 * 0.5 * 0.9 * 0.46 * 0.99 * _C, "CH4": 650, "N2O": 100 * 0.95 * 150 / 1000},
    ),
    "wastewater": (
        "III.4.1",
        {"of": "wastewater", "people": 900, "nitrogen": 100, "recovered": 10, "industrial": False, "paths": [
            {"name": "plant", "share": "0.75", "mcf": "aerobic_plant_overloaded"},
            {"name": "septic", "share": "0.25", "mcf": "septic_system", "collected": False}]},
        {"CH4": 900 * 60 * 0.365 * 0.6 * (0.75 * 1.25 * 0.3 + 0.25 * 0.5) - 10,
         "N2O": (900 * 97 * 0.365 * 0.16 * 1.1 - 100) * 0.005 * _N},
    ),
    "induced activity": (
        "II.1.1",
        {"of": "travel", "vehicles": [{**CAR, "inside": "0.7", "attributed": "0.5"},
                                      {**CAR, "name": "buses", "inside": 1, "attributed": 1}]},
        {gas: 1e7 * 0.08 * (0.35 + 1) * 43e-6 * kg for gas, kg in (("CO2", 74100), ("CH4", 3.9), ("N2O", 3.9))},
    ),
    "flights by fuel loaded and by departures": (
        "II.4.3",
        {"of": "aviation", "flights": [{**JET, "loaded": 1000, "attributed": "0.6"},
                                       {**JET, "departures": 200, "each": 850, "attributed": 1}]},
        {gas: (1e6 * 0.6 + 200 * 850) * 44.1e-6 * kg for gas, kg in (("CO2", 71500), ("CH4", 0.5), ("N2O", 2))},
    ),
    "trains by fuel and by tonne-kilometres": (
        "II.2.1",
        {"of": "railway", "trains": [{**TRAIN, "burnt": 100, "inside": 1, "attributed": 1},
                                     {**TRAIN, "distance": 5_000_000, "each": "0.004", "inside": "0.2",
                                      "attributed": "0.5"}]},
        {gas: (1e5 + 5e6 * 0.004 * 0.1) * 43e-6 * kg for gas, kg in (("CO2", 74100), ("CH4", 4.15), ("N2O", 28.6))},
    ),
    "refrigerants": (
        "IV.2",
        {"of": "refrigerants", "gas": "HFC134a", "sold": 100, "filled": 60, "retired": 20, "destroyed": 5},
        {"HFC134a": 55},
    ),
    "carbonates": (
        "IV.1", {"of": "carbonates", "mass": 10, "carbonate": "0.43971", "calcined": "0.95"}, {"CO2": 4177.245},
    ),
    "livestock": (
        "V.1",
        {"of": "livestock", "herds": [
            {"kind": "goats", "heads": 100, "enteric": "t1.enteric.goats", "manure": "t1.manure.goats"},
            {"kind": "poultry", "heads": 1000, "manure": "t1.manure.poultry"}]},
        {"CH4": 100 * 5 + 100 * 0.11 + 1000 * 0.01},
    ),
    "manure": (
        "V.1",
        {"of": "manure_nitrogen", "volatilised": "0.2", "indirect": "t1.soils.ef4", "systems": [
            {"name": "heap", "nitrogen": 1000, "direct": "t1.manure.solid_storage.n2o"}]},
        {"N2O": 1000 * (0.005 + 0.2 * 0.01) * _N},
    ),
    "soils": (
        "V.3",
        {"of": "soils", "direct": "t1.soils.ef1", "fertiliser": 1000, "manure": 500,
         "volatile_fertiliser": "t1.soils.frac_gasf", "volatile_manure": "t1.soils.frac_gasm",
         "deposited": "t1.soils.ef4", "leaching": "t1.soils.frac_leach", "leached": "t1.soils.ef5"},
        {"N2O": (1500 * 0.01 + (100 + 100) * 0.01 + 1500 * 0.3 * 0.0075) * _N},
    ),
    "liming": (
        "V.3",
        {"of": "liming", "limestone": 10, "dolomite": 2, "of_limestone": "t1.liming.limestone",
         "of_dolomite": "t1.liming.dolomite"},
        {"CO2": (10 * 0.12 + 2 * 0.13) * 1000 * _C},
    ),
    "a growing wood": (
        "V.2", {"of": "stock_difference", "before": 1000, "after": 1600, "years": 6}, {"CO2": -100_000 * _C},
    ),
    "land converted": (
        "V.2",
        {"of": "land_converted", "areas": [{"before": "field", "after": "wood", "area": 100}],
         "stocks": {"field": "field", "wood": "wood"}, "years": 20},
        {"CO2": -1e6 * (9 - 5) / 20 * _C},
    ),
}  # fmt: skip


def stated(ref, data, **changed):
    """An activity whose masses a method makes."""
    calculation = {"calculation": {"data": data}}
    said = {"id": "m", "ref": ref, "name": "m", "source": "test", "quality": "M", "factor_quality": "M", **changed}
    return msgspec.convert({**said, **calculation}, Activity)


def book(ref, data, omitted=(), **changed):
    one = stated(ref, data, omitted=dict.fromkeys(omitted, "not told"))
    choices = {"road_method": "induced_activity", "landfill_method": "methane_commitment", "factors": OWN}
    return inventory(one, **{**choices, **changed})


def whole(name):
    ref, data, expected = BY_HAND[name]
    absent = {"CO2", "CH4", "N2O"} - {gas.partition("_")[0] for gas in expected}
    return book(ref, data, absent)


@pytest.mark.parametrize("name", BY_HAND)
def test_a_method_stands_in_the_cell_as_by_hand_and_comes_back_from_the_workbook(name):
    ref, _, expected = BY_HAND[name]
    document = whole(name)
    result = evaluate(document)
    assert {gas: float(kg) for gas, kg in result.by_ref[ref].masses.items()} == pytest.approx(expected, rel=1e-8)
    terms = result_data(result, "en")["terms"]
    assert all(one["equation"] and one["method"] for one in terms)
    assert document == inventory_of(document.as_data())
    if name in {"wastewater", "induced activity", "land converted", "soils"}:
        assert read_workbook(inventory_workbook(document, "kk"), "b.xlsx").inventory == document


def test_every_line_has_its_factors_formula_and_error():
    result = evaluate(whole("methane commitment"))
    term, half = result_data(result, "en")["terms"][0], activity_halves(result)["m"]
    assert term["equation"] == "GPC eq. 8.3, 8.4"
    assert {one["factor"] for one in term["inputs"] if one["factor"]} == {
        "fod.doc.food_waste.wet", "fod.mcf.unmanaged_deep_5_m_waste_or_high_water_table",
        "fod.docf_gpc_methane_commitment", "fod.f_landfill_gas",
    }  # fmt: skip
    # Relative halves: amounts ±15 % (M), MCF and DOCf ±15 % (M), F by its range, DOC of food and paper by theirs.
    food, paper, gas = (
        factor(f"fod.{one}") for one in ("doc.food_waste.wet", "doc.paper_cardboard.wet", "f_landfill_gas")
    )
    parts = [0.4 * 0.15, 0.3 * 0.40]
    doc = [
        (one.high - one.low) / 2 / one.value * part / sum(parts) for one, part in zip((food, paper), parts, strict=True)
    ]
    expected = math.hypot(0.15, 0.15, 0.15, (gas.high - gas.low) / 2 / gas.value, *doc) * 100
    assert half == pytest.approx(expected, rel=1e-3)
    spread = spreads(result)["basic"]
    assert spread.drawn == pytest.approx(spread.propagated, rel=0.1)


def test_what_a_method_takes_unasked_is_a_row():
    """Protein of Kazakhstan comes from the table and is told; BOD that the document names is not an assumption."""
    ref, data, _ = BY_HAND["wastewater"]
    bod = OwnFactor(id="bod", parameter="share", value=Decimal(50), unit="g/person/day", source="laboratory")
    result = evaluate(book(ref, {**data, "bod": "bod"}, factors=(bod,)))
    told = {one["id"]: one for one in result.assumed if one["kind"] == "default"}
    assert (told["ww.protein.kaz"]["value"], told["ww.protein.kaz"]["why"]) == ("97 g/person/day", "m")
    assert "bod" not in told and "bod" in result.factors
    assert "ww.mcf.septic_system" not in told
    assert not [one for one in evaluate(whole("livestock")).assumed if one["kind"] == "default"]


def test_a_factor_of_a_method_and_of_a_product_errs_once():
    """Compost by the method and by its factor: one variable, so the errors of two halves add up whole."""
    by_method = stated("III.2.1", {"of": "composting", "waste": 1, "basis": "wet"}, id="a", uncertainty=Decimal(0))
    gases = {"CH4": ("waste.composting_wet.ch4",), "N2O": ("waste.composting_wet.n2o",)}
    product = msgspec.structs.replace(
        by_method, id="b", calculation=None, amount=Decimal(1), unit="t", gases=gases, factor_quality="M"
    )
    one, both = (spreads(evaluate(inventory(*lines)))["basic"] for lines in ((by_method,), (by_method, product)))
    assert both.mean == pytest.approx(2 * one.mean, rel=1e-9)
    assert both.propagated == pytest.approx(2 * one.propagated, rel=1e-6)
    assert both.drawn == pytest.approx(2 * one.drawn, rel=0.02)


REFUSED = {
    "a composition of 90 %": (
        book("III.3.1", {**BY_HAND["open burning"][1], "composition": {"plastics": "0.9"}}), "waste-composition"),
    "an unknown kind of waste": (
        book("III.1.1", {**BY_HAND["methane commitment"][1], "composition": {"moon": 1}}), "waste-material"),
    "kinds that do not sum to one": (
        book("III.1.1", {**BY_HAND["methane commitment"][1], "composition": {"food": "0.5"}}), "waste-composition"),
    "a factor of another gas": (
        book("III.3.1", {**BY_HAND["incineration"][1], "methane": "waste.incineration_batch_wet.n2o"}),
        "inventory-gas-factor"),
    "a factor in another unit": (
        book("II.1.1", {"of": "travel", "vehicles": [{**CAR, "consumption": "wood", "inside": 1, "attributed": 1}]}),
        "emission-factor-unit"),
    "a factor nobody knows": (
        book("V.1", {"of": "livestock", "herds": [{"kind": "yaks", "heads": 1, "enteric": "yaks"}]}, ["N2O"]),
        "emission-factor-unknown"),
    "a share above one": (
        book("II.1.1", {"of": "travel", "vehicles": [{**CAR, "inside": 2, "attributed": 1}]}), "emission-share"),
    "coal without a calorific value": (
        book("II.1.1", {"of": "travel", "vehicles": [
            {**CAR, "fuel": "other_bituminous_coal", "inside": 1, "attributed": 1}]}), "coal-ncv-choice"),
    "a use without its stock": (
        book("V.2", {**BY_HAND["land converted"][1], "stocks": {"field": "field"}}), "inventory-stock-missing"),
    "both ways of telling a flight": (
        book("II.4.3", {"of": "aviation", "flights": [{**JET, "loaded": 1, "departures": 2, "attributed": 1}]}),
        "inventory-one-way"),
    "trips where fuel sales are counted": (
        book(*BY_HAND["induced activity"][:2], road_method="fuel_sales"), "inventory-road-mixed"),
    "commitment beside decay": (
        book(*BY_HAND["methane commitment"][:2], landfill_method="first_order_decay"), "inventory-landfill-mixed"),
    "a sink outside land": (
        book("III.2.1", {**BY_HAND["digestion"][1], "recovered": 99}, ["N2O"]), "inventory-negative"),
    "gases a method does not tell of": (book("III.2.1", BY_HAND["digestion"][1]), "inventory-gas-missing"),
    "an amount beside a method": (
        inventory(msgspec.structs.replace(
            stated("III.2.1", BY_HAND["composting"][1]), amount=Decimal(1), unit="t")), "inventory-amount"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_method_cannot_use_is_named_with_its_place(name):
    wrong, code = REFUSED[name]
    found = [one for one in findings(wrong) if one.level == "error"]
    assert [one.code for one in found] == [code]
    assert found[0].refusal.where.field.startswith("activities[m]")


def test_a_wrong_parameter_is_named_with_its_cell():
    sheet = load_workbook(io.BytesIO(inventory_workbook(whole("wastewater"), "en")))
    page = sheet["Methods"]
    rows = {page.cell(row, 2).value: row for row in range(4, page.max_row + 1)}
    assert page.cell(rows["paths.2.mcf"], 3).value == "septic_system"

    def read(row, value, activity="m"):
        page.cell(row, 1).value, page.cell(row, 3).value = activity, value
        kept = io.BytesIO()
        sheet.save(kept)
        found = read_workbook(kept.getvalue(), "b.xlsx")
        problems = found.problems or [one.refusal for one in findings(found.inventory, found.places)]
        return [(one.code, one.where.sheet, one.where.row) for one in problems][:1]

    assert read(rows["people"], "#NUM!") == [("cell-error", "Methods", rows["people"])]
    assert read(rows["people"], "many") == [("not-number", "Methods", rows["people"])]
    assert read(rows["people"], 900, "nobody") == [("inventory-parameter-activity", "Methods", rows["people"])]
    assert read(rows["people"], 900_000) == [("inventory-populations", "Methods", rows["of"])]


def test_the_template_says_what_every_method_needs():
    page = load_workbook(io.BytesIO(inventory_template("ru")))["Что нужно методам"]
    rows = {(row[0].value, row[1].value): row[2].value for row in page.iter_rows(min_row=2)}
    assert len({method for method, _ in rows}) == 18
    assert rows["travel", "vehicles.1.consumption"] == "!" and not rows["travel", "vehicles.1.ncv"]
