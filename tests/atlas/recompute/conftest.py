"""One folder with a made-up year for all tests of recomputing; they only read it."""

import pytest
from tests.atlas.recompute.national_weather import load_weather

from jasyl.storage import DataFolder, create_folder


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> DataFolder:
    place = tmp_path_factory.mktemp("planned")
    return load_weather(place, create_folder(place / "data", "real"))
