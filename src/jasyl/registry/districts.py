"""The district each point lies in, by the borders in use: brought up to date when other borders are imported.

Nobody asserts it: it stands beside what the owner says of the district and never in the history of a record.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from .placing import PlaceCheck
from .tables import facility, project

if TYPE_CHECKING:
    from jasyl.places.boundaries import Boundaries

_CHUNK = 5_000


def find_districts(connection: sa.Connection, boundaries: "Boundaries") -> int:
    """Write down for every facility and project the code of the district its point lies in (None where there is none);
    gives how many changed. Part of the caller's writing transaction."""
    check = PlaceCheck(boundaries, "en")
    changed = 0
    for table in (facility, project):
        c = table.c
        rows = connection.execute(sa.select(c.id, c.lon, c.lat, c.district_found)).mappings().all()
        found = check.districts([dict(row) for row in rows])
        moved = [(row["id"], code) for row, code in zip(rows, found, strict=True) if row["district_found"] != code]
        _write(connection, table, moved)
        changed += len(moved)
    return changed


def _write(connection: sa.Connection, table: sa.Table, moved: Sequence[tuple[str, str | None]]) -> None:
    """One statement for the members of a district: far fewer than one for each row."""
    by_code: dict[str | None, list[str]] = {}
    for identity, code in moved:
        by_code.setdefault(code, []).append(identity)
    for code, identities in by_code.items():
        for start in range(0, len(identities), _CHUNK):
            some = identities[start : start + _CHUNK]
            values: Mapping[str, Any] = {"district_found": code}
            connection.execute(sa.update(table).where(table.c.id.in_(some)).values(values))
