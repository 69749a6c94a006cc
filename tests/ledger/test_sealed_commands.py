"""The commands as people type them, and what the server says of a sealed payload before and after its erasure."""

import datetime as dt
import json
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from tests.ledger.conftest import House
from tests.ledger.test_cms import ACT, PEM, ROOT, container
from tests.ledger.test_confidential import FIELDS
from typer.testing import CliRunner

from jasyl.cli import ledger as ledger_command
from jasyl.cli import title as title_command
from jasyl.ledger import parse_proof, verify_log, verify_proof
from jasyl.storage import METADATA
from jasyl.storage.database import revision_table
from jasyl.storage.schema import ROOMS_WITH_TABLES
from jasyl.texts import Refusal

CLEAN = {"JASYL_LANG": "", "JASYL_DATA": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "C"}


class Desk:
    """A person at a terminal, in a folder of files."""

    def __init__(self, house: House, here: Path) -> None:
        self.house, self.here = house, here

    def file(self, name: str, content: str | bytes = "") -> Path:
        path = self.here / name
        if content:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def say(self, words: str, *more: str | Path, data: bool = True, lang: str = "en") -> str:
        group, *rest = words.split()
        app = title_command.app if group == "title" else ledger_command.app
        arguments = [*rest, *map(str, more), "--lang", lang]
        done = CliRunner().invoke(app, arguments + (["--data", str(self.house.folder.path)] if data else []), env=CLEAN)
        if isinstance(done.exception, Refusal):
            raise done.exception
        assert done.exit_code == 0, done.output + repr(done.exception)
        return done.stdout

    def ask(self, words: str, *more: str | Path, data: bool = True) -> Any:
        return json.loads(self.say(words, *more, "--json", data=data))

    def refused(self, code: str, words: str, *more: str | Path) -> None:
        with pytest.raises(Refusal) as caught:
            self.say(words, *more)
        assert caught.value.code == code
        for language in ("kk", "ru", "en"):
            assert caught.value.text(language)

    def reader(self, name: str) -> tuple[Path, Path]:
        """A reader's public and secret file."""
        secret = self.file(f"{name}.secret")
        line = self.say("ledger reader-key", f"{name}.example", "--out", secret, data=False).splitlines()[-1]
        return self.file(f"{name}.reader", line + "\n"), secret


@pytest.fixture
def desk(house: House, tmp_path: Path) -> Desk:
    for room in ROOMS_WITH_TABLES:
        import_module(room)
    METADATA.create_all(house.database.engine)
    with house.database.writing(visible=False) as connection:
        connection.execute(sa.insert(revision_table).values(revision=1))
    house.fill(0, 3)
    return Desk(house, tmp_path)


def test_seal_add_a_reader_disclose_verify_erase(desk: Desk) -> None:
    city, city_secret = desk.reader("city")
    auditor, auditor_secret = desk.reader("auditor")
    file = desk.file("contract.json", json.dumps(FIELDS))
    seal = ("--subject", "contract-17", "--sort", "contract", "--reader", city)
    record = desk.ask("ledger seal-payload", file, *seal)["record"]
    desk.refused("reader-none", "ledger disclose", record, "--key", auditor_secret)
    assert "auditor.example" in desk.say("ledger add-reader", record, "--key", city_secret, "--reader", auditor)
    assert "before" in desk.say("ledger add-reader", record, "--key", city_secret, "--reader", auditor)
    assert json.loads(desk.say("ledger disclose", record, "--key", auditor_secret)) == FIELDS
    shown = desk.file("area.json")
    desk.say("ledger disclose", record, "--key", auditor_secret, "--field", "area_m2", "--out", shown)
    assert desk.ask("ledger verify", shown)["fields"] == {"area_m2": 1250}
    for language in ("kk", "ru", "en"):
        assert "area_m2\t1250" in desk.say("ledger verify", shown, lang=language)
    receipt = desk.file("receipt.tlog-proof")
    why = ("--reason", "asked for", "--authority", "agency", "--copy", "backup 2026-11", "--out", receipt)
    said = desk.say("ledger erase", "contract-17", *why)
    assert "auditor.example, city.example" in said
    proof = parse_proof(receipt.read_bytes())
    verify_proof(proof, desk.house.keys_policy)
    assert json.loads(proof.extra)["copies"] == ["backup 2026-11"]
    assert "stands in the log" in desk.say("ledger verify", receipt)
    desk.refused("payload-erased", "ledger disclose", record, "--key", city_secret)
    assert "0" in desk.say("ledger erase", "--after-restore")
    assert verify_log(desk.house.folder.log, []).ok
    assert desk.ask("ledger verify")["ok"]


