"""The training starter: fictional through and through, the same for the same seed, wrong only where it says so."""

import csv
import datetime as dt
import io
import json
from collections import Counter

import numpy as np
import pytest
import sqlalchemy as sa
from tests.conftest import _fresh_postgresql

from jasyl.figures.tables import figure, statement
from jasyl.jobs import Silent
from jasyl.ledger import Keeper, create_keys, verify_log
from jasyl.monitoring import (
    check_sealed,
    definitions,
    load_training,
    read_readings,
    sealed_days,
    training_faults,
    truth_csv,
)
from jasyl.monitoring.tables import reading_source
from jasyl.monitoring.training_faults import with_faults
from jasyl.monitoring.training_meters import DAY, END, START, training_courses, training_meters
from jasyl.monitoring.training_register import connect_meters, enter_world, registry_digest
from jasyl.monitoring.training_weather import sine_of_elevation
from jasyl.monitoring.training_world import ENTERPRISES, SIZES, fictional_bin, training_world
from jasyl.places import regions
from jasyl.registry import (
    MAP_FAMILIES,
    STATUSES,
    as_of,
    every_series,
    owners_of,
    parse_bin,
    technologies,
    technology,
)
from jasyl.registry.starter import rows_of
from jasyl.registry.tables import assertion, enterprise, facility, installation, owner, published_output, source
from jasyl.storage import create_folder, database_of
from jasyl.texts import LANGUAGES, Refusal, say

SEED = 2026


def _load(path, seed=SEED, progress=None):
    folder = create_folder(path, "training")
    create_keys(folder)
    database = database_of(folder)
    database.migrate()
    return folder, database, load_training(folder, database, progress, seed=seed)


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    progress = Silent()
    folder, database, summary = _load(tmp_path_factory.mktemp("training") / "data", progress=progress)
    assert all(done == total for done, total in progress.steps.values())
    for name in progress.steps:
        assert all(say(language, name) for language in LANGUAGES)
    yield folder, database, summary
    database.close()


@pytest.fixture(scope="module")
def stored(loaded):
    """All readings with every revision, as columns by series key."""
    folder, database, _ = loaded
    with database.reading() as connection:
        readings = read_readings(connection, folder, None, START, END, newest=False)
        return {
            each.key: readings.take(np.flatnonzero(readings.series == each.number)) for each in every_series(connection)
        }


def _rows(database, table):
    with database.reading() as connection:
        return list(connection.execute(sa.select(table)).mappings())


def test_the_same_seed_gives_the_same_world_and_readings(loaded, tmp_path):
    _, _, first = loaded
    _, database, second = _load(tmp_path / "again")
    database.close()
    assert second == first


def test_another_seed_gives_another_world():
    one, other = training_world(1), training_world(2)
    assert one != other
    assert {each.fields["region"] for each in other.facilities} == {each.iso for each in regions()}
    assert training_faults(1) != training_faults(2)


@pytest.mark.postgresql
def test_both_engines_hold_the_same_register(loaded, postgresql_server):
    _, _, summary = loaded
    database = _fresh_postgresql(postgresql_server)
    database.migrate()
    world = training_world(SEED)
    with database.writing() as connection:
        enter_world(connection, world)
        connect_meters(connection, training_meters(world))
        assert registry_digest(connection) == summary.registry_sha256
    database.close()


def test_the_counts_are_those_of_what_is_stored(loaded, stored):
    _, database, summary = loaded
    counted = {
        "enterprises": len(_rows(database, enterprise)),
        "facilities": len(_rows(database, facility)),
        "installations": len(_rows(database, installation)),
        "series": len(stored),
        "readings": sum(int((each.revision == 1).sum()) for each in stored.values()),
        "corrected": sum(int((each.revision > 1).sum()) for each in stored.values()),
        "figures": len({row["key"] for row in _rows(database, figure)}),
        "statements": len(_rows(database, statement)) - summary.superseded,
    }
    assert counted == {name: getattr(summary, name) for name in counted}
    assert (summary.enterprises, summary.facilities) == (ENTERPRISES, 157)
    assert 35 <= summary.series <= 45


