"""The signatures in a log's records, by the order of the log: of authors, of gateways, of meters."""

from collections import Counter
from collections.abc import Sequence

from msgspec import UNSET

from jasyl.quantities import sha256_hex

from .event_records import Key
from .measured_records import Batch, Device
from .passport_trust import Levels, level_of, verify_author
from .record_blocks import Columns
from .records import AnyRecord

_SIGNATURES = ("sigs", "day_sigs")
# What a sealed day says of its meter.
_DESCRIBED = ("series", "unit", "scale")


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
        self._meters = dict[str, tuple[str, str, int]]()

    def take_unsigned_days(self, days: Columns) -> Sequence[int]:
        """Count the sealed days that nobody signed, of meters told before as these days name them.

        Nearly all days are. ``days``: field by field. Gives the others, for ``take`` to judge one by one and in order.
        """
        if not days:
            return ()
        named = list(zip(*(days[name] for name in _DESCRIBED), strict=True))
        told = list(map(self._meters.get, days["device"]))
        if told == named and all(days[name].count(UNSET) == len(named) for name in _SIGNATURES):
            self.levels["operator-entered"] += len(named)
            return ()
        signed = zip(*(days[name] for name in _SIGNATURES), strict=True)
        rest = [
            at
            for at, signatures in enumerate(signed)
            if told[at] != named[at] or any(one is not UNSET for one in signatures)
        ]
        self.levels["operator-entered"] += len(named) - len(rest)
        return rest

    def take(self, index: int, entry: bytes, record: AnyRecord) -> None:
        """Check the record at ``index``. Raises Refusal ``passport-signature``, ``passport-key-order`` or
        ``passport-device``; a meter or key counts from here on whatever its own signature is worth."""
        if isinstance(record, Key | Device):
            identity = sha256_hex(entry)
            self._told.setdefault(identity, (index, record))
            if isinstance(record, Device):
                self._meters[identity] = record.series, record.unit, record.scale
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
