"""By keyboard alone: the skip link, and every control reached by Tab with a focus one can see."""

import pytest
from playwright.sync_api import expect

# Controls a reader can see; of a group of radio buttons Tab reaches one.
CONTROLS = """() => {
    const shown = [...document.querySelectorAll(
        'a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex="0"]'
    )].filter((element) => !element.disabled && element.tabIndex >= 0 && element.checkVisibility({
        visibilityProperty: true, contentVisibilityAuto: true
    }));
    const groups = new Set();
    return shown.filter((element) => {
        if (element.type !== 'radio') return true;
        const first = !groups.has(element.name);
        groups.add(element.name);
        return first;
    }).length;
}"""
# What the focused element shows of its focus; null at the end of the page.
FOCUSED = """() => {
    const element = document.activeElement;
    if (element === null || element === document.body) return null;
    const style = getComputedStyle(element), box = element.getBoundingClientRect();
    element.dataset.reached = 'yes';
    const inside = box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || style.boxShadow !== 'none';
    return {
        name: `${element.tagName.toLowerCase()}.${element.className} ${element.innerText ?? ''}`.slice(0, 80),
        visible: inside && outlined,
    };
}"""


@pytest.mark.parametrize("path", ["/en/", "/kk/facilities", "/ru/facilities/reference-serf-east", "/en/sign-in"])
def test_tab_reaches_every_control_and_shows_where_it_is(path, visit):
    with visit(path) as page:
        if path == "/en/":
            page.wait_for_selector(".view-list tbody tr button", state="attached")
        if "serf" in path:  # the chart brings controls of its own once its readings are there
            page.wait_for_selector(".island-readings-chart canvas", state="attached")
        wanted = page.evaluate(CONTROLS)
        invisible = []
        for _ in range(wanted + 10):
            page.keyboard.press("Tab")
            focused = page.evaluate(FOCUSED)
            if focused is None:
                break
            if not focused["visible"]:
                invisible.append(focused["name"])
        assert invisible == []
        assert page.locator("[data-reached]").count() == wanted


def test_the_skip_link_comes_first_and_leads_to_the_content(visit):
    with visit("/en/facilities") as page:
        page.keyboard.press("Tab")
        link = page.locator(".skip-link")
        assert link.evaluate("element => element === document.activeElement")
        assert link.bounding_box()["y"] >= 0
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "content"
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('main') !== null")


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(visit):
    with visit("/en/facilities", width=360, height=740) as page:
        button, menu = page.locator(".menu-button"), page.locator("#site-menu a").first
        expect(menu).to_be_hidden()
        button.press("Enter")
        expect(menu).to_be_visible()
        menu.press("Escape")
        expect(menu).to_be_hidden()
        expect(button).to_be_focused()
