"""Metering sheets as utilities send them, every layout made of one truth, which has to come out of the store again."""

import datetime as dt
from decimal import Decimal

import pytest
from tests.monitoring import metering_sheets as sheets
from tests.monitoring.metering_sheets import ALMATY, METERS, as_csv, as_xlsx, days_of, hours_of, truth
from tests.monitoring.world import NOW, SOURCE, a_series, at

from jasyl.intake import column_letters, read_grids
from jasyl.intake.raw import CellFault
from jasyl.monitoring import segments
from jasyl.monitoring.metering_import import as_data, preview_of, read_metering, take_metering
from jasyl.monitoring.metering_mapping import (
    MappedMeter,
    MeteringMapping,
    confirmed_mappings,
    mapping_of,
    metering_sheets,
    proposed,
    recognise,
    remember,
    shape_of,
)
from jasyl.monitoring.registers import Mounting
from jasyl.monitoring.sheet_labels import Month, Slot, day_of, month_of, months_within, slot_of
from jasyl.monitoring.sheet_layout import detect
from jasyl.quantities import UNITS, instant, microseconds
from jasyl.storage import METADATA, Database, DataFolder
from jasyl.texts import LANGUAGES, Refusal

MARCH = days_of(2024, 3)
FEBRUARY = days_of(2024, 2)
HOURLY = {"interval_seconds": 3600, "kind": "amount"}
CATALOGUE = {"one": a_series(1, **HOURLY), "two": a_series(2, **HOURLY)}
BOTH = MeteringMapping(
    meters=tuple(
        MappedMeter(label=label, series=key, unit="kW.h") for label, key in zip(METERS, CATALOGUE, strict=True)
    )
)

LAYOUTS = {
    "hours across": (sheets.hours_across(MARCH), [0], MARCH),
    "hours by number": (sheets.hours_across(MARCH, "{n}"), [0], MARCH),
    "hours by end": (sheets.hours_across(MARCH, "{b}:00"), [0], MARCH),
    "hours with words": (sheets.hours_across(MARCH, "с {a} до {b}"), [0], MARCH),
    "without totals": (sheets.hours_across(MARCH, "{a:02}:00–{b:02}:00", total=False), [0], MARCH),
    "a day of 25 hours": (sheets.hours_across(FEBRUARY), [0], FEBRUARY),
    "25 numbers": (sheets.hours_across(FEBRUARY, "{n}"), [0], FEBRUARY),
    "days across": (sheets.days_across(MARCH), [0], MARCH),
    "side by side": (sheets.side_by_side(MARCH), [0, 1], MARCH),
    "meters down": (sheets.meters_down(MARCH), [0, 1], MARCH),
    "date, time, meters": (sheets.long_by_meter(MARCH), [0, 1], MARCH),
    "units behind values": (sheets.long_with_units(MARCH[:7]), [0, 1], MARCH[:7]),
}


def mapping_for(found, keys=("one", "two")):
    """What a person would confirm: the detected mapping, its meters given their series in order."""
    made = proposed(found, {})
    meters = [
        MappedMeter(label=each.label, series=key, unit=each.unit, content=each.content)
        for each, key in zip(made.meters, keys, strict=False)
    ]
    return MeteringMapping(meters=tuple(meters), zone=made.zone, stamp=made.stamp, decimal=made.decimal)


def stored(database, folder, scale=1):
    with database.reading() as connection:
        found = segments.read(connection, folder, None, 0, NOW)
    triples = zip(found.series.tolist(), found.start.tolist(), found.value.tolist(), strict=True)
    return {(series, start): value for series, start, value in triples}


def expected(meters, days):
    return {
        (meter + 1, microseconds(start)): int(Decimal(str(truth(meter, start))) * 1000)
        for meter in meters
        for day in days
        for start in hours_of(day)
    }


def take(database, folder, found, mapping, catalogue=CATALOGUE, **options):
    return take_metering(database, folder, found, mapping, catalogue, source=SOURCE, now=NOW, **options)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
@pytest.mark.parametrize("name", LAYOUTS)
def test_every_layout_gives_the_truth(database: Database, folder: DataFolder, name, form) -> None:
    rows, meters, days = LAYOUTS[name]
    content = as_csv(rows) if form == "csv" else as_xlsx(rows)
    found = metering_sheets(content, f"sheet.{form}")
    report = take(database, folder, found, mapping_for(found))
    assert report.refusals == ()
    assert report.remarks == ()
    assert stored(database, folder) == expected(meters, days)
    again = take(database, folder, found, mapping_for(found))
    assert (again.receipt.accepted, again.receipt.repeated) == (0, len(expected(meters, days)))


