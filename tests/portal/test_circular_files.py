"""Documents of the circular economy brought to the portal: by whom, examined how, kept whole or not at all."""

import json
import re
from importlib.resources import files

import pytest
from tests.portal.conftest import Browser
from tests.portal.register import PASSWORD, make_register

from jasyl.circular.construction import starter_chain
from jasyl.circular.document_files import DOCUMENT_NAMES, read_named
from jasyl.circular.document_sheets import CHAIN_SHEETS, PROGRAMME_SHEETS
from jasyl.circular.document_tables import document_workbook, document_zip
from jasyl.circular.kept import kept_model
from jasyl.circular.waste import WasteProgramme, starter_programme
from jasyl.facts import books
from jasyl.ledger import create_keys
from jasyl.people import create_account, new_token
from jasyl.portal.app import create_app
from jasyl.texts import Refusal

PROGRAMME, CHAIN = starter_programme("KZ-75"), starter_chain("KZ-71")


@pytest.fixture(scope="module")
def register(tmp_path_factory):
    made = make_register(tmp_path_factory.mktemp("files"))
    create_keys(made.folder)
    with made.database.writing() as connection:
        city = create_account(connection, "almaty", PASSWORD, frozenset({"akimat"}), region="KZ-75")
        made.tokens["almaty"] = new_token(connection, city, "almaty", frozenset({"read", "write_registry"}))
    yield made
    made.database.close()


@pytest.fixture(scope="module")
def browser(register):
    return Browser(create_app(register.folder, ["127.0.0.1"]))


@pytest.fixture(scope="module")
def form(browser):
    """Sends the form as the akimat of Almaty."""
    answer = browser.post("/en/sign-in", data={"name": "almaty", "password": PASSWORD})
    headers = {"cookie": f"jasyl_session={re.search(r'jasyl_session=([^;]+)', answer.headers['set-cookie'])[1]}"}
    page = browser.get("/en/import/circular", headers=headers).text
    key = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]

    def send(what, name, content, language="en", **fields):
        data = {"csrf_token": key, "what": what, **fields}
        return browser.post(f"/{language}/import/circular", data=data, files={"file": (name, content)}, headers=headers)

    return send


def versions(register):
    kinds = ("waste_programme", "construction_chain", "material_account", "stock_model")
    with register.database.reading() as connection:
        return {(one.kind, one.place): one.version for kind in kinds for one in books(connection, kind)}


def test_a_workbook_is_examined_then_kept_and_shown(form, register, browser):
    content = document_workbook(PROGRAMME_SHEETS, PROGRAMME, "kk")
    tried = form("waste-programme", "almaty.xlsx", content, dry_run="yes")
    assert (tried.status_code, versions(register)) == (200, {})
    assert "nothing was kept" in tried.text
    kept = form("waste-programme", "almaty.xlsx", content, language="kk")
    assert kept.status_code == 200
    assert 'href="/kk/circular/KZ-75/waste"' in kept.text
    assert versions(register) == {("waste_programme", "KZ-75"): 1}
    with register.database.reading() as connection:
        found, book = kept_model(connection, WasteProgramme, "KZ-75")
    assert found == PROGRAMME
    assert book.digest in kept.text
    assert book.digest in browser.get("/ru/circular/KZ-75/waste").text


def test_every_fault_is_told_with_its_place_and_nothing_is_kept(form, register):
    before = versions(register)
    packed = document_zip(CHAIN_SHEETS, CHAIN, "ru").replace(b"demolitions.csv", b"demolitionz.csv")
    assert form("construction-chain", "chain.zip", packed).status_code == 422
    document = json.loads((files("jasyl.circular") / "data" / "waste_almaty.json").read_bytes())
    document["composition"]["food"] = 0.6
    document["facilities"][0]["member"] = "nobody"
    refused = form("waste-programme", "wrong.json", json.dumps(document).encode(), language="ru")
    assert refused.status_code == 422
    assert "composition" in refused.text
    assert "1.125" in refused.text
    assert "facilities[0].member" in refused.text
    assert versions(register) == before


@pytest.mark.parametrize(
    ("what", "name", "content", "status"),
    [
        ("waste-programme", "x.json", b"{", 422),
        ("nothing", "x.json", b"{}", 400),
        ("material-account", "list.csv", "поток;откуда\nа;б\n".encode("cp1251"), 422),
        ("stock-model", "x.json", b'{"title": "t", "place": "Atlantis", "unit": "t", "first_year": 2000, '
         b'"last_year": 2001, "products": []}', 422),
        ("construction-chain", "astana.json", document_zip(CHAIN_SHEETS, CHAIN, "en"), 422),
        ("construction-chain", "astana.zip", document_zip(CHAIN_SHEETS, CHAIN, "en"), 403),
    ],
)  # fmt: skip
def test_what_is_not_taken(form, register, what, name, content, status):
    before = versions(register)
    assert form(what, name, content).status_code == status
    assert versions(register) == before


def test_programs_bring_documents_with_a_token(browser, register):
    content = (files("jasyl.circular") / "data" / "almaty-waste.json").read_bytes()
    asked = "/api/circular/material-account?name=almaty.json"
    taken = browser.post(asked, content=content, headers=register.bearer("almaty"))
    assert taken.status_code == 200
    said = taken.json()
    assert (said["version"], said["place"], said["faults"]) == (1, "KZ-75", [])
    assert len(said["findings"]) > 2
    assert browser.post(asked, content=content).status_code == 401
    assert browser.post(asked, content=content, headers=register.bearer("one")).status_code == 403
    flows = b"flow,source,target,material,period,value,sd,unit,source of data\n"
    wrong = browser.post(
        "/api/circular/material-account?name=flows.csv&place=KZ-75", content=flows, headers=register.bearer("almaty")
    )
    assert wrong.status_code == 422
    assert wrong.json()["faults"][0]["mend"]


def test_the_form_is_for_those_with_an_account_and_tables_for_everybody(browser):
    assert browser.get("/import/circular").status_code == 403
    assert browser.get("/templates/circular/nothing.xlsx").status_code == 404
    for name in DOCUMENT_NAMES:
        for language in ("kk", "ru", "en"):
            assert browser.get(f"/{language}/templates/circular/{name}.xlsx").content[:2] == b"PK"
        assert browser.get(f"/en/templates/circular/{name}.schema.json").json()["$schema"]
    packed = browser.get("/kk/templates/circular/waste-programme.zip").content
    with pytest.raises(Refusal, match="“Programme” is missing"):
        read_named("waste-programme", packed, "empty.zip")
