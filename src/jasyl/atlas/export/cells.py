"""Raster layers as Zarr and as a table of cells."""

import warnings
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np

from jasyl.papers import write_csv
from jasyl.papers.column import Column
from jasyl.storage import DataFolder
from jasyl.texts import Refusal

from ..layer import Layer
from ..raster import Raster, load
from .about import attributes, licences

# A table with more rows is no table: a spreadsheet holds about so many.
MAX_ROWS = 1_000_000


def write_zarr(folder: DataFolder, layer: Layer, target: Path) -> None:
    """A Zarr 3 group in a ZIP: the variable ``value`` [band, latitude, longitude] as stored integers with CF scale.

    xarray, GDAL and QGIS read it as a georeferenced cube; band names are an attribute.
    """
    import xarray as xr  # noqa: PLC0415
    from zarr.storage import ZipStore  # noqa: PLC0415

    raster = load(folder, layer.id)
    grid = raster.grid
    said = {"units": layer.unit, "long_name": layer.quantity, "grid_mapping": "crs", "band_names": list(layer.bands)}
    stored = {"_FillValue": layer.nodata, "scale_factor": float(layer.scale), "add_offset": 0.0}
    axes = ("band", "latitude", "longitude")
    value = xr.DataArray(raster.values, dims=axes, attrs={**said, **stored})
    place = {"standard_name": "latitude", "units": "degrees_north", "axis": "Y"}
    across = {"standard_name": "longitude", "units": "degrees_east", "axis": "X"}
    made = xr.Dataset(
        {"value": value, "crs": ((), 0, {"grid_mapping_name": "latitude_longitude", "epsg_code": "EPSG:4326"})},
        coords={
            "band": ("band", np.arange(len(layer.bands))),
            "latitude": ("latitude", grid.latitudes, place),
            "longitude": ("longitude", grid.longitudes, across),
        },
        attrs={"Conventions": "CF-1.11", **attributes(layer)},
    )
    chunks = (1, min(512, grid.rows), min(512, grid.columns))
    store = ZipStore(target, mode="w")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # zipfile warns of metadata written twice; the last one counts
        made.to_zarr(store, mode="w", zarr_format=3, consolidated=False, encoding={"value": {"chunks": chunks}})
    store.close()


def write_table(folder: DataFolder, layer: Layer, target: Path) -> None:
    """One row for each cell with a value: centre, area, bands, licence. Raises Refusal ``export-too-large``."""
    raster = load(folder, layer.id)
    if raster.grid.rows * raster.grid.columns > MAX_ROWS:
        raise Refusal("export-too-large", received=str(raster.grid.rows * raster.grid.columns), expected=str(MAX_ROWS))
    keys = ("longitude", "latitude", "area_m2", *layer.bands, "unit", "licence")
    columns = [Column(key, {"en": key}) for key in keys]
    with target.open("wb") as out:
        out.writelines(write_csv(columns, _rows(raster), "en", keys=True))


def _rows(raster: Raster) -> Iterator[dict[str, Any]]:
    layer, grid, values = raster.layer, raster.grid, raster.values
    scale, said = Decimal(layer.scale), licences(layer)
    for row in range(grid.rows):
        known = np.flatnonzero((values[:, row, :] != layer.nodata).any(axis=0))
        area = int(grid.row_areas[row])
        for column in known:
            longitude, latitude = grid.centre(row, int(column))
            cell = {
                name: None if number == layer.nodata else int(number) * scale
                for name, number in zip(layer.bands, values[:, row, column], strict=True)
            }
            place = {"longitude": round(longitude, 6), "latitude": round(latitude, 6), "area_m2": area}
            yield {**place, **cell, "unit": layer.unit, "licence": said}
