"""Every automatic check of a book: one entry or book that it speaks of, and one like it that it leaves alone."""

import pytest
from tests.cities.book_world import U4SSC, book, entry

from jasyl.cities import findings
from jasyl.cities.base_checks import BASE_CHECKS
from jasyl.cities.breakdown import groups_of_text
from jasyl.cities.entry import Entry
from jasyl.cities.entry_checks import ENTRY_CHECKS, entry_findings
from jasyl.cities.share_checks import SHARE_CHECKS
from jasyl.cities.units_given import in_own_unit
from jasyl.quantities import decimal_text
from jasyl.texts import LANGUAGES, Where

INTERNET, BROADBAND, BEDS, GINI = "EC.ICT.ICT.1C", "EC.ICT.ICT.2C", "SC.EH.H.4A", "SC.SH.SI.2C"
WOMEN = groups_of_text("sex=female: 41 / 50", Where()).parts
NO2, PM = "EN.EN.AQ.1C.no2", "EN.EN.AQ.1C.pm25"

# check, what triggers it, what does not, (code, severity, field)
ENTRIES = {
    "numerator_only": (entry(INTERNET, 380_000), entry(INTERNET, 380_000, 400_000),
        ("city-numerator-only", "error", "numerator")),
    "denominator_only": (entry(INTERNET, None, 400_000), Entry(INTERNET, None, None, None, "not_reported"),
        ("city-denominator-only", "error", "denominator")),
    "denominator_zero": (entry(INTERNET, 1, 0), entry(INTERNET, 0, 1),
        ("city-denominator-zero", "error", "denominator")),
    "negative_number": (entry(INTERNET, -1, 10), entry(INTERNET, 1, 10), ("city-negative", "error", "numerator")),
    "groups_alone": (entry(INTERNET, None, status="not_reported", parts=WOMEN), entry(INTERNET, 90, 100, parts=WOMEN),
        ("city-breakdown-alone", "error", "parts")),
    "groups_twice": (entry(INTERNET, 90, 100, parts=WOMEN * 2), entry(INTERNET, 90, 100, parts=WOMEN),
        ("city-breakdown-twice", "error", "parts")),
    "groups_above_whole": (entry(INTERNET, 40, 100, parts=WOMEN), entry(INTERNET, 41, 100, parts=WOMEN),
        ("city-breakdown-above", "question", "parts")),
    "direct_value_in_numerator": (entry(GINI, "0.29"), entry(GINI, value="0.29"),
        ("city-direct-value", "question", "numerator")),
    "yes_no_value": (entry("SC.SH.SA.3A", value=2), entry("SC.SH.SA.3A", value=1), ("city-yes-no", "error", "value")),
    "number_beside_status": (entry(GINI, value="0.29", status="not_reported"), entry(GINI, value="0.29"),
        ("city-number-beside-status", "error", "status")),
    "reported_without_number": (Entry(GINI), entry(GINI, value=0), ("city-nothing-reported", "error", "status")),
    "unit_unknown": (entry(PM, value="0.02", unit="ppm"), entry(NO2, value="0.02", unit="ppm"),
        ("city-unit-unknown", "error", "unit")),
    "money_without_currency": (entry("base.gdp", value=9, unit="tenge"), entry("base.gdp", value=9, unit="KZT"),
        ("city-currency", "error", "unit")),
    "air_looks_otherwise": (entry(NO2, value="0.021"), entry(NO2, value=21), ("city-air-unit", "question", "value")),
    "percent_above_100": (entry(INTERNET, 500_000, 400_000), entry("SC.EH.ED.2C", 104, 100),
        ("city-percent-above", "question", "numerator")),
    "coefficient_above_one": (entry(GINI, value=29), entry(GINI, value="0.29"),
        ("city-coefficient", "question", "value")),
    "research_high": (entry("EC.P.IN.1C", value=6), entry("EC.P.IN.1C", value="0.2"),
        ("city-research-high", "remark", "value")),
    "nearly_all_low": (entry("EC.I.WS.5C", 300_000, 400_000), entry("EC.I.WS.5C", 390_000, 400_000),
        ("city-nearly-all", "remark", "numerator")),
    "value_contradicts": (entry(INTERNET, 380_000, 400_000, 59), entry(INTERNET, 380_000, 400_000, "95.1"),
        ("city-value-contradicts", "question", "value")),
    "value_overwritten": (entry(INTERNET, value=95), entry(PM, value=38), ("city-value-only", "remark", "value")),
    "population_divided": (entry(BEDS, 7_000, 12), entry(BEDS, 7_000, 1_200_000),
        ("city-population-divided", "question", "denominator")),
    "quality_missing": (entry(GINI, value="0.3", quality=None), entry(GINI, value="0.3"),
        ("city-quality-missing", "remark", "quality")),
}  # fmt: skip


