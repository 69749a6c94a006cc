"""Inventories beside each other: base year, series, check values, other choices, the way between the totals."""

import datetime as dt
from decimal import Decimal

import msgspec
import pytest

from jasyl.emissions.inventory import (
    Activity,
    Calculation,
    CheckValue,
    Population,
    Statement,
    begun,
    carried_over,
    evaluate,
    findings,
    in_set,
    refused,
)
from jasyl.emissions.inventory.paper import inventory_paper
from jasyl.emissions.inventory.sensitivity import alternatives
from jasyl.emissions.inventory.training import training_inventory
from jasyl.emissions.inventory.waterfall import waterfall_steps, waterfall_svg, waterfall_words
from jasyl.emissions.inventory.years import across_years, base_year, compared, trend
from jasyl.papers.paper import Text
from jasyl.texts import LANGUAGES, Refusal, say

from .test_inventory import NCV, coal, inventory

replace = msgspec.structs.replace


def test_the_base_year_is_made_again_above_the_threshold_or_when_a_structure_changes():
    then = evaluate(inventory(coal()))
    little, much = (evaluate(inventory(coal(amount=amount))) for amount in ("1040", "1060"))
    now = inventory(coal(), year=2025)
    threshold = Decimal("0.05")
    assert not base_year(then, little, now, threshold).due
    found = base_year(then, much, now, threshold)
    assert found.due
    assert found.shares["basic"] == Decimal("0.06")
    moved = base_year(then, then, replace(now, boundary="wider", road_method="geographic"), threshold)
    assert (moved.due, moved.changes) == (True, ("boundary", "road_method"))
    nothing = evaluate(inventory(coal(amount="0")))
    assert base_year(nothing, nothing, now, threshold).shares["basic"] is None
    assert base_year(nothing, then, now, threshold).due


def test_a_source_that_was_said_not_to_occur_is_marked():
    without = inventory(coal(), year=2022)
    withit = inventory(coal(), coal("b", "I.2.1"), year=2023)
    found = across_years([withit, without])
    assert [(one.code, one.refusal.arguments["received"]) for one in found] == [
        ("inventory-absent-then-number", "I.2.1")
    ]
    estimated_later = inventory(coal(), cells=(Statement(ref="I.2.1", key="NE", reason="x"),), year=2022)
    assert across_years([withit, estimated_later]) == []


def test_a_series_is_of_one_set():
    years = [evaluate(training_inventory(year)) for year in (2023, 2019)]
    rows = trend(years, "basic")
    assert [year for year, _, _ in rows] == [2019, 2023]
    assert rows[0][2] == 0
    assert rows[1][2] == (rows[1][1] - rows[0][1]) / rows[0][1]
    with pytest.raises(Refusal, match="AR4"):
        trend([years[0], evaluate(in_set(years[1].inventory, "AR4"))], "basic")


def test_values_of_others_stand_beside_and_change_nothing():
    checks = tuple(
        CheckValue(name=of, of=of, value=Decimal(value), year=2023, source="s")
        for of, value in (("basic", 1_800_000), ("territorial", 9_000_000), ("I.1.1", 1_800_000), ("I.2.1", 5))
    )
    result = evaluate(inventory(coal(), checks=checks))
    total, far, of_cell, absent = compared(result)
    assert (total.inside, far.inside, of_cell.inside) == (True, False, None)
    assert total.ratio == Decimal(1_800_000) / result.totals["basic"].co2e
    assert (absent.ours, absent.ratio) == (None, None)
    assert compared(evaluate(inventory(coal()))) == ()