def test_every_family_sector_region_size_status_and_level_occurs(loaded):
    _, database, _ = loaded
    rows = _rows(database, facility)
    assert {row["family"] for row in rows} == set(MAP_FAMILIES)
    sectors = {technology(row["technology"]).sector for row in rows}
    assert sectors == {each.sector for each in technologies(level=1)}
    assert len(sectors) == 13
    assert {row["region"] for row in rows} == {each.iso for each in regions()}
    assert {row["status"] for row in rows} == set(STATUSES)
    assert {row["level"] for row in rows} == {"public", "aggregated", "closed"}
    assert {row["size"] for row in _rows(database, enterprise)} == set(SIZES)
    assert {row["confirmed"] for row in rows} == {True, False}


def test_commissioning_follows_a_curve_of_adoption(loaded):
    _, database, _ = loaded
    years = Counter(row["commissioned_year"] for row in _rows(database, facility) if row["commissioned_year"])
    assert set(years) == set(range(2012, 2027))
    assert years[2013] < years[2017] < years[2021]
    early, middle = sum(years[y] for y in range(2012, 2017)), sum(years[y] for y in range(2019, 2024))
    assert early * 3 < middle


def test_nobody_in_it_exists(loaded):
    _, database, _ = loaded
    rows = _rows(database, enterprise) + _rows(database, facility)
    for row in rows:
        assert row["name_kk"].startswith("Оқу ")
        assert row["name_ru"].startswith("Учебн")
        assert row["name_en"].startswith("Training ")
        assert row["key"].startswith("training-")
    real = [row for name in ("enterprises.csv", "facilities.csv") for row in rows_of(name)]
    names = {row[f"name_{language}"].casefold() for row in real for language in LANGUAGES} - {""}
    assert not names & {row[f"name_{language}"].casefold() for row in rows for language in LANGUAGES}
    numbers = [row["bin"] for row in _rows(database, enterprise)]
    assert not set(numbers) & {row["bin"] for row in rows_of("enterprises.csv")}
    assert len(set(numbers)) == ENTERPRISES


def test_fictional_numbers_pass_the_check_but_name_a_month_that_never_comes():
    for number in range(1, 200):
        assert parse_bin(fictional_bin(number))[2:4] == "99"


def test_every_source_says_that_it_is_generated(loaded):
    _, database, _ = loaded
    assert {row["text"] for row in _rows(database, source)} == {"training data, generated"}
    assert all(row["name"].startswith("training data, generated") for row in _rows(database, reading_source))
    assert {row["actor"] for row in _rows(database, assertion)} == {"training"}


def test_everything_stands_in_its_region_of_kazakhstan(loaded):
    from jasyl.places.boundaries import schematic
    from jasyl.places.locate import locator_of

    _, database, _ = loaded
    locator = locator_of(schematic())
    placed = [locator.check_place(row["lon"], row["lat"], row["region"]) for row in _rows(database, facility)]
    assert {each.status for each in placed} <= {"ok", "warning"}
    assert max(each.distance_km for each in placed) < 25


def test_official_borders_agree(loaded, shared_data):
    from shapely.geometry import Point, shape
    from shapely.ops import unary_union

    file = shared_data / "kz" / "kz_adm1_2024.geojson"
    if not file.is_file():
        pytest.skip("the official boundaries are absent from the shared data")
    document = json.loads(file.read_text(encoding="utf-8"))
    country = unary_union([shape(each["geometry"]).buffer(0) for each in document["features"]])
    _, database, _ = loaded
    outside = [row["key"] for row in _rows(database, facility) if not country.covers(Point(row["lon"], row["lat"]))]
    assert outside == []


def test_owners_shares_never_exceed_the_whole(loaded):
    _, database, _ = loaded
    shares = Counter()
    for row in _rows(database, owner):
        shares[row["facility_id"]] += row["share"] or 0
    assert set(shares) == {row["id"] for row in _rows(database, facility)}
    assert max(shares.values()) == 100
    assert any(row["share"] is None for row in _rows(database, owner))
    with database.reading() as connection:
        assert len(owners_of(connection, next(iter(shares)))) in {1, 2, 3}