@pytest.mark.parametrize("check", ENTRY_CHECKS, ids=lambda check: check.__name__)
def test_a_check_of_one_entry(check):
    wrong, right, told = ENTRIES[check.__name__]
    (found,) = check(U4SSC, wrong)
    assert (found.code, found.severity, found.field, found.point) == (*told, wrong.point)
    assert check(U4SSC, right) == []
    assert check.__doc__


MODES = [
    f"EC.I.T.4A.{name}" for name in ("private_vehicles", "public_transport", "walking", "cycling", "para_transport")
]
WATER = [f"EN.EN.WS.4C.{level}" for level in ("primary", "secondary", "tertiary")]


def modes(*shares):
    return [entry(point, value=share) for point, share in zip(MODES, shares, strict=False)]


BOOKS = {
    "population_differs": (book(entry(BEDS, 7_000, 1_300_000)), book(entry(BEDS, 7_000, 1_200_000)),
        ("city-two-populations", "question", BEDS)),
    "households_differ": (book(entry(INTERNET, 300_000, 350_000)), book(entry(INTERNET, 300_000, 395_000)),
        ("city-two-households", "question", INTERNET)),
    "area_differs": (book(entry("EN.EN.PSN.3A", 40, 700)), book(entry("EN.EN.PSN.3A", 40, 800)),
        ("city-two-areas", "question", "EN.EN.PSN.3A")),
    "boundary_mixed": (book(entry(BEDS, 7_000, 1_500_000)), book(entry(BEDS, 7_000, 1_300_000)),
        ("city-boundary-mixed", "remark", BEDS)),
    "prefilled_changed": (book(entry(BEDS, 7_000, 1_210_000)), book(entry(BEDS, 7_000, 1_200_000)),
        ("city-prefilled-changed", "remark", BEDS)),
    "households_are_inhabitants": (book(entry(INTERNET, 900_000, 1_200_000)), book(entry(INTERNET, 300_000, 400_000)),
        ("city-households-inhabitants", "question", INTERNET)),
    "per_100000_factor": (book(entry(BEDS, 7_000, None, 7_000)), book(entry(BEDS, 7_000, 1_200_000, "583.3")),
        ("city-factor-one", "question", BEDS)),
    "group_is_population": (book(entry("SC.EH.H.2C", 3, 1_200_000)), book(entry("SC.EH.H.2C", 3, 28_000)),
        ("city-group-population", "question", "SC.EH.H.2C")),
    "gdp_missing": (book(entry("EC.P.IN.1C", value=1), Entry("base.gdp", status="not_reported")),
        book(entry("EC.P.IN.1C", value=1)), ("city-gdp-missing", "remark", "base.gdp")),
    "gdp_used_differs": (book(entry("EC.P.IN.1C", 5_000_000, "20000000000")),
        book(entry("EC.P.IN.1C", 5_000_000, "9600000000000")), ("city-two-gdp", "question", "EC.P.IN.1C")),
    "gdp_against_national": (book(entry("base.gdp", value=9_600_000, unit="KZT", dated="2024")), book(),
        ("city-gdp-implausible", "remark", "base.gdp")),
    "too_many_missing": ({}, book(), ("city-many-missing", "remark", "")),
    "shares_sum": (book(*modes(40, 30, 20, 5, 0)), book(*modes(42, 30, 20, 5, 2)),
        ("city-shares", "question", MODES[-1])),
    "wastewater_order": (book(entry(WATER[0], value=80), entry(WATER[1], value=90), entry(WATER[2], value=10)),
        book(*(entry(point, value=share) for point, share in zip(WATER, (90, 80, 80), strict=True))),
        ("city-wastewater", "question", WATER[1])),
    "usual_order": (book(entry(INTERNET, value=90), entry(BROADBAND, value=95)),
        book(entry(INTERNET, value=95), entry(BROADBAND, value=95)), ("city-order", "remark", BROADBAND)),
}  # fmt: skip


