"""The log's own keys: made once at ``init``, kept in the data folder, never printed or logged."""

import os
import time
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from jasyl.storage import DataFolder, sync_directory, write_durably
from jasyl.texts import Refusal

from .checkpoint import Checkpoint, parse_checkpoint, read_checkpoint, sign_checkpoint
from .note import parse_note
from .policy import Policy, own_policy, parse_policy
from .secrets import write_secret
from .signing import ED25519, ML_DSA_44, Signer, new_signer, parse_signer, signed_at

POLICY = "policy"
# Policies that were in force before, numbered.
PAST = "past"
_FILES = {ED25519: "log-ed25519.key", ML_DSA_44: "log-ml-dsa-44.key"}
_SIGNED = "log-signed"


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
        stamp = max(time.time(), last_stamp(self.folder))
        return sign_checkpoint(checkpoint, [replace(signer, clock=lambda: stamp) for signer in self.signers])

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
    name = origin or _unique_origin(folder)
    signers = tuple(new_signer(name, key_type) for key_type in _FILES)
    for signer in signers:
        write_secret(folder.keys / _FILES[signer.key_type], signer.encode() + "\n")
    sync_directory(folder.keys)
    write_durably(folder.log / POLICY, own_policy([signer.verifier for signer in signers]).encode())
    return LogKeys(folder, signers)


def load_keys(folder: DataFolder) -> LogKeys:
    """The log's keys. Raises Refusal ``log-no-keys`` or ``signing-key-malformed``."""
    signers: list[Signer] = []
    for name in _FILES.values():
        try:
            signers.append(parse_signer((folder.keys / name).read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise Refusal("log-no-keys", received=str(folder.keys / name)) from None
    return LogKeys(folder, tuple(signers))


def log_policy(log: Path) -> Policy:
    """The policy beside a log: which keys must have signed. Raises Refusal ``log-no-policy``, ``policy-malformed``."""
    try:
        return parse_policy((log / POLICY).read_bytes())
    except FileNotFoundError:
        raise Refusal("log-no-policy", received=str(log)) from None


def known_policies(log: Path) -> list[Policy]:
    """The policy in force, then earlier ones of this log, newest first: signatures of former keys stay checkable."""
    files = sorted((log / PAST).glob("*.policy"), reverse=True)
    return [log_policy(log), *(parse_policy(file.read_bytes()) for file in files)]


def log_origin(folder: DataFolder) -> str:
    """The name of this folder's log, for the ``log_origin`` of records. Needs no signing key."""
    return log_policy(folder.log).origin


def _unique_origin(folder: DataFolder) -> str:
    prefix = "training.jasyl" if folder.kind == "training" else "log.jasyl"
    return f"{prefix}/{sha256(os.urandom(32)).hexdigest()[:16]}"
