"""The training city books: made up, the same for every seed, with gaps, whole shares and one refused value."""

from decimal import Decimal

import pytest
from tests.cities.book_world import U4SSC

from jasyl.cities import city, findings
from jasyl.cities.results import read_result, read_results
from jasyl.cities.training_book import YEARS, load_training_books, training_book
from jasyl.people import ANYBODY


@pytest.fixture
def filled(connection):
    load_training_books(connection)
    return connection


def test_books_are_the_same_for_one_seed_and_others_for_another():
    assert training_book("KZ-71", 2024, U4SSC) == training_book("KZ-71", 2024, U4SSC)
    assert training_book("KZ-71", 2024, U4SSC, 1) != training_book("KZ-71", 2024, U4SSC)


@pytest.mark.parametrize("place", ["KZ-71", "KZ-75"])
def test_books_pass_every_check_that_is_an_error_or_a_question(place):
    for year in YEARS:
        book = {one.point: one for one in training_book(place, year, U4SSC)}
        assert [one for one in findings(book, U4SSC) if one.severity == "error"] == []
        assert [one.code for one in findings(book, U4SSC) if "shares" in one.code or "wastewater" in one.code] == []


def test_three_years_of_two_cities_with_gaps_and_one_refused_value(filled):
    results = read_results(filled, ANYBODY, training=True)
    assert [(one.place, one.year) for one in results] == [
        (place, year) for place in ("KZ-71", "KZ-75") for year in YEARS
    ]
    astana = results[2]
    assert astana.evaluation.of("EC.I.WS.3C").reason == "not_verified"
    assert astana.verified == {"EC.I.WS.3C": False}
    assert results[1].evaluation.of("EC.I.WS.3C").reason != "not_verified"
    for one in results:
        assert len(one.statuses["not_reported"]) > 5
        assert one.scored > 20


def test_a_result_shows_a_reader_only_what_is_public(filled):
    from dataclasses import replace

    from jasyl.cities import entries, write_entry
    from jasyl.people import Actor

    agency = Actor("a", "a", frozenset({"agency"}))
    astana = city("KZ-71")
    before = entries(filled, "KZ-71", 2024, "u4ssc")["EC.ICT.ICT.1C"]
    write_entry(filled, astana, 2024, U4SSC, replace(before, level="closed", value=Decimal(50)), agency, 1)
    shown, whole = read_result(filled, astana, 2024, ANYBODY), read_result(filled, astana, 2024, agency)
    assert shown.withheld == 1
    assert shown.evaluation.of("EC.ICT.ICT.1C").reason == "not_reported"
    assert whole.evaluation.of("EC.ICT.ICT.1C").value == 50
    assert "EC.ICT.ICT.1C" not in shown.entries
