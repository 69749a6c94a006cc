"""Pages of cities, materials, plants and measures, filled with what the training starter keeps: clean for everybody."""

import pytest
from tests.serving import serving

from jasyl.circular.starter import load_example_accounts
from jasyl.cities.training_book import load_training_books
from jasyl.cities.training_records import load_training_records
from jasyl.emissions.inventory.figures import AUTHOR, keep_examples
from jasyl.emissions.pathway.kept import keep_pathway
from jasyl.emissions.pathway.training import training_pathway
from jasyl.emissions.plants import load_training_plants
from jasyl.ledger import create_keys
from jasyl.people import create_account
from jasyl.registry import load_programmes
from jasyl.storage import create_folder, database_of

from .conftest import visitor
from .test_accessibility import WIDE, faults_of

NOW = 1_760_000_000_000_000
PASSWORD = "a long password"
# In how many rows the header stands.
ROWS = """() => new Set([...document.querySelectorAll('.brand, .nav-list li, .site-tools')].map((one) => {
    const box = one.getBoundingClientRect(); return Math.round((box.top + box.bottom) / 8); })).size"""
# The templates are the same in every language, their words were seen by hand: one language each.
PAGES = (
    "/kk/cities",
    "/ru/cities/KZ-71",
    "/kk/cities/KZ-71/2024",
    "/ru/cities/KZ-71/2024/book",
    "/en/cities/KZ-71/2024/proposals",
    "/ru/cities/compare",
    "/kk/cities/inventories",
    "/ru/cities/KZ-71/inventory/2024",
    "/kk/cities/KZ-71/pathway/2024",
    "/ru/circular",
    "/kk/circular/almaty-waste",
    "/en/circular/KZ-71/stocks",
    "/kk/circular/KZ-71/construction",
    "/ru/circular/KZ-71/waste",
    "/kk/emissions/plants",
    "/ru/emissions/plants/training-chp-east?year=2023",
    "/en/programmes/measures",
    "/kk/programmes/almaty-transport",
)


@pytest.fixture(scope="module")
def city(tmp_path_factory, chromium):
    """``visit`` over what the training starter keeps of cities, without its meters and its atlas."""
    place = tmp_path_factory.mktemp("city") / "data"
    folder = create_folder(place, "training")
    create_keys(folder)
    database = database_of(folder)
    database.migrate()
    with database.writing() as connection:
        create_account(connection, "verifier", PASSWORD, frozenset({"verifier"}))
        load_training_books(connection)
        load_training_records(connection)
        load_training_plants(connection, folder)
        load_programmes(connection)
        load_example_accounts(connection, folder, NOW)
        keep_examples(connection, folder, NOW)
        keep_pathway(connection, folder, training_pathway(), AUTHOR)
    database.close()
    with serving(place) as address:
        yield visitor(chromium, address)


@pytest.mark.parametrize("path", PAGES)
def test_page_is_for_everybody(path, city, axe):
    with city(path) as page:
        assert faults_of(page, axe) == {"light": [], "dark": [], "phone": []}


def test_the_desk_of_a_verifier_is_clean(city, axe):
    with city("/ru/sign-in") as page:
        page.locator("input[name=name]").fill("verifier")
        page.locator("input[name=password]").fill(PASSWORD)
        page.locator("main form button[type=submit]").click()
        page.wait_for_url(lambda address: "sign-in" not in address)
        page.goto("/kk/cities/KZ-71/2024/verification")  # the longest words in the header
        assert page.evaluate(WIDE) == []
        for width in (1280, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(ROWS) == 1
        assert faults_of(page, axe) == {"light": [], "dark": [], "phone": []}


def test_wide_pictures_keep_their_size_on_a_phone_and_scroll(city):
    with city("/kk/cities/KZ-71/2024", width=360, height=740) as page:
        assert page.get_by_role("link", name="1C · ").count() > 10  # the sentence of a part is its name
        size = page.locator(".wheel .picture").evaluate("one => [one.scrollWidth, one.clientWidth]")
        assert size[0] >= 700 > 360 > size[1]
