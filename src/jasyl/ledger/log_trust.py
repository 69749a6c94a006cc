"""The signatures in a log's records, by the order of the log: of authors, of gateways, of meters."""

from collections import Counter

from jasyl.quantities import sha256_hex

from .event_records import Key
from .measured_records import Batch, Device
from .passport_trust import Levels, level_of, verify_author
from .records import AnyRecord


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

    def take(self, index: int, entry: bytes, record: AnyRecord) -> None:
        """Check the record at ``index``. Raises Refusal ``passport-signature``, ``passport-key-order`` or
        ``passport-device``; a meter or key counts from here on whatever its own signature is worth."""
        if isinstance(record, Key | Device):
            self._told.setdefault(sha256_hex(entry), (index, record))
            if isinstance(record, Key) and record.status != "active":
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
