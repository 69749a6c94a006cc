"""jasyl-verify stands alone, and says of every file what the whole program says."""

import json
import random
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

import msgspec
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from tests.ledger import test_passports, test_records
from tests.ledger.passports import Plant
from tests.serving import ROOT

from jasyl.ledger import (
    check_passport,
    encode_record,
    export_log,
    load_keys,
    parse_passport,
    parse_policy,
    parse_record,
    sign_record,
    verify_log,
)
from jasyl.ledger.key_changes import freeze
from jasyl.ledger.record_blocks import block_contents
from jasyl.texts import Refusal

# What the whole program calls the same thing.
SAME = {
    "passport-malformed": "form", "passport-keys": "keys", "passport-statement": "statement",
    "passport-record": "record", "passport-inputs": "inputs", "passport-tree": "tree", "passport-sum": "sum",
    "passport-sample": "sample", "passport-leaf": "leaf", "passport-period": "period", "passport-device": "device",
    "passport-signature": "record-signature", "passport-key-order": "key-order", "passport-stray": "stray",
    "passport-changed": "changed", "passport-log": "log",
}  # fmt: skip


def verdicts(alone: ModuleType, data: bytes, policy: bytes | None) -> tuple[str, str]:
    """What both say: ``ok``, or their codes."""
    try:
        check_passport(data, parse_policy(policy) if policy else None)
        ours = "ok"
    except Refusal as refusal:
        ours = refusal.code
    try:
        alone.check_passport(data, alone.parse_policy(policy) if policy else None)
        theirs = "ok"
    except alone.Refused as refused:
        theirs = refused.code
    return ours, theirs


def policy_of(plant: Plant) -> bytes:
    return plant.house.log.policy.encode()


def good_of(plant: Plant, meters: int = 6) -> bytes:
    signer = plant.gateway("ML-DSA-65")
    calc = plant.calc(plant.days(meters, 7, signer), tree=True, signers=[plant.gateway()])
    plant.house.drain()
    return plant.passport(calc)


def test_it_is_short_and_imports_nothing_of_jasyl(wheel: Path, unpacked: Path) -> None:
    sources = sorted((ROOT / "verify" / "src").rglob("*.py"))
    lines = [line for source in sources for line in source.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert len(lines) < 1200
    script = (
        f"import sys; sys.path.insert(0, {str(unpacked)!r}); import jasyl_verify.command; "
        "print([name for name in sys.modules if name.split('.')[0] == 'jasyl'], "
        "sorted({name.split('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)))"
    )
    said = subprocess.run([sys.executable, "-I", "-c", script], check=True, capture_output=True, text=True).stdout
    assert said.startswith("[]")
    foreign = {name for name in ("numpy", "msgspec", "sqlalchemy", "rfc8785", "jasyl") if f"'{name}'" in said}
    assert not foreign
    assert wheel.name.startswith("jasyl_verify-")


def said_to_nobody(command: list[str]) -> tuple[int, bytes]:
    """How a program ends, and what it complains of, when whoever reads it has gone."""
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as running:
        assert running.stdout
        running.stdout.close()
        assert running.stderr
        complaint = running.stderr.read()
    return running.returncode, complaint


def test_the_command(plant: Plant, unpacked: Path, tmp_path: Path) -> None:
    file, policy = tmp_path / "n.passport", tmp_path / "policy"
    file.write_bytes(good_of(plant))
    policy.write_bytes(policy_of(plant))
    vkeys = [word for signer in plant.house.keys.signers for word in ("--vkey", signer.verifier.vkey)]

    script = "import sys; sys.path.insert(0, sys.argv.pop(1)); from jasyl_verify.command import main; sys.exit(main())"
    command = [sys.executable, "-I", "-c", script, str(unpacked)]

    def run(*arguments: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *arguments], capture_output=True, text=True, encoding="utf-8")

    said = run(str(file), "--policy", str(policy))
    assert (said.returncode, said.stderr) == (0, "")
    assert "weakest level of trust: gateway-signed" in said.stdout
    found = json.loads(run(str(file), "--json", *vkeys).stdout)
    ours = check_passport(file.read_bytes(), plant.house.keys_policy)
    assert (found["ok"], found["trusted"], found["levels"]) == (True, True, {"gateway-signed": 42})
    assert (found["value"], found["inputs"], found["index"]) == (ours.statement.value, 42, ours.index)
    assert "ONLY ITS OWN KEYS" in run(str(file)).stdout
    assert said_to_nobody([*command, str(file)]) == (0, b"")
    proof = tmp_path / "r.tlog-proof"
    proof.write_bytes(plant.house.log.proof_file(3))
    assert run(str(proof), "--policy", str(policy)).returncode == 0
    assert run(str(proof)).returncode == 1
    copy = tmp_path / "copy"
    export_log(plant.house.folder, copy)
    whole = run(str(copy), "--policy", str(policy))
    assert whole.returncode == 0
    assert "weakest level of trust: gateway-signed" in whole.stdout
    found = json.loads(run(str(copy), "--policy", str(policy), "--json").stdout)
    assert (found["signatures"], found["levels"], found["weakest"]) == (43, {"gateway-signed": 42}, "gateway-signed")
    assert run(str(plant.house.folder.path)).returncode == 0
    file.write_bytes(file.read_bytes().replace(b"electricity", b"electricitY", 1))
    refused = run(str(file))
    assert refused.returncode == 1
    assert "REFUSED" in refused.stderr
    assert json.loads(run(str(file), "--json").stdout)["ok"] is False
    file.write_text("something else")
    assert "neither a passport nor a proof" in run(str(file)).stderr
    assert run(str(tmp_path / "none")).returncode == 2