def test_merged_cells_of_a_workbook(database: Database, folder: DataFolder) -> None:
    days = MARCH[:6]
    down = sheets.meters_down(days)
    merges = [f"B{2 + 2 * n}:B{3 + 2 * n}" for n in range(len(days))]
    found = metering_sheets(as_xlsx(down, merges), "down.xlsx")
    assert take(database, folder, found, BOTH).refusals == ()
    side = metering_sheets(as_xlsx(sheets.side_by_side(days), ["B2:Y2", "Z2:AW2", "B3:Y3", "A2:A3"]), "side.xlsx")
    report = take(database, folder, side, BOTH)
    assert (report.refusals, report.receipt.repeated) == ((), 288)
    assert stored(database, folder) == expected([0, 1], days)


def test_a_workbook_of_months_goes_in_whole(database: Database, folder: DataFolder) -> None:
    import io

    import openpyxl

    book = openpyxl.Workbook()
    book.active.append(["Пояснение", "к", "файлу"])
    for month in (2, 3):
        page = book.create_sheet(f"{month:02}")
        for row in sheets.hours_across(days_of(2024, month)):
            page.append(row)
    out = io.BytesIO()
    book.save(out)
    found = metering_sheets(out.getvalue(), "year.xlsx")
    assert [sheet.grid.sheet for sheet in found] == ["02", "03"]
    assert take(database, folder, found, mapping_for(found)).refusals == ()
    assert stored(database, folder) == expected([0], FEBRUARY + MARCH)


def test_days_across_months_are_daily_amounts(database: Database, folder: DataFolder) -> None:
    catalogue = {"heat": a_series(1, interval_seconds=86_400, kind="amount", quantity="heat_supplied")}
    found = metering_sheets(as_csv(sheets.months_across(2024)), "heat.csv")
    made = proposed(found, catalogue)
    assert made.meters[0].series == "heat"
    assert made.meters[0].unit == "Gcal_IT"
    report = take(database, folder, found, made, catalogue)
    assert report.refusals == ()
    got = stored(database, folder)
    assert len(got) == 31 + 29 + 31 + 30
    leap = dt.datetime(2024, 2, 29, tzinfo=ALMATY)
    assert got[1, microseconds(leap)] == 2902 * 1_163_000


def test_the_hour_that_came_twice_needs_its_column(database: Database, folder: DataFolder) -> None:
    rows = sheets.hours_across([dt.date(2024, 2, 28), dt.date(2024, 2, 29)], total=False)
    found = metering_sheets(as_csv([row[:25] for row in rows]), "leap.csv")
    report = take(database, folder, found, mapping_for(found))
    (refused,) = report.refusals
    assert refused.reason.code == "sheet-hour-twice"
    assert (refused.reason.where.row, refused.reason.where.field) == (6, "Y")
    assert report.receipt is None
    assert stored(database, folder) == {}
    fixed = mapping_for(found)
    constant = MeteringMapping(meters=fixed.meters, zone="Etc/GMT-6", stamp=fixed.stamp, decimal=fixed.decimal)
    assert take(database, folder, found, constant).refusals == ()


def test_a_bad_cell_refuses_the_file_and_says_where(database: Database, folder: DataFolder) -> None:
    rows = sheets.hours_across(MARCH)
    rows[6][3], rows[7][4] = "12,3,4", None
    found = metering_sheets(as_csv(rows), "bad.csv")
    report = take(database, folder, found, mapping_for(found))
    assert [(each.row, each.reason.where.field, each.reason.code) for each in report.refusals] == [
        (7, "D", "value-unreadable")
    ]
    assert stored(database, folder) == {}
    assert "row 7, field “D”" in report.sentences("en")[2]
    partly = take(database, folder, found, mapping_for(found), partial=True)
    assert (partly.receipt.accepted, partly.missing) == (31 * 24 - 2, 1)
    for language in LANGUAGES:
        assert all(as_data(partly, language)["refused"][0]["text"] for _ in (0,))


def test_totals_that_do_not_add_up_are_told_and_never_stored(database: Database, folder: DataFolder) -> None:
    rows = sheets.hours_across(MARCH)
    rows[5][25] += 1000
    rows[-1][2] += 7
    found = metering_sheets(as_csv(rows), "total.csv")
    report = take(database, folder, found, mapping_for(found))
    assert [(each.where.row, each.where.field) for each in report.remarks] == [(6, "Z"), (36, "C")]
    assert stored(database, folder) == expected([0], MARCH)


