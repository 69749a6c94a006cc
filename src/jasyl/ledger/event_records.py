"""Records of what happened: files that came in, records that no longer hold, keys, certificates, evidence, anchors."""

from typing import Annotated, ClassVar, Literal

import msgspec
from msgspec import UNSET, Meta, UnsetType

from .record_fields import Count, Hash, Moment, Name, Payload, Record, Text


class Import(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="import"):
    """Somebody's file went in: what it holds, its name and hash, how many rows, its source and licence."""

    what: Name
    file_name: Name
    sha256: Hash
    rows: Count
    source: Text
    licence: Text
    actor: Name


class Supersede(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="supersede"):
    """A record no longer holds: which, what stands in its place (None: nothing), why, who decided."""

    superseded: Hash
    replacement: Hash | None
    reason: Text
    actor: Name


class Erase(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="erase"):
    """What stood behind a commitment was destroyed: of which subject, which key, why, on whose authority.

    ``subject`` is a series, a payload or an account by its id, never by name. ``destroyed`` says what: a ``series-key``
    (salts of readings) or a ``payload-key``. ``copies`` lists where copies were destroyed with it.
    """

    subject: Name
    destroyed: Literal["series-key", "payload-key"]
    reason: Text
    authority: Name
    actor: Name
    records: Annotated[list[Hash], Meta(max_length=400)] = msgspec.field(default_factory=list[str])
    copies: Annotated[list[Name], Meta(max_length=64)] = msgspec.field(default_factory=list[str])


class Key(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="key"):
    """A statement about a key: its verifier line, holder, purpose, validity, status, who authorised it.

    A signature counts when its record stands in the log before a record that revokes the key. ``authorised_by`` is
    the id of the parent's ``key`` record.

    Schema 2 revokes a key of this log under its former name, the ``holder``: records under that name stand before the
    place ``former_size``. Of several about one name the last counts.
    """

    vkey: Text
    holder: Name
    purpose: Name
    valid_from: Moment
    valid_to: Moment | None
    status: Literal["active", "retired", "revoked"]
    authorised_by: Name | None
    former_size: Count | UnsetType = UNSET

    versions: ClassVar[tuple[int, ...]] = (1, 2)

    def check_together(self) -> None:
        if (self.schema == 1) != (self.former_size is UNSET):
            raise ValueError("former_size belongs to schema 2")
        if self.schema == 2 and (
            (self.purpose, self.status) != ("log", "revoked")
            or self.holder == self.log_origin
            or not self.vkey.startswith(f"{self.holder}+")
        ):
            raise ValueError("former_size belongs to the revoked key of a log that has another name now")


class Certificate(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="certificate"):
    """One event in the life of a certificate. ``command`` is the idempotency key of whoever asked for it;
    what the event says is in ``payload``, read by the room of certificates.
    """

    event: Literal["issue", "transfer", "split", "retire", "cancel", "expire", "import", "export"]
    certificate: Name
    command: Name
    payload: Payload


class Evidence(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="evidence"):
    """A document kept elsewhere: its hash, size and media type, who keeps it, which records it is about."""

    sha256: Hash
    size: Count
    media_type: Name
    title: Text
    custodian: Name
    about: Annotated[list[Hash], Meta(max_length=400)] = msgspec.field(default_factory=list[str])
    actor: Name


class Decision(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="decision"):
    """A filled assessment: by which rules in which version, the answers given, what came out."""

    subject: Name
    rules: Name
    rules_version: Name
    payload: Payload
    actor: Name
    supersedes: Hash | None = None


class Anchor(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="anchor"):
    """A checkpoint of this log was fixed elsewhere: where, which head, the receipt (or the hash of a large one)."""

    target: Name
    size: Count
    root: Hash
    state: Literal["pending", "confirmed", "failed"]
    receipt: Annotated[str, Meta(max_length=49_152)]
    payload: Payload


class CheckpointSeen(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="checkpoint-seen"):
    """A checkpoint of another log, as it was signed (base64 of the note): who shows us another one is caught."""

    origin: Name
    size: Count
    root: Hash
    checkpoint: Annotated[str, Meta(pattern="^[A-Za-z0-9+/]+={0,2}$(?!\n)", max_length=49_152)]
