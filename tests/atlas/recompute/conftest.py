"""One folder with a made-up year for all tests of recomputing; they only read it."""

from pathlib import Path

import pytest

from jasyl.storage import DataFolder, open_folder


@pytest.fixture(scope="session")
def planned(national_weather: Path) -> DataFolder:
    return open_folder(national_weather)
