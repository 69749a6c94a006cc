"""The kernels of sun and wind on workers of a Dask cluster: the same bits for 1, 2 and 4 of them as for one thread.

A worker is a process with one thread that opens the converted store by its path, as on another machine.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from scipy.sparse import random as random_matrix

from jasyl.atlas import turbine
from jasyl.atlas.solar.kernel import solar_kernel
from jasyl.atlas.solar.mounting import Mounting
from jasyl.atlas.weather import Wish, convert, open_store
from jasyl.atlas.weather.fold import Kernel, fold
from jasyl.atlas.weather.partials import Partials
from jasyl.atlas.weather.regions import region_matrix_of
from jasyl.atlas.wind.capacity import CapacityKernel, Regions, hub_wind
from jasyl.atlas.wind.climate import ClimateKernel

TURBINE = "Vestas_V112_3MW"


def kernels(fields: tuple[str, ...], grid: Any) -> dict[str, Kernel]:
    """What the atlas folds: maps, months and hours, regions, histograms, of sun and wind."""
    matrix = random_matrix(6, grid.rows * grid.columns, density=0.5, random_state=3, format="csr")
    one = turbine(TURBINE)
    wind = hub_wind(fields, one.hub_height())
    regions = Regions.of(matrix)
    return {
        "solar": solar_kernel(fields, outputs=("ghi", "dni", "gti", "power"), by="month-hour"),
        "solar tracking": solar_kernel(fields, mounting=Mounting(None, 0, 180, "horizontal"), sky="hay-davies"),
        "solar regions": solar_kernel(fields, regions=region_matrix_of(grid, matrix), maps=False),
        "wind": CapacityKernel(one.curve, wind, "month-hour"),
        "wind regions": CapacityKernel(one.curve, hub_wind(fields, one.hub_height(), "power"), None, regions),
        "wind smoothed": CapacityKernel(one.curve.smoothed(), wind, "whole", regions),
        "wind climate": ClimateKernel("wnd100m", 100.0, temperature=True),
    }


def bits(found: Partials) -> dict[str, bytes]:
    """Every number of the partials as stored."""
    parts: Mapping[str, Any] = {
        **found.totals,
        **{f"labels {name}": binned.labels for name, binned in found.binned.items()},
        **{f"values {name}": binned.values for name, binned in found.binned.items()},
        **{f"series {name}": values for name, values in found.series.items()},
    }
    return {name: np.ascontiguousarray(values).tobytes() for name, values in parts.items()}


@pytest.mark.filterwarnings("ignore::ResourceWarning")
def test_sun_and_wind_are_the_same_to_the_bit_for_any_number_of_workers(folder, cutout, small_shards):
    import distributed

    asked = {}
    for packing in ("float32", "int16"):
        convert(folder, str(cutout), packing, Wish(packing=packing))
        source = open_store(folder, packing)
        assert source.chunk_count >= 3  # else there would be nothing to merge
        for name, kernel in kernels(source.fields, source.grid).items():
            alone = bits(fold(source, kernel, threads=1))
            assert any(np.frombuffer(part, np.uint8).any() for part in alone.values())
            assert bits(fold(source, kernel, threads=4)) == alone, f"{name}, {packing}"
            asked[f"{name}, {packing}"] = source, kernel, alone
    with distributed.LocalCluster(
        n_workers=4, processes=True, threads_per_worker=1, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as cluster:
        for workers in (4, 2, 1):
            cluster.scale(workers)
            with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
                _settle(client, workers)
            for name, (source, kernel, alone) in asked.items():
                spread = fold(source, kernel, cluster=cluster.scheduler_address)
                assert bits(spread) == alone, f"{name}, {workers} workers"


def _settle(client: Any, workers: int) -> None:
    """Wait until the cluster has as many workers as asked for."""
    import time

    for _ in range(600):
        if len(client.scheduler_info(n_workers=-1)["workers"]) == workers:
            return
        time.sleep(0.05)
    raise AssertionError(f"the cluster did not come to {workers} workers")