def test_what_the_commands_refuse(desk: Desk) -> None:
    city, secret = desk.reader("city")
    common = ("--subject", "s", "--sort", "contract", "--reader")
    desk.refused("ledger-path-missing", "ledger seal-payload", desk.file("none.json"), *common, city)
    desk.refused("sealed-document", "ledger seal-payload", desk.file("list.json", "[1]"), *common, city)
    desk.refused("not-canonical", "ledger seal-payload", desk.file("float.json", '{"a": 0.5}'), *common, city)
    desk.refused("reader-malformed", "ledger seal-payload", desk.file("a.json", '{"a": 1}'), *common, secret)
    desk.refused("erase-which", "ledger erase")
    desk.refused("erase-which", "ledger erase", "s")
    desk.refused("ledger-path-missing", "ledger verify", desk.file("none"))
    desk.refused("erase-nothing", "ledger erase", "s", "--reason", "r", "--authority", "a")
    scan = desk.ask("ledger seal-payload", desk.file("scan.bin", b"\x00\x01"), *common, city)["record"]
    desk.refused("payload-no-fields", "ledger disclose", scan, "--key", secret, "--field", "a")
    out = desk.file("back.bin")
    desk.say("ledger disclose", scan, "--key", secret, "--out", out)
    assert out.read_bytes() == b"\x00\x01"


def test_a_title_from_registration_to_one_shown_field(desk: Desk) -> None:
    city, secret = desk.reader("city")
    one, two = desk.file("one.key"), desk.file("two.key")
    desk.say("title owner-key", "holder-1", "--out", one)
    ids = desk.file("two.ids", desk.say("title owner-key", "holder-2", "--out", two))
    desk.refused("secret-exists", "title owner-key", "holder-3", "--out", two)
    document = desk.file("plot.json", json.dumps(FIELDS))
    thing = ("--class", "land", "--object", "20-315-914-012", "--key", one, "--reader", city)
    title = desk.ask("title register", document, *thing)["title"]
    desk.refused("title-registered", "title register", document, *thing)
    draft = desk.file("transfer.json")
    desk.say("title draft", title, "--to", ids, "--payload", document, "--reader", city, "--out", draft)
    desk.refused("title-unsigned", "title transfer", draft)
    for key in (one, two):
        desk.say("title sign", draft, "--key", key, data=False)
    assert title in desk.say("title transfer", draft)
    desk.refused("title-moved", "title transfer", draft)
    shown = desk.ask("title show", title)
    assert [each["event"] for each in shown["events"]] == ["register", "transfer"]
    assert shown["owner"] == ids.read_text().split()
    for language, word in (("kk", "жер"), ("ru", "земля"), ("en", "land")):
        assert word in desk.say("title show", title, lang=language)
    field = desk.file("field.json")
    desk.say("title disclose", title, "--key", secret, "--field", "encumbrance", "--out", field)
    assert desk.ask("ledger verify", field)["fields"] == {"encumbrance": None}
    desk.refused("title-unknown", "title show", "nothing")


def test_a_signed_container_becomes_evidence(desk: Desk) -> None:
    made, root = desk.file("act.p7s", container()), desk.file("root.pem", ROOT.public_bytes(PEM))
    said = desk.ask("ledger evidence", made, "--root", root, "--title", "acceptance act", "--custodian", "agency")
    assert said["signers"][0]["revocation"] == "not-checked"
    assert "A PERSON" in desk.say("ledger evidence", made, "--root", root, lang="ru")
    desk.refused("cms-content", "ledger evidence", made, "--root", root, "--content", desk.file("other", b"x"))
    desk.say("ledger evidence", made, "--root", root, "--content", desk.file("act", ACT), lang="kk")
    assert dt.datetime.fromisoformat(said["signers"][0]["signed_at"]).tzinfo is not None


def test_the_server_answers_410_with_the_receipt(desk: Desk) -> None:
    import anyio
    import httpx

    from jasyl.people import create_account, new_password, new_token
    from jasyl.portal.app import create_app

    city, _ = desk.reader("city")
    file = desk.file("contract.json", json.dumps(FIELDS))
    seal = ("--subject", "contract-17", "--sort", "contract", "--reader", city)
    record = desk.ask("ledger seal-payload", file, *seal)["record"]
    with desk.house.database.writing(visible=False) as connection:
        account = create_account(connection, "auditor", new_password(), frozenset({"auditor"}))
        token = new_token(connection, account, "reading", frozenset({"read"}))
    app = create_app(desk.house.folder, ["127.0.0.1"])

    def get(path: str, **headers: str) -> httpx.Response:
        async def go() -> httpx.Response:
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://127.0.0.1") as client:
                return await client.get(path, headers=headers)

        return anyio.run(go)

    public = get(f"/sealed/{record}")
    assert public.status_code == 200
    assert set(public.json()) == {"record_id", "record", "index"}
    private = get(f"/sealed/{record}", authorization=f"Bearer {token}").json()
    assert set(private) - set(public.json()) == {"ciphertext", "wraps"}
    assert get("/sealed/" + "00" * 32).status_code == 404
    desk.say("ledger erase", "contract-17", "--reason", "asked for", "--authority", "agency")
    for headers in ({}, {"authorization": f"Bearer {token}"}):
        gone = get(f"/sealed/{record}", **headers)
        assert gone.status_code == 410
        assert "ciphertext" not in gone.json()
        proof = parse_proof(gone.json()["receipt"].encode())
        verify_proof(proof, desk.house.keys_policy)
        assert json.loads(proof.extra)["records"] == [record]
