"""A data folder beside the database, which comes from the common fixture on both engines."""

from pathlib import Path

import pytest

from jasyl.storage import DataFolder, create_folder


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return create_folder(tmp_path / "data", "real")
