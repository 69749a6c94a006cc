"""The passport of a statement as a file that verifies without us."""

from collections import Counter
from collections.abc import Sequence
from functools import partial

import sqlalchemy as sa
from msgspec import UnsetType

from jasyl import ledger
from jasyl.ledger import LEVELS, Level, Levels, Log, build_passport, weakest

from .statement import get, inputs_of


def passport_file(connection: sa.Connection, log: Log, statement_id: str, show: Sequence[str] = ()) -> bytes:
    """The file, from the published checkpoint; see ``docs/passport.md``.

    ``show`` are record ids of inputs to open besides those that the draw demands. Raises Refusal
    ``unknown-statement``, ``passport-waiting``, ``passport-no-input``.
    """
    return build_passport(
        connection, log, get(connection, statement_id).record_id, partial(inputs_of, connection), show
    )


def weakest_level(connection: sa.Connection, statement_id: str) -> Level:
    """The weakest level of trust among the inputs of a statement, as its records say it; a passport proves it.

    Raises Refusal ``unknown-statement``.
    """
    levels: Levels = Counter()
    _count(connection, get(connection, statement_id).record_id, levels)
    return weakest(levels)


def _count(connection: sa.Connection, record_id: str, levels: Levels) -> None:
    entry = ledger.entry(connection, record_id)
    record = ledger.parse_record(entry) if entry is not None else None
    if record is None:
        levels["not-shown"] += 1
    elif isinstance(record, ledger.Batch):
        levels["operator-entered" if isinstance(record.day_sigs, UnsetType) else record.trust] += 1
    elif not isinstance(record, ledger.Calc):
        levels["stated"] += 1
    elif isinstance(record.inputs, list):
        for each in record.inputs:
            _count(connection, each, levels)
    elif isinstance(record.inputs.columns, UnsetType):
        levels["not-shown"] += record.inputs.count
    else:
        levels.update({column.name: int(column.sum) for column in record.inputs.columns if column.name in LEVELS})
