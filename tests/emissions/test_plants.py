"""A plant's report: what it comes to by hand, what is wrong with a bad one, and the workbook there and back."""

import io
import json
import math

import msgspec
import openpyxl
import pytest

from jasyl.emissions import double_counted, factor, range_of
from jasyl.emissions.plants import (
    Metered,
    assess,
    example,
    fact_rows,
    facts_template,
    line_rows,
    lines_template,
    plant_report_of,
    read_plant_json,
    read_plant_sheet,
    report_schema,
    sensitivity,
)
from jasyl.emissions.plants.telling import result_data
from jasyl.papers import templates_workbook
from jasyl.quantities import canonical_json
from jasyl.texts import LANGUAGES, Refusal

BASE = {
    "plant": "boiler-house-7", "name": "Boiler house 7", "place": "KZ-75", "year": 2024, "stage": "report",
    "sector": "commercial_institutional", "series": "AR5", "methane": "split",
}  # fmt: skip
QUOTA = {"amount": "20000", "unit": "t", "covers": "CO2", "source": "order 1"}
GAS = {"name": "gas", "fuel": "natural_gas", "amount": "1000", "unit": "t"}
COAL = {"name": "coal", "fuel": "other_bituminous_coal", "amount": "1000", "unit": "t"}
SAID = {"value": "56100", "unit": "kg/TJ", "source": "report 5"}
POWER = {"name": "grid", "carrier": "electricity", "amount": "1000", "unit": "MWh", "factor": {"choice": "mix_2022"}}


def report(**more):
    return plant_report_of({**BASE, "quota": QUOTA, **more})


def found(*codes, **more):
    result = assess(report(**more))
    assert [one.code for one in result.findings] == list(codes)
    assert all(one.text(language) for one in result.findings for language in LANGUAGES)
    return result


def test_scope_1_and_2_by_hand():
    """1,000 t of gas of 48 TJ/Gg: 48 TJ; 1,000 MWh of 552.24 g/kWh."""
    result = found(fuels=[GAS], bought=[POWER])
    assert result.scope1 == pytest.approx({"CO2": 48 * 56100, "CH4": 48 * 5, "N2O": 48 * 0.1})
    assert result.equivalent1 == pytest.approx(48 * (56100 + 5 * 28 + 0.1 * 265))
    assert result.scope2 == pytest.approx({"CO2": 552_240})
    assert set(result.by_reference()) == {"I.2.1", "I.2.2"}
    assert result.lines[0].defaults == ("ncv", "oxidation", "CO2", "CH4", "N2O")
    assert result.balance.left == pytest.approx(20_000_000 - 48 * 56100)
    assert "ncv.natural_gas" in result.factors


def test_the_same_fuel_in_other_units_is_the_same_emission():
    """1,000 t of 48 MJ/kg is 48 TJ, 11,464.6 Gcal, and 1,433,075 m3 of 8,000 kcal/m3 (33.494 MJ/m3)."""
    whole = assess(report(fuels=[GAS])).scope1
    ways = [
        {"amount": "1000000", "unit": "kg"},
        {"amount": "48000", "unit": "ГДж"},
        {"amount": str(48e12 / 4.1868e9), "unit": "Гкал"},
        {"amount": str(48e12 / (8000 * 4186.8) / 1000), "unit": "тыс. м³",
         "calorific": {"value": "8000", "unit": "ккал/м3", "source": "certificate"}},
        {"amount": "1400000", "unit": "m3", "density": {"value": str(1e6 / 1.4e6), "unit": "kg/m3", "source": "lab"}},
        {"calorific": {"value": str(48e6 / 4186.8), "unit": "kcal/kg", "source": "lab"}},
        {"amount": "1000", "unit": "t", "calorific": {"value": "33.6", "unit": "MJ/m3", "source": "lab"},
         "density": {"value": "0.7", "unit": "kg/m3", "source": "lab"}},
        {"amount": "1400", "unit": "1000 m3", "density": {"value": "0.000714285714", "unit": "t/m3", "source": "lab"}},
    ]  # fmt: skip
    for way in ways:
        assert assess(report(fuels=[{**GAS, **way}])).scope1 == pytest.approx(whole, rel=1e-9), way


