"""One built atlas for all tests of the room, and the shared reference data where they are present."""

import os
from pathlib import Path

import pytest

from jasyl.atlas import Layer, build_clear_sky
from jasyl.atlas.grid import KAZAKHSTAN
from jasyl.atlas.solar.clear_sky_inputs import ClearSkyInputs, read_inputs
from jasyl.storage import DataFolder, create_folder


@pytest.fixture(scope="session")
def inputs() -> ClearSkyInputs:
    return read_inputs(KAZAKHSTAN)


@pytest.fixture(scope="session")
def calls() -> list[tuple[int, int]]:
    """What the build of ``atlas`` reported as progress."""
    return []


@pytest.fixture(scope="session")
def atlas(tmp_path_factory: pytest.TempPathFactory, calls: list[tuple[int, int]]) -> DataFolder:
    """A data folder in which the clear-sky layers are built. Tests only read it."""
    folder = create_folder(tmp_path_factory.mktemp("atlas") / "data", "real")
    build_clear_sky(folder, lambda done, total: calls.append((done, total)))
    return folder


@pytest.fixture
def empty(tmp_path: Path) -> DataFolder:
    return create_folder(tmp_path / "data", "real")


@pytest.fixture(scope="session")
def layers(atlas: DataFolder) -> list[Layer]:
    return build_clear_sky(atlas)


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """Reference data that are not part of the repository: JASYL_SHARED_DATA, or shared/data beside a parent folder."""
    named = os.environ.get("JASYL_SHARED_DATA")
    places = [Path(named)] if named else [parent / "shared" / "data" for parent in Path(__file__).parents]
    for place in places:
        if (place / "kz").is_dir():
            return place / "kz"
    pytest.skip("shared reference data are absent (set JASYL_SHARED_DATA)")
