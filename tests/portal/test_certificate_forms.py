"""The forms of a certificate's page: who may move units, once for each form, in every language."""

import re
import shutil
from html import unescape
from pathlib import Path

import pytest
import sqlalchemy as sa
from tests.certificates.conftest import House
from tests.certificates.events import AT, issue
from tests.conftest import need
from tests.portal.conftest import Browser

from jasyl import texts
from jasyl.people import create_account, new_token
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC
from jasyl.registry.tables import enterprise
from jasyl.storage import METADATA, database_of, open_folder

PATH = "/certificates/c-1"
TEXTS = Path(texts.__file__).parent
PASSWORD = "a long password"


@pytest.fixture(scope="module")
def portal(installation, tmp_path_factory):
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    folder = open_folder(shutil.copytree(installation, tmp_path_factory.mktemp("moving") / "data"))
    database = database_of(folder)
    METADATA.create_all(database.engine)
    house = House(folder, database)
    (batch,) = house.measure()
    house.act(issue(batches=[batch], about={"source": "solar"}))
    with database.writing() as connection:
        known = connection.execute(sa.select(enterprise).order_by(enterprise.c.key).limit(1)).one()
        tokens = {"known": known}
        for name, account in (("o", "solar"), ("x", "other"), ("e", known.id)):
            who = create_account(connection, name, PASSWORD, frozenset({"enterprise"}), enterprise_id=account)
            for action in ("read", "write_registry"):
                tokens[name, action] = new_token(connection, who, action, frozenset({action}))
    database.close()
    return Browser(create_app(folder, ["127.0.0.1"])), tokens


@pytest.fixture(autouse=True)
def then(monkeypatch):
    """The clock stands where the events of these tests do."""
    monkeypatch.setattr("jasyl.portal.certificate_forms.now_us", lambda: AT)


def words(code):
    """The parts of a refusal's English text between its arguments."""
    every = "".join(file.read_text(encoding="utf-8") for file in sorted((TEXTS / "en").glob("*.ftl")))
    (said,) = re.findall(rf"^refusal-{code} = (.+)$", every, re.MULTILINE)
    return re.split(r"\{[^}]*\}", said)


def signed_in(browser, name):
    answered = browser.post("/en/sign-in", data={"name": name, "password": PASSWORD})
    cookie = "; ".join(answered.headers.get_list("set-cookie"))
    return {"cookie": f"jasyl_session={re.search(r'jasyl_session=([^;]+)', cookie).group(1)}"}


def pieces(browser, headers):
    found = browser.get(f"{PATH}.json", headers=headers).json()["pieces"]
    return [(one["units"], one["standing"], one["owner"]) for one in found]


def fields(page, action):
    """What the hidden fields of the first form of an action hold."""
    form = next(one for one in page.split("<form")[1:] if f'value="{action}"' in one)
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', form))


def test_an_owner_moves_what_is_theirs(portal):
    browser = portal[0]
    for language in ("kk", "ru", "en"):
        assert 'id="move"' not in browser.get(f"/{language}{PATH}").text
        assert 'id="move"' not in browser.get(f"/{language}{PATH}", headers=signed_in(browser, "x")).text
        headers = signed_in(browser, "o")
        page = browser.get(f"/{language}{PATH}", headers=headers).text
        assert page.count('action="/' + language + PATH + '"') == 2
    hidden = fields(page, "transfer")
    wanted = {**hidden, "action": "transfer", "start": "0", "end": "300", "to": "bakery"}
    for _ in range(2):  # sent twice, carried out once
        answered = browser.post(f"/ru{PATH}", data=wanted, headers=headers)
        assert answered.status_code == 303, re.sub(r"<[^>]+>", " ", answered.text.partition("<main")[2])[:800]
        assert answered.headers["location"] == f"/ru{PATH}"
    assert pieces(browser, headers) == [("0:300", "held", None), ("300:1000", "held", "solar")]
    hidden = fields(browser.get(f"/en{PATH}", headers=headers).text, "retire")
    wanted = {
        **hidden, "action": "retire", "start": "300", "end": "500", "beneficiary": "Aul", "purpose": "scope 2",
        "period": "2026-05",
    }  # fmt: skip
    assert browser.post(PATH, data=wanted, headers=headers).status_code == 303
    assert pieces(browser, headers)[1:] == [("300:500", "retired", "solar"), ("500:1000", "held", "solar")]
    assert "Aul" in browser.get(f"/en{PATH}").text


