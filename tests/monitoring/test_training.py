"""The training starter: fictional through and through, the same for the same seed."""

import datetime as dt
import json
from collections import Counter

import pytest
from tests.monitoring.training_folder import rows_in

from jasyl.emissions.plants import assess, metered_amounts, plant_subject, report_of
from jasyl.figures import current_of, get
from jasyl.figures.tables import figure, statement
from jasyl.ledger import create_keys
from jasyl.monitoring import (
    load_training,
    target_measures,
    target_progress,
    training_faults,
)
from jasyl.monitoring.plant_meters import plant_activities
from jasyl.monitoring.tables import reading_source
from jasyl.monitoring.training_plant import METERED_PLANT, load_metered_plant
from jasyl.monitoring.training_register import SOURCE
from jasyl.monitoring.training_world import ENTERPRISES, SIZES, fictional_bin, training_world
from jasyl.people import OPERATOR
from jasyl.places import regions
from jasyl.quantities import now_us
from jasyl.registry import (
    MAP_FAMILIES,
    STATUSES,
    as_of,
    facility_by_key,
    owners_of,
    parse_bin,
    technologies,
    technology,
)
from jasyl.registry.starter import rows_of
from jasyl.registry.tables import assertion, enterprise, facility, installation, owner, published_output, source
from jasyl.storage import create_folder
from jasyl.texts import LANGUAGES, Refusal


@pytest.mark.parametrize("database", [pytest.param("postgresql", marks=pytest.mark.postgresql)], indirect=True)
def test_the_same_seed_gives_the_same_world_and_readings_on_both_engines(loaded, tmp_path, database):
    _, sqlite, first = loaded
    assert (sqlite.is_sqlite, database.is_sqlite) == (True, False)
    folder = create_folder(tmp_path / "again", "training")
    create_keys(folder)
    assert load_training(folder, database) == first


class _Undone(Exception):
    """Leaves the shared folder as it was."""


def test_a_plant_is_fed_by_its_own_meter(loaded):
    folder, database, _ = loaded
    with pytest.raises(_Undone), database.writing() as connection:
        book = load_metered_plant(connection, folder, now_us())
        report = report_of(book)
        plant = plant_subject(facility_by_key(connection, METERED_PLANT, OPERATOR), METERED_PLANT)
        metered = metered_amounts(connection, report, plant, "training")
        heat = metered["heat.supplied"]
        result = assess(report, metered)
        assert result.energy.heat == float(heat.value) > 0
        assert [one.code for one in result.findings if one.field == "meter"] == ["plant-meter-incomplete"]
        used = get(connection, heat.figure)
        assert (used.figure.kind, used.figure.subject) == ("training", plant)
        made = current_of(connection, plant, "emissions.plant_scope1")
        assert heat.digest in {one.digest for one in made[0].figure.inputs}
        lines = plant_activities(connection, report.place, report.year, "training")
        assert {gas for one in lines for gas in one.masses} == {"CO2_biogenic", "CH4", "N2O"}
        raise _Undone


def test_another_seed_gives_another_world():
    one, other = training_world(1), training_world(2)
    assert one != other
    assert {each.fields["region"] for each in other.facilities} == {each.iso for each in regions()}
    assert training_faults(1) != training_faults(2)


def test_the_counts_are_those_of_what_is_stored(loaded, stored):
    _, database, summary = loaded
    counted = {
        "enterprises": len(rows_in(database, enterprise)),
        "facilities": len(rows_in(database, facility)),
        "installations": len(rows_in(database, installation)),
        "series": len(stored),
        "readings": sum(int((each.revision == 1).sum()) for each in stored.values()),
        "corrected": sum(int((each.revision > 1).sum()) for each in stored.values()),
        "figures": len({row["key"] for row in rows_in(database, figure)}),
        "statements": len(rows_in(database, statement)) - summary.superseded,
    }
    assert counted == {name: getattr(summary, name) for name in counted}
    assert (summary.enterprises, summary.facilities) == (ENTERPRISES, 157)
    assert 35 <= summary.series <= 45


def test_every_family_sector_region_size_status_and_level_occurs(loaded):
    _, database, _ = loaded
    rows = rows_in(database, facility)
    assert {row["family"] for row in rows} == set(MAP_FAMILIES)
    sectors = {technology(row["technology"]).sector for row in rows}
    assert sectors == {each.sector for each in technologies(level=1)}
    assert len(sectors) == 13
    assert {row["region"] for row in rows} == {each.iso for each in regions()}
    assert {row["status"] for row in rows} == set(STATUSES)
    assert {row["level"] for row in rows} == {"public", "aggregated", "closed"}
    assert {row["size"] for row in rows_in(database, enterprise)} == set(SIZES)
    assert {row["confirmed"] for row in rows} == {True, False}


def test_commissioning_follows_a_curve_of_adoption(loaded):
    _, database, _ = loaded
    years = Counter(row["commissioned_year"] for row in rows_in(database, facility) if row["commissioned_year"])
    assert set(years) == set(range(2012, 2027))
    assert years[2013] < years[2017] < years[2021]
    early, middle = sum(years[y] for y in range(2012, 2017)), sum(years[y] for y in range(2019, 2024))
    assert early * 3 < middle


