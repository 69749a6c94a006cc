"""Projects, enterprises, units, districts and doubtful statuses on pages and in data."""

import csv
import dataclasses
import io

import pytest
import shapely
from tests.portal.test_writing import _signed_in, own  # noqa: F401  (an installation to be written to)

from jasyl.places import Names
from jasyl.places.boundaries import Boundary, document_of, official_file, schematic
from jasyl.texts import LANGUAGES

SINCE_2016 = {
    "kk": "күйі 2016 жылдан бері расталмаған",
    "ru": "состояние не подтверждено с 2016 года",
    "en": "status not confirmed since 2016",
}


def _rows(answer):
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_projects_are_listed_with_what_they_come_to(browser):
    page = browser.get("/projects.json").json()
    assert (page["total"], page["pages"], len(page["projects"])) == (50, 1, 50)
    assert page["planned_investment"]["USD"] > "1"
    assert set(page["planned_investment"]) >= {"KZT", "USD"}
    one = next(row for row in page["projects"] if row["key"] == "mirny-wpp")
    assert (one["investment"], one["investment_currency"], one["price_year"]) == ("1200000000.00", "USD", None)
    assert (one["facility"], one["status"], one["expected"]) == ("mirny-wpp", "under_construction", "2028")
    assert len(_rows(browser.get("/projects.csv"))) == 50


@pytest.mark.parametrize(
    ("query", "field", "value"),
    [("family=waste", "family", "waste"), ("kind=extension", "kind", "extension"), ("status=financed", "status",
     "financed"), ("region=KZ-79", "region", "KZ-79"), ("programme=almaty-waste-to-energy", "programme",
     "almaty-waste-to-energy"), ("technology=RP.WTE", "technology", "RP.WTE")],
)  # fmt: skip
def test_projects_are_narrowed(browser, query, field, value):
    found = browser.get(f"/projects.json?{query}").json()
    assert 0 < found["total"] < 50
    assert {one[field] for one in found["projects"]} == {value}
    assert browser.get(f"/en/projects?{query}").status_code == 200


@pytest.mark.parametrize("query", ["family=x", "kind=x", "status=operating", "programme=x", "as_of=soon", "district=!"])
def test_a_filter_of_projects_that_makes_no_sense_is_refused(browser, query):
    assert browser.get(f"/projects?{query}").status_code == 400


def test_a_project_tells_its_stages_money_and_sources(browser):
    page = browser.get("/en/projects/semey-solid-waste")
    for words in ("6,820,000,000 KZT", "price year not stated", "development bank loan; state budget", "financed"):
        assert words in page.text, words
    data = browser.get("/projects/semey-solid-waste.json").json()
    assert data["project"]["support"] == ["ebrd-green-cities"]
    assert {one["field"] for one in data["assertions"]} >= {"investment", "kind", "facility_id"}
    assert browser.get("/projects/nothing").status_code == 404
    doubtful = browser.get("/en/projects/akmola-recycling-centre").text
    assert "stays out of totals" in doubtful


def test_the_list_of_projects_of_an_earlier_day(browser):
    assert browser.get("/projects.json?as_of=2020-01-01").json()["total"] == 0
    then = browser.get("/projects.json?as_of=2100-01-01&status=planned").json()
    now = browser.get("/projects.json?status=planned").json()
    assert then["total"] == now["total"]
    assert then["projects"] == now["projects"]
    assert browser.get("/kk/projects?as_of=2100-01-01").status_code == 200


def test_a_facility_names_its_projects_and_an_enterprise_all_that_is_its(browser):
    data = browser.get("/facilities/astana-waste-to-energy.json").json()
    assert data["projects"] == ["astana-waste-to-energy"]
    assert 'href="/en/projects/astana-waste-to-energy"' in browser.get("/en/facilities/astana-waste-to-energy").text
    found = browser.get("/enterprises.json?q=masdar").json()
    assert [one["key"] for one in found["enterprises"]] == ["masdar"]
    mine = browser.get("/enterprises/masdar.json").json()
    assert "masdar-zhambyl-wpp" in mine["facilities"]
    assert "masdar-zhambyl-wpp" in mine["projects"]
    assert mine["shares"][0].keys() == {"facility", "role", "percent"}
    assert browser.get("/enterprises/nobody").status_code == 404


