"""The book of a city and its verification on the pages: who sees, writes, asks, judges and attests."""

import json
import re
from decimal import Decimal

import pytest
from tests.cities.book_world import U4SSC
from tests.conftest import need
from tests.monitoring.world import a_database
from tests.portal.conftest import Browser

from jasyl import ledger
from jasyl.cities import attestations, city, entries, questions, write_book
from jasyl.facts import Fact, store
from jasyl.people import create_account
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.storage import create_folder, database_of
from jasyl.texts import LANGUAGES

WORD = "a long enough password"
PEOPLE = {
    "akim": ("akimat", "KZ-71"),
    "other": ("akimat", "KZ-75"),
    "vera": ("verifier", None),
    "aud": ("auditor", None),
}
BOOK, DESK = "/en/cities/KZ-71/2024/book", "/en/cities/KZ-71/2024/verification"
INTERNET, GINI = "EC.ICT.ICT.1C", "SC.SH.SI.2C"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    folder = create_folder(tmp_path_factory.mktemp("city") / "data", "real")
    ledger.create_keys(folder)
    a_database(folder)
    with database_of(folder).writing() as connection:
        for name, (role, region) in PEOPLE.items():
            create_account(connection, name, WORD, frozenset({role}), region=region)
    return Browser(create_app(folder, ["127.0.0.1"])), folder


class Person:
    """Somebody signed in, with the key of the forms."""

    def __init__(self, browser, name):
        self.browser = browser
        answer = browser.post("/en/sign-in", data={"name": name, "password": WORD})
        cookie = answer.headers["set-cookie"].partition(";")[0]
        self.headers = {"cookie": cookie}
        self.key = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(BOOK, headers=self.headers).text)[1]

    def get(self, path):
        return self.browser.get(path, headers=self.headers)

    def send(self, path, files=None, **fields):
        told = self.headers | {"referer": f"http://127.0.0.1{path}?point={GINI}"}
        return self.browser.post(path, data={"csrf_token": self.key, **fields}, files=files, headers=told)


@pytest.fixture(scope="module")
def people(house):
    return {name: Person(house[0], name) for name in PEOPLE}


