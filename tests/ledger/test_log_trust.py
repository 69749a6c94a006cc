"""Whoever checks a whole log checks the signatures inside it too, by the order of the log."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from jasyl.ledger import (
    Key,
    Record,
    RecordSigner,
    Report,
    encode_record,
    export_log,
    parse_record,
    sign_record,
    verify_log,
)
from jasyl.ledger.log_trust import LogTrust
from jasyl.ledger.signing import ED25519, new_signer
from jasyl.texts import Refusal

from .passports import Plant
from .test_command import run

if TYPE_CHECKING:
    from .conftest import House

ISSUED = "2026-11-21T08:15:30Z"


def wrong(report: Report) -> tuple[str, int | None, int | None]:
    """The one fault of a report: what, and where it starts and ends."""
    assert len(report.damages) == 1, report.text("en")
    return report.damages[0].code, report.damages[0].start, report.damages[0].end


def test_an_export_tells_what_is_signed_and_its_weakest_level(house: "House", tmp_path: Path) -> None:
    plant = Plant(house)
    gateway, issuer = plant.gateway("ML-DSA-65"), plant.gateway()
    plant.days(2, 2, gateway)
    house.fill(0, 300)  # a block of its own, and one of many kinds
    house.drain()
    copy = tmp_path / "copy"
    export_log(house.folder, copy)
    assert "Weakest level of trust: signed by a gateway" in run("verify", copy).stdout
    plant.put(sign_record(house.record(301), [gateway, issuer]), plant.day(7, 0, plant.device(7)))
    house.drain()
    report = verify_log(house.folder.path, house.keys_policy)
    assert report.ok, report.text("en")
    found = report.as_data("en")
    assert (found["signatures"], found["signed_records"]) == (6, 5)
    assert found["levels"] == {"gateway-signed": 4, "operator-entered": 1}
    assert found["weakest"] == "operator-entered"
    assert "6 hold, under 5 of" in report.text("en")
    assert "Самый слабый уровень доверия: введено человеком" in report.text("ru")


def test_false_signatures_are_named_by_the_order_of_the_log(house: "House") -> None:
    plant = Plant(house)
    signer = plant.gateway("ML-DSA-65")
    good = sign_record(house.record(1), [signer])
    day = plant.day(0, 0, plant.device(0, signer), signer)
    stranger = RecordSigner(new_signer("s.example/1", ED25519), "cd" * 32)
    ended = Key(
        **plant.head, vkey=signer.signer.verifier.vkey, holder="plant", purpose="gateway", valid_from=ISSUED,
        valid_to=ISSUED, status="retired", authorised_by=None,
    )  # fmt: skip
    faults: list[tuple[Record, str]] = [
        (good, ""),
        (day, ""),
        (msgspec.structs.replace(house.record(2), sigs=good.sigs), "passport-signature"),
        (msgspec.structs.replace(day, sum="1", min="0", max="1"), "passport-signature"),
        (sign_record(house.record(3), [signer, signer]), "passport-signature"),
        (sign_record(house.record(4), [stranger]), "passport-signature"),
        (plant.day(1, 0, plant.device(2, signer), signer), "passport-device"),
        (msgspec.structs.replace(day, trust="device-signed"), "passport-device"),
        (ended, ""),
        (sign_record(house.record(5), [signer]), "passport-key-order"),
    ]
    house.drain()
    trust = LogTrust()
    for index in range(house.log.checkpoint().size):
        trust.take(index, house.log.entry(index), parse_record(house.log.entry(index)))
    said: list[str] = []
    for index, (record, _) in enumerate(faults, 100):
        try:
            trust.take(index, encode_record(record), parse_record(encode_record(record)))
            said.append("")
        except Refusal as refusal:
            assert str(index) in refusal.text("en")
            said.append(refusal.code)
    assert said == [code for _, code in faults]
    # In a log the first of them is named with its bytes, and the log is refused.
    plant.put(*[record for record, _ in faults])
    house.drain()
    found = wrong(verify_log(house.folder.path, house.keys_policy))
    bundle = house.log.read(f"tile/entries/000.p/{house.log.checkpoint().size}") or b""
    at = bundle.index(encode_record(faults[2][0]))
    assert found == ("record-signature", at, at + len(encode_record(faults[2][0])))


def test_signatures_behind_a_lost_entry_are_not_vouched_for(house: "House") -> None:
    """The lost block may have told a key or ended one: nothing is said of what comes after."""
    plant = Plant(house)
    signer = plant.gateway()
    house.fill(0, 300)
    plant.put(sign_record(house.record(400), [signer]))
    house.drain()
    (house.folder.log / "tile/entries/000").unlink()
    (house.folder.log / "journal").unlink()
    done = run("verify", house.folder.log, "--json")
    assert done.exit_code == 1
    found = json.loads(done.stdout)
    assert [one["file"] for one in found["damages"]] == ["tile/entries/000"]
    assert found["signatures"] is None
    assert "проверены не до конца" in run("verify", house.folder.log, "--lang", "ru").stderr