def test_means_amounts_and_transformers(database: Database, folder: DataFolder) -> None:
    rows = [["Дата", *(f"{h}-{h + 1}" for h in range(24))], ["01.03.2024", *([2.0] * 24)]]
    halves = [["Дата", *(f"{m // 60}:{m % 60:02}-{(m + 30) // 60}:{(m + 30) % 60:02}" for m in range(0, 1440, 30))]]
    halves.append(["01.03.2024", *([2.0] * 48)])
    catalogue = {
        "amount": a_series(1, **HOURLY),
        "mean": a_series(2, unit=UNITS["W"], kind="mean", interval_seconds=3600),
        "half": a_series(3, interval_seconds=1800),
        "half mean": a_series(4, unit=UNITS["W"], kind="mean", interval_seconds=1800),
    }

    def first(given, series, unit, content, factor="1"):
        found = metering_sheets(as_csv(given), "mean.csv")
        meter = MappedMeter(label="", series=series, unit=unit, content=content, factor=factor)
        mapping = MeteringMapping(meters=(meter,), decimal=",")
        read = read_metering(found, mapping, catalogue)
        return read.columns.value[0] if not read.refused else read.refused[0].reason.code

    assert first(rows, "amount", "kW", "means") == 2000
    assert first(rows, "mean", "kW.h", "amounts") == 2000
    assert first(halves, "half", "MW", "means") == 1_000_000
    assert first(halves, "half mean", "MW.h", "amounts") == 4_000_000
    assert first(rows, "amount", "kW.h", "amounts", "120") == 240_000
    assert first(rows, "mean", "kW", "registers") == "sheet-content"
    assert first(rows, "amount", "m3", "amounts") == "unit-dimension"
    assert first(rows, "half", "kW.h", "amounts") == "sheet-interval"
    assert first(rows, "nothing", "kW.h", "amounts") == "unknown-series"
    assert first(rows, "amount", None, "amounts") == "sheet-unit"


def test_what_the_air_holds_is_a_mean() -> None:
    rows = [
        ["Станция", "Дата и время", "PM2.5, мкг/м³"],
        ["pm", "01.03.2024 00:00", 35.2],
        ["pm", "01.03.2024 01:00", 30],
    ]
    series = a_series(1, quantity="pm25", unit=UNITS["ug/m3"], scale=1, kind="mean", interval_seconds=3600)
    found = metering_sheets(as_csv(rows, "utf-8"), "air.csv")
    mapping = proposed(found, {"pm": series})
    assert [(each.unit, each.content) for each in mapping.meters] == [("ug/m3", "means")]
    assert read_metering(found, mapping, {"pm": series}).columns.value == [352, 300]


def test_registers_become_amounts_over_roll_over_and_a_new_meter(database: Database, folder: DataFolder) -> None:
    heads = [f"{h}:00" for h in range(24)]
    register = [99_980 + 10 * n if n < 2 else 10 * (n - 2) for n in range(12)] + [
        5 + 10 * (n - 12) for n in range(12, 24)
    ]
    rows = [["Дата", *heads], ["01.06.2024", *map(float, register)]]
    found = metering_sheets(as_csv(rows), "register.csv")
    meters = (
        Mounting(0, 100_000_000),
        Mounting(at("2024-06-01 06:30"), 100_000_000, 0, 93_000),
    )

    def read(known):
        catalogue = {"one": a_series(1, meters=known, **HOURLY)}
        meter = MappedMeter(label="", series="one", unit="kW.h", content="registers")
        mapping = MeteringMapping(meters=(meter,), decimal=",")
        return take(database, folder, found, mapping, catalogue)

    bare = read(())
    assert [(each.reason.code, each.reason.where.field) for each in bare.refusals] == [
        ("register-fell", "D"),
        ("register-fell", "N"),
    ]
    assert read(meters).refusals == ()
    got = stored(database, folder)
    amounts = [got[1, at("2024-05-31 19:00") + n * 3_600_000_000] for n in range(23)]
    # Over the roll-over 10 kWh; at the change 3 kWh of the old meter and 5 of the new one.
    assert amounts == [10_000] * 11 + [8_000] + [10_000] * 11


