"""What the pages of each subject say: map, dynamics, atlas, readings, statements, facts, search."""

import json
import re

import pytest

from jasyl.ledger import Log, log_policy, parse_proof, verify_proof
from jasyl.quantities import sha256_hex
from jasyl.storage import database_of, open_folder
from jasyl.texts import LANGUAGES


def _island(text, name):
    found = re.search(rf'data-island="{name}">\s*<script type="application/json">(.*?)</script>', text, re.S)
    return json.loads(found.group(1))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_map_is_told_where_everything_is(browser, language):
    settings = _island(browser.get(f"/{language}/").text, "map")
    assert settings["lang"] == language
    assert settings["schematic"] is True
    assert browser.get(settings["regions"]).json()["type"] == "FeatureCollection"
    tile = settings["facilities"]["tiles"].format(z=4, x=11, y=5)
    assert browser.get(tile).headers["content-type"] == "application/vnd.mapbox-vector-tile"
    built = [layer for layer in settings["layers"] if not layer["waiting"]]
    waiting = {layer["id"].partition(".")[0] for layer in settings["layers"] if layer["waiting"]}
    families = {layer["id"].partition(".")[0] for layer in built}
    assert families >= {"solar", "wind", "water", "biomass", "waste", "geothermal", "climate"}
    assert waiting >= {"solar", "wind", "water", "biomass", "land"}
    assert built[0]["id"] == "solar.ghi_clear"
    assert len(built[0]["bands"]) == 13
    picture = browser.get(built[0]["tiles"].format(band=0, z=4, x=11, y=5))
    assert picture.content.startswith(b"\x89PNG")


def test_a_click_on_the_layer_gives_value_and_months(browser):
    answer = browser.get("/atlas/solar.ghi_clear/point.json?lon=71.43&lat=51.13").json()
    assert 4 < answer["year"] < 7
    assert len(answer["months"]) == 12
    assert answer["months"][5] > 3 * answer["months"][11]
    assert "upper bound" in browser.get("/atlas/solar.ghi_clear/point.json?lon=71&lat=51&lang=en").json()["kind_text"]


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/atlas/solar.ghi_clear/point.json?lon=x&lat=51", 400),
        ("/atlas/solar.ghi_clear/point.json", 400),
        ("/atlas/solar.ghi_clear/point.json?lon=0&lat=0", 400),
        ("/atlas/wind.speed/point.json?lon=71&lat=51", 404),
        ("/atlas/solar.ghi_clear/99/4/1/1.png", 400),
        ("/atlas/solar.ghi_clear/0/20/1/1.png", 404),
        ("/atlas/solar.ghi_clear/0/1/9/9.png", 404),
        ("/atlas/solar.ghi_clear/../../keys", 404),
        ("/places/region.geojson?detail=nonsense", 404),
        ("/places/nothing.geojson", 404),
        ("/tiles/facilities/1/99/1/1.mvt", 404),
    ],
)
def test_bad_requests_for_maps_are_refused(browser, path, status):
    assert browser.get(path).status_code == status


def test_the_raster_can_be_taken_away(browser):
    answer = browser.get("/atlas/solar.ghi_clear/layer.tif")
    assert answer.content[:2] in {b"II", b"MM"}
    record = browser.get("/atlas/solar.ghi_clear/layer.json").json()
    assert record["array"]


def test_dynamics_add_up(browser):
    data = browser.get("/dynamics.json").json()
    total = browser.get("/dynamics.json?by=region").json()
    last = max(row["year"] for row in data["rows"])
    by_family = sum(row["cumulative"] for row in data["rows"] if row["year"] == last)
    by_region = sum(row["cumulative"] for row in total["rows"] if row["year"] == last)
    assert by_family == by_region > 100
    apart = sum(len(keys) for keys in data["apart"].values())
    every = browser.get("/facilities.json").json()["total"]
    assert by_family + apart == every - 1  # the reference plant stands outside every national total


def test_unconfirmed_and_reference_facilities_enter_no_total(browser):
    capacity = browser.get("/index.json").json()["capacity_at_work_w"]
    listed, page = 0, 1
    while True:
        answer = browser.get(f"/facilities.json?confirmed=yes&page={page}").json()
        for one in answer["facilities"]:
            working = one["status"] in {"operating", "extension", "completed", "test_operation"}
            if working and not one["reference"] and one["capacity_unit"] in {"MW", "kW", "Gcal_IT/h"}:
                factor = {"MW": 1_000_000, "kW": 1000, "Gcal_IT/h": 1_163_000}[one["capacity_unit"]]
                listed += float(one["capacity"]) * factor
        if page == answer["pages"]:
            break
        page += 1
    assert capacity == pytest.approx(listed)


