"""The log's own keys: made once at ``init``, kept in the data folder, never printed or logged."""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TypeVar

import msgspec

from jasyl.storage import DataFolder, sync_directory, write_durably
from jasyl.texts import Refusal

from .checkpoint import Checkpoint, parse_checkpoint, read_checkpoint, sign_checkpoint
from .note import parse_note
from .policy import Policy, own_policy, parse_policy
from .secrets import write_secret
from .signing import ED25519, ML_DSA_44, Signer, StampedSigner, new_signer, parse_signer, signed_at

Checked = TypeVar("Checked")
POLICY = "policy"
# Policies that were in force before, numbered.
PAST = "past"
# Heads at which the log was frozen when its keys were compromised; the tree goes on under another name.
FROZEN = "frozen"
_FILES = {ED25519: "log-ed25519.key", ML_DSA_44: "log-ml-dsa-44.key"}
_SIGNED = "log-signed"
_TRAINING = "training.jasyl/"
_RING = "log-keys.json"


@dataclass(frozen=True)
class LogKeys:
    """The signers of a log, all of which every checkpoint carries, and the last checkpoint they signed."""

    folder: DataFolder
    signers: tuple[Signer, ...]

    @property
    def origin(self) -> str:
        return self.signers[0].name

    def sign(self, checkpoint: Checkpoint) -> bytes:
        """The checkpoint signed by all signers, never with an earlier time than the last one: the times of a log whose
        clock was set back would otherwise say that it shrank.
        """
        stamp = max(int(time.time()), last_stamp(self.folder))
        return sign_checkpoint(checkpoint, [StampedSigner(signer, stamp) for signer in self.signers])

    def last_signed(self) -> Checkpoint | None:
        """What these keys signed last."""
        return last_signed(self.folder)

    def remember(self, signed: bytes) -> None:
        """Write down a signed checkpoint, durably, before anybody else may see it."""
        remember_signed(self.folder, signed)


def last_signed(folder: DataFolder) -> Checkpoint | None:
    """What the log's keys signed last. It lies beside the keys, so that an older copy of the log shows."""
    try:
        return read_checkpoint((folder.keys / _SIGNED).read_bytes())
    except FileNotFoundError:
        return None


def last_stamp(folder: DataFolder) -> int:
    """The latest time (POSIX seconds) in what the log's keys signed last; 0 before anything was signed."""
    try:
        note = parse_note((folder.keys / _SIGNED).read_bytes())
    except FileNotFoundError:
        return 0
    return signed_at(note, parse_checkpoint(note.text).origin)


def remember_signed(folder: DataFolder, signed: bytes) -> None:
    """Keep a checkpoint that these keys signed, also one that only a witness still knows; never sign below it."""
    write_durably(folder.keys / _SIGNED, signed)


def create_keys(folder: DataFolder, origin: str | None = None) -> LogKeys:
    """Make the log's keys and its policy file. ``origin`` names the log for ever; None makes a unique one.

    Raises Refusal ``log-keys-exist`` or ``vkey-name``.
    """
    if any((folder.keys / name).exists() for name in _FILES.values()) or (folder.log / POLICY).exists():
        raise Refusal("log-keys-exist", received=str(folder.keys))
    name = origin or unique_origin(folder)
    signers = tuple(new_signer(name, key_type) for key_type in _FILES)
    for signer in signers:
        write_secret(folder.keys / _FILES[signer.key_type], signer.encode() + "\n")
    sync_directory(folder.keys)
    write_durably(folder.log / POLICY, own_policy([signer.verifier for signer in signers]).encode())
    return LogKeys(folder, signers)


