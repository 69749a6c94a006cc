"""Entries that are records, each for itself, and together tell of a replay, a wrong clock, or a revoked key."""

import json
from typing import TYPE_CHECKING

import msgspec

from jasyl.ledger import Calc, Key, Method, Supersede, audit_log, encode_record
from jasyl.ledger.signing import ED25519, new_signer
from jasyl.ledger.writer import LogWriter

from .test_command import run

if TYPE_CHECKING:
    from .conftest import House

ISSUED = "2026-11-21T08:15:30Z"


def test_what_an_audit_remarks(house: "House") -> None:
    gone = new_signer("g.example/7", ED25519).verifier
    common = {"log_origin": "city.example/log", "issued": ISSUED, "author": "agency"}
    revoked = Key(
        **common, vkey=gone.vkey, holder="g", purpose="gateway", valid_from=ISSUED, valid_to=ISSUED,
        status="revoked", authorised_by=None,
    )  # fmt: skip

    def figure(inputs: list[str]) -> Calc:
        return Calc(
            **common, indicator="i", figure_kind="modelled", subject_kind="place", subject="KZ-75", period="2025",
            unit="t", value="1", completeness="1", method=Method(id="m", version="1.0.0"), inputs=inputs,
        )  # fmt: skip

    entries = [
        encode_record(one)
        for one in (
            house.record(0),
            house.record(1),
            house.record(0),  # a replay
            msgspec.structs.replace(house.record(2), issued="2026-11-20T08:15:29Z"),  # back-dated by a day and a second
            msgspec.structs.replace(house.record(3), issued="2026-11-20T08:15:30Z"),  # by a day: still a slow queue
            msgspec.structs.replace(house.record(4), issued="2090-01-01T00:00:00Z"),
            Supersede(**common, superseded="ab" * 32, replacement=None, reason="r", actor="a"),
            msgspec.structs.replace(house.record(5), author=gone.key_id.hex(), issued="2090-01-01T00:00:00Z"),
            revoked,
            msgspec.structs.replace(house.record(6), author=gone.key_id.hex()),
            figure([house.record(0).sha256]),  # of a document that was imported
            figure(["cd" * 32]),
        )
    ]
    with LogWriter(house.folder.log, house.keys) as writer:
        writer.append(entries)
        writer.sign()
    found = audit_log(house.folder.log)
    told = {(index, one.code) for one in found.remarks for index in range(one.index, one.last + 1)}
    assert {item for item in told if item[0] < 5} == {(2, "repeated"), (3, "back-dated")}
    assert {(5, "future-dated"), (6, "unknown-reference"), (7, "future-dated"), (9, "revoked-key")} <= told
    assert (7, "revoked-key") not in told
    assert {index for index, code in told if code == "unknown-reference"} == {6, 11}
    assert found.counts["future-dated"] == 2
    assert (8, 11, "back-dated") in [(one.index, one.last, one.code) for one in found.remarks]
    done = run("audit", house.folder.log, "--json")
    assert done.exit_code == 1
    assert json.loads(done.stdout)["counts"] == found.counts
    assert "отозван" in run("audit", house.folder.log, "--lang", "ru").stderr


def test_a_good_log(house: "House") -> None:
    house.fill(0, 300)
    assert audit_log(house.folder.log).counts == {}
    assert "nothing to remark" in run("audit", house.folder.path).stdout
    (house.folder.log / "tile" / "entries" / "000").unlink()
    assert run("audit", house.folder.path).exit_code == 1