def test_readings_say_what_the_source_says(browser):
    data = browser.get("/facilities/reference-serf-east/readings.json?from=2016-07-02&to=2016-07-02").json()
    (series,) = data["series"]
    assert series["interval"] == 900_000
    assert len(series["start"]) == len(series["value"]) == 96
    assert series["start"][0] == 1_467_442_800_000, "midnight at the plant"
    assert max(series["value"]) < 6
    assert browser.get("/facilities/reference-serf-east/readings?from=yesterday").status_code == 400
    assert browser.get("/facilities/reference-serf-east/readings?from=2016-07-03&to=2016-07-02").status_code == 400
    assert browser.get("/facilities/burnoye-spp/readings").status_code == 404


def test_a_statement_leads_to_the_log_and_is_verified_offline(browser, installation):
    statements = browser.get("/statements.json").json()["statements"]
    assert len(statements) >= 4
    july = next(one for one in statements if one["period"] == "2016-07")
    page = browser.get(f"/statements/{july['id']}.json").json()
    kinds = json.dumps(page["made_from"])
    assert kinds.count('"sealed_day"') >= 31
    # Offline: the record's bytes, the log's proof and the policy are enough.
    folder = open_folder(installation)
    log = Log(folder)
    entry = log.entry(page["log_index"])
    assert sha256_hex(entry) == page["record_id"]
    assert json.loads(entry) == page["record"]
    proof = parse_proof(log.proof_file(page["log_index"]))
    assert verify_proof(proof, log_policy(folder.log), entry=entry).size >= page["log_index"]


def test_the_energy_of_july_is_what_the_readings_say(browser):
    """A second way to the same number: the sum of the source's own rows."""
    import csv
    from decimal import Decimal
    from importlib.resources import files

    text = (files("jasyl.registry") / "data" / "reference_plant" / "readings.csv").read_text()
    rows = list(csv.DictReader(text.splitlines()))
    # July at UTC-07:00 is [2016-07-01T07:00Z, 2016-08-01T07:00Z); a mean over 15 minutes counts for a quarter hour.
    july = [int(row["power_milliwatt"]) for row in rows if "2016-07-01T07" <= row["start"] < "2016-08-01T07"]
    expected = (Decimal(sum(july)) / 4 / 1000).quantize(Decimal("0.001"))  # the method states thousandths of a Wh
    statements = browser.get("/statements.json").json()["statements"]
    identity = next(one["id"] for one in statements if one["period"] == "2016-07")
    record = browser.get(f"/statements/{identity}.json").json()["record"]
    assert Decimal(record["value"]) == expected
    assert record["unit"] == "W.h"


def test_every_facility_has_a_page(browser, installation):
    import sqlalchemy as sa

    database = database_of(open_folder(installation))
    with database.reading() as connection:
        keys = connection.execute(sa.text("select key from facility")).scalars().all()
    database.close()
    for key in keys:
        assert browser.get(f"/ru/facilities/{key}").status_code == 200, key


def test_facts_are_narrowed_and_refused(browser):
    every = browser.get("/facts.json").json()["facts"]
    some = browser.get("/facts.json?place=KZ-35").json()["facts"]
    assert 0 < len(some) < len(every)
    assert browser.get("/facts?metric=nonsense").status_code == 400
    assert any(one["confirmation"] == "unconfirmed" for one in every)


@pytest.mark.parametrize(("word", "kind"), [("Алматы", "city"), ("Burnoye", "facility"), ("Ekibastuz", "settlement")])
def test_search_finds_each_kind(browser, word, kind):
    hits = browser.get("/search.json", params={"q": word}).json()["hits"]
    assert kind in {hit["kind"] for hit in hits}


def test_the_list_as_it_stood_before_anything_was_recorded_is_empty(browser):
    assert browser.get("/facilities.json?as_of=2020-01-01").json()["total"] == 0
    now = browser.get("/facilities.json?as_of=2100-01-01").json()
    assert now["total"] == browser.get("/facilities.json").json()["total"]
    wind = browser.get("/facilities.json?as_of=2100-01-01&family=wind").json()
    assert {one["family"] for one in wind["facilities"]} == {"wind"}
    assert browser.get("/facilities?as_of=soon").status_code == 400


def test_published_output_is_a_figure_of_kind_published_and_design_values_are_none(installation):
    import sqlalchemy as sa

    from jasyl.figures import keep_published_outputs

    database = database_of(open_folder(installation))
    with database.engine.connect() as connection, connection.begin() as transaction:
        rows = connection.execute(sa.text("select kind, count(*) from published_output group by kind")).all()
        again = keep_published_outputs(connection, 1)
        kinds = connection.execute(
            sa.text("select distinct kind from figure where method_id = 'annual_output.published'")
        )
        assert {row[0] for row in rows} >= {"measured", "design"}
        assert kinds.scalars().all() == ["published"]
        assert all(one.figure.value > 0 for one in again)
        transaction.rollback()
    database.close()


