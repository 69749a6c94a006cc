"""The kinds of records in the log, each a JSON document with exactly one spelling (RFC 8785)."""

import datetime as dt
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from jasyl.quantities import canonical_json
from jasyl.texts import Refusal

from .merkle import MAX_SIZE, leaf_hash, root_of

Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$", max_length=64)]
Text = Annotated[str, Meta(min_length=1, max_length=4096)]
Name = Annotated[str, Meta(min_length=1, max_length=512)]
Count = Annotated[int, Meta(ge=0, le=MAX_SIZE)]
Instant = Annotated[int, Meta(ge=-MAX_SIZE, le=MAX_SIZE)]
Whole = Annotated[str, Meta(pattern="^(0|-?[1-9][0-9]*)$", max_length=80)]
Decimal = Annotated[str, Meta(pattern=r"^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$", max_length=120)]
Moment = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$")]
Trust = Literal["device-signed", "gateway-signed", "operator-entered"]
Parameter = str | int | bool | None


class Record(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag_field="type"):
    """What every record says: which log it belongs to, when it was issued (RFC 3339 UTC), by whom.

    ``author`` is an account, an organisation or a key id, never a person's name: records are public for ever.
    Quantities are integers of a base unit or decimal strings. ``encode_record`` checks every field.
    """

    log_origin: Name
    issued: Moment
    author: Name
    schema: Literal[1] = 1

    def __post_init__(self) -> None:
        dt.datetime.fromisoformat(self.issued)  # the pattern alone lets 30 February pass

    @property
    def kind(self) -> str:
        return str(self.__struct_config__.tag)


class Import(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="import"):
    """Somebody's file went in: what it holds, its name and hash, how many rows, its source and licence."""

    what: Name
    file_name: Name
    sha256: Hash
    rows: Count
    source: Text
    licence: Text
    actor: Name


class Batch(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="batch"):
    """A sealed day: one series, the readings with start in [day_start, day_end), under one salted Merkle root.

    Values are integers of 10**scale ``unit``; ``sum``, ``min`` and ``max`` are such integers as text.
    """

    series: Name
    day_start: Instant
    day_end: Instant
    count: Count
    unit: Name
    scale: Annotated[int, Meta(ge=-18, le=18)]
    sum: Whole
    min: Whole | None
    max: Whole | None
    root: Hash
    trust: Trust
    supersedes: Hash | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        if (
            self.day_start >= self.day_end
            or (self.count == 0) != (self.min is None)
            or (self.min is None) != (self.max is None)
        ):
            raise ValueError("day_end after day_start; min and max exactly when there are readings")


class Method(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Which calculation made a number."""

    id: Name
    version: Name
    parameters: dict[str, Parameter] = {}


class InputsRoot(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False):
    """Many inputs at once: the Merkle root over their record ids in order, and their number."""

    root: Hash
    count: Count


class Calc(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="calc"):
    """A published figure: indicator, place or facility, period, unit, value, method, inputs (ids or a root)."""

    indicator: Name
    place: Name | None
    facility: Name | None
    period: Name
    unit: Annotated[str, Meta(max_length=128)]
    value: Decimal | None
    uncertainty: Decimal | None = None
    completeness: Decimal
    method: Method
    inputs: list[Hash] | InputsRoot
    supersedes: Hash | None = None


class Supersede(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="supersede"):
    """A record no longer holds: which, what stands in its place (None: nothing), why, who decided."""

    superseded: Hash
    replacement: Hash | None
    reason: Text
    actor: Name


class Key(Record, frozen=True, kw_only=True, forbid_unknown_fields=True, gc=False, tag="key"):
    """A statement about a key: its verifier line, holder, purpose, validity, status, who authorised it."""

    vkey: Text
    holder: Name
    purpose: Name
    valid_from: Moment
    valid_to: Moment | None
    status: Literal["active", "retired", "revoked"]
    authorised_by: Name | None


AnyRecord = Import | Batch | Calc | Supersede | Key
_DECODER = msgspec.json.Decoder(AnyRecord)
_ENCODER = msgspec.json.Encoder(order="sorted")


def encode_record(record: Record) -> bytes:
    """The one spelling of a record. Raises Refusal ``record-malformed`` when a field is outside its limits."""
    document = msgspec.to_builtins(record)
    try:
        msgspec.convert(document, type(record))
    except msgspec.ValidationError as error:
        raise Refusal("record-malformed", received=record.kind, reason=str(error)) from error
    return canonical_json(document)


def parse_record(entry: bytes) -> AnyRecord:
    """A record from its bytes. Raises Refusal ``record-malformed`` for an unknown type or field, a value outside its
    limits, duplicate keys or any spelling but the canonical one.
    """
    try:
        record = _DECODER.decode(entry)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Refusal("record-malformed", received=entry[:60].decode(errors="replace"), reason=str(error)) from error
    # For ASCII without escapes the encoder of msgspec writes what RFC 8785 asks for, thirty times as fast as the
    # reference; a property test holds the two together. Everything else takes the slow way.
    plain = entry.isascii() and b"\\" not in entry
    if entry != (_ENCODER.encode(record) if plain else canonical_json(msgspec.to_builtins(record))):
        shown = entry[:60].decode(errors="replace")
        raise Refusal("record-malformed", received=shown, reason="RFC 8785")
    return record


def issued_now(moment: dt.datetime | None = None) -> str:
    """``moment`` (now when None) as records carry it: ``2026-11-21T08:15:30.250000Z``."""
    now = moment or dt.datetime.now(dt.UTC)
    if now.tzinfo is None:
        raise ValueError("a moment without time zone")
    return now.astimezone(dt.UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def moment_of(text: str) -> dt.datetime:
    """The moment an ``issued`` text names. Raises ValueError for days that do not exist."""
    return dt.datetime.fromisoformat(text)


def inputs_root(record_ids: list[str]) -> InputsRoot:
    """The Merkle root (RFC 6962) over record ids, 32 bytes each, in the given order."""
    leaves = [leaf_hash(bytes.fromhex(identity)) for identity in record_ids]
    return InputsRoot(root=root_of(leaves).hex(), count=len(leaves))
