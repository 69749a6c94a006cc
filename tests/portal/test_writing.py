"""Writing over HTTP: nobody without signing in or a token; forms carry their key; a bad file changes nothing."""

import re

import pytest
from tests.portal.conftest import Browser

from jasyl.people import create_account, new_token
from jasyl.portal.app import create_app
from jasyl.storage import database_of, open_folder

GOOD = (
    "name;technology;status;capacity;capacity_unit;region;lon;lat\nСЭС Тест;RP.PV;operating;1,5;МВт;KZ-71;71,4;51,1\n"
)
BAD = GOOD.replace("RP.PV", "magic")


@pytest.fixture
def own(installation, tmp_path):
    """An installation of this test's own, to be written to."""
    import shutil

    from jasyl.portal import signin

    signin._tries.clear()  # every test signs in from the same address
    shutil.copytree(installation, tmp_path / "data")
    folder = open_folder(tmp_path / "data")
    made = Browser(create_app(folder, ["127.0.0.1"]))
    made.folder = folder
    made.password = (tmp_path / "data" / "password").read_text()
    return made


def _signed_in(browser):
    answer = browser.post("/en/sign-in", data={"name": "admin", "password": browser.password})
    assert answer.status_code == 303
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    session = re.search(r"jasyl_session=([^;]+)", cookie).group(1)
    page = browser.get("/en/import", headers={"cookie": f"jasyl_session={session}"})
    key = re.search(r'name="csrf_token" value="([^"]+)"', page.text).group(1)
    return {"cookie": f"jasyl_session={session}"}, key


def _total(browser):
    return browser.get("/facilities.json").json()["total"]


def test_nobody_writes_without_signing_in(own):
    before = _total(own)
    upload = {"file": ("a.csv", GOOD.encode())}
    assert own.get("/import").status_code == 403
    assert own.post("/import", files=upload).status_code == 403
    assert own.post("/api/facilities", content=GOOD.encode()).status_code == 401
    wrong = own.post("/api/facilities", content=GOOD.encode(), headers={"authorization": "Bearer jasyl_guess"})
    assert wrong.status_code == 401
    assert _total(own) == before


def test_a_form_without_its_key_or_from_elsewhere_is_refused(own):
    cookies, key = _signed_in(own)
    upload = {"file": ("a.csv", GOOD.encode())}
    assert own.post("/import", files=upload, headers=cookies).status_code == 403
    foreign = {**cookies, "origin": "https://evil.example"}
    assert own.post("/import", files=upload, data={"csrf_token": key}, headers=foreign).status_code == 403


def test_a_good_file_goes_in_is_logged_and_seen_at_once(own):
    cookies, key = _signed_in(own)
    before = _total(own)
    answer = own.post(
        "/en/import", files={"file": ("a.csv", GOOD.encode("cp1251"))}, data={"csrf_token": key}, headers=cookies
    )
    assert answer.status_code == 200, answer.text
    assert _total(own) == before + 1
    database = database_of(own.folder)
    import sqlalchemy as sa

    with database.reading() as connection:
        entries = connection.execute(sa.text("select entry from outbox where kind = 'import'")).scalars().all()
    database.close()
    assert any(b'"a.csv"' in bytes(entry) for entry in entries)


def test_a_bad_file_is_told_row_by_row_and_changes_nothing(own):
    cookies, key = _signed_in(own)
    before = _total(own)
    answer = own.post("/en/import", files={"file": ("a.csv", BAD.encode())}, data={"csrf_token": key}, headers=cookies)
    assert answer.status_code == 422
    assert "magic" in answer.text
    assert _total(own) == before


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\x00" * 2000, b"a;b\n1;2\n", "имя\n".encode("utf-16")])
def test_hostile_files_leave_the_server_up(own, content):
    cookies, key = _signed_in(own)
    answer = own.post("/en/import", files={"file": ("a.csv", content)}, data={"csrf_token": key}, headers=cookies)
    assert answer.status_code in {400, 422}
    assert own.get("/health").json()["status"] == "ok"


def test_a_program_imports_with_a_token_and_only_what_it_may(own):
    database = database_of(own.folder)
    with database.writing(visible=False) as connection:
        account = create_account(connection, "agency", "a long enough password", frozenset({"agency"}))
        token = new_token(connection, account, "test", frozenset({"write_registry"}))
        other = new_token(connection, account, "test", frozenset({"write_readings"}))
    database.close()
    headers = {"authorization": f"Bearer {token}"}
    answer = own.post("/api/facilities?name=a.csv", content=GOOD.encode(), headers=headers)
    assert answer.json()["new"] == 1
    again = own.post("/api/facilities?name=a.csv", content=GOOD.encode(), headers=headers).json()
    assert (again["new"], again["unchanged"]) == (0, 1)
    forbidden = own.post("/api/facilities", content=GOOD.encode(), headers={"authorization": f"Bearer {other}"})
    assert forbidden.status_code == 403


def test_signing_out_ends_the_session(own):
    cookies, key = _signed_in(own)
    assert own.post("/sign-out", data={"csrf_token": key}, headers=cookies).status_code == 303
    assert own.get("/import", headers=cookies).status_code == 403


def test_guessing_passwords_is_slowed(own):
    from jasyl.portal import signin

    signin._tries.clear()
    codes = [
        own.post("/sign-in", data={"name": "admin", "password": "guess"}).status_code for _ in range(signin.TRIES + 1)
    ]
    texts = own.post("/en/sign-in", data={"name": "admin", "password": own.password}).text
    signin._tries.clear()
    assert set(codes) == {403}
    assert "Too many tries" in texts


def test_closed_facilities_are_nobodys_business_but_the_agencys(own):
    closed = GOOD.replace("lon;lat", "lon;lat;level;key").replace("71,4;51,1", "71,4;51,1;closed;secret-plant")
    cookies, key = _signed_in(own)
    answer = own.post(
        "/en/import", files={"file": ("a.csv", closed.encode())}, data={"csrf_token": key}, headers=cookies
    )
    assert answer.status_code == 200
    assert own.get("/facilities/secret-plant").status_code == 404
    assert "secret-plant" not in own.get("/facilities.csv").text
    assert own.get("/search.json?q=secret-plant").json()["hits"] == []
    assert own.get("/facilities.json?as_of=2100-01-01&q=secret-plant").json()["total"] == 0
    assert own.get("/facilities/secret-plant", headers=cookies).status_code == 200


def test_the_template_is_given_in_the_readers_language(own):
    from jasyl.intake import read_tables

    (sheet, *_) = read_tables(own.get("/kk/templates/facilities.xlsx").content, "t.xlsx")
    assert "Технология" in sheet.header
    assert own.get("/templates/facilities.schema.json").json()["properties"]["technology"]
    assert own.get("/templates/none.xlsx").status_code == 404
    assert own.get("/templates/facilities.pdf").status_code == 404
    for what in ("projects", "installations", "enterprises"):
        assert own.get(f"/templates/{what}.schema.json").json()["title"] == what
        assert own.get(f"/ru/templates/{what}.xlsx").content.startswith(b"PK")
