"""A witness answers as C2SP tlog-witness says, never contradicts itself, and a log is never kept waiting by one."""

import threading
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jasyl.ledger import (
    Checkpoint,
    Keeper,
    Witness,
    WitnessAddress,
    WitnessKeeper,
    ask_witnesses,
    consult_witnesses,
    create_keys,
    create_witness,
    demand_all,
    log_policy,
    parse_policy,
    parse_vkey,
    read_statuses,
    set_witnesses,
    verify_log,
    witness_addresses,
    witness_verdict,
    witnessed,
)
from jasyl.ledger.checkpoint import parse_checkpoint, sign_checkpoint
from jasyl.ledger.merkle import EMPTY_ROOT, consistency_proof, leaf_hash, nodes_of, root_of
from jasyl.ledger.note import open_note, parse_note
from jasyl.ledger.signing import ED25519, ML_DSA_44, new_signer
from jasyl.ledger.witness import encode_request
from jasyl.storage import create_folder
from jasyl.texts import LANGUAGES, Refusal

from .test_command import refused
from .vectors import TORCHWOOD_ED25519, TORCHWOOD_ML_DSA
from .witnesses import Served, nobody, serve

if TYPE_CHECKING:
    from .conftest import House

ORIGIN = "city.example/log"
LEAVES = [leaf_hash(number.to_bytes(4)) for number in range(600)]
SIGNERS = [new_signer(ORIGIN, ED25519), new_signer(ORIGIN, ML_DSA_44)]
POLICY = demand_all([signer.verifier for signer in SIGNERS])


def head(size: int, leaves: list[bytes] = LEAVES) -> bytes:
    return sign_checkpoint(Checkpoint(ORIGIN, size, root_of(leaves[:size])), SIGNERS)


def request(old: int, size: int, leaves: list[bytes] = LEAVES) -> bytes:
    proof = consistency_proof(nodes_of(leaves[:size]), old, size) if old <= size else []
    return encode_request(old, proof, head(size, leaves))


@pytest.fixture
def witness(tmp_path: Path) -> Witness:
    made = create_witness(tmp_path / "witness", "w1.example")
    made.trust(POLICY)
    return made


def test_the_statuses_of_the_standard(witness: Witness) -> None:
    stranger = new_signer("other.example/log", ED25519)
    unknown = sign_checkpoint(Checkpoint("other.example/log", 3, root_of(LEAVES[:3])), [stranger])
    assert witness.add_checkpoint(encode_request(0, [], unknown)).status == 404
    impostor = [new_signer(ORIGIN, ED25519), new_signer(ORIGIN, ML_DSA_44)]
    forged = sign_checkpoint(Checkpoint(ORIGIN, 3, root_of(LEAVES[:3])), impostor)
    assert witness.add_checkpoint(encode_request(0, [], forged)).status == 403
    good = witness.add_checkpoint(request(0, 300))
    assert good.status == 200
    signed = open_note(head(300) + good.body, [parse_vkey(line) for line in witness.vkeys])[1]
    assert [key.algorithm for key in signed] == ["Ed25519 cosignature", "ML-DSA-44"]
    # Another old size than the stored one.
    for old in (0, 299, 301):
        reply = witness.add_checkpoint(request(old, 500))
        assert (reply.status, reply.body, reply.content_type) == (409, b"300\n", "text/x.tlog.size")
    assert witness.add_checkpoint(request(300, 299)).status == 400  # old above the size
    # The proof does not hold: a hash changed, left out, too many; another root at the stored size; a false empty tree.
    proof = consistency_proof(nodes_of(LEAVES[:500]), 300, 500)
    for bad in ([bytes(32), *proof[1:]], proof[:-1], [*proof, bytes(32)], []):
        assert witness.add_checkpoint(encode_request(300, bad, head(500))).status == 422
    other = sign_checkpoint(Checkpoint(ORIGIN, 300, bytes(32)), SIGNERS)
    assert witness.add_checkpoint(encode_request(300, [], other)).status == 422
    empty = sign_checkpoint(Checkpoint(ORIGIN, 0, bytes(32)), SIGNERS[:1])
    assert witness.add_checkpoint(encode_request(0, [], empty)).status == 403
    # None of this moved it.
    assert witness.add_checkpoint(request(300, 300)).status == 200
    assert witness.add_checkpoint(request(300, 500)).status == 200
    latest = witness.latest(sha256(ORIGIN.encode()).hexdigest())
    assert latest is not None
    keys = [*[signer.verifier for signer in SIGNERS], *[parse_vkey(line) for line in witness.vkeys]]
    note, opened = open_note(latest, keys)
    assert (len(opened), parse_checkpoint(note.text).size) == (4, 500)


