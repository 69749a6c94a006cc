"""Sealing a payload, opening it, letting one more reader in.

A fresh data key and salt for each payload; AES-256-GCM, bound to the record and its subject as associated data; both
secrets wrapped to every reader, bound to the same. The log holds the record only: ciphertexts lie in
``sealed_payload``, wraps in ``wrapped_key``, so a new reader is a new row and no new leaf.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, cast

import msgspec
import sqlalchemy as sa
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from jasyl.quantities import canonical_json, now_us, sha256_hex
from jasyl.texts import Refusal

from .. import outbox
from ..confidential_records import FieldsRoot, Sealed
from ..records import encode_record, issued_now, parse_record
from .commitment import SALT_SIZE, commit, fields_root
from .reader_keys import ReaderKey, ReaderSecret
from .tables import sealed_payload_table, wrapped_key_table

KEY_SIZE, NONCE_SIZE = 32, 12
MAX_PAYLOAD = 16 * 1024 * 1024
WRAP_DOMAIN = b"jasyl-wrap/1\n"
SEAL_DOMAIN = b"jasyl-sealed/1\n"


@dataclass(frozen=True)
class Opened:
    """A payload as a reader sees it. Who gives ``salt`` away lets others confirm a guess at the payload."""

    record_id: str
    record: Sealed
    payload: bytes
    salt: bytes = field(repr=False)
    data_key: bytes = field(repr=False)

    @property
    def fields(self) -> dict[str, Any]:
        """The fields of a payload that is a JSON object. Raises Refusal ``payload-no-fields``."""
        if self.record.fields is None:
            raise Refusal("payload-no-fields", received=self.record_id)
        return cast("dict[str, Any]", msgspec.json.decode(self.payload))


@dataclass(frozen=True)
class SealedPayload:
    """What leaves the sealer: the record's bytes, the ciphertext, the wraps by reader."""

    record_id: str
    entry: bytes
    ciphertext: bytes
    wraps: dict[str, bytes]


def seal(
    payload: bytes | dict[str, Any],
    readers: Sequence[ReaderKey],
    *,
    origin: str,
    author: str,
    subject: str,
    sort: str,
    supersedes: str | None = None,
) -> SealedPayload:
    """Encrypt ``payload`` for ``readers``. A mapping is written as canonical JSON, its fields open one at a time.

    Raises Refusal ``payload-no-reader``, ``payload-size``, ``payload-fields``, ``not-canonical``, ``record-malformed``.
    """
    if not readers:
        raise Refusal("payload-no-reader")
    salt, data_key, nonce = os.urandom(SALT_SIZE), os.urandom(KEY_SIZE), os.urandom(NONCE_SIZE)
    fields = None
    if not isinstance(payload, bytes):
        root, count = fields_root(salt, payload)
        payload, fields = canonical_json(payload), FieldsRoot(root=root.hex(), count=count)
    if not 0 < len(payload) <= MAX_PAYLOAD:
        raise Refusal("payload-size", received=len(payload), expected=MAX_PAYLOAD)
    try:
        record = Sealed(
            log_origin=origin,
            issued=issued_now(),
            author=author,
            subject=subject,
            sort=sort,
            commitment=commit(salt, payload).hex(),
            fields=fields,
            supersedes=supersedes,
        )
    except ValueError as error:
        raise Refusal("record-malformed", received="sealed", reason=str(error)) from error
    entry = encode_record(record)
    identity = sha256_hex(entry)
    ciphertext = nonce + AESGCM(data_key).encrypt(nonce, payload, _bound(SEAL_DOMAIN, identity, record.subject))
    context = _bound(WRAP_DOMAIN, identity, record.subject)
    wraps = {reader.reader_id: reader.wrap(data_key + salt, context) for reader in readers}
    return SealedPayload(identity, entry, ciphertext, wraps)


def open_sealed(entry: bytes, ciphertext: bytes, wrap: bytes, secret: ReaderSecret) -> Opened:
    """The payload of a sealed record, checked against its commitment.

    Raises Refusal ``reader-wrong`` (a wrap of another reader or record), ``payload-damaged`` (another record's
    ciphertext, a changed byte, or not what the record committed to), ``payload-not-sealed``.
    """
    record, identity = _sealed(entry), sha256_hex(entry)
    keys = secret.unwrap(wrap, _bound(WRAP_DOMAIN, identity, record.subject))
    data_key, salt = keys[:KEY_SIZE], keys[KEY_SIZE:]
    try:
        bound = _bound(SEAL_DOMAIN, identity, record.subject)
        payload = AESGCM(data_key).decrypt(ciphertext[:NONCE_SIZE], ciphertext[NONCE_SIZE:], bound)
    except (InvalidTag, ValueError):
        raise Refusal("payload-damaged", received=identity) from None
    # The key alone proves nothing about which text it was; the commitment does.
    if len(salt) != SALT_SIZE or commit(salt, payload).hex() != record.commitment:
        raise Refusal("payload-damaged", received=identity)
    opened = Opened(identity, record, payload, salt, data_key)
    if record.fields is not None:
        root, count = fields_root(salt, opened.fields)
        if (root.hex(), count) != (record.fields.root, record.fields.count):
            raise Refusal("payload-damaged", received=identity)
    return opened


