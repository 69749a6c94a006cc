"""The passport of a statement as a file that verifies without us."""

from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa

from jasyl.ledger import Log, build_passport

from .statement import get, inputs_of


def passport_file(connection: sa.Connection, log: Log, statement_id: str, show: Sequence[str] = ()) -> bytes:
    """The file, from the published checkpoint; see ``docs/passport.md``.

    ``show`` are record ids of inputs to open besides those that the draw demands. Raises Refusal
    ``unknown-statement``, ``passport-waiting``, ``passport-no-input``.
    """
    return build_passport(
        connection, log, get(connection, statement_id).record_id, partial(inputs_of, connection), show
    )
