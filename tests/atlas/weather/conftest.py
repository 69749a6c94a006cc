import pytest

from jasyl.atlas.weather import Wish, convert, layout
from jasyl.storage import create_folder

from .published import write_small_cutout


@pytest.fixture(scope="session")
def cutout(tmp_path_factory):
    """An atlite cutout of ten days and 70 cells, deflated; 100 hours a chunk."""
    return write_small_cutout(tmp_path_factory.mktemp("cutout") / "cutout.nc")


@pytest.fixture
def folder(tmp_path):
    return create_folder(tmp_path / "data", "real")


@pytest.fixture
def small_shards(monkeypatch):
    """Shards of two chunks and tiles of 4 × 8 cells, so that ten days and 70 cells have several of each."""
    monkeypatch.setattr(layout, "CHUNK_STEPS", (96,))
    monkeypatch.setattr(layout, "SHARD_STEPS", 192)
    monkeypatch.setattr(layout, "TILE_ROWS", 4)
    monkeypatch.setattr(layout, "TILE_COLUMNS", 8)


@pytest.fixture
def converted(folder, cutout, small_shards):
    """The cutout as a store with float32 fields."""
    return convert(folder, str(cutout), "small", Wish())
