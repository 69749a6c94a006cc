"""Passports: what an honest one proves, and every way of cheating or damaging it that we know."""

import dataclasses
import random
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import msgspec
import pytest
from msgspec import UNSET

from jasyl.ledger import (
    Column,
    InputsRoot,
    Passport,
    Policy,
    Signature,
    Supersede,
    check_passport,
    demand_all,
    encode_record,
    entry,
    inputs_root,
    measured_root,
    parse_passport,
    parse_proof,
    parse_record,
    parse_vkey,
    positions,
    record_verifier,
    sign_record,
    signature_holds,
    verify_proof,
)  # fmt: skip
from jasyl.ledger.measured_inputs import measured_tree
from jasyl.ledger.note import Note, parse_note
from jasyl.ledger.note import Signature as NoteLine
from jasyl.ledger.passport_file import WANTED_SIZE, TreeLeaf, TreeOpening
from jasyl.ledger.signing import ED25519, ED25519_COSIGNATURE, new_signer
from jasyl.quantities import sha256_hex
from jasyl.texts import LANGUAGES, Refusal

from .passports import Plant

if TYPE_CHECKING:
    from .conftest import House


@pytest.fixture
def plant(house: "House") -> Plant:
    return Plant(house)


def code(data: bytes, policy: Policy | None = None) -> str:
    with pytest.raises(Refusal) as caught:
        check_passport(data, policy)
    assert all(caught.value.text(language) for language in LANGUAGES)
    return caught.value.code


def passport_of(plant: Plant, calc: str) -> bytes:
    plant.house.drain()
    return plant.passport(calc)


def test_a_month_of_one_meter_is_shown_whole(plant: Plant) -> None:
    signer = plant.gateway()
    calc = plant.calc(plant.days(1, 31, signer), tree=False, signers=[plant.gateway("ML-DSA-65"), plant.gateway()])
    data = passport_of(plant, calc)
    found = check_passport(data, plant.house.keys_policy)
    assert len(data) < WANTED_SIZE
    assert (found.trusted, found.signatures, found.weakest) == (True, 2, "gateway-signed")
    assert (found.inputs.count, found.inputs.shown, found.inputs.recomputed) == (31, 31, 1)
    assert found.witnesses == []
    assert check_passport(data).trusted is False
    for language in LANGUAGES:
        assert len(found.lines(language)) > 35
    assert found.as_data()["levels"] == {"gateway-signed": 31}


def test_a_tree_opens_what_the_draw_demands(plant: Plant) -> None:
    signer = plant.gateway()
    ids = plant.days(7, 13, signer) + plant.days(3, 3)
    calc = plant.calc(ids, tree=True)
    data = passport_of(plant, calc)
    found = check_passport(data, plant.house.keys_policy)
    assert found.inputs.levels == {"gateway-signed": 91, "operator-entered": 9, "device-signed": 0}
    assert (found.weakest, found.inputs.committed, found.inputs.count) == ("operator-entered", 1, 100)
    assert 1 <= found.inputs.sampled <= 8
    shown = check_passport(plant.passport(calc, show=[ids[50]]))
    assert shown.inputs.sampled in {found.inputs.sampled, found.inputs.sampled + 1}
    with pytest.raises(Refusal, match="no input"):
        plant.passport(calc, show=["ab" * 32])


def test_a_small_tree_is_opened_whole(plant: Plant) -> None:
    calc = plant.calc(plant.days(1, 5), tree=True)
    assert check_passport(passport_of(plant, calc)).inputs.shown == 5


def test_amounts_below_zero_stand_in_a_column_of_their_own(plant: Plant) -> None:
    device = plant.device(0, series_kind="amount", unit="W.h", scale=0)
    days = [plant.day(0, day, device, unit="W.h", scale=0, sum=str(sum_)) for day, sum_ in enumerate((50, -7, 0))]
    calc = plant.calc(plant.put(*days), tree=True)
    passport = parse_passport(passport_of(plant, calc))
    record = parse_record(passport.records[passport.proof.index])
    assert [int(column.sum) for column in record.inputs.columns][:2] == [50, 7]  # pyright: ignore
    assert check_passport(passport.encode()).statement.value == "43"


def test_statements_on_statements(plant: Plant) -> None:
    energy = plant.calc(plant.days(1, 3), tree=False)
    factor = plant.calc(
        plant.inputs[energy], tree=False, inputs=[energy], divisor=UNSET, indicator="capacity_factor", unit="1",
        value="0.5",
    )  # fmt: skip
    found = check_passport(passport_of(plant, factor))
    assert (found.inputs.recomputed, found.inputs.count, found.weakest) == (1, 4, "operator-entered")


