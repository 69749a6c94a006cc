"""Wind power from xarray objects, called as atlite's ``cutout.wind`` is: for notebooks."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from jasyl.texts import Refusal

from ..grid import Grid
from ..weather.chunk import WeatherChunk
from ..weather.dataset import dataset_of, time_of
from ..weather.dataset_check import check_dataset
from ..weather.opened_file import opened_file
from ..weather.partials import Partials, merge
from ..weather.xarray_source import block_steps, loaded
from .capacity import CapacityKernel, Law, Regions, hub_wind
from .curve_file import read_turbine
from .power_curve import PowerCurve
from .turbines import Turbine, turbine

if TYPE_CHECKING:
    import xarray as xr

AggregateTime = Literal["sum", "mean"] | None
HOUR = 3_600_000_000


def wind_power(
    dataset: Any,
    turbine: str | Path | Turbine | Mapping[str, Any],
    *,
    hub_height: float | None = None,
    smooth: bool | Mapping[str, float] = False,
    interpolation_method: Law = "logarithmic",
    matrix: Any = None,
    index: Any = None,
    layout: "xr.DataArray | None" = None,
    shapes: Any = None,
    per_unit: bool = False,
    aggregate_time: AggregateTime = None,
) -> "xr.DataArray":
    """Output of a turbine from weather with atlite's variables: ``wind_power(cutout, …)`` as ``cutout.wind(…)``.

    ``dataset`` is an xarray.Dataset, an atlite Cutout or a weather store, with dims (time, y, x), a speed ``wnd100m``
    (m/s) and ``roughness`` (m), or ``wnd_shear_exp`` for ``interpolation_method="power"``. ``turbine`` is an id of
    ``turbines()``, a Turbine, the file of an own curve, or atlite's mapping with V (m/s), POW and P (any unit of power)
    and hub_height (m). ``smooth`` is atlite's.

    Without matrix, layout and shapes: output per unit of rated power, (time, y, x) for ``aggregate_time`` None (all in
    memory, so take small windows), else (y, x). With them: MW of each region (region, time), or (region);
    ``per_unit`` divides by the capacity. ``matrix`` is sparse or a DataArray [region, cell] over (y, x) row by row;
    ``layout`` MW by cell; ``shapes`` polygons in WGS 84, each cell by the share of its area inside. Raises Refusal
    ``turbine-unknown``, ``wind-fields``, ``wind-arguments``, ``dataset-no-time``, ``dataset-unit`` and those of power
    curves.
    """
    import xarray as xr  # noqa: PLC0415

    given, dataset = dataset, dataset_of(dataset)
    time_of(dataset)
    type_ = _turbine(turbine)
    curve = type_.curve
    if smooth:
        curve = curve.smoothed(**({} if smooth is True else {name.lower(): value for name, value in smooth.items()}))
    speed = hub_wind([str(name) for name in dataset], type_.hub_height(hub_height), interpolation_method)
    spatial = {name: dataset[name] for name in ("y", "x")}
    if not hasattr(given, "chunk_count"):
        check_dataset(dataset, speed.fields)
    weights = _weights(dataset, matrix, layout, shapes)
    if weights is None:
        if per_unit:
            raise Refusal("wind-arguments", received="per_unit", expected="matrix, layout, shapes")
        kernel = CapacityKernel(curve, speed, None if aggregate_time is None else "whole", cells=aggregate_time is None)
        found = merge(kernel.run(chunk) for chunk in _chunks(dataset, kernel.fields))
        return _over_cells(found, dataset, spatial, aggregate_time)
    regions = Regions.of(weights)
    kernel = CapacityKernel(curve, speed, None, regions)
    output = merge(kernel.run(chunk) for chunk in _chunks(dataset, kernel.fields)).series["output"]
    labels = _labels(matrix, shapes, len(regions)) if index is None else index
    name = getattr(labels, "name", None) or "dim_0"
    result = xr.DataArray(output, {name: np.asarray(labels), "time": dataset["time"]}, (name, "time"))
    result.attrs["units"] = "MW"
    if per_unit:
        capacity = np.asarray(weights.sum(axis=1)).reshape(-1, 1)
        result = result / np.where(capacity > 0, capacity, np.nan)
        result = result.where(capacity > 0, 0.0).assign_attrs(units="p.u.")
    if aggregate_time is None:
        return result
    return result.mean("time", keep_attrs=True) if aggregate_time == "mean" else result.sum("time", keep_attrs=True)


def _turbine(asked: str | Path | Turbine | Mapping[str, Any]) -> Turbine:
    if isinstance(asked, Turbine):
        return asked
    if isinstance(asked, Path):
        return read_turbine(asked)
    if isinstance(asked, str):
        return turbine(asked.removesuffix(".yaml"))
    missing = [name for name in ("V", "POW", "P", "hub_height") if name not in asked]
    if missing:
        raise Refusal("wind-arguments", received=", ".join(asked), expected=", ".join(missing))
    speeds, powers = (tuple(np.asarray(asked[name], np.float64).tolist()) for name in ("V", "POW"))
    curve = PowerCurve(speeds, powers, float(asked["P"]))
    return Turbine("own", str(asked.get("name", "own")), "", curve, (float(asked["hub_height"]),))


def _chunks(dataset: "xr.Dataset", fields: tuple[str, ...]) -> Iterator[WeatherChunk]:
    """The dataset's fields in stretches of time. Cells stay in the dataset's own order: the grid only counts them."""
    first = dataset[fields[0]].transpose("time", "y", "x")
    rows, columns = first.shape[1:]
    grid = Grid(west=0, north=0, step=1, rows=rows, columns=columns)
    held = opened_file(dataset, fields)
    if held is not None:
        north_first = first["y"][0] > first["y"][-1]
        for number in range(held.chunk_count):
            chunk = held.read(number, fields)
            turned = {name: values if north_first else values[..., ::-1, :] for name, values in chunk.fields.items()}
            yield WeatherChunk(grid, chunk.start, chunk.step, turned)
        return
    block = block_steps(first, "time")
    for begin in range(0, len(first), block):
        part = loaded(dataset, fields, "time", begin, begin + block)
        arrays: dict[str, Any] = {}
        for name in fields:
            field = part[name]
            order = ("time", "y", "x") if "time" in field.dims else ("y", "x")
            arrays[name] = np.ascontiguousarray(field.transpose(*order).values, dtype=np.float32)
        # Only the order of chunks matters here; hours are put back from the dataset.
        yield WeatherChunk(grid, begin * HOUR, HOUR, arrays)


def _over_cells(
    found: Partials, dataset: "xr.Dataset", spatial: dict[str, Any], aggregate_time: AggregateTime
) -> "xr.DataArray":
    import xarray as xr  # noqa: PLC0415

    shape = (dataset.sizes["y"], dataset.sizes["x"])
    if aggregate_time is None:
        cells = found.series["cells"].T.reshape(-1, *shape)
        result = xr.DataArray(cells, {"time": dataset["time"], **spatial}, ("time", "y", "x"))
    else:
        sums, hours = (found.binned[name].values[0].reshape(shape) for name in ("output", "hours"))
        values = np.divide(sums, hours, out=np.full(shape, np.nan), where=hours > 0)
        # A sum over hours of which none is known is not zero.
        values = values if aggregate_time == "mean" else np.where(hours > 0, sums, np.nan)
        result = xr.DataArray(values, spatial, ("y", "x"))
    return result.rename("specific generation").assign_attrs(units="MWh/MWp")


def _weights(dataset: "xr.Dataset", matrix: Any, layout: "xr.DataArray | None", shapes: Any) -> Any:
    """The sparse matrix [region, cell] over (y, x) row by row; None when output of cells is asked for."""
    from scipy.sparse import csr_matrix, diags  # noqa: PLC0415

    if matrix is not None and shapes is not None:
        raise Refusal("wind-arguments", received="matrix, shapes", expected="matrix | shapes")
    cells = dataset.sizes["y"] * dataset.sizes["x"]
    found: Any = None
    if shapes is not None:
        found = csr_matrix(_indicator(dataset, shapes))
    elif matrix is not None:
        found = csr_matrix(getattr(matrix, "values", matrix))
    if found is not None and found.shape[1] != cells:
        raise Refusal("wind-arguments", received=f"matrix {found.shape}", expected=f"… × {cells}")
    if layout is None:
        return found
    capacity = layout.reindex(y=dataset["y"], x=dataset["x"]).transpose("y", "x").values.ravel()
    capacity = np.nan_to_num(np.asarray(capacity, np.float64))
    return csr_matrix(capacity[None, :]) if found is None else csr_matrix(found @ diags(capacity))


def _indicator(dataset: "xr.Dataset", shapes: Any) -> Any:
    """The share of each cell inside each shape [shape, cell], in degrees as atlite's indicator matrix."""
    import shapely  # noqa: PLC0415

    x, y = (np.asarray(dataset[name].values, np.float64) for name in ("x", "y"))
    half_x, half_y = abs(x[1] - x[0]) / 2, abs(y[1] - y[0]) / 2
    left, low = np.meshgrid(x - half_x, y - half_y)
    cells = shapely.box(left.ravel(), low.ravel(), left.ravel() + 2 * half_x, low.ravel() + 2 * half_y)
    tree = shapely.STRtree(cells)
    outlines: Any = np.asarray(list(getattr(shapes, "geometry", shapes)), dtype=object)
    found = np.zeros((len(outlines), len(cells)))
    for number, shape in enumerate(outlines):
        near = tree.query(shape, predicate="intersects")
        found[number, near] = shapely.area(shapely.intersection(cells[near], shape)) / shapely.area(cells[near])
    return found


def _labels(matrix: Any, shapes: Any, count: int) -> Any:
    """What the regions are called: the rows of a labelled matrix, the index of shapes, else numbers from 0."""
    if hasattr(matrix, "indexes") and matrix.dims[0] in matrix.indexes:
        return matrix.indexes[matrix.dims[0]]
    return getattr(shapes, "index", None) if hasattr(shapes, "geometry") else range(count)


def with_hub_height(type_: Turbine, height: float) -> Turbine:
    """The same turbine on a tower of ``height`` m."""
    return replace(type_, hub_heights=(type_.hub_height(height),))
