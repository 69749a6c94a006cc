"""The names of a log: its present one, and former ones as far as records of the log itself tell them.

A log whose own keys were compromised goes on with the same tree under another name (``key_changes.freeze``). A record
under a former name belongs to it when a ``key`` record of schema 2 says so, which stands under the present name, or
under a former one that was itself told so.
"""

from collections.abc import Mapping
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
    former: dict[str, FormerName] = {}

    def belongs(index: int, origin: str) -> bool:
        return index < (head.size if origin == head.origin else former[origin].size if origin in former else 0)

    # What tells of a name stands after all records of that name, so that one pass from the end follows any chain.
    for index, record in sorted(records.items(), reverse=True):
        if not isinstance(record, Key) or isinstance(record.former_size, UnsetType):
            continue
        if record.former_size > index:
            raise Refusal("passport-record", received=index)
        if belongs(index, record.log_origin) and record.holder != head.origin:
            former.setdefault(record.holder, FormerName(index, record.former_size))
    for index, record in records.items():
        if not belongs(index, record.log_origin):
            raise Refusal("passport-record", received=index)
    return former
