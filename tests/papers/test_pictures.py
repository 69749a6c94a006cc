"""Pictures: what is drawn is what was given, in words as well as in colours, for every reader."""

import itertools
import math
import re
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jasyl.papers.drawing import TONES, cut, width_of, with_mark, wrapped
from jasyl.papers.intervals import Interval, intervals
from jasyl.papers.radar import Ray, radar
from jasyl.papers.sunburst import Sector, sunburst
from jasyl.papers.trend import Mark, trend

SVG = "{http://www.w3.org/2000/svg}"
BANDS = ("0–33", "33–66", "66–95", "95+")


def _leaf(name, tone):
    return Sector(name, f"{name}: {BANDS[tone] if tone is not None else 'not reported'}", tone,
                  BANDS[tone] if tone is not None else "—", f"#{name}")  # fmt: skip


def _wheel():
    water = Sector("Water", "Water: 58 %", 1, "58 %", "#water", (_leaf("1C", 3), _leaf("2C", 0), _leaf("3C", None)))
    energy = Sector("Energy", "Energy: no score", None, "—", "#energy", (_leaf("4C", None),))
    return sunburst(
        [Sector("Environment & more", "Environment & more: 58 %", 1, "58 %", "#e", (water, energy))],
        centre=["Астана", "2025"],
        alternative='wheel "of" Astana',
    )


def _linear(colour):
    shares = (int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5))
    return [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in shares]


def _luminance(colour):
    red, green, blue = _linear(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _contrast(one, other):
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


# Machado, Oliveira and Fernandes 2009, severity 1.0: protanopia, deuteranopia, tritanopia.
DEFICIENCIES = {
    "protan": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deutan": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritan": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}


def _lab(linear):
    red, green, blue = (min(1.0, max(0.0, one)) for one in linear)
    x = (0.4124 * red + 0.3576 * green + 0.1805 * blue) / 0.9505
    y = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    z = (0.0193 * red + 0.1192 * green + 0.9505 * blue) / 1.089
    x, y, z = (one ** (1 / 3) if one > 0.008856 else 7.787 * one + 16 / 116 for one in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def test_letters_on_each_tone_can_be_read():
    for tone in TONES:
        assert _contrast(tone.fill, tone.ink) >= 4.5


@pytest.mark.parametrize("matrix", DEFICIENCIES.values(), ids=DEFICIENCIES)
def test_tones_differ_for_readers_with_another_colour_vision(matrix):
    seen = [
        _lab([sum(weight * part for weight, part in zip(row, _linear(tone.fill), strict=True)) for row in matrix])
        for tone in TONES
    ]
    for one, other in itertools.combinations(seen, 2):
        assert math.dist(one, other) > 20  # CIE 1976: 2.3 is just noticeable


def test_neighbouring_tones_differ_in_grey():
    for one, other in itertools.pairwise(TONES[:2]):
        assert _contrast(one.fill, other.fill) > 2
    assert _contrast(TONES[2].fill, TONES[3].fill) > 2


def test_every_part_of_a_wheel_has_its_sentence_a_link_and_its_band_in_words():
    root = ET.fromstring(_wheel())
    links = list(root.iter(f"{SVG}a"))
    assert len(links) == 1 + 2 + 4
    for link in links:
        assert link.get("href").startswith("#")
        assert ":" in link.find(f"{SVG}title").text
    written = "".join(root.itertext())
    for words in ("1C 95+", "2C 0–33", "3C —", "Environment & more 58 %", "Астана"):
        assert words in written
    assert root.get("aria-label") == 'wheel "of" Astana'


def test_a_part_without_a_value_has_no_colour():
    root = ET.fromstring(_wheel())
    paths = {link.get("href"): link.find(f"{SVG}path") for link in root.iter(f"{SVG}a")}
    assert paths["#3C"].get("fill") == paths["#energy"].get("fill") == "none"
    assert paths["#1C"].get("fill") == TONES[3].fill


def test_a_part_is_as_wide_as_its_leaves_are_many():
    def angle(path):
        start, end = re.match(r"M([\d.]+) ([\d.]+)A\S+ \S+ 0 \d 1 ([\d.]+) ([\d.]+)", path).group(1, 2), None
        end = re.match(r"M([\d.]+) ([\d.]+)A\S+ \S+ 0 \d 1 ([\d.]+) ([\d.]+)", path).group(3, 4)
        turns = [math.atan2(float(x) - 360, 360 - float(y)) % (2 * math.pi) for x, y in (start, end)]
        return (turns[1] - turns[0]) % (2 * math.pi)

    root = ET.fromstring(_wheel())
    paths = {link.get("href"): link.find(f"{SVG}path").get("d") for link in root.iter(f"{SVG}a")}
    assert angle(paths["#water"]) == pytest.approx(1.5 * math.pi, abs=0.02)
    assert angle(paths["#energy"]) == pytest.approx(0.5 * math.pi, abs=0.02)


def test_without_addresses_parts_are_pictures_with_a_name():
    root = ET.fromstring(sunburst([Sector("A", "A: 1", 0, "1")], centre=["x"], alternative="y"))
    (part,) = (one for one in root.iter(f"{SVG}g") if one.get("class") == "sector")
    assert part.get("role") == "img"
    assert part.find(f"{SVG}title").text == "A: 1"


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=0, max_size=60), st.integers(10, 200), st.integers(1, 3))
def test_a_mark_is_never_cut(words, room, lines):
    assert with_mark(words, "66–95", room, 9, lines)[-1].endswith("66–95")


