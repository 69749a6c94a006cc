"""The picture of the map: what stands on it, where, and that it matches the drawn map."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from jasyl.portal.islands import FAMILY_SIGNS, OUTLINES
from jasyl.portal.map_picture import EDGES, HEIGHT, WIDTH, projected, svg
from jasyl.registry import OverviewSign

MAP = Path(__file__).parents[2] / "frontend" / "src" / "islands" / "map"
SVG = "{http://www.w3.org/2000/svg}"
SQUARE = {
    "geometry": {"type": "Polygon", "coordinates": [[[60, 45], [70, 45], [70, 50], [60, 50], [60, 45]]]},
    "properties": {"en": "North & South"},
}


def test_outlines_and_edges_are_those_of_the_drawn_map():
    written = dict(re.findall(r'^  (\w+): "(M[^"]+)",', (MAP / "signs.ts").read_text(), re.MULTILINE))
    assert written == OUTLINES
    assert {one.shape for one in FAMILY_SIGNS.values()} <= set(OUTLINES)
    assert str(list(EDGES)) in (MAP / "canvas.ts").read_text()


def test_the_corners_of_the_view_are_the_corners_of_the_picture():
    west, south, east, north = EDGES
    assert projected(west, north) == pytest.approx((0, 0))
    assert projected(east, south) == pytest.approx((WIDTH, HEIGHT), abs=0.6)


@pytest.mark.parametrize(
    ("status", "look"),
    [("operating", "full"), ("under_construction", "half"), ("planned", "hollow"), ("closed", "stopped")],
)
def test_a_sign_says_family_status_and_confirmation_without_colour(status, look):
    sign = OverviewSign(65.0, 47.0, "wind", status, False, 1, 100_000_000)
    (group,) = ET.fromstring(svg([SQUARE], [sign], "en")).findall(f"{SVG}g")
    use = group.find(f"{SVG}use")
    assert use is not None
    assert use.get("href") == "#triangle"
    assert (use.get("class") or "").split() == ["s", look, "u"]


def test_names_are_escaped_and_small_regions_bear_none():
    drawn = svg([SQUARE], [], "en")
    assert [part.text for part in ET.fromstring(drawn).iter(f"{SVG}tspan")] == ["North", "&", "South"]
    small = {**SQUARE, "geometry": {"type": "Polygon", "coordinates": [[[60, 45], [60.1, 45], [60.1, 45.1], [60, 45]]]}}
    assert not list(ET.fromstring(svg([small], [], "en")).iter(f"{SVG}text"))


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_the_picture_is_served_with_every_region(browser, language):
    answer = browser.get(f"/map/{language}.svg")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("image/svg+xml")
    drawn = ET.fromstring(answer.text)
    assert len(drawn.findall(f"{SVG}path")) == 20
    assert len(drawn.findall(f"{SVG}g")) > 100
    for line in drawn.iter(f"{SVG}tspan"):
        x, half = float(line.get("x") or 0), 5 * len(line.text or "")
        assert 0 <= x - half < x + half <= WIDTH, line.text


def test_there_is_no_other_picture(browser):
    assert browser.get("/map/de.svg").status_code == 404
    assert browser.get("/map/kk").status_code == 404


def test_the_front_page_asks_for_the_map_at_once(browser):
    page = browser.get("/en/").text
    for needle in (
        r'rel="modulepreload" href="/static/assets/map-',
        r'rel="preload" as="image" href="/map/en\.svg\?v=',
    ):
        assert re.search(needle, page)
