import json
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner, Result

from jasyl.cli.ledger import app
from jasyl.texts import Refusal

if TYPE_CHECKING:
    from .conftest import House


def run(*arguments: str | Path, **environment: str) -> Result:
    clean = {"JASYL_LANG": "", "JASYL_DATA": "", "LC_ALL": "", "LC_MESSAGES": "", "LANG": "C"}
    return CliRunner().invoke(app, [str(item) for item in arguments], env=clean | environment)


def refused(*arguments: str | Path) -> Refusal:
    """What the house's ``main`` turns into a sentence and exit code 1."""
    error = run(*arguments).exception
    assert isinstance(error, Refusal)
    return error


@pytest.fixture
def data(house: "House") -> Path:
    from importlib import import_module

    from jasyl.storage import METADATA
    from jasyl.storage.schema import ROOMS_WITH_TABLES

    for room in ROOMS_WITH_TABLES:  # verify looks at readings and statements as well
        import_module(room)
    METADATA.create_all(house.database.engine)
    house.fill(0, 300)
    return house.folder.path


def test_verify(house: "House", data: Path) -> None:
    done = run("verify", "--data", data)
    assert done.exit_code == 0
    assert "everything agrees" in done.stdout
    assert "keys lie beside" in done.stdout
    vkeys = [word for signer in house.keys.signers for word in ("--vkey", signer.verifier.vkey)]
    found = json.loads(run("verify", data, *vkeys, "--json").stdout)
    assert (found["ok"], found["trusted"], found["entries"]) == (True, True, 300)
    assert run("verify", data, "--policy", data / "log" / "policy").exit_code == 0
    # In the reader's language.
    assert "журнал цел" in run("verify", data, "--lang", "ru").stdout
    assert "журнал бүтін" in run("verify", data, LANG="kk_KZ.UTF-8").stdout
    assert "журнал цел" in run("verify", data, LC_ALL="ru_RU.UTF-8").stdout


def test_verify_names_damage(data: Path) -> None:
    file = data / "log" / "tile" / "0" / "000"
    content = bytearray(file.read_bytes())
    content[77] ^= 1
    file.write_bytes(content)
    done = run("verify", data)
    assert done.exit_code == 1
    assert "tile/0/000, bytes 77 to 78" in done.stderr
    found = run("verify", data, "--json")
    assert found.exit_code == 1
    assert json.loads(found.stdout)["damages"][0]["start"] == 77
    assert run("rebuild", "--data", data).exit_code == 0
    assert json.loads(run("rebuild", "--data", data, "--json").stdout) == {"entries": 300}
    assert run("verify", data).exit_code == 0


def test_export_and_verify_the_copy(data: Path, tmp_path: Path) -> None:
    done = run("export", tmp_path / "copy", "--data", data)
    assert done.exit_code == 0
    assert run("verify", tmp_path / "copy").exit_code == 0
    assert refused("export", tmp_path / "copy", "--data", data, "--json").code == "log-export-target"
    other = json.loads(run("export", tmp_path / "other", "--data", data, "--json").stdout)
    assert other["files"] == 7


def test_prove_and_verify_the_proof(house: "House", data: Path, tmp_path: Path) -> None:
    identity = house.rows()[123][0]
    by_id, by_number = run("prove", identity, "--data", data), run("prove", "123", "--data", data)
    assert by_id.exit_code == 0
    assert by_id.stdout.split("\n— ")[0] == by_number.stdout.split("\n— ")[0]
    file = tmp_path / "record.tlog-proof"
    assert run("prove", identity, "--data", data, "--out", file).stdout == ""
    assert json.loads(run("prove", identity, "--data", data, "--json").stdout)["index"] == 123
    checked = run("verify", file, "--data", data)
    assert checked.exit_code == 0
    assert "Entry 123" in checked.stdout
    assert "meter-123.csv" in checked.stdout
    vkeys = [word for signer in house.keys.signers for word in ("--vkey", signer.verifier.vkey)]
    found = json.loads(run("verify", file, *vkeys, "--json").stdout)
    assert (found["ok"], found["trusted"], found["index"]) == (True, True, 123)
    assert run("verify", file, "--policy", data / "log" / "policy").exit_code == 0
    file.write_text(file.read_text().replace("index 123", "index 124"))
    assert refused("verify", file, "--data", data).code == "proof-wrong"
    file.write_text("something else")
    assert refused("verify", file, "--data", data).code == "ledger-file-unknown"


@pytest.mark.parametrize("record", ["300", "ab" * 32, "nonsense", "99999999999999999999"])
def test_records_that_are_not_there(data: Path, record: str) -> None:
    assert refused("prove", record, "--data", data).code in {"log-no-entry", "log-unknown-record"}


def test_what_waits_is_signed_where_the_keys_are(house: "House", data: Path) -> None:
    (one,) = house.enqueue(300, 301)
    secret = data / "keys" / "log-ed25519.key"
    secret.rename(data / "away")
    for language, words in (("en", "jasyl serve"), ("ru", "сервер журнала"), ("kk", "журнал сервері")):
        waiting = refused("prove", one, "--data", data)
        assert waiting.code == "passport-waiting"
        assert words in waiting.text(language)
    (data / "away").rename(secret)
    assert json.loads(run("prove", one, "--data", data, "--json").stdout)["index"] == 300
    assert house.rows()[-1] == (one, 300)


def test_keys(house: "House", data: Path) -> None:
    lines = run("keys", "list", "--data", data, "--vkey").stdout.splitlines()
    assert lines == [signer.verifier.vkey for signer in house.keys.signers]
    found = json.loads(run("keys", "list", "--data", data, "--json").stdout)
    assert [key["vkey"] for key in found] == lines
    assert "ML-DSA-44" in run("keys", "list", "--data", data).stdout


def test_wrong_use_and_missing_things(tmp_path: Path) -> None:
    assert run("nonsense").exit_code == 2
    assert refused("verify", tmp_path).code == "log-missing"
    assert refused("keys", "list", "--data", tmp_path).code == "no-data-folder"
    assert refused("verify", tmp_path, "--vkey", "nonsense").code == "vkey-malformed"
    assert refused("verify", tmp_path, "--policy", tmp_path / "none").code == "log-no-policy"


def test_the_exit_codes_of_the_program(data: Path) -> None:
    """Through the program itself: 0 whole, 1 damaged or refused, with the reason on stderr."""
    (data / "log" / "tile" / "0" / "000").unlink()
    script = "import sys; from jasyl.cli import main; main(sys.argv[1:])"
    command = [sys.executable, "-c", script, "ledger"]
    damaged = subprocess.run(
        [*command, "verify", "--data", data, "--lang", "en"], check=False, capture_output=True, text=True, timeout=60
    )
    assert (damaged.returncode, damaged.stdout) == (1, "")
    assert "tile/0/000: the file is missing" in damaged.stderr
    missing = subprocess.run(
        [*command, "prove", "999", "--data", data, "--json"], check=False, capture_output=True, text=True, timeout=60
    )
    assert missing.returncode == 1
    assert json.loads(missing.stderr)["refused"][0]["code"] == "log-no-entry"
