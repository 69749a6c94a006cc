"""The layout, its macros and what islands are given, in all three languages, with undefined names as errors."""

import json
import re
from collections.abc import Callable
from functools import partial
from importlib.resources import files
from typing import Any

import pytest
from jinja2 import ChoiceLoader, DictLoader, Environment, PackageLoader, StrictUndefined

from jasyl.portal import assets, islands
from jasyl.portal.rendering import SIGNED_IN
from jasyl.texts import LANGUAGES, Language, say

PAGE = """{% extends "layout.html" %}{% import "macros.html" as ui with context %}
{% block title %}Title{% endblock %}
{% block breadcrumb %}{{ ui.breadcrumb([('/', 'Home'), ('/x', 'Here')]) }}{% endblock %}
{% block content %}<h1>Title</h1>
{% call ui.tiles() %}{{ ui.figure_tile('Capacity', '3 456,7', 'MW', 'observed', 'observed', made='/s/1') }}
{{ ui.figure_tile('Unknown', none) }}{% endcall %}
{{ ui.badge('under_construction', 'being built') }}
{{ ui.table([{'key': 'a', 'label': 'A'}, {'key': 'b', 'label': 'B', 'numeric': true}],
            [{'a': '<b>', 'b': none}], 'Кесте <1>') }}
{{ ui.table([{'key': 'a', 'label': 'A'}], [], 'Empty') }}
{{ ui.sources([{'title': 'Law', 'href': 'https://example.org', 'licence': 'CC BY 4.0', 'confidence': 'high'}]) }}
{{ ui.downloads(json='/x.json', csv='/x.csv') }}{{ ui.pagination(4, 12, '/x?page={page}') }}
{% call ui.alert('refusal', 'Refused') %}<p>why</p>{% endcall %}
{% call ui.island('map', {'text': '</script><script>alert(1)'}) %}<p>fallback</p>{% endcall %}
{% endblock %}"""

Render = Callable[..., str]


@pytest.fixture
def render() -> Render:
    environment = Environment(
        loader=ChoiceLoader([DictLoader({"page": PAGE}), PackageLoader("jasyl.portal")]),
        autoescape=True,
        undefined=StrictUndefined,
    )

    def made(language: Language, **more: Any) -> str:
        context: dict[str, Any] = {
            "lang": language,
            "t": partial(say, language),
            "href": lambda path: f"/{language}{path}",
            "static": lambda name: f"/static/{name}",
            "tongue": lambda text: "",
            "assets": assets.Assets(("/static/a.css",), "/static/a.js", ("/static/b.js",)),
            "languages": [(code, code, f"/{code}/", code == language) for code in LANGUAGES],
            "nav": [(f"/{language}/", "nav-home", True), (f"/{language}/facilities", "nav-facilities", False)],
            "user": None,
            "watermark": None,
        }
        return environment.get_template("page").render(context | more)

    return made


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_page_says_its_language_and_where_one_is(render: Render, language: Language) -> None:
    html = render(language)
    assert f'<html lang="{language}">' in html
    assert html.count('aria-current="page"') == 3  # navigation, breadcrumb, pagination
    assert say(language, "skip-to-content") in html
    assert 'href="#content"' in html
    assert 'id="content"' in html


def test_no_script_stands_in_the_page_itself(render: Render) -> None:
    """The content security policy allows scripts from files only; settings of islands are data."""
    scripts = re.findall(r"<script\b([^>]*)>", render("kk"))
    assert sorted(scripts) == [' type="application/json"', ' type="module" src="/static/a.js"']
    assert not re.search(r"\son[a-z]+=", render("kk"))


def test_settings_of_an_island_cannot_end_their_element(render: Render) -> None:
    html = render("ru")
    found = re.search(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert found
    assert json.loads(found[1]) == {"text": "</script><script>alert(1)"}


def test_values_are_escaped_and_missing_ones_are_dashes(render: Render) -> None:
    html = render("en")
    assert '<th scope="row">&lt;b&gt;</th><td class="numeric">—</td>' in html
    assert say("en", "no-data") in html


def test_signed_in_watermark_and_token_show(render: Render) -> None:
    own = [("/kk/alerts", "Хабарлар", "bell", True), ("/kk/sign-in", "Тіркелгі: Айгүл", "person", False)]
    html = render("kk", user="Айгүл", own=own, watermark=say("kk", "watermark-training"), csrf_token="t0ken")
    assert 'title="Тіркелгі: Айгүл"' in html
    assert 'href="/kk/alerts" title="Хабарлар" aria-current="page"' in html
    assert "/kk/alerts" not in render("kk", own=own)
    assert 'class="watermark"' in html
    assert 'value="t0ken"' in html
    assert 'class="watermark"' not in render("kk")


def test_every_sign_that_templates_use_is_drawn() -> None:
    folder = files("jasyl.portal") / "templates"
    drawn = set(re.findall(r'id="icon-([a-z]+)"', (folder / "sprite.svg").read_text(encoding="utf-8")))
    macros = (folder / "macros.html").read_text(encoding="utf-8")
    used = set(re.findall(r"icon\('([a-z]+)'\)", macros + (folder / "layout.html").read_text(encoding="utf-8")))
    badges = re.search(r"set BADGES = \{(.*?)\}", macros, re.DOTALL)
    assert badges
    used |= set(re.findall(r": '([a-z]+)'", badges[1])) | {icon for _, _, icon in SIGNED_IN}
    assert used <= drawn


@pytest.mark.parametrize("island", ["map", "charts"])
def test_islands_get_the_same_messages_in_every_language(island: Any) -> None:
    names = [islands.messages(language, island).keys() for language in LANGUAGES]
    assert names[0] == names[1] == names[2]
    assert islands.messages("en", "map")["map-in-view"] == "Facilities in view: {count}"


def test_every_message_the_browser_part_asks_for_is_given() -> None:
    source = assets.STATIC.parents[3] / "frontend" / "src" / "islands"
    given = {key for island in ("map", "charts", "live") for key in islands.messages("en", island)}
    asked: set[str] = set()
    for file in (*source.rglob("*.ts"), *source.rglob("*.svelte")):
        asked |= set(re.findall(r"messages\[[\"']([a-z][\w-]+)[\"']\]", file.read_text(encoding="utf-8")))
    assert len(asked) > 40
    assert asked <= given


def test_families_have_signs_and_an_unknown_one_looks_like_other() -> None:
    assert islands.family_entry("solar", "Күн") == {
        "key": "solar", "label": "Күн", "color": "#b35c00", "dark": "#ffb84d", "shape": "circle",
    }  # fmt: skip
    assert islands.family_entry("fusion", "?")["shape"] == islands.FAMILY_SIGNS["other"].shape
    assert len({(sign.color, sign.shape) for sign in islands.FAMILY_SIGNS.values()}) == len(islands.FAMILY_SIGNS)
