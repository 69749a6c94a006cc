import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jasyl.intake import (
    Box,
    Choice,
    PartialDate,
    boolean,
    coordinate,
    date,
    day,
    decimal,
    digits,
    integer,
    moment,
    quantity,
    text,
)
from jasyl.intake.cells import ChoiceList
from jasyl.intake.numbers import Convention, Evidence, named_unit
from jasyl.intake.raw import CellFault
from jasyl.quantities import UNITS, unit
from jasyl.texts import LANGUAGES, Refusal

NAIVE = dt.datetime(2024, 12, 31, 13)
ALMATY = ZoneInfo("Asia/Almaty")


def code(function, *arguments):
    with pytest.raises(Refusal) as refused:
        function(*arguments)
    for language in LANGUAGES:
        assert refused.value.text(language)
    return refused.value.code


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("12", "12"),
        ("-12.50", "-12.50"),
        ("+3", "3"),
        (".5", "0.5"),
        ("1e3", "1000"),
        ("12,5", "12.5"),
        ("−4,25", "-4.25"),
        ("1 234,56", "1234.56"),
        ("1\u00a0234\u00a0567", "1234567"),
        ("1\u2009234.5", "1234.5"),
        ("1\u202f234", "1234"),
        ("1'234'567.8", "1234567.8"),
        ("1’234", "1234"),
        ("1,234.56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234,56", "1234.56"),
        ("1.234.567", "1234567"),
        ("0,123", "0.123"),
        ("1234,567", "1234.567"),
        ("12,3456", "12.3456"),
        ("1.234", "1.234"),
        ("  7  ", "7"),
        ("1 234,567", "1234.567"),
    ],
)
def test_numbers_as_people_write_them(written, value):
    assert decimal(written) == Decimal(value)


@pytest.mark.parametrize(
    "written", ["abc", "1 23", "12,34,5", "1..2", "--1", "nan", "inf", "1_000", "0x10", "1/2", "9" * 70, "١٢", "1 2345"]
)
def test_what_is_no_number(written):
    assert code(decimal, written) == "not-number"


def test_a_number_that_can_be_two_is_refused_or_decided_by_the_convention():
    assert code(decimal, "1,234") == "number-unclear"
    assert decimal("1,234", Convention(comma="decimal")) == Decimal("1.234")
    assert decimal("1,234", Convention(comma="grouping")) == 1234
    assert decimal("1.234", Convention(point="grouping")) == 1234


@pytest.mark.parametrize(
    ("values", "comma", "point"),
    [
        (["12,5", "1,234"], "decimal", None),
        (["1 234,56"], "decimal", None),
        (["1,234,567"], "grouping", None),
        (["1,234", "12.5"], "grouping", "decimal"),
        (["1.234,5"], "decimal", "grouping"),
        (["12,5", "1,234.5"], None, "decimal"),
        (["1,234", "7"], None, None),
        (["0,125"], "decimal", None),
    ],
)
def test_evidence_of_a_column(values, comma, point):
    evidence = Evidence()
    evidence.see(values)
    assert evidence.convention() == Convention(comma, point)


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-(10**9), max_value=10**9))
def test_the_same_number_in_three_spellings(value):
    assert decimal(f"{value:f}") == value
    assert decimal(f"{value:,}".replace(",", "\u00a0").replace(".", ",")) == value
    assert decimal(float(value)) == value


def test_whole_numbers():
    assert integer("1 234") == 1234
    assert integer(5.0) == 5
    assert integer("") is None
    assert code(integer, "1.5") == "not-integer"
    assert code(integer, dt.date(2024, 1, 1)) == "not-number"


def test_units_behind_numbers():
    megawatt, watt = unit("MW"), unit("W")
    assert quantity("50 МВт", megawatt, watt) == 50_000_000
    assert quantity("50 кВт", megawatt, watt) == 50_000
    assert quantity("1 234,5 kW", megawatt, watt) == 1_234_500
    assert quantity("50", megawatt, watt) == quantity(50.0, megawatt, watt) == 50_000_000
    assert str(quantity("50", megawatt, watt)) == "50000000"
    assert quantity("12 %", unit("%"), unit("1")) == Decimal("0.12")
    assert code(quantity, "50 т", megawatt, watt) == "unit-dimension"
    assert code(quantity, "50 попугаев", megawatt, watt) == "unknown-unit"


