"""Dynamics as published figures: golden numbers, passports down to assertions, corrections that name statements."""

import datetime as dt
import json
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.monitoring.world import NOW, a_database

from jasyl.figures import NoParameters, find, get, in_force, publish, walk
from jasyl.ledger import create_keys, log_origin
from jasyl.monitoring import bring_up_to_date
from jasyl.monitoring.dynamics import dynamics
from jasyl.monitoring.dynamics_figures import (
    DYNAMICS_INDICATORS,
    MEASURES,
    YearOfDynamics,
    displaced_inputs,
    dynamics_indicator,
    make_dynamics_figure,
    register_describers,
)
from jasyl.registry import AdoptionRow, Provenance, Statement, record
from jasyl.texts import LANGUAGES, Refusal, say

MW = 1_000_000
TABLE = [
    AdoptionRow("a1", "ann", "RP.PV", "solar", "KZ-75", 2014, "operating", MW, {2016: 5 * 10**9}),
    AdoptionRow(
        "a2",
        "ann",
        "RP.PV",
        "solar",
        "KZ-75",
        2016,
        "operating",
        3 * MW,
        {2016: 10**9},
        invested={"KZT": Decimal(500), "USD": Decimal(7)},
    ),
    AdoptionRow("b1", "bob", "RP.PV", "solar", "KZ-75", 2016, "suspended", None, invested={"USD": Decimal(3)}),
    AdoptionRow("c1", "cec", "RP.PV", "solar", "KZ-75", 2015, "closed", MW, closed_year=2016),
    AdoptionRow("d1", "dan", "RP.PV", "solar", "KZ-75", None, "operating", MW),
    AdoptionRow("e1", "eve", "RP.PV", "solar", "KZ-75", 2016, "operating", MW, confirmed=False),
    AdoptionRow("f1", "fay", "RP.PV", "solar", "KZ-75", None, "coming", MW),
]
# Method 1.0.0 of each measure, for 2016: value and completeness. These numbers never change; a new idea is a version.
GOLDEN = {
    "facilities": (3, "0.666667"),
    "new_facilities": (2, "0.666667"),
    "enterprises": (2, "0.666667"),
    "new_enterprises": (1, "0.666667"),
    "capacity": (4 * MW, "0.444444"),
    "new_capacity": (3 * MW, "0.666667"),
    "output": (6 * 10**9, "0.444444"),
    "avoided": (6 * 698_000, "0.444444"),  # 6 GWh of photovoltaics against 698 kg/MWh
    "invested_kzt": (500, "0.666667"),
    "invested_usd": (10, "0.666667"),
    "invested_eur": (None, "0.666667"),
}


@pytest.mark.parametrize("measure", MEASURES)
def test_golden_numbers(measure):
    for family in (None, "solar"):
        method = find(dynamics_indicator(measure, family), "1.0.0")
        found = method.compute(NoParameters(), YearOfDynamics(TABLE, 2016))
        value, complete = GOLDEN[measure]
        assert (found.value, found.completeness) == (None if value is None else Decimal(value), Decimal(complete))
    empty = find(dynamics_indicator(measure)).compute(NoParameters(), YearOfDynamics([], 2016))
    assert (empty.value, empty.completeness) == (None if MEASURES[measure].silent else 0, 1)
    assert {name for name, one in MEASURES.items() if one.silent} == {
        "output", "avoided", "invested_kzt", "invested_usd", "invested_eur"
    }  # fmt: skip


def test_every_indicator_has_a_name():
    assert len(DYNAMICS_INDICATORS) == len(MEASURES) * 19
    for measure in MEASURES:
        assert all(say(language, f"indicator-dynamics-{measure.replace('_', '-')}") for language in LANGUAGES)


@pytest.fixture
def world(folder):
    create_keys(folder)
    database = a_database(folder)
    yield folder, database
    database.close()


def facility(key, **fields):
    base = {
        "name_en": key,
        "technology": "RP.WON",
        "status": "operating",
        "commissioned": "2015",
        "capacity": Decimal(5),
        "capacity_unit": "MW",
        "region": "KZ-11",
        "confirmed": True,
    }
    return Statement(key, {**base, **fields}, Provenance("a newspaper of 2016", "test", "high"))