def test_a_book_is_filled_in_questioned_judged_and_attested(house, people):
    browser, folder = house
    akim, vera = people["akim"], people["vera"]
    assert akim.send(BOOK, action="entry", point="base.population", value="1 200 000").status_code == 303
    proof = {"file": ("survey.pdf", b"%PDF-1.7 survey", "application/pdf")}
    sent = akim.send(BOOK, proof, action="entry", point=INTERNET, numerator="1 100 000", denominator="1200000",
        origin="survey", quality="survey_extrapolated", dated="2024", note="spring survey")  # fmt: skip
    assert (sent.status_code, sent.headers["location"]) == (303, "/en/cities/KZ-71/2024/book?point=EC.ICT.ICT.1C#point")
    assert akim.send(BOOK, action="entry", point=GINI, value="0,29", level="closed", origin="statistics",
        quality="measured").status_code == 303  # fmt: skip
    # What everybody sees, and what not.
    public = browser.get(f"{BOOK}?point={INTERNET}").text
    assert "91.67 %" in public.replace("91.666667", "91.67")
    assert "spring survey" in public
    assert '<form class="form"' not in public
    assert [one["point"] for one in browser.get(f"{BOOK}.json").json()["book"]["entries"]] == [
        "base.population",
        INTERNET,
    ]
    assert browser.get(DESK).status_code == 403
    digest = browser.get(f"{BOOK}.json").json()["book"]["entries"][1]["evidence"]
    given = browser.get(f"/en/cities/KZ-71/2024/evidence/{digest}")
    assert (given.content, given.headers["content-disposition"][:10]) == (b"%PDF-1.7 survey", "attachment")
    assert browser.get(f"/en/cities/KZ-71/2024/evidence/{'0' * 64}").status_code == 404
    # The checks have asked; the verifier lets them ask, the city answers and corrects.
    desk = vera.get(DESK)
    assert "fewer than 1.4 people" in desk.text
    assert vera.send(DESK, action="findings").status_code == 303
    with database_of(folder).reading() as connection:
        (thread,) = questions(connection, "KZ-71", 2024, "u4ssc")
    assert akim.send(BOOK, action="answer", point=INTERNET, thread=thread.id, text="Corrected").status_code == 303
    akim.send(BOOK, action="entry", point=INTERNET, numerator="380000", denominator="400000", origin="survey",
        quality="survey_extrapolated", evidence=digest)  # fmt: skip
    assert "Corrected" in vera.get(f"{DESK}?point={INTERNET}").text
    assert vera.send(DESK, action="close", point=INTERNET, thread=thread.id, text="Thank you").status_code == 303
    refused = vera.send(DESK, action="attest")
    assert refused.status_code == 400
    assert f'href="{DESK}?point={GINI}"' in refused.text
    assert vera.send(DESK, action="ask", point=GINI, text="Which year?").status_code == 303
    assert akim.send(BOOK, action="comment", point=GINI, text="See the note").status_code == 303
    with database_of(folder).reading() as connection:
        held = entries(connection, "KZ-71", 2024, "u4ssc")
        asked = next(one for one in questions(connection, "KZ-71", 2024, "u4ssc") if one.is_open)
    assert vera.send(DESK, action="answer", point=GINI, thread=asked.id, text="2023 is fine").status_code == 303
    vera.send(DESK, action="close", point=GINI, thread=asked.id, text="2023")
    for point in (INTERNET, GINI):
        form = {"action": "judge", "point": point, "entry": held[point].id, "verified": "yes"}
        assert akim.send(DESK, **form).status_code == 403
        judged = vera.send(DESK, **form)
        # After a verdict the next data point without one, and the same where none is left.
        assert (judged.status_code, judged.headers["location"]) == (303, f"{DESK}?point={GINI}#point")
    assert "Judged so far: 2 of 2" in vera.get(f"{DESK}?point={GINI}").text
    assert "can be attested" in vera.get(DESK).text
    # Verdicts are told to everybody with the attestation, not before.
    assert browser.get(f"{BOOK}.json").json()["verified"] == {}
    assert vera.send(DESK, action="attest", sure="yes").status_code == 303
    with database_of(folder).reading() as connection:
        (made,) = attestations(connection, "KZ-71", 2024, "u4ssc")
        assert set(made.statements) == {INTERNET}
        assert len(list(ledger.records_of_kind(connection, "evidence"))) == 1
    assert "Attested" in browser.get(BOOK).text
    assert "statements: 1; refused: 0; verified but closed: 1" in browser.get("/en/cities/KZ-71/2024").text
    assert browser.get(f"{BOOK}.json").json()["verified"] == {INTERNET: "yes"}
    statements = browser.get("/en/statements")
    assert "Household Internet Access" in statements.text
    found = re.search(r'href="(/en/statements/[0-9A-Z]{26})"', statements.text)[1]
    passport = browser.get(found).text
    assert "95 %" in passport
    assert "entry of a city book" in passport
    assert "numerator: 380000" in passport
    assert 'href="/en/cities/KZ-71">' in passport
    assert made.record_id in vera.get(DESK).text
    assert vera.get(f"{DESK}.json").json()["attestations"][0]["statements"] == 1
    assert vera.get(f"{DESK}.csv").text.count("\n") >= 3


