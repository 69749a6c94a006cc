"""A data folder, and a plant with a meter in the common database."""

import json

import pytest
from tests.monitoring.quality.plant import a_facility, a_meter

from jasyl.ledger import create_keys
from jasyl.storage import create_folder


@pytest.fixture
def folder(tmp_path):
    made = create_folder(tmp_path / "data", "real")
    create_keys(made)
    return made


@pytest.fixture
def meter(database):
    return a_meter(database, a_facility(database))


@pytest.fixture
def settings(folder):
    """Writes the part ``alerts`` of the settings."""

    def write(alerts):
        folder.settings_file.write_text(json.dumps({"kind": "real", "alerts": alerts}))

    return write
