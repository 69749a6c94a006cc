"""Events of certificates, as commands ask for them and as records of the log carry them."""

from fractions import Fraction
from hashlib import sha256
from typing import Annotated, Any, ClassVar, Literal, TypeVar

import msgspec
from msgspec import Meta

from jasyl import ledger
from jasyl.texts import Refusal

EventName = Literal["issue", "transfer", "retire", "cancel", "expire", "export", "import"]
Fact = str | int | bool | None
Trust = Literal["device-signed", "gateway-signed", "operator-entered"]
_CONTENT = msgspec.json.Encoder(order="sorted")
_Ratio = Annotated[str, Meta(pattern="^(0|[1-9][0-9]*)(/[1-9][0-9]*)?$(?!\n)", max_length=120)]
_MOST_SIGNS = 512
_Long = Annotated[str, Meta(min_length=1, max_length=_MOST_SIGNS)]


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What every event says: the certificate, the idempotency key of its command, when (µs UTC), who asked.

    ``actor`` is an account id, never a name of a person.
    """

    name: ClassVar[EventName]

    certificate: str
    command: str
    at: int
    actor: str

    def content(self) -> dict[str, Any]:
        """Everything that the command asked for: the event without the moment at which it was carried out."""
        return {"event": self.name, **msgspec.to_builtins(self), "at": None}

    def content_digest(self) -> str:
        """By which the same command is known when it comes again."""
        return sha256(_CONTENT.encode(self.content())).hexdigest()


class Issue(Event, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units of what a device measured in [start, end), whole hours in µs UTC, given to ``owner``.

    ``metered`` is the exact amount of the interval in the unit of the meter (``n`` or ``n/d``), ``factor`` leads to
    the unit of the attribute; ``amount`` is their product rounded down and ``remainder`` what the rounding left.
    """

    name: ClassVar[EventName] = "issue"

    owner: str
    attribute: str
    device: str
    series: str
    start: int
    end: int
    batches: Annotated[list[str], Meta(min_length=1, max_length=400)]
    metered: _Ratio
    factor: _Ratio
    factor_source: _Long | None
    amount: int
    remainder: _Ratio
    trust: Trust
    usable_until: int
    expires_at: int
    about: dict[str, Fact] = msgspec.field(default_factory=dict[str, Fact])

    def content(self) -> dict[str, Any]:
        # What the register says of the device may have grown when an issue is asked for again.
        return {**super().content(), "usable_until": None, "expires_at": None, "about": None}


class Moving(Event, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Something happens to the units [start, end) that ``owner`` holds."""

    owner: str
    start: int
    end: int


class Transfer(Moving, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units [start, end) go from ``owner`` to ``to``."""

    name: ClassVar[EventName] = "transfer"

    to: str


class Retire(Moving, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units [start, end) are used: for whom, for what, for which period of consumption (a name like ``2026-05``)."""

    name: ClassVar[EventName] = "retire"

    beneficiary: _Long
    purpose: _Long
    period: Annotated[str, Meta(min_length=4, max_length=40)]


class Cancel(Moving, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The issuer takes units [start, end) back, and says why (a correction of the meter, an error)."""

    name: ClassVar[EventName] = "cancel"

    reason: _Long


class Expire(Event, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whatever is still held expires."""

    name: ClassVar[EventName] = "expire"


class Export(Moving, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units [start, end) leave for ``registry`` (the origin of its log), for the account ``account`` there.

    The facts are repeated, so that the record alone, with the proof that it is in our log, is all the other needs.
    """

    name: ClassVar[EventName] = "export"

    registry: _Long
    account: _Long
    attribute: str
    device: str
    interval_start: int
    interval_end: int
    usable_until: int
    expires_at: int


class Import(Event, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Units that ``registry`` exported to this one. ``proof`` is its ``.tlog-proof`` of the export record."""

    name: ClassVar[EventName] = "import"

    owner: str
    registry: _Long
    foreign: str
    start: int
    end: int
    attribute: str
    device: str
    interval_start: int
    interval_end: int
    usable_until: int
    expires_at: int
    proof: Annotated[str, Meta(min_length=1, max_length=32_768)]


AnyEvent = Issue | Transfer | Retire | Cancel | Expire | Export | Import
EVENTS: dict[str, type[AnyEvent]] = {
    kind.name: kind for kind in (Issue, Transfer, Retire, Cancel, Expire, Export, Import)
}
_IN_HEAD = ("certificate", "command")
# What people write in their own words; devices and other registries have names that are public anyway.
_FREE = ("owner", "to", "account", "beneficiary", "purpose", "reason", "factor_source")
_WORDS = ("beneficiary", "purpose", "reason", "registry", "account", "factor_source")
_E = TypeVar("_E", bound=Event)


def check_public(event: AnyEvent) -> None:
    """That what a command says for ever is said, shortly, and names no person by a number or an address.

    Held against at the door only: what stands in a log stays to be read. Raises Refusal ``certificate-words``,
    ``certificate-personal``.
    """
    _check_words(event)
    said = msgspec.to_builtins(event)
    for field in _FREE:
        if field == "owner" and isinstance(event, Moving):
            continue  # under this name the units lie there already
        if ledger.names_person(str(said.get(field) or "")):
            raise Refusal("certificate-personal", received=str(said[field])[:80])


def _check_words(event: AnyEvent) -> None:
    for field in _WORDS:
        said = getattr(event, field, None)
        if isinstance(said, str) and not (said.strip() and len(said) <= _MOST_SIGNS):
            raise Refusal("certificate-words", received=len(said.strip()), field=field, expected=_MOST_SIGNS)


def record_of(event: AnyEvent, log_origin: str, number: int, state: str) -> ledger.Certificate:
    """The record of an event: the ``number``-th one (from 1), after which the state hash is ``state``."""
    payload = {key: value for key, value in msgspec.to_builtins(event).items() if key not in _IN_HEAD}
    return ledger.Certificate(
        log_origin=log_origin,
        issued=ledger.issued_now(),
        author=event.actor,
        event=event.name,
        certificate=event.certificate,
        command=event.command,
        payload={**payload, "number": number, "state": state},
    )


def event_of(record: ledger.Certificate) -> tuple[AnyEvent, int, str]:
    """The event of a record, its number and the state hash after it. Raises Refusal ``certificate-malformed``."""
    payload: dict[str, Any] = dict(record.payload)
    number, state = payload.pop("number", None), payload.pop("state", None)
    kind = EVENTS.get(record.event)
    if kind is None or not isinstance(number, int) or not isinstance(state, str):
        raise Refusal("certificate-malformed", received=record.event, reason="number, state")
    document = {**payload, "certificate": record.certificate, "command": record.command}
    return checked(kind, document), number, state


def checked(kind: type[_E], document: dict[str, Any]) -> _E:
    """An event from plain values. Raises Refusal ``certificate-malformed`` for a field outside its limits."""
    try:
        return msgspec.convert(document, kind)
    except msgspec.ValidationError as error:
        raise Refusal("certificate-malformed", received=kind.name, reason=str(error)) from error


def ratio(text: str) -> Fraction:
    """``5/4`` as a number."""
    return Fraction(text)
