"""Sheets as people send them: civil time, the hour that came twice, decimal commas, and a reason for each bad row."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.monitoring.world import NOW, SOURCE, a_series, at

from jasyl.intake import read_tables
from jasyl.intake.raw import CellFault
from jasyl.monitoring import segments
from jasyl.monitoring.csv_import import (
    ImportReport,
    SheetMapping,
    SheetRow,
    import_sheet,
    read_value,
    rows_of,
    with_series,
)
from jasyl.monitoring.stamps import read_stamp, resolve
from jasyl.quantities import UNITS
from jasyl.storage import Database, DataFolder
from jasyl.texts import LANGUAGES, Refusal

HALF = a_series(1, interval_seconds=1800)
KWH = SheetMapping(UNITS["kW.h"])


def imported(
    database: Database,
    folder: DataFolder,
    cells: list[tuple[object, object]],
    mapping: SheetMapping = KWH,
    **options: object,
) -> tuple[object, dict[int, int]]:
    rows = with_series([(number, *pair) for number, pair in enumerate(cells, 2)], "meter")
    series = options.pop("series", HALF)
    report = import_sheet(database, folder, {"meter": series}, rows, mapping, source=SOURCE, now=NOW, **options)  # type: ignore[arg-type]
    with database.reading() as connection:
        found = segments.read(connection, folder, None, 0, NOW)
    return report, dict(zip(found.start.tolist(), found.value.tolist(), strict=True))


def test_the_hour_that_came_twice_is_told_by_the_order(database: Database, folder: DataFolder) -> None:
    cells = [
        ("29.02.2024 22:30", "1"),
        ("29.02.2024 23:00", "2"),
        ("29.02.2024 23:30", "3"),
        ("29.02.2024 23:00", "4"),
        ("29.02.2024 23:30", "5"),
        ("01.03.2024 00:00", "6"),
    ]
    expected = {
        at(f"2024-02-29 {clock}"): value * 1000
        for value, clock in enumerate(["16:30", "17:00", "17:30", "18:00", "18:30", "19:00"], 1)
    }
    report, stored = imported(database, folder, cells)
    assert report.refusals == ()  # type: ignore[attr-defined]
    assert stored == expected
    # The same file newest first says the same.
    report, stored = imported(database, folder, cells[::-1])
    assert (report.receipt.repeated, stored) == (6, expected)  # type: ignore[attr-defined]


def test_the_hour_that_came_twice_is_refused_when_it_stays_unclear(database: Database, folder: DataFolder) -> None:
    cells = [("2024-02-29 22:30", 1), ("2024-02-29 23:00", 2), ("2024-02-29 23:30", 3), ("2024-03-01 00:00", 4)]
    report, stored = imported(database, folder, cells)
    assert [(each.row, each.reason.code) for each in report.refusals] == [(3, "stamp-twice"), (4, "stamp-twice")]  # type: ignore[attr-defined]
    assert stored == {}
    assert "meters.csv, row 3, field “time”" in report.sentences("en")[2]  # type: ignore[attr-defined]
    cells[1:3] = [("2024-02-29T23:00+06:00", 2), ("2024-02-29T23:30:00+05:00", 3)]
    report, stored = imported(database, folder, cells)
    assert sorted(stored) == [at(f"2024-02-29 {clock}") for clock in ("16:30", "17:00", "18:30", "19:00")]


def test_end_stamps_are_shifted_and_the_report_says_so(database: Database, folder: DataFolder) -> None:
    mapping = SheetMapping(UNITS["kW.h"], stamp="end", decimal=",")
    report, stored = imported(database, folder, [("31.05.2024 24:00", "1 234,5"), ("01.06.2024 0:30", "0,5")], mapping)
    assert stored == {at("2024-05-31 18:30"): 1_234_500, at("2024-05-31 19:00"): 500}
    for language in LANGUAGES:
        assert len(report.sentences(language)) == 3  # type: ignore[attr-defined]


def test_daily_end_stamps_go_to_the_midnight_before(database: Database, folder: DataFolder) -> None:
    mapping = SheetMapping(UNITS["kW.h"], stamp="end")
    daily = a_series(interval_seconds=86_400)
    _, stored = imported(database, folder, [("2024-02-29 24:00", 5), (dt.date(2024, 3, 2), 6)], mapping, series=daily)
    assert stored == {at("2024-02-28 18:00"): 5000, at("2024-02-29 19:00"): 6000}


def test_missing_is_no_reading(database: Database, folder: DataFolder) -> None:
    cells = [("2024-05-01 00:00", ""), ("2024-05-01 00:30", "н/д"), ("2024-05-01 01:00", None), ("2024-05-01 01:30", 0)]
    report, stored = imported(database, folder, cells)
    assert (report.missing, list(stored.values())) == (3, [0])  # type: ignore[attr-defined]


def test_whole_or_nothing_and_partial(database: Database, folder: DataFolder) -> None:
    cells = [
        ("2024-05-01 00:00", "1"),
        ("2024-13-01 00:00", "1"),
        ("05/01/2024 00:00", "1"),
        ("2024-05-01 00:30", "#NUM!"),
        ("2024-05-01 00:45", "1"),
        ("2099-05-01 00:00", "1"),
    ]
    codes = ["stamp-unreadable", "stamp-unreadable", "value-unreadable"]
    report, stored = imported(database, folder, cells)
    assert ([each.reason.code for each in report.refusals], stored, report.stored) == (codes, {}, False)  # type: ignore[attr-defined]
    report, stored = imported(database, folder, cells, partial=True)
    assert [(each.row, each.reason.code) for each in report.refusals] == [  # type: ignore[attr-defined]
        (3, "stamp-unreadable"),
        (4, "stamp-unreadable"),
        (5, "value-unreadable"),
        (6, "reading-off-grid"),
        (7, "reading-future"),
    ]
    assert len(stored) == 1
    # What only the store can refuse holds the whole sheet back as well.
    report, _ = imported(database, folder, [("2024-06-01 00:00", 1), ("2024-06-01 00:45", 1)])
    assert (report.stored, [each.row for each in report.refusals]) == (False, [3])  # type: ignore[attr-defined]


def test_a_series_nobody_knows(database: Database, folder: DataFolder) -> None:
    row = SheetRow(2, "other", "2024-05-01", 1)
    report = import_sheet(database, folder, {"meter": HALF}, [row], KWH, source=SOURCE, now=NOW)
    assert [each.reason.code for each in report.refusals] == ["unknown-series"]
    assert "other" in report.sentences("en")[-1]


def test_a_file_as_it_comes_from_a_metering_system(database: Database, folder: DataFolder) -> None:
    """cp1251, semicolons, decimal commas, two meters in one file, a torn row."""
    text = (
        "Счётчик;Время;кВт·ч\n"
        "A1;01.05.2024 00:30;1,5\nB2;01.05.2024 00:30;2\nA1;01.05.2024 01:00;\nB2;01.05.2024 01:00;3\n"
    )
    catalogue = {"A1": a_series(1, interval_seconds=1800), "B2": a_series(2, interval_seconds=1800)}
    mapping = SheetMapping(UNITS["kW.h"], stamp="end", decimal=",")

    def take(content: str) -> ImportReport:
        table = read_tables(content.encode("cp1251"), "meters.csv")[0]
        rows = rows_of(table, time="Время", value="кВт·ч", series="Счётчик")
        return import_sheet(database, folder, catalogue, rows, mapping, source=SOURCE, now=NOW)

    torn = take(text + "A1;01.05.2024\n")
    assert [(each.row, each.reason.code) for each in torn.refusals] == [(6, "row-width")]
    assert not torn.stored
    report = take(text)
    assert report.receipt is not None
    assert (report.rows, report.missing, report.receipt.accepted) == (4, 1, 3)
    with database.reading() as connection:
        found = segments.read(connection, folder, None, 0, NOW)
    assert list(zip(found.series.tolist(), found.start.tolist(), found.value.tolist(), strict=True)) == [
        (1, at("2024-04-30 19:00"), 1500),
        (2, at("2024-04-30 19:00"), 2000),
        (2, at("2024-04-30 19:30"), 3000),
    ]
    table = read_tables(text.encode("cp1251"), "meters.csv")[0]
    with pytest.raises(Refusal, match="no column"):
        next(rows_of(table, time="Date", value="кВт·ч", of="A1"))
    with pytest.raises(Refusal, match="error"):
        read_value(CellFault("error", "#NUM!"), mapping, HALF)


def test_an_hour_that_was_skipped(database: Database, folder: DataFolder) -> None:
    mapping = SheetMapping(UNITS["kW.h"], zone="America/Denver")
    report, _ = imported(database, folder, [("2024-03-10 02:30", 1)], mapping)
    assert [each.reason.code for each in report.refusals] == ["stamp-never"]  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("raw", "decimal", "value"),
    [
        ("1 234,5", ",", 1_234_500),
        ("1\u00a0234.5", ".", 1_234_500),
        ("−2", ".", -2000),
        (0.1, ",", 100),
        (Decimal("1e-3"), ".", 1),
        ("1E3", ".", 1_000_000),
        ("0.0005", ".", 0),
        ("0.0015", ".", 2),
    ],
)
def test_values(raw: object, decimal: str, value: int) -> None:
    mapping = SheetMapping(UNITS["kW.h"], decimal=decimal)  # type: ignore[arg-type]
    found, exact = read_value(raw, mapping, HALF)
    assert found == value
    assert exact == (str(raw) not in {"0.0005", "0.0015"})


@pytest.mark.parametrize(
    "raw", ["1.234,5", "1,5", "12a", "0x10", "1e9999", True, dt.date(2024, 1, 1), "9e40", "inf", "١"]
)
def test_values_that_are_none(raw: object) -> None:
    with pytest.raises(Refusal) as caught:
        read_value(raw, KWH, HALF)
    assert caught.value.code == "value-unreadable"


def test_too_fine_values() -> None:
    with pytest.raises(Refusal, match="finer"):
        read_value("0.0005", SheetMapping(UNITS["kW.h"], rounding="refuse"), HALF)


def test_a_foreign_unit_is_told_once_in_the_units_of_the_reader(database: Database, folder: DataFolder) -> None:
    cells = [("2024-05-01 00:00", "1"), ("2024-05-01 00:30", "2")]
    for partial in (False, True):
        report, stored = imported(database, folder, cells, SheetMapping(UNITS["kg"]), partial=partial)
        (refused,) = report.refusals  # type: ignore[attr-defined]
        assert (refused.reason.code, stored) == ("unit-dimension", {})
        assert [("кг" in refused.reason.what(one), "·" in refused.reason.what(one)) for one in LANGUAGES] == [
            (True, True),
            (True, True),
            (False, False),
        ]


@pytest.mark.parametrize(
    "text", ["2024-02-30", "2024-05-01 24:30", "2024-05-01 12:60", "", "yesterday", "9999-12-31 24:00"]
)
def test_stamps_that_are_none(text: str) -> None:
    with pytest.raises(Refusal, match="is not a time"):
        read_stamp(text)


def test_stamps_with_a_zone_of_their_own() -> None:
    zoned = dt.datetime(2024, 5, 1, 5, tzinfo=dt.timezone(dt.timedelta(hours=5)))
    assert read_stamp(zoned).candidates(None) == (at("2024-05-01 00:00"),)  # type: ignore[arg-type]
    assert read_stamp("2024-05-01T00:00Z").candidates(None) == (at("2024-05-01 00:00"),)  # type: ignore[arg-type]
    assert read_stamp("2024-05-01T00:00-0130").candidates(None) == (at("2024-05-01 01:30"),)  # type: ignore[arg-type]


def test_order_decides_only_where_one_reading_of_it_fits() -> None:
    early, late = (0, 10), (5, 15)
    assert resolve([early, late, early, late]) == [0, 5, 10, 15]
    assert resolve([late, early]) == [5, 10]
    assert resolve([early, late]) == [None, None]
    assert resolve([early, early, early]) == [None, None, None]
    assert resolve([(), (3,)]) == [None, 3]