def test_phases_add_up_to_their_facility(loaded):
    _, database, _ = loaded
    parts = Counter()
    for row in _rows(database, installation):
        parts[row["facility_id"]] += row["capacity"]
    whole = {row["id"]: row["capacity"] for row in _rows(database, facility)}
    assert parts
    assert all(whole[key] == total for key, total in parts.items())


def test_the_register_remembers_an_earlier_census(loaded):
    _, database, _ = loaded
    with database.reading() as connection:
        then = {row["key"]: row for row in as_of(connection, "facility", dt.datetime(2025, 6, 1, tzinfo=dt.UTC))}
    now = {row["key"]: row for row in _rows(database, facility)}
    assert 100 < len(then) < len(now)
    moved = {(row["status"], now[key]["status"]) for key, row in then.items() if row["status"] != now[key]["status"]}
    assert {("under_construction", "operating"), ("operating", "closed"), ("operating", "extension")} <= moved
    built = [
        now[key] for key, row in then.items() if row["status"] == "under_construction" and now[key]["commissioned"]
    ]
    assert all(row["expected"] is None for row in built)


def test_the_census_of_2025_knew_nothing_of_2026(loaded):
    _, database, _ = loaded
    with database.reading() as connection:
        then = list(as_of(connection, "facility", dt.datetime(2025, 6, 1, tzinfo=dt.UTC)))
    assert {row["status_date"] for row in then if "status_date" in row} == {"2025-03"}
    assert all((row.get("commissioned") or "")[:7] <= "2025-03" for row in then)


def test_output_of_earlier_years_is_that_of_a_plant_at_work(loaded):
    _, database, _ = loaded
    rows = _rows(database, published_output)
    assert {row["kind"] for row in rows} == {"measured", "stated", "design"}
    by_id = {row["id"]: row for row in _rows(database, facility)}
    energy = [row for row in rows if row["kind"] != "design"]
    assert {row["period"] for row in energy} == {"2022", "2023", "2024", "2025"}
    for row in energy:
        plant = by_id[row["facility_id"]]
        assert int(row["period"]) > plant["commissioned_year"]
        assert 0.1 < float(row["value"]) * 1e6 / plant["capacity_w"] / 8760 < 0.95


def test_every_kind_of_series_occurs(loaded):
    _, database, _ = loaded
    with database.reading() as connection:
        made = definitions(connection).values()
    assert {each.kind for each in made} == {"mean", "amount", "counter"}
    assert {each.interval_seconds for each in made} == {900, 3600, 86_400}
    assert {each.quantity for each in made} == {
        "electricity_generated", "heat_supplied", "gas_saved", "water_saved", "waste_received",
    }  # fmt: skip
    assert all(each.capacity_base for each in made if each.quantity == "electricity_generated")


def _within(readings, fault, revision=1):
    rows = (readings.start >= fault.start) & (readings.start < fault.end) & (readings.revision == revision)
    return readings.value[rows]


def test_every_fault_of_the_truth_table_is_in_the_stored_readings(loaded, stored):
    _, database, summary = loaded
    world = training_meters(training_world(SEED))
    most = {meter.key: meter.most for meter in world}
    arrived = {row["number"]: row["received_at"] for row in _rows(database, reading_source)}
    assert {fault.kind for fault in summary.faults} == {
        "frozen", "factor-1000", "gap", "spike", "night-output", "late", "duplicate", "correction",
    }  # fmt: skip
    for fault in summary.faults:
        readings = stored[fault.series]
        values = _within(readings, fault)
        assert int(values.sum()) == fault.sent, fault
        assert len(values) == (0 if fault.kind == "gap" else fault.readings), fault
        match fault.kind:
            case "frozen":
                before = readings.value[readings.start < fault.start][-1]
                assert set(values.tolist()) == {int(before)}
            case "factor-1000":
                assert fault.sent == 1000 * fault.true > 0
            case "spike":
                assert values.min() > 2 * most[fault.series]
            case "night-output":
                assert fault.true == 0 < values.min()
                assert _highest_sun(fault, world) < 0
            case "late":
                rows = (readings.start >= fault.start) & (readings.start < fault.end)
                assert all(arrived[at] > fault.end + 4 * DAY for at in set(readings.source[rows].tolist()))
            case "gap" | "duplicate" | "correction":
                assert fault.true > 0
    assert summary.repeated == sum(fault.readings for fault in summary.faults if fault.kind == "duplicate")


