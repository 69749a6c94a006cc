"""Keys are made, changed with an overlap, and declared invalid, and the log tells each change in its own order."""

import json
import stat
from hashlib import shake_256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jasyl.ledger import (
    Log,
    ask_witnesses,
    create_witness,
    demand_all,
    export_log,
    finish_rotation,
    freeze,
    known_keys,
    load_keys,
    log_origin,
    log_policy,
    new_keys,
    parse_proof,
    purpose_name,
    revoke,
    rotate,
    set_witnesses,
    verify_log,
    verify_proof,
)
from jasyl.ledger.key_changes import PURPOSES, Ring, new_log_keys, write_ring
from jasyl.ledger.note import open_note, parse_note, sign_note
from jasyl.ledger.signing import ML_DSA_65, Signer, parse_signer, parse_vkey
from jasyl.texts import LANGUAGES, Refusal

from .test_command import refused, run
from .vectors import WYCHEPROOF_ML_DSA_65

if TYPE_CHECKING:
    from .conftest import House


def test_an_issuers_lines_verify_under_both_algorithms(house: "House") -> None:
    signers = new_keys(house.folder, house.database, "registry.example/issuer", holder="registry", purpose="issuer")
    assert [one.verifier.algorithm for one in signers] == ["Ed25519", "ML-DSA-65"]
    note = sign_note(b"what an issuer says\n", signers)
    assert len(open_note(note, [parse_vkey(one.verifier.vkey) for one in signers])[1]) == 2
    for one in signers:
        with pytest.raises(Refusal, match="does not fit"):
            open_note(note.replace(b"says", b"said"), [one.verifier])
    told = known_keys(house.log)
    assert [(one.verifier, one.purpose, one.status) for one in told] == [
        (one.verifier, "issuer", "active") for one in signers
    ]
    files = sorted(house.folder.keys.glob("issuer-*.key"))
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert {parse_signer(file.read_text()).verifier for file in files} == {one.verifier for one in signers}
    with pytest.raises(Refusal, match="cannot be made"):
        new_keys(house.folder, house.database, "x", holder="x", purpose="log")


def test_an_ml_dsa_65_line_is_of_the_notes_profile() -> None:
    """Key material ff ‖ identifier ‖ key; message: the text; FIPS 204 context: the identifier."""
    from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA65PublicKey

    signer = Signer("issuer.example", ML_DSA_65, bytes(range(32)))
    name, identity, _ = signer.verifier.vkey.split("+", 2)
    assert (name, len(signer.verifier.public)) == ("issuer.example", 1952)
    import base64
    from hashlib import sha256

    material = base64.b64decode(signer.verifier.vkey.split("+", 2)[2])
    assert material == b"\xffml-dsa-65-note/v1" + signer.verifier.public
    assert identity == sha256(b"issuer.example\n" + material).hexdigest()[:8]
    (line,) = parse_note(sign_note(b"text\n", [signer])).signatures
    MLDSA65PublicKey.from_public_bytes(material[-1952:]).verify(line.blob, b"text\n", b"ml-dsa-65-note/v1")
    assert len(line.blob) == 3309
    with pytest.raises(Refusal, match="not supported"):
        parse_vkey("x+00000000+" + base64.b64encode(b"\xffother" + bytes(1952)).decode())


def test_the_vector_of_another_implementation_of_ml_dsa_65() -> None:
    """Wycheproof's: the key made of a seed, and which signatures under it hold."""
    seed, message, mu, signature = WYCHEPROOF_ML_DSA_65
    key = Signer("issuer.example/key", ML_DSA_65, seed).verifier
    of_key = shake_256(key.public).digest(64)
    assert shake_256(of_key + b"\x00\x00" + message).hexdigest(64) == mu
    assert len(signature) == 3309
    assert key.verify_plain(message, signature)
    assert not key.verify(message, signature)  # signed without the context of notes
    assert not key.verify_plain(message + b"!", signature)
    for changed in (b"", signature[:-1], signature + b"\x00", bytes(3309), bytes([255]) * 3309):
        assert not key.verify_plain(message, changed)
    for at in (0, 47, 48, 3247, 3248, 3303, 3308):  # digest, first and last of z, hints and their counts
        assert not key.verify_plain(message, signature[:at] + bytes([signature[at] ^ 1]) + signature[at + 1 :])


def test_revocation_is_a_place_in_the_log(house: "House") -> None:
    house.fill(0, 3)
    signer = new_keys(house.folder, house.database, "g.example/7", holder="g", purpose="gateway")[1]
    house.fill(3, 5)
    known = revoke(house.folder, house.database, signer.key_id.hex())
    assert known.index == 4
    now = {one.verifier: one for one in known_keys(house.log)}[signer.verifier]
    assert (now.status, now.index) == ("revoked", 7)
    for again in (signer.key_id.hex(), "00000000"):
        with pytest.raises(Refusal, match="no active key"):
            revoke(house.folder, house.database, again)
    with pytest.raises(Refusal, match="of the log itself"):
        revoke(house.folder, house.database, house.keys.signers[0].key_id.hex())
    assert verify_log(house.folder.path).ok


