"""Signed notes, verifier keys, checkpoints and trust policies of the C2SP."""

import base64
import binascii
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey, MLDSA65PublicKey

from .records import SAFE, Refused
from .trees import EMPTY_ROOT

ED25519, ED25519_COSIGNATURE, ML_DSA_44 = 0x01, 0x04, 0x06
COSIGNATURES = {ED25519_COSIGNATURE, ML_DSA_44}
ALGORITHMS = {ED25519: "Ed25519", ED25519_COSIGNATURE: "Ed25519 cosignature", ML_DSA_44: "ML-DSA-44"}
_SIZES = {ED25519: 32, ED25519_COSIGNATURE: 32, ML_DSA_44: 1312}
_ML_DSA_65_NOTE = b"ml-dsa-65-note/v1"
_ML_DSA_65 = b"\xff" + _ML_DSA_65_NOTE
_DASH = "— "
_DECIMAL = re.compile(r"0|[1-9][0-9]{0,15}")


def base64_or_none(text: str) -> bytes | None:
    """The bytes of base64 in its one spelling."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def number_or_none(text: str) -> int | None:
    """An integer from 0 to 2^53 - 1 in its one spelling."""
    number = int(text) if _DECIMAL.fullmatch(text) else SAFE + 1
    return number if number <= SAFE else None


@dataclass(frozen=True)
class Checkpoint:
    origin: str
    size: int
    root: bytes


@dataclass(frozen=True)
class Key:
    """A public key of a log or a witness."""

    name: str
    kind: int
    public: bytes

    @property
    def id(self) -> bytes:
        return sha256(self.name.encode() + b"\n" + bytes([self.kind]) + self.public).digest()[:4]

    @property
    def algorithm(self) -> str:
        return ALGORITHMS[self.kind]

    def verifies(self, text: bytes, blob: bytes) -> bool:
        """Whether ``blob`` is this key's signature under the text of a note."""
        try:
            if self.kind == ED25519:
                Ed25519PublicKey.from_public_bytes(self.public).verify(blob, text)
                return True
            stamp, signature = int.from_bytes(blob[:8], "big"), blob[8:]
            if self.kind == ED25519_COSIGNATURE:
                parse_checkpoint(text)
                message = f"cosignature/v1\ntime {stamp}\n".encode() + text
                Ed25519PublicKey.from_public_bytes(self.public).verify(signature, message)
            else:
                message = self._subtree(stamp, parse_checkpoint(text))
                MLDSA44PublicKey.from_public_bytes(self.public).verify(signature, message)
        except (InvalidSignature, ValueError, Refused):
            return False
        return stamp < 2**63

    def _subtree(self, stamp: int, head: Checkpoint) -> bytes:
        name, origin = self.name.encode(), head.origin.encode()
        if not 1 <= len(name) <= 255 or not 1 <= len(origin) <= 255:
            raise ValueError("a name that cannot be cosigned")
        named = bytes([len(name)]) + name + stamp.to_bytes(8, "big") + bytes([len(origin)]) + origin
        return b"subtree/v1\n\x00" + named + bytes(8) + head.size.to_bytes(8, "big") + head.root


@dataclass(frozen=True)
class Signature:
    name: str
    key_id: bytes
    blob: bytes


def parse_key(line: str) -> Key:
    """A verifier key from its one line. Raises Refused ``key``."""
    name, _, rest = line.partition("+")
    identity, _, encoded = rest.partition("+")
    material = base64_or_none(encoded)
    if not _named(name) or not material or len(material) - 1 != _SIZES.get(material[0]):
        raise Refused("key", line[:60])
    key = Key(name, material[0], material[1:])
    if key.id.hex() != identity:
        raise Refused("key", line[:60])
    return key


def record_key_verifies(vkey: str, message: bytes, signature: str) -> bool:
    """Whether the key of a ``key`` record (Ed25519, ML-DSA-65) made a record's signature over ``message``."""
    name, _, rest = vkey.partition("+")
    identity, _, encoded = rest.partition("+")
    material, blob = base64_or_none(encoded), base64_or_none(signature)
    if material is None or blob is None or not _named(name):
        return False
    if sha256(name.encode() + b"\n" + material).digest()[:4].hex() != identity:
        return False
    try:
        if material.startswith(_ML_DSA_65) and len(material) == len(_ML_DSA_65) + 1952:
            MLDSA65PublicKey.from_public_bytes(material[len(_ML_DSA_65) :]).verify(blob, message, _ML_DSA_65_NOTE)
        elif material[:1] == b"\x01" and len(material) == 33:
            Ed25519PublicKey.from_public_bytes(material[1:]).verify(blob, message)
        else:
            return False
    except (InvalidSignature, ValueError):
        return False
    return True