def test_enterprises_are_counted_and_narrowed(browser):
    every = browser.get("/enterprises.json").json()
    there = browser.get("/enterprises.json?region=KZ-47").json()
    assert 0 < there["total"] < every["total"]
    assert len(_rows(browser.get("/enterprises.csv"))) == every["total"]
    kinds = browser.get("/enterprises.json?kind=company").json()
    assert {one["kind"] for one in kinds["enterprises"]} == {"company"}
    assert browser.get("/enterprises?kind=x").status_code == 400
    rich = [one for one in every["enterprises"] if one["capacity_at_work_w"]]
    assert rich
    assert all(one["facilities"] for one in rich)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_status_nobody_vouches_for_is_marked_with_its_year(browser, language):
    assert SINCE_2016[language] in browser.get(f"/{language}/facilities/reference-serf-east").text
    assert SINCE_2016[language] in browser.get(f"/{language}/facilities?q=reference").text
    assert SINCE_2016[language] not in browser.get(f"/{language}/facilities/burnoye-spp").text


def test_data_say_whether_a_status_is_certain(browser):
    (row,) = (one for one in _rows(browser.get("/en/facilities.csv?q=reference")) if one["Capacity or size"])
    assert row["Status is certain"] == "no"
    assert browser.get("/facilities/reference-serf-east.json").json()["facility"]["status_certain"] is False
    tiles = browser.get("/tiles/facilities.json").json()
    assert "uncertain" in tiles["vector_layers"][0]["fields"]


UNITS = "facility;unit_no;maker;model;capacity;capacity_unit;status\nburnoye-spp;1;SMA;Sunny;2,5;МВт;operating\n"
PLACED = (
    "key;name;technology;status;region;lon;lat\nplaced-1;Найдено;RP.PV;planned;KZ-11;70,0;52,0\n"
    "placed-2;Рядом;RP.PV;planned;KZ-11;71,2;52,0\n"
)


def _bring(own, what, content):  # noqa: F811
    cookies, key = _signed_in(own)
    upload = {"file": ("a.csv", content.encode())}
    answer = own.post("/en/import", files=upload, data={"csrf_token": key, "what": what}, headers=cookies)
    assert answer.status_code == 200, answer.text


def test_units_stand_on_the_page_of_their_facility(own):  # noqa: F811
    _bring(own, "installations", UNITS)
    page = own.get("/ru/facilities/burnoye-spp").text
    assert "Sunny" in page
    assert "2,50 МВт" in page
    (unit,) = own.get("/facilities/burnoye-spp.json").json()["installations"]
    assert (unit["unit_no"], unit["capacity"], unit["capacity_unit"], unit["unit_count"]) == ("1", "2.5", "MW", 1)


def test_a_file_of_something_else_is_refused(own):  # noqa: F811
    cookies, key = _signed_in(own)
    upload = {"file": ("a.csv", UNITS.encode())}
    answer = own.post("/en/import", files=upload, data={"csrf_token": key, "what": "x"}, headers=cookies)
    assert answer.status_code == 400


def test_districts_are_named_told_apart_and_narrowed_to(own):  # noqa: F811
    west = Boundary("113200000", "district", Names("Батыс", "Западный", "West"), "KZ-11", "113200000",
                    shapely.box(69.5, 51.5, 70.5, 52.5))  # fmt: skip
    borders = dataclasses.replace(schematic(), precision="official")
    file = official_file(own.folder)
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(
        document_of([*borders.units, west], precision="official", source="a test", licence="none", attribution="a test")
    )
    _bring(own, "facilities", PLACED)
    told = own.get("/facilities/placed-1.json").json()["facility"]
    assert (told["district"], told["district_by"]) == ("113200000", "borders")
    page = own.get("/ru/facilities/placed-1").text
    assert "Западный" in page
    assert "определён по границам" in page
    assert own.get("/facilities/placed-2.json").json()["facility"]["district"] is None
    listed = own.get("/facilities.json?district=113200000").json()
    assert "placed-1" in {one["key"] for one in listed["facilities"]}
    assert "placed-2" not in {one["key"] for one in listed["facilities"]}
    assert (
        '<option value="113200000" selected>West</option>'
        in own.get("/en/facilities?region=KZ-11&district=113200000").text
    )
    assert "West" in {row["District"] for row in _rows(own.get("/en/facilities.csv?district=113200000"))}
