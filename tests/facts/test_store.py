"""Facts are kept once, never edited, and found by what they are about."""

from dataclasses import replace
from decimal import Decimal

from jasyl.facts import find, load_facts, series_of, store


def test_a_fact_comes_back_as_it_went_in(database, wind_2023):
    with database.writing(visible=False) as connection:
        assert store(connection, [wind_2023]) == 1
    with database.reading() as connection:
        assert find(connection) == [wind_2023]


def test_storing_again_changes_nothing(database, wind_2023):
    with database.writing(visible=False) as connection:
        assert store(connection, [wind_2023, wind_2023]) == 1
        assert store(connection, [wind_2023]) == 0
        assert len(find(connection)) == 1


def test_conflicting_facts_stand_side_by_side(database, wind_2023):
    other = replace(wind_2023, value=Decimal("4.1"), source="another page")
    doubtful = replace(wind_2023, value=Decimal("9"), confidence="low", confirmed=False)
    later = replace(wind_2023, period="2024")
    with database.writing(visible=False) as connection:
        store(connection, [later, other, wind_2023, doubtful])
        series = series_of(connection, "generation", "KZ", technology="wind")
        everything = series_of(connection, "generation", "KZ", technology="wind", confirmed=False)
    assert list(series) == ["2023", "2024"]
    assert {fact.value for fact in series["2023"]} == {Decimal("3.8"), Decimal("4.1")}
    assert len(everything["2023"]) == 3


def test_facts_are_found_by_each_condition(database, wind_2023):
    span = replace(wind_2023, metric="stock", period="2018-2020", area="a basin", object="a river", place=None)
    open_end = replace(wind_2023, metric="budget", period="2031+", technology="")
    with database.writing(visible=False) as connection:
        store(connection, [wind_2023, span, open_end])
        assert find(connection, metric="generation") == [wind_2023]
        assert find(connection, place="KZ", technology="wind") == [wind_2023]
        assert find(connection, technology="") == [open_end]
        assert find(connection, area="a basin") == find(connection, object="a river") == [span]
        assert find(connection, year=2019) == [span]
        assert find(connection, year=2040) == [open_end]
        assert find(connection, year=2021) == []
        assert find(connection, confirmed=False) == []


def test_the_whole_package_goes_in_and_comes_out(database):
    facts = list(load_facts())
    with database.writing(visible=False) as connection:
        assert store(connection, facts) == len(facts)
        assert {fact.key for fact in find(connection)} == {fact.key for fact in facts}
        assert store(connection, load_facts()) == 0