def test_a_mapping_is_remembered_with_its_history_and_known_by_shape(database: Database) -> None:
    METADATA.create_all(database.engine)
    march, april = (metering_sheets(as_csv(sheets.side_by_side(days_of(2024, month))), "sheet.csv") for month in (3, 4))
    assert shape_of(march) == shape_of(april)
    other = metering_sheets(as_csv(sheets.meters_down(MARCH)), "other.csv")
    assert shape_of(other) != shape_of(march)
    corrected = MeteringMapping(meters=BOTH.meters, stamp="end")
    with database.writing() as connection:
        assert recognise(connection, "utility", shape_of(march)) is None
        for mapping in (BOTH, BOTH, corrected):
            remember(connection, "utility", shape_of(march), mapping, file="march.csv", actor="me", now=NOW)
        known = recognise(connection, "utility", shape_of(april))
        assert known.mapping == corrected
        assert recognise(connection, "another", shape_of(april)) is None
        assert [each.mapping for each in confirmed_mappings(connection, "utility")] == [corrected, BOTH]
        # A sheet of another shape from the same sender: its meters are known already.
        again = proposed(other, CATALOGUE, confirmed_mappings(connection, "utility"))
    assert [each.series for each in again.meters] == ["one", "two"]


def test_what_is_no_metering_sheet_is_refused_by_name() -> None:
    for content, code in (
        ("name;value\na;1\nb;2\n", "metering-layout"),
        ("Счётчик;январь 2024;февраль 2024;март 2024\nA;1;2;3\nB;4;5;6\n", "sheet-months"),
    ):
        with pytest.raises(Refusal) as raised:
            metering_sheets(content.encode(), "x.csv")
        assert raised.value.code == code
    for written in ('{"meters": [{"label": "a", "factor": "-1"}]}', "nonsense"):
        with pytest.raises(Refusal) as raised:
            mapping_of(written)
        assert raised.value.code == "mapping-malformed"


def test_a_day_that_is_none_is_refused_where_it_has_a_value() -> None:
    rows = sheets.months_across(2024)
    rows[31][2] = 1.0  # 30 February
    found = metering_sheets(as_csv(rows), "heat.csv")
    catalogue = {"heat": a_series(1, interval_seconds=86_400, kind="amount")}
    read = read_metering(found, proposed(found, catalogue), catalogue)
    assert [(each.reason.code, each.reason.where.row) for each in read.refused] == [("sheet-day", 32)]
    report = preview_of(read, proposed(found, catalogue))
    assert not report.stored
    assert instant(report.meters[0].first).isoformat() == "2023-12-31T18:00:00+00:00"


@pytest.mark.parametrize(
    ("read", "raw", "expected"),
    [
        (slot_of, "0-1", Slot(0, 60)),
        (slot_of, "23:30 – 24:00", Slot(1410, 1440)),
        (slot_of, "23-00", Slot(1380, 1440)),
        (slot_of, "с 7 до 8 ч", Slot(420, 480)),
        (slot_of, "24:00", Slot(1440)),
        (slot_of, dt.time(1, 30), Slot(90)),
        (slot_of, dt.timedelta(days=1), Slot(1440)),
        (slot_of, "25:00", None),
        (slot_of, "5-3", None),
        (slot_of, 1.0, None),
        (day_of, "1 марта 2024 г.", dt.date(2024, 3, 1)),
        (day_of, "01.03.24", dt.date(2024, 3, 1)),
        (day_of, "2024-03-01", dt.date(2024, 3, 1)),
        (day_of, CellFault("merged", "2024-03-01 00:00:00"), dt.date(2024, 3, 1)),
        (day_of, "31.02.2024", None),
        (day_of, dt.datetime(2024, 3, 1, 5), None),
        (month_of, "наурыз 2024", Month(3, 2024)),
        (month_of, "2024 ж. қаңтар", Month(1, 2024)),
        (month_of, "мая", Month(5)),
        (month_of, "маркетинг", None),
        (month_of, "13.2024", None),
        (months_within, "за период с 01.03.2024 по 31.03.2024", [Month(3, 2024)]),
        (months_within, "Отчёт за наурыз айы, 2024 жылғы наурыз", [Month(3, 2024)]),
    ],
)
def test_labels(read, raw, expected) -> None:
    assert read(raw) == expected


def test_places_have_the_names_of_spreadsheets() -> None:
    assert [column_letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
    grid = read_grids(b"a;b\n\n\n1;2\n", "x.csv")[0]
    assert (len(grid.rows), grid.width, grid.cell(3, 1), grid.cell(9, 9)) == (4, 2, "2", None)
    empty, shapeless = (lambda: read_grids(b"\n\n \n", "x.csv")), (lambda: detect(grid))
    for act, code in ((empty, "no-header"), (shapeless, "metering-layout")):
        with pytest.raises(Refusal) as raised:
            act()
        assert raised.value.code == code
