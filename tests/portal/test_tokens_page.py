"""Tokens of programs: who sees them, who makes and withdraws them, what they reach, when they were last used."""

import re
import time

import pytest
from tests.portal.conftest import Browser
from tests.portal.register import PASSWORD, copy_register, make_register

from jasyl.people import create_account, new_token, secret_hash, tokens
from jasyl.people.tables import token as token_table
from jasyl.portal.app import create_app
from jasyl.portal.bearers import KEPT_SECONDS
from jasyl.texts import LANGUAGES

READING = {"series": "solar-energy", "start": "2026-01-05T10:00:00+05:00", "value": 1.5, "unit": "kW.h"}


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    made = make_register(tmp_path_factory.mktemp("template"))
    with made.database.writing() as connection:
        create_account(connection, "boss", PASSWORD, frozenset({"administrator"}))
        create_account(connection, "city", PASSWORD, frozenset({"akimat"}), region="KZ-75")
    made.database.close()
    return made


@pytest.fixture
def register(template, tmp_path):
    made = copy_register(template, tmp_path)
    yield made
    made.database.close()


@pytest.fixture
def portal(register):
    browser = Browser(create_app(register.folder, ["127.0.0.1"]))

    def signed(name):
        answer = browser.post("/en/sign-in", data={"name": name, "password": PASSWORD})
        session = re.search(r"jasyl_session=([^;]+)", answer.headers["set-cookie"])[1]
        headers = {"cookie": f"jasyl_session={session}"}
        page = browser.get("/en/tokens", headers=headers).text
        key = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

        def send(language="en", **fields):
            return browser.post(f"/{language}/tokens", data={"csrf_token": key, **fields}, headers=headers)

        def seen(**query):
            listed = browser.get("/en/tokens.json", params=query, headers=headers).json()["tokens"]
            return {one["label"]: one for one in listed}

        send.headers, send.seen, send.page = headers, seen, page
        return send

    browser.signed = signed
    return browser


def _push(portal, secret):
    return portal.post("/api/readings", json={"readings": [READING]}, headers={"Authorization": f"Bearer {secret}"})


def test_a_token_is_made_shown_once_writes_its_series_alone_and_ends(portal, register):
    one = portal.signed("one")
    made = one(action="make", label="roof", series=["solar-energy", "hidden-energy"])
    assert made.status_code == 200
    assert made.headers["cache-control"] == "no-store"
    secret = re.search(r"jasyl_[\w-]{40,}", made.text)[0]
    assert secret not in portal.get("/en/tokens", headers=one.headers).text
    held = one.seen()["roof"]
    assert (held["series"], held["actions"]) == (["hidden-energy", "solar-energy"], ["write_readings"])
    assert _push(portal, secret).json()["outcome"] == ["stored"]
    other = portal.post(
        "/api/readings", json={"readings": [READING | {"series": "solar-power", "unit": "kW"}]},
        headers={"Authorization": f"Bearer {secret}"},
    )  # fmt: skip
    assert other.json()["reasons"][0]["code"] == "push-not-yours"
    assert one(action="withdraw", token=held["id"]).status_code == 303
    assert "roof" not in one.seen()
    time.sleep(KEPT_SECONDS)
    assert _push(portal, secret).status_code == 401


def test_the_use_of_a_token_is_noted_to_the_minute_and_a_wrong_one_nowhere(portal, register):
    one = portal.signed("one")
    assert one.seen()["meter"]["last_used_at"] is None
    assert _push(portal, register.tokens["meter"]).status_code == 200
    assert _push(portal, "jasyl_guess").status_code == 401
    uses = portal.app.uses
    uses.write()
    used = one.seen()["meter"]["last_used_at"]
    assert used is not None
    assert _push(portal, register.tokens["meter"]).status_code == 200
    assert not uses._waiting, "within the minute nothing is written again"
    uses._noted[secret_hash(register.tokens["meter"])] -= 61_000_000
    assert _push(portal, register.tokens["meter"]).status_code == 200
    uses.write()
    assert one.seen()["meter"]["last_used_at"] > used
    with register.database.reading() as connection:
        assert {one.label for one in tokens(connection) if one.last_used_at} == {"meter"}