def test_own_factors_in_the_units_of_their_papers():
    own = {"CO2": {"value": "56.1", "unit": "т/ТДж", "source": "inventory", "low": "55", "high": "57"}}
    result = found(fuels=[{**GAS, "factors": own, "oxidation": {"value": "99.5", "unit": "%", "source": "passport"}}])
    assert result.scope1["CO2"] == pytest.approx(48 * 56100 * 0.995)
    inputs = {one.name: one for one in result.lines[0].emission.inputs}
    assert (range_of(inputs["CO2"]).low, range_of(inputs["CO2"]).kind) == (55000, "published")
    heat = {"name": "heat", "carrier": "heat", "amount": "100", "unit": "Гкал"}
    bought = found(bought=[{**heat, "factor": {"value": "0.3", "unit": "т/Гкал", "source": "supplier"}}])
    assert bought.scope2 == pytest.approx({"CO2e": 30_000})
    contract = {"value": "0", "unit": "kg/MWh", "source": "guarantee of origin"}
    both = found(bought=[{**POWER, "contract": contract}])
    assert (both.equivalent2, both.equivalent_market) == (pytest.approx(552_240), 0)


def test_processes_of_industry():
    lines = [
        {"name": "kiln", "kind": "clinker", "amount": "100", "unit": "kt"},
        {"name": "lime", "kind": "lime", "amount": "10", "unit": "kt", "factor": {"choice": "t1.lime.high_calcium"}},
        {"name": "furnace", "kind": "steel", "amount": "1", "unit": "kt",
         "factor": {"choice": "t1.steel.global_average"}},
        {"name": "flux", "kind": "carbonates", "amount": "1", "unit": "kt",
         "factor": {"value": "0.43971", "unit": "t/t", "source": "formula"}},
        {"name": "own", "kind": "clinker", "amount": "1", "unit": "kt",
         "factor": {"value": "525", "unit": "kg/t", "source": "lab"}},
    ]  # fmt: skip
    result = found("plant-unconfirmed", sector="manufacturing_construction", processes=lines)
    tonnes = 52_000 + 7_500 + 1_060 + 439.71 + 525
    assert result.by_reference()["IV.1"]["CO2"] == pytest.approx(tonnes * 1000)


def test_a_monitoring_plan_needs_no_amounts_and_has_no_total():
    lines = [{name: value for name, value in GAS.items() if name not in {"amount", "unit"}}]
    made = found(fuels=lines, stage="plan")
    assert (made.scope1, made.equivalent1, made.balance) == (None, None, None)
    found("plant-amount", fuels=lines)


def test_meters_give_the_amount_where_there_are_any():
    line = {"name": "gas", "fuel": "natural_gas", "meter": "gas.consumed", "density": None}
    line["calorific"] = {"value": "8000", "unit": "kcal/m3", "source": "certificate"}
    del line["density"]
    metered = {"gas.consumed": Metered(1_000_000, "m3", 1, "01J", "ab")}
    result = assess(report(fuels=[line]), metered)
    assert result.lines[0].kind == "observed"
    assert result.scope1["CO2"] == pytest.approx(1e6 * 8000 * 4186.8 / 1e12 * 56100)
    part = assess(report(fuels=[line]), {"gas.consumed": Metered(1_000_000, "m3", 0.9, "01J", "ab")})
    assert [one.code for one in part.findings] == ["plant-meter-incomplete"]
    sent = {"power": {"meter": "electricity.generated"}, "heat": {"amount": "1", "unit": "Gcal"}}
    out = {"electricity.generated": Metered(2_000_000, "W.h", 0.5, "01K", "cd")}
    seen = assess(report(sent_out={**sent, "allocation": "energy_content"}), out)
    assert [one.code for one in seen.findings] == ["plant-meter-incomplete"]
    assert seen.energy.power == 2_000_000
    assert seen.shares.power == pytest.approx(2 / 3.163)
    alone = found("plant-amount", "plant-meter-missing", fuels=[line])
    assert alone.scope1 is None


