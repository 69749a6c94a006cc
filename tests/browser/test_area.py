"""An area for the site report, drawn on the map by mouse and by keyboard; areas that cross themselves."""

from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect
from tests.browser.test_map import wait_for_view

CARD = ".area-card"


def corners_of(address):
    """The corners that the address of a site report names, as pairs of degrees."""
    written = parse_qs(urlsplit(address).query)["polygon"][0]
    return [tuple(map(float, corner.split())) for corner in written.split(",")]


def click(page, *places):
    """Clicks the map at shares of its size."""
    box = page.locator(".map-host canvas").bounding_box()
    for x, y in places:
        page.mouse.click(box["x"] + box["width"] * x, box["y"] + box["height"] * y)


def test_an_area_is_clicked_closed_and_reported_on(visit):
    with visit("/en/#map=8.5/50.2/70.3") as page:
        page.get_by_role("button", name="Draw an area").click()
        click(page, (0.2, 0.4), (0.2, 0.7), (0.35, 0.7), (0.4, 0.2))
        card = page.locator(CARD)
        card.get_by_role("button", name="One corner back").click()
        card.get_by_text("Corners: 3; area:").wait_for()
        click(page, (0.2, 0.4))  # the first corner again
        card.get_by_role("button", name="Add corners").wait_for()
        wait_for_view(page, "area=")
        link = card.get_by_role("link", name="Site report")
        (west, north), (low, south), (east, last) = corners_of(link.get_attribute("href"))
        assert abs(west - low) < 0.01 and abs(south - last) < 0.01 and west < east and south < north
        link.click()
        page.wait_for_url("**/en/atlas/site?polygon=*")
        expect(page.locator(".lead")).to_contain_text("A site of")
        # The picture of the place leads back to the map with the same area, to be drawn on.
        page.locator("a.locator").click()
        page.locator(CARD).get_by_text("Corners: 3; area:").wait_for()


def test_an_area_by_keyboard_alone(visit):
    with visit("/en/atlas/site") as page:
        page.get_by_role("link", name="Draw an area on the map").press("Enter")
        card = page.locator(CARD)
        corner = card.get_by_role("button", name="Corner at the cross")
        for arrow in ("ArrowRight", "ArrowDown", "ArrowLeft"):
            corner.press("Enter")
            page.locator(".map-host canvas").press(arrow)
            page.wait_for_timeout(500)  # the map glides to its place
        card.get_by_role("button", name="Close the area").press("Enter")
        assert len(set(corners_of(card.get_by_role("link", name="Site report").get_attribute("href")))) == 3
        page.keyboard.press("Escape")
        card.wait_for(state="detached")
        page.wait_for_function("() => !location.hash.includes('area=')")


def test_an_area_that_crosses_itself_has_no_report(visit):
    with visit("/en/#area=70+50,70.6+50.4,70.6+50,70+50.4") as page:
        card = page.locator(CARD)
        expect(card.get_by_role("alert")).to_contain_text("The sides of this area cross.")
        expect(card.get_by_role("link")).to_have_count(0)
        card.locator("summary").click()
        field = card.get_by_role("textbox")
        field.fill("70 50\n70.6 north")
        field.blur()
        expect(field).to_have_attribute("aria-invalid", "true")
        field.fill("70 50\n70.6 50\n70.6 50.4\n70 50.4")
        field.blur()
        card.get_by_text("Corners: 4; area: 1,906 km²").wait_for()
        assert corners_of(card.get_by_role("link", name="Site report").get_attribute("href"))[1] == (70.6, 50)
