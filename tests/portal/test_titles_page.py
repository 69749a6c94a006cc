"""Titles on pages: whose the register is, what a stranger sees, a transfer logged, a field shown, a false one not."""

import json
import re
from types import SimpleNamespace

import pytest
from tests.certificates import test_titles as made_by
from tests.certificates.conftest import make_house
from tests.conftest import need
from tests.portal.conftest import Browser

from jasyl.certificates import titles
from jasyl.ledger import Keeper, Log, position
from jasyl.ledger.confidential import disclose, read_sealed
from jasyl.people import create_account, new_token
from jasyl.portal.app import create_app
from jasyl.portal.assets import STATIC


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A register of two titles, an agency's token and an enterprise's."""
    need((STATIC / "manifest.json").is_file(), "the browser part is not built: make setup")
    house = make_house(tmp_path_factory.mktemp("titles") / "data")
    seller, buyer = made_by.owner(house, "seller-17"), made_by.owner(house, "buyer-4")
    plot = made_by.registered(house, seller)
    other = made_by.registered(house, made_by.owner(house, "other-1"), thing="20-315-914-013")
    with house.database.writing() as connection:
        tokens = {}
        for role in ("agency", "enterprise"):
            who = create_account(connection, role, "a long password", frozenset({role}))
            rights = frozenset({"read", "publish"} if role == "agency" else {"read"})
            tokens[role] = {"authorization": f"Bearer {new_token(connection, who, 'pages', rights)}"}
    browser = Browser(create_app(house.folder, ["127.0.0.1"]))
    yield SimpleNamespace(house=house, browser=browser, seller=seller, buyer=buyer, plot=plot, other=other, **tokens)
    house.database.close()


def logged(world):
    with Keeper(world.house.folder, world.house.database) as keeper:
        keeper.drain()


def proven(world, payload, *names):
    """The file that a reader writes to show single fields."""
    with world.house.database.reading() as connection:
        opened, index = read_sealed(connection, payload, made_by.BANK), position(connection, payload)
    return disclose(opened, names, Log(world.house.folder).proof_file(index))


def test_the_register_is_for_its_keepers_and_one_title_for_who_knows_it(world):
    logged(world)
    for headers in ({}, world.enterprise):
        seen = world.browser.get("/titles.json", headers=headers).json()
        assert (seen["count"], seen["titles"]) == (2, [])
    whole = world.browser.get("/titles.json", headers=world.agency).json()
    assert {one["title"] for one in whole["titles"]} == {world.plot, world.other}
    (found,) = world.browser.get(f"/titles.json?title={world.plot}").json()["titles"]
    assert (found["class"], found["holder"], found["events"]) == ("land", "seller-17", 1)
    assert world.browser.get(f"/titles.csv?title={world.plot}").text.count("\r\n") == 2
    for language in ("kk", "ru", "en"):
        assert world.plot in world.browser.get(f"/{language}/titles", headers=world.agency).text
        page = world.browser.get(f"/{language}/titles/{world.plot}").text
        assert "seller-17" in page
        assert 'action="/' + language + '/titles"' not in page  # nobody but the keepers logs a transfer
    assert world.browser.get("/titles/01ARZ3NDEKTSV4RRFFQ69G5FAV").status_code == 404
    assert "01ARZ" in world.browser.get("/en/titles?title=01ARZ3NDEKTSV4RRFFQ69G5FAV").text


def test_nothing_of_the_document_is_on_a_page(world):
    for path in ("/titles", f"/titles/{world.plot}", f"/titles/{world.plot}.json", f"/titles/{world.plot}.csv"):
        text = world.browser.get(path, headers=world.agency).text
        for secret in (made_by.PLOT, made_by.DOCUMENT["owner"], made_by.DOCUMENT["iin"], "cadastral"):
            assert secret not in text, (path, secret)


def test_one_field_is_shown_and_a_false_one_refused(world):
    logged(world)
    address = f"/titles/{world.plot}"
    (event,) = world.browser.get(f"{address}.json").json()["events"][:1]
    file = proven(world, event["payload"], "area_m2")
    sent = {"file": ("area.json", file, "application/json")}
    shown = world.browser.post(f"/ru{address}/fields", files=sent)
    assert shown.status_code == 200
    assert re.search(r"area_m2.*1250", shown.text, re.DOTALL)
    assert made_by.PLOT not in shown.text
    told = world.browser.post(f"{address}/fields", files=sent, headers={"accept": "application/json"}).json()
    assert told["fields"] == [{"field": "area_m2", "value": "1250"}]
    false = json.loads(file)
    false["fields"][0]["value"] = 9000
    text = json.dumps(false, separators=(",", ":"), sort_keys=True, ensure_ascii=False).encode()
    for wrong, place in ((text, address), (file, f"/titles/{world.other}"), (b"{}", address)):
        answer = world.browser.post(f"{place}/fields", files={"file": ("area.json", wrong, "application/json")})
        assert answer.status_code == 400
        assert "1250" not in answer.text
    assert world.browser.get(f"{address}.json").json()["fields"] == []


def test_a_transfer_is_logged_by_the_keepers_once_both_have_signed(world):
    draft = made_by.transfer(world.house, world.plot, world.buyer)
    half = titles.sign_draft(draft, world.seller)
    whole = titles.sign_draft(half, world.buyer)

    def send(document, headers):
        sent = {"file": ("transfer.json", document, "application/json")}
        return world.browser.post("/titles", files=sent, headers=headers)

    assert send(whole.encode(), world.enterprise).status_code == 403
    assert send(whole.encode(), {}).status_code in {401, 403}
    assert send(half.encode(), world.agency).status_code == 400
    assert send(b"{}", world.agency).status_code == 400
    done = send(whole.encode(), world.agency)
    assert (done.status_code, done.headers["location"]) == (303, f"/titles/{world.plot}")
    assert send(whole.encode(), world.agency).status_code == 400  # moved on
    seen = world.browser.get(f"/titles/{world.plot}.json").json()
    assert (seen["holder"], [one["event"] for one in seen["events"]]) == ("buyer-4", ["register", "transfer"])
