"""The records of the log: every kind, and the one spelling (RFC 8785) in which each is written and read."""

import datetime as dt
import unicodedata
from typing import Any

import msgspec

from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

from .calc_record import Calc
from .confidential_records import Sealed, Title
from .event_records import Anchor, Certificate, CheckpointSeen, Decision, Erase, Evidence, Import, Key, Supersede
from .measured_records import Batch, Device
from .record_fields import Record
from .tiles import MAX_ENTRY

AnyRecord = (
    Import
    | Device
    | Batch
    | Calc
    | Supersede
    | Erase
    | Key
    | Certificate
    | Evidence
    | Decision
    | Anchor
    | CheckpointSeen
    | Sealed
    | Title
)
KINDS: dict[str, type[Record]] = {
    str(kind.__struct_config__.tag): kind
    for kind in (
        Import, Device, Batch, Calc, Supersede, Erase, Key, Certificate, Evidence, Decision, Anchor, CheckpointSeen,
        Sealed, Title,
    )
}  # fmt: skip
_DECODER = msgspec.json.Decoder(AnyRecord)
_ENCODER = msgspec.json.Encoder(order="sorted")


def encode_record(record: Record) -> bytes:
    """The one spelling of a record.

    Raises Refusal ``record-malformed`` when a field is outside its limits or a text is not in Unicode's composed
    form (NFC: no two spellings of one letter), ``record-too-large`` beyond 65,535 bytes.
    """
    document = msgspec.to_builtins(record)
    try:
        msgspec.convert(document, type(record))
    except msgspec.ValidationError as error:
        raise Refusal("record-malformed", received=record.kind, reason=str(error)) from error
    entry = canonical_json(document)
    if not _composed(entry):
        raise Refusal("record-malformed", received=record.kind, reason="Unicode NFC")
    if len(entry) > MAX_ENTRY:
        raise Refusal("record-too-large", received=len(entry), expected=MAX_ENTRY)
    return entry


def parse_record(entry: bytes) -> AnyRecord:
    """A record from its bytes. Raises Refusal ``record-malformed`` for an unknown type or field, a value outside its
    limits, duplicate keys or any spelling but the canonical one; ``record-too-large``.
    """
    if len(entry) > MAX_ENTRY:
        raise Refusal("record-too-large", received=len(entry), expected=MAX_ENTRY)
    try:
        record = _DECODER.decode(entry)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refusal("record-malformed", received=entry[:60].decode(errors="replace"), reason=str(error)) from error
    # For ASCII without escapes the encoder of msgspec writes what RFC 8785 asks for, thirty times as fast as the
    # reference; a property test holds the two together. Everything else takes the slow way.
    plain = entry.isascii() and b"\\" not in entry
    if entry != (_ENCODER.encode(record) if plain else canonical_json(msgspec.to_builtins(record))):
        shown = entry[:60].decode(errors="replace")
        raise Refusal("record-malformed", received=shown, reason="RFC 8785")
    # Names of files went in as they came before this was asked for; nothing else did.
    if not plain and not isinstance(record, Import) and not _composed(entry):
        raise Refusal("record-malformed", received=entry[:60].decode(errors="replace"), reason="Unicode NFC")
    return record


def record_schema(kind: str) -> dict[str, Any]:
    """JSON Schema of one kind of record. Raises Refusal ``record-kind``."""
    if kind not in KINDS:
        raise Refusal("record-kind", received=kind[:60], expected=", ".join(KINDS))
    made = msgspec.json.schema(KINDS[kind])
    made["$defs"][KINDS[kind].__name__]["properties"]["schema"]["enum"] = list(KINDS[kind].versions)
    return made


def composed(text: str) -> str:
    """``text`` in Unicode's composed form, for names that come from people's machines."""
    return unicodedata.normalize("NFC", text)


def _composed(entry: bytes) -> bool:
    return entry.isascii() or unicodedata.is_normalized("NFC", entry.decode())


def issued_now(moment: dt.datetime | None = None) -> str:
    """``moment`` (now when None) as records carry it: ``2026-11-21T08:15:30.250000Z``."""
    now = moment or dt.datetime.now(dt.UTC)
    if now.tzinfo is None:
        raise ValueError("a moment without time zone")
    return now.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment_of(text: str) -> dt.datetime:
    """The moment an ``issued`` text names. Raises ValueError for days that do not exist."""
    return dt.datetime.fromisoformat(text)