def test_who_sees_which_tokens(portal, register):
    every = {"agency", "one", "two", "meter", "reader"}
    assert portal.get("/en/tokens").status_code == 403
    assert portal.signed("agency").seen().keys() == portal.signed("boss").seen().keys() == every
    assert portal.signed("one").seen().keys() == {"one", "meter", "reader"}
    assert portal.signed("two").seen().keys() == {"two"}
    with register.database.writing() as connection:
        agency, write = register.ids["agency"], frozenset({"write_readings"})
        new_token(connection, agency, "for wind", write, series=[register.ids["wind-energy"]])
        new_token(connection, agency, "for firm 2", write, enterprises=[register.ids["firm-2"]])
    two = portal.signed("two")
    assert two.seen().keys() == {"two", "for wind", "for firm 2"}
    assert "for wind" not in portal.signed("one").seen()
    page = portal.get("/en/tokens", headers=two.headers).text
    assert "Firm 2" in page
    assert page.count('value="withdraw"') == 1, "the agency's are not firm two's to withdraw"
    assert two.seen(series="wind-energy").keys() == {"two", "for wind", "for firm 2"}
    assert portal.signed("agency").seen(series="hidden-energy").keys() == {"agency", "one"}


def test_the_administrator_withdraws_any_token_and_learns_no_closed_series(portal, register):
    with register.database.writing() as connection:
        hidden = [register.ids["hidden-energy"]]
        new_token(connection, register.ids["one"], "cellar", frozenset({"write_readings"}), series=hidden)
    boss = portal.signed("boss")
    assert "hidden-energy" not in boss.page
    assert "closed series: 1" in boss.page
    assert "New token" not in boss.page, "with no right over readings there is no token to make"
    assert boss.seen()["cellar"]["series"] == []
    assert portal.get("/en/tokens?series=hidden-energy", headers=boss.headers).status_code == 400
    assert boss(action="make", label="x", series="solar-energy").status_code == 400
    assert boss(action="withdraw", token=boss.seen()["cellar"]["id"]).status_code == 303
    assert "cellar" not in portal.signed("one").seen()


def test_what_cannot_be_done_is_refused_in_words(portal, register):
    one = portal.signed("one")
    for language in LANGUAGES:
        for code, fields in (
            ("token-label", {"label": " ", "series": "solar-energy"}),
            ("token-label", {"label": "x" * 121, "series": "solar-energy"}),
            ("token-label-taken", {"label": "meter", "series": "solar-energy"}),
            ("token-series", {"label": "new"}),
            ("token-not-yours", {"label": "new", "series": "wind-energy"}),
            ("unknown-series", {"label": "new", "series": "nothing"}),
        ):
            refused = one(language, action="make", **fields)
            assert (refused.status_code, code) == (400, code)
            assert "<h1>" in refused.text
    foreign = portal.signed("two").seen()["two"]["id"]
    assert one(action="withdraw", token=foreign).status_code == 400
    assert one(action="withdraw", token="nothing").status_code == 400
    assert one(action="make", label="new", series="solar-energy", csrf_token="wrong").status_code == 403
    bearer = {"Authorization": f"Bearer {register.tokens['one']}"}
    assert portal.post("/en/tokens", data={"label": "new", "series": "solar-energy"}, headers=bearer).status_code == 403
    with register.database.reading() as connection:
        assert len(connection.execute(token_table.select()).all()) == 5


def test_a_facility_leads_to_the_form_with_its_series(portal):
    one = portal.signed("one")
    assert 'href="/en/tokens?facility=solar"' in portal.get("/en/facilities/solar/readings", headers=one.headers).text
    offered = portal.get("/en/tokens?facility=solar", headers=one.headers).text
    assert re.findall(r'name="series" value="([^"]+)" checked>', offered) == ["solar-energy", "solar-power"]
    two = portal.signed("two")
    assert "/tokens?" not in portal.get("/en/facilities/solar/readings", headers=two.headers).text
    assert "New token" not in portal.get("/en/tokens?facility=solar", headers=two.headers).text
    assert "New token" not in portal.signed("city").page