def load_keys(folder: DataFolder) -> LogKeys:
    """The log's keys: those in force, and while keys change the former ones, which go on signing beside them.

    Raises Refusal ``log-no-keys`` or ``signing-key-malformed``.
    """
    ring = read_ring(folder)
    signers: list[Signer] = []
    for name in ring.current + ring.previous:
        try:
            signers.append(parse_signer((folder.keys / name).read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise Refusal("log-no-keys", received=str(folder.keys / name)) from None
    return LogKeys(folder, tuple(signers))


class Ring(msgspec.Struct, frozen=True, kw_only=True):
    """Which files of the folder of keys sign the log: those in force, and former ones during a change of keys."""

    current: tuple[str, ...] = tuple(_FILES.values())
    previous: tuple[str, ...] = ()


def read_ring(folder: DataFolder) -> Ring:
    """The ring of a data folder; that of its first keys when nothing was ever changed.

    Raises Refusal ``signing-key-malformed``.
    """
    try:
        return msgspec.json.decode((folder.keys / _RING).read_bytes(), type=Ring)
    except FileNotFoundError:
        return Ring()
    except msgspec.DecodeError:
        raise Refusal("signing-key-malformed") from None


def write_ring(folder: DataFolder, ring: Ring) -> None:
    """Put other keys in force, in one durable step."""
    write_durably(folder.keys / _RING, msgspec.json.encode(ring))


def new_log_keys(folder: DataFolder, origin: str) -> tuple[tuple[Signer, ...], tuple[str, ...]]:
    """Fresh signers of every algorithm in files of their own, not in force yet; gives them and the file names."""
    signers = tuple(new_signer(origin, key_type) for key_type in _FILES)
    names = tuple(f"{_FILES[one.key_type].removesuffix('.key')}-{one.key_id.hex()}.key" for one in signers)
    for signer, name in zip(signers, names, strict=True):
        write_secret(folder.keys / name, signer.encode() + "\n")
    sync_directory(folder.keys)
    return signers, names


def log_policy(log: Path) -> Policy:
    """The policy beside a log: which keys must have signed. Raises Refusal ``log-no-policy``, ``policy-malformed``."""
    try:
        return parse_policy((log / POLICY).read_bytes())
    except FileNotFoundError:
        raise Refusal("log-no-policy", received=str(log)) from None


def past_policies(log: Path) -> list[Policy]:
    """Earlier policies of a log, newest first: signatures of its former keys stay checkable."""
    return [parse_policy(file.read_bytes()) for file in sorted((log / PAST).glob("*.policy"), reverse=True)]


def policies_of_name(log: Path) -> list[Policy]:
    """The policy of a log, then the former ones under its present name, newest first.

    What was proven before an orderly change of keys stays good. After a compromise the log has another name, and the
    former keys count no more.
    """
    present = log_policy(log)
    return [present, *(former for former in past_policies(log) if former.origin == present.origin)]


def by_own_policies(log: Path, check: Callable[[Policy], Checked]) -> Checked:
    """What ``check`` gives under the first of a log's policies (``policies_of_name``) that does not refuse.

    Raises what ``check`` raises under the present policy when it holds under none.
    """
    present, *former = policies_of_name(log)
    try:
        return check(present)
    except Refusal:
        for policy in former:
            with suppress(Refusal):
                return check(policy)
        raise


def replace_policy(log: Path, policy: Policy) -> None:
    """Put another policy in force and keep the former one."""
    former = (log / POLICY).read_bytes()
    (log / PAST).mkdir(exist_ok=True)
    number = len(list((log / PAST).glob("*.policy")))
    write_durably(log / PAST / f"{number:04d}.policy", former)
    write_durably(log / POLICY, policy.encode())


def log_origin(folder: DataFolder) -> str:
    """The name of this folder's log, for the ``log_origin`` of records. Needs no signing key."""
    return log_policy(folder.log).origin


def is_training(origin: str) -> bool:
    """Whether a log of this name holds made-up data for training."""
    return origin.startswith(_TRAINING)


def unique_origin(folder: DataFolder) -> str:
    """A name for a log that no other log has."""
    prefix = _TRAINING if folder.kind == "training" else "log.jasyl/"
    return f"{prefix}{sha256(os.urandom(32)).hexdigest()[:16]}"