def test_an_empty_tree(witness: Witness) -> None:
    # ML-DSA-44 signs what the checkpoint says, so only a log with an Ed25519 key alone can say this nonsense.
    alone = new_signer("lone.example/log", ED25519)
    witness.trust(demand_all([alone.verifier]))
    text = b"lone.example/log\n0\n" + Checkpoint("", 0, bytes(32)).text().split(b"\n")[2] + b"\n"
    from jasyl.ledger.note import sign_note

    assert witness.add_checkpoint(encode_request(0, [], sign_note(text, [alone]))).status == 422
    assert witness.add_checkpoint(encode_request(0, [], sign_note(b"lone.example/log\nx\ny\n", [alone]))).status == 400
    assert witness.add_checkpoint(request(0, 0)).status == 200
    assert witness.add_checkpoint(encode_request(0, [bytes(32)], head(7))).status == 422
    assert witness.add_checkpoint(request(0, 7)).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"old 0\n",
        b"old 00\n\n" + head(3),
        b"old -1\n\n" + head(3),
        b"old 1.0\n\n" + head(3),
        b"old 9007199254740992\n\n" + head(3),
        b"new 0\n\n" + head(3),
        b"old 0\r\n\r\n" + head(3),
        b"old 0\nAAAA\n\n" + head(3),
        b"old 0\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB=\n" + b"\n" + head(3),
        b"old 0\n" + b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n" * 64 + b"\n" + head(3),
        b"old 0\n\n" + head(3)[:-1],
        b"old 0\n\n" + head(3) + b"x" * 600_000,
        "old ٠\n\n".encode() + head(3),
    ],
)
def test_what_is_no_request(witness: Witness, body: bytes) -> None:
    assert witness.add_checkpoint(body).status == 400


def test_a_stripped_signature_is_not_cosigned(witness: Witness) -> None:
    """Our own logs are known by both keys: Ed25519 alone, or ML-DSA-44 alone, is not enough."""
    for few in (SIGNERS[:1], SIGNERS[1:]):
        note = sign_checkpoint(Checkpoint(ORIGIN, 3, root_of(LEAVES[:3])), few)
        assert witness.add_checkpoint(encode_request(0, [], note)).status == 403
    assert witness.latest(sha256(ORIGIN.encode()).hexdigest()) is None


@pytest.mark.parametrize("name", ["", "..", "../keys", "0" * 63, "g" * 64, "A" * 64, "0" * 64 + "/"])
def test_path_tricks(witness: Witness, name: str) -> None:
    assert witness.latest(name) is None


def test_a_clock_set_back_never_makes_two_statements_contradict(tmp_path: Path) -> None:
    now = [1_700_000_100.0]
    witness = create_witness(tmp_path / "witness", "w1.example")
    witness.clock = lambda: now[0]
    witness.trust(POLICY)
    first = witness.add_checkpoint(request(0, 10))
    now[0] -= 3600
    second = witness.add_checkpoint(request(10, 20))
    stamps = [
        [int.from_bytes(line.blob[:8]) for line in parse_note(head(size) + reply.body).signatures[2:]]
        for size, reply in ((10, first), (20, second))
    ]
    assert stamps == [[1_700_000_100] * 2] * 2


@pytest.mark.parametrize(("vkey", "request_text", "algorithm"), [TORCHWOOD_ML_DSA, TORCHWOOD_ED25519])
def test_dialogues_of_another_witness(tmp_path: Path, vkey: str, request_text: str, algorithm: str) -> None:
    """The request that torchwood's litewitness is tested with, from a log of somebody else's making."""
    witness = create_witness(tmp_path / "witness", "example.com/witness")
    key = parse_vkey(vkey)
    assert key.algorithm == algorithm
    witness.trust(parse_policy(f"log {vkey}\nquorum none\n".encode()))
    reply = witness.add_checkpoint(request_text.encode())
    assert reply.status == 200
    assert reply.body.count("— example.com/witness ".encode()) == 2
    assert witness.add_checkpoint(request_text.encode()).status == 409
    at = request_text.rindex("A")
    spoiled = request_text[:at] + "B" + request_text[at + 1 :]
    assert witness.add_checkpoint(spoiled.encode()).status in {400, 403}


