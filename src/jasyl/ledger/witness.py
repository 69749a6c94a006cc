"""A witness (C2SP tlog-witness v1.0.0): cosigns a log's checkpoint only if it extends the one it cosigned before.

What a witness keeps is small: its keys, the logs it knows (a trust policy each, in ``logs/``) and the last checkpoint
it cosigned of each (``seen/``). Comparing with that and storing the new one is one step under a lock, durable before
anything is answered, so that no two of its cosignatures ever contradict one another.
"""

import base64
import fcntl
import os
import re
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from jasyl.storage import sync_directory, write_durably
from jasyl.texts import Refusal

from .checkpoint import Checkpoint, decimal_or_none, parse_checkpoint, read_checkpoint
from .merkle import EMPTY_ROOT, HASH_SIZE, verify_consistency
from .note import MAX_NOTE, Note, Signature, parse_note, strict_base64
from .policy import Policy, parse_policy
from .secrets import write_secret
from .signing import ED25519_COSIGNATURE, ML_DSA_44, cosigned_at, new_signer, parse_signer

MAX_PROOF_LINES = 63
# A checkpoint of the largest size, and 63 hashes above it.
MAX_REQUEST = MAX_NOTE + 4096
SIZE_TYPE = "text/x.tlog.size"
TEXT_TYPE = "text/plain; charset=utf-8"
_FILES = {ED25519_COSIGNATURE: "witness-ed25519.key", ML_DSA_44: "witness-ml-dsa-44.key"}
_LOGS, _SEEN = "logs", "seen"
_ORIGIN_HASH = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Reply:
    """An HTTP answer."""

    status: int
    body: bytes = b""
    content_type: str = TEXT_TYPE


@dataclass(frozen=True)
class _Request:
    old: int
    proof: list[bytes]
    note: Note


