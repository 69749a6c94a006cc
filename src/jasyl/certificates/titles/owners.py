"""Keys of owners: an Ed25519 and an ML-DSA-65 key under one pseudonym, told in the log, kept by the owner."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec
import sqlalchemy as sa

from jasyl.ledger import Key, RecordSigner, enqueue, issued_now
from jasyl.ledger.confidential_records import looks_personal
from jasyl.ledger.signing import ED25519, ML_DSA_65, new_signer, parse_signer
from jasyl.texts import Refusal

from .chain import OWNER_PURPOSE

TYPE = "jasyl-owner-key/1"


class _Key(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    record: str
    signer: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: str
    name: str
    keys: list[_Key]


@dataclass(frozen=True)
class OwnerKeys:
    """The signers of one owner, each with the ``key`` record that tells it."""

    name: str
    signers: tuple[RecordSigner, ...]

    @property
    def ids(self) -> tuple[str, ...]:
        """The ``key`` records: the owner, as titles name it."""
        return tuple(one.key_record for one in self.signers)

    def encode(self) -> str:
        """The file that stays with the owner."""
        keys = [_Key(one.key_record, one.signer.encode()) for one in self.signers]
        return msgspec.json.encode(_File(TYPE, self.name, keys)).decode() + "\n"


def new_owner(connection: sa.Connection, name: str, *, origin: str, author: str) -> OwnerKeys:
    """Fresh keys, their public parts on the way into the log. ``name`` is a pseudonym, made for one title.

    Raises Refusal ``vkey-name``, ``title-personal``.
    """
    if looks_personal(name):
        raise Refusal("title-personal", received=name[:80])
    signers: list[RecordSigner] = []
    for signer in (new_signer(name, ED25519), new_signer(name, ML_DSA_65)):
        now = issued_now()
        told = Key(
            log_origin=origin,
            issued=now,
            author=author,
            vkey=signer.verifier.vkey,
            holder=name,
            purpose=OWNER_PURPOSE,
            valid_from=now,
            valid_to=None,
            status="active",
            authorised_by=None,
        )
        signers.append(RecordSigner(signer, enqueue(connection, told)))
    return OwnerKeys(name, tuple(signers))


def parse_owner(text: str) -> OwnerKeys:
    """Keys from the owner's file. Raises Refusal ``owner-key-malformed``, which shows nothing of them."""
    try:
        file = msgspec.json.decode(text, type=_File)
        signers = tuple(RecordSigner(parse_signer(one.signer), one.record) for one in file.keys)
    except (msgspec.DecodeError, Refusal):
        raise Refusal("owner-key-malformed") from None
    if file.type != TYPE or not signers:
        raise Refusal("owner-key-malformed")
    return OwnerKeys(file.name, signers)


def owner_ids(text: str) -> Sequence[str]:
    """Who an owner is, from the owner's own file or from the lines that were printed when it was made."""
    if text.lstrip().startswith("{"):
        return parse_owner(text).ids
    ids = text.split()
    if not ids or any(len(one) != 64 or set(one) - set("0123456789abcdef") for one in ids):
        raise Refusal("owner-key-malformed")
    return ids
