"""A data folder and its database."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.monitoring.world import a_database

from jasyl.storage import Database, DataFolder, create_folder


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return create_folder(tmp_path / "data", "real")


@pytest.fixture
def database(folder: DataFolder) -> Iterator[Database]:
    database = a_database(folder)
    yield database
    database.close()
