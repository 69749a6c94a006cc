"""Finding the records that tell a log's former names, for those who are shown records under them."""

from collections.abc import Iterable

import sqlalchemy as sa
from msgspec import UnsetType

from . import outbox
from .event_records import Key
from .log import Log
from .records import encode_record, parse_record


def name_records(connection: sa.Connection, names: Iterable[str], origin: str) -> dict[str, bytes]:
    """The records, by id, that tell ``names`` to be former ones of the log ``origin``, and those by which they tell it.

    Names that no record tells are passed over: whoever checks refuses them.
    """
    needed = set(names) - {origin}
    if not needed:
        return {}
    told: dict[str, tuple[str, Key]] = {}
    for identity, found in outbox.records_of_kind(connection, "key"):
        if isinstance(found, Key) and not isinstance(found.former_size, UnsetType):
            # Every revoked key of one name says the same: the first will do.
            before = told.get(found.holder)
            if before is None or before[1].log_origin != found.log_origin:
                told[found.holder] = identity, found
    taken: dict[str, bytes] = {}
    while found := needed & told.keys():
        name = found.pop()
        identity, record = told.pop(name)
        taken[identity] = encode_record(record)
        needed = (needed | {record.log_origin}) - {name, origin}
    return taken


def name_proofs(connection: sa.Connection, log: Log, entry: bytes) -> list[bytes]:
    """The ``.tlog-proof`` files of the records that tell the name under which ``entry`` stands; none where it is the
    present one. Raises Refusal ``log-unwitnessed``.
    """
    told = name_records(connection, [parse_record(entry).log_origin], log.checkpoint().origin)
    return [log.proof_file(place) for place in sorted(outbox.positions(connection, list(told)).values())]
