"""Series: what a meter of a facility measures, and the small number that stands for it in stored readings."""

from collections.abc import Sequence
from dataclasses import dataclass

import sqlalchemy as sa

from jasyl.texts import Refusal

from .assertions import Statement, record
from .fields import Provenance
from .tables import series as held


@dataclass(frozen=True)
class Series:
    """One series as the register has it.

    ``unit`` is the UCUM code of a base unit and a stored integer is value × 10^scale of it; ``kind`` is ``mean``,
    ``amount`` or ``counter``; ``zone`` names the civil time of its days; ``level`` is the publication level.
    """

    id: str
    key: str
    number: int
    facility_id: str
    quantity: str
    unit: str
    scale: int
    interval_seconds: int
    kind: str
    zone: str
    trust: str
    level: str


_COLUMNS = tuple(Series.__dataclass_fields__)


def add_series(
    connection: sa.Connection,
    key: str,
    provenance: Provenance,
    *,
    facility_id: str,
    quantity: str,
    unit: str,
    interval_seconds: int,
    kind: str,
    scale: int = 0,
    zone: str = "Asia/Almaty",
    trust: str = "operator-entered",
    at: int | None = None,
) -> Series:
    """Register a series under the next free number, inside the caller's writing transaction.

    The same definition again is the series that is there. Another definition under a known key is refused
    (``series-taken``): stored integers mean what the series meant when they came. ``at`` is µs UTC.
    """
    fields = {
        "facility_id": facility_id,
        "quantity": quantity,
        "unit": unit,
        "scale": scale,
        "interval_seconds": interval_seconds,
        "kind": kind,
        "zone": zone,
        "trust": trust,
    }
    _one_at_a_time(connection)
    known = _load(connection, held.c.key == key)
    if known:
        if any(getattr(known[0], name) != value for name, value in fields.items()):
            raise Refusal("series-taken", received=key)
        return known[0]
    highest = connection.execute(sa.select(sa.func.max(held.c.number))).scalar()
    # The number is asserted like the rest, so that rebuilding the projection keeps it.
    record(connection, "series", [Statement(key, {**fields, "number": (highest or 0) + 1}, provenance)], at=at)
    return _load(connection, held.c.key == key)[0]


def series_of(connection: sa.Connection, facility_id: str) -> list[Series]:
    """The series of one facility, by number."""
    return _load(connection, held.c.facility_id == facility_id)


def series_by_key(connection: sa.Connection, key: str) -> Series:
    """The series of one key or ULID. Raises Refusal ``unknown-series``."""
    found = _load(connection, sa.or_(held.c.key == key, held.c.id == key))
    if not found:
        raise Refusal("unknown-series", received=key[:80])
    return found[0]


def every_series(connection: sa.Connection) -> list[Series]:
    """All series, by number."""
    return _load(connection, sa.true())


def _load(connection: sa.Connection, condition: sa.ColumnElement[bool]) -> list[Series]:
    columns: Sequence[sa.Column[object]] = [held.c[name] for name in _COLUMNS]
    rows = connection.execute(sa.select(*columns).where(condition).order_by(held.c.number))
    return [Series(*row) for row in rows]


def _one_at_a_time(connection: sa.Connection) -> None:
    # SQLite's write transaction is exclusive. On PostgreSQL two would count to the same number.
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text("lock table series in exclusive mode"))
