"""The wind map of a year against atlite 0.7: same file, same machine, one run; from file, from store, warm, new curve.

The year is made up by ``benchmarks.weather_year`` in the shape of ERA5 (46–88° E, 40–56° N, 0.25°, 8760 hours). Set
JASYL_WEATHER_YEAR to a file that it wrote before, and JASYL_WEATHER_STORES to a folder with its stores ``float32`` and
``int16``, else they are made in a temporary folder (3.4 GB and three times as much).
"""

import os
import resource
import subprocess
import sys
import tempfile
import textwrap
import time
from pathlib import Path

TURBINE = "Vestas_V112_3MW"
PEER = f"""
import warnings; warnings.simplefilter("ignore")
import atlite
cutout = atlite.Cutout(FILE)
found = cutout.wind(turbine="{TURBINE}", aggregate_time="mean").values[::-1]
"""
FROM_FILE = f"""
from jasyl.atlas.weather.netcdf_source import NetCDFSource
from jasyl.atlas.wind.capacity import capacity_factors
from jasyl.atlas.wind.turbines import turbine
type_ = turbine("{TURBINE}")
found = capacity_factors(NetCDFSource(FILE), type_.curve, type_.hub_height()).mean
"""
FROM_STORE = FROM_FILE.replace("netcdf_source import NetCDFSource", "store import ZarrSource").replace(
    "NetCDFSource(FILE)", "ZarrSource(FILE)"
)
FACE = f"""
import xarray
from jasyl import atlas
found = atlas.wind(xarray.open_dataset(FILE, chunks={{"time": 100}}), "{TURBINE}", aggregate_time="mean").values[::-1]
"""
MEASURE = """
import resource, sys, time
import numpy as np
began = time.perf_counter()
FILE, OUT = sys.argv[1:3]
{work}
used = resource.getrusage(resource.RUSAGE_SELF)
anonymous = next(int(line.split()[1]) for line in open("/proc/self/status") if line.startswith("RssAnon")) / 1024
np.save(OUT, found)
print(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024, anonymous)
"""


def run() -> None:
    """Print wall, processor time and peak memory of each way, and its share of atlite's."""
    with tempfile.TemporaryDirectory(prefix="atlas-wind-") as place:
        folder = Path(place)
        file = _year(folder)
        print(f"file: {file.name}, {file.stat().st_size / 1e9:.2f} GB deflated NetCDF, read before (warm file cache)")
        peer = _process("atlite 0.7, whole process", PEER, file, folder / "peer.npy")
        _process("from the same NetCDF, whole process", FROM_FILE, file, folder / "file.npy", peer)
        _process("notebook face over xarray, same NetCDF", FACE, file, folder / "face.npy", peer)
        store = _store(folder, file, "float32")
        _process("from the float32 store, whole process", FROM_STORE, store, folder / "store.npy", peer)
        _warm(store, peer, "float32")
        integers = _store(folder, file, "int16")
        _process("from the int16 store, whole process", FROM_STORE, integers, folder / "int16.npy", peer)
        _warm(integers, peer, "int16")
        _histograms(store, peer)
        _equality(folder)


def _year(folder: Path) -> Path:
    given = os.environ.get("JASYL_WEATHER_YEAR")
    if given:
        return Path(given)
    from .weather_year import write_cutout

    write_cutout(folder / "year.nc")
    return folder / "year.nc"


def _process(
    title: str, work: str, file: Path, out: Path, peer: tuple[float, float] | None = None
) -> tuple[float, float]:
    """Wall and processor seconds of the quieter of two runs, each a process of its own."""
    code = MEASURE.format(work=textwrap.dedent(work))
    runs: list[list[float]] = []
    for _ in range(2):
        command = [sys.executable, "-c", code, str(file), str(out)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        runs.append([float(part) for part in printed.split()[-4:]])
    wall, used, peak, anonymous = min(runs)
    compared = f" | {wall / peer[0]:.3f} of atlite's wall, {used / peer[1]:.3f} of its CPU" if peer else ""
    print(
        f"{title}: {wall:.2f} s wall, {used:.2f} s CPU, peak {peak:.0f} MiB, "
        f"anonymous at the end {anonymous:.0f} MiB{compared}",
        flush=True,
    )
    return wall, used


def _store(folder: Path, file: Path, kind: str) -> Path:
    """The store of the year, float32 or int16: one that stands already, or converted now."""
    given = os.environ.get("JASYL_WEATHER_STORES")
    if given:
        return Path(given) / kind
    from jasyl.atlas.weather import Wish, convert
    from jasyl.atlas.weather.record import weather_folder
    from jasyl.storage import create_folder, open_folder

    data = folder / "data"
    opened = open_folder(data) if data.exists() else create_folder(data, "real")
    began, used = time.perf_counter(), time.process_time()
    convert(opened, str(file), kind, Wish(packing=kind))
    wall, used = time.perf_counter() - began, time.process_time() - used
    print(f"  converted into a {kind} store, once: {wall:.0f} s wall, {used:.0f} s CPU")
    return weather_folder(opened) / kind


def _warm(store: Path, peer: tuple[float, float], kind: str) -> None:
    from jasyl.atlas.weather.store import ZarrSource
    from jasyl.atlas.wind.capacity import capacity_factors
    from jasyl.atlas.wind.turbines import turbine

    source, type_ = ZarrSource(store), turbine(TURBINE)
    capacity_factors(source, type_.curve, type_.hub_height())
    best = (1e9, 0.0)
    for height in (80.0, 94.0, 119.0):
        began, used = time.perf_counter(), time.process_time()
        capacity_factors(source, type_.curve, height)
        best = min(best, (time.perf_counter() - began, time.process_time() - used))
    print(
        f"warm, {kind} store, another hub height: {best[0]:.3f} s wall, {best[1]:.3f} s CPU | {best[0] / peer[0]:.4f}"
    )


def _histograms(store: Path, peer: tuple[float, float]) -> None:
    import numpy as np

    from jasyl.atlas.weather.store import ZarrSource
    from jasyl.atlas.wind.capacity import capacity_factors
    from jasyl.atlas.wind.climate import wind_climate
    from jasyl.atlas.wind.turbine_yield import error_bound, turbine_yield
    from jasyl.atlas.wind.turbines import turbine

    source, type_ = ZarrSource(store), turbine("V126/3450")
    began = time.perf_counter()
    climate = wind_climate(source)
    size = climate.histogram.nbytes / 1e6
    print(f"  wind climate with histograms, once: {time.perf_counter() - began:.1f} s wall, {size:.0f} MB")
    for height in (100.0, 117.0):
        turbine_yield(climate, type_.curve, height)
        began = time.perf_counter()
        for _ in range(20):
            found = turbine_yield(climate, type_.curve, height)
        wall = (time.perf_counter() - began) / 20
        exact = capacity_factors(source, type_.curve, height).mean
        share, error = f"1/{peer[0] / wall:.0f} of atlite's wall", np.abs(found - exact).max()
        bound = error_bound(climate, type_.curve).max()
        print(f"new power curve from histograms, {height:g} m: {wall * 1000:.2f} ms | {share}")
        print(f"  off by {error:.1e} at most; bound at 100 m {bound:.1e}")
    print(f"peak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


def _equality(folder: Path) -> None:
    import numpy as np

    peer = np.load(folder / "peer.npy")
    for name in ("file", "face", "store", "int16"):
        found = np.load(folder / f"{name}.npy")
        print(f"largest relative difference to atlite, {name}: {np.abs(found / peer - 1).max():.1e}")


if __name__ == "__main__":
    run()