def test_signed_statements_under_a_statement_are_all_shown(plant: Plant) -> None:
    """Their signatures are longer than all else in them; the level of trust does not fall for that."""
    keys = [plant.gateway(), plant.gateway("ML-DSA-65")]
    days = plant.days(1, 24)
    parts = [plant.calc([day], tree=False, signers=keys) for day in days]
    total = plant.calc(days, tree=False, inputs=parts, divisor=UNSET, signers=keys)
    data = passport_of(plant, total)
    found = check_passport(data)
    assert found.weakest == "operator-entered"
    assert (found.signatures, found.inputs.levels["not-shown"]) == (2 * 25, 0)
    assert WANTED_SIZE < len(data) < 3 * WANTED_SIZE


def test_inputs_that_are_only_named(plant: Plant) -> None:
    days = plant.days(1, 2)
    named = plant.calc(days, tree=False, inputs=["ab" * 32], divisor=UNSET)
    assert check_passport(passport_of(plant, named)).weakest == "not-shown"
    rooted = plant.calc(days, tree=False, inputs=inputs_root(days), divisor=UNSET)
    assert check_passport(passport_of(plant, rooted)).inputs.levels["not-shown"] == 2
    stated = plant.put(plant.house.record(5))
    with_source = plant.calc(days, tree=False, inputs=stated, divisor=UNSET)
    assert check_passport(passport_of(plant, with_source)).weakest == "stated"


def test_a_superseded_statement_says_so(plant: Plant) -> None:
    days = plant.days(1, 2)
    calc = plant.calc(days, tree=False)
    plant.put(Supersede(**plant.head, superseded=calc, replacement=None, reason="withdrawn", actor="a"))
    found = check_passport(passport_of(plant, calc))
    assert found.superseded
    assert "SUPERSEDED" in "\n".join(found.lines("en"))


def test_old_days_prove_no_signature(plant: Plant) -> None:
    device = plant.device(0)
    old = msgspec.structs.replace(plant.day(0, 0, device), schema=1, device=UNSET, trust="gateway-signed")
    ids = plant.put(old)
    new = plant.put(plant.day(0, 1, device))
    calc = plant.calc(new, tree=False, inputs=ids, divisor=UNSET)
    assert check_passport(passport_of(plant, calc)).weakest == "operator-entered"


def test_large_lists_are_shown_as_far_as_they_fit(plant: Plant) -> None:
    """Statements of the first version listed up to 400 days."""
    ids = plant.days(1, 200)
    calc = plant.calc(ids, tree=False, divisor=UNSET, period="2024")
    data = passport_of(plant, calc)
    found = check_passport(data)
    assert len(data) <= WANTED_SIZE
    assert 0 < found.inputs.shown < 200
    assert found.weakest == "not-shown"


def test_what_cannot_have_a_passport(plant: Plant) -> None:
    calc = plant.calc(plant.days(1, 2), tree=False)
    plant.house.drain()
    late = plant.put(plant.house.record(9))[0]
    for identity, expected in (("ab" * 32, "log-unknown-record"), (late, "passport-not-calc")):
        with pytest.raises(Refusal) as caught:
            plant.passport(identity)
        assert caught.value.code == expected
    assert check_passport(plant.passport(calc)).superseded is False
    waiting = plant.calc(plant.days(1, 2), tree=False, period="2024-02")
    with pytest.raises(Refusal) as caught:
        plant.passport(waiting)
    assert caught.value.code == "passport-waiting"


# Cheating by who writes the log: everything is truly logged and signed, and still does not hold together.


def wrong_value(plant: Plant, ids: list[str]) -> str:
    return plant.calc(ids, tree=False, value="1")


def wrong_tree_value(plant: Plant, ids: list[str]) -> str:
    return plant.calc(ids, tree=True, value="1")


def root(plant: Plant, ids: list[str]) -> InputsRoot:
    with plant.house.database.reading() as connection:
        return measured_root(connection, ids, 4000)


def with_columns(found: InputsRoot, **changes: str) -> InputsRoot:
    columns = [Column(name=each.name, sum=changes.get(each.name, each.sum)) for each in found.columns]  # pyright: ignore
    return InputsRoot(root=found.root, count=found.count, columns=columns)


def hidden_subtraction(plant: Plant, ids: list[str]) -> str:
    """The stated sums say nothing of a day below zero."""
    found = root(plant, ids)
    return plant.calc(ids, tree=True, inputs=with_columns(found, plus="1"), divisor="4000")