def test_words_are_cut_where_they_do_not_fit():
    assert cut("Water", 100, 9) == "Water"
    assert cut("Water and sanitation", 50, 9).endswith("…")
    assert all(width_of(one, 9) <= 60 for one in wrapped("Water and sanitation of homes", 60, 9, 2))


def test_a_radar_breaks_its_line_where_a_value_is_missing():
    rays = [Ray("A", (50.0,)), Ray("B", (None,)), Ray("C", (100.0,)), Ray("D", (75.0,), "75 %")]
    made = radar(rays, ["2025"], rings={33: "33"}, alternative="r")
    assert made.count('stroke-width="2"') == 2  # C–D and D–A
    assert "<polygon" not in made
    assert "75 %" in made
    whole = [Ray(one.label, (60.0, 70.0)) for one in rays]
    both = radar(whole, ["2024", "2025"], rings={}, alternative="r")
    assert both.count("<polygon") == 2
    assert "stroke-dasharray" in both
    assert ">2024<" in both
    ET.fromstring(both)


def test_a_trend_is_broken_at_gaps_and_shows_the_target():
    marks = [Mark(2021, 40, "40"), Mark(2022, None), Mark(2023, 50, "50"), Mark(2024, 60, "60", open=True)]
    made = trend(marks, alternative="t", target=Mark(2030, 90, "90 wanted"), projected=Mark(2030, 80, "80 projected"))
    assert made.count('stroke-width="2"/>') == 1 + 3  # one joint, three marks
    assert 'fill="none" stroke="#1d5a9e"' in made
    assert "90 wanted" in made
    assert "80 projected" in made
    assert ">2022<" in made
    assert "no data" in trend([Mark(2021, None)], alternative="t", missing="no data")
    ET.fromstring(made)


def test_intervals_show_ranges_and_say_where_nothing_is_known():
    rows = [Interval("A", 60, 50, 75, "1–2"), Interval("B", None, note="not reported"), Interval("C", 70)]
    made = intervals(rows, low=25, high=100, ticks=[(33, "33")], alternative="i")
    root = ET.fromstring(made)
    assert len([one for one in root.iter(f"{SVG}rect") if one.get("fill-opacity")]) == 1
    assert len([one for one in root.iter(f"{SVG}rect") if not one.get("fill-opacity")]) == 2
    assert "not reported" in made
