"""Drafts of events: made by the registry, signed by the parties wherever they are, handed back to be logged."""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import msgspec
from msgspec import UnsetType

from jasyl.ledger import Signature, encode_record, issued_now, parse_record, record_message
from jasyl.ledger.confidential import ReaderKey, SealedPayload, seal
from jasyl.ledger.confidential_records import Title
from jasyl.ledger.note import strict_base64
from jasyl.quantities import sha256_hex
from jasyl.texts import Refusal

from .chain import TitleChain
from .owners import OwnerKeys

TYPE = "jasyl-title-draft/1"
SORT = "title"


class _Reader(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    key: str
    wrap: str


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    type: str
    record: str
    sealed: str
    ciphertext: str
    readers: list[_Reader]


@dataclass(frozen=True)
class Draft:
    """An event with the signatures it has so far, and its sealed document."""

    record: Title
    sealed: SealedPayload
    readers: tuple[ReaderKey, ...]

    def encode(self) -> bytes:
        """The file that goes from party to party. It opens for the document's readers only."""
        readers = [_Reader(one.line, _text(self.sealed.wraps[one.reader_id])) for one in self.readers]
        record, sealed = encode_record(self.record).decode(), self.sealed.entry.decode()
        return msgspec.json.encode(_File(TYPE, record, sealed, _text(self.sealed.ciphertext), readers)) + b"\n"


def parse_draft(data: bytes) -> Draft:
    """A draft from its file, no signature verified. Raises Refusal ``title-draft-malformed``, ``record-malformed``."""
    from jasyl.ledger.confidential import parse_reader  # noqa: PLC0415

    try:
        file = msgspec.json.decode(data, type=_File)
    except msgspec.DecodeError:
        raise Refusal("title-draft-malformed") from None
    record, sealed = parse_record(file.record.encode()), file.sealed.encode()
    parts = [strict_base64(one.wrap) for one in file.readers]
    ciphertext, wraps = strict_base64(file.ciphertext), [one for one in parts if one is not None]
    if file.type != TYPE or not isinstance(record, Title) or ciphertext is None or len(wraps) != len(parts):
        raise Refusal("title-draft-malformed")
    readers = tuple(parse_reader(one.key) for one in file.readers)
    by_reader = {one.reader_id: wrap for one, wrap in zip(readers, wraps, strict=True)}
    return Draft(record, SealedPayload(sha256_hex(sealed), sealed, ciphertext, by_reader), readers)


def draft_registration(
    document: dict[str, Any],
    readers: Sequence[ReaderKey],
    owner: Sequence[str],
    *,
    title: str,
    object_class: str,
    mark: str,
    origin: str,
    author: str,
) -> Draft:
    """The first event of a title. Raises what ``seal`` raises, and Refusal ``title-class``."""
    sealed = seal(document, readers, origin=origin, author=author, subject=title, sort=SORT)
    if object_class not in {"land", "building", "equipment"}:
        raise Refusal("title-class", received=object_class[:40], expected="land, building, equipment")
    record = Title(
        log_origin=origin,
        issued=issued_now(),
        author=author,
        event="register",
        title=title,
        object_class=object_class,  # pyright: ignore[reportArgumentType]
        object_mark=mark,
        payload=sealed.record_id,
        owner=list(owner),
        previous=None,
    )
    return Draft(record, sealed, tuple(readers))


def draft_transfer(
    chain: TitleChain, document: dict[str, Any], readers: Sequence[ReaderKey], owner: Sequence[str], *, author: str
) -> Draft:
    """The event that gives a title to ``owner``, to be signed by both sides. Raises what ``seal`` raises."""
    newest = chain.newest.record
    sealed = seal(document, readers, origin=newest.log_origin, author=author, subject=chain.title, sort=SORT)
    record = Title(
        log_origin=newest.log_origin,
        issued=issued_now(),
        author=author,
        event="transfer",
        title=chain.title,
        object_class=newest.object_class,
        object_mark=newest.object_mark,
        payload=sealed.record_id,
        owner=list(owner),
        previous=chain.newest.record_id,
    )
    return Draft(record, sealed, tuple(readers))


def sign_draft(draft: Draft, keys: OwnerKeys) -> Draft:
    """The draft with one owner's signatures added; those of the same keys are replaced."""
    message = record_message(draft.record)
    made = [one.sign(message) for one in keys.signers]
    before: list[Signature] = [] if isinstance(draft.record.sigs, UnsetType) else list(draft.record.sigs)
    kept = [one for one in before if one.key not in keys.ids]
    return replace(draft, record=msgspec.structs.replace(draft.record, sigs=kept + made))


def _text(data: bytes) -> str:
    return base64.b64encode(data).decode()