def parse_note(data: bytes) -> tuple[bytes, list[Signature]]:
    """Text and signature lines of a note, nothing verified. Raises Refused ``note``."""
    text, blank, below = data.rpartition(b"\n\n")
    try:
        lines = below.decode().split("\n")
        text.decode()
    except UnicodeDecodeError:
        raise Refused("note") from None
    control = any(byte < 0x20 and byte != 0x0A for byte in set(data))
    if len(data) > 512 * 1024 or control or not blank or lines.pop() or not 0 < len(lines) <= 64:
        raise Refused("note")
    return text + b"\n", [_signature(line) for line in lines]


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    blob = base64_or_none(encoded)
    if not line.startswith(_DASH) or not space or not _named(name) or blob is None or len(blob) < 5:
        raise Refused("note", line[:40])
    return Signature(name, blob[:4], blob[4:])


def _named(name: str) -> bool:
    return bool(name) and "+" not in name and not any(char.isspace() or ord(char) < 0x20 for char in name)


def parse_checkpoint(text: bytes) -> Checkpoint:
    """Origin, size and root from the text of a note. Raises Refused ``checkpoint``."""
    try:
        lines = text.decode().split("\n")
    except UnicodeDecodeError:
        raise Refused("checkpoint") from None
    if len(lines) < 4 or lines[-1] or not all(lines[:-1]):
        raise Refused("checkpoint")
    size, root = number_or_none(lines[1]), base64_or_none(lines[2])
    if size is None or root is None or len(root) != 32 or (size == 0 and root != EMPTY_ROOT):
        raise Refused("checkpoint")
    return Checkpoint(lines[0], size, root)


@dataclass
class Policy:
    """Logs, witnesses by name, groups as (threshold, members), the quorum."""

    logs: list[Key] = field(default_factory=list)
    witnesses: dict[str, Key] = field(default_factory=dict)
    groups: dict[str, tuple[int, list[str]]] = field(default_factory=dict)
    quorum: str | None = None
    members: set[str] = field(default_factory=set)

    def check(self, data: bytes) -> Checkpoint:
        """The checkpoint in a note that meets the policy. Raises Refused ``note``, ``checkpoint``, ``signature``,
        ``policy``.
        """
        text, lines = parse_note(data)
        known = {(key.name, key.id): key for key in [*self.logs, *self.witnesses.values()]}
        signed: set[tuple[str, bytes]] = set()
        for line in lines:
            key = known.get((line.name, line.key_id))
            if key is not None and not key.verifies(text, line.blob):
                raise Refused("signature", line.name)
            if key is not None:
                signed.add((key.name, key.id))
        head = parse_checkpoint(text)
        if not any(log.name == head.origin and (log.name, log.id) in signed for log in self.logs):
            raise Refused("policy", head.origin)
        if not self._holds(self.quorum or "", signed):
            raise Refused("policy", self.quorum or "")
        return head

    def _holds(self, name: str, signed: set[tuple[str, bytes]]) -> bool:
        if name == "none":
            return True
        if name in self.witnesses:
            key = self.witnesses[name]
            return (key.name, key.id) in signed
        threshold, members = self.groups[name]
        return sum(self._holds(each, signed) for each in members) >= threshold


def all_of(keys: Sequence[Key]) -> Policy:
    """The policy that demands every one of ``keys``, of which one is a log's."""
    logs = [key for key in keys if key.kind == ED25519][:1]
    others = {f"{place}": key for place, key in enumerate(keys) if key not in logs}
    if not logs:
        raise Refused("policy", "no log key")
    return Policy(logs, others, {"all": (len(others), list(others))} if others else {}, "all" if others else "none")


def parse_policy(data: bytes) -> Policy:
    """A policy file (C2SP tlog-policy). Raises Refused ``policy``."""
    if len(data) > 256 * 1024 or any(byte < 0x20 and byte not in {0x09, 0x0A} for byte in set(data)):
        raise Refused("policy")
    policy = Policy()
    lines = data.decode(errors="surrogateescape").split("\n")
    for line in lines:
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#") and not _take(policy, words):
            raise Refused("policy", ascii(line[:60]))
    if policy.quorum is None or not policy.logs or len(lines) > 512:
        raise Refused("policy", "quorum")
    return policy


def _take(policy: Policy, words: list[str]) -> bool:
    names = {*policy.witnesses, *policy.groups, "none"}
    match words:
        case ["log", vkey] | ["log", vkey, _]:
            key = parse_key(vkey)
            new = all(key.public != other.public for other in policy.logs)
            policy.logs.append(key)
            return new
        case ["witness", name, vkey] | ["witness", name, vkey, _]:
            key = parse_key(vkey)
            new = name not in names and key.kind in COSIGNATURES
            new = new and all(key.public != other.public for other in policy.witnesses.values())
            policy.witnesses[name] = key
            return new
        case ["group", name, threshold, first, *more]:
            members = [first, *more]
            digits = threshold.isascii() and threshold.isdigit() and len(threshold) < 4
            needed = {"all": len(members), "any": 1}.get(threshold, int(threshold) if digits else 0)
            fits = set(members) <= names - {"none"} and len(set(members)) == len(members) and name not in names
            fits = fits and not policy.members & set(members) and 1 <= needed <= len(members)
            policy.members |= set(members)
            policy.groups[name] = needed, members
            return fits
        case ["quorum", name] if policy.quorum is None:
            policy.quorum = name
            return name in names
        case _:
            return False