class Witness:
    """The witness whose folder is ``folder``; any number of processes may serve it. ``clock`` gives POSIX seconds.

    Raises Refusal ``witness-missing`` when the folder holds no witness, ``signing-key-malformed``.
    """

    def __init__(self, folder: Path, clock: Callable[[], float] = time.time) -> None:
        self.folder, self.clock = folder, clock
        try:
            self.signers = [parse_signer((folder / name).read_text(encoding="utf-8")) for name in _FILES.values()]
        except FileNotFoundError:
            raise Refusal("witness-missing", received=str(folder)) from None
        self._known: tuple[object, list[Policy]] = (None, [])

    @property
    def name(self) -> str:
        return self.signers[0].name

    @property
    def vkeys(self) -> list[str]:
        """The verifier keys of its cosignatures, Ed25519 and ML-DSA-44."""
        return [signer.verifier.vkey for signer in self.signers]

    def trust(self, policy: Policy) -> None:
        """Know a log by its policy from now on: every key of the log itself that is listed must have signed.

        Raises Refusal ``policy-malformed`` when no log is listed.
        """
        own = policy.own()
        name = f"{sha256(own.origin.encode()).hexdigest()[:16]}-{sha256(own.encode()).hexdigest()[:16]}.policy"
        write_durably(self.folder / _LOGS / name, own.encode())

    def logs(self) -> list[Policy]:
        """The policies of the logs it knows; of one origin there are several while its keys change."""
        files = sorted((self.folder / _LOGS).glob("*.policy"))
        stamp = [(file.name, file.stat().st_mtime_ns) for file in files]
        if self._known[0] != stamp:
            self._known = stamp, [parse_policy(file.read_bytes()) for file in files]
        return self._known[1]

    def add_checkpoint(self, body: bytes) -> Reply:
        """Answer a request of ``POST <prefix>/add-checkpoint``: the statuses of the standard, 200 with cosignatures."""
        request = _parse_request(body)
        if request is None:
            return Reply(400)
        origin = request.note.text.decode().split("\n", 1)[0]
        policies = [policy for policy in self.logs() if policy.origin == origin]
        if not policies:
            return Reply(404)
        signed = _signed(request.note, policies)
        if signed is None:
            return Reply(403)
        try:
            checkpoint = parse_checkpoint(request.note.text)
        except Refusal:
            return Reply(422 if request.note.text.split(b"\n")[1] == b"0" else 400)
        if request.old > checkpoint.size:
            return Reply(400)
        with self._alone():
            return self._compare_and_store(request, checkpoint, signed)

    def _compare_and_store(self, request: _Request, checkpoint: Checkpoint, signed: Note) -> Reply:
        file = self.folder / _SEEN / sha256(checkpoint.origin.encode()).hexdigest()
        before = file.read_bytes() if file.exists() else None
        seen = read_checkpoint(before) if before is not None else Checkpoint(checkpoint.origin, 0, EMPTY_ROOT)
        if request.old != seen.size:
            return Reply(409, f"{seen.size}\n".encode(), SIZE_TYPE)
        if not verify_consistency(seen.size, checkpoint.size, seen.root, checkpoint.root, request.proof):
            return Reply(422)
        stamp = max(int(self.clock()), self._last_stamp(before))
        lines = [Signature(one.name, one.key_id, one.sign_at(signed.text, stamp)) for one in self.signers]
        write_durably(file, Note(signed.text, (*signed.signatures, *lines)).encode())
        return Reply(200, "".join(line.line() for line in lines).encode())

    def _last_stamp(self, seen: bytes | None) -> int:
        """The time of the cosignatures given last: a clock that is set back must not make them contradict."""
        ours = {signer.key_id for signer in self.signers}
        lines = parse_note(seen).signatures if seen is not None else ()
        return max((cosigned_at(line.blob) for line in lines if line.key_id in ours), default=0)

    def latest(self, origin_hash: str) -> bytes | None:
        """What ``GET <prefix>/<sha256hex(origin)>/checkpoint`` answers; None (404) for a log never cosigned."""
        if not _ORIGIN_HASH.fullmatch(origin_hash):
            return None
        try:
            return (self.folder / _SEEN / origin_hash).read_bytes()
        except FileNotFoundError:
            return None

    @contextmanager
    def _alone(self) -> Generator[None]:
        descriptor = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def create_witness(folder: Path, name: str) -> Witness:
    """Make a witness with new keys in an empty or new folder.

    Raises Refusal ``witness-exists``, ``vkey-name``, ``data-folder-unwritable``.
    """
    try:
        if any((folder / file).exists() for file in _FILES.values()):
            raise Refusal("witness-exists", received=str(folder))
        signers = [new_signer(name, key_type) for key_type in _FILES]
        for inner in (folder / _LOGS, folder / _SEEN):
            inner.mkdir(parents=True, exist_ok=True)
        for signer in signers:
            write_secret(folder / _FILES[signer.key_type], signer.encode() + "\n")
    except OSError as error:
        raise Refusal("data-folder-unwritable", received=str(folder), reason=error.strerror) from error
    sync_directory(folder)
    return Witness(folder)


def encode_request(old: int, proof: list[bytes], checkpoint: bytes) -> bytes:
    """The body of an ``add-checkpoint`` request."""
    lines = [f"old {old}", *(base64.b64encode(item).decode() for item in proof), "", ""]
    return "\n".join(lines).encode() + checkpoint


def _parse_request(body: bytes) -> _Request | None:
    if len(body) > MAX_REQUEST:
        return None
    head, _, checkpoint = body.partition(b"\n\n")
    try:
        lines = head.decode("ascii").split("\n")
        note = parse_note(checkpoint)
    except (UnicodeDecodeError, Refusal):
        return None
    old = decimal_or_none(lines[0].removeprefix("old ")) if lines[0].startswith("old ") else None
    proof = [strict_base64(line) for line in lines[1:]]
    hashes = [item for item in proof if item is not None and len(item) == HASH_SIZE]
    if old is None or len(hashes) != len(proof) or len(proof) > MAX_PROOF_LINES or note.text.count(b"\n") < 3:
        return None
    return _Request(old, hashes, note)


def _signed(note: Note, policies: list[Policy]) -> Note | None:
    """The note with the lines of the log's own keys only, if all keys of one policy have signed it."""
    for policy in policies:
        known = {(key.name, key.key_id): key for key in policy.own_keys}
        lines = [line for line in note.signatures if (line.name, line.key_id) in known]
        good = all(known[line.name, line.key_id].verify(note.text, line.blob) for line in lines)
        if good and {(line.name, line.key_id) for line in lines} == set(known):
            return Note(note.text, tuple(lines))
    return None