def test_every_unit_is_read_as_it_is_written():
    for known in UNITS.values():
        for language in LANGUAGES:
            if known.written(language).strip():
                assert named_unit(known.written(language)) == known


@pytest.mark.parametrize(
    ("written", "iso"),
    [
        ("2024-12-31", "2024-12-31"),
        ("31.12.2024", "2024-12-31"),
        ("31/12/2024", "2024-12-31"),
        ("1.2.2024", "2024-02-01"),
        ("2024-12", "2024-12"),
        ("12.2024", "2024-12"),
        ("2024", "2024"),
        ("2024 г.", "2024"),
        ("2024 жыл", "2024"),
        (2024.0, "2024"),
        (45657.0, "2024-12-31"),
        ("45657", "2024-12-31"),
        (dt.date(2024, 12, 31), "2024-12-31"),
        (NAIVE, "2024-12-31"),
        ("2024-12-31 00:00:00", "2024-12-31"),
        ("2024.12.31", "2024-12-31"),
    ],
)
def test_dates(written, iso):
    assert str(date(written)) == iso


@pytest.mark.parametrize(
    "written", ["31.02.2024", "12/31/2024", "yesterday", "24", 5.0, "2024-13", "1.1.24", dt.time(1), 999_999.0]
)
def test_what_is_no_date(written):
    assert code(date, written) == "not-date"


def test_sheets_of_1904_count_otherwise():
    assert str(date(44195.0, 1904)) == "2024-12-31"
    assert date("") is None
    assert day("31.12.2024") == dt.date(2024, 12, 31)
    assert day(None) is None
    assert code(day, "2024") == "not-day"
    assert PartialDate(dt.date(2024, 1, 1), "year") < PartialDate(dt.date(2024, 2, 1), "month")


@pytest.mark.parametrize(
    ("written", "utc"),
    [
        ("2024-12-31T13:00:00+05:00", "2024-12-31T08:00:00"),
        ("2024-12-31T13:00Z", "2024-12-31T13:00:00"),
        ("2024-12-31 13:00:00.25 +0500", "2024-12-31T08:00:00.250000"),
        ("31.12.2024 13:00", "2024-12-31T08:00:00"),
        ("2024-02-29 12:00", "2024-02-29T06:00:00"),
        ("2024-12-31 24:00", "2024-12-31T19:00:00"),
        (NAIVE, "2024-12-31T08:00:00"),
        (dt.date(2024, 12, 31), "2024-12-30T19:00:00"),
        (45657.5, "2024-12-31T07:00:00"),
        ("2024-12-31", "2024-12-30T19:00:00"),
        ("2024-12-31T13:00−03", "2024-12-31T16:00:00"),
    ],
)
def test_moments(written, utc):
    assert moment(written, ALMATY) == dt.datetime.fromisoformat(utc).replace(tzinfo=dt.UTC)


def test_moments_that_have_no_place_in_time():
    assert code(moment, "2024-12-31 13:00") == "moment-without-zone"
    assert code(moment, "2024-02-29 23:30", ALMATY) == "moment-twice"
    assert code(moment, "2004-03-28 02:30", ALMATY) == "moment-never"
    for written in (
        "13:00",
        "2024-12-31 25:00",
        "2024-02-30 10:00",
        "soon",
        5.0,
        "2024",
        "2024-12-31T13:00+99",
        "2024-12 10:00",
    ):
        assert code(moment, written, ALMATY) == "not-moment"
    assert moment("", ALMATY) is None
    assert moment(None, ALMATY) is None


