"""Watches logs from outside: keeps the last head of each, and finds forks, roll-backs and stalls.

Every address is a view of a log; so is what each witness of its policy has cosigned. All views of one name are held
against the largest head seen so far, whichever of them showed it. A contradiction becomes a proof file.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from jasyl.storage import write_durably
from jasyl.texts import Refusal

from .checkpoint import Checkpoint, read_checkpoint
from .merkle import verify_consistency
from .misbehaviour import Misbehaviour
from .note import parse_note
from .policy import Policy, parse_policy
from .published import CHECKPOINT
from .remote import RemoteLog, witness_view
from .signing import signed_at
from .witnessing import witness_addresses

State = Literal[
    "first", "grown", "same", "behind", "stalled", "unreachable", "untrusted", "damaged", "rollback", "fork"
]
GOOD: frozenset[State] = frozenset({"first", "grown", "same"})


@dataclass(frozen=True)
class Finding:
    """What one look at one view of a log found.

    ``kept`` is the size known before; ``since``: POSIX seconds of the newest signed head; ``proof``: the file that
    shows misbehaviour; ``refusal``: why nothing could be made of what was shown.
    """

    url: str
    state: State
    origin: str = ""
    size: int = 0
    kept: int | None = None
    since: int = 0
    proof: Path | None = None
    refusal: Refusal | None = None

    @property
    def ok(self) -> bool:
        return self.state in GOOD


class Monitor:
    """Keeps what it has seen in ``folder``. ``stall``: seconds without a new head after which a log is stalled.

    Keys come from ``policies``; a log that none of them names is taken at its own word the first time, and held to the
    keys it showed then. ``clock`` gives POSIX seconds.
    """

    def __init__(
        self, folder: Path, policies: list[Policy], *, stall: float = 172_800.0, clock: Callable[[], float] = time.time
    ) -> None:
        self.folder, self.stall, self.clock = folder, stall, clock
        self.policies = {policy.origin: policy for policy in policies}

    def look(self, url: str) -> list[Finding]:
        """Look at the log at ``url`` and at what its witnesses show of it; never raises for what others do wrong."""
        remote = RemoteLog(url)
        try:
            note = remote.checkpoint_bytes()
            origin = read_checkpoint(note).origin
            policy = self._policy(origin, remote)
        except Refusal as refusal:
            unreachable = refusal.code.startswith("outgoing-") or refusal.code == "log-missing"
            return [Finding(url, "unreachable" if unreachable else "untrusted", refusal=refusal)]
        findings = [self._judge(url, remote, policy, note)]
        for witness in witness_addresses(policy):
            try:
                seen = witness_view(witness.url, origin)
            except Refusal:
                continue  # a witness that is down says nothing about the log
            if seen is not None:
                findings.append(self._judge(witness.url, remote, policy, seen, seen_elsewhere=True))
        return findings

    def kept(self, origin: str) -> bytes | None:
        """The largest head of a log seen so far, as a signed note."""
        try:
            return (self._place(origin) / CHECKPOINT).read_bytes()
        except FileNotFoundError:
            return None

    def _place(self, origin: str) -> Path:
        return self.folder / sha256(origin.encode()).hexdigest()[:32]

    def _policy(self, origin: str, remote: RemoteLog) -> Policy:
        if origin in self.policies:
            return self.policies[origin]
        file = self._place(origin) / "policy"
        if not file.exists():
            shown = remote.read("policy")
            if shown is None or parse_policy(shown).origin != origin:
                raise Refusal("log-no-policy", received=remote.url)
            file.parent.mkdir(parents=True, exist_ok=True)
            write_durably(file, shown)
        return parse_policy(file.read_bytes())

    def _judge(
        self, url: str, remote: RemoteLog, policy: Policy, note: bytes, *, seen_elsewhere: bool = False
    ) -> Finding:
        try:
            head = policy.own().check(note)
        except Refusal as refusal:
            return Finding(url, "untrusted", refusal=refusal)
        kept = self.kept(head.origin)
        since = signed_at(parse_note(note), head.origin)
        if kept is None:
            self._keep(head.origin, note)
            return Finding(url, "first", head.origin, head.size, since=since)
        before = policy.own().check(kept)
        state, proof, refusal = self._compare(remote, policy, (before, kept), (head, note))
        if state == "grown":
            self._keep(head.origin, note)
        if state in {"same", "behind"}:
            stalled = not seen_elsewhere and 0 < since < self.clock() - self.stall
            state = "stalled" if stalled else "same" if seen_elsewhere else state
        file = self._export(head.origin, proof) if proof is not None else None
        return Finding(url, state, head.origin, head.size, before.size, since, file, refusal)

    def _compare(
        self, remote: RemoteLog, policy: Policy, kept: tuple[Checkpoint, bytes], new: tuple[Checkpoint, bytes]
    ) -> tuple[State, Misbehaviour | None, Refusal | None]:
        (before, old), (head, note) = kept, new
        keys = policy.own().encode()
        if head.size == before.size:
            same = head.root == before.root
            return ("same", None, None) if same else ("fork", Misbehaviour("fork", keys, old, note), None)
        smaller, larger = sorted([kept, new], key=lambda one: one[0].size)
        if before.size == 0:
            return "grown", None, None
        try:
            proof = remote.consistency(smaller[0].size, larger[0].size)
            inside = remote.root(smaller[0].size, larger[0].size)
        except Refusal as refusal:
            found = _rolled_back(keys, kept, new)
            if found is not None:
                return "rollback", found, None
            return ("damaged" if head.size > before.size else "behind"), None, refusal
        holds = verify_consistency(smaller[0].size, larger[0].size, inside, larger[0].root, proof)
        if holds and inside != smaller[0].root:
            return "fork", Misbehaviour("fork", keys, smaller[1], larger[1], inside, tuple(proof)), None
        if head.size > before.size:
            return ("grown" if holds else "damaged"), None, None
        found = _rolled_back(keys, kept, new)
        return ("rollback" if found else "behind"), found, None

    def _keep(self, origin: str, note: bytes) -> None:
        place = self._place(origin)
        place.mkdir(parents=True, exist_ok=True)
        write_durably(place / CHECKPOINT, note)

    def _export(self, origin: str, proof: Misbehaviour) -> Path:
        data = proof.encode()
        file = self._place(origin) / f"misbehaviour-{proof.kind}-{sha256(data).hexdigest()[:16]}.json"
        write_durably(file, data)
        return file


def _rolled_back(keys: bytes, kept: tuple[Checkpoint, bytes], new: tuple[Checkpoint, bytes]) -> Misbehaviour | None:
    (before, old), (head, note) = kept, new
    earlier, later = (signed_at(parse_note(one), head.origin) for one in (old, note))
    proven = head.size < before.size and 0 < earlier < later
    return Misbehaviour("rollback", keys, old, note) if proven else None