def better_trust(plant: Plant, ids: list[str]) -> str:
    found = with_columns(root(plant, ids), **{"operator-entered": "0", "gateway-signed": str(len(ids))})
    return plant.calc(ids, tree=True, inputs=found, divisor="4000")


def wrong_count(plant: Plant, ids: list[str]) -> str:
    found = root(plant, ids)
    wrong = InputsRoot(root=found.root, count=found.count - 1, columns=found.columns)
    return plant.calc(ids, tree=True, inputs=wrong, divisor="4000")


def other_columns(plant: Plant, ids: list[str]) -> str:
    found = root(plant, ids)
    columns = [Column(name=f"x{place}", sum=each.sum) for place, each in enumerate(found.columns)]  # pyright: ignore
    return plant.calc(ids, tree=True, inputs=InputsRoot(root=found.root, count=found.count, columns=columns))


def other_month(plant: Plant, ids: list[str]) -> str:
    return plant.calc(ids, tree=False, period="2024-03")


def other_unit(plant: Plant, ids: list[str]) -> str:
    return plant.calc(ids, tree=False, unit="kg")


def the_same_day_twice(plant: Plant, ids: list[str]) -> str:
    return plant.calc([*ids, ids[0]], tree=False)


def day_of_another_meter(plant: Plant, ids: list[str]) -> str:
    """A day that names the device of another series."""
    other = plant.device(77)
    return plant.calc(plant.put(plant.day(0, 9, other)), tree=False)


def day_with_device_of_other_scale(plant: Plant, ids: list[str]) -> str:
    """The same readings, a thousand times as large by the device record."""
    other = plant.device(0, scale=0)
    return plant.calc(plant.put(plant.day(0, 9, other)), tree=False)


def signature_of_nobody(plant: Plant, ids: list[str]) -> str:
    signer = plant.gateway()
    day = plant.day(0, 9, plant.device(0, signer), signer)
    nothing = [Signature(key=signer.key_record, sig="AA" * 42 + "AA==")]
    return plant.calc(plant.put(msgspec.structs.replace(day, day_sigs=nothing)), tree=False)


def signature_over_other_numbers(plant: Plant, ids: list[str]) -> str:
    signer = plant.gateway()
    day = plant.day(0, 9, plant.device(0, signer), signer)
    return plant.calc(plant.put(msgspec.structs.replace(day, sum="9" + str(day.sum))), tree=False)


def signature_of_another_gateway(plant: Plant, ids: list[str]) -> str:
    day = plant.day(0, 9, plant.device(0, plant.gateway()), plant.gateway())
    return plant.calc(plant.put(day), tree=False)


def signature_of_a_revoked_key(plant: Plant, ids: list[str]) -> str:
    signer = plant.gateway()
    key = parse_record(_entry(plant, signer.key_record))
    plant.put(msgspec.structs.replace(key, status="revoked"))
    return plant.calc(plant.put(plant.day(0, 9, plant.device(0, signer), signer)), tree=False)


def promised_signature(plant: Plant, ids: list[str]) -> str:
    """Days of a device that an operator enters, claimed to be the gateway's."""
    signer = plant.gateway()
    return plant.calc(plant.put(plant.day(0, 9, plant.device(0), signer)), tree=False)


def forged_author(plant: Plant, ids: list[str]) -> str:
    signer = plant.gateway()
    calc = plant.calc(ids, tree=False, signers=[signer])
    record = parse_record(_entry(plant, calc))
    return plant.put(msgspec.structs.replace(record, indicator="electricity.saved"))[0]


def other_log(plant: Plant, ids: list[str]) -> str:
    return plant.calc(ids, tree=False, log_origin="other.example/log")


def _entry(plant: Plant, identity: str) -> bytes:
    with plant.house.database.reading() as connection:
        found = entry(connection, identity)
    assert found is not None
    return found


CHEATS: list[tuple[Callable[[Plant, list[str]], str], str]] = [
    (wrong_value, "passport-sum"),
    (wrong_tree_value, "passport-sum"),
    (hidden_subtraction, "passport-tree"),
    (better_trust, "passport-tree"),
    (wrong_count, "passport-tree"),
    (other_columns, "passport-tree"),
    (other_month, "passport-period"),
    (other_unit, "passport-leaf"),
    (the_same_day_twice, "passport-inputs"),
    (day_of_another_meter, "passport-device"),
    (day_with_device_of_other_scale, "passport-device"),
    (signature_of_nobody, "passport-signature"),
    (signature_over_other_numbers, "passport-signature"),
    (signature_of_another_gateway, "passport-signature"),
    (signature_of_a_revoked_key, "passport-key-order"),
    (promised_signature, "passport-device"),
    (forged_author, "passport-signature"),
    (other_log, "passport-record"),
]


