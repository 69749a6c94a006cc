"""Rasters of layers: cloud-optimised GeoTIFF on disk, an array of integers in memory."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.quantities import sha256_hex
from jasyl.storage import DataFolder, write_durably
from jasyl.texts import Refusal

from .catalogue import definition, read_record
from .grid import Grid
from .layer import NODATA, Layer

Integers = NDArray[np.int16]
BLOCK = 128  # side of a tile inside the file; the window of Kazakhstan then has two overviews


@dataclass(frozen=True, eq=False)
class Raster:
    """A built layer with its values [bands, rows, columns] as stored: times ``layer.scale`` they are in its unit."""

    layer: Layer
    values: Integers

    @property
    def grid(self) -> Grid:
        assert self.layer.grid is not None
        return self.layer.grid


def quantise(values: NDArray[np.float32]) -> Integers:
    """Integers to store for ``values`` in the unit of the last stored digit; NaN becomes NODATA."""
    rounded = np.where(np.isnan(values), NODATA, np.rint(values))
    if rounded.max() > np.iinfo(np.int16).max or rounded.min() < NODATA:
        raise OverflowError("values do not fit 16 bits at this scale")
    return rounded.astype(np.int16)


def array_hash(values: Integers) -> str:
    """SHA-256 of the values as little-endian int16 in C order: the identity of a layer's numbers."""
    return sha256_hex(values.astype("<i2", copy=False).tobytes())


def write_cog(file: Path, values: Integers, layer: Layer) -> None:
    """Write a cloud-optimised GeoTIFF (OGC 21-026) with overviews, whole or not at all."""
    import rasterio  # noqa: PLC0415
    import rasterio.shutil  # noqa: PLC0415
    from rasterio.io import MemoryFile  # noqa: PLC0415

    assert layer.grid is not None
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "dtype": "int16",
        "count": len(values),
        "height": layer.grid.rows,
        "width": layer.grid.columns,
        "crs": "EPSG:4326",
        "transform": rasterio.Affine(
            layer.grid.degrees, 0, layer.grid.bounds[0], 0, -layer.grid.degrees, layer.grid.bounds[3]
        ),
        "nodata": NODATA,
    }
    with MemoryFile() as plain, MemoryFile() as optimised:
        with plain.open(**profile) as dataset:
            dataset.write(values)
            dataset.scales = [float(layer.scale)] * len(values)
            dataset.offsets = [0.0] * len(values)
            dataset.units = [layer.unit] * len(values)
            dataset.descriptions = layer.bands
            dataset.update_tags(**_tags(layer))
        options = {"compress": "DEFLATE", "predictor": "YES", "blocksize": BLOCK, "overview_resampling": "AVERAGE"}
        with plain.open() as dataset:
            rasterio.shutil.copy(dataset, optimised.name, driver="COG", **options)
        write_durably(file, optimised.read())


def _tags(layer: Layer) -> dict[str, str]:
    return {
        "LAYER": layer.id,
        "QUANTITY": layer.quantity,
        "KIND": layer.kind,
        "PERIOD": layer.period or "",
        "METHOD": layer.method or "",
        "SOURCE": "; ".join(f"{source.name} {source.version} ({source.reference})" for source in layer.sources),
        "LICENCE": "; ".join(dict.fromkeys(source.licence for source in layer.sources)),
        "INPUTS_SHA256": "; ".join(f"{name}={digest}" for name, digest in sorted(layer.inputs.items())),
        "ARRAY_SHA256": layer.array or "",
    }


def load(folder: DataFolder, layer_id: str) -> Raster:
    """The built layer, its values read once per process and kept until the layer is built anew.

    Raises Refusal ``layer-unknown``, ``layer-shape`` when it has no cells, ``layer-waiting`` when it is not built, and
    ``layer-damaged`` when the raster is missing or its values are not those that the record names.
    """
    if definition(layer_id).shape != "raster":
        raise Refusal("layer-shape", received=layer_id, expected=definition(layer_id).shape)
    record = folder.atlas / f"{layer_id}.json"
    try:
        state = record.stat()
    except FileNotFoundError:
        raise Refusal("layer-waiting", received=layer_id) from None
    now = (state.st_ino, state.st_mtime_ns, state.st_size)
    try:
        return _load(folder, layer_id, now)
    except Refusal:
        # Built anew between the two reads: the raster that the older record names is gone, the newer stands.
        newer = record.stat()
        if (newer.st_ino, newer.st_mtime_ns, newer.st_size) == now:
            raise
        return load(folder, layer_id)


@lru_cache(maxsize=32)
def _load(folder: DataFolder, layer_id: str, _state: tuple[int, int, int]) -> Raster:
    layer = read_record(folder, layer_id)
    if layer is None:
        raise Refusal("layer-waiting", received=layer_id)
    return Raster(layer, read_values(folder, layer))


def read_values(folder: DataFolder, layer: Layer) -> Integers:
    """The layer's integers from its file, compared with the hash in the record. Raises Refusal ``layer-damaged``."""
    import rasterio  # noqa: PLC0415
    from rasterio.errors import RasterioError  # noqa: PLC0415

    file = folder.atlas / (layer.file or "")
    try:
        with rasterio.open(file) as dataset:
            values: Integers = dataset.read()
    except RasterioError as error:
        raise Refusal("layer-damaged", received=file.name, reason=str(error)[:200]) from error
    if array_hash(values) != layer.array:
        raise Refusal("layer-damaged", received=file.name, reason="SHA-256")
    values.setflags(write=False)
    return values
