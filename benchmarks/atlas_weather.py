"""The weather store: converting a year, its size, chunks and series out of it, beside the limits of the machine.

The year is that of ``benchmarks.weather_year``. JASYL_WEATHER_YEAR names its deflated file; else it is made (minutes).
"""

import hashlib
import os
import resource
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np

from benchmarks.weather_year import write_cutout

YEARS_OF_HOURS = 40 * 8766
PV_FIELDS = ("influx_toa", "influx_direct", "influx_diffuse", "albedo", "temperature")


def run() -> None:
    """Print wall and CPU seconds, gigabytes a second, milliseconds; the kind of file and warm or cold beside each."""
    with tempfile.TemporaryDirectory() as place:
        named = os.environ.get("JASYL_WEATHER_YEAR")
        year = Path(named) if named else Path(place) / "year-deflate.nc"
        if not year.exists():
            write_cutout(year)
        print(f"input: {year.name}, {year.stat().st_size / 1e9:.2f} GB, deflated and shuffled, 100 hours a chunk")
        _limits(year)
        _direct(year)
        for packing in ("float32", "int16"):
            call = f"convert_year({str(year)!r}, {packing!r}, {place!r})"
            subprocess.run(
                [sys.executable, "-c", f"from benchmarks.atlas_weather import convert_year; {call}"], check=True
            )
            _store(Path(place) / packing / "atlas" / "weather" / "year", packing)
        _forty_years(Path(place))


def convert_year(year: str, packing: str, place: str) -> None:
    """Convert in a process of its own, so that its memory can be told."""
    from jasyl.atlas.weather import Wish, convert
    from jasyl.storage import create_folder

    folder = create_folder(Path(place) / packing, "real")
    with _Anonymous() as memory:
        began = time.perf_counter()
        convert(folder, year, "year", Wish(packing="int16" if packing == "int16" else "float32"))
        wall = time.perf_counter() - began
    used = resource.getrusage(resource.RUSAGE_SELF)
    size = sum(file.stat().st_size for file in (folder.atlas / "weather/year").rglob("*") if file.is_file())
    print(f"conversion to {packing}, 13 fields, two chunkings, from the deflated file (warm):")
    print(f"  {wall:.1f} s wall, {used.ru_utime:.1f} + {used.ru_stime:.1f} s CPU, {size / 1e9:.2f} GB")
    print(f"  peak memory {used.ru_maxrss / 1024:.0f} MiB with mapped files, {memory.peak / 1024:.0f} MiB of its own")


def _limits(year: Path) -> None:
    """What one thread of this machine can do with one chunk of the file."""
    import h5py
    from isal import isal_zlib

    from jasyl.atlas.weather.unshuffle import unshuffled

    with h5py.File(year) as file:
        variable = file["temperature"]
        place, shape, kind = variable.id.get_chunk_info(30), variable.chunks, variable.dtype
    with year.open("rb") as file:
        file.seek(place.byte_offset)
        raw = file.read(place.size)
    whole = isal_zlib.decompress(raw)
    size, values = len(whole), np.frombuffer(whole, np.float32)
    large = np.zeros(64_000_000, np.float32)
    rates = {
        "read memory": large.nbytes / _each(large.sum, 5),
        "inflate, zlib": size / _each(lambda: zlib.decompress(raw), 5),
        "inflate, isal": size / _each(lambda: isal_zlib.decompress(raw, bufsize=size), 5),
        "un-shuffle": size / _each(lambda: unshuffled(whole, shape, kind, flip=True), 20),
        "SHA-256": size / _each(lambda: hashlib.sha256(whole).digest(), 5),
        "copy": size / _each(values.copy, 50),
    }
    print("limits, one thread, GB/s: " + ", ".join(f"{name} {rate / 1e9:.2f}" for name, rate in rates.items()))


def _direct(year: Path) -> None:
    from jasyl.atlas.weather import NetCDFSource

    source = NetCDFSource(year)
    size = len(PV_FIELDS) * source.steps * source.grid.rows * source.grid.columns * 4
    used = _each(lambda: [None for _ in source.chunks(PV_FIELDS)], 1, warm=False)
    print(f"five fields of the year straight from the file, one thread: {used:.2f} s CPU, {size / used / 1e9:.2f} GB/s")


def _store(path: Path, packing: str) -> None:
    from jasyl.atlas.weather import ZarrSource

    opening = _each(lambda: ZarrSource(path), 20) * 1000
    source = ZarrSource(path)

    def read() -> None:
        for chunk in source.chunks(PV_FIELDS):
            for values in chunk.fields.values():
                values.max()

    first, again = _each(read, 1, warm=False), _each(read, 2)
    rng = np.random.default_rng(1)
    cells = [(int(rng.integers(source.grid.rows)), int(rng.integers(source.grid.columns))) for _ in range(200)]
    begin = time.perf_counter()
    for row, column in cells:
        source.series("temperature", row, column)
    point = (time.perf_counter() - begin) / len(cells) * 1000
    print(
        f"store, {packing}: opened in {opening:.2f} ms; maximum of five fields {first:.2f} s first, {again:.2f} s again"
    )
    print(f"  one cell's year {point:.3f} ms (page cache)")


def _forty_years(place: Path) -> None:
    """One point of a store of 8 × 8 cells and forty years; also after the page cache was told to forget it."""
    import h5netcdf

    from jasyl.atlas.weather import convert, open_store
    from jasyl.storage import create_folder

    file = place / "forty.nc"
    with h5netcdf.File(file, "w") as out:
        out.dimensions = {"time": YEARS_OF_HOURS, "y": 8, "x": 8}
        hours = out.create_variable("time", ("time",), "i8", data=np.arange(YEARS_OF_HOURS))
        hours.attrs["units"] = "hours since 1980-01-01"
        for name, first in (("y", 44.0), ("x", 66.0)):
            out.create_variable(name, (name,), "f8", data=first + 0.25 * np.arange(8))
        wind = np.random.default_rng(1).weibull(2, (YEARS_OF_HOURS, 8, 8)).astype(np.float32) * 8
        out.create_variable("wnd100m", ("time", "y", "x"), "f4", data=wind, chunks=(1000, 8, 8), compression="gzip")
    folder = create_folder(place / "forty", "real")
    began = time.perf_counter()
    convert(folder, str(file), "forty")
    print(f"40 years × 64 cells converted in {time.perf_counter() - began:.1f} s")
    source = open_store(folder, "forty")
    for state in ("cold", "warm"):
        if state == "cold":
            for shard in (source.path / "series.zarr").rglob("c/*/*/*"):
                descriptor = os.open(shard, os.O_RDONLY)
                os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(descriptor)
        began = time.perf_counter()
        series = source.series("wnd100m", 3, 5)
        used = (time.perf_counter() - began) * 1000
        print(f"  one point's 40-year series, {state}: {used:.2f} ms, {len(series):,} hours (target 50 ms)")


class _Anonymous:
    """The most memory of its own (kB) that the process had, looked at twenty times a second."""

    def __enter__(self) -> "_Anonymous":
        self.peak, self._over = 0, threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
                if line.startswith("RssAnon:"):
                    self.peak = max(self.peak, int(line.split()[1]))


def _each(work: Callable[[], object], times: int, *, warm: bool = True) -> float:
    """Seconds of processor a call, after one to warm up."""
    if warm:
        work()
    started = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - started) / times