def test_only_those_with_the_right_write_and_no_form_comes_from_elsewhere(house, people):
    browser, folder = house
    form = {"action": "entry", "point": "EC.ICT.ICT.2C", "value": "30"}
    for name in ("other", "vera", "aud"):
        assert people[name].send(BOOK, **form).status_code == 403
    assert browser.post(BOOK, data=form).status_code == 403
    akim = people["akim"]
    assert browser.post(BOOK, data=form, headers=akim.headers).status_code == 403
    assert akim.send(BOOK, action="attest").status_code == 400
    assert people["vera"].send(DESK, action="entry").status_code == 400
    assert people["aud"].get(DESK).status_code == 200
    assert people["other"].get(DESK).status_code == 403
    with database_of(folder).reading() as connection:
        assert "EC.ICT.ICT.2C" not in entries(connection, "KZ-71", 2024, "u4ssc")


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"point": INTERNET, "numerator": "5"}, "field “Numerator”"), ({"point": GINI, "value": "a third"}, "number"),
        ({"point": GINI, "value": "0.3", "dated": "soon"}, "field “Data of”"), ({"point": GINI}, "no number"),
        ({"point": GINI, "value": "0.3", "status": "fine"}, "fine"), ({"point": "X.1", "value": "1"}, "X.1"),
        ({"point": "EN.EN.AQ.1C.pm25", "value": "0.03", "unit": "ppm"}, "ppm"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_told_with_its_remedy(people, fields, code):
    answer = people["akim"].send(BOOK, action="entry", **fields)
    assert answer.status_code == 400
    assert code in answer.text


def test_an_empty_or_boundless_file_is_named_and_nothing_is_kept(house, people):
    entry = {"action": "entry", "point": INTERNET, "value": "90"}
    empty = people["akim"].send(BOOK, {"file": ("survey.pdf", b"", "application/pdf")}, **entry)
    assert empty.status_code == 400 and "survey.pdf" in empty.text and "empty" in empty.text
    large = people["akim"].send(BOOK, {"file": ("survey.pdf", b"x" * (20 * 2**20 + 1), "application/pdf")}, **entry)
    assert "The file has 21 MB; at most 20 MB are read." in large.text
    unnamed = people["akim"].send(BOOK, {"file": ("", b"", "application/octet-stream")}, **entry)
    assert unnamed.status_code == 303, "a form whose field for a file was left alone"


def test_a_concentration_in_ppm_is_kept_in_the_unit_of_the_indicator(house, people):
    people["akim"].send(BOOK, action="entry", point="EN.EN.AQ.1C.no2", value="0.02", unit="ppm")
    with database_of(house[1]).reading() as connection:
        kept = entries(connection, "KZ-71", 2024, "u4ssc")["EN.EN.AQ.1C.no2"]
    assert (str(kept.value), kept.unit, kept.note) == ("38", None, "0.02 ppm × 1900")


def test_files_go_out_and_in(house, people):
    browser, folder = house
    akim = people["akim"]
    for form in ("xlsx", "csv", "json"):
        out = browser.get(f"/en/cities/KZ-75/2023/book/book.{form}")
        assert out.status_code == 200
        assert f"KZ-75-2023.{form}" in out.headers["content-disposition"]
    assert browser.get("/en/cities/KZ-75/2023/book/other.csv").status_code == 404
    content = write_book(city("KZ-71"), 2023, U4SSC, {}, "en", "csv").decode("utf-8-sig")
    lines = content.splitlines(keepends=True)
    wrong = next(line for line in lines if GINI in line).replace(",,,,", ",,#NUM!,,", 1)
    at = BOOK.replace("2024", "2023")
    good = next(line for line in lines if INTERNET in line)
    bad = akim.send(at, {"file": ("b.csv", (lines[0] + good + wrong).encode(), "text/csv")}, action="import")
    assert bad.status_code == 422
    assert "#NUM!" in bad.text
    two = {"point": "EC.I.WS.1C", "numerator": 1_100_000, "denominator": 1_200_000}
    head = {"format": "jasyl-city-book", "version": 1, "place": "KZ-71", "year": 2023}
    rows = [{"point": "base.population", "value": 1_200_000}, two]
    file = {"file": ("b.json", json.dumps(head | {"entries": rows}).encode(), "application/json")}
    kept_out = akim.send(at, file, action="import")
    assert (kept_out.status_code, "open questions" in kept_out.text) == (422, True)
    assert akim.send(at, file, action="import", with_questions="yes", dry_run="yes").status_code == 422
    assert akim.send(at, file, action="import", with_questions="yes").status_code == 200
    assert akim.send(BOOK, file, action="import").status_code == 400
    with database_of(folder).reading() as connection:
        assert len(entries(connection, "KZ-71", 2023, "u4ssc")) == 2
        assert len(questions(connection, "KZ-71", 2023, "u4ssc")) == 1


def test_pages_speak_three_languages_and_know_what_is_not_there(house, people):
    browser, _ = house
    titles = {
        re.search(r"<h1>(.*?)</h1>", browser.get(f"/{tongue}/cities/KZ-71/2024/book").text)[1] for tongue in LANGUAGES
    }
    assert len(titles) == 3
    for tongue in LANGUAGES:
        assert people["vera"].get(f"/{tongue}/cities/KZ-71/2024/verification?point={GINI}").status_code == 200
        assert people["akim"].get(f"/{tongue}/cities/KZ-71/2024/book?point=EC.I.UP.2A.compact").status_code == 200
    for path in ("/en/cities/KZ-61/2024/book", "/en/cities/KZ-71/24/book", f"{BOOK}?point=X", f"{BOOK}?catalogue=x"):
        assert browser.get(path).status_code == 404
    assert browser.get("/en/cities/612010000/2024/book.csv").text.count("\n") == 119


def test_what_the_system_proposes_is_taken_over_or_replaced_with_a_reason(house, people):
    """With the water of the year as a fact, and the people of the city, its use per head is known."""
    _, folder = house
    akim, at = people["akim"], "/en/cities/KZ-71/2022"
    point = "EN.EN.WS.2C"
    water = Fact(
        metric="city_water_consumption", place="KZ-71", area="", object="", technology="", period="2022",
        value=Decimal(80_000_000), low=None, high=None, unit="m3", basis="published", source="test", source_date="2023",
        confidence="high", confirmed=True, note="",
    )  # fmt: skip
    with database_of(folder).writing() as connection:
        store(connection, [water])
    assert akim.send(f"{at}/book", action="entry", point="base.population", value="1200000").status_code == 303
    assert akim.send(f"{at}/book", action="entry", point="base.area", value="800", unit="km2").status_code == 303
    assert '<td class="short">км²</td>' in akim.get(f"{at}/book".replace("/en/", "/kk/")).text
    assert people["vera"].send(f"{at}/proposals", point=point).status_code == 403
    assert akim.send(f"{at}/proposals", point=[point, "SC.SH.SI.2C"]).status_code == 400
    assert akim.send(f"{at}/proposals", point=point).status_code == 303
    taken = book_of(folder)[point]
    assert (taken.origin, bool(taken.proposal)) == ("system", True)
    # Another number without a reason is refused; with one it stands as the city's own.
    mine = {"action": "entry", "point": point, "numerator": "240000000", "denominator": "1200000", "origin": "utility"}
    refused = akim.send(f"{at}/book", **mine)
    assert (refused.status_code, "without a reason" in refused.text) == (400, True)
    assert akim.send(f"{at}/book", **mine, reason="The utility has newer meters").status_code == 303
    own = book_of(folder)[point]
    assert (own.origin, own.reason, own.proposal) == ("utility", "The utility has newer meters", taken.proposal)
    assert "What the system knows" in akim.get(f"{at}/book?point={point}").text
    # The same number again is the proposal, whatever origin the form said.
    same = {"numerator": str(taken.numerator), "denominator": str(taken.denominator)}
    assert akim.send(f"{at}/book", **(mine | same), quality="measured").status_code == 303
    assert book_of(folder)[point].origin == "system"


def book_of(folder):
    with database_of(folder).reading() as connection:
        return entries(connection, "KZ-71", 2022, "u4ssc")
