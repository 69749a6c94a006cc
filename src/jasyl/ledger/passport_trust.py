"""How far the numbers under a statement can be trusted: what measured them, and who signed for it."""

from collections import Counter
from typing import Literal, Protocol

from msgspec import UnsetType

from jasyl.texts import Refusal

from .event_records import Key
from .measured_records import Batch, Device
from .passport_file import Passport
from .record_fields import Signatures
from .record_signatures import day_message, record_message, signature_holds
from .records import AnyRecord

# From the strongest to the weakest. Below the three levels of readings stand records that are no measurement, and
# inputs that a statement names by digest alone.
Level = Literal["device-signed", "gateway-signed", "operator-entered", "stated", "not-shown"]
LEVELS: tuple[Level, ...] = ("device-signed", "gateway-signed", "operator-entered", "stated", "not-shown")
Levels = Counter[str]


def weakest(levels: Levels) -> Level:
    """The weakest level that occurs; ``not-shown`` without any input."""
    for level in reversed(LEVELS):
        if levels[level]:
            return level
    return "not-shown"


class Around(Protocol):
    """What surrounds a record in its log: the records its trust rests on, and where they stand."""

    def find(self, identity: str) -> AnyRecord | None:
        """The record of an id; None where it is not known."""
        ...

    def index(self, record_id: str) -> int:
        """The place in the log of a record that ``find`` gave."""
        ...

    def ended(self, vkey: str, index: int) -> bool:
        """Whether a record before ``index`` retires or revokes a key."""
        ...


class Shown:
    """The records of a passport by id, and which of them the statement was found to lead to."""

    def __init__(self, passport: Passport, records: dict[int, AnyRecord], ids: dict[int, str]) -> None:
        self.passport, self.records, self.ids = passport, records, ids
        self.places = {identity: index for index, identity in ids.items()}
        self.reached: set[int] = set()

    def find(self, identity: str) -> AnyRecord | None:
        """The record of an id, which from now on counts as reached."""
        index = self.places.get(identity)
        if index is None:
            return None
        self.reached.add(index)
        return self.records[index]

    def index(self, record_id: str) -> int:
        return self.places[record_id]

    def ended(self, vkey: str, index: int) -> bool:
        """Whether a record before ``index`` ends a key; all that do, from now on, count as reached."""
        found = False
        for place, other in self.records.items():
            if isinstance(other, Key) and other.vkey == vkey and other.status != "active":
                self.reached.add(place)
                found = found or place < index
        return found


def level_of(around: Around, batch: Batch, index: int) -> Level:
    """The level of the sealed day at ``index`` of the log, its signatures verified.

    A day sealed in schema 1 has no signatures: whatever it claims, it is no more than entered by an operator. Raises
    Refusal ``passport-device``, ``passport-key-order``, ``passport-signature``.
    """
    device = device_of(around, batch, index)
    if batch.trust == "operator-entered" or isinstance(batch.day_sigs, UnsetType):
        return "operator-entered"
    if device is None or device.key is None or device.trust != batch.trust:
        raise Refusal("passport-device", received=index)
    if any(each.key != device.key for each in batch.day_sigs):
        raise Refusal("passport-signature", received=index)
    _verify(around, index, batch.day_sigs, day_message(batch.measured()))
    return batch.trust


def device_of(around: Around, batch: Batch, index: int) -> Device | None:
    """The ``device`` record of a sealed day, checked; None in schema 1. Raises Refusal ``passport-device``."""
    if isinstance(batch.device, UnsetType):
        return None
    device = around.find(batch.device)
    described = isinstance(device, Device) and (device.series, device.unit, device.scale) == (
        batch.series,
        batch.unit,
        batch.scale,
    )
    if not isinstance(device, Device) or not described or around.index(batch.device) > index:
        raise Refusal("passport-device", received=index)
    return device


def verify_author(around: Around, record: AnyRecord, index: int) -> int:
    """Verify the author's signatures of the record at ``index`` of the log; gives how many.

    Raises Refusal ``passport-signature``, ``passport-key-order``.
    """
    if isinstance(record.sigs, UnsetType):
        return 0
    _verify(around, index, record.sigs, record_message(record))
    return len(record.sigs)


def _verify(around: Around, index: int, signatures: Signatures, message: bytes) -> None:
    for each in signatures:
        key = around.find(each.key)
        if not isinstance(key, Key):
            raise Refusal("passport-signature", received=index)
        # Order of the log is the only order there is: a key speaks for records that come after it.
        if key.status != "active" or around.index(each.key) > index or around.ended(key.vkey, index):
            raise Refusal("passport-key-order", received=index)
        if not signature_holds(key.vkey, each, message):
            raise Refusal("passport-signature", received=index)
    if len({each.key for each in signatures}) != len(signatures):
        raise Refusal("passport-signature", received=index)


def columns_of(batch: Batch, level: Level, amount: int) -> tuple[int, ...]:
    """The sums of a sealed day in a tree of MEASURED columns; ``amount`` in 1/divisor of the unit."""
    return (
        max(amount, 0),
        max(-amount, 0),
        batch.count,
        int(level == "device-signed"),
        int(level == "gateway-signed"),
        int(level == "operator-entered"),
    )


# The columns of the tree over sealed days: amounts above and below zero, readings, days at each level of trust.
MEASURED = ("plus", "minus", "readings", "device-signed", "gateway-signed", "operator-entered")
