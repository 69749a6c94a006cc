"""Records that may speak of the same facility: found and shown, merged only by a person, and unmerged on request."""

import math
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from jasyl.texts import Refusal

from .assertions import Statement, record
from .fields import Provenance
from .keys import slug
from .tables import facility

NEAR_KM = 2.0
CROWD = 30
_KM_PER_DEGREE = 111.2
_CELL = 0.05
_AT_ONCE = 5_000


@dataclass(frozen=True)
class Pair:
    """Two keys that may mean one facility, and why it is thought so."""

    one: str
    other: str
    reasons: tuple[str, ...]

    def as_data(self) -> dict[str, Any]:
        return {"one": self.one, "other": self.other, "reasons": list(self.reasons)}


def likely_duplicates(connection: sa.Connection, keys: Sequence[str] | None = None, limit: int = 200) -> list[Pair]:
    """Pairs of facilities of one family that share a name, or stand within 2 km with the same capacity.

    A name or a size that more than `CROWD` records share (``Котельная``, roofs of 5 kW in one town) tells nothing and
    makes no pairs. ``keys`` narrows to pairs in which one of these takes part. Merged records are left out.
    """
    wanted = None if keys is None else set(keys)
    if wanted is not None and not wanted:
        return []
    columns = (
        facility.c.key, facility.c.family, facility.c.lon, facility.c.lat,
        facility.c.capacity_w, facility.c.capacity, facility.c.capacity_unit,
        facility.c.name_kk, facility.c.name_ru, facility.c.name_en,
    )  # fmt: skip
    query = sa.select(*columns).where(facility.c.merged_into.is_(None))
    every: list[str] = []
    names, cells = _Names(), _Cells(list)
    for key, family, lon, lat, power, capacity, unit, *said in connection.execute(
        query, execution_options={"yield_per": _AT_ONCE}
    ):
        names.see(len(every), family, said)
        if lon is not None and capacity is not None:
            size = power if power is not None else (capacity, unit)
            cells[family, size, math.floor(lon / _CELL), math.floor(lat / _CELL)].append((key, lon, lat))
        every.append(key)
    found: Found = defaultdict(set)
    for alike in names.shared():
        _pairs([every[place] for place in alike], wanted, found, "name")
    _by_place(cells, wanted, found)
    pairs = [Pair(one, other, tuple(sorted(reasons))) for (one, other), reasons in sorted(found.items())]
    return pairs[:limit]


Found = dict[tuple[str, str], set[str]]
_Cells = defaultdict[tuple[str, Any, int, int], list[tuple[str, float, float]]]


class _Names:
    """Who shares a name within a family. A name is kept as its 64-bit hash: a million facilities have three million."""

    def __init__(self) -> None:
        self._hashes, self._owners = array("q"), array("q")

    def see(self, owner: int, family: str, names: Sequence[str | None]) -> None:
        for said in {slug(name) for name in {*names} if name}:
            self._hashes.append(hash((family, said)))
            self._owners.append(owner)

    def shared(self) -> Iterator[list[int]]:
        """The owners of each name that more than one and at most `CROWD` of them have."""
        import numpy as np  # noqa: PLC0415

        hashes, owners = (np.frombuffer(one, np.int64) for one in (self._hashes, self._owners))
        order = np.argsort(hashes, kind="stable")
        low = np.flatnonzero(np.diff(hashes[order], prepend=~hashes[order[:1]]))
        high = np.append(low[1:], len(order))
        shared = (high - low > 1) & (high - low <= CROWD)
        for first, behind in zip(low[shared].tolist(), high[shared].tolist(), strict=True):
            yield owners[order[first:behind]].tolist()


def _by_place(cells: _Cells, wanted: set[str] | None, found: Found) -> None:
    """Like facilities in the same or a neighbouring cell of a grid whose cells are wider than 2 km."""
    for (family, size, x, y), here in cells.items():
        around = [
            one for dx in (-1, 0, 1) for dy in (-1, 0, 1) for one in cells.get((family, size, x + dx, y + dy), ())
        ]
        if not 1 < len(around) <= CROWD:
            continue
        for one in here:
            if wanted is not None and one[0] not in wanted:
                continue
            for other in around:
                if other[0] != one[0] and _near(one, other):
                    found[min(one[0], other[0]), max(one[0], other[0])].add("place and capacity")


def _near(one: tuple[str, float, float], other: tuple[str, float, float]) -> bool:
    east = (one[1] - other[1]) * math.cos(math.radians(one[2]))
    return math.hypot(east, one[2] - other[2]) * _KM_PER_DEGREE <= NEAR_KM


def _pairs(keys: list[str], wanted: set[str] | None, found: Found, reason: str) -> None:
    first = min(keys)
    for key in keys:
        if key != first and (wanted is None or key in wanted or first in wanted):
            found[first, key].add(reason)


def merge(connection: sa.Connection, key: str, into: str, provenance: Provenance) -> None:
    """Let the record ``key`` stand for the facility ``into``: it leaves lists and totals, its history stays.

    Raises Refusal ``unknown-facility`` or ``merge-circle``.
    """
    rows = {row.key: row for row in _found(connection, key, into)}
    for asked in (key, into):
        if asked not in rows:
            raise Refusal("unknown-facility", received=asked[:80])
    if key == into or rows[into].merged_into is not None:
        raise Refusal("merge-circle", received=key, expected=into)
    record(connection, "facility", [Statement(key, {"merged_into": rows[into].id}, provenance)])


def unmerge(connection: sa.Connection, key: str, provenance: Provenance) -> None:
    """Undo a merge. Raises Refusal ``unknown-facility`` or ``not-merged``."""
    rows = _found(connection, key)
    if not rows:
        raise Refusal("unknown-facility", received=key[:80])
    if rows[0].merged_into is None:
        raise Refusal("not-merged", received=key)
    record(connection, "facility", [Statement(key, {"merged_into": None}, provenance)])


def _found(connection: sa.Connection, *keys: str) -> Sequence[Any]:
    columns = (facility.c.id, facility.c.key, facility.c.merged_into)
    return connection.execute(sa.select(*columns).where(facility.c.key.in_(keys))).all()
