"""Sealed days of the ledger as certificates are issued from them."""

from collections import Counter
from collections.abc import Sequence

import sqlalchemy as sa

from jasyl import ledger

from .state import MeasuredDay


def measured_days(connection: sa.Connection, record_ids: Sequence[str]) -> dict[str, MeasuredDay]:
    """What batch records prove, by id; those that are no sealed day or of no known amount are left out."""
    found: dict[str, MeasuredDay] = {}
    for identity in record_ids:
        amounts = ledger.measured_amounts(connection, [identity])
        if amounts:
            batch, amount = amounts[0]
            entry = ledger.entry(connection, str(batch.device))
            device = ledger.parse_record(entry) if entry is not None else None
            assert isinstance(device, ledger.Device)
            found[identity] = MeasuredDay(
                batch.series, device.quantity, batch.unit, batch.day_start, batch.day_end, amount
            )
    return found


def trust_of(connection: sa.Connection, record_ids: Sequence[str]) -> ledger.Level:
    """The weakest level of trust of batch records; a day without its signatures is entered by an operator."""
    levels: ledger.Levels = Counter()
    for entry in ledger.entries(connection, record_ids).values():
        batch = ledger.parse_record(entry)
        signed = isinstance(batch, ledger.Batch) and isinstance(batch.day_sigs, list)
        levels[batch.trust if signed and isinstance(batch, ledger.Batch) else "operator-entered"] += 1
    return ledger.weakest(levels)