def test_from_the_register_to_a_statement_and_a_correction(world):
    folder, database = world
    origin = log_origin(folder)
    with database.writing() as connection:
        record(
            connection, "facility", [facility("one"), facility("two", region="KZ-71"), facility("three", level="x")][:2]
        )
        country = make_dynamics_figure(connection, "KZ", "dynamics.capacity.wind", "2020", "observed", NOW)
        region = make_dynamics_figure(connection, "KZ-11", "dynamics.facilities", "2020", "observed", NOW)
        again = make_dynamics_figure(connection, "KZ", "dynamics.capacity.wind", "2020", "observed", NOW)
        statement = publish(connection, country.id, "analyst", NOW, log_origin=origin, signers=())
    assert again.id == country.id
    assert (country.figure.value, country.figure.kind) == (10 * MW, "published")
    assert (region.figure.value, region.figure.subject.id) == (1, "KZ-11")
    document = json.loads(statement.document)
    assert (document["subject"], document["subject_kind"]) == ("KZ", "country")
    with database.reading() as connection:
        tree = walk(connection, statement.id, register_describers())
    entries = [node for node in tree.children[0].children if node.kind == "register_entry"]
    assert [node.values["key"] for node in entries] == ["one", "two"]
    assert all(node.values["current"] for node in entries)
    said = {node.values["field"]: node.values for node in entries[0].children}
    assert said["capacity"]["source"] == "a newspaper of 2016"
    assert said["capacity"]["value"] == '"5"' or said["capacity"]["value"] == "5"

    # Nothing new: upkeep leaves everything as it is. A correction of the register names the statement.
    assert bring_up_to_date(database, folder, NOW + 1, author="test").changed == ()
    with database.writing() as connection:
        record(connection, "facility", [facility("two", region="KZ-71", capacity=Decimal(7))])
    done = bring_up_to_date(database, folder, NOW + 2, author="test")
    assert [each.after.figure.value for each in done.changed] == [12 * MW]
    assert [each.id for each in done.statements] == [statement.id]
    assert bring_up_to_date(database, folder, NOW + 3, author="test").changed == ()
    with database.writing() as connection:
        newer = publish(connection, done.changed[0].after.id, "analyst", NOW + 4, log_origin=origin, signers=())
        assert in_force(connection, [country.figure.key])[0].id == newer.id
        assert get(connection, region.id).stale is False
    with database.reading() as connection:
        old = walk(connection, statement.id, register_describers())
    assert [node.values["current"] for node in old.children[0].children[1:]] == [True, False]


def test_money_rests_on_what_was_stated(world):
    _, database = world
    with database.writing() as connection:
        paid = {"cost": Decimal("2.5e9"), "cost_currency": "KZT"}
        record(connection, "facility", [facility("one", **paid), facility("two")])
        made = make_dynamics_figure(connection, "KZ", "dynamics.invested_kzt.wind", "2015", "observed", NOW)
        none = make_dynamics_figure(connection, "KZ", "dynamics.invested_usd", "2015", "observed", NOW)
    assert (made.figure.value, made.figure.unit, made.figure.completeness) == (2_500_000_000, "{KZT}", Decimal("0.5"))
    assert [each.kind for each in made.figure.inputs].count("stated_money") == 1
    assert none.figure.value is None


def test_a_passport_opens_nothing_that_is_not_public(world):
    _, database = world
    rows = [
        replace(facility(f"plant-{n}", enterprise_id=f"{n:026}"),
                provenance=Provenance("own word", "test", "high", level="aggregated"))
        for n in range(3)
    ]  # fmt: skip
    with database.writing() as connection:
        record(connection, "facility", rows)
        made = make_dynamics_figure(connection, "KZ", "dynamics.facilities", "2020", "training", NOW)
        assert (made.figure.value, made.figure.kind) == (3, "training")
        nodes = [register_describers()["register_entry"](connection, each) for each in made.figure.inputs]
    assert all(not node.children and set(node.values) == {"digest"} for node in nodes)


@pytest.mark.parametrize(
    ("place", "indicator", "year", "code"),
    [
        ("KZ", "dynamics.luck", "2020", "unknown-indicator"),
        ("KZ", "dynamics.capacity", "2020-05", "dynamics-year"),
        ("KZ-99", "dynamics.capacity", "2020", "unknown-region"),
    ],
)
def test_refusals(world, place, indicator, year, code):
    _, database = world
    with database.writing() as connection, pytest.raises(Refusal) as refused:
        make_dynamics_figure(connection, place, indicator, year, "observed", NOW)
    assert refused.value.code == code


def test_output_rests_on_what_was_published(world):
    from jasyl.registry.tables import published_output, source

    _, database = world
    with database.writing() as connection:
        record(connection, "facility", [facility("one")])
        identity = (
            make_dynamics_figure(connection, "KZ", "dynamics.facilities", "2020", "observed", NOW).figure.inputs[0].id
        )
        number = connection.execute(source.select()).first().id
        told = {"facility_id": identity, "period": "2020", "kind": "measured", "value": 14, "unit": "GW.h"}
        connection.execute(published_output.insert().values(**told, source_id=number, confidence="high"))
        made = make_dynamics_figure(connection, "KZ", "dynamics.output.wind", "2020", "observed", NOW)
    assert made.figure.value == 14 * 10**9
    assert [each.id for each in made.figure.inputs if each.kind == "published_output"] == [f"{identity}/2020"]
    assert dt.datetime.fromtimestamp(made.figure.start / 1e6, dt.UTC).year == 2019, "civil years of the country"


def test_avoided_emissions_take_published_output_before_metered_and_say_what_they_rest_on():
    energy = {"a1": 10**12, "c1": 10**9}
    metered = {key: {"electricity_generated": {2016: Decimal(value)}} for key, value in energy.items()}
    storage = AdoptionRow("s1", "sam", "RP.BAT", "storage", "KZ-75", 2015, "operating", MW, {2016: 10**12})
    found = dynamics([*TABLE, storage], [], 2016, metered=metered).rows[-1]
    # a1 and a2 published, c1 metered; a battery displaces nothing
    assert (found.avoided, found.avoided_known) == (7 * 698_000, 3)
    inputs = displaced_inputs([*TABLE, storage], 2016, metered)
    assert [one.kind for one in inputs].count("published_output") == 2
    assert {one.id for one in inputs if one.kind == "emission_factor"} == {"cm_variable"}
