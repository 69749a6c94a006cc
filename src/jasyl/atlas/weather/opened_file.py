"""The file behind a dataset that xarray opened lazily and nobody has changed since: past HDF5 it is read in half the
time."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from jasyl.texts import Refusal

from .netcdf_source import NetCDFSource
from .xarray_source import XarraySource


def opened_file(dataset: Any, fields: Sequence[str]) -> NetCDFSource | None:
    """The NetCDF file that holds ``fields`` just as ``dataset`` gives them; None where anything speaks against it."""
    files = {str(dataset[name].encoding.get("source", "")) for name in fields}
    if len(files) != 1 or not all(_as_opened(name, dataset[name]) for name in fields):
        return None
    path = Path(files.pop())
    if not path.is_file():
        return None
    try:
        shown, held = XarraySource(dataset), NetCDFSource(path)
    except Refusal:
        return None
    if shown.place == held.place:
        return held
    held.close()
    return None


def _as_opened(name: str, variable: Any) -> bool:
    """Whether a variable's values are the file's own: Dask names an array after how it was made, so one that was cut,
    turned, renamed or reckoned with has another name than the one it was opened under. Packed values are not the
    numbers that they stand for."""
    encoding = variable.encoding
    plain = not {"scale_factor", "add_offset"} & set(encoding) and np.isnan(encoding.get("_FillValue", np.nan))
    made = str(getattr(variable.data, "name", "")) if variable.chunks else ""
    return plain and variable.dtype == np.float32 and made.startswith(f"open_dataset-{name}-")
