"""Which cells of a field never have a value, and how far the others reach."""

from pathlib import Path

import numpy as np

from jasyl.atlas.grid import ARC_SECONDS

from .chunk import MISSING
from .layout import Layout, map_file
from .record import StoredField


def coverage(store: Path, layout: Layout, field: StoredField) -> tuple[int, tuple[str, str, str, str] | None]:
    """The number of cells without any value, and the outer edges (west, south, east, north) of those that have some.

    Reads maps until every cell has been seen; only fields with missing values need to be looked at.
    """
    grid = layout.grid
    seen = np.zeros(grid.shape, bool)
    kind = np.dtype("<i2" if field.packing else "<f4")
    size = grid.rows * grid.columns
    for chunk in range(layout.chunk_count):
        first, last = layout.bounds(chunk)
        file = map_file(store, field.name, chunk // layout.shard_chunks)
        offset = chunk % layout.shard_chunks * layout.chunk_bytes(field.itemsize)
        values = np.fromfile(file, kind, (last - first) * size, offset=offset).reshape(-1, *grid.shape)
        seen |= (values != MISSING).any(axis=0) if field.packing else (~np.isnan(values)).any(axis=0)
        if seen.all():
            return 0, None
    if not seen.any():
        return seen.size, None
    rows, columns = np.flatnonzero(seen.any(axis=1)), np.flatnonzero(seen.any(axis=0))
    edges = (
        grid.west + grid.step * int(columns[0]),
        grid.north - grid.step * (int(rows[-1]) + 1),
        grid.west + grid.step * (int(columns[-1]) + 1),
        grid.north - grid.step * int(rows[0]),
    )
    west, south, east, north = (f"{edge / ARC_SECONDS:g}" for edge in edges)
    return int(seen.size - seen.sum()), (west, south, east, north)
