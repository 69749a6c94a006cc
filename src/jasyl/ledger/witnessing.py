"""The log's side of witnessing: asks the witnesses of the policy to cosign, and never stands in logging's way.

``log/checkpoint`` always is the newest head, with whatever cosignatures came for it; ``log/witnessed`` is the newest
head that a quorum cosigned. ``log/witnesses.json`` remembers what each witness said last: only to show it, and to know
from which size to prove consistency; a witness corrects that itself (409).
"""

import threading
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from jasyl.intake.outgoing import Answer, Limits, for_operator
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from .checkpoint import Checkpoint, decimal_or_none, parse_checkpoint, read_checkpoint
from .keys import POLICY, last_signed, log_policy, past_policies, remember_signed
from .log import Log
from .note import Note, Signature, open_note, parse_note
from .policy import Policy, witnessed_policy
from .published import WITNESSED, attach
from .signing import Verifier, cosigned_at
from .witness import encode_request

STATUS = "witnesses.json"
LIMITS = Limits(size=256 * 1024, seconds=10, idle=5, redirects=0)
_AT_ONCE = 8


class WitnessStatus(msgspec.Struct, frozen=True, kw_only=True):
    """What a witness said last: the size it cosigned, when (POSIX seconds, its clock); the code of its last failure."""

    size: int = 0
    time: int = 0
    error: str = ""


@dataclass(frozen=True)
class WitnessAddress:
    """One witness: its name in the policy, where it is asked, the keys it cosigns with."""

    name: str
    url: str
    keys: tuple[Verifier, ...]


@dataclass(frozen=True)
class Asked:
    """What came of asking every witness once: statuses by name, whether the quorum holds for the newest head."""

    size: int
    statuses: Mapping[str, WitnessStatus]
    quorum: bool


def witness_addresses(policy: Policy) -> list[WitnessAddress]:
    """The witnesses a policy gives addresses for. Keys of one address belong to one witness."""
    found: dict[str, list[tuple[str, Verifier]]] = {}
    for name, key in policy.outside_witnesses.items():
        url = policy.urls.get(key.vkey)
        if url is not None:
            found.setdefault(url.rstrip("/"), []).append((name, key))
    return [
        WitnessAddress(keys[0][0].partition("/")[0], url, tuple(key for _, key in keys)) for url, keys in found.items()
    ]


def set_witnesses(folder: DataFolder, witnesses: Sequence[WitnessAddress], quorum: int) -> Policy:
    """Write the policy that names these witnesses and demands ``quorum`` of them; gives it.

    Raises Refusal ``policy-quorum``, ``policy-malformed`` (a name or a key twice, a key that cannot cosign).
    """
    own = log_policy(folder.log).own()
    policy = witnessed_policy(own, {one.name: (one.url, one.keys) for one in witnesses}, quorum)
    write_durably(folder.log / POLICY, policy.encode())
    return policy


def quorum_of(policy: Policy) -> int:
    """How many witnesses a policy made by ``set_witnesses`` demands; 0 without any."""
    group = policy.groups.get("witnesses")
    return group.threshold if group is not None else 0


def read_statuses(log: Path) -> dict[str, WitnessStatus]:
    """What each witness said last, by name; empty when none was ever asked."""
    try:
        return msgspec.json.decode((log / STATUS).read_bytes(), type=dict[str, WitnessStatus])
    except (OSError, msgspec.DecodeError):
        return {}


def ask_witnesses(folder: DataFolder, names: Collection[str] | None = None) -> Asked:
    """Ask witnesses (those of ``names``, or all) to cosign the newest checkpoint, all at once; keeps what they answer.

    A witness that holds a larger tree signed with our keys shows that this log was rolled back: its checkpoint is kept
    beside the keys, and from then on the keeper refuses to sign (``log-truncated``, ``log-forked``).
    """
    log, policy = Log(folder), log_policy(folder.log)
    witnesses = [one for one in witness_addresses(policy) if names is None or one.name in names]
    published = log.checkpoint_bytes()
    note, size = parse_note(published), read_checkpoint(published).size
    bare = Note(note.text, tuple(line for line in note.signatures if line.name == policy.origin))
    statuses = read_statuses(folder.log)
    lines: list[Signature] = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        work = [pool.submit(_ask, one, log, bare, statuses.get(one.name, WitnessStatus()), folder) for one in witnesses]
        for witness, done in zip(witnesses, work, strict=True):
            got, statuses[witness.name] = done.result()
            lines += got
    # What came for a head that is no longer the newest still counts for the newest witnessed one.
    whole = attach(folder.log, bare.text, lines) or Note(bare.text, (*bare.signatures, *lines)).encode()
    quorum = bool(witnesses) and _holds(policy, whole)
    if quorum and size >= witnessed_size(folder.log):
        write_durably(folder.log / WITNESSED, whole)
    write_durably(folder.log / STATUS, msgspec.json.format(msgspec.json.encode(statuses)))
    return Asked(size, statuses, quorum)


def witnessed_size(log: Path) -> int:
    """The size of the newest tree that a quorum cosigned; -1 when there is none."""
    try:
        return read_checkpoint((log / WITNESSED).read_bytes()).size
    except (OSError, Refusal):
        return -1


def _holds(policy: Policy, note: bytes) -> bool:
    try:
        policy.check(note)
    except Refusal:
        return False
    return True