@pytest.mark.parametrize(("cheat", "expected"), CHEATS, ids=[cheat.__name__ for cheat, _ in CHEATS])
def test_cheats_are_found(plant: Plant, cheat: Callable[[Plant, list[str]], str], expected: str) -> None:
    ids = plant.days(2, 5)
    assert code(passport_of(plant, cheat(plant, ids)), plant.house.keys_policy) == expected


def test_a_key_announced_too_late(plant: Plant) -> None:
    """The key record stands after the day it signed: the device's owner could have made it up since."""
    early = plant.gateway()
    device = plant.device(0, early)
    day = plant.day(0, 3, device, early)
    late = msgspec.structs.replace(parse_record(_entry(plant, early.key_record)), holder="somebody else")
    late_id = sha256_hex(encode_record(late))
    signed = msgspec.structs.replace(day, sigs=sign_record(day, [dataclasses.replace(early, key_record=late_id)]).sigs)
    ids = plant.put(signed)
    plant.put(late)
    assert code(passport_of(plant, plant.calc(ids, tree=False))) == "passport-key-order"


# Damage and forgery of the file.


@pytest.fixture
def good(plant: Plant) -> bytes:
    signer = plant.gateway()
    return passport_of(plant, plant.calc(plant.days(6, 7, signer), tree=True, signers=[plant.gateway()]))