def test_racing_requests_get_one_order(witness: Witness) -> None:
    """Eight threads want to move it from 100 at once: one wins, the others are told the new size."""
    assert witness.add_checkpoint(request(0, 100)).status == 200
    bodies = [request(100, 110 + number) for number in range(8)]
    replies: list[tuple[int, bytes]] = []
    gate = threading.Barrier(8)

    def push(body: bytes) -> None:
        gate.wait()
        reply = Witness(witness.folder).add_checkpoint(body)
        replies.append((reply.status, reply.body))

    threads = [threading.Thread(target=push, args=(body,)) for body in bodies]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(status for status, _ in replies) == [200, *[409] * 7]
    latest = witness.latest(sha256(ORIGIN.encode()).hexdigest())
    assert latest is not None
    size = parse_checkpoint(parse_note(latest).text).size
    assert {body for status, body in replies if status == 409} == {f"{size}\n".encode()}


def test_what_cannot_be_stored_is_not_cosigned(witness: Witness, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: Path, content: bytes) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("jasyl.ledger.witness.write_durably", full)
    with pytest.raises(OSError, match="No space"):
        witness.add_checkpoint(request(0, 5))
    monkeypatch.undo()
    assert witness.latest(sha256(ORIGIN.encode()).hexdigest()) is None


def test_a_witness_is_made_once(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match="no witness"):
        Witness(tmp_path)
    made = create_witness(tmp_path / "witness", "w1.example")
    assert Witness(made.folder).vkeys == made.vkeys
    with pytest.raises(Refusal, match="already lives"):
        create_witness(made.folder, "w1.example")
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(Refusal, match="cannot be written"):
        create_witness(tmp_path / "file" / "below", "w1.example")