def _highest_sun(fault, world):
    place = next(meter.facility.place for meter in world if meter.key == fault.series)
    return sine_of_elevation(place.lon, place.lat, np.arange(fault.start, fault.end, 60_000_000)).max()


def test_nothing_else_is_wrong(stored):
    """The table is complete: outside it, and after corrections, every newest value is that of a sound meter."""
    meters = training_meters(training_world(SEED))
    courses = training_courses(SEED, meters)
    _, faults = with_faults(SEED, courses)
    told = {fault.series: fault for fault in faults}
    assert len(told) == len(faults)
    for course in courses:
        readings = stored[course.meter.key]
        newest = dict(zip(readings.start.tolist(), readings.value.tolist(), strict=True))  # revisions in order
        fault = told.get(course.meter.key)
        for start, value in zip(course.start.tolist(), course.value.tolist(), strict=True):
            if fault and not fault.corrected and fault.start <= start < fault.end:
                continue
            assert newest[start] == value


def test_corrections_seal_again_and_late_readings_too(loaded):
    folder, database, summary = loaded
    with database.reading() as connection:
        numbers = {each.key: each.number for each in every_series(connection)}
        days = sealed_days(connection, list(numbers.values()), START, END, superseded=True)
        again = {(day.series, day.start) for day in days if day.supersedes}
        wanted = {numbers[fault.series] for fault in summary.faults if fault.corrected or fault.kind == "late"}
        assert {series for series, _ in again} == wanted
        assert summary.resealed == len(again) == len(wanted)
        some = [day for day in days if day.series in wanted]
        assert check_sealed(connection, folder, some) == []


def test_figures_and_statements_say_training_and_follow_corrections(loaded):
    _, database, summary = loaded
    assert {row["kind"] for row in _rows(database, figure)} == {"training"}
    statements = _rows(database, statement)
    for row in statements:
        said = json.loads(row["document"])
        assert said["method"]["parameters"]["figure.kind"] == "training"
        assert said["log_origin"].startswith("training.jasyl/")
    replaced = [row for row in statements if row["superseded_by"]]
    assert len(replaced) == summary.superseded >= 2
    by_id = {row["id"]: row for row in statements}
    for row in replaced:
        old, new = json.loads(row["document"]), json.loads(by_id[row["superseded_by"]]["document"])
        assert old["value"] != new["value"]


def test_the_log_takes_it_all_and_verifies_offline(loaded):
    folder, database, summary = loaded
    with Keeper(folder, database) as keeper:
        taken = keeper.drain()
    # Deliveries, the register, and a supersede record for each replaced statement stand beside these.
    assert taken > summary.sealed_days + summary.statements + 2 * summary.superseded
    report = verify_log(folder.path)
    assert report.ok
    assert report.size == taken


def test_it_stays_out_of_folders_of_real_data_and_of_full_ones(loaded, folder, database):
    with pytest.raises(Refusal) as refused:
        load_training(folder, database)
    assert refused.value.code == "training-folder"
    with pytest.raises(Refusal) as refused:
        load_training(loaded[0], loaded[1])
    assert refused.value.code == "training-loaded"


def test_the_truth_table_is_a_readable_file():
    table = training_faults(SEED)
    rows = list(csv.DictReader(io.StringIO(truth_csv(table))))
    assert len(rows) == len(table) == 21
    for row, fault in zip(rows, table, strict=True):
        assert (row["series"], row["kind"], int(row["true"])) == (fault.series, fault.kind, fault.true)
        assert dt.datetime.fromisoformat(row["start"]).timestamp() * 1_000_000 == fault.start
        assert row["corrected"] == ("yes" if fault.corrected else "no")
