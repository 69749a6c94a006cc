"""Pages in Kazakh and Russian: words of the system are in the language of the page, and what is not says so."""

import re
from html.parser import HTMLParser

import pytest

from jasyl.portal.parts import part_name

CYRILLIC = re.compile(r"[\u0400-\u04ff]")
# Names of formats, standards, packages and licences, and codes of what is counted: the same in every language.
NAMES = re.compile(
    r"https?://\S+|\b(?:CSV|JSON|PDF|STAC|OpenAPI|SHA|COG|Zarr|ZIP|GeoTIFF|GeoParquet|GeoPackage|ISO|English"
    r"|MIT|BSD-3-Clause|CC BY|SIL OFL|Apache-2\.0|BY|USD|EUR|KZT)\b"
    r"|[a-z_]+(?:[./@-][a-z0-9_.]+)+|[0-9a-f]{40,}|[0-9A-Z]{26}"
)
VOID = {"meta", "link", "input", "br", "img", "use", "hr", "path", "rect", "circle", "col"}


class Visible(HTMLParser):
    """Texts of a page that a reader hears in the language of the page."""

    def __init__(self, language):
        super().__init__()
        self.language, self.open, self.texts = language, [], []

    def handle_starttag(self, tag, attrs):
        if tag not in VOID:
            self.open.append((tag, dict(attrs).get("lang")))

    def handle_endtag(self, tag):
        if tag in {one for one, _ in self.open}:
            while self.open.pop()[0] != tag:
                pass

    def handle_data(self, data):
        spoken = next((lang for _, lang in reversed(self.open) if lang), None)
        if spoken == self.language and not {tag for tag, _ in self.open} & {"script", "style", "svg", "code", "title"}:
            self.texts.append(data.strip())


def untold(page, language):
    """Texts without a word of the language, which are not marked as another one's."""
    visible = Visible(language)
    visible.feed(page)
    words = (text for text in visible.texts if re.search(r"[A-Za-z]{3}", NAMES.sub("", text)))
    return [text for text in words if not CYRILLIC.search(text)]


PAGES = (
    "/", "/facilities", "/facilities/abai-pet-flakes", "/projects", "/projects/astana-waste-to-energy", "/enterprises",
    "/enterprises/masdar", "/dynamics", "/regions", "/regions/KZ-31", "/atlas", "/facts", "/programmes", "/statements",
    "/about", "/search?q=Burnoye",
)  # fmt: skip


@pytest.mark.parametrize("language", ["kk", "ru"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_speaks_its_language(browser, language, path):
    answer = browser.get(f"/{language}{path}")
    assert answer.status_code == 200
    assert not untold(answer.text, language)


def test_the_reader_of_pages_finds_what_is_untold():
    page = '<html lang="ru"><p>Wheat yield</p><p lang="en">Barley yield</p><p>Выход CSV</p><code>a_key_of</code></html>'
    assert untold(page, "ru") == ["Wheat yield"]


def test_facts_are_told_by_name_and_keep_their_key_in_files(browser):
    page = browser.get("/ru/facts").text
    assert "Пиковая нагрузка" in page
    assert "peak load" not in page
    one = browser.get("/kk/facts.json?metric=peak_load").json()["facts"][0]
    assert (one["metric"], one["metric_name"]) == ("peak_load", "Ең жоғары жүктеме")
    head = browser.get("/en/facts.csv?metric=peak_load").text.splitlines()
    assert head[0].lstrip("\ufeff").startswith("Quantity (key),Quantity")
    assert head[1].startswith("peak_load,Peak load")


def test_programmes_are_told_in_the_language_of_the_reader(browser):
    page = browser.get("/kk/programmes").text
    for text in ("электр энергиясын өндірудегі ЖЭК үлесі", "ЖЭК аукциондары", "субсидия", "аукцион жеңімпаздары"):
        assert text in page
    english = browser.get("/en/programmes").text
    assert "15 (below 1990)" in english
    assert "at least " in english
    data = browser.get("/ru/programmes.json").json()
    assert {"name_kk", "name_ru", "kind_kk", "who_ru", "size_kk"} <= set(data["support_measures"][0])


def test_english_pages_mark_nothing_as_another_language(browser):
    body = browser.get("/en/facilities").text.partition("<main")[2].partition("</main>")[0]
    assert 'lang="en"' not in body


@pytest.mark.parametrize(
    ("key", "language", "name"),
    [
        ("volatile_solids_t", "ru", "летучие вещества, т"),
        ("theoretical_gwh_low", "en", "theoretical, GWh (low)"),
        ("month_01_mean_Cel", "en", "January: mean, °C"),
        ("month_07_mm", "kk", "шілде: жауын-шашын, мм"),
        ("year_days_with_1mm", "en", "year: days with 1 mm or more"),
        ("temperature_at_500_m_cel", "ru", "Температура на глубине 500 м, °C"),
        ("flow_l_s", "en", "Flow, L/s"),
        ("something_unheard_of", "kk", "something unheard of"),
    ],
)
def test_parts_of_a_layer_are_named_with_their_unit(key, language, name):
    assert part_name(key, language).casefold() == name.casefold()
