"""The export checked by implementations that are not ours: Go's x/mod for notes and proofs, sigstore for proofs."""

import os
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from tests.conftest import need

from jasyl.ledger import Log, export_log, leaf_hash
from jasyl.ledger.merkle import node_hash
from jasyl.ledger.tiles import WIDTH, decode_bundle

from .test_merkle import rekor_entry

if TYPE_CHECKING:
    from .conftest import House

# Where Debian's golang-golang-x-mod-dev puts the sources.
GOCODE = Path("/usr/share/gocode")


@pytest.fixture
def exported(house: "House", tmp_path: Path) -> Path:
    for first, end in ((0, 100), (100, 590), (590, 700)):
        house.fill(first, end)
    export_log(house.folder, tmp_path / "copy")
    return tmp_path / "copy"


@pytest.fixture(scope="module")
def go_program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The checking program, built offline with the operating system's packages."""
    ready = shutil.which("go") and (GOCODE / "src/golang.org/x/mod").is_dir()
    need(ready, "Go and its module package: apt install golang-go golang-golang-x-mod-dev")
    place = tmp_path_factory.mktemp("go")
    shutil.copy(Path(__file__).with_name("third_party.go"), place / "main.go")
    environment = os.environ | {"GOPATH": str(GOCODE), "GO111MODULE": "off", "GOFLAGS": "", "GOPROXY": "off"}
    environment |= {"GOCACHE": str(place / "cache"), "CGO_ENABLED": "0"}
    command = ["go", "build", "-o", place / "check", "main.go"]
    done = subprocess.run(command, cwd=place, env=environment, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    return place / "check"


def questions(log: Log) -> tuple[list[str], list[bool]]:
    """Proofs as lines for the Go program, good ones and spoiled ones, and what it has to say about each."""
    size, root = log.size, log.checkpoint().root.hex()
    lines, expected = list[str](), list[bool]()
    for index in (0, 1, 255, 256, 511, 512, 699):
        path = [item.hex() for item in log.inclusion(index)]
        leaf = leaf_hash(log.entry(index)).hex()
        for there, words in ((index, path), ((index + 1) % size, path), (index, path[:-1]), (index, [*path, root])):
            lines.append(" ".join(["inclusion", str(there), str(size), root, leaf, *words]))
            expected.append(there == index and words is path)
    for old in (1, 2, 100, 256, 512, 590, 699):
        path, before = [item.hex() for item in log.consistency(old)], log.root(old).hex()
        for claimed, words in ((before, path), (root, path), (before, path[1:])):
            lines.append(" ".join(["consistency", str(old), str(size), claimed, root, *words]))
            expected.append(claimed == before and words is path)
    return lines, expected


def test_go_opens_the_checkpoint_and_accepts_the_proofs(house: "House", exported: Path, go_program: Path) -> None:
    log = Log(exported)
    lines, expected = questions(log)
    command = [go_program, exported, house.keys.signers[0].verifier.vkey]
    done = subprocess.run(command, input="\n".join(lines), capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stdout
    told = done.stdout.splitlines()
    assert told[0] == "city.example/log 1"  # the ML-DSA-44 line is of a key that Go does not know, and is left alone
    assert "\n".join(told[1:4]) + "\n" == log.checkpoint().text().decode()
    assert [word == "true" for word in told[4:]] == expected
    # One flipped bit of the text, and Go refuses as well.
    file = exported / "checkpoint"
    file.write_bytes(file.read_bytes().replace(b"\n700\n", b"\n701\n"))
    refused = subprocess.run(command, input="", capture_output=True, text=True, timeout=60)
    assert (refused.returncode, refused.stdout[:8]) == (1, "refused:")


def test_sigstore_accepts_proofs_made_from_the_files_alone(exported: Path) -> None:
    from sigstore._internal.merkle import verify_merkle_inclusion

    log = Log(exported)
    head = log.checkpoint()
    for index in (0, 300, 511, 512, 699):
        bundle = f"tile/entries/{index // WIDTH:03d}" + ("" if index < 512 else ".p/188")
        entries = decode_bundle((exported / bundle).read_bytes())
        assert entries is not None
        entry = rekor_entry(entries[index % WIDTH], index, head.size, log.inclusion(index), head.root)
        verify_merkle_inclusion(entry)


def test_a_reader_who_knows_only_the_standard(exported: Path) -> None:
    """Tiles read as tlog-tiles says, by a few lines that share nothing with the product but SHA-256."""
    lines = (exported / "checkpoint").read_text().split("\n")
    size, level = int(lines[1]), 0
    hashes = b"".join(
        (exported / f"tile/0/{n:03d}{'' if width == 256 else f'.p/{width}'}").read_bytes()
        for n, width in enumerate([256] * (size // 256) + [size % 256])
    )
    row = [hashes[at : at + 32] for at in range(0, len(hashes), 32)]
    assert len(row) == size
    while len(row) > 1:  # an odd last node moves up as it is: the tree of RFC 6962
        pairs = [node_hash(row[at], row[at + 1]) for at in range(0, len(row) - 1, 2)]
        row = pairs + row[len(row) & ~1 :]
        level += 1
        if level == 8:
            tile = (exported / "tile/1/000.p/2").read_bytes()
            assert [tile[:32], tile[32:]] == row[:2]
    import base64

    assert base64.b64encode(row[0]).decode() == lines[2]
