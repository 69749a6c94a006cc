"""Every page in three languages: axe-core finds nothing in light and dark, nothing scrolls sideways on a phone."""

import httpx
import pytest

PAGES = (
    "/",
    "/facilities",
    "/facilities/burnoye-spp",
    "/facilities/reference-serf-east",
    "/facilities/reference-serf-east/readings",
    "/dynamics",
    "/atlas",
    "/regions",
    "/regions/KZ-71",
    "/statements",
    "/statements/{newest}",
    "/about",
    "/facts?metric=installed_capacity",
    "/programmes",
    "/search?q=ba",
    "/sign-in",
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# Colours are all that changes in the dark.
COLOURS = ["color-contrast", "link-in-text-block"]
# Long tables repeat themselves: their first rows speak for the others.
RUN = """async ([type, values]) => {
    const firstRows = { exclude: ['tbody tr:nth-child(n+13)'] };
    const found = await axe.run(firstRows, { runOnly: { type, values }, resultTypes: ['violations'] });
    return found.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')}`));
}"""
# What sticks out to the right and is in no box that scrolls on its own.
WIDE = """() => document.scrollingElement.scrollWidth <= innerWidth ? [] :
    [...document.querySelectorAll('main *, header *, footer *')].filter((element) =>
        element.getBoundingClientRect().right > innerWidth + 1 && !element.closest('.table-region, pre')
    ).map((element) => `${element.tagName.toLowerCase()}.${element.className}`)"""


@pytest.fixture(scope="session")
def newest(served):
    """The address of the newest statement; its id differs from installation to installation."""
    return httpx.get(f"{served}/statements.json", trust_env=False).json()["statements"][0]["id"]


@pytest.mark.parametrize("language", ["kk", "ru", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_page_is_for_everybody(path, language, visit, axe, newest):
    with visit(f"/{language}{path.replace('{newest}', newest)}") as page:
        if path == "/":
            page.wait_for_selector(".view-list tbody tr button", state="attached")
        assert page.get_attribute("html", "lang") == language
        assert faults_of(page, axe) == {"light": [], "dark": [], "phone": []}


def faults_of(page, axe):
    """What axe-core finds in light and in dark, and what is too wide for a phone."""
    page.evaluate(axe)
    faults = {"light": page.evaluate(RUN, ["tag", WCAG])}
    page.emulate_media(color_scheme="dark")
    faults["dark"] = page.evaluate(RUN, ["rule", COLOURS])
    page.set_viewport_size({"width": 360, "height": 740})
    faults["phone"] = page.evaluate(WIDE)
    return faults


def test_phone_menu_and_map_panel_are_clean(visit, axe):
    with visit("/en/", width=360, height=740) as page:
        page.get_by_role("button", name="Menu").click()
        page.locator(".map-panel .handle").click()
        page.evaluate(axe)
        assert page.evaluate(RUN, ["tag", WCAG]) == []
        assert page.evaluate(WIDE) == []


def test_axe_can_find_something(visit, axe):
    with visit("/en/sign-in") as page:
        page.evaluate("document.querySelector('label input').insertAdjacentHTML('afterend', '<img src=\"data:,\">')")
        page.evaluate(axe)
        assert [fault.split(":")[0] for fault in page.evaluate(RUN, ["tag", WCAG])] == ["image-alt"]


def test_wide_content_is_noticed(visit):
    with visit("/en/sign-in", width=360, height=740) as page:
        page.evaluate("document.querySelector('h1').style.width = '500px'")
        assert page.evaluate(WIDE)