def test_rotation_with_overlap(house: "House") -> None:
    house.fill(0, 300)
    old = log_policy(house.folder.log)
    fresh = rotate(house.folder, house.database)
    new = log_policy(house.folder.log)
    assert set(new.own_keys) == set(fresh)
    # In between, holders of the former policy and of the new one both accept; nobody needs to act at one moment.
    house.fill(300, 310)
    data = house.log.checkpoint_bytes()
    assert old.check(data) == new.check(data) == demand_all([*old.own_keys[:1], *fresh[1:]]).check(data)
    assert len(parse_note(data).signatures) == 4
    with pytest.raises(Refusal, match="being changed already"):
        rotate(house.folder, house.database)
    proof = parse_proof(house.log.proof_file(5))
    former = finish_rotation(house.folder, house.database)
    assert set(former) == set(old.own_keys)
    house.fill(310, 320)
    data = house.log.checkpoint_bytes()
    assert new.check(data).size == 324
    with pytest.raises(Refusal, match="None of the trusted"):
        old.check(data)
    # Proofs given out before stay good under the policy that was theirs.
    assert verify_proof(proof, old).size == 312
    assert [one.status for one in known_keys(house.log)] == ["active", "active", "retired", "retired"]
    assert len(list(house.folder.keys.glob("log-*.key"))) == 2
    assert (house.folder.log / "past" / "0000.policy").read_bytes() == old.encode()
    assert verify_log(house.folder.path, new).ok
    with pytest.raises(Refusal, match="not being changed"):
        finish_rotation(house.folder, house.database)
    # And once more.
    rotate(house.folder, house.database)
    finish_rotation(house.folder, house.database)
    assert verify_log(house.folder.path).ok


def test_a_rotation_that_was_cut_off_is_taken_up(house: "House") -> None:
    """Killed after the new keys were put in force, before the policy says so: both policies' keys sign meanwhile."""
    house.fill(0, 10)
    _, names = new_log_keys(house.folder, log_origin(house.folder))
    write_ring(house.folder, Ring(current=names, previous=("log-ed25519.key", "log-ml-dsa-44.key")))
    house.fill(10, 20)
    assert log_policy(house.folder.log).check(house.log.checkpoint_bytes()).size == 20
    fresh = rotate(house.folder, house.database)
    assert {key.key_id.hex() for key in fresh} == {name.rsplit("-", 1)[1].removesuffix(".key") for name in names}
    assert log_policy(house.folder.log).check(house.log.checkpoint_bytes()).size == 22
    (house.folder.keys / "log-keys.json").write_bytes(b"{")
    with pytest.raises(Refusal, match="damaged"):
        load_keys(house.folder)


