"""Rasters of layers: cloud-optimised GeoTIFF on disk, integers in memory as far as they are asked for."""

import hashlib
import os
import tempfile
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jasyl.quantities import sha256_hex
from jasyl.storage import DataFolder, sync_directory
from jasyl.texts import Refusal

from .grid import Grid
from .layer import NODATA_OF, Layer, Stored
from .layer_catalogue import definition, put_in_place, read_record

Integers = NDArray[np.int16 | np.int32]
# Side of a tile inside the file; the window of Kazakhstan at 5 arc-minutes then has two overviews.
BLOCK, LARGE_BLOCK = 128, 256
# Up to so many values a raster is read as a whole; a larger one band by band.
WHOLE = 4_000_000
# Bytes of bands of large rasters that a process keeps.
KEPT = 256 * 1024 * 1024


@dataclass(frozen=True, eq=False)
class Raster:
    """A built layer and its values as stored: times ``layer.scale`` they are in its unit, ``layer.nodata`` is none.

    A small raster stands in memory as a whole; of a large one, bands are read when asked for and kept for a while.
    """

    layer: Layer
    file: Path
    whole: Integers | None = None

    @property
    def grid(self) -> Grid:
        assert self.layer.grid is not None
        return self.layer.grid

    @property
    def values(self) -> Integers:
        """All values [bands, rows, columns]; of a large raster read from the file each time."""
        return _read(self.file) if self.whole is None else self.whole

    def band(self, number: int) -> Integers:
        """The values of one band [rows, columns]. Raises Refusal ``layer-band``."""
        self.check_band(number)
        return _BANDS.get(self.file, number) if self.whole is None else self.whole[number]

    def at(self, row: int, column: int) -> Integers:
        """The values of one cell [bands]."""
        if self.whole is not None:
            return self.whole[:, row, column]
        return _read(self.file, window=((row, row + 1), (column, column + 1)))[:, 0, 0]

    def check_band(self, number: int) -> None:
        """Raises Refusal ``layer-band`` unless the layer has a band of this number, counted from 0."""
        if not 0 <= number < len(self.layer.bands):
            raise Refusal("layer-band", received=str(number), expected=f"0–{len(self.layer.bands) - 1}")


class _Bands:
    """Bands of large rasters, those asked for last, up to ``limit`` bytes. No file changes: its name has a hash."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._kept: OrderedDict[tuple[Path, int], Integers] = OrderedDict()
        self._lock = Lock()

    def get(self, file: Path, number: int) -> Integers:
        with self._lock:
            found = self._kept.get((file, number))
            if found is not None:
                self._kept.move_to_end((file, number))
                return found
        return self.put(file, number, _read(file, band=number + 1))

    def put(self, file: Path, number: int, found: Integers) -> Integers:
        found.setflags(write=False)
        with self._lock:
            self._kept[file, number] = found
            while sum(band.nbytes for band in self._kept.values()) > self.limit and len(self._kept) > 1:
                self._kept.popitem(last=False)
        return found


_BANDS = _Bands(KEPT)


def quantise(values: NDArray[np.floating[Any]], stored: Stored = "int16") -> Integers:
    """Integers to store for ``values`` in the unit of the last stored digit; NaN becomes the integer for no value."""
    nodata = NODATA_OF[stored]
    rounded = np.where(np.isnan(values), nodata, np.rint(values))
    if rounded.max() > np.iinfo(stored).max or rounded.min() < nodata:
        raise OverflowError(f"values do not fit {stored} at this scale")
    return rounded.astype(stored)


def array_hash(values: Integers) -> str:
    """SHA-256 of the values as little-endian integers in C order: the identity of a layer's numbers."""
    return sha256_hex(values.astype(values.dtype.newbyteorder("<"), copy=False).tobytes())


def store_raster(folder: DataFolder, draft: Layer, values: Integers, *, overviews: str = "AVERAGE") -> Layer:
    """Put the raster of a layer in place of an older one; gives its record. As `write_cog`."""

    def write(file: Path, layer: Layer) -> None:
        write_cog(file, values, layer, overviews=overviews)

    return put_in_place(folder, draft, array_hash(values), "tif", write)