@pytest.mark.parametrize("check", (*BASE_CHECKS, *SHARE_CHECKS), ids=lambda check: check.__name__)
def test_a_check_across_entries(check):
    wrong, right, told = BOOKS[check.__name__]
    (found,) = check(U4SSC, wrong)
    assert (found.code, found.severity, found.point) == told
    assert check(U4SSC, right) == []
    assert check.__doc__


def test_the_other_ways_in_which_a_citys_product_cannot_be_compared():
    told = [
        (book(entry("EC.P.IN.1C", value=1), entry("base.gdp", value=9, unit="KZT")), "city-gdp-undated"),
        (book(entry("base.gdp", value=9, unit="USD", dated="2024")), "city-gdp-uncompared"),
        (book(Entry("base.national_gdp_per_head", status="not_reported")), "city-gdp-uncompared"),
    ]
    for entries, code in told:
        assert code in [one.code for one in findings(entries, U4SSC)]


def test_shares_above_102_are_wrong_even_with_parts_left_open():
    assert [one.code for one in findings(book(*modes(70, 40)), U4SSC)].count("city-shares") == 1
    assert "city-shares" not in [one.code for one in findings(book(*modes(50, 40)), U4SSC)]
    # Two points are allowed, and no more.
    for last, told in ((3, 0), (7, 0), ("7.1", 1), ("2.9", 1)):
        found = [one.code for one in findings(book(*modes(40, 30, 20, 5, last)), U4SSC)]
        assert found.count("city-shares") == told


def test_households_that_are_inhabitants_are_told_once():
    codes = [one.code for one in findings(book(entry(INTERNET, 900_000, 1_200_000)), U4SSC)]
    assert codes == ["city-households-inhabitants"]
    base = findings(book(entry("base.households", value=1_190_000)), U4SSC)
    assert [(one.code, one.field) for one in base] == [("city-households-inhabitants", "value")]


def test_exactly_100_000_people_have_a_factor_of_one():
    entries = book(entry("base.population", value=100_000), entry(BEDS, 600, None, 600))
    assert "city-factor-one" not in [one.code for one in findings(entries, U4SSC)]


@pytest.mark.parametrize(
    ("point", "value", "unit", "expected"),
    [
        (NO2, "0.02", "ppm", "38"), (NO2, "20", "ppb", "38"), ("EN.EN.AQ.1C.so2", "0.01", "ppm", "26.2"),
        ("EN.EN.AQ.1C.so2", "10", "ppb", "26.2"), ("EN.EN.AQ.1C.o3", "0.05", "ppm", "98"),
        ("EN.EN.AQ.1C.o3", "50", "ppb", "98"), (PM, "0.03", "мг/м³", "30"), (NO2, "38", "µg/m³", "38"),
    ],
)  # fmt: skip
def test_concentrations_are_converted_by_the_factors_of_the_manual_and_said_so(point, value, unit, expected):
    converted, remark = in_own_unit(U4SSC, entry(point, value=value, unit=unit))
    assert (decimal_text(converted.value), converted.unit) == (expected, None)
    assert (remark is None) == (value == expected)
    if remark:
        assert remark.severity == "remark"
        assert value in converted.note


def test_a_clean_book_has_no_finding_and_every_finding_speaks_three_languages():
    assert findings(book(), U4SSC) == []
    every = [found for wrong, _, _ in ENTRIES.values() for found in entry_findings(U4SSC, wrong)]
    every += [found for wrong, _, _ in BOOKS.values() for found in findings(wrong, U4SSC)]
    for found in every:
        texts = {found.text(language) for language in LANGUAGES}
        assert len(texts) == 3
        assert found.point in found.text("en") or not found.point
        assert found.as_data("en")["mend"]
