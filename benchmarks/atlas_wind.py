"""The wind of a year against atlite 0.7: same file, same machine, one run; map and regions, from file, store, warm.

The year is made up by ``weather_year`` in the shape of ERA5 (46–88° E, 40–56° N, 0.25°, 8760 hours); year and stores
are those of ``weather_stores``. Each row is a process of its own, timed from its start to its end unless it says warm;
memory is the peak of anonymous pages (what cannot be dropped), sampled.
"""

import math
import resource
import sys
import tempfile
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.weather_stores import Kind, store, year
from benchmarks.whole_process import Row, inflation, measure, said, said_warm, serve

MODULE = "benchmarks.atlas_wind"
TURBINE = "Vestas_V112_3MW"
KINDS = ("map", "regions")
# What issue 3 asks for: ours as a share of atlite's, and MiB.
FROM_FILE, FROM_STORE, WARM, CURVE, REGIONS, MEMORY = 0.7, 1 / 4, 1 / 10, 1 / 500, 1 / 5, 600
PACKINGS: tuple[Kind, ...] = ("float32", "int16")
BOXES = (5, 4)  # regions: columns and rows of boxes over the window
RUNS = 2  # the quicker of two, for peer and ours alike


def run() -> None:
    """Print each row with its target."""
    with tempfile.TemporaryDirectory(prefix="atlas-wind-") as place:
        print(inflation())
        file = year(Path(place))
        stores = {kind: store(Path(place), file, kind) for kind in PACKINGS}
        print(f"files in the page cache; quicker of {RUNS} processes; target of memory {MEMORY} MiB")
        peers = [_case(kind, file, stores, Path(place)) for kind in KINDS]
        _histograms(stores["float32"], peers[0])


def _case(kind: str, file: Path, stores: dict[Kind, Path], place: Path) -> Row:
    print(f"{kind}:")
    theirs, peer = measure(MODULE, ["atlite", kind, str(file)], place, RUNS)
    print(said("atlite 0.7, deflated NetCDF, whole process", peer), flush=True)
    ways = [("ours", "deflated NetCDF", file), *(("ours", f"{name} store", path) for name, path in stores.items())]
    ways += [("face", "notebook face over xarray, deflated NetCDF", file)]
    for who, name, where in ways:
        ours, row = measure(MODULE, [who, kind, str(where)], place, RUNS)
        target = (
            ("wall", REGIONS) if kind == "regions" else ("wall", FROM_STORE) if where != file else ("cpu", FROM_FILE)
        )
        print(said(f"{name}, whole process", row, peer, target), flush=True)
        if where != file:
            print(said_warm(row, peer, REGIONS if kind == "regions" else WARM))
        floor = 1e-3 if kind == "regions" else 1e-12
        difference = np.nanmax(np.abs(ours - theirs) / np.maximum(np.abs(theirs), floor))
        print(f"    largest relative difference {difference:.1e}")
    return peer


def _matrix(rows: int, columns: int) -> NDArray[np.float64]:
    """Cells of twenty boxes, cells from the southern row; dense, as whoever has no scipy would write it."""
    row, column = np.divmod(np.arange(rows * columns), columns)
    box = column * BOXES[0] // columns + BOXES[0] * (row * BOXES[1] // rows)
    return (box == np.arange(BOXES[0] * BOXES[1])[:, None]).astype(np.float64)


def _atlite(kind: str, where: str) -> Any:
    warnings.simplefilter("ignore")
    import atlite
    from scipy.sparse import csr_matrix

    cutout = atlite.Cutout(where)
    if kind == "map":
        return cutout.wind(turbine=TURBINE, aggregate_time="mean").values[::-1]
    matrix = csr_matrix(_matrix(cutout.data.sizes["y"], cutout.data.sizes["x"]))
    return cutout.wind(turbine=TURBINE, matrix=matrix, aggregate_time=None).transpose(..., "time").values


def _face(kind: str, where: str) -> Any:
    import xarray

    from jasyl import atlas

    dataset = xarray.open_dataset(where, chunks={"time": 100})
    if kind == "map":
        return atlas.wind_power(dataset, TURBINE, aggregate_time="mean").values[::-1]
    found = atlas.wind_power(
        dataset, TURBINE, matrix=_matrix(dataset.sizes["y"], dataset.sizes["x"]), aggregate_time=None
    )
    return found.transpose(..., "time").values


def _ours(kind: str, where: str) -> Callable[[], Any]:
    from jasyl.atlas.weather.netcdf_source import NetCDFSource
    from jasyl.atlas.weather.store import ZarrSource
    from jasyl.atlas.wind.capacity import Regions, capacity_factors, regional_output
    from jasyl.atlas.wind.turbines import turbine

    source = ZarrSource(where) if Path(where).is_dir() else NetCDFSource(where)
    one = turbine(TURBINE)
    if kind == "map":
        return lambda: capacity_factors(source, one.curve, one.hub_height()).mean
    grid = source.grid
    north_first = np.arange(grid.rows * grid.columns).reshape(grid.shape)[::-1].ravel()
    regions = Regions.of(_matrix(*grid.shape)[:, north_first])
    return lambda: regional_output(source, one.curve, one.hub_height(), regions)


def _histograms(path: Path, peer: Row) -> None:
    from jasyl.atlas.weather.store import ZarrSource
    from jasyl.atlas.wind.capacity import capacity_factors
    from jasyl.atlas.wind.climate import wind_climate
    from jasyl.atlas.wind.turbine_yield import error_bound, turbine_yield
    from jasyl.atlas.wind.turbines import turbine

    source, type_ = ZarrSource(path), turbine("V126/3450")
    began = time.perf_counter()
    climate = wind_climate(source)
    size = climate.histogram.nbytes / 1e6
    print(f"  wind climate with histograms, once: {time.perf_counter() - began:.1f} s wall, {size:.0f} MB")
    for height in (100.0, 117.0):
        turbine_yield(climate, type_.curve, height)
        wall = math.inf  # the quickest, as other warm rows have it
        for _ in range(20):
            began = time.perf_counter()
            found = turbine_yield(climate, type_.curve, height)
            wall = min(wall, time.perf_counter() - began)
        exact = capacity_factors(source, type_.curve, height).mean
        share, error = (
            f"1/{peer.wall / wall:.0f} of atlite's wall (target 1/{1 / CURVE:.3g})",
            np.abs(found - exact).max(),
        )
        bound = error_bound(climate, type_.curve).max()
        print(f"new power curve from histograms, {height:g} m: {wall * 1000:.2f} ms | {share}")
        print(f"  off by {error:.1e} at most; bound at 100 m {bound:.1e}")
    print(f"peak of this process {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MiB")


if __name__ == "__main__":
    if len(sys.argv) == 5:
        who, kind, where, answer = sys.argv[1:]
        if who == "ours":
            serve(_ours(kind, where), answer, repeat=5 if Path(where).is_dir() else 0)
        else:
            serve(lambda: (_atlite if who == "atlite" else _face)(kind, where), answer)
    else:
        run()