def keep_sealed(connection: sa.Connection, sealed: SealedPayload, readers: Sequence[ReaderKey]) -> str:
    """Leave the record in the outbox and keep ciphertext and wraps, all in the caller's transaction; gives its id."""
    record = _sealed(sealed.entry)
    identity = outbox.enqueue(connection, record)
    now = now_us()
    row = {"record_id": identity, "subject": record.subject, "ciphertext": sealed.ciphertext, "created_at": now}
    connection.execute(sa.insert(sealed_payload_table).values(row))
    names = {reader.reader_id: reader.name for reader in readers}
    for reader_id, wrap in sealed.wraps.items():
        _insert_wrap(connection, identity, reader_id, names[reader_id], wrap)
    return identity


def read_sealed(connection: sa.Connection, record_id: str, secret: ReaderSecret) -> Opened:
    """Open a kept payload.

    Raises Refusal ``payload-unknown``, ``payload-erased``, ``reader-none`` (no wrap for this reader) and those of
    ``open_sealed``.
    """
    ciphertext = kept_ciphertext(connection, record_id)
    entry = outbox.entry(connection, record_id)
    held = wrapped_key_table
    wanted = (held.c.record_id == record_id) & (held.c.reader_id == secret.reader.reader_id)
    wrap = connection.execute(sa.select(held.c.wrap).where(wanted)).scalar()
    if entry is None:
        raise Refusal("payload-unknown", received=record_id)
    if wrap is None:
        raise Refusal("reader-none", received=secret.name)
    return open_sealed(entry, ciphertext, bytes(wrap), secret)


def add_reader(connection: sa.Connection, record_id: str, secret: ReaderSecret, reader: ReaderKey) -> bool:
    """Let ``reader`` in, by somebody who can read: one new wrap, nothing in the log. False when it had one already.

    Raises what ``read_sealed`` raises; an erased payload lets nobody in.
    """
    kept_ciphertext(connection, record_id, lock=True)  # an erasure that runs now waits for us, or we for it
    opened = read_sealed(connection, record_id, secret)
    if reader.reader_id in {each for each, _ in readers_of(connection, record_id)}:
        return False
    wrap = reader.wrap(opened.data_key + opened.salt, _bound(WRAP_DOMAIN, record_id, opened.record.subject))
    _insert_wrap(connection, record_id, reader.reader_id, reader.name, wrap)
    return True


def readers_of(connection: sa.Connection, record_id: str) -> list[tuple[str, str]]:
    """Who can open a payload: (reader id, name), the longest first."""
    held = wrapped_key_table
    query = sa.select(held.c.reader_id, held.c.reader_name).where(held.c.record_id == record_id)
    return [(row[0], row[1]) for row in connection.execute(query.order_by(held.c.created_at, held.c.reader_id))]


def kept_ciphertext(connection: sa.Connection, record_id: str, *, lock: bool = False) -> bytes:
    """The ciphertext of a kept payload. Raises Refusal ``payload-unknown`` or ``payload-erased``."""
    kept = sealed_payload_table
    query = sa.select(kept.c.ciphertext, kept.c.erase_record).where(kept.c.record_id == record_id)
    row = connection.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise Refusal("payload-unknown", received=record_id)
    if row.ciphertext is None:
        raise Refusal("payload-erased", received=record_id, erased=str(row.erase_record))
    return bytes(row.ciphertext)


def _insert_wrap(connection: sa.Connection, record_id: str, reader_id: str, name: str, wrap: bytes) -> None:
    row = {"record_id": record_id, "reader_id": reader_id, "reader_name": name, "wrap": wrap, "created_at": now_us()}
    connection.execute(sa.insert(wrapped_key_table).values(row))


def _sealed(entry: bytes) -> Sealed:
    record = parse_record(entry)
    if not isinstance(record, Sealed):
        raise Refusal("payload-not-sealed", received=record.kind)
    return record


def _bound(domain: bytes, record_id: str, subject: str) -> bytes:
    """Of fixed length up to the subject, which comes last: no two triples give the same bytes."""
    return domain + bytes.fromhex(record_id) + subject.encode()
