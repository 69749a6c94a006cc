"""Signed notes (C2SP signed-note v1.0.0): a text and the signature lines under it."""

import base64
import binascii
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from typing import Protocol

from jasyl.texts import Refusal

# The standard demands at least 16 signatures; an ML-DSA-87 line has about 6.3 kB.
MAX_SIGNATURES = 64
MAX_NOTE = 512 * 1024
_DASH = "— "


class NoteVerifier(Protocol):
    """A key that verifies lines of a note. ``verify`` gets the note's text and the blob after the key id."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    def verify(self, text: bytes, blob: bytes) -> bool: ...


class NoteSigner(Protocol):
    """A key that signs notes. ``sign`` returns the blob after the key id."""

    @property
    def name(self) -> str: ...
    @property
    def key_id(self) -> bytes: ...
    def sign(self, text: bytes) -> bytes: ...


@dataclass(frozen=True)
class Signature:
    """One signature line: key name, 4-byte key id, blob."""

    name: str
    key_id: bytes
    blob: bytes

    def line(self) -> str:
        return f"{_DASH}{self.name} {base64.b64encode(self.key_id + self.blob).decode()}\n"


@dataclass(frozen=True)
class Note:
    """A note taken apart: the text with its final newline, and all signature lines, verified or not."""

    text: bytes
    signatures: tuple[Signature, ...]

    def encode(self) -> bytes:
        return self.text + b"\n" + "".join(item.line() for item in self.signatures).encode()


def key_id_of(name: str, material: bytes) -> bytes:
    """First four bytes of SHA-256(name ‖ 0A ‖ type byte ‖ public key); ``material`` is type byte ‖ key."""
    return sha256(name.encode() + b"\n" + material).digest()[:4]


def valid_name(name: str) -> bool:
    """Whether ``name`` may name a key: not empty, no Unicode space, no plus, no control character."""
    return bool(name) and "+" not in name and not any(char.isspace() or ord(char) < 0x20 for char in name)


def strict_base64(text: str) -> bytes | None:
    """The bytes of RFC 4648 section 4 base64 with exactly one spelling; None for stray bits or characters."""
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return data if base64.b64encode(data).decode() == text else None


def sign_note(text: bytes, signers: Iterable[NoteSigner]) -> bytes:
    """``text`` signed by every signer, in their order."""
    _check_text(text)
    lines = tuple(Signature(signer.name, signer.key_id, signer.sign(text)) for signer in signers)
    return Note(text, lines).encode()


def parse_note(data: bytes) -> Note:
    """The parts of a note, nothing verified. Raises Refusal ``note-too-large`` or ``note-malformed``."""
    if len(data) > MAX_NOTE:
        raise Refusal("note-too-large", received=len(data), expected=MAX_NOTE)
    _check_text(data)
    text, blank, below = data.rpartition(b"\n\n")
    if not blank or not below:
        raise Refusal("note-malformed")
    lines = below.decode().split("\n")[:-1]
    if not 0 < len(lines) <= MAX_SIGNATURES:
        raise Refusal("note-too-large", received=len(lines), expected=MAX_SIGNATURES)
    return Note(text + b"\n", tuple(_signature(line) for line in lines))


def open_note(data: bytes, verifiers: Iterable[NoteVerifier]) -> tuple[Note, list[NoteVerifier]]:
    """The note, and those of ``verifiers`` that signed it.

    Lines of unknown keys are ignored. Raises Refusal ``note-bad-signature`` when a line of a known key does not
    verify, and ``note-unsigned`` when no known key signed.
    """
    note = parse_note(data)
    known = {(verifier.name, verifier.key_id): verifier for verifier in verifiers}
    signed: dict[tuple[str, bytes], NoteVerifier] = {}
    for line in note.signatures:
        identity = (line.name, line.key_id)
        verifier = known.get(identity)
        if verifier is None:
            continue
        if not verifier.verify(note.text, line.blob):
            raise Refusal("note-bad-signature", received=line.name)
        signed[identity] = verifier
    if not signed:
        raise Refusal("note-unsigned", expected=", ".join(sorted({name for name, _ in known})))
    return note, list(signed.values())


def _check_text(text: bytes) -> None:
    if not text.endswith(b"\n") or any(byte < 0x20 and byte != 0x0A for byte in set(text)):
        raise Refusal("note-malformed")
    try:
        text.decode()
    except UnicodeDecodeError:
        raise Refusal("note-malformed") from None


def _signature(line: str) -> Signature:
    name, space, encoded = line.removeprefix(_DASH).partition(" ")
    blob = strict_base64(encoded)
    if not line.startswith(_DASH) or not space or not valid_name(name) or blob is None or len(blob) < 5:
        raise Refusal("note-malformed")
    return Signature(name, blob[:4], blob[4:])
