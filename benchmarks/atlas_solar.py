"""Photovoltaic yield of a year over Kazakhstan, ours and atlite's, from the same file in the same run.

Case: the made-up year of ``weather_year`` (46-88 E, 40-56 N, 0.25°, 8760 h; 96.2 million cell-steps, deflated NetCDF).
Each row is a process of its own, timed from its start to its end unless it says warm; memory is the peak of anonymous
pages (what cannot be dropped), sampled. Year and stores are those of ``weather_stores``.
"""

import sys
import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.weather_stores import Kind, store, year
from benchmarks.whole_process import inflation, measure, said, said_warm, serve

MODULE = "benchmarks.atlas_solar"
KINDS = ("map", "tracking", "regions")
# What issue 3 asks for: ours as a share of atlite's, and MiB.
FROM_FILE, FROM_STORE, WARM, REGIONS, MEMORY = 1 / 3, 1 / 8, 1 / 100, 1 / 5, 600
PACKINGS: tuple[Kind, ...] = ("float32", "int16")
BOXES = (5, 4)  # regions: columns and rows of boxes over the window
RUNS = 2  # the quicker of two, for peer and ours alike


def run() -> None:
    """Print each row with its target."""
    with tempfile.TemporaryDirectory() as place:
        print(inflation())
        file = year(Path(place))
        stores = {kind: store(Path(place), file, kind) for kind in PACKINGS}
        print(f"files in the page cache; quicker of {RUNS} processes; target of memory {MEMORY} MiB")
        for kind in KINDS:
            _case(kind, file, stores, Path(place))


def _case(kind: str, file: Path, stores: dict[Kind, Path], place: Path) -> None:
    print(f"{kind}:")
    theirs, peer = measure(MODULE, ["atlite", kind, str(file)], place, RUNS)
    print(said("atlite 0.7, deflated NetCDF, whole process", peer), flush=True)
    for name, where in (("deflated NetCDF", file), *((f"{packing} store", path) for packing, path in stores.items())):
        ours, row = measure(MODULE, ["ours", kind, str(where)], place, RUNS)
        target = (
            ("wall", REGIONS) if kind == "regions" else ("wall", FROM_STORE) if where != file else ("cpu", FROM_FILE)
        )
        print(said(f"{name}, whole process", row, peer, target), flush=True)
        if where != file:
            print(said_warm(row, peer, REGIONS if kind == "regions" else WARM))
        floor = 1e-3 if kind == "regions" else 1e-12
        difference = np.nanmax(np.abs(ours - theirs) / np.maximum(np.abs(theirs), floor))
        print(f"    largest relative difference {difference:.1e}")


def _matrix(rows: int, columns: int) -> Any:
    """Cells of twenty boxes, cells from the southern row."""
    from scipy.sparse import csr_matrix

    row, column = np.divmod(np.arange(rows * columns), columns)
    box = column * BOXES[0] // columns + BOXES[0] * (row * BOXES[1] // rows)
    return csr_matrix((np.ones(len(box)), (box, np.arange(len(box)))), (BOXES[0] * BOXES[1], len(box)))


def _atlite(kind: str, where: str) -> Any:
    warnings.simplefilter("ignore")
    import atlite

    cutout = atlite.Cutout(where)
    options: dict[str, Any] = {"panel": "CSi", "orientation": "latitude_optimal", "aggregate_time": "mean"}
    if kind == "tracking":
        options |= {"orientation": {"slope": 0.0, "azimuth": 180.0}, "tracking": "horizontal"}
    if kind == "regions":
        matrix = _matrix(cutout.data.sizes["y"], cutout.data.sizes["x"])
        options |= {"aggregate_time": None, "matrix": matrix, "per_unit": True}
    found = cutout.pv(**options)
    return found.transpose(..., "time").values if kind == "regions" else found.values


def _ours(kind: str, where: str) -> Callable[[], Any]:
    from jasyl.atlas.solar.kernel import solar_kernel
    from jasyl.atlas.solar.mounting import Mounting
    from jasyl.atlas.solar.yields import mean_of, region_series
    from jasyl.atlas.weather.fold import fold
    from jasyl.atlas.weather.regions import region_matrix_of

    source: Any
    if Path(where).is_dir():
        from jasyl.atlas.weather.store import ZarrSource

        source = ZarrSource(where)
    else:
        from jasyl.atlas.weather.netcdf_source import NetCDFSource

        source = NetCDFSource(where)
    if kind == "regions":
        grid = source.grid
        turned = np.arange(grid.rows * grid.columns).reshape(grid.shape)[::-1].ravel()
        regions = region_matrix_of(grid, _matrix(*grid.shape)[:, turned])
        kernel = solar_kernel(source.fields, regions=regions, maps=False)
        return lambda: region_series(fold(source, kernel), "power", regions.totals)
    mounting = Mounting(None, 0, 180, "horizontal") if kind == "tracking" else Mounting()
    kernel = solar_kernel(source.fields, mounting=mounting)
    return lambda: mean_of(fold(source, kernel), "power")[::-1]


if __name__ == "__main__":
    if len(sys.argv) == 5:
        who, kind, where, answer = sys.argv[1:]
        if who == "atlite":
            serve(lambda: _atlite(kind, where), answer)
        else:
            serve(_ours(kind, where), answer, repeat=5 if Path(where).is_dir() else 0)
    else:
        run()
