"""The names of a log: its present one, and former ones as far as records of the log itself tell them.

A log whose own keys were compromised goes on with the same tree under another name (``key_changes.freeze``). A record
under a former name belongs to it when a ``key`` record of schema 2 says so, which stands under the present name, or
under a former one that was itself told so.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from msgspec import UnsetType

from jasyl.texts import Refusal

from .checkpoint import Checkpoint
from .event_records import Key
from .records import AnyRecord


@dataclass(frozen=True)
class FormerName:
    """``record``: the place of the record that tells the name; records of the name stand before ``size``."""

    record: int
    size: int


def former_names(records: Mapping[int, AnyRecord], head: Checkpoint) -> dict[str, FormerName]:
    """The former names of a log that ``records``, by place, tell; of several records about one name the last counts.

    Raises Refusal ``passport-record`` with the place of a record that does not belong to the log: beyond its end,
    under a name that was not told, at or beyond the place where its former name ended; or one that tells of a
    former name that ended after it.
    """
    former = _told(records, head)
    for index, record in records.items():
        if index >= _end(record.log_origin, former, head):
            raise Refusal("passport-record", received=index)
    return former


class NamesOfAll:
    """Takes in the names under which the records of a whole log stand, from the first to the last."""

    def __init__(self) -> None:
        self._stretches: list[tuple[int, int, str]] = []
        self._tellers: dict[int, AnyRecord] = {}

    def take(self, start: int, end: int, name: str) -> None:
        """Records ``[start, end)`` stand under ``name``."""
        if self._stretches and self._stretches[-1][1:] == (start, name):
            start = self._stretches.pop()[0]
        self._stretches.append((start, end, name))

    def tell(self, index: int, record: AnyRecord) -> None:
        """Remember a record if it tells a former name."""
        if isinstance(record, Key) and not isinstance(record.former_size, UnsetType):
            self._tellers[index] = record

    def strangers(self, head: Checkpoint) -> Iterator[int]:
        """The places of records that do not belong to the log, as in ``former_names``."""
        try:
            former = _told(self._tellers, head)
        except Refusal as refusal:
            yield int(str(refusal.arguments["received"]))
            return
        for start, end, name in self._stretches:
            yield from range(max(start, _end(name, former, head)), end)


def _told(records: Mapping[int, AnyRecord], head: Checkpoint) -> dict[str, FormerName]:
    former: dict[str, FormerName] = {}
    # What tells of a name stands after all records of that name, so that one pass from the end follows any chain.
    for index, record in sorted(records.items(), reverse=True):
        if not isinstance(record, Key) or isinstance(record.former_size, UnsetType):
            continue
        if record.former_size > index:
            raise Refusal("passport-record", received=index)
        if index < _end(record.log_origin, former, head) and record.holder != head.origin:
            former.setdefault(record.holder, FormerName(index, record.former_size))
    return former


def _end(name: str, former: Mapping[str, FormerName], head: Checkpoint) -> int:
    """Records of ``name`` stand before this place."""
    return head.size if name == head.origin else former[name].size if name in former else 0
