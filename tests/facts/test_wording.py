"""Facts told to readers: every metric and every word of the package in three languages."""

import re

import pytest

from jasyl.facts import load_facts, metric_name, source_word, sources, word, written_period
from jasyl.texts import LANGUAGES, has

FACTS = list(load_facts())
CYRILLIC = re.compile(r"[\u0400-\u04ff]")
TAXONOMY = re.compile(r"[A-Z]{2}(\.[A-Z]{3})?")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_metric_of_the_package_has_a_name(language):
    metrics = {fact.metric for fact in FACTS}
    missing = [
        f"metric-{one.replace('_', '-')}"
        for one in sorted(metrics)
        if not has(language, f"metric-{one.replace('_', '-')}")
    ]
    assert len(metrics) > 200
    assert not missing, f"texts/{language}/metrics.ftl lacks: {', '.join(missing)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_two_metrics_have_the_same_name(language):
    metrics = {fact.metric for fact in FACTS}
    assert len({metric_name(one, language) for one in metrics}) == len(metrics)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_technology_and_every_area_of_the_package_has_a_word(language):
    """Codes of the taxonomy are told by the registry."""
    said = {fact.technology for fact in FACTS if not TAXONOMY.fullmatch(fact.technology)} | {
        fact.area for fact in FACTS
    }
    missing = sorted(text for text in said if text and word(text, language) is None)
    assert not missing, f"texts/{language}/fact-words.ftl lacks words for: {'; '.join(missing)}"


def test_only_objects_of_the_water_table_keep_the_words_of_the_source():
    """Names of rivers and plants in a transliteration of the source; nobody has said how they are spelt."""
    left = {fact.object for fact in FACTS if fact.object and word(fact.object, "ru") is None}
    assert left
    assert all(
        "hydro" in fact.metric or fact.place in {"KZ-63", "KZ-33", "KZ-61", "KZ-19", "KZ-75"}
        for fact in FACTS
        if fact.object in left
    )


def test_words_are_in_the_language_asked_for():
    assert metric_name("peak_load", "ru") == "Пиковая нагрузка"
    assert metric_name("peak_load", "kk") == "Ең жоғары жүктеме"
    assert metric_name("peak_load", "en") == "Peak load"
    assert word("Balkhash-Alakol", "kk") == "Балқаш-Алакөл"
    for metric in {fact.metric for fact in FACTS}:
        assert CYRILLIC.search(metric_name(metric, "kk")), metric
        assert CYRILLIC.search(metric_name(metric, "ru")), metric


def test_what_the_catalogue_does_not_know_is_told_as_it_was_written():
    assert metric_name("bicycles_counted_by_hand", "kk") == "bicycles counted by hand"
    assert word("Somewhere Else", "ru") is None
    assert source_word("Somebody's own survey", "kk") == "Somebody's own survey"


@pytest.mark.parametrize(
    ("period", "language", "said"),
    [
        ("winter 2025/26", "en", "winter 2025/26"),
        ("winter 2025/26", "ru", "зима 2025/26 гг."),
        ("undated page read 2026", "kk", "күні көрсетілмеген, 2026 жылы оқылды"),
        ("2025-01..09", "ru", "2025 год, месяцы с 1 по 9"),
        ("heating season 2023", "kk", "2023 жылғы жылыту маусымы"),
        ("before 2008", "en", "before 2008"),
        ("2022", "kk", "2022"),
        ("2022-10-04", "ru", "2022-10-04"),
    ],
)
def test_periods_are_written_for_readers(period, language, said):
    assert written_period(period, language) == said


def test_no_period_of_the_package_is_left_in_english():
    periods = {written_period(fact.period, "ru") for fact in FACTS}
    assert not [one for one in periods if re.search(r"[A-Za-z]{3}", one)]


def test_sources_are_told_in_the_language_of_the_reader_and_citations_stay():
    """A licence that is a name (CC BY 4.0, MIT) and a line of copyright stay as their owners write them."""
    names = {"Apache-2.0", "BSD-3-Clause", "CC BY 4.0", "MIT", "SIL OFL 1.1"}
    for one in sources():
        assert CYRILLIC.search(source_word(one.title, "ru")), one.title
        assert one.licence in names or CYRILLIC.search(source_word(one.licence, "kk")), one.licence
        assert source_word(one.title, "en") == one.title
        assert source_word(one.note, "en") == one.note
        untold = one.note and not CYRILLIC.search(source_word(one.note, "kk"))
        assert not untold or one.note.startswith("Copyright"), one.note
