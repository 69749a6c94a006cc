"""Meters of series: when one was mounted or changed, with the registers of the protocol; amounts follow at once."""

import sqlalchemy as sa

from jasyl.texts import Refusal

from .delivery_tables import mounting as held
from .registers import Mounting


def mountings(connection: sa.Connection) -> dict[int, tuple[Mounting, ...]]:
    """The known meters of every series that has any, by number of the series, in order of time."""
    newest: dict[tuple[int, int], Mounting] = {}
    for row in connection.execute(sa.select(held).order_by(held.c.number)):
        newest[row.series, row.since] = Mounting(row.since, row.size, row.first, row.last, row.serial)
    found: dict[int, tuple[Mounting, ...]] = {}
    for (series, _), each in sorted(newest.items(), key=lambda item: item[0]):
        found[series] = (*found.get(series, ()), each)
    return found


def record_mounting(connection: sa.Connection, series: int, meter: Mounting, *, actor: str, now: int) -> None:
    """Keep that ``meter`` was mounted on a series; another record of the same moment corrects it.

    Raises Refusal ``meter-register`` for a register that is negative or beyond the size, ``meter-future``.
    """
    for register in (meter.first, meter.last):
        if register is not None and register < 0:
            raise Refusal("meter-register", received=str(register), expected="0")
    if meter.size is not None and (meter.size <= 0 or (meter.first or 0) >= meter.size):
        raise Refusal("meter-register", received=str(meter.first or meter.size), expected=str(meter.size))
    if meter.since > now:
        raise Refusal("meter-future", received=str(meter.since), expected=str(now))
    connection.execute(
        sa.insert(held).values(
            series=series,
            since=meter.since,
            serial=meter.serial,
            size=meter.size,
            first=meter.first,
            last=meter.last,
            recorded_at=now,
            actor=actor,
        )
    )