def test_the_reference_plant_is_listed_but_counted_nowhere(browser):
    listed = browser.get("/facilities.json").json()["total"]
    assert browser.get("/index.json").json()["facilities"] == listed - 1
    assert "reference-serf-east" in browser.get("/facilities.csv").text or "SERF" in browser.get("/facilities.csv").text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "path",
    ["/dynamics?by=sector", "/dynamics?by=region&and=size", "/dynamics/forecast?family=solar&measure=facilities",
     "/dynamics/forecast?family=monitoring", "/dynamics/targets", "/dynamics/regions?per=area&measure=facilities"],
)  # fmt: skip
def test_pages_of_dynamics_speak_every_language(browser, language, path):
    answer = browser.get(f"/{language}{path}")
    assert answer.status_code == 200
    assert f'<html lang="{language}"' in answer.text
    stem, _, query = path.partition("?")
    assert browser.get(f"/{language}{stem}.csv?{query}").status_code == 200


def test_a_year_that_cannot_be_is_refused_with_years_as_people_write_them(browser):
    answer = browser.get("/en/dynamics/regions?year=1066")
    assert answer.status_code == 400
    assert "year=1066: a whole number from 1900 to 2100 was expected" in answer.text


def test_the_page_of_a_region_does_not_repeat_it_in_every_row(browser):
    page, file = (browser.get(f"/en/regions/KZ-31{form}").text for form in ("", ".csv"))
    listed = page[page.index("<table") :].split("</thead>")[0]
    assert ">Technology<" in listed
    assert ">Region<" not in listed
    assert "Region" in file.splitlines()[0]


def test_a_forecast_without_a_unit_has_no_column_for_it(browser):
    counted, measured = (browser.get(f"/en/dynamics/forecast?measure={one}").text for one in ("facilities", "capacity"))
    assert "Unit" not in re.findall(r"<th[^>]*>\s*([^<]*?)\s*<", counted)
    assert "Unit" in re.findall(r"<th[^>]*>\s*([^<]*?)\s*<", measured)


def test_groups_of_several_dimensions_add_up(browser):
    total = browser.get("/dynamics.json?by=family").json()["rows"]
    parts = browser.get("/dynamics.json?by=region,size&and=sector").json()
    assert parts["by"] == ["region", "size", "sector"]
    last = max(row["year"] for row in total)
    for name in ("cumulative", "capacity_w", "new"):
        assert sum(row[name] for row in parts["rows"] if row["year"] == last) == sum(
            row[name] for row in total if row["year"] == last
        )
    assert browser.get("/dynamics.json?by=region,luck").status_code == 400
    page = browser.get("/en/dynamics").text
    assert len(_island(page, "dynamics-chart")["families"]) > 8


def test_a_forecast_tells_when_it_loses(browser):
    data = browser.get("/dynamics/forecast.json?family=wind").json()
    assert {one["model"] for one in data["curves"]} == {"logistic", "gompertz", "bass"}
    for one in data["curves"]:
        assert one["forecast"] is not None or one["refused"]
    page = browser.get("/en/dynamics/forecast?family=wind").text
    assert ("No curve beats" in page) == (data["best"] is None)
    assert _island(page, "forecast-chart")["observed"][-1]["value"] == pytest.approx(data["standing"] / 1e6)
    assert browser.get("/dynamics/forecast.json?measure=luck").status_code == 400


def test_targets_say_what_measures_them(browser):
    assert "нысананың жылы жоқ" in browser.get("/kk/dynamics/targets").text
    data = browser.get("/dynamics/targets.json").json()
    assert sum(data["states"].values()) == len(data["targets"])
    measured = [one for one in data["targets"] if one["measure"]]
    assert len(measured) >= 10
    assert all(one["values"][0]["facts"] for one in measured)
    assert data["targets"][: len(measured)] == measured, "those come first"
    assert len(_island(browser.get("/en/dynamics/targets").text, "ranges-chart")["rows"]) >= 5
    page = browser.get("/kk/dynamics/targets").text
    assert "share of renewables" not in page
    assert not any(".0" in row["label"] for row in _island(page, "ranges-chart")["rows"])


def test_regions_are_never_ranked_barely(browser):
    data = browser.get("/dynamics/regions.json").json()
    assert len(data["regions"]) == 20
    assert all(one["best"] <= one["rank"] <= one["worst"] for one in data["regions"])
    assert any(one["best"] < one["worst"] for one in data["regions"])
