"""How a store lies on disk: Zarr 3 shards of plain numbers, so that a reader needs offsets and nothing else.

``map.zarr``     [time, y, x]   a chunk is all cells × some days; a shard file is about a year of one field
``series.zarr``  [y, x, time]   a chunk is 4 × 4 cells × the same year, each cell's hours side by side

Numbers are little-endian and not compressed: a kernel works on the mapped file at the speed of memory, and one cell's
year is one read. The shard index of Zarr stands behind the numbers, so every other Zarr 3 reader finds its way too.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from jasyl.atlas.grid import Grid

CHUNK_STEPS = (960, 480, 192, 96, 48, 24, 12, 6, 3, 2)
CHUNK_BYTES = 8_000_000  # of a map-wise float32 chunk: what a worker holds, times its fields
SHARD_STEPS = 8832  # a leap year and two days, whole chunks
SHARD_BYTES = 1_000_000_000  # of a map-wise float32 shard: what the page cache should hold while series are cut
WINDOW = 4  # cells along each side of a series-wise chunk
TILE_ROWS, TILE_COLUMNS = 16, 512  # cells of a series-wise shard
NOWHERE = 2**64 - 1  # a chunk that is not stored, in a Zarr shard index


@dataclass(frozen=True)
class Layout:
    """The chunks and shards of a store's fields with time; ``tile``: rows and columns of a series-wise shard."""

    grid: Grid
    steps: int
    chunk_steps: int
    shard_chunks: int
    tile: tuple[int, int]

    @property
    def chunk_count(self) -> int:
        return -(-self.steps // self.chunk_steps)

    @property
    def shard_steps(self) -> int:
        return self.chunk_steps * self.shard_chunks

    @property
    def shard_count(self) -> int:
        return -(-self.steps // self.shard_steps)

    def bounds(self, chunk: int) -> tuple[int, int]:
        """First and last (exclusive) step of a map-wise chunk."""
        first = chunk * self.chunk_steps
        return first, min(first + self.chunk_steps, self.steps)

    def shard_bounds(self, shard: int) -> tuple[int, int]:
        """First and last (exclusive) chunk of a shard."""
        first = shard * self.shard_chunks
        return first, min(first + self.shard_chunks, self.chunk_count)

    def chunk_bytes(self, itemsize: int) -> int:
        """Bytes of a map-wise chunk."""
        return self.chunk_steps * self.grid.rows * self.grid.columns * itemsize

    def window_bytes(self, itemsize: int) -> int:
        """Bytes of a series-wise chunk."""
        return WINDOW * WINDOW * self.shard_steps * itemsize

    def windows(self, row_tile: int, column_tile: int) -> tuple[int, int]:
        """How many windows of a tile hold cells: down and across."""
        tiles = zip((row_tile, column_tile), self.tile, self.grid.shape, strict=True)
        down, across = (
            -(-(min((number + 1) * side, count) - number * side) // WINDOW) for number, side, count in tiles
        )
        return down, across

    def tiles(self) -> list[tuple[int, int]]:
        """Row and column number of every series-wise shard of a stretch of time."""
        rows, columns = (-(-count // side) for count, side in zip(self.grid.shape, self.tile, strict=True))
        return [(row, column) for row in range(rows) for column in range(columns)]

    def place_of(self, row: int, column: int, itemsize: int) -> tuple[int, int, int]:
        """Row tile, column tile, and offset in the shard file of a cell's first value."""
        (height, width) = self.tile
        row_tile, column_tile = row // height, column // width
        _, across = self.windows(row_tile, column_tile)
        window = (row % height) // WINDOW * across + (column % width) // WINDOW
        cell = (row % WINDOW) * WINDOW + column % WINDOW
        return row_tile, column_tile, window * self.window_bytes(itemsize) + cell * self.shard_steps * itemsize


def choose(grid: Grid, steps: int) -> Layout:
    """The layout of a store: chunks of about 100 hours on a national grid, fewer on a larger, more on a smaller one."""
    cells = grid.rows * grid.columns * 4
    chunk = next((count for count in CHUNK_STEPS if count * cells <= CHUNK_BYTES and count <= steps), 1)
    most = max(min(SHARD_STEPS, SHARD_BYTES // cells) // chunk, 1)
    whole = [-(-count // WINDOW) * WINDOW for count in grid.shape]
    tile = (min(whole[0], TILE_ROWS), min(whole[1], TILE_COLUMNS))
    return Layout(grid, steps, chunk, min(most, -(-steps // chunk)), tile)


def map_file(store: Path, field: str, shard: int) -> Path:
    """The shard file of a field's maps."""
    return store / "map.zarr" / field / "c" / str(shard) / "0" / "0"


def series_file(store: Path, field: str, row_tile: int, column_tile: int, shard: int) -> Path:
    """The shard file of a field's series."""
    return store / "series.zarr" / field / "c" / str(row_tile) / str(column_tile) / str(shard)


def constant_file(store: Path, field: str) -> Path:
    """The file of a field without time."""
    return store / "map.zarr" / field / "c" / "0" / "0"


def shard_index(places: Sequence[int], size: int) -> bytes:
    """The index behind a shard: offset and size of every inner chunk, NOWHERE where none is stored, and its CRC-32C."""
    from google_crc32c import value  # noqa: PLC0415

    table = np.array([(NOWHERE, NOWHERE) if place < 0 else (place, size) for place in places], "<u8").tobytes()
    return table + value(table).to_bytes(4, "little")


def map_index(layout: Layout, shard: int, itemsize: int) -> bytes:
    """The index of a shard of maps."""
    first, last = layout.shard_bounds(shard)
    size = layout.chunk_bytes(itemsize)
    return shard_index([number * size if first + number < last else -1 for number in range(layout.shard_chunks)], size)


def series_index(layout: Layout, row_tile: int, column_tile: int, itemsize: int) -> bytes:
    """The index of a shard of series: windows beyond the grid are not stored."""
    down, across = layout.windows(row_tile, column_tile)
    height, width = (side // WINDOW for side in layout.tile)
    size = layout.window_bytes(itemsize)
    places = [
        (row * across + column) * size if row < down and column < across else -1
        for row in range(height)
        for column in range(width)
    ]
    return shard_index(places, size)