@pytest.mark.parametrize("cheat", [cheat for cheat, _ in test_passports.CHEATS], ids=lambda cheat: cheat.__name__)
def test_cheats_get_the_same_verdict(plant: Plant, alone: ModuleType, cheat: object) -> None:
    calc = cheat(plant, plant.days(2, 5))  # type: ignore[operator]
    plant.house.drain()
    ours, theirs = verdicts(alone, plant.passport(calc), policy_of(plant))
    assert SAME[ours] == theirs


def test_any_flipped_byte_is_refused_by_both(plant: Plant, alone: ModuleType) -> None:
    good, policy = good_of(plant), policy_of(plant)
    assert verdicts(alone, good, policy) == verdicts(alone, good, None) == ("ok", "ok")
    dice = random.Random(3)
    for at in range(0, len(good), max(len(good) // 400, 1)):
        changed = bytearray(good)
        changed[at] ^= dice.randrange(1, 256)
        ours, theirs = verdicts(alone, bytes(changed), dice.choice([policy, None]))
        assert "ok" not in {ours, theirs}, at


def test_a_record_changed_later_is_named_by_both(plant: Plant, alone: ModuleType) -> None:
    """Not the record that misses it: the sealed day, the meter under it, the key above it."""
    calc = plant.calc(plant.days(1, 2, plant.gateway()), tree=False, signers=[plant.gateway("ML-DSA-65")])
    plant.house.drain()
    good = plant.passport(calc)
    passport = parse_passport(good)
    for index, entry in passport.records.items():
        changed = good.replace(entry, entry.replace(b"2026-11-21T08", b"2026-11-21T09"))
        right = (
            ("passport-statement", "statement") if index == passport.proof.index else ("passport-changed", "changed")
        )
        with pytest.raises(Refusal) as ours:
            check_passport(changed)
        with pytest.raises(alone.Refused) as theirs:
            alone.check_passport(changed)
        assert (ours.value.code, ours.value.arguments["received"]) == (right[0], index)
        assert (theirs.value.code, theirs.value.detail) == (right[1], index)


PLACES = st.integers(0, 2**20)


@given(first=PLACES, second=PLACES, way=st.sampled_from(["lose", "double", "swap", "space", "zero"]))
@example(first=1, second=0, way="space")  # blanks around a key were forgiven once
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_lines_moved_lost_or_doubled_are_refused_by_both(
    first: int, second: int, way: str, alone: ModuleType, shared: "Shared"
) -> None:
    good, policy = shared.passport, shared.policy
    lines = good.split(b"\n")
    one, other = first % (len(lines) - 1), second % (len(lines) - 1)
    if way == "lose":
        lines.pop(one)
    elif way == "double":
        lines.insert(other, lines[one])
    elif way == "swap":
        lines[one], lines[other] = lines[other], lines[one]
    elif way == "space":
        lines[one] = lines[one].replace(b" ", b"  ", 1) + b" "
    else:
        lines[one] = lines[one].replace(b" ", b" 0", 1)
    changed = b"\n".join(lines)
    ours, theirs = verdicts(alone, changed, policy)
    assert (ours == "ok") == (theirs == "ok") == (changed == good), (way, one, other, ours, theirs)


def test_a_tree_told_twice_is_refused_by_both(alone: ModuleType, shared: "Shared") -> None:
    head, tree, rest = shared.passport.partition(b"\ntree ")
    opened, end, proof = rest.partition(b"\n\n")
    again = tree + opened.split(b"\n")[0]
    for changed in (head + tree + opened + again + end + proof, head + again + tree + opened + end + proof):
        assert verdicts(alone, changed, shared.policy) == ("passport-malformed", "form")


@dataclass(frozen=True, repr=False)  # a failing example is told by its own arguments, not by these kilobytes
class Shared:
    passport: bytes
    policy: bytes


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Shared:
    from tests.ledger.conftest import make_house

    plant = Plant(make_house(tmp_path_factory.mktemp("shared") / "data"))
    made = Shared(good_of(plant), policy_of(plant))
    plant.house.database.close()
    return made


@pytest.mark.parametrize("record", test_records.RECORDS, ids=lambda record: record.kind)
def test_records_are_read_alike(alone: ModuleType, record: object) -> None:
    entry = encode_record(record)  # type: ignore[arg-type]
    assert alone.records.parse_record(entry)["type"] == record.kind  # type: ignore[attr-defined]


@pytest.mark.parametrize("entry", test_records.OLD)
def test_old_records_are_read_alike(alone: ModuleType, entry: bytes) -> None:
    assert alone.records.parse_record(entry)["schema"] == 1


@given(
    record=st.sampled_from(test_records.RECORDS),
    where=st.integers(0, 10**6),
    what=st.sampled_from(
        [
            b"0",
            b"9",
            b"-",
            b".",
            b'"',
            b"\\n",
            b" ",
            b"null",
            b"1e5",
            b"\\u0041",
            "é".encode(),
            b"true",
            b"[]",
            b"{}",
            b"\n",
        ]
    ),
    cut=st.integers(0, 6),
)
@settings(max_examples=600, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_damaged_records_are_read_alike(alone: ModuleType, record: object, where: int, what: bytes, cut: int) -> None:
    entry = encode_record(record)  # type: ignore[arg-type]
    at = where % len(entry)
    changed = entry[:at] + what + entry[at + cut :]
    try:
        parse_record(changed)
        ours = True
    except Refusal:
        ours = False
    try:
        alone.records.parse_record(changed)
        theirs = True
    except alone.Refused:
        theirs = False
    assert ours == theirs, changed
    # In a block, which only vouches for plain ASCII.
    plain = changed.isascii() and b"\\" not in changed
    assert (block_contents([changed]) is not None) == (ours and plain), changed


def test_folders_get_the_same_verdict(plant: Plant, alone: ModuleType, tmp_path: Path) -> None:
    """A flipped byte in every file of an exported log of two full tiles and more; and each file missing."""
    plant.house.fill(0, 600)
    copy = tmp_path / "copy"
    export_log(plant.house.folder, copy)
    policy = parse_policy(policy_of(plant))
    theirs = alone.parse_policy(policy_of(plant))
    assert verify_log(copy, policy).ok
    assert alone.check_folder(copy, theirs).head.size == 600
    dice = random.Random(1)
    for file in [each for each in sorted(copy.rglob("*")) if each.is_file() and each.name != "policy"]:
        whole = file.read_bytes()
        for at in (0, dice.randrange(len(whole)), len(whole) - 1):
            changed = bytearray(whole)
            changed[at] ^= dice.randrange(1, 256)
            file.write_bytes(bytes(changed))
            assert not verify_log(copy, policy).ok
            with pytest.raises(alone.Refused):
                alone.check_folder(copy, theirs)
        file.unlink()
        with pytest.raises(alone.Refused):
            alone.check_folder(copy, theirs)
        file.write_bytes(whole)
    # A partial tile that gave way to the full one, as tile servers may have it.
    grown = tmp_path / "grown"
    shutil.copytree(plant.house.folder.log, grown)
    plant.house.fill(600, 800)
    for each in ("tile/0/002", "tile/entries/002"):
        shutil.copy(plant.house.folder.log / each, grown / each)
        shutil.rmtree(grown / f"{each}.p")
    assert alone.check_folder(grown).head.size == 600
    # A record with the signature of another one, in a log whose files agree.
    signer = plant.gateway()
    signed = sign_record(plant.house.record(800), [signer])
    plant.put(signed, msgspec.structs.replace(plant.house.record(801), sigs=signed.sigs))
    plant.house.drain()
    assert [damage.code for damage in verify_log(plant.house.folder.log).damages] == ["record-signature"]
    with pytest.raises(alone.Refused, match="record-signature: 802"):
        alone.check_folder(plant.house.folder.log)


def test_a_log_that_went_on_under_another_name(plant: Plant, alone: ModuleType, tmp_path: Path) -> None:
    house = plant.house
    house.fill(0, 20)
    former = house.log.checkpoint()
    thief = load_keys(house.folder)
    freeze(house.folder, house.database, "city.example/log-2")
    copy = tmp_path / "copy"
    export_log(house.folder, copy)
    policy = alone.parse_policy((copy / "policy").read_bytes())
    assert alone.check_folder(copy, policy).head.origin == "city.example/log-2"
    forged = thief.sign(type(former)(former.origin, former.size, bytes(32)))
    for other in (forged, forged.replace(b"log\n", b"log-9\n", 1)):
        (copy / "frozen" / str(former.size)).write_bytes(other)
        with pytest.raises(alone.Refused, match=f"frozen/{former.size}"):
            alone.check_folder(copy, policy)


@pytest.mark.parametrize(
    "line",
    [
        b"quorum none\nquorum none", b"log x", b"group a 1 b", b"quorum nobody", b"nonsense", b"\x01",
        b"witness a b c d", b"", b"log LOG\nlog LOG\nquorum none", b"log LOG\nwitness none COS\nquorum none",
        b"log LOG\nwitness a COS\nwitness b COS\nquorum a", b"log LOG\nwitness a LOG\nquorum a",
        b"log LOG\nwitness a COS\ngroup g 2 a\nquorum g", b"log LOG\nwitness a COS\ngroup g 1 a a\nquorum g",
        b"log LOG\nwitness a COS\ngroup g any a\nquorum g", b"# remark\nlog LOG\nquorum none",
    ],
)  # fmt: skip
def test_policies_are_read_alike(plant: Plant, alone: ModuleType, line: bytes) -> None:
    log, cosigner = (signer.verifier.vkey.encode() for signer in plant.house.keys.signers)
    text = line.replace(b"LOG", log).replace(b"COS", cosigner) + b"\n"
    try:
        parse_policy(text)
        ours = True
    except Refusal:
        ours = False
    try:
        alone.parse_policy(text)
        theirs = True
    except alone.Refused:
        theirs = False
    assert ours == theirs
