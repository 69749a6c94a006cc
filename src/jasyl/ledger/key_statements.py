"""What a log says about keys, its own and those of others: the ``key`` records it writes itself."""

import datetime as dt
from typing import Literal

from jasyl.storage import DataFolder

from .event_records import Key
from .keys import log_policy
from .records import issued_now
from .signing import Verifier

Status = Literal["active", "retired", "revoked"]
# The purpose of the keys that sign the log itself.
LOG_PURPOSE = "log"


def key_statement(
    folder: DataFolder, key: Verifier, holder: str, purpose: str, status: Status, by: str | None = None
) -> Key:
    """What the log, under its present name, says of a key now; ``by``: the id of the key that authorised it."""
    now = dt.datetime.now(dt.UTC)
    origin = log_policy(folder.log).origin
    return Key(
        log_origin=origin,
        issued=issued_now(now),
        author=f"log:{origin}",
        vkey=key.vkey,
        holder=holder,
        purpose=purpose,
        valid_from=issued_now(now),
        valid_to=None if status == "active" else issued_now(now),
        status=status,
        authorised_by=by,
    )