def test_the_example_of_the_manual():
    result = assess(example())
    coal = 1180 * 4180 * 4.1868e-3 * 94600 * 0.982  # kt x TJ/kt x kg/TJ
    assert result.scope1["CO2"] == pytest.approx(coal + 2.4 * 40.4 * 77400 + 310e3 * 8000 * 4186.8 / 1e12 * 56100)
    assert result.balance.left < 0
    assert result.balance.benchmark == pytest.approx(1_320_000 * 985)
    assert result.shares.method == "efficiency"
    assert [one.code for one in result.findings] == ["plant-unconfirmed"]
    counted = {name: sum(masses.values()) for name, masses in result.by_reference().items()}
    assert double_counted(counted) == ("I.4.4", "I.4.2")


def test_energy_in_and_out_and_what_each_unit_emits():
    result = assess(example())
    energy = result.energy
    coal = 1180e6 * 4180 * 4186.8 / 3600
    oil, gas = 2.4e6 * 40.4e6 / 3600, 310e3 * 8000 * 4186.8 / 3600
    assert energy.burnt == pytest.approx(coal + oil + gas)
    assert (energy.bought, energy.power) == (5.2e9, 1.32e12)
    assert energy.heat == pytest.approx(3.1e6 * 1163000)
    assert energy.efficiency == pytest.approx((energy.heat + energy.power) / energy.burnt)
    parts = result.intensity("heat") * energy.heat + result.intensity("power") * energy.power
    assert parts == pytest.approx(result.equivalent1)
    only = assess(report(fuels=[GAS], sent_out={"heat": {"amount": "10000", "unit": "Gcal"}}))
    assert only.intensity("heat") == pytest.approx(only.equivalent1 / 1.163e10)
    assert only.intensity("power") is None
    both = {"heat": {"amount": "1", "unit": "Gcal"}, "power": {"amount": "1", "unit": "MWh"}}
    assert assess(report(fuels=[GAS], sent_out=both)).intensity("heat") is None


def test_uncertainty_is_the_propagation_of_errors():
    """One line: relative halves of amount, calorific value and factor in quadrature; CH4 and N2O by their ends."""
    own = {"value": "50", "unit": "MJ/kg", "source": "lab", "low": "49", "high": "51"}
    factors = {"CO2": {"value": "56100", "unit": "kg/TJ", "source": "lab", "low": "55539", "high": "56661"}}
    result = found(fuels=[{**GAS, "uncertainty": "3", "calorific": own, "factors": factors}])
    total = result.equivalent1
    methane, nitrous = 50 * 5 * 28 * 0.6, 50 * 0.1 * 265 * 1.0  # assumed of defaults: 60 and 100 %
    halves = [0.03 * total, 0.02 * total, 0.01 * 50 * 56100, methane, nitrous]
    assert result.uncertainty1 * 1.96 == pytest.approx(math.hypot(*halves))


def test_one_factor_in_two_lines_errs_once():
    one = assess(report(fuels=[GAS]))
    two = assess(report(fuels=[{**GAS, "amount": "500"}, {**GAS, "name": "other", "amount": "500"}]))
    assert two.uncertainty1 == pytest.approx(one.uncertainty1)


def test_sensitivity_shows_every_choice_and_marks_the_one_taken():
    coal = {**COAL, "calorific": {"choice": "ncv.other_bituminous_coal"}}
    rows = sensitivity(report(fuels=[coal], bought=[POWER]))
    chosen = {one.subject: one.choice for one in rows if one.chosen}
    assert chosen == {"grid": "mix_2022", "coal": "ncv.other_bituminous_coal", "potentials": "AR5"}
    by_coal = {one.choice: one.scope1 for one in rows if one.subject == "coal"}
    low, high = sorted(by_coal.values())
    assert high / low == pytest.approx(25.8 / 18.58)
    by_grid = [one.scope2 for one in rows if one.subject == "grid"]
    assert max(by_grid) / min(by_grid) == pytest.approx(813.6 / 532)


