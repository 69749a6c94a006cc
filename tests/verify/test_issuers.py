"""A published statement carries both signatures of its issuer, by the order of the log; every verifier checks them."""

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import msgspec
import pytest
from tests.ledger.conftest import House
from tests.ledger.test_command import run

from jasyl import figures, ledger
from jasyl.quantities import now_us, sha256_hex
from jasyl.texts import Refusal

NOW = now_us()


def published(house: House, value: int) -> tuple[ledger.Calc, bytes]:
    """A statement about one subject of its own, and its passport."""
    figure = figures.Figure(
        "electricity.generated", figures.Subject("region", f"KZ-{value}"), "2024-01", 0, 1, "W.h", Decimal(value), None,
        Decimal(1), "published", "source.published", "1.0.0", {}, (),
    )  # fmt: skip
    origin = ledger.log_origin(house.folder)
    with house.database.writing() as connection:
        signers = ledger.issuer_signers(connection, house.folder)
        kept = figures.store(connection, figure, (), NOW)
        made = figures.publish(connection, kept.id, "agency", NOW, log_origin=origin, signers=signers)
    house.drain()
    record = ledger.parse_record(made.document)
    assert isinstance(record, ledger.Calc)
    with house.database.reading() as connection:
        return record, ledger.build_passport(connection, house.log, made.record_id, lambda _: [])


def algorithms(house: House, record: ledger.Calc) -> list[str]:
    told = {}
    with house.database.reading() as connection:
        for identity, key in ledger.records_of_kind(connection, "key"):
            assert isinstance(key, ledger.Key)
            told[identity] = ledger.parse_vkey(key.vkey).algorithm
    assert not isinstance(record.sigs, msgspec.UnsetType)
    return [told[each.key] for each in record.sigs]


def verified_alone(unpacked: Path, file: Path, policy: Path) -> dict[str, object]:
    """What jasyl-verify says, started as a stranger would."""
    script = f"import sys; sys.path.insert(0, {str(unpacked)!r}); from jasyl_verify.command import main; main()"
    words = [sys.executable, "-I", "-c", script, str(file), "--policy", str(policy), "--json"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return json.loads(done.stdout)


def test_a_statement_carries_both_signatures_of_its_issuer(house: House, unpacked: Path, tmp_path: Path) -> None:
    unsigned, old_passport = published(house, 1)
    assert unsigned.sigs is msgspec.UNSET
    (name,) = {one.name for one in ledger.create_issuer(house.folder, house.database)}
    first, passport = published(house, 2)
    assert algorithms(house, first) == ["Ed25519", "ML-DSA-65"]
    policy = house.folder.log / "policy"
    for made, signatures in ((old_passport, 0), (passport, 2)):
        found = ledger.check_passport(made, house.keys_policy)
        assert found.signatures == signatures
        (tmp_path / "one.passport").write_bytes(made)
        alone = verified_alone(unpacked, tmp_path / "one.passport", policy)
        assert (alone["ok"], alone["author_signatures"]) == (True, signatures)
        assert run("verify", tmp_path / "one.passport", "--policy", policy).exit_code == 0

    done = run("keys", "rotate", "--issuer", name, "--data", house.folder.path, "--json")
    fresh = [ledger.parse_vkey(line) for line in json.loads(done.stdout)["vkeys"]]
    second, newer = published(house, 3)
    assert algorithms(house, second) == ["Ed25519", "ML-DSA-65"]
    assert {each.key for each in second.sigs}.isdisjoint({each.key for each in first.sigs})
    assert ledger.check_passport(newer, house.keys_policy).signatures == 2
    assert ledger.check_passport(passport, house.keys_policy).signatures == 2  # what the former keys signed stays good
    assert {one.name for one in house.folder.keys.glob("issuer-*")} == {
        f"issuer-{one.algorithm.lower()}-{one.key_id.hex()}.key" for one in fresh
    }
    whole = ledger.verify_log(house.folder.path, house.keys_policy)
    assert (whole.ok, whole.trust and whole.trust.signatures) == (True, 4)

    for one in fresh:
        ledger.revoke(house.folder, house.database, one.key_id.hex())
    assert published(house, 4)[0].sigs is msgspec.UNSET
    with house.database.reading() as connection:
        assert ledger.build_passport(connection, house.log, ledger_id(second), lambda _: [])
    assert run("keys", "rotate", "--issuer", name, "--finish", "--data", house.folder.path).exit_code == 2
    with pytest.raises(Refusal, match="nobody"):
        ledger.rotate_issuer(house.folder, house.database, "nobody.example/issuer")


def ledger_id(record: ledger.Record) -> str:
    return sha256_hex(ledger.encode_record(record))


def test_a_false_or_late_signature_under_a_statement_is_refused(house: House) -> None:
    ledger.create_issuer(house.folder, house.database)
    record, _ = published(house, 1)
    assert not isinstance(record.sigs, msgspec.UnsetType)
    forged = msgspec.structs.replace(record, value="9")
    stripped = msgspec.structs.replace(record, sigs=record.sigs[:1])  # other bytes: another record, not in the log
    with house.database.writing() as connection:
        identity = ledger.enqueue(connection, forged)
    house.drain()
    with house.database.reading() as connection:
        assert ledger.entry(connection, ledger_id(stripped)) is None
        made = ledger.build_passport(connection, house.log, identity, lambda _: [])
    with pytest.raises(Refusal) as refused:
        ledger.check_passport(made, house.keys_policy)
    assert refused.value.code == "passport-signature"
    (wrong,) = ledger.verify_log(house.folder.path, house.keys_policy).damages
    assert wrong.code == "record-signature"
