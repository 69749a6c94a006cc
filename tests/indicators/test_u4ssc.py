"""The U4SSC catalogue of the package: counts that are published, and what every row must say."""

import re
from collections import Counter
from decimal import Decimal
from typing import get_args

import pytest

from jasyl.indicators import (
    BANDS,
    STATUSES,
    Reason,
    band_name,
    catalogue,
    direction_name,
    reason_name,
    status_name,
    unit_name,
)
from jasyl.texts import LANGUAGES, Refusal

_CYRILLIC = re.compile("[\u0400-\u04ff]")


def test_published_counts() -> None:
    u4ssc = catalogue("u4ssc")
    assert len(u4ssc.indicators) == 91
    assert len(list(u4ssc.points)) == 112
    assert Counter(one.level for one in u4ssc.indicators) == {"core": 54, "advanced": 37}
    assert Counter(one.dimension for one in u4ssc.indicators) == {
        "economy": 45,
        "environment": 17,
        "society_culture": 29,
    }
    assert len({one.subdimension for one in u4ssc.indicators}) == 7
    assert len({one.category for one in u4ssc.indicators}) == 22


def test_indicators_of_several_parts() -> None:
    u4ssc = catalogue("u4ssc")
    parts = {one.id: len(one.points) for one in u4ssc.indicators if len(one.points) > 1}
    assert parts == {
        "EC.ICT.ICT.4C": 2,
        "EC.ICT.PS.1A": 2,
        "EC.I.T.4A": 5,
        "EC.I.UP.2A": 5,
        "EN.EN.AQ.1C": 5,
        "EN.EN.WS.4C": 3,
        "EN.EN.WA.1C": 6,
    }


def test_every_indicator_is_named_in_three_languages() -> None:
    u4ssc = catalogue("u4ssc")
    named = [one.name for one in u4ssc.indicators]
    named += [point.name for point in u4ssc.points]
    named += [u4ssc.group_name(key) for one in u4ssc.indicators for key in one.path]
    assert all(not words.missing and all(words[language] for language in LANGUAGES) for words in named)


def test_codes_on_which_sources_disagree() -> None:
    u4ssc = catalogue("u4ssc")
    assert u4ssc.indicator("SC.EH.ED.5A").alt_codes == ("SC: EH: H: 6A",)
    assert u4ssc.indicator("SC.EH.ED.5A").category == "health"
    assert u4ssc.indicator("EC.ICT.ICT.5A").alt_codes == ("EC: ICT: ICT: 5C",)
    assert u4ssc.indicator("EN.EN.AQ.1C").code == "EN: EN: AQ: 1C"


def test_direction_and_formula_are_of_the_data_point() -> None:
    u4ssc = catalogue("u4ssc")
    assert u4ssc.point("EC.I.T.4A.private_vehicles").direction == "lower"
    assert u4ssc.point("EC.I.T.4A.para_transport").direction == "report"
    assert u4ssc.point("SC.SH.SI.1C").direction == "target"
    available, published = u4ssc.indicator("EC.ICT.PS.1A").points
    assert (available.unit, available.multiplier, available.has_denominator) == ("percent", Decimal(100), True)
    assert (published.unit, published.multiplier, published.has_denominator) == ("number", Decimal(1), False)
    assert sum(point.is_yes_no for point in u4ssc.points) == 6


def test_per_100_000_is_a_multiplier() -> None:
    per_100_000 = [one for one in catalogue("u4ssc").indicators if "per 100 000" in one.unit]
    assert len(per_100_000) == 18
    assert {one.multiplier for one in per_100_000} == {Decimal(100_000)}


def test_what_is_not_there_is_refused() -> None:
    with pytest.raises(Refusal) as refused:
        catalogue("u4ssc").point("EC.ICT.ICT.4C")  # reported by 3G and 4G, not as a whole
    assert refused.value.code == "indicator-unknown-point"
    with pytest.raises(Refusal, match="u4ssc"):
        catalogue("iso37120")
    with pytest.raises(Refusal):
        catalogue("u4ssc").indicator("EC.ICT.ICT.9C")


def test_what_is_counted_is_said_in_three_languages() -> None:
    for one in catalogue("u4ssc").indicators:
        assert not one.numerator.missing
        assert not one.denominator.missing
        assert one.numerator["kk"] != one.numerator["en"]


def test_units_and_words_of_judgement_are_told_in_three_languages() -> None:
    for language in LANGUAGES:
        for point in catalogue("u4ssc").points:
            assert unit_name(point.unit, language)
            assert direction_name(point, language)
        for status in STATUSES:
            assert status_name(status, language)
        for band in BANDS:
            assert "9" in band_name(band, language) or "3" in band_name(band, language)
        for reason in get_args(Reason):
            assert bool(reason_name(reason, language)) == bool(reason)
    untold = {point.unit for point in catalogue("u4ssc").points if not _CYRILLIC.search(unit_name(point.unit, "kk"))}
    assert untold == {"percent"}
    assert unit_name("furlongs", "kk") == "furlongs"


@pytest.mark.parametrize("name", ["u4ssc", "circular"])
def test_notes_are_told_in_three_languages_or_not_at_all(name: str) -> None:
    noted = [one.notes for one in catalogue(name).indicators if one.notes.en]
    assert len(noted) > 50
    for notes in noted:
        assert not notes.missing
        assert _CYRILLIC.search(notes.kk), notes.kk
        assert _CYRILLIC.search(notes.ru), notes.ru
        assert not _CYRILLIC.search(notes.en), notes.en
