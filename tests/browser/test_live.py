"""An open page moves when readings arrive: brought by another process, shown without a reload, politely."""

import shutil
import subprocess

import pytest
from playwright.sync_api import expect
from tests.serving import JASYL, environment, serving

PLANT = "reference-serf-east"
STATUS = "[data-island=live] p[aria-live]"
PAUSE = "[data-island=live] button"


@pytest.fixture(scope="module")
def live_data(starter_folder, tmp_path_factory):
    return shutil.copytree(starter_folder, tmp_path_factory.mktemp("live") / "data")


@pytest.fixture(scope="module")
def served(live_data):
    """A server of these tests alone: they change what it shows."""
    with serving(live_data) as address:
        yield address


@pytest.fixture
def bring(live_data, tmp_path):
    """``bring(day)``: a process of its own imports a day of the plant's readings."""

    def run(day):
        file = tmp_path / f"{day}.csv"
        lines = [f"{day} {hour:02}:{minute:02},4.2" for hour in range(24) for minute in (0, 15, 30, 45)]
        file.write_text("\n".join(["time,power", *lines]), encoding="utf-8")
        subprocess.run(
            [JASYL, "import", "readings", file, "--data", live_data, "--facility", PLANT,
             "--series", f"{PLANT}-power", "--unit", "kW"],
            env=environment(), check=True, capture_output=True,
        )  # fmt: skip

    return run


def following(page):
    page.wait_for_function("(at) => document.querySelector(at).innerText.startsWith('Live: this page')", arg=STATUS)


def test_the_table_of_an_open_page_gains_the_day_that_arrived(visit, bring):
    with visit(f"/en/facilities/{PLANT}/readings") as page:
        following(page)
        page.evaluate("() => { window.untouched = true; }")
        expect(page.locator("#live-days")).not_to_contain_text("2016-11-02")
        bring("2016-11-02")
        page.wait_for_selector("#live-days th:has-text('2016-11-02')")
        page.wait_for_function("(at) => document.querySelector(at).innerText.startsWith('New readings at')", arg=STATUS)
        assert page.evaluate("() => window.untouched")
        # The chart reaches the new day as well.
        expect(page.locator(".spoken")).to_contain_text("Nov 2016")


def test_a_paused_page_waits_and_then_catches_up(visit, bring):
    with visit(f"/en/facilities/{PLANT}/readings") as page:
        following(page)
        page.locator(PAUSE).click()
        expect(page.locator(PAUSE)).to_have_attribute("aria-pressed", "true")
        bring("2016-11-03")
        page.wait_for_function("(at) => document.querySelector(at).innerText.includes('since the pause')", arg=STATUS)
        assert page.locator("#live-days th:has-text('2016-11-03')").count() == 0
        page.locator(PAUSE).click()
        page.wait_for_selector("#live-days th:has-text('2016-11-03')")


def test_focus_stays_where_it_was(visit, bring):
    with visit(f"/en/facilities/{PLANT}/readings") as page:
        following(page)
        page.locator("#live-days .table-region").focus()
        bring("2016-11-04")
        page.wait_for_selector("#live-days th:has-text('2016-11-04')")
        assert page.evaluate("() => document.activeElement.className").startswith("table-region")


def test_the_map_hears_of_the_facility(visit, bring):
    with visit("/en/") as page:
        following(page)
        hear = "document.addEventListener('jasyl:change', (event) => window.heard.push(event.detail));"
        page.evaluate(f"() => {{ window.heard = []; {hear} }}")
        bring("2016-11-05")
        page.wait_for_function("() => window.heard.length > 0")
        (moved,) = page.evaluate("() => window.heard[0].facilities")
        assert moved["key"] == PLANT
        assert moved["readings"] == 96


def test_without_scripts_the_page_is_whole_and_offers_no_dead_button(visit):
    with visit(f"/en/facilities/{PLANT}/readings", java_script_enabled=False) as page:
        assert page.locator("#live-days th").count() > 10
        assert page.locator("[data-island=live]").is_hidden()
