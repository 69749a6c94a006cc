"""The map as a reader uses it: facilities, filters, a facility by mouse and by keyboard, a resource layer."""

import re
from contextlib import contextmanager

import pytest
from playwright.sync_api import expect

ROWS = ".view-list tbody tr"


@pytest.fixture
def map_page(visit):
    """``with map_page() as page``: the map of the front page, its facilities drawn and listed below."""

    @contextmanager
    def open_map(fragment="", **settings):
        with visit(f"/en/{fragment}", **settings) as page:
            page.wait_for_selector(f"{ROWS} button", state="attached")
            yield page

    return open_map


def in_view(page):
    """How many facilities the map says it shows."""
    said = page.locator(".map-count").inner_text()
    return int(re.sub(r"\D", "", said))


def wait_for_count(page, condition):
    count = "Number(document.querySelector('.map-count').innerText.replace(/\\D/g, ''))"
    page.wait_for_function(f"() => {{ const count = {count}; return {condition}; }}")


def wait_for_view(page, part):
    """The map writes what it shows into the fragment of the address, a moment later."""
    page.wait_for_function("(part) => location.hash.includes(part)", arg=part)


def families(page):
    return set(page.locator(f"{ROWS} td:nth-child(2)").all_inner_texts())


def test_the_map_shows_the_facilities_of_the_country(map_page):
    with map_page() as page:
        wait_for_count(page, "count > 250")
        page.locator(".view-list summary").click()
        assert {"Solar energy", "Wind energy", "Hydropower"} <= families(page)
        assert page.locator(ROWS).count() > 50


def test_a_filter_narrows_and_stands_in_the_address(map_page):
    with map_page() as page:
        wait_for_count(page, "count > 250")
        before = in_view(page)
        page.get_by_role("checkbox", name="Wind energy").check()
        wait_for_count(page, f"count > 0 && count < {before}")
        page.locator(".view-list summary").click()
        assert families(page) == {"Wind energy"}
        wait_for_view(page, "family=wind")
        page.get_by_role("button", name="Show all").click()
        wait_for_count(page, f"count === {before}")


def test_the_address_of_a_view_opens_it(map_page):
    with map_page("#family=solar") as page:
        page.locator(".view-list summary").click()
        assert families(page) == {"Solar energy"}
        expect(page.get_by_role("checkbox", name="Solar energy")).to_be_checked()


def test_from_the_list_to_the_sign_to_the_page(map_page):
    with map_page("#family=wind") as page:
        page.locator(".view-list summary").click()
        row = page.locator(ROWS).filter(has=page.locator("th a")).first
        name = row.locator("th a").inner_text()
        row.get_by_role("button").click()
        card = page.locator(".map-card")
        expect(card.get_by_role("heading")).to_have_text(name)
        page.keyboard.press("Escape")
        card.wait_for(state="detached")
        # The facility stands in the middle of the map now: a click there finds its sign.
        wait_for_view(page, "map=")
        box = page.locator(".map-host canvas").bounding_box()
        for _ in range(30):  # its tile is drawn on a canvas, which tells nobody when
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.wait_for_timeout(500)
            if card.is_visible():
                break
        card.get_by_role("heading").get_by_role("link").click()
        page.wait_for_url("**/en/facilities/*")
        expect(page.locator("h1")).to_have_text(name)


def test_by_keyboard_alone_from_search_to_the_page(map_page):
    with map_page() as page:
        page.locator("#map-search").focus()
        page.keyboard.type("burnoye")
        page.locator(".search li button").first.wait_for()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        link = page.locator(".map-card h2 a")
        link.wait_for()
        link.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/facilities/burnoye*")


def test_a_resource_layer_gives_a_value_by_keyboard_and_by_mouse(map_page):
    # With next to no facilities shown, a click on the map meets the ground.
    with map_page("#family=geothermal") as page:
        page.get_by_role("button", name="Resources").click()
        with page.expect_response("**/atlas/solar.ghi_clear/0/*/*/*.png*") as tile:
            page.get_by_role("radio", name="Global horizontal irradiation, clear sky").check()
        assert tile.value.status == 200
        page.locator(".classes li").nth(4).wait_for()
        page.get_by_role("button", name="Value at the centre of the map").click()
        value = page.locator(".map-card .value strong")
        value.wait_for()
        expect(value).to_have_text(re.compile(r"^[3-7](\.\d+)? kWh/\(m²·day\)$"))
        expect(page.locator(".map-card .badge")).to_have_text("upper bound: clear sky")
        page.keyboard.press("Escape")
        page.locator(".map-card").wait_for(state="detached")
        box = page.locator(".map-host canvas").bounding_box()
        page.mouse.click(box["x"] + box["width"] * 0.45, box["y"] + box["height"] * 0.55)
        expect(value).to_have_text(re.compile(r"kWh/\(m²·day\)$"))


def test_layers_without_data_wait_and_say_for_what(map_page):
    with map_page() as page:
        page.get_by_role("button", name="Resources").click()
        folded = page.locator("details.waiting")
        folded.locator("summary").click()
        waiting = folded.locator("dt")
        waiting.nth(4).wait_for()
        for number in range(waiting.count()):
            title = waiting.nth(number).inner_text()
            assert page.get_by_role("radio", name=title, exact=True).count() == 0
            assert folded.locator("dd").nth(number).inner_text()
