"""The offline check names each damaged file and the first damaged byte range."""

import random
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from jasyl.ledger import Erase, Log, Report, demand_all, export_log, parse_proof, parse_vkey, verify_log, verify_proof
from jasyl.ledger.checkpoint import Checkpoint, sign_checkpoint
from jasyl.ledger.journal import HEAD_SIZE, MAGIC, frames
from jasyl.ledger.proof import Proof
from jasyl.ledger.records import encode_record
from jasyl.ledger.signing import ED25519, new_signer
from jasyl.ledger.writer import LogWriter
from jasyl.texts import LANGUAGES, Refusal

from .conftest import copied_house

if TYPE_CHECKING:
    from .conftest import House

FLIPS = [0.0, 0.37, 0.99]


@pytest.fixture
def full(filled: Callable[..., Path], tmp_path: Path) -> Iterator["House"]:
    """600 records in three commits: two full blocks and an unfinished one."""
    house = copied_house(filled((0, 100), (100, 590), (590, 600)), tmp_path / "data")
    yield house
    house.database.close()


def flip(file: Path, at: int, count: int = 1) -> None:
    data = bytearray(file.read_bytes())
    for place in range(at, at + count):
        data[place] ^= 0x55
    file.write_bytes(data)


def only(report: Report) -> tuple[str, int | None, int | None]:
    assert len(report.damages) == 1, report.text("en")
    damage = report.damages[0]
    return damage.file, damage.start, damage.end


@pytest.mark.parametrize("where", FLIPS)
@pytest.mark.parametrize(
    "file",
    [
        "tile/0/000",
        "tile/0/001",
        "tile/0/002.p/88",
        "tile/0/002.p/78",
        "tile/1/000.p/2",
        "tile/entries/000",
        "tile/entries/001",
        "tile/entries/002.p/88",
        "tile/entries/002.p/78",
        "journal",
    ],
)
def test_a_flipped_byte_is_named(full: "House", file: str, where: float) -> None:
    path = full.folder.log / file
    at = int(where * (path.stat().st_size - 1))
    flip(path, at)
    report = verify_log(full.folder.path, full.keys_policy)
    assert only(report) == (file, at, at + 1), report.text("en")
    assert not report.refusals


def test_every_byte_of_a_small_journal(house: "House") -> None:
    """Three of the shortest records there are, in two commits."""
    head = {"log_origin": house.keys.origin, "issued": "2026-11-21T08:15:30Z", "author": "a", "actor": "a"}
    short = [Erase(**head, subject=name, destroyed="series-key", reason="r", authority="a") for name in "123"]
    with LogWriter(house.folder.log, house.keys) as writer:
        for commit in (short[:2], short[2:]):
            writer.append([encode_record(record) for record in commit])
            writer.sign()
    journal = house.folder.log / "journal"
    whole = journal.read_bytes()
    for at in range(len(whole)):
        flip(journal, at)
        assert only(verify_log(house.folder.path)) == ("journal", at, at + 1)
        journal.write_bytes(whole)


def test_every_byte_of_a_checkpoint(house: "House") -> None:
    house.fill(0, 3)
    file = house.folder.log / "checkpoint"
    whole = file.read_bytes()
    for at in [*range(200), *range(200, len(whole), 97)]:
        flip(file, at)
        report = verify_log(house.folder.path, house.keys_policy)
        assert not report.ok
        assert "checkpoint" in {damage.file for damage in report.damages}
        start, end = next((item.start, item.end) for item in report.damages if item.file == "checkpoint")
        assert start is not None
        assert end is not None
        file.write_bytes(whole)


@pytest.mark.parametrize("file", ["tile/0/000", "tile/entries/001", "tile/0/002.p/88", "tile/1/000.p/2"])
def test_a_missing_file_is_named(full: "House", file: str) -> None:
    (full.folder.log / file).unlink()
    assert only(verify_log(full.folder.path)) == (file, None, None)


@pytest.mark.parametrize("file", ["tile/0/001", "tile/entries/001", "tile/entries/002.p/88", "tile/1/000.p/2"])
def test_a_cut_file_is_named(full: "House", file: str) -> None:
    path = full.folder.log / file
    data = path.read_bytes()
    path.write_bytes(data[:-5])
    name, start, _ = only(verify_log(full.folder.path))
    assert (name, start) == (file, len(data) - 5)


