"""The signatures in a log's records, by the order of the log: of authors, of gateways, of meters."""

from collections import Counter
from collections.abc import Collection, Mapping
from operator import attrgetter, countOf

from msgspec import UNSET

from jasyl.quantities import sha256_hex

from .event_records import Key
from .measured_records import Batch, Device
from .passport_trust import Levels, level_of, verify_author
from .records import AnyRecord

_SIGNATURES = (attrgetter("sigs"), attrgetter("day_sigs"))
# The meter that a sealed day names, and how it is described.
_METER = attrgetter("device", "series", "unit", "scale")


class LogTrust:
    """Takes in the records of a log from the first to the last; remembers the keys and meters that were told.

    ``signatures`` counts those that hold, ``signed`` the records under which they stand, ``levels`` the sealed days at
    each level of trust. Records that are neither signed nor a key, a meter or a sealed day need not be shown to it.
    """

    def __init__(self) -> None:
        self.signatures = self.signed = 0
        self.levels: Levels = Counter[str]()
        self._told = dict[str, tuple[int, Key | Device]]()
        self._ended = set[str]()
        self._meters = set[tuple[str, str, str, int]]()

    def take_unsigned_days(self, records: Mapping[int, AnyRecord]) -> dict[int, AnyRecord]:
        """Count the sealed days that nobody signed, of meters told before as these days name them.

        Nearly all days are. Gives the other records, for ``take`` to judge one by one and in order.
        """
        if not records:
            return {}
        rest: dict[int, AnyRecord] = {}
        if not self._are_unsigned_days(records.values()):
            rest = {place: record for place, record in records.items() if not self._are_unsigned_days([record])}
        if len(rest) < len(records):
            self.levels["operator-entered"] += len(records) - len(rest)
        return rest

    def _are_unsigned_days(self, records: Collection[AnyRecord]) -> bool:
        return (
            all(issubclass(kind, Batch) for kind in set(map(type, records)))
            and all(countOf(map(signed, records), UNSET) == len(records) for signed in _SIGNATURES)
            and set(map(_METER, records)) <= self._meters
        )

    def take(self, index: int, entry: bytes, record: AnyRecord) -> None:
        """Check the record at ``index``. Raises Refusal ``passport-signature``, ``passport-key-order`` or
        ``passport-device``; a meter or key counts from here on whatever its own signature is worth."""
        if isinstance(record, Key | Device):
            identity = sha256_hex(entry)
            self._told.setdefault(identity, (index, record))
            if isinstance(record, Device):
                self._meters.add((identity, record.series, record.unit, record.scale))
            elif record.status != "active":
                self._ended.add(record.vkey)
        signatures = verify_author(self, record, index)
        if isinstance(record, Batch):
            level = level_of(self, record, index)
            self.levels[level] += 1
            signatures += len(record.day_sigs or ()) if level != "operator-entered" else 0
        self.signatures += signatures
        self.signed += signatures > 0

    def find(self, identity: str) -> AnyRecord | None:
        """A key or meter told so far."""
        told = self._told.get(identity)
        return told[1] if told else None

    def index(self, record_id: str) -> int:
        return self._told[record_id][0]

    def ended(self, vkey: str, index: int) -> bool:
        """Whether a key was retired or revoked so far: all that was taken in stands before."""
        return vkey in self._ended
