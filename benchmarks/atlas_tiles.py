"""Tiles, clicks and statistics of loaded rasters: 30 arc-seconds over the country, thirteen bands and classes."""

import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine
from shapely.geometry import box

from jasyl.atlas import Source, load, statistics, tile, value_at
from jasyl.atlas.loading import Ask, load_raster
from jasyl.storage import DataFolder, create_folder

SOURCE = Source(name="made up for measuring", version="1", licence="CC0", reference="-")
ROWS, COLUMNS = 1920, 5040
TARGET = 5.0


def run() -> None:
    """Print processor time (ms, s) of this process; the first touch of a band beside the warm one."""
    with tempfile.TemporaryDirectory() as place:
        folder = create_folder(Path(place) / "data", "real")
        _loading(folder, Path(place))
        for layer, bands in (("solar.ghi", range(13)), ("land.population", range(1)), ("land.cover", range(1))):
            _tiles(folder, layer, bands)
        print(
            f"value at a point, 13 bands on disk: {_each(lambda: value_at(folder, 'solar.ghi', 71.4, 51.1), 50):.2f} ms"
        )
        shapes = [box(50 + 4 * number, 44, 53 + 4 * number, 52) for number in range(8)]
        print(
            f"statistics of 8 polygons over 3° x 8°: {_each(lambda: statistics(folder, 'solar.ghi', shapes), 2):.0f} ms"
        )
        print(f"peak memory of the process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _loading(folder: DataFolder, place: Path) -> None:
    y, x = np.arange(ROWS, dtype=np.float32)[:, None], np.arange(COLUMNS, dtype=np.float32)
    year = 3 + y / ROWS + 0.5 * np.sin(x / 300) + 0.1 * np.sin(x / 7) * np.cos(y / 5)
    months = np.stack([year * np.float32(0.4 + 0.1 * min(month, 13 - month)) for month in range(1, 13)])
    people = np.random.default_rng(1).exponential(3, (ROWS, COLUMNS)).astype(np.float32)
    cover = np.random.default_rng(2).choice(np.array([10, 20, 30, 40, 50, 60, 80], np.uint8), (ROWS, COLUMNS))
    for layer, values, unit in (("solar.ghi", months, "kW.h/m2/d"), ("land.population", people[None], None)):
        _load(folder, place, layer, values, unit)
    _load(folder, place, "land.cover", cover[None], None)


def _load(folder: DataFolder, place: Path, layer: str, values: np.ndarray, unit: str | None) -> None:
    file = place / "made.tif"
    move = Affine(1 / 120, 0, 46, 0, -1 / 120, 56)
    with rasterio.open(
        file, "w", driver="GTiff", count=len(values), height=ROWS, width=COLUMNS, dtype=values.dtype,
        crs="EPSG:4326", transform=move, tiled=True, compress="deflate",
    ) as dataset:  # fmt: skip
        dataset.write(values)
    wall, started = time.perf_counter(), time.process_time()
    load_raster(folder, file, layer, SOURCE, "-", ask=Ask(unit=unit))
    wall, used = time.perf_counter() - wall, time.process_time() - started
    size = sum(one.stat().st_size for one in folder.atlas.glob(f"{layer}.*.tif")) / 1e6
    cells = values.size / 1e6
    print(f"load {layer}, {cells:.0f} M values: {wall:.1f} s wall, {used:.1f} s CPU, {size:.0f} MB as COG")
    file.unlink()


def _tiles(folder: DataFolder, layer: str, bands: range) -> None:
    started = time.process_time()
    load(folder, layer)
    checked = (time.process_time() - started) * 1000
    started = time.process_time()
    tile(folder, layer, 0, 6, 44, 21)
    first = (time.process_time() - started) * 1000
    for zoom, columns, rows in (
        (4, range(10, 12), range(4, 6)),
        (6, range(41, 47), range(19, 24)),
        (10, range(700, 706), range(340, 345)),
    ):
        addresses = [(band, x, y) for band in bands[:4] for x in columns for y in rows]
        for band, x, y in addresses:
            tile(folder, layer, band, zoom, x, y)
        started = time.process_time()
        sizes = [len(tile(folder, layer, band, zoom, x, y)) for band, x, y in addresses]
        used = (time.process_time() - started) / len(addresses) * 1000
        verdict = "within" if used <= TARGET else "ABOVE"
        print(
            f"tile 256 px of {layer}, zoom {zoom}, warm: {used:.2f} ms CPU, {np.mean(sizes):.0f} B "
            f"({verdict} {TARGET:.0f} ms)"
        )
    print(f"  cold: {checked:.0f} ms to check the file's hash once, {first:.0f} ms for the first tile of a band")


def _each(work: Callable[[], object], times: int) -> float:
    """Milliseconds of processor a call, after one to warm up."""
    work()
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) / times * 1000


if __name__ == "__main__":
    run()
