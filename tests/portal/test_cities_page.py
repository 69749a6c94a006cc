"""Pages of cities: what is reported and what is not, bands in words, the rules, files, and nothing that is closed."""

import csv
import io
import re
from importlib import import_module

import pytest
from tests.conftest import need
from tests.portal.conftest import Browser

from jasyl.cities.training_book import load_training_books
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.storage import METADATA, create_folder, database_of, open_folder
from jasyl.storage.schema import ROOMS_WITH_TABLES
from jasyl.texts import say


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """A training folder that holds nothing but city books."""
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    folder = create_folder(tmp_path_factory.mktemp("cities") / "data", "training", None, None)
    database = database_of(folder)
    database.migrate()
    for module in ROOMS_WITH_TABLES:
        import_module(module)
    METADATA.create_all(database.engine)
    with database.writing() as connection:
        load_training_books(connection)
    return Browser(create_app(folder, ["127.0.0.1"]))


def _rows(response):
    return list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))


def test_the_list_says_who_reports_and_who_does_not(town):
    page = town.get("/en/cities")
    assert page.status_code == 200
    shymkent = next(row for row in page.text.split("<tr>") if "Shymkent" in row)
    assert "not reported" in shymkent
    found = {row["place"]: row for row in town.get("/cities.json").json()["cities"]}
    assert found["KZ-71"]["years"] == "2022, 2023, 2024"
    assert found["KZ-71"]["of"] == 112
    assert found["KZ-71"]["not_verified"] == 1
    assert found["KZ-79"]["year"] is None
    assert len(_rows(town.get("/cities.csv"))) == 3


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_year_shows_every_data_point_with_its_band_in_words(town, language):
    page = town.get(f"/{language}/cities/KZ-71/2024")
    assert page.status_code == 200
    assert page.text.count(say(language, "city-benchmark-recalled")) == 2 * 2  # results, table of benchmarks
    anchors = set(re.findall(r'<tr id="point-([^"]+)"', page.text))
    assert len(anchors) == 112
    targets = set(re.findall(r'href="#((?:point|group)-[^"]+)"', page.text))
    ids = set(re.findall(r' id="([^"]+)"', page.text))
    assert targets <= ids  # every part of the wheel leads somewhere
    data = town.get(f"/{language}/cities/KZ-71/2024.json").json()
    bands = {one["band"] for one in data["points"]}
    assert bands >= {"0-33", "33-66", "66-95", "95+", None}
    assert data["watermark"]
    assert data["benchmarks"]["version"] in page.text
    assert not re.search(r">(city|indicator|wheel)-[a-z-]+<", page.text)


def test_a_year_as_a_table(town):
    rows = _rows(town.get("/en/cities/KZ-71/2024.csv"))
    assert len(rows) == 112
    loss = next(row for row in rows if row["Data point id"] == "EC.I.WS.3C")
    assert (loss["Verified"], loss["Band"]) == ("no", "not_verified")
    assert all(row["Mark"] for row in rows)
    assert {row["Whose benchmark"] for row in rows} == {
        "house proposal",
        "WHO",
        "SDG",
        "UN-Habitat",
        "EU",
        "Kazakhstan",
        "",
    }
    why = "Why this benchmark, or why none"
    assert all(row[why].startswith("none-") == (row["Whose benchmark"] == "") for row in rows)


def test_a_city_without_a_book_is_not_reported_and_not_filled_in(town):
    data = town.get("/en/cities/KZ-79/2024.json").json()
    assert {one["status"] for one in data["points"]} == {"not_reported"}
    assert {one["share"] for one in data["groups"]} == {None}
    assert "nothing scored" in town.get("/en/cities/KZ-79/2024").text


@pytest.mark.parametrize("path", ["/cities/KZ-99/2024", "/cities/KZ-71/soon", "/cities/KZ-71/2024/files/poster.pdf"])
def test_there_is_nothing_at_other_addresses(town, path):
    assert town.get(path).status_code == 404


def test_files_are_papers_and_pictures_marked_as_training(town):
    paper = town.get("/kk/cities/KZ-71/2024/files/snapshot.pdf")
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    assert "training-" in paper.headers["content-disposition"]
    wheel = town.get("/en/cities/KZ-71/2024/files/wheel.svg")
    assert wheel.headers["content-type"] == "image/svg+xml"
    assert "training" in wheel.text
    assert town.get("/en/cities/KZ-71/2024/files/radar-energy.svg").status_code == 404
    assert b"DATA_POINT" in town.get("/en/cities/KZ-71/2024/files/sdmx-structure.xml").content
    assert "<polygon" in town.get("/en/cities/KZ-71/2024/files/radar-environment.svg").text


def test_cities_beside_each_other_have_ranges_of_ranks_and_no_overall_one(town):
    page = town.get("/en/cities/compare?group=economy.infrastructure")
    assert page.status_code == 200
    assert "rank 1 to" in page.text
    data = town.get("/en/cities/compare.json?group=economy.infrastructure").json()
    assert {one["place"] for one in data["ranking"]} == {"KZ-71", "KZ-75"}
    for one in data["ranking"]:
        assert float(one["low"]) <= float(one["score"]) <= float(one["high"])
        assert one["best"] <= one["worst"]
        assert one["missing"] > 0
    rows = _rows(town.get("/en/cities/compare.csv?group=economy.infrastructure.water_and_sanitation&place=KZ-71"))
    assert len(rows) == 5 * 3
    assert {row["Year"] for row in rows} == {"2022", "2023", "2024"}


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_trend_shows_distance_and_completion(town, language):
    page = town.get(f"/{language}/cities/compare?point=EN.EN.AQ.1C.pm25")
    assert page.status_code == 200
    assert 'id="trend"' in page.text
    assert "2022: " in page.text  # every year, whatever years stand beside each other above
    assert '<option value="environment" selected>' in page.text
    assert not re.search(r">(city|trend|rank|compare)-[a-z-]+<", page.text)