def _ask(
    witness: WitnessAddress, log: Log, note: Note, before: WitnessStatus, folder: DataFolder
) -> tuple[list[Signature], WitnessStatus]:
    try:
        lines = _cosignatures(witness, log, note, before.size, folder)
    except Refusal as refusal:
        return [], WitnessStatus(size=before.size, time=before.time, error=refusal.code)
    stamp = max(cosigned_at(line.blob) for line in lines)
    return lines, WitnessStatus(size=parse_checkpoint(note.text).size, time=stamp)


def _cosignatures(witness: WitnessAddress, log: Log, note: Note, old: int, folder: DataFolder) -> list[Signature]:
    size = parse_checkpoint(note.text).size
    for _ in range(3):
        proof = log.consistency(min(old, size), size)
        answer = _request(witness, "POST", "add-checkpoint", encode_request(min(old, size), proof, note.encode()))
        if answer.status == 200:
            return _verified(witness, note, answer)
        stored = decimal_or_none(answer.body.decode(errors="replace").strip()) if answer.status == 409 else None
        if stored is None:
            raise Refusal("witness-refused", received=witness.url, status=answer.status)
        if stored > size:
            _roll_back_seen(witness, folder)
            raise Refusal("witness-ahead", received=size, expected=stored)
        old = stored
    raise Refusal("witness-refused", received=witness.url, status=409)


def _verified(witness: WitnessAddress, note: Note, answer: Answer) -> list[Signature]:
    """The cosignature lines of a reply that verify; lines of keys we do not know are left out."""
    whole = note.encode() + answer.body
    _, signed = open_note(whole, witness.keys)
    known = {(key.name, key.key_id) for key in signed}
    return [line for line in parse_note(whole).signatures if (line.name, line.key_id) in known]


def _request(witness: WitnessAddress, method: str, path: str, body: bytes | None = None) -> Answer:
    return for_operator(witness.url, LIMITS).request(method, f"{witness.url}/{path}", body=body)


def _seen_by(witness: WitnessAddress, policies: Sequence[Policy]) -> bytes | None:
    """The newest checkpoint of this log that a witness cosigned, if our own keys signed it."""
    origin_hash = sha256(policies[0].origin.encode()).hexdigest()
    answer = _request(witness, "GET", f"{origin_hash}/checkpoint")
    ours = answer.status == 200 and any(_holds(policy.own(), answer.body) for policy in policies)
    return answer.body if ours else None


def _roll_back_seen(witness: WitnessAddress, folder: DataFolder) -> None:
    seen = _seen_by(witness, [log_policy(folder.log), *past_policies(folder.log)])
    if seen is not None:
        _keep_if_ahead(folder, seen)


def _keep_if_ahead(folder: DataFolder, seen: bytes) -> None:
    signed, found = last_signed(folder), read_checkpoint(seen)
    ahead = signed is None or found.size > signed.size or (found.size == signed.size and found.root != signed.root)
    if ahead:
        remember_signed(folder, seen)


def consult_witnesses(folder: DataFolder) -> Checkpoint | None:
    """The largest tree of this log that any witness has seen, None when none could be asked.

    To be called before a restored or newly opened log signs anything. If it is ahead of what these keys remember
    having signed, it is kept beside the keys, so that the keeper refuses to sign another history. Witnesses that do
    not answer within seconds are passed over.
    """
    policies = [log_policy(folder.log), *past_policies(folder.log)]
    witnesses = witness_addresses(policies[0])
    found: list[bytes] = []
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        for done in [pool.submit(_seen_by, one, policies) for one in witnesses]:
            try:
                seen = done.result()
            except Refusal:
                continue
            if seen is not None:
                found.append(seen)
    if not found:
        return None
    newest = max(found, key=lambda data: read_checkpoint(data).size)
    _keep_if_ahead(folder, newest)
    return read_checkpoint(newest)


class WitnessKeeper:
    """Asks each witness whenever it has not cosigned the newest checkpoint; for a thread of its own.

    A witness that fails is asked again after growing pauses, at most ``longest`` seconds; the others go on.
    """

    def __init__(
        self, folder: DataFolder, *, longest: float = 60.0, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.folder, self.longest, self.clock = folder, longest, clock
        self._asked: dict[str, bytes] = {}
        self._pauses: dict[str, tuple[float, float]] = {}

    def run(self, interval: float, stop: threading.Event, failed: Callable[[Exception], None] | None = None) -> None:
        """Look every ``interval`` seconds until ``stop`` is set; failures are told to ``failed`` and do not end it."""
        while not stop.wait(interval):
            try:
                self.turn()
            except Refusal as refusal:
                if refusal.code not in {"log-missing", "log-no-policy"} and failed is not None:
                    failed(refusal)
            except Exception as error:
                if failed is None:
                    raise
                failed(error)

    def turn(self) -> Asked | None:
        """Ask those whose turn it is; None when it is nobody's."""
        addresses = witness_addresses(log_policy(self.folder.log))
        if not addresses:
            return None
        text, now = parse_note(Log(self.folder).checkpoint_bytes()).text, self.clock()
        due = [
            one.name
            for one in addresses
            if self._asked.get(one.name) != text and self._pauses.get(one.name, (now, 0.0))[0] <= now
        ]
        if not due:
            return None
        asked = ask_witnesses(self.folder, due)
        for name in due:
            if asked.statuses[name].error:
                pause = min(max(self._pauses.get(name, (0.0, 0.5))[1] * 2, 1.0), self.longest)
                self._pauses[name] = self.clock() + pause, pause
            else:
                self._asked[name] = text
                self._pauses.pop(name, None)
        return asked