@pytest.mark.parametrize(
    ("codes", "more"),
    [
        (["unknown-unit"], {"fuels": [{**GAS, "unit": "пуд"}]}),
        (["plant-dimension"], {"fuels": [{**GAS, "unit": "га"}]}),
        (["plant-dimension"], {"bought": [{**POWER, "unit": "t"}]}),
        (["plant-unit"], {"fuels": [{key: value for key, value in GAS.items() if key != "unit"}]}),
        (["fuel-density"], {"fuels": [{**GAS, "unit": "m3"}]}),
        (["fuel-density"], {"fuels": [{**GAS, "calorific": {"value": "8000", "unit": "kcal/m3", "source": "lab"}}]}),
        (["gwp-mixed"], {"fuels": [{**GAS, "series": "AR4"}]}),
        (["coal-ncv-choice"], {"fuels": [COAL]}),
        (["grid-factor-choice"], {"bought": [{key: value for key, value in POWER.items() if key != "factor"}]}),
        (["grid-factor-choice"], {"bought": [{**POWER, "factor": {"choice": "ets_benchmark"}}]}),
        (["heat-factor-choice"], {"bought": [{**POWER, "carrier": "heat"}]}),
        (["plant-factor"], {"fuels": [{**GAS, "calorific": {"value": "48", "unit": "MJ/kg"}}]}),
        (["plant-factor"], {"fuels": [{**GAS, "factors": {"CO2": {**SAID, "choice": "x"}}}]}),
        (["plant-factor-unit"], {"fuels": [{**GAS, "factors": {"CO2": {**SAID, "unit": "kg/l"}}}]}),
        (["plant-dimension"], {"fuels": [{**GAS, "calorific": {"value": "48", "unit": "kg", "source": "lab"}}]}),
        (["emission-amount"], {"fuels": [{**GAS, "amount": "-5"}]}),
        (["emission-share"], {"fuels": [{**GAS, "oxidation": {"value": "1.2", "unit": "1", "source": "s"}}]}),
        (["fuel-unknown"], {"fuels": [{**GAS, "fuel": "dilithium"}]}),
        (["plant-process-factor"], {"processes": [{"name": "l", "kind": "lime", "amount": "1", "unit": "t"}]}),
        (["plant-much-n2o"], {"fuels": [{**GAS, "factors": {"N2O": SAID}}]}),
        (["chp-method"], {"fuels": [GAS], "sent_out": {"heat": {"amount": "1", "unit": "Gcal"}, "allocation": "fair"}}),
        (["plant-allocation-missing"], {"sent_out": {
            "heat": {"amount": "1", "unit": "Gcal"}, "power": {"amount": "1", "unit": "MWh"}}}),
        (["plant-efficiency"], {"fuels": [GAS], "sent_out": {"heat": {"amount": "12000", "unit": "Gcal"}}}),
        (["plant-quota-missing"], {"fuels": [GAS], "quota": None}),
        (["plant-verification-missing"], {"fuels": [GAS], "stage": "verified"}),
        (["plant-verified-differs"], {"fuels": [GAS], "stage": "verified", "verification": {
            "verifier": "V", "date": "2025-03-01", "opinion": "limited", "amount": "2000", "unit": "t"}}),
        (["plant-tier-lower"], {"fuels": [{**GAS, "tier": 1}], "plan": {
            "approved": "2023", "lines": [{"name": "gas", "tier": 2, "measured": "meter", "every": "day"}]}}),
        (["plant-line-unplanned"], {"fuels": [GAS], "plan": {"approved": "2023", "lines": []}}),
    ],
)  # fmt: skip
def test_bad_input_is_named_with_its_place_and_remedy(codes, more):
    result = found(*codes, **more)
    errors = [one for one in result.findings if one.level == "error"]
    if errors and errors[0].line not in {"sent_out", "verification"}:
        assert None in (result.scope1, result.scope2)  # half a plant is not shown as a plant
    assert all(one.line for one in result.findings)


def test_potentials_must_be_chosen_before_anything_is_summed():
    for more, code in (({"series": "AR7"}, "gwp-set"), ({"methane": None}, "gwp-methane")):
        with pytest.raises(Refusal) as refused:
            assess(report(fuels=[GAS], **more))
        assert refused.value.code == code


