"""The facts that ship: complete, honest about doubt, and every file with a source."""

import re
from collections import Counter
from decimal import Decimal
from importlib.resources import files
from pathlib import Path

from jasyl.facts import load_facts, sources

FACTS = list(load_facts())
REGIONS = {"KZ"} | {f"KZ-{number}" for number in (10, 11, 15, 19, 23, 27, 31, 33, 35, 39, 43, 47, 55, 59, 61, 62, 63)}
REGIONS |= {"KZ-71", "KZ-75", "KZ-79"}


def one(**wanted):
    found = [fact for fact in FACTS if all(getattr(fact, name) == value for name, value in wanted.items())]
    assert len(found) == 1, found
    return found[0]


def test_nothing_is_lost_and_nothing_is_twice():
    assert len(FACTS) == 847
    assert len({fact.key for fact in FACTS}) == len(FACTS)


def test_every_fact_is_whole():
    for fact in FACTS:
        said = f"{fact.metric} {fact.place} {fact.area} {fact.period} ({fact.source})"
        assert re.fullmatch(r"[a-z0-9_]+", fact.metric), said
        assert fact.place is None or fact.place in REGIONS, said
        assert fact.place or fact.area, said
        assert fact.unit, said
        assert " " not in fact.unit, said
        assert fact.unit.count("{") == fact.unit.count("}"), said
        if "recalled" in f"{fact.source} {fact.note}".lower() or fact.confidence == "low":
            assert not fact.confirmed, said


def test_known_numbers_are_there():
    wind = one(metric="installed_capacity", place="KZ", technology="wind", period="2025-05")
    assert (wind.value, wind.unit, wind.confirmed) == (Decimal("1570.05"), "MW", True)
    zhambyl = one(metric="generation", place="KZ-31", period="2025-01..09")
    assert (zhambyl.value, zhambyl.basis) == (Decimal("602.1"), "measured")
    january = one(metric="consumption_month", period="2013-01")
    assert january.value == Decimal("8.7743")
    heat = one(metric="district_heat", place="KZ-71", object="metered")
    assert (heat.value, heat.unit) == (Decimal(3929), "{KZT}/Gcal_IT")


def test_a_range_stays_a_range():
    spring = one(metric="temperature", object="Kapal-Arasan")
    assert (spring.low, spring.value, spring.high) == (Decimal(34), Decimal(39), Decimal(44))
    factor = one(metric="capacity_factor_typical")
    assert (factor.low, factor.value, factor.high) == (Decimal(35), None, Decimal(45))
    served = one(metric="population_served")
    assert (served.value, served.high) == (None, Decimal(50))


def test_disagreeing_sources_are_both_kept():
    rates = [fact for fact in FACTS if fact.place == "KZ-79" and "recycling_rate" in fact.metric]
    assert {fact.value for fact in rates} >= {Decimal("30.3"), Decimal("3.5")}
    collected = {
        fact.value
        for fact in FACTS
        if fact.metric in {"collected", "municipal_waste_collected"} and fact.period == "2023"
    }
    assert collected >= {Decimal("4.1"), Decimal("3.3")}


def test_assumptions_and_suspected_misprints_never_count():
    assert all(not fact.confirmed for fact in FACTS if fact.basis == "assumed")
    misprint = one(metric="trade_import", object="Kyrgyzstan", period="2022-07")
    assert not misprint.confirmed


def test_unconfirmed_facts_are_few_and_there():
    doubt = Counter(fact.confirmed for fact in FACTS)
    assert doubt == {True: 662 + 133, False: 51 + 1}


def test_a_permitted_amount_is_a_limit_and_no_emission():
    limits = [fact for fact in FACTS if fact.metric.startswith("permitted_")]
    assert limits
    assert {fact.basis for fact in limits} == {"planned"}
    coal = one(metric="coal_burnt", place="KZ-75", object="Almaty CHP-2")
    assert (coal.value, coal.unit, coal.basis) == (Decimal(1500000), "t", "statement")
    before = one(metric="pollutants_of_stationary_sources", place=None)
    assert before.area == "Karaganda and Ulytau regions"


def test_every_package_data_file_has_a_source():
    root = Path(str(files("jasyl")))
    shipped = {
        path.relative_to(root).as_posix()
        for room in ("adviser", "atlas", "certificates", "emissions", "facts", "indicators", "registry", "papers")
        for path in (root / room).rglob("*")
        if path.is_file()
        and {"data", "fonts"} & set(path.relative_to(root).parts)
        and path.name not in {"example.json", "plant_report.json"}
    }
    listed = {name for source in sources() for name in source.files}
    assert shipped == listed
    for source in sources():
        assert source.title
        assert source.licence
        assert source.address
