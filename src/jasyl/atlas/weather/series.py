"""Cutting the series of cells from the maps of a shard: strips of four rows at a time, in bounded memory."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.jobs import Progress
from jasyl.storage import sync_directory

from .chunk import MISSING
from .journal import Journal
from .layout import WINDOW, Layout, map_file, series_file, series_index
from .record import StoredField


def write_series(
    store: Path,
    layout: Layout,
    field: StoredField,
    shard: int,
    journal: Journal,
    pool: ThreadPoolExecutor,
    progress: Progress,
) -> None:
    """Write the series-wise shards of a field over the time of ``shard`` that the journal does not know yet."""
    todo = [
        (file, tile)
        for tile in layout.tiles()
        if str((file := series_file(store, field.name, *tile, shard)).relative_to(store)) not in journal.series
    ]
    if not todo:
        return
    maps = _maps(store, layout, field, shard)

    def write(task: tuple[Path, tuple[int, int]]) -> tuple[Path, int]:
        file, tile = task
        return file, _write_tile(file, layout, field, maps, tile)

    for file, crc in pool.map(write, todo):
        journal.note_series(str(file.relative_to(store)), f"{crc:08x}")
        progress.step("weather-step-series", len(journal.series), None)


def _write_tile(
    file: Path, layout: Layout, field: StoredField, maps: Sequence[NDArray[Any]], tile: tuple[int, int]
) -> int:
    """Write one shard, whole or not at all; its CRC-32C."""
    from google_crc32c import extend  # noqa: PLC0415

    from .pack import to_series  # noqa: PLC0415 - compiled

    down, across = layout.windows(*tile)
    top, left = tile[0] * layout.tile[0], tile[1] * layout.tile[1]
    right = min(left + layout.tile[1], layout.grid.columns)
    strip = np.empty((across, WINDOW, WINDOW, layout.shard_steps), maps[0].dtype)
    crc = 0
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f".{file.name}.part")
    with part.open("wb") as out:
        for window in range(down):
            low = top + window * WINDOW
            strip.fill(MISSING if field.packing else np.nan)
            for number, chunk in enumerate(maps):
                to_series(chunk[:, low : low + WINDOW, left:right], strip, number * layout.chunk_steps)
            data = strip.tobytes()
            crc = extend(crc, data)
            out.write(data)
        index = series_index(layout, *tile, field.itemsize)
        crc = extend(crc, index)
        out.write(index)
        out.flush()
        os.fsync(out.fileno())
    part.replace(file)
    sync_directory(file.parent)
    return crc


def _maps(store: Path, layout: Layout, field: StoredField, shard: int) -> list[NDArray[Any]]:
    """The chunks of a shard of maps, mapped into memory."""
    first, last = layout.shard_bounds(shard)
    kind = np.dtype("<i2" if field.packing else "<f4")
    shape = (last - first, layout.chunk_steps, *layout.grid.shape)
    whole: NDArray[Any] = np.memmap(map_file(store, field.name, shard), kind, "r", shape=shape).view(np.ndarray)
    steps = [layout.bounds(number) for number in range(first, last)]
    return [whole[number][: b - a] for number, (a, b) in enumerate(steps)]