@pytest.mark.parametrize(
    ("spoiled", "code"),
    [
        ({"year": "soon"}, "not-number"), ({"fuels": [{"name": "x"}]}, "field-missing"),
        ({"surprise": 1}, "field-unknown"), ({"plant": "Big Plant"}, "plant-report-form"),
        ({"stage": "dreamt"}, "not-choice"), ({"fuels": [GAS, GAS]}, "plant-report-twice"),
    ],
)  # fmt: skip
def test_a_form_that_is_none_is_refused(spoiled, code):
    with pytest.raises(Refusal) as refused:
        plant_report_of({**BASE, **spoiled}, "plant.json")
    assert refused.value.code == code
    assert refused.value.where.file == "plant.json"


def test_json_numbers_stay_exact_and_nonsense_is_refused():
    text = json.dumps({**BASE, "fuels": [{**GAS, "amount": 0.1}]}).replace('"0.1"', "0.1")
    assert read_plant_json(text.encode(), "p.json").as_data()["fuels"][0]["amount"] == "0.1"
    for bad, code in ((b"{", "json-unreadable"), (b" " * (2**21 + 1), "json-large"), (b"[]", "plant-report-form")):
        with pytest.raises(Refusal) as refused:
            read_plant_json(bad, "p.json")
        assert refused.value.code == code
    assert report_schema()["$defs"]["PlantReport"]["required"][:2] == ["plant", "name"]


def workbook(language, given=None, change=None):
    given = given or example()
    sheets = [("Plant", facts_template(), fact_rows(given)), ("Lines", lines_template(), line_rows(given))]
    content = templates_workbook(sheets, language)
    if change is None:
        return content
    book = openpyxl.load_workbook(io.BytesIO(content))
    change(book)
    saved = io.BytesIO()
    book.save(saved)
    return saved.getvalue()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_workbook_there_and_back_in_each_language(language):
    kiln = {"name": "kiln", "kind": "clinker", "amount": "1.000000000000000000001", "unit": "t"}
    everything = msgspec.structs.replace(example(), processes=report(processes=[kiln]).processes, note="=2+2")
    back, places = read_plant_sheet(workbook(language, everything), "plant.xlsx")
    assert canonical_json(back.as_data()) == canonical_json(everything.as_data())
    assert places["Workshop, gas"].row == 4
    result = assess(msgspec.structs.replace(back, fuels=(msgspec.structs.replace(back.fuels[0], calorific=None),)))
    placed = result.errors[0].placed(places)
    assert (placed.refusal.where.row, placed.refusal.where.sheet) == (2, "Lines")


@pytest.mark.parametrize(
    ("cell", "value", "code"),
    [
        ("D2", "#NUM!", "cell-error"),
        ("D2", "about a thousand", "not-number"),
        ("D2", -4, "below-minimum"),
        ("B3", "Steam boilers, coal", "value-twice"),
    ],
)
def test_cells_that_are_no_numbers_are_refused_at_their_place(cell, value, code):
    def change(book):
        sheet = book["Lines"]
        sheet[cell].value = value
        if value == "#NUM!":
            sheet[cell].data_type = "e"

    with pytest.raises(Refusal) as refused:
        read_plant_sheet(workbook("ru", change=change), "plant.xlsx")
    assert refused.value.code == code
    assert (refused.value.where.sheet, refused.value.where.row) == ("Lines", int(cell[1]))


def test_a_workbook_without_its_sheets_is_refused():
    with pytest.raises(Refusal) as refused:
        read_plant_sheet(b"a;b\n1;2\n", "plant.csv")
    assert refused.value.code == "plant-sheet-missing"


def test_what_is_told_to_programs_is_whole():
    told = result_data(assess(example()), sensitivity(example()), "kk")
    assert json.loads(json.dumps(told)) == told
    assert told["scope1"]["gases"]["CO2"] == assess(example()).scope1["CO2"]
    shown = [one for line in told["lines"] for one in line["inputs"] if one["default"]]
    assert {one["name"] for one in shown} == {"ncv", "oxidation", "CO2", "CH4", "N2O"}
    assert all(one["factor"] is None or factor(one["factor"]) for line in told["lines"] for one in line["inputs"])
