"""Signed deliveries kept as they came: the evidence that a gateway said what is stored.

A file per delivery, named by the SHA-256 of the body: one line of JSON with gateway, ``key`` record and signature,
then the body, octet by octet as it was signed. The delivery's row (``reading_source``) carries that SHA-256.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec
import sqlalchemy as sa

from jasyl import ledger
from jasyl.storage import DataFolder, sync_directory, write_durably

from .gateways import PURPOSE, SignedDelivery
from .tables import reading_source

_NAME = re.compile(r"[0-9a-f]{64}")
_ASIDE = ".gone"


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    gateway: str
    key: str
    sig: str


_HEAD = msgspec.json.Decoder(_Head)


@dataclass(frozen=True)
class BrokenDelivery:
    """A stored delivery that is not proven any more: its number, the gateway, and the ``reason``: missing, changed,
    key (no such key in the log, or one that signs for no gateway), signature."""

    source: int
    gateway: str
    reason: str


def delivery_file(folder: DataFolder, digest: str) -> Path:
    """Where the delivery of a SHA-256 lies."""
    return folder.deliveries / digest[:2] / digest


def keep_delivery(folder: DataFolder, signed: SignedDelivery) -> None:
    """Put a delivery on disk, durably, before anything of it is stored; the same again changes nothing."""
    file = delivery_file(folder, signed.sha256)
    with suppress(FileNotFoundError):
        os.utime(file)  # young again: nobody takes it for one that brought nothing
        return
    for place in (folder.deliveries, file.parent):
        if not place.is_dir():
            place.mkdir(exist_ok=True)
            sync_directory(place.parent)
    head = _Head(signed.gateway, signed.signature.key, signed.signature.sig)
    write_durably(file, msgspec.json.encode(head) + b"\n" + signed.body)


def forget_unused(connection: sa.Connection, folder: DataFolder, grace: float) -> int:
    """Remove deliveries that brought no reading (said before, refused, or never committed) and are older than
    ``grace`` seconds; how many. A file is taken aside before its age is looked at: one that is delivered again in that
    moment is written anew or put back."""
    if not folder.deliveries.is_dir():
        return 0
    used = set(connection.execute(sa.select(reading_source.c.sha256).where(reading_source.c.kind == PURPOSE)).scalars())
    before, gone = time.time() - grace, 0
    for file in sorted(folder.deliveries.glob("??/*")):
        name = file.name.removesuffix(_ASIDE)
        if not _NAME.fullmatch(name) or name in used or file.stat().st_mtime > before:
            continue
        aside = file.with_name(name + _ASIDE)
        file.replace(aside)
        if aside.stat().st_mtime > before:
            aside.replace(file)
            continue
        aside.unlink()
        gone += 1
    return gone


def read_delivery(content: bytes) -> tuple[str, ledger.Signature, bytes]:
    """Gateway, signature and body of a kept delivery. Raises ValueError for what is none."""
    line, _, body = content.partition(b"\n")
    head = _HEAD.decode(line)
    return head.gateway, ledger.Signature(key=head.key, sig=head.sig), body


def broken_deliveries(connection: sa.Connection, folder: DataFolder) -> Iterator[BrokenDelivery | None]:
    """Walk every signed delivery that brought readings: None for one that holds, else what is wrong with it."""
    held = reading_source
    question = sa.select(held.c.number, held.c.name, held.c.sha256).where(held.c.kind == PURPOSE)
    keys: dict[str, ledger.Verifier | None] = {}
    for number, name, digest in connection.execute(question.order_by(held.c.number)).all():
        reason = _reason(connection, folder, digest or "", keys)
        yield BrokenDelivery(number, name, reason) if reason else None


def _reason(
    connection: sa.Connection, folder: DataFolder, digest: str, keys: dict[str, ledger.Verifier | None]
) -> str | None:
    try:
        _, signature, body = read_delivery(delivery_file(folder, digest).read_bytes())
    except OSError:
        return "missing"
    except ValueError:
        return "changed"
    if sha256(body).hexdigest() != digest:
        return "changed"
    if signature.key not in keys:
        keys[signature.key] = _key(connection, signature.key)
    key, blob = keys[signature.key], ledger.strict_base64(signature.sig)
    if key is None:
        return "key"
    return None if blob is not None and key.verify(body, blob) else "signature"


def _key(connection: sa.Connection, identity: str) -> ledger.Verifier | None:
    entry = ledger.entry(connection, identity)
    record = ledger.parse_record(entry) if entry is not None else None
    if not isinstance(record, ledger.Key) or record.purpose != PURPOSE or record.status != "active":
        return None
    return ledger.record_verifier(record.vkey)
