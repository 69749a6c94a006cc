"""The map's points as this process holds them, and the tiles cut from them so far."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from jasyl.registry import MapPoints, latest_assertion, load_map_points
from jasyl.storage import Database

_LIMIT = 32 * 2**20


@dataclass
class Prepared:
    """Points as they stood at a data revision, and their tiles by zoom, column and row, the newest used last.

    ``assertion`` is the last one recorded then: while no other has come, the points are the same.
    """

    revision: int
    assertion: int
    points: MapPoints
    tiles: OrderedDict[tuple[int, int, int], bytes] = field(default_factory=OrderedDict[tuple[int, int, int], bytes])
    size: int = 0


class TileStore:
    """Tiles of the newest data. Points are read once per change; meanwhile the earlier ones serve.

    Threads of one process share a store; several processes have one each.
    """

    def __init__(self, database: Database) -> None:
        self.database = database
        self._prepared: Prepared | None = None
        self._preparing = threading.Lock()
        self._cutting = threading.Lock()

    def prepared(self, revision: int, *, wait: bool) -> Prepared:
        """Points at least as new as ``revision``; without ``wait`` the earlier ones while another thread reads."""
        held = self._prepared
        if held is not None and held.revision >= revision:
            return held
        if held is not None and not wait:
            if self._preparing.acquire(blocking=False):
                threading.Thread(target=self._refresh, args=(revision,), name="map-points", daemon=True).start()
            return held
        with self._preparing:
            return self._renewed(revision)

    def tile(self, prepared: Prepared, z: int, x: int, y: int) -> bytes:
        """A tile of ``prepared``, from memory where it was asked for before."""
        with self._cutting:
            kept = prepared.tiles.get((z, x, y))
            if kept is not None:
                prepared.tiles.move_to_end((z, x, y))
                return kept
        made = prepared.points.tile(z, x, y)
        with self._cutting:
            if (z, x, y) not in prepared.tiles:
                prepared.tiles[z, x, y] = made
                prepared.size += len(made)
            while prepared.size > _LIMIT:
                _, dropped = prepared.tiles.popitem(last=False)
                prepared.size -= len(dropped)
        return made

    def _refresh(self, revision: int) -> None:
        """In a thread of its own, which has been given the lock."""
        try:
            self._renewed(revision)
        finally:
            self._preparing.release()

    def _renewed(self, revision: int) -> Prepared:
        """The newest points, read unless nothing was recorded since; only with the lock held."""
        held = self._prepared
        if held is not None and held.revision >= revision:
            return held
        now = self.database.revision()  # before the points: they may be newer than this says, never older
        with self.database.reading() as connection:
            last = latest_assertion(connection)
            if held is not None and held.assertion == last:
                held.revision = now
                return held
            made = Prepared(now, last, load_map_points(connection))
        self._prepared = made
        return made