# With real processes over loopback


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One witness process; each test brings a log of its own."""
    with serve(tmp_path_factory.mktemp("witness") / "one", "--name", "w1.example") as one:
        yield one


def known(served: Served, house: "House") -> WitnessAddress:
    """Make a running witness know a log, as its operator does by putting a policy into its folder."""
    Witness(served.folder).trust(log_policy(house.folder.log))
    vkeys = served.request("/")[1].decode().splitlines()
    return WitnessAddress("w1", served.url, tuple(parse_vkey(line) for line in vkeys))


def named(house: "House", name: str) -> "House":
    """The same house with a log of another name: a witness of several tests must not mix them up."""
    for file in [*house.folder.keys.iterdir(), house.folder.log / "policy"]:
        file.unlink()
    return type(house)(house.folder, house.database, create_keys(house.folder, name))


def test_a_dialogue_over_http(served: Served, tmp_path: Path) -> None:
    Witness(served.folder).trust(POLICY)
    assert served.request("/add-checkpoint")[0] == 405
    assert served.request("/nothing")[0] == 404
    assert served.request("/nothing", b"x")[0] == 405
    assert served.post(b"x" * 700_000)[0] == 413
    origin_path = f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint"
    assert served.request(origin_path)[0] == 404
    status, body, _ = served.post(request(0, 300))
    assert status == 200
    assert served.post(request(0, 400)) == (409, b"300\n", "text/x.tlog.size")
    assert body in served.request(origin_path)[1]


def test_what_was_answered_survives_a_kill(tmp_path: Path) -> None:
    with serve(tmp_path / "w", "--name", "w2.example") as one:
        Witness(one.folder).trust(POLICY)
        assert one.post(request(0, 50))[0] == 200
        one.kill()
    with serve(tmp_path / "w") as again:
        assert again.post(request(0, 60)) == (409, b"50\n", "text/x.tlog.size")
        assert again.post(request(50, 60))[0] == 200


def test_a_log_is_witnessed(served: Served, house: "House") -> None:
    house = named(house, "one.example/log")
    house.fill(0, 20)
    assert "Unwitnessed: nobody" in witness_verdict(house.folder, "en")
    set_witnesses(house.folder, [known(served, house)], 1)
    assert "Unwitnessed: no quorum" in witness_verdict(house.folder, "en")
    policy = log_policy(house.folder.log)
    with pytest.raises(Refusal, match="signature is missing"):
        policy.check(house.log.checkpoint_bytes())
    asked = ask_witnesses(house.folder)
    assert (asked.quorum, asked.size) == (True, 20)
    assert policy.check(house.log.checkpoint_bytes()).size == 20
    assert witness_verdict(house.folder, "en") == "Witnessed: all 20 entries, by w1."
    # The log goes on; what is new is unwitnessed until the witness is asked again.
    house.fill(20, 300)
    found = witnessed(house.folder)
    assert (found.size, found.witnessed, found.by) == (300, 20, ("w1",))
    assert found.covers(19)
    assert not found.covers(20)
    assert "20 of 300" in witness_verdict(house.folder, "en")
    assert verify_log(house.folder.path).ok
    assert ask_witnesses(house.folder).quorum
    assert log_policy(house.folder.log).check(house.log.checkpoint_bytes()).size == 300
    # A lost memory of what the witness said is no harm: the witness tells its size, and the proof starts there.
    (house.folder.log / "witnesses.json").unlink()
    house.fill(300, 310)
    assert ask_witnesses(house.folder).quorum


def test_an_unreachable_witness_never_blocks(served: Served, house: "House", tmp_path: Path) -> None:
    """One of two is down: logging goes on, the other cosigns; with a quorum of two it is plainly unwitnessed."""
    house = named(house, "two.example/log")
    second = create_witness(tmp_path / "second", "w2.example")
    second.trust(log_policy(house.folder.log))
    with nobody() as port:
        dead = WitnessAddress("w2", f"http://127.0.0.1:{port}", tuple(parse_vkey(line) for line in second.vkeys))
        set_witnesses(house.folder, [known(served, house), dead], 2)
        house.fill(0, 10)
        clock = [0.0]
        keeper = WitnessKeeper(house.folder, clock=lambda: clock[0])
        asked = keeper.turn()
        assert asked is not None
        assert not asked.quorum
        assert (asked.statuses["w1"].size, asked.statuses["w2"].error) == (10, "outgoing-failed")
        assert "Unwitnessed" in witness_verdict(house.folder, "en")
        unproven = refused("prove", "3", "--data", house.folder.path)
        assert (unproven.code, unproven.arguments["missing"]) == ("log-unwitnessed", "w2")
        for language in LANGUAGES:
            assert "w2" in unproven.text(language)
            assert "jasyl ledger witnesses ask" in unproven.text(language)
        assert keeper.turn() is None  # w1 has cosigned, w2 has a pause
        house.fill(10, 30)
        asked = keeper.turn()
        assert asked is not None
        assert asked.statuses["w1"].size == 30
        assert house.log.size == 30
    # It comes back, is asked after its pause, and catches up over everything it missed.
    with serve(tmp_path / "second", port=port):
        clock[0] += 100
        asked = keeper.turn()
        assert asked is not None
        assert asked.quorum
        assert witness_verdict(house.folder, "en") == "Witnessed: all 30 entries, by w1, w2."
        assert {name: status.size for name, status in read_statuses(house.folder.log).items()} == {"w1": 30, "w2": 30}
    assert keeper.turn() is None


def test_a_roll_back_of_everything_is_noticed(served: Served, house: "House") -> None:
    """Log, keys and database put back together, which nothing inside can notice: the witness does."""
    import shutil
    import sqlite3
    from contextlib import closing

    house = named(house, "three.example/log")
    house.fill(0, 20)
    set_witnesses(house.folder, [known(served, house)], 1)
    assert ask_witnesses(house.folder).quorum
    old = house.folder.path.parent / "old"
    for part in ("log", "keys"):
        shutil.copytree(house.folder.path / part, old / part)
    with closing(sqlite3.connect(house.folder.database_file)) as connection:
        connection.execute(f"vacuum into '{old / 'registry.sqlite'}'")
    house.fill(20, 50)
    assert ask_witnesses(house.folder).quorum
    house.database.close()
    for part in ("log", "keys"):
        shutil.rmtree(house.folder.path / part)
        shutil.copytree(old / part, house.folder.path / part)
    for name in ("registry.sqlite-wal", "registry.sqlite-shm"):
        (house.folder.path / name).unlink(missing_ok=True)
    (old / "registry.sqlite").replace(house.folder.database_file)
    house.enqueue(90, 91)
    with pytest.raises(Refusal) as caught:
        house.drain()
    assert caught.value.code == "log-truncated"
    assert house.log.size == 20
    seen = consult_witnesses(house.folder)
    assert seen is not None
    assert seen.size == 50


def test_a_fork_is_not_cosigned(served: Served, house: "House", tmp_path: Path) -> None:
    """Two copies of one log with the same keys, each going on alone: the witness follows one, the other is told."""
    import shutil

    from jasyl.ledger.writer import LogWriter

    house = named(house, "four.example/log")
    house.fill(0, 20)
    set_witnesses(house.folder, [known(served, house)], 1)
    assert ask_witnesses(house.folder).quorum
    twin = create_folder(tmp_path / "twin", "real")
    for part in ("log", "keys"):
        shutil.rmtree(twin.path / part)
        shutil.copytree(house.folder.path / part, twin.path / part)
    house.fill(20, 40)
    assert ask_witnesses(house.folder).quorum
    from jasyl.ledger import load_keys

    with LogWriter(twin.log, load_keys(twin)) as writer:
        writer.append([b"another history %d" % number for number in range(30)])
        writer.sign()
    asked = ask_witnesses(twin)
    assert not asked.quorum
    assert asked.statuses["w1"].error == "witness-refused"
    assert witnessed(twin).witnessed == 20
    with LogWriter(house.folder.log, house.keys) as writer:
        assert writer.size == 40


def test_the_keeper_is_not_held_up_by_dead_witnesses(house: "House") -> None:
    one = create_witness(house.folder.path / "w", "w9.example")
    ids = house.enqueue(0, 30)
    with nobody() as port:
        dead = WitnessAddress("w9", f"http://127.0.0.1:{port}", tuple(parse_vkey(line) for line in one.vkeys))
        set_witnesses(house.folder, [dead], 1)
        with Keeper(house.folder, house.database) as keeper:
            assert keeper.drain() == len(ids)
        assert house.log.size == 30
        assert consult_witnesses(house.folder) is None
    assert witness_addresses(log_policy(house.folder.log)) == [dead]
    assert house.log.checkpoint().root != EMPTY_ROOT


def test_a_witness_that_lies(house: "House", monkeypatch: pytest.MonkeyPatch) -> None:
    """Claims of a larger size without a checkpoint of ours, foreign keys, spoiled lines: noted, and nothing more."""
    from jasyl.intake.outgoing import Answer, Outgoing

    one = create_witness(house.folder.path / "w", "w9.example")
    house.fill(0, 5)
    set_witnesses(
        house.folder, [WitnessAddress("w9", "http://127.0.0.1:9", tuple(parse_vkey(line) for line in one.vkeys))], 1
    )
    other = create_witness(house.folder.path / "x", "w9.example")
    other.trust(log_policy(house.folder.log))
    foreign = other.add_checkpoint(encode_request(0, [], house.log.checkpoint_bytes())).body
    answers = {
        "ahead": Answer(409, {}, b"99\n", ""),
        "nonsense": Answer(409, {}, b"much\n", ""),
        "foreign": Answer(200, {}, foreign, ""),
        "spoiled": Answer(200, {}, foreign.replace(b"\n", b"x\n"), ""),
        "empty": Answer(200, {}, b"", ""),
        "error": Answer(500, {}, b"", ""),
    }
    codes = {}
    for name, answer in answers.items():
        monkeypatch.setattr(Outgoing, "request", lambda *arguments, said=answer, **more: said)
        codes[name] = ask_witnesses(house.folder).statuses["w9"].error
    assert codes == {
        "ahead": "witness-ahead",
        "nonsense": "witness-refused",
        "foreign": "note-unsigned",
        "spoiled": "note-malformed",
        "empty": "note-unsigned",
        "error": "witness-refused",
    }
    house.fill(5, 9)
    assert house.log.size == 9
