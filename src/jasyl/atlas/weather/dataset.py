"""A source of weather as an xarray dataset, lazily: what a notebook works on in place of an atlite cutout."""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from jasyl.texts import Refusal, Where

from .chunk import WeatherSource
from .field import FIELDS

if TYPE_CHECKING:
    from xarray import Dataset

Stamps = Literal["start", "end"]
WHERE = Where("xarray.Dataset")


def dataset_of(weather: Any) -> "Dataset":
    """An xarray dataset itself, that of an atlite Cutout, or a weather store as one, stamped as ERA5 and atlite do.

    Raises Refusal ``dataset-kind``.
    """
    import xarray  # noqa: PLC0415

    if isinstance(weather, xarray.Dataset):
        return weather
    if hasattr(weather, "chunk_count"):
        return as_dataset(weather, stamps="end")
    held = getattr(weather, "data", None)
    if not isinstance(held, xarray.Dataset):
        raise Refusal("dataset-kind", received=type(weather).__name__)
    return held


def time_of(dataset: Any) -> str:
    """The name of a dataset's time. Raises Refusal ``dataset-no-time``."""
    for name in ("time", "valid_time"):
        if name in dataset.dims:
            return name
    raise Refusal("dataset-no-time", where=WHERE, received=", ".join(map(str, dataset.dims)) or "—", expected="time")


def as_dataset(source: WeatherSource, *, stamps: Stamps = "start") -> "Dataset":
    """The fields of ``source`` as float32 over (time, y, x), one Dask task for each chunk; missing as NaN.

    Latitudes ``y`` descend; ``lon`` and ``lat`` repeat the coordinates as atlite has them. A stamp is the start of its
    interval, or with ``stamps="end"`` its end, as in ERA5 and in an atlite cutout.
    """
    import xarray  # noqa: PLC0415

    grid, edge = source.grid, 0 if stamps == "start" else source.step
    times = source.start + edge + np.arange(source.steps, dtype=np.int64) * source.step
    closed = "start" if stamps == "start" else "end"
    time_about = {"standard_name": "time", "axis": "T", "comment": f"stamped at the {closed} of the interval"}
    coordinates: dict[str, Any] = {
        "time": ("time", times.astype("datetime64[us]").astype("datetime64[ns]"), time_about),
        "y": ("y", grid.latitudes, {"standard_name": "latitude", "units": "degrees_north", "axis": "Y"}),
        "x": ("x", grid.longitudes, {"standard_name": "longitude", "units": "degrees_east", "axis": "X"}),
        "lat": ("y", grid.latitudes, {"standard_name": "latitude", "units": "degrees_north"}),
        "lon": ("x", grid.longitudes, {"standard_name": "longitude", "units": "degrees_east"}),
    }
    variables = {name: _variable(source, name) for name in source.fields}
    about = {"module": "jasyl", "source_digest": source.digest}
    return xarray.Dataset(variables, coordinates, about)


def _variable(source: WeatherSource, name: str) -> tuple[tuple[str, ...], Any, dict[str, str]]:
    """Dimensions, lazy array and attributes of a field."""
    import dask.array  # noqa: PLC0415

    about = FIELDS[name]
    attributes = {"units": about.units, "long_name": about.long_name}
    if about.standard_name:
        attributes["standard_name"] = about.standard_name
    if about.cell_methods:
        attributes["cell_methods"] = about.cell_methods
    if about.in_time == "constant":
        return ("y", "x"), np.array(source.read(0, (name,)).unpacked(name)), attributes
    lengths = [(end - start) // source.step for start, end in map(source.span, range(source.chunk_count))]
    array: Any = dask.array.map_blocks(
        _block,
        source,
        name,
        dtype=np.float32,
        chunks=(tuple(lengths), (source.grid.rows,), (source.grid.columns,)),
        meta=np.empty((0, 0, 0), np.float32),
    )
    return ("time", "y", "x"), array, attributes


def _block(source: WeatherSource, name: str, block_info: Any = None) -> NDArray[np.float32]:
    number = block_info[None]["chunk-location"][0] if block_info else 0
    return np.array(source.read(number, (name,)).unpacked(name))
