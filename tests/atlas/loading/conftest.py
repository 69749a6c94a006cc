"""Rasters made for the test at hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import rasterio
from rasterio.transform import Affine

from jasyl.atlas import Source
from jasyl.atlas.loading import Ask, Loaded, load_raster
from jasyl.storage import DataFolder

SOURCE = Source(
    name="Test publisher", version="1", licence="CC BY 4.0", reference="https://example.org", attribution="©"
)
KZ = (46.0, 40.0, 88.0, 56.0)
Write = Callable[..., Path]


def field(rows: int, columns: int, low: float = 3.0, high: float = 4.5) -> np.ndarray:
    """A smooth field between two values, different in every cell."""
    y, x = np.mgrid[0:rows, 0:columns]
    return (low + (high - low) * (0.7 * y / max(rows - 1, 1) + 0.3 * x / max(columns - 1, 1))).astype(np.float32)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def made(
        values: np.ndarray,
        name: str = "made.tif",
        *,
        bounds: tuple[float, float, float, float] = KZ,
        crs: str | None = "EPSG:4326",
        nodata: float | None = None,
        transform: Affine | None = None,
        unit: str | None = None,
        **profile: Any,
    ) -> Path:
        bands = values if values.ndim == 3 else values[None]
        count, rows, columns = bands.shape
        west, south, east, north = bounds
        move = transform or Affine((east - west) / columns, 0, west, 0, -(north - south) / rows, north)
        file = tmp_path / name
        file.parent.mkdir(exist_ok=True, parents=True)
        with rasterio.open(
            file, "w", driver="GTiff", count=count, height=rows, width=columns, dtype=bands.dtype, crs=crs,
            transform=move, nodata=nodata, **profile,
        ) as dataset:  # fmt: skip
            dataset.write(bands)
            if unit:
                dataset.units = [unit] * count
        return file

    return made


@pytest.fixture
def take(empty: DataFolder) -> Callable[..., Loaded]:
    """Load a file into the empty data folder."""

    def taken(file: Path, layer: str = "solar.ghi", **ask: Any) -> Loaded:
        return load_raster(empty, file, layer, SOURCE, "2001-2010", ask=Ask(**ask))

    return taken
