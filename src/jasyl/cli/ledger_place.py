"""Finding what a command names in the log, and bringing it under a checkpoint if it waits."""

from collections.abc import Callable
from typing import TYPE_CHECKING, TypeVar

from jasyl.storage import DataFolder, database_of
from jasyl.texts import Refusal

if TYPE_CHECKING:
    import sqlalchemy as sa

Made = TypeVar("Made")


def index_of(folder: DataFolder, record: str) -> int:
    """The place in the log of a record's or a statement's id, or of a number.

    Raises Refusal ``log-unknown-record``; ``passport-waiting`` as ``when_signed`` does.
    """
    if record.isascii() and record.isdigit() and len(record) < 17:
        return int(record)
    return when_signed(folder, lambda: _index_of(folder, record))


def when_signed(folder: DataFolder, make: Callable[[], Made]) -> Made:
    """What ``make`` gives; where a record that it needs waits, after taking in what waits, as a server does at once.

    Raises what ``make`` raises; so ``passport-waiting`` where the keys of the log lie elsewhere.
    """
    try:
        return make()
    except Refusal as refusal:
        if refusal.code != "passport-waiting":
            raise
        try:
            sign_waiting(folder)
        except Refusal as hindrance:
            raise (refusal if hindrance.code == "log-no-keys" else hindrance) from None
    return make()


def sign_waiting(folder: DataFolder) -> None:
    """Take in what waits, as a server does at once. Raises what ``Keeper.drain`` raises, ``log-no-keys`` first."""
    from jasyl.ledger import Keeper  # noqa: PLC0415

    with Keeper(folder, database_of(folder)) as keeper:
        keeper.drain()


def _index_of(folder: DataFolder, record: str) -> int:
    from jasyl.ledger import entry, position  # noqa: PLC0415

    with database_of(folder).reading() as connection:
        identity = record.lower() if len(record) >= 64 else _record_of(connection, record)
        found = position(connection, identity)
        if found is None and entry(connection, identity) is not None:
            raise Refusal("passport-waiting", received=record)
    if found is None:
        raise Refusal("log-unknown-record", received=record)
    return found


def _record_of(connection: "sa.Connection", statement: str) -> str:
    """The record of a published statement."""
    from jasyl.figures import get_statement  # noqa: PLC0415

    try:
        return get_statement(connection, statement).record_id
    except Refusal:
        raise Refusal("log-unknown-record", received=statement) from None
