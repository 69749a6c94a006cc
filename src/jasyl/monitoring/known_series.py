"""The series of the register by name, kept in memory until the register changes: every push asks for them."""

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, cast

import numpy as np
import sqlalchemy as sa
from numpy.typing import ArrayLike

from jasyl.people import Actor, Level, Resource, may
from jasyl.registry import every_series, latest_assertion
from jasyl.registry.tables import facility
from jasyl.storage import Database

from .definitions import definitions
from .grids import grids_of
from .series import SeriesDefinition

STALENESS = 0.2
_MOST_SENDERS = 1_000
# Of all layouts of documents together, about 100 bytes each.
_MOST_READINGS = 500_000


class Kept:
    """What was worked out, by key, up to a weight; all is forgotten when it grows heavier. Safe among threads."""

    def __init__(self, most: int) -> None:
        self._most, self._weight = most, 0
        self._held: dict[Any, Any] = {}

    def get(self, key: Any) -> Any:
        return self._held.get(key)

    def put(self, key: Any, value: Any, weight: int) -> None:
        if self._weight + weight > self._most:
            self._held, self._weight = {}, 0
        if weight <= self._most:
            self._held[key] = value
            self._weight += weight


@dataclass(frozen=True)
class SeriesIndex:
    """Series by key and by id (``named``), their definitions by number, and what rights are decided on."""

    newest: int
    named: Mapping[str, int]
    definitions: Mapping[int, SeriesDefinition]
    resources: Mapping[int, Resource]
    keys: Mapping[int, str]
    _remembered: dict[Actor, dict[Any, Any]] = field(default_factory=dict[Actor, dict[Any, Any]], compare=False)
    layouts: Kept = field(default_factory=lambda: Kept(_MOST_READINGS), compare=False)

    def remembered(self, actor: Actor) -> dict[Any, Any]:
        """A place for what was found out about ``actor`` here; forgotten with the index when the register changes."""
        if len(self._remembered) > _MOST_SENDERS:
            self._remembered.clear()
        return self._remembered.setdefault(actor, {})

    def writable(self, actor: Actor, name: str) -> tuple[SeriesDefinition | None, bool]:
        """The series of ``name`` and whether ``actor`` may write it.

        A series that the actor may neither read nor write is none at all to them: a refusal would tell that it exists.
        """
        number = self.named.get(name)
        if number is None:
            return None, False
        resource = self.resources[number]
        if may(actor, "write_readings", resource):
            return self.definitions[number], True
        return (self.definitions[number], False) if resource.level == "public" else (None, False)


def series_index(connection: sa.Connection) -> SeriesIndex:
    """What the register holds now."""
    series = every_series(connection)
    owners = {
        row.id: (row.enterprise_id, row.region)
        for row in connection.execute(sa.select(facility.c.id, facility.c.enterprise_id, facility.c.region))
    }
    return SeriesIndex(
        newest=latest_assertion(connection),
        named={one.id: one.number for one in series} | {one.key: one.number for one in series},
        definitions=MappingProxyType(definitions(connection, series)),
        resources={
            one.number: Resource(cast("Level", one.level), *owners.get(one.facility_id, (None, None)), one.id)
            for one in series
        },
        keys={one.number: one.key for one in series},
    )


class KnownSeries:
    """The index of one process, looked at again at most every ``staleness`` seconds; safe among threads."""

    def __init__(
        self, database: Database, staleness: float = STALENESS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.database, self.staleness, self._clock = database, staleness, clock
        self._lock = threading.Lock()
        self._asked = float("-inf")
        self._index: SeriesIndex | None = None

    def definitions(self, numbers: ArrayLike) -> Mapping[int, SeriesDefinition]:
        """The definitions by number. One that is not there yet is looked for in the register: whoever has just
        registered a series may send its readings at once."""
        found = self.current().definitions
        missing = grids_of(found).kind_of(np.asarray(numbers, np.int64)) < 0
        return self.current(fresh=True).definitions if missing.any() else found

    def current(self, *, fresh: bool = False) -> SeriesIndex:
        """The index; ``fresh`` looks at the register now, before a name is called unknown."""
        with self._lock:
            now = self._clock()
            if self._index is None or fresh or now - self._asked > self.staleness:
                with self.database.reading() as connection:
                    if self._index is None or latest_assertion(connection) != self._index.newest:
                        self._index = series_index(connection)
                self._asked = now
            return self._index
