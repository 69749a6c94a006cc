"""How far the numbers under a statement can be trusted: what measured them, and who signed for it."""

from collections import Counter
from typing import Literal

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


def level_of(shown: Shown, batch: Batch, batch_id: str) -> Level:
    """The level of a sealed day, its signatures verified.

    A day sealed in schema 1 has no signatures: whatever it claims, it is no more than entered by an operator. Raises
    Refusal ``passport-device``, ``passport-key-order``, ``passport-signature``.
    """
    device = device_of(shown, batch, batch_id)
    if batch.trust == "operator-entered" or isinstance(batch.day_sigs, UnsetType):
        return "operator-entered"
    if device is None or device.key is None or device.trust != batch.trust:
        raise Refusal("passport-device", received=shown.index(batch_id))
    if any(each.key != device.key for each in batch.day_sigs):
        raise Refusal("passport-signature", received=shown.index(batch_id))
    _verify(shown, batch_id, batch.day_sigs, day_message(batch.measured()))
    return batch.trust


def device_of(shown: Shown, batch: Batch, batch_id: str) -> Device | None:
    """The ``device`` record of a sealed day, checked; None in schema 1. Raises Refusal ``passport-device``."""
    if isinstance(batch.device, UnsetType):
        return None
    device = shown.find(batch.device)
    described = isinstance(device, Device) and (device.series, device.unit, device.scale) == (
        batch.series,
        batch.unit,
        batch.scale,
    )
    if not isinstance(device, Device) or not described or shown.index(batch.device) > shown.index(batch_id):
        raise Refusal("passport-device", received=shown.index(batch_id))
    return device


def verify_author(shown: Shown, record: AnyRecord, record_id: str) -> int:
    """Verify the author's signatures of a record; gives how many.

    Raises Refusal ``passport-signature``, ``passport-key-order``.
    """
    if isinstance(record.sigs, UnsetType):
        return 0
    _verify(shown, record_id, record.sigs, record_message(record))
    return len(record.sigs)


def _verify(shown: Shown, record_id: str, signatures: Signatures, message: bytes) -> None:
    index = shown.index(record_id)
    for each in signatures:
        key = shown.find(each.key)
        if not isinstance(key, Key):
            raise Refusal("passport-signature", received=index)
        # Order of the log is the only order there is: a key speaks for records that come after it.
        if key.status != "active" or shown.index(each.key) > index or _revoked_before(shown, key, index):
            raise Refusal("passport-key-order", received=index)
        if not signature_holds(key.vkey, each, message):
            raise Refusal("passport-signature", received=index)
    if len({each.key for each in signatures}) != len(signatures):
        raise Refusal("passport-signature", received=index)


def _revoked_before(shown: Shown, key: Key, index: int) -> bool:
    for place, other in shown.records.items():
        if isinstance(other, Key) and other.vkey == key.vkey and other.status != "active":
            shown.reached.add(place)
            if place < index:
                return True
    return False


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
