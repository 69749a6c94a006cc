"""Ten days of made-up weather over a small window, as an atlite cutout and as a source of chunks."""

import importlib.util
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from jasyl.atlas.weather.memory import MemorySource
from jasyl.atlas.weather.netcdf_source import NetCDFSource

ROOT = Path(__file__).parents[3]
FIELDS = ("wnd100m", "roughness", "wnd_shear_exp", "wnd_azimuth", "temperature", "height")


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("weather_year", ROOT / "benchmarks" / "weather_year.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    import sys

    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def cutout_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """240 hours over 13 × 17 cells, deflated."""
    path = tmp_path_factory.mktemp("weather") / "week.nc"
    _generator().write_cutout(path, window=(60.0, 44.0, 64.0, 47.0), hours=240)
    return path


@pytest.fixture(scope="session")
def source(cutout_file: Path) -> MemorySource:
    """The same as arrays, north row first."""
    file = NetCDFSource(cutout_file)
    chunks = list(file.chunks(FIELDS))
    arrays = {
        name: chunks[0].fields[name]
        if chunks[0].fields[name].ndim == 2
        else np.concatenate([chunk.fields[name] for chunk in chunks])
        for name in FIELDS
    }
    return MemorySource(file.grid, file.start, file.step, arrays)


@pytest.fixture(scope="session")
def seasons(source: MemorySource) -> MemorySource:
    """The same hours, a day and a half apart: they reach every month of a year."""
    return MemorySource(source.grid, source.start, 36 * source.step, source.arrays)


@pytest.fixture(scope="session")
def packed(source: MemorySource) -> MemorySource:
    """The same as int16 with scale and offset."""
    packing = {"wnd100m": (0.001, 20.0), "roughness": (1e-5, 0.3)}
    stored: dict[str, Any] = {}
    for name, (scale, offset) in packing.items():
        values = np.rint((source.arrays[name] - offset) / scale)
        assert np.abs(values).max() < 32768
        stored[name] = values.astype(np.int16)
    return MemorySource(source.grid, source.start, source.step, stored, packing)


@pytest.fixture(scope="session")
def atlite_cutout(cutout_file: Path) -> Any:
    """The file as atlite 0.7 reads it. Its imports and its dask arrays warn; nothing of ours is inside."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import atlite

        return atlite.Cutout(cutout_file)
