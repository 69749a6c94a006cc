"""Pictures of an evaluation say what the evaluation says, in three languages."""

import re
from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest

from jasyl.cities.pictures import category_radar, rank_intervals, wheel
from jasyl.cities.ranking import rank_cities
from jasyl.indicators import Answer, Benchmark, Benchmarks, band_name, catalogue, evaluate, reason_name
from jasyl.papers.drawing import TONES
from jasyl.texts import LANGUAGES, say

SVG = "{http://www.w3.org/2000/svg}"
U4SSC = catalogue("u4ssc")
NUMERIC = [point.id for point in U4SSC.points if point.direction == "higher" and not point.is_yes_no]
TABLE = Benchmarks("test 1", tuple(Benchmark(point, Decimal(100)) for point in NUMERIC[:40]))


def _book(*values, **more):
    answers = [Answer(NUMERIC[number], value=Decimal(value), **more) for number, value in enumerate(values)]
    return evaluate(U4SSC, answers, TABLE)


BOOK = _book(10, 40, 70, 99, 100, 20)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wheel_holds_every_data_point_once(language):
    made = wheel(U4SSC, BOOK, language, name="Астана", year=2025, link=lambda key: f"#p-{key}")
    root = ET.fromstring(made)
    links = [one.get("href").removeprefix("#p-") for one in root.iter(f"{SVG}a")]
    leaves = [one for one in links if U4SSC.has(one)]
    assert sorted(leaves) == sorted(point.id for point in U4SSC.points)
    assert len(links) == len(leaves) + 3 + 27
    told = {one.get("href").removeprefix("#p-"): one.find(f"{SVG}title").text for one in root.iter(f"{SVG}a")}
    assert band_name("0-33", language) in told[NUMERIC[0]]
    assert reason_name("not_reported", language) in told[NUMERIC[30]]
    assert reason_name("not_reported", language) in told[NUMERIC[50]]
    assert not re.search(r"city-|wheel-", made)


def test_colours_are_those_of_the_bands():
    root = ET.fromstring(wheel(U4SSC, BOOK, "en", name="x", year=2025, link=str))
    fills = {one.get("href"): one.find(f"{SVG}path").get("fill") for one in root.iter(f"{SVG}a")}
    assert [fills[NUMERIC[number]] for number in range(4)] == [tone.fill for tone in TONES]
    assert fills[NUMERIC[20]] == "none"


def test_a_group_without_a_score_says_so_in_a_sentence():
    root = ET.fromstring(wheel(U4SSC, evaluate(U4SSC, [], Benchmarks("0")), "en", name="x", year=2025, link=str))
    told = {one.get("href"): one.find(f"{SVG}title").text for one in root.iter(f"{SVG}a")}
    assert told["economy"] == "Economy: nothing scored; 55 data points"


def test_a_radar_shows_scores_and_gaps_of_several_books():
    made, told = category_radar(U4SSC, {"2024": _book(10), "2025": BOOK}, "economy", "en")
    ET.fromstring(made)
    assert "Economy (2024, 2025)" in told
    assert "—" in told
    # Two categories of one name are told apart.
    assert "Water and Sanitation (ICT)" in told
    assert "Water and Sanitation (Infrastructure)" in told


@pytest.mark.parametrize("language", LANGUAGES)
def test_ranges_of_scores_say_the_ranks_they_leave_open(language):
    rows = rank_cities(U4SSC, {("KZ-71", 2025): BOOK, ("KZ-75", 2025): evaluate(U4SSC, [], Benchmarks("0"))},
                       ("economy",))  # fmt: skip
    made, told = rank_intervals(rows, {"KZ-71": "Astana", "KZ-75": "Almaty"}, language)
    ET.fromstring(made)
    assert say(language, "city-nothing-scored") in told
    assert say(language, "rank-open", best=1, worst=2, count=2) in told
