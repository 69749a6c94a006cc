"""Pictures of accounts: what is drawn adds up, loops, stocks, negatives and unknown flows are all there."""

import re
import xml.etree.ElementTree as ET

import msgspec
import pytest
from tests.circular_accounts import WASTE

from jasyl.circular.account import parse_account
from jasyl.circular.reconciled import reconcile_account
from jasyl.circular.sankey import moved_chart, moved_values, sankey_of
from jasyl.papers.sankey import Link, Node, Words, sankey
from jasyl.texts import LANGUAGES

WORDS = Words("Title <1>", "Said", "t", "unknown", "negative", "drawn {drawn} data {data} without {unknown}")
NODES = [Node("a", "A"), Node("b", "B", stock=True, change=-3.0), Node("c", "C & D"), Node("d", "D")]
LINKS = [
    Link("a", "b", "one", 100.0, 20.0, "x"), Link("b", "c", "two", 60.0, 5.0, "x"), Link("c", "a", "loop", 10.0),
    Link("b", "d", "none", None), Link("d", "c", "trade", -7.0, 1.0, "y"), Link("a", "d", "far", 33.333, 0.0, "y"),
]  # fmt: skip


def widths(svg, colour_only=True):
    found = []
    for path in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}path"):
        stroke, width = path.get("stroke"), path.get("stroke-width")
        if stroke and width and stroke.startswith("url"):
            found.append(float(width))
    return found


def test_drawn_sum_is_the_sum_of_the_data():
    made = sankey(NODES, LINKS, WORDS, "en")
    assert made.data == pytest.approx(100 + 60 + 10 + 7 + 33.333)
    assert made.drawn == pytest.approx(made.data, rel=1e-4)
    assert made.undrawn == 1
    assert "drawn 210.3 t data 210.3 t without 1" in made.svg


def test_nothing_is_dropped():
    root = ET.fromstring(sankey(NODES, LINKS, WORDS, "en").svg)
    texts = " | ".join(element.text or "" for element in root.iter())
    for link in LINKS:
        assert link.label in texts
    assert "none: unknown" in texts
    assert "trade: -7 ± 1 (negative)" in texts
    assert "Δ −3" in texts
    assert "C & D" in texts


def test_widths_are_amounts_and_hatching_one_deviation():
    hatched = widths(sankey(NODES, LINKS, WORDS, "en").svg)
    # value + sd of the three links that have one: 120, 65, 8
    assert len(hatched) == 3
    assert hatched[0] / hatched[1] == pytest.approx(120 / 65, rel=1e-3)


def arrow_at(svg, label):
    """x of the tip of the nth arrow and its turn: arrows come in the order of the links."""
    arrows = re.findall(r'd="M([\d.]+) ([\d.]+)l(-?[\d.]+)', svg)
    return [(float(x), float(turn)) for x, _, turn in arrows][[link.label for link in LINKS].index(label)]


def test_negative_flows_point_backwards():
    svg = sankey(NODES, LINKS, WORDS, "en").svg
    assert arrow_at(svg, "one")[1] < 0
    assert arrow_at(svg, "trade")[1] > 0


def words_of_bands(svg):
    """Left, top, right and bottom of every line of words on bands."""
    found = []
    for one in ET.fromstring(svg).iter("{http://www.w3.org/2000/svg}text"):
        if one.get("font-size") == "11":
            x, y, half = float(one.get("x")), float(one.get("y")), len(one.text) * 3
            found.append((x - half, y - 10, x + half, y + 2))
    return found


def test_words_of_bands_cover_no_others():
    """Ten thin flows side by side and four unknown ones: in the middle of their bands all their words would lie."""
    links = [Link("a", "b", f"material {at}", 1.0 + at) for at in range(10)]
    links += [Link("b", "c", f"unknown {at}", None) for at in range(4)] + [Link("c", "a", "back", 2.0)]
    boxes = words_of_bands(sankey(NODES[:3], links, WORDS, "en").svg)
    assert len(boxes) >= 15
    for at, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert right <= 960
        for other in boxes[:at]:
            assert left >= other[2] or right <= other[0] or top >= other[3] - 0.5 or bottom <= other[1] + 0.5


def test_an_empty_picture_is_a_picture():
    made = sankey([Node("a", "A"), Node("b", "B")], [Link("a", "b", "x", None)], WORDS, "kk")
    assert made.drawn == made.data == 0
    ET.fromstring(made.svg)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pictures_of_an_account(language):
    found = reconcile_account(parse_account(msgspec.json.encode(WASTE)))
    for period in found.account.periods:
        made = sankey_of(found, period, language)
        assert made.drawn == pytest.approx(made.data, rel=1e-4)
        ET.fromstring(made.svg)
        ET.fromstring(moved_chart(found, period, language))
    substance = sankey_of(found, "2023", language, balanced="carbon")
    assert substance.data == pytest.approx(0.4 * 0.073 * 404_587.2, rel=1e-6)
    assert sankey_of(found, "2024", language).undrawn == 4


def test_moves_are_ranked():
    found = reconcile_account(parse_account(msgspec.json.encode(WASTE)))
    moved = moved_values(found, "2023", "en")
    assert [one.of for one in moved][:3] == ["collected", "to-sorting", "direct"]
    assert moved[0].moved == pytest.approx(62_600 * 2500 / 3125 / 50_000)
