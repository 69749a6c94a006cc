"""Trends of a data point: what counts, how far the target is, and that a picture never promises more."""

from decimal import Decimal
from xml.etree import ElementTree as ET

import pytest
from tests.cities.book_world import U4SSC, entry

from jasyl.cities.entry import Entry
from jasyl.cities.result import city_result
from jasyl.cities.trends import completion_text, point_trend, trend_picture
from jasyl.indicators import Benchmarks, Words, house_benchmarks
from jasyl.texts import LANGUAGES

SANITATION, COMPACT = "EC.I.WS.5C", "EC.I.UP.2A.compact"


def _books(*values, point=SANITATION, benchmarks=None, **more):
    return {
        2020 + number: city_result(
            "KZ-71", 2020 + number, Words(en="Astana"), U4SSC,
            [Entry(point, status="not_reported") if value is None else entry(point, value=value)],
            benchmarks or house_benchmarks(), **more,
        )
        for number, value in enumerate(values)
    }  # fmt: skip


def test_a_straight_trend_arrives_with_its_bounds():
    books = _books(90, 92, 94.1, 96)
    found = point_trend(books, SANITATION)
    assert found.outlook.state == "approaching"
    assert found.outlook.distance == pytest.approx(4)
    assert completion_text(found, "en").startswith("2025 (90 %: ")
    svg, told = trend_picture(books, found, "en")
    ET.fromstring(svg)
    assert "2022: 94.10" in told


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("values", "state"),
    [
        ((90, 95, 100), "reached"),
        ((90, 91), "not_projectable"),
        ((95, 93, 91.1, 89), "receding"),
        ((None, None), "no_value"),
    ],
)
def test_what_cannot_be_said_is_not_said(values, state, language):
    found = point_trend(_books(*values), SANITATION)
    assert (found.outlook.state if found.outlook else "no_value") == state
    assert completion_text(found, language)


def test_a_refused_value_and_a_gap_do_not_count():
    books = _books(90, None, 94)
    books[2022] = _books(90, None, 94, verified={SANITATION: False})[2022]
    found = point_trend(books, SANITATION)
    assert found.values == {2020: Decimal(90)}
    svg, _ = trend_picture(books, found, "ru")
    assert 'fill="none" stroke="#1d5a9e"' in svg


def test_yes_or_no_and_points_without_benchmark_have_no_outlook():
    assert point_trend(_books(0, 1, point=COMPACT), COMPACT).outlook is None
    found = point_trend(_books(1, 2, 3, benchmarks=Benchmarks("")), SANITATION)
    assert found.outlook is None
    assert completion_text(found, "en") == "no benchmark"
    ET.fromstring(trend_picture(_books(1, 2, 3), found, "en")[0])