def test_any_changed_byte_is_refused(plant: Plant, good: bytes) -> None:
    """Each byte of the file is under a signature, a hash, or the one spelling of the format."""
    policy = plant.house.keys_policy
    dice = random.Random(7)
    step = max(len(good) // 700, 1)
    for at in range(0, len(good), step):
        changed = bytearray(good)
        changed[at] ^= dice.randrange(1, 256)
        for keys in (policy, None):
            assert code(bytes(changed), keys), at


def test_cut_and_stretched_files_are_refused(good: bytes) -> None:
    for at in range(0, len(good), 997):
        assert code(good[:at])
    assert code(good + b"\n")
    assert code(good + b"x")
    assert code(good.replace(b"\n", b"\r\n"))
    assert code(b"") == "passport-malformed"
    assert code(b"jasyl-passport/2\n\n") in {"proof-malformed", "passport-malformed"}
    assert code(good + b" " * 2**20) == "passport-malformed"


def lines(good: bytes, word: bytes) -> list[int]:
    return [place for place, line in enumerate(good.split(b"\n")) if line.startswith(word)]


def without(good: bytes, place: int) -> bytes:
    return b"\n".join(line for at, line in enumerate(good.split(b"\n")) if at != place)


def swapped(good: bytes, one: int, other: int) -> bytes:
    all_lines = good.split(b"\n")
    all_lines[one], all_lines[other] = all_lines[other], all_lines[one]
    return b"\n".join(all_lines)


def test_missing_and_moved_lines(good: bytes) -> None:
    for word in (b"key ", b"record ", b"node ", b"leaf ", b"sum "):
        places = lines(good, word)
        for place in places:
            assert code(without(good, place))
        if len(places) > 1:
            assert code(swapped(good, places[0], places[1]))
    assert code(without(good, lines(good, b"tree ")[0]))


def rebuilt(good: bytes, **changes: Any) -> bytes:
    passport = parse_passport(good)
    parts = {name: getattr(passport, name) for name in ("keys", "records", "nodes", "trees", "proof")}
    return Passport(**(parts | changes)).encode()


def test_strangers_in_a_passport(plant: Plant, good: bytes) -> None:
    """A true record of the log that has nothing to do with the statement."""
    passport = parse_passport(good)
    log = plant.house.log
    size = log.size
    more = next(index for index in range(size) if index not in passport.records)
    records = dict(sorted({**passport.records, more: log.entry(more)}.items()))
    nodes = tuple(log.inclusion_of_many(list(records), size))
    assert code(rebuilt(good, records=records, nodes=nodes)) == "passport-stray"
    other = {**passport.records, passport.proof.index: log.entry(0)}
    assert code(rebuilt(good, records=other)) == "passport-statement"


def test_openings_that_were_not_drawn(plant: Plant) -> None:
    """Who picks which days to show shows the good ones."""
    ids = plant.days(40, 1)
    calc = plant.calc(ids, tree=True)
    plant.house.drain()
    good = plant.passport(calc)
    passport = parse_passport(good)
    drawn = {leaf.place for leaf in passport.trees[0].leaves}
    log = plant.house.log
    picked = next(place for place in range(len(ids)) if place not in drawn)
    with plant.house.database.reading() as connection:
        tree, sums = measured_tree(connection, ids, 4000)
        index = positions(connection, [ids[picked]])[ids[picked]]
    batch = log.entry(index)
    device = parse_record(batch).device  # pyright: ignore
    with plant.house.database.reading() as connection:
        device_index = positions(connection, [str(device)])[str(device)]
    statement = passport.proof.index
    records = {at: log.entry(at) for at in sorted({index, device_index, statement})}
    opening = TreeOpening(
        statement,
        (TreeLeaf(picked, index, sums[picked]),),
        tuple((each.hash, each.sums) for each in tree.open([picked])),
    )
    nodes = tuple(log.inclusion_of_many(list(records), log.size))
    assert code(rebuilt(good, records=records, nodes=nodes, trees=(opening,))) == "passport-sample"


def test_keys_and_signatures(plant: Plant, good: bytes) -> None:
    passport = parse_passport(good)
    other = new_signer(plant.house.keys.origin, ED25519)
    assert code(rebuilt(good, keys=(other.verifier.vkey, passport.keys[1]))) == "note-bad-signature"
    assert code(rebuilt(good, keys=passport.keys[:1])) == "passport-keys"
    assert code(rebuilt(good, keys=(passport.keys[0], passport.keys[0]))) == "passport-keys"
    assert code(good, demand_all([other.verifier])) == "note-unsigned"
    # A signature stripped with its key: the file agrees with itself, the policy does not.
    note = passport.proof.checkpoint
    stripped = b"".join(note.splitlines(keepends=True)[:-1])
    proof = dataclasses.replace(passport.proof, checkpoint=stripped)
    bare = rebuilt(good, keys=passport.keys[:1], proof=proof)
    assert check_passport(bare).trusted is False
    assert code(bare, plant.house.keys_policy) == "checkpoint-signature-missing"
    # Only a cosigner, no log key.
    lines_ = note.splitlines(keepends=True)
    only = dataclasses.replace(passport.proof, checkpoint=b"".join([*lines_[:-2], lines_[-1]]))
    assert code(rebuilt(good, keys=passport.keys[1:], proof=only)) == "checkpoint-signature-missing"


def test_witnesses_are_named(plant: Plant, good: bytes) -> None:
    passport = parse_passport(good)
    witness = new_signer("ministry.example/w1", ED25519_COSIGNATURE)
    note = parse_note(passport.proof.checkpoint)
    line = NoteLine(witness.name, witness.key_id, witness.sign(note.text))
    checkpoint = Note(note.text, (*note.signatures, line)).encode()
    proof = dataclasses.replace(passport.proof, checkpoint=checkpoint)
    seen = rebuilt(good, keys=(*passport.keys, witness.verifier.vkey), proof=proof)
    found = check_passport(seen, plant.house.keys_policy)
    assert found.witnesses == ["ministry.example/w1 (Ed25519 cosignature)"]
    assert "ministry.example/w1" in "\n".join(found.lines("en"))


def test_keys_of_records(plant: Plant) -> None:
    for algorithm in ("Ed25519", "ML-DSA-65"):
        key = plant.gateway(algorithm).signer.verifier
        assert record_verifier(key.vkey) == key
        assert not key.verify(b"x", b"y")
        for wrong in (key.vkey[:-8], key.vkey.replace("gateway", "gatewax", 1), "a+b", f" {key.vkey}"):
            with pytest.raises(Refusal):
                record_verifier(wrong)
            assert not signature_holds(wrong, Signature(key="ab" * 32, sig="AAAA"), b"")
    with pytest.raises(Refusal, match="ff"):
        record_verifier(plant.house.keys.signers[1].verifier.vkey)


def test_the_format_is_the_one_of_the_manual(good: bytes) -> None:
    """Tools of the C2SP read the last part as it is, and sha256sum gives the id of a record."""
    head, _, tail = good.partition(b"\n\n")
    proof = parse_proof(tail)
    record = next(line for line in head.split(b"\n") if line.startswith(b"record %d " % proof.index))
    kept = record.split(b" ", 2)[2]
    found = check_passport(good)
    assert sha256_hex(kept) == found.record_id
    keys = [parse_vkey(line) for line in parse_passport(good).keys]
    assert verify_proof(proof, demand_all(keys), entry=kept).size == found.head.size
    assert encode_record(found.statement) == kept
