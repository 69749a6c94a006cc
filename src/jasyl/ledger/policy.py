"""Trust policies (C2SP tlog-policy): which logs are known, which cosigners must have signed.

Our own policy names the log by its Ed25519 key and the log's ML-DSA-44 key as a cosigner in the quorum, so that in
the standard's own words both signatures are demanded. Witnesses join the quorum as further groups.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jasyl.texts import Refusal

from .checkpoint import Checkpoint, parse_checkpoint
from .note import open_note
from .signing import COSIGNATURES, ED25519, Verifier, parse_vkey

MAX_POLICY = 256 * 1024
_MAX_LINES = 512


@dataclass(frozen=True)
class Group:
    """``threshold`` of ``members`` must have cosigned; a single cosigner is a group without members."""

    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    """Logs, cosigners by name, groups by name, and the name of the quorum (``none`` demands no cosigner)."""

    logs: tuple[Verifier, ...]
    witnesses: dict[str, Verifier] = field(default_factory=dict[str, Verifier])
    groups: dict[str, Group] = field(default_factory=dict[str, Group])
    quorum: str = "none"
    urls: dict[str, str] = field(default_factory=dict[str, str])
    """Addresses of logs and witnesses, by verifier key line."""

    @property
    def origin(self) -> str:
        """The name of the first log. Raises Refusal ``policy-malformed`` when there is none."""
        if not self.logs:
            raise Refusal("policy-malformed", received="log")
        return self.logs[0].name

    @property
    def verifiers(self) -> list[Verifier]:
        return [*self.logs, *self.witnesses.values()]

    @property
    def own_keys(self) -> list[Verifier]:
        """The log's own keys: those that carry its name."""
        return [key for key in self.verifiers if key.name == self.origin]

    @property
    def outside_witnesses(self) -> dict[str, Verifier]:
        """Cosigners other than the log itself, by their name in the policy."""
        return {name: key for name, key in self.witnesses.items() if key.name != self.origin}

    @property
    def demands_witnesses(self) -> bool:
        """Whether the log's own keys alone do not make the quorum."""
        return not self._holds(self.quorum, {(key.name, key.key_id) for key in self.own_keys})

    def own(self) -> "Policy":
        """The policy that demands all of the log's own keys and no witness."""
        return own_policy(sorted(self.own_keys, key=lambda key: key.key_type in COSIGNATURES))

    def check(self, data: bytes) -> Checkpoint:
        """The checkpoint in a signed note, signed by a known log and cosigned by the quorum.

        Raises Refusal ``note-…``, ``checkpoint-malformed``, ``checkpoint-origin``, ``checkpoint-signature-missing``.
        """
        note, opened = open_note(data, self.verifiers)
        checkpoint = parse_checkpoint(note.text)
        signed = {(item.name, item.key_id) for item in opened}
        logs = [log for log in self.logs if log.name == checkpoint.origin]
        if not logs:
            raise Refusal("checkpoint-origin", received=checkpoint.origin, expected=self.origin)
        if not any((log.name, log.key_id) in signed for log in logs):
            raise Refusal("checkpoint-signature-missing", expected=", ".join(log.name for log in logs))
        if not self._holds(self.quorum, {(name, key) for name, key in signed}):
            raise Refusal("checkpoint-signature-missing", expected=self.quorum)
        return checkpoint

    def _holds(self, name: str, signed: set[tuple[str, bytes]]) -> bool:
        if name == "none":
            return True
        group = self.groups.get(name)
        if group is None:
            key = self.witnesses[name]
            return (key.name, key.key_id) in signed
        return sum(self._holds(member, signed) for member in group.members) >= group.threshold

    def encode(self) -> bytes:
        """The policy as a file."""
        urls = {vkey: f" {url}" for vkey, url in self.urls.items()}
        lines = [f"log {log.vkey}{urls.get(log.vkey, '')}" for log in self.logs]
        lines += [f"witness {name} {key.vkey}{urls.get(key.vkey, '')}" for name, key in self.witnesses.items()]
        lines += [f"group {name} {item.threshold} {' '.join(item.members)}" for name, item in self.groups.items()]
        return "\n".join([*lines, f"quorum {self.quorum}", ""]).encode(errors="surrogateescape")


def own_policy(keys: Sequence[Verifier]) -> Policy:
    """The policy that demands all of a log's own ``keys``: one Ed25519, and any number of cosigners."""
    cosigners = {f"{key.name}/{key.algorithm}": key for key in keys[1:]}
    if not cosigners:
        return Policy((keys[0],))
    group = Group(len(cosigners), tuple(cosigners))
    return Policy((keys[0],), cosigners, {"log-keys": group}, "log-keys")


