"""A monitor finds forks, roll-backs and stalls of logs it does not own, and its proofs convince offline."""

import json
import shutil
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jasyl.ledger import (
    Checkpoint,
    Finding,
    Misbehaviour,
    Monitor,
    Witness,
    WitnessAddress,
    ask_witnesses,
    create_witness,
    export_log,
    log_policy,
    parse_misbehaviour,
    parse_policy,
    parse_vkey,
    set_witnesses,
    verify_log,
    verify_misbehaviour,
)
from jasyl.ledger.checkpoint import sign_checkpoint
from jasyl.ledger.signing import ED25519, Signer, new_signer
from jasyl.ledger.writer import LogWriter
from jasyl.storage import DataFolder, create_folder
from jasyl.texts import Refusal

from .test_command import refused, run
from .witnesses import serve

if TYPE_CHECKING:
    from .conftest import House


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *arguments: object) -> None:
        pass


@pytest.fixture
def site(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder served over loopback, as any static web server would."""
    folder = tmp_path / "site"
    folder.mkdir()
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join(10)
    server.server_close()


def why(finding: Finding) -> str:
    return finding.refusal.code if finding.refusal else ""


def publish(folder: DataFolder, place: Path) -> None:
    shutil.rmtree(place, ignore_errors=True)
    export_log(folder, place)


def copy_of(house: "House", path: Path) -> DataFolder:
    """A second data folder with the same log and keys: what a forking operator has."""
    twin = create_folder(path, "real")
    for part in ("log", "keys"):
        shutil.rmtree(twin.path / part)
        shutil.copytree(house.folder.path / part, twin.path / part)
    return twin


def go_on_alone(folder: DataFolder, count: int) -> None:
    from jasyl.ledger import load_keys

    with LogWriter(folder.log, load_keys(folder)) as writer:
        writer.append([b"another history %d" % number for number in range(count)])
        writer.sign()


def test_a_growing_log_is_good(house: "House", site: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = site
    watch = Monitor(tmp_path / "watch", [house.keys_policy])
    (first,) = watch.look(f"{url}/log")
    assert (first.state, why(first)) == ("unreachable", "log-missing")
    states = []
    for first_record, end in ((0, 10), (10, 300), (300, 300), (300, 700)):
        house.fill(first_record, end)
        publish(house.folder, folder / "log")
        (found,) = watch.look(f"{url}/log/")
        states.append((found.state, found.kept, found.size, found.ok))
    assert states == [
        ("first", None, 10, True),
        ("grown", 10, 300, True),
        ("same", 300, 300, True),
        ("grown", 300, 700, True),
    ]
    assert not list((tmp_path / "watch").rglob("misbehaviour*"))


def test_a_fork_of_one_size(house: "House", site: tuple[Path, str], tmp_path: Path) -> None:
    """Two people are shown different histories of the same length; the monitor sees both addresses."""
    folder, url = site
    house.fill(0, 20)
    twin = copy_of(house, tmp_path / "twin")
    house.fill(20, 40)
    go_on_alone(twin, 20)
    publish(house.folder, folder / "here")
    publish(twin, folder / "there")
    watch = Monitor(tmp_path / "watch", [])
    assert watch.look(f"{url}/here")[0].state == "first"
    (found,) = watch.look(f"{url}/there")
    assert found.state == "fork"
    assert found.proof is not None
    heads = verify_misbehaviour(parse_misbehaviour(found.proof.read_bytes()), house.keys_policy)
    assert [head.size for head in heads] == [40, 40]
    # Whoever gets the file checks it offline, with keys of their own.
    vkeys = [word for signer in house.keys.signers for word in ("--vkey", signer.verifier.vkey)]
    told = run("verify", found.proof, *vkeys)
    assert told.exit_code == 0
    assert "signed two histories that exclude each other, of 40 and 40" in told.stdout
    assert "inside the file" in run("verify", found.proof).stdout
    shown = json.loads(run("verify", found.proof, *vkeys, "--json").stdout)
    assert (shown["misbehaviour"], shown["trusted"]) == ("fork", True)
    other = new_signer("city.example/log", ED25519).verifier.vkey
    assert refused("verify", found.proof, "--vkey", other).code == "note-unsigned"


@pytest.mark.parametrize("here_first", [True, False])
def test_a_fork_of_different_sizes(house: "House", site: tuple[Path, str], tmp_path: Path, here_first: bool) -> None:
    folder, url = site
    house.fill(0, 300)
    twin = copy_of(house, tmp_path / "twin")
    house.fill(300, 320)
    go_on_alone(twin, 500)
    publish(house.folder, folder / "log")
    publish(twin, folder / "twin")
    watch = Monitor(tmp_path / "watch", [house.keys_policy])
    names = ["log", "twin"] if here_first else ["twin", "log"]
    assert watch.look(f"{url}/{names[0]}")[0].state == "first"
    if not here_first:
        # A static host keeps the longer tree's tiles; without them the smaller head only looks like an old copy.
        assert watch.look(f"{url}/log")[0].state in {"rollback", "behind"}
        shutil.copytree(folder / "twin" / "tile", folder / "log" / "tile", dirs_exist_ok=True)
    (found,) = watch.look(f"{url}/{names[1]}")
    assert found.state == "fork"
    assert found.proof is not None
    heads = verify_misbehaviour(parse_misbehaviour(found.proof.read_bytes()), house.keys_policy)
    assert [head.size for head in heads] == [320, 800]


def test_a_roll_back_is_proven_by_the_signed_times(house: "House", tmp_path: Path, site: tuple[Path, str]) -> None:
    folder, url = site
    now = [1_700_000_000.0]
    signers = [Signer(one.name, one.key_type, one.seed, lambda: now[0]) for one in house.keys.signers]

    def sign(size: int) -> None:
        shutil.rmtree(folder / "log", ignore_errors=True)
        (folder / "log").mkdir()
        note = sign_checkpoint(Checkpoint("city.example/log", size, bytes([size]) * 32), signers)
        (folder / "log" / "checkpoint").write_bytes(note)

    sign(50)
    watch = Monitor(tmp_path / "watch", [house.keys_policy], clock=lambda: now[0])
    assert watch.look(f"{url}/log")[0].state == "first"
    old = (folder / "log" / "checkpoint").read_bytes()
    now[0] += 60
    sign(30)
    (found,) = watch.look(f"{url}/log")
    assert found.state == "rollback"
    assert found.proof is not None
    data = found.proof.read_bytes()
    assert verify_misbehaviour(parse_misbehaviour(data), house.keys_policy)[1].size == 30
    # The other way round it is no proof: an old copy is just old.
    proof = parse_misbehaviour(data)
    with pytest.raises(Refusal, match="does not show"):
        verify_misbehaviour(Misbehaviour("rollback", proof.policy, proof.second, proof.first))
    new = Monitor(tmp_path / "new", [house.keys_policy], clock=lambda: now[0])
    now[0] += 60
    sign(60)
    assert new.look(f"{url}/log")[0].state == "first"
    (folder / "log" / "checkpoint").write_bytes(old)
    (found,) = new.look(f"{url}/log")
    assert (found.state, found.proof, found.ok) == ("behind", None, False)


def test_a_log_that_stands_still(house: "House", site: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = site
    house.fill(0, 10)
    publish(house.folder, folder / "log")
    now = [0.0]
    watch = Monitor(tmp_path / "watch", [house.keys_policy], stall=3600, clock=lambda: now[0])
    now[0] = watch.look(f"{url}/log")[0].since + 3599.0
    assert watch.look(f"{url}/log")[0].state == "same"
    now[0] += 2
    (found,) = watch.look(f"{url}/log")
    assert (found.state, found.ok) == ("stalled", False)


def test_keys_are_held_to_what_was_shown_first(house: "House", site: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = site
    house.fill(0, 10)
    publish(house.folder, folder / "log")
    watch = Monitor(tmp_path / "watch", [])
    assert watch.look(f"{url}/log")[0].state == "first"
    impostor = new_signer("city.example/log", ED25519)
    (folder / "log" / "policy").write_bytes(f"log {impostor.verifier.vkey}\nquorum none\n".encode())
    (folder / "log" / "checkpoint").write_bytes(sign_checkpoint(house.log.checkpoint(), [impostor]))
    (found,) = watch.look(f"{url}/log")
    assert (found.state, why(found)) == ("untrusted", "note-unsigned")
    (folder / "log" / "checkpoint").write_bytes(b"nonsense")
    assert why(watch.look(f"{url}/log")[0]) == "note-malformed"


def test_tiles_that_do_not_fit_their_head(house: "House", site: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = site
    house.fill(0, 100)
    publish(house.folder, folder / "log")
    watch = Monitor(tmp_path / "watch", [house.keys_policy])
    assert watch.look(f"{url}/log")[0].state == "first"
    house.fill(100, 200)
    publish(house.folder, folder / "log")
    tile = folder / "log" / "tile" / "0" / "000.p" / "200"
    tile.write_bytes(bytes(200 * 32))
    assert watch.look(f"{url}/log")[0].state == "damaged"
    tile.unlink()
    assert watch.look(f"{url}/log")[0].state == "damaged"


def test_what_a_witness_saw_is_another_view(house: "House", site: tuple[Path, str], tmp_path: Path) -> None:
    """The public is shown one history, the witness another: each of them alone looks good."""
    folder, url = site
    one = create_witness(tmp_path / "w", "w1.example")
    with serve(tmp_path / "w") as served:
        keys = tuple(parse_vkey(line) for line in one.vkeys)
        set_witnesses(house.folder, [WitnessAddress("w1", served.url, keys)], 1)
        Witness(one.folder).trust(log_policy(house.folder.log))
        house.fill(0, 20)
        assert ask_witnesses(house.folder).quorum
        twin = copy_of(house, tmp_path / "twin")
        house.fill(20, 60)
        assert ask_witnesses(house.folder).quorum
        publish(house.folder, folder / "log")
        watch = Monitor(tmp_path / "watch", [])
        assert [found.state for found in watch.look(f"{url}/log")] == ["first", "same"]
        go_on_alone(twin, 40)
        shutil.rmtree(folder / "log")
        shutil.copytree(twin.log, folder / "log")
        found = Monitor(tmp_path / "another", []).look(f"{url}/log")
        assert [one.state for one in found] == ["first", "fork"]
    # A witness that is down says nothing about the log.
    assert len(Monitor(tmp_path / "another", []).look(f"{url}/log")) == 1


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text[:-30],
        lambda text: text.replace('"fork"', '"other"'),
        lambda text: text.replace('"first"', '"third"'),
        lambda text: text.replace('"prefix_root": null', '"prefix_root": "AAAA"'),
        lambda text: text.replace('"consistency": []', '"consistency": ["' + "!" * 44 + '"]'),
        lambda text: text.replace(
            '"consistency": []', '"consistency": [' + ",".join(['"' + "A" * 43 + '="'] * 64) + "]"
        ),
        lambda text: text + " " * 3_000_000,
    ],
)
def test_files_that_are_no_proof(house: "House", change: "object") -> None:
    heads = [sign_checkpoint(Checkpoint("city.example/log", 9, bytes([n]) * 32), house.keys.signers) for n in (1, 2)]
    good = Misbehaviour("fork", house.keys_policy.encode(), heads[0], heads[1])
    assert parse_misbehaviour(good.encode()) == good
    assert verify_misbehaviour(good)
    assert callable(change)
    with pytest.raises(Refusal) as caught:
        parse_misbehaviour(change(good.encode().decode()).encode())
    assert caught.value.code == "misbehaviour-malformed"


def test_proofs_that_show_nothing(house: "House") -> None:
    """A prefix is no fork; neither is a head beside itself, nor an empty tree beside any other."""
    house.fill(0, 20)
    first = house.log.checkpoint_bytes()
    house.fill(20, 50)
    log, second = house.log, house.log.checkpoint_bytes()
    policy, path = house.keys_policy.encode(), tuple(log.consistency(20))
    empty = house.keys.sign(Checkpoint("city.example/log", 0, Checkpoint("", 0, b"").root or log.root(0)))
    for proof in (
        Misbehaviour("fork", policy, first, first),
        Misbehaviour("fork", policy, first, second),
        Misbehaviour("fork", policy, first, second, log.root(20), path),
        Misbehaviour("fork", policy, first, second, bytes(32), path),
        Misbehaviour("fork", policy, empty, second, bytes(32), ()),
        Misbehaviour("fork", policy, second, first, log.root(20), path),
        Misbehaviour("rollback", policy, first, second),
    ):
        with pytest.raises(Refusal) as caught:
            verify_misbehaviour(proof)
        assert caught.value.code == "misbehaviour-not-shown"


def test_a_clock_set_back_is_no_roll_back(house: "House", monkeypatch: pytest.MonkeyPatch) -> None:
    """Our own log never signs an earlier time than before, else an honest log would seem to have shrunk."""
    from jasyl.ledger.note import parse_note
    from jasyl.ledger.signing import signed_at

    monkeypatch.setattr("jasyl.ledger.keys.time.time", lambda: 2_000_000_000.0)
    house.fill(0, 3)
    monkeypatch.setattr("jasyl.ledger.keys.time.time", lambda: 1_900_000_000.0)
    house.fill(3, 6)
    assert signed_at(parse_note(house.log.checkpoint_bytes()), "city.example/log") == 2_000_000_000


def test_the_command(house: "House", site: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = site
    house.fill(0, 300)
    publish(house.folder, folder / "log")
    place = ("--folder", tmp_path / "watch")
    done = run("monitor", f"{url}/log", *place)
    assert done.exit_code == 0
    assert "seen for the first time, 300 entries" in done.stdout
    found = json.loads(run("monitor", f"{url}/log", *place, "--json", "--policy", folder / "log" / "policy").stdout)
    assert [(one["state"], one["size"]) for one in found] == [("same", 300)]
    down = run("monitor", f"{url}/log", f"{url}/nothing", *place, "--lang", "ru")
    assert down.exit_code == 1
    assert f"недоступен\tВ {url}/nothing нет журнала" in down.stderr
    # The whole log of somebody else, checked from its address.
    checked = run("verify", f"{url}/log")
    assert checked.exit_code == 0
    assert "300 entries" in checked.stdout
    (folder / "log" / "tile" / "0" / "000").write_bytes(bytes(8192))
    broken = run("verify", f"{url}/log", "--json")
    assert broken.exit_code == 1
    assert json.loads(broken.stdout)["damages"][0]["file"] == "tile/0/000"
    assert refused("verify", f"{url}/nothing").code == "log-missing"
    assert verify_log(folder / "log", parse_policy((folder / "log" / "policy").read_bytes())).ok is False


def test_a_size_that_is_a_lie_does_not_keep_us_busy(house: "House", site: tuple[Path, str], tmp_path: Path) -> None:
    folder, url = site
    (folder / "log").mkdir()
    for size, code in ((2**53 - 1, "log-too-large"), (90_000_000, None)):
        note = sign_checkpoint(Checkpoint("city.example/log", size, bytes(32)), house.keys.signers)
        (folder / "log" / "checkpoint").write_bytes(note)
        (folder / "log" / "policy").write_bytes(house.keys_policy.encode())
        if code:
            assert refused("verify", f"{url}/log").code == code
        else:
            assert run("verify", f"{url}/log").exit_code == 1
