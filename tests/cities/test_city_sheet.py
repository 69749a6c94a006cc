"""Facts of a city by theme, with the kind that each number is."""

from itertools import pairwise

import pytest

from jasyl.cities import cities, city, city_named
from jasyl.cities.city_sheet import KINDS, THEMES, city_facts, names_town, regional_facts, theme_of
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


def test_a_town_shows_the_facts_that_name_it_and_those_of_its_region_apart(filled):
    temirtau = city_named("Теміртау")
    own, regional = city_facts(filled, temirtau), regional_facts(filled, temirtau)
    areas = {fact.area for found in own.values() for fact in found}
    assert areas == {"Temirtau"}
    told = [fact for found in regional.values() for fact in found]
    assert {(fact.place, fact.area) for fact in told} == {("KZ-35", "")}
    assert not any(regional_facts(filled, city("KZ-75")).values())
    rudny = city_named("Rudny")
    assert names_town(rudny, "Rudny, Kostanay oblast")
    assert not names_town(rudny, "Kostanay region")
    assert not any(city_facts(filled, city("351610000")).values())