def witnessed_policy(own: Policy, witnesses: Mapping[str, tuple[str, Sequence[Verifier]]], quorum: int) -> Policy:
    """The policy that demands all of the log's own keys, and ``quorum`` of ``witnesses`` (name → address, keys).

    A witness has cosigned when all of its keys have. Raises Refusal ``policy-quorum``, ``policy-malformed``.
    """
    if not 0 <= quorum <= len(witnesses):
        raise Refusal("policy-quorum", received=quorum, expected=len(witnesses))
    lines = own.encode().decode().split("\n")[:-2]
    for name, (url, keys) in witnesses.items():
        lines += [f"witness {name}/{key.algorithm.replace(' ', '-')} {key.vkey} {url}" for key in keys]
        lines.append(f"group {name} all " + " ".join(f"{name}/{key.algorithm.replace(' ', '-')}" for key in keys))
    demanded = [] if own.quorum == "none" else [own.quorum]
    if quorum:
        lines += [f"group witnesses {quorum} {' '.join(witnesses)}"]
        demanded.append("witnesses")
    if len(demanded) > 1:
        lines.append(f"group published all {' '.join(demanded)}")
        demanded = ["published"]
    return parse_policy("\n".join([*lines, f"quorum {demanded[0] if demanded else 'none'}", ""]).encode())


def demand_all(keys: Sequence[Verifier]) -> Policy:
    """A policy from bare verifier keys, all of which must have signed; a log key among them names the origin.

    Raises Refusal ``log-no-trusted-key``.
    """
    ordered = sorted(keys, key=lambda key: key.key_type != ED25519)
    if not ordered:
        raise Refusal("log-no-trusted-key")
    return own_policy(ordered)


def parse_policy(data: bytes) -> Policy:
    """A policy file. Raises Refusal ``policy-malformed`` with the line, or ``vkey-malformed``."""
    if len(data) > MAX_POLICY or any(byte < 0x20 and byte not in {0x09, 0x0A} for byte in set(data)):
        raise Refusal("policy-malformed", received="")
    # Names are opaque octets: what is not UTF-8 is kept as surrogates.
    reader = _Reader()
    lines = data.decode(errors="surrogateescape").split("\n")
    if len(lines) > _MAX_LINES:
        raise Refusal("policy-malformed", received=str(len(lines)))
    for line in lines:
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if words and not words[0].startswith("#") and not reader.take(words):
            raise Refusal("policy-malformed", received=ascii(line.strip()[:80]))
    if reader.quorum is None:
        raise Refusal("policy-malformed", received="quorum")
    return Policy(tuple(reader.logs), reader.witnesses, reader.groups, reader.quorum, reader.urls)


class _Reader:
    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: dict[str, Verifier] = {}
        self.groups: dict[str, Group] = {}
        self.quorum: str | None = None
        self.urls: dict[str, str] = {}
        self._used: set[str] = set()

    def take(self, words: list[str]) -> bool:
        """Take in one line; False when it breaks the standard."""
        keyword, arguments = words[0], words[1:]
        if keyword == "log" and len(arguments) in {1, 2}:
            return self._log(self._located(arguments[0], arguments[1:]))
        if keyword == "witness" and len(arguments) in {2, 3}:
            return self._witness(arguments[0], self._located(arguments[1], arguments[2:]))
        if keyword == "group" and len(arguments) >= 3:
            return self._group(arguments[0], arguments[1], arguments[2:])
        if keyword == "quorum" and len(arguments) == 1 and self.quorum is None:
            self.quorum = arguments[0]
            return self.quorum == "none" or self.quorum in self.witnesses or self.quorum in self.groups
        return False

    def _located(self, vkey: str, url: list[str]) -> Verifier:
        key = parse_vkey(vkey)
        if url:
            self.urls[key.vkey] = url[0]
        return key

    def _log(self, key: Verifier) -> bool:
        unknown = all(key.public != known.public for known in self.logs)
        self.logs.append(key)
        return unknown

    def _witness(self, name: str, key: Verifier) -> bool:
        # One key under two names would count twice in a quorum.
        new = self._free(name) and key.key_type in COSIGNATURES
        new = new and all(key.public != known.public for known in self.witnesses.values())
        self.witnesses[name] = key
        return new

    def _group(self, name: str, threshold: str, members: list[str]) -> bool:
        known = all(member in self.witnesses or member in self.groups for member in members)
        once = len(set(members)) == len(members) and not self._used & set(members)
        needed = {"all": len(members), "any": 1}.get(threshold)
        if needed is None and threshold.isascii() and threshold.isdigit() and len(threshold) < 4:
            needed = int(threshold)
        if not known or not once or not self._free(name) or needed is None or not 1 <= needed <= len(members):
            return False
        self._used |= set(members)
        self.groups[name] = Group(needed, tuple(members))
        return True

    def _free(self, name: str) -> bool:
        return name != "none" and name not in self.witnesses and name not in self.groups
