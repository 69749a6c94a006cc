"""Building the clear-sky layers, painting tiles, clicks and regional statistics, each beside its floor."""

import resource
import tempfile
import time
import warnings
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
from shapely.geometry import box

from jasyl.atlas import KAZAKHSTAN, build_clear_sky, coverage, load, summarise, tile, value_at
from jasyl.atlas.solar.clear_sky import DAYS_IN_HALF, HOURS, clear_sky
from jasyl.atlas.solar.clear_sky_inputs import read_inputs
from jasyl.storage import DataFolder, create_folder


def run() -> None:
    """Print processor time (s or ms) of this process; wall time where files are written."""
    with tempfile.TemporaryDirectory() as place:
        folder = create_folder(Path(place) / "data", "real")
        wall, started = time.perf_counter(), time.process_time()
        build_clear_sky(folder)
        wall, used = time.perf_counter() - wall, time.process_time() - started
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(f"atlas build, 96,768 cells x 12 months x 2 layers: {wall:.1f} s wall, {used:.1f} s CPU (target 15 s)")
        print(f"  peak memory of the process {peak:.0f} MiB (target 500 MiB)")
        _kernel()
        _peer()
        _tiles(folder)
        print(f"value at a point: {_each(lambda: value_at(folder, 'solar.ghi_clear', 71.43, 51.13), 200):.3f} ms")
        _statistics(folder)


def _kernel() -> None:
    inputs = read_inputs(KAZAKHSTAN)
    started = time.process_time()
    clear_sky(inputs)
    used = time.process_time() - started
    moments = KAZAKHSTAN.rows * KAZAKHSTAN.columns * 12 * 2 * DAYS_IN_HALF * HOURS
    sample = np.linspace(-5, 0, 25_000)
    exponential = _each(lambda: np.exp(sample), 200) / sample.size
    floor = 2 * moments * exponential / 1000
    print(f"  kernel {used:.2f} s for {moments / 1e6:.0f} M moments; its two exponentials alone {floor:.2f} s")


def _peer() -> None:
    """pvlib for one cell and an hourly year: what its users would multiply by the number of cells."""
    import pandas as pd
    import pvlib

    hours = pd.date_range("2026-01-01", "2027-01-01", freq="h", inclusive="left", tz="Etc/GMT-5")
    place = pvlib.location.Location(51.125, 71.4583, altitude=362)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pandas 3.1 deprecates an attribute that pvlib 0.16 uses
        one = _each(lambda: place.get_clearsky(hours, model="ineichen"), 5)
    print(
        f"  pvlib, one cell, hourly: {one:.0f} ms; for all cells one by one {one * 96_768 / 60_000:.0f} min (estimated)"
    )


def _tiles(folder: DataFolder) -> None:
    # Zoom 6, the whole window: 8 x 5 tiles of every band.
    addresses = [(band, x, y) for band in range(13) for x in range(40, 48) for y in range(19, 24)]
    for band, x, y in addresses:
        tile(folder, "solar.ghi_clear", band, 6, x, y)
    started = time.process_time()
    sizes = [len(tile(folder, "solar.ghi_clear", band, 6, x, y)) for band, x, y in addresses]
    used = (time.process_time() - started) / len(addresses) * 1000
    values = load(folder, "solar.ghi_clear").values[0]
    pixels = (np.repeat(np.repeat(values[:64, :64] // 200, 4, 0), 4, 1) % 13).astype(np.uint8)
    packed = (pixels[:, ::2] << 4 | pixels[:, 1::2]).tobytes()
    floor = _each(lambda: zlib.compress(packed, 6), 200)
    print(
        f"tile 256 px, warm: {used:.2f} ms, {np.mean(sizes):.0f} B (target 2 ms); deflating its pixels {floor:.2f} ms"
    )


def _statistics(folder: DataFolder) -> None:
    shapes = [
        box(46.5 + 4 * column, 41 + 3 * row, 50.2 + 4 * column, 43.7 + 3 * row)
        for column in range(10)
        for row in range(5)
    ]
    covering = _each(lambda: coverage(KAZAKHSTAN, shapes), 5)
    found = coverage(KAZAKHSTAN, shapes)
    values = load(folder, "solar.ghi_clear").values[0] / 1000.0
    summing = _each(lambda: [summarise(values, part) for part in found], 20)
    print(f"50 polygons over half the window: coverage {covering:.0f} ms once, then {summing:.1f} ms a band")


def _each(work: Callable[[], object], times: int) -> float:
    """Milliseconds of processor a call, after one to warm up."""
    work()
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) / times * 1000


if __name__ == "__main__":
    run()
