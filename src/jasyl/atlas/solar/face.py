"""The Python face over xarray: what a notebook calls where it called atlite."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import numpy as np

from jasyl.texts import Refusal

from ..weather.chunk import WeatherSource
from ..weather.fold import fold
from ..weather.regions import RegionMatrix, region_matrix, region_matrix_of
from .kernel import ClearskyModel, Output, Sky, solar_kernel
from .mounting import Mounting, OrientationName, Tracking, mounting
from .panels import NO_LOSSES, Losses, Panel
from .yields import mean_of, region_series

Per = Literal["cell", "cell-series"]
UNITS: dict[Output, str] = {"power": "1", "ghi": "W m**-2", "dhi": "W m**-2", "dni": "W m**-2", "gti": "W m**-2"}


def pv(
    dataset: Any,
    panel: str | Panel = "CSi",
    orientation: OrientationName | Mapping[str, float] | Mounting = "latitude_optimal",
    tracking: Tracking | None = None,
    *,
    losses: Losses = NO_LOSSES,
    per: Per = "cell",
    shapes: Sequence[Any] | None = None,
    matrix: Any = None,
    clearsky_model: ClearskyModel | None = None,
    sky: Sky = "isotropic",
    ground_cover: float | None = None,
    turn_limit: float | None = None,
    cluster: str | None = None,
    threads: int | None = None,
) -> Any:
    """Capacity factor of photovoltaics, as an xarray.DataArray: what atlite's ``cutout.pv`` gives.

    ``dataset`` is an xarray.Dataset with atlite's names (stamps close their hour), an atlite Cutout, or a weather
    source. Without more: means per cell (y, x), as ``aggregate_time="mean"``; ``per="cell-series"`` every hour (time,
    y, x). With ``shapes`` (polygons) hourly means of regions (region, time), each cell by its area inside (atlite: by
    square degrees, which ``matrix=cutout.indicatormatrix(shapes)`` keeps); with ``matrix`` (regions × cells, in the
    order of the dataset's rows; of a weather source from the SOUTH row as in atlite) by those weights, as
    ``per_unit=True``. ``losses`` take from the power (none by default, as in atlite). Raises Refusal for what cannot be
    worked out.
    """
    chosen = mounting(orientation, tracking, ground_cover=ground_cover, turn_limit=turn_limit)
    options = {"panel": panel, "clearsky_model": clearsky_model, "sky": sky}
    where = (per, shapes, matrix, cluster, threads)
    return _worked_out(dataset, "power", chosen, options, where, losses.factor)


def irradiation(
    dataset: Any,
    quantity: Literal["ghi", "dhi", "dni", "gti"] = "gti",
    orientation: OrientationName | Mapping[str, float] | Mounting = "latitude_optimal",
    tracking: Tracking | None = None,
    *,
    per: Per = "cell",
    shapes: Sequence[Any] | None = None,
    matrix: Any = None,
    clearsky_model: ClearskyModel | None = None,
    sky: Sky = "isotropic",
    cluster: str | None = None,
    threads: int | None = None,
) -> Any:
    """Irradiance, W/m², as an xarray.DataArray of the same shapes as ``pv``: on the ground, square to the sun, or
    (``gti``) on a surface that stands or turns as said."""
    options = {"clearsky_model": clearsky_model, "sky": sky}
    where = (per, shapes, matrix, cluster, threads)
    return _worked_out(dataset, quantity, mounting(orientation, tracking), options, where, 1.0)


def source_of(dataset: Any) -> WeatherSource:
    """The weather source that ``dataset`` is or can be read as."""
    if hasattr(dataset, "chunk_count"):
        return dataset
    from ..weather.opened_file import opened_file  # noqa: PLC0415
    from ..weather.xarray_source import XarraySource  # noqa: PLC0415

    source = XarraySource(dataset)
    return opened_file(source.dataset, source.fields) or source


_Where = tuple[Per, Sequence[Any] | None, Any, str | None, int | None]


def _worked_out(
    dataset: Any, output: Output, chosen: Mounting, options: Mapping[str, Any], where: _Where, factor: float
) -> Any:
    import xarray  # noqa: PLC0415

    from ..weather.dataset import dataset_of  # noqa: PLC0415
    from ..weather.dataset_check import check_dataset  # noqa: PLC0415

    source = source_of(dataset)
    per, shapes, weights, cluster, threads = where
    if shapes is not None and weights is not None:
        raise Refusal("regions-twice")
    regions = _regions(source, shapes, weights, north_first=_north_first(dataset))
    kernel = solar_kernel(
        source.fields,
        mounting=chosen,
        outputs=(output,),
        by="whole",
        regions=regions,
        maps=regions is None and per == "cell",
        cells=regions is None and per == "cell-series",
        **options,
    )
    if source is not dataset:
        check_dataset(dataset_of(dataset), kernel.fields)
    found = fold(source, kernel, cluster=cluster, threads=threads)
    attributes = {"units": UNITS[output], "weather": "float32 or int16 fields; sums in float64"}
    grid = source.grid
    y, x = np.round(grid.latitudes[::-1], 9), np.round(grid.longitudes, 9)
    # Stamps close their interval, as in what came in.
    time = (found.start + source.step * np.arange(1, (found.end - found.start) // source.step + 1)).astype(
        "datetime64[us]"
    )
    if regions is not None:
        values = region_series(found, output, regions.totals) * factor
        return xarray.DataArray(
            values, {"region": np.arange(regions.count), "time": time}, ("region", "time"), output, attributes
        )
    if per == "cell":
        values = mean_of(found, output)[::-1] * factor
        return xarray.DataArray(values, {"y": y, "x": x}, ("y", "x"), output, attributes)
    values = np.moveaxis(found.series[f"cells-{output}"], -1, 0)[:, ::-1] * np.float32(factor)
    return xarray.DataArray(values, {"time": time, "y": y, "x": x}, ("time", "y", "x"), output, attributes)


def _north_first(dataset: Any) -> bool:
    """Whether the rows of a dataset or Cutout run from the north; atlite's own, and a weather source's here, do not."""
    y = getattr(getattr(dataset, "data", dataset), "coords", {}).get("y")
    return y is not None and y.size > 1 and bool(y[0] > y[-1])


def _regions(
    source: WeatherSource, shapes: Sequence[Any] | None, weights: Any, *, north_first: bool
) -> RegionMatrix | None:
    grid = source.grid
    if shapes is not None:
        return region_matrix(grid, shapes)
    if weights is None:
        return None
    found = weights.tocsr() if hasattr(weights, "tocsr") else np.asarray(weights)
    if not north_first:  # here the northern row is first
        found = found[:, np.arange(grid.rows * grid.columns).reshape(grid.shape)[::-1].ravel()]
    return region_matrix_of(grid, found)