@pytest.mark.parametrize("query", ["group=money", "point=none", "place=KZ-79", "year=1999"])
def test_an_unknown_choice_is_refused(town, query):
    assert town.get(f"/en/cities/compare?{query}").status_code == 400


def test_the_evaluation_in_forms_for_programs(town):
    def get(name):
        answer = town.get(f"/en/cities/KZ-71/2024/files/{name}")
        assert answer.status_code == 200, name
        return answer

    sdmx = list(csv.DictReader(io.StringIO(get("sdmx.csv").text)))
    assert len(sdmx) == 112 + 4  # one data point of the training book has four groups
    assert {row["REF_AREA"] for row in sdmx} == {"KZ-71"}
    entities = get("ngsi-ld.json").json()
    assert {one["type"] for one in entities} == {"KeyPerformanceIndicator"}
    assert "@prefix" in get("rdf.ttl").text
    assert len(_rows(get("points.csv"))) == 112 + 4
    assert len(_rows(get("groups.csv"))) == 3 + 7 + 27
    page = town.get("/en/cities/KZ-71/2024").text
    for name in ("sdmx.csv", "sdmx-structure.xml", "ngsi-ld.json", "rdf.ttl", "wheel.svg"):
        assert f"/files/{name}" in page


def test_a_city_as_a_unit_tells_kind_and_source_of_every_number(browser, town, installation):
    METADATA.create_all(database_of(open_folder(installation)).engine)
    page = browser.get("/en/cities/KZ-75")
    assert page.status_code == 200
    for theme in ("water", "energy", "air", "waste"):
        assert f'id="theme-{theme}"' in page.text
    assert "not reported" in page.text
    data = browser.get("/en/cities/KZ-75.json").json()
    assert data["facts"]
    assert all(one["source"] and one["kind"] for one in data["facts"])
    assert {one["kind"] for one in data["facts"]} >= {"published", "modelled", "planned"}
    rows = _rows(browser.get("/ru/cities/KZ-75.csv"))
    assert len(rows) == len(data["facts"])
    books = town.get("/kk/cities/KZ-71")
    assert books.text.count("/cities/KZ-71/20") >= 3
    assert browser.get("/cities/KZ-98").status_code == 404
    assert browser.get("/en/cities/351610000").status_code == 200


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
def test_a_town_tells_its_region_apart(browser, installation, language):
    named = browser.get(f"/{language}/cities/Temirtau")
    assert (named.status_code, named.headers["location"]) == (308, f"/{language}/cities/G1518262")
    page = browser.get(f"/{language}/cities/G1518262")
    assert page.text.index('id="theme-waste"') < page.text.index('id="region"')
    assert not re.search(r">(city|indicator|cities)-[a-z-]+<", page.text)
    data = browser.get("/cities/G1518262.json").json()
    assert {one["area"] for one in data["facts"]} == {"Temirtau"}
    assert {one["area"] for one in data["regional_facts"]} == {""}
    assert data["facilities"]
    rows = _rows(browser.get("/en/cities/G1518262.csv"))
    assert len(rows) == len(data["facts"]) + len(data["regional_facts"])
    assert "G1518262" in browser.get("/en/cities").text
    assert browser.get("/cities/Atlantis").status_code == 404


@pytest.mark.parametrize(
    ("named", "code"),
    [("astana", "KZ-71"), ("Астана", "KZ-71"), ("kz-71", "KZ-71"), ("ALMATY", "KZ-75"), ("шымкент", "KZ-79")],
)
def test_every_page_of_a_city_is_found_by_its_names_too(town, named, code):
    for path in ("", ".json", "/2024.csv", "/2024/book", "/inventory/2030"):
        said = town.get(f"/ru/cities/{named}{path}?at=1")
        if said.status_code != 200:  # the city itself is found by its code however it is written
            assert (said.status_code, said.headers["location"]) == (308, f"/ru/cities/{code}{path}?at=1")
    assert town.get(f"/cities/{code}/inventory/2030").status_code == 404
    assert town.post(f"/cities/{named}/inventory/2030/lines").status_code != 308


def test_groups_of_a_data_point_are_shown_without_the_small_ones(town):
    page = town.get("/ru/cities/KZ-71/2024").text
    assert page.count(say("ru", "indicator-reason-suppressed")) == 1
    found = {one["point"]: one for one in town.get("/cities/KZ-71/2024.json").json()["points"]}["EC.P.EM.1C"]["groups"]
    assert [one["suppressed"] for one in found] == [False, False, False, True]
    assert (found[0]["by"], found[3]["value"]) == ({"sex": "female"}, None)
    rows = [row for row in _rows(town.get("/cities/KZ-71/2024/files/points.csv")) if row["point"] == "EC.P.EM.1C"]
    assert [row["breakdown"] for row in rows] == ["", "sex=female", "sex=male", "age=15-28", "disability=yes"]
    copy = town.get("/cities/KZ-71/2024/book/book.csv").text.partition("EC.P.EM.1C")[2].partition("EC.P.EM.2C")[0]
    assert "sex=female: = 5.4 [21000]" in copy
    assert "disability=yes: *" in copy
    assert "12.3" not in copy
    panel = town.get("/kk/cities/KZ-71/2024/book?point=EC.P.EM.1C").text
    assert say("kk", "city-breakdown") in panel