@pytest.mark.parametrize(
    ("who", "changed", "status", "code"),
    [
        (None, {}, 403, "not-allowed"),
        (("x", "write_registry"), {}, 403, "not-allowed"),
        (("o", "read"), {}, 403, "not-allowed"),
        (("o", "write_registry"), {"owner": "bakery"}, 403, "not-allowed"),
        (("o", "write_registry"), {"action": "burn"}, 400, "certificate-action"),
        (("o", "write_registry"), {"start": "-1"}, 400, "certificate-range"),
        (("o", "write_registry"), {"end": ""}, 400, "certificate-range"),
        (("o", "write_registry"), {"end": "900000"}, 400, "certificate-range"),
        (("o", "write_registry"), {"start": "800", "end": "700"}, 400, "certificate-range"),
        (("o", "write_registry"), {"to": ""}, 400, "certificate-name"),
        (("o", "write_registry"), {"to": "solar"}, 400, "certificate-to-self"),
        (("o", "write_registry"), {"action": "retire", "beneficiary": "b", "period": "May"}, 400, "unknown-period"),
    ],
)
def test_what_is_refused_changes_nothing(portal, who, changed, status, code):
    browser, tokens = portal
    before = browser.get("/certificates.json").json()["state"]
    headers = {"authorization": f"Bearer {tokens[who]}"} if who else {}
    wanted = {"action": "transfer", "owner": "solar", "start": "700", "end": "800", "to": "bakery", **changed}
    answered = browser.post(f"/en{PATH}", data=wanted, headers=headers)
    assert answered.status_code == status, answered.text
    assert all(part.strip() in unescape(answered.text) for part in words(code))
    assert browser.get("/certificates.json").json()["state"] == before


def test_a_retirement_for_nobody_is_refused_in_words(portal):
    browser, tokens = portal
    wanted = {"action": "retire", "owner": "solar", "start": "700", "end": "800", "purpose": "p", "period": "2026"}
    headers = {"authorization": f"Bearer {tokens['o', 'write_registry']}"}
    answered = browser.post(f"/en{PATH}", data=wanted, headers=headers)
    assert answered.status_code == 400
    assert "The beneficiary has 0 signs; 1 to 512 are kept." in answered.text


def test_a_session_without_the_key_of_its_form_moves_nothing(portal):
    browser, _ = portal
    wanted = {"action": "transfer", "owner": "solar", "start": "700", "end": "800", "to": "bakery"}
    assert browser.post(PATH, data=wanted, headers=signed_in(browser, "o")).status_code == 403
    assert browser.post("/certificates/none", data=wanted, headers={}).status_code == 404


def test_the_page_names_an_enterprise_that_holds_units_and_files_keep_its_account(portal):
    browser, tokens = portal
    known, mine = tokens["known"], signed_in(browser, "e")
    headers = {"authorization": f"Bearer {tokens['o', 'write_registry']}"}
    wanted = {"action": "transfer", "owner": "solar", "start": "900", "end": "999", "to": known.id}
    assert browser.post(PATH, data=wanted, headers=headers).status_code == 303
    for language in ("kk", "ru", "en"):
        name = getattr(known, f"name_{language}") or known.name_kk or known.name_ru or known.name_en
        assert f"{name}: 900–999" in unescape(browser.get(f"/{language}{PATH}", headers=mine).text)
        assert name not in unescape(browser.get(f"/{language}{PATH}").text)
    plain = browser.get(f"{PATH}.json").json()
    assert plain["from"].endswith("Z")
    assert plain["from"][:16].replace("T", " ") not in browser.get(f"/en{PATH}").text
    told = [one["units"] for one in plain["events"]]
    assert (told[0], told[-1]) == ("900:999", None), "the newest first; what was issued is the whole"
    assert ("900:999", "held", known.id) in pieces(browser, mine)
