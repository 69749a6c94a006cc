import stat
from typing import TYPE_CHECKING

import pytest

from jasyl.ledger import Checkpoint, Policy, create_keys, demand_all, load_keys, log_origin, log_policy, parse_policy
from jasyl.ledger.checkpoint import sign_checkpoint
from jasyl.ledger.signing import ED25519, ED25519_COSIGNATURE, ML_DSA_44, new_signer
from jasyl.storage import create_folder
from jasyl.texts import Refusal

if TYPE_CHECKING:
    from pathlib import Path

    from .conftest import House

LOG = new_signer("log.example", ED25519)
X = [new_signer(f"x{number}.example", ML_DSA_44) for number in range(3)]
Y = [new_signer(f"y{number}.example", ED25519_COSIGNATURE) for number in range(2)]
HEAD = Checkpoint("log.example", 7, bytes(32))
LINES = [
    "# two of three and one of two",
    "",
    f"log {LOG.verifier.vkey} https://log.example/",
    *[f"witness X{number} {key.verifier.vkey}" for number, key in enumerate(X)],
    *[f"\twitness  Y{number}   {key.verifier.vkey} https://y.example/  " for number, key in enumerate(Y)],
    "group Xs 2 X0 X1 X2",
    "group Ys any Y0 Y1",
    "group both all Xs Ys",
    "quorum both",
    "",
]


def policy(lines: list[str]) -> Policy:
    return parse_policy("\n".join(lines).encode())


def test_a_quorum_of_groups() -> None:
    made = policy(LINES)
    assert parse_policy(made.encode()) == made
    assert made.origin == "log.example"
    assert made.check(sign_checkpoint(HEAD, [LOG, X[0], X[2], Y[1]])) == HEAD
    for few in ([LOG], [LOG, *X], [LOG, X[0], *Y], [*X, *Y]):
        with pytest.raises(Refusal, match="signature is missing"):
            made.check(sign_checkpoint(HEAD, few))
    with pytest.raises(Refusal, match="belongs to the log"):
        made.check(sign_checkpoint(Checkpoint("other.example", 7, bytes(32)), [LOG, *X, *Y]))


def test_one_witness_twice_counts_once() -> None:
    """The same signature line repeated does not make a quorum; nor does one key under two names."""
    made = policy(LINES)
    data = sign_checkpoint(HEAD, [LOG, X[0], X[0], Y[0]])
    with pytest.raises(Refusal, match="signature is missing"):
        made.check(data)
    twin = [*LINES[:4], f"witness X1 {X[0].verifier.vkey}", *LINES[5:]]
    with pytest.raises(Refusal, match="cannot be read"):
        policy(twin)


def test_no_quorum() -> None:
    made = policy([LINES[2], "quorum none"])
    assert made.check(sign_checkpoint(HEAD, [LOG])) == HEAD
    with pytest.raises(Refusal, match="cannot be read at “log”"):
        policy(["quorum none"]).origin  # noqa: B018


@pytest.mark.parametrize(
    "lines",
    [
        [],
        LINES[:-2],  # no quorum
        [*LINES, "quorum both"],
        [*LINES[:-2], "quorum nobody"],
        [*LINES, LINES[2]],
        [*LINES, LINES[3]],
        [*LINES, f"witness none {new_signer('z', ML_DSA_44).verifier.vkey}"],
        [*LINES, f"witness Z {new_signer('z', ED25519).verifier.vkey}"],  # a log key cannot cosign
        [*LINES, "group Z 1 X0"],  # already in a group
        [*LINES[:-5], "group Z 0 X0 X1", "quorum Z"],
        [*LINES[:-5], "group Z 3 X0 X1", "quorum Z"],
        [*LINES[:-5], "group Z 2 X0 X0", "quorum Z"],
        [*LINES[:-5], "group Z two X0 X1", "quorum Z"],
        [*LINES[:-5], "group Z ² X0 X1", "quorum Z"],
        [*LINES[:-5], "group Z all", "quorum Z"],
        [*LINES[:-5], "group Z all none", "quorum Z"],
        [*LINES, "mirror Z"],
        [*LINES, "log"],
        ["#"] * 600 + ["quorum none"],
        ["quorum\r none"],
    ],
)
def test_policies_that_break_the_standard(lines: list[str]) -> None:
    with pytest.raises(Refusal) as caught:
        policy(lines)
    assert caught.value.code == "policy-malformed"


def test_names_are_opaque_octets() -> None:
    data = b"witness \xff\xfe " + X[0].verifier.vkey.encode() + b"\nquorum \xff\xfe\n"
    assert parse_policy(data).encode() == data
    with pytest.raises(Refusal):
        parse_policy(b"log \xff+00000000+AQ==\nquorum none\n")


def test_the_shipped_policy_demands_both_signatures(house: "House") -> None:
    shipped = log_policy(house.folder.log)
    assert shipped == demand_all([signer.verifier for signer in reversed(house.keys.signers)])
    assert [key.algorithm for key in shipped.verifiers] == ["Ed25519", "ML-DSA-44"]
    assert log_origin(house.folder) == "city.example/log"
    head = Checkpoint("city.example/log", 7, bytes(32))
    assert shipped.check(sign_checkpoint(head, house.keys.signers)) == head
    for signer in house.keys.signers:
        with pytest.raises(Refusal, match="signature is missing"):
            shipped.check(sign_checkpoint(head, [signer]))
    only_one = demand_all([house.keys.signers[0].verifier])
    assert only_one.quorum == "none"
    assert only_one.check(sign_checkpoint(head, house.keys.signers)) == head


def test_keys_are_made_once_and_private(house: "House") -> None:
    files = sorted(house.folder.keys.iterdir())
    assert [file.name for file in files] == ["log-ed25519.key", "log-ml-dsa-44.key"]
    assert {stat.S_IMODE(file.stat().st_mode) for file in files} == {0o600}
    assert load_keys(house.folder) == house.keys
    assert house.keys.origin == "city.example/log"
    with pytest.raises(Refusal, match="already has keys"):
        create_keys(house.folder)
    files[0].write_text("spoiled")
    with pytest.raises(Refusal, match="damaged"):
        load_keys(house.folder)
    (house.folder.log / "policy").unlink()
    with pytest.raises(Refusal, match="No trust policy"):
        log_policy(house.folder.log)


def test_each_log_gets_its_own_name(tmp_path: "Path") -> None:
    real, training = create_folder(tmp_path / "a", "real"), create_folder(tmp_path / "b", "training")
    first, second = create_keys(real), create_keys(training)
    assert first.origin.startswith("log.jasyl/")
    assert second.origin.startswith("training.jasyl/")
    assert first.origin.split("/")[1] != second.origin.split("/")[1]
