"""A plant's report as activities of a city inventory: the same kilograms, in the cells where they belong."""

import msgspec
import pytest

from jasyl.emissions.inventory import evaluate, findings
from jasyl.emissions.inventory.training import training_inventory
from jasyl.emissions.plants import assess, example, inventory_activities, plant_report_of
from jasyl.quantities import canonical_json, sha256_hex
from jasyl.texts import Refusal


def test_the_kilograms_of_a_plant_stand_in_the_cells_of_the_city():
    report = example()
    found = {one.ref: one for one in inventory_activities(report)}
    cells = assess(report).by_reference()
    assert set(found) == set(cells) == {"I.4.1", "I.4.2", "I.4.4"}
    for ref, masses in cells.items():
        assert {gas: float(mass) for gas, mass in found[ref].masses.items()} == pytest.approx(masses, abs=1e-5)
    supplied = found["I.4.4"]
    assert supplied.calculation.inputs == sha256_hex(canonical_json(report.as_data()))
    assert (supplied.quality, supplied.factor_quality, supplied.plant) == ("H", "M", report.plant)
    assert 3 < supplied.uncertainty < 8
    assert set(found["I.4.2"].omitted) == {"CH4", "N2O"}
    assert inventory_activities(report, "ab")[0].calculation.inputs == "ab"


def test_an_inventory_takes_them_in_and_its_territorial_total_grows_by_them():
    base = training_inventory()
    activities = inventory_activities(example())
    refs = {one.ref for one in activities}
    cells = tuple(one for one in base.cells if one.ref not in refs)
    added = msgspec.structs.replace(base, activities=(*base.activities, *activities), cells=cells)
    refused = {one.text("en") for one in findings(added) if one.level == "error"}
    assert refused == {one.text("en") for one in findings(base) if one.level == "error"}
    before, after = ({one.total: one.co2e for one in evaluate(each).totals.values()} for each in (base, added))
    grown = {name: float(after[name] - before[name]) for name in before}
    result = assess(example())
    assert grown["territorial"] == pytest.approx(result.equivalent1, rel=1e-9)
    own = sum(mass * {"CO2": 1, "CH4": 28, "N2O": 265}[gas] for gas, mass in result.by_reference()["I.4.1"].items())
    assert grown["basic"] == pytest.approx(own + result.equivalent2, rel=1e-6)


def test_half_a_plant_goes_into_no_inventory():
    line = {"name": "coal", "fuel": "lignite", "amount": "1", "unit": "t"}
    with pytest.raises(Refusal) as refused:
        inventory_activities(plant_report_of({**example().as_data(), "fuels": [line]}))
    assert refused.value.code == "plant-report-errors"
