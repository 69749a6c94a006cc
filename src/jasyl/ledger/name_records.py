"""Finding the records that tell a log's former names, for those who are shown records under them."""

from collections.abc import Iterable

import sqlalchemy as sa
from msgspec import UnsetType

from . import outbox
from .checkpoint import Checkpoint, read_checkpoint
from .event_records import Key
from .log import Log
from .records import encode_record, parse_record


def name_records(connection: sa.Connection, names: Iterable[str], head: Checkpoint) -> dict[str, bytes]:
    """The records, by id, that tell ``names`` to be former ones of the log under ``head``, and those by which they do.

    Names that no record tells are passed over: whoever checks refuses them.
    """
    origin = head.origin
    needed = set(names) - {origin}
    if not needed:
        return {}
    told: dict[str, tuple[str, Key]] = {}
    for identity, found in outbox.records_of_kind(connection, "key"):
        if isinstance(found, Key) and not isinstance(found.former_size, UnsetType):
            # The last word under the head counts; every revoked key of one name says the same: the first will do.
            before, place = told.get(found.holder), outbox.position(connection, identity)
            waits = place is None or place >= head.size
            if before is None or (not waits and _says(before[1]) != _says(found)):
                told[found.holder] = identity, found
    taken: dict[str, bytes] = {}
    while found := needed & told.keys():
        name = found.pop()
        identity, record = told.pop(name)
        taken[identity] = encode_record(record)
        needed = (needed | {record.log_origin}) - {name, origin}
    return taken


def _says(told: Key) -> tuple[str, object]:
    return told.log_origin, told.former_size


def name_proofs(connection: sa.Connection, log: Log, entry: bytes) -> list[bytes]:
    """The ``.tlog-proof`` files of the records that tell the name under which ``entry`` stands; none where it is the
    present one. Raises Refusal ``log-unwitnessed``.
    """
    head = read_checkpoint(log.proven_by())
    told = name_records(connection, [parse_record(entry).log_origin], head)
    return [log.proof_file(place) for place in sorted(outbox.positions(connection, list(told)).values())]