def test_other_choices_of_coal_and_grid_move_what_they_should():
    result = evaluate(training_inventory())
    rows = alternatives(result)
    coal_rows = {one.factor: one for one in rows if one.choice == "coal_ncv"}
    grid_rows = [one for one in rows if one.choice == "grid"]
    assert {one.factor for one in rows if one.chosen} == {
        "ncv.training.coal", "grid.kaz.fuel_mix_estimate_generation_part_carbon_footpri.2022",
    }  # fmt: skip
    through = [one for one in result.terms if "factor:ncv.training.coal" in one.variables]
    burnt = sum(one.mass for one in through if one.species == "CO2")
    change = coal_rows["ncv.other_bituminous_coal"].totals["territorial"] - result.totals["territorial"].co2e
    assert float(change) == pytest.approx(float(burnt) * (25.8 / 17.4 - 1), rel=0.02)  # CO2 is nearly all of it
    assert {one.totals["territorial"] for one in grid_rows} == {result.totals["territorial"].co2e}
    assert len({one.totals["basic"] for one in grid_rows}) > 3
    assert "grid.kaz.kaz_ets_electricity_benchmark.2021" not in {one.factor for one in rows}
    assert {one.factor for one in alternatives(evaluate(inventory(coal())))} == {NCV, "ncv.other_bituminous_coal"}
    assert alternatives(evaluate(inventory(coal(unit="TJ", through=())))) == ()


def test_the_steps_between_the_totals_close():
    result = evaluate(training_inventory())
    now = Decimal()
    for one in waterfall_steps(result):
        if one.kind == "total":
            assert float(now or one.value) == pytest.approx(float(one.value), rel=1e-20)
            now = one.value
        else:
            now += one.value
    assert waterfall_steps(result)[-1].value == result.totals["territorial"].co2e


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_picture_names_every_column(language):
    result = evaluate(inventory(coal()))
    svg = waterfall_svg(result, language)
    assert svg.count("<rect") == 9
    assert svg.startswith("<svg ")
    assert "BASIC+" in waterfall_words(result, language)


@pytest.fixture(scope="module")
def years():
    """The base year, the current year, and the current year by another method."""
    now = training_inventory(2024)
    return [evaluate(one) for one in (training_inventory(2019), now, replace(now, road_method="geographic"))]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_report_tells_whether_the_base_year_holds(years, language):
    then, now, otherwise = years
    day = dt.date(2026, 1, 1)

    def texts(result):
        paper = inventory_paper(result, "x", language, day=day, others=[then])
        own = {one.text for one in result.inventory.words if one.of(language) != one.text}
        assert not [text for text in own if f"'{text}'" in repr(paper)]
        return [one.text for one in paper.blocks if isinstance(one, Text)]

    holds = say(language, "inventory-base-holds", year="2019", threshold="5", changes="—")
    assert holds in texts(now)
    moved = texts(otherwise)
    assert holds not in moved
    assert any(say(language, "inventory-field-road-method") in one and "2019" in one for one in moved)


def test_a_year_begins_with_the_lines_of_an_earlier_one_but_not_with_its_plants():
    """What a plant's report gave is of its year; a cell that only it filled, and one that referred there, are NE."""
    before = training_inventory(2024)
    own = next(one for one in before.activities if one.ref == "I.4.1")
    report = Activity(
        id="report", ref="I.4.1", name="plant", source="report", quality="H", factor_quality="H",
        masses={"CO2": Decimal(10)}, calculation=Calculation(method="plant_report"),
    )  # fmt: skip
    kept = replace(before, activities=tuple(report if one is own else one for one in before.activities))
    people = Population(value=Decimal(1_700_000), source="statistics")
    made = carried_over(kept, 2025, people, "akimat", reason="begun")
    assert not refused(findings(made))
    keys = {one.ref: (one.key, one.target) for one in made.cells}
    assert (keys["I.4.1"], keys["I.4.2"], keys["I.5.2"]) == (("NE", ""), ("NE", ""), ("IE", "I.2.2"))
    assert {(one.carried_from, one.quality) for one in made.activities} == {(2024, "L")}
    assert (made.population, made.checks, made.factors) == (people, (), before.factors)
    later = carried_over(made, 2026, people, "akimat", reason="begun")
    assert {one.carried_from for one in later.activities} == {2024}  # of the year it was first put in
    assert evaluate(later).totals["basic"].co2e > 0
    assert {one.code for one in findings(later)} >= {"inventory-carried"}
    nothing = begun("KZ-75", 2025, people, "border", "AR5", "split", "akimat", reason="begun")
    assert not refused(findings(nothing))
    with pytest.raises(Refusal):
        begun("KZ-75", 2025, people, "", "AR5", "split", "akimat", reason="begun")