def test_a_cut_journal_is_named(full: "House") -> None:
    path = full.folder.log / "journal"
    data = path.read_bytes()
    for cut in (len(data) - 1, len(data) // 2, 20):
        path.write_bytes(data[:cut])
        name, start, _ = only(verify_log(full.folder.path))
        assert name == "journal"
        assert start is not None
        assert start <= cut


def test_damage_in_several_files_at_once(full: "House") -> None:
    """Bundle, tile and journal damaged in the same block at different entries: the level above tells the truth."""
    flip(full.folder.log / "tile/entries/000", 900)
    flip(full.folder.log / "tile/0/000", 4000, 3)
    flip(full.folder.log / "tile/0/001", 7)
    report = verify_log(full.folder.path)
    assert {(item.file, item.start, item.end) for item in report.damages} == {
        ("tile/entries/000", 900, 901),
        ("tile/0/000", 4000, 4003),
        ("tile/0/001", 7, 8),
    }


def test_everything_unreadable_in_a_block(full: "House") -> None:
    (full.folder.log / "tile/entries/000").unlink()
    (full.folder.log / "tile/0/000").write_bytes(b"short")
    (full.folder.log / "journal").unlink()
    report = verify_log(full.folder.path)
    assert {item.file for item in report.damages} == {"tile/entries/000", "tile/0/000"}
    assert report.entries == 600 - 256
    (full.folder.log / "tile/1/000.p/2").unlink()
    assert not verify_log(full.folder.path).ok
    (full.folder.log / "tile/entries/002.p/88").unlink()
    (full.folder.log / "tile/0/002.p/88").unlink()
    assert not verify_log(full.folder.path).ok


def test_an_entry_changed_in_journal_and_bundle_alike(full: "House") -> None:
    """Whoever changes both still meets the tree: the tiles and the signature tell."""
    bundle = full.folder.log / "tile/entries/000"
    data = bundle.read_bytes()
    at = data.index(b"meter-7.csv")
    bundle.write_bytes(data.replace(b"meter-7.csv", b"meter-8.csv"))
    journal = full.folder.log / "journal"
    journal.write_bytes(journal.read_bytes().replace(b"meter-7.csv", b"meter-8.csv"))
    report = verify_log(full.folder.path)
    damaged = {item.file: item for item in report.damages}
    assert set(damaged) == {"tile/entries/000", "journal"}
    start, end = damaged["tile/entries/000"].start, damaged["tile/entries/000"].end
    assert start is not None
    assert end is not None
    assert start <= at < end


def test_a_whole_history_rewritten_is_caught_by_the_signature(full: "House", tmp_path: Path) -> None:
    """Somebody rebuilds all files over other entries and keeps the old checkpoint."""
    entries = [entry for part in LogWriter(full.folder.log, full.keys).entries(0) for entry in part]
    entries[300] = encode_record(full.record(9999))
    checkpoint = full.log.checkpoint_bytes()
    shutil.rmtree(full.folder.log)
    full.folder.log.mkdir()
    (full.folder.keys / "log-signed").unlink()
    with LogWriter(full.folder.log, full.keys) as writer:
        writer.append(entries)
        writer.sign()
    (full.folder.log / "checkpoint").write_bytes(checkpoint)
    report = verify_log(full.folder.path, full.keys_policy)
    assert only(report)[0] == "checkpoint"
    assert report.damages[0].code == "root"


def test_signatures_that_do_not_hold(full: "House") -> None:
    stranger = new_signer("city.example/log", ED25519)
    checkpoint = full.log.checkpoint()
    file = full.folder.log / "checkpoint"
    good = file.read_bytes()
    lines = good.splitlines(keepends=True)
    # Signed by somebody else, with a signature stripped, and with the right keys but another root.
    file.write_bytes(sign_checkpoint(checkpoint, [stranger]))
    assert verify_log(full.folder.path, full.keys_policy).refusals[0].code == "note-unsigned"
    file.write_bytes(b"".join(lines[:-1]))
    assert verify_log(full.folder.path, full.keys_policy).refusals[0].code == "checkpoint-signature-missing"
    file.write_bytes(sign_checkpoint(Checkpoint(checkpoint.origin, checkpoint.size, bytes(32)), full.keys.signers))
    report = verify_log(full.folder.path, full.keys_policy)
    assert [item.code for item in report.damages] == ["root"]
    # One signature line spoiled: exactly that line is named.
    text = good.decode()
    start = len(lines[0] + lines[1] + lines[2] + lines[3] + lines[4])
    spoiled = bytearray(good)
    spoiled[start + 60] = ord("A") if spoiled[start + 60] != ord("A") else ord("B")
    file.write_bytes(spoiled)
    report = verify_log(full.folder.path, full.keys_policy)
    assert only(report) == ("checkpoint", start, len(text.encode()))


def test_records_that_do_not_belong(house: "House") -> None:
    """Foreign and malformed entries are in the tree all right, and are named."""
    other = encode_record(house.record(1)).replace(b"city.example/log", b"other.example/l1")
    with LogWriter(house.folder.log, house.keys) as writer:
        writer.append([encode_record(house.record(0)), other])
        writer.sign()
    report = verify_log(house.folder.path)
    assert report.damages[0].code == "origin"
    with LogWriter(house.folder.log, house.keys) as writer:
        writer.append([b"not a record"] * 300)
        writer.sign()
    report = verify_log(house.folder.path)
    assert {item.code for item in report.damages} == {"origin", "record"}


def test_entries_after_the_checkpoint_are_counted_apart(full: "House") -> None:
    with LogWriter(full.folder.log, full.keys) as writer:
        writer.append([encode_record(full.record(number)) for number in range(600, 640)])
    report = verify_log(full.folder.path)
    assert report.ok
    assert (report.journal_entries, report.unsigned_entries) == (600, 40)


def test_reports_in_three_languages(full: "House", tmp_path: Path) -> None:
    flip(full.folder.log / "tile/0/000", 12)
    (full.folder.log / "tile/entries/001").unlink()
    (full.folder.log / "checkpoint").write_bytes(full.log.checkpoint_bytes().replace(b"\n600\n", b"\n601\n"))
    report = verify_log(full.folder.path, full.keys_policy)
    texts = {language: report.text(language) for language in LANGUAGES}
    assert len(set(texts.values())) == 3
    assert "tile/0/000, bytes 12 to 13" in texts["en"]
    data = report.as_data("ru")
    assert data["ok"] is False
    assert data["damages"][0]["text"] in texts["ru"]
    assert data["refusals"][0]["code"] == "note-bad-signature"


def test_an_export_stands_alone(full: "House", tmp_path: Path) -> None:
    target = tmp_path / "copy"
    assert export_log(full.folder, target) == len([file for file in target.rglob("*") if file.is_file()])
    report = verify_log(target, [parse_vkey(key.verifier.vkey) for key in full.keys.signers])
    assert report.ok
    assert report.trusted
    assert report.journal_entries is None
    assert report.entries == 600
    assert "exported copy" in report.text("en")
    # Proofs come from the copy as well.
    proof = parse_proof(Log(target).proof_file(333))
    assert verify_proof(proof, full.log.policy).size == 600
    # A flipped byte in an entry: without a journal the entry is named.
    bundle = target / "tile/entries/001"
    at = bundle.read_bytes().index(b"meter-300.csv")
    flip(bundle, at)
    name, start, end = only(verify_log(target))
    assert name == "tile/entries/001"
    assert start is not None
    assert end is not None
    assert start <= at < end
    assert end - start < 400
    with pytest.raises(Refusal, match="not empty"):
        export_log(full.folder, target)
    (target.parent / "file").write_bytes(b"")
    with pytest.raises(Refusal, match="cannot be written"):
        export_log(full.folder, target.parent / "file")


def test_an_export_of_a_damaged_log_is_refused(full: "House", tmp_path: Path) -> None:
    (full.folder.log / "tile/0/001").unlink()
    with pytest.raises(Refusal, match="missing or damaged"):
        export_log(full.folder, tmp_path / "copy")
    with pytest.raises(Refusal, match="no log"):
        verify_log(tmp_path / "copy")
    with pytest.raises(Refusal, match="no log"):
        verify_log(tmp_path)


def test_any_flip_anywhere_is_found(full: "House", tmp_path: Path) -> None:
    """Two hundred random places over all files of an export, each alone."""
    target = tmp_path / "copy"
    export_log(full.folder, target)
    files = sorted(file for file in target.rglob("*") if file.is_file() and file.name != "policy")
    chance = random.Random(20261121)
    for _ in range(60):
        file = chance.choice(files)
        data = file.read_bytes()
        flip(file, chance.randrange(len(data)))
        report = verify_log(target, full.keys_policy)
        assert str(file.relative_to(target)) in {item.file for item in report.damages}
        file.write_bytes(data)


def test_reading_by_address(full: "House") -> None:
    log = full.log
    assert log.read("checkpoint") == log.checkpoint_bytes()
    assert log.read("policy") == (full.folder.log / "policy").read_bytes()
    assert log.read("tile/0/000") == (full.folder.log / "tile/0/000").read_bytes()
    # A partial tile that is gone is cut from the full one.
    whole = log.read("tile/0/000") or b""
    assert log.read("tile/0/000.p/200") == whole[: 200 * 32]
    bundle = log.read("tile/entries/000.p/3") or b""
    assert (log.read("tile/entries/000") or b"").startswith(bundle)
    for path in ("journal", "durable.json", "../keys/log-ed25519.key", "tile/0/../../journal", "tile/5/000", "tile"):
        assert log.read(path) is None
    assert log.read("tile/0/009") is None


def test_proofs_from_tiles(full: "House", tmp_path: Path) -> None:
    from jasyl.ledger.merkle import leaf_hash as leaf
    from jasyl.ledger.merkle import verify_consistency, verify_inclusion

    log = full.log
    head = log.checkpoint()
    for index in (0, 255, 256, 511, 512, 599):
        assert verify_inclusion(leaf(log.entry(index)), index, head.size, log.inclusion(index), head.root)
    for old in (1, 100, 256, 512, 590, 600):
        proof = log.consistency(old)
        assert verify_consistency(old, 600, log.root(old), head.root, proof)
    for wrong in (-1, 600, 10**18):
        with pytest.raises(Refusal, match="no entry"):
            log.entry(wrong)
        with pytest.raises(Refusal, match="no entry"):
            log.inclusion(wrong)
    with pytest.raises(Refusal, match="no entry"):
        log.consistency(601, 600)
    (full.folder.log / "tile/0/001").write_bytes(b"short")
    (full.folder.log / "tile/entries/001").write_bytes(b"short")
    with pytest.raises(Refusal, match="damaged"):
        log.inclusion(300)
    with pytest.raises(Refusal, match="damaged"):
        log.entry(300)


def test_proof_files(full: "House") -> None:
    data = full.log.proof_file(123)
    proof = parse_proof(data)
    keys = full.log.policy
    assert proof.encode() == data
    assert verify_proof(proof, keys).size == 600
    assert verify_proof(proof, keys, entry=full.log.entry(123))
    # Without the entry inside, the entry must be given.
    bare = Proof(proof.index, proof.path, proof.checkpoint)
    assert parse_proof(bare.encode()) == bare
    assert verify_proof(bare, keys, entry=full.log.entry(123))
    wrong = [
        bare,
        Proof(124, proof.path, proof.checkpoint, proof.extra),
        Proof(600, proof.path, proof.checkpoint, proof.extra),
        Proof(123, proof.path[:-1], proof.checkpoint, proof.extra),
        Proof(123, (*proof.path, bytes(32)), proof.checkpoint, proof.extra),
        Proof(123, proof.path, proof.checkpoint, proof.extra + b" "),
    ]
    for other in wrong:
        with pytest.raises(Refusal, match="does not show"):
            verify_proof(other, keys)
    with pytest.raises(Refusal, match="No key"):
        demand_all([])
    text = data.decode()
    hash_line = text.split("\n")[3]
    for spoiled in (
        text.replace("@v1", "@v2"),
        text.replace("index 123", "index 0123"),
        text.replace("index 123", "index -1"),
        text.replace("index 123\n", ""),
        text.replace("extra ", "extra"),
        text.replace("extra ", "extra ="),
        text.replace(hash_line, hash_line[:-4]),
        text.replace(hash_line, "é"),
        text.replace("\n\n", "\n", 1).split("\n\n")[0],
        text.split("\n\n")[0],
        "c2sp.org/tlog-proof@v1\n\n" + text.split("\n\n", 1)[1],
    ):
        with pytest.raises(Refusal) as caught:
            parse_proof(spoiled.encode())
        assert caught.value.code in {"proof-malformed", "note-malformed"}


def test_frames_know_their_places(full: "House") -> None:
    found = list(frames(full.folder.log / "journal"))
    assert [(frame.first, frame.count) for frame in found] == [(0, 100), (100, 490), (590, 10)]
    assert found[0].offset == len(MAGIC)
    assert found[0].payload_offset == len(MAGIC) + HEAD_SIZE
    assert [frame.first for frame in frames(full.folder.log / "journal", found[1].offset, 100)] == [100, 590]