def write_cog(file: Path, values: Integers, layer: Layer, *, overviews: str = "AVERAGE") -> None:
    """Write a cloud-optimised GeoTIFF (OGC 21-026) with overviews, whole or not at all.

    ``overviews`` is the resampling of GDAL by which they are made: MODE for classes.
    """
    import rasterio  # noqa: PLC0415
    import rasterio.shutil  # noqa: PLC0415

    assert layer.grid is not None
    block = BLOCK if values[0].size <= WHOLE // 4 else LARGE_BLOCK
    profile: dict[str, Any] = {
        "driver": "GTiff",
        "dtype": layer.stored,
        "count": len(values),
        "height": layer.grid.rows,
        "width": layer.grid.columns,
        "crs": "EPSG:4326",
        "transform": rasterio.Affine(
            layer.grid.degrees, 0, layer.grid.bounds[0], 0, -layer.grid.degrees, layer.grid.bounds[3]
        ),
        "nodata": layer.nodata,
    }
    with tempfile.TemporaryDirectory(prefix=".cog-", dir=file.parent) as place:
        plain, optimised = Path(place) / "plain.tif", Path(place) / "cog.tif"
        with rasterio.open(plain, "w", **profile) as dataset:
            dataset.write(values)
            dataset.scales = [float(layer.scale)] * len(values)
            dataset.offsets = [0.0] * len(values)
            dataset.units = [layer.unit] * len(values)
            dataset.descriptions = layer.bands
            dataset.update_tags(**_tags(layer))
        options = {"compress": "DEFLATE", "predictor": "YES", "blocksize": block, "overview_resampling": overviews}
        rasterio.shutil.copy(plain, optimised, driver="COG", **options)
        with optimised.open("rb") as written:
            os.fsync(written.fileno())
        optimised.replace(file)
    sync_directory(file.parent)


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
    """The built layer, compared with the hash in its record once per process and kept until it is built anew.

    Raises Refusal ``layer-unknown``, ``layer-shape`` when it is no raster, ``layer-waiting`` when it is not built, and
    ``layer-damaged`` when the raster is missing or its values are not those that the record names.
    """
    if definition(layer_id).shape != "raster":  # also before the name becomes a path
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


@lru_cache(maxsize=64)
def _load(folder: DataFolder, layer_id: str, _state: tuple[int, int, int]) -> Raster:
    layer = read_record(folder, layer_id)
    if layer is None:
        raise Refusal("layer-waiting", received=layer_id)
    file = folder.atlas / (layer.file or "")
    if layer.grid is not None and layer.grid.rows * layer.grid.columns * len(layer.bands) > WHOLE:
        check_values(folder, layer)
        return Raster(layer, file)
    return Raster(layer, file, read_values(folder, layer))


def read_values(folder: DataFolder, layer: Layer) -> Integers:
    """The layer's integers from its file, compared with the hash in the record. Raises Refusal ``layer-damaged``."""
    file = folder.atlas / (layer.file or "")
    values = _read(file)
    if array_hash(values) != layer.array:
        raise Refusal("layer-damaged", received=file.name, reason="SHA-256")
    values.setflags(write=False)
    return values


def check_values(folder: DataFolder, layer: Layer) -> None:
    """The same comparison, keeping nothing but the first band. Raises Refusal ``layer-damaged``.

    Bands lie together in the blocks of the file: all at once are unpacked once, one by one each time anew.
    """
    file = folder.atlas / (layer.file or "")
    assert layer.grid is not None
    size = layer.grid.rows * layer.grid.columns * len(layer.bands) * np.dtype(layer.stored).itemsize
    digest = hashlib.sha256()
    whole = _read(file) if size <= 2 * KEPT else None
    for number in range(len(layer.bands)):
        band = _read(file, band=number + 1) if whole is None else whole[number]
        digest.update(band.astype(band.dtype.newbyteorder("<"), copy=False).tobytes())
    if digest.hexdigest() != layer.array:
        raise Refusal("layer-damaged", received=file.name, reason="SHA-256")
    if whole is not None:
        _BANDS.put(file, 0, whole[0].copy())


def _read(file: Path, *, band: int | None = None, window: Any = None) -> Integers:
    import rasterio  # noqa: PLC0415
    from rasterio.errors import RasterioError  # noqa: PLC0415

    try:
        with rasterio.open(file) as dataset:
            return dataset.read(band, window=window)
    except (RasterioError, IndexError) as error:
        raise Refusal("layer-damaged", received=file.name, reason=str(error)[:200]) from error