def test_a_witness_goes_along_with_a_rotation(house: "House", tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It knows the former keys, then both; its name stays in the policy."""
    from jasyl.intake.outgoing import Answer, Outgoing
    from jasyl.ledger import WitnessAddress

    witness = create_witness(tmp_path / "w", "w.example")
    witness.trust(log_policy(house.folder.log))

    def request(self: object, method: str, url: str, *, headers: object = None, body: bytes | None = None) -> Answer:
        if method == "GET":
            found = witness.latest(url.split("/")[-2])
            return Answer(404 if found is None else 200, {}, found or b"", url)
        reply = witness.add_checkpoint(body or b"")
        return Answer(reply.status, {}, reply.body, url)

    monkeypatch.setattr(Outgoing, "request", request)
    keys = tuple(parse_vkey(line) for line in witness.vkeys)
    set_witnesses(house.folder, [WitnessAddress("w", "http://127.0.0.1:9", keys)], 1)
    house.fill(0, 10)
    assert ask_witnesses(house.folder).quorum
    rotate(house.folder, house.database)
    assert ask_witnesses(house.folder).quorum
    finish_rotation(house.folder, house.database)
    house.fill(10, 20)
    assert ask_witnesses(house.folder).statuses["w"].error == "witness-refused"
    witness.trust(log_policy(house.folder.log))
    assert ask_witnesses(house.folder).quorum
    assert verify_log(house.folder.path, log_policy(house.folder.log)).witnessed_by == ["w"]


def test_a_compromised_log_goes_on_under_a_new_name(house: "House", tmp_path: Path) -> None:
    ids = house.fill(0, 300)
    old, stolen = log_policy(house.folder.log), load_keys(house.folder)
    proof = parse_proof(house.log.proof_file(7))
    house.enqueue(300, 303)
    name = freeze(house.folder, house.database, "city.example/log-2")
    assert log_origin(house.folder) == name
    assert Log(house.folder).root(300) == proof_root(proof, old)
    assert verify_proof(proof, old).size == 300
    assert [row[1] for row in house.rows()[:300]] == list(range(len(ids)))
    report = verify_log(house.folder.path, log_policy(house.folder.log))
    assert report.ok, report.text("en")
    assert (report.origin, report.size) == (name, 307)
    statuses = [(one.verifier.name, one.status) for one in known_keys(house.log)]
    assert statuses == [("city.example/log", "revoked")] * 2 + [(name, "active")] * 2
    assert old.check((house.folder.log / "frozen" / "300").read_bytes()).size == 300
    # What a thief signs with the former keys is not this log's any more.
    forged = stolen.sign(type(house.log.checkpoint())(name, 400, bytes(32)))
    with pytest.raises(Refusal):
        log_policy(house.folder.log).check(forged)
    # An export carries the frozen head and the former policy; a false frozen head is named.
    export_log(house.folder, tmp_path / "copy")
    assert verify_log(tmp_path / "copy").ok
    assert Log(tmp_path / "copy").read("frozen/300") == Log(house.folder).read("frozen/300") is not None
    assert Log(tmp_path / "copy").read("past/0000.policy") == old.encode()
    for trick in ("past/../policy", "frozen/0300", "past/0000.policy/", "frozen/", "past/00000.policy"):
        assert Log(tmp_path / "copy").read(trick) is None
    false = stolen.sign(type(house.log.checkpoint())("city.example/log", 300, bytes(32)))
    (tmp_path / "copy" / "frozen" / "300").write_bytes(false)
    assert [item.file for item in verify_log(tmp_path / "copy").damages] == ["frozen/300"]
    house.keys = load_keys(house.folder)
    house.fill(303, 310)
    assert verify_log(house.folder.path).ok


def proof_root(proof: object, policy: object) -> bytes:
    from jasyl.ledger import Policy, Proof

    assert isinstance(proof, Proof)
    assert isinstance(policy, Policy)
    return verify_proof(proof, policy).root


def test_the_commands(house: "House", tmp_path: Path) -> None:
    house.fill(0, 5)
    data = ("--data", house.folder.path)
    made = json.loads(run("keys", "new", "m.example/gateway-7", "--purpose", "gateway", *data, "--json").stdout)[
        "vkeys"
    ]
    assert [parse_vkey(line).algorithm for line in made] == ["Ed25519", "ML-DSA-65"]
    listed = json.loads(run("keys", "list", "--all", "--json", *data).stdout)
    assert [(one["purpose"], one["status"]) for one in listed] == [("log", "active")] * 2 + [("gateway", "active")] * 2
    own = run("keys", "list", "--vkey", *data).stdout.splitlines()
    assert own == [signer.verifier.vkey for signer in house.keys.signers]
    assert "kept" not in run("keys", "list", *data, "--lang", "kk").stdout
    identity = parse_vkey(made[0]).key_id.hex()
    assert "Revoked" in run("keys", "revoke", identity, *data, "--lang", "en").stdout
    shown = run("keys", "list", "--all", *data, "--lang", "ru").stdout
    assert "\tшлюз\tотозван" in shown
    assert "\tжурнал\t" in shown
    for language in LANGUAGES:
        assert len({purpose_name(purpose, language) for purpose in (*PURPOSES, "log")}) == 5
    given = house.folder.path.parent / "0.tlog-proof"
    assert run("prove", 0, "--out", given, *data).exit_code == 0
    assert len(run("keys", "rotate", *data).stdout.splitlines()) == 3
    trusted = run("keys", "list", "--vkey", *data).stdout.splitlines()
    assert set(trusted).isdisjoint(own)
    for vkeys in (own, trusted):  # both sign during the overlap
        assert run("verify", house.folder.log, *[word for line in vkeys for word in ("--vkey", line)]).exit_code == 0
    assert len(json.loads(run("keys", "rotate", "--finish", "--json", *data).stdout)["vkeys"]) == 2
    assert run("verify", given, *data).exit_code == 0  # what was proven under the former keys stays good
    assert json.loads(run("keys", "revoke", "--log", "--origin", "two.example/log", "--json", *data).stdout) == {
        "origin": "two.example/log"
    }
    assert refused("verify", given, *data).code == "note-unsigned"  # but not once keys were compromised
    assert refused("keys", "revoke", *data).code == "key-which"
    assert refused("keys", "revoke", identity, "--log", *data).code == "key-which"
    assert run("verify", house.folder.log).exit_code == 0
