"""What a city's papers say: every data point with its band in words, whose benchmarks they are, what is missing."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.cities.book_world import U4SSC, entry

from jasyl.cities import Attestation
from jasyl.cities.entry import Entry
from jasyl.cities.papers import PAPER_KINDS, benchmark_note, city_paper, group_numbers, lead
from jasyl.cities.result import city_result, name_text, rule_texts, standing_text, value_text
from jasyl.indicators import HOUSE, Benchmark, Benchmarks, Rules, Words, band_name, house_benchmarks, reason_name
from jasyl.papers.paper import Charts, Heading, Items, Table
from jasyl.papers.pdf import write_pdf
from jasyl.texts import LANGUAGES, Refusal

INTERNET, BROADBAND, COMPACT, WIFI = "EC.ICT.ICT.1C", "EC.ICT.ICT.2C", "EC.I.UP.2A.compact", "EC.ICT.ICT.5A"
DAY = dt.date(2026, 11, 22)
GIVEN = (
    entry(INTERNET, 300_000, 400_000),
    entry(BROADBAND, value=40),
    entry(COMPACT, value=1),
    entry(WIFI, value=1500),
    Entry("EC.ICT.WS.1C", status="not_applicable"),
    entry("base.population", value=1_200_000),
)


def _result(*given, **more):
    return city_result("KZ-71", 2025, Words("Астана", "Астана", "Astana"), U4SSC, given or GIVEN, house_benchmarks(),
                       **more)  # fmt: skip


def _texts(paper):
    for block in paper.blocks:
        match block:
            case Table():
                yield from (block.caption, *block.head, *(cell for row in block.rows for cell in row))
            case Items():
                yield from block.entries
            case Heading():
                yield block.text
            case Charts():
                yield from (one.alternative for one in block.entries)
            case _:
                yield getattr(block, "text", "")


def test_what_a_verifier_did_not_find_plausible_is_not_scored():
    before = _result().evaluation.of(INTERNET)
    assert before.value == 75
    assert before.points is not None
    after = _result(verified={INTERNET: False, COMPACT: True}).evaluation
    assert (after.of(INTERNET).points, after.of(INTERNET).reason) == (None, "not_verified")
    assert after.of(COMPACT).points == 4
    assert after.of(BROADBAND).reason == "no_benchmark"
    nothing = _result(verified={"EC.ICT.WS.1C": False}).evaluation.of("EC.ICT.WS.1C")
    assert nothing.reason == "not_applicable"


def test_values_are_written_as_readers_write_them():
    result = _result()
    written = {point: value_text(result, result.evaluation.of(point), "ru") for point in (INTERNET, COMPACT, WIFI)}
    assert written == {INTERNET: "75 %", COMPACT: "да", WIFI: "1\u00a0500"}
    missing = next(one for one in result.evaluation.points if one.value is None)
    assert value_text(result, missing, "ru") == "—"
    money = _result(entry(WIFI, value=5, unit="KZT"))
    assert value_text(money, money.evaluation.of(WIFI), "en") == "5 KZT"


def test_the_digest_is_that_of_what_was_judged():
    assert _result().digest == _result().digest
    assert _result().digest != _result(verified={INTERNET: False}).digest
    other = city_result("KZ-71", 2025, Words(en="Astana"), U4SSC, GIVEN, house_benchmarks(), Rules(yes_no=(3, 1)))
    assert other.digest != _result().digest
    assert other.as_data()["rules"]["yes_no"] == [3, 1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_setting_is_told(language):
    for rules in (Rules(), Rules(rounding=2, edge_inclusive="lower", lower_is_better="linear", zero="unscored",
                                 target="distance", category_within="dimension")):  # fmt: skip
        told = rule_texts(rules, language)
        assert len(told) == len(rules.as_data())
        assert all(name and chosen for name, chosen in told)


@pytest.mark.parametrize("language", LANGUAGES)
def test_house_benchmarks_are_never_called_those_of_u4ssc(language):
    note = benchmark_note(_result(), language)
    assert house_benchmarks().version in note
    mixed = city_result("KZ-71", 2025, Words(en="x"), U4SSC, (),
                        Benchmarks("v2", (Benchmark(INTERNET, Decimal(90), label="akimat", source="x"),)))  # fmt: skip
    assert "akimat" in benchmark_note(mixed, language)
    none = city_result("KZ-71", 2025, Words(en="x"), U4SSC, (), Benchmarks(""))
    assert HOUSE not in benchmark_note(none, language)
    assert none.scored == 0


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_verification_report_tells_every_data_point_and_what_is_missing(language):
    result = _result()
    signed = Attestation("a", "KZ-71", 2024, "u4ssc", "1", "5d" * 32, "vera", 1_700_000_000_000_000, {"x": "s"}, {}, {})
    paper = city_paper("verification", result, language, day=DAY, attested=signed)
    told = list(_texts(paper))
    assert any(signed.record_id in text for text in told)
    assert not any(signed.record_id in text for text in _texts(city_paper("verification", result, language, day=DAY)))
    for one in result.evaluation.points:
        assert name_text(result, one, language) in told
    assert standing_text(result.evaluation.of(INTERNET), language) in {band_name(band, language) for band in
                                                                       ("0-33", "33-66", "66-95", "95+")}  # fmt: skip
    assert reason_name("report_only", language) in told
    missing = [text for text in told if text.startswith("EC: ICT: ES: 1C")]
    assert len(missing) == 2  # in the table of results and in the list of what was not reported
    assert not any("city-" in text or "indicator-" in text for text in told)


def test_tiles_say_band_and_how_much_is_scored():
    tiles = {entry.label: entry for entry in group_numbers(_result(), "en").entries}
    assert len(tiles) == 7
    assert tiles["Energy"].value == "—"
    assert tiles["Energy"].mark_text == "nothing scored"
    assert "of 19 scored" in tiles["ICT"].note
    assert "112" in lead(_result(), "kk")


@pytest.mark.parametrize(("kind", "language"), list(zip(PAPER_KINDS, LANGUAGES, strict=True)))
def test_papers_print_and_print_the_same(kind, language):
    paper = city_paper(kind, _result(training=True), language, day=DAY)
    assert paper.watermark
    made = write_pdf(paper)
    assert made.startswith(b"%PDF")
    assert made == write_pdf(paper)


def test_an_unknown_paper_is_refused():
    with pytest.raises(Refusal) as refused:
        city_paper("poster", _result(), "en", day=DAY)
    assert refused.value.code == "city-paper"