def test_nobody_in_it_exists(loaded):
    _, database, _ = loaded
    rows = rows_in(database, enterprise) + rows_in(database, facility)
    for row in rows:
        assert row["name_kk"].startswith("Оқу ")
        assert row["name_ru"].startswith("Учебн")
        assert row["name_en"].startswith("Training ")
        assert row["key"].startswith("training-")
    real = [row for name in ("enterprises.csv", "facilities.csv") for row in rows_of(name)]
    names = {row[f"name_{language}"].casefold() for row in real for language in LANGUAGES} - {""}
    assert not names & {row[f"name_{language}"].casefold() for row in rows for language in LANGUAGES}
    numbers = [row["bin"] for row in rows_in(database, enterprise)]
    assert not set(numbers) & {row["bin"] for row in rows_of("enterprises.csv")}
    assert len(set(numbers)) == ENTERPRISES


def test_fictional_numbers_pass_the_check_but_name_a_month_that_never_comes():
    for number in range(1, 200):
        assert parse_bin(fictional_bin(number))[2:4] == "99"


def test_every_source_says_that_it_is_generated(loaded):
    _, database, _ = loaded
    assert {row["text"] for row in rows_in(database, source)} == {"training data, generated"}
    assert all(row["name"].startswith("training data, generated") for row in rows_in(database, reading_source))
    assert {row["actor"] for row in rows_in(database, assertion)} == {"training"}


def test_everything_stands_in_its_region_of_kazakhstan(loaded):
    from jasyl.places.boundaries import schematic
    from jasyl.places.locate import locator_of

    _, database, _ = loaded
    locator = locator_of(schematic())
    placed = [locator.check_place(row["lon"], row["lat"], row["region"]) for row in rows_in(database, facility)]
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
    outside = [row["key"] for row in rows_in(database, facility) if not country.covers(Point(row["lon"], row["lat"]))]
    assert outside == []


def test_owners_shares_never_exceed_the_whole(loaded):
    _, database, _ = loaded
    shares = Counter()
    for row in rows_in(database, owner):
        shares[row["facility_id"]] += row["share"] or 0
    assert set(shares) == {row["id"] for row in rows_in(database, facility)}
    assert max(shares.values()) == 100
    assert any(row["share"] is None for row in rows_in(database, owner))
    with database.reading() as connection:
        assert len(owners_of(connection, next(iter(shares)))) in {1, 2, 3}


def test_phases_add_up_to_their_facility(loaded):
    _, database, _ = loaded
    parts = Counter()
    for row in rows_in(database, installation):
        parts[row["facility_id"]] += row["capacity"]
    whole = {row["id"]: row["capacity"] for row in rows_in(database, facility)}
    assert parts
    assert all(whole[key] == total for key, total in parts.items())


def test_the_register_remembers_an_earlier_census(loaded):
    _, database, _ = loaded
    with database.reading() as connection:
        then = {row["key"]: row for row in as_of(connection, "facility", dt.datetime(2025, 6, 1, tzinfo=dt.UTC))}
    now = {row["key"]: row for row in rows_in(database, facility)}
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
    rows = rows_in(database, published_output)
    assert {row["kind"] for row in rows} == {"measured", "stated", "design"}
    by_id = {row["id"]: row for row in rows_in(database, facility)}
    energy = [row for row in rows if row["kind"] != "design"]
    assert {row["period"] for row in energy} == {"2022", "2023", "2024", "2025"}
    for row in energy:
        plant = by_id[row["facility_id"]]
        assert int(row["period"]) > plant["commissioned_year"]
        assert 0.1 < float(row["value"]) * 1e6 / plant["capacity_w"] / 8760 < 0.95


def test_its_programme_has_targets_in_every_kind_of_state(loaded):
    _, database, _ = loaded
    with database.reading() as connection:
        found = {one.target["indicator"].split()[0]: one for one in target_progress(connection)}
    states = {name: one.assessment.state for name, one in found.items()}
    assert states["solar"] == "reached"
    assert states["bioenergy"] == "missed"
    assert states["facilities"] in {"behind", "missed"}
    assert states["households"] == "no_measure"
    assert states["green"] == "no_number"
    assert {one.target["source"] for one in found.values()} == {SOURCE}
    # What the register says, added up plainly: public, confirmed power of the family that was there at the end of 2025.
    rows = [
        row
        for row in rows_in(database, facility)
        if row["technology"].startswith(("RP.PV", "RP.CSP"))
        and row["level"] == "public"
        and row["confirmed"]
        and (row["commissioned"] or "9999") < "2026"
        and row["status"] not in {"closed", "planned"}
    ]
    assert found["solar"].observed[2025].value == pytest.approx(float(sum(row["capacity_w"] for row in rows)) / 1e6)


def test_the_register_is_read_once_for_all_targets(loaded, monkeypatch):
    read = []
    real = target_measures.adoption_table
    monkeypatch.setattr(target_measures, "adoption_table", lambda *asked: read.append(asked[1]) or real(*asked))
    with loaded[1].reading() as connection:
        measured = [one for one in target_progress(connection) if one.measure]
    assert len(measured) > 1
    assert read == [None]


def test_it_stays_out_of_folders_of_real_data_and_of_full_ones(loaded, folder, database):
    with pytest.raises(Refusal) as refused:
        load_training(folder, database)
    assert refused.value.code == "training-folder"
    with pytest.raises(Refusal) as refused:
        load_training(loaded[0], loaded[1])
    assert refused.value.code == "training-loaded"
