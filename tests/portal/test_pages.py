"""Pages: three languages, three forms, one content; a stranger's host, a wrong address, an unchanged page."""

import csv
import io
import re

import pytest

from jasyl.texts import LANGUAGES

PAGES = [
    "/", "/regions", "/regions/KZ-71", "/facilities", "/facilities/burnoye-spp", "/facilities/reference-serf-east",
    "/facilities/reference-serf-east/readings", "/dynamics", "/atlas", "/statements", "/log", "/about", "/facts",
    "/programmes", "/search", "/projects", "/projects/astana-waste-to-energy", "/enterprises", "/enterprises/masdar",
]  # fmt: skip
DATA_WITHOUT_ROWS = {"/search", "/log"}


def _form(path, form):
    return ("/index" if path == "/" else path) + f".{form}"


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("path", PAGES)
def test_every_page_stands_in_every_language(browser, path, language):
    answer = browser.get(f"/{language}{path}")
    assert answer.status_code == 200, answer.text[-2000:]
    assert f'<html lang="{language}">' in answer.text
    assert "refusal-" not in answer.text
    assert re.search(r"<h1[^>]*>[^<]+</h1>", answer.text)


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_also_data(browser, path):
    as_json = browser.get(_form(path, "json"))
    assert as_json.status_code == 200
    assert as_json.headers["content-type"].startswith("application/json")
    assert as_json.json()["links"]["csv"].endswith(".csv")
    as_csv = browser.get(_form(path, "csv"))
    assert as_csv.status_code == 200
    assert as_csv.headers["content-type"].startswith("text/csv")
    assert as_csv.content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(as_csv.content.decode("utf-8-sig"))))
    assert len(rows) > 1 or path in DATA_WITHOUT_ROWS
    assert len({len(row) for row in rows}) == 1


def test_the_language_comes_from_address_then_cookie_then_browser(browser):
    def language(path, **headers):
        return re.search(r'<html lang="(\w+)"', browser.get(path, headers=headers).text).group(1)

    assert language("/regions", **{"accept-language": "ru,en;q=0.5"}) == "ru"
    assert language("/regions", **{"accept-language": "ru", "cookie": "jasyl_language=en"}) == "en"
    assert language("/kk/regions", **{"accept-language": "ru", "cookie": "jasyl_language=en"}) == "kk"
    assert language("/regions?lang=ru", **{"accept-language": "en"}) == "ru"
    assert language("/regions") == "kk"
    assert "jasyl_language=kk" in browser.get("/kk/regions").headers["set-cookie"]


def test_links_keep_the_language_of_the_address(browser):
    text = browser.get("/ru/facilities").text
    assert 'href="/ru/facilities/' in text
    assert 'href="/facilities/' not in text


def test_a_foreign_host_is_not_answered(browser):
    assert browser.get("/", headers={"host": "evil.example"}).status_code == 421
    assert browser.get("/", headers={"host": "127.0.0.1:8080"}).status_code == 200


def test_an_unchanged_page_is_not_sent_again(browser):
    first = browser.get("/en/regions.json")
    again = browser.get("/en/regions.json", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_page_can_be_sent_deflated_or_plain(browser):
    plain = browser.get("/en/regions", headers={"accept-encoding": "identity"})
    packed = browser.get("/en/regions", headers={"accept-encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert "content-encoding" not in plain.headers
    assert plain.text == packed.text


def test_head_has_no_body(browser):
    answer = browser.ask("HEAD", "/en/regions")
    assert answer.status_code == 200
    assert answer.content == b""


@pytest.mark.parametrize("path", ["/nothing", "/regions/KZ-99", "/facilities/none", "/log/none", "/log/tile/0/../../x"])
def test_what_is_not_there_is_told_kindly(browser, path):
    answer = browser.get(f"/en{path}")
    assert answer.status_code == 404
    assert "<h1>" in answer.text


@pytest.mark.parametrize(
    "query",
    ["page=0", "page=x", "page=99999999999", "family=nonsense", "status=?", "region=Atlantis", "technology=XX"],
)
def test_a_query_that_makes_no_sense_is_refused(browser, query):
    answer = browser.get(f"/en/facilities?{query}")
    assert answer.status_code == 400
    as_data = browser.get(f"/en/facilities.json?{query}")
    assert as_data.json()["refused"][0]["mend"]


def test_filters_narrow_the_list(browser):
    everything = browser.get("/facilities.json").json()["total"]
    wind = browser.get("/facilities.json?family=wind").json()
    assert 0 < wind["total"] < everything
    assert {one["family"] for one in wind["facilities"]} == {"wind"}
    found = browser.get("/facilities.json?q=burnoye").json()
    assert "burnoye-spp" in {one["key"] for one in found["facilities"]}
    there = browser.get("/facilities.json?region=KZ-31&status=operating").json()
    assert {(one["region"], one["status"]) for one in there["facilities"]} == {("KZ-31", "operating")}


def test_the_csv_of_a_list_holds_all_of_it(browser):
    total = browser.get("/facilities.json").json()["total"]
    rows = list(csv.reader(io.StringIO(browser.get("/facilities.csv").content.decode("utf-8-sig"))))
    assert len(rows) == total + 1
    assert total >= 300


def test_answers_carry_what_protects_the_reader(browser):
    headers = browser.get("/").headers
    assert "default-src 'self'" in headers["content-security-policy"]
    assert "unsafe-eval" not in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"


def test_the_log_is_served(browser):
    checkpoint = browser.get("/log/checkpoint")
    assert checkpoint.status_code == 200
    origin, size, *_ = checkpoint.text.split("\n")
    assert origin
    assert int(size) >= 1


def test_the_openapi_document_names_every_page(browser):
    document = browser.get("/openapi.json").json()
    assert document["openapi"].startswith("3.")
    assert {"/health", "/regions", "/facilities", "/facilities/{key}", "/log/{path}"} <= set(document["paths"])


def test_names_are_escaped(browser):
    assert "<script>alert" not in browser.get('/en/facilities?q=<script>alert("x")</script>').text
