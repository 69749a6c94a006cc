"""Facts of a city by theme, with the kind that each number is."""

from itertools import pairwise

import pytest

from jasyl.cities import cities, city
from jasyl.cities.city_sheet import KINDS, THEMES, city_facts, theme_of
from jasyl.facts import BASES, load_facts, package_file, store

FACTS = list(load_facts())


@pytest.fixture
def filled(connection):
    store(connection, FACTS)
    return connection


def test_every_basis_of_a_fact_has_a_kind_and_plans_are_no_values():
    assert set(KINDS) == set(BASES)
    assert KINDS["planned"] == "planned"
    assert KINDS["derived"] == "modelled"


def test_every_fact_of_the_package_has_a_theme():
    assert {theme_of(fact) for fact in FACTS} == set(THEMES) - {"other"}
    assert package_file("nobody's") is None
    tariff = next(fact for fact in FACTS if fact.metric == "tariff" and package_file(fact.key) == "waste")
    assert theme_of(tariff) == "waste"


def test_each_city_of_republican_rank_shows_its_own_facts(filled):
    for one in cities():
        facts = city_facts(filled, one)
        assert {fact.place for found in facts.values() for fact in found} == {one.place}
        assert facts["air"]
        assert facts["waste"]
    almaty = city_facts(filled, city("KZ-75"))
    assert {"coal_burnt", "heat_output_capacity"} & {fact.metric for fact in almaty["energy"]}
    assert "ash_made" in {fact.metric for fact in almaty["waste"]}


def test_facts_of_a_metric_come_newest_first(filled):
    for found in city_facts(filled, city("KZ-75")).values():
        for one, other in pairwise(found):
            assert one.metric < other.metric or (one.start_year or 0) >= (other.start_year or 0)


def test_a_town_by_its_kato_code_has_no_facts_by_code(filled):
    assert not any(city_facts(filled, city("351610000")).values())
