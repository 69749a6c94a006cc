"""Choosing a language, and writing numbers and dates in it."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.texts import LANGUAGES, language_or_none, negotiate, write_date, write_given, write_number

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("ru", "ru"),
        ("en-GB,en;q=0.8", "en"),
        ("de, ru;q=0.4, kk;q=0.9", "kk"),
        ("de,fr", "kk"),
        ("", "kk"),
        (None, "kk"),
        ("en;q=0, ru;q=0.1", "ru"),
        ("en;q=nan, ru;q=0.1", "ru"),
        ("en;q=abc, ru", "ru"),
        ("RU-kz", "ru"),
    ],
)
def test_the_best_accepted_language_is_chosen(header, language):
    assert negotiate(header) == language


@given(st.text(max_size=200))
def test_any_header_gives_one_of_our_languages(header):
    assert negotiate(header) in LANGUAGES
    assert language_or_none(header) in (*LANGUAGES, None)


def test_numbers_are_written_as_each_language_writes_them():
    assert write_number("ru", Decimal("1234567.891"), 3) == f"1{NBSP}234{NBSP}567,891"
    assert write_number("kk", 1234567.891, 1) == f"1{NBSP}234{NBSP}567,9"
    assert write_number("en", 1234567.891, 2) == "1,234,567.89"
    assert write_number("en", None) == "—"


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (0.0312, "0.031"), (3.14159, "3.14"), (271.3, "271.3"), (9876.5, "9,876")]
)
def test_without_digits_about_three_significant_ones_are_shown(value, text):
    assert write_number("en", value) == text


def test_dates_are_written_in_words():
    day = dt.date(2026, 11, 21)
    assert write_date("ru", day) == "21 ноября 2026\N{NARROW NO-BREAK SPACE}г."
    assert "қараша" in write_date("kk", day)
    assert write_date("en", day) == "November 21, 2026"


def test_a_number_keeps_the_decimals_it_was_given_with():
    assert [write_given("kk", Decimal(text)) for text in ("2.9", "-15.80", "3", "0.0123")] == [
        "2,9",
        "-15,8",
        "3",
        "0,0123",
    ]
    assert write_given("en", Decimal("45549.3")) == "45,549.3"
    assert write_given("ru", Decimal("4.6E+6")) == f"4{NBSP}600{NBSP}000"
    assert write_given("ru", None) == "—"
    long = "1234567890" * 8
    assert write_given("en", Decimal(f"{long}.10")) == f"{int(long):,}.1"
