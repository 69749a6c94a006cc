"""A kept report gives figures with their inputs; the command keeps, tells and refuses."""

import json
import time

import msgspec
import pytest
from tests.tables import founded
from ulid import ULID

from jasyl.emissions import factor_describers
from jasyl.emissions.plants import (
    assess,
    example,
    keep_plant_report,
    make_plant_figures,
    metered_amounts,
    plant_gatherers,
    plant_report_of,
    plant_subject,
    report_of,
)
from jasyl.facts import book_versions, newest_book
from jasyl.figures import Figure, Reference, Subject, Watch, book_describers, get, mark_stale, publish, recompute, walk
from jasyl.figures.dependencies import store
from jasyl.figures.recomputation import span
from jasyl.ledger import log_origin
from jasyl.quantities import decimal_text, period
from jasyl.texts import Refusal


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with founded(tmp_path_factory.mktemp("plants"), "training") as made:
        yield made


def changed(**more):
    return plant_report_of({**example().as_data(), **more})


def test_a_report_gives_figures_that_walk_back_to_book_and_factors(house):
    folder, database = house
    report = example()
    subject = plant_subject(None, report.plant)
    with database.writing() as connection:
        book = keep_plant_report(connection, folder, report, "an engineer")
        made = make_plant_figures(connection, book, subject, "training", 1)
        assert report_of(book) == report
        assert {one.figure.indicator for one in made} == {
            "emissions.plant_scope1", "emissions.plant_scope2", "emissions.plant_scope2_market",
            "energy.plant_used",
        }  # fmt: skip
        scope1 = made[0].figure
        assert float(scope1.value) == pytest.approx(assess(report).equivalent1)
        assert float(scope1.uncertainty) == pytest.approx(assess(report).uncertainty1)
        assert (scope1.kind, scope1.unit, scope1.publication) == ("training", "kg", "public")
        assert Reference("book", book.id, book.digest) in scope1.inputs
        assert sum(one.kind == "emission_factor" for one in scope1.inputs) == len(assess(report).factors)
        said = publish(
            connection, made[0].id, "operator", time.time_ns() // 1000, log_origin=log_origin(folder), signers=()
        )
        tree = walk(connection, said.id, {**factor_describers(), **book_describers()})
        told = json.dumps(msgspec.to_builtins(tree), default=str)
        assert "IPCC EFDB record" in told
        assert f'"version": {book.version}' in told


def test_scope_1_of_the_example_is_pinned(house):
    """The numbers of version 1.0.0 never change."""
    folder, database = house
    with database.writing() as connection:
        book = keep_plant_report(connection, folder, changed(plant="pinned-plant"), "an engineer")
        made = make_plant_figures(connection, book, Subject("plant", "pinned-plant"), "training", 1)
    values = {one.figure.indicator: decimal_text(one.figure.value) for one in made}
    assert values == {
        "emissions.plant_scope1": "1935315826.806",
        "emissions.plant_scope2": "2871648",
        "emissions.plant_scope2_market": "0",
        "energy.plant_used": "5771398773333.333",
    }


def test_a_meter_told_late_changes_the_figure(house):
    folder, database = house
    fuel = {"name": "gas", "fuel": "natural_gas", "meter": "gas.consumed", "use": "own"}
    fuel |= {"calorific": {"value": "8000", "unit": "kcal/m3", "source": "certificate"}, "amount": "1", "unit": "m3"}
    report = changed(
        plant="metered-plant", stage="report", fuels=[fuel], bought=[], sent_out=None, plan=None, verification=None
    )
    subject = Subject("facility", str(ULID()))
    start, end = span(period("2024"))

    def metered(value):
        return Figure(
            "gas.consumed",
            subject,
            "2024",
            start,
            end,
            "m3",
            value,
            None,
            1,
            "training",
            "gas.consumed",
            "1.0.0",
            {},
            (),
        )

    with database.writing() as connection:
        book = keep_plant_report(connection, folder, report, "an engineer")
        alone = make_plant_figures(connection, book, subject, "training", 1)
        store(connection, metered(1000), (), 2)
        with_meter = make_plant_figures(connection, book, subject, "training", 3)
        assert float(with_meter[0].figure.value / alone[0].figure.value) == pytest.approx(1000, rel=1e-3)
        assert metered_amounts(connection, report, subject, "training")["gas.consumed"].value == 1000
        newer = store(connection, metered(2000), (), 4)
        mark_stale(connection, [Watch("figure", newer.figure.key)], 5)
        again = recompute(connection, plant_gatherers("training"), 6)
        assert get(connection, newer.id).figure.value == 2000
        found = [one.after.figure for one in again.changed if one.after.figure.subject == subject]
        assert found and float(found[0].value / with_meter[0].figure.value) == pytest.approx(2, rel=1e-6)


def test_a_report_goes_forward_from_plan_to_verified(house):
    folder, database = house
    with database.writing() as connection:
        plan = changed(plant="staged", stage="plan", verification=None)
        book = keep_plant_report(connection, folder, plan, "an engineer")
        assert make_plant_figures(connection, book, Subject("plant", "staged"), "training", 1) == []
        keep_plant_report(connection, folder, changed(plant="staged"), "a verifier", publication="closed")
        assert [one.publication for one in book_versions(connection, "plant_report", "staged", "2024")] == [
            "public", "closed",
        ]  # fmt: skip
        with pytest.raises(Refusal) as refused:
            keep_plant_report(connection, folder, plan, "an engineer")
        assert refused.value.code == "plant-stage"
        for wrong, code in (
            ({"fuels": [{"name": "c", "fuel": "lignite", "amount": "1", "unit": "t"}]}, "plant-report-errors"),
            ({"training": False}, "plant-training"),
        ):
            with pytest.raises(Refusal) as refused:
                keep_plant_report(connection, folder, changed(plant="wrong", **wrong), "an engineer")
            assert refused.value.code == code
        assert newest_book(connection, "plant_report", "wrong", "2024") is None
