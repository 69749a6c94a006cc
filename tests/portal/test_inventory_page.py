"""Pages of city inventories: totals apart, matrix, files, watermark, gaps, publishing."""

import csv
import io
import re

import msgspec
import pytest
from tests.conftest import need

from jasyl.emissions.inventory.figures import keep_inventory
from jasyl.emissions.inventory.lines import line_fields
from jasyl.emissions.inventory.sheet_reading import read_workbook
from jasyl.emissions.inventory.training import training_inventory
from jasyl.emissions.pathway.kept import keep_pathway
from jasyl.emissions.pathway.training import training_pathway
from jasyl.emissions.plants import example, keep_plant_report
from jasyl.ledger import create_keys
from jasyl.people import create_account
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.storage import create_folder, database_of
from jasyl.texts import LANGUAGES, say

from .conftest import Browser

PAGE = "/cities/KZ-71/inventory/2024"


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A training folder with two fictional inventories and an administrator."""
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    folder = create_folder(tmp_path_factory.mktemp("cities") / "data", "training")
    database = database_of(folder)
    database.migrate()
    create_keys(folder)
    with database.writing() as connection:
        create_account(connection, "admin", "correct horse battery", frozenset({"administrator", "agency"}))
        for year in (2024, 2023):
            keep_inventory(connection, folder, training_inventory(year), "tester")
        keep_pathway(connection, folder, training_pathway(), "tester")
        keep_plant_report(connection, folder, example(), "tester")
        hidden = msgspec.structs.replace(example(), plant="closed-plant")
        keep_plant_report(connection, folder, hidden, "tester", publication="closed")
    return Browser(create_app(folder, ["127.0.0.1"]))


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_tells_three_totals_apart_with_their_watermark(city, language):
    said = city.get(f"/{language}{PAGE}")
    assert said.status_code == 200
    for key in ("total-basic-plus", "total-territorial", "matrix", "sensitivity", "assumed"):
        assert say(language, f"inventory-{key}") in said.text
    assert say(language, "watermark-training") in said.text
    assert 'role="img"' in said.text
    assert said.text.count("<rect") >= 9
    assert len(re.findall(r">(?:NE|NO|IE|C)<", said.text)) == len(training_inventory().cells)


def test_the_same_for_programs(city):
    found = city.get(f"{PAGE}.json").json()
    assert found["watermark"]
    assert found["totals"].keys() == {"basic", "basic_plus", "territorial"}
    assert found["digest"] == found["book"]["digest"] == training_inventory().digest
    assert len(found["cells"]) == 54
    rows = list(csv.DictReader(io.StringIO(city.get(f"/en{PAGE}.csv").text.removeprefix("\ufeff"))))
    assert len(rows) == 54
    assert rows[3]["GPC cell"] == "I.2.1"
    keys = {row["GPC cell"]: row["Notation key"] for row in rows}
    assert (keys["I.4.2"], keys["I.1.1"]) == ("IE", "")


def test_files_are_taken_away_and_come_back(city):
    moved = city.get(f"/kk{PAGE}.pdf")
    assert moved.status_code in {301, 307, 308}
    assert moved.headers["location"] == f"/kk{PAGE}/report.pdf"
    paper = city.get(f"/kk{PAGE}/report.pdf")
    assert paper.content.startswith(b"%PDF")
    sheet = city.get(f"/ru{PAGE}/report.xlsx")
    assert read_workbook(sheet.content, "x.xlsx").inventory == training_inventory()


def test_the_list_leads_to_every_year_and_what_is_not_kept_is_not_found(city):
    found = city.get("/cities/inventories.json").json()["inventories"]
    assert [one["year"] for one in found] == ["2024", "2023"]
    assert city.get(found[0]["place_link"]).status_code == 200
    assert city.get("/en/cities/inventories").status_code == 200
    for path in ("/cities/KZ-75/inventory/2024", "/cities/KZ-71/inventory/1990", "/cities/nowhere/inventory/x.json",
                 "/cities/KZ-75/inventory/2024/report.pdf"):  # fmt: skip
        assert city.get(path).status_code == 404


def test_a_total_is_published_by_who_may(city):
    form = {"subject": "KZ-71", "indicator": "emissions.gpc_basic", "period": "2024"}
    assert city.post("/publish", data=form).status_code == 403
    entered = city.post("/en/sign-in", data={"name": "admin", "password": "correct horse battery"})
    cookies = {"cookie": "; ".join(one.split(";")[0] for one in entered.headers.get_list("set-cookie"))}
    shown = city.get(f"/en{PAGE}", headers=cookies).text
    key = re.search(r'name="csrf_token" value="([^"]+)"', shown)[1]
    made = city.post("/en/publish", data={**form, "csrf_token": key}, headers=cookies)
    assert made.status_code == 303
    statement = city.get(made.headers["location"])
    assert "GHG inventory, BASIC" in statement.text
    assert training_inventory().digest in statement.text
    assert made.headers["location"] in city.get(f"/en{PAGE}").text


@pytest.mark.parametrize("language", LANGUAGES)
def test_lines_in_each_language(city, language):
    said = city.get(f"/{language}{PAGE}/lines?line=compost")
    assert said.status_code == 200
    assert not re.search(r">inventory-[a-z0-9-]+<", said.text)
    assert 'name="csrf_token"' not in said.text  # a reader has no form
    rows = {one["id"]: one for one in city.get(f"{PAGE}/lines.json").json()["lines"]}
    assert len(rows) == len(training_inventory().activities)
    assert (rows["landfill"]["method"], rows["homes-gas"]["unit"]) == ("first_order_decay", "1000.m3")
    assert rows["compost"]["half"] > 0
    assert city.get(f"{PAGE}/lines?line=nothing").status_code == 404


def test_one_line_is_changed_added_and_taken_out_by_who_keeps_the_book(city):
    path = "/en/cities/KZ-71/inventory/2023/lines"
    entered = city.post("/en/sign-in", data={"name": "admin", "password": "correct horse battery"})
    cookies = {"cookie": "; ".join(one.split(";")[0] for one in entered.headers.get_list("set-cookie"))}
    shown = city.get(f"{path}?line=compost", headers=cookies).text
    key = re.search(r'name="csrf_token" value="([^"]+)"', shown)[1]
    assert 'name="version" value="1"' in shown

    def send(**fields):
        return city.post(path, data={"csrf_token": key, **fields}, headers=cookies)

    (compost,) = (one for one in training_inventory(2023).activities if one.id == "compost")
    fields = {**line_fields(compost), "action": "line", "line": "compost", "version": "1"}
    assert city.post(path, data=fields, headers=cookies).status_code == 403  # without the key of the form
    assert city.post(path, data=fields).status_code == 403
    wrong = send(**{**fields, "amount": "many"})
    assert (wrong.status_code, "many" in wrong.text) == (400, True)
    assert "bushel" in send(**{**fields, "unit": "bushel"}).text
    kept = send(**{**fields, "amount": "12 500,5", "reason_of_change": "weighed"})
    assert (kept.status_code, kept.headers["location"]) == (303, f"{path}?line=compost")
    again = city.get(f"{path}.json").json()
    assert [one["amount"] for one in again["lines"] if one["id"] == "compost"] == [12500.5]
    assert "weighed" in city.get(path).text
    late = send(**fields)
    assert (late.status_code, "version 2" in late.text) == (400, True)

    burnt = {
        "action": "line",
        "version": "2",
        "id": "dump",
        "ref": "III.3.1",
        "name": "Dumps",
        "source": "survey",
        "quality": "L",
        "factor_quality": "M",
        "parameters": "of = open_burning\nwaste = 100\ncomposition.plastics = 0.5\ncomposition.wood = 0.5",
    }
    assert send(**burnt).status_code == 303
    rows = {one["id"]: one for one in city.get(f"{path}.json").json()["lines"]}
    assert rows["dump"]["method"] == "open_burning"
    assert "III.3.1" in send(action="remove", line="dump", version="3").text  # its cell would say nothing
    gone = send(action="remove", line="dump", version="3", cell="III.3.1", key="NE", reason="no survey any more")
    assert gone.status_code == 303
    assert send(action="key", cell="III.3.1", key="IE", version="4").status_code == 400  # IE without a target
    assert send(action="key", cell="III.3.1", key="NO", version="4").status_code == 303
    assert send(action="away").status_code == 400
    old = city.get(f"{path}.json?version=1").json()
    assert old["digest"] == training_inventory(2023).digest
    assert city.get(f"{path}.json").json()["version"] == 5


def test_reports_of_plants_come_into_the_inventory_with_their_digest(city):
    entered = city.post("/en/sign-in", data={"name": "admin", "password": "correct horse battery"})
    cookies = {"cookie": "; ".join(one.split(";")[0] for one in entered.headers.get_list("set-cookie"))}
    key = re.search(r'name="csrf_token" value="([^"]+)"', city.get(f"/en{PAGE}/lines", headers=cookies).text)[1]
    before = city.get(f"{PAGE}.json").json()["totals"]
    for _ in range(2):  # taken twice they stand once
        done = city.post(f"/en{PAGE}/lines", data={"csrf_token": key, "action": "plants"}, headers=cookies)
        assert done.status_code == 303
    found = city.get(f"{PAGE}.json").json()
    lines = {one["id"]: one for one in found["document"]["activities"] if one.get("plant") == "training-chp-east"}
    assert {one["ref"] for one in lines.values()} == {"I.4.1", "I.4.2", "I.4.4"}
    digest = city.get("/emissions/plants/training-chp-east.json").json()["versions"][-1]["digest"]
    assert {one["calculation"]["inputs"] for one in lines.values()} == {digest}
    assert "closed-plant" not in str(found)
    # What it supplies is in the territorial total only.
    supplied = sum(
        float(one["mass"])
        for one in found["terms"]
        if one["activity"] == "plant-training-chp-east-I-4-4" and one["species"] == "CO2"
    )
    moved = {name: float(found["totals"][name]["co2e"]) - float(before[name]["co2e"]) for name in before}
    assert moved["territorial"] > supplied > 1e9 > moved["basic"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pathway_stands_beside_its_inventory(city, language):
    path = f"/{language}/cities/KZ-71/pathway/2024"
    assert path in city.get(f"/{language}{PAGE}").text
    said = city.get(path)
    assert say(language, "pathway-order-text") in said.text
    assert said.text.count("<svg ") >= 2
    # Who carries a measure out is led to by name; this folder has no register, and the page says so.
    assert f"<code>training-facility-002</code> ({say(language, 'pathway-not-registered')})" in said.text


def test_the_pathway_for_programs_and_as_paper(city):
    found = city.get("/cities/KZ-71/pathway/2024.json").json()
    assert found["scenarios"][2]["measures"][0]["id"] == "retrofit"
    assert len(city.get("/en/cities/KZ-71/pathway/2024.csv").text.splitlines()) == 1 + 37 * 16
    assert city.get("/ru/cities/KZ-71/pathway/2024/report.pdf").content.startswith(b"%PDF")
    assert city.get("/cities/KZ-71/pathway/2020").status_code == 404


def test_an_inventory_is_begun_on_the_page_by_who_keeps_the_book(city):
    """Empty, and with the lines of an earlier year; carried lines say so until their amount is put in."""
    nothing = city.get("/ru/cities/KZ-75/inventory/2030")
    assert nothing.status_code == 404
    assert 'href="/ru/cities/KZ-75/inventory"' in nothing.text
    assert say("ru", "inventory-years-none") in city.get("/ru/cities/KZ-75/inventory").text
    assert say("ru", "inventory-years-none") in city.get("/ru/cities/KZ-75").text
    entered = city.post("/en/sign-in", data={"name": "admin", "password": "correct horse battery"})
    cookies = {"cookie": "; ".join(one.split(";")[0] for one in entered.headers.get_list("set-cookie"))}
    shown = city.get("/en/cities/KZ-75/inventory", headers=cookies).text
    key = re.search(r'name="csrf_token" value="([^"]+)"', shown)[1]
    said = {"csrf_token": key, "year": "2025", "people": "2 345 012", "source": "statistics", "author": "akimat"}

    def send(place, **fields):
        return city.post(f"/en/cities/{place}/inventory", data={**said, **fields}, headers=cookies)

    assert city.post("/en/cities/KZ-75/inventory", data=said).status_code == 403
    for wrong, told in (({}, "boundary"), ({"boundary": "border"}, "set of potentials"),
                        ({"people": "many"}, "many"), ({"carry": "2019"}, "2019"), ({"year": "x"}, "x"),
                        ({"boundary": "border", "gwp_set": "AR6"}, "split")):  # fmt: skip
        said_back = send("KZ-75", **{"gwp_set": "AR4", **wrong} if told == "boundary" else wrong)
        assert (said_back.status_code, told in said_back.text) == (400, True)
        assert 'value="akimat"' in said_back.text  # what was typed stays in the form
    begun = send("KZ-75", boundary="border", gwp_set="AR5", methane="split")
    assert (begun.status_code, begun.headers["location"]) == (303, "/en/cities/KZ-75/inventory/2025/lines")
    assert send("KZ-75", boundary="border", gwp_set="AR5", methane="split").status_code == 400
    empty = city.get("/cities/KZ-75/inventory/2025.json").json()
    assert {one["key"] for one in empty["cells"] if one["ref"] not in {"II.5.3", "VI.1"}} == {"NE"}

    carried = send("KZ-71", carry="2024")
    assert carried.headers["location"] == "/en/cities/KZ-71/inventory/2025/lines"
    path = carried.headers["location"]
    before = {one["id"]: one for one in city.get(f"{path}.json").json()["lines"]}
    assert len(before) == len(training_inventory().activities)
    assert {(one["carried_from"], one["quality"][0]) for one in before.values()} == {("2024", "L")}
    (compost,) = (one for one in training_inventory().activities if one.id == "compost")
    fields = {**line_fields(compost), "amount": "14000", "carried_from": "2024", "action": "line", "line": "compost"}
    assert city.post(path, data={"csrf_token": key, **fields}, headers=cookies).status_code == 303
    after = {one["id"]: one["carried_from"] for one in city.get(f"{path}.json").json()["lines"]}
    assert (after.pop("compost"), set(after.values())) == (None, {"2024"})
    page = city.get("/ru/cities/KZ-71/inventory/2025").text
    assert say("ru", "inventory-kind-carried") in page
    assert city.get("/cities/KZ-71/inventory.json").json()["inventories"][0]["year"] == "2025"
    assert len(list(csv.DictReader(io.StringIO(city.get("/cities/KZ-71/inventory.csv").text)))) == 3
