"""What a reader does across pages: change the language, look at a number's origin, sign in and bring in a file."""

import pytest

CSV = """name;technology;status;region;capacity;capacity_unit;lon;lat;source
{name};RP.PV;planned;KZ-71;5;MW;71.5;51.1;own
"""


@pytest.mark.parametrize(("language", "name"), [("kk", "Қазақша"), ("ru", "Русский")])
def test_the_language_switch_keeps_the_page(language, name, visit):
    with visit("/en/facilities?family=wind&region=KZ-71") as page:
        rows = page.locator("main table tbody tr").count()
        page.get_by_role("link", name=name).click()
        page.wait_for_url(f"**/{language}/facilities?family=wind&region=KZ-71")
        assert page.get_attribute("html", "lang") == language
        assert page.locator("main table tbody tr").count() == rows
        page.goto("/regions")  # an address without a language is answered in the last one
        assert page.get_attribute("html", "lang") == language


def test_the_language_of_the_browser_decides_the_first_visit(visit):
    with visit("/facilities", locale="ru-RU") as page:
        assert page.get_attribute("html", "lang") == "ru"


def test_from_the_plant_to_the_sealed_day(visit):
    with visit("/en/facilities/reference-serf-east") as page:
        page.wait_for_selector(".island-readings-chart canvas", state="attached")
        page.get_by_role("link", name="Electricity generated").first.click()
        page.wait_for_url("**/en/statements/*")
        assert "observed" in page.locator(".tile").inner_text()
        steps = page.locator("main table tbody tr")
        assert steps.count() > 10
        record = page.locator("dl.facts code").inner_text()
        assert len(record) == 64
        page.locator("summary", has_text="The record as logged").click()
        assert record not in page.locator("details pre").inner_text()  # the record is what is hashed
        assert '"type":"calc"' in page.locator("details pre").inner_text().replace(" ", "")


def test_dynamics_draw_a_chart_beside_the_table(visit):
    with visit("/en/dynamics") as page:
        assert page.locator(".island-dynamics-chart svg").count() >= 1
        page.locator("select[name=region]").select_option("KZ-71")
        page.locator(".filters button").click()
        page.wait_for_url("**region=KZ-71*")
        assert page.locator("main table tbody tr").count() >= 1


def test_signing_in_and_bringing_in_a_file(visit, starter_folder):
    with visit("/en/sign-in") as page:
        page.locator("input[name=name]").fill("admin")
        page.locator("input[name=password]").fill((starter_folder.parent / "password").read_text())
        page.locator("main form button").click()
        page.goto("/en/import")
        sent = CSV.format(name="Test of the browser SPP").encode("utf-8")
        page.locator("input[type=file]").set_input_files({"name": "one.csv", "mimeType": "text/csv", "buffer": sent})
        page.locator("main form button").click()
        assert page.locator(".alert-success").is_visible()
        page.goto("/en/facilities?q=Test+of+the+browser")
        page.get_by_role("link", name="Test of the browser SPP").click()
        assert page.locator("h1").inner_text() == "Test of the browser SPP"
        page.get_by_role("link", name="Account: admin").click()
        page.get_by_role("button", name="Sign out").click()
        page.goto("/en/facilities")
        assert page.get_by_role("link", name="Sign in").is_visible()