@pytest.mark.parametrize(
    ("written", "axis", "value"),
    [
        ("43.238", "latitude", 43.238),
        ("43,238", "latitude", 43.238),
        ("-43.5", "latitude", -43.5),
        (76.9, "longitude", 76.9),
        ("43°14'18\"N", "latitude", 43.238333333),
        ("43° 14′ 18″ с.ш.", "latitude", 43.238333333),
        ("43 14 18 N", "latitude", 43.238333333),
        ("N 43 14.3", "latitude", 43.238333333),
        ("43°14,3′ с. е.", "latitude", 43.238333333),
        ("76,9 в.д.", "longitude", 76.9),
        ("76.9E", "longitude", 76.9),
        ("76°54'00\" ш.б.", "longitude", 76.9),
        ("33.5 S", "latitude", -33.5),
        ("З 10,5", "longitude", -10.5),
        ("43° N", "latitude", 43.0),
        ("-43°30'", "latitude", -43.5),
    ],
)
def test_coordinates(written, axis, value):
    assert coordinate(written, axis) == pytest.approx(value, abs=1e-9)


def test_what_is_no_coordinate():
    for written in ("north", "43°75'", "43 14 18 E", "N 43 14 N", "-43°14' S", "1_0"):
        assert code(coordinate, written, "latitude") == "not-coordinate"
    assert code(coordinate, "91", "latitude") == "coordinate-range"
    assert code(coordinate, 181.0, "longitude") == "coordinate-range"
    assert code(coordinate, "nan", "latitude") == "not-coordinate"
    assert coordinate("", "latitude") is None
    assert coordinate(None, "latitude") is None


def test_swapped_points():
    box = Box(46, 40, 88, 56)
    assert box.holds(76.9, 43.2)
    assert box.is_swapped(43.2, 76.9)
    assert not box.is_swapped(76.9, 43.2)
    assert not box.is_swapped(10.0, 10.0)
    assert not box.is_swapped(50.0, 51.0)


def test_text():
    assert text("  Шұғыла \u00a0") == "Шұғыла"
    assert text("a\r\nb\rc") == "a\nb\nc"
    assert text("и\u0306") == "й"
    assert text(" ") is text(None) is None
    assert text(12.0) == "12"
    assert text("'=1", guarded=True) == "=1"
    assert text("''=1", guarded=True) == "'=1"
    assert text("'=1") == "'=1"
    assert text("'quoted'", guarded=True) == "'quoted'"
    assert code(text, "a\x07b") == "control-character"
    assert code(text, "abc", 2) == "cell-too-long"


def test_digits_keep_their_zeros():
    assert digits("050840000123", 12) == "050840000123"
    assert digits(50840000123.0, 12) == "050840000123"
    assert digits("0508 4000 0123", 12) == "050840000123"
    assert digits("", 12) is None
    assert code(digits, "1234567890123", 12) == "not-digits"
    assert code(digits, "12345678901X", 12) == "not-digits"


def test_yes_and_no():
    assert all(boolean(word) is True for word in ("Да", "иә", "YES", "true", "1", 1.0, "ИСТИНА"))
    assert all(boolean(word) is False for word in ("нет", "Жоқ", "no", "0", "ложь"))
    assert boolean("") is None
    assert code(boolean, "maybe") == "not-boolean"


def test_choices():
    choices = ChoiceList([Choice("wind-onshore", {"kk": "Жел", "ru": "Ветёр", "en": "Wind"}, ("ВЭС",))])
    for written in ("wind-onshore", "WIND ", "жел", "Ветер", "вэс", "wind–onshore", "«Жел»"):
        assert choices(written) == "wind-onshore"
    assert choices("") is None
    assert code(choices, "sun") == "not-choice"
    many = ChoiceList([Choice(f"c{n}", {"kk": f"{n}", "ru": f"{n}", "en": f"{n}"}) for n in range(40)])
    with pytest.raises(Refusal, match="…"):
        many("x")


@pytest.mark.parametrize("function", [text, decimal, date, boolean])
def test_faults_are_refused_by_name(function):
    assert code(function, CellFault("error", "#NUM!")) == "cell-error"
    assert code(function, CellFault("formula", "=")) == "cell-formula"
    assert code(function, CellFault("merged", "5")) == "cell-merged"
